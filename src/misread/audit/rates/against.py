"""What each group is compared with: the others' sums, and how far persons who are in both tie the two together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.audit.rates.composed import composites
from misread.audit.rates.estimate import note_of
from misread.audit.rates.masks import Measure
from misread.audit.rates.measure import interval
from misread.audit.rates.moments import Moments, moments, pairs
from misread.audit.table import MISSING, CountTable, People

Array = NDArray[np.float64]
Codes = NDArray[np.intp]

ROUNDING = 1e-9
"""Share of a sum under which what is left of it is nothing: sums of weights are rounded."""


@dataclass(frozen=True, eq=False)
class Side:
    """A statistic on one side of each comparison, shapes (strata,)."""

    value: Array
    low: Array
    high: Array
    n: Array
    persons: Array | None
    even: Array | None

    def of_persons(self, stratum: int) -> int | None:
        """How many; None where they are not known."""
        return None if self.persons is None else int(self.persons[stratum])

    def reason(self, stratum: int, *, answered: bool) -> str:
        """Why there is no value or no interval; empty where there is."""
        even = None if self.even is None else float(self.even[stratum])
        return note_of(float(self.n[stratum]), self.of_persons(stratum), even=even, answered=answered)


class Blocks:
    """Which strata of a table are compared with which: those that differ in the last column alone.

    Parameters
    ----------
    table : CountTable
        One margin.
    against : int, optional
        The level that the others are compared with; by default each is compared with all others together, those whose
        level is missing left out.
    """

    def __init__(self, table: CountTable, against: int | None = None) -> None:
        self.level = table.strata[:, -1]
        _, block = np.unique(table.strata[:, :-1], axis=0, return_inverse=True)
        self.block: Codes = block.reshape(-1).astype(np.intp)
        self.counted = np.array([table.levels[-1][i] != MISSING for i in self.level], dtype=bool)
        self.base: Codes | None = None
        if against is not None:
            base = np.full(len(self.level), -1, dtype=np.intp)  # −1: no such level in the block
            at = np.flatnonzero(self.level == against)
            base[self.block[at]] = at
            self.base = base[self.block]


def rate_sides(table: CountTable, measure: Measure, blocks: Blocks, level: float) -> tuple[Side, Side, Array]:
    """A rate of each stratum beside that of what it is compared with, and the correlation of the two.

    The correlation is that of persons who are in both; 0 where there are none.
    """
    own = moments(table, [measure])
    other = _others(own, blocks.block, blocks.counted) if blocks.base is None else _picked(own, blocks.base)
    correlation = np.zeros(len(table.strata))
    if table.people is not None:
        x, n, stratum, person = by_person(table.people, measure)
        if blocks.base is None:
            x_other, n_other, xx, xn, nn, k = _others_of_persons(x, n, stratum, person, blocks, table.people.k)
            other = Moments(other.x, other.n, xx, xn, nn, k, other.kish)
        else:
            x_other, n_other = _in_base(x, n, stratum, person, blocks.base)
        correlation = correlation_of(own, other, x, n, x_other, n_other, stratum)
    return _side(own, level), _side(other, level), correlation


def composite_sides(table: CountTable, which: int, blocks: Blocks, level: float) -> tuple[Side, Side]:
    """The same for a composite, by linearisation. All others together are a table of their own, level by level."""
    one = _composite_side(table, which, level)
    if blocks.base is not None:
        return one, _taken(one, blocks.base)
    at = np.full(len(table.strata), -1, dtype=np.intp)
    rests: list[Side] = []
    before = 0
    for last in np.unique(blocks.level):
        others = blocks.counted & (blocks.level != last)
        if not others.any():
            continue
        rest = table.kept(others).margin(*table.columns[:-1])
        rests.append(_composite_side(rest, which, level))
        place = {tuple(row): before + i for i, row in enumerate(rest.strata.tolist())}
        for s in np.flatnonzero(blocks.level == last):
            at[s] = place.get(tuple(table.strata[s, :-1].tolist()), -1)
        before += len(rest.strata)
    return one, _taken(_together(rests) if rests else one, at)


def _together(sides: list[Side]) -> Side:
    value, low, high, n = (
        np.concatenate([getattr(side, name) for side in sides]) for name in ("value", "low", "high", "n")
    )
    persons = [side.persons for side in sides if side.persons is not None]
    even = [side.even for side in sides if side.even is not None]
    return Side(
        value, low, high, n, np.concatenate(persons) if persons else None, np.concatenate(even) if even else None
    )


def _composite_side(table: CountTable, which: int, level: float) -> Side:
    found = composites(table, level=level, replicates=0)
    return Side(found.value[:, which], found.low[:, which], found.high[:, which], found.n, found.persons, found.even)


def _taken(side: Side, at: Codes) -> Side:
    """The side's strata at these places; nothing where there is none."""
    there = at >= 0
    value, low, high = (np.where(there, v[at], np.nan) for v in (side.value, side.low, side.high))
    persons, even = (None if v is None else np.where(there, v[at], 0.0) for v in (side.persons, side.even))
    return Side(value, low, high, np.where(there, side.n[at], 0.0), persons, even)


def _side(sums: Moments, level: float) -> Side:
    low, high, _ = interval(sums, level)
    value = np.divide(sums.x, sums.n, out=np.full_like(sums.x, np.nan), where=sums.n > 0)
    persons, even = (None if v is None else v[:, 0] for v in (sums.k, sums.even))
    return Side(value[:, 0], low[:, 0], high[:, 0], sums.n[:, 0], persons, even)


def by_person(people: People, measure: Measure) -> tuple[Array, Array, Codes, Codes]:
    """Hits and trials of each person of each stratum, with the numbers of both."""
    starts = pairs(people)
    x, n = (
        np.add.reduceat(people.count * mask.reshape(-1)[people.cell], starts) if len(starts) else np.zeros(0)
        for mask in (measure.hits, measure.of)
    )
    return x, n, people.stratum[starts].astype(np.intp), people.person[starts].astype(np.intp)


def _others(own: Moments, block: Codes, counted: NDArray[np.bool_]) -> Moments:
    """What is left of each block without a stratum; right for sums over rows, which add up."""

    def rest(values: Array) -> Array:
        part = np.where(counted, values[:, 0], 0.0)
        total = np.bincount(block, part)[block]
        left = total - part
        return np.where(left > ROUNDING * total, left, 0.0)[:, None]

    x, n, xx, xn, nn = (rest(values) for values in (own.x, own.n, own.xx, own.xn, own.nn))
    with np.errstate(invalid="ignore", divide="ignore"):
        weights = np.where(own.kish > 0, own.n**2 / own.kish, 0.0)  # Σw²
        left = rest(weights)
        kish = np.where(left > 0, n * n / left, 0.0)
    return Moments(x, n, xx, xn, nn, None, kish)


def _picked(own: Moments, base: Codes) -> Moments:
    def of(values: Array) -> Array:
        return np.where(base[:, None] >= 0, values[base], 0.0)

    k = None if own.k is None else of(own.k)
    return Moments(of(own.x), of(own.n), of(own.xx), of(own.xn), of(own.nn), k, of(own.kish))


def _others_of_persons(
    x: Array, n: Array, stratum: Codes, person: Codes, blocks: Blocks, persons: int
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """What each person of a stratum has in the others of its block; then Σx², Σxn, Σn² and k of those others.

    The sums of a block change only by the persons who are in the stratum as well.
    """
    block = blocks.block
    whole, at = np.unique(block[stratum] * persons + person, return_inverse=True)
    in_block = (whole // persons).astype(np.intp)
    part = blocks.counted[stratum]
    x_all: Array = np.bincount(at, np.where(part, x, 0.0), len(whole)).astype(np.float64)
    n_all: Array = np.bincount(at, np.where(part, n, 0.0), len(whole)).astype(np.float64)
    x_before, n_before = x_all[at], n_all[at]
    n_after = n_before - np.where(part, n, 0.0)
    there = n_after > ROUNDING * n_before
    n_after = np.where(there, n_after, 0.0)
    x_after = np.where(there, np.maximum(0, x_before - np.where(part, x, 0.0)), 0.0)

    def rest(of_all: Array, before: Array, after: Array) -> Array:
        total = np.bincount(in_block, of_all, int(block.max(initial=-1)) + 1)[block]
        left: Array = np.maximum(0, total + np.bincount(stratum, after - before, len(block)))
        return left[:, None]

    return (
        x_after,
        n_after,
        rest(x_all**2, x_before**2, x_after**2),
        rest(x_all * n_all, x_before * n_before, x_after * n_after),
        rest(n_all**2, n_before**2, n_after**2),
        rest(*((values > 0).astype(np.float64) for values in (n_all, n_before, n_after))),
    )


def _in_base(x: Array, n: Array, stratum: Codes, person: Codes, base: Codes) -> tuple[Array, Array]:
    """What each person of a stratum has in the stratum that it is compared with."""
    keys = person * len(base) + stratum  # sorted, since `people` is
    wanted = person * len(base) + base[stratum]
    at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    found = (keys[at] == wanted) & (base[stratum] >= 0) if len(keys) else np.zeros(0, dtype=bool)
    return np.where(found, x[at], 0.0), np.where(found, n[at], 0.0)


def correlation_of(
    own: Moments, other: Moments, x: Array, n: Array, x_other: Array, n_other: Array, stratum: Codes
) -> Array:
    """Correlation of two rates by linearisation: what persons who are in both add to one and to the other."""
    p, q = (np.divide(side.x, side.n, out=np.zeros_like(side.x), where=side.n > 0)[:, 0] for side in (own, other))

    def spread(side: Moments, share: Array) -> Array:
        """Σz² over persons; as in the rate's own interval never less than with independent faces."""
        found = side.xx[:, 0] - 2 * share * side.xn[:, 0] + share**2 * side.nn[:, 0]
        n, worth = side.n[:, 0], side.kish[:, 0]
        least = np.divide(share * (1 - share) * n * n, worth, out=np.zeros_like(n), where=worth > 0)
        return np.asarray(np.maximum(found, least))

    together = np.bincount(stratum, (x - p[stratum] * n) * (x_other - q[stratum] * n_other), len(own.x))
    scale = np.sqrt(spread(own, p) * spread(other, q))
    return np.clip(np.divide(together, scale, out=np.zeros_like(scale), where=scale > 0), -1, 1)
