"""Runs: the command `misread run`, started from the page; what it has written, to be read and taken away.

Each is a process of its own, as if it had been typed, and writes to a folder as it always does. A run that is under way
when the server stops is stopped with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from misread.errors import MisreadError, Problem
from misread.web.shipped import known

MOST = 2
"""Runs that may be under way at once."""
FILES = {
    "report.html": ("text/html", "the report"),
    "findings.csv": ("text/csv", "all findings, as a table"),
    "findings.json": ("application/json", "all findings, for programs"),
    "deployment.toml": ("application/toml", "what was run"),
    "run.json": ("application/json", "how it was run"),
}
"""What a folder holds that can be taken away: its type, and what it is."""


@dataclass(frozen=True, slots=True)
class Started:
    """A run that was started here."""

    name: str
    began: float
    process: subprocess.Popen[bytes]
    said: IO[bytes]


@dataclass(frozen=True, slots=True)
class Told:
    """A run as the page shows it.

    Attributes
    ----------
    name : str
        The deployment.
    state : {"under way", "done", "failed"}
        What has become of it.
    seconds : float
        How long it has taken, or took.
    said : str
        What it said if it failed.
    """

    name: str
    state: str
    seconds: float
    said: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A folder of a run: its name, when it was written, the command, and which files it has."""

    folder: str
    when: str
    command: str
    files: tuple[tuple[str, str], ...]


class Runs:
    """What was started since the server began, and what lies in a folder.

    Parameters
    ----------
    home : Path
        Where runs lie: the folder that `misread run` writes to by itself.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._started: list[Started] = []
        self._ended: dict[int, float] = {}

    def start(self, asked: Mapping[str, str]) -> None:
        """Start a run.

        Parameters
        ----------
        asked : mapping
            `deployment`, the name of a shipped one; `seed`, a whole number.

        Raises
        ------
        MisreadError
            If there is no such deployment, the seed is none, or enough are under way.
        """
        name, seed = asked.get("deployment", ""), asked.get("seed", "1").strip()
        known(name)
        if not (seed.isascii() and seed.isdigit() and int(seed) < 2**32):
            raise MisreadError(Problem("That is no seed.", "a whole number from 0 to 4,294,967,295.", key="seed"))
        if sum(run.process.poll() is None for run in self._started) >= MOST:
            what = f"{MOST} runs are under way."
            raise MisreadError(Problem(what, mend="wait until one is done: each takes a core of this machine."))
        said = tempfile.TemporaryFile()  # noqa: SIM115  # as long as the run
        command = [sys.executable, "-m", "misread", "run", name, "--seed", seed]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
        self._started.append(Started(name, time.monotonic(), process, said))

    def told(self) -> Sequence[Told]:
        """What was started, the last first."""
        for run in self._started:
            if run.process.poll() is not None:
                self._ended.setdefault(run.process.pid, time.monotonic())
        return [_told(run, self._ended.get(run.process.pid)) for run in reversed(self._started)]

    def kept(self) -> Sequence[Kept]:
        """What lies there, the newest first."""
        if not self._home.is_dir():
            return []
        found = [(path.stat().st_mtime, path.parent) for path in self._home.glob("*/run.json")]
        return [kept for _, folder in sorted(found, reverse=True) if (kept := _kept(folder)) is not None]

    def file(self, folder: str, name: str) -> tuple[bytes, str] | None:
        """A file of a folder and its type; None where there is none: names are looked up in what lies there."""
        for kept in self.kept():
            if kept.folder == folder and name in {file for file, _ in kept.files}:
                return (self._home / kept.folder / name).read_bytes(), FILES[name][0]
        return None

    def close(self) -> None:
        """Stop what is under way."""
        for run in self._started:
            if run.process.poll() is None:
                run.process.terminate()
                run.process.wait()
            run.said.close()


def _told(run: Started, ended: float | None) -> Told:
    seconds, code = (ended or time.monotonic()) - run.began, run.process.returncode
    if ended is None:
        return Told(run.name, "under way", seconds)
    if code == 0:
        return Told(run.name, "done", seconds)
    run.said.seek(0)
    said = run.said.read().decode(errors="replace").strip().splitlines()
    return Told(run.name, "failed", seconds, "\n".join(said[-6:]) or f"Its process ended ({code}).")


def _kept(folder: Path) -> Kept | None:
    try:
        facts: dict[str, Any] = json.loads((folder / "run.json").read_bytes())
        when, command = str(facts["started"])[:16].replace("T", " "), str(facts["command"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    there = tuple((name, what) for name, (_, what) in FILES.items() if (folder / name).is_file())
    return Kept(folder.name, when, command, there)
