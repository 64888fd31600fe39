"""A CSV file as a table. Rows that do not fit are mended where that is plain, and told with their numbers."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.language import ngettext
from misread.rights.check.model import Choices, Note, Sheet
from misread.rights.check.reading.columns import one_dictionary, refuse_many, sheet_of
from misread.rights.check.reading.heads import SAMPLE, Head, head_of, unique
from misread.rights.check.reading.limits import LONGEST_ROW, MOST_COLUMNS
from misread.rights.check.reading.text import utf8

if TYPE_CHECKING:
    import pyarrow as pa

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
BEGINNING = 2**18
"""Bytes that are looked at to find out what stands between cells."""
HEADS = 5
"""Rows among which that of the names is, titles before it included."""
ALIKE, MOSTLY = 0.98, 0.9
"""How near a rival has to come for the user to be asked, and how many rows it has to divide alike."""
MOST_MENDED = 1_000
"""Rows that do not fit: with more of them it is read in a wrong way, rather than written badly."""
SAID = re.compile(rb"\A\"?sep=(.)\"?\r?\n", re.IGNORECASE)
"""A first line by which spreadsheets are told what stands between cells."""


@dataclass(frozen=True, slots=True)
class _Odd:
    """A row that has not as many cells as there are names; rows of data are counted from 0."""

    number: int
    cells: list[str]


def delimited(content: bytes, choices: Choices, where: str, sheet: str) -> tuple[tuple[Sheet, ...], tuple[Note, ...]]:
    """A CSV file.

    Parameters
    ----------
    content : bytes
        The file.
    choices : Choices
        What the user said about it.
    where, sheet : str
        The file, for messages; what its table is to be called.

    Returns
    -------
    tuple
        Its table, or none where nothing is in it; and notes.

    Raises
    ------
    MisreadError
        If it cannot be read, or it is not plain how.
    """
    content, notes = utf8(content, choices, where)
    said = SAID.match(content[:64])
    if said:
        content = content[said.end() :]
    beginning, whole = _beginning(content)
    if not beginning.strip():
        return (), (*notes, Note("empty", _("It is empty."), sheet))
    delimiter = _given(choices.delimiter) or (said[1].decode("latin-1") if said else "") or _found(beginning, where)
    rows = _rows(beginning, delimiter, where, whole)
    if not any(cell.strip() for row in rows for cell in row):
        return (), (*notes, Note("empty", _("There is nothing in its first rows."), sheet))
    # The line that tells the delimiter is a row of the file too.
    head = head_of(rows, range(1 + bool(said), 1 + bool(said) + len(rows)), choices, where, sheet)
    if delimiter != ",":
        known = DELIMITERS.get(delimiter, delimiter)
        notes = (*notes, Note("delimiter", _("Between its cells stands: %(what)s.", what=known), sheet))
    refuse_many(max(content.count(end) for end in (b"\n", b"\r")) + 1, len(head.names), where)
    only_names = whole and len(rows) == head.index + 1
    read, odd = ({}, []) if only_names else _read(content, delimiter, head, where)
    first = head.index + 2 + bool(said)
    columns, unnamed = _mended(read, odd, head)
    _refuse_open_quote(content, columns, first, where)
    made, more = sheet_of(sheet, columns, format="csv", where=where, first=first, unnamed=unnamed)
    return made, (*notes, *head.notes, *_told(odd, head, sheet, first), *more)


def _beginning(content: bytes) -> tuple[str, bool]:
    """The beginning as text, and whether that is all of it."""
    return content[:BEGINNING].decode("utf-8", errors="ignore"), len(content) <= BEGINNING


def _given(delimiter: str) -> str:
    typed = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    if typed and (len(typed) > 1 or not typed.isascii() or typed in '"\r\n\0' or typed.isalnum()):
        raise MisreadError(
            Problem(
                _("%(what)s cannot stand between cells.", what=repr(delimiter[:40])),
                _("one sign, such as a comma or a semicolon; or the word tab."),
                _("leave it out, and it is found out."),
                key="--delimiter",
            )
        )
    return typed


def _rows(text: str, delimiter: str, where: str, whole: bool = True) -> list[list[str]]:
    """Cells of the first rows."""
    # The limit is one of the whole process, and may only grow: others may be reading at the same time.
    if csv.field_size_limit() < LONGEST_ROW:
        csv.field_size_limit(LONGEST_ROW)
    try:
        found = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), SAMPLE))
    except csv.Error as error:
        raise MisreadError(
            Problem(
                _("Its first rows are no CSV: %(error)s.", error=str(error)),
                _("a file of rows, with a comma or the like between cells."),
                _("ask the school which program wrote it."),
                where,
            )
        ) from error
    # The last may have been cut in the middle.
    return found if whole or len(found) in (1, SAMPLE) else found[:-1]


def _found(beginning: str, where: str) -> str:
    """What stands between cells: what gives most rows the same number of them."""
    shares: dict[str, float] = {}
    for delimiter in DELIMITERS:
        widths = [len(row) for row in _rows(beginning, delimiter, where) if row]
        usual, times = Counter(widths).most_common(1)[0]
        # Decimal commas divide cells in rows of numbers, but never the names.
        if usual > 1 and max(widths[:HEADS]) > 1:
            shares[delimiter] = times / len(widths)
    if not shares:
        return ","
    best = max(shares, key=lambda delimiter: shares[delimiter])
    rivals = [delimiter for delimiter, share in shares.items() if share >= ALIKE * shares[best] and delimiter != best]
    rivals = [one for one in rivals if len(_rows(beginning, one, where)[0]) > 1 and shares[one] > MOSTLY]
    if rivals and len(_rows(beginning, best, where)[0]) > 1:
        names = _(" or ").join(DELIMITERS[one] for one in (best, *rivals))
        raise MisreadError(
            Problem(
                _("It is not plain what stands between its cells: %(names)s.", names=names),
                _("one sign that divides all rows alike."),
                _("say which with --delimiter."),
                where,
                "--delimiter",
            )
        )
    return best


def _read(content: bytes, delimiter: str, head: Head, where: str) -> tuple[dict[str, pa.Array], list[_Odd]]:
    """All columns of the rows that have as many cells as there are names, and the rows that do not."""
    import pyarrow as pa
    from pyarrow import csv as fast

    odd: list[_Odd] = []

    def keep(row: Any) -> str:
        if row.actual_columns > MOST_COLUMNS:
            return "error"
        cells = next(csv.reader(io.StringIO(row.text, newline=""), delimiter=delimiter), [])
        odd.append(_Odd(row.number - head.index - 2, cells))
        return "skip" if len(odd) <= MOST_MENDED else "error"

    if not content.endswith((b"\n", b"\r")) and b"\n" not in content:
        content += b"\n"
    # Rows are numbered only where one thread reads them.
    reading = fast.ReadOptions(
        use_threads=False, block_size=LONGEST_ROW, column_names=head.names, skip_rows_after_names=head.index + 1
    )
    parsing = fast.ParseOptions(
        delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=keep
    )
    text = pa.dictionary(pa.int32(), pa.string())
    converting = fast.ConvertOptions(
        column_types=dict.fromkeys(head.names, text), strings_can_be_null=True, null_values=[""]
    )
    try:
        table = fast.read_csv(pa.BufferReader(content), reading, parsing, converting)
    except pa.ArrowInvalid as error:
        raise _unreadable(odd, head, where) from error
    names = list(head.names)
    return {name: one_dictionary(table.column(i).chunks) for i, name in enumerate(names)}, odd


def _unreadable(odd: list[_Odd], head: Head, where: str) -> MisreadError:
    if len(odd) > MOST_MENDED:
        row = odd[0].number + head.index + 2
        return MisreadError(
            Problem(
                _(
                    "More than %(n)s rows have another number of cells than there are names (%(names)s); "
                    "the first is row %(row)s, with %(cells)s.",
                    n=f"{MOST_MENDED:,}",
                    names=len(head.names),
                    row=row,
                    cells=len(odd[0].cells),
                ),
                _("rows that have a cell for each name."),
                _("say what stands between cells with --delimiter, or which row holds the names with --header."),
                where,
            )
        )
    return MisreadError(
        Problem(
            _(
                "A row of it has more than %(bytes)s bytes or %(cells)s cells; "
                "a quote may have been opened and never closed.",
                bytes=f"{LONGEST_ROW:,}",
                cells=f"{MOST_COLUMNS:,}",
            ),
            _("rows, with line breaks between them."),
            _("ask the school for it again; or as XLSX or JSON."),
            where,
        )
    )


def _mended(
    columns: dict[str, pa.Array], odd: Sequence[_Odd], head: Head
) -> tuple[dict[str, pa.Array], frozenset[str]]:
    """The same columns with the odd rows in their places, and the names that the file does not have."""
    import numpy as np
    import pyarrow as pa

    text = pa.dictionary(pa.int32(), pa.string())
    columns = columns or {name: pa.array([], text) for name in head.names}
    if not odd:
        return columns, head.unnamed
    widest = max(len(row.cells) for row in odd)
    names = unique([*head.names, *(_("column %(n)s", n=n) for n in range(len(head.names) + 1, widest + 1))])
    good = len(columns[names[0]])
    # Rows that fit keep their order; the others, put after them, go back to where they stood.
    order = np.empty(good + len(odd), np.int64)
    apart = np.zeros(len(order), bool)
    apart[[row.number for row in odd]] = True
    order[~apart], order[apart] = np.arange(good), np.arange(good, len(order))
    mended = {}
    for i, name in enumerate(names):
        cells = [(row.cells[i] if i < len(row.cells) else None) or None for row in odd]
        before = columns[name] if name in columns else pa.nulls(good, text)
        mended[name] = one_dictionary([before, pa.array(cells, pa.string()).dictionary_encode()]).take(pa.array(order))
    return mended, head.unnamed | frozenset(names[len(head.names) :])


def _refuse_open_quote(content: bytes, columns: dict[str, pa.Array], first: int, where: str) -> None:
    """Refuse a file whose last row goes on over lines because a quote was never closed."""
    if content.count(b'"') % 2 == 0:
        return
    rows = len(next(iter(columns.values())))
    last = [array[-1].as_py() for array in columns.values()] if rows else []
    if any(cell and ("\n" in cell or "\r" in cell) for cell in last):
        raise MisreadError(
            Problem(
                _(
                    "A quote is opened in row %(row)s and never closed: all that follows became one cell.",
                    row=first + rows - 1,
                ),
                _("a second quote at the end of the cell."),
                _("ask the school for it again; or as XLSX or JSON."),
                where,
            )
        )


def _told(odd: Sequence[_Odd], head: Head, sheet: str, first: int) -> tuple[Note, ...]:
    """What is said of rows that did not fit, where they hold anything."""
    named = [row for row in odd if any(row.cells)]
    if not named:
        return ()
    row, most = named[0], len(head.names)
    said = ngettext(
        "A row has another number of cells than there are names (%(names)s): row %(row)s has %(cells)s.",
        "%(n)s rows have another number of cells than there are names (%(names)s); "
        "the first is row %(row)s, with %(cells)s.",
        len(named),
        names=most,
        row=first + row.number,
        cells=len(row.cells),
    )
    return (Note("ragged", said, sheet, first + row.number, count=len(named)),)
