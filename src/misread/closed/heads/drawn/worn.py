"""What a head may wear: glasses and a mask, as geometry that fits any head at any age.

Glasses are rims, a bridge and temples; there is no glass in them, so nothing shines or bends (a kindness to the
cameras). A mask is cloth drawn tight over nose, cheeks and chin: the convex hull of what it covers, a few millimetres
off the skin, with a loop round either ear. Measures are those of an adult's and shrink with the head (assumption).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from misread.closed.heads.drawn.parts import Piece, lattice
from misread.closed.heads.marks import landmarks
from misread.closed.heads.model import Floats, Ints, model

WEARABLE = ("glasses", "mask")
COLOURS: Mapping[str, tuple[float, float, float]] = {"frame": (13.0, 1.0, 2.0), "mask": (84.0, -4.0, -6.0)}
"""CIELAB: a dark frame, a pale blue cloth (assumption: common ones)."""

RIM = 0.0017
"""Half the thickness of a rim, in metres of an adult."""
LENS = (0.0240, 0.0195)
"""Half width and half height of what a rim goes round."""
CLEAR = 0.0025
"""Between a rim's middle line and what lies behind it."""
SQUARE = 2.6
"""Exponent of the rim's outline: 2 is an ellipse, more is squarer."""
AROUND, TUBE = 48, 8

CLOTH = 0.004
"""How far a mask is off the skin."""
LOOP = 0.0013


def worn(names: tuple[str, ...], rest: Floats, face: Floats, scale: float) -> tuple[Piece, ...]:
    """What a head wears, in `WEARABLE`'s order.

    Parameters
    ----------
    names : tuple of str
        Of `WEARABLE`.
    rest : Floats
        The face's vertices at rest: glasses sit on nose and ears, which do not move.
    face : Floats
        The same as the face now is: cloth goes with the chin.
    scale : float
        The head's size.

    Raises
    ------
    ValueError
        For what no head here wears.
    """
    for name in names:
        if name not in WEARABLE:
            raise ValueError(f"{name!r} is none of {', '.join(WEARABLE)}")
    made = {"glasses": lambda: glasses(rest, scale), "mask": lambda: mask(face, scale)}
    return tuple(made[name]() for name in WEARABLE if name in names)


def glasses(rest: Floats, scale: float) -> Piece:
    """Two rims, a bridge and two temples of thin tube."""
    rims = [rim(rest, scale, left) for left in (True, False)]
    inner = [ring[np.abs(ring[:, 0]).argmin()] for ring in rims]
    lift = np.array([0.0, 0.004, 0.002]) * scale
    bridge = np.array([inner[0], (inner[0] + inner[1]) / 2 + lift, inner[1]])
    tubes = [tube(ring, RIM * scale, closed=True) for ring in rims]
    tubes.append(tube(bridge, RIM * scale))
    tubes += [tube(temple(rest, ring, scale), 0.9 * RIM * scale) for ring in rims]
    return together(tubes, "frame")


def rim(rest: Floats, scale: float, left: bool) -> Floats:
    """The middle line of a rim: round the eye, upright, just clear of lashes, brow, cheek and nose."""
    eye = model().vertices_of("white")
    eye = eye[(model().base[eye, 0] > 0) == left]
    # Wider apart than the eyes, so that the nose has room between them.
    middle = rest[eye].mean(0) + np.array([0.0025 if left else -0.0025, -0.002, 0.0]) * scale
    angle = np.arange(AROUND) * 2 * np.pi / AROUND
    out = [np.sign(f) * np.abs(f) ** (2 / SQUARE) for f in (np.cos(angle), np.sin(angle))]
    flat = middle[:2] + scale * np.stack([LENS[0] * out[0], LENS[1] * out[1]], axis=1)
    # A lens leans a little: its lower edge nearer to the cheek.
    lean = np.tan(np.radians(6.0)) * (flat[:, 1] - middle[1])
    behind = np.array([in_front_of(rest, place, 0.004 * scale) for place in flat])
    lash = float(rest[model().vertices_of("lash"), 2].max())
    forward = max(float((behind - lean).max()), lash) + (CLEAR + RIM) * scale
    return np.column_stack([flat, forward + lean])


def in_front_of(points: Floats, place: Floats, near: float) -> float:
    """How far to the front the skin comes near a place seen from the front."""
    skin = points[model().vertices_of("skin", "lids")]
    gap = np.hypot(skin[:, 0] - place[0], skin[:, 1] - place[1])
    close = skin[gap < max(near, float(gap.min()) + 1e-9), 2]
    return float(close.max())


def temple(rest: Floats, ring: Floats, scale: float) -> Floats:
    """The middle line of a temple: from the rim's outer end over the ear and down behind it."""
    side = 1.0 if ring[:, 0].mean() > 0 else -1.0
    hinge = ring[(side * ring[:, 0]).argmax()]
    top = ear(rest, side)
    part = np.linspace(0, 1, 14)[:, None]
    line = hinge * (1 - part) + (top + np.array([0.0, 0.002, 0.0]) * scale) * part
    # On its way it stays outside of the temple's skin.
    for point in line[1:]:
        point[0] = side * max(side * point[0], beside(rest, point, side, scale) + 2 * RIM * scale)
    hook = line[-1] + np.array([[0.0, -0.008, -0.010], [0.0, -0.028, -0.016]]) * scale
    return np.concatenate([line, hook])


def ear(points: Floats, side: float) -> Floats:
    """Where an ear's upper end meets the head."""
    rows = np.flatnonzero(model().masks["ears"] > 0.5)
    rows = rows[side * model().base[rows, 0] > 0]
    own = points[rows]
    high = own[own[:, 1] > np.quantile(own[:, 1], 0.8)]
    return np.asarray(high[(side * high[:, 0]).argmin()])


def beside(points: Floats, at: Floats, side: float, scale: float) -> float:
    """How far to a side the head's skin reaches near a place seen from that side, its ears left out."""
    skin = skin_without_ears()
    own = points[skin]
    gap = np.hypot(own[:, 1] - at[1], own[:, 2] - at[2])
    return float((side * own[gap < max(0.008 * scale, float(gap.min()) + 1e-9), 0]).max())


@lru_cache(maxsize=1)
def skin_without_ears() -> Ints:
    """The skin's vertices that are no part of an ear."""
    skin = model().vertices_of("skin")
    return np.asarray(skin[model().masks["ears"][skin] < 0.1])


ACROSS, DOWN = 33, 17
REACH = 68.0
"""Degrees from the middle of the face to the mask's side, seen from the head's axis."""


def mask(face: Floats, scale: float) -> Piece:
    """Cloth from the bridge of the nose to under the chin and nearly from ear to ear, and its loops."""
    from scipy.spatial import ConvexHull  # slow to load, and rarely asked for

    marks = {name: face[vertex] for name, vertex in landmarks().items()}
    eyes = (marks["left eye inner corner"] + marks["right eye inner corner"]) / 2
    chin = marks["chin"]
    jaw = (marks["left jaw"] + marks["right jaw"]) / 2
    bridge = 0.62 * eyes[1] + 0.38 * marks["nose tip"][1]
    axis = jaw[2] - 0.012 * scale
    covered = face[covered_vertices()]
    low = chin[1] - 0.010 * scale
    covered = covered[(covered[:, 1] < bridge + 0.006 * scale) & (covered[:, 1] > low - 0.020 * scale)]
    facets = ConvexHull(covered).equations
    turn = np.radians(np.linspace(-REACH, REACH, ACROSS))
    sideways = np.abs(np.linspace(-1, 1, ACROSS))
    # The upper edge falls from the nose over the cheekbones to the ears, the lower one rises to the jaw's angle.
    upper = bridge - (bridge - marks["nose tip"][1] + 0.002 * scale) * np.clip(sideways / 0.55, 0, 1) ** 0.9
    lower = low + (jaw[1] - 0.012 * scale - low) * sideways**1.6
    part = np.linspace(0, 1, DOWN)
    heights = upper[None] * (1 - part[:, None]) + lower[None] * part[:, None]
    way = np.stack([np.sin(turn), np.zeros(ACROSS), np.cos(turn)], axis=1)
    start = np.stack([np.zeros_like(heights), heights, np.full_like(heights, axis)], axis=-1)
    grid = start + (out_to(facets, start, way) + CLOTH * scale)[..., None] * way
    sheet = grid.reshape(-1, 3), net(DOWN, ACROSS)
    loops = [tube(loop(face, grid, side, scale), LOOP * scale) for side in (1.0, -1.0)]
    return together([sheet, *loops], "mask")


@lru_cache(maxsize=1)
def covered_vertices() -> Ints:
    """Skin and lips in front of the ears."""
    held = model()
    rows = held.vertices_of("skin", "lips")
    jaw = held.base[landmarks()["left jaw"]]
    return np.asarray(rows[(held.masks["ears"][rows] < 0.1) & (held.base[rows, 2] > jaw[2] - 0.03)])


def out_to(facets: Floats, start: Floats, way: Floats) -> Floats:
    """How far it is from places within a convex hull, along a way of each column, to its surface."""
    rise = way @ facets[:, :3].T
    gap = -(start @ facets[:, :3].T + facets[:, 3])
    far = np.where(rise > 1e-9, np.maximum(gap, 0.0) / np.maximum(rise, 1e-9), np.inf)
    return np.asarray(far.min(-1))


def loop(face: Floats, grid: Floats, side: float, scale: float) -> Floats:
    """The middle line of a loop: from the mask's upper corner behind the ear to its lower corner."""
    column = -1 if side > 0 else 0
    top, foot = grid[1, column], grid[-2, column]
    rows = np.flatnonzero(model().masks["ears"] > 0.5)
    own = face[rows[side * model().base[rows, 0] > 0]]
    root = ear(face, side)
    lobe = own[own[:, 1] < np.quantile(own[:, 1], 0.1)].mean(0)
    back = np.array([0.0, 0.0, -0.010]) * scale
    knots = [top, root + np.array([0.002 * side, 0.002, 0.0]) * scale, root + back, lobe + back, lobe, foot]
    return np.array(knots)


def net(rows: int, columns: int) -> Ints:
    """Triangles of a grid of points, counter-clockwise seen from outside: columns go to the head's own left."""
    row, column = np.meshgrid(np.arange(rows - 1), np.arange(columns - 1), indexing="ij")
    here = (row * columns + column).ravel()
    below = here + columns
    return np.stack([here, below, below + 1, here, below + 1, here + 1], axis=1).reshape(-1, 3)


def tube(path: Floats, thick: float, closed: bool = False) -> tuple[Floats, Ints]:
    """A tube of even thickness along a line: points and triangles, counter-clockwise seen from outside."""
    ends = np.concatenate([path[-1:], path, path[:1]]) if closed else np.concatenate([path[:1], path, path[-1:]])
    way = ends[2:] - ends[:-2]
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    # Any direction that no part of a frame runs along.
    side = np.cross(way, np.array([0.28, 0.37, 0.88]) if not closed else np.array([0.0, 0.0, 1.0]))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    other = np.cross(way, side)
    angle = (np.arange(TUBE) * 2 * np.pi / TUBE)[None, :, None]
    rings = path[:, None] + thick * (np.cos(angle) * side[:, None] + np.sin(angle) * other[:, None])
    if closed:
        rings = np.concatenate([rings, rings[:1]])
    # `lattice` winds outwards where rings go the other way about.
    return rings.reshape(-1, 3), lattice(len(rings), TUBE)[:, ::-1]


def together(parts: list[tuple[Floats, Ints]], material: str) -> Piece:
    """Several surfaces as one piece of one material."""
    starts = np.cumsum([0, *(len(points) for points, _ in parts[:-1])])
    triangles = np.concatenate([rows + start for (_, rows), start in zip(parts, starts, strict=True)])
    points = np.concatenate([points for points, _ in parts])
    return Piece(points, triangles, (material,) * len(triangles), np.ones(len(points)))
