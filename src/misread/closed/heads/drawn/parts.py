"""What is added to the source's skin: eyeballs that can turn, and a collar that closes the neck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from misread.closed.heads.model import Floats, Ints, Model


@dataclass(frozen=True, slots=True)
class Piece:
    """Some geometry of its own.

    Attributes
    ----------
    points : Floats
    triangles : Ints
        Counter-clockwise seen from outside.
    material : tuple[str, ...]
        One name a triangle.
    shade : Floats
        Per vertex: how light it is, about 1.
    """

    points: Floats
    triangles: Ints
    material: tuple[str, ...]
    shade: Floats


# Degrees from the eye's axis to the edges of the pupil and the iris, seen from the eyeball's middle (assumption: an
# iris of 12 mm on the source's eyeball, which is 31 mm wide for an adult), and where the rings of the ball lie.
PUPIL, IRIS = 8.0, 22.0
RINGS = (0.0, 4.0, PUPIL, 11.0, 15.0, 19.0, IRIS, 24.0, 30.0, 38.0, 48.0, 60.0, 75.0, 95.0)
AROUND = 32


def eyeball(points: Floats, held: Model, left: bool, gaze: tuple[float, float]) -> Piece:
    """One eyeball, fitted to the source's, its pupil turned `gaze` degrees (to the head's own left, up)."""
    ball = held.vertices_of("white")
    ball = ball[(held.base[ball, 0] > 0) == left]
    middle = points[ball].mean(0)
    radius = float(np.linalg.norm(points[ball] - middle, axis=1).mean())
    angle = np.radians(np.array(RINGS))
    # The cornea stands out a little over the iris.
    reach = radius * (1 + 0.025 * np.clip(1 - (np.array(RINGS) / (IRIS + 3)) ** 2, 0, None))
    turn = np.arange(AROUND) * 2 * np.pi / AROUND
    rings = np.stack(
        [
            np.outer(reach * np.sin(angle), np.cos(turn)),
            np.outer(reach * np.sin(angle), np.sin(turn)),
            np.outer(reach * np.cos(angle), np.ones(AROUND)),
        ],
        axis=2,
    )
    side, up = np.radians(gaze)
    x, y, z = rings.reshape(-1, 3).T
    y, z = np.cos(up) * y + np.sin(up) * z, -np.sin(up) * y + np.cos(up) * z
    x, z = np.cos(side) * x + np.sin(side) * z, -np.sin(side) * x + np.cos(side) * z
    degrees = np.repeat(np.array(RINGS), AROUND)
    # A dark rim round the iris, spokes inside it, and a white that darkens to the corners.
    spokes = 0.12 * np.tile(np.cos(7 * turn) + np.cos(11 * turn + 1), len(RINGS)) / 2
    shade = np.where(degrees <= IRIS, 1.15 - 0.5 * ((degrees - PUPIL) / (IRIS - PUPIL)).clip(0, 1) ** 3 + spokes, 1.0)
    shade = np.where(degrees > 30, 1 - 0.18 * ((degrees - 30) / 45).clip(0, 1), shade)
    names = np.repeat(["pupil" if d < PUPIL else "iris" if d < IRIS else "white" for d in RINGS[:-1]], 2 * AROUND)
    # The first ring is a point: every second triangle in it has no area.
    real = np.delete(np.arange(len(names)), np.arange(1, 2 * AROUND, 2))
    triangles = lattice(len(RINGS), AROUND)[real]
    return Piece(np.stack([x, y, z], axis=1) + middle, triangles, tuple(names[real]), shade)


def pupil_place(piece: Piece) -> Floats:
    """Where an eyeball's pupil is."""
    return np.asarray(piece.points[:AROUND].mean(0))


def lattice(rows: int, around: int) -> Ints:
    """Triangles between the rings of a tube, each ring `around` vertices."""
    first = (np.arange(rows - 1)[:, None] * around + np.arange(around)).ravel()
    second = (np.arange(rows - 1)[:, None] * around + (np.arange(around) + 1) % around).ravel()
    below, beside = first + around, second + around
    return np.stack([first, below, beside, first, beside, second], axis=1).reshape(-1, 3)


def open_edge(triangles: Ints) -> Ints:
    """The vertices of a surface's one open edge, in order, so that the surface lies to the left."""
    edges = triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    present = {(int(a), int(b)) for a, b in edges}
    after = {a: b for a, b in present if (b, a) not in present}
    start = min(after)
    ring = [start]
    while after[ring[-1]] != start:
        ring.append(after[ring[-1]])
    if len(ring) != len(after):
        raise ValueError("more than one open edge")
    return np.array(ring)


# The collar's section: (how far out from the neck, how far up along it), in metres for an adult; then the yoke's slope.
SECTION = (
    (0.0015, -0.002), (0.0015, 0.006), (0.0025, 0.0105), (0.0055, 0.0115), (0.0080, 0.0095), (0.0088, 0.003),
    (0.0092, -0.004), (0.0105, -0.0075),
)  # fmt: skip
YOKE = ((0.12, -0.012), (0.28, -0.020), (0.5, -0.032), (0.72, -0.050), (0.9, -0.074), (1.0, -0.105), (1.0, -0.135))
YOKE_HALVES = (0.165, 0.072)
"""Half width and half depth of the yoke of an adult: a shirt's shape, drawn from no body (assumption)."""
SMOOTH = 5


def collar(points: Floats, ring: Ints, scale: float) -> Piece:
    """A shirt's collar and yoke that begins at the neck's open edge, hides it, and is closed underneath.

    The first `len(ring)` points are the edge itself, so that skin and collar make one closed surface.
    """
    edge = points[ring]
    middle = edge.mean(0)
    level = smooth(edge)
    outward = level - middle
    outward[:, 1] = 0.0
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    rows = [edge]
    top = np.array([0.0, scale, 0.0])
    clear = max(0.0, float((edge[:, 1] - level[:, 1]).max()))
    for out, up in SECTION:
        rows.append(level + outward * (out * scale) + top * (up + (clear if up > 0 else 0.0)))
    last = rows[-1]
    for part, down in YOKE:
        wide = np.stack([outward[:, 0] * YOKE_HALVES[0], np.zeros(len(ring)), outward[:, 2] * YOKE_HALVES[1]], axis=1)
        goal = middle * (1.0, 0.0, 0.6) + wide * scale
        row = last + part * (goal - last)
        row[:, 1] = last[:, 1] * (1 - part) + middle[1] * part + down * scale
        rows.append(row)
    bottom = rows[-1].mean(0, keepdims=True)
    count = len(ring)
    sides = lattice(len(rows), count)
    under = (len(rows) - 1) * count
    step = np.arange(count)
    cap = np.stack([under + step, np.full(count, under + count), under + (step + 1) % count], axis=1)
    triangles = np.concatenate([sides, cap])
    everything = np.concatenate([*rows, bottom])
    return Piece(everything, triangles, ("shirt",) * len(triangles), np.ones(len(everything)))


def smooth(edge: Floats) -> Floats:
    """The edge without its teeth: each point the mean of its neighbours, some times over."""
    for _ in range(SMOOTH):
        edge = (np.roll(edge, 1, 0) + edge + np.roll(edge, -1, 0)) / 3
    return edge
