"""How long an audit takes and what memory it needs, beside the bare group-by and beside Fairlearn's MetricFrame.

    python benchmarks/audit.py [--large] [--data FOLDER] > benchmarks/audit.md

The answers are made here, of persons who are made up, each with a confusion matrix of their own. Every figure is from a
process of its own that has done the same on ten thousand rows before, so that nothing is loaded while it is measured:
CPU seconds of that process (user and system, all threads), the best of several, and the peak of its memory as it tells
itself, with all that it has imported. Nothing is asserted; ratios are what can be compared. `--large` adds 10⁸ rows of
Parquet, 0.4 GB.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from auditing.made import GROUPS, WORDS, Made

HERE = Path(__file__).parent
PERSONS = {100_000: 500, 1_000_000: 2_000, 10_000_000: 5_000, 100_000_000: 5_000}
"""Rows, and of how many persons they are."""
SMALL = 10_000
MOST_TIMES, MOST_MS, LARGE = 1.5, 50, 10_000_000
"""What counting and estimates are wanted to take: of the bare group-by from so many rows on; beyond it below."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of each step, the least of several; memory in MB up to its end, the most; and what was found."""

    took: dict[str, float]
    peak: dict[str, float]
    told: dict[str, Any]

    def until(self, step: str) -> float:
        """CPU seconds of all steps up to one, loading apart."""
        names = list(self.took)
        return sum(self.took[name] for name in names[: names.index(step) + 1] if name != "loaded")


def cost(job: str, made: Made, folder: Path, times: int = 3, **options: Any) -> Cost:
    """What a job takes, in fresh processes."""
    path = made.at(folder)
    small = Made(SMALL, SMALL // 50, made.words, made.groups).at(folder)
    typed = [sys.executable, "-W", "ignore", "-m", "auditing.jobs", job, path, small, json.dumps(options)]
    found = [
        json.loads(subprocess.run(typed, check=True, stdout=subprocess.PIPE, cwd=HERE).stdout) for _ in range(times)
    ]
    steps = list(found[0]["took"])
    return Cost(
        {step: min(one["took"][step] for one in found) for step in steps},
        {step: max(one["peak"][step] for one in found) for step in steps},
        found[0]["told"],
    )


NAMES = tuple(column for column, _ in GROUPS)


def beside_fairlearn(folder: Path) -> Iterator[str]:
    yield from (
        "## Beside Fairlearn",
        "",
        *wrapped(
            """Accuracy, mean recall and the share of false alarms, for 60 groups and for all, with difference and
            ratio; codes in memory. `MetricFrame` draws rows again; what 1,000 times would take is worked out from the
            few that were drawn, beside what it takes without. Shipped is with scikit-learn's metrics, bare with metrics
            in plain NumPy; mended is bare, and without the `np.stack` over each column that Fairlearn has had since
            2025. misread estimates the same alone, or all: every recall, precision, confusion and composite too, of
            everybody, each column, each pair of columns and all crossed. Its differences are of each level of a column
            against the others; a range over groups gets no interval of this kind: see the comparisons below."""
        ),
        "",
        "| CPU seconds | 100,000 rows | ÷ same | ÷ all | 1,000,000 rows | ÷ same | ÷ all |",
        "|---|---:|---:|---:|---:|---:|---:|",
    )
    sizes = [Made(n, PERSONS[n]) for n in (100_000, 1_000_000)]
    own = {
        (job, person): [cost(job, made, folder, 5, groups=NAMES, person=person) for made in sizes]
        for person in (True, False)
        for job in ("alike", "beside")
    }
    apart = 0.0
    for how, draws in (("shipped", (3, 1)), ("bare", (3, 1)), ("mended", (10, 5))):
        again, without = "", ""
        for i, (made, n) in enumerate(zip(sizes, draws, strict=True)):
            found = cost("fairlearn", made, folder, 1, how=how, replicates=n)
            values = zip(found.told["values"], own["alike", True][i].told["values"], strict=True)
            apart = max(apart, *(float(np.max(np.abs(np.subtract(a, b)))) for a, b in values))
            once = found.took["valued"]
            whole = once + 1000 * (found.took["drawn again"] - once) / n
            persons, rows = (
                [own[job, person][i].took["estimated"] for job in ("alike", "beside")] for person in (True, False)
            )
            again += f" {whole:,.0f} | {whole / persons[0]:,.0f} | {whole / persons[1]:,.0f} |"
            without += f" {once:.2f} | {once / rows[0]:,.0f} | {once / rows[1]:,.0f} |"
        yield f"| Fairlearn, {how}, 1,000 replicates (of {draws[0]} and {draws[1]}) |{again}"
        yield f"| Fairlearn, {how}, no intervals |{without}"
    for job, what in (("alike", "the same"), ("beside", "all")):
        for person, how in ((True, "each person drawn whole 1,000 times"), (False, "rows, intervals in closed form")):
            cells = " | | | ".join(f"{one.took['estimated']:.3f}" for one in own[job, person])
            yield f"| misread, {what}: {how} | {cells} | | |"
    made_of = own["beside", True][0].told["estimates"]
    yield from (
        "",
        *wrapped(
            f"""Values differ by {apart:.0e} at most. Lines with replicates are divided by misread's with persons, lines
            without by misread's with rows. All are {made_of:,} estimates."""
        ),
        "",
    )


def beside_the_group_by(folder: Path, sizes: Sequence[int]) -> Iterator[str]:
    yield from (
        "## Beside the bare group-by",
        "",
        *wrapped(
            """Parquet; the peer is DuckDB's group-by of the same columns, fetched and nothing else. Estimates are those
            above; where persons are known, with 1,000 replicates of whole persons. Comparisons are the greatest
            disparities of 45 rates among the levels of a column, each with 1,999 permutations and 2,000 draws from a
            posterior. All adds what else an `audit.json` holds, the person effect above all. Each column of seconds
            holds those before it; "more" is what counting and estimates take beyond the group-by. MB: peak with
            estimates, with all, of the group-by."""
        ),
        "",
        "| rows | of | group-by | counted | ÷ | + estimates | ÷ | more, ms "
        "| + comparisons | ÷ | + all | MB | MB | MB |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    )
    missed = []
    for person in (False, True):
        for n in sizes:
            made, times = Made(n, PERSONS[n]), 5 if n <= 1_000_000 else 3 if n <= 10_000_000 else 2
            peer = cost("grouped", made, folder, times, groups=NAMES, person=person)
            own = cost("audited", made, folder, times, groups=NAMES, person=person)
            base = peer.took["grouped"]
            seconds = [own.until(step) for step in ("counted", "estimated", "compared")]
            counted, estimated, compared = (f"{took:.3f} | {took / base:.2f}" for took in seconds)
            more, of = 1000 * (seconds[1] - base), f"{made.persons:,} persons" if person else "rows"
            if seconds[1] > MOST_TIMES * base if n >= LARGE else more > MOST_MS:
                missed.append(f"{n:,} rows" + (f" of {of}" if person else ""))
            peaks = (own.peak["estimated"], own.peak["written"], peer.peak["grouped"])
            yield (
                f"| {n:,} | {of} | {base:.3f} | {counted} | {estimated} | {more:.0f} | {compared} "
                f"| {own.until('written'):.3f} | {' | '.join(f'{peak:.0f}' for peak in peaks)} |"
            )
    yield from (
        "",
        *wrapped(
            f"""Wanted is that counting and estimates take at most {MOST_TIMES} times the group-by from {LARGE:,} rows
            on, and below at most {MOST_MS} ms more than it. Not reached: {"; ".join(missed) or "nowhere"}."""
        ),
        "",
    )


def libraries(folder: Path) -> Iterator[str]:
    yield from (
        "## Dataframes in memory, 1,000,000 rows",
        "",
        "The group-by runs in the library that holds the table; the peer is the same, written in that library.",
        "",
        "| CPU s | group-by | counted | with persons: group-by | counted |",
        "|---|---:|---:|---:|---:|",
    )
    made = Made(1_000_000, PERSONS[1_000_000])
    for library in ("pyarrow", "polars", "pandas"):
        cells = []
        for person in (False, True):
            found = cost("tabled", made, folder, library=library, groups=NAMES, person=person)
            cells += [f"{found.took[step]:.3f}" for step in ("grouped", "counted")]
        yield f"| {library} | {' | '.join(cells)} |"
    yield ""


def growth(folder: Path, large: bool) -> Iterator[str]:
    yield from (
        "## What it grows with, 1,000,000 rows",
        "",
        "Persons known, 2,000 where nothing else is said; CPU seconds of each step by itself, of one process each.",
        "",
        "| what grows | to | group-by | counted | estimates | comparisons | estimates made | peak MB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    )
    n = 1_000_000
    words = tuple(f"word {i}" for i in range(64))
    cases = (
        *(("persons", k, Made(n, k)) for k in (200, 2_000, 20_000, 200_000)[: 4 if large else 3]),
        *(("words", k, Made(n, 2_000, words[:k])) for k in (4, 8, 16, 32)),
        *(("levels of a third column", k, Made(n, 2_000, WORDS, (*GROUPS[:2], ("age", k)))) for k in (3, 6, 24)),
        *(("group columns", k, Made(n, 2_000, WORDS, tuple((f"c{i}", 2) for i in range(k)))) for k in (1, 2, 4, 6)),
    )
    for what, size, made in cases:
        columns = [column for column, _ in made.groups]
        peer = cost("grouped", made, folder, 1, groups=columns, person=True)
        own = cost("audited", made, folder, 1, groups=columns, person=True)
        steps = " | ".join(f"{own.took[step]:.3f}" for step in ("counted", "estimated", "compared"))
        yield (
            f"| {what} | {size:,} | {peer.took['grouped']:.3f} | {steps} "
            f"| {own.told['estimates']:,} | {own.peak['written']:.0f} |"
        )
    yield ""


def page(folder: Path, large: bool) -> Iterator[str]:
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "duckdb", "pyarrow", "fairlearn"))
    yield from (
        "# The audit",
        "",
        *wrapped(
            f"""Measured by `python benchmarks/audit.py{" --large" if large else ""}` in one run: CPU seconds, user and
            system, of fresh processes that had done the same on ten thousand rows before; the least of several, of
            Fairlearn of one. Memory is the peak of the whole process, imports included. Answers are made up: 7
            expressions, 8 labels with `none`, 2 × 5 × 6 groups, persons with confusion matrices of their own. Ratios
            are what can be compared."""
        ),
        "",
        f"- Machine: {os.cpu_count()} cores, {platform.machine()}, {platform.system()}; load at the start "
        f"{os.getloadavg()[0]:.1f}: it is shared",
        f"- Python {platform.python_version()}, {packages}",
        "",
    )
    yield from beside_fairlearn(folder)
    yield from beside_the_group_by(folder, [n for n in PERSONS if large or n <= 10_000_000])
    yield from libraries(folder)
    yield from growth(folder, large)


def wrapped(text: str) -> list[str]:
    """A paragraph in lines."""
    return textwrap.wrap(" ".join(text.split()), 118, break_on_hyphens=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--large", action="store_true", help="10⁸ rows too")
    parser.add_argument("--data", type=Path, help="where the made answers are kept; by default they are not")
    given = parser.parse_args()
    if given.data:
        given.data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for line in page((given.data or Path(folder)).absolute(), given.large):
            print(line, flush=True)


if __name__ == "__main__":
    main()
