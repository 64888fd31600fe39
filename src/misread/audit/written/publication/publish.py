"""Tables of an audit that may be handed on, as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from misread.audit.groups import Disparity
from misread.audit.rates import Estimate, Measure, measures
from misread.audit.rates.masks import cells
from misread.audit.table import CountTable
from misread.audit.written.model import Written
from misread.audit.written.publication.suppress import LEAST, Suppression, suppress
from misread.audit.written.told.estimates import to_csv
from misread.errors import MisreadError, Problem

Mask = NDArray[np.bool_]
ALL, UNTOLD = "(all)", "(missing)"
"""What stands for a total of a row, and for faces without truth."""
DIGITS = 3
LEFT_OUT = "x"
DIFFERENCES = ("statistic", "expression", "label", "column", "groups", "p", "looked_at", "seen", "highest", "lowest")


@dataclass(frozen=True, eq=False)
class Part:
    """The table by some columns, and what of it is left out."""

    table: CountTable
    cells: Mask
    totals: Mask
    untold: Mask
    hidden: Mask


def publish(table: CountTable, written: Written, command: str) -> dict[str, str]:
    """Files for publication.

    Parameters
    ----------
    table : CountTable
        Counts of rows, without weights.
    written : Written
        What was made from them.
    command : str
        What repeats it.

    Returns
    -------
    dict of str to str
        ``counts.csv``, ``estimates.csv``, ``differences.csv`` and ``README.md``, which says what is left out.

    Raises
    ------
    MisreadError
        If rows have weights.
    """
    if not table.expressions:
        raise MisreadError(
            Problem(
                "Only votes are known, so that there are no answers to publish.",
                "answers, or votes, with the truth beside them.",
                "name the truth, or leave --for-publication out: audit.json says how far raters agree.",
                key="--for-publication",
            )
        )
    # What is small is found here anew, in counts that nothing was left out of; whoever is few stays left out.
    told, table = table.told, replace(table, told=None)
    # Crossings have so many small counts that two thirds of all would have to go (measured at sixty strata).
    margins: list[tuple[str, ...]] = [(), *((column,) for column in table.columns)]
    left_out = suppress(table, margins, told=told)
    parts = {
        columns: Part(
            table.margin(*columns),
            left_out.cells[columns],
            left_out.totals[columns],
            left_out.untold[columns],
            left_out.hidden[columns],
        )
        for columns in margins
    }
    estimates = tuple(_estimates(written, parts))
    names = [column.name for column in written.columns]
    return {
        "counts.csv": _counts(parts, names, written.persons is not None),
        "estimates.csv": to_csv(estimates, names),
        "differences.csv": _differences(written.disparities, estimates, parts),
        "README.md": _readme(written, left_out, sum(len(p.table.strata) for p in parts.values()), command),
    }


def _counts(parts: Mapping[tuple[str, ...], Part], columns: Sequence[str], persons: bool) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow([*(f"group_{column}" for column in columns), "expression", "label", "count"])
    for part in parts.values():
        table = part.table
        for s in range(len(table.strata)):
            levels = table.names(s)
            group = [levels.get(column, "") for column in columns]
            for e, expression in enumerate(table.expressions):
                counts = [*table.counts[s, e], table.counts[s, e].sum()]
                gaps, nothing = [*part.cells[s, e], part.totals[s, e]], part.hidden[s, e]
                found = zip((*table.labels, ALL), counts, gaps, strict=True)
                rows.writerows(
                    [*group, expression, label, LEFT_OUT if nothing else _count(n, gap)] for label, n, gap in found
                )
            if not persons:
                untold = zip(table.labels, table.untold[s], part.untold[s], strict=True)
                rows.writerows([*group, UNTOLD, label, _count(n, gap)] for label, n, gap in untold)
    return out.getvalue()


def _count(n: float, gap: bool) -> str:
    if not gap:
        return f"{n:.0f}"
    return f"<{LEAST}" if 0 < n < LEAST else LEFT_OUT


def _estimates(written: Written, parts: Mapping[tuple[str, ...], Part]) -> Iterator[Estimate]:
    """Estimates that follow from counts that are published, rounded; what depends on few persons is not told."""
    crowd = _crowded(written)
    of = {m.key: m for part in parts.values() for m in (*measures(part.table), *cells(part.table))}
    at = {
        columns: {tuple(part.table.names(s).items()): s for s in range(len(part.table.strata))}
        for columns, part in parts.items()
    }
    for estimate in written.estimates:
        columns = tuple(column for column, _ in estimate.group)
        if columns not in parts:
            continue
        part, stratum = parts[columns], at[columns][estimate.group]
        measure = of.get((estimate.statistic, estimate.expression, estimate.label))
        if published(part, stratum, measure):
            yield _rounded(estimate, told=(estimate.statistic, estimate.expression, estimate.label) in crowd)


def published(part: Part, stratum: int, measure: Measure | None) -> bool:
    """Whether a figure follows from counts that are published.

    Parameters
    ----------
    part : Part
        The table of its margin.
    stratum : int
        Which of its strata.
    measure : Measure or None
        Cells that it counts, and of which; None for what is made of all cells.
    """
    gaps = part.cells[stratum]
    if measure is None:
        return not gaps.any()
    # What a figure is a share of is known by its total where it is whole rows, else by its cells.
    whole: Mask = np.all(measure.of, axis=1)
    needed = measure.hits | (measure.of & ~whole[:, np.newaxis])
    return not (gaps & needed).any() and not (part.totals[stratum] & whole).any()


def _crowded(written: Written) -> set[tuple[str, str | None, str | None]]:
    """Statistics in whose strata there are never a few persons: the others would give a number below five away."""
    found: dict[tuple[str, str | None, str | None], bool] = {}
    for e in written.estimates:
        key = (e.statistic, e.expression, e.label)
        few = e.persons is not None and 0 < e.persons < LEAST
        found[key] = found.get(key, True) and not few
    return {key for key, crowd in found.items() if crowd}


def _rounded(e: Estimate, *, told: bool) -> Estimate:
    low, high = (e.low, e.high) if told else (None, None)
    note = e.note if told else "interval left out: it would tell of few persons"
    return replace(
        e,
        value=_round(e.value),
        low=_round(low),
        high=_round(high),
        persons=e.persons if told else None,
        n_eff=None,
        note=note,
    )


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def _differences(
    disparities: Sequence[Disparity], estimates: Sequence[Estimate], parts: Mapping[tuple[str, ...], Part]
) -> str:
    """Differences between levels that are all published.

    A p is made of the counts of all levels: with one of them left out, whoever tries 1 to 4 in its place and computes
    the p again would see which it was.
    """
    known = {(e.statistic, e.expression, e.label, e.group) for e in estimates}
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(DIFFERENCES)
    for d in disparities:
        table = parts[(d.column,)].table
        groups = [tuple(table.names(s).items()) for s in range(len(table.strata))]
        if d.p is None or d.within or any((d.statistic, d.expression, d.label, group) not in known for group in groups):
            continue
        rows.writerow([_plain(getattr(d, name)) for name in DIFFERENCES])
    return out.getvalue()


def _plain(value: object) -> object:
    return "" if value is None else round(value, DIGITS) if isinstance(value, float) else value


def _readme(written: Written, left_out: Suppression, tables: int, command: str) -> str:
    # Where persons are known, nobody knows whose faces without truth are.
    untold = f", `{UNTOLD}` faces without truth" if written.persons is None else ""
    return f"""\
# An audit, for publication

{written.source.counted // 10 * 10:,.0f} {written.unit} or a few more; {tables:,} tables: everybody, and each level of
each group column. Crossings of columns are left out: too many of their counts are small.

- `counts.csv`: faces by group, expression and answer. `{ALL}` is the total of a row{untold}.
- `estimates.csv`: figures with intervals, rounded to {DIGITS} digits.
- `differences.csv`: the largest difference between groups of each figure, and its p, not adjusted for how many were
  looked at.

What is left out: {left_out.small:,} counts from 1 to {LEAST - 1}, written `<{LEAST}`, and {left_out.others:,} others,
written `{LEFT_OUT}`, since sums would give small ones away, or since they are of a group of fewer than {LEAST} persons.
Figures that rest on any of them are left out too. Where a group has fewer than {LEAST} persons, nothing of that figure
tells how many persons there are: it has no interval. An empty field is what cannot be told; it is never 0.

This is not the audit itself: a deployment cannot be run from it. Made by misread {written.version}:

    {command}
"""
