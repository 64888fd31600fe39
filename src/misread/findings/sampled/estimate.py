"""Estimates from rows of sums, with standard errors clustered by school.

Schools are drawn independently of each other, pupils of one school are not: they share classes and rankings. What is
estimated is a function of sums over schools; its standard error comes from how the schools' own sums lie about it
(Taylor linearisation: Särndal, Swensson & Wretman 1992, §5.5), or from leaving out schools (the jackknife).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.interpolate import PchipInterpolator

from misread.findings.sampled.layout import Floats, Ints

ONE_SCHOOL = "one school makes no standard error"
ALIKE = "all schools sampled came out alike, which does not tell how far chance goes"
NEVER = "its condition never occurred among the pupils sampled"
WIDE = 1.96
"""Standard errors to each side of a 95 % interval."""
MOST_GROUPS = 200
"""Groups of schools that the jackknife leaves out, one after the other."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its standard error.

    Attributes
    ----------
    value, se : float or None
        None where there is none.
    why : str
        Why there is no value, or no standard error; how the latter was got, where not by linearisation.
    pull : ndarray, shape (clusters,), or None
        To first order, what each school (or group of schools) adds to the value's error. Estimates from the same
        schools are held against each other by their pulls.
    """

    value: float | None
    se: float | None = None
    why: str = ""
    pull: Floats | None = field(default=None, compare=False, repr=False)


def linearised(value: float, pull: Floats) -> Estimate:
    """A value with the standard error that the schools' pulls on it make.

    Parameters
    ----------
    value : float
        The estimate.
    pull : ndarray, shape (schools,)
        To first order, what each school adds to the estimate's error; they add to 0.
    """
    schools = len(pull)
    if schools < 2:
        return Estimate(value, why=ONE_SCHOOL, pull=pull)
    if np.abs(pull).max() <= 1e-12 * abs(value) / schools:
        return Estimate(value, why=ALIKE, pull=np.zeros(schools))
    return Estimate(value, _spread(pull), pull=pull)


def difference(first: Estimate, other: Estimate) -> Estimate:
    """The other value less the first, both estimated from the same schools in the same order.

    What the two have in common cancels school by school: the standard error is that of the differences of the
    schools' pulls, which is the linearised one of a difference of estimates.
    """
    if first.value is None or other.value is None:
        return Estimate(None, why=first.why if first.value is None else other.why)
    value = other.value - first.value
    if first.pull is None or other.pull is None:
        return Estimate(value, why=first.why if first.pull is None else other.why)
    pull = other.pull - first.pull
    if first.se is None and other.se is None:
        return Estimate(value, why=other.why, pull=pull)
    if not pull.any():
        return Estimate(value, 0.0, "it is the same in every school sampled", pull)
    return Estimate(value, _spread(pull), first.why if first.why == other.why else "", pull)


def _spread(pull: Floats) -> float:
    clusters = len(pull)
    return math.sqrt(clusters / (clusters - 1) * float((pull**2).sum()))


def ratio(numerator: Floats, denominator: Floats, times: float = 1.0) -> Estimate:
    """A quotient of sums over schools, `times` a constant.

    Parameters
    ----------
    numerator, denominator : ndarray, shape (schools,)
        Each school's part of the two sums.
    """
    below = float(denominator.sum())
    if not below > 0:
        return Estimate(None, why=NEVER)
    quotient = float(numerator.sum()) / below
    return linearised(times * quotient, times * (numerator - quotient * denominator) / below)


def quotient_of_ratios(a: Floats, b: Floats, c: Floats, d: Floats) -> Estimate:
    """(a / b) / (c / d), each a sum over schools; arguments as in `ratio`."""
    A, B, C, D = (float(x.sum()) for x in (a, b, c, d))
    if not (B > 0 and C > 0 and D > 0):
        return Estimate(None, why=NEVER)
    value = A * D / (B * C)
    return linearised(value, a * (D / (B * C)) + value * (d / D - b / B - c / C))


def lots(chosen: Floats, pupils: Floats) -> Estimate:
    """2s(1 − s), with s the share chosen; arguments as in `ratio`."""
    s = ratio(chosen, pupils)
    if s.value is None:
        return s
    value, slope = 2 * s.value * (1 - s.value), 2 * (1 - 2 * s.value)
    pull = None if s.pull is None else slope * s.pull
    return replace(s, value=value, se=None if s.se is None else abs(slope) * s.se, pull=pull)


def quantile(counted: Floats, low: Ints, q: float) -> Estimate:
    """The smallest n with P(N ≤ n) ≥ q − 1e-12.

    Parameters
    ----------
    counted : ndarray, shape (schools, bins)
        Pupils of each school by bin of N.
    low : ndarray of int, shape (bins,)
        The least N of each bin. Within a bin of several N the distribution is taken to run smoothly (PCHIP).
    q : float
        From 0 to 1.

    Returns
    -------
    Estimate
        The standard error is that of P(N ≤ n) divided by the density about n: `WIDE` of the former to each side of q
        lies Woodruff's interval (1952), and the standard error is a `WIDE`-th of half its width.
    """
    pooled = counted.sum(axis=0)
    pupils = float(pooled.sum())
    if not pupils > 0:
        return Estimate(None, why=NEVER)
    below = np.cumsum(pooled)
    high = np.append(low[1:] - 1, low[-1])
    place = int(np.searchsorted(below, (q - 1e-12) * pupils))
    value = float(_within(below / pupils, low, high, place, q))
    share = ratio(counted[:, : place + 1].sum(axis=1), counted.sum(axis=1))
    if share.se is None:
        return Estimate(value, why=share.why)
    if not WIDE * share.se < min(q, 1 - q):
        return Estimate(value, why="too few schools were sampled to tell how far the quantile may be off")
    # One point before the first bin: a count n stands for everything above n − 1.
    smooth, at = np.append(0.0, below / pupils), np.append(-1.0, high)
    ends = np.interp([q - WIDE * share.se, q + WIDE * share.se], smooth, at)
    se = float(ends[1] - ends[0]) / (2 * WIDE)
    # Where more lie up to n, the quantile is lower.
    pull = None if share.pull is None else -share.pull * (se / share.se)
    return Estimate(value, se, "from the share up to it and the density about it", pull)


def _within(share: Floats, low: Ints, high: Ints, place: int, q: float) -> int:
    """The quantile within a bin, from the shares up to the ends of the bins about it."""
    if high[place] == low[place]:
        return int(low[place])
    near = slice(place - 3, place + 3)
    counts = np.arange(low[place], high[place] + 1)
    reached = PchipInterpolator(high[near], share[near])(counts) >= q - 1e-12
    return int(counts[np.argmax(reached)]) if reached.any() else int(high[place])


def jackknife(matrix: Floats, of: Callable[[Floats], Floats], why: str) -> list[Estimate]:
    """Functions of sums over schools, with the standard errors that leaving out schools makes.

    Parameters
    ----------
    matrix : ndarray, shape (schools, columns)
        Each school's sums. More than `MOST_GROUPS` schools are left out in as many groups.
    of : callable
        From sums (…, columns) to values (…, estimates); NaN where there is none.
    why : str
        Why there is no value, where there is none.
    """
    total = matrix.sum(axis=0)
    values = of(total)
    groups = min(len(matrix), MOST_GROUPS)
    if groups < 2:
        return [Estimate(float(v), why=ONE_SCHOOL) if np.isfinite(v) else Estimate(None, why=why) for v in values]
    without = of(total - np.stack([matrix[i::groups].sum(axis=0) for i in range(groups)]))
    # Scaled so that `_spread` gives √((g − 1)/g · Σ (without − mean)²).
    pulls = (groups - 1) / groups * (without.mean(axis=0) - without)
    return [_left_out(float(v), pull, why) for v, pull in zip(values, pulls.T, strict=True)]


def _left_out(value: float, pull: Floats, why: str) -> Estimate:
    if not math.isfinite(value):
        return Estimate(None, why=why)
    if not np.isfinite(pull).all():
        return Estimate(value, why="without some school there would be no value")
    return Estimate(value, _spread(pull), "jackknife", pull)
