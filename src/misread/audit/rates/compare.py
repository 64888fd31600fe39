"""Groups against each other: differences and ratios, within other columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.audit.intervals.compare import mover_ratio, newcombe
from misread.audit.rates.against import Blocks, Side, composite_sides, rate_sides
from misread.audit.rates.composed.sums import STATISTICS
from misread.audit.rates.estimate import known
from misread.audit.rates.masks import measure
from misread.audit.table import MISSING, CountTable

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """A rate of one group beside that of another.

    Attributes
    ----------
    statistic, expression, label : str or None
        As of an `Estimate`.
    column, level : str
        The group.
    against : str or None
        The level it is compared with; None for all other levels together, `(missing)` left out.
    within : tuple of (column, level)
        Both are of these groups as well.
    value, against_value : float or None
        The two rates; None where not estimable.
    difference, low, high : float or None
        The first less the second, with its interval.
    ratio, ratio_low, ratio_high : float or None
        The first divided by the second. `ratio` is None where the second is 0; `ratio_high` is None where nothing
        bounds the ratio from above: it is at least `ratio_low`.
    n, against_n : float
        What was counted on either side.
    persons, against_persons : int or None
        None where persons are not known.
    correlation : float
        Of the two rates, since the same persons are in both; 0 where none are.
    method : str
        How the interval of the difference is made, an id of `misread.audit.intervals.methods`.
    note : str
        What else has to be said with it.
    """

    statistic: str
    expression: str | None
    label: str | None
    column: str
    level: str
    against: str | None
    within: tuple[tuple[str, str], ...]
    value: float | None
    against_value: float | None
    difference: float | None
    low: float | None
    high: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    n: float
    against_n: float
    persons: int | None
    against_persons: int | None
    correlation: float
    method: str
    note: str = ""


def differences(
    table: CountTable,
    statistic: str,
    *,
    between: str,
    expression: str | None = None,
    label: str | None = None,
    within: Sequence[str] = (),
    against: str | None = None,
    level: float = 0.95,
) -> tuple[Difference, ...]:
    """Each level of a column against all its other levels together, or against one of them.

    The difference has Newcombe's interval and the ratio that of MOVER-R, both from the bounds of the two rates, so that
    they never contradict one another. Where the same persons are in both groups, the correlation that this makes is
    taken into account. `(missing)` is no group: it is compared with none, and in no "all others".

    Parameters
    ----------
    table : CountTable
        With all columns named here; others are added up.
    statistic, expression, label : str
        As of an `Estimate`: one of `measures(table)`, `cells(table)` or a composite.
    between : str
        The column whose levels are compared.
    within : sequence of str
        Columns within whose levels they are compared.
    against : str, optional
        One level to compare the others with.
    level : float
        Of the intervals, in (0, 1).

    Raises
    ------
    KeyError
        If there is no such statistic or level.
    """
    table = table.margin(*within, between)
    levels = table.levels[-1]
    if against is not None and against not in levels:
        raise KeyError(f"{between!r} has no level {against!r}; it has: {', '.join(levels)}")
    shape = Blocks(table, None if against is None else levels.index(against))
    if statistic in STATISTICS:
        one, other = composite_sides(table, STATISTICS.index(statistic), shape, level)
        correlation = np.zeros(len(table.strata))
    else:
        one, other, correlation = rate_sides(table, measure(table, statistic, expression, label), shape, level)
    return _told(table, (statistic, expression, label), one, other, correlation, against)


def _told(
    table: CountTable,
    key: tuple[str, str | None, str | None],
    one: Side,
    other: Side,
    correlation: Array,
    against: str | None,
) -> tuple[Difference, ...]:
    bounds = one.value, one.low, one.high, other.value, other.low, other.high
    # Kappa and alpha lie in [−1, 1], and differ by up to 2: halves of them differ as shares do.
    size = 2 if key[0] in ("kappa", "alpha") else 1
    low, high = (size * bound for bound in newcombe(*(b / size for b in bounds), correlation=correlation))
    unknown = np.full_like(one.value, np.nan)
    ratio_low, ratio_high, ratio = unknown, unknown, unknown
    if key[0] not in ("kappa", "alpha"):  # these may be 0 or less, and have no ratio
        ratio_low, ratio_high = mover_ratio(*bounds, correlation=correlation)
        ratio = np.divide(one.value, other.value, out=unknown.copy(), where=other.value > 0)
    found = []
    for s in range(len(one.value)):
        names = tuple(table.names(s).items())
        column, level = names[-1]
        if level in (against, MISSING):
            continue
        found.append(
            Difference(
                *key,
                column,
                level,
                against,
                names[:-1],
                known(one.value[s]),
                known(other.value[s]),
                known(one.value[s] - other.value[s]),
                known(low[s]),
                known(high[s]),
                known(ratio[s]),
                known(ratio_low[s]),
                None if np.isinf(ratio_high[s]) else known(ratio_high[s]),
                float(one.n[s]),
                float(other.n[s]),
                one.of_persons(s),
                other.of_persons(s),
                float(correlation[s]),
                "newcombe",
                _note(one, other, s, key[0], bool(np.isinf(ratio_high[s]))),
            )
        )
    return tuple(found)


def _note(one: Side, other: Side, s: int, statistic: str, unbounded: bool) -> str:
    for side in (one, other):
        reason = side.reason(s, answered=statistic == "precision")
        if reason:
            return reason
    return "the ratio has no upper bound" if unbounded else ""
