"""One input at a time, at the low and at the high end of what is left open, all others as stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.deployment import ranges
from misread.deployment.ranges import Range
from misread.profile import Profile
from misread.study.sensitivity.inputs import Input, Row
from misread.study.sensitivity.model import Array, Model

TAIL = 0.025
"""A row's ends are these quantiles of its share of hits."""


@dataclass(frozen=True, slots=True)
class Swing:
    """What one input does alone.

    Attributes
    ----------
    stated, low, high : float
        The input as stated and at its ends: the number of a range; of a row, the share of hits: of labels that the
        finding is about.
    at_low, at_high : float
        The finding there, everything else as stated.
    """

    stated: float
    low: float
    high: float
    at_low: float
    at_high: float

    def width(self, value: float) -> float:
        """How far apart the finding lies, its stated value included."""
        return max(self.at_low, self.at_high, value) - min(self.at_low, self.at_high, value)


def one_at_a_time(model: Model) -> tuple[Swing, ...]:
    """The finding at both ends of each input: two evaluations an input.

    Of a row, the share of hits is put at its 2.5 and 97.5 % quantiles. A sum of parts of a Dirichlet law is Beta, and
    the proportions within the parts do not depend on it (Aitchison 1986, The Statistical Analysis of Compositional
    Data, ch. 3; from memory), so they stay as stated.
    """
    hits = model.target.hits(model.deployment)
    ends = [_ends(i, model.profiles, hits) for i in model.inputs]
    points = [(i, x) for i, (_, *both) in zip(model.inputs, ends, strict=True) for x in both]
    variants = (
        ranges.at(model.deployment, {i.what.path: x}) if isinstance(i.what, Range) else model.deployment
        for i, x in points
    )

    def rows(at: int, here: Mapping[str, Profile]) -> Mapping[str, Array]:
        i, x = points[at]
        return {name: _table(p, i.what, hits, x)[None] for name, p in here.items()}

    values = model.measured(variants, rows, len(points))
    return tuple(
        Swing(stated, low, high, float(a), float(b))
        for (stated, low, high), a, b in zip(ends, values[::2], values[1::2], strict=True)
    )


def _ends(i: Input, profiles: Mapping[str, Profile], hits: frozenset[str]) -> tuple[float, float, float]:
    """An input as stated and at its ends."""
    if isinstance(i.what, Range):
        return i.what.value, i.what.low, i.what.high
    profile = profiles[i.what.profile]
    return share_of_hits(profile, profile.expressions.index(i.what.expression), np.isin(profile.labels, list(hits)))


def share_of_hits(profile: Profile, row: int, hit: NDArray[np.bool_]) -> tuple[float, float, float]:
    """P(a hit) of a row as stated, and the 2.5 and 97.5 % quantiles of its posterior.

    Parameters
    ----------
    profile : Profile
        The profile.
    row : int
        Which row: one with a stated uncertainty.
    hit : ndarray of bool, shape (labels,)
        Which labels are hits.
    """
    from scipy.special import betaincinv

    p, n, support = profile.p[row], profile.n[row], profile.support[row]
    stated = float(p[hit].sum())
    a, b = (float((n * p[part] + 0.5).sum()) for part in (support & hit, support & ~hit))
    if not a or not b:
        return stated, stated, stated
    return stated, float(betaincinv(a, b, TAIL)), float(betaincinv(a, b, 1 - TAIL))


def _table(profile: Profile, what: Range | Row, hits: frozenset[str], share: float) -> Array:
    """A profile as stated, but for the share of hits in one of its rows."""
    if not isinstance(what, Row) or what.profile != profile.name:
        return profile.p
    p, row = profile.p.copy(), profile.expressions.index(what.expression)
    hit = np.isin(profile.labels, list(hits))
    for part, total in ((hit & profile.support[row], share), (~hit & profile.support[row], 1 - share)):
        weight = p[row, part].sum()
        # Labels that were never seen share evenly: all have the prior's half count.
        p[row, part] = p[row, part] * (total / weight) if weight else total / max(int(part.sum()), 1)
    return p
