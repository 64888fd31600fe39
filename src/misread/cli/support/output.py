"""Where results go: a folder named after the deployment, every file whole or not at all."""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from misread.errors import MisreadError, Problem
from misread.files import HOME

RUN, FORMAT = "run.json", "misread-run/1"
"""The file that says what wrote a folder, and its format."""
LONGEST = 60
"""Characters of a deployment's name that a folder's name takes."""


def folder_for(out: str | None, *names: str, digest: str) -> Path:
    """The folder that --out names, or one named after the deployments and their digest.

    Raises
    ------
    MisreadError
        If nothing can be written there; said before anything is computed.
    """
    if out is not None and not out.strip():
        raise _refused("--out", "it names no folder")
    folder = Path(out) if out is not None else Path(HOME) / f"{_plain('-'.join(names))}-{digest[:12]}"
    try:
        # The nearest of its parents that is there must be a folder that one may write to.
        there = next(p for p in (folder, *folder.absolute().parents) if p.exists())
        usable = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    except (OSError, ValueError) as error:
        raise _refused(str(folder), str(error)) from error
    if not usable:
        raise _refused(str(folder), f"{there} is no folder" if not there.is_dir() else "you may not write there")
    return folder


def refuse_others(folder: Path, command: str, digest: str | Mapping[str, str], seed: int) -> None:
    """Refuse a folder that holds the results of something else; nothing in it is touched.

    Another command, deployment, seed or version makes other results; more draws or schools make better ones.

    Parameters
    ----------
    folder : Path
        What --out names.
    command : str
        What writes there now, as ``run.json`` will have it.
    digest : str or mapping of str to str
        That of the deployment, or of each by name.
    seed : int
        Seed of all that is drawn.

    Raises
    ------
    MisreadError
        If what ``run.json`` there tells of is not this.
    """
    path = folder / RUN
    if not path.exists():
        return
    try:
        theirs = json.loads(path.read_bytes())
        facts = theirs if isinstance(theirs, dict) and theirs["format"] == FORMAT else None
    except (OSError, ValueError, KeyError):
        facts = None
    why = "" if facts is None else _difference(facts, command, digest, seed)
    if facts is None:
        why = f"Its {RUN} was not written by misread."
    if why:
        raise MisreadError(
            Problem(
                why,
                expected="results of this very run, or none.",
                mend="name another folder with --out, or remove this one if nobody needs it.",
                file=str(folder),
            )
        )


def _difference(theirs: Mapping[str, Any], command: str, digest: str | Mapping[str, str], seed: int) -> str:
    """Why results are not of this very run; empty if they are."""
    from misread.version import __version__

    wrote = str(theirs.get("command", ""))
    digested = "table" if _kind(command) == "misread audit" else "deployment"
    pairs: dict[str, tuple[object, object]] = {
        "command": (_kind(wrote), _kind(command)),
        digested: (_digests(theirs.get("sha256")), _digests(digest)),
        "seed": (theirs.get("seed"), seed),
        "version of misread": (theirs.get("version"), __version__),
    }
    for name, (there, here) in pairs.items():
        if there != here:
            return f"It belongs to another {name}: {there} there, {here} here. `{wrote}` wrote it."
    return ""


def _kind(command: str) -> str:
    """Which command it is, without what it was given."""
    return " ".join(command.split()[:2])


def _digests(of: object) -> object:
    """The beginnings of the digests of several deployments, in their order; that of one."""
    return ", ".join(str(d)[:12] for d in of.values()) if isinstance(of, Mapping) else str(of)[:12]


def plain_names(names: Mapping[str, Any]) -> dict[str, str]:
    """Name → a file name for it, no two alike."""
    found: dict[str, str] = {}
    for name in names:
        plain, n = _plain(name), 2
        while plain in found.values():
            plain, n = f"{_plain(name)}-{n}", n + 1
        found[name] = plain
    return found


def run_json(command: str, started: datetime, **facts: Any) -> str:
    """What may differ between two runs of the same thing: clock, duration, machine, versions."""
    import numpy
    import scipy

    from misread.version import __version__

    ended = datetime.now(UTC)
    content = {
        "format": FORMAT,
        "command": command,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round((ended - started).total_seconds(), 3),
        **facts,
        "version": __version__,
        "python": sys.version.split()[0],
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "platform": platform.platform(),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _plain(name: str) -> str:
    """A name that every file system takes."""
    return re.sub(r"[^\w.-]+", "-", name, flags=re.ASCII).strip("-.")[:LONGEST] or "deployment"


def _refused(folder: str, why: str) -> MisreadError:
    return MisreadError(
        Problem(
            f"Results cannot be written there: {why}.",
            expected="a folder you may write to, or the name of a new one.",
            mend="name another place with --out.",
            file=folder,
        )
    )
