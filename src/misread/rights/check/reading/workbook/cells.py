"""The cells of one sheet, as text, row by row.

A formula is never worked out: what is told is what was stored with it, or else the formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from math import isfinite

from misread.rights.check.reading.limits import LONGEST_CELL, MOST_COLUMNS, MOST_SHEET_ROWS
from misread.rights.check.reading.workbook.dates import Shown, as_text
from misread.rights.check.reading.workbook.xml import Attributes, broken, local, walk

Cells = dict[int, str]
"""The column, counted from 0 → its text."""
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
DIGITS = 15
"""Letters of a number from which on it may be written with more digits than it has."""
_TRUE = ("1", "true")


def column_of(letters: str) -> int:
    """The column that letters name, counted from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def letters_of(column: int) -> str:
    """The letters that name a column that is counted from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


class SheetReader:
    """Reads one sheet.

    Parameters
    ----------
    shared : sequence of str
        Texts that all sheets share.
    shown : sequence of str
        How each style shows a number.
    since_1904 : bool
        Whether days are counted from 1904.
    sink : callable
        Told of each row that holds anything: its number, its cells.
    where : str
        For messages.

    Attributes
    ----------
    formulas, hidden_rows : tuple
        How many, and the first: a cell such as B7, a row.
    hidden_columns : set of int
        Counted from 0.
    """

    def __init__(
        self,
        shared: Sequence[str],
        shown: Sequence[Shown],
        since_1904: bool,
        sink: Callable[[int, Cells], None],
        where: str,
    ) -> None:
        self.formulas: tuple[int, str] = (0, "")
        self.hidden_rows: tuple[int, int] = (0, 0)
        self.hidden_columns: set[int] = set()
        self._shared, self._since_1904 = shared, since_1904
        self._shown = {str(style): one for style, one in enumerate(shown)}
        self._sink, self._where = sink, where
        self._columns: dict[str, int] = {}
        self._row, self._column, self._hidden = 0, -1, False
        self._cells: Cells = {}
        self._kind, self._style = "n", ""
        self._value = self._formula = ""
        self._in_value = self._in_formula = self._spoken = False

    def read(self, pieces: Iterable[bytes]) -> None:
        """Read all of it."""
        walk(pieces, self._where, self._start, self._end, self._text)

    # Told of millions of elements: the most frequent come first.

    def _start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "")
            self._value = self._formula = ""
            self._column = self._place(attributes.get("r", ""))
        elif tag in ("v", "t"):
            self._in_value = not self._spoken
        elif tag == "row":
            self._begin(attributes)
        elif tag == "f":
            self._in_formula = True
            count, cell = self.formulas
            self.formulas = (count + 1, cell or f"{letters_of(self._column)}{self._row}")
        elif tag == "rPh":
            self._spoken = True
        elif tag == "col" and attributes.get("hidden") in _TRUE:
            first, last = (_number(attributes, key, self._where) for key in ("min", "max"))
            # Columns past the last are hidden too where all that are not used are.
            self.hidden_columns |= set(range(first, min(last + 1, MOST_COLUMNS)))
        elif ":" in tag:
            self._start(local(tag), attributes)

    def _text(self, text: str) -> None:
        # A text in several styles comes in several parts. One without end would take ever longer to add to.
        if self._in_value:
            if len(self._value) <= LONGEST_CELL:
                self._value += text
        elif self._in_formula and len(self._formula) <= LONGEST_CELL:
            self._formula += text

    def _end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self._in_value = False
        elif tag == "c":
            if text := self._cell():
                self._cells[self._column] = text
        elif tag == "row":
            if self._cells:
                self._give()
        elif tag == "f":
            self._in_formula = False
        elif tag == "rPh":
            self._spoken = False
        elif ":" in tag:
            self._end(local(tag))

    def _give(self) -> None:
        if self._hidden:
            count, first = self.hidden_rows
            self.hidden_rows = (count + 1, first or self._row)
        self._sink(self._row, self._cells)

    def _begin(self, attributes: Attributes) -> None:
        before = self._row
        self._row = _number(attributes, "r", self._where) + 1 if "r" in attributes else before + 1
        if not before < self._row <= MOST_SHEET_ROWS:
            raise broken(self._where)
        self._column, self._cells = -1, {}
        self._hidden = attributes.get("hidden") in _TRUE

    def _place(self, reference: str) -> int:
        """The column of a cell; one that does not say stands beside the one before."""
        if not reference:
            column = self._column + 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._columns.get(letters, -1)
            if column < 0:
                if not _REFERENCE.fullmatch(reference):
                    raise broken(self._where)
                column = self._columns.setdefault(letters, column_of(letters))
        if column >= MOST_COLUMNS:
            raise broken(self._where)
        return column

    def _cell(self) -> str:
        value = self._value
        if self._kind == "s":
            # A number below zero would count from the end.
            if not value.isdigit() or len(value) > 9 or int(value) >= len(self._shared):
                raise broken(self._where)
            return self._shared[int(value)]
        if not value:
            return f"={self._formula}" if self._formula else ""
        if self._kind == "b":
            return "true" if value == "1" else "false"
        if self._kind == "n":
            if self._style and (shown := self._shown.get(self._style, "")):
                return as_text(value, shown, self._since_1904)
            return _shortest(value) if len(value) > DIGITS and "." in value else value
        return value


def _shortest(value: str) -> str:
    """A number as one would write it: programs store 0.29 as 0.28999999999999998."""
    try:
        number = float(value)
    except ValueError:
        return value
    return repr(number) if isfinite(number) else value


def _number(attributes: Attributes, key: str, where: str) -> int:
    """A row or a column, counted from 0."""
    text = attributes.get(key, "")
    if not text.isascii() or not text.isdigit() or len(text) > 7 or text == "0":
        raise broken(where)
    return int(text) - 1
