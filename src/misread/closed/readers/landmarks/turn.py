"""Which way a face is turned, from landmarks: how far the tip of the nose stands beside the line down the face."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from misread.closed.heads import SEEDS, points
from misread.closed.readers.landmarks.database import ADULT
from misread.closed.readers.landmarks.measures import Floats

ENDS = tuple(f"{side} eye {end} corner" for side in ("left", "right") for end in ("inner", "outer"))
TURNING = (*ENDS, "nose tip", "upper lip top", "lower lip bottom")
"""The landmarks that it goes by, in the order of the axis of `_turned`."""

AWAY = 20.0
"""From so many degrees off the board on a face is said to look away. Assumption: about half of a window's direction."""


def _turned(places: Floats) -> Floats:
    """Degrees by which faces are turned from the camera, to their own left, as far as landmarks tell.

    Parameters
    ----------
    places : ndarray, shape (…, 7, 2)
        Columns and rows of the picture, rows downwards, in any unit; by `TURNING`.

    Returns
    -------
    ndarray, shape (…)
        arctan(a / p). With distances at right angles to the line from between the eyes to the middle of the lips, a is
        how far the tip of the nose lies beside that line, in distances between the eyes: the one goes as sin(yaw), the
        other as cos(yaw), however the head leans. p is how far the tip stands before that line, in the same unit: the
        database's mean. From a camera 15 degrees above the face it reads 46 of 50 degrees, from 30 degrees above 43.
        NaN where the line has no length.
    """
    places = np.asarray(places, dtype=float)
    left, right = places[..., 0:2, :].mean(axis=-2), places[..., 2:4, :].mean(axis=-2)
    between, nose, lips = (left + right) / 2, places[..., 4, :], places[..., 5:7, :].mean(axis=-2)
    down = lips - between
    beside = np.stack([down[..., 1], -down[..., 0]], axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        aside = np.sum((nose - between) * beside, axis=-1) / np.sum((left - right) * beside, axis=-1)
    return np.asarray(np.degrees(np.arctan(aside / _before())))


@lru_cache(maxsize=1)
def _before() -> float:
    """How far the tip of the nose stands before the line from the eyes to the lips: mean of the database."""
    return float(np.mean([_of_face(points(seed, ADULT)) for seed in SEEDS]))


def _of_face(face: Mapping[str, Floats]) -> float:
    left, right = ((face[inner] + face[outer]) / 2 for inner, outer in (ENDS[:2], ENDS[2:]))
    between, lips = (left + right) / 2, (face["upper lip top"] + face["lower lip bottom"]) / 2
    down, nose = lips - between, face["nose tip"] - between
    part = nose[1] / down[1]
    return float((nose - part * down)[2] / np.linalg.norm(left - right))
