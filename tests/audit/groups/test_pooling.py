"""The pooled posterior: against sums over a fine grid that is written out, and in what has to hold for any counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import betaln

from misread.audit.groups.pooling import POINTS, centres, draws, strength

Array = NDArray[np.float64]


def prior_and_likelihood(x: Array, n: Array, points: int) -> tuple[Array, Array, Array]:
    """Spread and mean on an even grid, everywhere there can be one: weights, a and b of the groups' beta."""
    spread = ((np.arange(points) + 0.5) / points)[:, None]
    # Even steps of asin √μ are even steps of Beta(½, ½).
    mean = np.sin((np.arange(points) + 0.5) / points * np.pi / 2)[None] ** 2
    M = 1 / spread**2 - 1
    a, b = mean * M, (1 - mean) * M
    told = sum(betaln(hits + a, size - hits + b) - betaln(a, b) for hits, size in zip(x, n, strict=True))
    weight = np.exp(told - np.max(told))
    return weight / weight.sum(), a, b


def densities(x: Array, n: Array, points: int, rates: Array) -> list[Array]:
    """Probability of each cell of rates, of each group, for each spread and mean; shape (grid, rates)."""
    _, a, b = prior_and_likelihood(x, n, points)
    found = []
    for hits, size in zip(x, n, strict=True):
        log = (hits + a.ravel() - 1)[:, None] * np.log(rates) + (size - hits + b.ravel() - 1)[:, None] * np.log1p(
            -rates
        )
        each = np.exp(log - log.max(axis=1, keepdims=True))
        found.append(each / each.sum(axis=1, keepdims=True))
    return found


@pytest.mark.parametrize(
    ("x", "n"), [((14, 8), (20, 20)), ((3, 30), (10, 60)), ((1.5, 12.25), (40.5, 30.0)), ((9, 14, 17), (20, 20, 20))]
)
def test_range_and_means_are_those_of_a_sum_over_everything(x: tuple[float, ...], n: tuple[float, ...]) -> None:
    hits, sizes = np.array(x, float), np.array(n, float)
    points, cells = (70, 300) if len(x) == 2 else (50, 70)
    rates = (np.arange(cells) + 0.5) / cells
    weight = prior_and_likelihood(hits, sizes, points)[0].ravel()
    each = densities(hits, sizes, points, rates)
    if len(x) == 2:
        joint = (weight[:, None] * each[0]).T @ each[1]
        gap = np.abs(rates[:, None] - rates)
    else:
        pair = np.einsum("gi,gj->gij", each[1], each[2]).reshape(len(weight), -1)
        joint = ((weight[:, None] * each[0]).T @ pair).reshape(cells, cells, cells)
        corners = np.meshgrid(rates, rates, rates, indexing="ij")
        gap = np.max(corners, axis=0) - np.min(corners, axis=0)
    order = np.argsort(gap, axis=None, kind="stable")
    reached = np.cumsum(joint.ravel()[order])
    exact = gap.ravel()[order][np.searchsorted(reached, [0.025, 0.5, 0.975])]

    ranges = np.ptp(draws(hits, sizes, 40_000, np.random.default_rng(3)), axis=1)
    assert np.quantile(ranges, [0.025, 0.5, 0.975]) == pytest.approx(exact, abs=0.012)
    mean, _ = centres(hits, sizes)
    assert mean == pytest.approx([weight @ (one @ rates) for one in each], abs=0.004)


GROUPS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).filter(any), min_size=2, max_size=9)


@given(GROUPS)
@settings(max_examples=40, deadline=None)
def test_what_holds_for_any_counts(groups: list[tuple[int, int]]) -> None:
    x = np.array([a for a, _ in groups], float)
    n = np.array([a + b for a, b in groups], float)
    mean, own = centres(x, n)
    assert ((mean >= 0) & (mean <= 1) & (own > 0) & (own <= 1)).all()
    found = strength(x, n)
    assert found.weights.sum() == pytest.approx(1)
    # Hits and misses change places; groups change places.
    assert centres(n - x, n)[0] == pytest.approx(1 - mean, abs=1e-9)
    assert centres(x[::-1], n[::-1])[0] == pytest.approx(mean[::-1], abs=1e-9)
    # Of two groups as large, the one with more hits keeps the higher rate.
    for i in range(len(x)):
        for j in range(len(x)):
            if n[i] == n[j] and x[i] > x[j]:
                assert mean[i] > mean[j] - 1e-12
    # A group without faces changes nothing for the others, and gets what they have in common.
    more, weighs = centres(np.append(x, 0), np.append(n, 0))
    assert more[:-1] == pytest.approx(mean, abs=1e-12)
    assert weighs[-1] == 0


def test_means_of_draws_are_the_means() -> None:
    x, n = np.array([0.0, 3, 50, 9]), np.array([7.0, 9, 100, 9])
    drawn = draws(x, n, 50_000, np.random.default_rng(5))
    assert drawn.mean(axis=0) == pytest.approx(centres(x, n)[0], abs=0.003)
    assert ((drawn >= 0) & (drawn <= 1)).all()


def test_large_groups_keep_their_own_rates_and_equal_ones_are_pooled() -> None:
    n = np.array([1e6, 1e6, 1e6])
    mean, own = centres(n * [0.2, 0.5, 0.7], n)
    assert mean == pytest.approx([0.2, 0.5, 0.7], abs=1e-4)
    assert (own > 0.9999).all()
    equal = np.ptp(draws(n * 0.7, n, 2000, np.random.default_rng(1)), axis=1)
    assert np.quantile(equal, 0.975) < 0.002
    assert len(strength(n * 0.7, n).strengths) == POINTS
    # Huge counts and huge strengths together: logarithms of gamma functions still tell them apart.
    huge = np.full(3, 1e9)
    assert centres(huge * [0.2, 0.5, 0.7], huge)[0] == pytest.approx([0.2, 0.5, 0.7], abs=1e-6)
