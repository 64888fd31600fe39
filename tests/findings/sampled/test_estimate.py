"""Standard errors against repeats: an interval of ±1.96 covers the truth in 95 % of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from misread.findings.sampled.estimate import (
    ALIKE,
    NEVER,
    ONE_SCHOOL,
    jackknife,
    lots,
    quantile,
    quotient_of_ratios,
    ratio,
)
from misread.findings.sampled.layout import EXACT, FINE, bins

SCHOOLS, REPEATS = 60, 2000


def coverage(estimates, truth):
    hits = [abs(e.value - truth) <= 1.96 * e.se for e in estimates]
    return np.mean(hits)


def clusters(rng, shape):
    """Pupils of each school, and a chance of each school's own: pupils of one school are alike."""
    return rng.integers(15, 46, shape), rng.beta(4, 8, shape)


def test_ratio_covers():
    rng = np.random.default_rng(1)
    pupils, chance = clusters(rng, (REPEATS, SCHOOLS))
    flagged = rng.binomial(pupils, chance)
    got = [ratio(a, b) for a, b in zip(flagged.astype(float), pupils.astype(float), strict=True)]
    assert 0.93 < coverage(got, 4 / 12) < 0.97
    # A standard error that takes pupils for independent would not.
    naive = np.sqrt(1 / 3 * 2 / 3 / pupils.sum(axis=1))
    assert np.mean([abs(e.value - 1 / 3) <= 1.96 * se for e, se in zip(got, naive, strict=True)]) < 0.8


def test_quotient_of_ratios_covers():
    rng = np.random.default_rng(2)
    pupils, chance = clusters(rng, (REPEATS, SCHOOLS))
    flags = rng.poisson(pupils * chance * 3)
    true, blind = rng.binomial(flags, 0.4), rng.binomial(pupils * 5, np.clip(chance, 0, 1))
    sums = [x.astype(float) for x in (true, flags, blind, pupils * 5)]
    got = [quotient_of_ratios(*row) for row in zip(*sums, strict=True)]
    assert 0.93 < coverage(got, 0.4 / (4 / 12)) < 0.97


def test_lots_cover():
    rng = np.random.default_rng(3)
    pupils, chance = clusters(rng, (REPEATS, SCHOOLS))
    chosen = rng.binomial(pupils, chance)
    got = [lots(a, b) for a, b in zip(chosen.astype(float), pupils.astype(float), strict=True)]
    assert 0.93 < coverage(got, 2 * (1 / 3) * (2 / 3)) < 0.97


def test_jackknife_covers():
    """A correlation from sums, 2,000 times."""
    rng = np.random.default_rng(4)
    shared, noise = rng.normal(size=(REPEATS, SCHOOLS, 1)), rng.normal(size=(3, REPEATS, SCHOOLS, 12))
    a = 0.7 * shared + noise[2] + noise[0]
    b = 0.7 * shared + noise[2] + noise[1]
    sums = np.stack([np.ones_like(a), a, b, a * a, b * b, a * b]).sum(axis=-1)
    truth = 1.49 / 2.49

    def of(m):
        n, x, y, xx, yy, xy = np.moveaxis(m, -1, 0)
        return ((xy - x * y / n) / np.sqrt((xx - x * x / n) * (yy - y * y / n)))[..., None]

    got = [jackknife(np.moveaxis(sums[:, i], 0, -1), of, "")[0] for i in range(REPEATS)]
    assert 0.93 < coverage(got, truth) < 0.97


def test_jackknife_of_a_mean_is_the_textbooks():
    x = np.random.default_rng(5).normal(size=(50, 1))
    (got,) = jackknife(x, lambda m: m / 50, "")
    without = np.array([np.delete(x, i).sum() / 50 for i in range(50)])
    assert got.se == pytest.approx(math.sqrt(49 / 50 * ((without - without.mean()) ** 2).sum()))


def test_quantiles_cover():
    """Four pupils of a school at a time share a mean; counts so large that one up or down makes no difference."""
    rng = np.random.default_rng(6)
    low, repeats = bins(6000), 800
    law = stats.nbinom(9, 9 / (9 + 600))
    got = []
    for _ in range(repeats):
        mean = rng.gamma(9, 600 / 9, (SCHOOLS, 10, 1)) * np.ones(4)
        place = np.searchsorted(low, rng.poisson(mean).reshape(SCHOOLS, -1), side="right") - 1
        code = np.arange(SCHOOLS)[:, None] * len(low) + place
        counted = np.bincount(code.ravel(), minlength=SCHOOLS * len(low)).reshape(SCHOOLS, -1).astype(float)
        got.append([quantile(counted, low, q) for q in (0.05, 0.5, 0.95)])
    for q, estimates in zip((0.05, 0.5, 0.95), zip(*got, strict=True), strict=True):
        assert 0.93 < coverage(estimates, law.ppf(q)) < 0.97


@given(st.lists(st.integers(0, EXACT - 1), min_size=1, max_size=40), st.floats(0.01, 0.99))
def test_quantile_is_the_definition_where_each_count_has_a_bin(values, q):
    low = bins(EXACT - 1)
    counted = np.bincount(np.array(values), minlength=EXACT)[None].astype(float)
    smallest = next(n for n in range(EXACT) if np.mean(np.array(values) <= n) >= q - 1e-12)
    assert quantile(counted, low, q).value == smallest


@pytest.mark.parametrize(("mean", "size"), [(400, 12.0), (2000, 30.0), (2000, 4000.0), (15000, 50.0)])
@pytest.mark.parametrize("q", [0.05, 0.5, 0.95])
def test_wide_bins_find_the_quantile_to_one_count(mean, size, q):
    """Against the law itself, so that only the bins can be off."""
    low = bins(60_000)
    law = stats.nbinom(size, size / (size + mean))
    high = np.append(low[1:] - 1, 60_000)
    counted = np.diff(np.append(0.0, law.cdf(high)))[None] * 1e9
    assert abs(quantile(counted, low, q).value - law.ppf(q)) <= 1


@given(st.integers(0, 10**6))
def test_bins_hold_every_count_once(most):
    low = bins(most)
    assert low[0] == 0
    assert low[-1] <= most
    widths = np.diff(np.append(low, most + 1))
    assert (widths >= 1).all()
    assert (widths <= np.maximum(1, low / FINE)).all()


def test_what_makes_no_standard_error():
    one = np.ones(1)
    assert (ratio(one, one).se, ratio(one, one).why) == (None, ONE_SCHOOL)
    assert (ratio(np.ones(3), np.ones(3)).se, ratio(np.ones(3), np.ones(3)).why) == (None, ALIKE)
    assert (ratio(np.zeros(3), np.zeros(3)).value, ratio(np.zeros(3), np.zeros(3)).why) == (None, NEVER)
    assert quotient_of_ratios(*np.zeros((4, 3))).value is None
    counted = np.array([[5.0, 5, 0], [5, 5, 0]])
    assert quantile(counted, np.arange(3), 0.5).se is None
    assert quantile(counted[:1], np.arange(3), 0.5).why == ONE_SCHOOL
    (lone,) = jackknife(np.ones((1, 1)), lambda m: m, "")
    assert (lone.value, lone.se, lone.why) == (1.0, None, ONE_SCHOOL)
    (none,) = jackknife(np.ones((3, 1)), lambda m: m * np.nan, "nothing varies")
    assert (none.value, none.why) == (None, "nothing varies")
