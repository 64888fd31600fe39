"""What a face does: action units as weights of the 52 shapes, and the poses made of them.

The units are FACS's; which shape stands for which unit is our reading of the shapes' names and of what they move, and
the tests measure it in millimetres. Which units make a pose follows EMFACS as far as remembered: **unverified**, as
`probe.md` section 3 says. A pose is a pose: nothing here is about feeling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from misread.closed.heads.model import Floats, Model, model


def both(name: str, weight: float = 1.0) -> dict[str, float]:
    """The same weight on the left and the right shape."""
    return {name + "Left": weight, name + "Right": weight}


UNITS: Mapping[str, Mapping[str, float]] = {
    "AU1": {"browInnerUp": 1.0},
    "AU2": both("browOuterUp"),
    "AU4": both("browDown"),
    "AU5": both("eyeWide"),
    "AU6": both("cheekSquint") | both("eyeSquint", 0.35),
    "AU7": both("eyeSquint"),
    "AU9": both("noseSneer"),
    "AU10": both("mouthUpperUp"),
    "AU12": both("mouthSmile", 0.7),
    "AU14": both("mouthDimple"),
    "AU15": both("mouthFrown"),
    "AU16": both("mouthLowerDown"),
    "AU17": {"mouthShrugLower": 1.0, "mouthShrugUpper": 0.3},
    "AU18": {"mouthPucker": 1.0},
    "AU20": both("mouthStretch"),
    "AU22": {"mouthFunnel": 1.0},
    "AU24": both("mouthPress"),
    "AU25": both("mouthLowerDown", 0.6) | both("mouthUpperUp", 0.35),
    "AU26": {"jawOpen": 1.0},
    "AU43": both("eyeBlink"),
}
"""Action units as weights of shapes. AU23 (lips tightened) has no shape; AU24 lifts the lip corners by some 3 mm."""

UNVERIFIED = "units after EMFACS, from memory: unverified"
OURS = "ours"


@dataclass(frozen=True, slots=True)
class Recipe:
    """A pose.

    Attributes
    ----------
    units : Mapping[str, float]
        Action units and their strength, 0 to 1.
    source : str
    gates : str
        What probe.md found: whether the pose may be counted as hit or missed.
    """

    units: Mapping[str, float]
    source: str
    gates: str


EXPRESSIONS: Mapping[str, Recipe] = {
    "neutral": Recipe({}, OURS, "passed"),
    "happy": Recipe({"AU6": 0.8, "AU12": 1.0, "AU25": 1.0, "AU26": 0.14}, UNVERIFIED, "passed"),
    "surprise": Recipe({"AU1": 1.0, "AU2": 1.0, "AU5": 0.8, "AU26": 0.6}, UNVERIFIED, "passed"),
    "sad": Recipe({"AU1": 1.0, "AU4": 0.45, "AU15": 1.0, "AU17": 0.5}, UNVERIFIED, "as a score only"),
    "fear": Recipe(
        {"AU1": 1.0, "AU2": 0.6, "AU4": 0.5, "AU5": 1.0, "AU20": 1.0, "AU25": 0.8, "AU26": 0.2},
        UNVERIFIED,
        "not validated",
    ),
    "disgust": Recipe({"AU9": 1.0, "AU10": 0.8, "AU4": 0.4, "AU7": 0.5, "AU17": 0.5}, UNVERIFIED, "not validated"),
    "angry, closed mouth": Recipe({"AU4": 1.0, "AU5": 0.5, "AU7": 0.7, "AU24": 0.8}, UNVERIFIED, "invalid stimulus"),
    "angry, open mouth": Recipe(
        {"AU4": 1.0, "AU5": 0.5, "AU7": 0.6, "AU9": 0.5, "AU10": 0.6, "AU16": 0.8, "AU26": 0.35},
        UNVERIFIED + "; added after the first run of probe.md",
        "not validated",
    ),
}
"""The poses. Looking away is no pose of the face: it is a turn and a gaze."""

GATED = tuple(name for name, recipe in EXPRESSIONS.items() if recipe.gates == "passed")
"""Poses that may be counted as hit or missed: their geometry is right in millimetres, and some network tells them."""


def unit(name: str, strength: float = 1.0) -> dict[str, float]:
    """One action unit as weights of shapes."""
    return {shape: strength * weight for shape, weight in UNITS[name].items()}


def expression(name: str, strength: float = 1.0) -> dict[str, float]:
    """A pose as weights of shapes; where units share a shape, their weights add."""
    total: dict[str, float] = {}
    for au, amount in EXPRESSIONS[name].units.items():
        for shape, weight in unit(au, amount * strength).items():
            total[shape] = total.get(shape, 0.0) + weight
    return total


AT_REST = both("eyeBlink", 0.05)
"""Added to every face: the source's lids stand open to the iris' upper edge, as no lids at rest do (assumption)."""

# How far the source turns its own eyeballs for one whole unit of looking, in degrees (measured on it: test_source.py):
# lids follow the eyes by this, up to a little more than a unit. The eyeballs themselves are turned, not moved.
LOOKS = {"eyeLookUp": 9.8, "eyeLookDown": 11.4, "eyeLookIn": 15.4, "eyeLookOut": 15.0}
FURTHEST_LOOK = 1.3


def lids_following(gaze: tuple[float, float]) -> dict[str, float]:
    """The lids' weights for eyes turned `gaze` degrees (to the head's own left, up)."""
    side, up = gaze
    vertical = ("eyeLookUp", up) if up >= 0 else ("eyeLookDown", -up)
    weights = both(vertical[0], vertical[1] / LOOKS[vertical[0]])
    out, into = ("Left", "Right") if side >= 0 else ("Right", "Left")
    weights["eyeLookOut" + out] = abs(side) / LOOKS["eyeLookOut"]
    weights["eyeLookIn" + into] = abs(side) / LOOKS["eyeLookIn"]
    return {name: min(w, FURTHEST_LOOK) for name, w in weights.items() if w}


def add_expression(points: Floats, weights: Mapping[str, float], scale: float, held: Model | None = None) -> Floats:
    """`points` with the shapes added, scaled to the head's size so that a child's smile is not bigger."""
    held = held or model()
    moved = points.copy()
    for name, weight in weights.items():
        index, moves = held.targets[name]
        moved[index] += weight * scale * moves
    return moved


# Along the neck, in metres as the cut's plane rises: up to where it stays in the collar, from where it turns.
STILL, FREE = 0.0185, 0.072


def turn_weights(held: Model | None = None) -> Floats:
    """How far each vertex follows the head's turn: 0 at the collar, 1 from the jaw up."""
    held = held or model()
    along = held.base[:, 1] + 0.35 * held.base[:, 2]
    part = np.clip((along - STILL) / (FREE - STILL), 0.0, 1.0)
    return np.asarray(part * part * (3 - 2 * part))


def turned(points: Floats, weights: Floats, turn: tuple[float, float, float], pivot: Floats) -> Floats:
    """Points turned by yaw (to the own left), pitch (up) and roll (left ear down), in degrees, each by its weight.

    A neck twists: a vertex of half the weight is turned by half the angles.
    """
    yaw, pitch, roll = (np.radians(a) * weights for a in turn)
    x, y, z = (points - pivot).T
    x, z = np.cos(yaw) * x + np.sin(yaw) * z, -np.sin(yaw) * x + np.cos(yaw) * z
    y, z = np.cos(pitch) * y + np.sin(pitch) * z, -np.sin(pitch) * y + np.cos(pitch) * z
    x, y = np.cos(roll) * x + np.sin(roll) * y, -np.sin(roll) * x + np.cos(roll) * y
    return np.stack([x, y, z], axis=1) + pivot
