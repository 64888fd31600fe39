"""A run that was started here: its process, how far it says it is, and what became of it, in words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from misread.language import gettext as _
from misread.language import ngettext
from misread.report.words import amount, half_up
from misread.web.runs.orders import Order

TAIL = 8192
"""Bytes at the end of what a run says that are read while it is under way."""
SAID = 12
"""Lines that are shown of a run that failed."""
GRACE = 5.0
"""Seconds that a run has to end when it is told to."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, as it says itself.

    Attributes
    ----------
    what : str
        ``"drawing"`` or ``"counting"``.
    done, of : int
        Work done, and work in all.
    rate, left : float or None
        How much goes by in a second, and seconds that remain.
    """

    what: str
    done: int
    of: int
    rate: float | None
    left: float | None

    @property
    def share(self) -> float:
        """Done of all, from 0 to 1."""
        return min(1.0, self.done / self.of)


@dataclass(frozen=True, slots=True)
class Told:
    """A run as the page shows it.

    Attributes
    ----------
    number : int
        Counted from 1 as runs were started.
    order : Order
        What was asked for.
    state : {"under way", "done", "stopped", "failed"}
        What has become of it.
    seconds : float
        How long it has taken, or took.
    progress : Progress or None
        How far it is, or was; None while it has said nothing.
    said : str
        All that in one or two sentences.
    wrong : str
        What it said itself if it failed.
    """

    number: int
    order: Order
    state: str
    seconds: float
    progress: Progress | None
    said: str
    wrong: str = ""


@dataclass(slots=True)
class Started:
    """A run that was started here.

    Attributes
    ----------
    order : Order
        What was asked for.
    process : subprocess.Popen
        The command itself.
    errors : file
        What it says on standard error; without a name.
    began, ended : float
        When, on a clock that only goes forward; `ended` is None while it is under way.
    stopped : bool
        Whether it was told to stop.
    """

    order: Order
    process: subprocess.Popen[bytes]
    errors: IO[bytes]
    began: float = field(default_factory=time.monotonic)
    ended: float | None = None
    stopped: bool = False

    @classmethod
    def begin(cls, order: Order, home: Path) -> Started:
        """Start the command. What was asked for is checked words of its own, and no shell reads them."""
        errors = tempfile.TemporaryFile()  # noqa: SIM115  # as long as the run
        _name, *words = order.words
        places = ["--out", str(home / order.folder), "--progress", "json"]
        process = subprocess.Popen(
            [sys.executable, "-m", "misread", *words, *places],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        return cls(order, process, errors)

    @property
    def under_way(self) -> bool:
        """Whether it has not ended yet."""
        if self.process.poll() is None:
            return True
        self.ended = self.ended or time.monotonic()
        return False

    def stop(self) -> None:
        """End it: files appear whole or not at all, so what it has finished stays."""
        if not self.under_way:
            return
        self.stopped = True
        self.process.terminate()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        """End it, and forget what it said."""
        self.stop()
        self.errors.close()

    def told(self, number: int) -> Told:
        """How it is with it now."""
        running = self.under_way
        seconds = (self.ended or time.monotonic()) - self.began
        code = self.process.returncode
        # A run that ended just before it was told to stop is done.
        state = "under way" if running else "done" if code == 0 else "stopped" if self.stopped else "failed"
        progress = progress_in(self._tail())
        said = _said(state, self.order, progress, seconds)
        wrong = (complaint(self._all()) or _ended(code)) if state == "failed" else ""
        return Told(number, self.order, state, seconds, progress, said, wrong)

    # The place in the file is the process's as well, so it is read without being moved.
    def _tail(self) -> str:
        size = os.fstat(self.errors.fileno()).st_size
        return os.pread(self.errors.fileno(), TAIL, max(0, size - TAIL)).decode(errors="replace")

    def _all(self) -> str:
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")


def progress_in(text: str) -> Progress | None:
    """The last whole line of progress in what a run has said."""
    whole = text[: text.rfind("\n") + 1]
    for line in reversed(whole.splitlines()):
        facts = _facts(line)
        if facts is not None:
            return Progress(facts["progress"], facts["done"], facts["of"], facts.get("rate"), facts.get("left"))
    return None


def complaint(text: str) -> str:
    """What a run has said that is no progress, its last lines."""
    lines = [line for line in text.strip().splitlines() if _facts(line) is None]
    return "\n".join(lines[-SAID:])


def _facts(line: str) -> dict[str, Any] | None:
    try:
        facts = json.loads(line)
    except ValueError:
        return None
    sound = isinstance(facts, dict) and {"progress", "done", "of"} <= facts.keys() and facts["of"] > 0
    return facts if sound else None


def _ended(code: int) -> str:
    return _("Its process ended (%(code)s).", code=code)


def _said(state: str, order: Order, progress: Progress | None, seconds: float) -> str:
    if state == "under way":
        return _far(progress)
    if state == "done":
        return _("Done in %(time)s.", time=duration(seconds))
    if state == "failed":
        return _("It failed after %(time)s. What it said:", time=duration(seconds))
    if not order.resumes:
        return _("You stopped it after %(time)s. It begins anew if you start it again.", time=duration(seconds))
    if progress is None or progress.what != "drawing":
        return _("You stopped it after %(time)s. What it had drawn is kept.", time=duration(seconds))
    return _(
        "You stopped it after %(time)s. %(done)s of %(of)s schools are drawn, and kept: it goes on from there.",
        time=duration(seconds),
        done=f"{progress.done:,}",
        of=f"{progress.of:,}",
    )


def _far(progress: Progress | None) -> str:
    if progress is None:
        return _("It is getting ready.")
    values = {"percent": int(100 * progress.share), "done": f"{progress.done:,}", "of": f"{progress.of:,}"}
    if progress.what != "drawing":
        said = _("Counting: %(percent)s %% done.", percent=values["percent"])
    elif progress.rate is None:
        said = _("Drawing: %(percent)s %% done, %(done)s of %(of)s schools.", **values)
    else:
        said = _(
            "Drawing: %(percent)s %% done, %(done)s of %(of)s schools, %(rate)s a second.",
            **values,
            rate=amount(progress.rate),
        )
    if progress.share == 1:
        return f"{said} {_('What follows will not take long.')}"
    if progress.left is None:
        return said
    return f"{said} {_('About %(time)s left for this.', time=duration(progress.left))}"


def duration(seconds: float) -> str:
    """A time in words, as exact as one wants to know it."""
    if seconds < 99.5:
        n = max(1, half_up(seconds))
        return ngettext("%(n)s second", "%(n)s seconds", n)
    minutes = half_up(seconds / 60)
    if minutes < 100:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes)
    hours = half_up(seconds / 3600)
    return ngettext("%(n)s hour", "%(n)s hours", hours)
