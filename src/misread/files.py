"""Files appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from misread.errors import MisreadError, Problem


def write_whole(path: Path, text: str) -> None:
    """Write a text file beside its target and move it there, so that nobody ever sees half of it.

    Raises
    ------
    MisreadError
        If the file cannot be written.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:80]}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
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


def write_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """Write several text files into a folder, each whole, in the order given."""
    for name, text in texts.items():
        write_whole(folder / name, text)
