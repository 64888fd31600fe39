"""What is measured, each in a process of its own: a job is told what to read, and yields a name as each step is done.

python -m auditing.jobs NAME FILE SMALL OPTIONS
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from auditing.frame import fairlearn
from auditing.made import ALARMS


def audited(path: Path, told: dict[str, Any], *, groups: Sequence[str], person: bool) -> Iterator[str]:
    """A file, step by step."""
    import misread as mr
    from misread.audit.written.build import write

    audit = mr.audit(path, **asked(groups, person))
    yield "counted"
    told["estimates"] = len(audit.overall) + len(audit.by_group)
    yield "estimated"
    told["comparisons"] = len(audit.disparities)
    yield "compared"
    write(audit)
    yield "written"


def asked(groups: Sequence[str], person: bool) -> dict[str, Any]:
    return {"truth": "truth", "prediction": "answer", "groups": tuple(groups), "person": "person" if person else None}


def grouped(path: Path, told: dict[str, Any], *, groups: Sequence[str], person: bool) -> Iterator[str]:
    """The bare group-by of a file, by DuckDB."""
    import duckdb

    with duckdb.connect() as connection:
        frame = connection.sql(f"SELECT * FROM read_parquet('{path}')")
        told["lines"] = lines("duckdb", frame, keys(groups, person))
    yield "grouped"


def keys(groups: Sequence[str], person: bool) -> list[str]:
    return [*groups, "truth", "answer", *(["person"] if person else [])]


def lines(library: str, frame: Any, keys: list[str]) -> int:
    """How many lines the group-by alone gives, as one writes it in that library."""
    if library == "pandas":
        return len(frame.groupby(keys, observed=True, dropna=False).size())
    if library == "polars":
        import polars as pl

        return len(frame.group_by(keys).agg(pl.len()))
    if library == "duckdb":
        return frame.aggregate(f"{', '.join(keys)}, count(*)").to_arrow_table().num_rows
    return frame.unify_dictionaries().group_by(keys).aggregate([([], "count_all")]).num_rows


def in_memory(library: str, path: Path) -> Any:
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    if library == "pandas":
        return table.to_pandas()
    if library == "polars":
        import polars as pl

        return pl.from_arrow(table)
    return table


def tabled(path: Path, _told: dict[str, Any], *, library: str, groups: Sequence[str], person: bool) -> Iterator[str]:
    """A dataframe of some library: the bare group-by, and counting."""
    import misread as mr

    frame = in_memory(library, path)
    yield "loaded"
    lines(library, frame, keys(groups, person))
    yield "grouped"
    mr.audit(frame, **asked(groups, person))
    yield "counted"


def alike(path: Path, told: dict[str, Any], *, groups: Sequence[str], person: bool) -> Iterator[str]:
    """What Fairlearn is asked for, and no more, from a table in memory: for all and for all groups crossed."""
    import misread as mr
    from misread.audit.rates import Measure, differences, measure, measured

    frame = in_memory("pyarrow", path)
    yield "loaded"
    audit = mr.audit(frame, **asked(groups, person))
    for columns in ((), groups):
        table = audit.table.margin(*columns)
        calm = np.array([word not in ALARMS for word in table.expressions])
        alarm = np.array([label in ALARMS for label in table.labels])
        of = np.repeat(calm[:, None], len(alarm), axis=1)
        rates = measured(table, [measure(table, "accuracy"), Measure("alarms", None, None, of & alarm, of)])
        recall = audit.composites(*columns).value[:, 0]
        told["values"] = [rates.value[:, 0].tolist(), recall.tolist(), rates.value[:, 1].tolist()]
    # Each level of a column against all others: difference and ratio.
    for column in groups:
        differences(audit.table, "accuracy", between=column)
    yield "estimated"


def beside(path: Path, told: dict[str, Any], *, groups: Sequence[str], person: bool) -> Iterator[str]:
    """All that an audit estimates, from a table in memory."""
    import misread as mr

    frame = in_memory("pyarrow", path)
    yield "loaded"
    audit = mr.audit(frame, **asked(groups, person))
    told["estimates"] = len(audit.overall) + len(audit.by_group)
    yield "estimated"


JOBS = {job.__name__: job for job in (alike, audited, beside, fairlearn, grouped, tabled)}


def main(name: str, path: str, small: str, options: str) -> None:
    """Do a job with few rows, then what was asked; print what each step took, and the peak of memory."""
    job, given = JOBS[name], json.loads(options)
    for _ in job(Path(small), {}, **given):
        pass
    told: dict[str, Any] = {}
    took, peak, before = {}, {}, time.process_time()
    for step in job(Path(path), told, **given):
        took[step], peak[step] = time.process_time() - before, high_water()
        before = time.process_time()
    print(json.dumps({"took": took, "peak": peak, "told": told}))


def high_water() -> float:
    """Peak of this process's memory so far, in MB; what a parent is told may hold the parent's own."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return float(found[1]) * 1024 / 1e6 if found else float("nan")


if __name__ == "__main__":
    main(*sys.argv[1:])
