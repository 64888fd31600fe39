"""Files appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from misread.errors import MisreadError, Problem

HOME = "misread-out"
"""Folder under the current one that results go to where none is named."""


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file beside its target and move it there, so that nobody ever sees half of it; text as UTF-8.

    Raises
    ------
    MisreadError
        If the file cannot be written.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:80]}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files private to the user; ours are as public as any new file.
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)
        Path(temporary).replace(path)
        temporary = None
    except OSError as error:
        raise MisreadError(
            Problem(
                f"It cannot be written: {error.strerror or error}.",
                expected="a place you may write to, with room left.",
                mend="name another place with --out.",
                file=str(path),
            )
        ) from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def try_folder(folder: Path, option: str) -> None:
    """See that a folder can be written into, or made, before the work is done that will fill it; nothing is left there.

    Raises
    ------
    MisreadError
        If nothing can be written there; it names the option that named the folder.
    """
    here = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=here):
            pass
    except OSError as error:
        raise MisreadError(
            Problem(
                f"Nothing can be written there: {error.strerror or error}.",
                expected="a folder that you may write to, or may make.",
                mend=f"name another place with {option}.",
                file=str(folder),
            )
        ) from error


def write_folder(folder: Path, contents: Mapping[str, str | bytes]) -> None:
    """Write several files into a folder, each whole, in the order given; names may hold folders."""
    for name, content in contents.items():
        write_whole(folder / name, content)
