"""The coarsest step that is exact for what a deployment couples."""

from __future__ import annotations

from typing import NamedTuple

from misread.deployment import Deployment
from misread.deployment.model.flags import TopOfClass, parse_flag
from misread.errors import MisreadError, Problem

STEPS = ("tick", "day", "year")
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
    for rule in deployment.rules:
        if isinstance(parse_flag(rule.flag), TopOfClass):
            return Coarsest("tick", f"the rule {rule.name!r} ranks a class when a lesson ends")
    for decision in deployment.decisions:
        why = f"the decision {decision.name!r} holds the deployed system against the perfect reader on one path"
        return Coarsest("tick", why)
    if deployment.feedback is not None:
        for rule in deployment.rules:
            if rule.notify and len(deployment.rules) > 1:
                return Coarsest("tick", f"flags of the rule {rule.name!r} hide faces from the other rules")
            if rule.notify:
                return Coarsest("day", f"flags of the rule {rule.name!r} hide faces from the next day on")
    if deployment.population.school_years > 1:
        for mark in deployment.file.marks:
            if mark.within != "year":
                return Coarsest("day", f"the mark {mark.name!r} counts over a year that rolls from day to day")
    return Coarsest("year", "nothing joins pupils, rules or days")


def refuse_too_coarse(deployment: Deployment, step: str) -> None:
    """Refuse a step that is not exact for what a deployment couples.

    Raises
    ------
    MisreadError
        With the reason; also if there is no such step.
    """
    if step not in STEPS:
        raise MisreadError(f"The step is {step!r}. Expected: {', '.join(STEPS[:-1])} or {STEPS[-1]}.")
    best, why = coarsest(deployment)
    if STEPS.index(step) > STEPS.index(best):
        finer = " or ".join(STEPS[: STEPS.index(best) + 1])
        raise MisreadError(
            Problem(
                f"Drawing a {step} at a time would not be exact: {why}.",
                expected=f"{finer}.",
                mend=f"take --step {best}, or leave --step out.",
                file=f"--step {step}",
            )
        )
