"""What is left open, as points: scrambled Sobol' draws from the profiles' posteriors and from stated ranges."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from misread.deployment.origin import Path
from misread.deployment.ranges import Range
from misread.engine.exact.sizes import LIMIT
from misread.errors import MisreadError, Problem
from misread.profile import Array, Profile

BLOCK = 1024
"""Dimensions are made in blocks of this size, so that cells laid out after others leave the others' points alone."""
AT_ONCE = 1024
"""Points made at once, in all dimensions, whether they are needed or not."""
COPIES = 4
"""Arrays as large as the points that stand side by side: points, their places in the rows, gammas, rows."""

Cell = tuple[str, ...]
"""What is uncertain: a cell (profile, expression, label) of a profile, or the name of a ranged number."""


def cells_of(profiles: Mapping[str, Profile], ranges: Sequence[Range] = ()) -> tuple[Cell, ...]:
    """All that is uncertain, one dimension each: cells of profiles sorted, then ranges sorted."""
    rows = {
        (p.name, x, y)
        for p in profiles.values()
        for x, uncertain, support in zip(p.expressions, p.uncertain, p.support, strict=True)
        if uncertain
        for y, possible in zip(p.labels, support, strict=True)
        if possible
    }
    return (*sorted(rows), *sorted((r.name,) for r in ranges))


@dataclass(frozen=True, eq=False)
class Draws:
    """Points of what is uncertain.

    Attributes
    ----------
    column : mapping of Cell to int
        Which column of `points` belongs to what.
    points : ndarray, shape (draws, cells)
        Uniform in (0, 1).
    """

    column: Mapping[Cell, int]
    points: Array

    def rows(self, profile: Profile, which: slice = slice(None)) -> Array:
        """Rows of a profile at some draws: shape (draws, expressions, labels)."""
        u = np.full((len(self.points[which]), len(profile.expressions), len(profile.labels)), 0.5)
        for i, x in enumerate(profile.expressions):
            for j, y in enumerate(profile.labels):
                if (profile.name, x, y) in self.column:
                    u[:, i, j] = self.points[which, self.column[profile.name, x, y]]
        return profile.draw(u)

    def values(self, ranges: Sequence[Range], draw: int) -> dict[Path, float]:
        """Ranged numbers at one draw, evenly over their ranges."""
        return {r.path: r.along(float(self.points[draw, self.column[(r.name,)]])) for r in ranges}


def drawn(layout: Sequence[Cell], draws: int, seed: int) -> Draws:
    """Scrambled Sobol' points.

    The same cell gets the same points in every deployment that is given the same `layout`, so that differences
    between deployments have intervals of their own.

    Parameters
    ----------
    layout : sequence of Cell
        What is uncertain.
    draws : int
        How many draws; a power of two is best.
    seed : int
        Seed of the scrambling.

    Raises
    ------
    MisreadError
        If there are more cells than dimensions, or the points take too much memory.
    """
    points = _sobol(len(layout), draws, seed) if layout and draws else np.empty((draws, len(layout)))
    return Draws({cell: i for i, cell in enumerate(layout)}, points)


def drawn_rows(profiles: Mapping[str, Profile], draws: Draws) -> dict[str, Array]:
    """Rows of every profile: as stated, then drawn. A profile that several groups use is drawn once.

    Returns
    -------
    dict of str to ndarray, shape (1 + draws, expressions, labels)
        Without draws, or any uncertainty, shape (1, …).
    """
    if not len(draws.points) or not any(p.uncertain.any() for p in profiles.values()):
        return {name: p.p[None] for name, p in profiles.items()}
    return {name: np.concatenate([p.p[None], draws.rows(p)]) for name, p in profiles.items()}


def _sobol(dimensions: int, draws: int, seed: int) -> Array:
    # It loads all of scipy.stats, most of a second that a run without draws does not need.
    from scipy.stats import qmc

    size = -(-dimensions // BLOCK) * BLOCK
    if size > qmc.Sobol.MAXDIM:
        raise MisreadError(
            Problem(
                f"{dimensions:,} numbers are uncertain: cells of profiles, and ranges.",
                expected=f"at most {qmc.Sobol.MAXDIM:,} that can be drawn.",
                mend="leave out `faces_per_row` or `units` where it matters least, or run without draws.",
            )
        )
    if (needed := COPIES * draws * dimensions * 8) > LIMIT:
        raise MisreadError(
            Problem(
                f"{draws:,} draws of {dimensions:,} cells need {needed / 2**30:,.1f} GiB.",
                expected=f"at most {LIMIT / 2**30:,.1f} GiB at a time.",
                mend="ask for fewer draws.",
            )
        )
    sequence = qmc.Sobol(size, scramble=True, rng=seed)
    points = np.empty((draws, dimensions))
    with warnings.catch_warnings():
        # A number of draws that is no power of two is less even, not wrong.
        warnings.filterwarnings("ignore", message="The balance properties of Sobol'")
        for first in range(0, draws, AT_ONCE):
            some = sequence.random(min(AT_ONCE, draws - first))
            points[first : first + len(some)] = some[:, :dimensions]
    return points
