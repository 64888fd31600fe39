"""How fast, beside a plain NumPy simulation of the same school in the same run: `make bench`.

Times are CPU seconds of this machine today and are never asserted; ratios are what can be compared. The
simulation counts one rule of one reader and gives one mean; the exact engine gives every finding of every
rule and both readers, whole laws included.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from misread.deployment import load, resolve_profiles
from misread.engine.chain import compile_chain
from misread.study.exact.run import measured
from numpy_steps import false_flags_a_day

SCHOOL = "as-described"
PUPIL_DAYS = 20_000
REPEATS = 3
MISREAD = Path(sys.executable).with_name("misread")
TWICE = """
import io, sys, time
from contextlib import redirect_stdout
from misread.cli import cli
for _ in range(2):
    began = time.process_time()
    with redirect_stdout(io.StringIO()):
        cli.main(sys.argv[1:], standalone_mode=False)
    took = time.process_time() - began
print(took)
"""
"""The same command twice in one process: the second time everything is imported."""


def main() -> None:
    """Measure and print the table."""
    deployment = load(SCHOOL)
    chain = compile_chain(deployment, resolve_profiles(deployment))
    measured(deployment, draws=2)  # imports
    simulated, false = least(lambda: false_flags_a_day(deployment, chain, PUPIL_DAYS))
    exact, result = least(lambda: measured(deployment, draws=0))
    drawn, _ = least(lambda: measured(deployment, draws=256))
    year = deployment.calendar.days_per_year
    mean, error = year * false.mean(), year * false.std(ddof=1) / np.sqrt(PUPIL_DAYS)
    value = result.findings.one("false_flags_per_pupil_year", rule=deployment.rules[0].name).value
    in_all = deployment.population.schools * deployment.population.pupils_per_school * year
    in_all *= deployment.population.school_years
    table = Table(title=f"{SCHOOL}, CPU seconds on this machine today (least of {REPEATS})", title_justify="left")
    table.add_column("what")
    table.add_column("CPU s", justify="right")
    table.add_column("÷ NumPy steps", justify="right")
    rows = [
        (f"NumPy steps: one mean from {PUPIL_DAYS:,} pupil-days, known to ±{error / mean:.2%}", simulated),
        (f"NumPy steps, to ±0.01 % ({(error / mean / 1e-4) ** 2 * PUPIL_DAYS:,.0f} pupil-days; extrapolated)",
         simulated * (error / mean / 1e-4) ** 2),
        (f"NumPy steps, every pupil and day of the deployment ({in_all:,.0f}; extrapolated)",
         simulated * in_all / PUPIL_DAYS),
        ("exact engine, draws 0: every finding", exact),
        ("exact engine, 256 draws: every finding with its interval", drawn),
        ("misread --help", command("--help")),
        (f"misread run {SCHOOL} --json --draws 0, in all", command("run", SCHOOL, "--json", "--draws", "0")),
        ("  the same beyond its imports", beyond_imports("run", SCHOOL, "--json", "--draws", "0")),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as out:
        rows.append((f"misread run {SCHOOL}: 256 draws and report", command("run", SCHOOL, "--out", f"{out}/out")))
    for what, took in rows:
        table.add_row(what, f"{took:,.3f}", f"{took / simulated:,.3g}")
    console = Console(width=120)
    console.print(table)
    console.print(
        f"False flags a pupil and year, rule {deployment.rules[0].name!r}: exact {value:.6g}, "
        f"NumPy steps {mean:.4g} ± {error:.2g} ({(mean - value) / error:+.1f} standard errors)."
    )


def least(work: Callable[[], Any]) -> tuple[float, Any]:
    """Least CPU time of a few calls, and the last result."""
    times = []
    for _ in range(REPEATS):
        began = time.process_time()
        result = work()
        times.append(time.process_time() - began)
    return min(times), result


def command(*words: str) -> float:
    """Least CPU time of a command, start-up and all."""
    return min(_child([str(MISREAD), *words]) for _ in range(REPEATS))


def _child(argv: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(argv, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def beyond_imports(*words: str) -> float:
    """Least CPU time of a command in a process that has imported everything."""
    runs = [
        subprocess.run([sys.executable, "-c", TWICE, *words], check=True, capture_output=True) for _ in range(REPEATS)
    ]
    return min(float(run.stdout) for run in runs)


if __name__ == "__main__":
    main()
