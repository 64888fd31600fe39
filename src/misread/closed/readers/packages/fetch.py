"""Packages brought here by the registries' ordinary clients: none installed, no dependency, none of their code run."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

from misread.closed.readers.packages.table import Package
from misread.errors import MisreadError, Problem

BACKEND = '''
"""Stands in for setuptools: asked about a package, it names it, and runs nothing of it."""


def get_requires_for_build_wheel(config_settings=None):
    return []


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    import pathlib

    folder = pathlib.Path(metadata_directory) / "{folder}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
    return folder.name


__legacy__ = sys.modules[__name__]
'''
"""A build backend for pip.

To download a package of sources, pip asks its build backend for its name, and setuptools would run the package's
setup.py to answer. This one, found in setuptools' place, answers of what is pinned.
"""


def fetch(package: Package, into: Path) -> Path:
    """The package's archive, in a folder that is there; not yet checked.

    Raises
    ------
    MisreadError
        If the client is not there, the registry cannot be reached or the disk is full.
    """
    command = _pip(package, into) if package.client == "pip" else _npm(package)
    environment = dict(os.environ)
    if package.client == "pip":
        places = (str(_stand_in(package, into)), os.environ.get("PYTHONPATH"))
        environment["PYTHONPATH"] = os.pathsep.join(place for place in places if place)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=into)
    archive = into / package.archive
    if done.returncode or not archive.is_file():
        raise _failed(package, done.stderr or done.stdout)
    return archive


def _pip(package: Package, into: Path) -> list[str]:
    wanted = into / "wanted.txt"
    wanted.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n", encoding="utf-8")
    return [
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet", "download"),
        *("--no-deps", "--no-build-isolation", "--use-pep517", "--require-hashes"),
        *("--dest", str(into), "-r", str(wanted)),
    ]


def _stand_in(package: Package, into: Path) -> Path:
    """A folder to look in for setuptools first."""
    folder = into / "stand-in"
    (folder / "setuptools").mkdir(parents=True, exist_ok=True)
    # pip takes the name and the version from the folder's name too.
    named = f"{package.name.replace('-', '_')}-{package.version}"
    text = BACKEND.replace("{name}", package.name).replace("{version}", package.version).replace("{folder}", named)
    (folder / "setuptools" / "__init__.py").write_text("", encoding="utf-8")
    (folder / "setuptools" / "build_meta.py").write_text(f"import sys\n{text}", encoding="utf-8")
    return folder


def _npm(package: Package) -> list[str]:
    client = shutil.which("npm")
    if client is None:
        raise MisreadError(
            Problem(
                "There is no npm on this machine.",
                f"npm, which fetches {package.name}.",
                _elsewhere(f"install Node.js, fetch it elsewhere with `npm pack {package.name}@{package.version}`"),
                file="npm",
            )
        )
    return [client, "pack", "--ignore-scripts", "--silent", f"{package.name}@{package.version}"]


def _failed(package: Package, said: str) -> MisreadError:
    lines = [line for line in said.splitlines() if line.strip()]
    reason = next((line for line in reversed(lines) if "error" in line.lower()), lines[-1] if lines else "no reason")
    where = package.client
    if "No module named pip" in said:
        return MisreadError(
            Problem(
                "This Python has no pip.",
                f"pip, which fetches {package.name}.",
                _elsewhere("install it with `python -m ensurepip`"),
                file=where,
            )
        )
    if os.strerror(errno.ENOSPC) in said or "ENOSPC" in said:
        return MisreadError(
            Problem(f"The disk is full: {reason}.", "room for the packages.", "make room and run it again.", file=where)
        )
    if "DO NOT MATCH THE HASHES" in said or "EINTEGRITY" in said:
        return MisreadError(
            Problem(
                f"The registry's {package.name} {package.version} is another file than the one pinned.",
                f"SHA-256 {package.sha256}.",
                "take it from nowhere else than its registry; if it was changed there, the networks cannot be had.",
                file=where,
            )
        )
    return MisreadError(
        Problem(
            f"{package.name} {package.version} could not be fetched: {reason.strip()}",
            "a registry that can be reached.",
            _elsewhere("look at the network and the settings of the client"),
            file=where,
        )
    )


def _elsewhere(first: str) -> str:
    return f"{first}, or name a folder that holds the packages with --from."
