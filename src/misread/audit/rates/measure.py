"""Rates with their intervals, for every stratum of a table and every measure at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.audit.intervals.effective import TOO_FEW, effective, t_quantile
from misread.audit.intervals.proportion import wilson
from misread.audit.rates.estimate import LEAST_EVEN, UNSAID, Estimate, known, note_of, worth_of
from misread.audit.rates.masks import Measure, cells, measures, unknown
from misread.audit.rates.moments import Moments, cell_moments, joined, moments
from misread.audit.table import CountTable

Array = NDArray[np.float64]

ROWS, PERSONS, WEIGHTS = "wilson", "wilson-persons", "wilson-weights"
"""How the interval of a rate is made: rows independent, persons known, rows weighted."""


@dataclass(frozen=True, eq=False)
class Rates:
    """Rates of a table's strata.

    Iterating gives an `Estimate` for each stratum and measure; the arrays are for whoever goes on computing.

    Attributes
    ----------
    table : CountTable
        What they are made from.
    measures : tuple of Measure
        What they are, along the last axis of each array.
    value, low, high : ndarray, shape (strata, measures)
        NaN where not estimable, or where no interval can be given.
    n, hits : ndarray, shape (strata, measures)
        What was counted, and how many of it are hits.
    n_eff : ndarray, shape (strata, measures)
        Independent faces that it is worth; NaN where that cannot be told.
    persons, even : ndarray or None, shape (strata, measures)
        Persons with n > 0, and how many with equally many faces they are worth; None where they are not known.
    method : str
        How the intervals are made.
    level : float
        Of the intervals.
    """

    table: CountTable
    measures: tuple[Measure, ...]
    value: Array
    low: Array
    high: Array
    n: Array
    hits: Array
    n_eff: Array
    persons: Array | None
    even: Array | None
    method: str
    level: float = 0.95

    def __iter__(self) -> Iterator[Estimate]:
        for stratum in range(len(self.value)):
            group = tuple(self.table.names(stratum).items())
            for column in range(len(self.measures)):
                yield self._estimate(stratum, column, group)

    def __len__(self) -> int:
        return self.value.size

    def of(self, statistic: str, expression: str | None = None, label: str | None = None) -> int:
        """The column of a measure.

        Raises
        ------
        KeyError
            If it is not among these rates.
        """
        for column, found in enumerate(self.measures):
            if found.key == (statistic, expression, label):
                return column
        raise unknown((statistic, expression, label), (m for m in self.measures if m.statistic != "confusion"))

    def find(self, stratum: int, statistic: str, expression: str | None = None, label: str | None = None) -> Estimate:
        """One estimate of one stratum.

        Raises
        ------
        KeyError
            If it is not among these rates.
        """
        return self._estimate(stratum, self.of(statistic, expression, label), tuple(self.table.names(stratum).items()))

    def _estimate(self, stratum: int, column: int, group: tuple[tuple[str, str], ...]) -> Estimate:
        at = stratum, column
        found = self.measures[column]
        persons = None if self.persons is None else int(self.persons[at])
        n = float(self.n[at])
        even = None if self.even is None else float(self.even[at])
        note = note_of(n, persons, even=even, answered=found.statistic == "precision")
        if found.statistic == "recall" and n and found.expression not in self.table.labels:
            note = f"{note}; {UNSAID}" if note else UNSAID
        return Estimate(
            found.statistic,
            group,
            found.expression,
            found.label,
            known(self.value[at]),
            known(self.low[at]),
            known(self.high[at]),
            n,
            float(self.hits[at]),
            persons,
            worth_of(self.n_eff[at], persons),
            self.method,
            note,
        )


def rates(table: CountTable, *, level: float = 0.95) -> Rates:
    """All rates of each stratum of a table, those of its single cells ("confusion") last.

    Parameters
    ----------
    table : CountTable
        One margin: `table.margin("age")`, say.
    level : float
        Of the intervals, in (0, 1).
    """
    found = measures(table)
    return of_moments(table, (*found, *cells(table)), joined(moments(table, found), cell_moments(table)), level)


def measured(table: CountTable, measures: Sequence[Measure], *, level: float = 0.95) -> Rates:
    """The same for measures of one's own.

    Parameters
    ----------
    table : CountTable
        One margin.
    measures : sequence of Measure
        What to count; masks of the table's shape.
    level : float
        Of the intervals, in (0, 1).
    """
    return of_moments(table, tuple(measures), moments(table, measures), level)


def of_moments(table: CountTable, measures: tuple[Measure, ...], sums: Moments, level: float) -> Rates:
    """Rates from their moments."""
    with np.errstate(invalid="ignore"):
        value = np.where(sums.n > 0, sums.x / np.where(sums.n > 0, sums.n, 1), np.nan)
    low, high, worth = interval(sums, level)
    method = PERSONS if sums.k is not None else WEIGHTS if table.weighted else ROWS
    return Rates(table, measures, value, low, high, sums.n, sums.x, worth, sums.k, sums.even, method, level)


def interval(sums: Moments, level: float) -> tuple[Array, Array, Array]:
    """Bounds, and the number of independent faces that they rest on.

    Wilson's interval on the counts; where rows are weighted, on Kish's effective number; where persons are known, on
    the number that they are worth, with Student's t on one less than there are persons, and none under `TOO_FEW`.
    Persons with unequally many faces count as the number with equally many that they are worth.
    """
    quantile: Array | None
    even = sums.even
    if sums.k is None or even is None:
        worth, quantile, usable = np.where(sums.n > 0, sums.kish, np.nan), None, sums.kish
    else:
        worth = effective(sums.x, sums.n, sums.xx, sums.xn, sums.nn, even, independent=sums.kish)
        # Few numbers of persons are different, and the quantile is dear.
        different, at = np.unique(even, return_inverse=True)
        quantile = t_quantile(different, level)[at].reshape(even.shape)
        usable = np.where((sums.k < TOO_FEW) | (even < LEAST_EVEN), 0.0, np.nan_to_num(worth))
    share = np.divide(sums.x, sums.n, out=np.zeros_like(sums.x), where=sums.n > 0)
    low, high = wilson(np.clip(share, 0, 1) * usable, usable, level=level, quantile=quantile)
    return low, high, worth
