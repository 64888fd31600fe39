"""The picture on the skin: painted in the frame of the average adult, so that brows and lips move with their flesh.

A vertex's place on the picture is its direction from the head's middle, as on a map of the sky drawn round the nose: no
seam, and the pole opposite lies under the hair. Brows, freckles and creases are functions of the place on the average
adult's skin, in millimetres.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from misread.closed.heads.drawn.skin import HAIRS, encoded, linear
from misread.closed.heads.identity import Person
from misread.closed.heads.marks import landmarks
from misread.closed.heads.model import Floats, model

MIDDLE = np.array([0.0, 0.115, 0.045])
COARSE = 192
NEAR = 0.72
"""The map's radius goes with this power of the angle: below 1, the face gets more of the picture than the nape."""


@lru_cache(maxsize=1)
def places() -> Floats:
    """Each vertex's place on the picture, 0 to 1 (u to the right, v up)."""
    way = model().base - MIDDLE
    angle = np.arctan2(np.hypot(way[:, 0], way[:, 1]), way[:, 2])
    turn = np.arctan2(way[:, 1], way[:, 0])
    radius = 0.5 * (angle / np.pi) ** NEAR
    return np.stack([0.5 + radius * np.cos(turn), 0.5 + radius * np.sin(turn)], axis=1)


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies under each point of the picture: the place on the average adult (mm) and the masks."""

    place: Floats
    lips: Floats
    lids: Floats
    ears: Floats
    known: NDArray[np.bool_]


@lru_cache(maxsize=4)
def ground(size: int) -> Ground:
    """The skin's triangles laid out on a picture of `size` points a side; the outermost wins."""
    held = model()
    uv = places() * size - 0.5
    carried = np.concatenate([1e3 * held.base, *(held.masks[n][:, None] for n in ("lips", "lids", "ears"))], axis=1)
    far = np.linalg.norm(held.base - MIDDLE, axis=1)
    result = np.zeros((size, size, 6))
    depth = np.full((size, size), -1.0)
    for corners in held.triangles[held.of("skin", "lips", "lids")]:
        flat = uv[corners]
        low = np.maximum(np.floor(flat.min(0)).astype(int), 0)
        high = np.minimum(np.ceil(flat.max(0)).astype(int) + 1, size)
        if (high - low).max() > size / 4:  # the triangle over the far pole
            continue
        (ax, ay), (bx, by), (cx, cy) = flat
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        if abs(area) < 1e-9:
            continue
        x, y = np.meshgrid(np.arange(low[0], high[0]), np.arange(low[1], high[1]))
        second = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area
        third = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area
        share = np.stack([1 - second - third, second, third], axis=-1)
        inside = share.min(-1) > -0.02
        window = (slice(low[1], high[1]), slice(low[0], high[0]))
        reach = share @ far[corners]
        inside &= reach > depth[window]
        depth[window][inside] = reach[inside]
        result[window][inside] = (share @ carried[corners])[inside]
    known = depth > 0
    return Ground(result[..., :3], result[..., 3], result[..., 4], result[..., 5], known)


def blobs(place: Floats, draw: np.random.Generator, grain: float) -> Floats:
    """Smooth noise over the skin, about -1 to 1, with spots of about `grain` millimetres: a sum of waves."""
    total = np.zeros(place.shape[:-1])
    for _ in range(10):
        way = draw.random(3) - 0.5
        way *= 2 * np.pi / (grain * np.linalg.norm(way))
        total += np.sin(place @ way + 2 * np.pi * draw.random())
    return np.asarray(total / np.sqrt(10))


def bump(place: Floats, middle: Floats, wide: float, high: float, deep: float = 30.0) -> Floats:
    """A soft spot round a place, alike on both sides."""
    x = np.abs(place[..., 0]) - abs(middle[0])
    y, z = place[..., 1] - middle[1], place[..., 2] - middle[2]
    return np.asarray(np.exp(-((x / wide) ** 2) - (y / high) ** 2 - (z / deep) ** 2))


def enlarged(small: Floats, size: int) -> Floats:
    """A small picture at `size` points a side, straight lines between its points."""
    at = np.clip((np.arange(size) + 0.5) * len(small) / size - 0.5, 0, len(small) - 1)
    low = np.minimum(at.astype(int), len(small) - 2)
    part = (at - low)[:, None]
    tall = small[low] * (1 - part[..., None]) + small[low + 1] * part[..., None]
    return np.asarray(tall[:, low] * (1 - part) + tall[:, low + 1] * part)


def tones(who: Person, at: Mapping[str, Floats], draw: np.random.Generator) -> Floats:
    """What is soft in a skin's colour, CIELAB on a coarse picture: mottling, warm cheeks and nose, shaded sockets."""
    under = ground(COARSE)
    # A twisted neck would draw spots out into streaks, so it is plain.
    plain = np.clip((under.place[..., 1] - 10) / 40, 0, 1)
    mottle = plain * (blobs(under.place, draw, 22.0) * 0.6 + blobs(under.place, draw, 9.0) * 0.4)
    cheek = np.array([at["left mouth corner"][0] + 16, at["nose tip"][1], at["left mouth corner"][2] - 8])
    warm = (
        1.0 * bump(under.place, cheek, 20, 18)
        + 0.9 * bump(under.place, at["nose tip"], 11, 10)
        + 0.5 * bump(under.place, at["chin"] + (0, 10, 5), 14, 10)
        + 0.8 * under.ears
    )
    socket = bump(under.place, (at["left upper lid"] + at["left lower lid"]) / 2 - (0, 3, 0), 19, 11)
    light = 1.1 * mottle - 2.0 * warm - 2.0 * socket
    red = 0.9 * plain * blobs(under.place, draw, 14.0) + 3.6 * warm + 1.0 * socket
    return np.asarray(who.skin + np.stack([light, red, -0.8 * warm - 0.8 * socket], axis=-1))


DEEPEST = 0.17
"""By how much the deepest crease darkens the picture (a share of the screen's value; assumption)."""


def picture(who: Person, creases: Floats) -> NDArray[np.uint8]:
    """The picture on a person's skin (sRGB, row 0 lowest), its creases darker."""
    return np.rint(calm(who, len(creases)) * (1 - DEEPEST * creases[..., None])).astype(np.uint8)


@lru_cache(maxsize=32)
def calm(who: Person, size: int) -> Floats:
    """The picture without creases, 0 to 255: skin, lips, lids, freckles, hairline, brows."""
    under = ground(size)
    draw = np.random.Generator(np.random.Philox(key=[who.seed, 0x5C14]))
    at = middles()
    lab = enlarged(tones(who, at, draw), size)
    lab += under.lids[..., None] * np.array([-2.0, 1.5, 0.0])
    # Where nothing of the skin lies, the colour of lips between the lips, and of skin elsewhere: edges blend with it.
    lip_line = np.zeros((size, size), dtype=bool)
    low, high = (int(size * places()[landmarks()[n], 1]) for n in ("lower lip bottom", "upper lip top"))
    reach = int(size * abs(places()[landmarks()["left mouth corner"], 0] - 0.5))
    lip_line[low:high, size // 2 - reach : size // 2 + reach] = True
    red = np.where(under.known, np.clip(under.lips * 1.15, 0, 1), lip_line)[..., None]
    lip = np.array(who.skin) + ((-4.0, 6.0, -1.5) if who.skin[0] < 46 else (-10.0, 10.5, -2.0))
    lab = lab * (1 - 0.8 * red) + 0.8 * red * lip
    if who.freckles:
        lab = freckled(lab, under, who, draw)
    hair = np.array(HAIRS[who.hair].lab)
    dark = hair * (min(1.0, 30.0 / hair[0]), 0.8, 0.8)
    covers = (
        (np.where(under.known, scalp(under.place), 0) * (1 - under.ears), hair),
        (brows(under, at, who, draw), dark),
    )
    for cover, colour in covers:
        lab = lab * (1 - cover[..., None]) + cover[..., None] * colour
    return np.asarray(255 * encoded(linear(lab)), dtype=np.float32)


def middles() -> Mapping[str, Floats]:
    """The landmarks of the average adult, in millimetres."""
    return {name: 1e3 * model().base[vertex] for name, vertex in landmarks().items()}


def freckled(lab: Floats, under: Ground, who: Person, draw: np.random.Generator) -> Floats:
    """Small brown spots over nose and cheeks."""
    over = bump(under.place, np.array([18.0, 112.0, 135.0]), 26, 16, 25)
    spots = np.zeros(lab.shape[:2])
    for _ in range(int(120 * who.freckles)):
        x, y = 90 * (draw.random() - 0.5), 112 + 34 * (draw.random() - 0.5)
        wide, strong = 0.5 + 0.6 * draw.random(), 0.4 + 0.6 * draw.random()
        near = (
            (np.abs(under.place[..., 0] - x) < 3) & (np.abs(under.place[..., 1] - y) < 3) & (under.place[..., 2] > 60)
        )
        gap = (under.place[near][:, 0] - x) ** 2 + (under.place[near][:, 1] - y) ** 2
        spots[near] = np.maximum(spots[near], strong * np.exp(-gap / wide**2))
    return np.asarray(lab + (spots * over)[..., None] * np.array([-9.0, 3.0, 5.0]))


HAIRLINE = ((-60, 28), (-30, 40), (-8, 70), (8, 108), (22, 150), (38, 146), (47, 122), (56, 128), (62, 160), (78, 190),
            (100, 205), (125, 209), (160, 209))  # fmt: skip
"""How high the hair begins (mm over the neck joint) by how far in front of it, on the average adult (ours)."""


def scalp(place: Floats, soft: float = 7.0) -> Floats:
    """0 to 1: whether hair grows at a place of the average adult's skin."""
    z, height = np.array(HAIRLINE, dtype=float).T
    line = np.interp(place[..., 2], z, height) - 3 * np.exp(-((place[..., 0] / 14) ** 2)) * (place[..., 2] > 90)
    part = np.clip((place[..., 1] - line) / soft + 0.5, 0, 1)
    return np.asarray(part * part * (3 - 2 * part))


def brows(under: Ground, at: Mapping[str, Floats], who: Person, draw: np.random.Generator) -> Floats:
    """Hair by hair along the brow, from its inner end (hairs upright) to its outer (lying outwards)."""
    cover = np.zeros(under.lips.shape)
    inner, middle, outer = at["left brow inner"], at["left brow middle"], at["left brow outer"]
    x, y = under.place[..., 0], under.place[..., 1]
    region = (np.abs(x) > 4) & (np.abs(x) < 62) & (np.abs(y - middle[1] - 3) < 20) & (under.place[..., 2] > 80)
    px, py = np.abs(x[region]), y[region]
    side = x[region] > 0
    value = np.zeros(len(px))
    thick = 0.7 + 0.6 * who.brows
    for number in range(int(260 * (0.75 + 0.5 * who.brows))):
        along = draw.random()
        spine = inner[:2] * (1 - along) + outer[:2] * along
        arch = np.array([-2.0 * (1 - along), 4.2 * np.sin(np.pi * along**1.25) - 1.0 - 1.2 * along])
        half = thick * (3.0 * (1 - along) ** 0.6 + 0.7) * (0.35 + 0.65 * min(1, along / 0.18))
        root = spine + arch + np.array([0.0, half * (draw.random() * 2 - 1)])
        lean = np.radians(58 - 74 * along**0.7 + 22 * (draw.random() - 0.5)) - np.radians(14) * (
            root[1] > spine[1] + arch[1]
        )
        length = (4.5 + 2.5 * draw.random()) * (1 - 0.35 * along)
        tip = root + length * np.array([np.cos(lean), np.sin(lean)])
        run = tip - root
        part = np.clip(((px - root[0]) * run[0] + (py - root[1]) * run[1]) / (run @ run), 0, 1)
        gap = np.hypot(px - root[0] - part * run[0], py - root[1] - part * run[1])
        width = 0.5 * thick * (1 - 0.6 * part)
        here = np.clip(1.3 - gap / width, 0, 1) * (side == bool(number % 2))
        value = np.maximum(value, here * (0.75 + 0.25 * draw.random()))
    share = np.clip((px - inner[0]) / (outer[0] - inner[0]), 0, 1)
    spine = inner[1] * (1 - share) + outer[1] * share + 4.2 * np.sin(np.pi * share**1.25) - 1.0
    half = thick * (3.4 * (1 - share) ** 0.6 + 0.8)
    ends = np.clip((px - inner[0] + 3) / 6, 0, 1) * np.clip((outer[0] + 1 - px) / 4, 0, 1)
    soft = 0.5 * np.exp(-(((py - spine) / half) ** 2)) * ends
    cover[region] = np.maximum(0.88 * value, soft)
    return cover


@lru_cache(maxsize=4)
def folds(size: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Where creases may come, 0 to 1: furrow between the brows, lines over them, folds by the mouth, wrinkled nose.

    The source's shapes have no creases; these lines are ours (assumption), drawn where the units pull.
    """
    under, at = ground(size), middles()
    x, y, z = np.abs(under.place[..., 0]), under.place[..., 1], under.place[..., 2]
    front = np.clip((z - 90) / 20, 0, 1)
    brow, wing, corner = at["left brow inner"], at["left nostril"], at["left mouth corner"]
    furrow = np.exp(-(((x - 5.5 - 0.08 * (y - brow[1])) / 1.1) ** 2) - (((y - brow[1] - 3) / 8) ** 2))
    lines = np.zeros_like(x)
    for rise in (15, 24, 33):
        lines += 0.55 * np.exp(-(((y - brow[1] - rise - 3 * np.cos(x / 22)) / 1.2) ** 2) - (x / 36) ** 4)
    top, foot = 107.0, corner[1] - 4
    run = np.clip((top - y) / (top - foot), 0, 1)
    path = wing[0] + 4.5 + (corner[0] + 9 - wing[0] - 4.5) * run**0.8
    ends = np.clip((top + 2 - y) / 6, 0, 1) * np.clip((y - corner[1] + 6) / 8, 0, 1)
    fold = np.exp(-(((x - path) / 1.6) ** 2)) * ends
    wrinkle = 0.7 * np.exp(-(((y - 128 - 5 * np.cos(x / 5)) / 1.3) ** 2) - (x / 9) ** 4)
    return front * furrow, front * lines, front * fold, front * wrinkle


FAINT = 0.08
"""How deep the folds by the mouth are at rest."""


def creases(weights: Mapping[str, float], size: int) -> Floats:
    """How deep each point of the picture lies in a crease, 0 to 1, for weights of shapes."""

    def pull(*names: str) -> float:
        return float(np.clip(np.mean([weights.get(n, 0.0) for n in names]), 0, 1))

    frown = pull("browDownLeft", "browDownRight")
    up = max(pull("browInnerUp"), pull("browOuterUpLeft", "browOuterUpRight"))
    smile = pull("mouthSmileLeft", "mouthSmileRight") / 0.7
    sneer = max(pull("noseSneerLeft", "noseSneerRight"), 0.7 * pull("mouthUpperUpLeft", "mouthUpperUpRight"))
    strengths = (frown, up, min(1.0, FAINT + 0.7 * smile + 0.7 * sneer), sneer)
    total = np.zeros((size, size))
    for strength, place in zip(strengths, folds(size), strict=True):
        if strength:
            total += strength * place
    return np.asarray(np.clip(total, 0, 1))
