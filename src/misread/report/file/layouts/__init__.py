"""Six ways in which systems write out one and the same file.

Nobody has published what such an export looks like. These six are made up to differ in what exports do differ in:
format, nesting, names and language of the columns, order of day and month, clock, decimal sign, and what a row is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from misread.errors import MisreadError, Problem

Format = Literal["csv", "json", "xlsx"]
Nesting = Literal["an entry a row", "days, lessons, looks", "an event a line", "a sheet a year", "a lesson a row"]
DateOrder = Literal["YYYY-MM-DD", "DD.MM.YYYY", "MM/DD/YYYY", "DD/MM/YYYY", "milliseconds since 1970"]
Clock = Literal["24 h", "12 h"]
FORMATS: tuple[Format, ...] = ("csv", "json", "xlsx")


@dataclass(frozen=True, slots=True)
class Layout:
    """How one system writes out a file.

    Attributes
    ----------
    name : str
        What --layout calls it.
    format : str
        ``csv``, ``json`` or ``xlsx``.
    language : str
        That of names and of the system's own words. Labels, rules and messages stay as the deployment has them.
    nesting : str
        What lies in what.
    dates : str
        Order of a date's parts.
    names : mapping of str to str
        What is written → what this system calls it, in the order of the columns.
    words : mapping of str to str
        The system's own words (kinds of entry, who is told, outcomes) → this language's. Others stay as they are.
    clock : str
        ``24 h``, or ``12 h`` with AM and PM.
    suffix : str
        How the file's name ends.
    separator, decimal, listed : str
        Between columns, in numbers, and between several who are told.
    mark : bool
        Whether the text begins with a byte order mark, as some spreadsheets ask for.
    """

    name: str
    format: Format
    language: str
    nesting: Nesting
    dates: DateOrder
    names: Mapping[str, str]
    words: Mapping[str, str] = field(default_factory=dict)
    clock: Clock = "24 h"
    suffix: str = ""
    separator: str = ","
    decimal: str = "."
    listed: str = ", "
    mark: bool = False

    def word(self, own: str) -> str:
        """A word of the system's own, in this language."""
        return self.words.get(own, own)


LOG = Layout(
    name="log",
    format="csv",
    language="English",
    nesting="an entry a row",
    dates="YYYY-MM-DD",
    names={
        "child": "pupil",
        "date": "date",
        "time": "time",
        "lesson": "lesson",
        "label": "label",
        "flag": "flag",
        "message": "message",
        "told": "notified",
        "mark": "mark",
        "decision": "decision",
        "by": "decided by",
        "outcome": "outcome",
    },
    suffix=".csv",
)
TABELLE = Layout(
    name="tabelle",
    format="csv",
    language="German",
    nesting="an entry a row",
    dates="DD.MM.YYYY",
    names={
        "child": "Kennung",
        "date": "Datum",
        "minute": "Minute ab 8 Uhr",
        "lesson": "Stunde",
        "kind": "Art",
        "word": "Eintrag",
        "message": "Mitteilung",
        "told": "Empfänger",
        "by": "Entscheider",
        "outcome": "Ergebnis",
    },
    words={
        "label": "Messung",
        "flag": "Meldung",
        "mark": "Vermerk",
        "decision": "Entscheidung",
        "teacher": "Lehrkraft",
        "parent": "Eltern",
        "counsellor": "Beratung",
        "chosen": "ausgewählt",
        "not chosen": "nicht ausgewählt",
        "tied": "gleichauf an der Grenze, Chance",
    },
    suffix=".csv",
    separator=";",
    decimal=",",
    listed=" + ",
    mark=True,
)
DAYS = Layout(
    name="days",
    format="json",
    language="English",
    nesting="days, lessons, looks",
    dates="YYYY-MM-DD",
    names={
        "child": "studentId",
        "date": "date",
        "year": "schoolYear",
        "lesson": "period",
        "time": "at",
        "label": "emotion",
        "flag": "alert",
        "message": "text",
        "told": "sentTo",
        "mark": "designation",
        "decision": "decision",
        "by": "decidedBy",
        "outcome": "result",
        "days": "days",
        "lessons": "periods",
        "labels": "readings",
        "flags": "alerts",
        "marks": "designations",
        "decisions": "decisions",
    },
    words={"chosen": "selected", "not chosen": "not selected", "tied": "tied, chance"},
    suffix=".json",
)
EVENTS = Layout(
    name="events",
    format="json",
    language="English",
    nesting="an event a line",
    dates="milliseconds since 1970",
    names={
        "time": "ts",
        "kind": "type",
        "child": "subject",
        "lesson": "slot",
        "word": "value",
        "message": "msg",
        "told": "rcpt",
        "by": "actor",
        "outcome": "p",
    },
    words={
        "label": "affect.reading",
        "flag": "affect.alert",
        "mark": "profile.tag",
        "decision": "profile.decision",
        "teacher": "staff",
        "parent": "guardian",
        "counsellor": "counsel",
    },
    suffix=".jsonl",
)
YEARS = Layout(
    name="years",
    format="xlsx",
    language="English",
    nesting="a sheet a year",
    dates="MM/DD/YYYY",
    clock="12 h",
    names={
        "moment": "Date and time",
        "lesson": "Class period",
        "label": "Mood",
        "flag": "Concern",
        "message": "Notice",
        "told": "Notice sent to",
        "mark": "Profile tag",
        "decision": "Placement decision",
        "by": "Made by",
        "outcome": "Result",
        "sheet": "Grade",
    },
    words={
        "teacher": "Teacher",
        "parent": "Parent/guardian",
        "counsellor": "Counselor",
        "chosen": "Selected",
        "not chosen": "Not selected",
        "tied": "Tied at cutoff, chance",
    },
    suffix=".xlsx",
    listed="; ",
)
RELEVES = Layout(
    name="releves",
    format="xlsx",
    language="French",
    nesting="a lesson a row",
    dates="DD/MM/YYYY",
    names={
        "date": "Date",
        "lesson": "Séance",
        "time": "Heure de début",
        "label": "Relevé",
        "flag": "Signalement",
        "flag time": "Heure du signalement",
        "message": "Message",
        "told": "Destinataires",
        "mark": "Mention",
        "decision": "Décision",
        "by": "Décidée par",
        "outcome": "Issue",
        "sheet": "Relevés",
    },
    words={
        "teacher": "enseignant",
        "parent": "parents",
        "counsellor": "conseiller",
        "chosen": "retenu",
        "not chosen": "non retenu",
        "tied": "ex æquo au seuil, probabilité",
    },
    suffix=".xlsx",
    decimal=",",
    listed=" et ",
)
LAYOUTS: Mapping[str, Layout] = {made.name: made for made in (LOG, TABELLE, DAYS, EVENTS, YEARS, RELEVES)}
"""All six; the first of a format is what is taken when none is named."""


def layout_of(format: Format, name: str | None = None) -> Layout:
    """The layout of that name, which must be one of the format; without a name the format's first.

    Raises
    ------
    MisreadError
        If there is none, or it is of another format.
    """
    fitting = {made.name: made for made in LAYOUTS.values() if made.format == format}
    if name is None:
        return next(iter(fitting.values()))
    if name in fitting:
        return fitting[name]
    expected = f"with --as-export {format}, one of {', '.join(fitting)}."
    if name in LAYOUTS:
        other = LAYOUTS[name].format
        what, mend = f"The layout {name!r} is one of {other}, not of {format}.", f"say --as-export {other}."
    else:
        what, mend = f"There is no layout {name!r}.", "leave --layout out, or give one of these."
    raise MisreadError(Problem(what, expected, mend, key="--layout"))
