"""Draw many schools: ranges handed out, taken back as they come, kept in files, taken up again where they stopped."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import closing, nullcontext
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from misread.errors import MisreadError
from misread.files import write_whole
from misread.study.sampled.executors import executor_of
from misread.study.sampled.files import kept, path_of, refuse_foreign, remove_leftovers
from misread.study.sampled.job import Job, Span, spans_of
from misread.study.sampled.sizes import refuse_what_does_not_fit
from misread.study.sampled.task import Drawn, draw

WINDOW = 32
"""Ranges handed out at a time."""
IN_MEMORY = 2**28
"""Bytes of tallies that stay in memory; more lie in a file without a name, which the system pages in and out."""
NAMED = 5
"""Failed ranges that a message names."""

Progress = Callable[[int, int], None]
Task = Callable[[Job, Span, bool], Drawn]


class RangesError(RuntimeError):
    """Ranges of schools that could not be drawn; the first one's error is the cause.

    Attributes
    ----------
    failed : mapping of Span to BaseException
        What became of each.
    """

    def __init__(self, failed: Mapping[Span, BaseException], state: str) -> None:
        self.failed = dict(failed)
        first = next(iter(self.failed.values()))
        names = [str(span) for span in sorted(self.failed, key=lambda span: span.first)]
        more = f" and {len(names) - NAMED:,} more ranges" if len(names) > NAMED else ""
        # Errors from afar may bring their traceback along; the last line says what it was.
        said = ": ".join([type(first).__name__, *str(first).strip().splitlines()[-1:]])
        super().__init__(f"Not drawn: {', '.join(names[:NAMED])}{more} ({said}). {state}")


def sampled(
    job: Job,
    schools: int,
    *,
    out: Path | None = None,
    executor: Executor | None = None,
    window: int = WINDOW,
    keep_going: bool = False,
    progress: Progress | None = None,
    task: Task = draw,
) -> NDArray[np.float64]:
    """Draw the first schools of a job.

    The result depends on the job and the number of schools alone: not on the executor, on what came first, or on
    how often the run was stopped and taken up again.

    Parameters
    ----------
    job : Job
        What is drawn.
    schools : int
        How many schools, from 1 to the deployment's.
    out : Path, optional
        Folder of the run. Each range is a file in its ``files/``; ranges that are there already are not drawn again.
    executor : concurrent.futures.Executor, optional
        Who draws; by default as many threads as there are processors.
    window : int
        Ranges handed out at a time.
    keep_going : bool
        Whether to draw the other ranges first when one has failed.
    progress : callable, optional
        Called with (schools done, schools in all).
    task : callable
        What draws a range; one that `pickle` finds by its name, where the executor has processes of its own.

    Returns
    -------
    ndarray, shape (schools, columns)
        The schools' tallies, in their order; see `misread.findings.sampled`.

    Raises
    ------
    MisreadError
        If the number is out of range, something would not fit, the folder holds what is not of this run, or a file
        cannot be written.
    RangesError
        If ranges could not be drawn.
    KeyboardInterrupt
        With a message that says how to go on. What is under way in threads ends by itself; nothing waits for it.
    """
    spans = spans_of(job, schools)
    if out is not None:
        refuse_foreign(job, spans, out)
    refuse_what_does_not_fit(job, schools, out=out)
    run = _Run(spans, out, progress or _silent)
    if out is not None:
        remove_leftovers(out)
        run.take_up(kept(spans, out))
    if not (missing := run.missing()):
        return run.tallies()
    try:
        with nullcontext(executor) if executor is not None else executor_of() as pool:
            failed = _draw(run, pool, job, missing, window, keep_going, task)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"Interrupted. {run.state()}") from None
    if failed:
        first = next(iter(failed.values()))
        if isinstance(first, MisreadError):
            raise first
        raise RangesError(failed, run.state()) from first
    return run.tallies()


class _Run:
    """What is done of a run. Only the process that was asked writes, and only one thread of it."""

    def __init__(self, spans: Sequence[Span], out: Path | None, progress: Progress) -> None:
        self.spans, self.out, self.progress = spans, out, progress
        self.done: set[Span] = set()
        self._matrix: NDArray[np.float64] | None = None

    def take_up(self, found: Iterable[tuple[Span, NDArray[np.float64]]]) -> None:
        """Ranges that an earlier run has drawn."""
        for span, tallies in found:
            self._put(span, tallies)
        if self.done:
            self._tell()

    def keep(self, span: Span, drawn: Drawn) -> None:
        """A range that has just been drawn."""
        if self.out is not None and drawn.parquet is not None:
            try:
                write_whole(path_of(self.out, span), drawn.parquet)
            except MisreadError as error:
                (problem,) = error.problems
                raise MisreadError(
                    replace(problem, mend=f"make room or leave to write there. {self.state()}")
                ) from error
        self._put(span, drawn.tallies)
        self._tell()

    def missing(self) -> list[Span]:
        """Ranges still to be drawn, in order."""
        return [span for span in self.spans if span not in self.done]

    def tallies(self) -> NDArray[np.float64]:
        """The tallies of all schools, once all are there."""
        assert self._matrix is not None
        return self._matrix

    def state(self) -> str:
        """How far it is, and how to go on."""
        if self.out is None:
            return "Nothing was kept: name a folder with --out, and a run can be taken up again."
        return f"{len(self.done):,} of {len(self.spans):,} ranges are done; to go on, run the same command again."

    def _put(self, span: Span, tallies: NDArray[np.float64]) -> None:
        if self._matrix is None:
            self._matrix = _matrix(self.spans[-1].end, tallies.shape[1])
        self._matrix[span.first : span.end] = tallies
        self.done.add(span)

    def _tell(self) -> None:
        self.progress(sum(map(len, self.done)), self.spans[-1].end)


def _draw(
    run: _Run, pool: Executor, job: Job, missing: Sequence[Span], window: int, keep_going: bool, task: Task
) -> dict[Span, BaseException]:
    """Draw the missing ranges and keep them; what failed, and why, in the order in which it did."""
    failed: dict[Span, BaseException] = {}

    def hand_out(span: Span) -> Future[Drawn]:
        return pool.submit(task, job, span, run.out is not None)

    with closing(_as_they_come(hand_out, missing, window)) as ended:
        for span, future in ended:
            if (error := _error_of(future)) is None:
                run.keep(span, future.result())
            elif isinstance(error, KeyboardInterrupt):  # Ctrl-C reaches processes too.
                raise error
            else:
                failed[span] = error
                if not keep_going:
                    break
    return failed


def _as_they_come(
    hand_out: Callable[[Span], Future[Drawn]], spans: Iterable[Span], window: int
) -> Generator[tuple[Span, Future[Drawn]], None, None]:
    """Ranges as they end, at most `window` under way; what has not begun is called off when nobody asks on."""
    waiting = iter(spans)
    running: dict[Future[Drawn], Span] = {}
    try:
        while True:
            for span in islice(waiting, window - len(running)):
                running[_handed(hand_out, span)] = span
            if not running:
                return
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                yield running.pop(future), future
    finally:
        for future in running:
            future.cancel()


def _handed(hand_out: Callable[[Span], Future[Drawn]], span: Span) -> Future[Drawn]:
    """A range handed out; one that nobody is left to take has failed."""
    try:
        return hand_out(span)
    except BrokenExecutor as error:
        lost: Future[Drawn] = Future()
        lost.set_exception(error)
        return lost


def _error_of(future: Future[Drawn]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as error:  # by a cluster that has gone
        return error


def _matrix(rows: int, columns: int) -> NDArray[np.float64]:
    if rows * columns * 8 <= IN_MEMORY:
        return np.empty((rows, columns))
    return np.memmap(tempfile.TemporaryFile(), dtype=np.float64, shape=(rows, columns))


def _silent(done: int, of: int) -> None:
    del done, of
