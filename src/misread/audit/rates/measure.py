"""Rates with their intervals, for every stratum of a table and every measure at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from misread.audit.intervals.effective import LEAST_EVEN, TOO_FEW, effective, t_quantile
from misread.audit.intervals.proportion import SLACK, wilson
from misread.audit.rates.estimate import LEFT_OUT, UNSAID, Estimate, note_of, partly
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
            yield from self._of_stratum(stratum, slice(None))

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
        at = self.of(statistic, expression, label)
        (found,) = self._of_stratum(stratum, slice(at, at + 1))
        return found

    @cached_property
    def _about(self) -> NDArray[np.bool_]:
        """Which expressions each measure is about, shape (measures, expressions)."""
        found = np.array([m.of.any(axis=1) for m in self.measures], dtype=bool)
        return found.reshape(len(self.measures), len(self.table.expressions))

    def _of_stratum(self, stratum: int, which: slice) -> Iterator[Estimate]:
        group = tuple(self.table.names(stratum).items())

        # As plain numbers all at once: one by one that would take most of the time.
        def told(array: Array) -> list[float | None]:
            return [None if x != x else x for x in array[stratum, which].astype(np.float64, copy=False).tolist()]

        measures = self.measures[which]
        nothing: list[float | None] = [None] * len(measures)
        persons, even = (nothing if array is None else told(array) for array in (self.persons, self.even))
        columns = [told(array) for array in (self.value, self.low, self.high, self.n, self.hits, self.n_eff)]
        few = self.table.few
        gone = self._about[which] & (False if few is None else few[stratum])
        columns += [persons, even]
        for found, lacks, value, low, high, n, hits, worth, k, alike in zip(
            measures, np.any(gone, axis=1), *columns, strict=True
        ):
            assert n is not None
            of = None if k is None else int(k)
            note = note_of(n, of, even=alike, answered=found.statistic == "precision")
            if lacks and few is not None:
                note = self._left_out(few[stratum], found, note, bool(n))
            # A table that leaves out rows of few persons tells nothing of few persons who got an answer either.
            told_of = note != LEFT_OUT and (few is None or of is None or of >= TOO_FEW)
            if found.statistic == "recall" and n and found.expression not in self.table.labels:
                note = f"{note}; {UNSAID}" if note else UNSAID
            yield Estimate(
                found.statistic,
                group,
                found.expression,
                found.label,
                value if told_of else None,
                low,
                high,
                n,
                hits if told_of else None,
                None if note == LEFT_OUT else of,
                None if of is not None and of < TOO_FEW else worth,
                self.method,
                note,
            )

    def _left_out(self, few: NDArray[np.bool_], measure: Measure, note: str, counted: bool) -> str:
        """What has to be said where expressions are left out that a measure is about."""
        if not counted:
            return LEFT_OUT
        rows = few & measure.of.any(axis=1)
        said = partly([word for word, gone in zip(self.table.expressions, rows, strict=True) if gone])
        return f"{note}; {said}" if note else said


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

    Wilson's interval on the counts; where rows are weighted, on Kish's effective number, or fewer where weight and hit
    hang together; where persons are known, on the number that they are worth, with Student's t on one less than there
    are persons, and none under `TOO_FEW`. Persons with unequally many faces count as the number with equally many that
    they are worth.
    """
    quantile: Array | None
    even = sums.even
    if sums.k is None or even is None:
        usable, quantile = _of_rows(sums), None
        worth = np.where(sums.n > 0, usable, np.nan)
    else:
        worth = effective(sums.x, sums.n, sums.xx, sums.xn, sums.nn, even, independent=sums.kish)
        # Few numbers of persons are different, and the quantile is dear.
        different, at = np.unique(even, return_inverse=True)
        quantile = t_quantile(different, level)[at].reshape(even.shape)
        usable = np.where((sums.k < TOO_FEW) | (even < LEAST_EVEN), 0.0, np.nan_to_num(worth))
    share = np.divide(sums.x, sums.n, out=np.zeros_like(sums.x), where=sums.n > 0)
    low, high = wilson(np.clip(share, 0, 1) * usable, usable, level=level, quantile=quantile)
    return low, high, worth


def _of_rows(sums: Moments) -> Array:
    """What rows are worth: n without weights, with them p(1 − p) · n² / Σw²(hit − p)², and (Σw)² / Σw² at most."""
    with np.errstate(invalid="ignore", divide="ignore"):
        p = sums.x / sums.n
        found = p * (1 - p) * sums.n**2 / (sums.xx - 2 * p * sums.xn + p * p * sums.nn)
    fewer = (p > 0) & (p < 1) & (found > 0) & (found < (1 - SLACK) * sums.kish)
    return np.where(fewer, found, sums.kish)
