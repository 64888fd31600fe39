"""The detector, run on stimuli: which boxes it takes for faces. It finds where a face is, never whose."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.closed.readers.detector.group import Boxes, _grouped
from misread.closed.readers.detector.pyramid import _levels
from misread.closed.readers.detector.table import FILE, SETTINGS, Setting
from misread.closed.readers.detector.windows import _passing
from misread.closed.readers.networks.resample import _grey
from misread.closed.readers.packages.place import prepared
from misread.closed.readers.stimulus import Stimulus

Box = tuple[int, int, int, int]
"""Left, top, width, height in pixels."""

OVERLAP = 0.3
"""From which share in common a found box is the rendered face's.

The share is that of what both boxes cover in what either does. The usual half would be too much: the rendered box goes
round the landmarks, brow to chin and jaw to jaw; the cascade's is a square with forehead and hair, some 1.6 times as
wide. On 80 portraits of the twenty heads (0 and 20 degrees, three poses) boxes round the face had 0.36 to 0.54 in
common with the rendered one, and all others, round a part of it, 0.18 at most.
"""
SLACK = np.float32(1e-5)
"""By how much OpenCV lets a stage be missed, so that rounding decides nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class _Detector:
    """A cascade that is loaded, with what is asked of it. Arrays as `convert.cascade` names them."""

    setting: Setting
    window: int
    ends: NDArray[np.int32]
    least: NDArray[np.float32]
    rectangles: NDArray[np.int32]
    weights: NDArray[np.float32]
    threshold: NDArray[np.float32]
    below: NDArray[np.float32]
    above: NDArray[np.float32]


def _open_detector(setting: str = "kind") -> _Detector:
    """The cascade of the cache, with the setting of that name.

    Raises
    ------
    MisreadError
        If it was not prepared.
    """
    with np.load(io.BytesIO(prepared(FILE))) as kept:
        window, _ = (int(side) for side in kept["window"])
        parts = {name: kept[name] for name in ("ends", "rectangles", "weights", "threshold", "below", "above")}
        return _Detector(setting=SETTINGS[setting], window=window, least=kept["least"] - SLACK, **parts)


def _find(detector: _Detector, stimulus: Stimulus) -> tuple[Box, ...]:
    """All that the detector takes for a face, in order of left, top, width and height."""
    # No array will do in its place, whatever it has by way of attributes.
    if type(stimulus) is not Stimulus:
        raise TypeError("only what the product rendered is read")
    grey = _grey(stimulus.rgb)
    found = [np.empty((0, 4), np.int64)]
    for scale, sums, squares in _levels(grey, detector.window, detector.setting):
        found.append(_windows(detector, scale, sums, squares))
    return _sorted(_clipped(_grouped(np.concatenate(found), detector.setting.neighbours), *grey.shape))


def _windows(detector: _Detector, scale: float, sums: NDArray[np.int64], squares: NDArray[np.int64]) -> Boxes:
    """Boxes of the windows that pass at one scale, in pixels of the picture."""
    # Every other window is tried where the picture is large, and every one from half its size on.
    step = 1 if scale >= 2 else 2
    places = np.empty((sums.size, 2), np.int64)
    corners = _corners(detector.rectangles, sums.shape[1])
    many = _passing(
        sums, squares, corners, detector.weights, detector.threshold, detector.below, detector.above,
        detector.ends, detector.least, detector.window, step, places,
    )  # fmt: skip
    side = round(detector.window * scale)
    # In single precision, halves to the even number.
    at = np.rint(places[:many].astype(np.float32) * np.float32(scale)).astype(np.int64)
    return np.hstack([at, np.full((many, 2), side, np.int64)])


def _corners(rectangles: NDArray[np.int32], row: int) -> NDArray[np.int64]:
    """Of every rectangle its corners' places in flat sums whose rows have that length, from a window's first."""
    left, top, width, height = np.moveaxis(rectangles.astype(np.int64), -1, 0)
    first, last = top * row + left, (top + height) * row + left
    return np.ascontiguousarray(np.stack([first, first + width, last, last + width], axis=-1))


def _clipped(boxes: Boxes, height: int, width: int) -> Boxes:
    """What of the boxes lies within the picture: where it is much smaller, a last window reaches over its edge."""
    first = np.maximum(boxes[:, :2], 0)
    return np.hstack([first, np.minimum(boxes[:, :2] + boxes[:, 2:], (width, height)) - first])


def _sorted(boxes: Boxes) -> tuple[Box, ...]:
    return tuple(sorted((int(x), int(y), int(wide), int(high)) for x, y, wide, high in boxes))


def _found(detector: _Detector, stimulus: Stimulus) -> Box | None:
    """The rendered face as the detector boxes it; none where it misses the face, whatever else it finds."""
    shares = {box: _share(box, stimulus.box) for box in _find(detector, stimulus)}
    best = max(shares, key=lambda box: shares[box], default=None)
    return best if best is not None and shares[best] >= OVERLAP else None


def _share(one: Box, other: Box) -> float:
    """What two boxes have in common, as a share of what either covers: 0 to 1."""
    wide, high = (min(one[i] + one[i + 2], other[i] + other[i + 2]) - max(one[i], other[i]) for i in (0, 1))
    common = max(0, wide) * max(0, high)
    return common / (one[2] * one[3] + other[2] * other[3] - common)
