"""When words become a flag, and flags a mark."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from misread.deployment.model.table import Table
from misread.deployment.model.values import (
    Count,
    Says,
    SomeWords,
    Word,
)


class Rule(Table):
    """When labels become a flag, and which states that flag claims."""

    name: Annotated[Word, Field(description="The rule's name, as findings call it.")]
    labels: Annotated[SomeWords, Field(description="Labels that are a hit.")]
    flag: Annotated[
        Word, Field(description='"3 of last 6", "run of 4", "share over 0.3" or "top 3 of class".'),
        Says('such as "3 of last 6", "run of 4", "share over 0.3" or "top 3 of class"'),
    ]  # fmt: skip
    after_flag: Annotated[
        Literal["clear", "mute lesson", "keep"], Field(description="What a flag does to the hits so far.")
    ] = "clear"
    claims: Annotated[SomeWords, Field(description="States in which the flag says the pupil is.")]
    true_if: Annotated[
        Literal["in_window", "at_flag"], Field(description="When the pupil must be in a claimed state.")
    ] = "in_window"
    may_claim: Annotated[
        SomeWords | None,
        Field(description="States that one may say the flag claims as well; `misread stress` tries with and without."),
        Says('a list of states, such as ["confused"]'),
    ] = None
    notify: Annotated[
        tuple[Literal["teacher", "parent", "counsellor"], ...],
        Field(strict=False, description="Who is told; [] for nobody."),
        Says('a list of "teacher", "parent" and "counsellor", or []'),
    ] = ("teacher",)


class Mark(Table):
    """A lasting word the file earns."""

    name: Annotated[Word, Field(description="The word.")]
    rule: Annotated[Word, Field(description="Rule whose flags earn it.")]
    flags: Annotated[Count, Field(description="Flags that earn it.")]
    within: Annotated[
        Literal["year", "rolling year"],
        Field(description="Within a school year, or the last days_per_year days."),
    ] = "year"


class File(Table):
    """What the system keeps about a pupil, and for how long."""

    keep_days: Annotated[
        Literal["forever"] | Count, Field(description='School days a flag is kept, or "forever".'),
        Says('"forever", or a whole number of school days from 1 up'),
    ] = "forever"  # fmt: skip
    marks: Annotated[
        tuple[Mark, ...], Field(strict=False, description="Lasting words."), Says("[[file.marks]] tables")
    ] = ()
