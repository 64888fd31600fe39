"""Resizing as each package's own library does it, in NumPy: what a network is given decides its answer.

Every function here takes arrays and is private: only `crops` calls them, on what the product rendered.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

_CV_BITS = 11
"""Binary places of OpenCV's weights for bytes."""
_PIL_BITS = 22
"""Binary places of Pillow's weights for bytes."""


def _grey(rgb: Bytes) -> Bytes:
    """OpenCV's grey: 0.299, 0.587 and 0.114 of red, green and blue, in 15 binary places."""
    red, green, blue = (rgb[..., channel].astype(np.int32) for channel in range(3))
    return ((9798 * red + 19235 * green + 3735 * blue + (1 << 14)) >> 15).astype(np.uint8)


def _linear(grey: Bytes, size: int) -> Bytes:
    """OpenCV's `INTER_LINEAR` on bytes: centres of pixels, no smoothing where it shrinks, weights of 11 places."""
    down, down_weight = _centres(grey.shape[0], size)
    across, across_weight = _centres(grey.shape[1], size)
    wide = grey.astype(np.int64)
    rows = wide[:, across] * across_weight[0] + wide[:, _next(across, grey.shape[1])] * across_weight[1]
    upper, lower = rows[down] >> 4, rows[_next(down, grey.shape[0])] >> 4
    both = (upper * down_weight[0][:, None] >> 16) + (lower * down_weight[1][:, None] >> 16)
    resized: Bytes = np.clip((both + 2) >> 2, 0, 255).astype(np.uint8)
    return resized


def _centres(length: int, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first of two neighbours of every new pixel, and the weights of both."""
    at = (np.arange(size) + 0.5) * (length / size) - 0.5
    first = np.floor(at).astype(np.int64)
    share = np.where((first < 0) | (first >= length - 1), 0.0, at - first).astype(np.float32)
    one = np.float32(1 << _CV_BITS)
    weights = np.stack([np.rint((np.float32(1) - share) * one), np.rint(share * one)]).astype(np.int64)
    return np.clip(first, 0, length - 1), weights


def _next(first: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    return np.minimum(first + 1, length - 1)


def _smoothed(grey: Bytes, size: int) -> NDArray[np.float64]:
    """scikit-image's `resize` of grey bytes: from 0 to 1, smoothed by a Gaussian where it shrinks, then linear."""
    unit = grey / 255.0
    factors = np.array(grey.shape) / size
    if (factors > 1).any():
        unit = ndimage.gaussian_filter(unit, np.maximum(0, (factors - 1) / 2), mode="mirror")
    resized: NDArray[np.float64] = ndimage.zoom(unit, 1 / factors, order=1, mode="mirror", grid_mode=True)
    return np.clip(resized, unit.min(), unit.max())


def _triangles(grey: Bytes, size: int) -> Bytes:
    """Pillow's `BILINEAR` on bytes: a triangle as wide as the step, across and then down, each rounded to bytes."""
    across = _rounded(grey.astype(float) @ _triangle(grey.shape[1], size).T)
    return _rounded(_triangle(grey.shape[0], size) @ across.astype(float))


def _rounded(weighted: NDArray[np.float64]) -> Bytes:
    # Whole numbers below 2 ** 53, so that doubles hold them exactly.
    whole = weighted.astype(np.int64)
    rounded: Bytes = np.clip((whole + (1 << (_PIL_BITS - 1))) >> _PIL_BITS, 0, 255).astype(np.uint8)
    return rounded


@cache
def _triangle(length: int, size: int) -> NDArray[np.float64]:
    """Weights of the old pixels in each new one, times 2 ** 22 and whole; a row adds up to that but for rounding."""
    step = length / size
    reach = max(step, 1.0)
    weights = np.zeros((size, length))
    for new in range(size):
        centre = (new + 0.5) * step
        low = max(0, int(centre - reach + 0.5))
        high = min(length, int(centre + reach + 0.5))
        row = np.maximum(0, 1 - np.abs((np.arange(low, high) - centre + 0.5) / reach))
        weights[new, low:high] = row / row.sum()
    return np.floor(weights * (1 << _PIL_BITS) + 0.5)


def _corners(values: NDArray[Any], size: int) -> Floats:
    """TensorFlow's `resizeBilinear` without half pixels: a new pixel starts where an old one does."""
    down = np.arange(size) * (values.shape[0] / size)
    across = np.arange(size) * (values.shape[1] / size)
    return _between(values, down, across).astype(np.float32)


def _cut(values: NDArray[Any], box: tuple[float, float, float, float], size: int, every: int) -> Floats:
    """TensorFlow's `cropAndResize` of the box (left, top, right, bottom, in pixels); black outside of the picture.

    Of the cut's pixels it gives every so many-th, across and down.
    """
    height, width = values.shape[:2]
    left, top, right, bottom = box
    # The box goes in as shares of the picture, in single precision; each is then taken of the distance between the
    # first and the last pixel.
    down = _spread(top / height, bottom / height, height, size)[::every]
    across = _spread(left / width, right / width, width, size)[::every]
    inside = (down >= 0) & (down <= height - 1)
    beside = (across >= 0) & (across <= width - 1)
    cut = _between(values, np.clip(down, 0, height - 1), np.clip(across, 0, width - 1))
    return np.where((inside[:, None] & beside)[..., None], cut, 0).astype(np.float32)


def _spread(first: float, last: float, length: int, size: int) -> Doubles:
    start, end = float(np.float32(first)), float(np.float32(last))
    return np.float64(start * (length - 1)) + np.arange(size) * ((end - start) * (length - 1) / (size - 1))


def _between(values: NDArray[Any], down: Doubles, across: Doubles) -> Doubles:
    """Height × width × channels at places between pixels, linear in both; in doubles, as JavaScript reckons."""
    top, left = np.floor(down).astype(int), np.floor(across).astype(int)
    bottom = np.minimum(np.ceil(down).astype(int), values.shape[0] - 1)
    right = np.minimum(np.ceil(across).astype(int), values.shape[1] - 1)
    share_down, share_across = (down - top)[:, None, None], (across - left)[None, :, None]

    def along(row: NDArray[np.intp]) -> Doubles:
        first, second = values[row[:, None], left].astype(float), values[row[:, None], right].astype(float)
        mixed: Doubles = first + (second - first) * share_across
        return mixed

    above, below = along(top), along(bottom)
    mixed: Doubles = above + (below - above) * share_down
    return mixed
