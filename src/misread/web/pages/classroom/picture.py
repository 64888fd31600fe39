"""The class at one moment as one picture, to be taken away: on the page it is a list of drawn children."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from misread.language import gettext as _
from misread.web.draw.face import Mood, mood_of
from misread.web.draw.sheet import WIDTH, inset, sheet, tag, words

if TYPE_CHECKING:
    from misread.web.pages.classroom import Seat

TALL = 172.0
"""Of a child with its desk."""


def scene(rows: Sequence[Sequence[Seat]], moods: Sequence[tuple[str, str]], said: str) -> Markup:
    """A class.

    Parameters
    ----------
    rows : sequence of sequences of Seat
        As the page has them, the last row first.
    moods : sequence of pairs of str
        State and expression, as seats go by them.
    said : str
        The moment in a sentence.
    """
    across = max((len(row) for row in rows), default=1)
    parts = [
        _child(
            seat,
            mood_of(*moods[seat.mood]) if seat.mood >= 0 else mood_of("", "neutral"),
            WIDTH / across * (j + 0.5),
            TALL * i,
        )
        for i, row in enumerate(rows)
        for j, seat in enumerate(row)
    ]
    title = _("What each child feels, and what is written down. %(said)s", said=said)
    return sheet(title, TALL * len(rows), parts)


def _child(seat: Seat, mood: Mood, x: float, y: float) -> str:
    dress, head, glasses = seat.drawn
    face = (
        f'<svg viewBox="-46 -52 92 102" overflow="visible">{dress}<g transform="rotate({mood.tilt:.2f} 0 26)">{head}'
        f'<g transform="translate({mood.turn:.2f} 0)">{mood.features}{glasses}</g></g></svg>'
    )
    label = {"unseen": _("no face"), "alone": _("not looked at")}.get(seat.judged, seat.label)
    judged = "unseen" if seat.judged == "alone" else seat.judged
    desk = f'<path class="desk-top" d="M{x - 55:.1f} {y + 110:.1f}h110l5 44h-120z"/>'
    return (
        words(x, y + 15, seat.state or _("left alone"), anchor="middle", size=14)
        + inset(face, x - 45, y + 20, 90, 99.8)
        + desk
        + tag(x, y + 130, label, judged, size=14)
        + words(x, y + 150, str(seat.number), anchor="middle", size=11, kind="quiet")
    )
