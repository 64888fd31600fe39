"""Sums of many days: windows, quantiles, and ties."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
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
def test_the_window_holds_what_a_sum_brings(seed, most, days):
    law = np.random.default_rng(seed).dirichlet(np.full(most + 1, 0.3))[None, None]
    low, high = quantiles(law, np.ones((1, 1)), days, (1e-9, 1 - 1e-9)).ravel()
    whole = np.cumsum(convolved(law[0, 0], days))
    assert low == np.searchsorted(whole, 1e-9 - 1e-12)
    assert abs(high - np.searchsorted(whole, 1 - 1e-9 - 1e-12)) <= 0
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
