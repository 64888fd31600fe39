"""Windows that mean one face, made into one box as OpenCV does it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

Boxes = NDArray[np.int64]
"""Boxes × left, top, width, height."""

NEAR = 0.2
"""Two windows mean one face where no edge of one is further from the other's than this part of the smaller side."""


def _grouped(windows: Boxes, neighbours: int) -> Boxes:
    """The mean box of every group of more than `neighbours` windows, but those that lie within a larger group's."""
    if not len(windows):
        return windows
    many, group = connected_components(_alike(windows), directed=False)
    counts = np.bincount(group, minlength=many)
    total = np.stack([np.bincount(group, weights=column, minlength=many) for column in windows.T], axis=1)
    # One over the number in single precision, times the sum: so OpenCV takes the mean.
    part = np.float32(1) / counts.astype(np.float32)
    mean = np.rint(total.astype(np.float32) * part[:, None]).astype(np.int64)
    kept = counts > neighbours
    mean, counts = mean[kept], counts[kept]
    return mean[~_within(mean, counts).any(axis=1)]


def _alike(windows: Boxes) -> NDArray[np.bool_]:
    """Which two windows mean one face."""
    left, top, width, height = windows.T
    reach = NEAR * (_least(width) + _least(height)) * 0.5
    edges = (left, top, left + width, top + height)
    found: NDArray[np.bool_] = np.all([np.abs(edge[:, None] - edge) <= reach for edge in edges], axis=0)
    return found


def _least(sides: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.minimum(sides[:, None], sides)


def _within(boxes: Boxes, counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which box (down) lies in which (across), with room of `NEAR`, where that has more windows and more than three."""
    left, top, width, height = boxes.T
    room, above = np.rint(width * NEAR), np.rint(height * NEAR)
    inside: NDArray[np.bool_] = (
        (left[:, None] >= left - room)
        & (top[:, None] >= top - above)
        & ((left + width)[:, None] <= left + width + room)
        & ((top + height)[:, None] <= top + height + above)
        & ((counts > np.maximum(3, counts[:, None])) | (counts[:, None] < 3))
    )
    np.fill_diagonal(inside, False)
    return inside
