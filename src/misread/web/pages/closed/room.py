"""The room at a look: each face's box with a word over it, and the same class drawn, as it truly is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from misread.closed.day.model import READERS, Day, Face, Sat
from misread.language import gettext as _
from misread.web.draw.face import child_of, mood_of
from misread.web.draw.sheet import sheet, tag
from misread.web.pages.classroom import Seat, child_seed
from misread.web.pages.classroom.words import clock
from misread.web.pages.closed import words
from misread.web.pages.closed.asked import ALL, Asked
from misread.web.pages.closed.judged import Verdict, agreed, most_said, said_by, verdict

HALF = 2
"""The pictures that are kept are so many times narrower than the camera's."""
LETTERS, OF_ALL = 24.0, 21.0
"""Size of the words over the boxes, in pixels of the kept picture: one reader's, and those that count all readers."""


@dataclass(frozen=True, slots=True)
class Boxed:
    """A face in the picture.

    Attributes
    ----------
    pupil : int
    left, top, width, height : float
        The rendered face's box, in pixels of the kept picture.
    word : str
        What stands over it.
    letters : float
        How large.
    verdict : {"right", "wrong", "quiet", "unseen"}
    said : str
        All of it in words.
    """

    pupil: int
    left: float
    top: float
    width: float
    height: float
    word: str
    letters: float
    verdict: Verdict
    said: str


def boxes(day: Day, now: Asked) -> list[Boxed]:
    """The faces in the picture, the farthest first, so that the nearer lie over them."""
    ordered = sorted(day.pupils, key=lambda one: (-one.row, one.column))
    return [_boxed(one, one.faces[now.at], now.reader) for one in ordered if one.faces[now.at].crop]


def written(face: Face, reader: str) -> tuple[str, Verdict]:
    """The word over a face, and what it comes to; of all readers, how many say the one that most of them say."""
    if reader != ALL:
        word = said_by(face, reader)
        return (_("no face") if word == "none" else word), verdict(face, word)
    word, count = most_said(face)
    shown = _("no face") if word == "none" else word
    return f"{shown} {count}/{len(READERS)}", verdict(face, word) if agreed(face) else "quiet"


def _boxed(one: Sat, face: Face, reader: str) -> Boxed:
    assert face.crop is not None
    left, top, side = face.crop
    inside = face.box or (0, 0, side, side)
    word, found = written(face, reader)
    return Boxed(
        pupil=one.pupil,
        left=(left + inside[0]) / HALF,
        top=(top + inside[1]) / HALF,
        width=inside[2] / HALF,
        height=inside[3] / HALF,
        word=word,
        letters=OF_ALL if reader == ALL else LETTERS,
        verdict=found,
        said=words.boxed(one, face, _said(face, reader)),
    )


def _said(face: Face, reader: str) -> str:
    if reader == ALL:
        word, count = most_said(face)
        return _("%(n)s of %(all)s readers write down “%(word)s”.", n=count, all=len(READERS), word=word)
    word = said_by(face, reader)
    return _(
        "%(reader)s: “%(word)s”, %(verdict)s.",
        reader=words.quoted(reader),
        word=word,
        verdict=_(words.JUDGED[verdict(face, word)]),
    )


def overlay(day: Day, now: Asked, found: Iterable[Boxed], shown: str) -> Markup:
    """Boxes and words, to be laid over the picture: each leads to its child. `shown` is where the picture is."""
    parts = [
        f'<a href="{escape(now.link(pupil=one.pupil))}#followed" data-go="" data-pupil="{one.pupil}" '
        f'aria-label="{escape(one.said)}"{_current(one.pupil == now.pupil)}>{_drawn(one, one.pupil == now.pupil)}</a>'
        for one in found
    ]
    said = _("Each face in its box, with what is written down of it. Choose one to follow that child.")
    size = f"0 0 {day.width // HALF} {day.height // HALF}"
    told = f'data-picture="{escape(shown)}" data-at="{now.at}" data-time="{clock(day.moments[now.at].minute)}"'
    return Markup(
        f'<svg class="over" viewBox="{size}" role="group" aria-label="{escape(said)}" {told}>{"".join(parts)}</svg>'
    )


def taken(day: Day, now: Asked, found: Sequence[Boxed], shown: str) -> Markup:
    """The picture with its boxes as one drawing. `shown` is where the picture is, or the picture itself as data."""
    wide, tall = day.width / HALF, day.height / HALF
    parts = [
        f'<image href="{escape(shown)}" width="{wide:g}" height="{tall:g}"/>',
        *(_drawn(one, False) for one in found),
    ]
    said = _("Rendered faces of nobody. %(said)s", said=words.moment(day, now.at, now.reader))
    return sheet(said, tall, parts, width=wide)


def _current(is_it: bool) -> str:
    return ' aria-current="true"' if is_it else ""


def _drawn(one: Boxed, followed: bool) -> str:
    frame = f'x="{one.left:.1f}" y="{one.top:.1f}" width="{one.width:.1f}" height="{one.height:.1f}"'
    kind = " followed" if followed else ""
    word = tag(one.left + one.width / 2, one.top - 12, one.word, one.verdict, size=one.letters)
    return f'<rect class="box-edge{kind}" {frame}/><rect class="box{kind}" {frame}/><g translate="no">{word}</g>'


def drawn(day: Day, now: Asked) -> dict[str, Any]:
    """The same class as the glass classroom draws it, as the camera sees it: last row first, seat 0 at the right."""
    shown = list(dict.fromkeys((one.faces[now.at].state, one.faces[now.at].expression) for one in day.pupils))
    seats = sorted(day.pupils, key=lambda one: (-one.row, -one.column))
    rows = sorted({one.row for one in seats}, reverse=True)
    seat = _seating(day, now, shown)
    moods = [(state, mood_of(state, expression)) for state, expression in shown]
    return {
        "rows": [[seat(one) for one in seats if one.row == row] for row in rows],
        "labels": [],
        "others": [],
        "moods": [(state, (Markup(mood.features), mood.turn, mood.tilt)) for state, mood in moods],
        "rest": (Markup(mood_of("", "neutral").features), 0, 0),
    }


def _seating(day: Day, now: Asked, shown: list[tuple[str, str]]) -> Callable[[Sat], Seat]:
    def seat(one: Sat) -> Seat:
        face = one.faces[now.at]
        child = child_of(child_seed(day.made.seed, day.made.school, one.pupil))
        word, found = written(face, now.reader)
        if now.reader == ALL and agreed(face):
            word = most_said(face)[0]  # There is no room on a desk for more; the tick or the cross says it.
        return Seat(
            number=one.pupil,
            drawn=(Markup(child.dress), Markup(child.head), Markup(child.glasses)),
            mood=shown.index((face.state, face.expression)),
            state=face.state,
            label=word,
            judged=found,
            link=now.link(pupil=one.pupil) + "#followed",
            followed=one.pupil == now.pupil,
            moods="",
            labels="",
            codes="",
        )

    return seat
