"""How the packages call the detector: what they let count as a face.

Read from the packages' sources at the pinned versions; where they leave something out, OpenCV's default stands.
"""

from __future__ import annotations

from dataclasses import dataclass

FILE = "faces-from-the-front.npz"
"""The cascade in the cache. facex ships OpenCV's file; fer takes the very same cascade from OpenCV itself."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a program asks of the detector.

    Attributes
    ----------
    scale : float
        How much smaller the picture is made from one size of face to the next.
    neighbours : int
        How many windows have to agree beside a first one; fewer let more through.
    least : int
        Side of the smallest face that is looked for, in pixels; the cascade's own window is 24.
    source : str
        Who asks for it.
    """

    scale: float
    neighbours: int
    least: int
    source: str


SETTINGS = {
    "fer": Setting(1.1, 5, 50, "fer 25.10.3, its defaults"),
    "facex": Setting(1.1, 4, 24, "facex 1.1.0, in its source; no least size"),
    "kind": Setting(1.1, 3, 24, "OpenCV's defaults: kinder to a camera than either package"),
}
"""By name."""
