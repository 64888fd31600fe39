"""The light that falls on every vertex: windows, lamps and what the room throws back, each with its shadows.

Windows and lamps are points spread over them, what the room throws back is parallel light from all around. Each of
these has a map of how deep the first surface lies, and each vertex asks it whether it is lit.
The light is worked out once a scene; pictures are then only read off, and a crop has the whole picture's pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.closed.render.kernels import add_light, depth_map
from misread.closed.render.mesh import FINISHES, Floats, Mesh
from misread.closed.render.room import opening
from misread.closed.render.scene import Light
from misread.deployment.model.camera import Geometry

SKY = np.array([1.0, 0.975, 0.93])
LAMP = np.array([1.0, 0.97, 0.90])
AROUND = np.array([1.0, 0.945, 0.87])
BRIGHT = 3.5
"""By how much a window's light is multiplied, so that a desk in the middle of the room has about 1."""

FADE_DIRECT, FADE_AROUND = 1.8, 0.8
"""Metres in which shadows fade (assumption)."""

WRAP = {"skin": (0.22, 0.10, 0.06), "lips": (0.22, 0.10, 0.06), "hair": (0.25, 0.25, 0.25), "cloth": (0.06,) * 3}
"""How far light goes round a surface's edge, per channel: red light further under skin (assumption)."""


@dataclass(frozen=True, slots=True, eq=False)
class Lamp:
    """One point or direction of light.

    Attributes
    ----------
    where : Floats
        Where it is; or, for parallel light, the way to it.
    parallel : bool
    facing : Floats
        The way a lamp shines; none for parallel light.
    colour : Floats
        For a point, its strength by its area; for parallel light what a surface at right angles gets.
    matrix : Floats
        From the room to its map.
    span : tuple[float, float]
        Parallel: metres from 0 to 1 of the map, and nothing. A point: with what a place in the map gives its distance.
    reach : float
        So many metres behind what throws it a shadow has faded: lamps are broad, what the room throws back broader.
    direct : bool
        Whether it is a window or a lamp, which shine is taken from.
    """

    where: Floats
    parallel: bool
    facing: Floats
    colour: Floats
    matrix: Floats
    span: tuple[float, float]
    reach: float
    direct: bool


@dataclass(frozen=True, slots=True)
class Care:
    """How finely light is worked out.

    Attributes
    ----------
    along, up : int
        Points on the windows.
    around : int
        Directions of what the room throws back.
    map_size : int
        Side of a point's map.
    around_size : int
        Side of a direction's map.
    """

    along: int = 6
    up: int = 2
    around: int = 24
    map_size: int = 2048
    around_size: int = 1536


def lit(
    mesh: Mesh, casters: int, light: Light, geometry: Geometry, care: Care, mirrored: bool
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What falls on each vertex.

    Returns
    -------
    tuple
        Shape (vertices, 3), linear; and shape (vertices), the part of windows and lamps that is not in shadow.
    """
    total = np.zeros((len(mesh.vertices), 3), dtype=np.float32)
    seen = np.zeros((len(mesh.vertices), 2), dtype=np.float32)
    # What throws shadows comes first, vertices as well as triangles.
    used = mesh.vertices[: int(mesh.triangles[:casters].max()) + 1].astype(np.float64)
    points, normals = mesh.vertices.astype(np.float32), mesh.normals.astype(np.float32)
    wrap = wraps(mesh)
    throwing = mesh.triangles[:casters].astype(np.int32)
    for lamp in lamps_of(light, geometry, used, care, mirrored):
        size = care.around_size if lamp.parallel else care.map_size
        depth = np.ones((size, size), dtype=np.float32)
        depth_map(points, throwing, lamp.matrix, depth)
        add_light(
            points, normals, wrap, lamp.where.astype(np.float32), lamp.parallel, lamp.facing.astype(np.float32),
            lamp.colour.astype(np.float32), lamp.matrix, lamp.span, lamp.reach, depth, lamp.direct, total, seen,
        )  # fmt: skip
    return total, np.asarray(seen[:, 0] / np.maximum(seen[:, 1], 1e-9), dtype=np.float32)


def wraps(mesh: Mesh) -> NDArray[np.float32]:
    """Per vertex and channel, how far light goes round."""
    by_finish = np.array([WRAP.get(name, (0.0, 0.0, 0.0)) for name in FINISHES], dtype=np.float32)
    found = np.zeros((len(mesh.vertices), 3), dtype=np.float32)
    for corner in range(3):
        found[mesh.triangles[:, corner]] = by_finish[mesh.finish]
    return found


def lamps_of(light: Light, geometry: Geometry, casters: Floats, care: Care, mirrored: bool) -> Iterator[Lamp]:
    """All points and directions of a light."""
    flip = np.array([-1.0, 1.0, 1.0]) if mirrored else np.ones(3)
    shift = np.array([geometry.room.width if mirrored else 0.0, 0.0, 0.0])
    low, high = casters.min(0), casters.max(0)
    middle, radius = (low + high) / 2, float(np.linalg.norm(high - low) / 2)
    for where, facing, strength in (*window_points(light, geometry, care), *lamp_points(light, geometry)):
        at, way = shift + flip * where, flip * facing
        matrix, span = from_point(at, way, middle, radius)
        yield Lamp(at, False, way, strength, matrix, span, FADE_DIRECT, True)
    for way, colour in around_of(light, care):
        to = flip * way
        matrix, span = from_far(to, casters)
        yield Lamp(to, True, to, colour, matrix, span, FADE_AROUND, False)


def window_points(light: Light, geometry: Geometry, care: Care) -> Iterator[tuple[Floats, Floats, Floats]]:
    """Points spread evenly over the windows, each with its share of their area."""
    if not light.sky:
        return
    corner, along, up, into = opening(geometry, light.windows)
    area = float(np.linalg.norm(along) * np.linalg.norm(up))
    strength = SKY * light.sky * BRIGHT * area / (np.pi * care.along * care.up)
    for k in range(care.along):
        for j in range(care.up):
            yield corner + along * (k + 0.5) / care.along + up * (j + 0.5) / care.up + 0.05 * into, into, strength


def lamp_points(light: Light, geometry: Geometry) -> Iterator[tuple[Floats, Floats, Floats]]:
    """Points along two rows of lamps under the ceiling."""
    if not light.lamps:
        return
    room = geometry.room
    places = [(x, y) for x in (0.3 * room.width, 0.7 * room.width) for y in np.linspace(1.2, room.depth - 1.2, 5)]
    strength = LAMP * light.lamps * 11.0 / len(places)
    for x, y in places:
        yield np.array([x, y, room.height - 0.08]), np.array([0.0, 0.0, -1.0]), strength


def around_of(light: Light, care: Care) -> Iterator[tuple[Floats, Floats]]:
    """Directions spread evenly over the sphere (Fibonacci's spiral), each as bright as what lies there."""
    half = care.around // 2
    for k in range(half):
        z = 1 - (2 * k + 1) / half
        turn = k * np.pi * (3 - np.sqrt(5)) + 0.5
        flat = np.sqrt(1 - z * z)
        for sign in (-1.0, 1.0):  # in pairs, so that the sphere has no side of its own
            way = np.array([sign * flat * np.cos(turn), flat * np.sin(turn), z])
            # Even light of radiance 1 from all around lights a surface with 1: 4 ÷ number of directions each.
            yield way, AROUND * tone(way, light) * 4 / (2 * half)


def tone(way: Floats, light: Light) -> Floats:
    """How bright the room is in a direction: the ceiling bright, the floor dull and warm, the wall across from the
    windows brighter than theirs.
    """
    window = {"left": (-1.0, 0.0, 0.0), "right": (1.0, 0.0, 0.0), "back": (0.0, 1.0, 0.0)}[light.windows]
    up, down = max(float(way[2]), 0.0), max(-float(way[2]), 0.0)
    bright = 1.0 + 0.35 * up - 0.45 * down - 0.15 * float(way @ np.array(window)) * bool(light.sky)
    return light.around * bright * np.array([1.0, 1.0 - 0.05 * down, 1.0 - 0.16 * down])


def from_point(at: Floats, facing: Floats, middle: Floats, radius: float) -> tuple[Floats, tuple[float, float]]:
    """The matrix of a point's map: narrow, round all that throws shadows, where it stands clear of that; else wide."""
    apart = middle - at
    far = float(np.linalg.norm(apart))
    if far > 1.2 * radius:
        way, reach, near = apart / far, radius / math.sqrt(far**2 - radius**2), 0.9 * (far - radius)
    else:
        way, reach, near = facing, 3.0, 0.15
    right, up = across(way)
    end = far + radius
    deep = np.array([(end + near) / (end - near), -2 * end * near / (end - near)])
    rows = np.zeros((4, 4))
    for row, axis in ((0, right / reach), (1, up / reach), (2, deep[0] * way), (3, way)):
        rows[row, :3], rows[row, 3] = axis, -axis @ at
    rows[2, 3] += deep[1]
    return rows, (float(deep[0]), float(deep[1]))


def from_far(to: Floats, casters: Floats) -> tuple[Floats, tuple[float, float]]:
    """The matrix of a direction's map: a box round all that throws shadows."""
    right, up = across(-to)
    rows = np.zeros((4, 4))
    for row, axis in ((0, right), (1, up), (2, -to)):
        reach = casters @ axis
        low, high = float(reach.min()) - 0.02, float(reach.max()) + 0.02
        rows[row, :3], rows[row, 3] = 2 * axis / (high - low), -(high + low) / (high - low)
    rows[3, 3] = 1.0
    return rows, (high - low, 0.0)


def across(way: Floats) -> tuple[Floats, Floats]:
    """Two directions at right angles to one, and to one another."""
    other = np.array([0.0, 0.0, 1.0]) if abs(way[2]) < 0.9 else np.array([0.0, 1.0, 0.0])
    right = np.cross(way, other)
    right /= np.linalg.norm(right)
    return right, np.cross(right, way)
