"""Who draws: threads of this process, or the workers of a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from misread.errors import MisreadError, Problem, install

TIMEOUT = "10s"
"""How long a Dask scheduler may take to answer."""


def cores() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows do not tell.
        return os.cpu_count() or 1


@contextmanager
def executor_of(workers: int | None = None, dask: str | None = None) -> Iterator[Executor]:
    """An executor for `sampled`, given back at the end.

    Parameters
    ----------
    workers : int, optional
        Threads; by default one for each processor this process may use. The kernels hold no lock of Python's.
    dask : str, optional
        Address of a Dask scheduler, such as ``tcp://10.0.0.1:8786``, instead of threads.

    Raises
    ------
    MisreadError
        If both are named, the number is below 1, Dask is not installed, or nobody answers at the address.
    """
    if workers is not None and dask is not None:
        raise MisreadError("--workers and --dask exclude each other: a cluster has workers of its own.")
    if workers is not None and workers < 1:
        raise MisreadError(f"{workers} workers were asked for. Expected: at least 1.")
    with _threads(workers or cores()) if dask is None else _cluster(dask) as executor:
        yield executor


@contextmanager
def _threads(workers: int) -> Iterator[Executor]:
    pool = ThreadPoolExecutor(workers, thread_name_prefix="misread")
    try:
        yield pool
    except BaseException:
        # Whoever is stopped does not wait for what is under way.
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise MisreadError(
            Problem("Dask is not installed.", "the extra `dask`.", install("dask"), file="--dask")
        ) from error
    try:
        client = distributed.Client(address, timeout=TIMEOUT)
    except (OSError, ValueError) as error:
        raise MisreadError(
            Problem(
                "No Dask scheduler answers there.",
                expected="the address of a running scheduler, such as tcp://10.0.0.1:8786.",
                mend="start one with `dask scheduler` and workers with `dask worker ADDRESS`; see docs/running.md.",
                file=f"--dask {address}",
            )
        ) from error
    try:
        # Ranges are no pure functions to Dask: it need not look into the job to name it.
        yield client.get_executor(pure=False)
    finally:
        client.close()
