"""A table that was sent, read in memory alone: no file and no path, and no byte of it on a disk."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, cast

from misread.audit.reading import Ask, Counted, count

if TYPE_CHECKING:
    import pyarrow as pa

MOST_COLUMNS = 200
"""Columns that the page asks about."""
BEGINNING = 2**20
"""Bytes of a text in which examples of what a column holds are looked for."""
ROWS = 2000
"""Rows of any other file in which they are."""
MOST_UNPACKED = 2**30
"""Bytes that a packed text may have."""
MOST_CELLS = 10**8
"""Cells of a table that are read: a small file can hold very many rows that are alike."""
NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
"""What reads as a number."""


@dataclass(frozen=True, slots=True)
class Held:
    """A file that was sent. It can be opened as a path can, which is all that the readers of files ask of one.

    Attributes
    ----------
    name : str
        What it is called where it comes from, without folders.
    content : bytes
        All of it.
    """

    name: str
    content: bytes

    def open(self, _mode: str = "rb") -> BinaryIO:
        """Its bytes, from the beginning."""
        return io.BytesIO(self.content)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file, by its beginning.

    Attributes
    ----------
    name : str
        As the file has it.
    words : tuple of str
        Different values, in their order.
    numbers : bool
        Whether all of them are numbers.
    repeats : bool
        Whether a value comes again.
    """

    name: str
    words: tuple[str, ...]
    numbers: bool
    repeats: bool


def held(name: str, content: bytes) -> Held:
    """A file that was sent, unpacked where it is packed with gzip.

    Raises
    ------
    MisreadError
        If it is empty, or cannot be unpacked.
    """
    # A name may hold half a letter, which is no text.
    called = re.split(r"[/\\]", name)[-1].encode("utf-8", "replace").decode() or "file"
    if not content:
        raise Ask().wrong("", "It is empty.", "a table with a row for each answer.", file=called)
    if content[:2] == b"\x1f\x8b":
        try:
            with gzip.open(io.BytesIO(content)) as packed:
                content = packed.read(MOST_UNPACKED + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise Ask().wrong(
                "", "It is packed, and cannot be unpacked.", mend="unpack it first.", file=called
            ) from error
        if len(content) > MOST_UNPACKED:
            raise Ask().wrong("", "Unpacked it is larger than a gibibyte.", mend="use the command.", file=called)
    return Held(called, content)


def columns(file: Held, ask: Ask) -> tuple[Column, ...]:
    """The columns of a file, with examples of what they hold.

    Parameters
    ----------
    file : Held
        The file.
    ask : Ask
        How it is written, where that was said.

    Raises
    ------
    MisreadError
        If it is no table.
    """
    with _told(file, ask):
        table, _text, _notes = _table(file, ask, None, first=True)
        return tuple(_column(name, table.column(i)) for i, name in enumerate(table.column_names[:MOST_COLUMNS]))


def counted(file: Held, ask: Ask) -> Counted:
    """Count a file.

    Parameters
    ----------
    file : Held
        The file.
    ask : Ask
        Which column means what.

    Raises
    ------
    MisreadError
        If it cannot be read, or what is asked of it makes no sense.
    """
    import narwhals as nw

    from misread.audit.reading.frames import Source

    ask.check()
    with _told(file, ask):
        table, kind, notes = _table(file, ask, tuple(dict.fromkeys(column for _role, column in ask.roles())))
    source = Source(nw.from_native(table), file.name, kind, table.num_rows, kind in TEXTS, ordered=True)
    found = count(source, ask)
    digest = hashlib.sha256(file.content).hexdigest()
    facts = replace(found.facts, digest=digest, bytes=len(file.content), read_as=(*notes, *found.facts.read_as))
    return replace(found, facts=facts)


TEXTS = ("csv", "json lines")
"""Kinds whose numbers are made from text."""


def _table(
    file: Held, ask: Ask, wanted: Sequence[str] | None, *, first: bool = False
) -> tuple[pa.Table, str, tuple[str, ...]]:
    """The columns of a file that are needed, or all of them; what kind of file it is; how it was read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from misread.audit.reading.files.watched import kind_of

    kind = kind_of(cast(Path, file), ask)
    text = (pa.string(), pa.large_string())
    if kind == "text":
        return _text(file, ask, wanted, first=first)
    buffer = pa.BufferReader(file.content)
    if kind == "parquet":
        # Words that come again and again are held once.
        words = [one.name for one in pq.read_schema(buffer) if one.name in (wanted or ()) and one.type in text]
        parquet = pq.ParquetFile(buffer, read_dictionary=words)
        _present(ask, parquet.schema_arrow.names, file)
        if parquet.metadata.num_rows * len(wanted or ()) > MOST_CELLS:
            raise ask.wrong("", "It has too many rows for this page.", mend="use the command.", file=file.name)
        if first:
            batches = list(_some(parquet.iter_batches(ROWS), 1))
            return pa.Table.from_batches(batches, parquet.schema_arrow), "parquet", ()
        return parquet.read(list(wanted or ()) or None), "parquet", ()
    opened = pa.ipc.open_file(buffer) if kind == "arrow" else pa.ipc.open_stream(buffer)
    _present(ask, opened.schema.names, file)
    table = opened.read_all()
    table = table.slice(0, ROWS) if first else table
    return table if wanted is None else table.select(list(wanted)), "arrow", ()


def _some(all_of_them: Iterable[Any], n: int) -> Iterator[Any]:
    for _i, one in zip(range(n), all_of_them, strict=False):
        yield one


def _text(file: Held, ask: Ask, wanted: Sequence[str] | None, *, first: bool) -> tuple[pa.Table, str, tuple[str, ...]]:
    notes: tuple[str, ...] = ()
    begins = file.content[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if begins in (b"{", b"["):
        names, cells = _records(file, ask, first=first)
        _present(ask, names, file)
        table, delimiter, kind = _of_records(names, cells, wanted, ask, file), ",", "json lines"
    else:
        table, notes, delimiter = _csv(file, ask, wanted, first=first)
        kind = "csv"
    if first:
        return table, kind, notes
    for name in ask.numbers:
        i = table.column_names.index(name)
        table = table.set_column(i, name, _numbers(table.column(i), delimiter, ask))
    return table, kind, notes


def _csv(file: Held, ask: Ask, wanted: Sequence[str] | None, *, first: bool) -> tuple[pa.Table, tuple[str, ...], str]:
    """A CSV file, each cell as text. Columns go by number: names may be empty, or occur twice."""
    import pyarrow as pa
    from pyarrow import csv

    from misread.audit.reading.files.text import written

    how = written(cast(Path, file), ask, packed=False)
    _present(ask, how.names, file)
    content, encoding = file.content, how.encoding
    if first and len(content) > BEGINNING:
        # The last letter and the last line may be cut.
        begins = content[:BEGINNING].decode(encoding, "ignore").rpartition("\n")[0]
        content, encoding = begins.encode(), "utf-8"
    odd: list[csv.InvalidRow] = []

    def wrong(row: csv.InvalidRow) -> str:
        odd.append(row)
        return "skip" if first else "error"

    names = [f"c{i}" for i in range(len(how.names))]
    taken = [f"c{how.names.index(name)}" for name in wanted] if wanted is not None else names
    try:
        table = csv.read_csv(
            pa.BufferReader(content),
            csv.ReadOptions(
                encoding=encoding, column_names=names, skip_rows_after_names=1 + how.skip, use_threads=False
            ),
            csv.ParseOptions(delimiter=how.delimiter, newlines_in_values=True, invalid_row_handler=wrong),
            csv.ConvertOptions(include_columns=taken, column_types=dict.fromkeys(taken, pa.string())),
        )
    except pa.ArrowInvalid:
        if not odd:
            raise
        raise ask.wrong(
            "",
            f"A line has {odd[0].actual_columns} cells, and the first one {odd[0].expected_columns}.",
            "as many cells in each line.",
            "mend that line.",
            file=file.name,
            line=odd[0].number,
        ) from None
    return table.rename_columns(list(how.names if wanted is None else wanted)), how.notes, how.delimiter


def _records(file: Held, ask: Ask, *, first: bool) -> tuple[list[str], list[dict[str, Any]]]:
    """JSON lines, or one list: a record each."""
    text = file.content.decode("utf-8-sig")
    try:
        if text.lstrip().startswith("["):
            found = json.loads(text)
        else:
            # Other ends of lines may stand within a text.
            lines = (line for line in text.split("\n") if line.strip())
            found = [json.loads(line) for line in (_some(lines, ROWS) if first else lines)]
    except (ValueError, RecursionError) as error:
        raise ask.wrong("", "It is no JSON.", "a record in each line.", "write it again.", file=file.name) from error
    if not all(isinstance(record, dict) for record in found):
        raise ask.wrong("", "It holds something else than records.", "a record in each line.", file=file.name)
    found = found[:ROWS] if first else found
    return list(dict.fromkeys(str(name) for record in found for name in record)), found


def _of_records(
    names: Sequence[str], records: Sequence[dict[str, Any]], wanted: Sequence[str] | None, ask: Ask, file: Held
) -> pa.Table:
    import pyarrow as pa

    roles = {column: role for role, column in ask.roles()}
    made = {}
    for name in names if wanted is None else wanted:
        values = [record.get(name) for record in records]
        if any(isinstance(value, dict | list) for value in values):
            if wanted is not None:
                raise ask.wrong(
                    roles.get(name, ""),
                    f'"{name}" holds lists or records.',
                    "one word or number in each row.",
                    "make a column of what is meant.",
                    file=file.name,
                )
            continue
        made[name] = pa.array([_plain(value) for value in values], pa.string())
    return pa.table(made)


def _plain(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _numbers(cells: pa.ChunkedArray, delimiter: str, ask: Ask) -> pa.ChunkedArray:
    """Text as numbers. What should be one and is none becomes infinite, and is refused when it is counted."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(cells)
    # So pandas and NumPy write that there is no number.
    none = pc.equal(pc.utf8_lower(trimmed), "nan")
    missing = pc.or_kleene(pc.is_null(trimmed), pc.is_in(trimmed, pa.array(["", *ask.missing], pa.string())))
    missing = pc.or_kleene(missing, none)
    if delimiter != ",":
        trimmed = pc.replace_substring(trimmed, ",", ".")
    readable = pc.if_else(pc.match_substring_regex(trimmed, NUMBER), trimmed, "inf")
    return pc.if_else(missing, pa.scalar(None, pa.string()), readable).cast(pa.float64())


def _present(ask: Ask, names: Sequence[str], file: Held) -> None:
    """See that every column that is named is there."""
    from misread.audit.reading.frames import absent

    for role, column in ask.roles():
        if column not in names:
            raise ask.wrong(
                role, *absent(column, [name for name in names if name], ask, role, file.name), file=file.name
            )


def _column(name: str, values: pa.ChunkedArray) -> Column:
    """What a column's beginning tells."""
    from misread.audit.reading.words import word

    plain = [word(value) for value in values.to_pylist() if not isinstance(value, bytes | list | dict)]
    said = [text for text in plain if text is not None and text.strip()]
    words = tuple(dict.fromkeys(said))
    return Column(name, words, bool(words) and all(re.match(NUMBER, text) for text in words), len(words) < len(said))


class _told:  # noqa: N801  # it reads as a word
    """Says what a library says of a file in a sentence."""

    def __init__(self, file: Held, ask: Ask) -> None:
        self._file, self._ask = file, ask

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        import pyarrow as pa

        if isinstance(error, pa.ArrowException | OSError | EOFError | UnicodeError):
            self._refuse(error)

    def _refuse(self, error: BaseException) -> NoReturn:
        if isinstance(error, UnicodeError) or "utf8" in str(error).lower():
            raise self._ask.wrong(
                "encoding",
                "It cannot be read as text in the encoding that it seemed to have.",
                "text in UTF-8.",
                "say how it is written.",
                file=self._file.name,
            ) from error
        from misread.audit.reading.frames import first_line

        raise self._ask.wrong(
            "", f"It cannot be read: {first_line(error)}", "a whole table.", "write it again.", file=self._file.name
        ) from error
