"""What JPEG loses of a picture: colour taken apart and thinned, blocks of waves, rounded by tables, and back.

After ITU-T T.81 (09/92), baseline, and JFIF 1.02 for the colours. In whole numbers as libjpeg reckons, so that the
result is the one that its users have, point for point (`tests/closed/card/test_jpeg.py`). The bytes of a file are not
made: packing them loses nothing.
Every function here takes arrays and is private.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Whole = NDArray[np.int64]

_LUMINANCE = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ]
)
"""T.81, table K.1: how coarsely brightness is kept, by waves down and across."""

_CHROMINANCE = np.full((8, 8), 99)
_CHROMINANCE[:4, :4] = [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]
"""T.81, table K.2: the same for colour."""

# JFIF 1.02 in 16 binary places: brightness, blue less it and red less it, of red, green and blue; and back.
_PLACES = 16
_TO_YCC = np.array([[19595, 38470, 7471], [-11059, -21709, 32768], [32768, -27439, -5329]])
_FROM_YCC = np.array([[0, 91881], [-22554, -46802], [116130, 0]])
_HALF = 1 << (_PLACES - 1)
# Brightness is rounded; the colours are too, but a half goes down.
_ROUND = np.array([_HALF, _HALF - 1, _HALF - 1])

# The waves of eight points, √2 · cos((2x + 1) k π / 16) in 13 binary places, of the first four points: even waves go on
# mirrored, odd ones with the other sign. Where a number is one off, it is so in libjpeg, which adds rounded parts of
# it (the method of Loeffler, Ligtenberg and Moschytz, 1989).
_EVEN = np.array([[8192, 8192, 8192, 8192], [10703, 4433, -4433, -10703], [8192, -8192, -8192, 8192],
                  [4433, -10704, 10704, -4433]])  # fmt: skip
_ODD = np.array([[11363, 9633, 6437, 2260], [9633, -2259, -11362, -6436], [6437, -11362, 2261, 9633],
                 [2260, -6436, 9633, -11363]])  # fmt: skip
_WAVES = np.empty((8, 8), np.int64)
_WAVES[0::2] = np.hstack([_EVEN, _EVEN[:, ::-1]])
_WAVES[1::2] = np.hstack([_ODD, -_ODD[:, ::-1]])
_WAVE_PLACES, _BETWEEN = 13, 2
"""Binary places of the waves, and those that are kept between the first direction and the second."""

BLOCK = 8
MIDDLE = 128


def _compressed(rgb: Bytes, quality: int) -> Bytes:
    """The picture after it has been kept as a JPEG, with colour at half the points across and down (4:2:0).

    Parameters
    ----------
    rgb : ndarray of uint8, shape (height, width, 3)
    quality : int
        1 to 100, as libjpeg has it.

    Raises
    ------
    ValueError
        If there is no such quality.
    """
    if not 1 <= quality <= 100:
        raise ValueError(f"expected a quality from 1 to 100, got {quality}")
    height, width = rgb.shape[:2]
    # What fills up the last block across is the last point again; down, it is the last row of what is kept.
    wide = np.pad(rgb.astype(np.int64), ((0, height % 2), (0, -width % (2 * BLOCK)), (0, 0)), mode="edge")
    bright, *colours = np.moveaxis((wide @ _TO_YCC.T + _ROUND >> _PLACES) + (0, MIDDLE, MIDDLE), -1, 0)
    bright = _kept(bright, _table(_LUMINANCE, quality))[:height, :width]
    table = _table(_CHROMINANCE, quality)
    half = (height + 1) // 2, (width + 1) // 2
    blue, red = (_doubled(_kept(_halved(part), table)[: half[0], : half[1]])[:height, :width] for part in colours)
    added = np.stack([blue, red], axis=-1) - MIDDLE
    back = bright[..., None] + (added @ _FROM_YCC.T + _HALF >> _PLACES)
    compressed: Bytes = np.clip(back, 0, 255).astype(np.uint8)
    return compressed


def _table(base: Whole, quality: int) -> Whole:
    """A table of steps for a quality: as it stands at 50, none at 100, and no step above 255 (libjpeg)."""
    per_cent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return np.clip((base * per_cent + 50) // 100, 1, 255)


def _kept(part: Whole, table: Whole) -> Whole:
    """Brightness or one colour after its waves were rounded to the table's steps; a last block down is filled up."""
    full = np.pad(part, ((0, -len(part) % BLOCK), (0, 0)), mode="edge")
    high, wide = full.shape
    blocks = full.reshape(high // BLOCK, BLOCK, wide // BLOCK, BLOCK).swapaxes(1, 2) - MIDDLE
    waves = _shifted(blocks @ _WAVES.T, _WAVE_PLACES - _BETWEEN)
    # Waves come out eight times as large, and so are the steps that they are rounded to: halves away from nought.
    waves = _shifted(_WAVES @ waves, _WAVE_PLACES + _BETWEEN)
    steps = np.sign(waves) * ((np.abs(waves) + 4 * table) // (8 * table))
    back = _shifted(_WAVES.T @ (steps * table), _WAVE_PLACES - _BETWEEN)
    back = _shifted(back @ _WAVES, _WAVE_PLACES + _BETWEEN + 3) + MIDDLE
    return np.clip(back.swapaxes(1, 2).reshape(high, wide), 0, 255)[: len(part)]


def _shifted(values: Whole, places: int) -> Whole:
    """Without the last binary places, rounded."""
    return values + (1 << (places - 1)) >> places


def _halved(part: Whole) -> Whole:
    """The mean of every two by two points, whose halves go down and up by turns along a row."""
    total = part[::2, ::2] + part[1::2, ::2] + part[::2, 1::2] + part[1::2, 1::2]
    return total + 1 + np.arange(total.shape[1]) % 2 >> 2


def _doubled(part: Whole) -> Whole:
    """Twice as many points each way: each is three parts of the nearest and one of the next, down and across.

    One or two columns are only repeated, and so are their rows (libjpeg).
    """
    if part.shape[1] <= 2:
        return part.repeat(2, axis=0).repeat(2, axis=1)
    down = _between(part)
    across = _between(down.T).T
    return across + np.where(np.arange(across.shape[1]) % 2, 7, 8) >> 4


def _between(rows: Whole) -> Whole:
    """Twice as many rows, four times as large."""
    near = np.pad(rows, ((1, 1), (0, 0)), mode="edge")
    both = np.stack([3 * rows + near[:-2], 3 * rows + near[2:]], axis=1)
    return both.reshape(2 * rows.shape[0], rows.shape[1])
