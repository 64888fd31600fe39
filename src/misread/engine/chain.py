"""What both engines run: the deployment compiled to tables, strata along the first axis.

`compile_chain` is pure. A stratum is a kind of pupil on a kind of seat, whose tables are all the same. A
pupil's kind (the group) stays; the seat is drawn anew each school year.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Deployment, Mark, Rule, View
from misread.deployment.model.flags import KOfLast, ShareOver, parse_flag
from misread.deployment.model.timing import looks_per_lesson
from misread.deployment.profiles import profile_of
from misread.deployment.seats import views_of
from misread.engine.markov import Array, adding_to_one, generator, stationary, transition
from misread.engine.rules import FALSE_FLAG, TRUE_FLAG, Automaton, automaton, obstacle
from misread.engine.sizes import refuse_too_many_looks
from misread.errors import MisreadError
from misread.profile import Profile


@dataclass(frozen=True, eq=False)
class CompiledRule:
    """A rule as the engines read it.

    Attributes
    ----------
    name : str
        The rule's name.
    automaton : Automaton
        Reads (hit, claimed) at each look.
    hit : ndarray of bool, shape (labels,)
        Labels that are a hit.
    claimed : ndarray of bool, shape (states,)
        States that the flag claims.
    truth : int
        Looks over which a claimed state makes a flag true: the window, or 1 with ``at_flag``; for a share
        rule the number of claimed looks that is not yet enough.
    most_flags, most_false : int
        Most flags, and most false ones, that a lesson can bring.
    notify : tuple of str
        Who is told.
    marks : tuple of Mark
        Marks this rule's flags earn.
    """

    name: str
    automaton: Automaton
    hit: NDArray[np.bool_]
    claimed: NDArray[np.bool_]
    truth: int
    most_flags: int
    most_false: int
    notify: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, eq=False)
class Chain:
    """A compiled deployment.

    Several chains that differ in numbers only can be laid one after the other along the strata (`stacked`):
    one for each point of what is uncertain. Arrays by stratum then have the length points · strata, points
    slowest.

    Attributes
    ----------
    states, labels, groups, views : tuple of str
        What the axes mean. `views` is empty where all seats are seen alike.
    weight : ndarray, shape (points, strata)
        Share of the pupils; adds to 1 at each point.
    group, view : ndarray of int, shape (strata,)
        Index of each stratum's group, and of its view.
    start : ndarray, shape (points · strata, states)
        Law of the state at the first look of a day.
    step : ndarray, shape (points · strata, states, states)
        Transition probabilities from one look to the next.
    gap : ndarray, shape (points · strata, states, states)
        From a lesson's last look to the next lesson's first.
    display : tuple of ndarray, each (states, expressions of the stratum's profile)
        P(expression | state) of each stratum.
    profile : tuple of str
        Name of each stratum's profile.
    lost, dilution : ndarray, shape (strata,)
        How each stratum's seats are seen.
    emission : ndarray, shape (points · strata, states, labels)
        P(label | state) at the profiles as stated.
    looks, lessons, days, years : int
        Looks a lesson, lessons a day, days a year, years of school.
    rules : tuple of CompiledRule
        The rules.
    """

    states: tuple[str, ...]
    labels: tuple[str, ...]
    groups: tuple[str, ...]
    views: tuple[str, ...]
    weight: Array
    group: NDArray[np.intp]
    view: NDArray[np.intp]
    start: Array
    step: Array
    gap: Array
    display: tuple[Array, ...]
    profile: tuple[str, ...]
    lost: Array
    dilution: Array
    emission: Array
    looks: int
    lessons: int
    days: int
    years: int
    rules: tuple[CompiledRule, ...]

    @property
    def strata(self) -> int:
        """Number of strata."""
        return len(self.group)

    def seen(self, rows: Array, stratum: int) -> Array:
        """Rows of a profile as they come out for a stratum's seats.

        Parameters
        ----------
        rows : ndarray, shape (…, expressions, labels)
            P(label | expression) of somebody seen well.
        stratum : int
            Which seats.

        Returns
        -------
        ndarray of the same shape
            Drawn to the mean of all rows by `dilution`, then lost to the label "none" by `lost`.
        """
        return _seen(rows, self.labels, self.lost[stratum], self.dilution[stratum])

    def emissions(self, rows: Mapping[str, Array]) -> Array:
        """P(label | state) for other rows of the profiles.

        Parameters
        ----------
        rows : mapping of profile name to ndarray, shape (draws, expressions, labels)
            Rows P(label | expression) that add to 1.

        Returns
        -------
        ndarray, shape (draws, strata, states, labels)
        """
        return np.stack(
            [adding_to_one(self.display[s] @ self.seen(rows[p], s)) for s, p in enumerate(self.profile)], axis=1
        )


def compile_chain(
    deployment: Deployment, profiles: Mapping[str, Profile], rules: tuple[CompiledRule, ...] | None = None
) -> Chain:
    """Compile a deployment.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    profiles : mapping of str to Profile
        Its profiles, resolved (`misread.deployment.profiles`).
    rules : tuple of CompiledRule, optional
        Its rules, where they are compiled already.

    Returns
    -------
    Chain

    Raises
    ------
    MisreadError
        If a day has too many looks, or a rule's automaton would be too large.
    """
    rules = compile_rules(deployment) if rules is None else rules
    population, calendar = deployment.population, deployment.calendar
    looks = looks_per_lesson(deployment)
    interval = Fraction(str(deployment.camera.observe_every_seconds)) / 60
    rest = Fraction(str(calendar.lesson_minutes)) - (looks - 1) * interval + Fraction(str(calendar.break_minutes))
    Q = generator(deployment.pupil)
    groups = population.groups
    seen = views_of(deployment)
    views = seen or (View(name="all seats", share=1.0),)
    shares = np.array([g.share for g in groups])
    seats = np.array([v.share for v in views])
    # Every group of a valid deployment has a profile.
    read_by = [str(profile_of(deployment, g)) for g in groups]
    shown = [
        _display(deployment.display[g.display], deployment.pupil.states, profiles[p].expressions)
        for g, p in zip(groups, read_by, strict=True)
    ]
    labels = deployment.classifier.labels
    strata = [(g, v) for g in range(len(groups)) for v in range(len(views))]

    def shared(table: Array) -> Array:
        # The pupil's own process is the same in every stratum: one table, seen by all.
        return np.broadcast_to(table, (len(strata), *table.shape))

    return Chain(
        states=deployment.pupil.states,
        labels=labels,
        groups=tuple(g.name for g in groups),
        views=tuple(v.name for v in seen),
        weight=np.outer(shares / shares.sum(), seats / seats.sum()).reshape(1, -1),
        group=np.array([g for g, _ in strata]),
        view=np.array([v for _, v in strata]),
        start=shared(stationary(Q)),
        step=shared(transition(Q, float(interval))),
        gap=shared(transition(Q, float(rest))),
        display=tuple(shown[g] for g, _ in strata),
        profile=tuple(read_by[g] for g, _ in strata),
        lost=np.array([views[v].lost for _, v in strata]),
        dilution=np.array([views[v].dilution for _, v in strata]),
        emission=np.stack(
            [
                adding_to_one(shown[g] @ _seen(profiles[read_by[g]].p, labels, views[v].lost, views[v].dilution))
                for g, v in strata
            ]
        ),
        looks=looks,
        lessons=calendar.lessons_per_day,
        days=calendar.days_per_year,
        years=population.school_years,
        rules=rules,
    )


def stacked(chains: Sequence[Chain]) -> Chain:
    """Chains that differ in numbers only, laid one after the other: one for each point of what is uncertain.

    Parameters
    ----------
    chains : sequence of Chain
        At least one; same strata, looks, calendar and rules.

    Returns
    -------
    Chain
        `weight`, `start`, `step`, `gap` and `emission` of all; the rest is the first one's.
    """

    def all_of(tables: Iterable[Array]) -> Array:
        return np.concatenate(list(tables))

    return replace(
        chains[0],
        weight=all_of(c.weight for c in chains),
        start=all_of(c.start for c in chains),
        step=all_of(c.step for c in chains),
        gap=all_of(c.gap for c in chains),
        emission=all_of(c.emission for c in chains),
    )


def _seen(rows: Array, labels: Sequence[str], lost: float, dilution: float) -> Array:
    if dilution:
        rows = (1 - dilution) * rows + dilution * rows.mean(axis=-2, keepdims=True)
    if lost:
        rows = (1 - lost) * rows
        rows[..., labels.index("none")] += lost
    return rows


def compile_rules(deployment: Deployment) -> tuple[CompiledRule, ...]:
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
    return tuple(_rule(rule, deployment, looks) for rule in deployment.rules)


def _rule(rule: Rule, deployment: Deployment, looks: int) -> CompiledRule:
    flag, machine = parse_flag(rule.flag), automaton(rule, looks)
    truth = 1
    if isinstance(flag, ShareOver):
        truth = math.floor(flag.share * looks)
    elif isinstance(flag, KOfLast) and rule.true_if == "in_window":
        truth = min(flag.n, looks)
    return CompiledRule(
        name=rule.name,
        automaton=machine,
        hit=np.isin(deployment.classifier.labels, rule.labels),
        claimed=np.isin(deployment.pupil.states, rule.claims),
        truth=truth,
        most_flags=machine.most_flags(looks, (TRUE_FLAG, FALSE_FLAG)),
        most_false=machine.most_flags(looks, (FALSE_FLAG,)),
        notify=rule.notify,
        marks=tuple(m for m in deployment.file.marks if m.rule == rule.name),
    )


def _display(rows: Mapping[str, Mapping[str, float]], states: tuple[str, ...], expressions: tuple[str, ...]) -> Array:
    return adding_to_one(np.array([[rows[s].get(x, 0.0) for x in expressions] for s in states]))
