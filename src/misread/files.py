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


def write_folder(folder: Path, contents: Mapping[str, str | bytes]) -> None:
    """Write several files into a folder, each whole, in the order given; names may hold folders."""
    for name, content in contents.items():
        write_whole(folder / name, content)
