"""What a whole row P(label | expression) is worth: how many independent faces, from second moments of persons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.audit.intervals.effective import LEAST_EVEN, TOO_FEW, even_persons
from misread.audit.rates.moments import cell_moments, pairs
from misread.audit.table.model import CountTable

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Worth:
    """What the rows of a table rest on.

    Attributes
    ----------
    n : ndarray, shape (strata, expressions)
        Faces, or their weights.
    n_eff : ndarray, shape (strata, expressions)
        Independent faces they are worth; 0 where there are none.
    k : ndarray of int or None, shape (strata, expressions)
        Persons; None where they are not known, as the moments then are.
    present : ndarray of int or None, shape (strata,)
        Persons of each stratum, whatever they showed.
    xx, xn : ndarray or None, shape (strata, expressions, labels)
        Σx² and Σx·n over persons.
    nn : ndarray or None, shape (strata, expressions)
        Σn² over persons.
    """

    n: Array
    n_eff: Array
    k: NDArray[np.intp] | None = None
    present: NDArray[np.intp] | None = None
    xx: Array | None = None
    xn: Array | None = None
    nn: Array | None = None


def worth(table: CountTable) -> Worth:
    """What each row of a table is worth.

    The design effect of a row is the variance of its shares, added over labels and linearised as that of a ratio of
    sums over persons, by that of as many independent faces: ``k / (k − 1) · Σ_label (Σx² − 2p·Σxn + p²·Σn²) / n²``
    over ``Σ_label p(1 − p) / n``, k being `even_persons`. That is the mean of the labels' own design effects with their
    variances as weights (the first-order correction of Rao and Scott, Annals of Statistics 12, 1984, 46–60). It is
    never below 1. Where one label has the whole row, under `TOO_FEW` persons are in it, or one person has most of its
    faces, nothing tells how alike one person's faces are, and the row is worth k.

    Parameters
    ----------
    table : CountTable
        Counts, with persons and weights where there are any.
    """
    n = table.counts.sum(axis=2)
    if table.squares is None:
        most = n
    else:
        squares = table.squares.sum(axis=2)
        most = np.divide(n * n, squares, out=np.zeros_like(n), where=squares > 0)
    people = table.people
    if people is None:
        return Worth(n, most)
    S, E, L = table.counts.shape
    sums = cell_moments(table)
    xx, xn = (values.reshape(S, E, L) for values in (sums.xx, sums.xn))
    # A row's persons and Σn² stand beside each of its cells.
    nn = sums.nn.reshape(S, E, L)[:, :, 0]
    k = nn * 0 if sums.k is None else sums.k.reshape(S, E, L)[:, :, 0]
    even = even_persons(n, nn, k)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = table.counts / n[..., None]
        spread = even / (even - 1) * (xx - 2 * p * xn + p * p * nn[..., None]).clip(min=0).sum(axis=2) / n**2
        free = (p * (1 - p)).sum(axis=2)
        found = np.minimum(most, np.where((free > 0) & (k >= TOO_FEW) & (even >= LEAST_EVEN), free / spread, even))
    present = np.bincount(people.stratum[pairs(people)], minlength=S)
    return Worth(n, np.where(n > 0, found, 0.0), k.astype(np.intp), present, xx, xn, nn)
