"""Stimuli for the tests: noise, gradients and a drawn oval with eyes and a mouth. Nobody's face."""

from __future__ import annotations

import numpy as np

from misread.closed.readers.stimulus import _MAKER, Stimulus, _made


def stimulus(rgb: np.ndarray, box: tuple[int, int, int, int] | None = None) -> Stimulus:
    """As the renderer would make it; the whole as the face where no box is named."""
    return _made(_MAKER, rgb, box or (0, 0, rgb.shape[1], rgb.shape[0]), {})


def grey(values: np.ndarray) -> np.ndarray:
    """Height × width in three like colours."""
    return np.repeat(np.rint(values).astype(np.uint8)[..., None], 3, axis=2)


def noise(seed: int, height: int = 150, width: int = 130) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def ramp(height: int, width: int, *, across: float, down: float, start: float = 0) -> np.ndarray:
    """A plane: so much more grey with each pixel across and down."""
    return start + across * np.arange(width)[None, :] + down * np.arange(height)[:, None]


def oval(smile: float, height: int = 240, width: int = 220) -> np.ndarray:
    """A head like an egg before a wall, with eyes, brows and a mouth that bends."""
    down, across = np.mgrid[:height, :width]
    x, y = (across - width / 2) / (width * 0.32), (down - height / 2) / (height * 0.42)
    rgb = np.full((height, width, 3), (150, 155, 160), float)
    rgb[x**2 + y**2 < 1] = (205, 160, 135)
    for side in (-0.4, 0.4):
        rgb[((x - side) / 0.16) ** 2 + ((y + 0.2) / 0.07) ** 2 < 1] = (240, 240, 240)
        rgb[((x - side) / 0.06) ** 2 + ((y + 0.2) / 0.06) ** 2 < 1] = (60, 40, 30)
        rgb[((x - side) / 0.2) ** 2 + ((y + 0.38) / 0.03) ** 2 < 1] = (70, 50, 40)
    mouth = 0.5 - smile * (x / 0.4) ** 2
    rgb[(np.abs(x) < 0.4) & (np.abs(y - mouth) < 0.05)] = (160, 70, 70)
    return rgb.astype(np.uint8)


def several() -> list[Stimulus]:
    """Some of each; boxes that are whole, oblong, and over the edge."""
    return [
        stimulus(noise(1)),
        stimulus(noise(2, 90, 141), (20, 11, 60, 71)),
        stimulus(grey(ramp(200, 180, across=1.0, down=0.3)), (30, 40, 101, 90)),
        stimulus(oval(0.25), (40, 20, 140, 200)),
        stimulus(oval(-0.2), (45, 35, 129, 170)),
        stimulus(oval(0.1, 100, 80), (-5, -9, 70, 90)),
    ]
