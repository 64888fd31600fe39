"""From a day's law to years: powers of laws, mixtures, quantiles."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from numpy.fft import irfft, rfft
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.intp]
Spectrum = NDArray[np.complex128]
Years = list[tuple[int, int, int]]
"""Days as (epoch, length, how many such): school years, and what is left of one."""

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


def ever(p: Array, within: Array, years: Years) -> Array:
    """P(at least once), where a pupil's stratum is drawn anew each school year.

    Parameters
    ----------
    p : ndarray, shape (draws, epochs, strata)
        Chance on one day.
    within : ndarray, shape (points, strata, kinds)
        P(stratum in a year | kind of pupil).
    years : list of (epoch, days, times)
        Which days, as `years_of` gives them.

    Returns
    -------
    ndarray, shape (draws, kinds)
    """
    log = np.zeros(())
    for epoch, length, times in years:
        with np.errstate(divide="ignore"):
            log = log + times * np.log1p(-np.minimum(mixed(at_least_once(p[:, epoch], length), within), 1))
    return np.asarray(-np.expm1(log))


def only_true(no_false: Array, only: Array, within: Array, years: Years) -> Array:
    """P(flags, and none false), where a pupil's stratum is drawn anew each school year.

    With s the chance of no false flag and t that of flags none of which is false, both in a year, it is
    Πs − Π(s − t), taken as Πs · (1 − Π(1 − t/s)): no difference of nearly equal numbers. The same holds of a year's
    days.

    Parameters
    ----------
    no_false, only : ndarray, shape (draws, epochs, strata)
        The two chances on one day.
    within, years
        As in `ever`.

    Returns
    -------
    ndarray, shape (draws, kinds)
    """
    none, log = np.ones(()), np.zeros(())
    for epoch, length, times in years:
        s = no_false[:, epoch] ** length
        t = s * at_least_once(_over(only[:, epoch], no_false[:, epoch]), length)
        s, t = mixed(s, within), mixed(t, within)
        none = none * s**times
        with np.errstate(divide="ignore"):
            log = log + times * np.log1p(-np.minimum(_over(t, s), 1))
    return np.asarray(none * -np.expm1(log))


def first_earned(earned: Array, unearned: Array, within: Array, epoch: NDArray[np.intp]) -> tuple[Array, Array]:
    """P(something that a year may bring comes in some year), and P(that, and its first time has a certain kind).

    Parameters
    ----------
    earned, unearned : ndarray, shape (draws, epochs, strata)
        Chance in one school year, and that of the certain kind.
    within : ndarray, shape (points, strata, kinds)
        P(stratum in a year | kind of pupil).
    epoch : ndarray of int, shape (years,)
        Which epoch each year is in.

    Returns
    -------
    tuple of ndarray, each of shape (draws, kinds)
    """
    by_epoch = [(mixed(earned[:, e], within), mixed(unearned[:, e], within)) for e in range(earned.shape[1])]
    log, kind = np.zeros(()), np.zeros(())
    for e in epoch:
        yes, certain = by_epoch[e]
        kind = kind + np.exp(log) * certain
        with np.errstate(divide="ignore"):
            log = log + np.log1p(-np.minimum(yes, 1))
    return np.asarray(-np.expm1(log)), np.asarray(kind)


def years_of(epoch: NDArray[np.intp], days: int, per_year: int) -> Years:
    """The first `days` school days as (epoch, length, how many such): whole school years, and what is left."""
    whole, rest = divmod(days, per_year)
    times = Counter(epoch[:whole].tolist())
    return [(e, per_year, n) for e, n in times.items()] + ([(int(epoch[whole]), rest, 1)] if rest else [])


def _over(numerator: Array, denominator: Array) -> Array:
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)


def quantiles_of_sum(law: Array, within: Array, kinds: Array, years: Years, q: tuple[float, ...]) -> Array:
    """Quantiles of a sum over years of independent days, for mixtures of kinds of pupils.

    A kind's year is a mixture over strata of powers of the day's characteristic function; its years are a product
    of those. The law is computed modulo a length that holds all but `TAIL` of its mass whatever strata the years
    fall to, by Bernstein's inequality for bounded terms.

    Parameters
    ----------
    law : ndarray, shape (draws, epochs, strata, counts)
        Law of one day's count.
    within : ndarray, shape (points, strata, kinds)
        P(stratum in a year | kind of pupil); columns add to 1.
    kinds : ndarray, shape (points, kinds, mixtures)
        Shares of the kinds in each mixture; columns add to 1.
    years : list of (epoch, days, times)
        Which days.
    q : tuple of float
        Probabilities.

    Returns
    -------
    ndarray, shape (len(q), draws, mixtures)
        The smallest n with P(N ≤ n) ≥ q − `SLACK`.
    """
    most, in_all = law.shape[-1] - 1, sum(days * times for _, days, times in years)
    mean, variance = moments(law)

    def over_years(of_epochs: Array) -> Array:
        return np.asarray(sum(days * times * of_epochs[:, e] for e, days, times in years))

    between = over_years(mean.min(axis=2)), over_years(mean.max(axis=2))
    first, width = window(between, over_years(variance.max(axis=2)), most, in_all)
    found = np.empty((len(q), law.shape[0], kinds.shape[-1]))
    for draw in range(law.shape[0]):
        point = draw % len(within)
        length = fast_length(int(width[draw]))
        total: Spectrum | None = None
        for epoch, days, times in years:
            year = power(folded_transform(law[draw, epoch], length), days)
            part = power(within[point].T @ year, times)
            total = part if total is None else total * part
        assert total is not None
        # Kinds are mixed before the one inverse transform: it is linear.
        found[:, draw] = quantiles_of(kinds[point].T @ total, length, int(first[draw]), int(width[draw]), q)
    return found


def moments(law: Array) -> tuple[Array, Array]:
    """Mean and variance of counts, from their laws along the last axis."""
    count = np.arange(law.shape[-1], dtype=float)
    mean = law @ count
    return np.asarray(mean), np.maximum(law @ count**2 - mean**2, 0)


def window(between: tuple[Array, Array], variance: Array, most: int, terms: int) -> tuple[Ints, Ints]:
    """Where a sum of terms in 0 … `most` lies with all but `TAIL` of its mass: the first number, and how many.

    Bernstein's inequality holds for terms that depend on those before as well (Freedman 1975): of their means and
    variances, given what went before, only the sums are asked for.

    Parameters
    ----------
    between : tuple of ndarray
        The least and the greatest that the sum of the terms' means can be.
    variance : ndarray
        The greatest that the sum of their variances can be.
    most, terms : int
        The greatest term, and how many terms.
    """
    reach = _reach(variance, most)
    first = np.floor(np.maximum(between[0] - reach, 0)).astype(np.intp)
    last = np.ceil(np.minimum(between[1] + reach, terms * most)).astype(np.intp)
    return first, last - first + 1


def quantiles_of(spectra: Spectrum, length: int, first: int, width: int, q: tuple[float, ...]) -> Array:
    """Quantiles of laws given by their transforms, modulo a length that a window of numbers fits in.

    Returns
    -------
    ndarray, shape (len(q), laws)
        The smallest n with P(N ≤ n) ≥ q − `SLACK`.
    """
    law = irfft(spectra, length, axis=-1)
    order = (first + np.arange(width)) % length
    cumulated = np.cumsum(np.maximum(law[:, order], 0), axis=-1)
    # A law that adds to 1 + ε adds to about 1 + ε·days after so many days.
    cumulated /= cumulated[:, -1:]
    return np.stack([first + (cumulated >= level - SLACK).argmax(axis=-1) for level in q]).astype(float)


def widest(most: int, days: int, strata: int) -> int:
    """Widest window that a sum of `days` terms in 0 … `most` can need in `quantiles_of_sum`."""
    if strata > 1:
        return most * days + 1
    return min(most * days, 2 * math.ceil(float(_reach(np.array(days * most**2 / 4), most)))) + 1


def fast_length(least: int) -> int:
    """A length from `least` up of which Fourier transforms are fast: 1, 3 or 5 times a power of two."""
    return min(k << max(0, (-(-least // k) - 1).bit_length()) for k in (1, 3, 5))


def folded_transform(law: Array, length: int) -> Spectrum:
    """Discrete Fourier transforms of laws, along the last axis, taken modulo `length`."""
    folds = math.ceil(law.shape[-1] / length)
    padded = np.zeros((*law.shape[:-1], folds * length))
    padded[..., : law.shape[-1]] = law
    return np.asarray(rfft(padded.reshape(*law.shape[:-1], folds, length).sum(axis=-2), axis=-1))


def power(base: Spectrum, exponent: int) -> Spectrum:
    """`base` to a whole power by squaring: several times faster than NumPy's, which takes logarithms."""
    if exponent == 0:
        return np.ones_like(base)
    out = base
    for bit in bin(exponent)[3:]:
        out = out * out
        if bit == "1":
            out = out * base
    return out


def _reach(variance: Array, most: int) -> Array:
    """How far from its mean a sum of terms in [0, most] strays with probability `TAIL` at most, either side."""
    log = math.log(2 / TAIL)
    third = most * log / 3
    return np.asarray(third + np.sqrt(third**2 + 2 * variance * log) + 1)
