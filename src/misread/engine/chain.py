"""What both engines run: the deployment compiled to tables, strata along the first axis.

`compile_chain` is pure. A stratum is a kind of pupil whose tables are all the same; for now that is a
group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

from misread.deployment.flags import KOfLast, ShareOver, parse_flag
from misread.deployment.model import Deployment, Mark, Pupil, Rule
from misread.deployment.timing import looks_per_lesson
from misread.engine.rules import Automaton, automaton
from misread.profile import Profile

Array = NDArray[np.float64]


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
    notify: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, eq=False)
class Chain:
    """A compiled deployment.

    Attributes
    ----------
    states, labels, groups : tuple of str
        What the axes mean.
    weight : ndarray, shape (strata,)
        Share of the pupils; adds to 1.
    group : ndarray of int, shape (strata,)
        Index of each stratum's group.
    start : ndarray, shape (strata, states)
        Law of the state at the first look of a day.
    step : ndarray, shape (strata, states, states)
        Transition probabilities from one look to the next.
    gap : ndarray, shape (strata, states, states)
        From a lesson's last look to the next lesson's first.
    display : tuple of ndarray, each (states, expressions of the stratum's profile)
        P(expression | state) of each stratum.
    profile : tuple of str
        Name of each stratum's profile.
    emission : ndarray, shape (strata, states, labels)
        P(label | state) at the profiles as stated.
    looks, lessons, days, years : int
        Looks a lesson, lessons a day, days a year, years of school.
    rules : tuple of CompiledRule
        The rules.
    """

    states: tuple[str, ...]
    labels: tuple[str, ...]
    groups: tuple[str, ...]
    weight: Array
    group: NDArray[np.intp]
    start: Array
    step: Array
    gap: Array
    display: tuple[Array, ...]
    profile: tuple[str, ...]
    emission: Array
    looks: int
    lessons: int
    days: int
    years: int
    rules: tuple[CompiledRule, ...]

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
        return np.stack([_adding_to_one(d @ rows[p]) for d, p in zip(self.display, self.profile, strict=True)], axis=1)


def compile_chain(deployment: Deployment, profiles: Mapping[str, Profile]) -> Chain:
    """Compile a deployment.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    profiles : mapping of str to Profile
        Its profiles, resolved (`misread.deployment.profiles`).

    Returns
    -------
    Chain

    Raises
    ------
    MisreadError
        If a rule's automaton would be too large.
    """
    population, calendar = deployment.population, deployment.calendar
    looks = looks_per_lesson(deployment)
    interval = Fraction(str(deployment.camera.observe_every_seconds)) / 60
    rest = Fraction(str(calendar.lesson_minutes)) - (looks - 1) * interval + Fraction(str(calendar.break_minutes))
    Q = generator(deployment.pupil)
    groups = population.groups
    shares = np.array([g.share for g in groups])
    profile = tuple(_profile_of(g.name, g.profile, profiles) for g in groups)
    display = tuple(
        _display(deployment.display[g.display], deployment.pupil.states, profiles[p].expressions)
        for g, p in zip(groups, profile, strict=True)
    )
    emission = np.stack([_adding_to_one(d @ profiles[p].p) for d, p in zip(display, profile, strict=True)])
    strata = len(groups)

    def shared(table: Array) -> Array:
        # The pupil's own process is the same in every stratum: one table, seen by all.
        return np.broadcast_to(table, (strata, *table.shape))

    return Chain(
        states=deployment.pupil.states,
        labels=deployment.classifier.labels,
        groups=tuple(g.name for g in groups),
        weight=shares / shares.sum(),
        group=np.arange(strata),
        start=shared(stationary(Q)),
        step=shared(expm(Q * float(interval))),
        gap=shared(expm(Q * float(rest))),
        display=display,
        profile=profile,
        emission=emission,
        looks=looks,
        lessons=calendar.lessons_per_day,
        days=calendar.days_per_year,
        years=population.school_years,
        rules=tuple(_rule(r, deployment, looks) for r in deployment.rules),
    )


def generator(pupil: Pupil) -> Array:
    """Rates Q of the pupil's chain, per minute: 1/mean out of each state, split by `next`.

    Returns
    -------
    ndarray, shape (states, states)
        Rows add to 0.
    """
    index = {s: i for i, s in enumerate(pupil.states)}
    Q = np.zeros((len(index), len(index)))
    for state, row in pupil.next.items():
        total = sum(row.values())
        for other, p in row.items():
            Q[index[state], index[other]] = p / total / pupil.mean_minutes[state]
    np.fill_diagonal(Q, -Q.sum(axis=1))
    return Q


def stationary(Q: Array) -> Array:
    """The law that Q leaves alone, without subtractions (Grassmann, Taksar & Heyman 1985).

    Parameters
    ----------
    Q : ndarray, shape (states, states)
        Rates of an irreducible chain.

    Returns
    -------
    ndarray, shape (states,)
        Adds to 1; small entries keep their relative accuracy.
    """
    rates = Q - np.diag(np.diag(Q))
    m = len(rates)
    for k in range(m - 1, 0, -1):
        rates[:k, k] /= rates[k, :k].sum()
        rates[:k, :k] += np.outer(rates[:k, k], rates[k, :k])
    law = np.ones(m)
    for k in range(1, m):
        law[k] = law[:k] @ rates[:k, k]
    return law / law.sum()


def _rule(rule: Rule, deployment: Deployment, looks: int) -> CompiledRule:
    flag = parse_flag(rule.flag)
    truth = 1
    if isinstance(flag, ShareOver):
        truth = int(flag.share * looks)
    elif isinstance(flag, KOfLast) and rule.true_if == "in_window":
        truth = min(flag.n, looks)
    return CompiledRule(
        name=rule.name,
        automaton=automaton(rule, looks),
        hit=np.isin(deployment.classifier.labels, rule.labels),
        claimed=np.isin(deployment.pupil.states, rule.claims),
        truth=truth,
        notify=rule.notify,
        marks=tuple(m for m in deployment.file.marks if m.rule == rule.name),
    )


def _profile_of(group: str, profile: str | None, profiles: Mapping[str, Profile]) -> str:
    return profile or (group if group in profiles else next(iter(profiles)))


def _display(rows: Mapping[str, Mapping[str, float]], states: tuple[str, ...], expressions: tuple[str, ...]) -> Array:
    return _adding_to_one(np.array([[rows[s].get(x, 0.0) for x in expressions] for s in states]))


def _adding_to_one(rows: Array) -> Array:
    return rows / rows.sum(axis=-1, keepdims=True)
