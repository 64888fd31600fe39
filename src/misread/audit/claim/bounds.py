"""What a stated figure allows: every table of answers that agrees with it, from the kindest to the worst.

Of all looks, a share π (the prevalence) meets the state that is looked for. A table of answers is told by three shares
of all looks: alarms that are right (t), false alarms (f) and correct readings, alarms or not (a, the accuracy). Wrong
readings that are no alarm are free wherever there are more than two words to say, which only widens what is possible.
Formulas follow from t ≤ π, f ≤ 1 − π, and from the definition of each figure; the tests enumerate all small tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

COMPUTED = (
    "accuracy",
    "agreement",
    "error_rate",
    "recall",
    "miss_rate",
    "specificity",
    "false_positive_rate",
    "precision",
    "false_discovery_rate",
    "f1",
)
"""Quantities from which something follows for false alarms."""

_TURNED = {
    "error_rate": "accuracy",
    "agreement": "accuracy",
    "miss_rate": "recall",
    "false_positive_rate": "specificity",
    "false_discovery_rate": "precision",
}
_COMPLEMENT = frozenset({"error_rate", "miss_rate", "false_positive_rate", "false_discovery_rate"})


@dataclass(frozen=True, eq=False)
class Bounds:
    """Lowest and highest value of three rates, each of shape (2, prevalences): row 0 the lowest.

    Attributes
    ----------
    false_positive_rate : ndarray
        Of looks at others, the share with a false alarm.
    recall : ndarray
        Of looks at the state, the share with an alarm.
    precision : ndarray
        Of alarms, the share that is right; over tables with an alarm.
    """

    false_positive_rate: Array
    recall: Array
    precision: Array


def as_plain(quantity: str, low: float, high: float) -> tuple[str, float, float]:
    """A figure as the one that it is the complement of: an error rate as an accuracy."""
    plain = _TURNED.get(quantity, quantity)
    return (plain, 1 - high, 1 - low) if quantity in _COMPLEMENT else (plain, low, high)


def bounds(quantity: str, low: float, high: float, prevalence: ArrayLike) -> Bounds:
    """What a figure between `low` and `high` allows at each prevalence.

    Parameters
    ----------
    quantity : str
        One of `COMPUTED`.
    low, high : float
        0 ≤ low ≤ high ≤ 1.
    prevalence : array_like, shape (prevalences,)
        Shares of looks that meet the state, above 0 and below 1. For precision and F1 that of the test.

    Raises
    ------
    ValueError
        For a quantity of which nothing follows, or shares out of range.
    """
    pi = np.atleast_1d(np.asarray(prevalence, dtype=np.float64))
    if quantity not in COMPUTED or not 0 <= low <= high <= 1 or not ((pi > 0) & (pi < 1)).all():
        raise ValueError(f"{quantity} from {low} to {high} at {pi}")
    plain, low, high = as_plain(quantity, low, high)
    return {"accuracy": _accuracy, "recall": _recall, "specificity": _specificity, "precision": _precision, "f1": _f1}[
        plain
    ](low, high, pi)


def both(recall: tuple[float, float], false_positive_rate: tuple[float, float], prevalence: ArrayLike) -> Bounds:
    """What sensitivity and false-positive rate allow together: precision by Bayes' rule."""
    pi = np.atleast_1d(np.asarray(prevalence, dtype=np.float64))
    r, f = np.asarray(recall)[:, None], np.asarray(false_positive_rate)[:, None]
    hits = r * pi
    return Bounds(_spread(f, pi), _spread(r, pi), _share(hits, (f * (1 - pi))[::-1]))


def found_right(recall: tuple[float, float], precision: tuple[float, float], prevalence: ArrayLike) -> Bounds:
    """What sensitivity and precision allow together, if the test had this prevalence."""
    pi = np.atleast_1d(np.asarray(prevalence, dtype=np.float64))
    r, p = np.asarray(recall)[:, None], np.asarray(precision)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.where(p > 0, (1 - p) / p, np.inf)[::-1]
        rate = np.minimum(1, np.where(r > 0, r * pi * odds / (1 - pi), 0))
    return Bounds(rate, _spread(r, pi), _spread(p, pi))


def _accuracy(low: float, high: float, pi: Array) -> Bounds:
    # Of the correct readings a, those of others are at most 1 − π: at least a − (1 − π) are right alarms.
    worst = np.minimum(1, (1 - low) / (1 - pi))
    recall = np.stack([np.maximum(0, (low - (1 - pi)) / pi), np.minimum(1, high / pi)])
    # Worst precision: all errors are false alarms. Where they outnumber the state, no alarm need be right.
    most = np.minimum(pi, low)
    with np.errstate(divide="ignore", invalid="ignore"):
        least = np.where(low >= 1 - pi - 1e-12, most / (most + np.minimum(1 - pi, 1 - low - (pi - most))), 0)
    return Bounds(
        np.stack([np.zeros_like(pi), worst]), recall, np.stack([least, np.full_like(pi, 1.0 if high > 0 else 0.0)])
    )


def _recall(low: float, high: float, pi: Array) -> Bounds:
    recall = np.array([[low], [high]])
    least = low * pi / (low * pi + 1 - pi)
    return Bounds(_all(pi), _spread(recall, pi), np.stack([least, np.full_like(pi, 1.0 if high > 0 else 0.0)]))


def _specificity(low: float, high: float, pi: Array) -> Bounds:
    false = np.array([[1 - high], [1 - low]])
    # Without one false alarm, whatever alarm there is is right; else none need be.
    least = np.full_like(pi, 1.0 if low == 1 else 0.0)
    return Bounds(_spread(false, pi), _all(pi), np.stack([least, pi / (pi + (1 - high) * (1 - pi))]))


def _precision(low: float, high: float, pi: Array) -> Bounds:
    with np.errstate(divide="ignore", over="ignore"):
        odds = np.divide(1 - low, low) if low > 0 else np.inf
        most = np.minimum(1, pi * odds / (1 - pi)) if low < 1 else np.zeros_like(pi)
        # False alarms are at most 1 − π, and right ones in proportion to them.
        recall = np.minimum(1, (1 - pi) * high / (1 - high) / pi) if high < 1 else np.ones_like(pi)
    zero = np.zeros_like(pi)
    return Bounds(np.stack([zero, most]), np.stack([zero, recall]), _spread(np.array([[low], [high]]), pi))


def _f1(low: float, high: float, pi: Array) -> Bounds:
    # F1 = 2t / (t + f + π): false alarms f = t (2 − F1) / F1 − π, which lies between 0 and 1 − π.
    g, best = low / (2 - low), high / (2 - high)
    t = np.minimum(pi, g)
    with np.errstate(divide="ignore", invalid="ignore"):
        false = np.where(g > 0, t / g - pi, 1 - pi) if g > 0 else 1 - pi
        least = np.where(t > 0, t / (t + false), 0)
    recall = np.stack([np.full_like(pi, g), np.minimum(1, best / pi)])
    precision = np.stack([least, np.full_like(pi, 1.0 if high > 0 else 0.0)])
    return Bounds(np.stack([np.zeros_like(pi), np.minimum(1, false / (1 - pi))]), recall, precision)


def any_wrong(wrong: float, looks: float) -> tuple[float, float, float]:
    """Share of a child's days with at least one wrong reading: least, if looks are independent, most.

    Parameters
    ----------
    wrong : float
        Share of readings that are wrong, over all children and looks.
    looks : float
        Readings a day, at least 1.
    """
    chance = 1.0 if wrong >= 1 else float(-np.expm1(looks * np.log1p(-wrong)))
    return wrong, chance, min(1.0, looks * wrong)


def _all(pi: Array) -> Array:
    return np.stack([np.zeros_like(pi), np.ones_like(pi)])


def _spread(ends: Array, pi: Array) -> Array:
    return np.broadcast_to(ends, (2, len(pi))).copy()


def _share(hits: Array, false: Array) -> Array:
    """hits / (hits + false), and 0 where there is neither."""
    total = hits + false
    return np.divide(hits, total, out=np.zeros_like(total), where=total > 0)
