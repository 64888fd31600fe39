"""Sums of many days: windows, quantiles, and ties."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.engine import laws

Q = (0.05, 0.5, 0.95)


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
    got = laws.quantiles_of_sum(law, np.column_stack([np.eye(3), share]), days, Q)
    for d in range(2):
        whole = [convolved(law[d, s], days) for s in range(3)]
        for j, mixed in enumerate([*whole, share @ np.array(whole)]):
            for i, q in enumerate(Q):
                assert got[i, d, j] == np.searchsorted(np.cumsum(mixed), q - 1e-12)


@pytest.mark.parametrize("days", [1, 2159, 5489])
def test_a_tie_at_the_median_goes_to_the_smaller_count(days):
    # An odd number of fair coins: P(N ≤ (n − 1)/2) is exactly one half, which rounding must not miss.
    law = np.array([[[0.5, 0.5]]])
    assert laws.quantiles_of_sum(law, np.ones((1, 1)), days, (0.5,)) == (days - 1) / 2


def test_the_smallest_chance_of_none_that_is_still_a_tie():
    # P(N = 0) = (1 − p)ⁿ = 0.05 by construction.
    days = 2160
    p = -math.expm1(math.log(0.05) / days)
    law = np.array([[[1 - p, p]]])
    assert laws.quantiles_of_sum(law, np.ones((1, 1)), days, (0.05, 0.05 + 1e-9)).ravel().tolist() == [0, 1]


def test_strata_far_apart_share_one_window():
    # One kind of pupil never flagged, another five times every single day: no mass between, median at either.
    law = np.zeros((1, 2, 6))
    law[0, 0, 0] = law[0, 1, 5] = 1
    mixture = np.array([[0.5, 0.49], [0.5, 0.51]])
    got = laws.quantiles_of_sum(law, mixture, 1000, (0.5,))[0, 0]
    assert got.tolist() == [0, 5000]


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 300))
def test_the_window_holds_what_a_sum_brings(seed, most, days):
    law = np.random.default_rng(seed).dirichlet(np.full(most + 1, 0.3))[None, None]
    low, high = laws.quantiles_of_sum(law, np.ones((1, 1)), days, (1e-9, 1 - 1e-9)).ravel()
    whole = np.cumsum(convolved(law[0, 0], days))
    assert low == np.searchsorted(whole, 1e-9 - 1e-12)
    assert abs(high - np.searchsorted(whole, 1 - 1e-9 - 1e-12)) <= 0
    assert high - low <= laws.widest(most, days)


@given(st.integers(1, 10**7))
def test_lengths_for_transforms(least):
    length = laws.fast_length(least)
    assert least <= length <= max(least * 4 / 3 + 1, 4)
    while length % 2 == 0:
        length //= 2
    assert length in (1, 3, 5)
