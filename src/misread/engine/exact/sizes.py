"""What the exact engine takes, known and refused before memory is taken."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from misread.deployment.model import Deployment
from misread.deployment.origin import Path
from misread.deployment.profiles import displays_used
from misread.deployment.seats import views_of
from misread.engine.chain import CompiledRule
from misread.engine.exact.laws import widest
from misread.engine.exact.lesson import place
from misread.errors import MisreadError, Problem

LIMIT = 2**32
"""Bytes that a run may take at any one time."""
NUMBER = 8
"""Bytes of a number."""
COPIES = 5
"""Tables that stand side by side while a look is taken: after it, before it, and what is read on the way."""
ELSE = "the sampled engine has no such limit: --engine sampled."


def refuse_what_does_not_fit(deployment: Deployment, rules: Sequence[CompiledRule], draws: int) -> None:
    """Refuse tables of the exact engine that would take more memory than `LIMIT`.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    rules : sequence of CompiledRule
        Its rules on one pupil's looks.
    draws : int
        Draws of the profiles.

    Raises
    ------
    MisreadError
        With the size of each table that would not fit.
    """
    if problems := tuple(_too_large(deployment, rules, draws)):
        raise MisreadError(problems)


@dataclass(frozen=True, slots=True)
class Size:
    """How many of what a deployment's tables have.

    Attributes
    ----------
    strata, epochs, levels, situations, cells : int
        Kinds of pupils times kinds of seats; ages in force; levels of hiding faces; kinds of lessons; states, or
        states and faces that last.
    """

    strata: int
    epochs: int
    levels: int
    situations: int
    cells: int

    @classmethod
    def of(cls, d: Deployment) -> Size:
        """The size of a deployment."""
        kinds = len(d.population.groups) * math.prod(t.levels for t in d.traits)
        years = d.population.school_years
        shown = {x for name in displays_used(d) for row in d.display[name].values() for x, p in row.items() if p > 0}
        return cls(
            strata=kinds * max(len(views_of(d)), 1),
            epochs=len(
                {max((a.from_year for a in d.ages if a.from_year <= y), default=0) for y in range(1, years + 1)}
            ),
            levels=d.feedback.saturates_at + 1 if d.feedback else 1,
            situations=max(len(d.situations), 1),
            cells=len(d.pupil.states) * (len(shown) if d.face else 1),
        )

    @property
    def cases(self) -> int:
        """Days of different law."""
        return self.strata * self.epochs * self.levels


def _too_large(deployment: Deployment, rules: Sequence[CompiledRule], draws: int) -> Iterator[Problem]:
    origin, calendar, size = deployment.origin, deployment.calendar, Size.of(deployment)
    labels, lessons, days = len(deployment.classifier.labels), calendar.lessons_per_day, calendar.days_per_year
    for what, where, needed, mend in (
        (
            f"{(1 + draws) * size.strata:,} tables of {size.cells:,} by {labels:,} numbers, one a draw, kind of pupil "
            "and view,",
            "groups",
            2 * NUMBER * (1 + draws) * size.strata * size.epochs * size.situations * size.cells * labels,
            "ask for fewer draws, or put groups together.",
        ),
        (
            f"Transitions between {size.cells:,} cells for {size.strata:,} kinds of pupils on their seats",
            "groups",
            3 * NUMBER * size.strata * size.epochs * size.situations * size.cells**2,
            f"use fewer traits, levels or views; {ELSE}",
        ),
        (
            f"The chances of a hit at {size.levels:,} levels of hiding faces",
            "groups",
            6 * NUMBER * (1 + draws) * size.cases * size.situations * size.cells,
            "ask for fewer draws, or let feedback saturate earlier.",
        ),
        (
            f"The chain over {size.levels:,} levels of hiding faces",
            "groups",
            4 * NUMBER * (1 + draws) * size.cases * size.levels if size.levels > 1 else 0,
            "ask for fewer draws, or let feedback saturate earlier.",
        ),
    ):
        if needed > LIMIT:
            yield origin.problem(("population", where), f"{what} need {_gib(needed)}.", _at_most(), mend)
    compiled = {r.name: r for r in rules}
    for at, own in origin.entries(("rules",), deployment.rules):
        if (rule := compiled.get(own.name)) is not None:
            yield from _rule_too_large(deployment, (*at, "flag"), rule, draws, size)
            for mark in rule.marks:
                if (needed := mark_bytes(rule, size.cells, lessons, days, mark.flags)) > LIMIT:
                    where_ = next(at for at, m in origin.entries(("file", "marks"), deployment.file.marks) if m == mark)
                    yield origin.problem(
                        (*where_, "flags"),
                        f"The tables of mark {mark.name!r} for a year of one kind of pupil need {_gib(needed)}.",
                        _at_most(),
                        f"ask for fewer flags; {ELSE}",
                    )


def _rule_too_large(deployment: Deployment, at: Path, rule: CompiledRule, draws: int, size: Size) -> Iterator[Problem]:
    calendar = deployment.calendar
    counts = calendar.lessons_per_day * rule.most_false + 1
    days = calendar.days_per_year * deployment.population.school_years
    for what, needed, mend in (
        (
            "one lesson and day of one kind of pupil",
            COPIES * size.situations * table_bytes(rule, size.cells, calendar.lessons_per_day),
            "shorten its window",
        ),
        (
            "its flags on a day, by draw, kind and view",
            2 * NUMBER * (1 + draws) * size.cases * counts,
            "ask for fewer draws",
        ),
        (
            "its flags in all years",
            3 * 2 * NUMBER * size.strata * widest(counts - 1, days, size.strata * size.epochs),
            "look less often",
        ),
    ):
        if needed > LIMIT:
            yield deployment.origin.problem(
                at,
                f"The tables of rule {rule.name!r} for {what} need {_gib(needed)}.",
                _at_most(),
                f"{mend}; {ELSE}",
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
