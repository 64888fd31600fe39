"""What an error in the direction of gaze does to the reading "looks away".

A camera that reads where somebody looks is off by some degrees (C11). Whoever looks at the board is then read as
looking away now and then, most of all near its edges, and whoever looks just past it as looking at it. Directions
are horizontal ones, seen from the child, with 0 in the middle of the board; height is left aside, which is kind to
the camera.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import ndtr


@dataclass(frozen=True, slots=True)
class Stretch:
    """Directions between two angles, each as likely as any other.

    Attributes
    ----------
    low, high : float
        Degrees from the middle of the board; low < high.
    weight : float
        How much of the looking falls on it, in proportion to the other stretches.
    """

    low: float
    high: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Away:
    """How often somebody is read as looking away.

    Attributes
    ----------
    at_board : float
        P(read as away | looks at the board).
    away : float
        P(read as away | looks away).
    """

    at_board: float
    away: float


def deviation(mean_error: float) -> float:
    """Standard deviation of the horizontal error, in degrees, behind a mean angular error.

    Published errors are angles between directions in space. If they are normal and alike in all directions, their
    size follows a Rayleigh distribution with the mean σ·√(π/2), where σ is the deviation along one axis.

    Parameters
    ----------
    mean_error : float
        Mean angle between the true direction and the one that was read, in degrees; 0 or more.
    """
    if not 0 <= mean_error < math.inf:
        raise ValueError(f"a mean error is 0 degrees or more, not {mean_error}")
    return mean_error * math.sqrt(2 / math.pi)


def half_angle(half_width: float, distance: float) -> float:
    """Degrees from the middle of the board to its edge, for a child right before the middle.

    Parameters
    ----------
    half_width, distance : float
        Half of the board's width, and how far the child sits from it, in metres; above 0.
    """
    if not (0 < half_width < math.inf and 0 < distance < math.inf):
        raise ValueError("a board has a width and a distance above 0")
    return math.degrees(math.atan2(half_width, distance))


def displaced(error: float, distance: float) -> float:
    """How far off a point that is looked at seems to lie, in metres, at an error in degrees below 90."""
    return distance * math.tan(math.radians(error))


def read_as_away(gaze: Sequence[Stretch], edge: float, sigma: float) -> float:
    """P(the direction that is read lies past the board's edges), for somebody who looks somewhere in `gaze`.

    Parameters
    ----------
    gaze : sequence of Stretch
        Where the child looks.
    edge : float
        Degrees from the middle of the board to its edges.
    sigma : float
        Standard deviation of the normal error of reading, in degrees; above 0.

    Notes
    -----
    For one direction g it is Φ((g − edge)/σ) + Φ((−edge − g)/σ); over a stretch each of the two is integrated in
    closed form, since ∫Φ = xΦ(x) + φ(x).
    """
    if sigma <= 0 or not gaze or any(s.low >= s.high or s.weight < 0 for s in gaze):
        raise ValueError("an error above 0, and stretches of some width and weight, are needed")
    whole = math.fsum(s.weight for s in gaze)
    return math.fsum(s.weight * _past(s, edge, sigma) for s in gaze) / whole


def away_rates(
    mean_error: float,
    half_width: float,
    distance: float,
    *,
    board: Sequence[Stretch] = (),
    away: Sequence[Stretch] = (),
) -> Away:
    """How often those who look at the board, and those who do not, are read as looking away.

    Parameters
    ----------
    mean_error : float
        Mean angular error of the reading, in degrees; above 0 (C11: 10 to 14 in the wild).
    half_width, distance : float
        The board, in metres.
    board, away : sequence of Stretch
        Where the two look; by default anywhere on the board alike, and anywhere from its edges to 90 degrees alike.
    """
    edge, sigma = half_angle(half_width, distance), deviation(mean_error)
    board = board or (Stretch(-edge, edge),)
    away = away or (Stretch(-90, -edge), Stretch(edge, 90))
    return Away(read_as_away(board, edge, sigma), read_as_away(away, edge, sigma))


def _past(stretch: Stretch, edge: float, sigma: float) -> float:
    """P(read past either edge | a direction anywhere in the stretch)."""
    low, high = stretch.low / sigma, stretch.high / sigma
    side = edge / sigma
    right = _below(high - side) - _below(low - side)
    left = _below(-side - low) - _below(-side - high)
    return min(1.0, (right + left) / (high - low))


def _below(x: float) -> float:
    """The integral of the normal distribution function up to x: xΦ(x) + φ(x)."""
    return float(x * ndtr(x) + math.exp(-x * x / 2) / math.sqrt(2 * math.pi))
