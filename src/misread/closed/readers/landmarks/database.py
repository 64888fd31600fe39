"""The database that a landmark reader compares with: measures of other heads' poses, each with its word.

The press report says that landmarks are compared with databases of faces, each tied to a feeling. Such databases hold
posed faces, seen from the front; this one holds poses of heads of nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from misread.closed.heads import EXPRESSIONS, SEEDS, expression, points
from misread.closed.readers.landmarks.measures import LANDMARKS, Floats, _measured

ADULT = 25.0
"""Age of the database's heads: published databases hold adults for the most part. Assumption."""


@dataclass(frozen=True, eq=False)
class Database:
    """Faces to compare with.

    Attributes
    ----------
    seed : ndarray of int, shape (faces,)
        Whose face it is.
    pose : tuple of str
        What each poses.
    measures : ndarray, shape (faces, 5)
        See `_measured`.
    spread : ndarray, shape (5,)
        Standard deviation of each measure over all faces: by that much two faces differ where they differ by one.
    """

    seed: NDArray[np.int64]
    pose: tuple[str, ...]
    measures: Floats
    spread: Floats


def word_of(pose: str) -> str:
    """The label that a pose's faces are filed under: one word for both kinds of anger."""
    return pose.partition(",")[0]


def front(seed: int, age: float, pose: str) -> Floats:
    """Landmarks of a posed head seen from the front, far away: shape (landmarks, 2), metres, downwards."""
    found = points(seed, age, expression(pose))
    return np.array([(found[name][0], -found[name][1]) for name in LANDMARKS])


def database(seeds: Iterable[int] = SEEDS, age: float = ADULT) -> Database:
    """Every pose of some heads.

    Parameters
    ----------
    seeds : iterable of int
        Whose heads.
    age : float
        Years, of all of them.
    """
    return _database(tuple(seeds), age)


@lru_cache(maxsize=4)
def _database(seeds: tuple[int, ...], age: float) -> Database:
    faces = [(seed, pose) for seed in seeds for pose in EXPRESSIONS]
    values = _measured(np.array([front(seed, age, pose) for seed, pose in faces]))
    return Database(
        seed=np.array([seed for seed, _pose in faces], dtype=np.int64),
        pose=tuple(pose for _seed, pose in faces),
        measures=values,
        spread=values.std(axis=0),
    )
