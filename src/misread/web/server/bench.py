"""Where pages are computed: in processes of their own, which can be stopped.

A deployment that somebody pasted may hold an automaton that takes an hour. So nothing is computed in the server itself;
each process takes one question after another, and one that takes too long is ended and begun anew.
"""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing as mp
import os
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.language import speak, spoken

LIMIT, STARTING = 120.0, 120.0
"""Seconds that a question may take, the compiling of kernels at their very first use included; and that a process may
take to begin."""


class TooLong(Exception):  # noqa: N818  # it is said to a reader, not raised at a programmer
    """A question that took too long, or whose process ended."""


class Unwanted(Exception):  # noqa: N818  # nobody is there to be told
    """A question that nobody waits for any more when its turn comes."""


def _wanted() -> bool:
    return True


class Bench:
    """Some processes that answer questions.

    A question is the name of a function, ``module:function``, and its keyword arguments; all of it can be pickled.

    Parameters
    ----------
    places : int
        Questions that are answered side by side.
    warm : tuple of str
        Modules that each process loads before it is asked.
    yields : int
        How far each process makes way for others, as `os.nice` counts it.
    """

    def __init__(self, places: int = 2, warm: tuple[str, ...] = (), yields: int = 0) -> None:
        # Who answered last is asked first: it holds what the next question has in common with that one.
        self._free: asyncio.LifoQueue[_Place] = asyncio.LifoQueue()
        self._places = [_Place(warm, yields) for _ in range(places)]

    async def open(self) -> None:
        """Begin all processes; they load while the first page is read."""
        for place in self._places:
            place.begin()
            self._free.put_nowait(place)

    def close(self) -> None:
        """End all processes."""
        for place in self._places:
            place.end()

    async def ask(self, function: str, limit: float = LIMIT, wanted: Callable[[], bool] = _wanted, **given: Any) -> Any:
        """Have a question answered.

        Parameters
        ----------
        function : str
            The question.
        limit : float
            Seconds that it may take.
        wanted : callable
            Says, when the question's turn comes, whether somebody still waits for it.
        **given
            Its arguments.

        Raises
        ------
        MisreadError
            What the function raised: a user's mistake.
        TooLong
            If it took longer than `limit` seconds, or the process ended.
        Unwanted
            If nobody waits for it any more.
        """
        place = await self._free.get()
        try:
            if not wanted():
                raise Unwanted
            return await asyncio.to_thread(place.ask, function, given, limit)
        finally:
            self._free.put_nowait(place)


class _Place:
    def __init__(self, warm: tuple[str, ...], yields: int) -> None:
        self._warm, self._yields = warm, yields
        self._process: SpawnProcess | None = None
        self._line: Connection | None = None
        self._ready = False

    def begin(self) -> None:
        context = mp.get_context("spawn")
        self._line, theirs = context.Pipe()
        given = (theirs, self._warm, self._yields, spoken().code)
        self._process = context.Process(target=_answer, args=given, daemon=True)
        self._process.start()
        self._ready = False
        theirs.close()

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._line is not None:
            self._line.close()

    def ask(self, function: str, given: Mapping[str, Any], limit: float) -> Any:
        assert self._line is not None
        try:
            if not self._ready and not self._line.poll(STARTING):
                raise TooLong(_("The process that computes it did not begin."))
            self._ready = self._ready or bool(self._line.recv())
            self._line.send((function, dict(given)))
            if not self._line.poll(limit):
                raise TooLong(_("It took longer than %(limit)s seconds.", limit=f"{limit:g}"))
            fault, answer = self._line.recv()
        except (EOFError, OSError, TooLong) as error:
            self.end()
            self.begin()
            said = str(error) if isinstance(error, TooLong) else _("The process that computed it ended.")
            raise TooLong(said) from None
        if fault is not None:
            raise MisreadError(fault)
        return answer


def _answer(line: Connection, warm: tuple[str, ...], yields: int, language: str) -> None:
    """Answer questions until the line is closed, in the language of the process that asks."""
    if yields and hasattr(os, "nice"):
        os.nice(yields)
    speak(language)
    for module in warm:
        importlib.import_module(module)
    line.send(True)
    while True:
        try:
            function, given = line.recv()
        except (EOFError, KeyboardInterrupt):
            return
        module, _, name = function.partition(":")
        try:
            line.send((None, getattr(importlib.import_module(module), name)(**given)))
        except MisreadError as error:
            line.send((error.problems, None))
        except Exception as error:  # a bug must not end the page: it is told, with its place
            line.send(((Problem(f"A bug, not your mistake: {type(error).__name__}: {error}"),), None))
        # What was asked may be a family's: it is let go of before the next question comes.
        del given
