"""The picture of docs/held-against-the-world.md: one SVG on paper of its own, for light and dark pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import vl_convert

from misread.report.drawn.charts import COLOURS
from world import ROUNDS, Fit, nodes, published

TEXT = 15
WIDTH = 470
INK, SOFT, LINE, PAPER = (COLOURS[k] for k in ("ink", "soft", "line", "paper"))
TONES = {"alike": COLOURS["wrong"], "low-end": COLOURS["right"], "high-end": COLOURS["right"]}
DASHES = {"alike": [2, 4], "low-end": [1, 0], "high-end": [8, 4]}
NAMES = {"alike": "all alike", "low-end": "differ, low-end fit", "high-end": "differ, high-end fit"}
MARKS = {"alike": "cross", "low-end": "circle", "high-end": "square"}
SHOWN = 0.01
"""Kinds of women with at least this share have a line of their own."""


def plot(fits: Mapping[str, Fit]) -> str:
    """The picture, as SVG.

    Parameters
    ----------
    fits : mapping of str to Fit
        As `make_world.fits` returns them.
    """
    chart = (
        alt.vconcat(_rounds(fits), _second_year(fits), spacing=34)
        .properties(background=PAPER, padding={"left": 16, "right": 56, "top": 14, "bottom": 14})
        .configure(font="Helvetica, Arial, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=TEXT,
            titleFontSize=TEXT,
            labelColor=SOFT,
            titleColor=SOFT,
            titleFontWeight="normal",
            grid=False,
            ticks=False,
            domainColor=LINE,
            labelPadding=6,
            titlePadding=8,
        )
        .configure_title(fontSize=TEXT + 2, color=INK, anchor="start", frame="group", fontWeight="bold", offset=12)
    )
    return str(vl_convert.vegalite_to_svg(chart.to_dict(validate=False))) + "\n"


def _data(rows: list[dict[str, Any]]) -> Any:
    return alt.Chart(alt.InlineData(values=rows))


def _shown(value: float) -> float:
    return round(100 * value, 2)


def _rounds(fits: Mapping[str, Fit]) -> Any:
    """Women with a false alarm so far: averages, kinds of women, and what was published after nine."""
    x = alt.X(
        "n:Q",
        scale=alt.Scale(domain=[0, 9.45], nice=False),
        axis=alt.Axis(values=[1, 3, 5, 7, 9], title="mammograms"),
    )
    y = alt.Y(
        "v:Q",
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(values=[0, 25, 50, 75, 100], labelExpr="datum.value + ' %'", title=None),
    )
    low = fits["low-end"].after
    common = {name for name, weight in zip(_nodes(fits), nodes()[1], strict=True) if weight >= SHOWN}
    kinds = [{"k": k, "n": n, "v": _shown(low[n][k])} for k in sorted(common) for n in range(ROUNDS + 1)]
    ends = [{"k": k, "n": n, "v": _shown(low[n][k])} for k in ("lowest", "highest") for n in range(ROUNDS + 1)]
    band = [{"n": n, "v": _shown(low[n]["lowest"]), "w": _shown(low[n]["highest"])} for n in range(ROUNDS + 1)]
    layers = [
        _data(band).mark_area(color=TONES["low-end"], opacity=0.08).encode(x=x, y=y, y2="w:Q"),
        _data(kinds).mark_line(color=TONES["low-end"], strokeWidth=1, opacity=0.45).encode(x=x, y=y, detail="k:N"),
        _data(ends).mark_line(color=TONES["low-end"], strokeWidth=1.5).encode(x=x, y=y, detail="k:N"),
    ]
    for kind, fit in fits.items():
        rows = [{"n": n, "v": _shown(fit.after[n]["all"])} for n in range(ROUNDS + 1)]
        mark = _data(rows).mark_line(color=TONES[kind], strokeWidth=3, strokeDash=DASHES[kind])
        layers.append(mark.encode(x=x, y=y))
    figures = [
        published("G06", name)
        for name in (
            "after nine, women of lowest risk",
            "women with one after nine",
            "after nine, women of highest risk",
        )
    ]
    points = [{"n": 9.25, "v": f.value, "l": f.low, "h": f.high} for f in figures]
    layers += [
        _data(points).mark_rule(color=INK, strokeWidth=3).encode(x=x, y=alt.Y("l:Q"), y2="h:Q"),
        _data(points).mark_circle(color=INK, size=90, opacity=1).encode(x=x, y=y),
    ]
    after = {k: f.after[ROUNDS] for k, f in fits.items()}
    words = [
        (100.5, "highest risk: published 100", INK),
        (93.5, f"low-end fit: {100 * after['low-end']['highest']:.1f}", TONES["low-end"]),
        (55, f"all alike: {100 * after['alike']['all']:.1f}", TONES["alike"]),
        (48, "average: published 43.1", INK),
        (41, f"differ, low-end fit: {100 * after['low-end']['all']:.1f}", TONES["low-end"]),
        (34, f"differ, high-end fit: {100 * after['high-end']['all']:.1f}", TONES["high-end"]),
        (10, "lowest risk: published 4.6", INK),
        (3, "low-end fit: 4.6, fitted", TONES["low-end"]),
    ]
    layers += [_words(9.45, v, text, colour, x, y) for v, text, colour in words]
    return alt.layer(*layers).properties(
        width=WIDTH, height=360, title="Women who have had a false alarm, engine and published"
    )


def _words(n: float, v: float, text: str, colour: str, x: alt.X, y: alt.Y) -> Any:
    mark = _data([{"n": n, "v": v, "t": text}]).mark_text(
        align="left", baseline="middle", dx=8, fontSize=TEXT, color=colour
    )
    return mark.encode(x=x, y=y, text="t:N")


def _nodes(fits: Mapping[str, Fit]) -> list[str]:
    """Names of the kinds of women, without the two ends and the average."""
    return [k for k in fits["low-end"].after[1] if k.startswith("u ")]


def _second_year(fits: Mapping[str, Fit]) -> Any:
    """Every second year for ten years: what was published, and six predictions."""
    figure = published("G08", "every second year")
    ways = (("from ten yearly rounds", "biennial"), ("from two published rates", "biennial_from_rates"))
    rows: list[dict[str, Any]] = []
    for words, name in ways:
        rows.append({"i": len(rows), "head": words})
        for kind, fit in fits.items():
            value = float(getattr(fit, name))
            words = f"{NAMES[kind]}: {100 * value:.1f}"
            rows.append({"i": len(rows), "name": words, "v": _shown(value), "c": TONES[kind], "s": MARKS[kind]})
    scale = alt.Scale(domain=[36, 46], nice=False)
    x = alt.X(
        "v:Q",
        scale=scale,
        axis=alt.Axis(values=[36, 38, 40, 42, 44, 46], labelExpr="datum.value + ' %'", title=None),
    )
    y = alt.Y("i:O", axis=None, scale=alt.Scale(domain=[r["i"] for r in rows]))
    heads, dots = [r for r in rows if "head" in r], [r for r in rows if "name" in r]
    band = [{"l": figure.low, "h": figure.high}]
    beside = alt.value(WIDTH + 12)
    colour = alt.Color("c:N", scale=None)
    text: dict[str, Any] = {"align": "left", "baseline": "middle", "fontSize": TEXT}
    return alt.layer(
        _data(band).mark_rect(color=INK, opacity=0.1).encode(x=alt.X("l:Q", scale=scale), x2="h:Q"),
        _data([{"v": figure.value}]).mark_rule(color=INK, strokeWidth=2).encode(x=x),
        _data(heads).mark_text(**text, color=INK, fontWeight="bold").encode(x=beside, y=y, text="head:N"),
        _data(dots).mark_text(**text).encode(x=beside, y=y, text="name:N", color=colour),
        _data(dots)
        .mark_point(size=130, opacity=1, strokeWidth=3)
        .encode(x=x, y=y, color=colour, shape=alt.Shape("s:N", scale=None)),
    ).properties(
        width=WIDTH,
        height=26 * len(rows),
        title=f"Every second year for ten years; published {figure.value} ({figure.low} to {figure.high})",
    )
