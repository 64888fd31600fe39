"""The interval of one proportion: against statsmodels, its own defining equation, and what has to be true of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri
from statsmodels.stats.proportion import proportion_confint

from misread.audit.intervals.effective import t_quantile
from misread.audit.intervals.proportion import wilson, z_of

trials = st.floats(0.01, 1e6)
share = st.floats(0, 1)
levels = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_the_same_as_statsmodels(level):
    n = np.array([1, 2, 5, 17, 100, 5_000, 731])[:, None]
    x = np.rint(n * np.array([0, 0.1, 0.5, 0.9, 1])[None, :])
    low, high = wilson(x, n, level=level)
    theirs = proportion_confint(x, np.broadcast_to(n, x.shape), alpha=1 - level, method="wilson")
    np.testing.assert_allclose([low, high], np.clip(theirs, 0, 1), atol=1e-12, rtol=1e-12)
    assert (low[x == 0] == 0).all()
    assert (high[x == n] == 1).all()


@given(n=trials, p=share, level=levels)
def test_wilson_solves_its_own_equation(n, p, level):
    # The bounds are the rates b that a score test just does not reject: n(p − b)² = z²b(1 − b).
    for bound in wilson(p * n, n, level=level):
        assert n * (p - bound) ** 2 == pytest.approx(z_of(level) ** 2 * bound * (1 - bound), rel=1e-6, abs=1e-9)


@given(n=trials, p=share, level=levels)
def test_in_range_and_holds_what_was_seen(n, p, level):
    x = min(p * n, n)
    low, high = wilson(x, n, level=level)
    assert 0 <= low <= high <= 1
    assert low - 1e-12 <= x / n <= high + 1e-12
    assert (low == 0) or x > 0
    assert (high == 1) or x < n


@given(n=trials, p=share)
def test_misses_are_hits_turned_round(n, p):
    x = min(p * n, n)
    low, high = wilson(x, n)
    turned_low, turned_high = wilson(n - x, n)
    np.testing.assert_allclose([low, high], [1 - turned_high, 1 - turned_low], atol=1e-9)


@given(n=trials, p=share, q=share)
def test_more_hits_move_both_bounds_up(n, p, q):
    low, high = wilson(np.array([min(p, q), max(p, q)]) * n, n)
    assert low[0] <= low[1] + 1e-12
    assert high[0] <= high[1] + 1e-12


@given(n=st.floats(1, 1e5), p=share, more=st.floats(1.05, 20))
def test_fewer_faces_or_a_higher_level_widen(n, p, more):
    width = [np.diff(wilson(p * m, m), axis=0)[0] for m in (n, n * more)]
    assert width[0] >= width[1] - 1e-9
    strict = np.diff(wilson(p * n, n, level=0.99), axis=0)[0]
    assert strict >= width[0] - 1e-12


def test_nothing_seen_is_not_estimable():
    low, high = wilson([0, 3], [0, 10])
    assert np.isnan([low[0], high[0]]).all()
    assert not np.isnan([low[1], high[1]]).any()


def test_shapes_broadcast_and_numbers_alone_are_taken():
    low, high = wilson(np.arange(3)[:, None], np.array([5.0, 7.5]))
    assert low.shape == high.shape == (3, 2)
    assert wilson(2, 7.5)[0] == low[2, 1]


def test_impossible_counts_and_levels_are_refused():
    with pytest.raises(ValueError, match="hits"):
        wilson(-1, 10)
    with pytest.raises(ValueError, match="hits"):
        wilson(11, 10)
    with pytest.raises(ValueError, match="level"):
        wilson(1, 10, level=1.0)
    # A sum of weights is rounded: that is no mistake.
    assert wilson(10 + 1e-12, 10)[1] == 1


def test_a_quantile_takes_the_place_of_z():
    low, high = wilson(3, 10, quantile=-ndtri(0.025))
    np.testing.assert_allclose([low, high], wilson(3, 10), atol=1e-15)
    wide = wilson([3, 3, 3, 3], 10, quantile=np.array([*t_quantile([3, 20]), np.inf, np.nan]))
    assert wide[0][0] < wide[0][1] < low
    assert (wide[0][2], wide[1][2]) == (0, 1)
    assert np.isnan([wide[0][3], wide[1][3]]).all()
