"""Persons drawn again, whole, as often as there are: what composites would have been with other persons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from misread.audit.rates.composed.sums import Places, Sums, own_words, values
from misread.audit.rates.moments import matrix, pairs
from misread.audit.table import CountTable, People

Array = NDArray[np.float64]

AT_ONCE = 1 << 19
"""Numbers that are held together: 4 MB, which stay in the processor's cache."""
BY_ONE = 1 << 18
"""Products up to this size OpenBLAS makes by one thread; others would wait busily for the next one."""


def drawn(persons: int, replicates: int, rng: np.random.Generator) -> Array:
    """How often each person is drawn when as many are drawn, with putting back, as there are.

    Returns
    -------
    ndarray, shape (persons, replicates)
        Whole numbers; each column adds to `persons`.
    """
    found = np.empty((replicates, persons))
    for often, who in zip(found, rng.integers(0, persons, (replicates, persons)), strict=True):
        often[:] = np.bincount(who, minlength=persons)
    return np.ascontiguousarray(found.T)


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
    ndarray, shape (strata, features, batch)
    """
    features, cells = sums_of_cells.shape
    there = np.bincount(people.person, minlength=people.k) > 0
    persons = int(there.sum())
    # Who is in each stratum, one stratum after the other, and what each of them adds to the sums.
    starts = pairs(people)
    of = people.stratum[starts]
    order = np.argsort(of, kind="stable")
    who = (np.cumsum(there) - 1)[people.person[starts]][order]
    borders = np.searchsorted(of[order], np.arange(strata + 1)).tolist()
    adds = matrix(people, cells)[order] @ csr_array(sums_of_cells.T)
    at = np.repeat(np.arange(len(starts)) * features, np.diff(adds.indptr)) + adds.indices
    batch = int(np.clip(AT_ONCE // max(persons, strata * features), 1, replicates))
    most = max(1, BY_ONE // (features * batch))
    parts = [
        (stratum, first, min(first + most, end))
        for stratum, (begin, end) in enumerate(pairwise(borders))
        for first in range(begin, end, most)
    ]
    rng = np.random.default_rng(seed)
    for begin in range(0, replicates, batch):
        often = drawn(persons, min(batch, replicates - begin), rng)
        found = np.zeros((strata, features, often.shape[1]))
        for stratum, first, last in parts:
            here = slice(adds.indptr[first], adds.indptr[last])
            each = np.zeros((last - first, features))
            each.reshape(-1)[at[here] - first * features] = adds.data[here]
            found[stratum] += each.T @ often[who[first:last]]
        yield found


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
    among = np.concatenate([rows * L + columns, cell, cell])
    features = csr_array((np.ones(len(at)), (at, among)), shape=(own + E + L, E * L))
    # Which strata of the table each wanted one is made of, those of all margins one below the other.
    added = csr_array(vstack([_made_of(margin) for margin in wanted]))
    scale = np.concatenate([margin.scale for margin in wanted])
    found = np.empty((replicates, len(scale), 4))
    done = 0
    for batch in resampled(table.people, features, len(table.counts), replicates=replicates, seed=seed):
        sums: Array = np.asarray(added @ batch.reshape(len(batch), -1)).reshape(len(scale), *batch.shape[1:])
        # Replicates lie side by side in memory, whatever the order of the axes.
        hits, faces, answers = np.split(np.moveaxis(sums, 2, 0), [own, own + E], axis=2)
        found[done : done + len(hits)] = values(Sums(hits, faces, answers, rows, columns, scale))
        done += len(hits)
    return tuple(np.split(found, np.cumsum([len(margin.scale) for margin in wanted])[:-1], axis=1))


def _made_of(margin: Wanted) -> csr_array:
    """Shape (strata wanted, strata of the table): 1 where one is part of the other."""
    part = np.flatnonzero(margin.to >= 0)
    shape = (len(margin.scale), len(margin.to))
    return csr_array((np.ones(len(part)), (margin.to[part], part)), shape=shape)


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
