"""What each face's votes say of agreement; every function takes votes, shape (faces, options)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Votes = NDArray[np.integer]


def leave_one_out(votes: Votes) -> tuple[Numbers, Numbers]:
    """How often a rater says what most of the others say.

    A rater of the face is drawn at random and set against the commonest word of the others; where several words are
    equally common, each of them is theirs with the same chance.

    Parameters
    ----------
    votes : ndarray of int, shape (faces, options)
        Two or more a face.

    Returns
    -------
    said : ndarray of float64, shape (faces, options)
        Chance that the others' word is this one and the rater says it as well. Its sum over options is the face's
        agreement.
    theirs : ndarray of float64, shape (faces, options)
        Chance that the others' word is this one; each row adds to 1.
    """
    drawn = votes / votes.sum(axis=1, keepdims=True)
    said, theirs = np.zeros(votes.shape), np.zeros(votes.shape)
    for option in range(votes.shape[1]):
        others = votes.astype(np.float64)
        others[:, option] -= 1
        share = drawn[:, option, None] * commonest(others)
        said[:, option] = share[:, option]
        theirs += share
    return said, theirs


def commonest(votes: Votes | Numbers) -> Numbers:
    """Which word is the commonest: 1 for it, or equal shares of 1 where several are; shape (faces, options)."""
    top = votes == votes.max(axis=1, keepdims=True)
    found: Numbers = top / top.sum(axis=1, keepdims=True)
    return found


def held(votes: Votes) -> Numbers:
    """Share of the votes that the commonest word has, shape (faces,)."""
    found: Numbers = votes.max(axis=1) / votes.sum(axis=1)
    return found


def pairs(votes: Votes) -> Numbers:
    """Share of the pairs of raters who say the same, shape (faces,); two or more votes a face."""
    votes = votes.astype(np.float64)
    of = votes.sum(axis=1)
    found: Numbers = (votes * (votes - 1)).sum(axis=1) / (of * (of - 1))
    return found


def fleiss(votes: Votes, weight: Numbers) -> tuple[float, Numbers]:
    """Fleiss' kappa, and by how much each face moves it.

    ``(P − C) / (1 − C)``: P is the mean over faces of `pairs`, C the sum of squares of the words' mean shares (Fleiss,
    Psychol. Bull. 76, 1971, 378–382). Where faces have different numbers of votes, every face counts the same, as Gwet
    (Handbook of Inter-Rater Reliability, 4th ed. 2014, ch. 5) has it; so is the linearisation.

    Parameters
    ----------
    votes : ndarray of int, shape (faces, options)
        Two or more a face.
    weight : ndarray of float64, shape (faces,)
        How often these votes occur.

    Returns
    -------
    kappa : float
        At most 1; NaN where there is no face, or only one word was ever used.
    influence : ndarray of float64, shape (faces,)
        Derivative with respect to the weight of each face, times the sum of weights; weighted, they add to 0.
    """
    if not len(votes):
        return np.nan, np.zeros(0)
    shares, same = votes / votes.sum(axis=1, keepdims=True), pairs(votes)
    word = np.average(shares, axis=0, weights=weight)
    seen, chance = float(np.average(same, weights=weight)), float((word**2).sum())
    if chance >= 1:
        return np.nan, np.zeros(len(votes))
    left = 1 - chance
    by_chance = 2 * (shares @ word - chance)
    influence: Numbers = (same - seen) / left - (1 - seen) * by_chance / left**2
    return (seen - chance) / left, influence


def krippendorff(votes: Votes, weight: Numbers) -> tuple[float, Numbers]:
    """Krippendorff's alpha for words without an order, and by how much each face moves it.

    One minus the disagreement of pairs within faces by that of pairs among all votes (Krippendorff, Content Analysis,
    2nd ed. 2004, ch. 11). Each vote counts the same, so a face with more votes counts for more.

    Parameters
    ----------
    votes, weight
        As of `fleiss`.

    Returns
    -------
    alpha : float
        At most 1; NaN where there is no face, or only one word was ever used.
    influence : ndarray of float64, shape (faces,)
        As of `fleiss`, to the first order.
    """
    votes = votes.astype(np.float64)
    of = votes.sum(axis=1)
    same = of * pairs(votes) if len(votes) else of
    n, agreed, word = float(weight @ of), float(weight @ same), weight @ votes
    among = n * n - float((word**2).sum())
    if among <= 0:
        return np.nan, np.zeros(len(votes))
    within = (n - 1) * (n - agreed)
    by_n = ((n - agreed) + (n - 1)) / among - within * 2 * n / among**2
    moved = -by_n * of + (n - 1) / among * same - within * 2 * (votes @ word) / among**2
    influence: Numbers = (moved - np.average(moved, weights=weight)) * weight.sum()
    return 1 - within / among, influence
