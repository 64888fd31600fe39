"""Hair as geometry: a cap grown from the scalp and locks combed over it, in five styles.

A style is made once, on the average adult; a head gets it by the affine map that takes the average scalp to its own,
and by what is left over at the nearest points of the scalp. Nothing here is tied to build, skin or age.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from misread.closed.heads.drawn.paint import scalp
from misread.closed.heads.drawn.parts import Piece
from misread.closed.heads.identity import Person
from misread.closed.heads.model import Floats, Ints, model

CROWN = np.array([0.0, 0.236, -0.005])
INSIDE = np.array([0.0, 0.150, 0.030])
KNOT = np.array([0.0, 0.166, -0.057])
VARIANTS = 3


@dataclass(frozen=True, slots=True)
class Style:
    """How a style grows: how many locks, how long (m), how wide, how far they stand off, how thick the cap is."""

    locks: int
    length: float
    width: float
    lift: float
    cap: float
    steps: int = 9


STYLES = {
    "cropped": Style(1500, 0.019, 0.0042, 0.0050, 0.0042, 4),
    "parted": Style(800, 0.062, 0.0075, 0.0080, 0.0050, 7),
    "bob": Style(640, 0.215, 0.0100, 0.0085, 0.0060, 13),
    "tied": Style(640, 0.190, 0.0085, 0.0030, 0.0040, 12),
    "curls": Style(1700, 0.0, 0.0060, 0.0290, 0.0150, 10),
}


@dataclass(frozen=True, slots=True)
class Grown:
    """A style on the average adult: its geometry, and which points of the scalp each vertex follows, how much."""

    piece: Piece
    near: Ints
    share: Floats


def hair_of(who: Person, points: Floats) -> Piece:
    """A person's hair on their own head at rest."""
    made = grown(who.style, who.seed % VARIANTS)
    rows = roots()[0]
    base, own = model().base[rows], points[rows]
    ones = np.ones((len(rows), 1))
    affine, *_ = np.linalg.lstsq(np.concatenate([base, ones], axis=1), own, rcond=None)
    left_over = own - np.concatenate([base, ones], axis=1) @ affine
    fresh = np.concatenate([made.piece.points, np.ones((len(made.piece.points), 1))], axis=1) @ affine
    fresh += (left_over[made.near] * made.share[..., None]).sum(1)
    return Piece(fresh, made.piece.triangles, made.piece.material, made.piece.shade)


@lru_cache(maxsize=1)
def roots() -> tuple[Ints, Ints]:
    """The scalp's vertices and triangles (without the ears) on the average adult."""
    held = model()
    grows = (scalp(1e3 * held.base) > 0.02) & (held.masks["ears"] < 0.3)
    chosen = held.triangles[held.of("skin")]
    chosen = chosen[grows[chosen].all(1)]
    return np.unique(chosen), chosen


@lru_cache(maxsize=len(STYLES) * VARIANTS)
def grown(name: str, variant: int) -> Grown:
    """A style's geometry on the average adult."""
    style = STYLES[name]
    draw = np.random.Generator(np.random.Philox(key=[variant, sum(map(ord, name))]))
    pieces = [cap(style)]
    if name == "curls":
        pieces.append(coils(style, draw))
    else:
        start = sown(style.locks, draw)
        paths = combed(name, style, start, draw)
        pieces.append(ribbons(paths, style.width * (0.75 + 0.5 * draw.random(len(paths))), draw))
    if name == "tied":
        pieces.append(ribbons(tail(draw), 0.010 * np.ones(90), draw))
    piece = together(pieces)
    rows = roots()[0]
    base = model().base[rows]
    marks = base[::2]
    gap = (piece.points**2).sum(1)[:, None] + (marks**2).sum(1) - 2 * piece.points @ marks.T
    near = np.argpartition(gap, 6, axis=1)[:, :6]
    share = 1 / (np.sqrt(np.maximum(np.take_along_axis(gap, near, axis=1), 0)) + 0.004) ** 2
    return Grown(piece, near * 2, share / share.sum(1, keepdims=True))


def together(pieces: list[Piece]) -> Piece:
    """Several pieces as one."""
    offsets = np.cumsum([0, *(len(p.points) for p in pieces[:-1])])
    return Piece(
        np.concatenate([p.points for p in pieces]),
        np.concatenate([p.triangles + o for p, o in zip(pieces, offsets, strict=True)]),
        tuple(m for p in pieces for m in p.material),
        np.concatenate([p.shade for p in pieces]),
    )


def halved(points: Floats, triangles: Ints) -> tuple[Floats, Ints]:
    """Each triangle cut into four."""
    edges = np.sort(triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    lines, which = np.unique(edges, axis=0, return_inverse=True)
    a, b, c = (len(points) + which.reshape(-1, 3)).T
    x, y, z = triangles.T
    fresh = np.stack([x, a, c, a, y, b, c, b, z, a, b, c], axis=1).reshape(-1, 3)
    return np.concatenate([points, points[lines].mean(1)]), fresh


def outward(points: Floats) -> Floats:
    """The way out of the skull at each point; low at the nape it is level."""
    way = points - INSIDE
    way[:, 1] = np.where(way[:, 1] < 0, 0.0, way[:, 1])
    return np.asarray(way / np.linalg.norm(way, axis=1, keepdims=True))


def cap(style: Style) -> Piece:
    """The scalp itself, raised towards the crown: what shows between locks."""
    points, triangles = model().base, roots()[1]
    for _ in range(2):
        points, triangles = halved(points, triangles)
    used, triangles = np.unique(triangles, return_inverse=True)
    points, triangles = points[used], triangles.reshape(-1, 3)
    grows = scalp(1e3 * points, 14.0)
    points = points + outward(points) * (style.cap * grows - 0.0008)[:, None]
    return Piece(points, triangles, ("hair",) * len(triangles), 0.80 + 0.1 * grows)


def sown(count: int, draw: np.random.Generator) -> Floats:
    """Places on the scalp, even over its area."""
    points, triangles = model().base, roots()[1]
    corners = points[triangles]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    steps = (np.arange(count) + draw.random(count)) / count
    which = np.searchsorted(np.cumsum(area) / area.sum(), steps).clip(0, len(area) - 1)
    u, v = draw.random((2, count))
    over = u + v > 1
    u, v = np.where(over, 1 - u, u), np.where(over, 1 - v, v)
    a, b, c = np.moveaxis(corners[which], 1, 0)
    return np.asarray(a + u[:, None] * (b - a) + v[:, None] * (c - a))


def surface(points: Floats, ears: bool) -> Floats:
    """How far from `INSIDE` the skull lies in the direction of each point; with ears, over them."""
    held = model()
    rows = held.vertices_of("skin")
    rows = rows[(held.base[rows, 1] > 0.02) & ((held.masks["ears"][rows] < 0.3) | ears)]
    way = held.base[rows] - INSIDE
    far = np.linalg.norm(way, axis=1)
    to = points - INSIDE
    alike = (to / np.linalg.norm(to, axis=1, keepdims=True)) @ (way / far[:, None]).T
    weight = np.exp((alike - alike.max(1, keepdims=True)) / 0.0015)
    return np.asarray((weight @ far) / weight.sum(1))


def combed(name: str, style: Style, start: Floats, draw: np.random.Generator) -> Floats:
    """Locks from their roots along the style's way, kept off the skull: (locks, steps, 3)."""
    count = len(start)
    long = style.length * (0.8 + 0.4 * draw.random(count))
    if name == "parted":
        top = np.clip((start[:, 1] - 0.165) / 0.04, 0, 1)
        long *= 0.28 + 0.72 * top
    if name == "bob":
        over_top = np.maximum(0.0, start[:, 1] - 0.175) * 0.5 + np.maximum(0.0, 0.075 - np.abs(start[:, 0])) * 0.65
        long = (np.maximum(0.03, start[:, 1] - 0.060) + over_top) * (0.94 + 0.1 * draw.random(count))
    step = (long / (style.steps - 1))[:, None]
    lift = style.lift * (0.4 + 0.9 * draw.random(count))
    jitter = 0.35 * (draw.random((count, 3)) - 0.5)
    here, path = start, [start]
    for number in range(1, style.steps):
        way = along(name, here, start, number / style.steps) + jitter
        here = here + step * way / np.linalg.norm(way, axis=1, keepdims=True)
        out = here - INSIDE
        far = np.linalg.norm(out, axis=1)
        least = surface(here, name == "bob") + lift * min(1.0, 0.35 + number / 3)
        over = here[:, 1] > (0.085 if name == "bob" else 0.0)
        near = np.where(over, np.maximum(far, least), far)
        if name != "bob":
            near = np.minimum(near, least + 0.003)
        else:
            near = np.where(here[:, 1] > 0.13, np.minimum(near, least + 0.004), near)
        here = INSIDE + out * (near / far)[:, None]
        if name == "bob":
            here = off_the_face(here)
        path.append(here)
    paths = np.stack(path, axis=1)
    if name == "tied":
        paths = gathered(paths)
    return paths


def along(name: str, here: Floats, start: Floats, part: float) -> Floats:
    """The way a lock goes on from where it is."""
    down = np.array([0.0, -1.0, 0.0])
    away = outward(here)
    if name == "cropped":
        way = here - CROWN + np.array([0.0, 0.0, 0.02])
        way = way / np.linalg.norm(way, axis=1, keepdims=True) + 0.25 * down
    elif name == "parted":
        side = np.where(start[:, 0] > 0.028, 1.0, -1.0)[:, None]
        top = np.clip((start[:, 1] - 0.175) / 0.03, 0, 1)[:, None]
        way = top * (side * np.array([0.9, 0.1, 0.0]) + np.array([0.0, 0.25, 0.25])) + (1 - top) * (
            down + np.array([0.0, 0.0, -0.25])
        )
        way = way + 0.6 * part * down
    elif name == "bob":
        side = np.where(start[:, 0] > 0.004, 1.0, -1.0)[:, None]
        front = np.clip((start[:, 2] - 0.03) / 0.05, 0, 1)[:, None]
        high = np.clip((here[:, 1:2] - 0.16) / 0.05, 0, 1)
        way = down * (1.6 - high) + high * side * np.array([0.9, 0.0, 0.0]) * (0.4 + 0.6 * front)
        way = way + high * np.array([0.0, 0.0, -0.3])
        tuck = np.clip((0.085 - here[:, 1:2]) / 0.04, 0, 1)
        way = way - 0.35 * tuck * away
    else:
        way = KNOT - here
        way = way / np.linalg.norm(way, axis=1, keepdims=True)
    lean = (way * away).sum(1, keepdims=True)
    held = np.clip((here[:, 1:2] - 0.10) / 0.03, 0, 1) if name == "bob" else 1.0
    return np.asarray(way - 0.9 * held * lean * away)


def off_the_face(points: Floats) -> Floats:
    """Points before the face moved to its sides."""
    before = (points[:, 2] > 0.055) & (points[:, 1] < 0.195)
    least = np.interp(points[:, 1], [0.03, 0.09, 0.15, 0.195], [0.066, 0.078, 0.078, 0.052])
    x = np.where(before, np.sign(points[:, 0]) * np.maximum(np.abs(points[:, 0]), least), points[:, 0])
    z = np.where(before, np.minimum(points[:, 2], 0.095), points[:, 2])
    return np.stack([x, points[:, 1], z], axis=1)


def gathered(paths: Floats) -> Floats:
    """Locks that have come near the knot stay there."""
    close = np.linalg.norm(paths - KNOT, axis=2) < 0.022
    first = np.where(close.any(1), close.argmax(1), paths.shape[1] - 1)
    step = np.minimum(np.arange(paths.shape[1])[None], first[:, None])
    return np.asarray(np.take_along_axis(paths, step[..., None], axis=1))


def tail(draw: np.random.Generator) -> Floats:
    """A ponytail from the knot."""
    count, steps = 90, 9
    part = np.linspace(0, 1, steps)
    turn, wide = 2 * np.pi * draw.random(count), np.sqrt(draw.random(count))
    spread = 0.007 + 0.020 * np.sin(np.pi * np.clip(part * 0.85, 0, 1))
    long = 0.115 * (0.85 + 0.25 * draw.random(count))
    x = (wide * np.cos(turn))[:, None] * spread
    z = KNOT[2] - 0.002 - 0.036 * np.sin(np.pi * part * 0.75) + (wide * np.sin(turn))[:, None] * spread
    y = KNOT[1] + 0.010 * np.sin(np.pi * part * 0.7) - long[:, None] * part**1.5
    return np.stack([x, np.broadcast_to(y, x.shape), z], axis=2)


def ribbons(paths: Floats, width: Floats, draw: np.random.Generator) -> Piece:
    """Each lock as a ribbon with a ridge, narrow at its ends."""
    count, steps, _ = paths.shape
    run = np.gradient(paths, axis=1)
    out = paths - INSIDE
    out /= np.linalg.norm(out, axis=2, keepdims=True)
    across = np.cross(run, out)
    length = np.linalg.norm(across, axis=2, keepdims=True)
    across = np.where(length > 1e-9, across / np.maximum(length, 1e-9), 0.0)
    part = np.linspace(0, 1, steps)
    half = 0.5 * width[:, None, None] * (np.sin(np.pi * (0.12 + 0.86 * part)) ** 0.7)[None, :, None]
    rows = np.stack([paths - half * across, paths + 0.35 * half * out, paths + half * across], axis=2)
    own = np.asarray(0.72 + 0.5 * draw.random(count))
    tone = own[:, None, None] * (0.78 + 0.3 * part)[None, :, None] * np.array([0.82, 1.12, 0.82])
    first = (np.arange(count)[:, None] * steps + np.arange(steps - 1)).ravel()[:, None] * 3
    quad = first + np.array([[0, 1, 4, 0, 4, 3, 1, 2, 5, 1, 5, 4]])
    triangles, points = quad.reshape(-1, 3), rows.reshape(-1, 3)
    a, b, c = np.moveaxis(points[triangles], 1, 0)
    triangles = triangles[np.linalg.norm(np.cross(b - a, c - a), axis=1) > 1e-11]  # locks that ended early
    return Piece(points, triangles, ("hair",) * len(triangles), tone.reshape(-1))


def coils(style: Style, draw: np.random.Generator) -> Piece:
    """Curls: each a short spiral that stands off the scalp, leaning its own way."""
    start, turns = sown(style.locks, draw), np.linspace(0, 1, style.steps)
    count = len(start)
    grows = scalp(1e3 * start, 30.0)
    axis = outward(start) + 0.9 * (draw.random((count, 3)) - 0.5)
    axis /= np.linalg.norm(axis, axis=1, keepdims=True)
    first = np.cross(axis, np.array([0.31, 0.85, 0.42]))
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second = np.cross(axis, first)
    radius = style.width * (0.5 + 0.5 * draw.random(count)) * (0.5 + 0.5 * grows)
    stand = style.lift * (0.75 + 0.5 * draw.random(count)) * (0.25 + 0.75 * grows)
    angle = 2 * np.pi * (draw.random(count)[:, None] + (1.4 + 0.8 * draw.random(count))[:, None] * turns)
    swing = radius[:, None, None] * (
        np.cos(angle)[..., None] * first[:, None] + np.sin(angle)[..., None] * second[:, None]
    )
    paths = start[:, None] + (0.2 + 0.8 * turns)[None, :, None] * (stand[:, None] * axis)[:, None] + swing
    return ribbons(paths, 0.8 * style.width * (0.8 + 0.4 * draw.random(count)), draw)
