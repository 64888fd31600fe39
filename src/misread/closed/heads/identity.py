"""Who a head is: numbers drawn from a seed, and the shape they give at an age.

Nobody is modelled. The source's three named groups of faces stand at a third each for every head and are no axis; its
two sexes became one unnamed axis of build, drawn like the others and tied to nothing, hair and colour included.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from misread.closed.heads.drawn.skin import HAIRS, IRISES, as_light, skin_of
from misread.closed.heads.model import Floats, Model, is_unit, model

SEEDS = tuple(range(20))
"""The twenty heads."""

STYLES = ("cropped", "bob", "tied", "curls", "parted")

# Years at which the source's shapes stand. The source puts its child at 10 (its own convention, unverified); 18 and
# 30 for the grown face and 70 for the old one are assumptions. Between 1 and 10 growth is faster at first: with this
# power the eyes' distance at 5 to 6 years is 0.81 of the adult's, as in the figures the tests name.
YEARS = ((1.0, "baby"), (10.0, "child"), (18.0, "young"), (30.0, "young"), (70.0, "old"))
EARLY_POWER = 0.7

# By how many millimetres an axis moves what it moves most, one standard deviation, for an adult; and the furthest it
# may go (1 is the source's own extreme). Assumption: what still looks like a person met in the street. The mouth's
# corners and the brows' angle move little, so that a face at rest stays one.
SPREAD = {"head": 2.4, "forehead": 2.0, "neck": 2.2, "ear": 2.0, "chin": 1.7, "cheek": 1.5, "nose": 1.05, "mouth": 0.85,
          "eye": 0.75, "eyebrows": 0.8}  # fmt: skip
CALM = {"mouth-angles": 0.35, "eyebrows-angle": 0.4, "mouth-lowerlip-ext": 0.35, "mouth-upperlip-ext": 0.35,
        "forehead-slope": 1.2, "nose-point": 0.8, "mouth-scale-horiz": 1.4, "nose-scale-horiz": 1.4,
        "eye-trans": 0.9}  # fmt: skip
FURTHEST = 0.7
LOPSIDED = 0.15
OUTLINES = ("head-oval", "head-round", "head-rectangular", "head-square", "head-triangular", "head-diamond",
            "head-invertedtriangular")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A head of nobody, before age and expression.

    Attributes
    ----------
    seed : int
    axes : Mapping[str, tuple[float, float]]
        Per axis its value on the head's left and right, -1 to 1.
    build : float
        The unnamed axis, -1 to 1.
    skin : tuple[float, float, float]
        CIELAB (D65) of the cheek.
    style, hair, iris : str
        A style of `STYLES`, keys of `skin.HAIRS` and `skin.IRISES`.
    freckles, brows : float
        0 to 1: how many freckles; how thick the brows are.
    """

    seed: int
    axes: tuple[tuple[str, float, float], ...]
    build: float
    skin: tuple[float, float, float]
    style: str
    hair: str
    iris: str
    freckles: float
    brows: float


@lru_cache(maxsize=1)
def axes() -> tuple[str, ...]:
    """The axes of identity: names of targets without their sign."""
    return tuple(sorted({name[:-1] for name in model().targets if not is_unit(name)}))


@lru_cache(maxsize=256)
def person(seed: int) -> Person:
    """The head that a seed gives; neighbouring seeds are spread evenly over skin and hair styles."""
    draw = np.random.Generator(np.random.Philox(key=[seed, 0x4EAD5]))
    values: list[tuple[str, float, float]] = []
    for axis in axes():
        if axis in OUTLINES:
            continue
        spread = spread_of(axis)
        middle = spread * bell(draw)
        lean = LOPSIDED * spread * bell(draw) if paired(axis) else 0.0
        values.append((axis, middle + lean, middle - lean))
    outline = draw.random(len(OUTLINES)) ** 3
    for axis, share in zip(OUTLINES, 0.6 * outline / outline.sum(), strict=True):
        values.append((axis, float(share), float(share)))
    skin = skin_of(reversed_digits(seed), bell(draw), bell(draw))
    hairs = [h for h in HAIRS if skin[0] >= HAIRS[h].lightest_skin]
    shares = np.cumsum([HAIRS[h].share for h in hairs])
    hair = hairs[int(np.searchsorted(shares / shares[-1], draw.random()))]
    irises = list(IRISES)[: 2 if skin[0] < 50 else None]
    return Person(
        seed=seed,
        axes=tuple(values),
        build=0.5 * bell(draw),
        skin=skin,
        style=STYLES[(seed * 3 + seed // 5) % len(STYLES)],
        hair=hair,
        iris=irises[int(draw.random() * len(irises))],
        freckles=float(max(0.0, draw.random() * 2.5 - 1.5)) if skin[0] > 55 else 0.0,
        brows=float(draw.random()),
    )


def bell(draw: np.random.Generator) -> float:
    """About normal with standard deviation 1, never beyond 3: from three uniforms, so the same on every machine."""
    return float(2.0 * (draw.random(3).sum() - 1.5))


def with_skin(who: Person, light: float) -> Person:
    """The same person with skin of another lightness: hair, brows, freckles and irises stay as they are.

    Parameters
    ----------
    who : Person
    light : float
        CIELAB L* of the cheek, within the range of skin (`DARKEST` to `LIGHTEST` in `drawn.skin`).
    """
    return replace(who, skin=as_light(who.skin, light))


@lru_cache(maxsize=256)
def spread_of(axis: str) -> float:
    """One standard deviation of an axis, in units of its target."""
    found = [model().targets[axis + sign][1] for sign in "+-" if axis + sign in model().targets]
    reach = max(float(np.linalg.norm(moves, axis=1).max()) for moves in found)
    wanted = CALM.get(axis, SPREAD[axis.split("-")[0]])
    return min(1e-3 * wanted / reach, FURTHEST / 3)


def reversed_digits(seed: int) -> float:
    """Van der Corput's sequence: any run of seeds covers 0 to 1 evenly."""
    result, part = 0.0, 0.5
    while seed:
        result += part * (seed & 1)
        seed >>= 1
        part /= 2
    return result


def mix(age: float) -> dict[str, float]:
    """Shares of the source's four shapes at an age in years."""
    if not 1 <= age <= 100:
        raise ValueError(f"age {age}: from 1 to 100 years")
    years = [y for y, _ in YEARS]
    after = min(max(int(np.searchsorted(years, age)), 1), len(years) - 1)
    before, following = YEARS[after - 1][1], YEARS[after][1]
    part = min((age - years[after - 1]) / (years[after] - years[after - 1]), 1.0)
    if following == "child":
        part = part**EARLY_POWER
    if before == following:
        return {before: 1.0}
    return {before: 1 - part, following: part}


def size(points: Floats, held: Model) -> float:
    """How large a head is: its skin's spread about its middle, over the average adult's."""
    skin = held.vertices_of("skin", "lips", "lids")
    spread = [float(np.sqrt(((p[skin] - p[skin].mean(0)) ** 2).sum(1).mean())) for p in (points, held.base)]
    return spread[0] / spread[1]


def neutral(who: Person, age: float) -> Floats:
    """All vertices of a person's face at rest, in metres; identity scales with the size of a head of that age."""
    held = model()
    points = held.base.copy()
    for name, share in mix(age).items():
        points += share * (held.ages[name] + who.build * held.builds[name])
    scale = size(points, held)
    for axis, left, right in who.axes:
        for value, mirrored in ((left, False), (right, True)):
            add_axis(points, axis, scale * value, mirrored, held)
    return points


def add_axis(points: Floats, axis: str, value: float, mirrored: bool, held: Model) -> None:
    """Move `points` along an axis. One of a pair's sides is in the file; the other is its mirror."""
    name = axis + ("+" if value > 0 else "-")
    if name not in held.targets:
        return
    index, moves = held.targets[name]
    if paired(axis):
        rows, steps = (held.mirror[index], moves * (-1.0, 1.0, 1.0)) if mirrored else (index, moves)
        points[rows] += abs(value) * steps
    elif not mirrored:
        points[index] += abs(value) * moves


def paired(axis: str) -> bool:
    """Whether the axis belongs to one side of the head."""
    return axis.startswith(("eye-", "ear-", "cheek-"))
