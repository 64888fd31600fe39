"""A researcher's own file in the catalogue's format: read, and used beside the catalogue without a fork."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from misread.errors import MisreadError, Problem
from misread.evidence.entries.load import catalogue, read
from misread.evidence.entries.model import Entry, Matrix

LIMIT = 5_000_000
"""Bytes. The whole catalogue has 110,000."""
MARK = "#"
"""Between a file and an id in it: ``my-study.toml#X01``."""
HOME = Path()


def read_study(file: str | Path) -> Mapping[str, Entry]:
    """Read a file of one's own.

    Parameters
    ----------
    file : str or Path
        A TOML file in the catalogue's format.

    Returns
    -------
    mapping of str to Entry
        Evidence id → entry, in the order of ids.

    Raises
    ------
    MisreadError
        With everything that is wrong, ids that the catalogue uses included.
    """
    found = _read(str(file), _text(Path(file)))
    if not found:
        raise MisreadError(
            Problem(
                "It holds no entry.",
                "at least one table such as [X01].",
                "see docs/evidence-format.md for how one is written.",
                file=str(file),
            )
        )
    return found


def entry(ref: str, folder: Path = HOME) -> Entry:
    """An entry of the catalogue, or of a file of one's own.

    Parameters
    ----------
    ref : str
        An id, such as "M14", or a file and an id in it, such as "my-study.toml#X01".
    folder : Path
        What the file's path is relative to.

    Raises
    ------
    KeyError
        If the catalogue has no such id.
    MisreadError
        If the file cannot be read, is not as it should be, or has no such id.
    """
    file, mark, id = ref.rpartition(MARK)
    if not mark:
        return catalogue()[ref]
    path = folder / file
    known = read_study(path)
    if id not in known:
        meant = difflib.get_close_matches(id, known, n=1, cutoff=0.6)
        raise MisreadError(
            Problem(
                f"It has no entry `{id}`.",
                f"one of {', '.join(known)}.",
                f"did you mean `{meant[0]}`?" if meant else f"see `misread evidence check {path}`.",
                file=str(path),
            )
        )
    return known[id]


def matrix(ref: str, folder: Path = HOME) -> Matrix:
    """A confusion matrix of the catalogue, or of a file of one's own.

    Parameters
    ----------
    ref : str
        An id, such as "M14", or a file and an id in it, such as "my-study.toml#X01".
    folder : Path
        What the file's path is relative to: that of the deployment's file.

    Raises
    ------
    KeyError
        If the catalogue has no entry of that id, or it is no matrix.
    MisreadError
        If the file cannot be read, is not as it should be, or has no such matrix.
    """
    found = entry(ref, folder)
    if isinstance(found, Matrix):
        return found
    file, mark, id = ref.rpartition(MARK)
    if not mark:
        raise KeyError(ref)
    raise MisreadError(
        Problem(
            f"`{id}` is no matrix.",
            "an entry with a `table`.",
            "name another entry, or add the whole matrix.",
            file=str(folder / file),
            key=id,
        )
    )


@lru_cache(maxsize=16)
def _read(name: str, text: str) -> Mapping[str, Entry]:
    return read({name: text}, taken=frozenset(catalogue()))


def _text(path: Path) -> str:
    """What a file says, or what keeps it from being read."""
    try:
        if path.is_dir():
            raise _refused(path, "It is a folder.", mend="name a file in it.")
        with path.open("rb") as stream:
            content = stream.read(LIMIT + 1)
    except FileNotFoundError as error:
        raise _refused(path, "There is no such file.", mend=_beside(path)) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _refused(path, f"It cannot be read: {reason}.", mend="name another file.") from error
    if len(content) > LIMIT:
        what = f"It has more than {LIMIT:,} bytes."
        raise _refused(path, what, f"at most {LIMIT:,}.", "check that it is the file you meant.")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        expected, mend = "a TOML file in UTF-8.", "save it as UTF-8 in your editor."
        raise MisreadError(Problem("It is not written in UTF-8.", expected, mend, str(path), line=line)) from error


def _refused(path: Path, what: str, expected: str = "", mend: str = "") -> MisreadError:
    return MisreadError(Problem(what, expected, mend, file=str(path)))


def _beside(path: Path) -> str:
    try:
        names = [f.name for f in path.parent.iterdir()]
    except (OSError, ValueError):
        names = []
    meant = difflib.get_close_matches(path.name, names, n=1, cutoff=0.6)
    return f"did you mean `{path.with_name(meant[0])}`?" if meant else "check the path."
