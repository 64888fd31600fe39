"""A progress bar on standard error, for whatever takes long enough to wonder about."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 1.0
"""Seconds before a bar appears."""


@contextmanager
def progress_bar(description: str) -> Iterator[Callable[[int, int], None]]:
    """A function to call with (work done, work in all); it shows a bar once that has taken a while."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    started = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: list[int] = []

        def step(done: int, of: int) -> None:
            if not tasks and time.monotonic() - started > PATIENCE:
                tasks.append(bar.add_task(description, total=of))
            if tasks:
                bar.update(bar.task_ids[0], completed=done, total=of)

        yield step
