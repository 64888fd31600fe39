"""Checks of stated ranges: a deployment must be valid at their ends too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from misread.deployment import ranges
from misread.deployment.checks import problems_of
from misread.deployment.model import Deployment
from misread.deployment.origin import Path, named_path
from misread.deployment.text.schema import said
from misread.errors import Problem


def problems_of_ranges(deployment: Deployment) -> Iterator[Problem]:
    """What is wrong at the ends of the ranges, and nowhere else.

    All lower ends, and all upper ones, are tried together; where that fails, each by itself, so that the message
    names the range that goes too far.
    """
    together = [
        problem
        for end in ("low", "high")
        for problem in _at(deployment, {(*r.path, end): getattr(r, end) for r in deployment.ranges})
    ]
    if not together:
        return
    alone = [
        problem
        for r in deployment.ranges
        for end in ("low", "high")
        for problem in _at(deployment, {(*r.path, end): getattr(r, end)})
    ]
    yield from alone or together


def _at(deployment: Deployment, ends: Mapping[Path, float]) -> Iterator[Problem]:
    other = ranges.at(deployment, {path[:-1]: value for path, value in ends.items()})
    where = next(iter(ends), ())
    at = f"At its end {ends[where]:g}" if len(ends) == 1 else "With all ranges at such ends"
    try:
        # The types and bounds of single keys: `ranges.at` checks nothing.
        Deployment.model_validate(other.model_dump(by_alias=True, exclude_unset=True, warnings=False))
    except ValidationError as error:
        path = named_path(deployment.origin.data, list(error.errors(include_url=False)[0]["loc"]))
        expected, _ = said(where[:-1] if len(ends) == 1 else path)
        what = f"{at} the key is not what it can be."
        yield deployment.origin.problem(where, what, f"{expected}.", "narrow the range.")
        return
    for problem in problems_of(other):
        what = f"{at} the deployment is not valid: {problem.what}"
        yield deployment.origin.problem(where, what, problem.expected, "narrow the range.")
