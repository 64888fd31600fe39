"""Work on several processes: the renderer draws for one at a time in each."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def each(work: Callable[..., T], *given: Iterable[object], at_once: int | None = None) -> Iterator[T]:
    """What a function makes of each of several things, in their order, worked out side by side.

    Parameters
    ----------
    work : callable
        A function of a module; what it takes and gives must be picklable.
    *given : iterables of one length
        Its arguments.
    at_once : int, optional
        Processes; by default one a core.
    """
    # Spawned, because a forked process would share the renderer's and the networks' threads.
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(at_once or os.cpu_count() or 1, mp_context=spawn, initializer=_stay_with_parent)
    try:
        yield from pool.map(work, *given)
    finally:
        # Not waited for: who interrupts has no use for what is still being worked out.
        pool.shutdown(wait=False, cancel_futures=True)


def _stay_with_parent() -> None:
    """End with the command: an interrupt is its to answer, and what it no longer waits for is not worked out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_after, args=(parent.join,), daemon=True).start()


def _leave_after(gone: Callable[[], None]) -> None:
    gone()
    os._exit(1)
