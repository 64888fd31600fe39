"""Runs: the command `misread run`, started from the page; what it has written, to be read, compared and taken away.

Each is a process of its own, as if it had been typed, and writes to a folder as it always does. A run that is under way
when the server stops is stopped with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.web.runs.kept import FILES, Kept, kept_in
from misread.web.runs.orders import Order
from misread.web.runs.under_way import Started, Told

__all__ = ["FILES", "MOST", "Kept", "Order", "Runs", "Told"]

MOST = 2
"""Runs that may be under way at once."""


class Runs:
    """What was started since the server began, and what lies in a folder.

    Parameters
    ----------
    home : Path
        Where runs lie: the folder that `misread run` writes to by itself.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self._started: list[Started] = []

    def start(self, order: Order) -> None:
        """Start a run.

        Raises
        ------
        MisreadError
            If enough are under way, or this very one is.
        """
        under_way = [run.order for run in self._started if run.under_way]
        if order.folder in {other.folder for other in under_way}:
            raise MisreadError(Problem(_("This very run is under way."), mend=_("wait until it is done, or stop it.")))
        if len(under_way) >= MOST:
            what = _("%(n)s runs are under way.", n=MOST)
            raise MisreadError(Problem(what, mend=_("wait until one is done: each takes a core of this machine.")))
        self._started.append(Started.begin(order, self.home))

    def again(self, number: int) -> None:
        """Start a run again that was stopped or has failed; where it can, it goes on from what is kept.

        Raises
        ------
        MisreadError
            As `start`; or if there is none of this number.
        """
        self.start(self._one(number).order)

    def stop(self, number: int) -> None:
        """Stop a run; one that has ended is left as it is.

        Raises
        ------
        MisreadError
            If there is none of this number.
        """
        self._one(number).stop()

    def told(self) -> Sequence[Told]:
        """What was started, the last first."""
        numbered = [run.told(n) for n, run in enumerate(self._started, 1)]
        return numbered[::-1]

    def kept(self) -> Sequence[Kept]:
        """What lies there, the newest first."""
        return kept_in(self.home)

    def file(self, folder: str, name: str) -> tuple[bytes, str] | None:
        """A file of a folder and its type; None where there is none: names are looked up in what lies there."""
        for kept in self.kept():
            if kept.folder == folder and name in kept.files:
                return (self.home / kept.folder / name).read_bytes(), FILES[name][0]
        return None

    def close(self) -> None:
        """Stop what is under way."""
        for run in self._started:
            run.close()

    def _one(self, number: int) -> Started:
        if not 1 <= number <= len(self._started):
            raise MisreadError(Problem(_("No run of this number was started here."), mend=_("look at the list again.")))
        return self._started[number - 1]
