"""Intervals that the audit does not use, to be compared with those that it does."""

from __future__ import annotations

import numpy as np
from benchmarks.coverage.cell import LEVEL, Array, Bounds, Z
from numpy.typing import NDArray
from scipy.special import betaincinv
from scipy.stats import binom

TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
HALVINGS = 60


def wald(x: Array, n: Array) -> Bounds:
    """The rate and 1.96 of its estimated standard errors on either side."""
    p = x / n
    half = Z * np.sqrt(p * (1 - p) / n)
    return p - half, p + half


def bootstrap(x: Array, n: Array) -> Bounds:
    """What the percentile interval of resampled rows tends to with ever more replicates."""
    return binom.ppf(TAILS[0], n, x / n) / n, binom.ppf(TAILS[1], n, x / n) / n


def jeffreys(x: Array, n: Array, level: float = LEVEL) -> Bounds:
    """Equal-tailed interval of the posterior under Beta(½, ½); no bound passes the share that was seen.

    Brown, Cai and DasGupta, Statist. Sci. 16, 2001, 101–133.
    """
    low, high = (betaincinv(x + 0.5, n - x + 0.5, tail) for tail in ((1 - level) / 2, (1 + level) / 2))
    return np.minimum(low, x / n), np.maximum(high, x / n)


def clopper_pearson(x: Array, n: Array, level: float = LEVEL) -> Bounds:
    """The exact interval, which holds the truth at least as often as it says (Biometrika 26, 1934, 404–413)."""
    x, n = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(n, dtype=float))
    # No hit or nothing but hits has the share itself for a bound; the other argument only keeps the function quiet.
    low = betaincinv(np.where(x > 0, x, 1), n - x + 1, (1 - level) / 2)
    high = betaincinv(x + 1, np.where(x < n, n - x, 1), (1 + level) / 2)
    return np.where(x > 0, low, 0.0), np.where(x < n, high, 1.0)


def bonferroni(level: float, k: int) -> float:
    """The level of each of k intervals, however they depend on each other (Goodman, Technometrics 7, 1965, 247–254)."""
    return 1 - (1 - level) / k


def agresti_coull(x: Array, n: Array) -> Bounds:
    """Wald's after z² / 2 hits and as many misses (Am. Stat. 52, 1998, 119–126)."""
    return wald(x + Z * Z / 2, n + Z * Z)


def wald_difference(x1: Array, n1: float, x2: Array, n2: float) -> Bounds:
    """The difference and 1.96 of its estimated standard errors on either side."""
    p1, p2 = x1 / n1, x2 / n2
    half = Z * np.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    return p1 - p2 - half, p1 - p2 + half


def agresti_caffo(x1: Array, n1: float, x2: Array, n2: float) -> Bounds:
    """Wald's after one hit and one miss in each group (Am. Stat. 54, 2000, 280–288)."""
    return wald_difference(x1 + 1, n1 + 2, x2 + 1, n2 + 2)


def katz(x1: Array, n1: float, x2: Array, n2: float, add: float = 0.0) -> Bounds:
    """Wald's on the logarithm of the ratio (Katz et al., Biometrics 34, 1978, 469–474); NaN where a count is 0."""
    a, b, n, m = x1 + add, x2 + add, n1 + add, n2 + add
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = np.log(a / n) - np.log(b / m)
        half = Z * np.sqrt(1 / a - 1 / n + 1 / b - 1 / m)
        known = (a > 0) & (b > 0)
        return np.where(known, np.exp(middle - half), np.nan), np.where(known, np.exp(middle + half), np.nan)


def log_half(x1: Array, n1: float, x2: Array, n2: float) -> Bounds:
    """Katz's after half a hit and half a face in each group (Gart and Nam, Biometrics 44, 1988, 323–338)."""
    return katz(x1, n1, x2, n2, add=0.5)


def koopman(x1: Array, n1: float, x2: Array, n2: float) -> Bounds:
    """The ratios that a score test does not reject (Biometrics 40, 1984, 513–517), by bisection on the logarithm."""
    x1, x2 = np.broadcast_arrays(np.asarray(x1, dtype=float), np.asarray(x2, dtype=float))

    def rejected(log_ratio: Array) -> NDArray[np.bool_]:
        ratio = np.exp(log_ratio)
        # The most likely rates among those with this ratio.
        a, b, c = (n1 + n2) * ratio, -(n1 * ratio + x1 + n2 + x2 * ratio), x1 + x2
        p2 = (-b - np.sqrt(np.maximum(0, b * b - 4 * a * c))) / (2 * a)
        p1 = ratio * p2
        with np.errstate(divide="ignore", invalid="ignore"):
            score = (x1 - n1 * p1) ** 2 / (n1 * p1 * (1 - p1)) + (x2 - n2 * p2) ** 2 / (n2 * p2 * (1 - p2))
        return np.nan_to_num(score, nan=0.0) > Z * Z

    with np.errstate(divide="ignore", invalid="ignore"):
        seen = np.log(np.clip(x1 / n1, 1e-9, None)) - np.log(np.clip(x2 / n2, 1e-9, None))
    low, high = _crossed(rejected, seen, -30.0), _crossed(rejected, seen, 30.0)
    return np.where(x1 == 0, 0.0, np.exp(low)), np.where(x2 == 0, np.inf, np.exp(high))


def _crossed(rejected, inside: Array, end: float) -> Array:  # type: ignore[no-untyped-def]
    """Where rejection begins between the estimate and an end."""
    outside = np.full_like(inside, end)
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        beyond = rejected(middle)
        inside, outside = np.where(beyond, inside, middle), np.where(beyond, middle, outside)
    return inside


def bootstrap_of_two(x1: Array, n1: int, x2: Array, n2: int, *, ratio: bool) -> Bounds:
    """What the percentile interval of two resampled groups tends to; a ratio 0 / 0 is left out.

    Parameters
    ----------
    x1, x2 : ndarray, shapes (n1 + 1, 1) and (1, n2 + 1)
        All counts there are.
    """
    counts1, counts2 = np.arange(n1 + 1), np.arange(n2 + 1)
    first, second = counts1[:, None] / n1, counts2[None, :] / n2
    with np.errstate(divide="ignore", invalid="ignore"):
        values = (first / second if ratio else first - second).ravel()
    order = np.argsort(values)[: np.count_nonzero(~np.isnan(values))]
    mass1 = binom.pmf(counts1, n1, x1.reshape(-1, 1) / n1)
    mass2 = binom.pmf(counts2, n2, x2.reshape(-1, 1) / n2)
    low, high = np.empty((n1 + 1, n2 + 1)), np.empty((n1 + 1, n2 + 1))
    for i, one in enumerate(mass1):
        whole = (one[:, None] * mass2[:, None, :]).reshape(n2 + 1, -1)[:, order].cumsum(axis=1)
        for bound, tail in ((low, TAILS[0]), (high, TAILS[1])):
            reached = whole >= tail * whole[:, -1:] - 1e-12
            bound[i] = np.where(whole[:, -1] > 0, values[order][reached.argmax(axis=1)], np.nan)
    return low, high
