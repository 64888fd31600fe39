"""From a day's law to years: powers of laws, mixtures, quantiles."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

Array = NDArray[np.float64]

TAIL = 1e-15
"""Mass that may lie outside the window in which a sum of many days is computed."""
SLACK = 1e-12
"""P(N ≤ n) counts as reaching q from q − SLACK on (deployment.md §3)."""


def at_least_once(p: Array, days: int) -> Array:
    """P(something of daily chance `p` happens in `days` independent days), accurate for small `p` too."""
    with np.errstate(divide="ignore"):
        return -np.expm1(days * np.log1p(-np.minimum(p, 1)))


def only_true(any_false: Array, only: Array, days: int) -> Array:
    """P(flags, and none false, in `days` days), without cancellation.

    (1 − f)ⁿ − (1 − f − t)ⁿ, with f the daily chance of a false flag and t that of flags none of which is false.

    Parameters
    ----------
    any_false, only : ndarray
        f and t.
    days : int
        n.
    """
    without = 1 - np.minimum(any_false, 1)
    ratio = np.divide(only, without, out=np.zeros_like(only), where=without > 0)
    with np.errstate(divide="ignore"):
        return np.exp(days * np.log(without)) * at_least_once(ratio, days)


def quantiles_of_sum(law: Array, mixture: Array, days: int, q: tuple[float, ...]) -> Array:
    """Quantiles of a sum of `days` independent days, for mixtures of strata.

    The sum's law is the power of the day's characteristic function. It is computed modulo a length that
    holds all but `TAIL` of every stratum's mass, by Bernstein's inequality for bounded terms.

    Parameters
    ----------
    law : ndarray, shape (draws, strata, counts)
        Law of one day's count.
    mixture : ndarray, shape (strata, mixtures)
        Shares of the strata in each mixture; columns add to 1.
    days : int
        Days in the sum.
    q : tuple of float
        Probabilities.

    Returns
    -------
    ndarray, shape (len(q), draws, mixtures)
        The smallest n with P(N ≤ n) ≥ q − `SLACK`.
    """
    count = np.arange(law.shape[-1])
    most = int(count[-1])
    mean = law @ count
    variance = law @ count.astype(float) ** 2 - mean**2
    reach = _reach(days * np.maximum(variance, 0), most)
    first = np.floor(np.maximum(days * mean - reach, 0)).min(axis=1).astype(int)
    last = np.ceil(np.minimum(days * mean + reach, days * most)).max(axis=1).astype(int)
    found = np.empty((len(q), law.shape[0], mixture.shape[1]))
    for draw in range(law.shape[0]):
        width = int(last[draw] - first[draw]) + 1
        length = next_fast_len(max(width, 1), real=True)
        # Strata are mixed before the one inverse transform: it is linear.
        mixed = irfft(mixture.T @ _folded_transform(law[draw], length) ** days, length, axis=-1)
        order = (first[draw] + np.arange(width)) % length
        cumulated = np.cumsum(np.maximum(mixed[:, order], 0), axis=-1)
        for i, level in enumerate(q):
            found[i, draw] = first[draw] + (cumulated >= level - SLACK).argmax(axis=-1)
    return found


def _folded_transform(law: Array, length: int) -> NDArray[np.complex128]:
    """Discrete Fourier transform of a law taken modulo `length`."""
    folds = math.ceil(law.shape[-1] / length)
    padded = np.zeros((len(law), folds * length))
    padded[:, : law.shape[-1]] = law
    return np.asarray(rfft(padded.reshape(len(law), folds, length).sum(axis=1), axis=-1))


def _reach(variance: Array, most: int) -> Array:
    """How far from its mean a sum of terms in [0, most] strays with probability `TAIL` at most, either side."""
    log = math.log(2 / TAIL)
    third = most * log / 3
    return third + np.sqrt(third**2 + 2 * variance * log) + 1
