"""What counts could have shown: the smallest gap that is likely to be seen, and faces and persons needed to see one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtri, ncfdtr

from misread.audit.intervals.effective import TOO_FEW

Array = NDArray[np.float64]

POWER = 0.8
ALPHA = 0.05
"""A gap counts as seen where the permutation p is below this."""
GAPS = (0.05, 0.1, 0.2)
FINEST = 0.001
"""Gaps are looked for in steps of a tenth of a point."""
MOST = 10_000_000
"""Units a group at most."""


@dataclass(frozen=True, slots=True)
class Needed:
    """What a comparison has to have so that a gap is seen four times out of five.

    Attributes
    ----------
    gap : float
        Between the highest and the lowest group.
    base : float
        Rate of one of these two; the other's is nearer to one half by the gap.
    groups : int
        How many are compared; the others lie midway.
    faces_a_person : int
        Faces of each person that the rate is over.
    icc : float
        How alike the answers to one person's faces are, from 0 to 1.
    persons, faces : int
        Needed in each group.
    power : float
        Reached with these.
    """

    gap: float
    base: float
    groups: int
    faces_a_person: int
    icc: float
    persons: int
    faces: int
    power: float


def power(
    *,
    base: float = 0.7,
    gaps: Sequence[float] = GAPS,
    groups: int = 2,
    faces_a_person: Sequence[int] = (1, 5, 20),
    iccs: Sequence[float] = (0.0, 0.1, 0.2),
    wanted: float = POWER,
) -> tuple[Needed, ...]:
    """Faces and persons needed in each group to see a gap, at the level of 5 %.

    The permutation test has about the power of an F test between groups: noncentrality m·Σ(pᵢ − p̄)² / (p̄(1 − p̄)),
    where m is the number of independent faces a group, faces / (1 + (faces a person − 1)·ICC), and persons are what
    degrees of freedom are counted in. Two groups lie at the ends and the others midway, which is the hardest case of a
    given gap.

    Parameters
    ----------
    base : float
        Rate of one group, in [0, 1].
    gaps : sequence of float
        In (0, 1).
    groups : int
        2 or more.
    faces_a_person : sequence of int
        1 or more.
    iccs : sequence of float
        In [0, 1].
    wanted : float
        How often the gap shall be seen, in (0.05, 1).

    Raises
    ------
    ValueError
        If one of these is out of its range, or no other group can differ from `base` by a gap.
    """
    if groups < 2 or not 0 <= base <= 1 or not ALPHA < wanted < 1:
        raise ValueError("groups must be 2 or more, base in [0, 1], wanted in (0.05, 1)")
    return tuple(_rows(base, gaps, groups, faces_a_person, iccs, wanted))


def _rows(
    base: float, gaps: Sequence[float], groups: int, faces: Sequence[int], iccs: Sequence[float], wanted: float
) -> Iterator[Needed]:
    for gap, each, icc in product(gaps, faces, iccs):
        other = base - gap if base > 0.5 else base + gap
        if not (0 < gap < 1 and 0 <= other <= 1 and each >= 1 and 0 <= icc <= 1):
            raise ValueError(f"gap {gap} from {base}, {each} faces a person, ICC {icc}: out of range")
        if each == 1 and icc != iccs[0]:
            continue  # one face of a person resembles no other
        worth = each / (1 + (each - 1) * icc)
        rates = np.array([base, other, *[(base + other) / 2] * (groups - 2)])

        def reached(persons: int, rates: Array = rates, worth: float = worth) -> float:
            sizes = np.full(groups, persons * worth)
            return seen_with(sizes, rates, units=persons * groups)

        low, high = TOO_FEW - 1, TOO_FEW  # fewer take no part
        while reached(high) < wanted and high < MOST:
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if reached(middle) >= wanted else (middle, high)
        yield Needed(gap, base, groups, each, icc, high, high * each, reached(high))


def seen_with(sizes: Array, rates: Array, *, units: float) -> float:
    """How likely it is that equality of groups with these rates is refused at 5 %.

    Parameters
    ----------
    sizes : ndarray, shape (..., groups)
        Independent faces.
    rates : ndarray, shape (..., groups)
        True rates.
    units : float
        Persons (or faces, where persons are not known) in all groups.
    """
    return float(_power(sizes, rates, units))


def visible(rates: Array, sizes: Array, units: float, *, wanted: float = POWER) -> float:
    """The smallest gap between two groups of usual size that would have been seen four times out of five.

    The others lie midway between them, at the overall rate as it was seen.

    Parameters
    ----------
    rates, sizes : ndarray, shape (groups,)
        Rates as seen, and independent faces.
    units : float
        Persons, or faces, in all groups.
    wanted : float
        How often the gap shall be seen.

    Returns
    -------
    float
        In (0, 1]; 1 where not even the greatest gap would have been seen as often.
    """
    groups = len(sizes)
    middle = float((rates * sizes).sum() / sizes.sum())
    gaps = np.arange(1, round(1 / FINEST) + 1) * FINEST
    lowest = np.clip(middle - gaps / 2, 0, 1 - gaps)
    others = np.broadcast_to(middle, (len(gaps), groups - 2))
    # The two that differ are of median size; what the others weigh in the overall rate stays as it is.
    usual = float(np.median(sizes))
    rest = (sizes.sum() - 2 * usual) / max(groups - 2, 1)
    weights = np.array([usual, usual, *[max(rest, 0.0)] * (groups - 2)])
    reached = _power(weights, np.column_stack([lowest, lowest + gaps, others]), units)
    enough = np.flatnonzero(reached >= wanted)
    return float(gaps[enough[0]]) if len(enough) else 1.0


def _power(sizes: Array, rates: Array, units: float) -> Array:
    """Power of the F test between groups, over leading axes."""
    groups = rates.shape[-1]
    inside = units - groups
    if inside < 1:
        return np.zeros(rates.shape[:-1])
    mean = (sizes * rates).sum(axis=-1) / sizes.sum(axis=-1)
    apart = (sizes * (rates - mean[..., None]) ** 2).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        noncentral = np.where(apart > 0, apart / (mean * (1 - mean)), 0.0)
    critical = fdtri(groups - 1, inside, 1 - ALPHA)
    # Far beyond what matters the series of the noncentral F is slow and soon fails; the power is then 1.
    missed = ncfdtr(groups - 1, inside, np.minimum(noncentral, 500.0), critical)
    return np.where(np.isnan(missed), 1.0, 1 - missed)
