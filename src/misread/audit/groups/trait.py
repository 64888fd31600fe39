"""The trait of a deployment file: how much likelier one label is for one person than for another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

Numbers = NDArray[np.float64]

LEVELS = 7
"""Places that a trait has unless the file says otherwise: nodes of Gauss and Hermite."""


def places(levels: int = LEVELS) -> tuple[Numbers, Numbers]:
    """Nodes of the standard normal distribution and their weights, as a deployment's traits have them."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(levels)
    return nodes, weights / weights.sum()


def even_places(number: int, widest: float) -> tuple[Numbers, Numbers]:
    """Evenly spaced places from −`widest` to `widest`, weighted as the standard normal distribution is there."""
    nodes = np.linspace(-widest, widest, number)
    weights = np.exp(-(nodes**2) / 2)
    return nodes, weights / weights.sum()


def middle(share: Numbers, sd: float | Numbers, levels: int = LEVELS) -> Numbers:
    """Log odds of the person in the middle, so that the mean over persons is the share that was seen.

    Parameters
    ----------
    share : ndarray of float64
        In [0, 1].
    sd : float or ndarray of float64
        Spread of the log odds, of a shape that broadcasts with `share`.
    levels : int
        Nodes.

    Returns
    -------
    ndarray of float64
        Of their common shape; infinite where the share is 0 or 1.
    """
    nodes, weights = places(levels)
    share, sd = np.broadcast_arrays(share, np.asarray(sd, dtype=np.float64))
    with np.errstate(divide="ignore"):
        seen = logit(share)
    told = np.isfinite(seen)
    moved = sd[..., None] * nodes
    low, high = np.where(told, seen, 0) + moved[..., 0], np.where(told, seen, 0) + moved[..., -1]
    for _ in range(25):  # halving: the mean grows with the middle
        centre = (low + high) / 2
        over = expit(centre[..., None] + moved) @ weights > share
        low, high = np.where(over, low, centre), np.where(over, centre, high)
    centre = (low + high) / 2
    for _ in range(3):  # Newton's steps from there
        rate = expit(centre[..., None] + moved)
        steep = (rate * (1 - rate)) @ weights
        centre = centre - np.where(told, (rate @ weights - share) / np.maximum(steep, 1e-300), 0)
    found: Numbers = np.where(told, centre, seen)
    return found


def medians(rows: Numbers, labels: Sequence[str], spreads: Mapping[str, float], levels: int = LEVELS) -> Numbers:
    """Rows of the person in the middle, so that with these traits the mean over persons is what was measured.

    A deployment multiplies the rows it is given, so it needs the middle person's; an audit measures the mean.

    Parameters
    ----------
    rows : ndarray of float64, shape (expressions, labels)
        Mean over persons, each adding to 1.
    labels : sequence of str
        Of the columns.
    spreads : mapping of str to float
        Label → sd, four at most.
    levels : int
        Nodes of each trait.

    Returns
    -------
    ndarray of float64, shape (expressions, labels)
        Each row adds to 1.
    """
    if not spreads:
        return rows.copy()
    nodes, weights = places(levels)
    at = [list(labels).index(label) for label in spreads]
    place = np.stack([axis.reshape(-1) for axis in np.meshgrid(*[nodes] * len(at), indexing="ij")], axis=-1)
    weight = np.prod(np.stack(np.meshgrid(*[weights] * len(at), indexing="ij"), axis=-1), axis=-1).reshape(-1)
    times = np.ones((len(weight), 1, len(labels)))
    times[:, 0, at] = np.exp(place * np.array(list(spreads.values())))
    found = rows.copy()
    for _ in range(2000):
        persons = found * times
        mean = np.tensordot(weight, persons / persons.sum(axis=-1, keepdims=True), axes=1)
        step = np.divide(rows, mean, out=np.ones_like(rows), where=mean > 0)
        found = found * step
        found /= found.sum(axis=-1, keepdims=True)
        if np.abs(step - 1).max() < 1e-12:
            break
    return found
