"""What the evidence leaves open, as points: scrambled Sobol' draws from the profiles' posteriors."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from misread.errors import MisreadError
from misread.profile import Array, Profile

BLOCK = 1024
"""Dimensions are made in blocks of this size, so that cells laid out after others leave the others' points alone."""

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
            f"The profiles have {dimensions:,} uncertain cells; at most {qmc.Sobol.MAXDIM:,} can be drawn."
        )
    with warnings.catch_warnings():
        # A number of draws that is no power of two is less even, not wrong.
        warnings.filterwarnings("ignore", message="The balance properties of Sobol'")
        return np.asarray(qmc.Sobol(size, scramble=True, rng=seed).random(draws)[:, :dimensions])
