"""One result of the study, and what it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Bounds = tuple[Array, Array]

LEVEL = 0.95
Z = 1.959963984540054
CLOSE = 1e-12
"""A bound that equals the truth but for rounding holds it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One method in one case.

    Attributes
    ----------
    table, case, method : str
    figures : mapping of str to float
        `cover`: how often the interval holds the truth, on average over the case's settings; `worst`: in the worst of
        them; `width`: its mean width; `claims`: how often it claims what is not there; and others that a table names.
    """

    table: str
    case: str
    method: str
    figures: Mapping[str, float]


def holds(bounds: Bounds, truth: Array | float) -> NDArray[np.bool_]:
    """Whether intervals hold the truth; NaN bounds do not."""
    low, high = bounds
    return (low <= truth + CLOSE) & (truth - CLOSE <= high)


def stream(seed: int, *key: float) -> np.random.Generator:
    """Random numbers of one setting: the same whatever else is run."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, *(round(1000 * part) for part in key)])))


def averaged(table: str, case: str, method: str, covers: Sequence[float], widths: Sequence[float] = ()) -> Cell:
    """A cell over several settings, each with the same weight."""
    figures = {"cover": float(np.mean(covers)), "worst": float(np.min(covers))}
    return Cell(table, case, method, {**figures, "width": float(np.mean(widths))} if len(widths) else figures)
