"""Two charts: the finding at each input's ends, and each input's part of the variance."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from misread.report.drawn.charts import (
    COLOURS,
    FIGURE,
    LETTER,
    LINE,
    MOST_LETTERS,
    NARROW,
    TEXT,
    WIDE,
    Measures,
    axis_of,
    drawn,
    names,
    register_fonts,
    ticks_with_room,
)
from misread.report.words.lookup import shorten

if TYPE_CHECKING:
    import altair as alt

APART = 9
"""How far two marks of one line lie above and below it, where they would cover each other."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark with its bar.

    Attributes
    ----------
    value, low, high : float
        Where the mark is, and the ends of its bar.
    hollow : bool
        A ring instead of a disc.
    shown : str
        The figure beside it; empty for none.
    """

    value: float
    low: float
    high: float
    hollow: bool
    shown: str


@dataclass(frozen=True, slots=True)
class Line:
    """One input: its name and its two marks."""

    name: str
    marks: tuple[Mark, Mark]
    apart: bool


def line_chart(lines: Sequence[Line], axis: str, *, centre: float | None = None) -> str:
    """A chart in two drawings, for wide and for narrow pages, as the SVG of one figure.

    Parameters
    ----------
    lines : sequence of Line
        Top to bottom.
    axis : str
        What the axis measures.
    centre : float, optional
        Where an upright line stands; without it, the axis begins at 0.
    """
    return "".join(_draw(tuple(lines), axis, centre, frame) for frame in (WIDE, NARROW))


def _draw(lines: tuple[Line, ...], axis: str, centre: float | None, frame: Measures) -> str:

    register_fonts()
    edges = [e for line in lines for m in line.marks for e in (m.value, m.low, m.high)]
    edges.append(0.0 if centre is None else centre)
    marks = ticks_with_room(min(edges), max(edges), frame)
    wrapped = [textwrap.wrap(shorten(line.name, MOST_LETTERS), frame.letters) or [""] for line in lines]
    rows = max(map(len, wrapped))
    title = textwrap.wrap(axis, (frame.plot + frame.right) // LETTER)
    step = frame.step + LINE * (rows - 1) if frame.above else max(frame.step, LINE * rows + 10)
    layers = _layers(lines, wrapped, marks, title, frame, rows, centre)
    return drawn(layers, step * len(lines), len(title), frame)


def _layers(
    lines: Sequence[Line],
    wrapped: Sequence[list[str]],
    marks: tuple[float, ...],
    title: list[str],
    frame: Measures,
    rows: int,
    centre: float | None,
) -> Iterator[alt.Chart | alt.LayerChart]:
    import altair as alt

    drop = 18 + LINE * (rows - 1) / 2 if frame.above else 0
    base = alt.Chart(alt.InlineData(values=[{"i": i, "name": name} for i, name in enumerate(wrapped)]))
    y = alt.Y("i:O", axis=None, scale=alt.Scale(domain=list(range(len(lines))), paddingInner=0, paddingOuter=0))
    scale = alt.Scale(domain=[marks[0], marks[-1]], nice=False)
    axis = axis_of(marks, title)
    yield base.mark_rule(color=COLOURS["line"], strokeWidth=1, yOffset=drop).encode(y=y)
    if centre is not None:
        upright = alt.Chart(alt.InlineData(values=[{"value": centre}]))
        yield upright.mark_rule(color=COLOURS["soft"], strokeWidth=1).encode(x=alt.X("value:Q", scale=scale))
    for kind in (0, 1):
        for apart in (False, True):
            data = [_datum(i, x, kind, marks, frame) for i, x in enumerate(lines) if x.apart is apart]
            if not data:
                continue
            here = alt.Chart(alt.InlineData(values=data))
            dy = drop + (APART * (2 * kind - 1) if apart else 0)
            yield here.mark_bar(height=8, opacity=0.35, yOffset=dy, color=COLOURS["quiet"]).encode(
                x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", y=y
            )
            x = alt.X("value:Q", scale=scale, axis=axis)
            hollow = lines[data[0]["i"]].marks[kind].hollow
            yield here.mark_circle(
                size=110,
                opacity=1,
                yOffset=dy,
                fill=COLOURS["paper" if hollow else "quiet"],
                stroke=COLOURS["quiet"],
                strokeWidth=2,
            ).encode(x=x, y=y)
            yield from _figures(here, data, scale, y, dy)
    yield from names(base, y, frame, rows, drop, halo=frame.above)
    yield from names(base, y, frame, rows, drop)


def _datum(i: int, line: Line, kind: int, marks: tuple[float, ...], frame: Measures) -> dict[str, Any]:
    mark = line.marks[kind]
    per_unit = frame.plot / (marks[-1] - marks[0])
    room = len(mark.shown) * FIGURE + 12
    # Outwards: a mark at the lower end of its bar has its figure on the left.
    right = not mark.value == mark.low < mark.high
    edge = max(mark.value, mark.high) if line.apart else mark.value
    # A figure near an edge would run over it.
    if right and (marks[-1] - edge) * per_unit + frame.right < room:
        right = False
    elif not right and (mark.value - marks[0]) * per_unit < room:
        right = True
    at = edge if right else min(mark.value, mark.low) if line.apart else mark.value
    return {
        "i": i,
        "value": mark.value,
        "low": mark.low,
        "high": mark.high,
        "shown": mark.shown,
        "at": at,
        "side": "left" if right else "right",
    }


def _figures(here: alt.Chart, data: list[dict[str, Any]], scale: alt.Scale, y: alt.Y, dy: float) -> Iterator[alt.Chart]:
    """The figures beside the marks, outwards."""
    import altair as alt

    for side in sorted({d["side"] for d in data}):
        for stroke in (COLOURS["paper"], None):
            mark = here.transform_filter(f"datum.side === '{side}'").mark_text(
                dx=11 if side == "left" else -11,
                dy=dy,
                align=side,
                baseline="middle",
                fontSize=TEXT,
                fontWeight="bold",
                color=COLOURS["ink"],
                stroke=stroke,
                strokeWidth=5 if stroke else 0,
            )
            yield mark.encode(x=alt.X("at:Q", scale=scale), y=y, text="shown:N")
