"""What equal groups would show: the same faces or persons, dealt out to the groups anew.

If the groups do not differ, which group a face or a person belongs to says nothing, and every way of dealing them out
is as likely as the one that was seen (Fisher 1935; Pitman 1937). Without persons faces are dealt: hits of the groups
are then multivariate hypergeometric given what is fixed, the size of each group and the number of hits. With persons
each keeps all of their faces, since those resemble one another. A person who occurs in several groups cannot be dealt
to one of them. What such a person tells is by how much they are read better in one group than in another; if the groups
do not differ, each of the person's faces may as well have been in another of these groups, and it is they that are
dealt, as many to each group as the person has there.
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
"""Units that are shuffled or drawn at a time: what bounds the memory."""
DEALT = 40_000_000
"""Units that are shuffled or drawn in all; with more there are fewer permutations, which the result tells."""
TURNED = 1000
"""Persons above which, if they are more than the permutations asked for, these are turns of a ring (`_turned`)."""
DEARER = 10
"""How many units cost as much as one whose hits are drawn, since the person is in several groups."""
LEAST = 199
"""Permutations at least."""
MANY = 50_000
"""Persons from which on none are dealt: Welch's test says the same of so many, and at once."""
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
    here = persons.some(about)
    several = int(np.count_nonzero(here.shared))
    often = permissible(times, len(here.group) - several, several)
    at_once = max(1, MOST_SUMS // (3 * often * len(groups)))
    found: list[Chance] = []
    for now in (list(measures[i : i + at_once]) for i in range(0, len(measures), at_once)):
        some = Units(np.searchsorted(groups, here.group).astype(np.int32), here.person, here.x[:, now], here.n[:, now])
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
    several = units.shared
    hits, trials, surplus, squares = _dealt_alone(units.some(~several), groups, times, rng, grain)
    if several.any():
        expected, n, more, varied = _dealt_within(units.some(several), groups, times, rng, grain)
        hits, trials = hits + expected + more, trials + n
        surplus, squares = surplus + more, squares + varied
    return tuple(Dealt(hits[..., m], trials[..., m], surplus[..., m], squares[..., m]) for m in range(units.x.shape[1]))


def _dealt_alone(
    units: Units, groups: int, times: int, rng: np.random.Generator, grain: float
) -> tuple[Array, Array, Array, Array]:
    """Persons who are in one group: hits, trials, surplus and its squares, shape (1 + times, groups, measures)."""
    size, measures = units.x.shape
    rate = units.x.sum(axis=0) / np.maximum(units.n.sum(axis=0), np.finfo(float).tiny)
    told = np.concatenate([units.x, units.n, (units.x - units.n * rate) ** 2], axis=1)
    deal = _turned if size > max(TURNED, times) else _shuffled
    found = deal(units.group, told, groups, times, rng)
    hits, trials, squares = (found[..., i * measures : (i + 1) * measures] for i in range(3))
    # As everywhere, persons are never taken to vary less than independent faces would.
    squares = np.maximum(squares, grain * trials * rate * (1 - rate))
    # Where nothing or everything was hit they say nothing on how alike one person's faces are: each then counts as one.
    persons = np.maximum(np.bincount(units.group, minlength=groups), 1)[:, None]
    extreme = (hits <= SAME * trials) | (hits >= (1 - SAME) * trials)
    squares = np.where(extreme, np.maximum(squares, trials**2 / persons * rate * (1 - rate)), squares)
    return hits, trials, hits - trials * rate, squares


def _shuffled(group: NDArray[np.int32], told: Array, groups: int, times: int, rng: np.random.Generator) -> Array:
    """Sums of each group as seen, then with persons in another order each time; shape (1 + times, groups, columns)."""
    from scipy.sparse import csr_array

    size, columns = told.shape
    starts = np.searchsorted(group, np.arange(groups))
    found = np.empty((1 + times, groups, columns))
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
        found[begin : begin + now] = (into @ told).reshape(now, groups, columns)
    return found


def _turned(group: NDArray[np.int32], told: Array, groups: int, times: int, rng: np.random.Generator) -> Array:
    """The same of many persons, who stand in a ring in an order drawn once: each time groups move on by some places.

    Moves of a ring are a group of permutations, and whichever way of dealing was seen, the others are as many moves
    away from it: p is as exact as that of all permutations (Hemerik and Goeman, TEST 27, 2018, 811–825). Sums for all
    moves at once are a circular correlation, which Fourier transforms give.
    """
    from scipy.fft import irfft, rfft

    size = len(group)
    ring = rng.permutation(size)
    moves = np.append(0, 1 + rng.choice(size - 1, times, replace=False))
    spectra = [rfft(column[ring]) for column in told.T]
    found = np.empty((1 + times, groups, len(spectra)))
    # One at a time: all of them at once would be persons times groups.
    for g in range(groups):
        inside = np.conj(rfft((group[ring] == g).astype(np.float64)))
        for c, spectrum in enumerate(spectra):
            found[:, g, c] = irfft(inside * spectrum, size)[moves]
    return found


def _dealt_within(
    units: Units, groups: int, times: int, rng: np.random.Generator, grain: float
) -> tuple[Array, Array, Array, Array]:
    """Persons who are in several groups: their own faces dealt to these.

    Given the person that is exact, however few faces or hits there are. Where one person is read better in one group
    and another in another one, persons' surpluses vary more than when dealt; since a group's distance is measured by
    what they vary by each time, equal groups still look equal with many persons (Janssen 1997).

    Returns
    -------
    expected, trials : ndarray, shape (groups, measures)
        Hits if each were read in every group as in all of them together, and trials.
    surplus, squares : ndarray, shape (1 + times, groups, measures)
        Hits beyond, as seen and each time, and the sums of squares of what each person has beyond.
    """
    from scipy.sparse import csr_array

    _, number = np.unique(units.person, return_inverse=True)
    order = np.lexsort((units.group, number))
    number, group = number[order], units.group[order]
    place = np.arange(len(number)) - np.searchsorted(number, number)  # of a group among those of the person
    persons, width, measures = int(number[-1]) + 1, int(place.max()) + 1, units.x.shape[1]
    sums, found = np.zeros((2, groups, measures)), np.zeros((2, 1 + times, groups, measures))
    where, seed = np.zeros((persons, width), dtype=np.intp), rng.integers(2**63)
    where[number, place] = group
    for m in range(measures):
        x, n = np.zeros((2, persons, width))
        x[number, place], n[number, place] = units.x[order, m], units.n[order, m]
        share = (x.sum(axis=1) / np.maximum(n.sum(axis=1), np.finfo(float).tiny))[:, None]
        told = ((share > SAME) & (share < 1 - SAME))[:, 0]  # who is always hit, or never, is so in every group
        sums[0, :, m], sums[1, :, m] = (np.bincount(where.ravel(), v.ravel(), groups) for v in (n * share, n))
        x, n, share, to = x[told], n[told], share[told], where[told]
        into = [csr_array((np.ones(len(to)), (np.arange(len(to)), at)), shape=(len(to), groups)) for at in to.T]
        # Whole numbers, with weights of what the faces are worth: what a hit adds is then scaled back.
        whole = np.rint(n / max(grain, float(n.sum(axis=1).max(initial=0)) / MOST_TRIALS)).astype(np.int64)
        whole = np.where(n > 0, np.maximum(whole, 1), 0)
        each = n / np.maximum(whole, 1)
        hits = np.rint(np.divide(x, n, out=np.zeros_like(x), where=n > 0) * whole).astype(np.int64).sum(axis=1)
        own = hits / np.maximum(whole.sum(axis=1), 1)
        draw = np.random.default_rng(seed)  # the same for each measure, whichever others are looked at
        step = max(1, CHUNK // max(len(to), 1))
        for begin in range(0, 1 + times, step):
            now = min(step, 1 + times - begin)
            left, rest = np.broadcast_to(hits, (now, len(hits))).copy(), whole.sum(axis=1)
            for w, groups_of in enumerate(into):
                rest = rest - whole[:, w]
                dealt = draw.hypergeometric(whole[:, w], rest, left)
                left -= dealt
                beyond = each[:, w] * (dealt - own * whole[:, w])
                if begin == 0:
                    beyond[0] = x[:, w] - share[:, 0] * n[:, w]
                for at, values in enumerate((beyond, beyond**2)):
                    found[at, begin : begin + now, :, m] += values @ groups_of
    return sums[0], sums[1], found[0], found[1]


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


def permissible(times: int, alone: int, shared: int = 0) -> int:
    """Permutations of so many units of persons in one group, and in several: fewer than asked for where they take long.

    Of persons who are turned as a ring there are as many as persons, but for one.
    """
    turns = min(times, alone - 1) if alone > TURNED else 0
    return min(times, max(LEAST, turns, DEALT // max(alone, 1)), max(LEAST, DEALT // max(DEARER * shared, 1)))
