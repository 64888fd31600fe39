"""What counts flags over the years where flags hide faces, and would take too much: that is left to samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from misread.deployment.model import Deployment, Mark
from misread.deployment.seats import views_of
from misread.engine.chain import CompiledRule
from misread.engine.exact.hiding.product import most_told, read_with
from misread.engine.exact.lesson import place
from misread.engine.exact.marks import of_a_year
from misread.engine.exact.sizes import LIMIT, NUMBER, Size

LONG = 4e9
"""Most additions that a mark may take, if all school years are followed day by day: some seconds."""


def beyond(deployment: Deployment, rules: Sequence[CompiledRule]) -> Iterator[tuple[CompiledRule, Mark | None]]:
    """What is left to samples, though it concerns one pupil's looks alone.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment whose flags hide faces.
    rules : sequence of CompiledRule
        Its rules on one pupil's looks.

    Yields
    ------
    tuple of CompiledRule and (Mark or None)
        A rule and a mark of it; None where it is the quantiles of the rule's false flags.
    """
    size, calendar = Size.of(deployment), deployment.calendar
    lessons, years = calendar.lessons_per_day, deployment.population.school_years
    days = calendar.days_per_year * years
    seats = max(len(views_of(deployment)), 1)
    for rule in rules:
        told = most_told(read_with(rules, rule))
        false = rule.most_false * lessons
        # Roots of unity at which steps from level to level stand side by side, for a kind or two of pupils.
        roots = (size.levels + false if rule.notify else false * days) // 2 + 1
        at_roots = 4 * 2 * NUMBER * seats * roots * size.levels**2
        if _bytes(size, told, rule.most_false + 1, false + 1) + at_roots > LIMIT:
            yield rule, None
        for mark in of_a_year(rule, years):
            a_lesson, a_day, in_all = (
                place(0, min(most, mark.flags)) + 1 for most in (rule.most_flags, rule.most_flags * lessons, mark.flags)
            )
            if _bytes(size, told, a_lesson, a_day) > LIMIT or in_all * a_day * size.strata * days > LONG:
                yield rule, mark


def _bytes(size: Size, told: int, a_lesson: int, a_day: int) -> int:
    """Bytes of the laws of a lesson and a day that stand side by side, given how many things are kept of either."""
    cases = NUMBER * size.cases
    return cases * (3 * size.cells**2 * (told + 1) * a_lesson + 3 * size.levels * a_day)
