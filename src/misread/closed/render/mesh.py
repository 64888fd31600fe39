"""Triangles with what is needed to light them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[Any]
Values = NDArray[Any]
"""As wide as it was made, or as `packed` makes it."""

FINISHES = ("matte", "skin", "eye", "hair", "cloth", "shining", "lips", "wood")
"""How a surface takes light; "shining" gives its colour as it is, without any."""
PLAIN = -1
"""The texture of a triangle without one."""


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Surfaces in one frame.

    Attributes
    ----------
    vertices, normals : Values
        Shape (vertices, 3); normals of length 1, outwards.
    triangles : Ints
        Shape (triangles, 3).
    colour : Values
        Per triangle, linear sRGB reflectance.
    shade : Values
        Per vertex, what the colour is multiplied with.
    finish : Ints
        Per triangle, an index into `FINISHES`.
    texture : Ints
        Per triangle, which of the textures is its colour, or `PLAIN`.
    uv : Values
        Per vertex, the place on the texture.
    owner : Ints
        Per triangle, the sitter it belongs to, or -1.
    """

    vertices: Values
    normals: Values
    triangles: Ints
    colour: Values
    shade: Values
    finish: Ints
    texture: Ints
    uv: Values
    owner: Ints


def joined(pieces: Sequence[Mesh]) -> Mesh:
    """Several meshes as one."""
    offsets = np.cumsum([0, *(len(p.vertices) for p in pieces[:-1])])
    return Mesh(
        vertices=np.concatenate([p.vertices for p in pieces]),
        normals=np.concatenate([p.normals for p in pieces]),
        triangles=np.concatenate([p.triangles + o for p, o in zip(pieces, offsets, strict=True)]),
        colour=np.concatenate([p.colour for p in pieces]),
        shade=np.concatenate([p.shade for p in pieces]),
        finish=np.concatenate([p.finish for p in pieces]),
        texture=np.concatenate([p.texture for p in pieces]),
        uv=np.concatenate([p.uv for p in pieces]),
        owner=np.concatenate([p.owner for p in pieces]),
    )


def packed(mesh: Mesh) -> Mesh:
    """The same as the compiled loops take it: half as many bytes."""
    exact = {"vertices": np.float32, "normals": np.float32, "triangles": np.int32, "colour": np.float32,
             "shade": np.float32, "finish": np.uint8, "texture": np.int32, "uv": np.float32,
             "owner": np.int32}  # fmt: skip
    return Mesh(**{name: np.ascontiguousarray(getattr(mesh, name), dtype=kind) for name, kind in exact.items()})


def plain(
    vertices: Floats, normals: Floats, triangles: Ints, colour: Sequence[float] | Floats, finish: str, owner: int = -1
) -> Mesh:
    """A surface of one colour, or of one a triangle."""
    count = len(triangles)
    return Mesh(
        vertices=vertices,
        normals=normals,
        triangles=triangles,
        colour=np.broadcast_to(np.asarray(colour, dtype=float), (count, 3)),
        shade=np.ones(len(vertices)),
        finish=np.full(count, FINISHES.index(finish)),
        texture=np.full(count, PLAIN),
        uv=np.zeros((len(vertices), 2)),
        owner=np.full(count, owner),
    )


def smooth_normals(vertices: Floats, triangles: Ints) -> Floats:
    """At each vertex the mean of its triangles' normals by their area (right-handed frame)."""
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    faces = np.cross(b - a, c - a)
    total = np.zeros_like(vertices)
    for k in range(3):
        for axis in range(3):
            total[:, axis] += np.bincount(triangles[:, k], faces[:, axis], len(vertices))
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-20))


def grid(corner: Floats, first: Floats, second: Floats, step: float) -> tuple[Floats, Ints]:
    """A parallelogram cut into cells no larger than `step`."""
    across, along = (max(1, int(np.ceil(np.linalg.norm(side) / step))) for side in (first, second))
    u, v = np.meshgrid(np.linspace(0, 1, across + 1), np.linspace(0, 1, along + 1), indexing="ij")
    points = corner + u.ravel()[:, None] * first + v.ravel()[:, None] * second
    row, column = np.meshgrid(np.arange(across), np.arange(along), indexing="ij")
    here = (row * (along + 1) + column).ravel()
    right, down = here + along + 1, here + 1
    return points, np.stack([here, right, right + 1, here, right + 1, down], axis=1).reshape(-1, 3)


def panel(
    corner: Sequence[float], first: Sequence[float], second: Sequence[float], out: Sequence[float],
    colour: Sequence[float], finish: str = "matte", step: float = 1.0, owner: int = -1,
) -> Mesh:  # fmt: skip
    """A flat panel from a corner and two sides, facing `out`."""
    points, triangles = grid(np.array(corner, float), np.array(first, float), np.array(second, float), step)
    normals = np.broadcast_to(np.array(out, float), points.shape)
    return plain(points, normals, triangles, colour, finish, owner)


def box(
    low: Sequence[float], high: Sequence[float], colour: Sequence[float], finish: str = "matte", step: float = 1.0,
    owner: int = -1,
) -> Mesh:  # fmt: skip
    """A box between two corners."""
    a, b = np.array(low, float), np.array(high, float)
    pieces = []
    for axis in range(3):
        one, two = (np.eye(3)[k] * (b - a)[k] for k in range(3) if k != axis)
        for end, sign in ((a, -1.0), (b, 1.0)):
            corner = a.copy()
            corner[axis] = end[axis]
            out = list(sign * np.eye(3)[axis])
            pieces.append(panel(list(corner), list(one), list(two), out, colour, finish, step, owner))
    return joined(pieces)
