"""The head as it lies in the package: one mesh, its targets and its masks, read once.

Frame: metres, the origin at the neck joint, x to the head's own left, y up, z to the front.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FINE = 1e-5
COARSE = 1e-4


@dataclass(frozen=True, slots=True)
class Model:
    """What `head.npz` holds, in metres.

    Attributes
    ----------
    base : Floats
        The average adult, vertex by vertex.
    triangles : Ints
        Three vertices each, counter-clockwise seen from outside.
    material : NDArray[np.uint8]
        Per triangle, an index into `materials`.
    masks : Mapping[str, Floats]
        "lips", "lids", "mouth", "ears": 0 to 1 per vertex.
    mirror : Ints
        For each vertex the one on the other side.
    joints : Mapping[str, Floats]
        "neck", "head", "jaw" of the average adult.
    ages, builds : Mapping[str, Floats]
        Per age ("baby", "child", "young", "old") what is added to `base`; and the one unnamed axis of build.
    targets : Mapping[str, tuple[Ints, Floats]]
        Vertices and their displacements: `axis+`, `axis-` of identity, and the 52 units of expression.
    """

    base: Floats
    triangles: Ints
    material: NDArray[np.uint8]
    materials: tuple[str, ...]
    masks: Mapping[str, Floats]
    mirror: Ints
    joints: Mapping[str, Floats]
    ages: Mapping[str, Floats]
    builds: Mapping[str, Floats]
    targets: Mapping[str, tuple[Ints, Floats]]

    def of(self, *names: str) -> NDArray[np.bool_]:
        """Which triangles are of one of these materials."""
        return np.isin(self.material, [self.materials.index(n) for n in names])

    def vertices_of(self, *names: str) -> Ints:
        """The vertices of the triangles of these materials."""
        return np.unique(self.triangles[self.of(*names)])


@lru_cache(maxsize=1)
def model() -> Model:
    """The head of the package."""
    with files(__package__).joinpath("data/head.npz").open("rb") as handle, np.load(handle) as held:
        values = held["target_values"].T * COARSE
        index = held["target_index"].astype(np.int64)
        cuts = held["target_starts"].astype(np.int64)
        names = [str(n) for n in held["target_names"]]
        spans = zip(names, cuts[:-1], cuts[1:], strict=True)
        ages = held["ages"] * FINE
        labels = [str(n) for n in held["age_names"]]
        return Model(
            base=held["base"] * FINE,
            triangles=held["triangles"].astype(np.int64),
            material=held["material"],
            materials=tuple(str(n) for n in held["materials"]),
            masks={str(n): m / 255 for n, m in zip(held["mask_names"], held["masks"], strict=True)},
            mirror=held["mirror"].astype(np.int64),
            joints=dict(zip((str(n) for n in held["joint_names"]), held["joints"] * FINE, strict=True)),
            ages=dict(zip(labels, ages[0], strict=True)),
            builds=dict(zip(labels, ages[1], strict=True)),
            targets={name: (index[a:b], values[a:b]) for name, a, b in spans},
        )


def is_unit(name: str) -> bool:
    """Whether a target is one of the 52 units of expression."""
    return not name.endswith(("+", "-"))
