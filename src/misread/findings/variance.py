"""Where pupils' files differ from: the variance of a year's flags, split by what pupils differ in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from misread.engine.chain import Chain
from misread.engine.chain.markov import Array
from misread.findings.pooling import over

Ints = NDArray[np.intp]

NOTHING = 1e-12
"""A variance below this share of the mean square is rounding."""

SOURCES = ("state", "face", "view", "group", "within", "interaction")


def shares_of_variance(chain: Chain, share: Array, mean: Array, variance: Array) -> dict[str, Array]:
    """Shares of the variance of a number that every pupil has.

    By the law of total variance, Var N = E Var(N | stratum) + Var E(N | stratum); the second part is split into the
    variances of the means by each source alone, which are independent of one another, and what they add together.

    Parameters
    ----------
    chain : Chain
        What strata are.
    share : ndarray, shape (points, strata)
        Share of the pupils; adds to 1.
    mean, variance : ndarray, shape (draws, strata)
        Of the number, in each stratum.

    Returns
    -------
    dict of str to ndarray, shape (draws,)
        By source; NaN where the number does not vary.
    """
    within = (share * variance).sum(axis=-1)
    between = _between(np.arange(chain.strata), share, mean)
    total = within + between
    square = (share * (variance + mean**2)).sum(axis=-1)
    total = np.where(total > NOTHING * square, total, 0.0)
    alone = {source: _between(levels, share, mean) for source, levels in levels_of(chain).items()}
    # What nearly cancels leaves rounding behind; sources are independent, so that the rest is never below 0.
    rest = np.maximum(between - sum(alone.values(), np.zeros_like(between)), 0)
    parts = {**alone, "within": within, "interaction": rest}
    return {source: over(parts[source], total) for source in SOURCES}


def levels_of(chain: Chain) -> dict[str, Ints]:
    """For each source, a number for each stratum: the same for strata alike in it, counted from 0."""

    def number(columns: Ints) -> Ints:
        if not columns.shape[1]:
            return np.zeros(chain.strata, dtype=np.intp)
        return np.asarray(np.unique(columns, axis=0, return_inverse=True)[1].ravel(), dtype=np.intp)

    of_state = np.array([t.acts_on == "state" for t in chain.traits], dtype=bool)
    return {
        "state": number(chain.level[:, of_state]),
        "face": number(chain.level[:, ~of_state]),
        "view": chain.view,
        "group": chain.group,
    }


def _between(levels: Ints, share: Array, mean: Array) -> Array:
    """Variance of the means of what is alike in a source: shape (draws,)."""
    if not levels.any():
        # All are alike in it: exactly nothing, where rounding would leave a trace.
        return np.zeros(len(mean))
    member = (levels[:, None] == np.arange(int(levels.max()) + 1)) * 1.0
    weight = share @ member
    of_level = np.divide((share * mean) @ member, weight, out=np.zeros((len(mean), member.shape[1])), where=weight > 0)
    overall = (share * mean).sum(axis=-1, keepdims=True)
    return np.asarray((weight * (of_level - overall) ** 2).sum(axis=-1))
