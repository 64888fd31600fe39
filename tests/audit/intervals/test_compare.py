"""Differences and ratios: against statsmodels, the equations that define them, and at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.coverage.peers import jeffreys
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from misread.audit.intervals.compare import mover_ratio, newcombe
from misread.audit.intervals.proportion import wilson

rate = st.floats(0, 1)


@st.composite
def groups(draw):
    found = []
    for _ in range(2):
        n = draw(st.integers(1, 400))
        x = draw(st.integers(0, n))
        found.append((x, n))
    return found


def three(x, n, bounds=wilson):
    return (x / n, *bounds(x, n))


@given(groups())
def test_newcombe_is_statsmodels_newcomb(pair):
    (x1, n1), (x2, n2) = pair
    low, high = newcombe(*three(x1, n1), *three(x2, n2))
    expected = confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff", correction=False)
    np.testing.assert_allclose([low, high], expected, atol=1e-12)


def test_newcombe_s_own_examples():
    # Newcombe 1998, table II, method 10: 56/70 against 48/80, 9/10 against 3/10, 10/10 against 0/20.
    examples = [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1),
    ]
    for (x1, n1), (x2, n2), low, high in examples:
        np.testing.assert_allclose(newcombe(*three(x1, n1), *three(x2, n2)), (low, high), atol=5e-5)


@given(groups(), st.floats(-1, 1))
def test_bounds_of_a_difference(pair, rho):
    (x1, n1), (x2, n2) = pair
    first, second = three(x1, n1), three(x2, n2)
    low, high = newcombe(*first, *second, correlation=rho)
    assert -1 <= low <= x1 / n1 - x2 / n2 + 1e-12
    assert x1 / n1 - x2 / n2 - 1e-12 <= high <= 1
    turned = newcombe(*second, *first, correlation=rho)
    np.testing.assert_allclose(turned, (-high, -low), atol=1e-12)


@given(groups(), st.floats(-0.95, 0.95))
def test_ratio_bounds_are_where_the_difference_just_holds_nothing(pair, rho):
    (x1, n1), (x2, n2) = pair
    a, la, ua = three(x1, n1, jeffreys)
    b, lb, ub = three(x2, n2, jeffreys)
    assume(0 < x1 < n1 and 0 < x2 < n2)
    low, high = mover_ratio(a, la, ua, b, lb, ub, correlation=rho)
    assert 0 < low < a / b < high < np.inf
    # At r the interval of p1 − r·p2 ends at 0.
    ends = newcombe(a, la, ua, low * b, low * lb, low * ub, correlation=rho)[0]
    tolerance = 1e-9 * max(1, a / (a - la), high)
    unclipped = a - low * b - np.sqrt((a - la) ** 2 + (low * (ub - b)) ** 2 - 2 * rho * (a - la) * low * (ub - b))
    assert unclipped == pytest.approx(0, abs=tolerance)
    assert ends == pytest.approx(max(unclipped, -1), abs=tolerance)
    other = a - high * b + np.sqrt((ua - a) ** 2 + (high * (b - lb)) ** 2 - 2 * rho * (ua - a) * high * (b - lb))
    assert other == pytest.approx(0, abs=tolerance * max(1, high))


@given(groups())
def test_ratio_turned_round(pair):
    (x1, n1), (x2, n2) = pair
    assume(x1 > 0 and x2 > 0)
    low, high = mover_ratio(*three(x1, n1), *three(x2, n2))
    back_low, back_high = mover_ratio(*three(x2, n2), *three(x1, n1))
    np.testing.assert_allclose([low, high], [1 / back_high, 1 / back_low], rtol=1e-6)


@given(groups())
def test_ratio_and_difference_agree_on_equality(pair):
    (x1, n1), (x2, n2) = pair
    assume(x1 > 0 and x2 > 0)
    low, high = newcombe(*three(x1, n1), *three(x2, n2))
    ratio_low, ratio_high = mover_ratio(*three(x1, n1), *three(x2, n2))
    assume(min(abs(low), abs(high)) > 1e-9)
    assert (low > 0) == (ratio_low > 1)
    assert (high < 0) == (ratio_high < 1)


def test_ratio_without_events():
    assert mover_ratio(*three(0, 10), *three(5, 10))[0] == 0
    low, high = mover_ratio(*three(5, 10), *three(0, 10))
    assert high == np.inf
    assert 0 < low < np.inf
    assert mover_ratio(*three(0, 10), *three(0, 10)) == (0, np.inf)
    # Where the second group's upper bound is twice its rate the usual form divides by nothing.
    low, high = mover_ratio(0.5, 0.3, 0.7, 0.2, 0.1, 0.4)
    assert low == pytest.approx(0.3 * 0.7 / (0.1 + 0.1))
    assert high == pytest.approx((0.1 + np.sqrt(0.01 - 0.7 * 0.3 * 0.1 * 0.3)) / (0.1 * 0.3))


def test_what_is_not_estimable_stays_so():
    known, unknown = three(3, 10), (np.nan, np.nan, np.nan)
    for method in (newcombe, mover_ratio):
        assert np.isnan(method(*known, *unknown)).all()
        assert np.isnan(method(*unknown, *known)).all()


def test_correlation_of_the_same_persons_narrows():
    first, second = three(30, 60), three(36, 60)
    for method in (newcombe, mover_ratio):
        widths = [np.diff(method(*first, *second, correlation=rho), axis=0)[0] for rho in (-0.5, 0, 0.5, 0.9)]
        assert widths == sorted(widths, reverse=True)


@given(rate, rate)
def test_many_at_once(p, q):
    first = np.array([[p], [q]]), np.array([[p / 2], [q / 2]]), np.array([[1.0], [1.0]])
    second = np.array([p, q, 0.5]), np.array([0.0, q / 2, 0.25]), np.array([1.0, 1.0, 0.75])
    for method in (newcombe, mover_ratio):
        low, high = method(*first, *second)
        assert low.shape == high.shape == (2, 3)
        one = method(q, q / 2, 1.0, 0.5, 0.25, 0.75)
        np.testing.assert_allclose([low[1, 2], high[1, 2]], one, rtol=1e-12)
