"""What each network is given of a stimulus: the package's own margin, grey or colour, size and scale.

Read from the packages' sources at the pinned versions. Where a package finds faces with a network of its own, the
rendered face's box stands in for that network's; the package's margin around it is kept.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from misread.closed.readers.networks.resample import _corners, _cut, _grey, _linear, _smoothed, _triangles
from misread.closed.readers.stimulus import Stimulus

Floats = NDArray[np.float32]

_FER_PAD = 40
"""Pixels that fer adds around the picture before it cuts."""
_FER_MARGIN = 10
"""Pixels that fer adds around the box, whatever its size."""
_FACE_API_MEAN = np.array([122.782, 117.001, 104.298], np.float32)
_HUMAN_SCALE = 1.4
"""How much human enlarges the box that it found."""
_HUMAN_CUT = 256
"""Pixels that human cuts a face to before its networks take theirs from that."""
_HUMAN_GREY = np.array([0.2989, 0.5870, 0.1140], np.float32)


def _fer(stimulus: Stimulus) -> Floats:
    """64 × 64 grey from -1 to 1: the box made square, 10 px around it, the picture gone on with its last rows' grey."""
    grey = _grey(stimulus.rgb)
    edge = int(np.rint(grey[-2:].mean()))
    padded = np.pad(grey, _FER_PAD, constant_values=edge)
    left, top, width, height = stimulus.box
    side = max(width, height)
    left -= (side - width) // 2
    top -= (side - height) // 2
    around = _FER_PAD - _FER_MARGIN
    cut = padded[
        max(0, top + around) : top + side + _FER_PAD + _FER_MARGIN,
        max(0, left + around) : left + side + _FER_PAD + _FER_MARGIN,
    ]
    scaled = (_linear(cut, 64).astype(np.float32) / np.float32(255) - np.float32(0.5)) * np.float32(2)
    return scaled[..., None]


def _facex(stimulus: Stimulus) -> Floats:
    """200 × 200 grey three times, from 0 to 1: the box and nothing around it."""
    unit = _smoothed(_within(_grey(stimulus.rgb), stimulus.box), 200).astype(np.float32)
    return np.repeat(unit[..., None], 3, axis=2)


def _face_api(stimulus: Stimulus) -> Floats:
    """112 × 112 in colour less its mean, by 255: the box and nothing around it, made square by black beside it."""
    cut = _within(stimulus.rgb, stimulus.box)
    height, width = cut.shape[:2]
    # As much is added after as before, and the odd pixel after (half rounded up).
    add_down, add_across = max(0, width - height), max(0, height - width)
    pads = [(add // 2, add - add // 2) for add in (add_down, add_across)]
    square = np.pad(cut, (*pads, (0, 0)))
    resized: Floats = (_corners(square, 112) - _FACE_API_MEAN) / np.float32(255)
    return resized


def _human(stimulus: Stimulus) -> Floats:
    """64 × 64 grey from -1 to 1: the box enlarged by 1.4 and made square, by way of 256 × 256 in colour."""
    left, top, width, height = stimulus.box
    half = max(width, height) * _HUMAN_SCALE / 2
    across, down = left + width / 2, top + height / 2
    # Half a pixel goes up, as in JavaScript.
    ends = tuple(float(np.floor(end + 0.5)) for end in (across - half, down - half, across + half, down + half))
    # Its resizing of 256 to 64 falls on every fourth pixel exactly.
    small = _cut(stimulus.rgb, (ends[0], ends[1], ends[2], ends[3]), _HUMAN_CUT, every=_HUMAN_CUT // 64)
    grey = (small / np.float32(255) * _HUMAN_GREY).sum(axis=2, keepdims=True)
    scaled: Floats = (grey - np.float32(0.5)) * np.float32(2)
    return scaled


def _ferx(stimulus: Stimulus) -> Floats:
    """48 × 48 grey from -1 to 1: the box and nothing around it."""
    resized = _triangles(_within(_grey(stimulus.rgb), stimulus.box), 48).astype(np.float32)
    scaled: Floats = (resized / np.float32(255) - np.float32(0.5)) / np.float32(0.5)
    return scaled[..., None]


def _within(values: NDArray[np.uint8], box: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """What of the box lies within the picture."""
    left, top, width, height = box
    return values[max(0, top) : max(0, top + height), max(0, left) : max(0, left + width)]


_CROPS: dict[str, Callable[[Stimulus], Floats]] = {
    "fer": _fer,
    "fer-float": _fer,
    "facex": _facex,
    "face-api": _face_api,
    "human": _human,
    "ferx": _ferx,
}
