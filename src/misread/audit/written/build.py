"""From an audit to what is written of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from misread.audit.written.counts import FORMAT, Column, Margin, Part, PersonEffect, Row, Source
from misread.audit.written.load import LIMIT
from misread.audit.written.model import Agreed, Bin, Calibrated, Method, Written
from misread.audit.written.worth import worth
from misread.version import __version__

if TYPE_CHECKING:
    from misread.audit.agreement import Calibration, Ceiling
    from misread.audit.rates import Estimate
    from misread.audit.result import Audit
    from misread.audit.table import CountTable

Step = Callable[[int, int], None]
STEPS = 7
ROOM = 0.75
"""Of what can be read again: what margins and their estimates may take; differences and the rest come beside them."""
AN_ESTIMATE, A_COUNT = 260, 6
"""Bytes of one in the file."""
MOST_CELLS = 100_000
"""Single cells that have estimates of their own, everybody's always."""


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
        Unrounded. What a table knows of persons goes in as what rows are worth; of one to four persons nothing does.

    Raises
    ------
    MisreadError
        If one of the columns is no group column.
    """
    told = progress or (lambda _done, _of: None)
    table = audit.table
    told(0, STEPS)
    tables = tuple(_margins(audit))
    margins = tuple(_margin(margin, audit.facts.persons is not None) for margin in tables)
    told(1, STEPS)
    estimates, no_room = _told_of(audit, tables)
    told(2, STEPS)
    disparities = (*audit.disparities, *(audit.compared(compare, within) if compare else ()))
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
        warnings=(*audit.facts.warnings, *no_room),
    )
    return made.model_copy(update={"methods": _methods(made)})


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


def _margins(audit: Audit) -> Iterator[CountTable]:
    """What is written, as far as there is room: everybody and single columns come first."""
    room = float(LIMIT) * ROOM
    for columns in audit.margins():
        margin = audit.table.margin(*columns)
        S, E, L = margin.counts.shape
        room -= S * ((E + 2 * L + 8) * AN_ESTIMATE + E * L * A_COUNT)
        if room >= 0 or not columns:
            yield margin


def _margin(margin: CountTable, persons: bool) -> Margin:
    """Counts, and what rows are worth; where votes on one face are taken together, its faces are no persons."""
    found = worth(margin)
    S, E, _ = margin.counts.shape
    few = np.zeros((S, E), dtype=bool) if margin.few is None else margin.few
    parts = []
    for i in range(S):
        rows = [
            Row(
                n=found.n[i, j],
                counts=margin.counts[i, j].tolist(),
                squares=None if margin.squares is None else margin.squares[i, j].tolist(),
                persons=int(found.k[i, j]) if persons and found.k is not None and not few[i, j] else None,
                n_eff=found.n_eff[i, j] if found.n[i, j] > 0 else None,
                left_out=bool(few[i, j]),
            )
            for j in range(E)
        ]
        here = persons and found.present is not None and not (E and few[i].all())
        present = int(found.present[i]) if here and found.present is not None else None
        # Nobody knows how many persons are in rows without truth.
        untold = None if margin.few is not None else margin.untold[i].tolist()
        parts.append(Part(levels=margin.names(i), persons=present, rows=tuple(rows), untold=untold))
    return Margin(columns=margin.columns, parts=tuple(parts))


def _told_of(audit: Audit, tables: Sequence[CountTable]) -> tuple[Sequence[Estimate], tuple[str, ...]]:
    """Estimates of what is written, and what is said of those that are not."""
    written = {table.columns for table in tables}
    cells, single = 0, set()
    for table in tables:
        cells += table.counts.size
        if cells <= MOST_CELLS or not table.columns:
            single.add(table.columns)
    found = [
        e
        for e in (*audit.overall, *audit.by_group)
        if (columns := tuple(column for column, _ in e.group)) in written
        and (e.statistic != "confusion" or columns in single)
    ]
    said = []
    left = [columns for columns in audit.margins() if columns not in written]
    if left:
        said.append(f"no room in audit.json for {_crossings(left)}: it would be larger than it can be read.")
    if without := [table.columns for table in tables if table.columns not in single]:
        said.append(f"single cells of {_crossings(without)} have no estimates in audit.json, only counts: too many.")
    return found, tuple(said)


def _crossings(several: Sequence[tuple[str, ...]]) -> str:
    return ", ".join(" × ".join(columns) for columns in several)


def _calibrated(found: Calibration) -> Calibrated:
    bins = found.bins
    parts = zip(bins.edges[:-1], bins.edges[1:], bins.n, bins.hits, _told(bins.score), strict=True) if bins else ()
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
            changed[f.name] = value = value.item()
        if isinstance(value, float) and not math.isfinite(value):
            changed[f.name] = None
    return replace(found, **changed) if changed else found


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
