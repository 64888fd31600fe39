"""What stands on a page, taken away: a picture as SVG or PNG with its source in it, a table as CSV."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from misread.web.take.cut import element
from misread.web.take.picture import Static, drawn_alone, painted
from misread.web.take.sheet import rows

KINDS: Mapping[str, str] = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
"""In which forms something can be taken, and their types."""

__all__ = ["KINDS", "element", "taken"]


def taken(kind: str, piece: str, page: str, source: str, static: Static) -> bytes:
    """A picture or a table as a file.

    Parameters
    ----------
    kind : {"svg", "png", "csv"}
        In which form.
    piece : str
        The element, as HTML: a ``table`` for CSV, or an ``svg`` whose ``aria-label`` becomes the title.
    page, source, static
        As in `drawn_alone`.
    """
    if kind == "csv":
        return rows(piece, source)
    said = re.search(r'aria-label="([^"]*)"', piece)
    drawn = drawn_alone(piece, page, unescape(said[1]) if said else "", source, static)
    return painted(drawn) if kind == "png" else drawn.encode()
