"""The only thing that readers take: a face that the product rendered, in memory, for the length of one call."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NoReturn, Self, final

import numpy as np
from numpy.typing import NDArray


@final
class _Maker:
    """What the renderer shows to be let make a stimulus. There is one, `_MAKER`; no other module may name it."""

    __slots__ = ()


_MAKER = _Maker()


@final
class Stimulus:
    """A rendered face with what is known of it. It can be read, and neither built, changed, copied nor kept by users.

    There is no way to one from a file, a path, bytes or an array: the renderer of the closed classroom alone makes
    them, through `_made`.

    Attributes
    ----------
    rgb : numpy.ndarray
        What was rendered, height × width × 3, red green blue, 0 to 255, read-only. More than the face: every network
        takes its own margin around `box`, and what lies outside of `rgb` is outside of the camera's picture.
    box : tuple of int
        The rendered face from brow to chin and ear to ear: left, top, width, height in pixels of `rgb`.
    landmarks : mapping of str to tuple of float
        Where the head's landmarks fall: across, down, in pixels of `rgb`.
    """

    __slots__ = ("box", "landmarks", "rgb")

    rgb: NDArray[np.uint8]
    box: tuple[int, int, int, int]
    landmarks: Mapping[str, tuple[float, float]]

    def __new__(cls, *_given: object, **_named: object) -> Self:
        """Refuse: only what the product rendered is read."""
        raise TypeError("a stimulus is made by the renderer alone")

    def __init_subclass__(cls) -> None:
        raise TypeError("there is no other kind of stimulus")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a stimulus does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a stimulus does not change")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        """Refuse: no rendered face is copied, sent or written down."""
        raise TypeError("a stimulus is not kept")

    def __repr__(self) -> str:
        return f"Stimulus({self.rgb.shape[1]} × {self.rgb.shape[0]} pixels, face at {self.box})"


def _made(
    maker: _Maker,
    rgb: NDArray[np.uint8],
    box: tuple[int, int, int, int],
    landmarks: Mapping[str, tuple[float, float]],
) -> Stimulus:
    """A stimulus, of what the renderer has just rendered: for the renderer, which holds the maker."""
    if maker is not _MAKER:
        raise TypeError("a stimulus is made by the renderer alone")
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3:
        raise ValueError(f"expected height × width × 3 of uint8, got {rgb.shape} of {rgb.dtype}")
    left, top, width, height = box
    inside = left < rgb.shape[1] and top < rgb.shape[0] and left + width > 0 and top + height > 0
    if width < 1 or height < 1 or not inside:
        raise ValueError(f"no part of the face at {box} lies within {rgb.shape[1]} × {rgb.shape[0]} pixels")
    own = rgb.copy()
    own.flags.writeable = False
    stimulus = object.__new__(Stimulus)
    object.__setattr__(stimulus, "rgb", own)
    object.__setattr__(stimulus, "box", (left, top, width, height))
    object.__setattr__(stimulus, "landmarks", MappingProxyType(dict(landmarks)))
    return stimulus


def _boxed(stimulus: Stimulus, box: tuple[int, int, int, int]) -> Stimulus:
    """The same rendered face with its box elsewhere: as a detector has it, or moved."""
    return _made(_MAKER, _own(stimulus).rgb, box, stimulus.landmarks)


def _altered(maker: _Maker, stimulus: Stimulus, rgb: NDArray[np.uint8]) -> Stimulus:
    """The same rendered face after something was done to its pixels, none of which moved: compression, noise.

    For who holds the maker: nobody else may put pixels in the place of the renderer's.
    """
    if rgb.shape != _own(stimulus).rgb.shape:
        raise ValueError(f"expected {stimulus.rgb.shape}, got {rgb.shape}: an alteration moves no pixel")
    return _made(maker, rgb, stimulus.box, stimulus.landmarks)


def _own(stimulus: Stimulus) -> Stimulus:
    # No array will do in its place, whatever it has by way of attributes.
    if type(stimulus) is not Stimulus:
        raise TypeError("only what the product rendered is read")
    return stimulus
