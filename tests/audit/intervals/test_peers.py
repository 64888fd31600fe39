"""What the audit's intervals are compared with is what it says it is: against statsmodels, and by resampling."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.coverage import peers
from benchmarks.coverage.persons import anova, beta_persons, sandwich, split_persons
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint


def test_what_is_seen_in_no_face_or_in_all_of_them_is_inside():
    for method in (peers.jeffreys, peers.clopper_pearson):
        low, high = method(np.array([0, 10]), np.array([10, 10]))
        assert (low[0], high[1]) == (0, 1)


PAIRS = [(3, 10, 7, 12), (1, 40, 9, 31), (20, 25, 5, 60)]


@pytest.mark.parametrize(
    ("method", "theirs"),
    [
        (peers.wald, "normal"),
        (peers.agresti_coull, "agresti_coull"),
        (peers.jeffreys, "jeffreys"),
        (peers.clopper_pearson, "beta"),
    ],
)
def test_one_proportion(method, theirs):
    x, n = np.array([1, 5, 9, 30]), np.array([10, 10, 12, 100])
    low, high = method(x, n)
    expected = proportion_confint(x, n, method=theirs)
    np.testing.assert_allclose(np.clip([low, high], 0, 1), np.clip(expected, 0, 1), atol=1e-12)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize(
    ("method", "compare", "theirs"),
    [
        (peers.wald_difference, "diff", "wald"),
        (peers.agresti_caffo, "diff", "agresti-caffo"),
        (peers.katz, "ratio", "log"),
        (peers.koopman, "ratio", "score"),
    ],
)
def test_two_groups(method, compare, theirs, pair):
    x1, n1, x2, n2 = pair
    found = method(np.array(x1), n1, np.array(x2), n2)
    expected = confint_proportions_2indep(x1, n1, x2, n2, method=theirs, compare=compare, correction=False)
    np.testing.assert_allclose(found, expected, rtol=1e-5 if theirs == "score" else 1e-12)


def test_limits_of_the_bootstrap_are_where_it_tends_to():
    rng = np.random.default_rng(2)
    times = 200_000
    low, high = peers.bootstrap(np.array([3]), np.array([20]))
    np.testing.assert_allclose(
        np.quantile(rng.binomial(20, 3 / 20, times) / 20, [0.025, 0.975]), [low[0], high[0]], atol=1e-12
    )
    x1, x2 = np.arange(8)[:, None], np.arange(12)[None, :]
    again = rng.binomial(7, 2 / 7, times) / 7, rng.binomial(11, 6 / 11, times) / 11
    for ratio in (False, True):
        low, high = peers.bootstrap_of_two(x1, 7, x2, 11, ratio=ratio)
        with np.errstate(divide="ignore", invalid="ignore"):
            values = again[0] / again[1] if ratio else again[0] - again[1]
        # The grid of values is fine: one step of it.
        np.testing.assert_allclose(np.nanquantile(values, [0.025, 0.975]), [low[2, 6], high[2, 6]], atol=0.03)


@pytest.mark.parametrize("draw", [beta_persons, split_persons])
@pytest.mark.parametrize(("p", "icc"), [(0.2, 0.1), (0.5, 0.4)])
def test_persons_are_drawn_with_that_rate_and_correlation(draw, p, icc):
    people = draw(np.random.default_rng(5), 2_000, 20, p, icc)
    assert people.x.sum() / people.n.sum() == pytest.approx(p, abs=0.012)
    # Pairs of faces of one person: how often both are hit.
    both = (people.x * (people.x - 1)).sum() / (people.n * (people.n - 1)).sum()
    assert (both - p * p) / (p * (1 - p)) == pytest.approx(icc, abs=0.03)


def test_other_intervals_of_persons_narrow_to_the_same():
    people = beta_persons(np.random.default_rng(6), 50, 400, 0.3, 0.2)
    one, other = sandwich(people), anova(people)
    np.testing.assert_allclose(one, other, atol=0.012)
