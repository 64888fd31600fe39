"""Tables that a deployment may have: faces that last, traits, situations, ages, feedback, decisions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from misread.deployment.model.table import Table
from misread.deployment.model.values import (
    Count,
    Duration,
    Factor,
    Levels,
    Line,
    Says,
    Share,
    Spread,
    Weight,
    Word,
    Year,
)


class Face(Table):
    """Expressions that last instead of being redrawn at each look."""

    hold_minutes: Annotated[Duration, Field(description="How long an expression lasts on average.")]


class DisplayTrait(Table):
    """How easily one pupil's face shows an expression."""

    name: Annotated[Word, Field(description="The trait's name.")]
    acts_on: Literal["display"]
    expression: Annotated[Word, Field(description="Its weight is multiplied by exp(sd·u) wherever it is shown.")]
    sd: Annotated[Spread, Field(description="Spread between pupils, on the log scale.")]
    levels: Annotated[Levels, Field(description="Gauss–Hermite nodes.")] = 7


class LabelTrait(Table):
    """How easily one pupil's face is read as a label."""

    name: Annotated[Word, Field(description="The trait's name.")]
    acts_on: Literal["label"]
    label: Annotated[Word, Field(description="Its weight is multiplied by exp(sd·u) in every row.")]
    sd: Annotated[Spread, Field(description="Spread between pupils, on the log scale.")]
    levels: Annotated[Levels, Field(description="Gauss–Hermite nodes.")] = 7


class StateTrait(Table):
    """How long one pupil stays in a state."""

    name: Annotated[Word, Field(description="The trait's name.")]
    acts_on: Literal["state"]
    state: Annotated[Word, Field(description="Its mean minutes are multiplied by exp(sd·u).")]
    sd: Annotated[Spread, Field(description="Spread between pupils, on the log scale.")]
    levels: Annotated[Levels, Field(description="Gauss–Hermite nodes.")] = 7


Trait = Annotated[DisplayTrait | LabelTrait | StateTrait, Field(discriminator="acts_on")]
Factors = Annotated[dict[Word, Factor], Says("a table such as { anxious = 3.0 }")]
Name = Annotated[Word | None, Says("a name, in quotes")]


class Situation(Table):
    """A kind of lesson."""

    name: Annotated[Word, Field(description="The situation's name.")]
    share: Annotated[Share, Field(description="Share of the lessons; the situations' shares add to 1.")]
    mean_minutes: Annotated[Factors, Field(description="State → multiplier of its mean minutes.")] = {}
    display: Annotated[Name, Field(description="Display in such lessons, instead of the group's.")] = None


class Age(Table):
    """What changes from a school year on, until the next entry."""

    from_year: Annotated[Year, Field(description="First school year it applies to.")]
    mean_minutes: Annotated[Factors, Field(description="State → multiplier of its mean minutes.")] = {}
    display: Annotated[Name, Field(description="Display from then on, instead of the group's.")] = None
    profile: Annotated[Name, Field(description="Profile from then on, instead of the group's.")] = None


class Feedback(Table):
    """The chilling effect: children who were flagged hide their faces."""

    expression: Annotated[Word, Field(description="What hidden faces show.")]
    max: Annotated[Share, Field(description="How far faces are hidden in the end.")]
    strength: Annotated[Weight, Field(description="How fast, per flag.")]
    saturates_at: Annotated[Count, Field(description="Flags that count no further.")]


class Decision(Table):
    """A use made of the file later."""

    name: Annotated[Word, Field(description="The decision's name.")]
    rule: Annotated[Name, Field(description="Rule whose flags are counted.")] = None
    mark: Annotated[Name, Field(description="Mark that counts as one flag, instead of a rule.")] = None
    by: Annotated[Line, Field(description="Who decides; words only.")] = ""
    choose: Annotated[Literal["fewest", "most"], Field(description="Whom the decision chooses.")]
    share: Annotated[Share, Field(description="Share of the ranked pupils that is chosen.")]
    after_year: Annotated[Year, Field(description="School year at whose end it is taken.")]
