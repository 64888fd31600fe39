"""From a day's law to years: powers of laws, mixtures, quantiles."""

from __future__ import annotations

import math

import numpy as np
from numpy.fft import irfft, rfft
from numpy.typing import NDArray

Array = NDArray[np.float64]

TAIL = 1e-15
"""Mass that may lie outside the window in which a sum of many days is computed."""
SLACK = 1e-12
"""P(N ≤ n) counts as reaching q from q − SLACK on (docs/findings.md)."""


def at_least_once(p: Array, days: int) -> Array:
    """P(something of daily chance `p` happens in `days` independent days), accurate for small `p` too."""
    with np.errstate(divide="ignore"):
        return np.asarray(-np.expm1(days * np.log1p(-np.minimum(p, 1))))


def only_true(no_false: Array, only: Array, days: int) -> Array:
    """P(flags, and none false, in `days` independent days).

    sⁿ − (s − t)ⁿ, with s the daily chance of no false flag and t that of flags none of which is false, taken as
    sⁿ · (1 − (1 − t/s)ⁿ): no difference of nearly equal numbers.

    Parameters
    ----------
    no_false, only : ndarray
        s and t.
    days : int
        n.
    """
    ratio = np.divide(only, no_false, out=np.zeros_like(only), where=no_false > 0)
    return np.asarray(no_false**days * at_least_once(ratio, days))


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
        length = fast_length(width)
        # Strata are mixed before the one inverse transform: it is linear.
        mixed = irfft(mixture.T @ _power(_folded_transform(law[draw], length), days), length, axis=-1)
        order = (first[draw] + np.arange(width)) % length
        cumulated = np.cumsum(np.maximum(mixed[:, order], 0), axis=-1)
        # A law that adds to 1 + ε adds to about 1 + ε·days after so many days.
        cumulated /= cumulated[:, -1:]
        for i, level in enumerate(q):
            found[i, draw] = first[draw] + (cumulated >= level - SLACK).argmax(axis=-1)
    return found


def widest(most: int, days: int) -> int:
    """Widest window that a sum of `days` terms in 0 … `most` can need in `quantiles_of_sum`."""
    return min(most * days, 2 * math.ceil(float(_reach(np.array(days * most**2 / 4), most)))) + 1


def fast_length(least: int) -> int:
    """A length from `least` up of which Fourier transforms are fast: 1, 3 or 5 times a power of two."""
    return min(k << max(0, (-(-least // k) - 1).bit_length()) for k in (1, 3, 5))


def _folded_transform(law: Array, length: int) -> NDArray[np.complex128]:
    """Discrete Fourier transform of a law taken modulo `length`."""
    folds = math.ceil(law.shape[-1] / length)
    padded = np.zeros((len(law), folds * length))
    padded[:, : law.shape[-1]] = law
    return np.asarray(rfft(padded.reshape(len(law), folds, length).sum(axis=1), axis=-1))


def _power(base: NDArray[np.complex128], exponent: int) -> NDArray[np.complex128]:
    """`base` to a whole power by squaring: several times faster than NumPy's, which takes logarithms."""
    power = base
    for bit in bin(exponent)[3:]:
        power = power * power
        if bit == "1":
            power = power * base
    return power


def _reach(variance: Array, most: int) -> Array:
    """How far from its mean a sum of terms in [0, most] strays with probability `TAIL` at most, either side."""
    log = math.log(2 / TAIL)
    third = most * log / 3
    return np.asarray(third + np.sqrt(third**2 + 2 * variance * log) + 1)
