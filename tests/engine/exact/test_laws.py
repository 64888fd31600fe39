"""Sums of many days: windows, quantiles, and ties."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from misread.engine.exact import laws

Q = (0.05, 0.5, 0.95)


def quantiles(law, mixture, days, q):
    """Quantiles of one long year whose strata are drawn for good."""
    strata = law.shape[1]
    return laws.quantiles_of_sum(law[:, None], np.eye(strata)[None], np.asarray(mixture)[None], [(0, days, 1)], q)


def convolved(law, days):
    total = np.array([1.0])
    for _ in range(days):
        total = np.convolve(total, law)
    return total


@pytest.mark.parametrize("days", [1, 3, 7, 64])
def test_quantiles_of_a_sum_against_convolution(days):
    rng = np.random.default_rng(days)
    law = rng.dirichlet(np.ones(5), (2, 3))
    law[1, 2] = [1, 0, 0, 0, 0]
    share = np.array([0.2, 0.5, 0.3])
    got = quantiles(law, np.column_stack([np.eye(3), share]), days, Q)
    for d in range(2):
        whole = [convolved(law[d, s], days) for s in range(3)]
        for j, mixed in enumerate([*whole, share @ np.array(whole)]):
            for i, q in enumerate(Q):
                assert got[i, d, j] == np.searchsorted(np.cumsum(mixed), q - 1e-12)


@pytest.mark.parametrize("days", [1, 2159, 5489])
def test_a_tie_at_the_median_goes_to_the_smaller_count(days):
    # An odd number of fair coins: P(N ≤ (n − 1)/2) is exactly one half, which rounding must not miss.
    law = np.array([[[0.5, 0.5]]])
    assert quantiles(law, np.ones((1, 1)), days, (0.5,)) == (days - 1) / 2


def test_the_smallest_chance_of_none_that_is_still_a_tie():
    # P(N = 0) = (1 − p)ⁿ = 0.05 by construction.
    days = 2160
    p = -math.expm1(math.log(0.05) / days)
    law = np.array([[[1 - p, p]]])
    assert quantiles(law, np.ones((1, 1)), days, (0.05, 0.05 + 1e-9)).ravel().tolist() == [0, 1]


def test_strata_far_apart_share_one_window():
    # One kind of pupil never flagged, another five times every single day: no mass between, median at either.
    law = np.zeros((1, 2, 6))
    law[0, 0, 0] = law[0, 1, 5] = 1
    mixture = np.array([[0.5, 0.49], [0.5, 0.51]])
    got = quantiles(law, mixture, 1000, (0.5,))[0, 0]
    assert got.tolist() == [0, 5000]


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 300))
@example(1053, 29, 230)
def test_the_window_holds_what_a_sum_brings(seed, most, days):
    law = np.random.default_rng(seed).dirichlet(np.full(most + 1, 0.3))[None, None]
    ends = (1e-9, 1 - 1e-9)
    low, high = quantiles(law, np.ones((1, 1)), days, ends).ravel()
    whole = np.cumsum(convolved(law[0, 0], days))
    # Both ways are right to 1e-13 or so: where a count falls short by just the slack, either of two may be told.
    for found, end in zip((low, high), ends, strict=True):
        assert np.searchsorted(whole, end - 2 * laws.SLACK) <= found <= np.searchsorted(whole, end)
    assert high - low <= laws.widest(most, days, strata=1)


@given(st.integers(1, 10**7))
def test_lengths_for_transforms(least):
    length = laws.fast_length(least)
    assert least <= length <= max(least * 4 / 3 + 1, 4)
    while length % 2 == 0:
        length //= 2
    assert length in (1, 3, 5)


def test_strata_drawn_anew_each_year():
    # Three years of four days; the year's stratum is drawn by itself, the kind of pupil is not.
    rng = np.random.default_rng(4)
    law = rng.dirichlet(np.ones(3), (1, 4))
    within = np.array([[[0.3, 0], [0.7, 0], [0, 0.6], [0, 0.4]]])
    kinds = np.array([[[1, 0, 0.25], [0, 1, 0.75]]])
    got = laws.quantiles_of_sum(law[:, None], within, kinds, [(0, 4, 3)], Q)[:, 0]
    years = [within[0, :, k] @ np.array([convolved(law[0, s], 4) for s in range(4)]) for k in range(2)]
    whole = [convolved(year, 3) for year in years]
    for j, mixed in enumerate([*whole, 0.25 * whole[0] + 0.75 * whole[1]]):
        assert got[:, j].tolist() == [np.searchsorted(np.cumsum(mixed), q - 1e-12) for q in Q]


@pytest.mark.parametrize(("days", "years"), [(1, [(1, 1)]), (4, [(4, 1)]), (5, [(4, 1), (1, 1)]), (12, [(4, 3)])])
def test_chances_where_strata_are_drawn_anew_each_year(days, years):
    rng = np.random.default_rng(days)
    in_order = laws.years_of(np.zeros(3, dtype=np.intp), days, 4)
    false, only = rng.uniform(0, 0.3, (2, 1, 3))
    within = rng.dirichlet(np.ones(3), (1, 2)).transpose(0, 2, 1)
    for kind in range(2):
        # Every way in which the years' strata can fall.
        some = none = 0.0
        for strata in itertools.product(range(3), repeat=sum(times for _, times in years)):
            lengths = [length for length, times in years for _ in range(times)]
            p = math.prod(within[0, s, kind] for s in strata)
            clean = math.prod((1 - false[0, s]) ** n for s, n in zip(strata, lengths, strict=True))
            quiet = math.prod((1 - false[0, s] - only[0, s]) ** n for s, n in zip(strata, lengths, strict=True))
            some, none = some + p * (1 - clean), none + p * (clean - quiet)
        assert math.isclose(laws.ever(false[:, None], within, in_order)[0, kind], some, rel_tol=1e-12)
        assert math.isclose(
            laws.only_true(1 - false[:, None], only[:, None], within, in_order)[0, kind], none, rel_tol=1e-12
        )


def test_days_are_counted_by_school_years_and_ages():
    epoch = np.array([0, 0, 1, 2, 2, 2])
    assert laws.years_of(epoch, 0, 10) == []
    assert laws.years_of(epoch, 1, 10) == [(0, 1, 1)]
    assert laws.years_of(epoch, 20, 10) == [(0, 10, 2)]
    assert laws.years_of(epoch, 25, 10) == [(0, 10, 2), (1, 5, 1)]
    assert sorted(laws.years_of(epoch, 60, 10)) == [(0, 10, 2), (1, 10, 1), (2, 10, 3)]
    assert laws.years_of(epoch, 33, 10) == [(0, 10, 2), (1, 10, 1), (2, 3, 1)]


@pytest.fixture
def ages():
    """Three strata in two epochs, of which the second has two of three years; two kinds of pupils."""
    rng = np.random.default_rng(11)
    within = rng.dirichlet(np.ones(3), (1, 2)).transpose(0, 2, 1)
    return rng, within, np.array([0, 1, 1])


def ways(within, kind, years):
    """Every way in which the years' strata can fall, with its chance."""
    for strata in itertools.product(range(3), repeat=years):
        yield strata, math.prod(within[0, s, kind] for s in strata)


def test_chances_where_years_differ(ages):
    rng, within, epoch = ages
    false, only = rng.uniform(0, 0.3, (2, 1, 2, 3))
    for days in (1, 3, 4, 7, 8, 9, 12):
        years = laws.years_of(epoch, days, 4)
        some, true = laws.ever(false, within, years), laws.only_true(1 - false, only, within, years)
        for kind in range(2):
            want = np.zeros(2)
            for strata, p in ways(within, kind, 3):
                where = [(epoch[d // 4], strata[d // 4]) for d in range(days)]
                clean = math.prod(1 - false[0, e, s] for e, s in where)
                want += p * np.array(
                    [1 - clean, clean - math.prod(1 - false[0, e, s] - only[0, e, s] for e, s in where)]
                )
            assert np.allclose([some[0, kind], true[0, kind]], want, rtol=1e-12, atol=0)


def test_quantiles_where_years_differ(ages):
    rng, within, epoch = ages
    law = rng.dirichlet(np.ones(3), (1, 2, 3))
    kinds = np.array([[[1, 0, 0.25], [0, 1, 0.75]]])
    got = laws.quantiles_of_sum(law, within, kinds, laws.years_of(epoch, 12, 4), Q)[:, 0]
    whole = np.zeros((2, 25))
    for kind in range(2):
        for strata, p in ways(within, kind, 3):
            total = np.array([1.0])
            for e, s in zip(epoch, strata, strict=True):
                total = np.convolve(total, convolved(law[0, e, s], 4))
            whole[kind] += p * total
    for j, mixed in enumerate([*whole, 0.25 * whole[0] + 0.75 * whole[1]]):
        assert got[:, j].tolist() == [np.searchsorted(np.cumsum(mixed), q - 1e-12) for q in Q]


def test_marks_are_first_earned_in_some_year(ages):
    rng, within, epoch = ages
    earned = rng.uniform(0.05, 0.6, (1, 2, 3))
    unearned = earned * rng.uniform(0, 1, (1, 2, 3))
    ever, wrongly = laws.first_earned(earned, unearned, within, epoch)
    for kind in range(2):
        want = np.zeros(2)
        for strata, p in ways(within, kind, 3):
            # Each year brings no mark, a deserved or an undeserved one.
            for years in itertools.product(("none", "right", "wrong"), repeat=3):
                chance = {
                    "none": lambda e, s: 1 - earned[0, e, s],
                    "right": lambda e, s: earned[0, e, s] - unearned[0, e, s],
                    "wrong": lambda e, s: unearned[0, e, s],
                }
                q = p * math.prod(chance[y](e, s) for y, e, s in zip(years, epoch, strata, strict=True))
                first = next((y for y in years if y != "none"), None)
                want += q * np.array([first is not None, first == "wrong"])
        assert np.allclose([ever[0, kind], wrongly[0, kind]], want, rtol=1e-12, atol=0)


def test_tiny_chances_of_a_mark_keep_their_relative_accuracy():
    tiny = np.full((1, 1, 1), 1e-20)
    ever, wrongly = laws.first_earned(tiny, tiny / 4, np.ones((1, 1, 1)), np.zeros(12, dtype=np.intp))
    assert ever[0, 0] == pytest.approx(12e-20, rel=1e-12)
    assert wrongly[0, 0] == pytest.approx(3e-20, rel=1e-12)
