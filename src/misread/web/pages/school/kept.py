"""What a person has said so far. It travels in the page itself, from form to form, and is stored nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from pydantic import Field, ValidationError, field_validator

from misread.errors import MisreadError, Problem
from misread.evidence.entries.reference import Table
from misread.language import gettext as _
from misread.rights.case.model import Case
from misread.rights.letters.facts import Facts
from misread.rights.places.entries.load import law
from misread.rights.places.entries.words import Fact, read_day
from misread.rights.record.model import Record

FIRST: tuple[Fact, ...] = ("subject.pupil", "output.emotion")
"""What the page is about where nobody says otherwise."""


class Kept(Table):
    """What a person has said so far.

    Attributes
    ----------
    place : str
        Id of the place; empty where it was not said.
    system : tuple of str
        What is true of the cameras.
    picked : tuple of str
        Fields of the record that the next letter asks about.
    accuracy : bool
        Whether it also asks what the stated accuracy means.
    kind, language : str
        Which letter, and in which language; empty where the first that there is will do.
    shared : bool
        Whether others use the computer too.
    warned : bool
        Whether the person has read what to read before a letter.
    facts : Facts
        What letters say of the person, the child and the school. They stay with the page: what speaks of a court is
        never put into a case file.
    record : Record or None
        What was told about the system; None before anything was.
    case : Case or None
        Letters, replies and verdicts; None before there are any.
    """

    place: str = ""
    system: Annotated[tuple[Fact, ...], Field(strict=False)] = FIRST
    picked: Annotated[tuple[str, ...], Field(strict=False, max_length=200)] = ()
    accuracy: bool = False
    kind: str = ""
    language: str = ""
    shared: bool = False
    warned: bool = False
    facts: Facts = Facts()
    record: Record | None = None
    case: Case | None = None

    @field_validator("place")
    @classmethod
    def _is_known(cls, place: str) -> str:
        if place and place not in law():
            raise ValueError("no place whose law is recorded")
        return place


def kept_of(text: str) -> Kept:
    """What came back from the page.

    Raises
    ------
    MisreadError
        If it is not what the page sent out.
    """
    if not text:
        return Kept()
    try:
        return Kept.model_validate_json(text)
    except ValidationError:
        raise MisreadError(
            Problem(
                _("What this page had kept came back changed, so nothing of it was taken."),
                mend=_("open your case file again."),
            )
        ) from None


@dataclass(frozen=True)
class Given:
    """What a form sent, as the steps read it.

    Attributes
    ----------
    fields : mapping
        Name → values.
    file : tuple of (str, bytes) or None
        Name and content of the file that was given.
    today : date
        The day on which it was sent.
    refused : bool
        Whether something in it cannot be read, so that none of it was taken.
    """

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    file: tuple[str, bytes] | None = None
    today: date = field(default_factory=date.today)
    refused: bool = False

    def one(self, name: str) -> str:
        """The last value of a field, without the blanks around it; empty where it has none."""
        return next(reversed(self.fields.get(name, ())), "").replace("\r\n", "\n").strip()

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a field."""
        return tuple(value for value in self.fields.get(name, ()) if value)

    def has(self, name: str) -> bool:
        """Whether it is ticked, or was pressed."""
        return name in self.fields

    def day(self, name: str, called: str) -> date | None:
        """A field that holds a day; None where it is empty.

        Parameters
        ----------
        name : str
            Its name.
        called : str
            What the page calls it.

        Raises
        ------
        MisreadError
            If it is no day.
        """
        text = self.one(name)
        return None if not text else _day(text, called)

    def days(self, name: str, called: str) -> tuple[date, ...]:
        """A field that holds days, each on a line of its own or behind a comma."""
        return tuple(_day(part, called) for part in re.split(r"[\s,;]+", self.one(name)) if part)

    def spans(self, name: str, called: str) -> tuple[tuple[date, date], ...]:
        """A field that holds times from a day to a day, each on a line of its own."""
        found = []
        for line in self.one(name).splitlines():
            days = [_day(part, called) for part in re.findall(r"[\w-]+", line.replace("..", " ")) if part != "to"]
            if len(days) != 2 or days[1] < days[0]:
                raise wrong(called, _("a first and a last day on each line, such as 2026-09-02 to 2026-12-18."))
            found.append((days[0], days[1]))
        return tuple(found)


def _day(text: str, called: str) -> date:
    try:
        return read_day(text)
    except ValueError:
        raise wrong(called, _("a day such as 2026-11-23.")) from None


def wrong(called: str, expected: str) -> MisreadError:
    """A field that cannot be read.

    Parameters
    ----------
    called : str
        What the page calls it.
    expected : str
        What would have been right.
    """
    return MisreadError(
        Problem(_("“%(name)s” cannot be read.", name=called), expected, _("write it anew."), key=called)
    )


def chosen(value: str, among: Iterable[str], called: str) -> str:
    """A value that has to be one of some.

    Raises
    ------
    MisreadError
        If it is none of them.
    """
    if value not in set(among):
        raise wrong(called, _("one of those that the page offers."))
    return value
