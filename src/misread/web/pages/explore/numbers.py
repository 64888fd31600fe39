"""What the exact engine says of what was asked, and of others who would look instead."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache

from misread.deployment import Deployment, looks_per_lesson, resolve_profiles, unsupported
from misread.deployment.model import Rule
from misread.deployment.model.flags import KOfLast, parse_flag
from misread.engine.chain import compile_chain, compile_rules
from misread.engine.exact.sizes import Size, refuse_what_does_not_fit
from misread.errors import MisreadError
from misread.findings.measure import measure
from misread.findings.summary import Open, summarise
from misread.language import mark
from misread.report.words.lookup import Figures
from misread.study.exact.draws import cells_of, drawn, drawn_rows
from misread.study.exact.points import measured_at
from misread.study.exact.run import FEWEST, SEED
from misread.web.shipped import shipped_one

TEACHER = "a-teacher-instead"
KINDEST = "best-case"
PERIODS = ("day_1", "week_1", "year_1", "end")
MANY_LOOKS = 20
"""Looks in a lesson from which on those who would look instead are computed in the second step."""
MANY_KINDS = 60
"""Kinds of pupils times levels of hiding faces from which on only the full run computes a deployment beside another."""

ALERTS = ("flag_ppv", "flag_lift", "claimed_share", "lesson_prevalence")
RATES = ("flags_per_pupil_year", "false_flags_per_pupil_year", "disparity_false_flags", "difference_false_flags")
CAUGHT = ("spells_missed", "lesson_sensitivity", "lesson_false_positive_rate")
CHILDREN = tuple(f"p_{kind}_by_{p}" for p in PERIODS for kind in ("false_flag", "only_true_flags"))
ALL = (*ALERTS, *RATES, *CAUGHT, *CHILDREN)
BESIDE = ("flag_ppv", "spells_missed", "p_false_flag_by_week_1")
"""What is asked about those who would look instead, and under policies side by side."""
SURE = ("flag_ppv", *RATES)
"""What has an interval where each draw takes long."""
LATER = mark("it is not drawn yet")
SLOW = mark("a draw takes long with so many looks; misread run makes them")
"""Why there is no interval."""
FIRST = tuple(id for id in ALL if id not in (*CAUGHT, "flag_lift"))
"""What is computed at once where all of it takes longer than an answer may."""


def figures(
    deployment: Deployment,
    rule: Rule,
    ids: Collection[str] = ALL,
    *,
    draws: int = 0,
    why: str = LATER,
    perfect: bool = True,
) -> Figures:
    """Figures of one rule.

    The same lines as `misread.study.exact.run.measured`, of which only some findings are computed.

    Parameters
    ----------
    deployment, rule
        Whose.
    ids : collection of str
        Which.
    draws : int
        Draws for the intervals.
    why : str
        Why there is no interval, where there are no draws.
    perfect : bool
        Whether the perfect reader's are asked for as well.

    Raises
    ------
    MisreadError
        If the deployment asks for what no engine computes, or its tables would not fit.
    """
    if problems := unsupported(deployment):
        raise MisreadError(problems)
    return _figures(_Case.of(deployment, rule), rule.name, tuple(ids), draws, why, perfect)


@dataclass(frozen=True, slots=True)
class _Case:
    """What figures depend on: two deployments that differ in how many pupils there are have the same."""

    key: str
    deployment: Deployment = field(compare=False)
    rule: Rule = field(compare=False)

    @classmethod
    def of(cls, deployment: Deployment, rule: Rule) -> _Case:
        one = deployment.population.model_copy(update={"schools": 1, "pupils_per_school": 1})
        alike = only(deployment, rule).model_copy(update={"title": "", "population": one})
        return cls(f"{alike.model_dump_json()} {deployment.ranges}", deployment, rule)


@lru_cache(maxsize=128)
def _figures(case: _Case, name: str, ids: tuple[str, ...], draws: int, why: str, perfect: bool) -> Figures:
    deployment, rule = case.deployment, case.rule
    alone = only(deployment, rule)
    rules = compile_rules(alone)
    refuse_what_does_not_fit(alone, rules[0], draws)
    profiles = resolve_profiles(alone)
    points = drawn(cells_of(profiles, alone.ranges), draws, SEED)

    def wanted(id: str, of: str | None) -> bool:
        return of == name and id in ids

    if draws and alone.ranges:
        quantities = measured_at(alone, profiles, points, None, wanted)
    else:
        chain = compile_chain(alone, profiles, rules)
        emission = chain.emissions(drawn_rows(profiles, points))
        quantities = measure(chain, alone, emission, None, wanted, perfect=perfect)
    of = "the profiles and of stated ranges" if deployment.ranges else "the profiles"
    rows = summarise(quantities, Open(of, "nothing states how uncertain it is" if draws else why))
    return Figures(rows)


def only(deployment: Deployment, rule: Rule) -> Deployment:
    """The deployment without what has no part in a rule's figures: other rules, and what is made of flags."""
    if deployment.feedback is not None:
        return deployment
    file = deployment.file.model_copy(update={"marks": ()})
    return deployment.model_copy(update={"rules": (rule,), "file": file, "decisions": ()})


def drawn_figures(deployment: Deployment, rule: Rule) -> Figures:
    """Figures with intervals, from as few draws as tell 95 %; where each draw takes long, of the answer itself only."""
    if not slow(deployment):
        return figures(deployment, rule, draws=FEWEST)
    sure = figures(deployment, rule, SURE, draws=FEWEST)
    others = figures(deployment, rule, tuple(id for id in ALL if id not in SURE), why=SLOW)
    return Figures((*sure.rows, *others.rows))


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody, or something, that flags: what of 100 spells is caught, and whom it wrongs.

    Attributes
    ----------
    key : str
        ``"own"``, ``"perfect"``, ``"blind"`` or ``"teacher"``.
    right : float or None
        Share of the alerts that are right.
    caught : float or None
        Share of spells during which an alert is sent.
    wronged : float or None
        Chance that a child is wrongly flagged in the first week.
    ids : tuple of str
        Findings it comes from.
    """

    key: str
    right: float | None
    caught: float | None
    wronged: float | None
    ids: tuple[str, ...] = BESIDE


def reader(key: str, found: Figures, rule: str, **keys: str) -> Reader:
    """A reader's part of some figures."""
    missed = found.value("spells_missed", rule, **keys)
    return Reader(
        key,
        found.value("flag_ppv", rule, **keys),
        None if missed is None else 1 - missed,
        found.value("p_false_flag_by_week_1", rule, **keys),
    )


def slow(deployment: Deployment) -> bool:
    """Whether those who would look instead have to wait for the second step."""
    return looks_per_lesson(deployment) > MANY_LOOKS or large(deployment)


def large(deployment: Deployment) -> bool:
    """Whether one evaluation takes seconds."""
    size = Size.of(deployment)
    return size.strata * size.levels > MANY_KINDS


def read_as_in(deployment: Deployment, other: str, rule: Rule, ids: Collection[str] = BESIDE) -> Figures | None:
    """The same school with faces read as in a shipped deployment; None where its words are others."""
    alike = swapped(deployment, other)
    if alike is None or not set(rule.labels) <= set(alike.classifier.labels):
        return None
    try:
        return figures(alike, rule, ids, perfect=False)
    except MisreadError:
        # It shows faces, or a calendar of ages, that the other cannot read.
        return None


def swapped(deployment: Deployment, other: str) -> Deployment | None:
    """The deployment with the classifier of a shipped one; None where its own reads differently by age or trait."""
    if deployment.ages or deployment.traits:
        return None
    theirs = shipped_one(other)
    profile = theirs.population.groups[0].profile
    groups = tuple(g.model_copy(update={"profile": profile}) for g in deployment.population.groups)
    population = deployment.population.model_copy(update={"groups": groups})
    return deployment.model_copy(update={"classifier": theirs.classifier, "population": population})


def blind(deployment: Deployment, rule: Rule, found: Figures) -> Reader | None:
    """As many alerts, pointed at moments by lot; None where the rule has none.

    Right by chance: the precision divided by the lift. A spell is caught if one of its looks is pointed at, for which
    the engine is asked with faces that say nothing. Alerts fall on a week's looks independently of each other.
    """
    ppv, lift = found.value("flag_ppv", rule.name), found.value("flag_lift", rule.name)
    flags = found.value("flags_per_pupil_year", rule.name)
    if ppv is None or not lift or flags is None:
        return None
    right = ppv / lift
    per_look = isinstance(parse_flag(rule.flag), KOfLast)
    calendar = deployment.calendar
    in_a_day = calendar.lessons_per_day * (looks_per_lesson(deployment) if per_look else 1)
    chance = flags / (calendar.days_per_year * in_a_day)
    if chance >= 1:
        return Reader("blind", right, None, None)
    days = min(5, calendar.days_per_year * deployment.population.school_years)
    wronged = -math.expm1(days * in_a_day * math.log1p(-chance * (1 - right)))
    ids = ("flag_ppv", "flag_lift", "flags_per_pupil_year")
    caught = _caught_by_lot(deployment, rule, chance) if per_look else None
    return Reader("blind", right, caught, wronged, ids)


def _caught_by_lot(deployment: Deployment, rule: Rule, chance: float) -> float | None:
    lot = rule.model_copy(update={"flag": "1 of last 1", "labels": rule.labels[:1]})
    alone = only(deployment, lot)
    if alone.feedback is not None or alone.camera.views or alone.traits or alone.camera.geometry is not None:
        return None
    profiles = resolve_profiles(alone)
    chain = compile_chain(alone, profiles)
    labels = alone.classifier.labels
    hit = labels.index(lot.labels[0])
    rows = {name: p.p[None] * 0 for name, p in profiles.items()}
    for table in rows.values():
        table[..., hit], table[..., hit - 1] = chance, 1 - chance

    def wanted(id: str, of: str | None) -> bool:
        return (id, of) == ("spells_missed", lot.name)

    quantities = measure(chain, alone, chain.emissions(rows), None, wanted, perfect=False)
    missed = Figures(summarise(quantities, Open("nothing", "nothing is drawn"))).value("spells_missed", lot.name)
    return None if missed is None else 1 - missed
