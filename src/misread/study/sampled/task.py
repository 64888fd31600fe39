"""One task: a range of schools, drawn, counted, and written down where asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from misread.study.sampled.job import Compiled, Job, Span, compiled

if TYPE_CHECKING:
    from misread.engine.sampled.laws import Counted
    from misread.engine.sampled.outcome import School


@dataclass(frozen=True, eq=False)
class Drawn:
    """What came of a range of schools.

    Attributes
    ----------
    tallies : ndarray, shape (schools of the range, columns)
        What the findings are made of; see `misread.findings.sampled`.
    parquet : bytes or None
        The range's file, where one was asked for.
    """

    tallies: NDArray[np.float64]
    parquet: bytes | None


def draw(job: Job, span: Span, with_file: bool) -> Drawn:
    """Draw a range of schools: a pure function, whatever process or machine it runs in.

    The file is handed back, not written: who draws needs no disk in common with who asked, and only one process
    writes.

    Parameters
    ----------
    job : Job
        What is drawn.
    span : Span
        Which schools.
    with_file : bool
        Whether the range's file is wanted.
    """
    import pyarrow as pa

    from misread.study.sampled.files import as_parquet
    from misread.study.sampled.rows import rows_of

    made = compiled(job)
    tallies, tables = [], []
    for number in range(span.first, span.end):
        school, sums = _school(job, made, number)
        tallies.append(sums)
        if with_file:
            tables.append(rows_of(school, made.chain, job.deployment))
    matrix = np.stack(tallies)
    if not with_file:
        return Drawn(matrix, None)
    return Drawn(matrix, as_parquet(pa.concat_tables(tables).combine_chunks(), matrix, job, span))


def _school(job: Job, made: Compiled, number: int) -> tuple[School | Counted, NDArray[np.float64]]:
    """A school, and its row of sums."""
    if made.laws is None:
        from misread.engine.sampled.simulate import simulate
        from misread.findings.sampled import tally

        school = simulate(made.tables, job.seed, number)
        return school, tally(school, made.chain, job.deployment)
    from misread.engine.sampled.laws import count
    from misread.findings.sampled.coarse import CoarseLayout, coarse_tally

    assert isinstance(made.layout, CoarseLayout)
    counted = count(made.tables, made.laws, job.seed, number)
    return counted, coarse_tally(counted, made.layout)
