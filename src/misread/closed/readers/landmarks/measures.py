"""What a landmark reader goes by: five lengths of a face in the picture, in distances between the eyes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MEASURES = ("brow height", "brow distance", "lip corner lift", "mouth opening", "eye opening")
"""In the order of the last axis of `_measured`."""

_PAIRED = (
    "brow inner",
    "brow middle",
    "upper lid",
    "lower lid",
    "eye inner corner",
    "eye outer corner",
    "mouth corner",
)
_SINGLE = ("upper lip top", "upper lip edge", "lower lip edge", "lower lip bottom")
LANDMARKS = (*(f"{side} {name}" for name in _PAIRED for side in ("left", "right")), *_SINGLE)
"""The landmarks that are located, in the order of the axis of `_measured`; left is the face's own."""
_AT = {name: i for i, name in enumerate(LANDMARKS)}


def _measured(places: Floats) -> Floats:
    """Measures of faces from where their landmarks are in the picture.

    A head that leans to a side is set upright first: heights are at right angles to the line between the eyes. A head
    that turns away is not: its eyes come closer to one another in the picture, so that every height grows. That is
    what happens to a reader that knows the picture alone.

    Parameters
    ----------
    places : ndarray, shape (…, landmarks, 2)
        Columns and rows of the picture, rows downwards, in any unit; by `LANDMARKS`.

    Returns
    -------
    ndarray, shape (…, 5)
        By `MEASURES`, in distances between the middles of the eyes. The brows' height is that of their middles above
        the eyes', their distance that of their inner ends; lip corners are lifted as far as they are above the middle
        of the lips; openings are those between the lips' and the lids' edges. NaN where both eyes are at one place.
    """
    places = np.asarray(places, dtype=float)

    def at(name: str) -> Floats:
        return np.asarray(places[..., _AT[name], :])

    def both(name: str) -> Floats:
        return (at(f"left {name}") + at(f"right {name}")) / 2

    left, right = ((at(f"{side} eye inner corner") + at(f"{side} eye outer corner")) / 2 for side in ("left", "right"))
    apart = np.linalg.norm(left - right, axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        across = (left - right) / apart[..., None]
        # Down the face: at right angles to the line between the eyes, to the side of the mouth.
        down = np.stack([-across[..., 1], across[..., 0]], axis=-1)
        towards = np.sum(down * (both("mouth corner") - (left + right) / 2), axis=-1, keepdims=True)
        down = np.where(towards < 0, -down, down)

        def below(low: Floats, high: Floats) -> Floats:
            return np.asarray(np.sum((low - high) * down, axis=-1) / apart)

        lips = (at("upper lip top") + at("lower lip bottom")) / 2
        inner = np.sum((at("left brow inner") - at("right brow inner")) * across, axis=-1) / apart
        return np.stack(
            [
                below((left + right) / 2, both("brow middle")),
                inner,
                below(lips, both("mouth corner")),
                below(at("lower lip edge"), at("upper lip edge")),
                below(both("lower lid"), both("upper lid")),
            ],
            axis=-1,
        )
