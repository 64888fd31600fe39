"""What the evidence leaves open, as points: scrambled Sobol' draws from the profiles' posteriors."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from misread.engine.sizes import LIMIT
from misread.errors import MisreadError, Problem
from misread.profile import Array, Profile

BLOCK = 1024
"""Dimensions are made in blocks of this size, so that cells laid out after others leave the others' points alone."""
AT_ONCE = 1024
"""Points made at once, in all dimensions, whether they are needed or not."""
COPIES = 4
"""Arrays as large as the points that stand side by side: points, their places in the rows, gammas, rows."""

Row = tuple[str, str, str]


def rows_of(profiles: Iterable[Profile]) -> tuple[Row, ...]:
    """The uncertain cells (profile, expression, label), sorted: one dimension each."""
    return tuple(
        sorted(
            {
                (p.name, x, y)
                for p in profiles
                for x, uncertain, support in zip(p.expressions, p.uncertain, p.support, strict=True)
                if uncertain
                for y, possible in zip(p.labels, support, strict=True)
                if possible
            }
        )
    )


def drawn_rows(
    profiles: Mapping[str, Profile], draws: int, seed: int, layout: Sequence[Row] | None = None
) -> dict[str, Array]:
    """Rows of every profile: as stated, then drawn.

    A profile that several groups use is drawn once. The same cell gets the same points in every deployment
    that is given the same `layout`, so that differences between deployments have intervals of their own.

    Parameters
    ----------
    profiles : mapping of str to Profile
        The profiles.
    draws : int
        How many draws; a power of two is best.
    seed : int
        Seed of the scrambling.
    layout : sequence of (profile, expression, label), optional
        Which dimension belongs to which cell; by default `rows_of` the profiles.

    Returns
    -------
    dict of str to ndarray, shape (1 + draws, expressions, labels)
        Without any stated uncertainty, or without draws, shape (1, …).
    """
    stated = {name: p.p[None] for name, p in profiles.items()}
    layout = rows_of(profiles.values()) if layout is None else layout
    if not layout or not draws or not any(p.uncertain.any() for p in profiles.values()):
        return stated
    points = _sobol(len(layout), draws, seed)
    column = {cell: i for i, cell in enumerate(layout)}
    out = {}
    for name, p in profiles.items():
        u = np.full((draws, len(p.expressions), len(p.labels)), 0.5)
        for i, x in enumerate(p.expressions):
            for j, y in enumerate(p.labels):
                if (name, x, y) in column:
                    u[:, i, j] = points[:, column[name, x, y]]
        out[name] = np.concatenate([stated[name], p.draw(u)])
    return out


def _sobol(dimensions: int, draws: int, seed: int) -> Array:
    # It loads all of scipy.stats, most of a second that a run without draws does not need.
    from scipy.stats import qmc

    size = -(-dimensions // BLOCK) * BLOCK
    if size > qmc.Sobol.MAXDIM:
        raise MisreadError(
            Problem(
                f"The profiles have {dimensions:,} uncertain cells.",
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
