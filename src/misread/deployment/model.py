"""The deployment file as pydantic models: names, types, ranges, defaults.

What spans several keys (rows that add to 1, names that must exist) is in `checks`; what a profile means
is in `profiles`. Every class is one table of the file. The descriptions go into the JSON Schema, and
`Says` into the messages, so that editors and messages say the same.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, PrivateAttr, Tag

from misread.deployment.origin import Origin
from misread.deployment.values import (
    Count,
    Duration,
    Factor,
    Levels,
    Line,
    Row,
    Says,
    Share,
    SomeWords,
    Spread,
    Weight,
    Word,
    Words,
    Year,
    as_list,
)


class Table(BaseModel):
    """A table of the file: frozen, unknown keys refused, numbers never read from strings."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


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


class View(Table):
    """How well the camera sees some of the seats."""

    name: Annotated[Word, Field(description="Name of the seats.")]
    share: Annotated[Share, Field(description="Share of the seats; the views' shares add to 1.")]
    lost: Annotated[Share, Field(description='P(no usable face): the label "none".')] = 0.0
    dilution: Annotated[Share, Field(description="How far a row is drawn to the mean of all rows.")] = 0.0


class Camera(Table):
    """How often the camera looks, and how the seats are seen."""

    observe_every_seconds: Annotated[Duration, Field(description="Seconds from one look to the next.")]
    views: Annotated[
        tuple[View, ...],
        Field(strict=False, description="How the seats are seen."),
        Says("[[camera.views]] tables"),
    ] = ()


class InlineProfile(Table):
    """P(label | expression) written out: every key but `faces_per_row` is an expression with its row."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Row] = Field(init=False)

    faces_per_row: Annotated[
        Count | None, Field(description="Independent faces that each row rests on."),
        Says("a whole number from 1 to 1,000,000,000"),
    ] = None  # fmt: skip

    @property
    def rows(self) -> dict[str, Row]:
        """Expression → label → probability, as written."""
        return self.__pydantic_extra__ or {}


class ProfileFrom(Table):
    """P(label | expression) from the evidence catalogue, from an audit, or from a vendor's claim."""

    source: Annotated[
        Word,
        Field(
            alias="from",
            pattern=r"^(claim|evidence:.+|audit:.+)$",
            description="Where the profile comes from.",
        ),
        Says('"claim", "evidence:ID" or "audit:PATH"'),
    ]
    accuracy: Annotated[
        Share | None, Field(description='With "claim": how often the right label is written.'),
        Says("a number from 0 to 1"),
    ] = None  # fmt: skip
    expressions: Annotated[
        dict[
            Word,
            Annotated[
                SomeWords,
                BeforeValidator(as_list, json_schema_input_type=Word | SomeWords),
                Says("a row of the matrix, or a list of rows"),
            ],
        ],
        Field(description="The deployment's expression → the matrix's row, or rows to add."),
        Says('a table such as { frown = "anger" }'),
    ] = {}
    labels: Annotated[
        dict[Word, Word], Field(description="The matrix's column → the deployment's label."),
        Says('a table such as { anger = "angry" }'),
    ] = {}  # fmt: skip
    drop: Annotated[Words, Field(description="Columns left out; the row is divided by the rest.")] = ()
    diagonal: Annotated[
        float | None, Field(ge=0, le=1e9, description="The right label's share is multiplied by this."),
        Says("a number from 0 up"),
    ] = None  # fmt: skip
    loss_to: Annotated[
        Word | None,
        Field(description="Label that gets what the right label loses."),
        Says("a label, in quotes"),
    ] = None
    units: Annotated[
        Count | None, Field(description="Independent people or videos that the matrix rests on."),
        Says("a whole number from 1 to 1,000,000,000"),
    ] = None  # fmt: skip
    faces_per_row: Annotated[
        Count | None, Field(description="Independent faces that each row of `rows` rests on."),
        Says("a whole number from 1 to 1,000,000,000"),
    ] = None  # fmt: skip
    rows: Annotated[
        dict[Word, Row], Field(description="Rows for expressions that the source does not have."),
        Says("a table with a row for each expression"),
    ] = {}  # fmt: skip


def _profile_kind(value: Any) -> str:
    if isinstance(value, BaseModel):
        return "inline" if isinstance(value, InlineProfile) else "from"
    return "from" if isinstance(value, dict) and "from" in value else "inline"


ProfileSpec = Annotated[
    Annotated[InlineProfile, Tag("inline")] | Annotated[ProfileFrom, Tag("from")],
    Discriminator(_profile_kind),
]


class Classifier(Table):
    """The words the system can write down, and how it arrives at them."""

    labels: Annotated[SomeWords, Field(description='All labels; "none" where there is no usable face.')]
    confusion: Annotated[
        dict[Word, ProfileSpec], Field(min_length=1, description="Profiles: P(label | expression)."),
        Says("at least one profile"),
    ]  # fmt: skip


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


class Deployment(Table):
    """A whole deployment: the file, defaults filled in."""

    title: Annotated[Line, Field(description="What the report calls it.")] = ""
    population: Population
    calendar: Calendar
    pupil: Pupil
    display: Annotated[
        dict[Word, dict[Word, Row]],
        Field(min_length=1, description="Display → state → P(expression | state): rows that add to 1."),
        Says("at least one display, such as [display.default]"),
    ]
    camera: Camera
    classifier: Classifier
    rules: Annotated[tuple[Rule, ...], Field(strict=False), Says("[[rules]] tables")] = ()
    file: File = File()
    face: Face | None = None
    traits: Annotated[tuple[Trait, ...], Field(strict=False), Says("[[traits]] tables")] = ()
    situations: Annotated[tuple[Situation, ...], Field(strict=False), Says("[[situations]] tables")] = ()
    ages: Annotated[tuple[Age, ...], Field(strict=False), Says("[[ages]] tables")] = ()
    feedback: Feedback | None = None
    decisions: Annotated[tuple[Decision, ...], Field(strict=False), Says("[[decisions]] tables")] = ()

    _origin: Origin = PrivateAttr(default_factory=Origin)

    @property
    def origin(self) -> Origin:
        """Where each key was written."""
        return self._origin
