"""Cells gathered into columns, each a dictionary of the texts that occur: a million rows of twelve labels are twelve
texts and a million small numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from misread.language import gettext as _
from misread.rights.check.model import Format, Note, Sheet
from misread.rights.check.reading.limits import LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, too_large

if TYPE_CHECKING:
    import pyarrow as pa

NUMBERS, TEXTS = frozenset({int, Decimal}), frozenset({str, type(None)})
"""Kinds of cell whose text is what Python makes of them, and those that are text already."""
CHUNK, CELLS = 32_768, 2_000_000
"""Rows and cells that wait to be packed, at most."""


class Gathered:
    """Cells put into columns as they come, row after row.

    Parameters
    ----------
    where : str
        For messages.
    text : callable
        What makes the text of a cell that is none yet.

    Attributes
    ----------
    count : int
        Rows that have ended.
    waiting : int
        Those of them that are not packed.
    cells : dict
        The key of a column → its cells that are not packed. A list that is shorter than ``waiting`` lacks cells, one
        that is longer has one in the row that has not ended.
    """

    def __init__(self, where: str, text: Callable[[Any], str | None]) -> None:
        self.count = self.waiting = 0
        self.cells: dict[Hashable, list[Any]] = {}
        self._where, self._text = where, text
        self._chunks: dict[Hashable, list[Any]] = {}

    def put(self, key: Hashable, cell: Any) -> bool:
        """A cell of the row that is open; false, and nothing is put, where it has one of the key."""
        column = self.column(key)
        missing = self.waiting - len(column)
        if missing < 0:
            return False
        column += [None] * missing
        column.append(cell)
        return True

    def column(self, key: Hashable) -> list[Any]:
        """The cells of a column that wait: always the same list, for those who put cells there themselves."""
        column = self.cells.setdefault(key, [])
        if len(self.cells) > MOST_COLUMNS:
            refuse_many(1, len(self.cells), self._where)
        return column

    def end(self) -> None:
        """The row ends, whatever was put into it."""
        self.count += 1
        self.waiting += 1
        if self.waiting == CHUNK or self.waiting * len(self.cells) > CELLS:
            self._pack()

    def columns(self) -> dict[Any, pa.Array]:
        """All of it, in the order in which the columns came; nothing is kept here."""
        self._pack()
        return {key: one_dictionary(self._chunks.pop(key)) for key in list(self._chunks)}

    def _pack(self) -> None:
        import pyarrow as pa

        refuse_many(self.count, len(self.cells), self._where)
        before = self.count - self.waiting
        for key, column in self.cells.items():
            column += [None] * (self.waiting - len(column))
            if key not in self._chunks:
                nothing = pa.nulls(before, pa.dictionary(pa.int32(), pa.string()))
                self._chunks[key] = [nothing] if before else []
            self._chunks[key].append(_packed(column, self._text))
            # Whoever puts cells there keeps hold of the list.
            column.clear()
        self.waiting = 0


def _packed(cells: list[Any], text: Callable[[Any], str | None]) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    kinds = set(map(type, cells))
    if kinds <= NUMBERS:
        cells = list(map(str, cells))
    elif kinds - TEXTS:
        cells = [cell if type(cell) is str else text(cell) for cell in cells]
    array = pa.array(cells, pa.string()).dictionary_encode()
    empty = pc.equal(array.dictionary, "")
    if empty.true_count:
        array = pc.if_else(empty.take(array.indices), None, array.cast(pa.string())).dictionary_encode()
    return array


def refuse_many(rows: int, columns: int, where: str) -> None:
    """Refuse more cells than are read.

    Raises
    ------
    MisreadError
        If there are.
    """
    if columns > MOST_COLUMNS:
        raise too_large(
            where, _("It has more than %(n)s columns.", n=f"{MOST_COLUMNS:,}"), _("fewer columns than that.")
        )
    if rows * columns > MOST_CELLS:
        raise too_large(
            where,
            _("It has more than %(rows)s rows of %(columns)s columns.", rows=f"{rows - 1:,}", columns=f"{columns:,}"),
            _("at most %(n)s cells.", n=f"{MOST_CELLS:,}"),
        )


def one_dictionary(chunks: list[Any]) -> pa.Array:
    """One array of several that have dictionaries of their own."""
    import pyarrow as pa

    whole = pa.chunked_array(chunks, pa.dictionary(pa.int32(), pa.string())).unify_dictionaries()
    return whole.chunk(0) if whole.num_chunks == 1 else whole.combine_chunks()


def sheet_of(
    name: str,
    columns: Mapping[str, pa.Array],
    *,
    format: Format,
    where: str,
    first: int = 1,
    numbers: pa.Array | None = None,
    unnamed: frozenset[str] = frozenset(),
) -> tuple[tuple[Sheet, ...], tuple[Note, ...]]:
    """A table of columns that are all as long; rows without any cell are left out, and so are columns without a name.

    Parameters
    ----------
    name, format, where, first, numbers
        As `Sheet` has them.
    columns : mapping of str to pyarrow.Array
        Dictionaries of text.
    unnamed : frozenset of str
        Columns that have no name in the file: they stay only where they hold something.

    Returns
    -------
    tuple
        The table, none where no column is left; and what was odd about it.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    names = list(columns)
    kept = [i for i, one in enumerate(names) if one not in unnamed or columns[one].null_count < len(columns[one])]
    arrays = {names[i]: columns[names[i]] for i in kept}
    places = {names[i]: i + 1 for i in kept}
    notes = [note for note in (_blank(arrays, name), *_cut(arrays, name, places, numbers, first)) if note]
    if notes and notes[0].kind == "blank":
        filled = _filled(arrays)
        at = pc.indices_nonzero(filled)
        numbers = pc.add(at.cast(pa.int64()), first) if numbers is None else numbers.take(at)
        arrays = {one: array.take(at) for one, array in arrays.items()}
    if not any(map(len, arrays.values())):
        said = _("It has names of columns, and no rows.") if arrays else _("It is empty.")
        notes.append(Note("empty", said, name))
    positions = () if kept == list(range(len(kept))) else tuple(i + 1 for i in kept)
    made = (Sheet(name, pa.table(arrays), format, where, first, numbers, positions),) if arrays else ()
    return made, tuple(notes)


def _filled(arrays: Mapping[str, pa.Array]) -> pa.Array:
    """Which rows hold anything."""
    import pyarrow.compute as pc

    some = None
    for array in arrays.values():
        some = array.is_valid() if some is None else pc.or_(some, array.is_valid())
    return some


def _blank(arrays: Mapping[str, pa.Array], sheet: str) -> Note | None:
    # Nearly always one column is full, and nothing has to be looked at.
    if not arrays or any(array.null_count == 0 for array in arrays.values()):
        return None
    filled = _filled(arrays)
    if blank := len(filled) - filled.true_count:
        return Note("blank", _("Rows without anything in them: %(n)s.", n=f"{blank:,}"), sheet, count=blank)
    return None


def _cut(
    arrays: dict[str, pa.Array], sheet: str, places: Mapping[str, int], numbers: pa.Array | None, first: int
) -> list[Note]:
    """Cut cells that are longer than any that is looked at."""
    import pyarrow as pa
    import pyarrow.compute as pc

    notes = []
    for name, array in list(arrays.items()):
        lengths = pc.utf8_length(array.dictionary)
        if (pc.max(lengths).as_py() or 0) <= LONGEST_CELL:
            continue
        long = pc.greater(lengths, LONGEST_CELL)
        cells = pc.indices_nonzero(pc.fill_null(long.take(array.indices), False))
        if not len(cells):
            continue
        # Two that begin alike become one: the dictionary is made again.
        texts = pc.utf8_slice_codeunits(array.dictionary, 0, LONGEST_CELL)
        again = texts.dictionary_encode()
        arrays[name] = pa.DictionaryArray.from_arrays(again.indices.take(array.indices), again.dictionary)
        at = cells[0].as_py()
        said = _(
            "Cells of the column “%(name)s” that are longer than %(most)s letters: %(n)s. "
            "Their beginnings are looked at.",
            name=name,
            most=f"{LONGEST_CELL:,}",
            n=f"{len(cells):,}",
        )
        row = first + at if numbers is None else numbers[at].as_py()
        notes.append(Note("cut", said, sheet, row, places[name], len(cells)))
    return notes
