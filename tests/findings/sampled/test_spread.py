"""Shares of a variance and correlations, against laws that were put in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.findings.sampled.spread import READINGS, Moments, correlation, variance_shares
from misread.findings.variance import SOURCES, shares_of_variance


def moments(stratum, x, y, strata):
    """Sums by stratum, with axes before the pupils kept."""
    member = (stratum[..., None] == np.arange(strata)) * 1.0
    return Moments(*(np.einsum("...n,...ns->...s", a, member) for a in (np.ones_like(x), x, x * x, y, x * y)))


def drawn(rng, chain, means, pupils, repeats):
    """Pupils of random strata; two readings of what each went through, a gamma rate about the stratum's mean."""
    stratum = rng.choice(chain.strata, (repeats, pupils), p=chain.weight[0])
    rate = means[stratum] * rng.gamma(4, 1 / 4, stratum.shape)
    x, y = rng.poisson(rate, (2, *stratum.shape)).astype(float)
    return moments(stratum, x, y, chain.strata)


def truth(chain, means):
    """All eight shares, by the exact engine's law of total variance."""
    variance = means + means**2 / 4
    shares = shares_of_variance(chain, chain.weight, means[None], variance[None])
    total = chain.weight[0] @ variance + chain.weight[0] @ means**2 - (chain.weight[0] @ means) ** 2
    occasions = chain.weight[0] @ (means**2 / 4) / total
    return np.array([*(shares[s][0] for s in SOURCES), occasions, shares["within"][0] - occasions])


def test_shares_come_near_what_was_put_in(world):
    chain, _ = world
    rng = np.random.default_rng(1)
    means = 5 * np.exp(0.5 * chain.level[:, 0] - 0.4 * chain.level[:, 1] + 0.6 * chain.view * chain.group)
    got = variance_shares(drawn(rng, chain, means, 150_000, 1), chain)[0]
    assert got == pytest.approx(truth(chain, means), abs=0.01)


def test_few_pupils_do_not_make_differences(world):
    """Twenty-four strata, 150 pupils, all alike: chance alone sets the means apart, and is taken off."""
    chain, _ = world
    means = np.full(chain.strata, 5.0)
    got = variance_shares(drawn(np.random.default_rng(2), chain, means, 150, 4000), chain)
    error = got.std(axis=0) / np.sqrt(len(got))
    assert (np.abs(got.mean(axis=0) - truth(chain, means)) <= 4 * error + 0.003).all()


def test_effects_of_few_pupils_are_not_biased_either(world):
    chain, _ = world
    means = 5 * np.exp(0.4 * chain.level[:, 0] - 0.4 * chain.level[:, 1] + 0.3 * chain.view + 0.3 * chain.group)
    got = variance_shares(drawn(np.random.default_rng(3), chain, means, 400, 2000), chain)
    assert got.mean(axis=0) == pytest.approx(truth(chain, means), abs=0.015)


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1), st.integers(2, 300))
def test_six_shares_add_to_one_and_two_to_within(world, seed, pupils):
    chain, _ = world
    rng = np.random.default_rng(seed)
    means = rng.gamma(1, 5, chain.strata)
    got = variance_shares(drawn(rng, chain, means, pupils, 1), chain)[0]
    named = dict(zip((*SOURCES, *READINGS), got, strict=True))
    if np.isnan(got).any():
        # No stratum has two pupils, or nobody differs.
        return
    assert sum(named[s] for s in SOURCES) == pytest.approx(1, abs=1e-9)
    assert named["occasions"] + named["error"] == pytest.approx(named["within"], abs=1e-9)


def test_a_second_reading_that_is_the_first_leaves_no_error(world):
    chain, _ = world
    rng = np.random.default_rng(4)
    stratum = rng.choice(chain.strata, 2000)
    x = rng.poisson(5.0, 2000).astype(float)
    occasions, error = variance_shares(moments(stratum, x, x, chain.strata), chain)[-2:]
    assert error == pytest.approx(0, abs=1e-12)
    assert occasions > 0.9


def test_no_difference_no_shares(world):
    chain, _ = world
    stratum = np.repeat(np.arange(chain.strata), 5)
    same = np.full(len(stratum), 3.0)
    assert np.isnan(variance_shares(moments(stratum, same, same, chain.strata), chain)).all()


def test_correlation_is_numpys():
    a, b = np.random.default_rng(5).normal(size=(2, 50))
    sums = np.array([50, a.sum(), b.sum(), a @ a, b @ b, a @ b])
    assert correlation(sums) == pytest.approx(np.corrcoef(a, b)[0, 1])
    assert np.isnan(correlation(np.array([3.0, 0.3, 1, 0.03, 2, 0.1])))
    assert np.isnan(correlation(np.zeros(6)))
