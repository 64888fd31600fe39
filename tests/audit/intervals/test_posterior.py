"""Posteriors: against brute-force quadrature, closed forms, draws, and what has to be true of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaincinv, betaln
from scipy.stats import betabinom

from misread.audit.intervals.effective import of_persons
from misread.audit.intervals.posterior import beta_binomial, dirichlet

ENDS = (0.025, 0.5, 0.975)

PEOPLE = {
    "few, alike": ([9, 1, 10, 0, 4], [10] * 5),
    "rarely": ([0, 1, 0, 0, 3, 0, 0, 2], [20, 25, 30, 12, 20, 21, 40, 8]),
    "never": ([0] * 8, [10] * 8),
    "always": ([7, 3, 9, 4], [7, 3, 9, 4]),
    "hardly alike": ([21, 19, 22, 20, 18, 21, 20, 19, 20, 22], [30] * 10),
    "one person": ([3], [10]),
    "fractions": ([2.5, 0.25, 4.0, 1.75, 3.5], [5.0, 3.5, 4.25, 6.0, 4.0]),
    "many faces": ([130, 12, 255, 80, 4, 177], [300, 280, 310, 290, 305, 295]),
}


def quadrature(x, n, cells=(600, 260)):
    """Quantiles of rate and correlation from the density at every point of one fixed, even grid."""
    rate = (np.arange(cells[0]) + 0.5) / cells[0]
    # Even in a power of the rate and of the correlation, so that what lies near 0 and 1 has enough points.
    mu, alike = np.sin(rate * np.pi / 2) ** 2, ((np.arange(cells[1]) + 0.5) / cells[1]) ** 2
    jacobian = np.sqrt(alike)
    size = (1 - alike) / alike
    log = np.zeros(cells)
    for hits, faces in zip(x, n, strict=True):
        a, b = mu[:, None] * size, (1 - mu)[:, None] * size
        whole = float(faces).is_integer() and float(hits).is_integer()
        log += betabinom.logpmf(hits, faces, a, b) if whole else betaln(hits + a, faces - hits + b) - betaln(a, b)
    mass = np.exp(log - log.max()) * jacobian
    over_mu, over_alike = mass.sum(axis=1), mass.sum(axis=0)

    def quantile(weights, to):
        edges = np.linspace(0, 1, len(weights) + 1)
        return to(np.interp(ENDS, np.concatenate([[0], np.cumsum(weights)]) / weights.sum(), edges))

    return (
        quantile(over_mu, lambda u: np.sin(u * np.pi / 2) ** 2),
        over_mu @ mu / over_mu.sum(),
        quantile(over_alike, np.square),
    )


@pytest.mark.parametrize("name", PEOPLE)
def test_against_quadrature(name):
    x, n = PEOPLE[name]
    found = beta_binomial(x, n)
    (low, median, high), mean, (icc_low, icc, icc_high) = quadrature(x, n)
    if name == "never":
        assert found.low == 0
        low = 0
    if name == "always":
        assert found.high == 1
        high = 1
    np.testing.assert_allclose(
        [found.low, found.median, found.high, found.mean], [low, median, high, mean], atol=1.5e-4
    )
    np.testing.assert_allclose([found.icc_low, found.icc, found.icc_high], [icc_low, icc, icc_high], atol=1e-3)


def test_one_face_a_person_is_jeffreys():
    # Then the correlation has no part in the likelihood, and keeps its prior.
    found = beta_binomial([1, 0, 0, 1, 1, 0, 0, 0, 0, 0], [1] * 10)
    np.testing.assert_allclose([found.low, found.median, found.high], betaincinv(3.5, 7.5, ENDS), atol=2e-4)
    assert found.mean == pytest.approx(3.5 / 11, abs=1e-6)
    np.testing.assert_allclose([found.icc_low, found.icc, found.icc_high], ENDS, atol=1e-4)


def test_logarithms_and_gamma_functions_are_the_same():
    # Whole numbers take the one way, fractions the other: a hair apart, they have to agree.
    x, n = np.array([3, 0, 7, 5, 1, 2]), np.array([10, 12, 9, 11, 10, 8])
    one, other = beta_binomial(x, n), beta_binomial(x + 1e-9, n + 2e-9)
    for name in ("low", "median", "high", "mean", "icc_low", "icc", "icc_high"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-5)


def test_nobody_is_not_estimable():
    for x, n in (([], []), ([0, 0], [0, 0])):
        found = beta_binomial(x, n)
        assert np.isnan([found.low, found.median, found.mean, found.high, found.icc]).all()
    # Who has no face says nothing.
    assert beta_binomial([3, 1, 0], [9, 8, 0]) == beta_binomial([3, 1], [9, 8])


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="hits"):
        beta_binomial([4], [3])
    with pytest.raises(ValueError, match="level"):
        beta_binomial([1], [3], level=0)


people = st.lists(
    st.integers(1, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=30
)


@settings(max_examples=30)
@given(people)
def test_in_order_and_turned_round(persons):
    x, n = np.array(persons).T
    found = beta_binomial(x, n)
    assert 0 <= found.low < found.median < found.high <= 1
    assert found.low < found.mean < found.high
    assert 0 < found.icc_low < found.icc < found.icc_high < 1
    turned = beta_binomial(n - x, n)
    np.testing.assert_allclose(
        [found.low, found.median, found.high], [1 - turned.high, 1 - turned.median, 1 - turned.low], atol=1e-3
    )
    assert found.icc == pytest.approx(turned.icc, abs=1e-3)
    wide = beta_binomial(x, n, level=0.99)
    assert wide.low <= found.low
    assert found.high <= wide.high


def test_many_persons_are_as_quick_as_few():
    # The posterior of 20,000 persons is 1/200 as wide as the range of rates: the grid has to find it.
    rng = np.random.default_rng(8)
    n = rng.integers(5, 30, 20_000)
    x = rng.binomial(n, rng.beta(1.2, 2.8, len(n)))
    found = beta_binomial(x, n)
    assert found.low < 0.3 < found.high
    assert found.high - found.low < 0.01
    assert found.icc_low < 0.2 < found.icc_high
    assert found.icc_high - found.icc_low < 0.02


def test_the_grid_follows_a_narrow_ridge():
    # A rare label and 100,000 persons: the first, coarse grid has no point near the posterior.
    rng = np.random.default_rng(1)
    n = rng.integers(1, 60, 100_000)
    x = rng.binomial(n, rng.beta(0.001 * 7 / 3, 0.999 * 7 / 3, len(n)))
    found = beta_binomial(x, n)
    low, high, _ = of_persons(x.sum(), n.sum(), (x * x).sum(), (x * n).sum(), (n * n).sum(), len(n))
    assert found.low < 0.001 < found.high
    assert found.icc_low < 0.3 < found.icc_high
    assert 0.7 < (found.high - found.low) / (high - low) < 1.1


@given(st.lists(st.floats(0, 500), min_size=2, max_size=9), st.sampled_from([0.125, 0.5, 1.0]))
def test_dirichlet_marginals_are_beta(counts, prior):
    total = sum(counts)
    low, high = dirichlet(counts, prior=prior)
    if total == 0:
        assert np.isnan([low, high]).all()
        return
    rest = prior * (len(counts) - 1)
    for i, count in enumerate(counts):
        left = max(total - count, 0)
        assert low[i] == pytest.approx(betaincinv(count + prior, left + rest, 0.025), abs=1e-9)
        assert high[i] == pytest.approx(betaincinv(count + prior, left + rest, 0.975), abs=1e-9)


def test_dirichlet_against_draws_and_in_any_shape():
    counts = np.array([[[7, 2, 0, 1], [0, 0, 0, 0]], [[1, 1, 1, 1], [0, 0, 30, 0]]])
    low, high = dirichlet(counts)
    assert low.shape == counts.shape
    assert np.isnan(low[0, 1]).all()
    drawn = np.random.default_rng(4).dirichlet(counts[0, 0] + 0.5, 200_000)
    np.testing.assert_allclose(np.quantile(drawn, [0.025, 0.975], axis=0), [low[0, 0], high[0, 0]], atol=4e-3)
