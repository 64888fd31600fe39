"""The pieces that the report as PDF is made of: what the template can set, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from misread.report.words.lookup import clean

Block = dict[str, Any]
Run = list[str]
"""A text and how it is set: "", "strong", "wrong", "right", "soft" or "code"; "to:LABEL" for a link within; "break"
for a new line."""
Text = str | Sequence[str | Run]


def runs(*parts: str | Run) -> list[Run]:
    """A text piece by piece."""
    return [[part, ""] if isinstance(part, str) else part for part in parts if part]


def heading(text: str, level: int = 1, label: str = "") -> Block:
    """A heading; level 1 is that of a section."""
    return {"kind": "heading", "text": clean(text), "level": level, "label": label}


def para(*parts: str | Run, style: str = "") -> Block:
    """A paragraph."""
    return {"kind": "para", "runs": runs(*parts), "style": style}


def figure(svg: str, alt: str, caption: Iterable[str | Run] = (), width: float = 100) -> Block:
    """A picture, what it shows in words, and what stands below it; width in per cent."""
    return {"kind": "figure", "svg": svg, "alt": clean(alt), "caption": runs(*caption), "width": width}


def strip(who: str, words: str, svg: str, alt: str = "") -> Block:
    """A bar with its words above it, which say what it shows where nothing else does."""
    who, words = clean(who), clean(words)
    return {"kind": "strip", "who": who, "words": words, "svg": svg, "alt": clean(alt) or f"{who}: {words}"}


def items(rows: Iterable[str]) -> Block:
    """A list."""
    return {"kind": "items", "rows": [clean(row) for row in rows]}


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float], right: Iterable[int] = ()
) -> Block:
    """A table; widths as parts of the whole, columns of numbers set to the right."""
    return {
        "kind": "table",
        "caption": clean(caption),
        "head": list(head),
        "rows": [[clean(cell) for cell in row] for row in rows],
        "widths": list(widths),
        "right": list(right),
    }
