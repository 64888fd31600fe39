"""What the readers are given: a rendered face, its box and its landmarks. The renderer alone can make it."""

from __future__ import annotations

import numpy as np

from misread.closed.readers.stimulus import _MAKER, Stimulus, _made
from misread.closed.render.picture import Lit, Pixels, encoded

TIMES = 5.0
"""The side of what is handed over, in distances of the pupils: the face and the margin that networks take round it."""


def _stimulus_of(lit: Lit, number: int, times: float = TIMES, whole: Pixels | None = None) -> Stimulus | None:
    """The face of a sitter, by its place in the scene, as the camera has it; none where it is outside of the picture.

    The box is round the landmarks: brow to chin, jaw to jaw. What stands before the face stands before it here too.
    `whole` is the scene's whole picture where it has been drawn already: the face is then a window of it.
    """
    points = {name: (float(x), float(y)) for name, (x, y) in lit.points(number).items()}
    places = np.array(list(points.values()))
    if not np.isfinite(places).all():
        return None
    left, top, side = lit.window(number, times)
    low, high = np.floor(places.min(0)).astype(int), np.ceil(places.max(0)).astype(int)
    if (high <= (left, top)).any() or (low >= (left + side, top + side)).any():
        return None
    return _made(
        _MAKER,
        encoded(lit.linear(left, top, side, side)) if whole is None else _window(whole, left, top, side),
        (int(low[0]) - left, int(low[1]) - top, int(high[0] - low[0]), int(high[1] - low[1])),
        {name: (x - left, y - top) for name, (x, y) in points.items()},
    )


def _window(whole: Pixels, left: int, top: int, side: int) -> Pixels:
    return whole[top : top + side, left : left + side]
