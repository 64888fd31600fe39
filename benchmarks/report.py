"""`make bench-report`: everything measured in one run, written to benchmarks/README.md with the machine it ran on."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import paired
import sampled

HERE = Path(__file__).parent
MISREAD = Path(sys.executable).with_name("misread")
E5 = sampled.PROTOTYPE.format("e5")


def main() -> None:
    """Measure, and write the page and its picture."""
    began = os.getloadavg()[0]
    rates = sampled.rates()
    growth = sampled.growth()
    gains = paired.gains()
    national = [
        ("`as-described`, 967 schools, `--step year`, no files", _run("--json")),
        ("`as-described`, 967 schools, `--step year`, Parquet files and report", _run()),
    ]
    (HERE / "growth.svg").write_text(_picture(growth), encoding="utf-8")
    lines = [
        "# Speed",
        "",
        "Measured by `make bench-report` in one run; times are CPU seconds where nothing else is said, and are never",
        "asserted by a test. Ratios within the page are what can be compared. The renderer and the readers of the",
        "closed classroom have [a page of their own](closed.md), and so has the [export check](rights.md).",
        "",
        f"- Machine: {_machine()}",
        f"- Python {platform.python_version()}, NumPy {np.__version__}, load at the start {began:.1f}",
        "",
        "## Looks drawn a second, on one core",
        "",
        "| what | million looks a CPU second | ÷ NumPy steps |",
        "|---|---:|---:|",
        *(f"| {r.what} | {r.looks / 1e6:,.1f} | {r.looks / rates[0].looks:,.2g} |" for r in rates),
        "",
        "The tick step counts, for each rule and both readers, flags, false flags, first days, spells, lessons found",
        "and missed, labels, situations, marks. Prototypes and NumPy count one reader's flags and false flags.",
        *_beside_the_prototype(rates),
        "",
        "## All schools, at the coarsest exact step",
        "",
        "| what | seconds, wall | CPU seconds | peak memory, MB |",
        "|---|---:|---:|---:|",
        *(f"| {what} | {wall:.1f} | {cpu:.1f} | {memory:.0f} |" for what, (wall, cpu, memory) in national),
        "",
        "## Growth, one school and one year at the tick step",
        "",
        "![CPU seconds by pupils, interval, rules and traits](growth.svg)",
        "",
        "| what grows | to | CPU seconds |",
        "|---|---:|---:|",
        *(f"| {what} | {to} | {took:.3f} |" for what, rows in growth.items() for to, took in rows),
        "",
        "Schools and years are independent: time grows with both as it stands, memory with neither.",
        "",
        "## What pairing gains",
        "",
        f"{paired.SCHOOL}, {paired.SCHOOLS} schools of 50 pupils, one year. How many times as many pupils independent",
        "runs would need for the same standard error of the difference.",
        "",
        "| policy | finding | difference | se, paired | se, apart | times the pupils |",
        "|---|---|---:|---:|---:|---:|",
        *(
            f"| {g.policy} | `{g.finding}` | {g.difference:.4g} | {g.se:.2g} | {g.alone:.2g} | {g.fewer:.1f} |"
            for g in gains
        ),
        "",
    ]
    (HERE / "README.md").write_text("\n".join(lines), encoding="utf-8")
    print(f"Written: {HERE / 'README.md'}")


def _beside_the_prototype(rates: list[sampled.Rate]) -> list[str]:
    """What share of the fastest prototype is reached, and why not more; nothing where it was not run."""
    looks = {rate.what: rate.looks for rate in rates}
    if E5 not in looks:
        return []
    share = looks[sampled.ONE_KIND] / looks[E5]
    return [
        "",
        f"One kind and one rule reach {share:.2f} of the prototype e5. There, each word of a stream is a bit of 64",
        "pupils; here, each pupil and day has its own stream, so that no policy changes a pupil. Drawing from these",
        "and turning numbers into bits is three tenths of the work. All labels and both readers are counted, where e5",
        "counts one reader's hits. Shared streams would be faster, but would change every sampled result.",
    ]


def _run(*words: str) -> tuple[float, float, float]:
    """Wall and CPU seconds, and peak memory in MB, of a national run; the second one, kernels cached."""
    found = (0.0, 0.0, 0.0)
    for _ in range(2):
        with tempfile.TemporaryDirectory() as folder:
            command = [str(MISREAD), "run", "as-described", "--engine", "sampled", "--draws", "0"]
            command += words or ["--out", f"{folder}/out"]
            before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            subprocess.run(command, check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            found = (time.monotonic() - began, cpu, after.ru_maxrss / 1e3)
    return found


def _machine() -> str:
    names = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
             if line.startswith("model name")] if Path("/proc/cpuinfo").exists() else []  # fmt: skip
    return f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores, {platform.system()}"


def _picture(growth: dict[str, list[tuple[str, float]]]) -> str:
    import altair as alt
    import vl_convert as vlc

    rows = [{"what": w, "to": t, "seconds": s, "order": i} for w, r in growth.items() for i, (t, s) in enumerate(r)]
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(point=True, color="#1d6a86")
        .encode(
            x=alt.X("to:N", sort=alt.SortField("order"), title=None),
            y=alt.Y("seconds:Q", title="CPU seconds"),
            facet=alt.Facet("what:N", columns=2, title=None),
        )
        .properties(width=260, height=140)
        .resolve_scale(x="independent", y="independent")
    )
    return vlc.vegalite_to_svg(chart.to_dict())


if __name__ == "__main__":
    main()
