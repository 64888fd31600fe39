"""Answers that were computed lately, and those being computed: who asks again waits for the same one.

The same question always has the same answer, so nothing here can grow old.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from misread.web.server.bench import LIMIT, Bench

MOST = 16
"""Answers that are remembered: enough for the way back, and for a page that waited to be read."""

Told = Mapping[str, Any]


class Answers:
    """What a bench has answered.

    Parameters
    ----------
    bench : Bench
        Where questions are answered.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._asked: OrderedDict[tuple[str, frozenset[tuple[str, str]]], asyncio.Task[Told]] = OrderedDict()

    async def to(
        self, question: str, asked: Mapping[str, str], limit: float = LIMIT, patience: float | None = None
    ) -> Told | None:
        """The answer to a question; None if it is not there when patience ends, and goes on being computed.

        Parameters
        ----------
        question : str
            As in `Bench.ask`.
        asked : mapping
            What was asked.
        limit : float
            Seconds the answer may take.
        patience : float or None
            Seconds to wait for it now; None for as long as it takes.

        Raises
        ------
        MisreadError, TooLong
            As `Bench.ask`. What went wrong is not remembered.
        """
        key = question, frozenset(asked.items())
        task = self._asked.get(key)
        if task is None:
            task = asyncio.create_task(self._bench.ask(question, limit, asked=dict(asked)))
            self._asked[key] = task
            self._forget()
        self._asked.move_to_end(key)
        done, _waiting = await asyncio.wait({task}, timeout=patience)
        if not done:
            return None
        if task.exception() is not None and self._asked.get(key) is task:
            del self._asked[key]
        return task.result()

    def _forget(self) -> None:
        """Let go of the oldest that are there; what is under way is waited for by somebody."""
        done = [key for key, task in self._asked.items() if task.done()]
        for key in done[: max(0, len(self._asked) - MOST)]:
            del self._asked[key]
