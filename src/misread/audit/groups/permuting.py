"""What equal groups would show: the same faces or persons, dealt out to the groups anew.

If the groups do not differ, which group a face or a person belongs to says nothing, and every way of dealing them out
is as likely as the one that was seen (Fisher 1935; Pitman 1937). Without persons faces are dealt: hits of the groups
are then multivariate hypergeometric given what is fixed, the size of each group and the number of hits. With persons
each keeps all of their faces, since those resemble one another. A person who occurs in several groups cannot be dealt
to one of them. What such a person tells is by how much they are read better in one group than in another; if the groups
do not differ, that may as well have been the other way round, and its sign is dealt. With as many faces in each of two
groups that is the person's answers in both changing places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from misread.audit.groups.seen import Units
from misread.audit.groups.welch import second_opinion
from misread.audit.rates import Rates

Array = NDArray[np.float64]

CHUNK = 200_000
"""Units that are dealt at a time: what bounds the memory."""
DEALT = 40_000_000
"""Units dealt at most; with very many persons there are fewer permutations, which the result tells."""
LEAST = 199
"""Permutations at least."""
MANY = 50_000
"""Persons from which on none are dealt: Welch's test says the same of so many, and dealing them takes minutes."""
UNDEALT = 1999
"""Draws of what equal groups of so many persons show."""
HARDLY = 0.1
"""Share of trials of persons in several groups up to which Welch's test, which takes each for several, is heard."""
MOST_SUMS = 4_000_000
"""Sums over dealt groups that are made at a time: 32 MB."""
MOST_TRIALS = 900_000_000
"""NumPy draws from urns with fewer than 10⁹ balls; larger tables are taken in proportion."""
SAME = 1e-9
"""Statistics nearer than this, relatively, are equal: the last bits depend on the order of addition."""
ROUNDING = 1e-12
"""Of one group, the others weigh at least this much beside it."""


@dataclass(frozen=True, slots=True)
class Chance:
    """The groups seen beside equal ones.

    Attributes
    ----------
    p : float
        How often equal groups look at least as unequal.
    mean, high : float
        Range of rates among equal groups: mean and 95th percentile.
    times : int
        Permutations; 0 where nobody was dealt.
    """

    p: float
    mean: float
    high: float
    times: int


@dataclass(frozen=True, eq=False)
class Dealt:
    """The groups as they were seen, and dealt anew.

    Attributes
    ----------
    hits, trials : ndarray, shape (1 + times, groups)
        Of each group: as seen, then each time.
    surplus : ndarray, shape (1 + times, groups)
        Hits above what is expected of a group if all are equal: 0 on average over all ways of dealing.
    squares : ndarray, shape (1 + times, groups)
        What the surplus varies by: n·p(1 − p) for trials, the sum of squared surpluses for persons.
    """

    hits: Array
    trials: Array
    surplus: Array
    squares: Array


def chances(
    rates: Rates,
    part: NDArray[np.bool_],
    persons: Units | None,
    shared: Sequence[float],
    times: int,
    seed: int,
) -> list[Chance | None]:
    """What equal groups show, for each measure; with persons p is Welch's where that is larger.

    Parameters
    ----------
    rates : Rates
        A group each stratum.
    part : ndarray of bool, shape (groups, measures)
        Groups that take part.
    persons : Units or None
        Of these measures; None where persons are not known.
    shared : sequence of float
        Share of each measure's trials that are of persons in several groups.
    times : int
        How often groups are dealt anew.
    seed : int
        Of the dealing.

    Returns
    -------
    list of Chance or None
        None where fewer than two groups take part.
    """
    found: list[Chance | None] = [None] * len(rates.measures)
    comparable = [i for i in range(len(found)) if part[:, i].sum() >= 2]
    if persons is None:
        for i in comparable:
            worth = rates.n_eff[part[:, i], i]
            # With weights it is the effective numbers that are dealt, as whole numbers.
            n = np.rint(worth)
            x = np.rint(rates.value[part[:, i], i] * worth)
            found[i] = beside(deal_trials(x, n, times, np.random.default_rng([seed, 1])))
        return found
    about = [part[persons.group, i] & (persons.n[:, i] > 0) for i in range(len(found))]
    # Persons are dealt once for all measures that are about the same persons and groups.
    alike: dict[bytes, list[int]] = {}
    for i in comparable:
        if np.count_nonzero(about[i]) >= MANY and shared[i] <= HARDLY:
            found[i] = _undealt(rates, part[:, i], i, np.random.default_rng([seed, 1]))
        else:
            alike.setdefault(about[i].tobytes() + part[:, i].tobytes(), []).append(i)
    for same in alike.values():
        dealt = _dealt(rates, part[:, same[0]], persons, about[same[0]], same, times, seed)
        for i, chance in zip(same, dealt, strict=True):
            # With more shared, somebody in several groups would count as several persons there.
            heard = shared[i] <= HARDLY
            found[i] = replace(chance, p=max(chance.p, _welch(rates, part[:, i], i))) if heard else chance
    return found


def _dealt(
    rates: Rates,
    part: NDArray[np.bool_],
    persons: Units,
    about: NDArray[np.bool_],
    measures: Sequence[int],
    times: int,
    seed: int,
) -> list[Chance]:
    """By permutation, of measures that are about the same persons."""
    table, groups = rates.table, np.flatnonzero(part)
    grain = 1.0 if table.squares is None else float(table.squares.sum() / table.counts.sum())
    number = np.searchsorted(groups, persons.group[about]).astype(np.int32)
    often = permissible(times, len(number))
    at_once = max(1, MOST_SUMS // (3 * often * len(groups)))
    found: list[Chance] = []
    for now in (list(measures[i : i + at_once]) for i in range(0, len(measures), at_once)):
        some = Units(number, persons.person[about], persons.x[about][:, now], persons.n[about][:, now])
        # From the same seed each time: what a measure gets does not depend on which others are looked at.
        dealt = deal_persons(some, len(groups), often, np.random.default_rng([seed, 1]), grain=grain)
        found.extend(beside(equal) for equal in dealt)
    return found


def _undealt(rates: Rates, part: NDArray[np.bool_], measure: int, rng: np.random.Generator) -> Chance:
    """Without permutations: groups of one rate, each with as many independent faces as its own are worth."""
    trials = np.maximum(1, np.rint(rates.n_eff[part, measure])).astype(np.int64)
    common = float(rates.hits[part, measure].sum() / rates.n[part, measure].sum())
    ranges = np.ptp(rng.binomial(trials, min(common, 1.0), (UNDEALT, len(trials))) / trials, axis=1)
    p = _welch(rates, part, measure)
    return Chance(p, float(ranges.mean()), float(np.quantile(ranges, 0.95)), 0)


def _welch(rates: Rates, part: NDArray[np.bool_], measure: int) -> float:
    """Welch's p, from what rates know of persons."""
    assert rates.even is not None
    x, n, worth, even = (values[part, measure] for values in (rates.hits, rates.n, rates.n_eff, rates.even))
    return second_opinion(x, n, worth, even)


def deal_trials(x: Array, n: Array, times: int, rng: np.random.Generator) -> Dealt:
    """Hits of each group when all trials are dealt anew, group sizes kept.

    Parameters
    ----------
    x, n : ndarray, shape (groups,)
        Hits and trials, whole numbers; at least two groups with trials.
    times : int
        How often.
    rng : Generator
        Source of chance.
    """
    share = min(1.0, MOST_TRIALS / float(n.sum()))
    whole = np.rint(n * share).astype(np.int64)
    hits = round(float(x.sum()) * share)
    dealt = rng.multivariate_hypergeometric(whole, hits, size=times, method="marginals")
    rate = x.sum() / n.sum()
    shape = (1 + times, len(n))
    found = np.vstack([x, dealt / share])
    return Dealt(found, np.broadcast_to(n, shape), found - n * rate, np.broadcast_to(n * rate * (1 - rate), shape))


def deal_persons(
    units: Units, groups: int, times: int, rng: np.random.Generator, *, grain: float = 1.0
) -> tuple[Dealt, ...]:
    """Hits and trials of each group when persons are dealt anew, whole; numbers of persons are kept.

    Parameters
    ----------
    units : Units
        Of the groups that take part, numbered from 0, all of which occur.
    groups : int
        How many there are.
    times : int
        How often.
    rng : Generator
        Source of chance.
    grain : float
        What a single face counts: 1, or with weights Σw² / Σw.

    Returns
    -------
    tuple of Dealt
        One a measure.
    """
    _, number, count = np.unique(units.person, return_inverse=True, return_counts=True)
    several = count[number] > 1
    hits, trials, surplus, squares = _dealt_alone(_some(units, ~several), groups, times, rng, grain)
    if several.any():
        expected, n, flipped, varied = _flipped(_some(units, several), groups, times, rng)
        hits, trials = hits + expected + flipped, trials + n
        surplus, squares = surplus + flipped, squares + varied
    return tuple(Dealt(hits[..., m], trials[..., m], surplus[..., m], squares[..., m]) for m in range(units.x.shape[1]))


def _some(units: Units, which: NDArray[np.bool_]) -> Units:
    return Units(units.group[which], units.person[which], units.x[which], units.n[which])


def _dealt_alone(
    units: Units, groups: int, times: int, rng: np.random.Generator, grain: float
) -> tuple[Array, Array, Array, Array]:
    """Persons who are in one group: hits, trials, surplus and its squares, shape (1 + times, groups, measures)."""
    from scipy.sparse import csr_array

    size, measures = units.x.shape
    rate = units.x.sum(axis=0) / np.maximum(units.n.sum(axis=0), np.finfo(float).tiny)
    told = np.concatenate([units.x, units.n, (units.x - units.n * rate) ** 2], axis=1)
    starts = np.searchsorted(units.group, np.arange(groups))
    found = np.empty((1 + times, groups, 3 * measures))
    step = max(1, CHUNK // max(size, 1))
    for begin in range(0, 1 + times, step):
        now = min(step, 1 + times - begin)
        # NumPy shuffles words of the machine's own size faster.
        order = np.broadcast_to(np.arange(size), (now, size)).copy()
        seen = 1 if begin == 0 else 0
        rng.permuted(order[seen:], axis=1, out=order[seen:])
        # A row a group and time, with a 1 for each person that was dealt to it: sums are then one product.
        ends = np.append(np.add.outer(np.arange(now) * size, starts).ravel(), now * size)
        into = csr_array((np.ones(now * size), order.ravel(), ends), shape=(now * groups, size))
        found[begin : begin + now] = (into @ told).reshape(now, groups, 3 * measures)
    hits, trials, squares = (found[..., i * measures : (i + 1) * measures] for i in range(3))
    # As everywhere, persons are never taken to vary less than independent faces would.
    squares = np.maximum(squares, grain * trials * rate * (1 - rate))
    # Where nothing or everything was hit they say nothing on how alike one person's faces are: each then counts as one.
    persons = np.maximum(np.bincount(units.group, minlength=groups), 1)[:, None]
    extreme = (hits <= SAME * trials) | (hits >= (1 - SAME) * trials)
    squares = np.where(extreme, np.maximum(squares, trials**2 / persons * rate * (1 - rate)), squares)
    return hits, trials, hits - trials * rate, squares


def _flipped(units: Units, groups: int, times: int, rng: np.random.Generator) -> tuple[Array, Array, Array, Array]:
    """Persons who are in several groups.

    Returns
    -------
    expected, trials : ndarray, shape (groups, measures)
        Hits if each were read in every group as in all of them together, and trials.
    surplus : ndarray, shape (1 + times, groups, measures)
        Hits beyond, as seen and with signs dealt.
    squares : ndarray, shape (groups, measures)
        Sums of squared surpluses of persons.
    """
    from scipy.sparse import csr_array

    _, number = np.unique(units.person, return_inverse=True)
    persons, measures = int(number.max()) + 1, units.x.shape[1]
    own = np.zeros((2, persons, measures))
    np.add.at(own[0], number, units.x)
    np.add.at(own[1], number, units.n)
    expected = units.n * (own[0] / own[1])[number]
    surplus = units.x - expected
    sums = np.zeros((3, groups, measures))
    for at, values in enumerate((expected, units.n, surplus**2)):
        np.add.at(sums[at], units.group, values)
    found = np.empty((1 + times, groups, measures))
    step = max(1, CHUNK // persons)
    for begin in range(0, 1 + times, step):
        now = min(step, 1 + times - begin)
        signs = 1.0 - 2.0 * rng.integers(0, 2, size=(persons, now))
        if begin == 0:
            signs[:, 0] = 1
        for m in range(measures):
            by_group = csr_array((surplus[:, m], (units.group, number)), shape=(groups, persons))
            found[begin : begin + now, :, m] = (by_group @ signs).T
    return sums[0], sums[1], found, sums[2]


def beside(dealt: Dealt) -> Chance:
    """What was seen beside what equal groups show.

    With w = n² / squares as a group's weight, d = surplus / n as its distance from what is expected, and d̃ as the
    weighted mean of all d, groups are unequal where Σw(d − d̃)² is large, or where the largest w(d − d̃)² / (1 − w /
    Σw) is, which is the squared z of one group against all others. p is that of the rarer of the two, for having looked
    at both (Tippett's smallest p, its own distribution taken from the same permutations). The first sees many groups
    that differ a little, the second one that differs much. For faces the first is Pearson's chi-squared. For persons
    each group has a variance of its own, or else few persons with many faces beside many persons with few would pass
    for a difference (Janssen 1997; Chung and Romano, Ann. Stat. 41, 2013, 484–507). The range of raw rates itself sees
    next to nothing once sizes differ: what the smallest group shows by chance is then the range.

    Parameters
    ----------
    dealt : Dealt
        As seen, and dealt anew.
    """
    n = dealt.trials
    rates = dealt.hits / n
    d = dealt.surplus / n
    weight = n**2 / np.where(dealt.squares > 0, dealt.squares, np.inf)  # 0 where nothing, or everything, is hit
    total = np.maximum(weight.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    apart = weight * (d - (weight * d).sum(axis=1, keepdims=True) / total) ** 2
    alone = apart / np.maximum(1 - weight / total, ROUNDING)
    rarer = np.minimum(_rarity(apart.sum(axis=1)), _rarity(alone.max(axis=1)))
    ranges = np.ptp(rates[1:], axis=1)
    return Chance(
        float(np.mean(rarer <= rarer[0])), float(ranges.mean()), float(np.quantile(ranges, 0.95)), len(ranges)
    )


def _rarity(told: Array) -> Array:
    """How many of all are at least as large, as a share; the seen one is among them."""
    return np.asarray(len(told) - np.searchsorted(np.sort(told), told * (1 - SAME))) / len(told)


def permissible(times: int, units: int) -> int:
    """Permutations of so many units: fewer than asked for only where they would take long."""
    return min(times, max(LEAST, DEALT // max(units, 1)))
