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


def mixed(values: Array, shares: Array) -> Array:
    """Means over strata.

    Parameters
    ----------
    values : ndarray, shape (draws, strata)
        What is averaged.
    shares : ndarray, shape (points, strata, means)
        With what weight; one point, or as many as draws.

    Returns
    -------
    ndarray, shape (draws, means)
    """
    return np.asarray(np.matmul(values[:, None, :], shares)[:, 0])


def ever(p: Array, within: Array, days: int, per_year: int) -> Array:
    """P(at least once in `days` days), where a pupil's stratum is drawn anew each school year.

    Parameters
    ----------
    p : ndarray, shape (draws, strata)
        Chance on one day.
    within : ndarray, shape (points, strata, kinds)
        P(stratum in a year | kind of pupil).
    days, per_year : int
        Days in all; days in a school year.

    Returns
    -------
    ndarray, shape (draws, kinds)
    """
    log = np.zeros(())
    for length, times in _years(days, per_year):
        with np.errstate(divide="ignore"):
            log = log + times * np.log1p(-np.minimum(mixed(at_least_once(p, length), within), 1))
    return np.asarray(-np.expm1(log))


def only_true(no_false: Array, only: Array, within: Array, days: int, per_year: int) -> Array:
    """P(flags, and none false, in `days` days), where a pupil's stratum is drawn anew each school year.

    With s the chance of no false flag and t that of flags none of which is false, both in a year, it is
    sⁿ − (s − t)ⁿ, taken as sⁿ · (1 − (1 − t/s)ⁿ): no difference of nearly equal numbers. The same holds of a year's
    days.

    Parameters
    ----------
    no_false, only : ndarray, shape (draws, strata)
        The two chances on one day.
    within, days, per_year
        As in `ever`.

    Returns
    -------
    ndarray, shape (draws, kinds)
    """
    none, log = np.ones(()), np.zeros(())
    for length, times in _years(days, per_year):
        s = no_false**length
        t = s * at_least_once(_over(only, no_false), length)
        s, t = mixed(s, within), mixed(t, within)
        none = none * s**times
        with np.errstate(divide="ignore"):
            log = log + times * np.log1p(-np.minimum(_over(t, s), 1))
    return np.asarray(none * -np.expm1(log))


def _years(days: int, per_year: int) -> list[tuple[int, int]]:
    """Days as (length, how many such): whole school years, and what is left."""
    whole, rest = divmod(days, per_year)
    return [(length, times) for length, times in ((per_year, whole), (rest, 1)) if length and times]


def _over(numerator: Array, denominator: Array) -> Array:
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)


def quantiles_of_sum(law: Array, within: Array, kinds: Array, days: int, years: int, q: tuple[float, ...]) -> Array:
    """Quantiles of a sum over years of independent days, for mixtures of kinds of pupils.

    A kind's year is a mixture over strata of powers of the day's characteristic function; its years are a power
    of that. The law is computed modulo a length that holds all but `TAIL` of its mass whatever strata the years
    fall to, by Bernstein's inequality for bounded terms.

    Parameters
    ----------
    law : ndarray, shape (draws, strata, counts)
        Law of one day's count.
    within : ndarray, shape (points, strata, kinds)
        P(stratum in a year | kind of pupil); columns add to 1.
    kinds : ndarray, shape (points, kinds, mixtures)
        Shares of the kinds in each mixture; columns add to 1.
    days, years : int
        Days in a year, years in the sum.
    q : tuple of float
        Probabilities.

    Returns
    -------
    ndarray, shape (len(q), draws, mixtures)
        The smallest n with P(N ≤ n) ≥ q − `SLACK`.
    """
    count = np.arange(law.shape[-1])
    most, in_all = int(count[-1]), days * years
    mean = law @ count
    variance = law @ count.astype(float) ** 2 - mean**2
    reach = _reach(in_all * np.maximum(variance, 0).max(axis=1), most)
    first = np.floor(np.maximum(in_all * mean.min(axis=1) - reach, 0)).astype(int)
    last = np.ceil(np.minimum(in_all * mean.max(axis=1) + reach, in_all * most)).astype(int)
    found = np.empty((len(q), law.shape[0], kinds.shape[-1]))
    for draw in range(law.shape[0]):
        point = draw % len(within)
        width = int(last[draw] - first[draw]) + 1
        length = fast_length(width)
        year = within[point].T @ _power(_folded_transform(law[draw], length), days)
        # Kinds are mixed before the one inverse transform: it is linear.
        law_in_all = irfft(kinds[point].T @ _power(year, years), length, axis=-1)
        order = (first[draw] + np.arange(width)) % length
        cumulated = np.cumsum(np.maximum(law_in_all[:, order], 0), axis=-1)
        # A law that adds to 1 + ε adds to about 1 + ε·days after so many days.
        cumulated /= cumulated[:, -1:]
        for i, level in enumerate(q):
            found[i, draw] = first[draw] + (cumulated >= level - SLACK).argmax(axis=-1)
    return found


def widest(most: int, days: int, strata: int) -> int:
    """Widest window that a sum of `days` terms in 0 … `most` can need in `quantiles_of_sum`."""
    if strata > 1:
        return most * days + 1
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
