"""Answers that were computed lately, and those being computed: who asks again waits for the same one.

The same question always has the same answer, so nothing here can grow old.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Mapping
from functools import partial
from typing import Any

from misread.web.server.bench import LIMIT, Bench

MOST = 16
"""Answers that are remembered: enough for the way back, and for a page that waited to be read."""

SECOND = "interval"
"""Marks the second step of a question: what takes longer than an answer may, and follows it."""

Told = Mapping[str, Any]
Key = tuple[str, frozenset[tuple[str, str]]]


class Answers:
    """What benches have answered.

    Parameters
    ----------
    bench : Bench
        Where questions are answered.
    beside : Bench, optional
        Where second steps are, so that no answer waits for them; by default on the same.
    """

    def __init__(self, bench: Bench, beside: Bench | None = None) -> None:
        self._bench, self._beside = bench, beside or bench
        self._asked: OrderedDict[Key, asyncio.Task[Told]] = OrderedDict()
        self._waiting: Counter[Key] = Counter()
        self._left: set[Key] = set()

    async def to(
        self,
        question: str,
        asked: Mapping[str, str],
        limit: float = LIMIT,
        patience: float | None = None,
        gone: asyncio.Task[None] | None = None,
    ) -> Told | None:
        """The answer to a question; None if it is not there when patience ends, and goes on being computed.

        None, too, if who asked goes away before. What nobody waits for then is not begun.

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
        gone : asyncio.Task, optional
            Is done when who asked has gone away.

        Raises
        ------
        MisreadError, TooLong
            As `Bench.ask`. What went wrong is not remembered.
        """
        key = question, frozenset(asked.items())
        self._left.discard(key)
        task = self._asked.get(key)
        if task is None or _failed(task):
            bench = self._beside if asked.get(SECOND) else self._bench
            wanted = partial(self._wanted, key)
            task = asyncio.create_task(bench.ask(question, limit, wanted, asked=dict(asked)))
            task.add_done_callback(partial(self._ended, key))
            self._asked[key] = task
            self._forget()
        self._asked.move_to_end(key)
        self._waiting[key] += 1
        try:
            ends: set[asyncio.Task[Any]] = {task} if gone is None else {task, gone}
            await asyncio.wait(ends, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._waiting -= Counter({key: 1})
        if task.done():
            return task.result()
        if gone is not None and gone.done() and key not in self._waiting:
            self._left.add(key)
        return None

    def _wanted(self, key: Key) -> bool:
        return key not in self._left

    def _ended(self, key: Key, task: asyncio.Task[Told]) -> None:
        """Remember an answer, but not what went wrong."""
        self._left.discard(key)
        if _failed(task) and self._asked.get(key) is task:
            del self._asked[key]

    def _forget(self) -> None:
        """Let go of the oldest that are there; what is under way is waited for by somebody."""
        done = [key for key, task in self._asked.items() if task.done()]
        for key in done[: max(0, len(self._asked) - MOST)]:
            del self._asked[key]


def _failed(task: asyncio.Task[Told]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
