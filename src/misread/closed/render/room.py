"""The classroom: walls, windows, board, desks and chairs, as plain as a picture book's; all of it ours (assumption)."""

from __future__ import annotations

import numpy as np

from misread.closed.render.mesh import Floats, Mesh, box, joined, panel
from misread.closed.render.scene import Light, Side
from misread.deployment.model.camera import Geometry
from misread.deployment.seats.plan import eyes_of

Colour = tuple[float, float, float]


def srgb(code: str) -> Colour:
    """Linear reflectance of a colour as screens write it."""
    values = [int(code[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return red, green, blue


WALL, LOWER, CEILING, FLOOR, WHITE = (srgb(c) for c in ("efe5d2", "dccfb4", "f4f1ea", "b98f63", "f3f0e8"))
DESK, LEG, CHAIR, BOARD, CORK, PAPER = (srgb(c) for c in ("d9b27c", "7d848a", "3f7f86", "2f5a4b", "c79f6b", "f7f3e6"))
PAPERS = tuple(srgb(c) for c in ("e8a33d", "6fa8c9", "d9705f", "8fb56a", "f0d36b", "b58fc4", "f7f3e6", "5f8fae"))
BOOKS = tuple(srgb(c) for c in ("b5483a", "2f6f8f", "d79a3c", "55824f", "7b5a8c", "e0d3b0"))

SILL, HEAD = 0.95, 2.55
DESK_TOP = 0.70


def opening(geometry: Geometry, side: Side) -> tuple[Floats, Floats, Floats, Floats]:
    """The windows' rectangle: a corner, its sides along the wall and up, and the way into the room."""
    room = geometry.room
    low, high = min(SILL, room.height * 0.4), min(HEAD, room.height * 0.87)
    up = np.array([0.0, 0.0, high - low])
    if side == "back":
        return np.array([0.6, room.depth, low]), np.array([room.width - 1.2, 0, 0]), up, np.array([0.0, -1.0, 0.0])
    x, into = (0.0, 1.0) if side == "left" else (room.width, -1.0)
    return np.array([x, 1.0, low]), np.array([0.0, room.depth - 1.8, 0.0]), up, np.array([into, 0.0, 0.0])


def classroom(geometry: Geometry, light: Light) -> Mesh:
    """The empty room: throws no shadow, takes light."""
    side = light.windows
    width, depth, height = geometry.room.width, geometry.room.depth, geometry.room.height
    x, y = (width, 0.0, 0.0), (0.0, depth, 0.0)
    step, rail = 0.12, 0.9
    low, high = (0.0, 0.0, rail), (0.0, 0.0, height - rail)
    pieces = [
        panel((0, 0, 0), x, y, (0, 0, 1), FLOOR, "wood", 0.06),
        panel((0, 0, height), x, y, (0, 0, -1), CEILING, step=0.3),
    ]
    for corner, along, out in (
        ((0.0, 0.0), y, (1, 0, 0)), ((width, 0.0), y, (-1, 0, 0)), ((0.0, 0.0), x, (0, 1, 0)),
        ((0.0, depth), x, (0, -1, 0)),
    ):  # fmt: skip
        pieces.append(panel((*corner, 0.0), along, low, out, LOWER, step=step))
        pieces.append(panel((*corner, rail), along, high, out, WALL, step=step))
    middle = width / 2
    pieces.append(box((middle - 1.9, 0.01, 0.9), (middle + 1.9, 0.05, 2.05), BOARD, step=0.2))
    if side != "back":
        pieces.append(back_wall(width, depth))
    pieces.append(door(depth, 0.0 if side == "right" else width))
    pieces.append(windows(geometry, light))
    pieces.append(lamps(geometry, bool(light.lamps)))
    return joined(pieces)


def back_wall(width: float, depth: float) -> Mesh:
    """A pinboard with drawings, and shelves of books under it."""
    draw = np.random.Generator(np.random.Philox(key=[7, 0xC1A55]))
    near = depth - 0.03
    left, right = 0.9, width - 0.9
    pieces = [box((left, near, 1.25), (right, depth, 2.35), CORK, step=0.15)]
    count = max(1, int((right - left) / 0.42))
    for low in (1.33, 1.86):
        for column in range(count):
            x = left + 0.12 + column * (right - left - 0.2) / count + 0.05 * draw.random()
            wide, tall = (0.26, 0.36) if draw.random() < 0.5 else (0.33, 0.25)
            lift = 0.08 * draw.random()
            paper = PAPERS[int(draw.random() * len(PAPERS))]
            z = low + lift
            pieces.append(box((x, near - 0.006, z), (x + wide, near, z + tall), paper, step=0.2))
            # A drawing: a sun, a house or a field, in a few plain patches.
            for _ in range(3):
                u, v = x + wide * (0.12 + 0.5 * draw.random()), z + tall * (0.12 + 0.5 * draw.random())
                patch = PAPERS[int(draw.random() * len(PAPERS))]
                pieces.append(box((u, near - 0.010, v), (u + 0.28 * wide, near - 0.006, v + 0.24 * tall), patch))
    shelf = depth - 0.34
    pieces.append(box((left, shelf, 0.0), (right, depth, 0.06), WHITE, step=0.2))
    for z in (0.42, 0.80):
        pieces.append(box((left, shelf, z), (right, depth, z + 0.03), WHITE, step=0.2))
    for x in np.linspace(left, right - 0.03, 6):
        pieces.append(box((x, shelf, 0.0), (x + 0.03, depth, 0.83), WHITE, step=0.2))
    for z in (0.06, 0.45):
        x = left + 0.06
        while x < right - 0.12:
            wide, tall = 0.025 + 0.04 * draw.random(), 0.20 + 0.12 * draw.random()
            if draw.random() < 0.86:
                book = BOOKS[int(draw.random() * len(BOOKS))]
                pieces.append(box((x, shelf + 0.05, z), (x + wide, depth - 0.05, z + tall), book, step=0.2))
            x += wide + 0.004
    return joined(pieces)


def door(depth: float, x: float) -> Mesh:
    """A door in a side wall, near the back."""
    sign = 1.0 if x == 0 else -1.0
    low, high = sorted((x, x + sign * 0.03))
    rim_low, rim_high = sorted((x, x + sign * 0.05))
    return joined(
        [
            box((rim_low, depth - 2.0, 0.0), (rim_high, depth - 1.0, 2.10), WHITE, step=0.2),
            box((low - 0.025, depth - 1.93, 0.0), (high + 0.025, depth - 1.07, 2.04), srgb("7fa3a8"), step=0.2),
        ]
    )


def windows(geometry: Geometry, light: Light) -> Mesh:
    """The sky behind panes, and their white frames."""
    corner, along, up, into = opening(geometry, light.windows)
    # What shines is multiplied by the brighter of sky and lamps; without a sky it is evening outside.
    sky = 1.25 * max(light.sky, 0.06) / max(light.sky, light.lamps)
    pieces = []
    far = corner + 0.012 * into
    tones = ("a9c48f", "c3d7b4", "e9f3f4", "dfeefa", "cfe5f8")
    ends = (0.0, 0.16, 0.24, 0.5, 0.75, 1.0)
    for tone, low, high in zip(tones, ends, ends[1:], strict=False):
        colour = np.array(srgb(tone)) * sky
        pieces.append(
            panel(list(far + low * up), list(along), list((high - low) * up), list(into), list(colour), "shining")
        )
    count = max(2, round(float(np.linalg.norm(along)) / 1.2))
    rim = 0.035
    way = along / np.linalg.norm(along)
    for k in range(count + 1):
        middle = corner + along * k / count
        pieces.append(bar(middle - rim * way, middle + rim * way + up, into))
    for part in (0.0, 0.68, 1.0):
        level = corner + part * up
        pieces.append(bar(level - np.array([0, 0, rim]), level + along + np.array([0, 0, rim]), into))
    sill = corner - np.array([0, 0, 0.05])
    pieces.append(bar(sill - 0.05 * way, sill + along + 0.05 * way + np.array([0, 0, 0.04]), 4 * into))
    return joined(pieces)


def bar(low: Floats, high: Floats, into: Floats) -> Mesh:
    """A bar of a frame between two corners on the wall, 5 cm thick."""
    ends = np.stack([low, high + 0.05 * into])
    return box(list(ends.min(0)), list(ends.max(0)), WHITE, step=0.3)


def lamps(geometry: Geometry, lit: bool) -> Mesh:
    """Flat lamps under the ceiling, off by day: white."""
    finish = "shining" if lit else "matte"
    low, high = geometry.room.height - 0.06, geometry.room.height - 0.005
    pieces = []
    for x in (geometry.room.width * 0.3, geometry.room.width * 0.7):
        for y in np.arange(1.8, geometry.room.depth - 1.0, 2.0):
            pieces.append(box((x - 0.15, y - 0.6, low), (x + 0.15, y + 0.6, high), PAPER, finish, 0.2))
    return joined(pieces)


def furniture(geometry: Geometry) -> Mesh:
    """A desk with a notebook before every seat, and a chair's back behind it: throws shadow."""
    draw = np.random.Generator(np.random.Philox(key=[11, 0xDE5C]))
    pieces = []
    gap = geometry.seats.column_gap
    half = min(0.36, 0.45 * gap)
    for x, y, z in eyes_of(geometry)[2]:
        top = z - 0.40
        near, far = y + 0.00, y - 0.46
        pieces.append(box((x - half, far, top - 0.03), (x + half, near, top), DESK, "wood", 0.03))
        for leg in (x - half + 0.03, x + half - 0.06):
            pieces.append(box((leg, far + 0.04, 0.0), (leg + 0.03, far + 0.07, top - 0.03), LEG, step=0.3))
            pieces.append(box((leg, near - 0.07, 0.0), (leg + 0.03, near - 0.04, top - 0.03), LEG, step=0.3))
        u, v = x - 0.13 + 0.08 * (draw.random() - 0.5), far + 0.04 + 0.03 * draw.random()
        cover = PAPER if draw.random() < 0.7 else PAPERS[int(draw.random() * len(PAPERS))]
        pieces.append(box((u, v, top), (u + 0.26, v + 0.19, top + 0.006), cover, step=0.06))
        w = x + 0.17 + 0.05 * draw.random()
        pen = PAPERS[int(draw.random() * len(PAPERS))]
        pieces.append(box((w, v + 0.02, top), (w + 0.012, v + 0.16, top + 0.011), pen))
        back = y + 0.29
        pieces.append(box((x - 0.19, back, top - 0.02), (x + 0.19, back + 0.025, top + 0.15), CHAIR, step=0.05))
        for leg in (x - 0.17, x + 0.14):
            pieces.append(box((leg, back, 0.0), (leg + 0.025, back + 0.025, top - 0.02), LEG, step=0.3))
    return joined(pieces)
