"""The colour of skin, lips, brows and hair: reflectances in CIELAB, and the picture that lies on the skin.

The picture is painted in the frame of the average adult, so that brows and lips move with what carries them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from misread.closed.heads.model import Floats

# Lightness between the darkest and the lightest head. Measured faces reach from L* 26.7 to 52.5 (middles of five
# clusters of 120 adults' nose tips and upper lips, contact-free: IADR 2009, abstract 120461) and 58.0 (mean forehead of
# 600 Koreans, chromameter: Han et al. 2006, Skin Res Technol 12(3)); those two were read as abstracts. The light end,
# 68, and a* and b* between (after probe.md section 2) are assumptions: unverified.
DARKEST, LIGHTEST = 30.0, 68.0
RED = ((30.0, 12.5), (36.0, 13.0), (55.0, 12.0), (70.0, 9.5))
YELLOW = ((30.0, 12.0), (36.0, 14.5), (55.0, 19.5), (70.0, 15.5))


@dataclass(frozen=True, slots=True)
class Hair:
    """A colour of hair (assumption: ours), how often it is drawn, and on which skins (L* at least)."""

    lab: tuple[float, float, float]
    share: float
    lightest_skin: float


HAIRS: Mapping[str, Hair] = {
    "black": Hair((12.0, 1.0, 1.5), 0.34, 0),
    "dark brown": Hair((18.0, 4.5, 6.5), 0.28, 0),
    "brown": Hair((27.0, 8.0, 12.5), 0.16, 44),
    "light brown": Hair((38.0, 8.5, 18.5), 0.10, 52),
    "dark blond": Hair((50.0, 7.0, 23.0), 0.08, 56),
    "auburn": Hair((28.0, 17.0, 19.0), 0.04, 54),
}
IRISES: Mapping[str, tuple[float, float, float]] = {
    "dark brown": (20.0, 8.0, 11.0),
    "brown": (29.0, 11.0, 18.0),
    "hazel": (42.0, 5.0, 22.0),
    "green": (48.0, -6.0, 14.0),
    "blue": (52.0, -4.0, -14.0),
    "grey": (50.0, -1.0, -3.0),
}
SHIRTS = ((30.0, -2.0, -22.0), (45.0, -18.0, 4.0), (62.0, 3.0, 28.0), (38.0, 26.0, 10.0), (55.0, -2.0, -6.0),
          (72.0, -4.0, -8.0), (26.0, 2.0, -4.0), (50.0, 12.0, -18.0))  # fmt: skip


def skin_of(where: float, red: float, yellow: float) -> tuple[float, float, float]:
    """A skin's CIELAB: how light (0 to 1 of the range) and how far off the middle red and yellow (in deviations)."""
    light = DARKEST + where * (LIGHTEST - DARKEST)
    a = between(light, RED) + 0.8 * red
    b = between(light, YELLOW) + 0.9 * yellow
    return (float(light), a, b)


def as_light(skin: tuple[float, float, float], light: float) -> tuple[float, float, float]:
    """A skin at another lightness: as far off the middle red and yellow there as it is here.

    Raises
    ------
    ValueError
        For a lightness outside of the range of skin.
    """
    if not DARKEST <= light <= LIGHTEST:
        raise ValueError(f"L* {light}: from {DARKEST:g} to {LIGHTEST:g}")
    here, red, yellow = skin
    return (
        float(light),
        between(light, RED) + red - between(here, RED),
        between(light, YELLOW) + yellow - between(here, YELLOW),
    )


def between(light: float, table: tuple[tuple[float, float], ...]) -> float:
    """A table read between its lines."""
    return float(np.interp(light, [at for at, _ in table], [value for _, value in table]))


WHITE = np.array([0.95047, 1.0, 1.08883])
TO_RGB = np.array(
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]],
)


def linear(lab: Floats | tuple[float, float, float]) -> Floats:
    """CIELAB (D65) to linear sRGB reflectance."""
    light, a, b = np.moveaxis(np.asarray(lab, dtype=float), -1, 0)
    middle = (light + 16) / 116
    f = np.stack([middle + a / 500, middle, middle - b / 200], axis=-1)
    xyz = WHITE * np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29))
    return np.asarray(np.clip(xyz @ TO_RGB.T, 0.0, 1.0))


def encoded(rgb: Floats) -> Floats:
    """Linear sRGB to the values a screen takes, 0 to 1."""
    low = np.clip(rgb, 0, 1)
    return np.where(low <= 0.0031308, 12.92 * low, 1.055 * low ** (1 / 2.4) - 0.055)
