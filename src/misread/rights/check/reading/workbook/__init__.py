"""A workbook (XLSX) as tables, all sheets of it, hidden ones too; and what lies beside what one sees.

It is read here rather than by a library of workbooks: those leave out what is hidden, and read into documents of
which they cannot know whether these end.
"""

from __future__ import annotations

from array import array
from zipfile import ZipFile

import numpy as np
import pyarrow as pa

from misread.language import gettext as _
from misread.rights.check.model import Choices, Note, Sheet
from misread.rights.check.reading.columns import Gathered, sheet_of
from misread.rights.check.reading.heads import SAMPLE, Head, head_of, unique
from misread.rights.check.reading.limits import MOST_TABLES, Budget, Progress, quiet, too_large
from misread.rights.check.reading.workbook.beside import beside_book, beside_sheet
from misread.rights.check.reading.workbook.cells import Cells, SheetReader
from misread.rights.check.reading.workbook.parts import Parts, book_of, shared_strings, styles
from misread.rights.check.reading.workbook.xml import broken


def workbook(
    archive: ZipFile, choices: Choices, where: str, budget: Budget, inside: str = "", progress: Progress = quiet
) -> tuple[tuple[Sheet, ...], tuple[Note, ...]]:
    """All sheets of a workbook.

    Parameters
    ----------
    archive : ZipFile
        What it is packed in.
    choices : Choices
        What the user said about it.
    where : str
        The file, for messages.
    budget : Budget
        How much may still be unpacked.
    inside : str
        What goes before the names of its sheets.
    progress : callable
        Told how many sheets are read.

    Returns
    -------
    tuple
        A table for each sheet that holds anything, and notes.

    Raises
    ------
    MisreadError
        If it is damaged or too large, or it is not plain how a sheet is to be read.
    """
    parts = Parts(archive, budget, where)
    book, related = book_of(parts)
    if len(book.sheets) > MOST_TABLES:
        what = _("It has more than %(n)s sheets.", n=MOST_TABLES)
        raise too_large(where, what, _("at most %(n)s sheets.", n=MOST_TABLES))
    named = dict(related.values())
    shared = shared_strings(parts, named["sharedStrings"]) if parts.has(named.get("sharedStrings", "")) else []
    shown = styles(parts, named["styles"]) if parts.has(named.get("styles", "")) else []
    tables: list[Sheet] = []
    names = unique(f"{inside}{name}" for name, _part, _state in book.sheets)
    notes = list(beside_book(parts, book, names))
    for done, (sheet, (_name, part, _state)) in enumerate(zip(names, book.sheets, strict=True)):
        progress(done, len(names))
        if not parts.has(part):
            raise broken(where)
        rows = _Rows(choices, f"{where}: {sheet}", sheet)
        reader = SheetReader(shared, shown, book.since_1904, rows.take, f"{where}: {sheet}")
        reader.read(parts.read(part))
        made, more = rows.table()
        tables += made
        notes += [*more, *beside_sheet(parts, part, sheet, reader, rows.used)]
    return tuple(tables), tuple(notes)


class _Rows:
    """Takes the rows of a sheet; once enough are there to find the names of its columns, they go where they belong."""

    def __init__(self, choices: Choices, where: str, sheet: str) -> None:
        self._choices, self._where, self._sheet = choices, where, sheet
        self._first: list[tuple[int, Cells]] = []
        self._head: Head | None = None
        self._gathered = Gathered(where, str)
        self._numbers = array("i")
        self.used: set[int] = set()
        """Columns that hold anything, names included; counted from 0."""

    def take(self, number: int, cells: Cells) -> None:
        """The next row."""
        if self._head is not None:
            self._put(number, cells)
            return
        self._first.append((number, cells))
        if len(self._first) == SAMPLE:
            self._begin()

    def _begin(self) -> None:
        """Find the names; what stands below them are data."""
        rows = [[cells.get(i, "") for i in range(max(cells) + 1)] for _number, cells in self._first]
        numbers = [number for number, _cells in self._first]
        self._head = head_of(rows, numbers, self._choices, self._where, self._sheet)
        for number, cells in self._first[self._head.index + 1 :]:
            self._put(number, cells)

    def _put(self, number: int, cells: Cells) -> None:
        into, waiting = self._gathered.cells, self._gathered.waiting
        for column, cell in cells.items():
            # What `put` does, for there are millions of them.
            if (there := into.get(column)) is not None and len(there) == waiting:
                there.append(cell)
            else:
                self._gathered.put(column, cell)
        self._numbers.append(number)
        self._gathered.end()

    def table(self) -> tuple[tuple[Sheet, ...], tuple[Note, ...]]:
        """The table, none where nothing is in it; and notes."""
        if self._head is None:
            if not self._first:
                return (), (
                    Note("empty", _("There is nothing in the sheet “%(name)s”.", name=self._sheet), self._sheet),
                )
            self._begin()
        head = self._head
        assert head is not None
        columns = self._gathered.columns()
        self.used = {*columns, *(i for i, name in enumerate(head.names) if name not in head.unnamed)}
        wide = max([len(head.names), *(column + 1 for column in columns)])
        more = [_("column %(n)s", n=n + 1) for n in range(len(head.names), wide)]
        names = unique([*head.names, *more])
        nothing = pa.nulls(len(self._numbers), pa.dictionary(pa.int32(), pa.string()))
        made, notes = sheet_of(
            self._sheet,
            {name: columns.get(i, nothing) for i, name in enumerate(names)},
            format="xlsx",
            where=self._where,
            numbers=pa.array(np.frombuffer(self._numbers, np.int32)),
            unnamed=head.unnamed | frozenset(names[len(head.names) :]),
        )
        return made, (*head.notes, *notes)
