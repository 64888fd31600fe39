"""A table of a page as rows, for spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

NUMBER = re.compile(r"[−-]?\d{1,3}(?:,\d{3})*(?:\.\d+)?|[−-]?\d+(?:\.\d+)?")
"""A number as pages write it."""
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these is taken for a formula by spreadsheets, unless it is a number."""


class _Table(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._cell, self._span = [], int(dict(attrs).get("colspan") or 1)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None and self.rows:
            self.rows[-1] += [" ".join("".join(self._cell).split()), *[""] * (self._span - 1)]
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def rows(table: str, source: str) -> bytes:
    """A table as CSV, UTF-8 with the mark that spreadsheets look for; its source is the last line.

    Parameters
    ----------
    table : str
        The element ``table``, as HTML.
    source : str
        Where it comes from.
    """
    reader = _Table()
    reader.feed(table)
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\r\n")
    out.writerows([_plain(cell) for cell in row] for row in reader.rows if row)
    out.writerow([_safe(source)])
    return written.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    """A cell as a spreadsheet reads it: a number without what makes it easier for people."""
    return cell.replace(",", "").replace("−", "-") if NUMBER.fullmatch(cell) else _safe(cell)


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(RISKY) and not _number(cell) else cell


def _number(cell: str) -> bool:
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return False
    return True
