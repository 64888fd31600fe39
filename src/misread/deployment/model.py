"""The deployment file as pydantic models: names, types, ranges, defaults.

What spans several keys (rows that add to 1, names that must exist) is in `checks`; what a profile means
is in `profiles`. Every class is one table of the file.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

Word = Annotated[str, Field(min_length=1, max_length=200)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Duration = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1, le=10**9)]
Row = dict[Word, Weight]


class Table(BaseModel):
    """A table of the file: frozen, unknown keys refused, numbers never read from strings."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, populate_by_name=True)


class Group(Table):
    """A kind of pupil, by how the face shows states or how the classifier reads it."""

    name: Word
    share: Share
    display: Word = "default"
    profile: Word | None = None


class Population(Table):
    """Who is in front of the cameras."""

    schools: Count
    pupils_per_school: Count
    school_years: Annotated[int, Field(ge=1, le=15)]
    class_size: Count = 30
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    opt_out: Share = 0.0
    opt_out_rank: Literal["left out", "worst", "best"] = "left out"


class Calendar(Table):
    """When the cameras look."""

    days_per_year: Annotated[int, Field(ge=1, le=366)]
    lessons_per_day: Count
    lesson_minutes: Duration
    break_minutes: Weight


class Pupil(Table):
    """How a pupil moves between states: a continuous-time Markov chain."""

    states: Annotated[tuple[Word, ...], Field(min_length=2)]
    mean_minutes: dict[Word, Duration]
    next: dict[Word, Row]


class View(Table):
    """How well the camera sees some of the seats."""

    name: Word
    share: Share
    lost: Share = 0.0
    dilution: Share = 0.0


class Camera(Table):
    """How often the camera looks, and how the seats are seen."""

    observe_every_seconds: Duration
    views: tuple[View, ...] = ()


class InlineProfile(Table):
    """P(label | expression) written out row by row; every key but `faces_per_row` is an expression."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Row] = Field(init=False)

    faces_per_row: Count | None = None

    @property
    def rows(self) -> dict[str, Row]:
        """Expression → label → probability, as written."""
        return self.__pydantic_extra__ or {}


class ProfileFrom(Table):
    """P(label | expression) from the evidence catalogue, from an audit, or from a vendor's claim."""

    source: Annotated[Word, Field(alias="from", pattern=r"^(claim|evidence:.+|audit:.+)$")]
    accuracy: Share | None = None
    expressions: dict[Word, Word | Annotated[tuple[Word, ...], Field(min_length=1)]] = {}
    labels: dict[Word, Word] = {}
    drop: tuple[Word, ...] = ()
    diagonal: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    loss_to: Word | None = None
    units: Count | None = None
    faces_per_row: Count | None = None
    rows: dict[Word, Row] = {}
    """Rows the matrix does not have, written out (an addition to deployment.md)."""


def _profile_kind(value: Any) -> str:
    if isinstance(value, BaseModel):
        return "inline" if isinstance(value, InlineProfile) else "from"
    return "from" if isinstance(value, dict) and isinstance(value.get("from"), str) else "inline"


ProfileSpec = Annotated[
    Annotated[InlineProfile, Tag("inline")] | Annotated[ProfileFrom, Tag("from")], Discriminator(_profile_kind)
]


class Classifier(Table):
    """The words the system can write down, and how it arrives at them."""

    labels: Annotated[tuple[Word, ...], Field(min_length=1)]
    confusion: Annotated[dict[Word, ProfileSpec], Field(min_length=1)]


class Rule(Table):
    """When labels become a flag, and which states that flag claims."""

    name: Word
    labels: Annotated[tuple[Word, ...], Field(min_length=1)]
    flag: Word
    after_flag: Literal["clear", "mute lesson", "keep"] = "clear"
    claims: Annotated[tuple[Word, ...], Field(min_length=1)]
    true_if: Literal["in_window", "at_flag"] = "in_window"
    notify: tuple[Literal["teacher", "parent", "counsellor"], ...] = ("teacher",)


class Mark(Table):
    """A lasting word the file earns."""

    name: Word
    rule: Word
    flags: Count
    within: Literal["year", "rolling year"] = "year"


class File(Table):
    """What the system keeps about a pupil, and for how long."""

    keep_days: Literal["forever"] | Count = "forever"
    marks: tuple[Mark, ...] = ()


class Face(Table):
    """Expressions that last instead of being redrawn at each look."""

    hold_minutes: Duration


class DisplayTrait(Table):
    """How easily one pupil's face shows an expression."""

    name: Word
    acts_on: Literal["display"]
    expression: Word
    sd: Weight
    levels: Annotated[int, Field(ge=1, le=64)] = 7


class LabelTrait(Table):
    """How easily one pupil's face is read as a label."""

    name: Word
    acts_on: Literal["label"]
    label: Word
    sd: Weight
    levels: Annotated[int, Field(ge=1, le=64)] = 7


class StateTrait(Table):
    """How long one pupil stays in a state."""

    name: Word
    acts_on: Literal["state"]
    state: Word
    sd: Weight
    levels: Annotated[int, Field(ge=1, le=64)] = 7


Trait = Annotated[DisplayTrait | LabelTrait | StateTrait, Field(discriminator="acts_on")]


class Situation(Table):
    """A kind of lesson."""

    name: Word
    share: Share
    mean_minutes: dict[Word, Duration] = {}
    display: Word | None = None


class Age(Table):
    """What changes from a school year on."""

    from_year: Annotated[int, Field(ge=1)]
    mean_minutes: dict[Word, Duration] = {}
    display: Word | None = None
    profile: Word | None = None


class Feedback(Table):
    """The chilling effect: children who were flagged hide their faces."""

    expression: Word
    max: Share
    strength: Weight
    saturates_at: Count


class Decision(Table):
    """A use made of the file later."""

    name: Word
    rule: Word | None = None
    mark: Word | None = None
    by: str = ""
    choose: Literal["fewest", "most"]
    share: Share
    after_year: Annotated[int, Field(ge=1)]


class Deployment(Table):
    """A whole deployment: the file, defaults filled in."""

    title: str = ""
    population: Population
    calendar: Calendar
    pupil: Pupil
    display: Annotated[dict[Word, dict[Word, Row]], Field(min_length=1)]
    camera: Camera
    classifier: Classifier
    rules: tuple[Rule, ...] = ()
    file: File = File()
    face: Face | None = None
    traits: tuple[Trait, ...] = ()
    situations: tuple[Situation, ...] = ()
    ages: tuple[Age, ...] = ()
    feedback: Feedback | None = None
    decisions: tuple[Decision, ...] = ()
