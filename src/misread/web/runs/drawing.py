"""Both runs' figures beside each other, as dots on a line that begins at nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from misread.findings.table import Finding
from misread.language import gettext as _

WIDTH, LETTERS = 670, 78
"""Of the picture that is taken away, and letters in a line of it."""
LINE, LANE, GAP = 21, 24, 16
"""Height of a line of text, of a dot's line, and between figures."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A figure on its line: where it stands and where its interval begins and ends, of 100; None without one."""

    at: float
    ends: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure of both runs: in words, and as dots on one scale."""

    said: str
    first: Dot
    second: Dot


def pair(said: str, first: Finding, second: Finding) -> Pair:
    """Two figures on the scale of the larger one."""
    largest = max(abs(x) for f in (first, second) for x in (f.value, f.low, f.high) if x is not None) or 1.0
    return Pair(said, _dot(first, largest), _dot(second, largest))


def _dot(finding: Finding, largest: float) -> Dot:
    def place(x: float) -> float:
        return round(100 * max(0.0, x) / largest, 2)

    ends = None if finding.low is None or finding.high is None else (place(finding.low), place(finding.high))
    return Dot(place(finding.value or 0.0), ends)


def drawn(pairs: Sequence[Pair]) -> str:
    """All of them as one picture."""
    parts, y = [], 0
    for one in pairs:
        for line in wrap(one.said, LETTERS):
            y += LINE
            parts.append(f'<text x="0" y="{y - 5}">{escape(line)}</text>')
        for dot, second in ((one.first, False), (one.second, True)):
            parts.append(lane(dot, y + LANE // 2, WIDTH - 20, second=second))
            y += LANE
        y += GAP
    title = _("Two runs side by side. Dot: the first. Diamond: the second. Pale bar: what is known leaves open.")
    opening = f'<svg class="alone" viewBox="-10 0 {WIDTH} {y}" role="img" aria-label="{escape(title)}">'
    return f"{opening}{''.join(parts)}</svg>"


def lane(dot: Dot, y: float, width: float, *, second: bool) -> str:
    """One figure's line, as parts of an SVG."""
    at = width * dot.at / 100
    parts = [f'<path class="axis" d="M0 {y:g}h{width:g}M0 {y - 6:g}v12"/>']
    if dot.ends is not None:
        low, high = (width * end / 100 for end in dot.ends)
        parts.append(f'<rect class="open" x="{low:.1f}" y="{y - 5:g}" width="{high - low:.1f}" height="10" rx="5"/>')
    if second:
        parts.append(f'<path class="dot" d="M{at - 8:.1f} {y:g}l8-8 8 8-8 8z"/>')
    else:
        parts.append(f'<circle class="dot" cx="{at:.1f}" cy="{y:g}" r="6"/>')
    return "".join(parts)
