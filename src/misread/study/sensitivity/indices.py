"""Sobol' indices: what part of the finding's variance each input accounts for."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from misread.study.sensitivity.groups import Groups, salib
from misread.study.sensitivity.model import Array, Evaluate

START = 256
HALF_WIDTH = 0.05
BUDGET = 65_536
RESAMPLES = 200


@dataclass(frozen=True, slots=True)
class Index:
    """One input's part of the variance.

    Attributes
    ----------
    first, first_half : float
        What it accounts for by itself, and half of the 95 % bootstrap interval.
    total, total_half : float
        The same with all that it does together with others.
    """

    first: float
    first_half: float
    total: float
    total_half: float


@dataclass(frozen=True, slots=True)
class Indices:
    """Sobol' indices of all inputs.

    Attributes
    ----------
    of : tuple of Index
        One an input.
    base : int
        Points they rest on; each takes an evaluation for every input, and two more.
    evaluations : int
        How many these were.
    settled : bool
        Whether every half-width is under what was asked for; else the budget ended first.
    low, high : float
        The middle 95 % of the finding where all inputs are drawn.
    """

    of: tuple[Index, ...]
    base: int
    evaluations: int
    settled: bool
    low: float
    high: float

    @property
    def widest(self) -> float:
        """The widest half-width."""
        return max(h for i in self.of for h in (i.first_half, i.total_half))


def indices(
    evaluate: Evaluate,
    groups: Groups,
    seed: int,
    *,
    half_width: float = HALF_WIDTH,
    budget: int = BUDGET,
    planned: Callable[[int], None] = lambda _: None,
) -> Indices | None:
    """First-order and total indices (Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018), at scrambled Sobol' points.

    The points are doubled until every half-width is under `half_width`, or the next doubling would go over the
    budget. Points of the first half are the whole of the round before, so nothing is evaluated twice.

    Parameters
    ----------
    evaluate : callable
        Points of shape (N, dimensions) to values of shape (N,).
    groups : Groups
        Which dimensions are one input.
    seed : int
        Seed of the scrambling and of the bootstrap.
    half_width : float
        How wide the intervals may be.
    budget : int
        Most evaluations; of fewer than two base points nothing can be said, so at least those are taken.
    planned : callable
        Called with the evaluations of each round before they are made.

    Returns
    -------
    Indices or None
        None where the finding is the same at all points: there is no variance to divide.
    """
    if groups.count == 1:
        return _alone(evaluate, groups, seed, planned)
    each = groups.count + 2
    base = _first(budget // each)
    values: Array = np.empty(0)
    while True:
        planned(base * each - len(values))
        values = np.concatenate([values, evaluate(_points(groups, base, seed)[len(values) :])])
        if _still(values):
            return None
        found = _analysed(values, groups, base, seed, half_width)
        if found.settled or 2 * base * each > budget:
            return found
        base *= 2


def _alone(evaluate: Evaluate, groups: Groups, seed: int, planned: Callable[[int], None]) -> Indices | None:
    """A single input accounts for everything; SALib's estimators are for more."""
    from scipy.stats import qmc

    planned(START)
    values = evaluate(qmc.Sobol(len(groups.of), scramble=True, rng=seed).random(START))
    if _still(values):
        return None
    low, high = (float(q) for q in np.quantile(values, (0.025, 0.975)))
    return Indices((Index(1.0, 0.0, 1.0, 0.0),), START, START, True, low, high)


def _still(values: Array) -> bool:
    """Whether they are all the same, but for rounding."""
    return bool(np.ptp(values) <= 1e-12 * np.abs(values).max())


def _first(most: int) -> int:
    """How many base points to begin with: a power of two."""
    return min(START, 1 << max(most.bit_length() - 1, 1))


def _points(groups: Groups, base: int, seed: int) -> Array:
    points: Array = salib("sample.sobol").sample(
        groups.problem(), base, calc_second_order=False, scramble=True, seed=seed
    )
    return points


def _analysed(values: Array, groups: Groups, base: int, seed: int, half_width: float) -> Indices:
    with warnings.catch_warnings():
        # Resamples of so few points may all be alike; SALib then says 0, which the doubling outlives.
        warnings.filterwarnings("ignore", message="Constant values encountered")
        found = salib("analyze.sobol").analyze(
            groups.problem(),
            values,
            calc_second_order=False,
            num_resamples=RESAMPLES,
            # SALib takes 0 for no seed.
            seed=seed + 1,
        )
    columns = zip(*(found[k].tolist() for k in ("S1", "S1_conf", "ST", "ST_conf")), strict=True)
    by_input = dict(zip(groups.order(), (Index(*c) for c in columns), strict=True))
    of = tuple(by_input[i] for i in range(groups.count))
    settled = all(h < half_width for i in of for h in (i.first_half, i.total_half))
    each = groups.count + 2
    drawn = np.concatenate([values[::each], values[each - 1 :: each]])
    low, high = (float(q) for q in np.quantile(drawn, (0.025, 0.975)))
    return Indices(of, base, len(values), settled, low, high)
