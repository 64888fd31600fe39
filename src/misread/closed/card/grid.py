"""What the card changes, one thing at a time, and the controls that change nothing that matters."""

from __future__ import annotations

from dataclasses import dataclass, replace

from misread.closed.heads import EXPRESSIONS, GATED
from misread.closed.heads.drawn.skin import DARKEST, LIGHTEST
from misread.closed.readers.networks.table import NETWORKS

POSES = (*GATED, *(name for name in EXPRESSIONS if name not in GATED))
"""All poses; those after the gated ones are taken in the base condition alone, for the profile."""
LANDMARKS = "landmarks"
READERS = (LANDMARKS, *NETWORKS)
"""The landmark reader, which is given points, and the five networks, which are given pixels and the rendered box."""

DETECTORS = ("fer", "kind")
"""Settings of the face detector: fer's own, which looks for no face under 50 pixels, and the kindest."""
FINDING = ("fer", "facex")
"""Readers whose packages find faces with this detector."""
ASIDE = 40.0
"""Degrees of yaw that stand for looking away in a profile: the card's largest."""


@dataclass(frozen=True, slots=True)
class Condition:
    """How a head is shown.

    Attributes
    ----------
    factor, level : str
        What is changed, and to what; "base" where nothing is.
    age : float
        Years.
    skin : float or None
        L* in place of the head's own.
    wears : tuple of str
    light : str
        Of `render.LIGHTS`.
    mirrored : bool
    yaw : float
        Degrees by which the camera stands to the side.
    apart : float
        Pixels between the pupils of a face seen from the front.
    shift : tuple of float
        Pixels by which the camera is moved: across, down.
    spread : float
        Standard deviation of a lens out of focus, in pixels.
    quality : int or None
        Of JPEG; none: not compressed.
    box : tuple of float
        How far the face's box is moved: across, down, in shares of its width and height.
    """

    factor: str
    level: str
    age: float = 9.5
    skin: float | None = None
    wears: tuple[str, ...] = ()
    light: str = "daylight"
    mirrored: bool = False
    yaw: float = 0.0
    apart: float = 32.0
    shift: tuple[float, float] = (0.0, 0.0)
    spread: float = 0.0
    quality: int | None = None
    box: tuple[float, float] = (0.0, 0.0)

    @property
    def lighting(self) -> tuple[object, ...]:
        """What the light on a head depends on: where this is the same, it is worked out once."""
        return self.age, self.skin, self.wears, self.light, self.mirrored


BASE = Condition("base", "base")
"""A child of nine and a half years seen from the front in daylight, as large as the shipped camera over the board has
it in the second of five rows: 32 pixels between the pupils, a face some 65 wide. Kind to the camera: three of five rows
have less, and nobody is seen from the front for long."""

STEP = 0.03
"""How far the box is moved, in shares of its size."""
CONTROLS = (
    replace(BASE, factor="mirrored", level="left and right changed", mirrored=True),
    *(
        replace(BASE, factor="box moved", level=f"{way} by 3 %", box=(STEP * x, STEP * y))
        for way, x, y in (("left", -1, 0), ("right", 1, 0), ("up", 0, -1), ("down", 0, 1))
    ),
    replace(BASE, factor="taken again", level="half a pixel across", shift=(0.5, 0.0)),
    replace(BASE, factor="taken again", level="half a pixel down", shift=(0.0, 0.5)),
)
"""What changes nothing that a reader of faces should mind. The renderer gives the same bytes each time, so that taking
a picture again is done with the camera moved by half a pixel."""
FAMILIES = tuple(dict.fromkeys(control.factor for control in CONTROLS))

SKINS = tuple(DARKEST + part * (LIGHTEST - DARKEST) / 4 for part in range(5))
"""Five levels of L* over the range of skin: reflectances, which stand for no people."""
LEVELS = (
    *(replace(BASE, factor="yaw", level=f"{yaw}°", yaw=float(yaw)) for yaw in (10, 20, 30, 40)),
    *(replace(BASE, factor="pixels", level=f"{n} between the eyes", apart=float(n)) for n in (24, 16, 12, 8)),
    *(replace(BASE, factor="light", level=light, light=light) for light in ("dim", "overhead", "backlit")),
    *(replace(BASE, factor="blur", level=f"{s} px", spread=float(s)) for s in (1, 2, 3)),
    *(replace(BASE, factor="JPEG", level=f"quality {q}", quality=q) for q in (50, 20, 8)),
    replace(BASE, factor="glasses", level="worn", wears=("glasses",)),
    replace(BASE, factor="mask", level="worn", wears=("mask",)),
    *(replace(BASE, factor="skin", level=f"L* {light:g}", skin=light) for light in SKINS),
    *(replace(BASE, factor="age", level=f"{age} years", age=float(age)) for age in (6, 14, 25, 60)),
)
"""The factors' levels. All but skin differ from the base in one thing; each level of skin differs from the head's own
by another amount, so that the darkest and the lightest are held against each other as well."""
FACTORS = tuple(dict.fromkeys(level.factor for level in LEVELS))
CONDITIONS = (BASE, *CONTROLS, *LEVELS)


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the card: conditions, each held against another.

    Attributes
    ----------
    factor, level : str
    pairs : tuple of tuple of int
        Places in the list of conditions: what is changed, and what it is held against.
    control : bool
    """

    factor: str
    level: str
    pairs: tuple[tuple[int, int], ...]
    control: bool = False


def changes(conditions: tuple[Condition, ...] = CONDITIONS) -> tuple[Change, ...]:
    """The rows: each family of controls, each level, and the darkest skin against the lightest.

    Parameters
    ----------
    conditions : tuple of Condition
        The base first.
    """
    at = {(c.factor, c.level): place for place, c in enumerate(conditions)}
    rows = [
        Change(family, "", tuple((place, 0) for (factor, _), place in at.items() if factor == family), control=True)
        for family in FAMILIES
    ]
    rows += [Change(c.factor, c.level, ((at[c.factor, c.level], 0),)) for c in conditions if c.factor in FACTORS]
    darkest, lightest = (("skin", f"L* {end:g}") for end in (SKINS[0], SKINS[-1]))
    if darkest in at and lightest in at:
        after = next(place for place, row in enumerate(rows) if (row.factor, row.level) == lightest) + 1
        rows.insert(after, Change("skin", f"{darkest[1]} against {lightest[1]}", ((at[darkest], at[lightest]),)))
    return tuple(row for row in rows if row.pairs)
