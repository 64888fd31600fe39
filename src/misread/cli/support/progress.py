"""How far a command is, on standard error: a bar for people, a line of JSON now and then for programs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

PATIENCE = 1.0
"""Seconds before a bar appears."""
PACE = 0.5
"""Seconds from one line of JSON to the next."""
HOW = ("bar", "json")
"""Ways to be told."""

Step = Callable[[int, int], None]


def progress_of(how: str, description: str, unit: str = "") -> AbstractContextManager[Step]:
    """A function to call with (work done, work in all), which tells of it in one of the ways `HOW`."""
    return progress_lines(description, unit) if how == "json" else progress_bar(description, unit)


@contextmanager
def progress_bar(description: str, unit: str = "") -> Iterator[Step]:
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


@contextmanager
def progress_lines(description: str, unit: str = "") -> Iterator[Step]:
    """A function to call with (work done, work in all); it writes lines of JSON that another program reads.

    A line has ``progress``, what is done; ``done`` and ``of``; ``unit``, what is counted, or nothing where that would
    say nothing; ``rate``, how many of them go by in a second, and ``left``, the seconds that remain at that rate: both
    null while unknown.
    """
    begun: list[tuple[float, float]] = []
    last = [-PACE]

    def step(done: int, of: int) -> None:
        now, share = time.monotonic(), done / of
        # What was there already when a run is taken up again has taken no time.
        begun[:] = begun or [(now, share)]
        if now - last[0] < PACE and done < of:
            return
        last[0] = now
        since, before = begun[0]
        # By shares: what the exact engine counts in changes on the way.
        pace = (share - before) / (now - since) if share > before and now > since else None
        told: dict[str, object] = {"progress": description.lower(), "unit": unit, "done": done, "of": of}
        told["rate"] = round(pace * of, 3) if pace and unit else None
        told["left"] = round((1 - share) / pace, 1) if pace else None
        print(json.dumps(told), file=sys.stderr, flush=True)

    yield step
