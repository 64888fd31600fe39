"""Several faces of one person are worth fewer independent ones: how many, from second moments of persons alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from misread.audit.intervals.proportion import SLACK, tail_of, wilson

Array = NDArray[np.float64]

TOO_FEW = 5
"""Persons under which no interval is given."""
LEAST_EVEN = 2.0
"""Persons with equally many faces that persons have to be worth at least; below there is no interval."""


def even_persons(n: ArrayLike, nn: ArrayLike, k: ArrayLike) -> Array:
    """How many persons with equally many faces persons are worth: (Σn)² / Σn² (Kish, Survey Sampling, 1965).

    It is k where all have as many. Who has most of the faces pulls a rate to their own, and hardly differs from it: a
    variance that takes them for one of k is far too small.

    Parameters
    ----------
    n, nn, k : array_like
        Σn, Σn² and the number of persons.

    Returns
    -------
    ndarray
        From 0 (no faces) to k.
    """
    n, nn, k = (np.asarray(value, dtype=np.float64) for value in (n, nn, k))
    found: Array = np.minimum(k, np.divide(n * n, nn, out=np.zeros(np.broadcast(n, nn).shape), where=nn > 0))
    return found


def effective(
    x: ArrayLike,
    n: ArrayLike,
    xx: ArrayLike,
    xn: ArrayLike,
    nn: ArrayLike,
    k: ArrayLike,
    *,
    independent: ArrayLike | None = None,
) -> Array:
    """How many independent faces a rate rests on: n divided by the design effect (Kish, Survey Sampling, 1965).

    The variance of x / n is that of a ratio of sums over persons, by linearisation,
    ``k / (k − 1) · (Σx² − 2p·Σxn + p²·Σn²) / n²``, k being `even_persons`. It is never taken to be smaller than with
    independent faces: persons who look alike by chance are no reason for confidence. Where nothing or everything was
    hit the data say nothing on how alike one person's faces are, and k is what is left (measured: the faces instead
    cost ten points of coverage with ten persons).

    Parameters
    ----------
    x, n : array_like
        Hits and trials, of shapes that broadcast with all others.
    xx, xn, nn : array_like
        Σx², Σx·n and Σn² over persons.
    k : array_like
        Persons with a trial.
    independent : array_like, optional
        What the trials were worth if each were independent: Kish's (Σw)² / Σw² where rows have weights. By default `n`.

    Returns
    -------
    ndarray
        At most `independent`; NaN where persons are worth fewer than `LEAST_EVEN`, or there are no trials.
    """
    x, n, xx, xn, nn, k = (np.asarray(value, dtype=np.float64) for value in (x, n, xx, xn, nn, k))
    k = even_persons(n, nn, k)
    most = n if independent is None else np.asarray(independent, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = x / n
        spread = k / (k - 1) * np.maximum(0, xx - 2 * p * xn + p * p * nn) / (n * n)
        found = np.minimum(most, p * (1 - p) / spread)  # no spread at all: infinite, so `most`
        found = np.where((x <= 0) | (x >= n), np.minimum(most, k), found)
        return np.where((k >= LEAST_EVEN - SLACK) & (n > 0), found, np.nan)


def t_quantile(k: ArrayLike, level: float = 0.95) -> Array:
    """Student's two-sided quantile on k − 1 degrees of freedom, for a variance that was estimated from k persons.

    Parameters
    ----------
    k : array_like
        Persons, or how many with equally many faces they are worth.
    level : float
        In (0, 1).

    Returns
    -------
    ndarray
        NaN below two persons.
    """
    k = np.asarray(k, dtype=np.float64)
    return np.where(k >= 2 - SLACK, stdtrit(np.maximum(k - 1, 1), 1 - tail_of(level)), np.nan)


def of_persons(
    x: ArrayLike,
    n: ArrayLike,
    xx: ArrayLike,
    xn: ArrayLike,
    nn: ArrayLike,
    k: ArrayLike,
    *,
    level: float = 0.95,
    independent: ArrayLike | None = None,
) -> tuple[Array, Array, Array]:
    """Interval of a rate over faces of persons: Wilson's on the effective number, with t on `even_persons` less one.

    Rao and Scott (Biometrics 48, 1992, 577–585) divide counts by the design effect; the t quantile is that of Korn and
    Graubard (1998), for a variance that few persons tell little of.

    Parameters
    ----------
    x, n, xx, xn, nn, k, independent : array_like
        As of `effective`.
    level : float
        In (0, 1).

    Returns
    -------
    low, high : ndarray
        NaN under `TOO_FEW` persons, and where they are worth fewer than `LEAST_EVEN`.
    effective : ndarray
        What they rest on; NaN where they are worth fewer than `LEAST_EVEN`.
    """
    worth = effective(x, n, xx, xn, nn, k, independent=independent)
    few = np.asarray(k) < TOO_FEW
    with np.errstate(invalid="ignore", divide="ignore"):
        p = np.asarray(x, dtype=np.float64) / np.asarray(n, dtype=np.float64)
    usable = np.where(np.isnan(worth) | few, 0.0, worth)  # no trials: NaN bounds
    low, high = wilson(np.nan_to_num(p) * usable, usable, quantile=t_quantile(even_persons(n, nn, k), level))
    return low, high, worth
