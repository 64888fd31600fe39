"""How many independent faces persons are worth: against brute force over persons, and at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from misread.audit.intervals.effective import LEAST_EVEN, TOO_FEW, effective, even_persons, of_persons, t_quantile
from misread.audit.intervals.proportion import wilson

persons = st.lists(
    st.integers(1, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=25
)


def moments(x, n):
    x, n = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    return x.sum(-1), n.sum(-1), (x * x).sum(-1), (x * n).sum(-1), (n * n).sum(-1), np.full(x.shape[:-1], x.shape[-1])


@settings(max_examples=50)
@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=30))
def test_persons_with_equally_many_faces_are_that_many_and_others_fewer(faces):
    n, k = np.array(faces), len(faces)
    even = float(even_persons(n.sum(), (n * n).sum(), k))
    assert 1 <= even + 1e-9 <= k + 2e-9
    assert float(even_persons(k * n[0], k * n[0] ** 2, k)) == pytest.approx(k)
    # Twice as many faces of each, and as many persons again.
    assert float(even_persons(2 * n.sum(), 4 * (n * n).sum(), k)) == pytest.approx(even)
    assert float(even_persons(2 * n.sum(), 2 * (n * n).sum(), 2 * k)) == pytest.approx(2 * even)


def test_nobody_is_worth_nobody():
    assert even_persons(0.0, 0.0, 0) == 0
    assert even_persons([0.0, 10.0], [0.0, 20.0], [3, 5]).tolist() == [0, 5]


@settings(max_examples=50)
@given(persons)
def test_variance_of_a_ratio_over_persons(people):
    x, n = np.array(people, dtype=float).T
    found = float(effective(*moments(x, n)))
    p = x.sum() / n.sum()
    k = n.sum() ** 2 / (n * n).sum()
    if k < LEAST_EVEN - 1e-9:
        assert np.isnan(found)
        return
    if p in (0, 1):
        assert found == pytest.approx(min(k, n.sum()), rel=1e-12)
        return
    # One person after the other, instead of from sums.
    spread = k / (k - 1) * sum((a - p * b) ** 2 for a, b in people) / n.sum() ** 2
    expected = n.sum() if spread == 0 else min(n.sum(), p * (1 - p) / spread)
    assert found == pytest.approx(expected, rel=1e-9)


@settings(max_examples=50)
@given(persons)
def test_never_more_than_the_faces(people):
    x, n = np.array(people).T
    found = float(effective(*moments(x, n)))
    assert np.isnan(found) or 0 < found <= n.sum()


def test_one_face_a_person_is_a_face_each():
    x, n = np.array([1, 0, 1, 1, 0, 0, 1, 0]), np.ones(8)
    # Only the divisor k − 1 is left, which would make them worth one fewer.
    assert effective(*moments(x, n)) == pytest.approx(7)


def test_all_or_nothing_a_person_is_a_face_a_person():
    n = np.full(40, 25)
    x = np.where(np.arange(40) < 10, 25, 0)
    assert effective(*moments(x, n)) == pytest.approx(39)


def test_weights_cap_what_independent_rows_are_worth():
    x, n = np.array([5.0, 5, 5, 5, 5]), np.full(5, 10.0)
    assert effective(*moments(x, n)) == 50
    assert effective(*moments(x, n), independent=20) == 20
    assert effective(*moments(0 * x, n), independent=3) == 3


def test_fewer_than_two_persons_or_no_face_cannot_be_told():
    assert np.isnan(effective(3, 10, 9, 30, 100, 1))
    assert np.isnan(effective(0, 0, 0, 0, 0, 0))
    assert np.isnan(effective(0, 0, 0, 0, 0, 7))


def test_t_quantile_is_student_s():
    k = np.array([2, 3, 10, 1000])
    np.testing.assert_allclose(t_quantile(k), t.ppf(0.975, k - 1), rtol=1e-12)
    np.testing.assert_allclose(t_quantile(k, 0.9), t.ppf(0.95, k - 1), rtol=1e-12)
    assert np.isnan(t_quantile([0, 1])).all()


def test_interval_of_persons_is_wilson_s_on_what_they_are_worth():
    rng = np.random.default_rng(3)
    n = rng.integers(5, 20, (6, 12))
    x = rng.binomial(n, rng.random((6, 12)))
    low, high, worth = of_persons(*moments(x, n))
    p = x.sum(1) / n.sum(1)
    even = n.sum(1) ** 2 / (n * n).sum(1)
    assert (even < 12).all()
    expected = wilson(p * worth, worth, quantile=t.ppf(0.975, even - 1))
    np.testing.assert_allclose([low, high], expected, rtol=1e-12)
    naive_low, naive_high = wilson(x.sum(1), n.sum(1))
    assert (low < naive_low).all()
    assert (high > naive_high).all()


def test_one_person_with_most_of_the_faces_has_no_interval():
    x, n = np.array([150, 3, 4, 2, 5, 1]), np.array([200, 5, 5, 5, 5, 5])
    assert even_persons(n.sum(), (n * n).sum(), 6) < LEAST_EVEN
    assert np.isnan(of_persons(*moments(x, n))).all()
    # Where nobody has most it is there, and the wider for how uneven they are.
    n[0] = 20
    x[0] = 15
    low, high, worth = of_persons(*moments(x, n))
    even = n.sum() ** 2 / (n * n).sum()
    assert LEAST_EVEN < even < 6
    spread = even / (even - 1) * ((x - x.sum() / n.sum() * n) ** 2).sum() / n.sum() ** 2
    p = x.sum() / n.sum()
    assert worth == pytest.approx(min(n.sum(), p * (1 - p) / spread))
    np.testing.assert_allclose([low, high], wilson(p * worth, worth, quantile=t.ppf(0.975, even - 1)), rtol=1e-12)


@pytest.mark.parametrize("k", range(TOO_FEW + 1))
def test_too_few_persons_have_no_interval(k):
    x, n = np.arange(k) % 3, np.full(k, 4)
    low, high, worth = of_persons(*moments(x, n))
    assert np.isnan(low) == np.isnan(high) == (k < TOO_FEW)
    assert np.isnan(worth) == (k < 2)


def test_nobody_hit_leaves_the_number_of_persons():
    low, high, worth = of_persons(*moments(np.zeros(10), np.full(10, 30.0)))
    assert (worth, low) == (10, 0)
    # As wide as with ten independent faces, and wider for the t.
    assert high > wilson(0, 10)[1] > wilson(0, 300)[1]
