"""Who is there, when, and what can be true of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from misread.deployment.model.table import Table
from misread.deployment.model.values import (
    Count,
    Duration,
    Row,
    Says,
    Share,
    Word,
)


class Group(Table):
    """A kind of pupil, by how the face shows states or how the classifier reads it."""

    name: Annotated[Word, Field(description="The group's name, as findings call it.")]
    share: Annotated[Share, Field(description="Share of the pupils; the groups' shares add to 1.")]
    display: Annotated[Word, Field(description="Which [display.…] its faces follow.")] = "default"
    profile: Annotated[
        Word | None,
        Field(description="Which profile reads its faces; if left out, its name or the only one."),
        Says("the name of a profile, in quotes"),
    ] = None


class Population(Table):
    """Who is in front of the cameras: one cohort, in classes that stay together."""

    schools: Annotated[Count, Field(description="Schools with cameras.")]
    pupils_per_school: Annotated[Count, Field(description="Pupils of the cohort in each school.")]
    school_years: Annotated[
        int, Field(ge=1, le=15, description="Years from the first to the last day of school."),
        Says("a whole number from 1 to 15"),
    ]  # fmt: skip
    class_size: Annotated[Count, Field(description="Pupils in a class; a school's last class may be smaller.")] = 30
    groups: Annotated[
        tuple[Group, ...], Field(strict=False, min_length=1, description="Kinds of pupils."),
        Says("at least one group, such as { name = \"all alike\", share = 1 }"),
    ]  # fmt: skip
    opt_out: Annotated[Share, Field(description="Share of pupils whom the cameras leave alone.")] = 0.0
    opt_out_rank: Annotated[
        Literal["left out", "worst", "best"], Field(description="Where decisions rank those left alone.")
    ] = "left out"


class Calendar(Table):
    """When the cameras look."""

    days_per_year: Annotated[
        int, Field(ge=1, le=366, description="School days a year."), Says("a whole number from 1 to 366")
    ]
    lessons_per_day: Annotated[Count, Field(description="Lessons a day.")]
    lesson_minutes: Annotated[Duration, Field(description="Length of a lesson in minutes.")]
    break_minutes: Annotated[
        float, Field(ge=0, le=1440, description="Minutes between lessons; 0 for none."),
        Says("a number of minutes from 0 to 1,440"),
    ]  # fmt: skip


class Pupil(Table):
    """How a pupil moves between states: a continuous-time Markov chain."""

    states: Annotated[
        tuple[Word, ...], Field(strict=False, min_length=2, description="What can be true of a pupil."),
        Says('a list of at least two states, such as ["engaged", "bored"]'),
    ]  # fmt: skip
    mean_minutes: Annotated[
        dict[Word, Duration], Field(description="State → how long it lasts on average, in minutes."),
        Says("a table with the minutes of every state"),
    ]  # fmt: skip
    next: Annotated[
        dict[Word, Row], Field(description="State → which state follows it: rows that add to 1."),
        Says("a table with a row for every state"),
    ]  # fmt: skip
