"""The signature pictures as SVG that needs no style sheet: wrong is hatched or crossed, right is solid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from misread.report.drawn.charts import COLOURS
from misread.report.drawn.pictures import AverageFile, Hundred, Strip
from misread.report.page.seats import SeatPlan

PAPER, WRONG, RIGHT, LINE = "#ffffff", COLOURS["wrong"], COLOURS["right"], "#8d8674"
SAND, SOFT, QUIET = "#ebe7db", "#4d5157", COLOURS["quiet"]
HEAD = "M{} {}a4.4 4.4 0 1 0 8.8 0a4.4 4.4 0 1 0 -8.8 0z"
BODY = "M{} {}v-3.2c0 -4.4 3.4 -7 7.8 -7s7.8 2.6 7.8 7v3.2z"
CARD = "M{} {}h55a3 3 0 0 1 3 3v37a3 3 0 0 1 -3 3h-55a3 3 0 0 1 -3 -3v-37a3 3 0 0 1 3 -3z"
TEXT = "Misread Text"
CHART = re.compile(r'<svg class="chart wide".*?</svg>', re.DOTALL)


def svg(width: float, height: float, body: str, hatch: float = 5, defs: str = "") -> str:
    """A drawing of a width and height, with the hatching of wrong things, and further patterns."""
    pattern = (
        f'<pattern id="hatch" width="{hatch}" height="{hatch}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="{hatch}" height="{hatch}" fill="{PAPER}"/>'
        f'<rect width="{hatch * 0.5:g}" height="{hatch}" fill="{WRONG}"/></pattern>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}"><defs>{pattern}{defs}</defs>{body}</svg>'
    )


def look(kind: str, width: float = 1.2) -> str:
    """Fill and edge of a mark: wrong, right, neither, or none."""
    marks = {"wrong": ("url(#hatch)", WRONG), "right": (RIGHT, RIGHT), "quiet": (QUIET, QUIET)}
    fill, edge = marks.get(kind, (SAND, LINE))
    return f'fill="{fill}" stroke="{edge}" stroke-width="{width:g}"'


def hundred(children: Hundred) -> str:
    """One hundred children, each in the same place at every moment."""
    kinds: dict[str, str] = {}
    for x, y, kind in children.cells:
        kinds[kind] = kinds.get(kind, "") + _child(x * 23 + 1, y * 27 + 1)
    # One path for all of a kind: a hundred hatched ones by themselves would take a hundred patterns.
    return svg(230, 270, "".join(f'<path d="{d}" {look(kind)}/>' for kind, d in kinds.items()))


def child(kind: str) -> str:
    """One child, for a key."""
    return svg(20, 24, f'<path d="{_child(0, 0)}" {look(kind)}/>')


def _child(x: float, y: float) -> str:
    return HEAD.format(round(x + 5.6, 2), round(y + 6.2, 2)) + BODY.format(round(x + 2.2, 2), round(y + 22.6, 2))


def slips(kinds: Sequence[str]) -> str:
    """Alerts in rows of ten, or of twenty where they are a hundred; ticked or crossed."""
    row = 10 if len(kinds) <= 10 else 20
    places = [(kind, 72 * (i % row) + 1, 54 * (i // row) + 1) for i, kind in enumerate(kinds)]
    body = ""
    for kind in dict.fromkeys(kinds):
        d = "".join(CARD.format(x + 4.5, y + 1.5) for k, x, y in places if k == kind)
        body += f'<path d="{d}" {look(kind, 2)}/>'
    body += "".join(_sign(kind, x, y) for kind, x, y in places)
    return svg(72 * min(len(kinds), row), 54 * -(-len(kinds) // row), body, hatch=7)


def _sign(kind: str, x: float, y: float) -> str:
    line = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
    if kind == "right":
        return f'<path d="M{x + 20} {y + 24}l8.5 8.5L{x + 45} {y + 14}" {line} stroke="{PAPER}" stroke-width="5"/>'
    d = f"M{x + 25} {y + 16}l14 14M{x + 39} {y + 16}l-14 14"
    plate = f'<rect x="{x + 20}" y="{y + 11}" width="24" height="24" rx="2" fill="{PAPER}"/>'
    return f'{plate}<path d="{d}" {line} stroke="{WRONG}" stroke-width="4.5"/>'


def strip(of: Strip, part: float = 0.0) -> str:
    """A bar out of 100 with its interval below; a part of it may be wrong."""
    wide, colour = 500.0, {"wrong": WRONG, "quiet": QUIET}.get(of.look, RIGHT)

    def at(percent: float) -> float:
        return round(8 + percent / 100 * wide, 2)

    body = f'<rect x="8" y="1" width="{wide:g}" height="20" fill="{SAND}"/>'
    body += f'<rect x="8" y="1" width="{of.filled / 100 * wide:g}" height="20" {look(of.look)}/>'
    if part > 0:
        body += f'<rect x="8" y="1" width="{part / 100 * wide:g}" height="20" {look("wrong")}/>'
    body += f'<rect x="8" y="1" width="{wide:g}" height="20" fill="none" stroke="{LINE}"/>'
    if of.interval:
        start, width = of.interval
        body += (
            f'<rect x="{at(start)}" y="28" width="{width / 100 * wide:g}" height="8" fill="{colour}" opacity="0.3"/>'
        )
        for x in (start, start + width):
            body += f'<path d="M{at(x)} 26v12" stroke="{colour}" stroke-width="2"/>'
    body += f'<circle cx="{at(of.filled)}" cy="32" r="5.5" fill="{colour}"/>'
    return svg(516, 40, body)


def years(file: AverageFile) -> str:
    """Strokes of an average file, a row for each school year: wrong ones up and barbed, right ones down."""
    body = ""
    for i, strokes in enumerate(file.rows):
        base = 34 * i + 22
        body += f'<text x="0" y="{base + 5}" font-family="{TEXT}" font-size="14" fill="{SOFT}">year {i + 1}</text>'
        body += f'<path d="M70 {base}H640" stroke="{LINE}"/>'
        for place, kind in strokes:
            x = round(70 + place / 100 * 570, 2)
            if kind == "wrong":
                d = f"M{x} {base}v-20M{x - 4.5} {base - 14}l4.5 -6.5l4.5 6.5"
                body += f'<path d="{d}" fill="none" stroke="{WRONG}" stroke-width="2"/>'
            else:
                body += f'<path d="M{x} {base + 1}v9" stroke="{RIGHT}" stroke-width="4"/>'
    return svg(648, 34 * len(file.rows), body)


def share(percent: float) -> str:
    """A bar of which a part is filled, neither right nor wrong."""
    body = f'<rect x="8" y="1" width="500" height="20" fill="{SAND}" stroke="{LINE}"/>'
    body += f'<rect x="8" y="1" width="{round(5 * percent, 3)}" height="20" fill="{QUIET}"/>'
    return svg(516, 22, body)


def plan(seats: SeatPlan) -> str:
    """The room from above: what is in the picture, the camera, and a ring with a letter for each seat."""
    x, y, width, height = map(float, seats.box.split())
    font = f'font-family="{TEXT}" text-anchor="middle"'
    ink = COLOURS["ink"]
    body = f'<polygon points="{seats.picture}" fill="{SAND}"/>' if seats.picture else ""
    room = f'width="{seats.width:g}" height="{seats.depth:g}" fill="none" stroke="{LINE}" stroke-width="5"'
    body += f'<rect x="0" y="0" {room}/>'
    left = (seats.width - seats.board) / 2
    body += f'<rect x="{left:g}" y="-8" width="{seats.board:g}" height="16" fill="{ink}"/>'
    body += f'<text x="{seats.width / 2:g}" y="-22" {font} font-size="44" fill="{ink}">board</text>'
    for number, at in seats.rows:
        body += f'<text x="-38" y="{at + 15:g}" {font} font-size="44" fill="{SOFT}">{number}</text>'
    for s in seats.seats:
        dashed = ' stroke-dasharray="7 8"' if s.kind == "not" else ""
        ring = f'r="{seats.radius:g}" fill="{PAPER}" stroke="{LINE}" stroke-width="3"{dashed}'
        body += f'<g transform="translate({s.x:g} {s.y:g})"><circle {ring}/>'
        if s.kind != "not":
            found = f'r="{seats.radius:g}" fill="none" stroke="{QUIET}" stroke-width="11" stroke-dasharray="{s.dash}"'
            body += f'<circle {found} transform="rotate(-90)"/>'
        size = seats.radius * 1.2
        body += f'<text y="{size * 0.35:.1f}" {font} font-size="{size:.1f}" fill="{ink}">{s.letter}</text></g>'
    mark = f'fill="{ink}" stroke="{PAPER}" stroke-width="5"'
    body += f'<path transform="{seats.camera}" d="M-20 -16h40v26l14 16h-68l14 -16z" {mark}/>'
    return svg(width, height, f'<g transform="translate({-x:g} {-y:g})">{body}</g>')


def chart(drawing: str) -> str:
    """A chart of the page, its wide drawing, with colours in the place of the page's variables."""
    found = CHART.search(drawing)
    if found is None:
        return ""
    shown = re.sub(r"var\(--(\w+)\)", lambda m: COLOURS[m[1]], found[0])
    font = escape(TEXT, quote=True)
    return shown.replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" font-family="{font}" ', 1)
