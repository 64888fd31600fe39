"""What a card can see, computed before any picture is made: drawn from beta-binomials, no face involved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.closed.card.counted.interval import CONTROL, ENDS, drawn, weights_of

Floats = NDArray[np.float64]

WANTED = 0.8
"""Power: how often a difference of that size would be seen."""
FLOORS = (0.05, 0.10, 0.20)
"""How often controls flip an answer: what probe.md section 3 found, from about 3 to 22 %."""
ALIKE = (0.0, 0.2, 0.5)
"""Correlation of flips within a head (assumption: nobody has measured it; the range is wide)."""
TRIALS = 2000
STEPS = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """The smallest difference to the control that is seen with `WANTED` power.

    Attributes
    ----------
    control : float
        How often the control flips an answer.
    alike : float
        Correlation within a head, of the change and of the control, which are drawn apart.
    difference : float
    """

    control: float
    alike: float
    difference: float


def rates(share: float, alike: float, heads: int, poses: int, draw: np.random.Generator, trials: int) -> Floats:
    """Heads' rates, beta-binomial, shape (heads, trials)."""
    if not alike or share in (0.0, 1.0):
        return np.asarray(draw.binomial(poses, share, (heads, trials)) / poses)
    size = (1 - alike) / alike
    own = draw.beta(share * size, (1 - share) * size, (heads, trials))
    return np.asarray(draw.binomial(poses, own) / poses)


def power(heads: int, poses: int, control: float, difference: float, alike: float, trials: int = TRIALS) -> float:
    """How often the interval of the difference to a control lies above 0.

    Parameters
    ----------
    heads, poses : int
    control, difference, alike : float
        See `Seen`; control and difference together at most 1.
    trials : int
        Cards that are drawn.

    Raises
    ------
    ValueError
        For shares that are none.
    """
    if not (0 <= control <= control + difference <= 1 and 0 <= alike < 1):
        raise ValueError("shares from 0 to 1, together at most 1")
    draw = np.random.Generator(np.random.Philox(key=[heads, 0xB0E4]))
    weights = weights_of(heads, 1, 1000)
    held = rates(control, alike, heads, poses, draw, trials)
    changed = rates(control + difference, alike, heads, poses, draw, trials)
    draws = drawn(changed, weights) - drawn(held, weights, CONTROL)
    return float((np.quantile(draws, ENDS[0], axis=0) > 0).mean())


def seen(heads: int, poses: int, control: float, alike: float, trials: int = TRIALS) -> Seen:
    """The smallest difference that is seen, to about a third of a hundredth, found by halving."""
    low, high = 0.0, 1.0 - control
    for _ in range(STEPS):
        middle = (low + high) / 2
        if power(heads, poses, control, middle, alike, trials) >= WANTED:
            high = middle
        else:
            low = middle
    return Seen(control, alike, round(high, 3))


def plan(heads: int, poses: int, trials: int = TRIALS) -> tuple[Seen, ...]:
    """What a card of so many heads and poses can see."""
    return tuple(seen(heads, poses, control, alike, trials) for control in FLOORS for alike in ALIKE)
