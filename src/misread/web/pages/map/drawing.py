"""The strokes: a school day with a flag, up and barbed where it was wrong, down where it was right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.web.pages.map.child import Child, Mark

PITCH = 4.5
"""From one school day to the next."""
STEP = 3
MOST = 4
"""Flags of a day from which on its stroke grows no longer."""
HEIGHT, BASE = 46, 30
"""Height of a row, and where its line lies."""
ABOVE = 26
"""Room for a year's name above its lines."""
LETTER = 11.5
"""Width that a letter of a mark takes, where a page has to make it larger to be read."""
BAND = 30
"""Room for marks above the strokes of their line."""
NAMES = 78
"""Room for names such as “age 17”."""


@dataclass(frozen=True, slots=True)
class Label:
    """A mark where it was earned: its word, its place, where its box begins and how wide it is."""

    word: str
    x: float
    box: float
    width: float

    @property
    def middle(self) -> float:
        """Middle of the box."""
        return round(self.box + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Row:
    """Days that stand in one line.

    Attributes
    ----------
    name : str
        What it is called; empty for the further lines of a year.
    y : int
        Where it begins.
    width : float
        How long its line is.
    wrong, right : str
        Paths of the strokes.
    labels : tuple of Label
        Marks earned on these days.
    """

    name: str
    y: int
    width: float
    wrong: str
    right: str
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The rows of one width of page: how many lines a year takes, and the rows."""

    lines: int
    width: float
    height: int
    rows: tuple[Row, ...]

    @property
    def left(self) -> float:
        """Room before the lines: for the names of the years, where they stand there."""
        return 4 if self.lines > 1 else max(NAMES, LETTER * max(len(row.name) for row in self.rows) + 12)


def drawing_of(child: Child) -> tuple[Drawing, Drawing]:
    """The same child for wide pages, a line a year, and for narrow ones, three lines a year."""
    return _drawing(child, 1), _drawing(child, 3)


def _drawing(child: Child, lines: int) -> Drawing:
    days = child.wrong.shape[1]
    long = -(-days // lines)
    rows: list[Row] = []
    at = 0
    for year, told in enumerate(child.years):
        # Where a year takes several lines, its name stands above them, not before them.
        at += ABOVE if lines > 1 else 0
        for first in range(0, days, long):
            last = min(days, first + long)
            # What a word says must not lie on what was counted.
            at += BAND if any(first <= mark.day < last for mark in told.marks) else 0
            rows.append(_row(child, year, first, last, told.age if not first else "", at))
            at += HEIGHT
    return Drawing(lines, round(long * PITCH, 1), at, tuple(rows))


def _row(child: Child, year: int, first: int, last: int, name: str, at: int) -> Row:
    here = slice(first, last)
    width = (last - first) * PITCH
    marks = [mark for mark in child.marks_in(year) if first <= mark.day < last]
    return Row(
        name=name,
        y=at,
        width=round(width, 1),
        wrong=strokes_up(child.wrong[year, here]),
        right=strokes_down(child.right[year, here]),
        labels=tuple(_label(mark, first, width) for mark in marks),
    )


def strokes_up(many: Iterable[int] | NDArray[np.int64], pitch: float = PITCH) -> str:
    """Barbed strokes upwards, as the path of an SVG: longer where there were several."""
    return "".join(
        f"M{_x(i, pitch)} {BASE - 1}v-{length}m-1.7 3l1.7-3 1.7 3"
        for i, n in enumerate(many)
        if n and (length := 7 + STEP * min(int(n), MOST))
    )


def strokes_down(many: Iterable[int] | NDArray[np.int64], pitch: float = PITCH) -> str:
    """Plain strokes downwards."""
    return "".join(f"M{_x(i, pitch)} {BASE + 1}v{2 + STEP * min(int(n), MOST)}" for i, n in enumerate(many) if n)


def _label(mark: Mark, first: int, width: float) -> Label:
    x = _x(mark.day - first, PITCH)
    wide = LETTER * (len(mark.name) + 2) + 8
    # Before the pole where there is no room behind it.
    return Label(mark.name, x, round(x if x + wide <= width else max(0.0, x - wide), 1), round(wide, 1))


def _x(day: int, pitch: float) -> float:
    return round((day + 0.5) * pitch, 1)
