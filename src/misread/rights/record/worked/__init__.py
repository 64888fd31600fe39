"""Records that come with misread: worked through, so that one can see what a record is."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from misread.deployment.text.source import near
from misread.errors import MisreadError, Problem
from misread.rights.record.model import Record
from misread.rights.record.store import read_record

SUFFIX = ".json"


@cache
def names() -> tuple[str, ...]:
    """Names of the worked records."""
    folder = resources.files("misread.rights.record.worked")
    return tuple(sorted(f.name.removesuffix(SUFFIX) for f in folder.iterdir() if f.name.endswith(SUFFIX)))


@cache
def worked(name: str) -> Record:
    """A worked record by its name.

    Parameters
    ----------
    name : str
        Such as "967-schools".

    Raises
    ------
    MisreadError
        If there is none of this name.
    """
    if name not in names():
        meant = near(name, names())
        raise MisreadError(
            Problem(
                f"No worked record is called `{name}`.",
                f"one of {', '.join(names())}.",
                f"did you mean `{meant}`?" if meant else "take one of these, or name a file.",
            )
        )
    file = resources.files("misread.rights.record.worked") / f"{name}{SUFFIX}"
    return read_record(file.read_bytes(), file=f"{name}{SUFFIX}")


def named(name: str) -> Record:
    """A worked record by its name, or one from its file.

    Parameters
    ----------
    name : str
        A name, such as "967-schools", or a file; a file of that name comes first.

    Raises
    ------
    MisreadError
        If there is neither, or the file holds no record.
    """
    return worked(name) if name in names() and not Path(name).exists() else read_record(Path(name))
