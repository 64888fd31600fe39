"""A case: one file of one family, which that family names, keeps and deletes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from misread.deployment.text.source import near
from misread.errors import MisreadError, Problem
from misread.evidence.entries.reference import Some, Table, Text, many
from misread.rights.case.modules import modules, speaks_of_court
from misread.rights.kept import Kept
from misread.rights.letters.facts import Facts
from misread.rights.letters.words import LetterKind
from misread.rights.places.deadlines.due import Circumstances
from misread.rights.places.entries.load import law
from misread.rights.record.model import FieldId, Record

FORMAT: Literal["misread-case/1"] = "misread-case/1"
ABOUT = (
    "This is a private file of one family: what it asked a school about cameras that read faces, and what came back. "
    "It was written by misread on this family's own machine and was sent nowhere. Nobody else needs it, neither the "
    "school nor the firm. Keep it where only you can read it, and delete it when you are done. "
    "It holds no court order, and nothing of the data that a school gave back but verdicts."
)
"""What a case says of itself, at its top."""
KEPT = Kept("a case", FORMAT, "begin one: `misread rights case new FILE --place eu`.", limit=30_000_000)
"""Files of cases, each of which holds a record."""

T = TypeVar("T", bound=Table)

Day = Annotated[date | None, Field(description="a date")]


def _uncourted(text: str) -> str:
    if speaks_of_court(text):
        raise ValueError("it speaks of an order of a court, which is never kept in a case")
    return text


class Sent(Table):
    """A letter that was sent."""

    number: Annotated[int, Field(ge=1, description="its number, from 1")]
    letter: Annotated[Some, Field(description='which letter, such as "access.eu.en"')]
    kind: Annotated[LetterKind, Field(description="what was asked for, such as access")]
    on: Annotated[date, Field(description="a date: when it was sent")]
    received: Day = None
    deadline: Annotated[Text, Field(description="the id of its deadline, where it is not all of its kind")] = ""
    fields: Annotated[tuple[FieldId, ...], many("ids of fields of the record that it asked for")] = ()
    follows: Annotated[int | None, Field(ge=1, description="the number of the reply that it follows up")] = None


class Said(Table):
    """One of the known answers in a reply."""

    module: Annotated[Some, Field(description='its id, such as "silence"')]
    quote: Annotated[Text, Field(description="the sentence that says it; empty where it is not kept")] = ""

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = modules()
        if self.module not in known:
            raise ValueError(f"no answer is called `{self.module}`")
        if self.quote and known[self.module].private:
            raise ValueError(f"the quotation of `{self.module}` is never kept")
        _uncourted(self.quote)
        return self


class Reply(Table):
    """What came back to a letter."""

    number: Annotated[int, Field(ge=1, description="its number, from 1")]
    to: Annotated[int, Field(ge=1, description="the number of the letter that it answers")]
    on: Annotated[date, Field(description="a date: when it came")]
    said: Annotated[tuple[Said, ...], many("tables { module, quote }")] = ()
    cited: Annotated[tuple[Some, ...], many("law that it names and that does not fit")] = ()
    facts: Annotated[dict[str, Some], Field(description="what the person told about it")] = Field(default_factory=dict)
    until: Day = None
    settled: Annotated[bool, Field(description="true where it answered the letter")] = False

    @model_validator(mode="after")
    def _kept(self) -> Self:
        for text in self.facts.values():
            _uncourted(text)
        return self


class ExportSeen(Table):
    """That an export was checked: verdicts only, nothing of what stands in it."""

    on: Annotated[date, Field(description="a date")]
    verdicts: Annotated[dict[str, str], Field(description='a table such as { X04 = "contradicts" }')]


class Event(Table):
    """Something that was done. Events are added, never altered."""

    on: Annotated[date, Field(description="a date")]
    what: Annotated[Some, Field(description="what was done")]


class Case(Table):
    """A family's case."""

    about: Annotated[str, Field(description="what this file is")] = ABOUT
    format: Annotated[Literal["misread-case/1"], Field(description=f'"{FORMAT}"')] = FORMAT
    place: Annotated[Some, Field(description='a place whose law is recorded, such as "eu"')]
    calendar: Annotated[Text, Field(description='whose holidays count, such as "IE"')] = ""
    closed: Annotated[tuple[date, ...], many("days on which the district or school is closed")] = ()
    terms: Annotated[
        tuple[Annotated[tuple[date, date], Field(strict=False)], ...], many("first and last days of terms")
    ] = ()
    facts: Annotated[Facts, Field(description="what letters say of you, the child and the school")] = Facts()
    opted_out_on: Day = None
    left_on: Day = None
    letters: Annotated[tuple[Sent, ...], many("letters that were sent")] = ()
    replies: Annotated[tuple[Reply, ...], many("replies")] = ()
    exports: Annotated[tuple[ExportSeen, ...], many("exports that were checked")] = ()
    record: Annotated[Record | None, Field(description="the disclosure record")] = None
    log: Annotated[tuple[Event, ...], many("what was done")] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.place not in law():
            raise ValueError(f"`{self.place}` is no place whose law is recorded")
        for what, entries in (("letter", self.letters), ("reply", self.replies)):
            if [entry.number for entry in entries] != list(range(1, len(entries) + 1)):
                raise ValueError(f"its {what} numbers are not 1, 2, 3 …")
        for reply in self.replies:
            if reply.to > len(self.letters):
                raise ValueError(f"reply {reply.number} answers letter {reply.to}, which is not there")
            if reply.on < self.letters[reply.to - 1].on:
                raise ValueError(f"reply {reply.number} came before letter {reply.to} was sent")
        for letter in self.letters:
            if letter.follows is not None and letter.follows > len(self.replies):
                raise ValueError(f"letter {letter.number} follows up reply {letter.follows}, which is not there")
        if told_of_court(self.facts):
            raise ValueError("its facts speak of an order of a court, which is never kept in a case")
        return self

    @property
    def circumstances(self) -> Circumstances:
        """What deadlines are counted with."""
        return Circumstances(self.calendar, frozenset(self.closed), self.terms)

    def letter(self, number: int) -> Sent:
        """A letter by its number.

        Raises
        ------
        MisreadError
            If there is none.
        """
        if 1 <= number <= len(self.letters):
            return self.letters[number - 1]
        known = ", ".join(f"{one.number} ({one.letter}, {one.on})" for one in self.letters)
        what = f"The case has no letter {number}."
        mend = "name one of these." if known else "note it first: misread rights case sent."
        raise MisreadError(Problem(what, f"one of {known}." if known else "a letter.", mend, key="--to"))


def made(kind: type[T], /, **values: object) -> T:
    """A part of a case, checked; what does not fit is a mistake of whoever gave it.

    Parameters
    ----------
    kind : type
        Of which kind.
    **values
        Its values.

    Raises
    ------
    MisreadError
        With everything that does not fit.
    """
    try:
        return kind(**values)
    except ValidationError as error:
        problems = []
        for detail in error.errors(include_url=False):
            reason = detail.get("ctx", {}).get("error", detail["msg"])
            problems.append(Problem(f"It does not fit the case: {reason}.", mend="correct it."))
        raise MisreadError(problems) from error


def told_of_court(facts: Facts) -> tuple[str, ...]:
    """Names of facts that speak of an order of a court, flags among them.

    Parameters
    ----------
    facts : Facts
        What a person told.
    """
    flat = facts.model_dump(mode="json")
    texts = [(name, value) for name, value in _texts(flat, "") if not name.startswith("flags")]
    found = [name for name, value in texts if speaks_of_court(value)]
    flags = [flag for flag in sorted(facts.flags) if speaks_of_court(flag.replace("_", " "))]
    return (*found, *(f"flags.{flag}" for flag in flags))


def without_court(facts: Facts) -> Facts:
    """Facts without those that speak of an order of a court.

    Parameters
    ----------
    facts : Facts
        What a person told.
    """
    data: dict[str, Any] = facts.model_dump()
    for name in told_of_court(facts):
        first, _dot, rest = name.partition(".")
        if first == "flags":
            data["flags"] = data["flags"] - {rest}
        elif rest:
            data[first] = {**data[first], rest: ""}
        else:
            data[first] = ""
    return Facts.model_validate(data)


def _texts(data: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(data, str):
        yield name, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, f"{name}.{key}".lstrip("."))


def read_case(source: Path | bytes, *, file: str = "") -> Case:
    """A case from its file, or from the bytes of one.

    Parameters
    ----------
    source : Path or bytes
        The file, or what it holds.
    file : str
        What messages call it; the path where nothing is said.

    Raises
    ------
    MisreadError
        If it cannot be read, or is no case: with everything that is wrong in it.
    """
    file = file or (str(source) if isinstance(source, Path) else "case")
    content = source if isinstance(source, bytes) else KEPT.content(source)
    data = KEPT.table(content, file)
    KEPT.refuse_other(data.get("format"), file)
    try:
        return Case.model_validate_json(json.dumps(data))
    except ValidationError as error:
        raise MisreadError([_refused(file, detail) for detail in error.errors(include_url=False)]) from error


def is_case(source: Path | bytes) -> bool:
    """Whether a file says that it is a case, of whatever version.

    Parameters
    ----------
    source : Path or bytes
        The file, or what it holds; one that is not there, or cannot be read, is none.
    """
    try:
        content = source if isinstance(source, bytes) else KEPT.content(source)
        return KEPT.names(KEPT.table(content, "").get("format"))
    except MisreadError:
        return False


def case_text(case: Case) -> str:
    """A case as JSON: the same case gives the same text.

    Parameters
    ----------
    case : Case
        The case.
    """
    told = {"about": ABOUT, "format": FORMAT, **case.model_dump(mode="json", exclude_defaults=True)}
    told["facts"] = {**told.get("facts", {}), "flags": sorted(case.facts.flags)}
    if not told["facts"]["flags"]:
        del told["facts"]["flags"]
    told["about"] = ABOUT
    kept = {name: told[name] for name in Case.model_fields if name in told and told[name] != {}}
    if case.record is not None:
        kept["record"] = {"format": case.record.format, **kept["record"]}
    return json.dumps(kept, ensure_ascii=False, indent=1) + "\n"


def _refused(file: str, detail: Any) -> Problem:
    path = [part for part in detail["loc"] if part != "[key]"]
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
    known: Any = Case
    expected = ""
    for part in path:
        fields = getattr(known, "model_fields", {})
        if part in fields:
            expected = f"{fields[part].description}." if fields[part].description else expected
            known = fields[part].annotation
    match detail["type"]:
        case "extra_forbidden":
            meant = near(str(path[-1]), getattr(known, "model_fields", {}))
            mend = f"did you mean `{meant}`?" if meant else "take it out."
            return Problem(f"`{path[-1]}` is no key here.", expected, mend, file, key)
        case "missing":
            return Problem(f"`{path[-1]}` is missing.", expected, "add it.", file, key)
        case "value_error":
            return Problem(f"Something does not fit: {detail['ctx']['error']}.", expected, "correct it.", file, key)
    return Problem(f"It is {str(detail['input'])[:60]!r}.", expected, "write that instead.", file, key)
