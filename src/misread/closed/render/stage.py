"""A scene's surfaces, ready to be lit: the room, the furniture, and every sitter down to the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from misread.closed.heads import MATERIALS, PAINTED, Head
from misread.closed.render.mesh import FINISHES, PLAIN, Floats, Ints, Mesh, joined, plain, smooth_normals
from misread.closed.render.room import classroom, furniture
from misread.closed.render.scene import Placed, Scene, place

FINISH_OF: Mapping[str, str] = {
    "skin": "skin", "lids": "skin", "lips": "lips", "mouth": "matte", "white": "eye", "iris": "eye", "pupil": "eye",
    "teeth": "lips", "tongue": "lips", "lash": "hair", "shirt": "cloth", "hair": "hair",
    "frame": "matte", "mask": "cloth",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """What light falls on and what the camera sees.

    Attributes
    ----------
    mesh : Mesh
        In the room's axes.
    casters : int
        The first so many triangles throw shadows.
    textures : NDArray[np.uint8]
        Shape (sitters, size, size, 3), sRGB.
    placed : tuple[Placed, ...]
        In the order of the scene's sitters; never mirrored.
    """

    mesh: Mesh
    casters: int
    textures: NDArray[np.uint8]
    placed: tuple[Placed, ...]


def staged(scene: Scene, texels: int = 256) -> Stage:
    """A scene's surfaces."""
    placed = tuple(place(sitter, scene.geometry, texels) for sitter in scene.sitters)
    down = [float(who.origin[2]) - (scene.geometry.head.eye_height - DESK) for who in placed]
    pieces = [sitting(who, number, reach) for number, (who, reach) in enumerate(zip(placed, down, strict=True))]
    pieces.append(furniture(scene.geometry))
    casters = sum(len(p.triangles) for p in pieces)
    pieces.append(classroom(scene.geometry, scene.light))
    return Stage(
        mesh=flipped(joined(pieces), scene.geometry.room.width) if scene.mirrored else joined(pieces),
        casters=casters,
        textures=textures(placed),
        placed=placed,
    )


def alone(who: Placed) -> Stage:
    """One head with its shoulders and nothing around."""
    mesh = sitting(who, 0, 0.3)
    return Stage(mesh=mesh, casters=len(mesh.triangles), textures=textures((who,)), placed=(who,))


def textures(placed: tuple[Placed, ...]) -> NDArray[np.uint8]:
    """The sitters' skins, one below the other."""
    if not placed:
        return np.zeros((1, 2, 2, 3), dtype=np.uint8)
    return np.stack([who.head.picture for who in placed])


def flipped(mesh: Mesh, width: float) -> Mesh:
    """Left and right changed, about the plane in the middle of the room."""
    return replace(
        mesh, vertices=np.array([width, 0, 0]) + mesh.vertices * (-1, 1, 1), normals=mesh.normals * (-1, 1, 1)
    )


def sitting(who: Placed, number: int, down: float) -> Mesh:
    """A head with its collar, and a plain shirt hanging from it `down` metres below the neck joint, where a desk is."""
    head = who.head
    own = joined([of_head(without_bottom(head), number), shirt(head, number, down)])
    return replace(own, vertices=who.of(own.vertices), normals=own.normals @ who.axes)


def without_bottom(head: Head) -> Head:
    """A head whose collar is open below, so that the shirt goes on from it without an edge."""
    cloth = head.materials == MATERIALS.index("shirt")
    low = head.vertices[head.triangles[cloth], 1].min()
    keep = ~(cloth & (head.vertices[head.triangles, 1] < low + 1e-6).all(1))
    return replace(head, triangles=head.triangles[keep], materials=head.materials[keep])


def of_head(head: Head, number: int) -> Mesh:
    """A head as a mesh in its own axes."""
    painted = np.isin(head.materials, [MATERIALS.index(name) for name in PAINTED])
    finish = np.array([FINISHES.index(FINISH_OF[name]) for name in MATERIALS])
    return Mesh(
        vertices=head.vertices,
        normals=normals_of(head),
        triangles=head.triangles,
        colour=np.where(painted[:, None], 1.0, head.colours[head.materials]),
        shade=head.shade,
        finish=finish[head.materials],
        texture=np.where(painted, number, PLAIN),
        uv=head.uv,
        owner=np.full(len(head.triangles), number),
    )


def normals_of(head: Head) -> Floats:
    """Normals outwards; those of hair, whose locks have two sides, away from the middle of the head."""
    normals = smooth_normals(head.vertices, head.triangles)
    hair, skin = _used(head, "hair"), _used(head, "skin")
    middle = head.vertices[skin].mean(0) + np.array([0.0, 0.03, -0.02])
    return faced(normals, head.vertices - middle, hair)


def _used(head: Head, material: str) -> Ints:
    """The vertices of a material's triangles."""
    used = np.zeros(len(head.vertices), dtype=bool)
    used[head.triangles[head.materials == MATERIALS.index(material)]] = True
    return np.flatnonzero(used)


def faced(normals: Floats, away: Floats, rows: Ints | slice = slice(None)) -> Floats:
    """Normals turned to the side of `away`, where `rows` says."""
    turned = normals.copy()
    turned[rows] *= np.where(np.sum(normals[rows] * away[rows], axis=1) < 0, -1.0, 1.0)[:, None]
    return turned


ROWS = 14
DESK = 0.40
"""Metres from the eyes of a seated pupil down to the desk."""


def shirt(head: Head, number: int, down: float) -> Mesh:
    """Front, back and sleeves of a shirt, drawn from no body: cloth straight down from the collar's edge, and two
    sleeves that lie on the desk, `down` metres below the neck joint.
    """
    ring = rim(head)
    middle = ring.mean(0) * (1.0, 0.0, 1.0)
    half = np.abs(ring - middle).max(0)
    low = float(ring[0, 1])
    rows = []
    for part in np.linspace(0, 1, ROWS):
        wide = np.array(
            [1.0 - 0.13 * np.sin(np.pi / 2 * min(1.0, 2 * part)), 0.0, 1.0 + 0.30 * np.sin(np.pi / 2 * part)]
        )
        rows.append(middle + (ring - middle) * wide + np.array([0.0, low - part * (down + low + 0.05), 0.0]))
    points = np.concatenate(rows)
    triangles = tube(ROWS, len(ring))
    colour = head.colours[MATERIALS.index("shirt")]
    normals = faced(smooth_normals(points, triangles), (points - middle) * (1, 0, 1))
    front = plain(points, normals, triangles, colour, "cloth", number)
    return joined([front, *(sleeve(half, middle, low, down, side, colour, number) for side in (1.0, -1.0))])


def rim(head: Head) -> Floats:
    """The collar's lowest ring, in order round the neck."""
    cloth = head.vertices[_used(head, "shirt")]
    ring = cloth[cloth[:, 1] < cloth[:, 1].min() + 1e-6]
    middle = ring.mean(0)
    ring = ring[np.hypot(ring[:, 0] - middle[0], ring[:, 2] - middle[2]) > 0.02]  # without the middle of its bottom
    return np.asarray(ring[np.argsort(np.arctan2(ring[:, 0] - middle[0], ring[:, 2] - middle[2]))])


def sleeve(half: Floats, middle: Floats, low: float, down: float, side: float, colour: Floats, number: int) -> Mesh:
    """A sleeve from the shoulder over the elbow to the middle of the desk; the other covers where it ends."""
    wide, deep = float(half[0]), float(half[2])
    desk = -down + 0.028
    over = 0.020 if side > 0 else 0.0
    knots = np.array(
        [
            [0.70 * wide, low + 0.035, 0.0],
            [0.86 * wide, low + 0.000, 0.0],
            [0.98 * wide, 0.6 * low + 0.4 * desk, 0.2 * deep],
            [1.05 * wide, desk + 0.030, 1.1 * deep],
            [0.95 * wide, desk, 2.2 * deep],
            [0.45 * wide, desk + 0.3 * over, 2.9 * deep],
            [-0.22 * wide, desk + over, 2.8 * deep + 0.5 * over],
        ]
    )
    path = curve(knots, 30) * (side, 1, 1) + middle
    thick = np.interp(np.linspace(0, 1, 30), [0, 0.15, 0.5, 0.8, 1], [0.8, 1.0, 0.84, 0.74, 0.66]) * 0.235 * wide
    thick[[0, -1]] *= 0.3
    points = swept(path, thick, 16)
    triangles = tube(30, 16)
    normals = faced(smooth_normals(points, triangles), points - np.repeat(path, 16, axis=0))
    return plain(points, normals, triangles, colour, "cloth", number)


def curve(knots: Floats, count: int) -> Floats:
    """A smooth line through knots (Catmull and Rom's)."""
    ends = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    at = np.linspace(0, len(knots) - 1, count)
    k = np.minimum(at.astype(int), len(knots) - 2)
    t = (at - k)[:, None]
    a, b, c, d = (ends[k + j] for j in range(4))
    return np.asarray(b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))))


def swept(path: Floats, thick: Floats, around: int) -> Floats:
    """A tube's points, ring by ring along a path."""
    way = np.gradient(path, axis=0)
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    across = np.cross(way, np.array([0.0, 0.6, 0.8]))
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    other = np.cross(way, across)
    angle = np.linspace(0, 2 * np.pi, around, endpoint=False)[None, :, None]
    rings = path[:, None] + thick[:, None, None] * (np.cos(angle) * across[:, None] + np.sin(angle) * other[:, None])
    return np.asarray(rings.reshape(-1, 3))


def tube(rows: int, around: int) -> Ints:
    """Triangles between rings."""
    row, column = np.meshgrid(np.arange(rows - 1), np.arange(around), indexing="ij")
    here, beside = (row * around + column).ravel(), (row * around + (column + 1) % around).ravel()
    return np.stack([here, here + around, beside + around, here, beside + around, beside], axis=1).reshape(-1, 3)
