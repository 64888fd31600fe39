"""A whole head: vertices, triangles, materials and the picture on its skin, from a seed and what it is doing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from misread.closed.heads.drawn.hair import hair_of
from misread.closed.heads.drawn.paint import creases, picture, places
from misread.closed.heads.drawn.parts import Piece, collar, eyeball, open_edge, pupil_place
from misread.closed.heads.drawn.skin import HAIRS, IRISES, SHIRTS, linear
from misread.closed.heads.drawn.worn import COLOURS, worn
from misread.closed.heads.identity import Person, neutral, person, size
from misread.closed.heads.marks import landmarks
from misread.closed.heads.model import Floats, Ints, is_unit, model
from misread.closed.heads.pose import AT_REST, add_expression, lids_following, turn_weights, turned

MATERIALS = (
    "skin", "lips", "lids", "mouth", "white", "iris", "pupil", "teeth", "tongue", "lash", "shirt", "hair",
    "frame", "mask",
)  # fmt: skip
PAINTED = ("skin", "lips", "lids")
"""These take their colour from the picture; the others from `Head.colours`."""

PLAIN = {
    "mouth": (22.0, 20.0, 9.0), "white": (80.0, 2.0, 3.5), "pupil": (4.0, 0.0, 0.0), "teeth": (88.0, 0.5, 8.0),
    "tongue": (34.0, 23.0, 10.0), "lash": (14.0, 3.0, 4.0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """A head of nobody, ready to be drawn.

    Attributes
    ----------
    vertices : Floats
        Metres; the origin at the neck joint, x to the head's own left, y up, z to the front.
    triangles : Ints
        Counter-clockwise seen from outside.
    materials : NDArray[np.uint8]
        Per triangle, an index into `MATERIALS`.
    uv : Floats
        Per vertex, the place on `picture`, 0 to 1, v upwards; of use where the material is one of `PAINTED`.
    shade : Floats
        Per vertex, what the material's colour is multiplied with.
    colours : Floats
        Per material, linear sRGB reflectance; for the painted ones the middle of the skin.
    picture : NDArray[np.uint8]
        sRGB, row 0 lowest.
    creases : Floats
        On the grid of `picture`, 0 to 1: how deep a crease is there (already darker in the picture; of use as a bump).
    points : Mapping[str, Floats]
        The landmarks, metres; and "left pupil", "right pupil".
    person : Person
    """

    vertices: Floats
    triangles: Ints
    materials: NDArray[np.uint8]
    uv: Floats
    shade: Floats
    colours: Floats
    picture: NDArray[np.uint8]
    creases: Floats
    points: Mapping[str, Floats]
    person: Person


def head(
    who: int | Person,
    age: float = 25.0,
    weights: Mapping[str, float] | None = None,
    gaze: tuple[float, float] = (0.0, 0.0),
    turn: tuple[float, float, float] = (0.0, 0.0, 0.0),
    texels: int = 512,
    wears: tuple[str, ...] = (),
) -> Head:
    """The head of a seed or a person.

    Parameters
    ----------
    who : int | Person
    age : float
        Years, 1 to 100.
    weights : Mapping[str, float] | None
        Of the 52 shapes (`expression`, `unit`). Their `eyeLook…` move lids only; eyes are turned by `gaze`.
    gaze : tuple[float, float]
        Degrees the eyes are turned in the head: to its own left, up.
    turn : tuple[float, float, float]
        Yaw (to the head's own left), pitch (up), roll (left ear down), in degrees about the neck.
    texels : int
        Points a side of the skin's picture.
    wears : tuple[str, ...]
        "glasses", "mask".

    Raises
    ------
    ValueError
        For an age, a gaze or a turn that no head has (`REACH`), a weight of no unit, or what no head wears.
    """
    held = model()
    check(weights or {}, (*gaze, *turn))
    who = person(who) if isinstance(who, int) else who
    rest = at_rest(who, age)
    doing = _doing(weights, gaze)
    face = lowered_teeth(shorter_lashes(add_expression(rest.points, doing, rest.scale, held)), rest.scale)
    balls = [eyeball(rest.points, held, left, gaze) for left in (True, False)]
    pieces = [*balls, *worn(wears, rest.points, face, rest.scale), rest.hair, rest.shirt]
    vertices = np.concatenate([face, *(p.points for p in pieces)])
    follow = np.concatenate([turn_weights(held), *(np.full(len(p.points), float(p is not rest.shirt)) for p in pieces)])
    starts = np.cumsum([len(face), *(len(p.points) for p in pieces)])
    triangles = [held.triangles[~held.of("white")]]
    triangles += [p.triangles + start for p, start in zip(pieces, starts[:-1], strict=True)]
    # The collar begins with the skin's own edge: its first vertices are left out for those of the skin.
    table = np.arange(len(vertices))
    first = int(starts[-2])
    table[first : first + len(edge())] = edge()
    table[first + len(edge()) :] -= len(edge())
    kept = np.delete(np.arange(len(vertices)), np.arange(first, first + len(edge())))
    triangles[-1] = table[triangles[-1]]
    pivot = rest.scale * PIVOT * held.joints["head"]
    where = turned(vertices[kept], follow[kept], turn, pivot)
    marks = {name: where[vertex] for name, vertex in landmarks().items()}
    for name, piece in zip(("left pupil", "right pupil"), balls, strict=True):
        marks[name] = turned(pupil_place(piece)[None], np.ones(1), turn, pivot)[0]
    uv = np.full((len(where), 2), 0.5)
    uv[: len(face)] = places()
    lines = creases(doing, texels)
    return Head(
        vertices=where,
        triangles=np.concatenate(triangles),
        materials=np.concatenate([own_materials(), *(numbers(p.material) for p in pieces)]),
        uv=uv,
        shade=np.concatenate([np.ones(len(face)), *(p.shade for p in pieces)])[kept],
        colours=colours(who),
        picture=picture(who, lines),
        creases=lines,
        points=MappingProxyType(marks),
        person=who,
    )


def points(
    who: int | Person,
    age: float = 25.0,
    weights: Mapping[str, float] | None = None,
    turn: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> Mapping[str, Floats]:
    """The landmarks of a head, eyes straight ahead: neither hair nor skin is drawn for it.

    Parameters
    ----------
    who, age, weights, turn
        As in `head`.

    Returns
    -------
    mapping of str to ndarray, shape (3,)
        `Head.points` but for the pupils.

    Raises
    ------
    ValueError
        As `head` does.
    """
    held, marks = model(), landmarks()
    check(weights or {}, (0.0, 0.0, *turn))
    rest = neutral(person(who) if isinstance(who, int) else who, age)
    scale = size(rest, held)
    face = lowered_teeth(shorter_lashes(add_expression(rest, _doing(weights, (0.0, 0.0)), scale, held)), scale)
    where = turned(face, turn_weights(held), turn, scale * PIVOT * held.joints["head"])
    return MappingProxyType({name: where[vertex] for name, vertex in marks.items()})


def _doing(weights: Mapping[str, float] | None, gaze: tuple[float, float]) -> dict[str, float]:
    """What the face does with what it does at rest, and what its lids do to follow the eyes."""
    doing = dict(weights or {})
    for name, weight in (*lids_following(gaze).items(), *AT_REST.items()):
        doing[name] = doing.get(name, 0.0) + weight
    return doing


REACH = {"gaze to the side": 40, "gaze up": 30, "yaw": 80, "pitch": 45, "roll": 45}
"""How far eyes and head turn either way, in degrees (assumption: about what a living neck allows)."""


def check(weights: Mapping[str, float], angles: tuple[float, ...]) -> None:
    """Refuse what no head does."""
    for (name, most), angle in zip(REACH.items(), angles, strict=True):
        if not abs(angle) <= most:
            raise ValueError(f"{name} {angle}: from {-most} to {most} degrees")
    for name in weights:
        if name not in model().targets or not is_unit(name):
            raise ValueError(f"{name!r} is none of the 52 units of expression")


@dataclass(frozen=True, slots=True)
class Rest:
    """What of a head stays while its face moves: the neutral points, its size, hair and collar."""

    points: Floats
    scale: float
    hair: Piece
    shirt: Piece


@lru_cache(maxsize=64)
def at_rest(who: Person, age: float) -> Rest:
    """A person of an age at rest."""
    points = neutral(who, age)
    scale = size(points, model())
    return Rest(points, scale, hair_of(who, points), collar(points, edge(), scale))


@lru_cache(maxsize=1)
def own_materials() -> NDArray[np.uint8]:
    """The materials of the triangles that are the source's."""
    held = model()
    return numbers(tuple(held.materials[m] for m in held.material[~held.of("white")]))


@lru_cache(maxsize=64)
def numbers(names: tuple[str, ...]) -> NDArray[np.uint8]:
    """Materials as indices into `MATERIALS`."""
    return np.array([MATERIALS.index(n) for n in names], dtype=np.uint8)


PIVOT = np.array([0.0, 0.45, 0.6])
"""Where a head turns, as parts of the way from the neck joint to the head joint: mid-neck, so that a chin bowed comes
to lie on the collar."""

# The source's lashes are ribbons meant for a picture with holes; drawn whole they are too long. Shares that are left.
UPPER_LASHES, LOWER_LASHES = 0.40, 0.15


@lru_cache(maxsize=1)
def lash_roots() -> tuple[Ints, Ints]:
    """The lashes' vertices, and for each the nearest vertex of the skin on the average adult."""
    held = model()
    lashes, skin = held.vertices_of("lash"), held.vertices_of("skin", "lids")
    gap = np.linalg.norm(held.base[lashes][:, None] - held.base[skin][None], axis=2)
    return lashes, skin[gap.argmin(1)]


def shorter_lashes(points: Floats) -> Floats:
    """The lashes drawn in towards the lids."""
    lashes, skin = lash_roots()
    low = model().base[lashes, 1] < model().base[landmarks()["left eye inner corner"], 1]
    share = np.where(low, LOWER_LASHES, UPPER_LASHES)[:, None]
    points[lashes] = points[skin] + share * (points[lashes] - points[skin])
    return points


# The source's teeth stand so high and far back that a smile would show none: moved down, the upper ones forward too, in
# metres of an adult (assumption: upper front teeth end some 2 mm below the lip at rest).
LOWERED = {"upper": 0.0038, "lower": 0.0030, "tongue": 0.0055}
FORWARD = {"upper": 0.0030, "lower": 0.0, "tongue": 0.0}


@lru_cache(maxsize=1)
def mouth_parts() -> Mapping[str, Ints]:
    """The vertices of the upper teeth, the lower ones (which the jaw moves) and the tongue."""
    held = model()
    teeth, with_jaw = held.vertices_of("teeth"), held.targets["jawOpen"][0]
    lower = np.isin(teeth, with_jaw)
    return {"upper": teeth[~lower], "lower": teeth[lower], "tongue": held.vertices_of("tongue")}


def lowered_teeth(points: Floats, scale: float) -> Floats:
    """Teeth and tongue moved to where they show."""
    for name, rows in mouth_parts().items():
        front = np.clip((model().base[rows, 2] - 0.095) / 0.025, 0, 1)
        points[rows, 1] -= scale * LOWERED[name]
        points[rows, 2] += scale * FORWARD[name] * front
    return points


@lru_cache(maxsize=1)
def edge() -> Ints:
    """The neck's open edge, which the collar closes."""
    held = model()
    return open_edge(held.triangles[held.of("skin", "lips", "lids", "mouth")])


def colours(who: Person) -> Floats:
    """Per material, linear sRGB reflectance."""
    shirt = SHIRTS[(who.seed * 5 + 3) % len(SHIRTS)]
    own = {"hair": HAIRS[who.hair].lab, "iris": IRISES[who.iris], "shirt": shirt, **COLOURS}
    return linear(np.array([(PLAIN | own).get(name, who.skin) for name in MATERIALS]))
