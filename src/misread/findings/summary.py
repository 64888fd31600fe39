"""Samples to findings: the value, its interval, and in words where both came from."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from misread.engine.chain.markov import Array
from misread.findings.about import KEYS
from misread.findings.definitions import DEFINITIONS
from misread.findings.pooling import Quantity
from misread.findings.table import Finding

LEVEL = 0.95
ENOUGH = 39
"""Draws from which on the tails of an interval lie between draws; with fewer it runs from end to end."""
RANGES = "stated ranges"
"""What ranges are called in words among what was drawn."""


@dataclass(frozen=True, slots=True)
class Open:
    """What intervals rest on, in words.

    Attributes
    ----------
    of : str
        What was drawn, such as ``"the profiles"``; where the deployment states ranges, with `RANGES` among it.
    nothing : str
        Why there is no interval where nothing was drawn.
    """

    of: str
    nothing: str

    @property
    def ranges(self) -> bool:
        """Whether ranges that the deployment states were left open, beside the profiles."""
        return RANGES in self.of


def summarise(quantities: Iterable[Quantity], left: Open) -> tuple[Finding, ...]:
    """Findings with their intervals.

    Parameters
    ----------
    quantities : iterable of Quantity
        What was measured.
    left : Open
        What is left open.

    Returns
    -------
    tuple of Finding
    """
    return tuple(finding(q, left) for q in quantities)


def interval(samples: Array) -> tuple[float, float] | None:
    """Equal-tailed 95 % interval of the draws; None if some draw gives no value.

    The quantiles are those of Weibull, p = i/(n + 1), under which an interval from n draws covers as often
    as it says (Hyndman & Fan 1996, definition 6).
    """
    if len(samples) < 2 or not np.isfinite(samples).all():
        return None
    low, high = np.quantile(samples, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method="weibull")
    return float(low), float(high)


def finding(q: Quantity, left: Open) -> Finding:
    """One quantity summed up; `left` as in `summarise`."""
    definition = DEFINITIONS[q.id]
    stated, draws = float(q.samples[0]), q.samples[1:]
    value = stated if math.isfinite(stated) else None
    bounds = interval(draws) if value is not None else None
    return Finding(
        id=q.id,
        rule=q.rule,
        group=q.group,
        value=value,
        low=bounds[0] if bounds else None,
        high=bounds[1] if bounds else None,
        unit=definition.unit,
        method=_method(q, value, bounds, left),
        **{key: getattr(q, key) for key in KEYS},
    )


def _method(q: Quantity, value: float | None, bounds: tuple[float, float] | None, left: Open) -> str:
    if value is None:
        return "exact; no value: its condition has probability 0"
    draws = len(q.samples) - 1
    if bounds and draws < ENOUGH:
        return f"exact; interval: lowest to highest of {draws} draws of {left.of}, which covers less than 95 %"
    if bounds:
        return f"exact; interval: 95 % equal-tailed over {draws} draws of {left.of}"
    # A range of the deployment, such as one of how long a state lasts, leaves open what no classifier moves.
    if not left.ranges and (not DEFINITIONS[q.id].uncertain or q.reader == "perfect"):
        return "exact; no interval: does not depend on the classifier"
    if draws == 1:
        return "exact; no interval: one draw makes none"
    if draws > 1:
        return "exact; no interval: in some draws its condition has probability 0"
    return f"exact; no interval: {left.nothing}"
