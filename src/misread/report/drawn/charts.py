"""The standard charts: dots with pale bars, drawn by Altair, coloured by the page's own variables."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from misread.report.words import Band, amount
from misread.report.words.lookup import shorten

if TYPE_CHECKING:
    import altair as alt

COLOURS = {
    "paper": "#fcfbf7",
    "wrong": "#c2412a",
    "right": "#1d6a86",
    "ink": "#1b1f23",
    "soft": "#5c6066",
    "line": "#dcd7cb",
    "quiet": "#8d7aa6",
}
"""Colours charts are drawn in; each is replaced by the page's variable of that name, for light and dark."""

TEXT = 17
MOST_LETTERS = 84
"""Letters of a name that a chart shows; its table has them all."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One line of a chart.

    Attributes
    ----------
    name : str
        What the line is about.
    band : Band
        Value and interval, in the units of the axis.
    tone : str
        A key of `COLOURS`.
    """

    name: str
    band: Band
    tone: str = "wrong"


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of a drawing: names left of the lines where it is wide, above them where it is narrow.

    Attributes
    ----------
    css : str
        Class that says on which pages it is shown.
    plot, left, right : int
        Width of the plot, and of what stands beside it.
    step : int
        Height of a line whose name fits in one row.
    letters : int
        Letters of a name that fit in one row.
    marks : int
        Steps on the axis.
    """

    css: str
    plot: int
    left: int
    right: int
    step: int
    letters: int
    marks: int

    @property
    def above(self) -> bool:
        """Whether names stand above their lines."""
        return self.css == "narrow"

    @property
    def room(self) -> int:
        """Width that a name may take."""
        return self.plot + self.left + self.right - 4 if self.above else self.left - 20


WIDE = Measures(css="wide", plot=624, left=260, right=36, step=44, letters=28, marks=5)
NARROW = Measures(css="narrow", plot=248, left=12, right=30, step=78, letters=30, marks=3)
LINE = 21
"""Height of a further row of text."""
LETTER, FIGURE = 8, 10
"""Width of a letter and of a bold figure, roughly."""


def ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Round numbers from at most `low` to at least `high`, few enough to be read."""
    extent = high - low or 1.0
    power = 10.0 ** math.floor(math.log10(extent / most))
    step = next(m * power for m in (1, 2, 2.5, 5, 10, 20) if math.ceil(extent / (m * power)) <= most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(float(f"{i * step:.12g}") for i in range(first, max(last, first + 1) + 1))


def dot_chart(dots: Sequence[Dot], *, axis: str, signed: bool = False) -> str:
    """A chart in two drawings, for wide and for narrow pages, as the SVG of one figure.

    Parameters
    ----------
    dots : sequence of Dot
        The lines, top to bottom.
    axis : str
        What the axis measures.
    signed : bool
        Whether values are changes, to be shown with their sign.
    """
    return "".join(_draw(tuple(dots), axis, signed, frame) for frame in (WIDE, NARROW))


def _draw(dots: tuple[Dot, ...], axis: str, signed: bool, frame: Measures) -> str:

    register_fonts()
    edges = [e for d in dots for e in (d.band.value, *(d.band.ends or ()))]
    marks = ticks_with_room(min(0.0, *edges), max(0.0, *edges), frame)
    rows = [_row(i, d, signed, frame, marks) for i, d in enumerate(dots)]
    lines = max(len(row["name"]) for row in rows)
    title = textwrap.wrap(axis, (frame.plot + frame.right) // LETTER)
    step = frame.step + LINE * (lines - 1) if frame.above else max(frame.step, LINE * lines + 10)
    return drawn(_layers(rows, marks, title, frame, lines, signed), step * len(rows), len(title), frame)


def drawn(layers: Iterable[Any], height: float, title_lines: int, frame: Measures) -> str:
    """Layers as one SVG of stated measures, without a ground of its own."""
    import altair as alt
    import vl_convert

    chart = (
        alt.layer(*layers)
        .properties(
            width=frame.plot,
            height=height,
            padding={"left": frame.left, "right": frame.right, "top": 4, "bottom": 41 + LINE * title_lines},
            autosize="none",
            background="transparent",
        )
        .configure(font="Misread Text")
        .configure_view(stroke=None)
    )
    return tidy(vl_convert.vegalite_to_svg(chart.to_dict(validate=False)), frame.css)


def ticks_with_room(low: float, high: float, frame: Measures) -> tuple[float, ...]:
    """The ticks, fewer of them where their numbers are long."""
    for most in range(frame.marks, 1, -1):
        marks = ticks(low, high, most)
        if (max(len(f"{m:,.9g}") for m in marks) + 2) * FIGURE <= frame.plot / (len(marks) - 1):
            return marks
    return ticks(low, high, 1)


def _row(index: int, dot: Dot, signed: bool, frame: Measures, marks: tuple[float, ...]) -> dict[str, Any]:
    low, high = dot.band.ends or (dot.band.value, dot.band.value)
    shown = amount(dot.band.value, signed=signed)
    from_left = (dot.band.value - marks[0]) / (marks[-1] - marks[0]) * frame.plot
    half = len(shown) * FIGURE / 2
    return {
        "i": index,
        "name": textwrap.wrap(shorten(dot.name, MOST_LETTERS), frame.letters) or [""],
        "value": dot.band.value,
        "low": low,
        "high": high,
        "shown": shown,
        # A figure near an edge would run over it.
        "align": "left" if from_left < half else "right" if frame.plot - from_left < half else "center",
        "colour": COLOURS[dot.tone],
    }


def _layers(
    rows: list[dict[str, Any]], marks: tuple[float, ...], title: list[str], frame: Measures, lines: int, signed: bool
) -> list[alt.Chart | alt.LayerChart]:
    import altair as alt

    base = alt.Chart(alt.InlineData(values=rows))
    y = alt.Y("i:O", axis=None, scale=alt.Scale(domain=[r["i"] for r in rows], paddingInner=0, paddingOuter=0))
    scale = alt.Scale(domain=[marks[0], marks[-1]], nice=False)
    x_axis = axis_of(marks, title)
    x = alt.X("value:Q", scale=scale, axis=x_axis)
    colour = alt.Color("colour:N", scale=None, legend=None)
    drop = 18 + LINE * (lines - 1) / 2 if frame.above else 6
    zero = alt.Chart(alt.InlineData(values=[{"value": 0}])).mark_rule(color=COLOURS["soft"], strokeWidth=1)
    shown = base.encode(x=x, y=y, text="shown:N")
    return [
        base.mark_rule(color=COLOURS["line"], strokeWidth=1, yOffset=drop).encode(y=y),
        *([zero.encode(x=alt.X("value:Q", scale=scale))] if signed else []),
        base.mark_bar(height=8, opacity=0.3, yOffset=drop).encode(
            x=alt.X("low:Q", scale=scale, axis=x_axis), x2="high:Q", y=y, color=colour
        ),
        *(
            base.mark_tick(thickness=2, height=12, opacity=1, yOffset=drop).encode(
                x=alt.X(f"{end}:Q", scale=scale, axis=x_axis), y=y, color=colour
            )
            for end in ("low", "high")
        ),
        base.mark_circle(size=150, opacity=1, yOffset=drop).encode(x=x, y=y, color=colour),
        # The line at zero would run through a figure that stands on it.
        *(_figures(shown, rows, drop - 17, stroke=COLOURS["paper"]) if signed else ()),
        *(layer.encode(color=colour) for layer in _figures(shown, rows, drop - 17)),
        *(names(base, y, frame, lines, drop, halo=True) if signed and frame.above else ()),
        *names(base, y, frame, lines, drop),
    ]


def axis_of(marks: tuple[float, ...], title: list[str]) -> alt.Axis:
    """The axis under a chart: numbers at its marks, and what it measures."""
    import altair as alt

    return alt.Axis(
        values=list(marks),
        title=title,
        grid=False,
        ticks=False,
        domain=False,
        labelFontSize=TEXT,
        labelColor=COLOURS["soft"],
        labelPadding=8,
        titleFontSize=TEXT,
        titleFontWeight="normal",
        titleColor=COLOURS["soft"],
        titleAlign="left",
        titleAnchor="start",
        titlePadding=8,
        # A precision of its own: without one, the axis rounds to the steps it would have chosen itself.
        format=",.9~f" if marks[-1] - marks[0] >= 1e-4 else ".6~g",
    )


def _figures(shown: alt.Chart, rows: list[dict[str, Any]], dy: float, stroke: str | None = None) -> Iterator[alt.Chart]:
    """The values above their dots: one layer for each side they are set to."""
    for side in sorted({row["align"] for row in rows}):
        yield shown.transform_filter(f"datum.align === '{side}'").mark_text(
            dy=dy, align=side, fontSize=TEXT, fontWeight="bold", stroke=stroke, strokeWidth=5 if stroke else 0
        )


def names(
    base: alt.Chart, y: alt.Y, frame: Measures, lines: int, drop: float, *, halo: bool = False
) -> Iterator[alt.Chart]:
    """Names, each centred on its line, or standing on it: one layer for each number of rows."""
    import altair as alt

    for rows in range(1, lines + 1):
        height, over = LINE * (rows - 1), LINE * (lines - 1)
        mark = base.transform_filter(f"datum.name.length === {rows}").mark_text(
            align="left",
            baseline="middle",
            fontSize=TEXT,
            color=COLOURS["ink"],
            stroke=COLOURS["paper"] if halo else None,
            strokeWidth=5 if halo else 0,
            lineHeight=LINE,
            limit=frame.room,
            dy=-22 + over / 2 - height if frame.above else drop - height / 2,
        )
        yield mark.encode(x=alt.value(0 if frame.above else -frame.left), y=y, text="name:N")


@cache
def register_fonts() -> None:
    """Let vl-convert measure text in the page's own fonts."""
    import vl_convert

    vl_convert.register_font_directory(str(files("misread.report") / "assets" / "fonts"))


_DROPPED = ("class", "role", "version", "font-family", "pointer-events", "stroke-miterlimit")


def tidy(svg: str, css: str) -> str:
    """Vega's SVG as part of the page: no roles, names or fixed colours of its own, nothing empty.

    Parameters
    ----------
    svg : str
        A drawing of vl-convert.
    css : str
        Class that says on which pages it is shown.
    """
    root = ElementTree.fromstring(svg)
    _tidy(root)
    root.attrib.clear()
    box = ElementTree.fromstring(svg).attrib
    root.attrib.update(
        {
            "class": f"chart {css}",
            "viewBox": box["viewBox"],
            "width": box["width"],
            "height": box["height"],
            "aria-hidden": "true",
            "focusable": "false",
        }
    )
    return ElementTree.tostring(root, encoding="unicode")


def _tidy(element: ElementTree.Element) -> None:
    element.tag = element.tag.rsplit("}", 1)[-1]
    for name in list(element.attrib):
        if name in _DROPPED or name.startswith("aria-"):
            del element.attrib[name]
    for name in ("fill", "stroke"):
        variable = next((k for k, v in COLOURS.items() if v == element.attrib.get(name)), None)
        if variable:
            del element.attrib[name]
            element.set("style", f"{name}:var(--{variable});{element.get('style', '')}")
    for child in list(element):
        _tidy(child)
        if not len(child) and _empty(child):
            element.remove(child)


def _empty(element: ElementTree.Element) -> bool:
    if element.tag == "g":
        return True
    path = element.get("d", "")
    return element.tag == "path" and (not path or element.get("display") == "none" or path.startswith("M0,0h0"))
