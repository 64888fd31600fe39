"""Equal groups: against all ways of dealing, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import t

from misread.audit.groups.permuting import Chance, _turned, beside, deal_persons, deal_trials, permissible
from misread.audit.groups.seen import Units
from misread.audit.groups.welch import all_alike, one_apart, second_opinion
from tests.audit.groups.study import SHARED, called_unequal, shared_unequal

Array = NDArray[np.float64]


def every_deal(x: list[int], n: list[int]) -> tuple[Array, Array]:
    """All ways in which the hits can fall on the groups, with their probabilities."""
    ways = [way for way in product(*(range(size + 1) for size in n)) if sum(way) == sum(x)]
    chances = [np.prod([float(comb(size, hits)) for size, hits in zip(n, way, strict=True)]) for way in ways]
    return np.array(ways, dtype=float), np.array(chances) / sum(chances)


def rarer(told: Array, weights: Array) -> Array:
    """The smallest of two tail probabilities of each way, summed one by one; `told` has a column a statistic."""
    found = [[weights[column >= mine - 1e-9].sum() for mine in column] for column in told.T]
    return np.min(found, axis=0)


@pytest.mark.parametrize(
    ("x", "n"), [([4, 1, 0], [5, 6, 7]), ([3, 3, 0], [6, 6, 6]), ([8, 2], [10, 10]), ([1, 2, 3, 5], [9, 8, 5, 5])]
)
def test_p_is_that_of_all_ways_of_dealing_hits(x: list[int], n: list[int]) -> None:
    ways, weights = every_deal(x, n)
    sizes, total = np.array(n), sum(n)
    surplus = ways - sizes * sum(x) / total
    # Pearson's chi-squared, and the largest square by its variance, but for what is the same for all ways.
    told = np.column_stack([(surplus**2 / sizes).sum(1), (surplus**2 / (sizes * (total - sizes))).max(1)])
    least = rarer(told, weights)
    seen = np.flatnonzero((ways == x).all(axis=1))[0]
    exact = weights[least <= least[seen] + 1e-9].sum()

    times = 20_000
    dealt = deal_trials(np.array(x, float), np.array(n, float), times, np.random.default_rng(4))
    assert dealt.hits[0].tolist() == x
    assert dealt.surplus == pytest.approx(dealt.hits - sizes * sum(x) / total)
    chance = beside(dealt)
    assert chance.times == times
    assert chance.p == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / times) + 1e-4)
    ranges = np.ptp(ways / n, axis=1)
    assert chance.mean == pytest.approx(weights @ ranges, abs=0.005)
    at = np.argsort(ranges)
    assert chance.high == pytest.approx(ranges[at][np.searchsorted(np.cumsum(weights[at]), 0.95)], abs=1e-9)


def test_with_two_groups_it_is_fishers_two_sided_test_by_distance() -> None:
    # With as many in each group, all that is as far from the middle counts.
    x, n = np.array([8.0, 2.0]), np.array([10.0, 10.0])
    exact = 2 * sum(comb(10, i) * comb(10, 10 - i) for i in (0, 1, 2)) / comb(20, 10)
    chance = beside(deal_trials(x, n, 40_000, np.random.default_rng(1)))
    assert chance.p == pytest.approx(exact, abs=0.004)


Way = tuple[list[float], list[float], list[float], list[float]]
"""Hits, trials, surplus and squares of three groups."""


def every_way(units: Units) -> Iterator[tuple[Way, int]]:
    """Persons of one group in every order, hits of others on their faces in every way, and in how many ways that is.

    The first is the one that was seen.
    """
    who, group = units.person.tolist(), units.group.tolist()
    x, n = units.x[:, 0].tolist(), units.n[:, 0].tolist()
    alone = [u for u in range(len(who)) if who.count(who[u]) == 1]
    others = sorted({person for person in who if who.count(person) > 1})
    rate = sum(x[u] for u in alone) / sum(n[u] for u in alone)
    theirs = [[u for u in range(len(who)) if who[u] == person] for person in others]
    falls = []
    for mine in theirs:
        seen = tuple(int(x[u]) for u in mine)
        fallen = [w for w in product(*(range(int(n[u]) + 1) for u in mine)) if sum(w) == sum(seen)]
        falls.append([seen, *(w for w in fallen if w != seen)])
    for order in permutations(alone):
        for fallen in product(*falls):
            ways = 1
            hits, trials, surplus, squares = ([0.0] * 3 for _ in range(4))
            for place, u in zip(alone, order, strict=True):
                g = group[place]
                hits[g] += x[u]
                trials[g] += n[u]
                surplus[g] += x[u] - n[u] * rate
                squares[g] += (x[u] - n[u] * rate) ** 2
            for g in range(3):
                persons = sum(group[u] == g for u in alone)
                least = trials[g] * rate * (1 - rate)
                if persons and hits[g] in (0, trials[g]):
                    least *= trials[g] / persons
                squares[g] = max(squares[g], least)
            for mine, hit in zip(theirs, fallen, strict=True):
                own = sum(x[u] for u in mine) / sum(n[u] for u in mine)
                for u, h in zip(mine, hit, strict=True):
                    ways *= comb(int(n[u]), h)
                    hits[group[u]] += h
                    trials[group[u]] += n[u]
                    surplus[group[u]] += h - n[u] * own
                    squares[group[u]] += (h - n[u] * own) ** 2
            yield (hits, trials, surplus, squares), ways


def told_of(way: Way) -> tuple[float, float]:
    """Welch's sum of squares, and the largest square of one group against the others put together."""
    _, trials, surplus, squares = way
    weight = [n * n / v for n, v in zip(trials, squares, strict=True)]
    distance = [s / n for s, n in zip(surplus, trials, strict=True)]
    middle = sum(w * d for w, d in zip(weight, distance, strict=True)) / sum(weight)
    largest = 0.0
    for g, (w, d) in enumerate(zip(weight, distance, strict=True)):
        rest = [(v, e) for h, (v, e) in enumerate(zip(weight, distance, strict=True)) if h != g]
        against = sum(v * e for v, e in rest) / sum(v for v, _ in rest)
        largest = max(largest, (d - against) ** 2 / (1 / w + 1 / sum(v for v, _ in rest)))
    return sum(w * (d - middle) ** 2 for w, d in zip(weight, distance, strict=True)), largest


ALONE = Units(
    np.array([0, 0, 0, 1, 1, 2, 2], dtype=np.int32),
    np.arange(7, dtype=np.int32),
    np.array([[3, 5, 9, 1, 0, 2, 1]], float).T,
    np.array([[4, 5, 9, 4, 3, 2, 6]], float).T,
)
SEVERAL = Units(
    np.array([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], dtype=np.int32),
    np.array([0, 1, 2, 6, 3, 0, 1, 4, 0, 2, 5, 7], dtype=np.int32),
    np.array([[3, 5, 4, 2, 1, 0, 2, 1, 0, 2, 3, 0]], float).T,
    np.array([[4, 5, 9, 3, 4, 3, 2, 6, 3, 3, 4, 2]], float).T,
)


@pytest.mark.parametrize("units", [ALONE, SEVERAL], ids=["alone", "several"])
def test_persons_stay_whole_and_p_is_that_of_all_ways(units: Units) -> None:
    ways, often = zip(*every_way(units), strict=True)
    weights = np.array(often) / sum(often)
    times = 20_000
    (dealt,) = deal_persons(units, 3, times, np.random.default_rng(2))
    parts = (dealt.hits, dealt.trials, dealt.surplus, dealt.squares)
    for part, mine in zip(parts, ways[0], strict=True):
        assert part[0] == pytest.approx(mine, abs=1e-12)
    # Every way that was dealt is one of all, about as often as it should be.
    every, at = np.unique(np.round([np.ravel(way) for way in ways], 6) + 0.0, axis=0, return_inverse=True)
    drawn, count = np.unique(np.round(np.hstack(parts)[1:], 6) + 0.0, axis=0, return_counts=True)
    index = {tuple(way): i for i, way in enumerate(every.tolist())}
    share = np.bincount(at.reshape(-1), weights)
    expected = share[[index[tuple(way)] for way in drawn.tolist()]]
    assert np.abs(count / times - expected).max() < 0.01
    assert dealt.surplus[1:].mean(axis=0) == pytest.approx([0, 0, 0], abs=0.1)

    told, at = np.unique(np.round([told_of(way) for way in ways], 9), axis=0, return_inverse=True)
    share = np.bincount(at.reshape(-1), weights)
    least = rarer(told, share)
    exact = share[least <= least[at.reshape(-1)[0]] + 1e-9].sum()
    assert len(told) > 20
    assert beside(dealt).p == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / times) + 1e-4)


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30)), min_size=2, max_size=8), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_nothing_is_lost_when_dealt(groups: list[tuple[int, int]], seed: int) -> None:
    n = np.array([a + b for a, b in groups], float)
    x = np.array([min(a, a + b) for a, b in groups], float)
    dealt = deal_trials(x, n, 20, np.random.default_rng(seed))
    assert (dealt.hits.sum(axis=1) == x.sum()).all()
    assert ((dealt.hits >= 0) & (dealt.hits <= n)).all()
    assert 1 / 21 <= beside(dealt).p <= 1


def test_where_nothing_or_everything_is_hit_there_is_no_difference() -> None:
    n = np.array([10.0, 30.0, 7.0])
    for x in (np.zeros(3), n):
        chance = beside(deal_trials(x, n, 50, np.random.default_rng(1)))
        assert (chance.p, chance.mean, chance.high) == (1.0, 0.0, 0.0)


def rejected(runs: int, hits: Array, n: Array, seed: int) -> float:
    """Share of runs in which p is below 0.05."""
    rng = np.random.default_rng(seed)
    return float(np.mean([beside(deal_trials(x, n, 199, rng)).p < 0.05 for x in hits[:runs]]))


def clustered(rng: np.random.Generator, groups: int, persons: int, faces: int, icc: float) -> Array:
    """Hits of persons who differ; groups do not."""
    a = 0.7 * (1 / icc - 1)
    rate = rng.beta(a, a * 3 / 7, size=(groups, persons))
    return rng.binomial(faces, rate).astype(float)


def test_equal_groups_are_called_unequal_in_five_percent_of_runs_at_most() -> None:
    rng = np.random.default_rng(11)
    n = np.array([5.0, 10, 20, 40, 80, 160])
    assert rejected(400, rng.binomial(n.astype(int), 0.7, size=(400, 6)).astype(float), n, 1) < 0.05 + 0.033


def test_equal_groups_of_persons_are_too_and_faces_alone_would_be_wrong() -> None:
    rng = np.random.default_rng(12)
    groups, persons, faces, runs = 4, 8, 10, 250
    number = np.repeat(np.arange(groups, dtype=np.int32), persons)
    who = np.arange(groups * persons, dtype=np.int32)
    n = np.full((groups * persons, 1), float(faces))
    whole, apart = [], []
    for _ in range(runs):
        x = clustered(rng, groups, persons, faces, 0.3)
        (dealt,) = deal_persons(Units(number, who, x.reshape(-1, 1), n), groups, 199, rng)
        total = np.full(groups, float(persons * faces))
        whole.append(beside(dealt).p < 0.05)
        apart.append(beside(deal_trials(x.sum(axis=1), total, 199, rng)).p < 0.05)
    assert np.mean(whole) < 0.05 + 0.041
    assert np.mean(apart) > 0.3


def test_what_differs_between_persons_is_no_difference_between_groups_that_share_them() -> None:
    # Each of twelve persons is in both groups: some are read well in both, some badly.
    rng = np.random.default_rng(13)
    rate = np.tile(rng.uniform(0.1, 0.9, 12), 2)
    group, person = np.repeat([0, 1], 12).astype(np.int32), np.tile(np.arange(12), 2).astype(np.int32)
    n = np.full(24, 20.0)

    def p(rates: Array) -> float:
        x = rng.binomial(20, rates).astype(float)
        (dealt,) = deal_persons(Units(group, person, x[:, None], n[:, None]), 2, 499, rng)
        return beside(dealt).p

    assert np.mean([p(rate) < 0.05 for _ in range(100)]) < 0.05 + 0.065
    # The same person is read a little worse in one group: shown, though persons differ far more than groups do.
    worse = np.clip(rate - 0.15 * (group == 1), 0, 1)
    assert np.mean([p(worse) < 0.05 for _ in range(50)]) > 0.7


def test_few_persons_with_many_faces_beside_many_with_few_are_no_difference() -> None:
    alone, both = called_unequal(((6, 30), (60, 3)), 0.1, 250, mean=0.1)
    assert alone > 0.1  # why there is a second opinion
    assert both < 0.05 + 0.06
    # Where groups are built alike it does not matter.
    alone, both = called_unequal(((8, 10),) * 6, 0.2, 150)
    assert alone - both < 0.03


@pytest.mark.parametrize(("faces", "there"), [((20, 20), 1.0), ((40, 4), 1.0), ((30, 10, 3), 0.6)])
def test_persons_in_several_groups_with_more_faces_in_one_are_no_difference(
    faces: tuple[int, ...], there: float
) -> None:
    rng = np.random.default_rng(15)
    persons, groups, found = 20, len(faces), []
    for _ in range(250):
        rate = rng.beta(0.7 * 7 / 3, 0.3 * 7 / 3, persons)
        group, who = (a.ravel() for a in np.indices((groups, persons), dtype=np.int32))
        keep = rng.random(len(group)) < there
        group, who = group[keep], who[keep]
        n = np.array(faces, float)[group]
        x = rng.binomial(n.astype(int), rate[who]).astype(float)
        (dealt,) = deal_persons(Units(group, who, x[:, None], n[:, None]), groups, 199, rng)
        found.append(beside(dealt).p < 0.05)
    assert np.mean(found) < 0.05 + 0.055


@pytest.mark.parametrize("name", ["40, one in each of 12", "20, twenty and one", "8, twenty in each of 2"])
def test_few_hits_of_persons_in_several_groups_are_no_difference(name: str) -> None:
    signs, by_face = shared_unequal(*SHARED[name], 150)
    assert by_face < 0.05 + 0.053
    assert (signs > 0.1) == (name != "8, twenty in each of 2")  # why it is not persons' signs that are dealt


def test_weights_of_persons_in_several_groups_may_have_any_scale() -> None:
    rng = np.random.default_rng(17)
    group, who = (a.ravel() for a in np.indices((2, 30), dtype=np.int32))
    x, n = rng.binomial(10, 0.4, 60).astype(float), np.full(60, 10.0)
    (plain,) = deal_persons(Units(group, who, x[:, None], n[:, None]), 2, 99, np.random.default_rng(1))
    for scale in (0.01, 300.0):
        units = Units(group, who, scale * x[:, None], scale * n[:, None])
        (scaled,) = deal_persons(units, 2, 99, np.random.default_rng(1), grain=scale)
        assert scaled.surplus == pytest.approx(scale * plain.surplus)
        assert scaled.squares == pytest.approx(scale**2 * plain.squares)


def rates_of(*lists: list[float]) -> tuple[Array, Array, Array]:
    """Mean, its variance, and number of each list."""
    found = [(np.mean(one), np.var(one, ddof=1) / len(one), len(one)) for one in lists]
    mean, variance, count = np.array(found, float).T
    return mean, variance, count


LISTS = [3.0, 9, 5, 7, 4, 8], [2.0, 1, 5, 3, 2, 4, 1, 2, 3], [5.0, 4, 6, 5, 7]


def test_welchs_test_is_that_of_other_libraries() -> None:
    from scipy.stats import ttest_ind
    from statsmodels.stats.oneway import anova_oneway

    two, three = rates_of(*LISTS[:2]), rates_of(*LISTS)
    assert all_alike(*two) == pytest.approx(ttest_ind(*LISTS[:2], equal_var=False).pvalue, rel=1e-9)
    expected = anova_oneway(LISTS, use_var="unequal", welch_correction=True).pvalue
    assert all_alike(*three) == pytest.approx(expected, rel=1e-9)


def test_one_group_against_the_others() -> None:
    from scipy.stats import ttest_ind

    # Of two groups each stands out against the other: Šidák allows for two.
    p = ttest_ind(*LISTS[:2], equal_var=False).pvalue
    assert one_apart(*rates_of(*LISTS[:2])) == pytest.approx(1 - (1 - p) ** 2, rel=1e-9)
    # Of three, with each against the other two by hand.
    mean, variance, count = rates_of(*LISTS)
    found = []
    for g in range(3):
        w = 1 / np.delete(variance, g)
        rest = (w * np.delete(mean, g)).sum() / w.sum()
        both = variance[g] + 1 / w.sum()
        below = variance[g] ** 2 / (count[g] - 1) + ((w / w.sum()) ** 4 / w**2 / (np.delete(count, g) - 1)).sum()
        found.append(2 * t.sf(abs(mean[g] - rest) / np.sqrt(both), both**2 / below))
    assert one_apart(mean, variance, count) == pytest.approx(1 - (1 - min(found)) ** 3, rel=1e-9)


def test_second_opinion_is_the_rarer_of_both() -> None:
    rate, n, persons = np.array([0.7, 0.72, 0.69, 0.71, 0.5]), np.full(5, 100.0), np.full(5, 20.0)
    variance = rate * (1 - rate) / 80
    every, one = all_alike(rate, variance, persons), one_apart(rate, variance, persons)
    assert one < every
    assert second_opinion(rate * n, n, np.full(5, 80.0), persons) == pytest.approx(one)
    assert second_opinion(np.zeros(5), n, persons, persons) == second_opinion(n, n, persons, persons) == 1
    # Everything was hit in one group: its variance is that of the common rate.
    rate = np.array([1.0, 0.5])
    common = 0.75 * 0.25
    variance = np.array([common, 0.25]) / 20
    found = second_opinion(rate * 100, n[:2], np.full(2, 20.0), persons[:2])
    assert found == pytest.approx(all_alike(rate, variance, persons[:2]))


def test_very_many_persons_are_dealt_less_often() -> None:
    assert permissible(1999, 5_000) == permissible(1999, 10_000_000) == 1999
    assert permissible(20_000, 3_000) == 13_333  # shuffled
    assert permissible(20_000, 9_000) == 8_999  # turned: there are no more turns
    assert permissible(1999, 0, 10_000) == 400
    assert permissible(1999, 0, 1_000_000) == 199
    assert permissible(99, 0, 1_000_000) == 99


def test_turns_of_a_ring_move_every_group_on_by_as_many_persons() -> None:
    rng = np.random.default_rng(5)
    group = np.repeat([0, 1, 2], [5, 3, 4]).astype(np.int32)
    told = rng.integers(0, 9, (12, 2)).astype(float)
    found = _turned(group, told, 3, 11, np.random.default_rng(9))
    # The same ring: the first thing that is drawn.
    ring = np.random.default_rng(9).permutation(12)
    turns = [
        [[told[np.roll(ring, -by)][group[ring] == g][:, c].sum() for c in range(2)] for g in range(3)]
        for by in range(12)
    ]
    assert found[0] == pytest.approx(np.array([told[group == g].sum(axis=0) for g in range(3)]))
    as_listed = sorted(np.round(found, 6).reshape(12, -1).tolist())
    assert as_listed == sorted(np.round(turns, 6).reshape(12, -1).tolist())


def test_p_of_turns_is_as_exact_as_that_of_all_ways() -> None:
    # Whatever the ring: of all ways in which groups could have been seen, p is at most α in a share of α at most.
    told = np.array([[3.0, 4], [5, 5], [1, 9], [0, 3], [2, 2], [1, 4], [6, 8]])
    for seed in range(5):
        p = []
        for first in combinations(range(7), 3):
            inside = np.isin(np.arange(7), first)
            order = np.argsort(~inside, kind="stable")
            found = _turned((~inside)[order].astype(np.int32), told[order], 2, 6, _Ring(order, seed))
            gap = np.abs(np.diff(found[..., 0] / found[..., 1], axis=1))[:, 0]
            p.append(np.mean(gap >= gap[0] - 1e-9))
        p = np.array(p)
        assert all((p <= alpha + 1e-9).mean() <= alpha + 1e-9 for alpha in np.arange(1, 8) / 7)
        assert p.min() < 0.2


class _Ring:
    """Draws that put the same persons into the same ring, in whatever order they are given."""

    def __init__(self, order: NDArray[np.intp], seed: int) -> None:
        self.order, self.rng = order, np.random.default_rng(seed)

    def permutation(self, size: int) -> NDArray[np.intp]:
        return np.argsort(self.order)[self.rng.permutation(size)]

    def choice(self, size: int, times: int, replace: bool) -> NDArray[np.intp]:
        return self.rng.choice(size, times, replace=replace)


def test_many_persons_turned_show_what_they_show_shuffled(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(6)
    group = np.sort(rng.integers(0, 4, 1203)).astype(np.int32)
    n = rng.poisson(8, 1203) + 1.0
    x = rng.binomial(n.astype(int), rng.beta(4.2 + 0.25 * (group == 0), 1.8)).astype(float)
    units = Units(group, np.arange(1203, dtype=np.int32), x[:, None], n[:, None])

    def found(times: int) -> Chance:
        return beside(deal_persons(units, 4, times, np.random.default_rng(1))[0])

    turned = found(1000)
    monkeypatch.setattr("misread.audit.groups.permuting.TURNED", 10_000)
    shuffled = found(4000)
    assert turned != found(1000)
    assert 0.01 < shuffled.p < 0.3
    assert turned.p == pytest.approx(shuffled.p, abs=4 * np.sqrt(shuffled.p / 1000 + shuffled.p / 4000))
    assert turned.mean == pytest.approx(shuffled.mean, rel=0.06)
    assert turned.high == pytest.approx(shuffled.high, rel=0.12)


def test_tables_larger_than_an_urn_are_dealt_in_proportion() -> None:
    n = np.array([2e9, 3e9])
    x = np.array([1e9, 1.5e9 + 400_000])
    dealt = deal_trials(x, n, 200, np.random.default_rng(1))
    assert dealt.hits.sum(axis=1) == pytest.approx(np.full(201, x.sum()), rel=1e-8)
    # The surplus is nine standard errors of such groups; dealt in proportion it is four.
    assert beside(dealt).p < 0.05
