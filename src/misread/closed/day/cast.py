"""How the trace's pupils sit: heads, poses and turns of the faces, drawn once by seed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from misread.closed.heads import EXPRESSIONS, GATED, expression, unit
from misread.closed.render import Sitter
from misread.engine.sampled.replay import Facts, Look

FIRST_HEAD = 20
"""Heads of the class begin with this seed: none of them stands in the landmark reader's database."""
BEGINS_AT = 6
"""Years of age at which school begins: the press report's."""
SEATED, AT_LOOK = 1, 2
"""What the words of a key are for."""

FROWN = {"AU4": 1.0, "AU7": 0.3}
"""A lowered brow, as a face that concentrates has it: our own recipe, no valid stimulus."""

Turn = tuple[float, float, float]
WAYS: Mapping[str, tuple[Turn, Turn]] = {
    "window": ((34.0, 0.0, 0.0), (56.0, 6.0, 0.0)),
    "neighbour": ((-62.0, -8.0, 0.0), (-38.0, 0.0, 0.0)),
    "desk": ((-8.0, -34.0, 0.0), (8.0, -24.0, 0.0)),
    "ceiling": ((-24.0, 14.0, 0.0), (24.0, 26.0, 0.0)),
}
"""Where a face goes that looks away: the least and the most turn, in degrees (assumption). Windows are to the left."""
WAY_OF: Mapping[str, tuple[tuple[str, float], ...]] = {
    "bored": (("window", 0.6), ("neighbour", 0.2), ("desk", 0.2)),
    "thinking": (("ceiling", 0.7), ("window", 0.3)),
}
"""How often which, by state (assumption: thinkers look up, C01 has that they look away)."""
OTHERWISE = (("desk", 0.5), ("neighbour", 0.5))
STILL: Turn = (4.0, 2.5, 2.0)
"""Standard deviations of how a face that looks ahead is turned, in degrees (assumption)."""
RESTLESS = (4.0, 2.0)
"""The same of the eyes' gaze."""


def weights_of(shown: str) -> dict[str, float]:
    """A deployment's expression as weights of the heads' shapes.

    Raises
    ------
    ValueError
        If no head shows it.
    """
    if shown == "away":
        return {}
    if shown == "frown":
        total: dict[str, float] = {}
        for name, strength in FROWN.items():
            for shape, weight in unit(name, strength).items():
                total[shape] = total.get(shape, 0.0) + weight
        return total
    if shown not in EXPRESSIONS:
        raise ValueError(f"no head shows “{shown}”")
    return expression(shown)


def valid(shown: str) -> bool:
    """Whether what is read of this expression may be judged."""
    return shown in GATED


def head_of(facts: Facts, size: int) -> int:
    """The head's seed of a pupil: one each within a class of `size`."""
    return FIRST_HEAD + (facts.pupil - 1) % size


def age_of(facts: Facts, year: int, seed: int) -> float:
    """Years of age in a school year, from 1: born at any time of the year."""
    return BEGINS_AT + year - 1 + int(100 * _draw(seed, facts, 0, SEATED).random()) / 100


def sitter_of(facts: Facts, look: Look, at: int, size: int, seed: int) -> Sitter:
    """A pupil at a look, as the renderer takes it.

    Parameters
    ----------
    facts : Facts
        Who it is.
    look : Look
        What is true.
    at : int
        The look, from 0 over the day.
    size : int
        Of the class.
    seed : int
        Another seed is another day.
    """
    draw = _draw(seed, facts, at, AT_LOOK)
    jitter, gaze = draw.normal(0, STILL), draw.normal(0, RESTLESS)
    turn = np.clip(jitter, -12, 12)
    if look.expression == "away":
        ways = WAY_OF.get(look.state, OTHERWISE)
        limits = np.cumsum([share for _way, share in ways])
        least, most = WAYS[ways[int(np.searchsorted(limits, draw.random() * limits[-1]))][0]]
        turn = draw.uniform(least, most)
    return Sitter(
        seat=(facts.pupil - 1) % size,
        who=head_of(facts, size),
        age=age_of(facts, look.year, seed),
        weights=weights_of(look.expression),
        gaze=(round(float(gaze[0]), 2), round(float(gaze[1]), 2)),
        turn=(round(float(turn[0]), 2), round(float(turn[1]), 2), round(float(turn[2]), 2)),
    )


def _draw(seed: int, facts: Facts, at: int, purpose: int) -> np.random.Generator:
    whose = (facts.school << 40) | (facts.pupil << 16) | (at << 2) | purpose
    return np.random.Generator(np.random.Philox(key=[seed, whose]))
