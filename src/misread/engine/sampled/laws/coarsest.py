"""The coarsest step that is exact for what a deployment couples."""

from __future__ import annotations

from typing import NamedTuple

from misread.deployment import Deployment, resolve_profiles
from misread.deployment.model.flags import TopOfClass, parse_flag
from misread.engine.chain import compile_chain
from misread.engine.sampled.laws.tables import too_large
from misread.errors import MisreadError, Problem

STEPS = ("tick", "lesson", "day", "year")
"""What can be drawn at a time, the finest first."""


class Coarsest(NamedTuple):
    """A step, and why no coarser one is exact.

    Attributes
    ----------
    step : str
        One of `STEPS`.
    why : str
        A clause without a full stop.
    """

    step: str
    why: str


def coarsest(deployment: Deployment) -> Coarsest:
    """The coarsest step that is exact for what a deployment couples.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    """
    for decision in deployment.decisions:
        why = f"the decision {decision.name!r} holds the deployed system against the perfect reader on one path"
        return Coarsest("tick", why)
    hiding = [rule for rule in deployment.rules if rule.notify] if deployment.feedback is not None else []
    if hiding and len(deployment.rules) > 1:
        return Coarsest("tick", f"flags of the rule {hiding[0].name!r} hide faces from the other rules")
    for rule in deployment.rules:
        if isinstance(parse_flag(rule.flag), TopOfClass):
            return Coarsest("lesson", f"the rule {rule.name!r} ranks a class when a lesson ends")
    for rule in hiding:
        return Coarsest("day", f"flags of the rule {rule.name!r} hide faces from the next day on")
    if deployment.population.school_years > 1:
        for mark in deployment.file.marks:
            if mark.within != "year":
                return Coarsest("day", f"the mark {mark.name!r} counts over a year that rolls from day to day")
    return Coarsest("year", "nothing joins pupils, rules or days")


def by_default(deployment: Deployment) -> Coarsest:
    """The step that is drawn where none is asked for: the coarsest that is exact and whose laws can be made.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    """
    best = coarsest(deployment)
    if best.step != "tick" and any(too_large(compile_chain(deployment, resolve_profiles(deployment)), deployment)):
        return Coarsest("tick", f"the law of a lesson would be too large to draw a {best.step} at a time")
    return best


def refuse_too_coarse(deployment: Deployment, step: str) -> None:
    """Refuse a step that is not exact for what a deployment couples.

    Raises
    ------
    MisreadError
        With the reason; also if there is no such step.
    """
    if step not in STEPS:
        raise MisreadError(
            Problem(
                f"The step is {step!r}.",
                expected=f"{_or(STEPS)}.",
                mend="name one of these, or leave --step out.",
                file="--step",
            )
        )
    best, why = coarsest(deployment)
    if STEPS.index(step) > STEPS.index(best):
        raise MisreadError(
            Problem(
                f"Drawing a {step} at a time would not be exact: {why}.",
                expected=f"{_or(STEPS[: STEPS.index(best) + 1])}.",
                mend=f"take --step {best}, or leave --step out.",
                file=f"--step {step}",
            )
        )


def _or(words: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
