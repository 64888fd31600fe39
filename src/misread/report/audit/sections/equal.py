"""Where groups would lie if all were equal: a band behind each dot, as wide as chance makes a group of its size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from misread.audit.intervals.effective import t_quantile
from misread.audit.intervals.many import sidak
from misread.audit.intervals.proportion import z_of
from misread.audit.table import MISSING

if TYPE_CHECKING:
    from misread.audit.rates import Estimate

Array = NDArray[np.float64]


def bands(
    estimates: Sequence[Estimate], even: Sequence[float | None], level: float = 0.95
) -> list[tuple[float, float] | None]:
    """A band for each group, out of 100; None for groups too small to be compared, or where only one is left.

    Parameters
    ----------
    estimates : sequence of Estimate
        The same rate of each group.
    even : sequence of float or None
        How many persons with equally many faces each group's are worth; None where persons are not known.
    level : float
        How often all dots of equal groups lie within their bands.
    """
    part = [i for i, e in enumerate(estimates) if _takes_part(e)]
    found: list[tuple[float, float] | None] = [None] * len(estimates)
    if len(part) < 2:
        return found
    chosen = [estimates[i] for i in part]
    n = sum(e.n for e in chosen)
    common = sum((e.value or 0.0) * e.n for e in chosen) / n
    persons = [k for i in part if (k := even[i]) is not None]
    worth = np.array([e.n_eff or 0.0 for e in chosen])
    ends = spread(common, worth, np.array(persons) if len(persons) == len(chosen) else None, level)
    for i, low, high in zip(part, *ends, strict=True):
        found[i] = 100 * float(low), 100 * float(high)
    return found


def spread(common: float, worth: Array, persons: Array | None, level: float) -> tuple[Array, Array]:
    """How far from a rate that all groups share each of them would be seen.

    The distance of a group from the rate of all has the variance p(1 − p)/n · (1 − n/Σn); bands hold for all groups
    together by Šidák's level (J. Am. Stat. Assoc. 62, 1967, 626–633). Where persons are known, n is what the faces are
    worth and Student's t takes the place of z, on as many persons as theirs are worth (`even_persons`).

    Parameters
    ----------
    common : float
        The rate, in [0, 1].
    worth : ndarray, shape (groups,)
        Independent faces.
    persons : ndarray, shape (groups,), or None
        How many persons with equally many faces they are of; None where rows are independent.
    level : float
        In (0, 1).

    Returns
    -------
    low, high : ndarray, shape (groups,)
        In [0, 1].
    """
    # Two groups are one comparison: what one has more, the other has less.
    each = level if len(worth) == 2 else sidak(level, len(worth))
    quantile = z_of(each) if persons is None else t_quantile(persons, each)
    far = quantile * np.sqrt(common * (1 - common) / worth * (1 - worth / worth.sum()))
    return np.clip(common - far, 0, 1), np.clip(common + far, 0, 1)


def _takes_part(e: Estimate) -> bool:
    """Whether a group is compared: it has an interval, and is one whose level is known."""
    return e.low is not None and bool(e.n_eff) and all(level != MISSING for _column, level in e.group)
