"""What a deployment leaves open, as a box: ranges, rows of profiles, and choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from misread.deployment import Deployment, ranges, resolve_profiles
from misread.deployment.model import Rule
from misread.deployment.model.flags import KOfLast, parse_flag
from misread.deployment.origin import parts_of
from misread.deployment.profiles import profile_of
from misread.deployment.ranges import Range
from misread.findings.measure import Wanted
from misread.profile import Profile
from misread.study.exact.points import measured_in, stacks

Array = NDArray[np.float64]
TAIL = 0.005
"""Rows stay inside their 99 % intervals."""


@dataclass(frozen=True, slots=True)
class RangeAxis:
    """A number with a stated range."""

    range: Range
    choices: int = 0

    @property
    def name(self) -> str:
        """What it is called."""
        return self.range.name

    @property
    def stated(self) -> float:
        """Where on its axis the stated value lies."""
        r = self.range
        if r.high == r.low:
            return 0.0
        return (r.value - r.low + (0.5 if r.whole else 0)) / (r.high - r.low + (1 if r.whole else 0))


@dataclass(frozen=True, slots=True)
class RowAxis:
    """How often a face is read as one of a rule's labels, from one end of its 99 % interval to the other.

    The axis is about an expression, whichever profile reads it: 0 and 1 are the ends of that profile's interval, one
    half is the row as stated.
    """

    expression: str
    labels: tuple[str, ...]
    stated: float = 0.5
    choices: int = 0

    @property
    def name(self) -> str:
        """What it is called."""
        return f"faces that show {self.expression!r}, read as {', '.join(self.labels)}"


@dataclass(frozen=True, slots=True)
class ProfileAxis:
    """Which profile is the true one: the stated one, or one of its alternatives."""

    profile: str
    options: tuple[str, ...]
    stated: float = 0.0

    @property
    def name(self) -> str:
        """What it is called."""
        return f"which profile stands for {self.profile!r}"

    @property
    def choices(self) -> int:
        """How many there are."""
        return len(self.options)


@dataclass(frozen=True, slots=True)
class RuleAxis:
    """How a rule may be meant: when its flags are true, and which states they claim."""

    rule: str
    options: tuple[tuple[str, tuple[str, ...]], ...]
    stated: float = 0.0

    @property
    def name(self) -> str:
        """What it is called."""
        return f"what makes a flag of {self.rule!r} true"

    @property
    def choices(self) -> int:
        """How many ways there are."""
        return len(self.options)


Axis = RangeAxis | RowAxis | ProfileAxis | RuleAxis


@dataclass(frozen=True, eq=False)
class Space:
    """Everything that one rule's findings leave open.

    Attributes
    ----------
    deployment : Deployment
        As stated.
    rule : Rule
        The rule that is looked at.
    """

    deployment: Deployment
    rule: Rule

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """One for each thing left open: ranges, rows, profiles, then the rule."""
        found: list[Axis] = [RangeAxis(r) for r in self.deployment.ranges if _touches(r, self.deployment)]
        found += [RowAxis(x, self.rule.labels) for x in self._uncertain]
        found += [ProfileAxis(name, (name, *others)) for name, others in self._alternatives.items()]
        ways = _ways(self.rule)
        found += [RuleAxis(self.rule.name, ways)] if len(ways) > 1 else []
        return tuple(found)

    @property
    def choices(self) -> list[int]:
        """For each axis how many choices it has; 0 if it runs from 0 to 1."""
        return [axis.choices for axis in self.axes]

    @property
    def stated(self) -> Array:
        """The point at which everything is as stated."""
        return np.array([axis.stated for axis in self.axes])

    @cached_property
    def _used(self) -> tuple[str, ...]:
        named = (profile_of(self.deployment, g) for g in self.deployment.population.groups)
        return tuple(dict.fromkeys(str(name) for name in named))

    @cached_property
    def _alternatives(self) -> dict[str, tuple[str, ...]]:
        confusion = self.deployment.classifier.confusion
        return {name: tuple(confusion[name].alternatives or ()) for name in self._used if confusion[name].alternatives}

    @cached_property
    def _uncertain(self) -> tuple[str, ...]:
        """Expressions whose reading has an interval in some profile that may be the true one."""
        found: dict[str, None] = {}
        stated = self._profiles(self.deployment)
        read = [stated[name] for name in self._used]
        for name, others in self._alternatives.items():
            read += [self._profiles(_reading_with(self.deployment, {name: other}))[other] for other in others]
        for profile in read:
            hit = np.isin(profile.labels, self.rule.labels)
            for i in np.flatnonzero(profile.uncertain):
                if (profile.support[i] & hit).any() and (profile.support[i] & ~hit).any():
                    found[profile.expressions[i]] = None
        return tuple(found)

    @cached_property
    def _cache(self) -> dict[tuple[str, ...], Mapping[str, Profile]]:
        return {}

    def _profiles(self, variant: Deployment) -> Mapping[str, Profile]:
        """Profiles of a variant; resolved once for each choice where no range moves them."""
        if any(r.path[0] == "classifier" for r in self.deployment.ranges):
            return resolve_profiles(variant)
        key = tuple(str(profile_of(variant, g)) for g in variant.population.groups)
        if key not in self._cache:
            self._cache[key] = resolve_profiles(variant)
        return self._cache[key]

    def at(self, point: Array) -> Deployment:
        """The deployment at a point, rows aside."""
        values, reading, way = {}, {}, None
        for axis, x in zip(self.axes, point, strict=True):
            if isinstance(axis, RangeAxis):
                values[axis.range.path] = axis.range.along(float(x))
            elif isinstance(axis, ProfileAxis):
                reading[axis.profile] = axis.options[round(x)]
            elif isinstance(axis, RuleAxis):
                way = axis.options[round(x)]
        variant = _reading_with(ranges.at(self.deployment, values), reading)
        if way is None or way == (self.rule.true_if, self.rule.claims):
            return variant
        meant = self.rule.model_copy(update={"true_if": way[0], "claims": way[1]})
        rules = tuple(meant if r.name == self.rule.name else r for r in variant.rules)
        return variant.model_copy(update={"rules": rules})

    def rows(self, point: Array, profile: Profile) -> Array:
        """Rows of a profile at a point: shape (1, expressions, labels)."""
        p = profile.p.copy()
        hit = np.isin(profile.labels, self.rule.labels)
        for axis, x in zip(self.axes, point, strict=True):
            if isinstance(axis, RowAxis) and axis.expression in profile.expressions and x != axis.stated:
                i = profile.expressions.index(axis.expression)
                if profile.uncertain[i]:
                    p[i] = _with_hits(p[i], hit, profile.support[i], hit_share(profile, i, hit, float(x)))
        return p[None]

    def share_of_hits(self, axis: RowAxis, x: float, point: Array) -> float:
        """P(a hit | the axis's expression) at a place on the axis, for the profile that reads it at a point."""
        profiles = self._profiles(self.at(point))
        for profile in profiles.values():
            if axis.expression in profile.expressions:
                i = profile.expressions.index(axis.expression)
                hit = np.isin(profile.labels, axis.labels)
                return hit_share(profile, i, hit, x) if profile.uncertain[i] else float(profile.p[i, hit].sum())
        return float("nan")

    def values(self, points: Array, id: str) -> Array:
        """A finding of the rule, of everybody, at points of shape (points, axes)."""
        wanted: Wanted = lambda this, rule: this == id and rule == self.rule.name  # noqa: E731
        found = stacks(
            (self.at(point) for point in points),
            self._profiles,
            lambda i, profiles: {name: self.rows(points[i], p) for name, p in profiles.items()},
        )
        quantities = measured_in(found, len(points), wanted=wanted)
        (q,) = (q for q in quantities if q.group == "all" and q.reader is None and q.view is None)
        return np.broadcast_to(q.samples, len(points)).astype(float)


def hit_share(profile: Profile, row: int, hit: NDArray[np.bool_], x: float) -> float:
    """P(a hit) of a row at a place on its axis: 0 and 1 are the ends of its 99 % interval, ½ the row as stated.

    The sum of some parts of a Dirichlet law is Beta: its quantiles are the ends.
    """
    from scipy.special import betaincinv

    support = profile.support[row]
    n, p = profile.n[row], profile.p[row]
    a = n * p[support & hit].sum() + 0.5 * (support & hit).sum()
    b = n * p[support & ~hit].sum() + 0.5 * (support & ~hit).sum()
    stated = float(p[hit].sum())
    low, high = (float(betaincinv(a, b, q)) for q in (TAIL, 1 - TAIL))
    low, high = min(low, stated), max(high, stated)
    return low + 2 * x * (stated - low) if x <= 0.5 else stated + (2 * x - 1) * (high - stated)


def _with_hits(row: Array, hit: NDArray[np.bool_], support: NDArray[np.bool_], share: float) -> Array:
    """A row with another share of hits, in the proportions that it has."""
    out = np.zeros_like(row)
    for these, total in ((hit & support, share), (~hit & support, 1 - share)):
        weight = row[these].sum()
        out[these] = row[these] * (total / weight) if weight > 0 else total / max(these.sum(), 1)
    return out


def _reading_with(deployment: Deployment, profiles: Mapping[str, str]) -> Deployment:
    """The deployment whose groups are read by other profiles."""
    if all(name == other for name, other in profiles.items()):
        return deployment
    population = deployment.population
    groups = tuple(
        g.model_copy(update={"profile": profiles.get(str(profile_of(deployment, g)), profile_of(deployment, g))})
        for g in population.groups
    )
    return deployment.model_copy(update={"population": population.model_copy(update={"groups": groups})})


def _ways(rule: Rule) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every way in which a rule may be meant, the stated one first."""
    when: Sequence[str] = (rule.true_if,)
    if isinstance(parse_flag(rule.flag), KOfLast):
        when = (rule.true_if, "at_flag" if rule.true_if == "in_window" else "in_window")
    claims = [rule.claims]
    for state in rule.may_claim or ():
        claims += [(*some, state) for some in claims]
    return tuple((t, c) for c in claims for t in when)


def _touches(r: Range, deployment: Deployment) -> bool:
    """Whether a range can change what a rule of a pupil does: those of profiles that nobody could read with cannot."""
    if r.low == r.high or r.path[:2] == ("population", "schools"):
        return False
    if r.path[:2] == ("classifier", "confusion"):
        names = {str(profile_of(deployment, g)) for g in deployment.population.groups}
        names |= {o for n in names for o in deployment.classifier.confusion[n].alternatives or ()}
        return r.path[2] in names
    if r.path[0] == "rules":
        return r.path[1] in parts_of(("rules",), deployment.rules)
    return True
