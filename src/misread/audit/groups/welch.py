"""A second opinion on whether groups of persons differ: from the variance of each group, few persons taken for few.

Dealing persons out anew is exact where those of all groups are alike in everything, the number of their faces included.
Where six persons with thirty faces each stand beside sixty with three, it calls equal groups unequal too often. There
this test speaks up; where groups are built alike it is silent, the permutation being the sharper of the two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc, stdtr

Array = NDArray[np.float64]


def second_opinion(x: Array, n: Array, worth: Array, persons: Array) -> float:
    """The smaller p of two tests for groups with variances of their own: of all groups, and of one against the others.

    Parameters
    ----------
    x, n : ndarray, shape (groups,)
        Hits and trials of two or more groups.
    worth : ndarray, shape (groups,)
        Independent trials that they are worth.
    persons : ndarray, shape (groups,)
        Of how many with equally many faces (`even_persons`), two or more in each.

    Returns
    -------
    float
        In [0, 1]; 1 where nothing or everything is hit.
    """
    rate, common = x / n, x.sum() / n.sum()
    if not 0 < common < 1:
        return 1.0
    inside = (rate > 0) & (rate < 1)
    variance = np.where(inside, rate * (1 - rate), common * (1 - common)) / worth
    return min(all_alike(rate, variance, persons), one_apart(rate, variance, persons))


def all_alike(rate: Array, variance: Array, persons: Array) -> float:
    """p of Welch's test that all groups have one mean (Biometrika 38, 1951, 330–336).

    Parameters
    ----------
    rate, variance, persons : ndarray, shape (groups,)
        Mean of each group, the variance of that mean, and from how many persons it was estimated.
    """
    groups, weight = len(rate), 1 / variance
    total = weight.sum()
    apart = (weight * (rate - (weight * rate).sum() / total) ** 2).sum()
    doubt = ((1 - weight / total) ** 2 / (persons - 1)).sum()
    ratio = apart / (groups - 1) / (1 + 2 * (groups - 2) / (groups**2 - 1) * doubt)
    return float(fdtrc(groups - 1, (groups**2 - 1) / (3 * doubt), ratio))


def one_apart(rate: Array, variance: Array, persons: Array) -> float:
    """p of the group that stands out most against the others together, with Šidák's allowance for having picked it.

    The others are put together with weights 1 / variance; degrees of freedom are Satterthwaite's.

    Parameters
    ----------
    rate, variance, persons
        As of `all_alike`.
    """
    weight = 1 / variance
    rest = weight.sum() - weight
    others = ((weight * rate).sum() - weight * rate) / rest
    squares = weight**2 / (persons - 1)
    both = variance + 1 / rest
    freedom = both**2 / (variance**2 / (persons - 1) + (squares.sum() - squares) / rest**4)
    least = float(np.min(2 * stdtr(freedom, -np.abs(rate - others) / np.sqrt(both))))
    return 1.0 if least >= 1 else float(-np.expm1(len(rate) * np.log1p(-least)))
