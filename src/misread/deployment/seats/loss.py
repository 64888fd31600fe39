"""From pixels, angle and what is hidden to `lost` and `dilution`: straight lines between points that say their source.

Between two points a curve is a straight line, and beyond its ends it stays level; that is monotone, and adds no bend
that nobody measured. Faces are found if they are found in spite of each hindrance by itself, and the hindrances are
taken to be independent: shares multiply. So does what is left of a row: 1 − dilution is the product of 1 − dilution
for each hindrance. Both are assumptions.

Measured are changed labels, not dilution. A diluted row is a label drawn anew from the mean of all rows in `dilution`
of all cases; of the pairs of pictures that differ in nothing that matters, a share f₀ (evidence R04) changes its label
anyway. So dilution = (f − f₀)/(1 − f₀), f being the share that changes (R05), at least 0. That a label drawn anew may
be the same is left out, which makes the dilution smaller and is kind to the camera. f₀ is each network's largest, and
of the five networks the middle one counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from statistics import median

import numpy as np

from misread.deployment.seats.project import Array
from misread.evidence import Quantity, catalogue

NETWORKS = ("fer", "facex", "face-api", "human", "ferx")
"""The networks of R04 and R05."""
FLOORS = ("new noise", "mirrored", "box moved by 3 %")
"""What changes labels though nothing that matters has changed (R04)."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a curve.

    Attributes
    ----------
    at : float
        Pixels, degrees or share.
    value : float
        Share of faces found, or dilution.
    source : str
        Ids of the evidence, or "assumption", with what is assumed.
    """

    at: float
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A monotone curve through points.

    Attributes
    ----------
    name : str
        What it tells.
    unit : str
        Of `Point.at`.
    points : tuple of Point
        In order.
    """

    name: str
    unit: str
    points: tuple[Point, ...]

    def at(self, x: Array) -> Array:
        """The curve's values: straight between points, level beyond them."""
        return np.interp(x, [p.at for p in self.points], [p.value for p in self.points])


@dataclass(frozen=True, slots=True)
class Curves:
    """The curves for each hindrance: pixels across the face, angle in degrees, share hidden."""

    found_by: tuple[Curve, Curve, Curve]
    dilution_by: tuple[Curve, Curve, Curve]

    @property
    def all(self) -> tuple[Curve, ...]:
        """Every curve."""
        return (*self.found_by, *self.dilution_by)

    def found(self, across: Array, angle: Array, covered: Array) -> Array:
        """Share of looks at which there is a usable face."""
        a, b, c = (curve.at(x) for curve, x in zip(self.found_by, (across, angle, covered), strict=True))
        return np.asarray(a * b * c)

    def dilution(self, across: Array, angle: Array, covered: Array) -> Array:
        """How far a row is drawn to the mean of all rows where there is a face."""
        a, b, c = (1 - curve.at(x) for curve, x in zip(self.dilution_by, (across, angle, covered), strict=True))
        return np.asarray(1 - a * b * c)


def figure(id: str, name: str) -> float:
    """A figure of the evidence catalogue.

    Raises
    ------
    KeyError
        If there is none of that name.
    """
    entry = catalogue()[id]
    assert isinstance(entry, Quantity)
    value = {f.name: f.value for f in entry.figures}[name]
    assert not isinstance(value, str)
    return float(value)


def diluted(condition: str) -> float:
    """Dilution from the labels that change under a condition of R05, of the middle of five networks."""

    def of(network: str) -> float:
        floor = max(figure("R04", f"{network}, {control}") for control in FLOORS)
        return max(0.0, (figure("R05", f"{network}, {condition}") - floor) / (1 - floor))

    return median(of(network) for network in NETWORKS)


@cache
def curves() -> Curves:
    """The curves, from the catalogue that comes with misread."""
    big = "assumption: a face of 64 pixels is as good as a large one; two of the five networks are given no more"
    half = "assumption: a mask hides half of a face"
    nothing = "assumption: nothing of the face is left"
    return Curves(
        found_by=(
            Curve(
                "faces found, by pixels across the face",
                "pixels",
                (
                    Point(20, figure("R02", "20 pixels"), "R02"),
                    Point(32, figure("R02", "32 pixels"), "R02"),
                    Point(64, 1.0, f"R01, {big}"),
                ),
            ),
            Curve(
                "faces found, by the angle to the camera",
                "degrees",
                (
                    Point(0, figure("R01", "0 degrees"), "R01"),
                    Point(20, figure("R01", "20 degrees"), "R01"),
                    Point(40, figure("R01", "40 degrees"), "R01"),
                    Point(60, 0.0, "assumption: no face is found from there on; the line from 20 to 40 ends sooner"),
                ),
            ),
            Curve(
                "faces found, by the share that is hidden",
                "share",
                (
                    Point(0, 1.0, "R01"),
                    Point(0.5, figure("R03", "mask"), f"R03, {half}"),
                    Point(1, 0.0, nothing),
                ),
            ),
        ),
        dilution_by=(
            _rising(
                "dilution, by pixels across the face",
                "pixels",
                Point(64, 0.0, big),
                Point(32, diluted("32 pixels"), "R04, R05"),
                Point(20, diluted("20 pixels"), "R04, R05"),
                Point(0, 1.0, nothing),
            ),
            _rising(
                "dilution, by the angle to the camera",
                "degrees",
                Point(0, 0.0, "R04, R05"),
                Point(20, diluted("20 degrees"), "R04, R05"),
                Point(40, diluted("40 degrees"), "R04, R05; assumption, kind to the camera: no more beyond"),
            ),
            _rising(
                "dilution, by the share that is hidden",
                "share",
                Point(0, 0.0, "R04, R05"),
                Point(0.5, diluted("mask"), f"R04, R05, {half}"),
                Point(1, 1.0, nothing),
            ),
        ),
    )


def _rising(name: str, unit: str, *points: Point) -> Curve:
    """A curve from the best case to the worst: a point that lies below an earlier one is lifted to it."""
    lifted = accumulate(points, lambda before, p: Point(p.at, max(before.value, p.value), p.source))
    return Curve(name, unit, tuple(sorted(lifted, key=lambda p: p.at)))
