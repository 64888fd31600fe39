"""What a template is, and how it is filled.

What people tell never meets the reader of Markdown: a template is filled with signs that stand for it, read, and only
then is each sign replaced by the letters that were told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from misread.evidence.entries.reference import Some, Table, Text
from misread.rights.letters.words import LANGUAGES, LetterKind

if TYPE_CHECKING:
    from jinja2 import Environment

Fact = Literal[
    "sender.name",
    "sender.contact",
    "sender.relation",
    "child.name",
    "child.birth_year",
    "child.school_class",
    "child.view",
    "controller.name",
    "controller.address",
    "authority.name",
    "authority.address",
    "system.name",
    "other.name",
    "date",
    "asked_on",
    "events",
    "remedy",
]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
COMPUTED = ("due", "received", "questions", "wishes")
"""What a template can hold beside what was told: the last day for an answer and the day of receipt it was counted from,
and the questions of the annex."""

MARK = re.compile(r"^\[#([a-z]+)\] ?")
"""How a template names a paragraph, at its beginning."""


class Head(Table):
    """What a template says of itself, between lines of plus signs."""

    format: Literal["misread-letter/1"]
    id: Annotated[
        str,
        Field(
            pattern=r"^[a-z]+(-[a-z]+)*\.[a-z]{2}(-[a-z]{2})?\.[a-zA-Z-]+$",
            description='kind, place and language, such as "access.eu.en"',
        ),
    ]
    version: Annotated[
        str, Field(pattern=r"^\d{4}\.\d{2}\.\d+$", description='year, month and number, such as "2026.11.1"')
    ]
    kind: Annotated[LetterKind, Field(description="what is asked for, such as access")]
    place: Annotated[Some, Field(description='the id of a place, such as "eu"')]
    language: Annotated[Some, Field(description=f"one of {', '.join(LANGUAGES)}")]
    standing: Annotated[
        Literal["in-force", "doubtful"],
        Field(description='"in-force", or "doubtful" where no clear right stands behind it'),
    ]
    authentic: Annotated[bool, Field(description="false where it is a translation to be read, not to be sent")] = True
    translation: Annotated[
        Literal["original", "unreviewed", "reviewed"],
        Field(description='"original", or whether somebody whose language it is has reviewed it'),
    ] = "original"
    legal_review: Annotated[Literal["none"] | Some, Field(description='"none", or who reviewed it and when')] = "none"
    to: Annotated[
        Literal["controller", "authority"], Field(description='"controller", or "authority" for a complaint to one')
    ] = "controller"
    addressee: Annotated[Some, Field(description="to whom it goes, in English")]
    needs: Annotated[tuple[Fact, ...], Field(strict=False, description="a list of what has to be told")]
    optional: Annotated[tuple[Fact, ...], Field(strict=False, description="a list of what may be told")] = ()
    flags: Annotated[
        Mapping[Word, Some],
        Field(default_factory=dict, description="a table of words and, in English, what each adds to the letter"),
    ]
    rests: Annotated[
        Mapping[Word, Annotated[tuple[Some, ...], Field(strict=False)]],
        Field(default_factory=dict, description="a table of ids of paragraphs and the provisions each rests on"),
    ]
    deadline: Annotated[Text, Field(description="the id of a deadline")] = ""
    deadlines: Annotated[
        Mapping[Word, Some],
        Field(default_factory=dict, description="a table of flags and ids of the deadlines that count with them"),
    ]
    may_quote: Annotated[tuple[Some, ...], Field(strict=False, description="ids of provisions that it quotes")] = ()
    note: Annotated[Text, Field(description="a sentence for who sends it, in English")] = ""
    retire_after: Annotated[date, Field(description="a date after which it has to be gone through again")]

    @property
    def grounds(self) -> tuple[str, ...]:
        """Ids of all provisions that some paragraph rests on."""
        return tuple(dict.fromkeys(id for ids in self.rests.values() for id in ids))

    def deadline_with(self, flags: Collection[str]) -> str:
        """Id of the deadline that counts with some flags; empty if there is none."""
        return next((id for flag, id in self.deadlines.items() if flag in flags), self.deadline)


@dataclass(frozen=True)
class Template:
    """A letter before anything was told.

    Attributes
    ----------
    head : Head
        What it says of itself.
    body : str
        Markdown with places to fill.
    file : str
        Its name.
    """

    head: Head
    body: str
    file: str

    @property
    def id(self) -> str:
        """Kind, place and language."""
        return self.head.id

    @property
    def tag(self) -> str:
        """Its language, with the country where that makes a difference to how dates and words are written."""
        country = {"us": "US", "uk": "GB", "in": "IN"}.get(self.head.place[:2], "GB")
        return f"en-{country}" if self.head.language == "en" else self.head.language

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Ids of its paragraphs, in order."""
        return tuple(m[1] for line in self.body.splitlines() if (m := MARK.match(bare(line))))

    def filled(self, values: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
        """Its Markdown, in which signs stand for what was told, and what each of them stands for.

        Parameters
        ----------
        values : mapping
            Name → what is put in; `COMPUTED` and every flag among them.
        """
        told: list[str] = []
        text = _compiled(self.body, self.tag).render(**values, _told=told)
        return text, tuple(told)


def sign(n: int) -> str:
    """What stands for something that was told, until the Markdown around it was read."""
    return f"\ue000{n}\ue001"


SIGN = re.compile("\ue000(\\d+)\ue001")


@cache
def environment() -> Environment:
    """What reads templates: nothing is in it but the language, and what is not told to it is an error."""
    from jinja2 import StrictUndefined, pass_context
    from jinja2.sandbox import SandboxedEnvironment

    @pass_context
    def finalize(context: Any, value: object) -> str:
        # Nothing stands for something that was not told: a sentence would have a hole in it.
        assert value not in ("", None), "a template says something that was not told"
        told: list[str] = context["_told"]
        told.append(str(value))
        return sign(len(told) - 1)

    environment = SandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True, finalize=finalize)
    environment.globals.clear()
    return environment


@cache
def _compiled(body: str, language: str) -> Any:
    from misread.rights.letters.words import date_words

    made = environment().overlay()
    made.filters = {"date": lambda day: date_words(day, language)}
    made.tests = {}
    return made.from_string(_ALONE.sub(r"\1", body))


_ALONE = re.compile(r"^[ \t]*(\{%[^%\n]*%\})[ \t]*\n", re.MULTILINE)
"""A condition that stands alone on its line, which then is none; one within a line leaves the line its end."""


def bare(line: str) -> str:
    """A line without the conditions before its text."""
    return re.sub(r"\{%.*?%\}", "", line).lstrip()
