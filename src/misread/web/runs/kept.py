"""What runs have written, in the folder that `misread run` writes to: to be listed and taken away."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from misread.deployment import shipped
from misread.language import mark

FILES = {
    "report.html": ("text/html", mark("the report")),
    "findings.csv": ("text/csv", mark("all findings, as a table")),
    "findings.json": ("application/json", mark("all findings, for programs")),
    "deployment.toml": ("application/toml", mark("what was run")),
    "run.json": ("application/json", mark("how it was run")),
}
"""What a folder holds that can be taken away: its type, and what it is, in English."""
NEEDED = frozenset({"findings.json", "deployment.toml"})
"""What two runs need to be held against each other."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A folder of a run.

    Attributes
    ----------
    folder : str
        Its name.
    when : str
        When it was begun, in UTC.
    command : str
        What was typed, or would have to be.
    files : tuple of str
        Which of `FILES` it has.
    engine : str
        Which engine ran; empty where the run does not say, as comparisons do not.
    seed, draws, schools : int or None
        As the run says; None where it says nothing.
    version : str
        Of misread.
    """

    folder: str
    when: str
    command: str
    files: tuple[str, ...]
    engine: str = ""
    seed: int | None = None
    draws: int | None = None
    schools: int | None = None
    version: str = ""

    @property
    def comparable(self) -> bool:
        """Whether it can be held against another run."""
        return set(self.files) >= NEEDED

    @property
    def deployment(self) -> str:
        """The shipped deployment that was run; empty where it was another."""
        words = _words(self.command)
        return words[2] if words[:2] == ["misread", "run"] and len(words) > 2 and words[2] in shipped() else ""

    @property
    def changed(self) -> bool:
        """Whether policies or single keys were laid on it."""
        return bool({"--with", "--set"}.intersection(_words(self.command)))

    @property
    def label(self) -> str:
        """What a list of runs calls it."""
        return f"{self.command.removeprefix('misread run ')} ({self.when})"


def kept_in(home: Path) -> Sequence[Kept]:
    """What lies in a folder, the newest first."""
    if not home.is_dir():
        return []
    found = [(path.stat().st_mtime, path.parent) for path in home.glob("*/run.json")]
    return [kept for _when, folder in sorted(found, reverse=True) if (kept := kept_of(folder)) is not None]


def kept_of(folder: Path) -> Kept | None:
    """A folder of a run; None where it is none."""
    try:
        facts: dict[str, Any] = json.loads((folder / "run.json").read_bytes())
        when, command = str(facts["started"])[:16].replace("T", " "), str(facts["command"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Kept(
        folder=folder.name,
        when=when,
        command=command,
        files=tuple(name for name in FILES if (folder / name).is_file()),
        engine=str(facts.get("engine") or ""),
        seed=_whole(facts.get("seed")),
        draws=_whole(facts.get("draws")),
        schools=_whole(facts.get("schools")),
        version=str(facts.get("version") or ""),
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return []
