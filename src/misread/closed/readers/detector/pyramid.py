"""The sizes at which faces are looked for, and the picture at each, as OpenCV makes them.

Every function here takes arrays and is private: only `run` calls them, on what the product rendered.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from misread.closed.readers.detector.table import Setting

Bytes = NDArray[np.uint8]
Whole = NDArray[np.int64]

BITS = 8
"""Binary places of a weight where OpenCV makes a picture smaller with exact numbers."""


def _scales(shorter: int, window: int, setting: Setting) -> tuple[float, ...]:
    """By how much a picture, of whose sides the shorter is given, is made smaller; in single precision.

    Where no face is both as large as asked for and within the picture, OpenCV looks for the nearest size there is.
    """
    found: list[float] = []
    scale = 1.0
    while round(window * scale) <= shorter:
        found.append(float(np.float32(scale)))
        scale *= setting.scale
    large = tuple(s for s in found if round(window * s) >= setting.least)
    return large or tuple(sorted(found, key=lambda s: abs(round(window * s) - setting.least))[:1])


def _smaller(grey: Bytes, scale: float) -> Bytes:
    """OpenCV's `INTER_LINEAR_EXACT`: centres of pixels, no smoothing, weights of 8 places, rounded once."""
    height, width = (round(side / scale) for side in grey.shape)
    if (height, width) == grey.shape:
        return grey
    rows = _between(grey.astype(np.int64), height)
    both = _between(rows.T, width).T
    smaller: Bytes = (both + (1 << (2 * BITS - 1)) >> 2 * BITS).astype(np.uint8)
    return smaller


def _between(values: Whole, many: int) -> Whole:
    """So many new rows between the old ones, times 2 ** 8: of its two neighbours each takes a share of both."""
    old = len(values)
    at = np.clip((np.arange(many) + 0.5) * (1 / (many / old)) - 0.5, 0, old - 1)
    first = np.floor(at).astype(np.int64)
    share = np.rint((at - first) * (1 << BITS)).astype(np.int64)[:, None]
    between: Whole = (values[first] << BITS) + share * (values[np.minimum(first + 1, old - 1)] - values[first])
    return between


def _sums(grey: Bytes) -> tuple[Whole, Whole]:
    """Sums of all grey, and of its squares, above and to the left of each corner of a pixel."""
    whole = np.zeros((2, grey.shape[0] + 1, grey.shape[1] + 1), np.int64)
    np.cumsum(np.cumsum(grey, axis=0, dtype=np.int64), axis=1, out=whole[0, 1:, 1:])
    np.cumsum(np.cumsum(grey.astype(np.int64) ** 2, axis=0), axis=1, out=whole[1, 1:, 1:])
    return whole[0], whole[1]


def _levels(grey: Bytes, window: int, setting: Setting) -> Iterator[tuple[float, Whole, Whole]]:
    """Each scale with the sums of the picture at it."""
    for scale in _scales(min(grey.shape), window, setting):
        yield scale, *_sums(_smaller(grey, scale))
