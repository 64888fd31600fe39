"""Global search in a box, some of whose axes are choices: several starts of SciPy's optimisers, ends kept.

Each start is a differential evolution whose population is evaluated at once, then L-BFGS-B from the best point with
the choices held, its gradient from differences that are evaluated at once too. Nothing proves that an end is the
global one: that starts agree is the evidence, and it is reported.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Objective = Callable[[Array], Array]
"""Values, to be made small, of points of shape (points, axes); NaN where there is no value."""

WORST = 1e9
"""Stands for no value, which nobody would call kind."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to search.

    Attributes
    ----------
    starts : int
        Independent starts.
    population, generations : int
        Points of a generation; most generations of a start.
    steps : int
        Most steps of the local search.
    """

    starts: int = 3
    population: int = 32
    generations: int = 6
    steps: int = 4

    @classmethod
    def of(cls, effort: int) -> Effort:
        """The usual effort times a whole number."""
        return cls(generations=6 * effort, steps=4 * effort)


@dataclass(frozen=True, eq=False)
class End:
    """Where a start ended.

    Attributes
    ----------
    point : ndarray, shape (axes,)
        The best point; choices are whole numbers.
    value : float
        Its value.
    settled : bool
        Whether the local search came to rest within its steps.
    evaluations : int
        Points evaluated on the way.
    """

    point: Array
    value: float
    settled: bool
    evaluations: int


def kindest(
    objective: Objective,
    choices: Sequence[int],
    stated: Array,
    effort: Effort,
    seed: int,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[End, ...]:
    """Search for the smallest value of a function in a box.

    Parameters
    ----------
    objective : callable
        What is made small.
    choices : sequence of int
        For each axis 0 if it runs from 0 to 1; else how many choices it has, numbered from 0.
    stated : ndarray, shape (axes,)
        A point from which is searched too.
    effort : Effort
        How hard to search.
    seed : int
        Seed of the starts.
    progress : callable, optional
        Called with the number of points evaluated, each time some were.

    Returns
    -------
    tuple of End
        One for each start, best first.
    """
    counted = _Counted(objective, progress)
    whole = np.asarray(choices) > 0
    # What all starts would find alike is found once. It is kept out of their populations, which it would draw to
    # where it lies, so that they would agree on that.
    near = _polished(counted, stated, whole, effort.steps)
    ends = [_start(counted, np.asarray(choices), near, effort, seed + i) for i in range(effort.starts)]
    return tuple(sorted(ends, key=lambda end: end.value))


def agree(ends: Sequence[End], scale: float) -> bool:
    """Whether the search is to be believed: the best start came to rest, and another ended within 2 % of `scale`."""
    best, *others = ends
    return best.settled and (not others or abs(others[0].value - best.value) <= 0.02 * scale)


class _Counted:
    """An objective with no gaps that counts what it is asked."""

    def __init__(self, objective: Objective, progress: Callable[[int], None]) -> None:
        self._objective, self._progress, self.count = objective, progress, 0

    def __call__(self, points: Array) -> Array:
        self.count += len(points)
        values = self._objective(points)
        self._progress(len(points))
        return np.where(np.isfinite(values), values, WORST)

    def transposed(self, points: Array, /) -> Any:
        """As SciPy asks: points in columns."""
        return self(np.atleast_2d(points.T))


def _start(objective: _Counted, choices: NDArray[np.intp], near: End, effort: Effort, seed: int) -> End:
    from scipy.optimize import Bounds, differential_evolution

    before = objective.count
    whole = choices > 0
    high = np.where(whole, choices - 1.0, 1.0)
    with warnings.catch_warnings():
        # It tells that few members make a small population, which is meant.
        warnings.simplefilter("ignore")
        found = differential_evolution(
            objective.transposed,
            Bounds(np.zeros(len(choices)), high),
            init=_population(high, whole, effort.population, seed),
            maxiter=effort.generations,
            integrality=whole,
            mutation=(0.4, 0.9),
            recombination=0.8,
            polish=False,
            vectorized=True,
            updating="deferred",
            rng=seed,
        )
    best = min(near, _polished(objective, np.asarray(found.x), whole, effort.steps), key=lambda end: end.value)
    # A choice that is better where the search ended: on from there.
    for _ in range(whole.sum()):
        others = _other_choices(best.point, choices)
        if not len(others):
            break
        values = objective(others)
        if not values.min() < best.value:
            break
        best = min(best, _polished(objective, others[values.argmin()], whole, effort.steps), key=lambda end: end.value)
    return replace(best, evaluations=objective.count - before)


def _other_choices(point: Array, choices: NDArray[np.intp]) -> Array:
    """A point with every other choice, one at a time: shape (points, axes)."""
    out = []
    for axis in np.flatnonzero(choices):
        for option in range(choices[axis]):
            if option != round(point[axis]):
                other = point.copy()
                other[axis] = option
                out.append(other)
    return np.array(out).reshape(-1, len(point))


def _population(high: Array, whole: NDArray[np.bool_], size: int, seed: int) -> Array:
    """Scrambled Sobol' points, pushed to the edges: what is kindest is most often an extreme."""
    from scipy.stats import qmc

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The balance properties of Sobol'")
        u = qmc.Sobol(len(high), rng=seed).random(max(size, 5))
    pushed = np.clip(1.5 * u - 0.25, 0, 1)
    # An even share of the population for each choice.
    return np.asarray(np.where(whole, np.minimum(np.floor(u * (high + 1)), high), pushed * high))


def _polished(objective: _Counted, point: Array, whole: NDArray[np.bool_], steps: int) -> End:
    """A local search over what is no choice; choices are tried one by one, before and after."""
    point = np.where(whole, np.round(point), np.clip(point, 0, 1))
    free = np.flatnonzero(~whole)
    if not len(free):
        return End(point, float(objective(point[None])[0]), settled=True, evaluations=0)
    from scipy.optimize import minimize

    def at(x: Array) -> Array:
        points = np.repeat(point[None], len(x), axis=0)
        points[:, free] = x
        return points

    def value_and_gradient(x: Array) -> tuple[float, Array]:
        # One-sided, and inwards, so that no point leaves the box.
        step = np.where(x > 0.5, -1e-4, 1e-4)
        values = objective(at(np.vstack([x, x + np.diag(step)])))
        return float(values[0]), (values[1:] - values[0]) / step

    found = minimize(
        value_and_gradient,
        point[free],
        jac=True,
        method="L-BFGS-B",
        bounds=[(0, 1)] * len(free),
        options={"maxiter": steps, "ftol": 1e-6},
    )
    # The corner that the last gradient points to, where one goes on in a straight line.
    corner = np.where(np.abs(found.jac) > 1e-9, np.where(found.jac > 0, 0.0, 1.0), found.x)
    candidates = at(np.vstack([found.x, corner]))
    values = objective(candidates)
    best = int(values.argmin())
    rested = bool(found.success) or best == 1 or _flat(found.x, np.asarray(found.jac), float(values[0]))
    return End(candidates[best], float(values[best]), rested, 0)


def _flat(x: Array, slope: Array, value: float) -> bool:
    """Whether no step inside the box promises more than a thousandth of the value."""
    room = np.where(slope > 0, x, 1 - x)
    return bool((np.abs(slope) * room).max() <= 1e-3 * max(abs(value), 1e-9))
