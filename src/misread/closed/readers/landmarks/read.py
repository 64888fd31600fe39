"""The reader: landmarks are located to about a pixel, measured, and named after the nearest face of the database.

It needs no weights and explains itself: what it said, and which faces it took this one to be like. It reads projected
landmarks of heads that the product made, and nothing else: there is no way in for a picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.closed.readers.landmarks.database import Database, word_of
from misread.closed.readers.landmarks.measures import LANDMARKS, Floats, _measured
from misread.closed.readers.landmarks.turn import TURNING, _turned
from misread.closed.readers.stimulus import Stimulus

SHOWN = 3
"""Nearest faces that are shown."""
LOCATED = 0.5
"""Standard deviation of a located landmark, in pixels, each way. Assumption, meant to be kind to the camera."""


POINTS = tuple(dict.fromkeys((*LANDMARKS, *TURNING)))
"""What is located of a face."""
_SHAPE, _TURN = ([POINTS.index(name) for name in names] for names in (LANDMARKS, TURNING))


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


def _read(
    stimulus: Stimulus, against: Database, *, leaving: int | None, noise: Floats, bearing: float = 0.0
) -> tuple[Reading, Floats, float]:
    """Read a rendered face from where its landmarks are located.

    Parameters
    ----------
    stimulus : Stimulus
        What the renderer made; no other points are read.
    against : Database
        What it is compared with.
    leaving : int or None
        A head that is left out of the database, because it is read.
    noise : ndarray, shape (points, 2)
        By how much each of `POINTS` is located beside its place, in pixels.
    bearing : float
        Degrees by which a face that is turned to the board is turned away from the camera.

    Returns
    -------
    Reading, ndarray of shape (points, 2), float
        What it makes of the face, where the points were located, and by how many degrees the face is taken to be turned
        away from the board.
    """
    # No points will do in its place, whatever they are of.
    if type(stimulus) is not Stimulus:
        raise TypeError("only what the product rendered is read")
    places = np.array([stimulus.landmarks[name] for name in POINTS]) + noise
    return _compared(places[_SHAPE], against, leaving), places, float(_turned(places[_TURN])) - bearing


def _compared(places: Floats, against: Database, leaving: int | None) -> Reading:
    """Faces named after the nearest in the database: shape (…, landmarks, 2) in pixels, by `LANDMARKS`.

    Raises
    ------
    ValueError
        If fewer faces are left to compare with than are shown.
    """
    kept = np.flatnonzero(against.seed != leaving) if leaving is not None else np.arange(len(against.seed))
    if len(kept) < SHOWN:
        raise ValueError(f"{len(kept)} faces are too few to compare with")
    values = _measured(places)
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
