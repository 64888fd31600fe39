"""What a run takes, known and refused before memory is taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from misread.deployment.model import Deployment
from misread.deployment.model.timing import looks_per_lesson
from misread.deployment.seats import views_of
from misread.engine.laws import widest
from misread.engine.lesson import place
from misread.errors import MisreadError, Problem

if TYPE_CHECKING:
    from misread.engine.chain import CompiledRule

LIMIT = 2**32
"""Bytes that a run may take at any one time."""
MOST_LOOKS = 100_000
"""Looks a day: one a second, day and night, are 86,400."""
NUMBER = 8
"""Bytes of a number."""
COPIES = 5
"""Tables that stand side by side while a look is taken: after it, before it, and what is read on the way."""
ELSE = "the sampled engine has no such limit, but is not in this version."


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
                f"look less often; {ELSE}",
            )
        )


def refuse_what_does_not_fit(deployment: Deployment, rules: Sequence[CompiledRule], draws: int) -> None:
    """Refuse tables that would take more memory than `LIMIT`.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    rules : sequence of CompiledRule
        Its rules.
    draws : int
        Draws of the profiles.

    Raises
    ------
    MisreadError
        With the size of each table that would not fit.
    """
    if problems := tuple(_too_large(deployment, rules, draws)):
        raise MisreadError(problems)


def _too_large(deployment: Deployment, rules: Sequence[CompiledRule], draws: int) -> Iterator[Problem]:
    origin, calendar = deployment.origin, deployment.calendar
    states, labels = len(deployment.pupil.states), len(deployment.classifier.labels)
    strata = len(deployment.population.groups) * max(len(views_of(deployment)), 1)
    lessons, days = calendar.lessons_per_day, calendar.days_per_year
    rows = (1 + draws) * strata
    if (size := 2 * NUMBER * rows * states * labels) > LIMIT:
        yield origin.problem(
            ("population", "groups"),
            f"{rows:,} tables of {states:,} by {labels:,} numbers, one a draw, group and view, need {_gib(size)}.",
            _at_most(),
            "ask for fewer draws, or put groups together.",
        )
    for (at, _), rule in zip(origin.entries(("rules",), deployment.rules), rules, strict=True):
        counts = lessons * rule.most_false + 1
        by_draw = 2 * NUMBER * rows * counts
        in_all = 3 * 2 * NUMBER * strata * widest(counts - 1, days * deployment.population.school_years, strata)
        for what, size, mend in (
            (
                "one lesson and day of one kind of pupil",
                COPIES * table_bytes(rule, states, lessons),
                "shorten its window",
            ),
            ("its flags on a day, by draw, group and view", by_draw, "ask for fewer draws"),
            ("its flags in all years", in_all, "look less often"),
        ):
            if size > LIMIT:
                yield origin.problem(
                    (*at, "flag"),
                    f"The tables of rule {rule.name!r} for {what} need {_gib(size)}.",
                    _at_most(),
                    f"{mend}; {ELSE}",
                )
        for mark in rule.marks:
            if (size := mark_bytes(rule, states, lessons, days, mark.flags)) > LIMIT:
                where = next(at for at, m in origin.entries(("file", "marks"), deployment.file.marks) if m == mark)
                yield origin.problem(
                    (*where, "flags"),
                    f"The tables of mark {mark.name!r} for a year of one kind of pupil need {_gib(size)}.",
                    _at_most(),
                    f"ask for fewer flags; {ELSE}",
                )


def table_bytes(rule: CompiledRule, states: int, lessons: int) -> int:
    """Bytes of the largest table of a lesson or a day that one stratum takes."""
    lesson = [states * (rule.most_false + 2)]
    lesson += [states * (place(0, min(rule.most_flags, m.flags)) + 1) for m in rule.marks]
    return NUMBER * states * max(rule.automaton.size * max(lesson), lessons * rule.most_false + 1)


def mark_bytes(rule: CompiledRule, states: int, lessons: int, days: int, flags: int) -> int:
    """Bytes that a mark takes for one stratum: counts of a day by state, and series of a year or their transforms."""
    if flags > rule.most_flags * lessons * days:
        return 0
    day = min(rule.most_flags * lessons, flags) + 1
    return NUMBER * (3 * states * day**2 + 4 * 4 * (flags + 1) ** 2)


def _gib(size: int) -> str:
    return f"{size / 2**30:,.1f} GiB"


def _at_most() -> str:
    return f"at most {_gib(LIMIT)} at a time."
