"""The plot of pooled studies as one picture, to be taken away."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import wrap

from misread.language import gettext as _
from misread.web.pages.evidence.pooled import Dot, Forest

WIDTH, SCALE, LETTERS = 670, 3.6, 78
"""Of the picture; of one in 100; and letters in a line."""
LINE, LANE, GAP = 21, 30, 14
"""Height of a line of text, of a bar, and between studies."""


def drawn(forest: Forest) -> str:
    """One picture of all studies, what all say together last."""
    parts, y = [], 0
    for dot in forest.dots:
        lines = wrap(_("all together") if dot.pooled else f"{dot.id} {dot.who}", LETTERS)
        parts += [*_words(lines, y, dot.pooled), *_bar(dot, y + LINE * len(lines))]
        y += LINE * len(lines) + LANE + GAP
    parts += [f'<text class="quiet" x="{SCALE * at:g}" y="{y + 4}" text-anchor="{where}">{at}</text>'
              for at, where in ((0, "start"), (50, "middle"), (100, "end"))]  # fmt: skip
    opening = f'<svg class="alone" viewBox="0 0 {WIDTH} {y + 8}" role="img" aria-label="{escape(forest.sentence)}">'
    return f"{opening}{''.join(parts)}</svg>"


def _words(lines: list[str], y: int, strong: bool) -> Iterator[str]:
    kind = ' class="strong"' if strong else ""
    for i, line in enumerate(lines, 1):
        yield f'<text{kind} x="0" y="{y + LINE * i - 5}">{escape(line)}</text>'


def _bar(dot: Dot, y: int) -> Iterator[str]:
    middle, at = y + LANE / 2, SCALE * dot.at
    ends = "".join(f"M{x:g} {middle - 6:g}v12" for x in (0, 50 * SCALE, 100 * SCALE))
    yield f'<path class="axis" d="M0 {middle:g}h{100 * SCALE:g}{ends}"/>'
    low, wide = SCALE * dot.low, SCALE * (dot.high - dot.low)
    yield f'<rect class="open" x="{low:.1f}" y="{middle - 6}" width="{wide:.1f}" height="12" rx="6"/>'
    if dot.pooled:
        yield f'<path class="dot" d="M{at - 10:.1f} {middle}l10-10 10 10-10 10z"/>'
    else:
        yield f'<circle class="dot" cx="{at:.1f}" cy="{middle}" r="6.5"/>'
    kind = ' class="strong"' if dot.pooled else ""
    yield f'<text{kind} x="{100 * SCALE + 18:g}" y="{middle + 6}">{escape(dot.said)}</text>'
