"""What few pupils bring about: how far samples of it may lie from the law, read off the law itself.

Where something befell one pupil or none of those sampled, a standard error estimated from the sample says little. The
exact law says more: a number X that is not 0 for a share p of the pupils only has a variance of at least
E[X]² · (1/p − 1), since E[X]² ≤ p · E[X²] (Cauchy and Schwarz).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from misread.deployment import Deployment, looks_per_lesson
from misread.engine.exact.sizes import Size
from misread.findings.reading import QUANTILES
from misread.findings.table import Finding

CHANCES = ("p_false_flag_by_", "p_only_true_flags_by_", "p_mark")
SHARES = ("claimed_share", "lesson_prevalence", "masking_end")
JACKKNIFED = ("file_variance_share", "map_reliability")
"""Findings without a standard error where too little was sampled to have one."""
OF_FLAGS, ENOUGH = ("flag_ppv", "flag_lift", "flag_state_share"), 50
"""Shares of the flags, and from how many pupils with such flags on a sample's own standard error is believed: what one
pupil's flags have in common drops out of a share, and the bound does not know how much that is."""


class Source(NamedTuple):
    """Part of a finding's value that some pupils alone bring about.

    Attributes
    ----------
    amount : float
        How much of the value it is.
    pupils : float
        Share of the pupils that bring it about, or more.
    """

    amount: float
    pupils: float


@dataclass(frozen=True, eq=False)
class Law:
    """What the exact engine says of a deployment, and how often there is an occasion.

    Attributes
    ----------
    deployment : Deployment
        What was counted.
    values : mapping of (id, rule, reader, group) to float
        Values of the rows that are about nothing else.
    """

    deployment: Deployment
    values: Mapping[tuple[str, str | None, str | None, str], float]

    @classmethod
    def of(cls, deployment: Deployment, rows: Iterable[Finding]) -> Law:
        """The law behind the exact engine's findings."""
        found: dict[tuple[str, str | None, str | None, str], float] = {}
        for f in rows:
            if f.value is not None:
                found.setdefault((f.id, f.rule, f.reader, f.group), f.value)
        return cls(deployment, found)

    def least_error(self, f: Finding, pupils: int) -> float:
        """A bound that the standard error of a finding is not below, by the law, where so many pupils are sampled."""
        if f.id == "label_share" and f.value is not None:
            return math.sqrt(max(f.value * (1 - f.value), 0) / (pupils * self._looks()))
        few = [s for s in self.sources(f) if s.pupils > 0 and (f.id not in OF_FLAGS or s.pupils * pupils <= ENOUGH)]
        return max((s.amount * math.sqrt(max(1 / s.pupils - 1, 0) / pupils) for s in few), default=0.0)

    def may_be_missed(self, f: Finding, sampled: float, pupils: int, few: float) -> bool:
        """Whether all pupils sampled may be alike in a finding, as far as the law goes.

        Either no more than `few` of them bring about some part of its value; or all have the same count, and no more
        than `few` should have had another, since counts are apart by one at least.
        """
        others = self._count(f) * abs(sampled / f.value - 1) if f.value else 0.0
        return any(s.pupils * pupils <= few for s in self.sources(f)) or 0 < others * pupils <= few

    def edge(self, pupils: int, few: float) -> float:
        """How large a share of a variance may seem that accounts for nothing, but with a chance of e to the −`few`.

        Of k + 1 kinds alike, the estimate is (χ²(k) − k) / pupils; the tail is that of Laurent and Massart (2000).
        """
        size = Size.of(self.deployment)
        kinds = max(size.strata - 1, 1)
        return 2 * (math.sqrt(kinds * few) + few) / pupils

    def sources(self, f: Finding) -> Iterator[Source]:
        """The parts of a finding's value, as far as the law tells how many pupils bring them about."""
        value = f.value
        if not value:
            return
        ever, false = self._ever(f)
        if f.id.startswith(CHANCES):
            yield from (Source(value, min(value, 1)), Source(1 - value, max(1 - value, 0)))
        elif f.id == "flag_ppv" and value < 1:
            yield from (Source(value, ever), Source(1 - value, false))
        elif f.id == "flag_ppv":
            yield Source(value, ever)
        elif f.id == "flag_lift":
            ppv = self._value("flag_ppv", f)
            for part in (ever, false) if ppv else ():
                yield Source(value if part is ever else value * (1 - ppv) / ppv, part)
        elif f.id in ("lesson_sensitivity", "lesson_false_positive_rate"):
            rest = max(1 - value, 0)
            yield Source(value, ever if f.id == "lesson_sensitivity" else false)
            yield Source(rest, min(rest * self._lessons(), 1))
        elif f.id == "spells_missed":
            yield from (Source(1 - value, ever), Source(value, min(value * self._looks(), 1)))
        elif (count := self._count(f)) > 0:
            yield Source(value, min(false if f.id.startswith("false_") else ever, count))
        elif f.id == "label_share" or f.id in SHARES:
            # Nobody brings about more than all of it, or leaves out more than the rest.
            part = value / (self._most_hidden() if f.id == "masking_end" else 1)
            yield from (Source(0.0, min(part, 1)), Source(0.0, max(1 - part, 0)))

    def _ever(self, f: Finding) -> tuple[float, float]:
        """Shares of the pupils with a flag, and with a false flag, by the end of school; 1 where nothing tells."""
        if f.view or f.trait or f.age:
            return 1.0, 1.0
        false, true = (self._value(f"{id}_by_end", f) for id in ("p_false_flag", "p_only_true_flags"))
        return min(false + true, 1) or 1.0, false or 1.0

    def _value(self, id: str, f: Finding) -> float:
        return self.values.get((id, f.rule, f.reader, f.group), 0.0)

    def _count(self, f: Finding) -> float:
        """Flags of a pupil that are counted; 0 where it is no such finding."""
        years, value = self.deployment.population.school_years, f.value or 0.0
        if f.id.endswith("flags_per_pupil_year"):
            return value * years
        if f.id == "flags_on_file_end":
            return value
        if f.id.endswith("flags_per_lesson"):
            share = next((s.share for s in self.deployment.situations if s.name == f.situation), 1.0)
            return value * share * self._lessons()
        if f.id == "flag_state_share":
            return value * years * self._value("flags_per_pupil_year", f)
        return 0.0

    def _most_hidden(self) -> float:
        feedback = self.deployment.feedback
        return 1.0 if feedback is None else feedback.max * -math.expm1(-feedback.strength * feedback.saturates_at)

    def _lessons(self) -> int:
        calendar = self.deployment.calendar
        return self.deployment.population.school_years * calendar.days_per_year * calendar.lessons_per_day

    def _looks(self) -> int:
        return self._lessons() * looks_per_lesson(self.deployment)


def untold(f: Finding, pupils: int, few: float) -> bool:
    """Whether samples of so many pupils cannot tell how far off a finding may be."""
    q = QUANTILES.get(f.id)
    return f.id in JACKKNIFED if q is None else pupils * min(q, 1 - q) <= few
