"""Who sits where in which light, and where their heads come to be in the room.

The room's axes are those of `misread.deployment.seats.project`: x from the wall on the pupils' left, y from the wall
with the board, z up; left-handed. A head's own axes (x to its left, y up, z to the front) are right-handed, so a head
is placed by a matrix of determinant -1, and normals are worked out before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

import numpy as np

from misread.closed.heads import Head, head, person, with_skin
from misread.closed.render.mesh import Floats
from misread.deployment.model.camera import Geometry
from misread.deployment.seats.plan import eyes_of

Angles = tuple[float, float, float]
Side = Literal["left", "right", "back"]


@dataclass(frozen=True, slots=True)
class Light:
    """The light of a room. All of it is ours (assumption), in units in which 1 is a well-lit page.

    Attributes
    ----------
    windows : "left", "right" or "back"
        The wall with the windows, as the pupils have it.
    sky : float
        How much light comes straight through the windows.
    lamps : float
        How much comes from a row of lamps under the ceiling.
    around : float
        How much the walls, the ceiling and the floor throw back.
    """

    windows: Side = "left"
    sky: float = 1.0
    lamps: float = 0.0
    around: float = 0.92


LIGHTS: Mapping[str, Light] = MappingProxyType(
    {
        "daylight": Light(),
        "dim": Light(sky=0.16, around=0.16),
        "overhead": Light(sky=0.0, lamps=1.0, around=0.5),
        "backlit": Light(windows="back", sky=1.3, around=0.45),
    }
)
"""Daylight from the pupils' left, and what a card changes it to."""


@dataclass(frozen=True, slots=True)
class Sitter:
    """A head of nobody at a seat.

    Attributes
    ----------
    seat : int
        Row by row from the board, from the pupils' left to their right, as in `Plan`.
    who : int
        Seed of the head.
    age : float
        In years.
    weights : Mapping[str, float]
        Of the expression's shapes.
    gaze : tuple[float, float]
        Degrees that the eyes are turned in the head: to its own left, up.
    turn : tuple[float, float, float]
        Degrees that the face is turned away from the board: to its own left, up, left ear down.
    wears : tuple[str, ...]
        "glasses", "mask".
    skin : float | None
        CIELAB L* of the skin in place of the head's own.
    """

    seat: int
    who: int
    age: float = 9.5
    weights: Mapping[str, float] = field(default_factory=dict)
    gaze: tuple[float, float] = (0.0, 0.0)
    turn: Angles = (0.0, 0.0, 0.0)
    wears: tuple[str, ...] = ()
    skin: float | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """A class before its camera at one instant.

    Attributes
    ----------
    geometry : Geometry
    sitters : tuple[Sitter, ...]
        At most one a seat.
    light : Light
    mirrored : bool
        Left and right changed, the whole room with all that is in it: the control.
    """

    geometry: Geometry
    sitters: tuple[Sitter, ...]
    light: Light = LIGHTS["daylight"]
    mirrored: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A head in the room.

    Attributes
    ----------
    head : Head
        In its own axes.
    axes : Floats
        Rows: where the head's own x, y and z point to in the room.
    origin : Floats
        Where its neck joint is, in metres.
    """

    head: Head
    axes: Floats
    origin: Floats

    def of(self, points: Floats) -> Floats:
        """Points of the head as points of the room."""
        return np.asarray(points @ self.axes + self.origin)


# A neck turns no further than this against the shoulders; of less, shoulders take some part.
NECK, PART = 50.0, 0.6
SMALL = 16
"""Side of the picture of a head of which only the place is wanted."""


def place(sitter: Sitter, geometry: Geometry, texels: int = 512) -> Placed:
    """A sitter's head in the room.

    A face turned to the board has the middle between its pupils at the seat's point. The neck stays where it then is
    when the face turns away, so that the eyes move a little, as eyes do.
    """
    eyes = eyes_of(geometry)[2][sitter.seat]
    to = np.array([geometry.room.width / 2, 0.0, geometry.room.board_height]) - eyes
    # Azimuth 0 is straight to the board's wall; positive to the pupil's own left, where x is smaller.
    azimuth = float(np.degrees(np.arctan2(-to[0], -to[1])))
    height = float(np.degrees(np.arctan2(to[2], np.hypot(to[0], to[1]))))
    at_rest = _turned(sitter, azimuth, height, 0.0, SMALL, moving=False)
    middle = (at_rest[0].points["left pupil"] + at_rest[0].points["right pupil"]) / 2
    origin = eyes - middle @ at_rest[1]
    yaw, pitch, roll = sitter.turn
    doing, axes = _turned(sitter, azimuth + yaw, height + pitch, roll, texels, moving=True)
    return Placed(doing, axes, origin)


def _turned(
    sitter: Sitter, azimuth: float, height: float, roll: float, texels: int, moving: bool
) -> tuple[Head, Floats]:
    twist = float(np.clip(PART * azimuth, -NECK, NECK))
    body = np.radians(azimuth - twist)
    weights = tuple(sorted(sitter.weights.items())) if moving else ()
    gaze = sitter.gaze if moving else (0.0, 0.0)
    turn = level(twist, height, roll)
    made = _head(sitter.who, sitter.age, weights, gaze, turn, texels, sitter.wears, sitter.skin)
    # The shoulders' own left, up and front.
    axes = np.array([[-np.cos(body), np.sin(body), 0.0], [0.0, 0.0, 1.0], [-np.sin(body), -np.cos(body), 0.0]])
    return made, axes


@lru_cache(maxsize=160)
def _head(
    who: int,
    age: float,
    weights: tuple[tuple[str, float], ...],
    gaze: tuple[float, float],
    turn: Angles,
    texels: int,
    wears: tuple[str, ...],
    skin: float | None,
) -> Head:
    own = person(who) if skin is None else with_skin(person(who), skin)
    return head(own, age, dict(weights), gaze, turn, texels, wears)


def forget() -> None:
    """Let go of the heads that were made: each takes some megabytes, and is kept in case it is asked for again."""
    _head.cache_clear()


def level(azimuth: float, height: float, roll: float) -> Angles:
    """The turn of `head` that points a face by azimuth and height with the eyes level, then rolls it.

    `head` turns about axes that stay with the shoulders, so a face turned and lifted would come to lie askew.
    """
    a, h, r = np.radians([azimuth, height, roll])
    front = np.array([np.sin(a) * np.cos(h), np.sin(h), np.cos(a) * np.cos(h)])
    left = np.array([np.cos(a), 0.0, -np.sin(a)])
    up = np.cross(front, left)
    left, up = np.cos(r) * left - np.sin(r) * up, np.sin(r) * left + np.cos(r) * up
    # Rows of the wanted rotation, whose columns are left, up and front, against those of roll · pitch · yaw.
    yaw = np.arctan2(-left[2], front[2])
    pitch = np.arcsin(np.clip(-up[2], -1, 1))
    return (
        float(np.degrees(yaw)),
        float(np.degrees(pitch)),
        float(np.degrees(np.arctan2(up[0], up[1]))),
    )
