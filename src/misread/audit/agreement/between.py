"""How a rate differs from person to person, the noise of few faces taken away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.audit.intervals.effective import t_quantile
from misread.audit.rates.masks import Measure
from misread.audit.table.model import CountTable

Numbers = NDArray[np.float64]

FEWEST = 10
"""Persons with two trials or more under which nothing is said."""


@dataclass(frozen=True, slots=True)
class Between:
    """How a rate differs from person to person.

    Attributes
    ----------
    mean : float
        Of the persons' rates, each person counting the same.
    sd, low, high : float or None
        Standard deviation of what the persons' rates would be with many faces each; 0 where chance explains what is
        seen. None: cannot be told. Of few persons the interval is too short (docs/audit/agreement.md).
    seen : float
        Standard deviation of the rates as they are, chance included.
    persons : int
        With two trials or more.
    note : str
        Why something cannot be told.
    """

    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    seen: float | None
    persons: int
    note: str = ""


def between(hits: Numbers, faces: Numbers, *, level: float = 0.95) -> Between:
    """How a rate differs from person to person, the noise of few faces taken away.

    The variance of the persons' rates less the mean of p (1 − p) / (n − 1), which is what it would be if all had the
    same rate. The interval is Student's on the logarithm of the first, from which the second is then taken: of few
    persons the variance is skewed. What a person's faces have in common besides the person, such as a single recording,
    stays in.

    Parameters
    ----------
    hits, faces : ndarray of float64, shape (persons,)
        Hits and trials of each; persons with fewer than two trials are left out.
    level : float
        In (0, 1).
    """
    several = faces >= 2
    faces, hits = faces[several], hits[several]
    k = len(faces)
    if k < FEWEST:
        return Between(
            None, None, None, None, None, k, f"cannot be told: {k} persons with two faces, {FEWEST} are needed"
        )
    rate = hits / faces
    noise = float((rate * (1 - rate) / (faces - 1)).mean())
    each = (rate - rate.mean()) ** 2 * k / (k - 1)
    seen = float(each.mean())
    if rate.min() == rate.max():
        return Between(float(rate.mean()), 0.0, None, None, 0.0, k, "no interval: all persons look alike")
    step = float(t_quantile(k, level)) * float(each.std(ddof=1)) / np.sqrt(k) / seen
    low, sd, high = (float(np.sqrt(max(0.0, seen * np.exp(by) - noise))) for by in (-step, 0.0, step))
    return Between(float(rate.mean()), sd, low, high, float(np.sqrt(seen)), k)


def of_persons(table: CountTable, rate: Measure) -> tuple[Numbers, Numbers]:
    """Hits and trials of each person, whatever the stratum: what `between` takes. In memory only.

    Parameters
    ----------
    table : CountTable
        With persons.
    rate : Measure
        Which cells are hits, and of what.
    """
    people = table.people
    assert people is not None

    def counted(mask: NDArray[np.bool_]) -> Numbers:
        chosen = people.count * mask.reshape(-1)[people.cell]
        return np.bincount(people.person, chosen, minlength=people.k).astype(np.float64)

    return counted(rate.hits), counted(rate.of)
