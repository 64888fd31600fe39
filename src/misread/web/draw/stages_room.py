"""The room as the camera has it: every seat where the pinhole puts it, and one seat as large as its pixels are."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import vl_convert
from markupsafe import Markup

from misread.deployment.model.camera import Geometry
from misread.deployment.seats.plan import Plan, plan_of
from misread.deployment.seats.project import Array, Pinhole, pinhole
from misread.report.page.seats import kinds
from misread.web.draw.face import face
from misread.web.draw.stages_parts import Named, opening

WIDTH = 960.0
"""Of the drawing; its height follows from the camera's picture."""
NEAR = 0.2
"""Metres before the camera at which walls are cut off: nearer, they would be everywhere."""
HEAD = 0.56
"""Width of a drawn head in widths of its drawing."""
EYES = -0.035
"""Height of the drawn eyes over the drawing's middle, in widths of it, downwards."""
AROUND = 0.22
"""Metres around the eyes that are cut out for the seat's picture."""
DESK, THICK, AHEAD, DEEP, HALF = 0.72, 0.12, 0.62, 0.4, 0.38
"""Metres: the desk's height and edge, how far its front lies before the eyes, its depth and half its width."""
LAP = 0.55
"""Metres: as low as a body is drawn; the desk hides what is below."""
LIGHT: Mapping[str, str] = {
    "floor": "#ebe7db",
    "wall": "#fcfbf7",
    "side": "#f4f0e6",
    "pane": "#dfe8ea",
    "desk": "#e3d6bd",
    "front": "#d2c3a5",
}
"""Fills of the seat's picture; the page has the same ones in its style."""


@dataclass(frozen=True, slots=True)
class Child:
    """Who sits on a seat: looks by number, what is true of it and what its face shows."""

    seed: int
    state: str
    expression: str


@lru_cache(maxsize=32)
def room(geometry: Geometry, seat: int, child: Child, named: Named | None = None) -> Markup:
    """The camera's picture of the class.

    Parameters
    ----------
    geometry : Geometry
        Room, seats and camera.
    seat : int
        Where the child sits; the others are drawn at rest.
    child : Child
        Who sits there.
    named : Named or None
        If it can be taken away.

    Returns
    -------
    Markup
        An ``svg`` without text; boxes are drawn around faces that software would find, dashed where seldom.
    """
    camera, plan = pinhole(geometry), plan_of(geometry)
    scale = WIDTH / camera.width
    inside = "".join((*_walls(geometry, camera, scale), *_class(camera, plan, seat, child, scale)))
    return Markup(
        f'<svg viewBox="0 0 {WIDTH:g} {camera.height * scale:.0f}" class="room" {opening(named)}>'
        f"{inside}{_boxes(camera, plan, seat, scale)}</svg>"
    )


def seat_picture(geometry: Geometry, seat: int, child: Child) -> tuple[str, int] | None:
    """What the camera has of one seat, in the very pixels of its picture.

    Returns
    -------
    tuple of (str, int) or None
        The picture as an address that holds it, and its pixels across; None where the face is not in the picture.
    """
    camera, plan = pinhole(geometry), plan_of(geometry)
    if not plan.inside[seat]:
        return None
    (x, y), size = camera.project(plan.eyes[seat]), float(plan.face_pixels[seat]) / geometry.head.width * AROUND
    side = max(4, round(2 * size))
    inside = "".join((*_walls(geometry, camera, 1.0), *_class(camera, plan, seat, child, 1.0)))
    style = "".join(f".room-{name}{{fill:{fill}}}" for name, fill in LIGHT.items())
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" '
        f'viewBox="{x - size:.2f} {y - size:.2f} {2 * size:.2f} {2 * size:.2f}"><style>{style}</style>{inside}</svg>'
    )
    png = vl_convert.svg_to_png(svg)
    return f"data:image/png;base64,{base64.b64encode(png).decode()}", side


def _walls(geometry: Geometry, camera: Pinhole, scale: float) -> Iterable[str]:
    r = geometry.room
    w, d, h = r.width, r.depth, r.height
    yield _area(camera, scale, "wall", [(0, d, 0), (w, d, 0), (w, d, h), (0, d, h)])
    yield _area(camera, scale, "side", [(0, 0, 0), (0, d, 0), (0, d, h), (0, 0, h)])
    yield _area(camera, scale, "side", [(w, 0, 0), (w, d, 0), (w, d, h), (w, 0, h)])
    yield _area(camera, scale, "floor", [(0, 0, 0), (w, 0, 0), (w, d, 0), (0, d, 0)])
    panes = 4
    for i in range(panes):
        a, b = (1 + (d - 2) * (i + t) / panes for t in (0.06, 0.94))
        yield _area(camera, scale, "pane", [(0, a, 0.9), (0, b, 0.9), (0, b, 0.8 * h), (0, a, 0.8 * h)])


def _class(camera: Pinhole, plan: Plan, seat: int, child: Child, scale: float) -> Iterable[str]:
    """All pupils with their desks, from the back to the front."""
    depth = camera.depth(plan.eyes)
    where = camera.project(plan.eyes) * scale
    for i in np.argsort(-depth, kind="stable"):
        if depth[i] <= NEAR:
            continue
        size = float(plan.face_pixels[i]) * scale / HEAD
        who = child if i == seat else Child(10_000 + 97 * int(i) + child.seed, "", "neutral")
        middle = float(where[i, 1]) - EYES * size
        drawn = str(face(who.seed, who.state, who.expression, x=float(where[i, 0]), y=middle, size=size))
        x, y, _ = plan.eyes[i]
        # The drawing ends at the breast, upright as it stands; the rest of the body goes down to where one sits.
        lap = float(camera.project(np.array([x, y, LAP]))[1]) * scale
        yield _body(float(where[i, 0]), middle + size / 2, lap, size, _dress(drawn))
        yield drawn
        front = y - AHEAD
        left, right = x - HALF, x + HALF
        top = [(left, front, DESK), (right, front, DESK), (right, front + DEEP, DESK), (left, front + DEEP, DESK)]
        yield _area(camera, scale, "desk", top)
        edge = [(left, front, DESK), (right, front, DESK), (right, front, DESK - THICK), (left, front, DESK - THICK)]
        yield _area(camera, scale, "front", edge)


def _boxes(camera: Pinhole, plan: Plan, seat: int, scale: float) -> str:
    """What software draws around a face that it found."""
    drawn, middle = [], camera.project(plan.eyes) * scale
    for i, kind in enumerate(kinds(plan)):
        if not plan.inside[i]:
            continue
        half = float(plan.face_pixels[i]) * scale * 0.66
        x, y = middle[i] + (0, 0.12 * half)
        if kind != "not":
            drawn.append(
                f'<rect class="found {kind}" x="{x - half:.1f}" y="{y - 1.15 * half:.1f}" '
                f'width="{2 * half:.1f}" height="{2.3 * half:.1f}"/>'
            )
        if i == seat:
            drawn.append(
                f'<circle class="followed-under" cx="{x:.1f}" cy="{y:.1f}" r="{2.1 * half + 6:.1f}"/>'
                f'<circle class="followed" cx="{x:.1f}" cy="{y:.1f}" r="{2.1 * half + 6:.1f}"/>'
            )
    return "".join(drawn)


def _dress(drawn: str) -> str:
    """The colour of a drawn child's dress: what its shoulders, drawn first, are filled with."""
    return drawn.partition('fill="')[2].partition('"')[0]


def _body(x: float, top: float, bottom: float, size: float, dress: str) -> str:
    # A little of it lies under the breast, so that no gap shows between the two; arms widen it.
    top, down, half, wide = top - 0.02 * size, max(top, bottom), 0.4 * size, 0.5 * size
    sides = f"M{x - half:.1f} {top:.1f}H{x + half:.1f}Q{x + wide:.1f} {top:.1f} {x + wide:.1f} {down:.1f}"
    return f'<path fill="{dress}" d="{sides}H{x - wide:.1f}Q{x - wide:.1f} {top:.1f} {x - half:.1f} {top:.1f}Z"/>'


def _area(camera: Pinhole, scale: float, name: str, corners: list[tuple[float, float, float]]) -> str:
    points = _before(camera, np.array(corners, dtype=float))
    if not len(points):
        return ""
    told = " ".join(f"{x:.1f},{y:.1f}" for x, y in camera.project(points) * scale)
    return f'<polygon class="room-{name}" points="{told}"/>'


def _before(camera: Pinhole, corners: Array) -> Array:
    """The part of a polygon that lies before the camera (Sutherland and Hodgman 1974, CACM 17, 32–42)."""
    kept: list[Array] = []
    depth = camera.depth(corners) - NEAR
    for p, q, a, b in zip(corners, np.roll(corners, -1, axis=0), depth, np.roll(depth, -1), strict=True):
        if a >= 0:
            kept.append(p)
        if (a < 0) != (b < 0):
            kept.append(p + (q - p) * (a / (a - b)))
    return np.array(kept).reshape(-1, 3)
