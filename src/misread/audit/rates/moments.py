"""Sums of rates over persons, per stratum: all that an interval needs to know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from misread.audit.intervals.effective import even_persons
from misread.audit.rates.masks import Measure
from misread.audit.table import CountTable, People

Array = NDArray[np.float64]

AT_ONCE = 1 << 21
"""Numbers about persons that are looked at together: 16 MB."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Hits and trials of rates per stratum, and how they spread over persons.

    Attributes
    ----------
    x, n : ndarray, shape (strata, measures)
        Hits and what they are a share of.
    xx, xn, nn : ndarray, shape (strata, measures)
        Σx², Σx·n and Σn² over persons; where persons are not known, over rows: sums of squared weights.
    k : ndarray or None, shape (strata, measures)
        Persons with n > 0; None where persons are not known.
    kish : ndarray, shape (strata, measures)
        What the trials would be worth if each were independent: (Σw)² / Σw², which is n without weights.
    """

    x: Array
    n: Array
    xx: Array
    xn: Array
    nn: Array
    k: Array | None
    kish: Array

    @property
    def even(self) -> Array | None:
        """How many persons with equally many trials those of each rate are worth; None where persons are not known."""
        return None if self.k is None else even_persons(self.n, self.nn, self.k)


def moments(table: CountTable, measures: Sequence[Measure]) -> Moments:
    """Moments of these rates in each stratum.

    Parameters
    ----------
    table : CountTable
        One margin. Σx² of persons who occur in several strata does not add up: each margin is a table of its own.
    measures : sequence of Measure
        Any masks of the table's shape.
    """
    C = len(table.expressions) * len(table.labels)
    hits = np.array([m.hits for m in measures], dtype=np.float64).reshape(len(measures), C).T
    of = np.array([m.of for m in measures], dtype=np.float64).reshape(len(measures), C).T
    x, n = _flat(table.counts) @ hits, _flat(table.counts) @ of
    squares = _flat(table.counts if table.squares is None else table.squares)
    kish = n if table.squares is None else _share(n * n, squares @ of)
    if table.people is None:
        return Moments(x, n, squares @ hits, squares @ (hits * of), squares @ of, None, kish)
    xx, xn, nn, k = _over_persons(table.people, len(table.strata), hits, of)
    return Moments(x, n, xx, xn, nn, k, kish)


def cell_moments(table: CountTable) -> Moments:
    """The same of P(label | expression) for every cell at once, cells in their order along the last axis.

    Their hits are single cells, so sums over what persons have in them are enough, whatever the number of words.
    """
    S, E, L = table.counts.shape

    def of_row(values: Array) -> Array:
        return np.repeat(values.reshape(S, E), L, axis=1)

    x, n = _flat(table.counts), of_row(table.counts.sum(axis=2))
    squares = table.counts if table.squares is None else table.squares
    kish = n if table.squares is None else _share(n * n, of_row(squares.sum(axis=2)))
    people = table.people
    if people is None:
        return Moments(x, n, _flat(squares), _flat(squares), of_row(squares.sum(axis=2)), None, kish)
    row = people.cell // L
    starts = _starts(people.stratum, people.person, row)
    faces = np.add.reduceat(people.count, starts) if len(starts) else people.count
    each = np.repeat(faces, np.diff(starts, append=len(row)))
    at_row = (people.stratum.astype(np.int64) * E + row)[starts]
    at_cell = people.stratum.astype(np.int64) * (E * L) + people.cell

    def summed(at: NDArray[np.int64], values: Array | None, size: int) -> Array:
        return np.bincount(at, values, S * size).reshape(S, size).astype(np.float64)

    return Moments(
        x,
        n,
        summed(at_cell, people.count**2, E * L),
        summed(at_cell, people.count * each, E * L),
        of_row(summed(at_row, faces**2, E)),
        of_row(summed(at_row, None, E)),
        kish,
    )


def joined(first: Moments, second: Moments) -> Moments:
    """The measures of both, one after the other."""
    k = None
    if first.k is not None and second.k is not None:
        k = np.concatenate([first.k, second.k], axis=1)
    x, n, xx, xn, nn, kish = (
        np.concatenate([getattr(first, name), getattr(second, name)], axis=1)
        for name in ("x", "n", "xx", "xn", "nn", "kish")
    )
    return Moments(x, n, xx, xn, nn, k, kish)


def pairs(people: People) -> NDArray[np.intp]:
    """Where each person of each stratum begins in the rows of `people`."""
    return _starts(people.stratum, people.person)


def matrix(people: People, cells: int) -> csr_array:
    """How often each person of each stratum is in each cell, in the order of `pairs`, shape (pairs, cells)."""
    ends = np.append(pairs(people), len(people.cell))
    return csr_array((people.count, people.cell, ends), shape=(len(ends) - 1, cells))


def _over_persons(people: People, strata: int, hits: Array, of: Array) -> tuple[Array, Array, Array, Array]:
    """Σx², Σxn, Σn² and the number of persons with n > 0, each (strata, measures)."""
    C, M = hits.shape
    both = np.concatenate([hits, of], axis=1)
    starts = pairs(people)
    counts = matrix(people, C)
    sizes = np.diff(counts.indptr)
    # Whoever is in one cell only adds the square of a count there: most persons, where few have more than one face.
    single = starts[sizes == 1]
    at = people.stratum[single].astype(np.int64) * C + people.cell[single]
    squares = np.bincount(at, people.count[single] ** 2, strata * C).reshape(strata, C)
    xx, xn, nn = squares @ hits, squares @ (hits * of), squares @ of
    k = np.bincount(at, minlength=strata * C).reshape(strata, C).astype(np.float64) @ of
    several = np.flatnonzero(sizes > 1)
    step = max(1, AT_ONCE // max(M, 1))
    for first in range(0, len(several), step):
        chosen = several[first : first + step]
        x, n = np.split(counts[chosen] @ both, 2, axis=1)
        add = csr_array(
            (np.ones(len(chosen)), (people.stratum[starts[chosen]], np.arange(len(chosen)))),
            shape=(strata, len(chosen)),
        )
        xx, xn, nn, k = xx + add @ (x * x), xn + add @ (x * n), nn + add @ (n * n), k + add @ (n > 0).astype(np.float64)
    return xx, xn, nn, k


def _starts(*codes: NDArray[np.int32]) -> NDArray[np.intp]:
    """Where a new combination begins in sorted codes."""
    new = np.ones(len(codes[0]), dtype=bool)
    new[1:] = np.any([code[1:] != code[:-1] for code in codes], axis=0)
    return np.flatnonzero(new)


def _flat(counts: Array) -> Array:
    strata, expressions, labels = counts.shape
    return counts.reshape(strata, expressions * labels)


def _share(part: Array, whole: Array) -> Array:
    """0 where there is no whole."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
