"""A school's calendar, as the family writes it down: terms, closed days, hours, lessons, rooms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError, model_validator

from misread.deployment.text.source import near, read_document
from misread.errors import MisreadError, Problem
from misread.evidence.entries.reference import Some, Table, Text

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from misread.deployment.text.source import Document

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Span = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")]
Days = Annotated[tuple[date, ...], Field(strict=False)]
LONGEST = 20 * 366
"""Days from the first term to the last; more is a slip of the pen."""


class Calendar(Table):
    """When and where the child was to be at school.

    Attributes
    ----------
    terms : tuple of (date, date)
        First and last day of each term.
    closed : tuple of date
        Days in term on which the school was closed.
    absent : tuple of date
        Days on which the child was not there.
    weekdays : tuple of str
        Days of the week with school.
    hours : str
        From when to when there is school, such as ``08:00-15:30``; empty if not said.
    lessons : tuple of str
        From when to when each lesson is, such as ``08:00-08:40``.
    rooms : tuple of str
        Rooms in which the child has lessons.
    zone : str
        The time zone, such as ``Europe/Dublin``: for exports whose times are in UTC.
    """

    terms: Annotated[
        tuple[Annotated[tuple[date, date], Field(strict=False)], ...],
        Field(strict=False, min_length=1, description="a list of terms, each [first day, last day]"),
    ]
    closed: Annotated[Days, Field(description="a list of dates")] = ()
    absent: Annotated[Days, Field(description="a list of dates")] = ()
    weekdays: Annotated[
        tuple[Weekday, ...], Field(strict=False, description="a list of mon, tue, wed, thu, fri, sat, sun")
    ] = WEEKDAYS[:5]
    hours: Annotated[Span | Literal[""], Field(description='such as "08:00-15:30"')] = ""
    lessons: Annotated[tuple[Span, ...], Field(strict=False, description='a list such as ["08:00-08:40"]')] = ()
    rooms: Annotated[tuple[Some, ...], Field(strict=False, description="a list of rooms")] = ()
    zone: Annotated[Text, Field(description='a time zone such as "Europe/Dublin"')] = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for first, last in self.terms:
            if last < first:
                raise ValueError(f"the term that begins on {first} ends before it begins")
        for span in (*self.lessons, *filter(None, [self.hours])):
            start, end = minutes(span)
            if end <= start:
                raise ValueError(f"{span} ends before it begins")
        if (max(last for _, last in self.terms) - min(first for first, _ in self.terms)).days > LONGEST:
            raise ValueError("from the first term to the last it is more than twenty years")
        if self.zone:
            _known_zone(self.zone)
        return self

    def in_term(self) -> NDArray[np.int64]:
        """All days of all terms on which there is school, as days since 1970, in order."""
        closed, weekdays = set(self.closed), {WEEKDAYS.index(day) for day in self.weekdays}
        days = {
            first + timedelta(n)
            for first, last in self.terms
            for n in range((last - first).days + 1)
            if (first + timedelta(n)).weekday() in weekdays
        }
        return np.array(sorted((day - date(1970, 1, 1)).days for day in days - closed), dtype=np.int64)

    def spans(self) -> tuple[tuple[int, int], ...]:
        """Lessons from and to, in minutes of the day."""
        return tuple(sorted(map(minutes, self.lessons)))


def minutes(span: str) -> tuple[int, int]:
    """``08:00-08:40`` in minutes of the day."""
    start, end = (int(part[:2]) * 60 + int(part[3:]) for part in span.split("-"))
    return start, end


def _known_zone(zone: str) -> None:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"`{zone}` is no time zone; one is called such as Europe/Dublin") from error


def read_calendar(name: str, content: bytes) -> Calendar:
    """A calendar from a TOML file.

    Parameters
    ----------
    name : str
        The file's name, for messages.
    content : bytes
        Its content.

    Raises
    ------
    MisreadError
        With everything that is wrong in it, key and line.
    """
    if not content.strip():
        expected = "terms = [[2026-09-01, 2026-12-18]], and what else is known."
        raise MisreadError(Problem("It is empty.", expected, "write the school's terms into it.", name))
    document = read_document(name, content)
    try:
        return Calendar.model_validate(document.data)
    except ValidationError as error:
        # One message a key: of a value that may be two things pydantic says both.
        first = {detail["loc"][:1]: detail for detail in reversed(error.errors(include_url=False))}
        raise MisreadError([_problem(document, detail) for detail in reversed(first.values())]) from error


def _problem(document: Document, detail: ErrorDetails) -> Problem:
    fields = {name: f"{field.description}." for name, field in Calendar.model_fields.items()}
    path = tuple(p for p in detail["loc"] if isinstance(p, int) or p in document.data or p in fields)
    key = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
    places = document.places
    line = next((places[path[:n]].line for n in range(len(path), 0, -1) if path[:n] in places), None)
    top = str(path[0]) if path else ""
    match detail["type"]:
        case "extra_forbidden":
            meant = near(top, fields)
            mend = f"did you mean `{meant}`?" if meant else "take it out."
            return Problem(f"`{top}` is no key here.", f"one of {', '.join(fields)}.", mend, document.file, key, line)
        case "missing":
            return Problem(f"`{top}` is missing.", fields.get(top, ""), "add it.", document.file, key, line)
        case "value_error":
            what = f"Something does not fit: {detail['ctx']['error']}."
            return Problem(what, mend="correct it.", file=document.file, key=key, line=line)
        case _:
            what = f"It is {str(detail['input'])[:60]!r}."
            return Problem(what, fields.get(top, ""), "write that instead.", document.file, key, line)
