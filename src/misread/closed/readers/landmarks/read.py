"""The reader: landmarks are located to about a pixel, measured, and named after the nearest face of the database.

It needs no weights and explains itself: what it said, and which faces it took this one to be like. It reads projected
landmarks of heads that the product made, and nothing else: there is no way in for a picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.closed.readers.landmarks.database import Database, word_of
from misread.closed.readers.landmarks.measures import Floats, measured

SHOWN = 3
"""Nearest faces that are shown."""
LOCATED = 0.5
"""Standard deviation of a located landmark, in pixels, each way. Assumption, meant to be kind to the camera."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What the reader makes of some faces.

    Attributes
    ----------
    words : ndarray of str, shape (…)
        The label.
    measures : ndarray, shape (…, 5)
        What it went by.
    nearest : ndarray of int, shape (…, 3)
        Faces of the database, the nearest first.
    distances : ndarray, shape (…, 3)
        How far away they are, in standard deviations of the database.
    """

    words: NDArray[np.str_]
    measures: Floats
    nearest: NDArray[np.intp]
    distances: Floats


def read(places: Floats, against: Database, *, leaving: int | None, noise: Floats | None = None) -> Reading:
    """Read faces from where their landmarks are in the picture.

    Parameters
    ----------
    places : ndarray, shape (…, landmarks, 2)
        In pixels; see `measured`.
    against : Database
        What they are compared with.
    leaving : int or None
        A head that is left out of the database, because it is read.
    noise : ndarray, shape (…, landmarks, 2), optional
        By how much each landmark is located beside its place, in pixels.

    Returns
    -------
    Reading

    Raises
    ------
    ValueError
        If fewer faces are left to compare with than are shown.
    """
    kept = np.flatnonzero(against.seed != leaving) if leaving is not None else np.arange(len(against.seed))
    if len(kept) < SHOWN:
        raise ValueError(f"{len(kept)} faces are too few to compare with")
    values = measured(places if noise is None else places + noise)
    apart = (values[..., None, :] - against.measures[kept]) / against.spread
    # A face of which nothing can be measured is as far from one as from another.
    far = np.nan_to_num(np.sqrt(np.sum(apart**2, axis=-1)), nan=np.inf)
    order = np.argsort(far, axis=-1, kind="stable")[..., :SHOWN]
    words = np.array([word_of(pose) for pose in against.pose])
    return Reading(
        words=words[kept[order[..., 0]]],
        measures=values,
        nearest=kept[order],
        distances=np.take_along_axis(far, order, axis=-1),
    )
