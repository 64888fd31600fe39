"""The interval of one proportion: of hits and a number of trials, which may be an effective number, a fraction."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Array = NDArray[np.float64]

SLACK = 1e-9
"""By how much of the trials hits may lie outside [0, trials]: sums of weights are rounded."""


def wilson(
    x: ArrayLike, n: ArrayLike, *, level: float = 0.95, quantile: ArrayLike | None = None
) -> tuple[Array, Array]:
    """Wilson's score interval (J. Am. Stat. Assoc. 22, 1927, 209–212).

    Parameters
    ----------
    x, n : array_like
        Hits and trials, of shapes that broadcast; fractions are allowed.
    level : float
        How often the interval shall hold the truth, in (0, 1).
    quantile : array_like, optional
        Takes the place of the normal quantile of `level`: Student's t where the variance was itself estimated. An
        infinite one gives [0, 1], NaN gives NaN.

    Returns
    -------
    low, high : ndarray
        In [0, 1]; NaN where there are no trials.

    Raises
    ------
    ValueError
        If hits are negative or more than trials, or `level` is not in (0, 1).
    """
    x, n = checked(x, n)
    z = np.asarray(z_of(level) if quantile is None else quantile, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        p, w = x / n, n / (z * z)  # in units of z²: stays defined where the quantile is infinite
        half = np.sqrt(p * (1 - p) * w + 0.25) / (w + 1)
        centre = (p * w + 0.5) / (w + 1)
    return _within(centre - half, centre + half, x, n)


def checked(x: ArrayLike, n: ArrayLike) -> tuple[Array, Array]:
    """Hits and trials as arrays of one shape, hits within [0, trials].

    Raises
    ------
    ValueError
        If they are not, by more than sums of weights are rounded.
    """
    hits, trials = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64))
    slack = SLACK * np.maximum(1, trials)
    if ((hits < -slack) | (hits > trials + slack)).any():
        raise ValueError("hits must be from 0 to the number of trials")
    return np.clip(hits, 0, trials), trials


def tail_of(level: float) -> float:
    """What is left out at each end.

    Raises
    ------
    ValueError
        If `level` is not in (0, 1).
    """
    if not 0 < level < 1:
        raise ValueError(f"level is {level}: it must be above 0 and below 1")
    return (1 - level) / 2


def z_of(level: float) -> float:
    """The two-sided normal quantile: 1.96 of 0.95."""
    return float(-ndtri(tail_of(level)))


def _within(low: ArrayLike, high: ArrayLike, x: Array, n: Array) -> tuple[Array, Array]:
    """Bounds in [0, 1] that hold the share that was seen; NaN where nothing was."""
    with np.errstate(invalid="ignore", divide="ignore"):
        p = x / n
    low, high = np.minimum(np.clip(low, 0, 1), p), np.maximum(np.clip(high, 0, 1), p)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)
