"""From an audit to what is written of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from misread.audit.groups.disparity import SHOWN, adjusted
from misread.audit.intervals.effective import TOO_FEW
from misread.audit.rates import measures
from misread.audit.written.counts import FORMAT, Column, Margin, Part, PersonEffect, Row, Source, Stratum
from misread.audit.written.model import Agreed, Bin, Calibrated, Method, Written
from misread.audit.written.worth import worth
from misread.version import __version__

if TYPE_CHECKING:
    from misread.audit.agreement import Calibration, Ceiling
    from misread.audit.groups import Disparity
    from misread.audit.result import Audit
    from misread.audit.table import CountTable

Step = Callable[[int, int], None]
STEPS = 7


def write(
    audit: Audit, progress: Step | None = None, *, compare: Sequence[str] = (), within: Sequence[str] = ()
) -> Written:
    """Everything that is written of an audit.

    Parameters
    ----------
    audit : Audit
        Counts, from which whatever is not known yet is computed now.
    progress : callable, optional
        Called with (steps done, steps in all).
    compare, within : sequence of str
        Group columns whose levels are compared within each level of other columns.

    Returns
    -------
    Written
        Unrounded. What a table knows of persons goes in as sums over persons, and where a row has fewer than
        `TOO_FEW` of them, their number alone.

    Raises
    ------
    MisreadError
        If one of the columns is no group column.
    """
    told = progress or (lambda _done, _of: None)
    table = audit.table
    told(0, STEPS)
    margins = tuple(_margin(table, columns, audit.facts.persons is not None) for columns in audit.margins())
    told(1, STEPS)
    estimates = (*audit.overall, *audit.by_group)
    told(2, STEPS)
    disparities = (*audit.disparities, *_compared(audit, compare, within))
    told(3, STEPS)
    calibration = tuple(
        _calibrated(found)
        for columns in ((), *((column,) for column in table.columns))
        for found in audit.calibration(within=columns)
    )
    told(4, STEPS)
    ceiling = None if audit.ceiling is None else _agreed(audit.ceiling)
    told(5, STEPS)
    flips = {name: tuple(found) for name, found in audit.flips.items()}
    told(6, STEPS)
    effect = None if audit.effect is None else PersonEffect.model_validate(asdict(audit.effect))
    told(7, STEPS)
    made = Written(
        format=FORMAT,
        version=__version__,
        source=_source(audit),
        unit=table.unit,
        expressions=table.expressions,
        labels=table.labels,
        columns=tuple(Column(name=c, levels=v) for c, v in zip(table.columns, table.levels, strict=True)),
        persons=audit.facts.persons,
        strata=tuple(_strata(table)),
        margins=margins,
        effect=effect,
        level=audit.level,
        seed=audit.seed,
        permutations=audit.permutations,
        replicates=audit.replicates,
        prevalence=dict(audit.prevalence) if isinstance(audit.prevalence, Mapping) else audit.prevalence,
        estimates=tuple(map(_finite, estimates)),
        disparities=tuple(map(_finite, disparities)),
        calibration=calibration,
        ceiling=ceiling,
        flips={name: tuple(map(_finite, found)) for name, found in flips.items()},
        warnings=audit.facts.warnings,
    )
    return made.model_copy(update={"methods": _methods(made)})


def _compared(audit: Audit, compare: Sequence[str], within: Sequence[str]) -> tuple[Disparity, ...]:
    """Differences between the levels of some columns within those of others, their p adjusted for all of them."""
    shown = [m for m in measures(audit.table) if m.statistic in SHOWN] if compare else []
    return adjusted(
        found
        for column in compare
        for m in shown
        for found in audit.disparity(m.statistic, between=column, within=within, expression=m.expression, label=m.label)
    )


def _source(audit: Audit) -> Source:
    facts = audit.facts
    columns: dict[str, tuple[str, ...]] = {}
    for role, column in facts.columns:
        columns[role] = (*columns.get(role, ()), column)
    return Source(
        name=facts.source,
        kind=facts.kind,
        sha256=facts.digest or None,
        bytes=facts.bytes,
        rows=facts.rows,
        counted=audit.table.total,
        columns=columns,
        missing_truth=facts.missing_truth,
        missing_answers=dict(facts.missing_answers),
        alone=facts.alone,
        left_out=dict(facts.left_out),
        read_as=facts.read_as,
    )


def _strata(table: CountTable) -> Iterator[Stratum]:
    for i in range(len(table.strata)):
        squares = None if table.squares is None else table.squares[i].tolist()
        yield Stratum(
            levels=table.names(i), counts=table.counts[i].tolist(), squares=squares, untold=table.untold[i].tolist()
        )


def _margin(table: CountTable, columns: tuple[str, ...], persons: bool) -> Margin:
    """What rows are worth; where votes on one face are taken together, its faces are no persons."""
    margin = table.margin(*columns)
    found = worth(margin)
    parts = []
    for i in range(len(margin.strata)):
        rows = []
        for j in range(len(margin.expressions)):
            row: dict[str, Any] = {"n": found.n[i, j], "n_eff": found.n_eff[i, j] if found.n[i, j] > 0 else None}
            if persons and found.k is not None:
                row["persons"] = int(found.k[i, j])
                if found.k[i, j] >= TOO_FEW:
                    assert found.xx is not None
                    assert found.xn is not None
                    assert found.nn is not None
                    row |= {"xx": found.xx[i, j].tolist(), "xn": found.xn[i, j].tolist(), "nn": found.nn[i, j]}
            rows.append(Row(**row))
        present = int(found.present[i]) if persons and found.present is not None else None
        parts.append(Part(levels=margin.names(i), persons=present, rows=tuple(rows)))
    return Margin(columns=columns, parts=tuple(parts))


def _calibrated(found: Calibration) -> Calibrated:
    bins = found.bins
    parts = zip(bins.edges[:-1], bins.edges[1:], bins.n, bins.hits, _told(bins.score), strict=True)
    same = {f.name: getattr(found, f.name) for f in fields(found) if f.name not in ("bins", "overconfidence")}
    return Calibrated(
        **same,
        overconfidence=_finite(found.overconfidence),
        bins=tuple(Bin(low=low, high=high, n=n, hits=hits, score=score) for low, high, n, hits, score in parts),
    )


def _agreed(found: Ceiling) -> Agreed:
    return Agreed(
        options=found.options,
        faces=found.faces,
        votes=found.votes,
        lone=found.lone,
        persons=found.persons,
        estimates=tuple(map(_finite, found.estimates)),
    )


def _told(values: NDArray[np.float64]) -> list[float | None]:
    return [None if math.isnan(v) else float(v) for v in values]


def _finite(found: Any) -> Any:
    """The same with plain numbers, None for those that are none: JSON knows neither NaN nor infinity."""
    changed = {}
    for f in fields(found):
        value = getattr(found, f.name)
        if isinstance(value, np.generic):
            value = value.item()
        changed[f.name] = None if isinstance(value, float) and not math.isfinite(value) else value
    return type(found)(**changed)


def _methods(written: Written) -> dict[str, Method]:
    """How everything was made that is there, by the ids that estimates name and those of what names none."""
    from misread.audit.intervals.methods import METHODS

    estimates = [*written.estimates, *(e for found in written.flips.values() for e in found)]
    estimates += [c.overconfidence for c in written.calibration]
    estimates += written.ceiling.estimates if written.ceiling is not None else ()
    used = {e.method for e in estimates}
    used |= {"permutation", "pooled", "sidak"} if written.disparities else set()
    used |= {"calibration-null"} if written.calibration else set()
    used |= {"trait-likelihood"} if written.effect is not None else set()
    used |= {"dirichlet" if written.persons is None else "dirichlet-persons"} if written.expressions else set()
    found = ((id, METHODS[id]) for id in sorted(used) if id in METHODS)
    return {id: Method(name=m.name, formula=m.formula, why=m.why, source=m.source) for id, m in found}
