"""The pupil's own process: a Markov chain in continuous time, and what it does between looks."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Pupil

Array = NDArray[np.float64]


def generator(pupil: Pupil) -> Array:
    """Rates Q of the pupil's chain, per minute: 1/mean out of each state, split by `next`.

    Returns
    -------
    ndarray, shape (states, states)
        Rows add to 0.
    """
    index = {s: i for i, s in enumerate(pupil.states)}
    Q = np.zeros((len(index), len(index)))
    for state, row in pupil.next.items():
        total = sum(row.values())
        for other, p in row.items():
            Q[index[state], index[other]] = p / total / pupil.mean_minutes[state]
    np.fill_diagonal(Q, -Q.sum(axis=1))
    return Q


def stationary(Q: Array) -> Array:
    """The law that Q leaves alone, without subtractions (Grassmann, Taksar & Heyman 1985).

    Parameters
    ----------
    Q : ndarray, shape (states, states)
        Rates of an irreducible chain.

    Returns
    -------
    ndarray, shape (states,)
        Adds to 1; small entries keep their relative accuracy.
    """
    rates = Q - np.diag(np.diag(Q))
    m = len(rates)
    for k in range(m - 1, 0, -1):
        rates[:k, k] /= rates[k, :k].sum()
        rates[:k, :k] += np.outer(rates[:k, k], rates[k, :k])
    law = np.ones(m)
    for k in range(1, m):
        law[k] = law[:k] @ rates[:k, k]
    return np.asarray(law / law.sum())


def transition(Q: Array, minutes: float) -> Array:
    """The matrix exponential of Q·minutes, rare transitions to full relative accuracy too.

    Uniformisation (Jensen 1953): the exponential of Q plus a multiple of the unit matrix, which has no negative
    entry, is a sum of non-negative terms. It is taken for a time so short that few terms count, and squared up.

    Parameters
    ----------
    Q : ndarray, shape (states, states)
        Rates per minute; rows add to 0.
    minutes : float
        How long.

    Returns
    -------
    ndarray, shape (states, states)
        Rows add to 1.
    """
    fastest = float(-Q.diagonal().min()) * minutes
    squarings = max(0, math.ceil(math.log2(fastest))) if fastest > 0 else 0
    rate = fastest / 2**squarings
    jump = Q * (minutes / 2**squarings)
    np.fill_diagonal(jump, np.maximum(jump.diagonal() + rate, 0))
    total = np.eye(len(Q))
    term, k = total, 0
    # An entry reached for the first time is all term, so that no entry is given up before it is reached.
    while (term > np.finfo(float).eps / 4 * total).any():
        k += 1
        term = term @ jump / k
        total = total + term
    total = adding_to_one(total)
    for _ in range(squarings):
        total = adding_to_one(total @ total)
    return total


def adding_to_one(rows: Array) -> Array:
    """Rows divided by their sums."""
    return np.asarray(rows / rows.sum(axis=-1, keepdims=True))
