"""What a person tells of themselves, the child and the school, so that a letter can be written. Nothing keeps it."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from misread.deployment.text.source import Document, near
from misread.errors import MisreadError, Problem
from misread.evidence.entries.reference import Table
from misread.language import gettext as _
from misread.language import mark
from misread.rights.places.entries.words import read_day

if TYPE_CHECKING:
    from misread.rights.letters.template import Template

LINE, TEXT = 200, 4000
"""The most characters of what is one line, and of what may be several."""

_JOINERS = "\u200c\u200d"
"""Marks without a shape that Hindi, Persian and others are not written rightly without."""


def _line(value: object) -> object:
    return _clean(" ".join(value.split())) if isinstance(value, str) else value


def _lines(value: object) -> object:
    if not isinstance(value, str):
        return value
    lines = [" ".join(line.split()) for line in value.splitlines()]
    return _clean(re.sub("\n{2,}", "\n\n", "\n".join(lines)).strip("\n"))


def _clean(text: str) -> str:
    """Text as composed letters (NFC), refused where something in it has no shape of its own."""
    text = unicodedata.normalize("NFC", text)
    for c in text:
        if c not in "\n" + _JOINERS and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
            raise ValueError(f"it holds U+{ord(c):04X}, which has no shape of its own")
    return text


Line = Annotated[str, BeforeValidator(_line), Field(max_length=LINE)]
Lines = Annotated[str, BeforeValidator(_lines), Field(max_length=TEXT)]


class Sender(Table):
    """Who writes."""

    name: Annotated[Line, Field(description="your name")] = ""
    contact: Annotated[Lines, Field(description="where an answer reaches you, in one line or several")] = ""
    relation: Annotated[
        Line,
        Field(
            description='who you are to the child, in the language of the letter, as it completes "I am the … of": '
            "mother, father, guardian"
        ),
    ] = ""


class Child(Table):
    """The child it is about."""

    name: Annotated[Line, Field(description="the child's name")] = ""
    birth_year: Annotated[int | None, Field(ge=1900, le=2100, description="the year of birth, such as 2014")] = None
    school_class: Annotated[Line, Field(description="the class, such as 5b")] = ""
    view: Annotated[
        Lines, Field(description="what the child thinks of it, in a sentence; or why the child was not asked")
    ] = ""


class Controller(Table):
    """Who runs the system: most letters go there."""

    name: Annotated[Line, Field(description="who runs it: often the school board or the municipality")] = ""
    address: Annotated[Lines, Field(description="the address, in one line or several")] = ""


class Authority(Table):
    """Whom a complaint goes to; it has to be looked up, for none is named here."""

    name: Annotated[Line, Field(description="the authority that the complaint goes to")] = ""
    address: Annotated[Lines, Field(description="its address, in one line or several")] = ""


class System(Table):
    """What it is about."""

    name: Annotated[Line, Field(description="what the system is called; leave it out if you do not know")] = ""


class Other(Table):
    """Another adult who is responsible for the child."""

    name: Annotated[Line, Field(description="the other adult's name, who signs as well")] = ""


class Facts(Table):
    """What a person tells. Everything may be left out; `needs` says what a letter cannot be written without.

    Attributes
    ----------
    sender, child, controller, authority, system, other : Table
        Who writes, about whom, to whom, about what, and who signs as well.
    date : date or None
        The date of the letter.
    asked_on : date or None
        When those who run it were asked before.
    events : str
        What happened, in one's own words.
    remedy : str
        What is asked for.
    flags : frozenset of str
        What a letter may hold beside what it always does, such as "portability".
    """

    sender: Annotated[Sender, Field(description="a table { name, contact, relation }")] = Sender()
    child: Annotated[Child, Field(description="a table { name, birth_year, school_class, view }")] = Child()
    controller: Annotated[Controller, Field(description="a table { name, address }")] = Controller()
    authority: Annotated[Authority, Field(description="a table { name, address }")] = Authority()
    system: Annotated[System, Field(description="a table { name }")] = System()
    other: Annotated[Other, Field(description="a table { name }")] = Other()
    date: Annotated[datetime.date | None, Field(description="the date of the letter")] = None
    asked_on: Annotated[datetime.date | None, Field(description="the date of your earlier letter")] = None
    events: Annotated[Lines, Field(description="what happened, in your own words")] = ""
    remedy: Annotated[Lines, Field(description="what you ask for, in your own words")] = ""
    flags: Annotated[frozenset[Line], Field(strict=False, description="a list of words that the letter knows")] = (
        frozenset()
    )

    def __getitem__(self, name: str) -> Any:
        """A value by its dotted name, such as "child.birth_year"."""
        found: Any = self
        for part in name.split("."):
            found = getattr(found, part)
        return found

    def needs(self, template: Template) -> tuple[str, ...]:
        """Names of what a letter needs and was not told, in the letter's order."""
        return tuple(name for name in template.head.needs if self[name] in ("", None))


NAMES: Mapping[str, str] = {
    "sender.name": mark("your name"),
    "sender.contact": mark("where an answer reaches you"),
    "sender.relation": mark("who you are to the child"),
    "child.name": mark("the child’s name"),
    "child.birth_year": mark("the child’s year of birth"),
    "child.school_class": mark("the child’s class"),
    "child.view": mark("what the child thinks of it"),
    "controller.name": mark("who runs the system"),
    "controller.address": mark("their address"),
    "authority.name": mark("the authority that the complaint goes to"),
    "authority.address": mark("its address"),
    "system.name": mark("what the system is called"),
    "other.name": mark("the other adult who signs"),
    "date": mark("the date of the letter"),
    "asked_on": mark("the date of your earlier letter"),
    "events": mark("what happened"),
    "remedy": mark("what you ask for"),
}
"""What can be told, by its dotted name, in the order in which it is asked."""


def told(facts: Facts) -> tuple[tuple[str, str, str], ...]:
    """What was told, to be read over before a letter is written: dotted name, what it is, and what was said."""
    given = ((name, _(what), facts[name]) for name, what in NAMES.items())
    return tuple((name, what, str(value)) for name, what, value in given if value not in ("", None))


def together(first: Facts, then: Facts) -> Facts:
    """Facts from two places; what the second says stands before what the first says.

    Parameters
    ----------
    first, then : Facts
        The facts.
    """
    data = first.model_dump(exclude_defaults=True)
    for name, value in then.model_dump(exclude_defaults=True).items():
        there = data.get(name)
        data[name] = {**there, **value} if isinstance(there, dict) else value
    return Facts.model_validate(data)


def blank(template: Template, known: Facts) -> str:
    """The facts that a letter needs and may have, as TOML to be filled in.

    Parameters
    ----------
    template : Template
        The letter's.
    known : Facts
        What is known already, and not asked for again.
    """
    head = template.head
    asked = [name for name in NAMES if name in (*head.needs, *head.optional) and known[name] in ("", None)]
    plain = [name for name in asked if "." not in name]
    tables = dict.fromkeys(name.partition(".")[0] for name in asked if "." in name)
    lines = [f"# Facts for {head.id}. What is not needed can stay out. Keep this file where only you can read it."]
    lines += [_blank_line(name, name, name in head.needs) for name in plain]
    lines += [f"# {flag}: {what}" for flag, what in head.flags.items()]
    lines += ["flags = []"] if head.flags else []
    for table in tables:
        lines += ["", f"[{table}]"]
        lines += [_blank_line(n, n.partition(".")[2], n in head.needs) for n in asked if n.startswith(f"{table}.")]
    return "\n".join(lines) + "\n"


def _blank_line(name: str, key: str, needed: bool) -> str:
    value = {"child.birth_year": "2014", "date": "2026-12-01", "asked_on": "2026-10-01"}.get(name, '""')
    # An example of a number or a date would be taken for an answer: it counts only once its sign is taken away.
    mark = "" if needed and value == '""' else "# "
    end = ", if you like" if not needed else "; take away the sign before it" if mark else ""
    return f"{mark}{key} = {value}  # {NAMES[name]}{end}"


def read_facts(document: Document) -> Facts:
    """Facts from a TOML file.

    Parameters
    ----------
    document : Document
        As `misread.deployment.text.source.read_document` gives it.

    Raises
    ------
    MisreadError
        With everything that is wrong in it.
    """
    try:
        return Facts.model_validate(document.data)
    except ValidationError as error:
        raise MisreadError([_problem(document, detail) for detail in error.errors(include_url=False)]) from error


def _problem(document: Document, detail: Any) -> Problem:
    path = tuple(detail["loc"])
    fields: Any = Facts.model_fields
    expected = ""
    for part in path:
        if not isinstance(part, str) or part not in fields:
            break
        expected = f"{fields[part].description}."
        fields = getattr(fields[part].annotation, "model_fields", {})
    key = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
    place = next((document.places[path[:n]] for n in range(len(path), 0, -1) if path[:n] in document.places), None)
    mend = "correct it."
    match detail["type"]:
        case "extra_forbidden":
            meant = near(str(path[-1]), fields)
            what, expected = f"`{path[-1]}` is no key here.", f"one of {', '.join(fields)}."
            mend = f"did you mean `{meant}`?" if meant else "take it out."
        case "value_error":
            what = f"Something does not fit: {detail['ctx']['error']}."
        case "too_long" | "string_too_long":
            what = f"It has more than {detail['ctx']['max_length']:,} characters."
            mend = "say it in fewer words, or put the rest on a sheet of its own."
        case _:
            what = f"It is {str(detail['input'])[:60]!r}."
            mend = "write that instead."
    return Problem(what, expected, mend, document.file, key, place.line if place else None)


def facts_of(data: Mapping[str, Any]) -> Facts:
    """Facts from plain data, such as a form or a file of JSON gives; dates as text in ISO 8601.

    Raises
    ------
    MisreadError
        With everything that is wrong in it.
    """
    given = dict(data)
    for key in ("date", "asked_on"):
        if isinstance(given.get(key), str):
            try:
                given[key] = read_day(given[key])
            except ValueError as error:
                what = f"{given[key][:40]!r} is no day."
                raise MisreadError(Problem(what, "a day such as 2026-11-23.", "correct it.", key=key)) from error
    return read_facts(Document("", given, {}))
