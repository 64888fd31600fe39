"""What both engines run: the deployment compiled to tables, strata along the first axis.

`compile_chain` is pure. A stratum is a kind of pupil whose tables are all the same; for now that is a
group.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Deployment, Mark, Pupil, Rule
from misread.deployment.model.flags import KOfLast, ShareOver, parse_flag
from misread.deployment.model.timing import looks_per_lesson
from misread.deployment.profiles import profile_of
from misread.engine.rules import FALSE_FLAG, TRUE_FLAG, Automaton, automaton, obstacle
from misread.engine.sizes import refuse_too_many_looks
from misread.errors import MisreadError
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
        If a day has too many looks, or a rule's automaton would be too large.
    """
    rules = compile_rules(deployment)
    population, calendar = deployment.population, deployment.calendar
    looks = looks_per_lesson(deployment)
    interval = Fraction(str(deployment.camera.observe_every_seconds)) / 60
    rest = Fraction(str(calendar.lesson_minutes)) - (looks - 1) * interval + Fraction(str(calendar.break_minutes))
    Q = generator(deployment.pupil)
    groups = population.groups
    shares = np.array([g.share for g in groups])
    # Every group of a valid deployment has a profile.
    profile = tuple(str(profile_of(deployment, g)) for g in groups)
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
        step=shared(transition(Q, float(interval))),
        gap=shared(transition(Q, float(rest))),
        display=display,
        profile=profile,
        emission=emission,
        looks=looks,
        lessons=calendar.lessons_per_day,
        days=calendar.days_per_year,
        years=population.school_years,
        rules=rules,
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
    return np.asarray(law / law.sum())


def transition(Q: Array, minutes: float) -> Array:
    """The matrix exponential of Q·minutes, rare transitions to full relative accuracy too.

    Uniformisation (Jensen 1953): the exponential of Q plus a multiple of the unit matrix, which has no negative
    entry, is a sum of non-negative terms. It is taken for a time so short that few terms count, and squared up.

    Parameters
    ----------
    Q : ndarray, shape (states, states)
        Rates per minute; rows add to 0.
    minutes : float
        How long.

    Returns
    -------
    ndarray, shape (states, states)
        Rows add to 1.
    """
    fastest = float(-Q.diagonal().min()) * minutes
    squarings = max(0, math.ceil(math.log2(fastest))) if fastest > 0 else 0
    rate = fastest / 2**squarings
    jump = Q * (minutes / 2**squarings)
    np.fill_diagonal(jump, np.maximum(jump.diagonal() + rate, 0))
    total = np.eye(len(Q))
    term, k = total, 0
    # An entry reached for the first time is all term, so that no entry is given up before it is reached.
    while (term > np.finfo(float).eps / 4 * total).any():
        k += 1
        term = term @ jump / k
        total = total + term
    total = _adding_to_one(total)
    for _ in range(squarings):
        total = _adding_to_one(total @ total)
    return total


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
    return _adding_to_one(np.array([[rows[s].get(x, 0.0) for x in expressions] for s in states]))


def _adding_to_one(rows: Array) -> Array:
    return np.asarray(rows / rows.sum(axis=-1, keepdims=True))
