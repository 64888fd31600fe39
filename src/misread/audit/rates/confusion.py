"""Rows of a confusion matrix: P(label | expression), each cell by itself or the whole row as a posterior."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from misread.audit.intervals.effective import TOO_FEW
from misread.audit.intervals.posterior import dirichlet
from misread.audit.rates.masks import cells
from misread.audit.rates.measure import Rates, of_moments
from misread.audit.rates.moments import cell_moments
from misread.audit.table import CountTable

Array = NDArray[np.float64]


def confusion(table: CountTable, *, level: float = 0.95, interval: Literal["wilson", "dirichlet"] = "wilson") -> Rates:
    """P(label | expression) of each cell of each stratum.

    Parameters
    ----------
    table : CountTable
        One margin.
    level : float
        Of the intervals, in (0, 1).
    interval : {"wilson", "dirichlet"}
        Wilson's of each cell by itself; or the marginals of a Dirichlet posterior of the row with half a face a cell,
        on what the row's faces are worth: that from which a deployment draws.

    Raises
    ------
    ValueError
        If `interval` is neither.
    """
    found = of_moments(table, cells(table), cell_moments(table), level)
    if interval == "wilson":
        return found
    if interval != "dirichlet":
        raise ValueError(f"interval is {interval!r}: it is 'wilson' or 'dirichlet'")
    worth = row_units(found)
    shape = table.counts.shape
    p = found.value.reshape(shape)
    low, high = dirichlet(np.nan_to_num(p * worth[:, :, None]), level=level)
    if found.persons is not None:
        few = found.persons.reshape(shape) < TOO_FEW
        low, high = np.where(few, np.nan, low), np.where(few, np.nan, high)
    return replace(
        found,
        low=low.reshape(found.low.shape),
        high=high.reshape(found.high.shape),
        n_eff=np.repeat(worth, shape[2], axis=1),
        method="dirichlet" if found.persons is None else "dirichlet-persons",
    )


def row_units(confusion: Rates) -> Array:
    """How many independent faces each row of a confusion matrix is worth.

    That number of independent faces has cells which vary as much, all together, as these: (1 − Σp²) / Σ p(1 − p) / m
    over the row's cells with their own effective numbers m. It is at most the number of faces, and that of persons
    where all answers are the same.

    Parameters
    ----------
    confusion : Rates
        Of `confusion(table)`, with Wilson's intervals.

    Returns
    -------
    ndarray, shape (strata, expressions)
        NaN where there is no face, or fewer than two persons.
    """
    shape = confusion.table.counts.shape
    p, worth = confusion.value.reshape(shape), confusion.n_eff.reshape(shape)
    least, most = worth.min(axis=2), worth.max(axis=2)
    vary = p * (1 - p)
    whole = vary.sum(axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        together = np.clip(whole / (vary / worth).sum(axis=2), least, most)  # a mean of `worth`, but for rounding
    found: Array = np.where(np.nan_to_num(whole) > 0, together, least)
    return found
