"""The words that are written down, and how faces come by them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from misread.deployment.model.table import Table
from misread.deployment.model.values import (
    Count,
    Factor,
    Row,
    Says,
    Share,
    SomeWords,
    Word,
    Words,
    as_list,
)


class InlineProfile(Table):
    """P(label | expression) written out: every key but `faces_per_row` and `alternatives` is an
    expression with its row."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Row] = Field(init=False)

    faces_per_row: Annotated[
        Count | None, Field(description="Independent faces that each row rests on."),
        Says("a whole number from 1 to 1,000,000,000"),
    ] = None  # fmt: skip
    alternatives: Annotated[
        Words | None,
        Field(description="Other profiles that may be the true one; `misread stress` tries them."),
        Says('a list of names of profiles, such as ["acted", "a person"]'),
    ] = None

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
    odds: Annotated[
        dict[Word, Factor] | None,
        Field(description="Label → what its odds are multiplied by, in every row that is not its own."),
        Says("a table such as { angry = 1.36 }"),
    ] = None
    odds_on: Annotated[
        SomeWords | None, Field(description="Expressions that `odds` is for; without it, all."),
        Says('a list of expressions, such as ["neutral"]'),
    ] = None  # fmt: skip
    regardless: Annotated[
        dict[Word, Share] | None,
        Field(description="Label → probability with which it is written whatever the face shows."),
        Says("a table such as { away = 0.2 }"),
    ] = None
    units: Annotated[
        Count | None, Field(description="Independent people or videos that the matrix rests on."),
        Says("a whole number from 1 to 1,000,000,000"),
    ] = None  # fmt: skip
    mean_over_persons: Annotated[
        bool | None,
        Field(
            description="Whether rows are means, which traits on labels then leave alone; by default those of audits."
        ),
        Says("true or false"),
    ] = None
    faces_per_row: Annotated[
        Count | None, Field(description="Independent faces that each row of `rows` rests on."),
        Says("a whole number from 1 to 1,000,000,000"),
    ] = None  # fmt: skip
    alternatives: Annotated[
        Words | None,
        Field(description="Other profiles that may be the true one; `misread stress` tries them."),
        Says('a list of names of profiles, such as ["acted", "a person"]'),
    ] = None
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
    reader: Annotated[
        Word, Field(description="Who or what reads the faces, as the report calls it; words only."),
        Says('words such as "the cameras" or "a teacher"'),
    ] = "the cameras"  # fmt: skip
