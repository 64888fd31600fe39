"""A progress bar on standard error, for whatever takes long enough to wonder about."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 1.0
"""Seconds before a bar appears."""


@contextmanager
def progress_bar(description: str, unit: str = "") -> Iterator[Callable[[int, int], None]]:
    """A function to call with (work done, work in all); it shows a bar once that has taken a while.

    With a `unit`, such as "schools", the bar counts them and says how many go by in a second.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns: list[ProgressColumn] = [TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()]
    if unit:
        columns.append(TextColumn("{task.completed:.0f} of {task.total:.0f} " + unit))
        columns.append(TextColumn("{task.fields[rate]}"))
    columns.append(TimeRemainingColumn())
    started = time.monotonic()
    console = Console(stderr=True)
    # Where nobody sees it move, it would leave an empty line.
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: list[int] = []

        def step(done: int, of: int) -> None:
            if not tasks and time.monotonic() - started > PATIENCE:
                tasks.append(bar.add_task(description, total=of, rate=""))
            if tasks:
                rate = f"{done / (time.monotonic() - started):.1f} a second" if unit else ""
                bar.update(bar.task_ids[0], completed=done, total=of, rate=rate)

        yield step
