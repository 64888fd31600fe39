"""Pictures of a scene: the whole room, a seat's face in it, a portrait. Arrays, which stay in `misread.closed`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from misread.closed.render.kernels import colours
from misread.closed.render.light import Care, lit
from misread.closed.render.mesh import FINISHES, Floats, Ints, packed
from misread.closed.render.room import opening
from misread.closed.render.scene import LIGHTS, Light, Placed, Scene, Sitter, place
from misread.closed.render.stage import Stage, alone, flipped, staged
from misread.closed.render.visible import Rasteriser
from misread.deployment.model.camera import Geometry, Mount, Picture, Room, Seats
from misread.deployment.seats.project import Pinhole, pinhole

Pixels = NDArray[np.uint8]

OVER = 3
"""A point of a picture is the mean of so many places across and down: a camera's point takes light over its area."""
PIECE = (960, 540)
"""Pictures are drawn in pieces of so many points; the pieces lie fast in the picture, whatever is asked of it."""
NEAR, FAR = 0.05, 40.0

SHINE = {"skin": (0.030, 9.0, 0.0), "lips": (0.045, 26.0, 0.0), "hair": (0.016, 14.0, 0.0), "eye": (0.14, 0.0, 1.0),
         "wood": (0.020, 22.0, 0.0)}  # fmt: skip
"""Per finish: strength, narrowness, whether it mirrors the windows (assumption)."""
KNEE = 0.72
"""From here on light is drawn together, as cameras do, so that bright walls keep their colour."""


@dataclass(frozen=True, slots=True, eq=False)
class Lit:
    """A scene with its light worked out, before a camera.

    Attributes
    ----------
    stage : Stage
    camera : Pinhole
    light, clear : NDArray[np.float32]
        Per vertex: what falls on it; the part of windows and lamps that is not in shadow.
    room : Geometry
    lights : Light
    background : tuple[float, float, float]
        Linear, where there is nothing.
    eyes : Rasteriser
    mirrored : bool
    """

    stage: Stage
    camera: Pinhole
    light: NDArray[np.float32]
    clear: NDArray[np.float32]
    room: Geometry
    lights: Light
    background: tuple[float, float, float]
    eyes: Rasteriser
    mirrored: bool

    def linear(self, left: int, top: int, width: int, height: int) -> NDArray[np.float32]:
        """A window of the camera's picture, linear; shape (height, width, 3)."""
        out = np.zeros((height, width, 3), dtype=np.float32)
        for x, y, wide, high in pieces(self.camera.width, self.camera.height):
            a, b = max(left, x), max(top, y)
            c, d = min(left + width, x + wide), min(top + height, y + high)
            if a >= c or b >= d:
                continue
            ids = self.eyes.seen(clip(self.camera, x, y, wide, high), OVER * wide, OVER * high)
            piece = np.ascontiguousarray(ids[OVER * (b - y) : OVER * (d - y), OVER * (a - x) : OVER * (c - x)])
            out[b - top : d - top, a - left : c - left] = self._coloured(piece, a, b)
        return out

    def points(self, number: int) -> Mapping[str, Floats]:
        """Where the landmarks of a sitter (by its place in the scene) fall in the picture, in pixels.

        In a mirrored scene a point keeps the name that it has on the head that was mirrored.
        """
        who = self.stage.placed[number]
        names = list(who.head.points)
        places = who.of(np.stack([who.head.points[name] for name in names]))
        if self.mirrored:
            places = np.array([self.room.room.width, 0.0, 0.0]) + places * (-1.0, 1.0, 1.0)
        return dict(zip(names, self.camera.project(places), strict=True))

    def window(self, number: int, times: float = 4.0) -> tuple[int, int, int]:
        """A square round a sitter's face: its left column, upper row and side, kept inside the picture.

        The side is `times` the distance of the pupils were the face seen from straight before.
        """
        points, who = self.points(number), self.stage.placed[number]
        eyes = who.of(np.stack([who.head.points["left pupil"], who.head.points["right pupil"]]))
        if self.mirrored:
            eyes = np.array([self.room.room.width, 0.0, 0.0]) + eyes * (-1.0, 1.0, 1.0)
        gap = float(np.linalg.norm(eyes[0] - eyes[1]) * self.camera.focal / self.camera.depth(eyes.mean(0)))
        side = min(max(8, round(times * gap)), self.camera.width, self.camera.height)
        middle = (points["left pupil"] + points["right pupil"]) / 2 * 0.55 + points["upper lip top"] * 0.45
        left, top = (round(float(at) - side / 2) for at in middle)
        return max(0, min(left, self.camera.width - side)), max(0, min(top, self.camera.height - side)), side

    def face(self, number: int, times: float = 4.0) -> NDArray[np.float32]:
        """The pixels that the camera has of a sitter's face, linear: a window of the very picture."""
        left, top, side = self.window(number, times)
        return self.linear(left, top, side, side)

    def whole(self) -> NDArray[np.float32]:
        """The camera's whole picture, linear."""
        return self.linear(0, 0, self.camera.width, self.camera.height)

    def owners(self) -> Ints:
        """Which sitter is foremost at the middle of each point of the picture, by its place in the scene; else -1."""
        found = np.full((self.camera.height, self.camera.width), -1, dtype=np.int32)
        table = np.append(self.stage.mesh.owner, -1)
        for x, y, wide, high in pieces(self.camera.width, self.camera.height):
            ids = self.eyes.seen(clip(self.camera, x, y, wide, high), wide, high)
            found[y : y + high, x : x + wide] = table[ids]
        return found

    def _coloured(self, ids: Ints, left: int, top: int) -> NDArray[np.float32]:
        mesh, camera = self.stage.mesh, self.camera
        out = np.zeros((ids.shape[0] // OVER, ids.shape[1] // OVER, 3), dtype=np.float32)
        colours(
            ids.astype(np.int32), OVER, camera.at, np.stack([camera.right, camera.down, camera.forward]),
            np.array([camera.focal, camera.width / 2, camera.height / 2]), np.array([left, top]),
            mesh.vertices, mesh.normals, mesh.triangles, mesh.colour, mesh.shade, mesh.finish, mesh.texture, mesh.uv,
            self.stage.textures, DECODED,
            self.light, self.clear, shines(), panes(self.room, self.lights, self.mirrored), glow(self.lights),
            self.room.room.width if self.mirrored else 0.0, np.array(self.background, dtype=np.float32), out,
        )  # fmt: skip
        return out


def room_of(scene: Scene, care: Care | None = None, texels: int = 256) -> Lit:
    """A scene before the camera of its geometry, with its light worked out."""
    stage = staged(scene, texels)
    return _lit(
        stage, mirror(pinhole(scene.geometry), scene), scene.geometry, scene.light, care or Care(), scene.mirrored
    )


def portrait_of(
    sitter: Sitter,
    apart: float,
    yaw: float = 0.0,
    size: int | None = None,
    light: Light = LIGHTS["daylight"],
    mirrored: bool = False,
    care: Care | None = None,
    texels: int = 512,
) -> Lit:
    """A head by itself in the middle of a classroom's light, before a grey wall.

    Parameters
    ----------
    sitter : Sitter
        Its seat is not asked for.
    apart : float
        Between the pupils, were the camera straight before the face.
    yaw : float
        Degrees by which the camera stands to the pupil's right.
    size : int | None
        Side of the picture; five times `apart` if not given.
    light : Light
    mirrored : bool
    care : Care | None
    texels : int
        Points a side of the skin's picture.
    """
    who = place(replace(sitter, seat=0), STUDIO, texels)
    stage = alone(who)
    side = size or round(5 * apart)
    camera = before(who, apart, yaw, side)
    scene = Scene(STUDIO, (), light, mirrored)
    if mirrored:
        stage = replace(stage, mesh=flipped(stage.mesh, STUDIO.room.width))
    care = care or PORTRAIT
    return _lit(stage, mirror(camera, scene), STUDIO, light, care, mirrored)


def again(
    lit: Lit, apart: float, yaw: float = 0.0, size: int | None = None, shift: tuple[float, float] = (0, 0)
) -> Lit:
    """A portrait's head in the very same light, before another camera: what took long is not done again.

    Parameters
    ----------
    lit : Lit
        Of `portrait_of`.
    apart, yaw, size
        As in `portrait_of`.
    shift : tuple[float, float]
        Pixels by which the face comes to lie further to the left and higher, since the camera was moved the other way.
    """
    camera = before(lit.stage.placed[0], apart, yaw, size or round(5 * apart))
    across, down = (step * AWAY / camera.focal for step in shift)
    moved = replace(camera, at=camera.at + across * camera.right + down * camera.down)
    return replace(lit, camera=mirror(moved, Scene(STUDIO, (), lit.lights, lit.mirrored)))


STUDIO = Geometry(
    room=Room(width=7, depth=9, height=3, board_height=1.1),
    seats=Seats(rows=1, columns=1, first_row=4.2),
    place=Mount(x=3.5, y=0.1, height=1.1, pitch=0),
    picture=Picture(width=1920, height=1080, field_of_view=80),
)
"""Where portraits are taken: the middle of a room like the shipped ones."""
PORTRAIT = Care(along=4, up=1, around=32, map_size=256, around_size=256)
"""A head in the middle of the room needs fewer points of the windows than a class beside them."""
AWAY = 1.6
"""Metres from the camera of a portrait to the eyes."""


def before(who: Placed, apart: float, yaw: float, side: int) -> Pinhole:
    """A level camera round a head, the middle of the face in the middle of the picture."""
    pupils = who.of(np.stack([who.head.points["left pupil"], who.head.points["right pupil"]]))
    gap = float(np.linalg.norm(pupils[0] - pupils[1]))
    # A little under the eyes lies the middle of face and hair.
    middle = pupils.mean(0) - np.array([0.0, 0.0, 0.20 * gap])
    turn = np.radians(yaw)
    # The face looks along -y; its right is at larger x.
    at = middle + AWAY * np.array([np.sin(turn), -np.cos(turn), 0.0])
    forward = (middle - at) / AWAY
    right = np.array([-forward[1], forward[0], 0.0])
    return Pinhole(at, right, np.array([0.0, 0.0, -1.0]), forward, apart * AWAY / gap, side, side)


def mirror(camera: Pinhole, scene: Scene) -> Pinhole:
    """A mirrored scene's camera, which takes the picture with left and right changed."""
    if not scene.mirrored:
        return camera
    flip = np.array([-1.0, 1.0, 1.0])
    at = np.array([scene.geometry.room.width, 0.0, 0.0]) + flip * camera.at
    return replace(camera, at=at, right=-flip * camera.right, down=flip * camera.down, forward=flip * camera.forward)


def _lit(stage: Stage, camera: Pinhole, room: Geometry, light: Light, care: Care, mirrored: bool) -> Lit:
    mesh = packed(stage.mesh)
    stage = replace(stage, mesh=mesh)
    falls, clear = lit(mesh, stage.casters, light, room, care, mirrored)
    eyes = Rasteriser(mesh.vertices, mesh.triangles)
    back = 0.42 * (0.55 * light.sky + 0.8 * light.lamps + 0.55 * light.around)
    return Lit(stage, camera, falls, clear, room, light, (back, back * 0.99, back * 0.96), eyes, mirrored)


def out_of_focus(lit: Lit, spread: float) -> Pixels:
    """The camera's whole picture where its lens is out of focus: each point's light spread before it is encoded.

    Parameters
    ----------
    lit : Lit
    spread : float
        Standard deviation of the spread, in pixels (Gaussian: an assumption).
    """
    from scipy.ndimage import gaussian_filter  # slow to load, and rarely asked for

    return encoded(gaussian_filter(lit.whole(), (spread, spread, 0.0), mode="nearest"))


def pieces(width: int, height: int) -> list[tuple[int, int, int, int]]:
    """A picture's pieces: column, row, width and height of each."""
    wide, high = PIECE
    return [
        (x, y, min(wide, width - x), min(high, height - y))
        for y in range(0, height, high)
        for x in range(0, width, wide)
    ]


def clip(camera: Pinhole, left: int, top: int, width: int, height: int) -> Floats:
    """The matrix from the room to a piece of a camera's picture, as `Pinhole.project` has it."""
    across = 2 * camera.focal / width * camera.right + (2 * (camera.width / 2 - left) / width - 1) * camera.forward
    down = 2 * camera.focal / height * camera.down + (2 * (camera.height / 2 - top) / height - 1) * camera.forward
    rows = np.zeros((4, 4))
    for row, axis in ((0, across), (1, -down), (2, (FAR + NEAR) / (FAR - NEAR) * camera.forward), (3, camera.forward)):
        rows[row, :3], rows[row, 3] = axis, -axis @ camera.at
    rows[2, 3] -= 2 * FAR * NEAR / (FAR - NEAR)
    return rows


def shines() -> NDArray[np.float32]:
    """The table of finishes' shine."""
    return np.array([SHINE.get(name, (0.0, 1.0, 0.0)) for name in FINISHES], dtype=np.float32)


def glow(light: Light) -> float:
    """How bright a window, or a row of lamps, is to look at."""
    return max(light.sky, light.lamps)


def panes(room: Geometry, light: Light, mirrored: bool) -> Floats:
    """For the shine, the windows' corner, sides over their squared length, way into the room, and middle line."""
    corner, along, up, into = opening(room, light.windows)
    if not light.sky:  # then it is the lamps that shine
        width, depth, height = room.room.width, room.room.depth, room.room.height
        corner, along, up = (
            np.array([0.3 * width, 1.0, height]),
            np.array([0, depth - 2.0, 0]),
            np.array([0.4 * width, 0, 0]),
        )
        into = np.array([0.0, 0.0, -1.0])
    start = corner + up / 2
    rows = np.stack([corner, along / (along @ along), up / (up @ up), into, start, along])
    if mirrored:
        rows = rows * (-1.0, 1.0, 1.0)
        rows[[0, 4], 0] += room.room.width
    return rows


def encoded(linear: NDArray[np.float32]) -> Pixels:
    """Linear light as the bytes of sRGB; bright light is drawn together from `KNEE` on."""
    value = np.maximum(linear, 0.0).astype(np.float64)
    over = (value - KNEE) / (1 - KNEE)
    value = np.where(value > KNEE, KNEE + (1 - KNEE) * (1 - np.exp(-np.maximum(over, 0.0))), value)
    value = np.where(value <= 0.0031308, 12.92 * value, 1.055 * value ** (1 / 2.4) - 0.055)
    return np.rint(255 * value).astype(np.uint8)


def _decoded() -> NDArray[np.float32]:
    value = np.arange(256) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


DECODED = _decoded()
