"""The pictures of the further tables as SVG that needs no style sheet; each source of differences has a weave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from misread.report.drawn.charts import COLOURS
from misread.report.further.lessons import Agreement, Kind
from misread.report.further.levels import Block, Point
from misread.report.further.measures import Bar
from misread.report.pdf.drawings import LINE, PAPER, RIGHT, SAND, SOFT, TEXT, WRONG, look, svg

WIDE: Final = 516.0
"""Width of a drawing; its bars keep a margin for dots at their ends."""
MARGIN: Final = 8.0
INK: Final = COLOURS["ink"]
NAMES: Final = 170.0
"""Width that the names of levels take."""
GAP: Final = 30.0
STEP: Final = 34.0
FACE, SEAT, ERROR, SPOT = "#d98a5b", "#e5b98f", "#b9b3a6", "#6b5638"
WEAVES: Final = {
    "both": (10, f'<rect width="10" height="10" fill="{ERROR}"/><rect width="5" height="10" fill="{RIGHT}"/>'),
    "nature": (8, f'<rect width="8" height="8" fill="{RIGHT}"/><rect y="5" width="8" height="2.2" fill="{PAPER}"/>'),
    "seat": (9, f'<rect width="9" height="9" fill="{SEAT}"/><circle cx="4.5" cy="4.5" r="1.5" fill="{SPOT}"/>'),
    "group": (
        8,
        f'<rect width="8" height="8" fill="{COLOURS["quiet"]}"/><rect x="5" width="1.6" height="8" fill="{PAPER}"/>',
    ),
    "together": (
        7,
        f'<rect width="7" height="7" fill="{PAPER}"/><path d="M0 3.5h7M3.5 0v7" stroke="{LINE}" stroke-width="1.2"/>',
    ),
}
"""Sources of differences → size and tile of their weave; the others are plain."""
PLAIN: Final = {"lived": RIGHT, "face": FACE, "error": ERROR}


def text(
    x: float, y: float, words: str, fill: str = INK, anchor: str = "start", *, bold: bool = False, after: str = ""
) -> str:
    """Words in a drawing, and softer ones after them."""
    weight = ' font-weight="bold"' if bold else ""
    font = f'font-family="{TEXT}" font-size="11"{weight} text-anchor="{anchor}"'
    softer = f'<tspan fill="{SOFT}">{escape(after)}</tspan>' if after else ""
    return f'<text x="{x:g}" y="{y:g}" {font} fill="{fill}">{escape(words)}{softer}</text>'


def lane(at: float, interval: tuple[float, float] | None, y: float, tone: str, left: float, wide: float) -> str:
    """A dot with its pale bar; places in per cent of a stretch that starts at `left` and is `wide`."""
    drawn = ""
    if interval is not None:
        start, end = (round(left + p / 100 * wide, 2) for p in (interval[0], sum(interval)))
        drawn += f'<rect x="{start}" y="{y - 4:g}" width="{end - start:.2f}" height="8" fill="{tone}" opacity="0.3"/>'
        drawn += "".join(f'<path d="M{x} {y - 6:g}v12" stroke="{tone}" stroke-width="2"/>' for x in (start, end))
    return f'{drawn}<circle cx="{round(left + at / 100 * wide, 2)}" cy="{y:g}" r="5.5" fill="{tone}"/>'


def levels(block: Block, most: str) -> str:
    """A trait or the ages: a line for each level, wrong flags beside alerts that are right.

    Parameters
    ----------
    block : Block
        The lines.
    most : str
        The end of the axis of wrong flags.
    """
    wide = (WIDE - NAMES - GAP - 2 * MARGIN) / 2
    lefts = NAMES, NAMES + wide + GAP
    body = text(lefts[0], 11, "wrong flags a school year", WRONG, bold=True)
    body += text(lefts[1], 11, "right, of 100 alerts", RIGHT, bold=True)
    for i, line in enumerate(block.lines):
        y = 16 + STEP * (i + 1) - 7
        body += text(0, y + 4, line.name, after=f", {line.share}" if line.share else "")
        body += _point(line.wrong, y, WRONG, lefts[0], wide)
        body += _point(line.right, y, RIGHT, lefts[1], wide) if line.right else text(lefts[1], y + 4, "no alert", SOFT)
    foot = 16 + STEP * len(block.lines) + 15
    for left, end in zip(lefts, (most, "100"), strict=True):
        body += text(left, foot, "0", SOFT) + text(left + wide, foot, end, SOFT, "end")
    return svg(WIDE, foot + 4, body)


def _point(point: Point, y: float, tone: str, left: float, wide: float) -> str:
    x = left + point.at / 100 * wide
    rail = f'<path d="M{left:g} {y:g}h{wide:g}" stroke="{LINE}"/>'
    figure = text(round(x, 2), y - 10, point.figure, tone, point.anchor, bold=True)
    return rail + lane(point.at, point.lane, y, tone, left, wide) + figure


def lesson(kind: Kind, marks: Sequence[tuple[float, str]]) -> str:
    """Flags of a kind of lesson, wrong ones hatched; the last of them has the axis below."""
    wide = WIDE - 2 * MARGIN
    wrong, right = (part / 100 * wide for part in (kind.wrong, kind.right))
    body = f'<rect x="{MARGIN:g}" y="1" width="{wide:g}" height="20" fill="{SAND}"/>'
    body += f'<rect x="{MARGIN + wrong:.2f}" y="1" width="{right:.2f}" height="20" {look("right")}/>'
    body += f'<rect x="{MARGIN:g}" y="1" width="{wrong:.2f}" height="20" {look("wrong")}/>'
    body += f'<rect x="{MARGIN:g}" y="1" width="{wide:g}" height="20" fill="none" stroke="{LINE}"/>'
    body += lane(kind.wrong, kind.wrong_lane, 31, WRONG, MARGIN, wide)
    body += lane(kind.total, kind.total_lane, 46, INK, MARGIN, wide)
    if not marks:
        return svg(WIDE, 53, body)
    for i, (at, figure) in enumerate(marks):
        anchor = "start" if i == 0 else "end" if i == len(marks) - 1 else "middle"
        body += text(round(MARGIN + at / 100 * wide, 2), 68, figure, SOFT, anchor)
    return svg(WIDE, 88, body + text(MARGIN, 83, "flags in 100 lessons of that kind", SOFT))


def agreement(of: Agreement) -> str:
    """How far two maps agree, between lots and the same map twice."""
    wide = WIDE - 2 * MARGIN
    body = f'<path d="M{MARGIN:g} 26h{wide:g}M{MARGIN:g} 20v12M{WIDE - MARGIN:g} 20v12" stroke="{LINE}"/>'
    body += lane(of.at, of.lane, 26, INK, MARGIN, wide)
    anchor = "start" if of.at < 8 else "end" if of.at > 92 else "middle"
    body += text(round(MARGIN + of.at / 100 * wide, 2), 14, of.figure, INK, anchor, bold=True)
    body += text(MARGIN, 46, "0: as if drawn by lots", SOFT)
    body += text(WIDE - MARGIN, 46, "1: the same map twice", SOFT, "end")
    return svg(WIDE, 50, body)


def shares(bar: Bar) -> str:
    """A bar of all that makes files differ, each source in its weave, with the interval of the first below."""
    wide, low = WIDE - 2 * MARGIN, 16
    body = ""
    for s in bar.segments:
        x, width = MARGIN + s.start / 100 * wide, s.width / 100 * wide
        body += _woven(s.source.key, x, low, width, 24)
        if s.figure:
            at = x if s.anchor == "start" else MARGIN + s.middle / 100 * wide
            body += text(round(at, 2), 11, s.figure, INK, s.anchor, bold=True)
    if bar.interval:
        tone = INK if bar.segments[0].source.key == "both" else RIGHT
        body += lane(bar.segments[0].width, bar.interval, low + 35, tone, MARGIN, wide)
    return svg(WIDE, low + (43 if bar.interval else 26), body, defs=_weaves(s.source.key for s in bar.segments))


def swatch(key: str) -> str:
    """A source's weave, for a key."""
    return svg(30, 20, _woven(key, 1, 1, 28, 18), defs=_weaves([key]))


def _woven(key: str, x: float, y: float, width: float, height: float) -> str:
    fill = PLAIN.get(key, f"url(#weave-{key})")
    box = f'x="{x:.2f}" y="{y:g}" width="{width:.2f}" height="{height:g}"'
    return f'<rect {box} fill="{fill}" stroke="{LINE}"/>'


def _weaves(keys: Iterable[str]) -> str:
    """The patterns that a drawing needs."""
    return "".join(
        f'<pattern id="weave-{key}" width="{size}" height="{size}" patternUnits="userSpaceOnUse">{tile}</pattern>'
        for key in keys
        if key in WEAVES
        for size, tile in (WEAVES[key],)
    )
