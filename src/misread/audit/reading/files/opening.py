"""A file as a lazy table: read by DuckDB, which may open these files and nothing else."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, NoReturn

import narwhals as nw

from misread.audit.reading.ask import Ask
from misread.audit.reading.files.text import Written, bytes_of, written
from misread.audit.reading.files.watched import KINDS, Watched, kind_of, watched
from misread.audit.reading.frames import TOO_LARGE, Source, absent, first_line

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

LARGEST_LEGACY = 2_000_000_000
"""Bytes of a CSV file that is not UTF-8: it is read into memory."""
MEMORY = "70%"
"""Of the machine's, at most: nothing is put on a disk where that is not enough."""
LOOKED_AT = 200_000
"""Objects of a JSON file in which the names of columns are looked for."""
WRONG_WIDTH = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
IN_WORDS = (
    ("unterminated quote", "A quotation mark is not closed."),
    ("quote", "A quotation mark stands within a cell."),
    ("line size", "A line is longer than two million letters."),
)
"""What DuckDB says of a CSV file, and what that means; it quotes the line itself, which is about somebody."""
AT_LINE = re.compile(r"CSV Error on Line: (\d+)")


@dataclass(frozen=True)
class Opened:
    """A file that is being read.

    Attributes
    ----------
    source : Source
        Its table.
    watch : Watched
        Its files.
    read_as : tuple of str
        How it is read, where that was found out.
    ask : Ask
        For messages.
    """

    source: Source
    watch: Watched
    read_as: tuple[str, ...]
    ask: Ask

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes."""
        return self.watch.digest

    @property
    def bytes(self) -> int:
        """Its size."""
        return self.watch.bytes

    def check_unchanged(self) -> None:
        """See that it is what it was when the reading began: same file, size and time of change.

        Raises
        ------
        MisreadError
            If it is not, or is gone.
        """
        # The digest has to be of what was counted: what changes while it is made is seen as well.
        if not self.watch.digest or self.watch.changed is not None:
            _refuse_changed(self.watch.changed or self.watch.paths[0], self.ask)


def _refuse_changed(path: Path, ask: Ask) -> NoReturn:
    raise ask.wrong(
        "",
        "It changed while it was read.",
        "a file that stays as it is.",
        "wait until it is written, or copy it first.",
        file=str(path),
    )


@contextmanager
def opened(given: str | Path, ask: Ask) -> Iterator[Opened]:
    """A file's table, as long as it is needed.

    Parameters
    ----------
    given : str or Path
        A file; a folder of Parquet files; or a pattern.
    ask : Ask
        Which columns are needed, and how a CSV file is written.

    Raises
    ------
    MisreadError
        If it cannot be read, or changed meanwhile.
    """
    import duckdb
    import pyarrow as pa

    watch = watched(given, ask)
    kinds = {kind_of(path, ask) for path in watch.paths}
    if len(kinds) > 1:
        raise ask.wrong(
            "",
            f"The files are of several kinds: {', '.join(sorted(kinds))}.",
            "one kind.",
            "name those of one kind, with a pattern in quotation marks.",
            file=str(given),
        )
    watch.start()
    # Sums of fractions hang on the order in which they are added: by one thread it is the same each time.
    connection = _connection(watch.paths, threads=1 if ask.score or ask.weights else None)
    try:
        yield Opened(*_opened(connection, watch, kinds.pop(), Path(given), ask), ask)
    except (RuntimeError, duckdb.InterruptException) as error:
        # So DuckDB says that Ctrl-C came while it worked.
        if "interrupt" in str(error).lower():
            raise KeyboardInterrupt from error
        raise
    except (duckdb.Error, pa.ArrowException, EOFError, OSError, UnicodeError, zlib.error) as error:
        if watch.changed is not None:
            _refuse_changed(watch.changed, ask)
        _refuse(error, str(given), ask)
    finally:
        connection.close()


def _connection(paths: Sequence[Path], threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A database in memory that can open these files and nothing else: no network, no extension, no temporary file."""
    import duckdb

    connection = duckdb.connect(
        ":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    connection.execute("SET allowed_paths = ?", [[str(path.absolute()) for path in paths]])
    # Rows would be written there, where memory is short.
    connection.execute("SET temp_directory = ''")
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    if threads is not None:
        connection.execute(f"SET threads = {threads}")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _opened(
    connection: duckdb.DuckDBPyConnection, watch: Watched, kind: str, given: Path, ask: Ask
) -> tuple[Source, Watched, tuple[str, ...]]:
    paths = [str(path.absolute()) for path in watch.paths]
    rows: int | None = None
    notes: tuple[str, ...] = ()
    text = False
    relation: Any
    if kind == "parquet":
        hive = any("=" in part for path in watch.paths for part in path.parent.parts[len(given.parts) :])
        how = f"hive_partitioning = {str(hive).lower()}, hive_types_autocast = false"
        relation = connection.sql(f"SELECT * FROM read_parquet($files, {how})", params={"files": paths})
        ((rows,),) = relation.count("*").fetchall()
    elif kind.startswith("arrow"):
        relation = connection.from_arrow(_arrow(watch.paths, kind))
        kind = "arrow"
    else:
        text = True
        kind, relation, notes = _text(connection, watch.paths, kind == "gzip", ask)
    source = Source(nw.from_native(relation), given.name, kind, rows, text, ordered=True)
    return source, watch, notes


def _arrow(paths: Sequence[Path], kind: str) -> Any:
    """Arrow files as DuckDB can scan them; a stream has to be in memory to be scanned twice."""
    import pyarrow as pa
    import pyarrow.dataset as ds

    if kind == "arrow":
        return ds.dataset([str(path) for path in paths], format="ipc")
    return pa.concat_tables([pa.ipc.open_stream(path.read_bytes()).read_all() for path in paths])


def _text(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], packed: bool, ask: Ask
) -> tuple[str, Any, tuple[str, ...]]:
    """JSON lines or CSV: each needed column as text, or as numbers where it has to hold these."""
    files = [str(path.absolute()) for path in paths]
    compression = "gzip" if packed else "none"
    with bytes_of(paths[0], packed=packed) as file:
        begins = file.read(1000).removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if begins in (b"{", b"["):
        return "json lines", _json(connection, files, compression, ask), ()
    how = [written(path, ask, packed=packed) for path in paths]
    if any((w.names, w.delimiter, w.encoding) != (how[0].names, how[0].delimiter, how[0].encoding) for w in how):
        raise ask.wrong(
            "",
            "The files do not have the same columns.",
            "parts of one table.",
            "name each by itself.",
            file=str(paths[0].parent),
        )
    wanted = _wanted(how[0].names, ask, paths[0].name)
    # DuckDB takes one way to end a line.
    mixed = any(w.mixed for w in how) and _size(paths, packed) <= LARGEST_LEGACY
    if how[0].encoding != "utf-8" or mixed:
        relation = connection.from_arrow(_legacy(paths, how[0], wanted, packed, ask))
        columns = {name: _quoted(name) for name in wanted}
        return "csv", relation.project(_projection(columns, how[0].delimiter, ask)), how[0].notes
    # Columns by number: names may be empty, or occur twice.
    shape = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(how[0].names)))
    columns = {name: f"c{how[0].names.index(name)}" for name in wanted}
    relation = connection.sql(
        f"""SELECT {_projection(columns, how[0].delimiter, ask)} FROM read_csv($files, auto_detect = false,
        delim = $delimiter, quote = '"', escape = '"', header = true, skip = {how[0].skip},
        columns = {{{shape}}}, compression = '{compression}', hive_partitioning = false)""",
        params={"files": files, "delimiter": how[0].delimiter},
    )
    return "csv", relation, how[0].notes


def _wanted(names: Sequence[str], ask: Ask, where: str) -> list[str]:
    """Columns that are needed, each once, all of them there."""
    for name, column in ask.roles():
        if column not in names:
            raise ask.wrong(name, *absent(column, [known for known in names if known], ask, name, where), file=where)
    wanted = list(dict.fromkeys(column for _, column in ask.roles()))
    # DuckDB does not tell these apart, and would take one for the other.
    folded = [column.casefold() for column in wanted]
    for i, column in enumerate(wanted):
        if folded.index(folded[i]) < i:
            other = wanted[folded.index(folded[i])]
            raise ask.wrong(
                "", f'"{other}" and "{column}" differ in case alone.', "other names.", "rename one.", file=where
            )
    return wanted


def _projection(columns: dict[str, str], delimiter: str, ask: Ask) -> str:
    """What is taken of a text. What should be a number and is none becomes infinite, and is refused later."""
    found = []
    for name, column in columns.items():
        if name not in ask.numbers:
            found.append(f"{column} AS {_quoted(name)}")
            continue
        point = f"replace(trim({column}), ',', '.')" if delimiter != "," else f"trim({column})"
        words = ", ".join("'" + w.replace("'", "''") + "'" for w in ("", *ask.missing))
        found.append(
            f"CASE WHEN {column} IS NULL OR trim({column}) IN ({words}) THEN NULL "
            f"ELSE coalesce(TRY_CAST({point} AS DOUBLE), 'inf'::DOUBLE) END AS {_quoted(name)}"
        )
    return ", ".join(found)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _json(connection: duckdb.DuckDBPyConnection, files: list[str], compression: str, ask: Ask) -> Any:
    scan = f"read_json($files, compression = '{compression}', sample_size = {LOOKED_AT}, hive_partitioning = false"
    types = {
        str(name): str(kind)
        for name, kind, *_ in connection.sql(f"DESCRIBE SELECT * FROM {scan})", params={"files": files}).fetchall()
    }
    if {"format", "margins", "estimates"} <= types.keys():
        raise ask.wrong(
            "",
            "It is what an audit wrote: figures, and no answers.",
            "a table with a row for each answer.",
            f"name that; to run the audit: misread run as-described --profile {quote(f'audit:{files[0]}')}.",
            file=files[0],
        )
    wanted = _wanted(list(types), ask, Path(files[0]).name)
    for name, column in ask.roles():
        if re.search(r"STRUCT|MAP|\[\]", types[column]):
            raise ask.wrong(
                name,
                f'"{column}" holds lists or records.',
                "one word or number in each row.",
                "make a column of what is meant.",
                file=files[0],
            )
    shape = ", ".join(f"'{name.replace(chr(39), chr(39) * 2)}': 'VARCHAR'" for name in wanted)
    columns = {name: _quoted(name) for name in wanted}
    return connection.sql(
        f"SELECT {_projection(columns, ',', ask)} FROM {scan}, columns = {{{shape}}})", params={"files": files}
    )


def _size(paths: Sequence[Path], packed: bool) -> int:
    """Bytes of texts, as large as they are unpacked."""
    total = 0
    for path in paths:
        with bytes_of(path, packed=packed) as file:
            total += file.seek(0, 2)
    return total


def _legacy(paths: Sequence[Path], how: Written, wanted: list[str], packed: bool, ask: Ask) -> pa.Table:
    """A CSV file that is not UTF-8, its needed columns in memory."""
    import pyarrow as pa
    from pyarrow import csv

    if _size(paths, packed) > LARGEST_LEGACY:
        raise ask.wrong(
            "", f"It is large and written in {how.encoding}.", "UTF-8.", "write it in UTF-8.", file=str(paths[0])
        )
    wrong: list[tuple[int | None, int, int]] = []

    def odd(row: csv.InvalidRow) -> str:
        wrong.append((row.number, row.expected_columns, row.actual_columns))
        return "error"

    places = {name: f"c{how.names.index(name)}" for name in wanted}
    tables = []
    for path in paths:
        with bytes_of(path, packed=packed) as file:
            try:
                tables.append(
                    csv.read_csv(
                        pa.PythonFile(file, mode="r"),
                        csv.ReadOptions(
                            encoding=how.encoding,
                            column_names=[f"c{i}" for i in range(len(how.names))],
                            skip_rows=how.skip,
                            skip_rows_after_names=1,
                            use_threads=False,
                        ),
                        csv.ParseOptions(delimiter=how.delimiter, newlines_in_values=True, invalid_row_handler=odd),
                        csv.ConvertOptions(
                            include_columns=list(places.values()),
                            column_types=dict.fromkeys(places.values(), pa.string()),
                        ),
                    )
                )
            except pa.ArrowInvalid:
                if wrong:
                    _refuse_width(*wrong[0], str(path), ask)
                raise
    return pa.concat_tables(tables).rename_columns(list(places))


def _refuse_width(line: int | None, expected: int, found: int, where: str, ask: Ask) -> NoReturn:
    raise ask.wrong(
        "",
        f"A line has {found} cells, and the first one {expected}.",
        "as many cells in each line.",
        f"mend that line, or say what stands between cells with {ask.option('delimiter')}.",
        file=where,
        line=line,
    )


def _refuse(error: Exception, where: str, ask: Ask) -> NoReturn:
    """What a library says of a file, in our words where they are known, else in its first line."""
    import duckdb

    if isinstance(error, duckdb.OutOfMemoryException):
        raise ask.wrong("", *TOO_LARGE, file=where)
    said = str(error)
    at = AT_LINE.search(said)
    line = int(at[1]) if at else None
    if width := WRONG_WIDTH.search(said):
        _refuse_width(line, int(width[1]), int(width[2]), where, ask)
    if "unicode" in said.lower() or isinstance(error, UnicodeError):
        raise ask.wrong(
            "encoding",
            "It cannot be read as text in the encoding that it seemed to have.",
            "text in UTF-8.",
            f"say how it is written with {ask.option('encoding', 'cp1252')}.",
            file=where,
            line=line,
        )
    if isinstance(error, OSError) and error.strerror:
        raise ask.wrong("", f"It cannot be read: {error.strerror}.", f"a file of {KINDS}", file=where)
    if line is not None:
        # What is possible, and how it was read, comes after.
        found = said.partition("Possible")[0].lower()
        what = next((words for known, words in IN_WORDS if known in found.rpartition("\n\n")[0]), "It is no CSV.")
        raise ask.wrong("", what, "cells between delimiters.", "mend that line.", file=where, line=line)
    # JSON that cannot be read is quoted too.
    reason = re.sub(r"\{.*\}", "{…}", re.sub(r"^(\w+ )*Error: ", "", first_line(error)))
    raise ask.wrong(
        "", f"It cannot be read: {reason}", f"a whole file of {KINDS}", "write it again.", file=where, line=line
    )
