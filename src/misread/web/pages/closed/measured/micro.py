"""A movement of a fraction of a second: frame by frame at the pixels that a seat has, and what each reader says."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from markupsafe import Markup, escape

from misread.closed.day.counts import AT_REST
from misread.closed.micro.chance import on_a_look
from misread.closed.micro.model import Count, Film, Frame, Micro, View
from misread.language import gettext as _
from misread.language import ngettext
from misread.web.draw.sheet import sheet
from misread.web.draw.sheet import words as line
from misread.web.pages.closed import words
from misread.web.pages.closed.judged import NO_FACE, Verdict

FIRST = 2
"""Strips that are shown at once: the first row and the last, before the room's own camera."""
CELL, NAMES, ROW = 96.0, 140.0, 24.0
"""Side of a face in the strip, width of the names, height of a reader's row."""


def told(micro: Micro, shown: Callable[[str], str]) -> dict[str, Any]:
    """All that the page says of it.

    Parameters
    ----------
    micro : Micro
    shown : callable
        From the name of a strip to where it is, or to the strip itself as data.
    """
    chances = on_a_look(micro)
    longest = max(chances)
    views = [_view(micro, view, longest, shown(view.strip)) for view in micro.views]
    return {
        "sentence": _sentence(micro, longest, chances[longest]),
        "views": views[:FIRST],
        "others": views[FIRST:],
        "rows": [_row(micro, view, reader) for view in micro.views for reader in range(len(micro.readers))],
        "lengths": [_length(micro, lasts) for lasts in chances],
        "chances": [(_length(micro, lasts), _once(chance)) for lasts, chance in chances.items()],
        "pose": micro.pose,
    }


def _sentence(micro: Micro, lasts: int, chance: float) -> str:
    return _(
        "A camera that looks every %(minutes)s minutes meets a movement of %(length)s %(chance)s.",
        minutes=f"{micro.look_every / 60:g}",
        length=_length(micro, lasts),
        chance=_once(chance),
    )


def _length(micro: Micro, lasts: int) -> str:
    return _("%(n)s s", n=Fraction(lasts, micro.per_second))


def _once(chance: float) -> str:
    return _("once in %(n)s times", n=f"{round(1 / chance):,}")


def film_of(view: View, lasts: int) -> Film:
    """The film of a movement of some length whose apex falls on a frame."""
    return next(film for film in view.films if film.lasts == lasts and film.phase == 0)


def frames(micro: Micro, view: View, movement: Film) -> list[tuple[int, float, Frame]]:
    """The frames of a strip: the number of each, how strong the movement is on it, what was read."""
    middle = micro.per_second // 2
    found = []
    for at in range(middle - micro.shown // 2, middle + micro.shown // 2 + 1):
        n = at - movement.first
        on_it = 0 <= n < len(movement.frames)
        found.append((at, movement.strengths[n] if on_it else 0.0, movement.frames[n] if on_it else view.rest[at]))
    return found


def _view(micro: Micro, view: View, lasts: int, shown: str) -> dict[str, Any]:
    movement = film_of(view, lasts)
    readers = range(len(micro.readers))
    said = ngettext(
        "Row %(row)s, %(pixels)s pixels from eye to eye: on all frames that hold it, and not at rest, %(n)s of %(all)s "
        "readers names it. At rest, it is named on one or more of these frames by %(rest)s of %(all)s.",
        "Row %(row)s, %(pixels)s pixels from eye to eye: on all frames that hold it, and not at rest, %(n)s of %(all)s "
        "readers name it. At rest, it is named on one or more of these frames by %(rest)s of %(all)s.",
        sum(view.names(movement, reader, micro.pose) for reader in readers),
        row=view.row + 1,
        pixels=f"{view.between_eyes:g}",
        all=len(micro.readers),
        rest=sum(view.names_at_rest(movement, reader, micro.pose) for reader in readers),
    )
    return {"said": said, "name": view.strip.partition(".")[0], "drawn": strip(micro, view, movement, shown, said)}


def strip(micro: Micro, view: View, movement: Film, shown: str, said: str) -> Markup:
    """Faces side by side, and under each what every reader says of it."""
    lengths = sorted({one.lasts for one in view.films})
    found = frames(micro, view, movement)
    wide, tall = CELL * micro.shown, CELL * len(lengths)
    top = CELL * lengths.index(movement.lasts)
    parts = [
        f'<svg x="{NAMES:g}" y="22" width="{wide:g}" height="{CELL:g}" viewBox="0 {top:g} {wide:g} {CELL:g}" '
        f'overflow="hidden"><image class="pixels" href="{escape(shown)}" width="{wide:g}" height="{tall:g}" '
        'preserveAspectRatio="none"/></svg>',
        line(0, 22 + CELL + 17, _("how strong"), size=14, kind="quiet"),
    ]
    for i, (at, strength, frame) in enumerate(found):
        x = NAMES + CELL * i
        held = at in movement.held
        parts.append(
            line(x + CELL / 2, 14, f"{at * 1000 // micro.per_second} ms", size=13, anchor="middle", kind="quiet")
        )
        parts.append(line(x + CELL / 2, 22 + CELL + 17, f"{100 * strength:.0f} %", size=14, anchor="middle", bold=held))
        if held:
            parts.append(f'<rect class="held" x="{x + 1.5:.1f}" y="23.5" width="{CELL - 3:g}" height="{CELL - 3:g}"/>')
        parts += [_said(micro, frame, reader, strength, held, x) for reader in range(len(micro.readers))]
    for reader, name in enumerate(micro.readers):
        drawn = line(0, _y(reader), words.called(name), size=14)
        parts.append(drawn if reader == 0 else f'<g translate="no">{drawn}</g>')
    return sheet(said, _y(len(micro.readers)) - 8, parts, width=NAMES + wide)


def _y(reader: int) -> float:
    return 22 + CELL + 17 + ROW * (reader + 1)


def _said(micro: Micro, frame: Frame, reader: int, strength: float, held: bool, x: float) -> str:
    word = frame.said[reader]
    found = verdict_of(micro, word, strength, held)
    shown = _("no face") if word == NO_FACE else word
    sign = {"right": "", "wrong": "× "}.get(found, "")
    kind = {"right": "of-right", "wrong": "of-wrong"}.get(found, "quiet")
    drawn = line(x + CELL / 2, _y(reader), f"{sign}{shown}", size=14, anchor="middle", kind=kind, bold=kind != "quiet")
    return drawn if word == NO_FACE else f'<g translate="no">{drawn}</g>'


def verdict_of(micro: Micro, word: str, strength: float, held: bool) -> Verdict:
    """What a word on one frame comes to: the pose is right where the frame holds it, rest where it shows nothing."""
    if word == NO_FACE:
        return "unseen"
    if not held and strength > 0:
        return "quiet"
    return "right" if word == (micro.pose if held else AT_REST) else "wrong"


def _row(micro: Micro, view: View, reader: int) -> dict[str, Any]:
    films = [film_of(view, lasts) for lasts in sorted({film.lasts for film in view.films})]
    return {
        "row": view.row + 1,
        "pixels": f"{view.between_eyes:g}",
        "reader": micro.readers[reader],
        "name": words.called(micro.readers[reader]),
        "cells": [_of(view.changed(film, reader)) for film in films],
        "itself": _of(view.by_itself(reader)),
        "lost": [_of(view.lost_at_rest(reader)), _of(view.lost(reader))],
    }


def _of(count: Count) -> str:
    return _("%(n)s of %(of)s", n=count.n, of=count.of) if count.of else "–"
