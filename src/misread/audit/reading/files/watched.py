"""Which files are read, what they are, and whether they stayed what they were."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from glob import glob
from pathlib import Path
from threading import Thread

from misread.audit.reading.ask import Ask

PIECE = 2**20
MAGIC = (
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
    (b"\xff\xff\xff\xff", "arrow stream"),
    (b"\x1f\x8b", "gzip"),
)
"""How files begin that are read, beside text."""
OTHERS = (
    (b"PK\x03\x04", "a ZIP or a workbook", "save the sheet as CSV."),
    (b"\xd0\xcf\x11\xe0", "an old workbook", "save the sheet as CSV."),
    (b"%PDF", "a PDF", "ask for the table itself."),
    (b"\x89PNG", "a picture", "misread takes no pictures: give a table of answers."),
    (b"\xff\xd8\xff", "a picture", "misread takes no pictures: give a table of answers."),
    (b"GIF8", "a picture", "misread takes no pictures: give a table of answers."),
    (b"RIFF", "a film or a picture", "misread takes no pictures: give a table of answers."),
    (b"SQLite format 3", "a database", "write the table out as Parquet or CSV."),
    (b"\x89HDF", "an HDF5 file", "write the table out as Parquet or CSV."),
    (b"\x93NUMPY", "a NumPy array", "write the table out as Parquet or CSV."),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard", "unpack it."),
    (b"BZh", "packed with bzip2", "unpack it."),
    (b"\x80\x04", "a Python pickle, which is never opened", "write the table out as Parquet or CSV."),
    (b"\x80\x05", "a Python pickle, which is never opened", "write the table out as Parquet or CSV."),
    (b"ORC", "an ORC file", "write the table out as Parquet or CSV."),
)
"""How files begin that are not: beginning, what it is, how to mend it."""
KINDS = "Parquet, CSV, JSON lines, Arrow or Feather."


@dataclass(frozen=True, slots=True)
class State:
    """What a file is at one moment: another one has another state."""

    size: int
    changed: int
    number: int

    @classmethod
    def of(cls, path: Path) -> State:
        """That of a file now."""
        found = path.stat()
        return cls(found.st_size, found.st_mtime_ns, found.st_ino)


@dataclass
class Watched:
    """Files that are being read: their digest is made beside the reading.

    Attributes
    ----------
    paths : tuple of Path
        In order.
    states : tuple of State
        Before the reading.
    """

    paths: tuple[Path, ...]
    states: tuple[State, ...]
    _digest: list[str] = field(default_factory=list)
    _thread: Thread | None = None

    @property
    def bytes(self) -> int:
        """Size of all of them."""
        return sum(state.size for state in self.states)

    def start(self) -> None:
        """Begin to digest, beside whatever else is done."""
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            parts = [_digest(path) for path in self.paths]
        # Whoever asks for the digest is told that the file is gone.
        except OSError:
            return
        one = parts[0] if len(parts) == 1 else hashlib.sha256("\n".join(parts).encode()).hexdigest()
        self._digest.append(one)

    @property
    def digest(self) -> str:
        """SHA-256 of all bytes of the file; of several, that of their digests, a line each."""
        if self._thread is not None:
            self._thread.join()
        return self._digest[0] if self._digest else ""

    @property
    def changed(self) -> Path | None:
        """The first file that is not what it was, if there is one."""
        for path, before in zip(self.paths, self.states, strict=True):
            try:
                now = State.of(path)
            except OSError:
                return path
            if now != before:
                return path
        return None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def watched(given: str | Path, ask: Ask) -> Watched:
    """The files that a path means: itself, the Parquet files right in a folder, or what fits a pattern.

    Raises
    ------
    MisreadError
        If there are none, or one cannot be read.
    """
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", str(given)):
        raise ask.wrong(
            "",
            "It is an address; misread fetches nothing.",
            "a file on this machine.",
            "fetch it first.",
            file=str(given),
        )
    path = Path(given)
    try:
        paths = tuple(_meant(path, ask))
        states = tuple(map(State.of, paths))
        for each in paths:
            # DuckDB takes names that are text.
            str(each).encode()
            if not each.is_file():
                _refuse_odd(each, ask)
            with each.open("rb"):
                pass
    except OSError as error:
        why = error.strerror or error
        raise ask.wrong(
            "", f"It cannot be read: {why}.", f"a file of {KINDS}", "check the path.", file=str(given)
        ) from error
    except ValueError as error:
        what = "Its name cannot be written as text." if isinstance(error, UnicodeError) else "It is no path."
        raise ask.wrong("", what, f"a file of {KINDS}", "rename it.", file=repr(str(given))) from error
    if not sum(state.size for state in states):
        raise ask.wrong("", "It is empty.", f"a file of {KINDS}", "write it again.", file=str(given))
    return Watched(paths, states)


def _refuse_odd(path: Path, ask: Ask) -> None:
    raise ask.wrong(
        "", "It is no ordinary file.", f"a file of {KINDS}", "write the table to a file first.", file=str(path)
    )


def _meant(path: Path, ask: Ask) -> Iterator[Path]:
    if path.is_dir():
        parts = sorted(_parts(path))
        if not parts:
            raise ask.wrong(
                "",
                "It is a folder without Parquet files.",
                f"a file of {KINDS}",
                "name a file in it.",
                file=str(path),
            )
        yield from parts
    elif not path.exists() and re.search(r"[*?[]", str(path)):
        # Path.glob takes no absolute pattern.
        found = sorted(Path(name) for name in glob(str(path), recursive=True) if Path(name).is_file())  # noqa: PTH207
        if not found:
            raise ask.wrong(
                "", "No file fits this pattern.", f"files of {KINDS}", "look where they lie.", file=str(path)
            )
        yield from found
    else:
        yield path


def _parts(folder: Path) -> Iterator[Path]:
    """Parquet files in a folder, and in folders of it that are called as a level of a column is: ``site=north``.

    What lies further down belongs to something else.
    """
    for part in folder.iterdir():
        if part.name.startswith((".", "_")):
            continue
        if part.suffix == ".parquet" and part.is_file():
            yield part
        elif "=" in part.name and part.is_dir():
            yield from _parts(part)


def kind_of(path: Path, ask: Ask) -> str:
    """What a file is, told by how it begins: "parquet", "arrow", "arrow stream", "gzip" or "text".

    Raises
    ------
    MisreadError
        If it is something that is not read.
    """
    with path.open("rb") as file:
        start = file.read(16)
    for magic, kind in MAGIC:
        if start.startswith(magic):
            return kind
    for magic, what, mend in OTHERS:
        if start.startswith(magic):
            raise ask.wrong("", f"It is {what}.", f"a file of {KINDS}", mend, file=str(path))
    if start[8:12] in (b"WEBP", b"AVI ") or start[4:8] == b"ftyp":
        raise ask.wrong(
            "", "It is a film or a picture.", f"a file of {KINDS}", "misread takes no pictures.", file=str(path)
        )
    return "text"
