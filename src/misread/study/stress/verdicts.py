"""What became of a claim when everything that is open was set as the vendor would like it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.study.stress.claims import Claim
from misread.study.stress.inputs import about_axis
from misread.study.stress.search import Effort, End, agree, kindest
from misread.study.stress.space import Axis, ProfileAxis, RangeAxis, RowAxis, RuleAxis, Space

Array = NDArray[np.float64]
FINE = 12
"""Halvings of the way from the stated to the kindest value of an input: the turn is known to 1 in 4,000 of it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """An input at another value than stated.

    Attributes
    ----------
    name, about : str
        The input: a key, the reading of an expression, or a choice; and what it is in words.
    unit : str
        ``"1"`` for a share, else such as ``"minutes"``; empty for a choice and for other numbers.
    kind : {"range", "row", "profile", "rule"}
        What it is.
    stated, kind_value : float or str
        As stated; as the vendor would like it.
    turn : float or None
        Where between them the claim turns, the other settings given; None for a choice.
    source : str
        Where the range comes from, in the author's words.
    """

    name: str
    about: str
    unit: str
    kind: str
    stated: float | str
    kind_value: float | str
    turn: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one claim.

    Attributes
    ----------
    rule : str
        The rule it is about.
    claim : Claim
        The claim.
    stated, kindest : float or None
        The finding as stated, and at the setting kindest to the vendor that was found; None where it has no value.
    inputs : int
        How many inputs were open.
    holds_as_stated, holds : bool
        Whether the claim is true as stated; whether it is true whatever the inputs.
    settings : tuple of Setting
        If it breaks: inputs that are enough to break it, none of which can be left out.
    ends : tuple of float
        Where each start ended, kindest first.
    settled : bool
        Whether what is said may be believed: a claim that holds needs a search that came to rest, whose starts agree.
    evaluations : int
        Deployments computed.
    """

    rule: str
    claim: Claim
    stated: float | None
    kindest: float | None
    inputs: int
    holds_as_stated: bool
    holds: bool
    settings: tuple[Setting, ...]
    ends: tuple[float, ...]
    settled: bool
    evaluations: int


def verdict(
    space: Space, claim: Claim, effort: Effort, seed: int, progress: Callable[[int], None] = lambda _: None
) -> Verdict:
    """Try to break a claim. One that is not true as stated needs no breaking.

    Parameters
    ----------
    space : Space
        What is open about the rule.
    claim : Claim
        The claim.
    effort : Effort
        How hard to search.
    seed : int
        Seed of the starts.
    progress : callable, optional
        Called with the number of points evaluated, each time some were.
    """

    def objective(points: Array) -> Array:
        return claim.sign * space.values(points, claim.finding)

    stated = float(space.values(space.stated[None], claim.finding)[0])
    as_stated = bool(np.isfinite(stated) and claim.holds(stated))
    ends: tuple[End, ...] = ()
    value = stated
    if space.axes and as_stated:
        ends = kindest(objective, space.choices, space.stated, effort, seed, progress)
        value = claim.sign * ends[0].value
    holds = as_stated and claim.holds(value)
    settings = _enough(space, claim, ends[0].point) if as_stated and not holds else ()
    return Verdict(
        rule=space.rule.name,
        claim=claim,
        stated=stated if np.isfinite(stated) else None,
        kindest=value if np.isfinite(value) else None,
        inputs=len(space.axes),
        holds_as_stated=as_stated,
        holds=holds,
        settings=settings,
        ends=tuple(claim.sign * end.value for end in ends),
        # A setting that breaks the claim is a witness, however the search went.
        settled=not holds or not ends or agree(ends, claim.limit),
        evaluations=sum(end.evaluations for end in ends) + 1,
    )


def _enough(space: Space, claim: Claim, kind: Array) -> tuple[Setting, ...]:
    """Inputs that together break the claim, the rest as stated; the most telling first."""
    stated = space.stated
    moved = [i for i in range(len(stated)) if kind[i] != stated[i]]
    # What each does alone, from where all are kind: those that do least are put back first.
    without = np.repeat(kind[None], len(moved), axis=0)
    without[np.arange(len(moved)), moved] = stated[moved]
    harm = claim.sign * space.values(without, claim.finding)
    order = [moved[i] for i in np.argsort(harm, kind="stable")]
    kept = _shortest(space, claim, kind, order)
    point = np.where(np.isin(np.arange(len(kind)), kept), kind, stated)
    return tuple(_setting(space, claim, point, i) for i in reversed(kept))


def _shortest(space: Space, claim: Claim, kind: Array, order: list[int]) -> list[int]:
    """Inputs in `order` (least telling first) less all that can be put back, one after the other."""
    stated, point, kept = space.stated, kind.copy(), list(order)

    def breaks(some: Array) -> bool:
        return not claim.holds(float(space.values(some[None], claim.finding)[0]))

    # The longest run of least telling inputs that can be put back at once, by halving; then one by one.
    low, high = 0, len(order)
    while low < high:
        middle = (low + high + 1) // 2
        trial = kind.copy()
        trial[order[:middle]] = stated[order[:middle]]
        low, high = (middle, high) if breaks(trial) else (low, middle - 1)
    point[order[:low]] = stated[order[:low]]
    kept = order[low:]
    for i in list(kept):
        trial = point.copy()
        trial[i] = stated[i]
        if len(kept) > 1 and breaks(trial):
            point, kept = trial, [k for k in kept if k != i]
    return kept


def _setting(space: Space, claim: Claim, point: Array, i: int) -> Setting:
    axis = space.axes[i]
    stated, kind = _shown(space, axis, axis.stated, point), _shown(space, axis, float(point[i]), point)
    turn = None
    if isinstance(axis, RangeAxis | RowAxis):
        held, broken = axis.stated, float(point[i])
        for _ in range(FINE):
            middle = (held + broken) / 2
            trial = point.copy()
            trial[i] = middle
            holds = claim.holds(float(space.values(trial[None], claim.finding)[0]))
            held, broken = (middle, broken) if holds else (held, middle)
        shown = _shown(space, axis, broken, point)
        turn = float(shown) if isinstance(shown, int | float) else None
    about, unit = about_axis(axis)
    return Setting(axis.name, about, unit, _KINDS[type(axis)], stated, kind, turn, _source(space, axis))


_KINDS = {RangeAxis: "range", RowAxis: "row", ProfileAxis: "profile", RuleAxis: "rule"}


def _shown(space: Space, axis: Axis, x: float, point: Array) -> float | str:
    """A place on an axis as people read it, at a point of the others."""
    match axis:
        case RangeAxis():
            return axis.range.value if x == axis.stated else axis.range.along(x)
        case RowAxis():
            return space.share_of_hits(axis, x, point)
        case ProfileAxis():
            return axis.options[round(x)]
        case RuleAxis():
            when, claims = axis.options[round(x)]
            at = "at the look that fires" if when == "at_flag" else "at any look of the window"
            return f"if the child is {', '.join(claims)} {at}"


def _source(space: Space, axis: Axis) -> str:
    if isinstance(axis, RangeAxis):
        said = space.deployment.origin.comment(axis.range.path)
        return f"{axis.range.source}; {said}" if said else axis.range.source
    if isinstance(axis, RowAxis):
        return "the source's counts"
    return "nobody has said"
