"""Where the prepared networks lie, what was made of what, and whether it is still that."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from misread.closed.readers.convert import VERSION
from misread.closed.readers.packages.table import PACKAGES, Package
from misread.errors import MisreadError, Problem, install
from misread.files import write_whole

VARIABLE = "MISREAD_CACHE"
"""Environment variable that names another folder for what is kept between runs."""
MANIFEST = "manifest.json"
NOTE = "For faces that misread rendered, and for nothing else."


def cache_folder() -> Path:
    """The folder of the prepared networks: of `MISREAD_CACHE`, or where this platform keeps what can be made again."""
    named = os.environ.get(VARIABLE)
    return (Path(named).expanduser() if named else _platform_cache() / "misread") / "closed"


def _platform_cache() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def sha256(content: bytes) -> str:
    """The digest, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def pins(packages: Sequence[Package] = PACKAGES) -> list[dict[str, Any]]:
    """What the manifest says of where its files come from: it must be what is pinned now."""
    return [
        {
            "name": package.name,
            "version": package.version,
            "archive": package.archive,
            "sha256": package.sha256,
            "licence": package.licence,
            "read": [{"path": s.path, "sha256": s.sha256} for model in package.models for s in model.sources],
        }
        for package in packages
    ]


def manifest(files: dict[str, str], made_with: dict[str, str]) -> dict[str, Any]:
    """What is written beside the files: pins, files with their SHA-256, and the versions of what made them."""
    return {
        "note": NOTE,
        "conversion": VERSION,
        "made_with": made_with,
        "packages": pins(),
        "files": [{"file": name, "sha256": digest} for name, digest in files.items()],
    }


def kept() -> dict[str, Any] | None:
    """The manifest, if all that it names is there unchanged and made of what is pinned now."""
    folder = cache_folder()
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        same = found["conversion"] == VERSION and found["packages"] == pins()
        named = {entry["file"]: entry["sha256"] for entry in found["files"]}
        expected = {model.file for package in PACKAGES for model in package.models}
        whole = all(sha256((folder / name).read_bytes()) == digest for name, digest in named.items())
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if same and whole and set(named) == expected else None


def prepared(file: str) -> bytes:
    """A file of the cache, unchanged since it was prepared.

    Raises
    ------
    MisreadError
        If it is not there, or not what the manifest says.
    """
    folder = cache_folder()
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        (digest,) = (entry["sha256"] for entry in found["files"] if entry["file"] == file)
        content = (folder / file).read_bytes()
        current = found["conversion"] == VERSION and found["packages"] == pins() and sha256(content) == digest
    except (OSError, ValueError, KeyError, TypeError):
        current = False
    if not current:
        raise MisreadError(
            Problem(
                f"{file} is not there as it was prepared for this version of misread.",
                "the files of networks and detector, prepared once on this machine.",
                "run `misread closed prepare`.",
                file=str(folder),
            )
        )
    return content


def keep(path: Path, content: str | bytes) -> None:
    """Write into the cache, whole or not at all.

    Raises
    ------
    MisreadError
        If it cannot be written.
    """
    try:
        write_whole(path, content)
    except MisreadError as error:
        raise unwritable(path, error.problems[0].what) from error


def unwritable(path: Path, what: str) -> MisreadError:
    """That the cache takes nothing."""
    return MisreadError(
        Problem(
            what,
            "a folder you may write to, with room left.",
            f"make room, or name another folder in the environment variable {VARIABLE}.",
            file=str(path),
        )
    )


def not_installed(library: str) -> MisreadError:
    """That the extra is missing."""
    return MisreadError(
        Problem(
            f"The networks need {library}, which is not installed.",
            "the extra `closed`.",
            install("closed"),
            file="misread closed",
        )
    )
