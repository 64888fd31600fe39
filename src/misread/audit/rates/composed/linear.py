"""The variance of composites by linearisation: what each person adds to them, to first order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from misread.audit.intervals.effective import LEAST_EVEN, even_persons
from misread.audit.rates.composed.sums import Sums, apart, by_chance, uses_squared
from misread.audit.rates.moments import pairs
from misread.audit.table import CountTable

Array = NDArray[np.float64]


def slopes(sums: Sums) -> tuple[Array, Array, Array]:
    """Derivatives of the composites by hits, faces and answers.

    Returns
    -------
    hits, faces, answers : ndarray, shapes (strata, own, 4), (strata, expressions, 4), (strata, labels, 4)
        0 where a composite is not estimable.
    """
    by_hits = np.zeros((*sums.hits.shape, 4))
    by_faces = np.zeros((*sums.faces.shape, 4))
    by_answers = np.zeros((*sums.answers.shape, 4))
    rows, columns = sums.own_rows, sums.own_columns
    with np.errstate(invalid="ignore", divide="ignore"):
        present = sums.shown > 0
        over = sums.over[:, None]
        shown, both = sums.shown, sums.shown + sums.said
        by_hits[..., 0] = np.where(present, 1 / (over * shown), 0)
        by_faces[:, rows, 0] = np.where(present, -sums.hits / (over * shown**2), 0)
        by_hits[..., 1] = np.where(present, 2 / (over * both), 0)
        by_faces[:, rows, 1] = by_answers[:, columns, 1] = np.where(present, -2 * sums.hits / (over * both**2), 0)

        n = sums.n[:, None]
        p = (sums.hits.sum(axis=1) / sums.n)[:, None]
        chance = by_chance(sums)[:, None]
        a, b = 1 / (1 - chance), -(1 - p) / (1 - chance) ** 2  # of kappa, by p and by chance
        by_hits[..., 2] = a / n
        by_faces[..., 2] = -(a * p + 2 * b * chance) / n
        by_faces[:, rows, 2] += b * sums.said / n**2
        by_answers[:, columns, 2] = b * shown / n**2

        differ = apart(sums)[:, None]
        scale = sums.scale[:, None]
        m = scale * n
        pool = 2 * m * (2 * m - 1)
        a, b = 1 / differ, (1 - p) / differ**2  # of alpha, by p and by `differ`
        alike = scale**2 * uses_squared(sums)[:, None] - 2 * m
        by_n = scale * (2 / pool + alike * (8 * m - 2) / pool**2)
        faces, answers = sums.faces.copy(), sums.answers.copy()
        faces[:, rows] += sums.said
        answers[:, columns] += sums.shown
        by_hits[..., 3] = a / n
        by_faces[..., 3] = -a * p / n + b * (by_n - 2 * scale**2 * faces / pool)
        by_answers[..., 3] = -2 * b * scale**2 * answers / pool
    for found in (by_hits, by_faces, by_answers):
        found[~np.isfinite(found)] = 0
    return by_hits, by_faces, by_answers


def variance(table: CountTable, sums: Sums) -> tuple[Array, Array | None, Array | None]:
    """Variances of the composites of each stratum, and the persons that they are estimated from.

    To first order a composite is a sum over persons, and k / (k − 1) times the sum of their squared parts is its
    variance (Binder, Int. Stat. Rev. 51, 1983, 279–292), k being persons with equally many faces. The parts add to 0,
    since twice as many of all faces change nothing (of alpha next to nothing). Where persons are not known, each row is
    taken for one.

    Returns
    -------
    variance : ndarray, shape (strata, 4)
    persons, even : ndarray or None, shape (strata,)
        How many, and how many with equally many faces they are worth; None where they are not known.
    """
    by_hits, by_faces, by_answers = slopes(sums)
    part = by_faces[:, :, None] + by_answers[:, None]  # of one face in a cell, shape (strata, expressions, labels, 4)
    part[:, sums.own_rows, sums.own_columns] += by_hits
    people = table.people
    if people is None:
        squares = table.counts if table.squares is None else table.squares
        return np.einsum("sel,selm->sm", squares, part * part), None, None
    S, E, L = table.counts.shape
    starts = pairs(people)
    of = people.stratum[starts]
    at = people.stratum.astype(np.int64) * (E * L) + people.cell
    part = part.reshape(-1, 4)
    each = csr_array((people.count, at, np.append(starts, len(at))), shape=(len(starts), len(part))) @ part
    k = np.bincount(of, minlength=S).astype(np.float64)
    faces = np.add.reduceat(people.count, starts) if len(starts) else people.count
    n, nn = (np.bincount(of, values, S).astype(np.float64) for values in (faces, faces**2))
    even = even_persons(n, nn, k)
    squared = np.stack([np.bincount(of, each[:, m] ** 2, S) for m in range(4)], axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (even / (even - 1))[:, None] * squared
    return np.where(even[:, None] >= LEAST_EVEN, found, np.nan), k, even


def unseen(sums: Sums) -> Array:
    """Variance of the means that does not show, since an expression's faces are all read right, or none of them.

    Such a recall has a variance of 0, of three faces as of a thousand, and the mean would be too sure. So it is given
    the variance that it has with two hits and two misses more (Agresti and Coull, Am. Stat. 52, 1998, 119–126).

    Returns
    -------
    ndarray, shape (strata, 4)
        0 of kappa and alpha, which rare expressions hardly move.
    """
    x, n = (values * sums.scale[:, None] for values in (sums.hits, sums.shown))
    alike = (n > 0) & ((x <= 0) | (x >= n))
    hidden = np.where(alike, (x + 2) * (n - x + 2) / (n + 4) ** 3, 0)
    shown, both = sums.shown, sums.shown + sums.said
    with np.errstate(invalid="ignore", divide="ignore"):
        by_recall = 2 * shown * (both - sums.hits) / both**2  # of F1, whose answers are more by as much
    found = np.zeros((len(x), 4))
    for m, slope in enumerate((np.ones_like(by_recall), by_recall)):
        found[:, m] = np.where(alike, hidden * slope**2, 0).sum(axis=1) / np.maximum(sums.over, 1) ** 2
    return found
