"""A school as rows of its file: one a pupil and school year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from misread.deployment import Deployment

if TYPE_CHECKING:
    import pyarrow as pa

    from misread.engine.chain import Chain
    from misread.engine.sampled.laws import Counted
    from misread.engine.sampled.outcome import School

READERS = ("", "perfect reader: ")
"""What a column's name begins with: the deployed system's as it is, the perfect reader's so named."""


def rows_of(school: School | Counted, chain: Chain, deployment: Deployment) -> pa.Table:
    """A school's pupils, year by year.

    Parameters
    ----------
    school : School or Counted
        As the sampled engine draws it, look by look or a lesson, a day or a year at a time.
    chain, deployment : Chain and Deployment
        What it was drawn of.

    Returns
    -------
    pyarrow.Table
        pupils × years rows, pupil by pupil. Columns: ``school``, ``pupil``, ``class`` and ``year``, counted from 1;
        ``group``; ``view``, where seats differ; ``trait: NAME``, the level from 1; ``watched``; ``flags: RULE`` and
        ``false flags: RULE`` of that year, the perfect reader's too; ``mark: NAME``, whether earned that year, and
        ``unearned mark: NAME``, where looks were drawn; ``decision: NAME``, the chance of being chosen, in the year
        after which it is taken, null in all others and for those whom it does not rank; on the perfect reader's flags
        too.
    """
    import pyarrow as pa

    from misread.engine.sampled.laws import Counted

    columns = dict(_who(school, chain))
    columns.update(_flags(school, deployment))
    if isinstance(school, Counted):
        # No coarser step has decisions, nor the order of true and false flags.
        columns.update(_years_of_marks(school, chain, deployment))
    else:
        columns.update(_marks(school, chain, deployment))
        columns.update(_decisions(school, chain, deployment))
    return pa.table(columns)


def _who(school: School | Counted, chain: Chain) -> Iterator[tuple[str, Any]]:
    years, pupils = chain.years, len(school.kind)
    yield "school", np.full(pupils * years, school.school + 1, dtype=np.int32)
    yield "pupil", np.repeat(np.arange(1, pupils + 1, dtype=np.int32), years)
    yield "class", np.repeat(school.klass.astype(np.int32) + 1, years)
    yield "year", np.tile(np.arange(1, years + 1, dtype=np.int8), pupils)
    # Strata are kind by kind, views within.
    stratum = school.kind.astype(np.intp) * max(len(chain.views), 1)
    yield "group", _words(np.repeat(chain.group[stratum], years), chain.groups)
    if chain.views:
        yield "view", _words(_by_pupil(school.view), chain.views)
    for t, trait in enumerate(chain.traits):
        yield f"trait: {trait.name}", np.repeat(chain.level[stratum, t].astype(np.int8) + 1, years)
    yield "watched", np.repeat(school.watched, years)


def _flags(school: School | Counted, deployment: Deployment) -> Iterator[tuple[str, Any]]:
    for reader, begins in enumerate(READERS):
        for r, rule in enumerate(deployment.rules):
            yield f"{begins}flags: {rule.name}", _by_pupil(school.flags[reader, r])
            yield f"{begins}false flags: {rule.name}", _by_pupil(school.false[reader, r])


def _marks(school: School, chain: Chain, deployment: Deployment) -> Iterator[tuple[str, Any]]:
    for m, mark in enumerate(deployment.file.marks):
        day = school.mark_day[0, m]
        earned = _in_year(np.where(day < 0, -1, day // chain.days), chain.years)
        yield f"mark: {mark.name}", earned.ravel()
        yield f"unearned mark: {mark.name}", (earned & school.unearned[0, m][:, None]).ravel()


def _years_of_marks(school: Counted, chain: Chain, deployment: Deployment) -> Iterator[tuple[str, Any]]:
    for m, mark in enumerate(deployment.file.marks):
        yield f"mark: {mark.name}", _in_year(school.mark_year[0, m], chain.years).ravel()


def _decisions(school: School, chain: Chain, deployment: Deployment) -> Iterator[tuple[str, Any]]:
    import pyarrow as pa

    from misread.findings.sampled import chances

    rank = deployment.population.opt_out_rank
    ranked = school.watched if rank == "left out" else np.ones_like(school.watched)
    for d, decision in enumerate(deployment.decisions):
        taken = ranked[:, None] & _in_year(np.full(len(ranked), decision.after_year - 1), chain.years)
        for reader, begins in enumerate(READERS):
            chance = chances(school.at_decision[reader, d], school.watched, decision, rank)
            yield f"{begins}decision: {decision.name}", pa.array(np.repeat(chance, chain.years), mask=~taken.ravel())


def _in_year(year: NDArray[Any], years: int) -> NDArray[np.bool_]:
    """Where a pupil's year is, shape (pupils, years); nowhere for a year below 0."""
    return np.asarray(year[:, None] == np.arange(years))


def _by_pupil(values: NDArray[Any]) -> NDArray[Any]:
    """Values by (year, pupil), pupil by pupil."""
    return np.ascontiguousarray(values.T).ravel()


def _words(index: NDArray[Any], words: tuple[str, ...]) -> pa.DictionaryArray:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int16)), pa.array(words, pa.string()))
