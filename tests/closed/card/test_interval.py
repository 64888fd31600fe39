"""Intervals by resampling heads: against Jeffreys' own, how often they cover, and what they do at the ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from misread.closed.card.counted.interval import CHANGED, CONTROL, ENDS, beyond, drawn, share, weights_of
from misread.closed.card.counted.power import rates

HEADS = 20
WEIGHTS = weights_of(HEADS, 1)
COARSE = weights_of(HEADS, 2, 1000)


@pytest.mark.parametrize("hits", [0, 1, 5, 10, 19, 20])
def test_with_one_picture_a_head_it_is_jeffreys(hits: int) -> None:
    values = np.repeat([1.0, 0.0], [hits, HEADS - hits])
    found = share(values, weights_of(HEADS, 3, 40_000))
    low, high = beta.ppf(ENDS, hits + 0.5, HEADS - hits + 0.5)
    assert found.low == pytest.approx(0 if hits == 0 else low, abs=0.006)
    assert found.high == pytest.approx(1 if hits == HEADS else high, abs=0.006)


@pytest.mark.parametrize("alike", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("truth", [0.02, 0.1, 0.3, 0.5])
def test_it_covers_the_truth(truth: float, alike: float) -> None:
    """1,500 cards of 20 heads and 3 poses: 95 % of intervals hold the truth, within what 1,500 can tell, or more."""
    draw = np.random.default_rng(5)
    values = rates(truth, alike, HEADS, 3, draw, 1500)
    low, high = np.quantile(drawn(values, COARSE), ENDS, axis=0)
    low[values.mean(0) == 0] = 0
    covered = ((low <= truth) & (truth <= high)).mean()
    assert 0.925 < covered <= 1


@pytest.mark.parametrize("alike", [0.0, 0.3])
@pytest.mark.parametrize(("control", "difference"), [(0.02, 0.0), (0.1, 0.0), (0.1, 0.2), (0.2, 0.1)])
def test_differences_are_covered_too(control: float, difference: float, alike: float) -> None:
    draw = np.random.default_rng(6)
    changed = rates(control + difference, alike, HEADS, 3, draw, 1500)
    held = rates(control, alike, HEADS, 3, draw, 1500)
    low, high = np.quantile(drawn(changed, COARSE) - drawn(held, COARSE, CONTROL), ENDS, axis=0)
    assert ((low <= difference) & (difference <= high)).mean() > 0.92
    if not difference:
        assert (low > 0).mean() < 0.045


def test_an_interval_that_is_too_narrow_would_be_found() -> None:
    """All pictures taken for independent, as three a head are not: then the truth is covered too seldom."""
    values = rates(0.3, 0.9, HEADS, 3, np.random.default_rng(5), 1500)
    wide = np.sqrt(values.mean(0) * (1 - values.mean(0)) / (3 * HEADS))
    assert (np.abs(values.mean(0) - 0.3) < 1.96 * wide).mean() < 0.85


@given(st.lists(st.sampled_from([0.0, 1 / 3, 2 / 3, 1.0]), min_size=HEADS, max_size=HEADS))
def test_it_holds_its_value_and_is_never_a_point(values: list[float]) -> None:
    found = share(np.array(values), COARSE)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.high - found.low > 0.05


def test_the_largest_control_is_what_counts() -> None:
    none, some = np.zeros(HEADS), np.repeat([1.0, 0.0], [10, 10])
    alone = beyond(some, none[:, None], WEIGHTS)
    beside = beyond(some, np.stack([none, some], axis=1), WEIGHTS)
    assert alone.value == 0.5
    assert alone.low > 0.2
    assert beside.value == 0
    assert beside.low < 0 < beside.high


def test_weights_add_to_one_and_repeat() -> None:
    assert WEIGHTS.shape[1] == HEADS + len(CHANGED)
    np.testing.assert_allclose(WEIGHTS.sum(axis=1), 1)
    np.testing.assert_array_equal(WEIGHTS, weights_of(HEADS, 1))
    assert (weights_of(HEADS, 2) != WEIGHTS).any()
