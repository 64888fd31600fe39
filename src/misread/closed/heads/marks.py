"""Named vertices of the head, found on the mesh by what the masks mark and by what the targets move most."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from misread.closed.heads.model import Floats, Ints, Model, model

MIDDLE = 2e-5
"""A vertex on the middle line lies this near to it, in metres."""


@lru_cache(maxsize=1)
def landmarks() -> Mapping[str, int]:
    """The table: name → vertex. "left" is the head's own left (x > 0)."""
    held = model()
    left = {
        "brow inner": most_moved(held, "browInnerUp"),
        "brow outer": most_moved(held, "browOuterUpLeft"),
        "brow middle": between(held, most_moved(held, "browInnerUp"), most_moved(held, "browOuterUpLeft")),
        **lid_margins(held),
        **eye_corners(held),
        "mouth corner": mouth_corner(held),
        "nostril": nostril(held),
        "jaw": jaw(held),
    }
    sides = {"left " + name: vertex for name, vertex in left.items()}
    sides |= {"right " + name: int(held.mirror[vertex]) for name, vertex in left.items()}
    return MappingProxyType({**sides, **middle_line(held)})


def most_moved(held: Model, target: str, rows: Ints | None = None) -> int:
    """The vertex of the left half that a target moves furthest."""
    index, moves = held.targets[target]
    far = np.linalg.norm(moves, axis=1)
    far = np.where(held.base[index, 0] > MIDDLE, far, 0.0)
    if rows is not None:
        far = np.where(np.isin(index, rows), far, 0.0)
    return int(index[far.argmax()])


def between(held: Model, first: int, second: int) -> int:
    """The skin vertex nearest to the middle between two, and no lower."""
    goal = held.base[[first, second]].mean(0)
    skin = held.vertices_of("skin")
    return int(skin[np.linalg.norm(held.base[skin] - goal, axis=1).argmin()])


def eye_middle(held: Model) -> Floats:
    """The middle of the left eyeball."""
    ball = held.vertices_of("white")
    return np.asarray(held.base[ball[held.base[ball, 0] > 0]].mean(0))


def lid_margins(held: Model) -> dict[str, int]:
    """The upper lid's edge: above the pupil, what a blink draws down furthest. The lower one: where it comes to lie."""
    index, moves = held.targets["eyeBlinkLeft"]
    front = np.isin(index, held.vertices_of("skin", "lids")) & (
        np.abs(held.base[index, 0] - eye_middle(held)[0]) < 3e-3
    )
    upper = int(index[np.where(front, -moves[:, 1], 0.0).argmax()])
    shut = held.base[upper] + moves[index == upper][0]
    skin = held.vertices_of("skin", "lids")
    near = skin[(held.base[skin, 1] < held.base[upper, 1] - 4e-3)]
    lower = int(near[np.linalg.norm(held.base[near] - shut, axis=1).argmin()])
    return {"upper lid": upper, "lower lid": lower}


def eye_corners(held: Model) -> dict[str, int]:
    """What the source's own axes of the eye's corners move furthest, on the skin."""
    skin = held.vertices_of("skin", "lids")
    ends = [most_moved(held, axis, skin) for axis in ("eye-corner1+", "eye-corner2+")]
    inner, outer = sorted(ends, key=lambda vertex: float(held.base[vertex, 0]))
    return {"eye inner corner": inner, "eye outer corner": outer}


def mouth_corner(held: Model) -> int:
    """The outermost vertex of the lips."""
    lips = held.vertices_of("lips")
    lips = lips[held.masks["lips"][lips] > 0.5]
    return int(lips[held.base[lips, 0].argmax()])


def nostril(held: Model) -> int:
    """The nose's wing: what flaring moves furthest."""
    return most_moved(held, "nose-flaring+", held.vertices_of("skin"))


def jaw(held: Model) -> int:
    """The jaw's angle: at the height of the mouth's corner, behind it, the widest skin in front of the neck's axis."""
    skin = held.vertices_of("skin")
    height = held.base[mouth_corner(held), 1]
    places = held.base[skin]
    ring = (np.abs(places[:, 1] - height) < 6e-3) & (places[:, 2] > held.joints["head"][2])
    return int(skin[np.where(ring, places[:, 0], -1.0).argmax()])


def middle_line(held: Model) -> dict[str, int]:
    """Nose, lips and chin on the middle line, from the profile."""
    lips_skin = held.vertices_of("skin", "lips")
    line = lips_skin[np.abs(held.base[lips_skin, 0]) < MIDDLE]
    places = held.base[line]
    front = places[:, 2] > held.joints["head"][2] + 0.05
    line, places = line[front], places[front]
    eye, mouth = eye_middle(held)[1], held.base[mouth_corner(held), 1]
    face = (places[:, 1] < eye) & (places[:, 1] > mouth)
    tip = int(line[np.where(face, places[:, 2], -1).argmax()])
    lips = held.masks["lips"] > 0.5
    on_lips = line[lips[line]]
    jaw_index, jaw_moves = held.targets["jawOpen"]
    drop = np.zeros(len(held.base))
    drop[jaw_index] = jaw_moves[:, 1]
    upper = on_lips[drop[on_lips] > -0.008]
    lower = on_lips[drop[on_lips] <= -0.008]
    top = int(upper[held.base[upper, 1].argmax()])
    philtrum = (places[:, 1] > held.base[top, 1]) & (places[:, 1] < held.base[tip, 1])
    base = int(line[np.where(philtrum, places[:, 2], 9.0).argmin()])
    bottom = int(lower[held.base[lower, 1].argmin()])
    beneath = (places[:, 1] < held.base[bottom, 1]) & (places[:, 2] > held.base[bottom, 2] - 0.02)
    return {
        "nose tip": tip,
        "nose base": base,
        "upper lip top": top,
        "upper lip edge": int(upper[held.base[upper, 1].argmin()]),
        "lower lip edge": int(lower[held.base[lower, 1].argmax()]),
        "lower lip bottom": bottom,
        "chin": int(line[np.where(beneath, places[:, 1], 9.0).argmin()]),
    }
