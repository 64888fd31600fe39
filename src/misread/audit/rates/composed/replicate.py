"""Persons drawn again, whole, as often as there are: what composites would have been with other persons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from misread.audit.rates.composed.sums import Places, Sums, own_words, values
from misread.audit.table import CountTable, People

Array = NDArray[np.float64]

AT_ONCE = 1 << 19
"""Numbers that are held together: 4 MB, which stay in the processor's cache."""


def drawn(persons: int, replicates: int, rng: np.random.Generator) -> Array:
    """How often each person is drawn when as many are drawn, with putting back, as there are.

    Returns
    -------
    ndarray, shape (persons, replicates)
        Whole numbers; each column adds to `persons`.
    """
    who = rng.integers(0, persons, (replicates, persons))
    at = who * replicates + np.arange(replicates)[:, None]
    return np.bincount(at.reshape(-1), minlength=persons * replicates).reshape(persons, replicates).astype(np.float64)


def resampled(people: People, sums_of_cells: csr_array, strata: int, *, replicates: int, seed: int) -> Iterator[Array]:
    """Sums over cells with persons drawn again, a batch of replicates at a time.

    A person is drawn once for all strata: whoever occurs in several is in all of them as often.

    Parameters
    ----------
    people : People
        Who is in which cell how often.
    sums_of_cells : csr_array, shape (features, cells)
        Which cells make up each sum.
    strata : int
        How many there are.
    replicates, seed : int
        How often, and from which seed.

    Yields
    ------
    ndarray, shape (batch, strata, features)
    """
    features, _ = sums_of_cells.shape
    there = np.bincount(people.person, minlength=people.k) > 0
    number = np.cumsum(there) - 1
    persons = int(there.sum())
    # For each row of `people`, the sums that its cell is part of.
    by_cell = csr_array(sums_of_cells.T)
    parts = np.diff(by_cell.indptr)[people.cell]
    rows = np.repeat(np.arange(len(parts)), parts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(parts) - parts, parts)
    feature = by_cell.indices[by_cell.indptr[people.cell][rows] + within]
    spread = csr_array(
        (people.count[rows], (people.stratum[rows].astype(np.int64) * features + feature, number[people.person[rows]])),
        shape=(strata * features, persons),
    )
    rng = np.random.default_rng(seed)
    batch = int(np.clip(AT_ONCE // max(persons, strata * features), 1, replicates))
    for first in range(0, replicates, batch):
        found = spread @ drawn(persons, min(batch, replicates - first), rng)
        yield np.moveaxis(found.reshape(strata, features, -1), 2, 0)


@dataclass(frozen=True, eq=False)
class Wanted:
    """Strata of a margin whose composites are wanted.

    Attributes
    ----------
    to : ndarray of int, shape (strata of the table,)
        Which of them each stratum of the table belongs to, from 0, each at least once; −1 for none.
    scale : ndarray, shape (strata wanted,)
        That of their `Sums`.
    """

    to: Places
    scale: Array


def composites_again(table: CountTable, sums: Sums, *, replicates: int, seed: int) -> Array:
    """The composites of each stratum with persons drawn again.

    Returns
    -------
    ndarray, shape (replicates, strata, 4)
        NaN where one is not estimable.
    """
    (found,) = margins_again(
        table, [Wanted(np.arange(len(table.strata)), sums.scale)], replicates=replicates, seed=seed
    )
    return found


def margins_again(table: CountTable, wanted: Sequence[Wanted], *, replicates: int, seed: int) -> tuple[Array, ...]:
    """The same for strata of several margins, with persons drawn once for all of them.

    Returns
    -------
    tuple of ndarray, shapes (replicates, strata wanted, 4)
    """
    if table.people is None:
        raise AssertionError("persons are not known")
    E, L = len(table.expressions), len(table.labels)
    rows, columns = own_words(table.expressions, table.labels)
    own = len(rows)
    cell = np.arange(E * L)
    at = np.concatenate([np.arange(own), own + cell // L, own + E + cell % L])
    of = np.concatenate([rows * L + columns, cell, cell])
    features = csr_array((np.ones(len(at)), (at, of)), shape=(own + E + L, E * L))
    found: list[list[Array]] = [[] for _ in wanted]
    for batch in resampled(table.people, features, len(table.counts), replicates=replicates, seed=seed):
        for again, margin in zip(found, wanted, strict=True):
            hits, faces, answers = np.split(_added(batch, margin.to), [own, own + E], axis=2)
            again.append(values(Sums(hits, faces, answers, rows, columns, margin.scale)))
    return tuple(np.concatenate(again) for again in found)


def _added(batch: Array, to: Places) -> Array:
    """Sums of strata put together, shape (batch, strata wanted, features)."""
    order = np.argsort(to, kind="stable")
    order = order[np.searchsorted(to[order], 0) :]
    return np.add.reduceat(batch[:, order], np.flatnonzero(np.diff(to[order], prepend=-1)), axis=1)


def quantiles(replicates: Array, level: float) -> tuple[Array, Array]:
    """The bounds between which the middle share `level` of the replicates lies, NaN ones left out.

    Parameters
    ----------
    replicates : ndarray, shape (replicates, …)
        Of a statistic.
    level : float
        In (0, 1).

    Returns
    -------
    low, high : ndarray, shape (…)
        By linear interpolation; NaN where all are.
    """
    ordered = np.sort(replicates, axis=0)  # NaN come last
    there = np.count_nonzero(~np.isnan(ordered), axis=0)

    def at(share: float) -> Array:
        place = share * np.maximum(there - 1, 0)
        below = np.floor(place).astype(np.intp)
        above = np.minimum(below + 1, np.maximum(there - 1, 0))
        low, high = (np.take_along_axis(ordered, i[None], axis=0)[0] for i in (below, above))
        return np.asarray(low + (place - below) * (high - low))

    return at((1 - level) / 2), at((1 + level) / 2)
