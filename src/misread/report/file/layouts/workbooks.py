"""The layouts that are workbooks: a sheet a year, or a lesson a row."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from misread.errors import MisreadError, Problem
from misread.report.file.entries import ChildFile, Entry, Kind
from misread.report.file.layouts import Layout
from misread.report.file.layouts.writers import (
    MADE_UP,
    Cell,
    date_text,
    number_text,
    outcome_text,
    row_of,
    time_text,
    told_text,
)

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""What a sheet can hold (ECMA-376, as Excel limits it)."""
EPOCH = datetime(2001, 1, 1)
"""The time that every workbook says it was made at: a clock would make no two alike."""


def workbook(file: ChildFile, layout: Layout) -> bytes:
    """The file as a workbook.

    Parameters
    ----------
    file : ChildFile
        The file.
    layout : Layout
        One of format ``xlsx``.

    Returns
    -------
    bytes
        The same for the same file.

    Raises
    ------
    MisreadError
        If a sheet would be too large.
    """
    sheets = _years(file, layout) if layout.nesting == "a sheet a year" else _lessons(file, layout)
    return _packed(sheets)


def _years(file: ChildFile, layout: Layout) -> dict[str, list[list[Cell]]]:
    columns = [what for what in layout.names if what != "sheet"]
    head: list[Cell] = [layout.names[what] for what in columns]
    sheets: dict[str, list[list[Cell]]] = {}
    for year, entries in groupby(file.held(), key=lambda e: e.year):
        sheets[f"{layout.names['sheet']} {year}"] = [head, *map(row_of(layout, file, columns), entries)]
    return sheets or {layout.names["sheet"]: [head]}


def _lessons(file: ChildFile, layout: Layout) -> dict[str, list[list[Cell]]]:
    """A row a lesson, its looks side by side; a row of its own for what comes in the evening."""
    lessons = [(key, list(inside)) for key, inside in groupby(file.held(), key=lambda e: (e.year, e.day, e.lesson))]
    flags = max((sum(e.kind is Kind.FLAG for e in inside) for _, inside in lessons), default=0)
    name, table = layout.names, file.timetable
    head: list[Cell] = [name["date"], name["lesson"], name["time"]]
    head += [f"{name['label']} +{number_text(layout, i * table.interval)} min" for i in range(table.looks)]
    groups = ("flag", "flag time", "message", "told")
    head += [f"{name[what]} {i}" for i in range(1, flags + 1) for what in groups]
    head += [name[what] for what in ("mark", "decision", "by", "outcome")]
    rows = [head]
    for (_, _, lesson), inside in lessons:
        if lesson:
            rows.append(_lesson(layout, inside, table.looks))
        else:
            rows += [_evening(layout, e, len(head)) for e in inside]
    return {name["sheet"]: rows}


def _lesson(layout: Layout, inside: list[Entry], looks: int) -> list[Cell]:
    raised = [e for e in inside if e.kind is Kind.FLAG]
    first = inside[0]
    row: list[Cell] = [date_text(layout, first.at), first.lesson, time_text(layout, first.at)]
    row += [e.word for e in inside if e.kind is Kind.LABEL]
    row += [""] * (3 + looks - len(row))
    for e in raised:
        row += [e.word, time_text(layout, e.at), e.message, told_text(layout, e)]
    return row


def _evening(layout: Layout, entry: Entry, width: int) -> list[Cell]:
    last: list[Cell] = ["", entry.word, entry.by, outcome_text(layout, entry)]
    if entry.kind is Kind.MARK:
        last = [entry.word, "", "", ""]
    start: list[Cell] = [date_text(layout, entry.at), "", time_text(layout, entry.at)]
    return [*start, *[""] * (width - len(start) - len(last)), *last]


def _packed(sheets: Mapping[str, list[list[Cell]]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    _refuse_large(sheets)
    book = Workbook(write_only=True)
    book.properties.creator = MADE_UP
    book.properties.created = EPOCH
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(_plain(sheet, row)))
    out = io.BytesIO()
    # Stored first, packed once below.
    ExcelWriter(book, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True)).save()
    return _without_clock(out.getvalue())


def _plain(sheet: WriteOnlyWorksheet, row: Iterable[Cell]) -> Iterator[Any]:
    """Cells that are what they are: text that begins with "=" is no formula."""
    from openpyxl.cell import WriteOnlyCell

    for value in row:
        if isinstance(value, str) and value.startswith("="):
            found = WriteOnlyCell(sheet, value)
            found.data_type = "s"
            yield found
        else:
            yield None if value == "" else value


def _refuse_large(sheets: Mapping[str, list[list[Cell]]]) -> None:
    tall = max(map(len, sheets.values()))
    wide = max(len(rows[0]) for rows in sheets.values())
    if tall > MOST_ROWS or wide > MOST_COLUMNS:
        raise MisreadError(
            Problem(
                f"A sheet of it would have {tall:,} rows and {wide:,} columns.",
                expected=f"at most {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns, which is what a workbook holds.",
                mend="take --as-export csv or json, or fewer years.",
                key="--as-export",
            )
        )


def _without_clock(data: bytes) -> bytes:
    """The workbook packed anew, with one date for all that is in it."""
    out = io.BytesIO()
    made = EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + made, content)
            info = zipfile.ZipInfo(name, date_time=(EPOCH.year, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100644 << 16
            new.writestr(info, content, compresslevel=6)
    return out.getvalue()
