"""What readers answered to a grid of rendered heads: arrays that never leave the making of a card."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.closed.card.grid import CONDITIONS, POSES, Condition

Floats = NDArray[np.float64]
NOT_TAKEN = -1


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers by head, condition and pose.

    Attributes
    ----------
    heads : tuple of int
        Their seeds: the independent units.
    words : ndarray of int, shape (heads, conditions, poses, readers)
        Indices into `WORDS`; `NOT_TAKEN` for poses that are taken in the base condition alone.
    scores : ndarray, shape (heads, conditions, poses, networks, words)
        What each network gives each word, adding to 1; NaN where not taken.
    found : ndarray of bool, shape (heads, conditions, poses, detectors)
    poses : tuple of str
        The gated ones first.
    conditions : tuple of Condition
        The base first.
    """

    heads: tuple[int, ...]
    words: NDArray[np.int8]
    scores: Floats
    found: NDArray[np.bool_]
    poses: tuple[str, ...] = POSES
    conditions: tuple[Condition, ...] = CONDITIONS


def joined(parts: list[Answers]) -> Answers:
    """The answers of several runs over the same grid, one head after another."""
    first = parts[0]
    return Answers(
        heads=tuple(seed for part in parts for seed in part.heads),
        words=np.concatenate([part.words for part in parts]),
        scores=np.concatenate([part.scores for part in parts]),
        found=np.concatenate([part.found for part in parts]),
        poses=first.poses,
        conditions=first.conditions,
    )
