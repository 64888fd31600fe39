"""How alike groups are, told by themselves: the posterior of the strength with which they are pooled, on a grid.

The rate of a group is drawn from Beta(μM, (1 − μ)M): μ is the mean over groups, and M, the strength, is how many faces
the other groups are worth to one of them. Beforehand every spread between groups, 1 / √(1 + M) as a share of the
greatest that there can be, is equally likely, and the mean has Jeffreys' prior, Beta(½, ½). Both are integrated out: an
interval that rests on the likeliest strength alone is too narrow with few groups. (Gelman et al., Bayesian Data
Analysis, 3rd ed. 2013, §5.3.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, gammaln, logit

Array = NDArray[np.float64]

POINTS = 37
"""Strengths that are tried."""
NODES = 25
"""Means that are tried at each strength."""
WIDEST = 0.97
"""The largest spread tried, as a share of the greatest: nearly every group then has a rate of 0 or 1."""
NARROWEST = 0.01
"""The smallest spread tried is this, or a quarter of the error of the largest group where that is less."""
TAIL = 1e-6
"""What the grid leaves out of the mean at each end."""


@dataclass(frozen=True, eq=False)
class Strength:
    """Posterior of strength and mean.

    Attributes
    ----------
    strengths : ndarray, shape (POINTS,)
        M, falling.
    means : ndarray, shape (NODES, POINTS)
        μ; evenly spaced in log-odds at each strength.
    weights : ndarray, shape (NODES, POINTS)
        Probability of each; they add to 1.
    """

    strengths: Array
    means: Array
    weights: Array


def strength(x: Array, n: Array) -> Strength:
    """Posterior of the strength of pooling and of the mean, from hits and trials of the groups.

    Parameters
    ----------
    x, n : ndarray, shape (groups,)
        Hits and (effective) trials, n above 0 in at least one group.
    """
    lowest = min(NARROWEST, 0.25 / np.sqrt(n.max()))
    spreads = np.geomspace(lowest, WIDEST, POINTS)
    M = 1 / spreads**2 - 1
    # Each point stands for what lies nearest; the first one for everything down to 0.
    borders = np.concatenate([[0], np.sqrt(spreads[1:] * spreads[:-1]), [1]])
    prior = np.diff(borders)

    # Where the mean can be, given M: a group is worth n(M + 1) / (n + M) independent faces for it.
    worth = n[:, None] * (M + 1) / (n[:, None] + M)
    total = worth.sum(axis=0)
    hits = (worth * (x / np.where(n > 0, n, 1))[:, None]).sum(axis=0)
    first, last = (
        logit(np.clip(betaincinv(hits + 0.5, total - hits + 0.5, tail), 1e-12, 1 - 1e-12)) for tail in (TAIL, 1 - TAIL)
    )
    means = expit(first + (last - first) * np.linspace(0, 1, NODES)[:, None])
    a, b = means * M, (1 - means) * M
    likelihood = (
        (gammaln(x[:, None, None] + a) - gammaln(a) + gammaln((n - x)[:, None, None] + b) - gammaln(b)).sum(axis=0)
        - (gammaln(n[:, None] + M) - gammaln(M)).sum(axis=0)
    )  # fmt: skip
    density = likelihood + 0.5 * np.log(means * (1 - means)) + np.log((last - first) * prior)
    weights = np.exp(density - density.max())
    return Strength(M, means, weights / weights.sum())


def draws(x: Array, n: Array, times: int, rng: np.random.Generator) -> Array:
    """Rates of the groups, drawn from their joint posterior.

    Parameters
    ----------
    x, n : ndarray, shape (groups,)
        Hits and (effective) trials.
    times : int
        How often.
    rng : Generator
        Source of chance.

    Returns
    -------
    ndarray, shape (times, groups)
    """
    found = strength(x, n)
    reached = np.cumsum(found.weights.ravel())
    # One draw from each of `times` equal slices: the grid itself then adds hardly any noise.
    at = np.minimum(np.searchsorted(reached, (np.arange(times) + rng.random(times)) / times), reached.size - 1)
    node, point = np.unravel_index(at, found.weights.shape)
    mean, M = found.means[node, point], found.strengths[point]
    return np.asarray(rng.beta(x + (mean * M)[:, None], n - x + ((1 - mean) * M)[:, None]))


def centres(x: Array, n: Array) -> tuple[Array, Array]:
    """Posterior mean of each group's rate, and how much its own faces weigh in it.

    Parameters
    ----------
    x, n : ndarray, shape (groups,)
        Hits and (effective) trials.

    Returns
    -------
    mean, own : ndarray, shape (groups,)
        In [0, 1]: the mean is own · raw rate + (1 − own) · what the groups have in common.
    """
    found = strength(x, n)
    M = found.strengths
    by_strength = found.weights.sum(axis=0)
    common = (found.weights * found.means).sum(axis=0) * M
    below = n[:, None] + M
    return ((x[:, None] * by_strength + common) / below).sum(axis=1), (n[:, None] / below) @ by_strength
