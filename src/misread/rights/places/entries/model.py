"""What a file of law holds: sources, provisions with their history, deadlines, ways to ask.

The descriptions of the fields are what a message about a malformed file says was expected.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from misread.evidence.entries.reference import Some, Table, Text, many
from misread.rights.places.deadlines.lengths import GRAMMAR
from misread.rights.places.entries.words import MARK_OF, MARKS, Availability, Effect, Fact, Kind, Mark, Read

Id = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]{2,3})*(\.[a-z0-9]+(-[a-z0-9]+)*)+$")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Confidence = Literal["high", "medium", "low"]
Length = Annotated[str, Field(pattern=GRAMMAR)]
FirstDay = Literal["day-after", "same-day"]
Roll = Literal["none", "next-working-day", "unknown"]
Term = Annotated[tuple[date, date], Field(strict=False)]
QUOTE_WORDS = 40
"""A quotation of a provision has fewer words."""


class Source(Table):
    """A text that something rests on, and how it was read."""

    id: Annotated[Name, Field(description='a short name, such as "gdpr"')]
    title: Annotated[Some, Field(description="the title")]
    kind: Annotated[
        Literal["official-journal", "statute", "regulation", "guidance", "decision", "standard", "secondary"],
        Field(description="one of official-journal, statute, regulation, guidance, decision, standard, secondary"),
    ]
    citation: Annotated[Text, Field(description="how it is cited")] = ""
    href: Annotated[Text, Field(description="its address")] = ""
    read: Annotated[Read, Field(description="one of origin, official, secondary, recall")]
    seen_on: Annotated[date | None, Field(description="a date: when it was read")] = None
    note: Annotated[Text, Field(description="a sentence")] = ""


class Applies(Table):
    """From when to when a provision applies, as it was known from some day on. Entries are added, never changed."""

    known_from: Annotated[date, Field(description="a date: when this became known")]
    applies_from: Annotated[date, Field(description="a date: the first day on which it applies")]
    applies_until: Annotated[date | None, Field(description="a date: the last day on which it applies")] = None
    superseded: Annotated[date | None, Field(description="a date: since when another entry stands for this")] = None
    set_by: Annotated[Name, Field(description="the id of a source")]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.applies_until is not None and self.applies_until < self.applies_from:
            raise ValueError("it ends before it begins")
        if self.superseded is not None and self.superseded < self.known_from:
            raise ValueError("it is superseded before it is known")
        return self


class Reading(Table):
    """One of several ways to understand a provision, with who reads it so."""

    question: Annotated[Some, Field(description="what is understood in several ways")]
    reading: Annotated[Some, Field(description="one way to understand it")]
    source: Annotated[Some, Field(description="who reads it so")]


class Retired(Table):
    """Why an entry is not used any more; its id is kept."""

    on: Annotated[date, Field(description="a date")]
    reason: Annotated[Some, Field(description="a sentence")]
    replaced_by: Annotated[Text, Field(description="the id of another entry")] = ""


class Entry(Table):
    """What provisions and deadlines share: a permanent id, where it is known from, and how sure it is."""

    id: Annotated[Id, Field(description='a permanent id such as "eu.gdpr.15"')]
    sources: Annotated[tuple[Name, ...], many("ids of sources; empty if nothing was read")]
    confidence: Annotated[Confidence, Field(description="one of high, medium, low")]
    last_checked_still_valid: Annotated[
        date | None, Field(description="a date: when it was last compared with what is in force")
    ] = None
    retired: Annotated[Retired | None, Field(description="a table { on, reason, replaced_by }")] = None


class Provision(Entry):
    """One rule of law, in a sentence of our own."""

    pinpoint: Annotated[Some, Field(description='where it stands, such as "Art. 15 GDPR"')]
    effect: Annotated[Effect, Field(description="what it does, such as requires")]
    actors: Annotated[tuple[Some, ...], many("those whom it binds, or who have the right")]
    controller_types: Annotated[tuple[Some, ...], many("kinds of controllers, where it is not for all")] = ()
    summary: Annotated[Some, Field(description="what it says, in a sentence")]
    quote: Annotated[Text, Field(description="a short quotation, where an official text was read")] = ""
    facts_all: Annotated[tuple[Fact, ...], many("facts all of which it needs")] = ()
    facts_none: Annotated[tuple[Fact, ...], many("facts none of which may be")] = ()
    judgement: Annotated[tuple[Some, ...], many("questions that a person has to answer")] = ()
    applies: Annotated[tuple[Applies, ...], many("tables { known_from, applies_from, set_by, … }")] = ()
    readings: Annotated[tuple[Reading, ...], many("tables { question, reading, source }")] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        known = [entry.known_from for entry in self.applies]
        if known != sorted(known):
            raise ValueError("its history does not stand in the order in which it became known")
        if len(self.quote.split()) >= QUOTE_WORDS:
            raise ValueError(f"its quotation has {QUOTE_WORDS} words or more")
        return self


class Extension(Table):
    """By how much a deadline may be moved, and what that needs."""

    by: Annotated[Length, Field(description='a length such as "2 calendar-month"')]
    needs: Annotated[Some, Field(description="what it needs")]


class Counting(Table):
    """One way to count a deadline, where texts differ; with an answer that was worked out by hand."""

    says: Annotated[Some, Field(description="how it is counted")]
    source: Annotated[Some, Field(description="who counts so")]
    first_day: Annotated[FirstDay, Field(description='"day-after" or "same-day"')]
    roll: Annotated[Roll, Field(description='"none", "next-working-day" or "unknown"')]
    received: Annotated[date, Field(description="a date")]
    due: Annotated[date, Field(description="a date")]


class Vector(Table):
    """A deadline worked out by hand, which the arithmetic must reach."""

    received: Annotated[date, Field(description="a date")]
    due: Annotated[date, Field(description="a date")]
    calendar: Annotated[Text, Field(description='a country, such as "IE"')] = ""
    closed: Annotated[tuple[date, ...], many("dates on which the district is closed")] = ()
    terms: Annotated[tuple[Term, ...], many("terms, each a list of its first and last day")] = ()
    why: Annotated[Text, Field(description="what is to be seen in it")] = ""


class Courtesy(Table):
    """A length that no law sets, but that a standard names."""

    length: Annotated[Length, Field(description='a length such as "30 calendar-day"')]
    source: Annotated[Some, Field(description="the standard")]


class Deadline(Entry):
    """By when something has to be done; or that the law names no number of days."""

    what: Annotated[Some, Field(description="what has to be done, as a noun")]
    basis: Annotated[Some, Field(description="where it stands")]
    owner: Annotated[Literal["other-side", "user"], Field(description='whose it is: "other-side" or "user"')] = (
        "other-side"
    )
    starts: Annotated[Some, Field(description='what it is counted from, such as "receipt"')]
    length: Annotated[Length | None, Field(description='a length such as "20 working-day"')] = None
    earliest_of: Annotated[tuple[Length, ...], many("lengths, the earliest of which counts")] = ()
    none: Annotated[bool, Field(description="true where the law names no number of days")] = False
    reference: Annotated[Courtesy | None, Field(description="a table { length, source }")] = None
    first_day: Annotated[FirstDay, Field(description='"day-after" or "same-day"')] = "day-after"
    extend: Annotated[Extension | None, Field(description="a table { by, needs }")] = None
    pauses: Annotated[tuple[Some, ...], many("reasons for which it stands still")] = ()
    roll: Annotated[Roll, Field(description='"none", "next-working-day" or "unknown"')] = "none"
    calendar: Annotated[
        str,
        Field(
            pattern=r"^(|member-state|GB-any|[A-Z]{2}(-[A-Z]{2,3})?)$",
            description='a country or state such as "CN" or "US-IL", "GB-any", "member-state", or ""',
        ),
    ] = ""
    closed_days: Annotated[bool, Field(description="true where a district's own closed days do not count")] = False
    readings: Annotated[tuple[Counting, ...], many("tables { says, source, first_day, roll, received, due }")] = ()
    vector: Annotated[tuple[Vector, ...], many("tables { received, due, … }")] = ()
    note: Annotated[Text, Field(description="a sentence")] = ""

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if (self.length is not None) + bool(self.earliest_of) + self.none != 1:
            raise ValueError("it has not exactly one of `length`, `earliest_of` and `none`")
        return self

    @property
    def lengths(self) -> tuple[str, ...]:
        """The lengths it is counted by: several where the earliest counts, none where the law has no number."""
        return self.earliest_of if self.length is None else (self.length,)


class Who(Table):
    """Who may ask, and on what condition."""

    actor: Annotated[Some, Field(description="who may ask")]
    condition: Annotated[Text, Field(description="on what condition")] = ""


class Route(Table):
    """A way to ask for something: of whom, by what right, by when."""

    kind: Annotated[Kind, Field(description="one of access, objection, erasure, records, complaint, …")]
    availability: Annotated[Availability, Field(description="one of in-force, not-yet, doubtful, none")]
    grounds: Annotated[tuple[Id, ...], many("ids of provisions")] = ()
    addressee: Annotated[Text, Field(description="to whom it goes")] = ""
    who: Annotated[tuple[Who, ...], many("tables { actor, condition }")] = ()
    form: Annotated[Text, Field(description="in what form")] = ""
    fee: Annotated[Text, Field(description="what it costs")] = ""
    identity: Annotated[Text, Field(description="what proof of identity may be asked for")] = ""
    limits: Annotated[Text, Field(description="how often, and for whom not")] = ""
    deadline: Annotated[Id | None, Field(description="the id of a deadline")] = None
    template: Annotated[Text, Field(description="the name of a letter")] = ""
    on_expiry: Annotated[tuple[Some, ...], many("what comes next when nobody answers")] = ()
    note: Annotated[Text, Field(description="a sentence")] = ""


class Safety(Table):
    """What to read before writing a letter."""

    retaliation: Annotated[Literal["low", "medium", "elevated"], Field(description="one of low, medium, elevated")]
    notes: Annotated[Text, Field(description="a sentence or two")] = ""
    prefer: Annotated[tuple[Some, ...], many("what to try before a letter")] = ()


class Pending(Table):
    """A bill: it may be shown, and is never a ground of a letter."""

    id: Annotated[Name, Field(description="a short name")]
    title: Annotated[Some, Field(description="the title")]
    state: Annotated[Literal["pending", "unknown"], Field(description='"pending" or "unknown"')]
    would_change: Annotated[Some, Field(description="what it would change")]
    source: Annotated[Some, Field(description="how this is known")]


class Question(Table):
    """What nobody here could answer."""

    id: Annotated[Name, Field(description="a short name")]
    text: Annotated[Some, Field(description="the question")]
    whom: Annotated[Literal["lawyer", "maintainer"], Field(alias="for", description='"lawyer" or "maintainer"')]


class Review(Table):
    """A review by a lawyer of the place."""

    name_or_role: Annotated[Some, Field(description="who")]
    bar: Annotated[Some, Field(description="where admitted")]
    on: Annotated[date, Field(description="a date")]
    scope: Annotated[Some, Field(description="what was reviewed")]
    notes: Annotated[Text, Field(description="a sentence")] = ""


class Place(Table):
    """The law of one place, as far as it was recorded: one file."""

    id: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]{2,3})?$", description='an id such as "us-il"')]
    kind: Annotated[Literal["supranational", "country", "state"], Field(description="supranational, country or state")]
    name: Annotated[Some, Field(description="its name")]
    extends: Annotated[tuple[str, ...], many("ids of places whose law applies as well")] = ()
    more_below: Annotated[Text, Field(description="what only the law of a part of it says")] = ""
    law_as_of: Annotated[date, Field(description="a date: the day whose law is recorded")]
    checked_on: Annotated[date, Field(description="a date: when the file was last gone through")]
    checked_by: Annotated[Some, Field(description="who went through it")]
    lawyer_review: Annotated[Literal["none"] | Review, Field(description='"none", or a table { name_or_role, … }')]
    next_check_due: Annotated[date, Field(description="a date")]
    languages: Annotated[tuple[Some, ...], many("languages of its law")] = ()
    safety: Annotated[Safety, Field(description="a table { retaliation, notes, prefer }")]
    source: Annotated[tuple[Source, ...], many("[[source]] tables")] = ()
    provision: Annotated[tuple[Provision, ...], many("[[provision]] tables")]
    deadline: Annotated[tuple[Deadline, ...], many("[[deadline]] tables")] = ()
    route: Annotated[tuple[Route, ...], many("[[route]] tables")] = ()
    pending: Annotated[tuple[Pending, ...], many("[[pending]] tables")] = ()
    open_question: Annotated[tuple[Question, ...], many("[[open_question]] tables")] = ()
    unsure: Annotated[Text, Field(description="what the author of the file was not sure of")] = ""
    for_a_lawyer: Annotated[Text, Field(description="what a lawyer of the place must check")] = ""

    def mark(self, entry: Entry) -> Mark:
        """How an entry of this place is known: as its least sure source; from general knowledge where it has none."""
        read = [source.read for source in self.source if source.id in entry.sources]
        return max((MARK_OF[how] for how in read), key=list(MARKS).index, default="K")
