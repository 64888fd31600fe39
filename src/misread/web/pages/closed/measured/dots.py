"""Dots with their intervals, many beside one another: a column for each reader, a line for each thing that changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from misread.web.draw.sheet import sheet, words

LINE, HEAD, NAMES, BETWEEN = 23.0, 34.0, 196.0, 34.0
"""Height of a line, of the columns' names; width of the lines' names, and between columns."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A share with its interval, each from 0 to 1.

    Attributes
    ----------
    at, low, high : float
    clear : bool
        Whether it is clearly more than what a control does; else it is drawn hollow.
    """

    at: float
    low: float
    high: float
    clear: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its name, and a dot for each column; one without dots is the heading of those below.

    Attributes
    ----------
    name : str
    dots : tuple of (Dot or None)
    spoken : bool
        Whether the name is in the language that is spoken; it is the card's own word else.
    """

    name: str
    dots: tuple[Dot | None, ...] = ()
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, whether that is in the language that is spoken, and the band behind its dots."""

    name: str
    spoken: bool = False
    band: tuple[float, float] | None = None


def dots(said: str, columns: Sequence[Column], lines: Sequence[Line], wide: float = 96.0) -> Markup:
    """A picture of all of them.

    Parameters
    ----------
    said : str
        What it shows: its title once it stands alone.
    columns : sequence of Column
    lines : sequence of Line
    wide : float
        From 0 to 1, in each column.
    """
    bottom = HEAD + LINE * len(lines)
    starts = [NAMES + (wide + BETWEEN) * i for i in range(len(columns))]
    parts = [_column(column, x, wide, bottom) for column, x in zip(columns, starts, strict=True)]
    for i, line in enumerate(lines):
        y = HEAD + LINE * i
        parts.append(_name(line, y))
        parts += [_dot(dot, x, y + LINE / 2, wide) for dot, x in zip(line.dots, starts, strict=False) if dot]
    return sheet(said, bottom + 24, parts, width=starts[-1] + wide + 16)


def _column(column: Column, x: float, wide: float, bottom: float) -> str:
    band = ""
    if column.band:
        low, high = column.band
        across = f'x="{x + wide * low:.1f}" width="{wide * (high - low):.1f}"'
        band = f'<rect class="floor" {across} y="{HEAD:g}" height="{bottom - HEAD:g}"/>'
    ends = "".join(f"M{x + wide * part:.1f} {HEAD:g}V{bottom:g}" for part in (0, 0.5, 1))
    marks = "".join(
        words(x + wide * part, bottom + 16, f"{100 * part:g}", anchor="middle", size=12, kind="quiet")
        for part in (0, 0.5, 1)
    )
    name = _own(words(x, 18, column.name, bold=True, size=14), column.spoken)
    return f'{band}<path class="axis" d="{ends}"/>{name}{marks}'


def _name(line: Line, y: float) -> str:
    inside = 14.0 if line.dots else 0.0
    return _own(words(inside, y + 16, line.name, size=14, bold=not line.dots), line.spoken)


def _own(drawn: str, spoken: bool) -> str:
    return drawn if spoken else f'<g translate="no">{drawn}</g>'


def _dot(dot: Dot, x: float, y: float, wide: float) -> str:
    kind = "dot" if dot.clear else "dot hollow"
    return (
        f'<rect class="spread" x="{x + wide * dot.low:.1f}" y="{y - 3.5:.1f}" '
        f'width="{wide * (dot.high - dot.low):.1f}" height="7" rx="3.5"/>'
        f'<circle class="{kind}" cx="{x + wide * dot.at:.1f}" cy="{y:.1f}" r="4.6"/>'
    )
