"""Rendered pictures written as WebP: stills, sheets of crops, and the day as a film.

Pillow is here to write, and for nothing else: this module opens no picture, and no other module of the product may
import it (`tests/docs/test_boundary.py`).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from misread.closed.readers.packages.place import not_installed

Pixels = NDArray[np.uint8]

STILL, SHEET, MOVING = 50, 62, 45
"""WebP's quality of stills, of sheets of crops, of the film: small, and what a reader saw stays to be seen."""
CARE = 6
"""The slowest and smallest of WebP's ways."""


def _still(rgb: Pixels, quality: int = STILL) -> bytes:
    """One rendered picture, height × width × 3."""
    return _written([rgb], quality, {})


def _film(frames: Sequence[Pixels], milliseconds: int) -> bytes:
    """Rendered pictures of one size, one after the other, again and again."""
    return _written(frames, MOVING, {"save_all": True, "duration": milliseconds, "loop": 0, "minimize_size": True})


def _sheet(crops: Sequence[Pixels | None], columns: int) -> bytes:
    """Squares of any size, each in the upper left of a cell as large as the largest; empty where there is none."""
    side = max(len(crop) for crop in crops if crop is not None)
    whole = np.zeros((side * -(-len(crops) // columns), side * columns, 3), dtype=np.uint8)
    for at, crop in enumerate(crops):
        if crop is not None:
            top, left = side * (at // columns), side * (at % columns)
            whole[top : top + len(crop), left : left + crop.shape[1]] = crop
    return _still(whole, SHEET)


def _writer() -> Any:
    """What writes pictures.

    Raises
    ------
    MisreadError
        If it is not installed.
    """
    try:
        return import_module("PIL.Image")
    except ImportError as error:
        raise not_installed("Pillow") from error


def _written(frames: Sequence[Pixels], quality: int, further: dict[str, Any]) -> bytes:
    image = _writer()
    first, *others = [image.fromarray(np.ascontiguousarray(frame)) for frame in frames]
    out = io.BytesIO()
    if others:
        further = {**further, "append_images": others}
    first.save(out, "WEBP", quality=quality, method=CARE, **further)
    return out.getvalue()
