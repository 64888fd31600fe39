"""A deployment compiled to a `Chain`. Pure: the same deployment and profiles always give the same tables."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from misread.deployment.model import Age, Deployment, Rule, Trait, View
from misread.deployment.model.flags import KOfLast, ShareOver, TopOfClass, parse_flag
from misread.deployment.model.timing import looks_per_lesson
from misread.deployment.profiles import displays_used, profile_of
from misread.deployment.seats import views_of
from misread.engine.chain.markov import Array
from misread.engine.chain.model import Chain, CompiledRule, Emissions, RankedRule, TraitLevels
from misread.engine.chain.process import Displays, Processes
from misread.engine.chain.rules import FALSE_FLAG, TRUE_FLAG, automaton, obstacle
from misread.errors import MisreadError
from misread.profile import Profile

Rules = tuple[tuple[CompiledRule, ...], tuple[RankedRule, ...]]

MOST_LOOKS = 100_000
"""Looks a day: one a second, day and night, are 86,400."""
MOST_STRATA = 10_000
"""Kinds of pupils on their seats. To tell them apart takes a number for each pair, and more than minutes."""


def compile_chain(deployment: Deployment, profiles: Mapping[str, Profile], rules: Rules | None = None) -> Chain:
    """Compile a deployment.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    profiles : mapping of str to Profile
        Its profiles, resolved (`misread.deployment.profiles`).
    rules : pair of tuples, optional
        Its rules, where they are compiled already.

    Returns
    -------
    Chain
        With one point.

    Raises
    ------
    MisreadError
        If a day has too many looks, there are too many strata, or a rule's automaton would be too large.
    """
    refuse_too_many_strata(deployment)
    single, ranked = compile_rules(deployment) if rules is None else rules
    population, calendar, labels = deployment.population, deployment.calendar, deployment.classifier.labels
    looks = looks_per_lesson(deployment)
    interval = Fraction(str(deployment.camera.observe_every_seconds)) / 60
    left = Fraction(str(calendar.lesson_minutes)) - (looks - 1) * interval
    traits = tuple(_levels(t) for t in deployment.traits)
    groups, seats = population.groups, views_of(deployment)
    views = seats or (View(name="all seats", share=1.0),)
    kinds = list(itertools.product(range(len(groups)), *(range(len(t.nodes)) for t in traits)))
    shares = _shares([g.share for g in groups])
    of_kind = np.array([shares[g] * math.prod(t.share[u] for t, u in zip(traits, us, strict=True)) for g, *us in kinds])
    strata = [(kind, v) for kind in range(len(kinds)) for v in range(len(views))]
    nodes = np.array([[t.nodes[u] for t, u in zip(traits, kinds[k][1:], strict=True)] for k, _ in strata])
    nodes = nodes.reshape(len(strata), len(traits))
    group = np.array([kinds[k][0] for k, _ in strata])
    ages, epoch = _epochs(deployment)
    # Every group of a valid deployment has a profile.
    own = [str(profile_of(deployment, g)) for g in groups]
    read_by = tuple(tuple((age and age.profile) or own[g] for g in group) for age in ages)
    expressions = _expressions(deployment)
    displays = Displays(deployment, expressions)
    processes = Processes(deployment, displays, float(interval), float(left), float(calendar.break_minutes))
    tables = [[processes.of(groups[g], age, us) for g, us in zip(group, nodes.tolist(), strict=True)] for age in ages]

    def stacked_up(name: str) -> Array:
        return np.array([[getattr(t, name) for t in row] for row in tables])[None]

    chain = Chain(
        states=deployment.pupil.states,
        labels=labels,
        expressions=expressions,
        groups=tuple(g.name for g in groups),
        views=tuple(v.name for v in seats),
        situations=tuple(s.name for s in deployment.situations),
        ages=tuple(f"from year {int(np.argmax(epoch == e)) + 1}" for e in range(len(ages))) if deployment.ages else (),
        traits=traits,
        weight=np.outer(of_kind, _shares([v.share for v in views])).reshape(1, -1),
        group=group,
        view=np.array([v for _, v in strata]),
        kind=np.array([k for k, _ in strata]),
        level=np.array([kinds[k][1:] for k, _ in strata], dtype=np.intp).reshape(len(strata), len(traits)),
        epoch=epoch,
        share=_shares([s.share for s in deployment.situations] or [1.0])[None],
        state=processes.state,
        start=stacked_up("start"),
        step=stacked_up("step"),
        gap=stacked_up("gap"),
        shown=stacked_up("shown"),
        emission=Emissions(np.empty(0), np.empty(0)),
        profile=read_by,
        row_of={p: _places(expressions, profiles[p].expressions) for row in read_by for p in row},
        lost=np.array([views[v].lost for _, v in strata]),
        dilution=np.array([views[v].dilution for _, v in strata]),
        bias=_bias(deployment, nodes),
        masking=_masking(deployment),
        behind=expressions.index(deployment.feedback.expression) if deployment.feedback else 0,
        looks=looks,
        lessons=calendar.lessons_per_day,
        days=calendar.days_per_year,
        years=population.school_years,
        rules=single,
        ranked=ranked,
    )
    return replace(chain, emission=chain.emissions({name: p.p[None] for name, p in profiles.items()}))


def stacked(chains: Sequence[Chain]) -> Chain:
    """Chains that differ in numbers only, laid one after the other: one for each point of what is uncertain.

    Parameters
    ----------
    chains : sequence of Chain
        At least one; same strata, looks, calendar and rules.

    Returns
    -------
    Chain
        Tables of all; the rest, `shown` too, is the first one's.
    """

    def all_of(tables: Iterable[Array]) -> Array:
        return np.concatenate(list(tables))

    return replace(
        chains[0],
        weight=all_of(c.weight for c in chains),
        share=all_of(c.share for c in chains),
        start=all_of(c.start for c in chains),
        step=all_of(c.step for c in chains),
        gap=all_of(c.gap for c in chains),
        emission=joined([c.emission for c in chains]),
    )


def joined(emissions: Sequence[Emissions]) -> Emissions:
    """Emissions of several points, one after the other."""
    return Emissions(np.concatenate([e.plain for e in emissions]), np.concatenate([e.masked for e in emissions]))


def compile_rules(deployment: Deployment) -> Rules:
    """Compile the rules alone, which tells how large tables will be.

    Raises
    ------
    MisreadError
        If a day has too many looks, or a rule's automaton would be too large.
    """
    refuse_too_many_looks(deployment)
    looks = looks_per_lesson(deployment)
    obstacles = [
        deployment.origin.problem((*at, "flag"), *problem)
        for at, rule in deployment.origin.entries(("rules",), deployment.rules)
        if (problem := obstacle(rule, looks))
    ]
    if obstacles:
        raise MisreadError(obstacles)
    ranks = [isinstance(parse_flag(rule.flag), TopOfClass) for rule in deployment.rules]
    return (
        tuple(_rule(r, deployment, looks) for r, is_rank in zip(deployment.rules, ranks, strict=True) if not is_rank),
        tuple(_ranked(r, deployment) for r, is_rank in zip(deployment.rules, ranks, strict=True) if is_rank),
    )


def refuse_too_many_looks(deployment: Deployment) -> None:
    """Refuse lessons whose looks could not be gone through one by one.

    Raises
    ------
    MisreadError
        With the number of looks.
    """
    looks = looks_per_lesson(deployment) * deployment.calendar.lessons_per_day
    if looks > MOST_LOOKS:
        raise MisreadError(
            deployment.origin.problem(
                ("camera", "observe_every_seconds"),
                f"A day has {looks:,} looks.",
                f"at most {MOST_LOOKS:,} looks a day.",
                "look less often.",
            )
        )


def refuse_too_many_strata(deployment: Deployment) -> None:
    """Refuse more kinds of pupils on their seats than any engine goes through.

    Raises
    ------
    MisreadError
        With their number, and what telling them apart would take.
    """
    levels = math.prod(t.levels for t in deployment.traits)
    groups, views = len(deployment.population.groups), max(len(views_of(deployment)), 1)
    strata = groups * levels * views
    if strata > MOST_STRATA:
        raise MisreadError(
            deployment.origin.problem(
                ("traits",) if levels > 1 else ("population", "groups"),
                f"{groups:,} groups times {levels:,} levels of traits times {views:,} views make {strata:,} kinds of "
                f"pupils on their seats, which take {8 * strata**2 / 2**30:,.1f} GiB to tell apart.",
                f"at most {MOST_STRATA:,} kinds.",
                "use fewer traits, or fewer `levels` of each.",
            )
        )


def _rule(rule: Rule, deployment: Deployment, looks: int) -> CompiledRule:
    flag, machine = parse_flag(rule.flag), automaton(rule, looks)
    truth = 1
    if isinstance(flag, ShareOver):
        truth = math.floor(flag.share * looks)
    elif isinstance(flag, KOfLast) and rule.true_if == "in_window":
        truth = min(flag.n, looks)
    return CompiledRule(
        **_of_any(rule, deployment),
        automaton=machine,
        truth=truth,
        most_flags=machine.most_flags(looks, (TRUE_FLAG, FALSE_FLAG)),
        most_false=machine.most_flags(looks, (FALSE_FLAG,)),
    )


def _ranked(rule: Rule, deployment: Deployment) -> RankedRule:
    flag = parse_flag(rule.flag)
    assert isinstance(flag, TopOfClass)
    return RankedRule(**_of_any(rule, deployment), top=flag.n)


def _of_any(rule: Rule, deployment: Deployment) -> dict[str, Any]:
    """What `AnyRule` tells."""
    return {
        "name": rule.name,
        "hit": np.isin(deployment.classifier.labels, rule.labels),
        "claimed": np.isin(deployment.pupil.states, rule.claims),
        "notify": rule.notify,
        "marks": tuple(m for m in deployment.file.marks if m.rule == rule.name),
    }


def _shares(values: Sequence[float]) -> Array:
    shares = np.array(values)
    return np.asarray(shares / shares.sum())


def _levels(trait: Trait) -> TraitLevels:
    nodes, weights = np.polynomial.hermite_e.hermegauss(trait.levels)
    return TraitLevels(trait.name, trait.acts_on, nodes, weights / weights.sum())


def _epochs(deployment: Deployment) -> tuple[list[Age | None], np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """Ages in force in some school year, and which of them each year is in; None before any begins."""
    in_order = sorted(deployment.ages, key=lambda a: a.from_year)
    force = [
        next((a for a in reversed(in_order) if a.from_year <= year), None)
        for year in range(1, deployment.population.school_years + 1)
    ]
    ages = [age for i, age in enumerate(force) if i == 0 or age is not force[i - 1]]
    starts = [i == 0 or age is not force[i - 1] for i, age in enumerate(force)]
    return ages, np.cumsum(starts) - 1


def _expressions(deployment: Deployment) -> tuple[str, ...]:
    """Expressions that some face may show, in the order in which displays name them."""
    rows = [row for name in displays_used(deployment) for row in deployment.display[name].values()]
    hidden = [deployment.feedback.expression] if deployment.feedback else []
    return tuple(dict.fromkeys([*(x for row in rows for x, p in row.items() if p > 0), *hidden]))


def _places(expressions: Sequence[str], known: Sequence[str]) -> tuple[int, ...]:
    return tuple(known.index(x) if x in known else -1 for x in expressions)


def _bias(deployment: Deployment, nodes: Array) -> Array:
    """Factors on the labels' weights, by stratum."""
    labels = deployment.classifier.labels
    bias = np.ones((len(nodes), len(labels)))
    for t, trait in enumerate(deployment.traits):
        if trait.acts_on == "label":
            bias[:, labels.index(trait.label)] *= np.exp(trait.sd * nodes[:, t])
    return bias


def _masking(deployment: Deployment) -> Array:
    """How far faces are hidden after 0, 1, … flags that somebody is told of."""
    feedback = deployment.feedback
    if feedback is None or not any(r.notify for r in deployment.rules):
        return np.zeros(1)
    flags = np.arange(feedback.saturates_at + 1)
    return np.asarray(-feedback.max * np.expm1(-feedback.strength * flags))
