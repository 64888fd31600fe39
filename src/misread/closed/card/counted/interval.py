"""Intervals by resampling heads, which are the independent units: pictures of one head resemble each other.

Each draw gives every head a weight (Rubin's Bayesian bootstrap, Ann. Statist. 9, 1981, 130–134). Four heads that were
never seen are added with a quarter of a head's weight each: under the change all or nothing happened to them, and under
the control all or nothing, so that a rate of 0 or 1 has an interval of honest width. With one picture a head this is
Jeffreys' interval for a share (Brown, Cai and DasGupta, Statist. Sci. 16, 2001, 101–133); `tests/closed/card` holds how
often it covers the truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRAWS = 4000
UNSEEN = 0.25
"""Weight of each of the four heads that were not seen, in heads."""
CHANGED, CONTROL = (0.0, 0.0, 1.0, 1.0), (0.0, 1.0, 0.0, 1.0)
"""What happened to these under a change and under a control."""
ENDS = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Between:
    """A value and its 95 % interval."""

    value: float
    low: float
    high: float


def weights_of(heads: int, seed: int, draws: int = DRAWS) -> Floats:
    """Weights of heads, shape (draws, heads + 4); each row adds to 1, the last four are of heads that were not seen."""
    draw = np.random.Generator(np.random.Philox(key=[seed, 0xCA4D]))
    shape = np.concatenate([np.ones(heads), np.full(len(CHANGED), UNSEEN)])
    found = draw.standard_gamma(shape, (draws, len(shape)))
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def drawn(rates: Floats, weights: Floats, unseen: tuple[float, ...] = CHANGED) -> Floats:
    """Draws of the mean of heads' rates, shape (draws, …).

    Parameters
    ----------
    rates : ndarray, shape (heads, …)
        From 0 to 1.
    weights : ndarray, shape (draws, heads + 4)
    unseen : tuple of float
        `CHANGED` or `CONTROL`.
    """
    flat = rates.reshape(len(rates), -1)
    four = np.repeat(np.array(unseen)[:, None], flat.shape[1], axis=1)
    mean: Floats = weights @ np.concatenate([flat, four])
    return mean.reshape(len(weights), *rates.shape[1:])


def between(value: float, draws: Floats) -> Between:
    """A value with the middle 95 % of its draws, opened so far that the value lies within."""
    low, high = np.quantile(draws, ENDS)
    return Between(value, min(float(low), value), max(float(high), value))


def share(rates: Floats, weights: Floats) -> Between:
    """The mean of heads' rates; where nothing or everything happened, the interval reaches to 0 or 1.

    Parameters
    ----------
    rates : ndarray, shape (heads,)
    weights : ndarray, shape (draws, heads + 4)
    """
    return between(float(rates.mean()), drawn(rates, weights))


def beyond(rates: Floats, controls: Floats, weights: Floats) -> Between:
    """By how much heads' rates are larger than the largest of several controls, which each draw chooses anew.

    Parameters
    ----------
    rates : ndarray, shape (heads,)
    controls : ndarray, shape (heads, controls)
    weights : ndarray, shape (draws, heads + 4)
    """
    largest = drawn(controls, weights, CONTROL).max(axis=1)
    return between(float(rates.mean() - controls.mean(axis=0).max()), drawn(rates, weights) - largest)
