"""Intervals for what lies between two groups, made from the intervals of each: so they never contradict one another."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def newcombe(
    p1: ArrayLike,
    low1: ArrayLike,
    high1: ArrayLike,
    p2: ArrayLike,
    low2: ArrayLike,
    high2: ArrayLike,
    *,
    correlation: ArrayLike = 0.0,
) -> tuple[Array, Array]:
    """Interval of the difference p1 − p2 of two groups.

    Newcombe's hybrid score interval (Stat. Med. 17, 1998, 873–890, method 10) where each group's bounds are Wilson's;
    with other bounds the same construction, the "method of variance estimates recovery", with a correlation that of
    Zou and Donner (Stat. Med. 27, 2008, 1693–1702).

    Parameters
    ----------
    p1, low1, high1, p2, low2, high2 : array_like
        Rates and the bounds of their intervals, of shapes that broadcast.
    correlation : array_like
        Of the two estimates, in [−1, 1]; 0 for groups of different persons.

    Returns
    -------
    low, high : ndarray
        In [−1, 1]; NaN where something given is.
    """
    a, la, ua, b, lb, ub, rho = _arrays(p1, low1, high1, p2, low2, high2, correlation)
    gap = a - b
    low = gap - _hypotenuse(a - la, ub - b, rho)
    high = gap + _hypotenuse(ua - a, b - lb, rho)
    return np.clip(low, -1, 1), np.clip(high, -1, 1)


def mover_ratio(
    p1: ArrayLike,
    low1: ArrayLike,
    high1: ArrayLike,
    p2: ArrayLike,
    low2: ArrayLike,
    high2: ArrayLike,
    *,
    correlation: ArrayLike = 0.0,
) -> tuple[Array, Array]:
    """Interval of the ratio p1 / p2 of two groups.

    MOVER-R (Donner and Zou, Stat. Methods Med. Res. 21, 2012, 347–359; Newcombe, same journal 25, 2016, 1774–1778): the
    ratios r at which the interval of p1 − r·p2 just holds 0.

    Parameters
    ----------
    p1, low1, high1, p2, low2, high2, correlation : array_like
        As of `newcombe`.

    Returns
    -------
    low, high : ndarray
        From 0; the upper bound is infinite where the lower bound of p2 is 0: nothing then says how large the ratio may
        be ("at least"). NaN where something given is.
    """
    a, la, ua, b, lb, ub, rho = _arrays(p1, low1, high1, p2, low2, high2, correlation)
    with np.errstate(invalid="ignore", divide="ignore"):
        # Roots of second·r² − 2·middle·r + first. The lower one is written as its conjugate: `second` may be 0 there.
        first, second = la * (2 * a - la), ub * (2 * b - ub)
        middle = a * b - rho * (a - la) * (ub - b)
        low = first / (middle + np.sqrt(np.maximum(0, middle * middle - first * second)))
        first, second = ua * (2 * a - ua), lb * (2 * b - lb)
        middle = a * b - rho * (ua - a) * (b - lb)
        high = (middle + np.sqrt(np.maximum(0, middle * middle - first * second))) / second
    known = ~np.isnan(la + ua + lb + ub + rho)
    low = np.where(la == 0, 0.0, low)
    high = np.where(lb == 0, np.inf, high)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _hypotenuse(one: Array, other: Array, correlation: Array) -> Array:
    return np.sqrt(np.maximum(0, one * one + other * other - 2 * correlation * one * other))


def _arrays(*values: ArrayLike) -> tuple[Array, ...]:
    return tuple(np.asarray(value, dtype=np.float64) for value in values)
