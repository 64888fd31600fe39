"""The two engines held against each other: what is exact, what was sampled, and how far apart chance lets them be."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from misread.deployment import Deployment
from misread.engine.exact.day import Progress
from misread.errors import MisreadError
from misread.findings.about import KEYS
from misread.findings.table import Finding
from misread.study.engines.both import Hands, Way, run
from misread.study.engines.rare import Law, untold
from misread.study.exact.run import SEED

SCHOOLS, PUPILS = 40, 20_000
"""At least so many schools are sampled, and more where schools are small, whatever the deployment has."""
BY_CHANCE = 0.001
"""How often engines that agree would be said not to."""
BIASED = ("disparity_false_flags", "difference_false_flags")
"""The highest and the lowest of samples are further apart than those of what they are samples of."""
WHOLE = ("false_flags_end_p05", "false_flags_end_p50", "false_flags_end_p95")
"""Whole numbers: a sample lands on the one beside where a step of the law is near."""
ROUNDING = 1e-9
AT_THE_EDGE = 0.01
"""How far off the sampled share of a source may be, at least, that accounts for nearly nothing, or for nearly all, by
half of this: estimates of a variance that is hardly there are no normal variable, and their jackknife errors are too
small."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One finding by both engines.

    Attributes
    ----------
    exact, sampled : Finding
        The finding.
    z : float or None
        How many standard errors lie between them, by the sample or by the law, whichever is larger; None where
        samples did not vary, or too few pupils were sampled to tell how far off they may be.
    agree : bool
        Whether they are as near as chance allows over the whole table.
    """

    exact: Finding
    sampled: Finding
    z: float | None
    agree: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """What came of holding the engines against each other.

    Attributes
    ----------
    rows : tuple of Compared
        All findings that both engines have.
    schools : int
        Schools sampled.
    allowed : float
        The largest z that chance allows over the whole table.
    exact_only, sampled_only : int
        Findings that only one engine has.
    """

    rows: tuple[Compared, ...]
    schools: int
    allowed: float
    exact_only: int
    sampled_only: int

    @property
    def holds(self) -> bool:
        """Whether the engines agree."""
        return all(row.agree for row in self.rows)

    @property
    def largest(self) -> float:
        """The largest z."""
        return max((abs(row.z) for row in self.rows if row.z is not None), default=0.0)


def agreement(
    deployment: Deployment,
    *,
    seed: int = SEED,
    schools: int | None = None,
    step: str = "tick",
    hands: Hands | None = None,
    progress: Progress | None = None,
) -> Agreement:
    """Run both engines and compare what both have.

    The allowed distance is Bonferroni's: over all findings that vary between schools, engines that agree are said not
    to in one run of 1,000. It is Student's t, for as many schools as were sampled.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    seed : int
        Seed of the samples.
    schools : int, optional
        Schools sampled, which may be more than the deployment has: nothing but the number of looks hangs on it.
    step : str
        What the sampled engine draws at a time.
    hands : Hands, optional
        Who draws.
    progress : callable, optional
        Called with (work done, work in all) by the exact engine.

    Raises
    ------
    MisreadError
        If it is fewer than two schools, which have no standard error, or something does not fit.
    """
    from scipy.stats import t

    schools = schools if schools is not None else max(SCHOOLS, -(-PUPILS // deployment.population.pupils_per_school))
    if schools < 2:
        raise MisreadError(
            f"{schools} schools were asked for. Expected: at least two, since one has no standard error. Mend: "
            "--schools 2 or more."
        )
    population = deployment.population.model_copy(update={"schools": schools})
    deployment = deployment.model_copy(update={"population": population})
    exact = run(deployment, Way("exact", draws=0, seed=seed), Hands(counting=progress))
    sampled = run(deployment, Way("sampled", step, 0, seed, schools), hands or Hands())
    one, other = ({_key(f): f for f in m.findings if f.id not in BIASED} for m in (exact, sampled))
    both = [(one[key], other[key]) for key in one if key in other]
    varying = sum(1 for _, b in both if b.se)
    allowed = float(t.isf(BY_CHANCE / max(varying, 1) / 2, schools - 1))
    law = Law.of(deployment, one.values())
    return Agreement(
        tuple(_compared(law, both, allowed)),
        schools,
        allowed,
        exact_only=len(one.keys() - other.keys()),
        sampled_only=len(other.keys() - one.keys()),
    )


def _compared(law: Law, both: list[tuple[Finding, Finding]], allowed: float) -> Iterator[Compared]:
    # What should befall so many pupils of those sampled befalls none with a chance of e to the minus so many.
    few = math.log(max(len(both), 1) / BY_CHANCE)
    for exact, sampled in both:
        z = _distance(law, exact, sampled, few)
        agree = abs(z) <= allowed if z is not None else _unmoved(law, exact, sampled, allowed, few)
        yield Compared(exact, sampled, z, agree)


def _distance(law: Law, exact: Finding, sampled: Finding, few: float) -> float | None:
    """How many standard errors lie between the two; None where there is no standard error to go by."""
    if exact.value is None or sampled.value is None or not sampled.se:
        return None
    pupils = sampled.n or 1
    if (exact.id in WHOLE and untold(exact, pupils, few)) or _edge(law, exact, pupils, few):
        return None
    away = sampled.value - exact.value
    if exact.id in WHOLE:
        away = math.copysign(max(abs(away) - 1, 0), away)
    return away / max(sampled.se, law.least_error(exact, pupils))


def _unmoved(law: Law, exact: Finding, sampled: Finding, allowed: float, few: float) -> bool:
    """Whether what has no z may be what is exact.

    Something rare need not come up in any school, nor its opposite fail to. What never came up at all says nothing.
    """
    if exact.value is None or sampled.value is None:
        return sampled.value is None
    if abs(sampled.value - exact.value) <= ROUNDING * max(abs(exact.value), 1):
        return True
    pupils = sampled.n or 1
    if edge := _edge(law, exact, pupils, few):
        return abs(sampled.value - exact.value) <= max(edge, allowed * (sampled.se or 0))
    if sampled.se == 0:
        return False
    return untold(exact, pupils, few) or law.may_be_missed(exact, sampled.value, pupils, few)


def _edge(law: Law, exact: Finding, pupils: int, few: float) -> float:
    """How far off a source may be that accounts for nearly nothing, or for nearly everything; 0 for all others."""
    if exact.id != "file_variance_share":
        return 0.0
    value, edge = exact.value or 0.0, max(AT_THE_EDGE, law.edge(pupils, few))
    return edge if min(abs(value), abs(1 - value)) < edge / 2 else 0.0


def _key(f: Finding) -> tuple[str | None, ...]:
    return (f.id, f.group, f.rule, *(getattr(f, key) for key in KEYS))


def as_rows(found: Agreement) -> list[Mapping[str, object]]:
    """The table as plain rows, for JSON."""
    return [
        {
            "id": row.exact.id,
            "rule": row.exact.rule,
            "group": row.exact.group,
            **{k: v for k in KEYS if (v := getattr(row.exact, k)) is not None},
            "exact": row.exact.value,
            "sampled": row.sampled.value,
            "se": row.sampled.se,
            "z": row.z,
            "agree": row.agree,
        }
        for row in found.rows
    ]
