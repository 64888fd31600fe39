"""What two deployments differ in, estimated from the same schools: differences with intervals of their own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scipy.special import stdtrit

from misread.findings.about import About
from misread.findings.reading import QUANTILES
from misread.findings.sampled.estimate import Estimate, difference
from misread.findings.sampled.sums import Estimated

LEVEL = 0.95
WHOLE = 1.0
"""What is added to each side where quantiles are compared: they are whole numbers, and the least error of a share can
carry one to its neighbour."""


@dataclass(frozen=True, slots=True)
class Differing:
    """How one finding differs.

    Attributes
    ----------
    about : About
        What it is about.
    value, se : float or None
        Difference and its standard error, clustered by school.
    low, high : float or None
        95 % interval of sampling, `se` times Student's t of one degree of freedom less than there are clusters to
        each side (of quantiles, and `WHOLE`); None where there is no standard error.
    why : str
        Why there is no value, or no interval; how the standard error was got, where not by linearisation.
    """

    about: About
    value: float | None
    se: float | None
    low: float | None
    high: float | None
    why: str


def differences(
    first: Iterable[Estimated], other: Iterable[Estimated], *, identical: bool = False
) -> Iterator[Differing]:
    """The differences in all findings that both have, in the order of the second.

    Parameters
    ----------
    first, other : iterable of Estimated
        Estimates (`estimates`) from the same schools in the same order. Pupils need not be on the same paths: whatever
        two schools with the same number have in common shows in how they lie about their means.
    identical : bool
        Whether both are of one and the same deployment: nothing can differ then.
    """
    known = {e.about.key: e.estimate for e in first}
    for e in other:
        if (before := known.get(e.about.key)) is not None:
            yield _differing(e.about, _same(e.estimate) if identical else difference(before, e.estimate))


def _same(estimate: Estimate) -> Estimate:
    if estimate.value is None:
        return estimate
    return Estimate(0.0, 0.0, "it is the same deployment", estimate.pull)


def _differing(about: About, d: Estimate) -> Differing:
    if d.value is None or d.se is None:
        return Differing(about, d.value, None, None, None, d.why)
    freedom = len(d.pull) - 1 if d.pull is not None else 1
    half = float(stdtrit(max(freedom, 1), (1 + LEVEL) / 2)) * d.se
    low, high = d.value - half, d.value + half
    if about.id in QUANTILES and d.se:
        low, high = float(math.ceil(low - WHOLE)), float(math.floor(high + WHOLE))
    return Differing(about, d.value, d.se, low, high, d.why)
