"""Pictures that the page lays out itself, each as one drawing, to be taken away."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import wrap

from misread.language import gettext as _
from misread.report.further.decisions import Decided, Side
from misread.report.further.lessons import Map
from misread.report.further.measures import Bar
from misread.web.pages.map.asked import Asked
from misread.web.pages.map.shares import More, Shares

SQUARE, BESIDE = 162, 330
"""A hundred children, and how far the second hundred stands from the first."""
BAR, ROW = 6.6, 74
"""Width of one in 100 of a bar, and height of a kind of lesson."""
LETTERS = 76
"""In a line."""


def taken(id: str, told: Shares, more: More | None, asked: Asked) -> str | None:
    """The drawing of a picture; None where the page has none of this name, or draws it in one piece already.

    Parameters
    ----------
    id : str
        ``shares``, ``shares-sampled``, ``decision-1`` and so on, or ``lessons-1``.
    told : Shares
        Where files differ from.
    more : More or None
        What takes samples, where it was counted.
    asked : Asked
        Of which system and rule it is: its title begins with that.
    """
    drawing = _picture(id, told, more)
    # Decisions are taken on marks of any rule.
    of = asked.system if id.startswith("decision") else f"{asked.system} {asked.flags}"
    return None if drawing is None else drawing.replace('aria-label="', f'aria-label="{escape(of)} ', 1)


def _picture(id: str, told: Shares, more: More | None) -> str | None:
    known = told if id == "shares" else more.shares if more is not None and id == "shares-sampled" else None
    if known is not None and known.measures is not None and known.measures.bars:
        return shares(known.measures.bars[0], known.measures.sentence)
    name, _dash, number = id.rpartition("-")
    if more is None or not (number.isascii() and number.isdigit()):
        return None
    at = int(number) - 1
    if name == "decision" and more.decisions is not None and 0 <= at < len(more.decisions.decided):
        return decision(more.decisions.decided[at])
    if name == "lessons" and more.lessons is not None and 0 <= at < len(more.lessons.maps):
        return lessons(more.lessons.maps[at])
    return None


def decision(decided: Decided) -> str:
    """A hundred children decided on by the file, and a hundred by lots."""
    parts = [part for i, side in enumerate(decided.sides) for part in _side(side, i * BESIDE)]
    said = _("“%(name)s”, hatched: treated differently. %(told)s", name=decided.name, told=decided.sentence)
    return _alone(parts, BESIDE + 320, SQUARE + 62, said)


def _side(side: Side, x: int) -> Iterator[str]:
    for column, row, kind in side.children.cells:
        place = f'x="{x + 1 + 16 * column}" y="{1 + 16 * row}"'
        yield f'<rect class="{kind}" {place} width="13" height="13" rx="3"/>'
    how = _("of 100 treated differently, %(how)s", how=side.title)
    yield f'<text class="large" x="{x}" y="{SQUARE + 28}">{escape(side.figure)}</text>'
    yield f'<text x="{x}" y="{SQUARE + 52}">{escape(how)}</text>'


def lessons(map: Map) -> str:
    """Flags in 100 lessons of each kind, wrong ones first."""
    parts = []
    for i, kind in enumerate(map.kinds):
        y, wrong = i * ROW, BAR * kind.wrong
        parts += [
            f'<text class="strong" x="0" y="{y + 17}">{escape(kind.name)}</text>',
            f'<text x="0" y="{y + 37}">{escape(f"{kind.share}: {kind.words}")}</text>',
            f'<rect class="wrong" x="1" y="{y + 44}" width="{wrong:.1f}" height="18"/>',
            f'<rect class="right" x="{1 + wrong:.1f}" y="{y + 44}" width="{BAR * kind.right:.1f}" height="18"/>',
        ]
    said = _("Flags in 100 lessons of each kind. Hatched: wrong. Solid: right. %(sentence)s", sentence=map.sentence)
    return _alone(parts, 670, ROW * len(map.kinds), said)


def shares(bar: Bar, said: str) -> str:
    """A bar of a hundred parts, and what each is."""
    parts, y = [], 70
    for s in bar.segments:
        where = f'x="{BAR * s.start:.1f}" y="0" width="{BAR * s.width:.1f}" height="44"'
        parts.append(f'<rect class="part {s.source.key}" {where}/>')
        if s.figure and s.width > 3:
            at = f'x="{BAR * s.middle:.1f}" y="29"'
            parts.append(f'<text class="in-{s.source.key} within" {at} text-anchor="middle">{s.figure}</text>')
        parts.append(f'<rect class="part {s.source.key}" x="0" y="{y}" width="18" height="18"/>')
        words = _("%(what)s: %(n)s of 100", what=s.source.said, n=s.shown)
        if not s.width:
            words = _("%(what)s: too small a part to tell", what=s.source.said)
        for line in wrap(words, LETTERS):
            parts.append(f'<text x="28" y="{y + 15}">{escape(line)}</text>')
            y += 22
        y += 8
    return _alone(parts, 670, y, said)


def _alone(parts: list[str], width: int, height: int, said: str) -> str:
    opening = f'<svg class="alone" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(said)}">'
    return f"{opening}{''.join(parts)}</svg>"
