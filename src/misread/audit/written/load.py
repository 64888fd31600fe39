"""audit.json, read: what a deployment or a program takes from it, or everything that is wrong with it."""

from __future__ import annotations

import difflib
import json
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from misread.audit.written.counts import FORMAT, Counts
from misread.errors import MisreadError, Problem

LIMIT = 128_000_000
"""Bytes. An audit with seven groups by eight labels and sixty strata takes under two million; what is written stays
below."""
MOST = 5
"""Mistakes that are told of one file."""
MEND = "write it again with `misread audit`."


def read_counts(path: str | Path) -> Counts:
    """The counts of an audit; what else the file holds is not looked at.

    Parameters
    ----------
    path : str or Path
        A file that `misread audit` wrote.

    Returns
    -------
    Counts

    Raises
    ------
    MisreadError
        If it cannot be read, is no audit, is of another version, or its numbers do not add up.
    """
    return _parsed(Counts, str(path), content(path))


def content(path: str | Path) -> bytes:
    """The bytes of a file, or what keeps them from being read."""
    where = Path(path)
    try:
        if where.is_dir():
            inside = where / "audit.json"
            mend = f"did you mean `{inside}`?" if inside.exists() else "name a file in it."
            raise _refused(where, "It is a folder.", "an audit.json.", mend)
        with where.open("rb") as stream:
            found = stream.read(LIMIT + 1)
    except FileNotFoundError as error:
        raise _refused(where, "There is no such file.", "", _beside(where)) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _refused(where, f"It cannot be read: {reason}.", "", "name another file.") from error
    if len(found) > LIMIT:
        raise _refused(
            where, f"It has more than {LIMIT:,} bytes.", "an audit.json.", "check that it is the right file."
        )
    return found


@lru_cache(maxsize=4)
def _parsed(kind: type[Counts], file: str, content: bytes) -> Counts:
    """One file, which a deployment may name several times."""
    try:
        said = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _refused(Path(file), "It is no JSON.", "an audit.json.", MEND) from error
    written = said.get("format") if isinstance(said, dict) else None
    if not isinstance(written, str) or not written.startswith(FORMAT.partition("/")[0] + "/"):
        raise _refused(Path(file), "It is no audit.", f"a file with the format {FORMAT}.", MEND)
    if written != FORMAT:
        what = f"Its format is {written[:60]!r}, which this version of misread does not know."
        raise _refused(Path(file), what, f"the format {FORMAT}.", "audit the answers again with this version.")
    try:
        return kind.model_validate_json(content.decode("utf-8-sig"))
    except ValidationError as error:
        raise MisreadError(
            [_wrong(file, detail) for detail in error.errors(include_url=False, include_input=False)[:MOST]]
        ) from None


def _wrong(file: str, detail: object) -> Problem:
    assert isinstance(detail, dict)
    key = ".".join(f"[{part + 1}]" if isinstance(part, int) else str(part) for part in detail["loc"]).replace(".[", "[")
    said = str(detail["msg"]).removeprefix("Value error, ").rstrip(".")
    return Problem(f"It is no audit as one was written: {said}.", "counts that add up, as `misread audit` writes them.",
                   MEND, file=file, key=key)  # fmt: skip


def _refused(path: Path, what: str, expected: str, mend: str) -> MisreadError:
    return MisreadError(Problem(what, expected, mend, file=str(path)))


def _beside(path: Path) -> str:
    try:
        names = [f.name for f in path.parent.iterdir()]
    except (OSError, ValueError):
        names = []
    meant = difflib.get_close_matches(path.name, names, n=1, cutoff=0.6)
    return f"did you mean `{path.with_name(meant[0])}`?" if meant else "check the path; `misread audit` writes one."
