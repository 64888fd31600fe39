"""How a text is written: its encoding, what stands between cells, the names of its columns."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from misread.audit.reading.ask import Ask

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Marks at the beginning, the longer first since one begins as another does; Python's codec drops the mark."""
LOOKED_AT = 2**26
"""Bytes that are looked at to tell UTF-8 from other encodings."""
BEGINNING = 2**18
"""Bytes in which the names of columns, and what stands between cells, are found."""
SAMPLE = 2**16
PIECE = 2**20
LINES = 50
BETWEEN = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
GUESSES = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "gb18030", "big5", "shift_jis", "euc_kr", "koi8_r"]
"""Encodings that are guessed among where a file is not UTF-8, the commoner first."""


@dataclass(frozen=True, slots=True)
class Written:
    """How a CSV file is written.

    Attributes
    ----------
    encoding : str
        As Python calls it.
    delimiter : str
        What stands between cells.
    names : tuple of str
        Names of the columns, space around them taken off.
    skip : int
        Lines before that of the names.
    mixed : bool
        Whether its lines end in more than one way.
    notes : tuple of str
        What was found out, for whoever wants to know how it was read.
    """

    encoding: str
    delimiter: str
    names: tuple[str, ...]
    skip: int
    mixed: bool
    notes: tuple[str, ...]


@contextmanager
def bytes_of(path: Path, *, packed: bool) -> Iterator[BinaryIO]:
    """The bytes of a text, unpacked where it is packed with gzip."""
    # Opened by the path itself, which may as well be something in memory that opens alike.
    with path.open("rb") as file:
        if packed:
            with gzip.open(file, "rb") as unpacked:
                yield cast(BinaryIO, unpacked)
        else:
            yield file


def encoding_of(path: Path, ask: Ask, *, packed: bool) -> tuple[str, bool]:
    """The encoding of a text, and whether it is a guess.

    Raises
    ------
    MisreadError
        If there is no such encoding, or it is no text.
    """
    if ask.encoding is not None:
        try:
            # Some codecs are not of text.
            "".encode(ask.encoding).decode(ask.encoding)
            return codecs.lookup(ask.encoding).name, False
        except (LookupError, ValueError, TypeError) as error:
            raise ask.wrong(
                "encoding",
                f"There is no encoding {ask.encoding[:40]!r}.",
                "one such as utf-8, utf-16, cp1252, gb18030.",
                "leave it out, and it is found out.",
            ) from error
    decoder, looked_at = codecs.getincrementaldecoder("utf-8")(), 0
    with bytes_of(path, packed=packed) as file:
        start = file.read(PIECE)
        for mark, name in MARKS:
            if start.startswith(mark):
                return name, False
        if b"\0" in start[:SAMPLE]:
            return _wide(start, path, ask), True
        piece = start
        try:
            while piece and looked_at < LOOKED_AT:
                decoder.decode(piece)
                looked_at += len(piece)
                piece = file.read(PIECE)
        except UnicodeDecodeError:
            return _guessed(piece, path, ask), True
    return "utf-8", False


def _wide(start: bytes, path: Path, ask: Ask) -> str:
    """UTF-16 without a mark: whoever writes ASCII in it writes a zero for every second byte."""
    half = len(start[:SAMPLE]) // 2
    for name, zeros in (("utf-16-le", start[1:SAMPLE:2]), ("utf-16-be", start[0:SAMPLE:2])):
        if half and zeros.count(0) > 0.4 * half:
            return name
    raise ask.wrong(
        "",
        "It holds zero bytes: it is no text.",
        "a file of Parquet, CSV, JSON lines, Arrow or Feather.",
        f"if it is text, say how it is written with {ask.option('encoding', 'utf-16')}.",
        file=str(path),
    )


def _guessed(piece: bytes, path: Path, ask: Ask) -> str:
    from charset_normalizer import from_bytes

    # What tells encodings apart are the bytes that are not ASCII.
    first = next((i for i, byte in enumerate(piece) if byte > 127), 0)
    sample = piece[max(0, first - SAMPLE // 4) :][:SAMPLE]
    found = from_bytes(sample, cp_isolation=GUESSES, threshold=0.5)
    likely = {name for match in found for name in match.could_be_from_charset}
    for name in GUESSES:
        if name in likely:
            return name
    raise ask.wrong(
        "encoding",
        "It is no text in any encoding that is known here.",
        "text in UTF-8.",
        f"say how it is written with {ask.option('encoding', 'NAME')}.",
        file=str(path),
    )


def written(path: Path, ask: Ask, *, packed: bool) -> Written:
    """How a CSV file is written.

    What stands between cells is whatever makes columns of the names that were asked for; where nothing does, what
    makes most columns of the first lines.

    Raises
    ------
    MisreadError
        If it is no text, or a column that is needed has the name of another.
    """
    encoding, guess = encoding_of(path, ask, packed=packed)
    notes = [f"read as {encoding}{', a guess' if guess else ''}."] if encoding != "utf-8" else []
    with bytes_of(path, packed=packed) as file:
        text = codecs.getincrementaldecoder(encoding)("replace").decode(file.read(BEGINNING)).lstrip("\ufeff")
    blank = len(text) - len(text.lstrip("\r\n"))
    skip = len(text[:blank].splitlines())
    text, said = text[blank:], ""
    mixed = 0 < text.count("\r\n") < text.count("\n")
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        text, skip, said = rest, skip + 1, first.strip()[-1]
    needed = {column for _, column in ask.roles()}
    delimiter = ask.delimiter or said or _delimiter(text, needed)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise ask.wrong("delimiter", f"It is {delimiter!r}.", "one character, such as a comma or a semicolon.")
    if delimiter != ",":
        notes.append(f"between cells stand {BETWEEN.get(delimiter, repr(delimiter))}.")
    names = tuple(name.strip() for name in next(_rows(text, delimiter), []))
    for column in needed:
        if names.count(column) > 1:
            raise ask.wrong(
                "", f'{names.count(column)} columns are called "{column}".', "one.", "rename them.", file=str(path)
            )
    return Written(encoding, delimiter, names, skip, mixed, tuple(notes))


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Rows of a text, as far as it is CSV."""
    with suppress(csv.Error):
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _delimiter(text: str, needed: set[str]) -> str:
    found = []
    for delimiter in BETWEEN:
        rows = list(islice(_rows(text, delimiter), LINES))
        head = [name.strip() for name in rows[0]] if rows else []
        # The last line may be cut.
        alike = sum(len(row) == len(head) for row in rows[:-1] or rows) / max(len(rows[:-1] or rows), 1)
        found.append((len(needed & set(head)), alike * (len(head) > 1), len(head), delimiter))
    return max(found, key=lambda each: each[:3])[3]
