"""Composites of every stratum of a table, with their intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from misread.audit.intervals.effective import TOO_FEW, t_quantile
from misread.audit.intervals.proportion import wilson
from misread.audit.rates.composed.linear import unseen, variance
from misread.audit.rates.composed.replicate import Wanted, margins_again, quantiles
from misread.audit.rates.composed.sums import STATISTICS, Sums, apart, by_chance, sums_of, values
from misread.audit.rates.estimate import LEFT_OUT, UNSAID, Estimate, known, note_of, partly, worth_of
from misread.audit.table import CountTable

Array = NDArray[np.float64]

ENOUGH = 100
"""Persons from which on they are drawn again. With fewer the percentiles are too close together: with 30 persons of ten
faces, 95 % right, they hold the truth in .91 of samples where linearisation does in .95 (`test_composites.py`)."""
FEW = 0.1
"""Part of a variance, hidden by expressions of few faces, from which on persons are not drawn again."""
MANY = 50_000
"""Persons beyond which linearisation is as good, and drawing them a thousand times takes long."""

ROWS, PERSONS, AGAIN = "delta", "delta-persons", "replicates-persons"


@dataclass(frozen=True, eq=False)
class Composites:
    """Balanced accuracy, macro-F1, kappa and alpha of a table's strata; iterating gives an `Estimate` for each.

    Attributes
    ----------
    table : CountTable
        What they are made from.
    value, low, high, n_eff : ndarray, shape (strata, 4)
        In the order of `STATISTICS`; NaN where not estimable, or where no interval can be given.
    n : ndarray, shape (strata,)
        Faces, or the sum of their weights.
    persons, even : ndarray or None, shape (strata,)
        How many, and how many with equally many faces they are worth; None where they are not known.
    again : ndarray of bool, shape (strata, 4)
        Whether the interval is from persons drawn again; otherwise it is by linearisation.
    hidden : ndarray of bool, shape (strata, 4)
        Whether so few faces show an expression that drawing persons again would not show how far it can be trusted.
    level : float
        Of the intervals.
    replicates, seed : int
        How often persons were drawn again, and from which seed.
    """

    table: CountTable
    value: Array
    low: Array
    high: Array
    n_eff: Array
    n: Array
    persons: Array | None
    even: Array | None
    again: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    level: float
    replicates: int
    seed: int

    def __iter__(self) -> Iterator[Estimate]:
        sums = sums_of(self.table)
        for s in range(len(self.value)):
            shown = [word for word, faces in zip(self.table.expressions, sums.faces[s], strict=True) if faces > 0]
            for m in range(len(STATISTICS)):
                yield self._estimate(s, m, shown)

    def __len__(self) -> int:
        return self.value.size

    def _estimate(self, s: int, m: int, shown: list[str]) -> Estimate:
        persons = None if self.persons is None else int(self.persons[s])
        value = known(self.value[s, m])
        note = note_of(float(self.n[s]), persons, even=None if self.even is None else float(self.even[s]))
        few = self.table.few
        gone = [] if few is None else [w for w, out in zip(self.table.expressions, few[s], strict=True) if out]
        if gone:
            note = LEFT_OUT if not self.n[s] else note
        notes = [note] if note else []
        if gone and self.n[s]:
            notes.append(partly(gone))
        if not note and value is None:
            notes.append("not estimable: only one word")
        elif m < 2 and shown:
            if len(shown) < len(self.table.expressions):
                notes.append(f"mean over {', '.join(shown)}")
            unsaid = [word for word in shown if word not in self.table.labels]
            if unsaid:
                notes.append(f"{UNSAID}: {', '.join(unsaid)}")
        if self.again[s, m]:
            notes.append(f"{self.replicates} replicates, seed {self.seed}")
        return Estimate(
            STATISTICS[m],
            tuple(self.table.names(s).items()),
            None,
            None,
            value,
            known(self.low[s, m]),
            known(self.high[s, m]),
            float(self.n[s]),
            None,
            persons,
            worth_of(self.n_eff[s, m], persons),
            AGAIN if self.again[s, m] else ROWS if persons is None else PERSONS,
            "; ".join(notes),
        )


def composites(table: CountTable, *, level: float = 0.95, replicates: int = 1000, seed: int = 1) -> Composites:
    """Balanced accuracy, macro-F1, kappa and alpha of each stratum.

    Their intervals are percentiles of replicates in which whole persons are drawn again, where there are `ENOUGH`; with
    fewer, or where persons are not known, they are by linearisation.

    Parameters
    ----------
    table : CountTable
        One margin: `table.margin("age")`, say.
    level : float
        Of the intervals, in (0, 1).
    replicates : int
        How often persons are drawn again; 0 for linearisation everywhere.
    seed : int
        Of the draws.
    """
    (found,) = composites_of(table, (table,), level=level, replicates=replicates, seed=seed)
    return found


def composites_of(
    table: CountTable, margins: Sequence[CountTable], *, level: float = 0.95, replicates: int = 1000, seed: int = 1
) -> tuple[Composites, ...]:
    """The same of several margins of a table, whose persons are drawn again once for all of them.

    Parameters
    ----------
    table : CountTable
        What they are margins of.
    margins : sequence of CountTable
        Each by some of its columns.
    level, replicates, seed
        As of `composites`, which gives the same for each.
    """
    found = [_linear(margin, level, replicates, seed) for margin in margins]
    people = table.people
    if people is None or not replicates or people.k > MANY:
        return tuple(found)
    several = [np.zeros(0, dtype=bool) if one.even is None else one.even >= ENOUGH for one in found]
    # What some margins leave out is still in the table: those are drawn by themselves.
    own = [i for i, one in enumerate(margins) if one is not table and one.few is not None and one.few.any()]
    for i in own:
        (found[i],) = composites_of(margins[i], (margins[i],), level=level, replicates=replicates, seed=seed)
    drawn = [i for i, enough in enumerate(several) if enough.any() and i not in own]
    wanted = [_wanted(table, margins[i], several[i]) for i in drawn]
    repeated = margins_again(table, wanted, replicates=replicates, seed=seed) if wanted else ()
    for i, again in zip(drawn, repeated, strict=True):
        found[i] = _from_replicates(found[i], several[i], *quantiles(again, level))
    return tuple(found)


def _linear(table: CountTable, level: float, replicates: int, seed: int) -> Composites:
    sums = sums_of(table)
    value = values(sums)
    spread, persons, even = variance(table, sums)
    few = unseen(sums)
    low, high, worth = linearised(sums, value, spread + few, persons, even, level)
    # Persons who are drawn again show no more than they did.
    hidden = few > FEW * spread
    again = np.zeros(value.shape, dtype=bool)
    return Composites(table, value, low, high, worth, sums.n, persons, even, again, hidden, level, replicates, seed)


def _wanted(table: CountTable, margin: CountTable, several: NDArray[np.bool_]) -> Wanted:
    """The strata of a margin that have persons enough, and which strata of the table they are made of."""
    to = np.zeros(len(table.strata), dtype=np.intp)
    if margin.columns:
        at = [table.columns.index(column) for column in margin.columns]
        # In the same order as those of the margin.
        to = np.unique(table.strata[:, at], axis=0, return_inverse=True)[1].reshape(-1)
    number = np.where(several, np.cumsum(several) - 1, -1)
    return Wanted(number[to], sums_of(margin).scale[several])


def _from_replicates(found: Composites, several: NDArray[np.bool_], low: Array, high: Array) -> Composites:
    """Bounds from replicates in the place of those by linearisation."""
    again = np.zeros(found.value.shape, dtype=bool)
    # Where all replicates are alike, everything right say, they tell nothing of what was not seen.
    told = (high > low) & ~found.hidden[several]
    again[several] = told
    lows, highs = found.low.copy(), found.high.copy()
    lows[again], highs[again] = low[told], high[told]
    return replace(found, low=lows, high=highs, again=again)


def linearised(
    sums: Sums, value: Array, spread: Array, persons: Array | None, even: Array | None, level: float
) -> tuple[Array, Array, Array]:
    """Intervals from variances, and the number of independent faces that they are worth.

    Each composite is a share p on a scale that begins at c: v = (p − c) / (1 − c), with c = 0 for the means and with
    what is right by chance for kappa and alpha, of which p is the accuracy. Wilson's interval of p, on the number of
    faces that has the variance, brings bounds that stay in range and do not close up where all answers are right.
    """
    zero = np.zeros_like(sums.n)
    start = np.stack([zero, zero, by_chance(sums), 1 - apart(sums)], axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        each = np.where(sums.faces > 0, 1 / sums.faces, 0).sum(axis=1)
        means = sums.over**2 / each  # what a mean of shares that are all alike is worth
        most = sums.scale[:, None] * np.stack([means, means, sums.n, sums.n], axis=1)
        p = np.clip(start + value * (1 - start), 0, 1)
        worth = np.minimum(sums.scale * sums.n, (p * (1 - p) / (spread * (1 - start) ** 2)).T).T
        # Everything or nothing right says nothing of how persons differ.
        flat = (p <= 0) | (p >= 1) | ~(spread > 0)
        worth = np.where(flat, most if even is None else np.minimum(most, even[:, None]), worth)
    worth = np.where(np.isnan(value) | np.isnan(spread), np.nan, worth)
    quantile = None if even is None else t_quantile(even, level)[:, None]
    usable = np.nan_to_num(worth)
    if persons is not None:
        usable = np.where(persons[:, None] < TOO_FEW, 0.0, usable)
    low, high = wilson(np.nan_to_num(p) * usable, usable, level=level, quantile=quantile)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (low - start) / (1 - start), (high - start) / (1 - start), worth
