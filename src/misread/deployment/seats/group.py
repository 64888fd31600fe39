"""Seats of like loss and dilution together: at most five views, each with a name that a person understands.

Seats at which no face is ever found are one view. The others are put in the order of what a look is worth at them,
(1 − lost)·(1 − dilution), and cut into as few runs as leave no seat further than `NEAR` from its view's mean, in lost
or in dilution; where that takes too many, into as many as may be. The cuts are those with the least sum of squared
distances from the means, found exactly by dynamic programming (Fisher 1958, J. Am. Stat. Assoc. 53, 789–798; there for
one number, here for two along one order). The same seats always give the same views.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model.camera import View
from misread.deployment.seats.plan import Plan
from misread.deployment.seats.project import Array

MOST = 5
"""Views that a deployment gets at most."""
NEAR = 0.02
"""How far lost and dilution of a seat may be from its view's, where the number of views allows it."""
DIGITS = 9
"""Seats that agree in so many digits are alike: what differs further on is rounding."""
MOSTLY = 0.75
"""Share of a view's seats from which on they are called by where they are."""

Index = NDArray[np.intp]


def members(plan: Plan) -> tuple[Index, ...]:
    """The seats of each view.

    Parameters
    ----------
    plan : Plan
        All seats.

    Returns
    -------
    tuple of ndarray of int
        At most `MOST`: indices into the plan, from the seats that are seen best to those never seen.
    """
    unseen = plan.unseen
    seen = np.flatnonzero(~unseen)
    most = MOST - int(unseen.any())
    points: Array = np.round(np.stack([plan.lost[seen], plan.dilution[seen]], axis=-1), DIGITS).astype(np.float64)
    kinds, kind = np.unique(points, axis=0, return_inverse=True)
    weight = np.bincount(kind.ravel(), minlength=len(kinds)).astype(float)
    worth = (1 - kinds[:, 0]) * (1 - kinds[:, 1])
    order = np.argsort(-worth, kind="stable")
    found = [seen[np.isin(kind.ravel(), order[run])] for run in _runs(kinds[order], weight[order], most)]
    return (*found, np.flatnonzero(unseen)) if unseen.any() else tuple(found)


def _runs(points: Array, weight: Array, most: int) -> Sequence[slice]:
    """Runs of neighbours, as few as are near enough to their means, and at most `most`."""
    if not len(points):
        return ()
    cost = _costs(points, weight)
    runs: Sequence[slice] = ()
    for k in range(1, min(most, len(points)) + 1):
        runs = _cut(cost, k)
        spread = [np.abs(points[r] - np.average(points[r], axis=0, weights=weight[r])).max() for r in runs]
        if max(spread) <= NEAR:
            break
    return runs


def _costs(points: Array, weight: Array) -> Array:
    """Sum of squared distances from the mean of every run [i, j): shape (n + 1, n + 1)."""

    def up_to(values: Array) -> Array:
        return np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])

    total = up_to(weight)
    first = up_to(weight[:, None] * points)
    second = up_to(weight * np.sum(points**2, axis=1))
    mass = np.maximum(total[None] - total[:, None], 1e-300)
    moved = first[None] - first[:, None]
    return np.asarray(np.maximum(second[None] - second[:, None] - np.sum(moved**2, axis=-1) / mass, 0.0))


def _cut(cost: Array, k: int) -> Sequence[slice]:
    """The k runs with the least cost."""
    n = len(cost) - 1
    best = cost[0].copy()
    best[0] = np.inf
    came = []
    for _ in range(k - 1):
        # Column j: the last run is [i, j), all that is before it cost best[i].
        whole = np.where(np.arange(n + 1)[:, None] < np.arange(n + 1)[None], best[:, None] + cost, np.inf)
        came.append(whole.argmin(axis=0))
        best = whole.min(axis=0)
    ends = [n]
    for before in reversed(came):
        ends.append(int(before[ends[-1]]))
    bounds = [0, *reversed(ends)]
    return [slice(a, b) for a, b in pairwise(bounds)]


def views(plan: Plan, groups: Sequence[Index], names: Sequence[str]) -> tuple[View, ...]:
    """The views of groups of seats.

    Parameters
    ----------
    plan : Plan
        All seats.
    groups : sequence of ndarray of int
        The seats of each view.
    names : sequence of str
        A name for each.

    Returns
    -------
    tuple of View
        `lost` is the mean over a view's seats. `dilution` is the mean weighted by 1 − lost, since only a face that is
        found has a row to dilute: so a pupil on a seat drawn from the view gets each label with the same probability
        as on a seat drawn from the plan.
    """
    return tuple(_view(plan, seats, name) for seats, name in zip(groups, names, strict=True))


def _view(plan: Plan, seats: Index, name: str) -> View:
    found = 1 - plan.lost[seats]
    dilution = float(np.average(plan.dilution[seats], weights=found)) if found.any() else 0.0
    lost = float(np.mean(plan.lost[seats]))
    return View(name=name, share=len(seats) / len(plan.lost), lost=min(1.0, lost), dilution=min(1.0, dilution))


def named(plan: Plan, groups: Sequence[Index]) -> tuple[str, ...]:
    """Names of groups of seats by where most of them are, from the seats that are seen best."""
    names: list[str] = []
    for seats in groups:
        plain = "not seen" if plan.unseen[seats].all() else _where(plan, seats)
        names.append(next(name for name in _worse(plain) if name not in names))
    return tuple(names)


def _worse(name: str) -> Iterator[str]:
    yield name
    yield f"{name}, seen worse"
    yield f"{name}, seen worse still"
    yield f"{name}, seen badly"
    yield f"{name}, seen worst"


ROWS, SIDES = ("front", "middle", "back"), ("left side", "centre", "right side")


def _where(plan: Plan, seats: Index) -> str:
    rows, columns = int(plan.row.max()) + 1, int(plan.column.max()) + 1
    if len(seats) == rows * columns:
        return "all seats"
    # The pupils' own left and right.
    depth, along = _third(plan.row, rows), _third(plan.column, columns)
    mine = np.isin(np.arange(len(plan.row)), seats)
    # Bands of which at least half is in the view; rows by themselves if they hold it, else columns, else both.
    bands = [i for i in range(3) if (depth == i).any() and np.mean(mine[depth == i]) >= 0.5]
    sides = [i for i in range(3) if (along == i).any() and np.mean(mine[along == i]) >= 0.5]
    for i, j in ((bands, []), ([], sides), (bands, sides)):
        if np.mean((np.isin(depth, i) | np.isin(along, j))[seats]) >= MOSTLY:
            words = [_rows(i, rows)] if i else []
            words += [_and([SIDES[k] for k in j])] if j else []
            return "most seats" if 3 in (len(i), len(j)) else " and ".join(words)
    return _scattered(depth[seats], along[seats], rows)


def _scattered(depth: Index, along: Index, rows: int) -> str:
    """Words for seats that fill no part of the room: the rows they are in, and the side if most are on one."""
    bands = [i for i in range(3) if np.mean(depth == i) >= 1 / 6]
    words = "seats here and there" if len(bands) == 3 else _rows(bands, rows)
    for side, name in zip(((0,), (2,), (1,)), ("left", "right", "centre"), strict=True):
        if np.mean(np.isin(along, side)) >= MOSTLY:
            return f"{words}, {name}"
    both = min(np.mean(along == 0), np.mean(along == 2)) >= (1 - MOSTLY) and np.mean(along == 1) <= 1 - MOSTLY
    return f"{words}, sides" if both else words


def _rows(bands: Sequence[int], rows: int) -> str:
    if rows == 1:
        return "the row"
    return f"{_and([ROWS[i] for i in bands])} row{'s' if rows > 3 or len(bands) > 1 else ''}"


def _and(words: Sequence[str]) -> str:
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} and {words[-1]}"


def _third(index: Index, of: int) -> Index:
    """Which third an index lies in, the outer ones of equal size: 0, 1 or 2; all in the middle where there is one."""
    if of == 1:
        return np.ones_like(index)
    outer = max(1, round(of / 3)) if of > 2 else 1
    return np.where(index < outer, 0, np.where(index >= of - outer, 2, 1))
