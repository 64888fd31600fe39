"""What is written as WebP can be looked at again, and is what was rendered, but for what WebP leaves out."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from misread.closed.day.film import _film, _sheet, _still

pytest.importorskip("PIL", reason="pictures are written with Pillow: pip install misread[closed]")


def smooth(height: int, width: int, of: int = 0) -> np.ndarray:
    down, across = np.mgrid[0:height, 0:width]
    return np.stack([down * 2 % 256, across * 2 % 256, np.full_like(down, 40 * of)], axis=-1).astype(np.uint8)


def seen(webp: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(webp, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]


def test_a_still_is_what_was_rendered():
    rgb = smooth(90, 120)
    again = seen(_still(rgb))
    assert again.shape == rgb.shape
    assert np.abs(again.astype(int) - rgb).mean() < 4


def test_a_sheet_has_a_cell_a_crop():
    crops = [smooth(40, 40, 1), None, smooth(60, 60, 3), smooth(30, 30, 5)]
    whole = seen(_sheet(crops, 2))
    assert whole.shape == (120, 120, 3)
    assert np.abs(whole[:40, :40].astype(int) - crops[0]).mean() < 6
    assert whole[:55, 65:115].mean() < 3
    assert np.abs(whole[60:, :60].astype(int) - crops[2]).mean() < 6


def test_a_film_has_its_frames_and_their_time():
    made = _film([smooth(48, 64, n) for n in range(4)], 250)
    assert made[:4] == b"RIFF"
    assert made[8:12] == b"WEBP"
    # A frame's chunk: its name, its size, then 12 bytes of place and size, and 3 of milliseconds.
    starts = [i for i in range(len(made)) if made[i : i + 4] == b"ANMF"]
    assert [int.from_bytes(made[i + 20 : i + 23], "little") for i in starts] == [250] * 4
