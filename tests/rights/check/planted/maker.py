"""Exports about made-up pupils, clean or with one fault planted, and what a check has to find in each.

Pupils are replayed by the engine, as `misread file` does. All that is drawn is drawn from the number of the export, so
that the same number gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from misread.cli.child.pupil import watched
from misread.deployment import load
from misread.report.file import LAYOUTS, ChildFile, child_file, export
from misread.report.file.entries import Entry, Kind
from misread.rights.check.findings.calendar import Calendar
from misread.rights.record.change import entered, new
from misread.rights.record.model import Record
from tests.rights.check.planted.unseen import UNSEEN, Row, Speech, packed, speech, without_clock
from tests.rights.check.planted.words import CLASS_OF, DISGUISES, LABELS, TONGUES, drawn

FAULTS = ("none", "kept too long", "label renamed", "neighbour", "gap", "columns renamed")
LESSONS = ("08:00-08:40", "08:50-09:30", "09:40-10:20", "10:30-11:10", "11:20-12:00", "12:10-12:50")
DAYS = 40
LATER = timedelta(weeks=1252)
"""The files of `misread file` begin in September 2001; those in unseen layouts as many weeks later, in 2025. A second
of 2001 since 1970 has a digit less, and could be anything."""
COLUMN_CLASSES = {
    "child": "identity",
    "pupil": "identity",
    **dict.fromkeys(("date", "time", "moment", "minute", "lesson", "year"), "time"),
    **dict.fromkeys(("label", "word"), "emotion"),
    "kind": "code",
    **dict.fromkeys(("flag", "alert", "mark", "decision", "by", "outcome"), "decision"),
    "message": "free-text",
    "told": "recipient",
    "neighbour": "other-person",
}
"""What is written in a column → what the made-up user says that it is."""
RENAMED: Mapping[str, tuple[str, ...]] = {
    "log": ("child", "date", "time", "lesson", "label", "flag"),
    "tabelle": ("child", "lesson", "kind", "word"),
    "days": ("child", "date", "time", "label", "flag"),
    "events": ("time", "kind", "child", "word"),
    "years": ("moment", "lesson", "label", "flag"),
    "releves": ("date", "time", "lesson", "label"),
}
"""Columns of the known layouts that a fault may rename."""
NEIGHBOUR_COLUMN = {"years": "Seat neighbor", "releves": "Voisin de table"}
"""Layouts that do not say whose a row is name the neighbour in a column."""


@dataclass(frozen=True)
class Made:
    """An export, and what is true of it.

    Attributes
    ----------
    number, layout, fault : int, str, str
        Which it is, and what was planted.
    name, content : str, bytes
        The file.
    record, calendar : Record, Calendar
        What was said beforehand; it is kept but for the fault.
    own, neighbour : str
        What the export calls the family's child, and the other one.
    columns, words : mapping of str to str
        The class of every column and word that a user may be asked about; small letters.
    labels : int
        Labels about the family's child.
    planted : object
        What has to be found, to the row: days, words, a count.
    known : bool
        Whether it is one of the layouts that the dictionary knows.
    """

    number: int
    layout: str
    fault: str
    name: str
    content: bytes
    record: Record
    calendar: Calendar
    own: str
    neighbour: str
    columns: Mapping[str, str]
    words: Mapping[str, str]
    labels: int
    planted: Any
    known: bool


@dataclass(frozen=True)
class Base:
    """A file on which a fault is planted."""

    lots: Random
    file: ChildFile
    other: ChildFile
    keep: int  # days that were promised


@cache
def _school() -> tuple[Any, Any]:
    deployment = load("as-described", settings=[f"calendar.days_per_year={DAYS}", "population.school_years=1"])
    return deployment, watched(deployment, 1).replay


@cache
def _pupil(school: int, pupil: int, later: timedelta) -> ChildFile:
    deployment, replay = _school()
    held = child_file(deployment, replay, school, pupil, 1)
    return replace(held, entries=tuple(e._replace(at=e.at + later) for e in held.entries), truth=())


def made(number: int) -> Made:
    """The export of a number: layouts and faults take turns, all else is drawn."""
    layouts = (*LAYOUTS, *UNSEEN)
    layout, fault = layouts[number % len(layouts)], FAULTS[number // len(layouts) % len(FAULTS)]
    lots = Random(f"export {number}")
    school, pupil = lots.randint(1, 4), lots.randint(1, 60)
    later = LATER if layout in UNSEEN else timedelta()
    whole = _pupil(school, pupil, later)
    base = Base(lots, whole, _pupil(school, pupil + 1, later), lots.randint(18, 40))
    entries, planted = _entries(base, fault)
    kept = replace(whole, entries=entries)
    make = _known if layout in LAYOUTS else _unseen
    return make(number, layout, fault, replace(base, file=kept), planted)


def _entries(base: Base, fault: str) -> tuple[tuple[Entry, ...], Any]:
    """What the file holds, and what was planted in it where that is the same in every layout."""
    everything, lots = base.file.entries, base.lots
    last = everything[-1].at.date()
    within = tuple(e for e in everything if (last - e.at.date()).days <= base.keep)
    if fault == "kept too long":
        older = sorted({e.at.date() for e in everything} - {e.at.date() for e in within})
        begins = lots.choice(older)
        kept = tuple(e for e in everything if e.at.date() >= begins)
        return kept, sum(e.kind is Kind.LABEL and e.at.date() < within[0].at.date() for e in kept)
    if fault == "label renamed":
        return _relabelled(within, lots, base)
    if fault == "gap":
        days = sorted({e.at.date() for e in within})
        length = lots.randint(1, 5)
        first = lots.randint(1, len(days) - length - 1)
        gone = set(days[first : first + length])
        return tuple(e for e in within if e.at.date() not in gone), sorted(map(str, gone))
    return within, None


def _relabelled(entries: tuple[Entry, ...], lots: Random, base: Base) -> tuple[tuple[Entry, ...], Any]:
    """One or two labels get other words, from some day on or throughout."""
    common = [w for w in LABELS[:7] if sum(e.word == w for e in entries) >= 3]
    old = lots.sample(common, lots.choice((1, 1, 2)))
    new = dict(zip(old, lots.sample(sorted(DISGUISES), len(old)), strict=True))
    days = sorted({e.at.date() for e in entries})
    since = lots.choice((days[0], lots.choice(days[: len(days) // 2])))

    def renamed(entry: Entry) -> Entry:
        if entry.kind is Kind.LABEL and entry.word in new and entry.at.date() >= since:
            return entry._replace(word=new[entry.word])
        return entry

    changed = tuple(map(renamed, entries))
    return changed, sorted({e.word for e in changed if e.kind is Kind.LABEL} & set(new.values()))


def _said(base: Base, labels: Sequence[str], told: Sequence[str] = ()) -> Record:
    """What the school said beforehand."""
    record = new("Cameras", "eu", on=date(2001, 8, 1))
    said = {
        "output.labels": list(labels),
        "output.interval": "every 5 minutes",
        "output.actions": "alerts to teachers and parents, marks on file",
        "output.level": "per pupil",
        "input.identification": "by the seat",
        "input.joined_data": "nothing",
        "ret.labels": f"{base.keep} days",
        **({"output.live_recipients": list(told)} if told else {}),
    }
    for field, value in said.items():
        record = entered(record, field, "disclosed", on=date(2001, 8, 2), why="told", value=value, said_by="school")
    return record


def _calendar(base: Base) -> Calendar:
    first, last = base.file.entries[0].at.date(), base.file.entries[-1].at.date()
    return Calendar(terms=((first, last),), hours="08:00-13:00", lessons=LESSONS, zone="UTC")


def _labels(file: ChildFile) -> int:
    return sum(e.kind is Kind.LABEL for e in file.entries)


# The layouts of `misread file`, which the dictionary knows.


def _known(number: int, layout: str, fault: str, base: Base, planted: Any) -> Made:
    own, lots = LAYOUTS[layout], base.lots
    columns = {name: COLUMN_CLASSES[what] for what, name in own.names.items() if what in COLUMN_CLASSES}
    if fault == "columns renamed":
        tongue = TONGUES[lots.choice(sorted(TONGUES))]
        for what in lots.sample(RENAMED[layout], lots.randint(1, 3)):
            role = {"child": "pupil", "word": "label", "flag": "alert", "minute": "time"}.get(what, what)
            name = drawn(lots, getattr(tongue, role))
            own = replace(own, names={**own.names, what: name})
            columns[name] = COLUMN_CLASSES[what]
    content = export(base.file, own)
    if fault == "neighbour":
        content, planted = _with_neighbour(layout, content, base)
    words = {**CLASS_OF, **DISGUISES}
    return Made(
        number, layout, fault, f"export{own.suffix}", content, _said(base, LABELS, ("teacher", "parent")),
        _calendar(base), _id(layout, base.file), _id(layout, base.other), {k.casefold(): v for k, v in columns.items()},
        {k.casefold(): v for k, v in words.items()}, _labels(base.file), planted, True,
    )  # fmt: skip


def _id(layout: str, file: ChildFile) -> str:
    return f"{file.school}-{file.pupil}" if layout == "tabelle" else file.name


def _with_neighbour(layout: str, content: bytes, base: Base) -> tuple[bytes, int]:
    """Rows of another child among those of the family's."""
    some = _some(base)
    if layout in NEIGHBOUR_COLUMN:
        return _named_beside(content, NEIGHBOUR_COLUMN[layout], base), 0
    theirs = export(replace(base.other, entries=some, truth=()), LAYOUTS[layout])
    if layout == "days":
        return content + theirs, len(some)
    # What stands between rows is the same in both, and so is the first row of names.
    end = b"\n" if layout == "events" else b"\r\n"
    rows, others = content.split(end), theirs.split(end)
    at = base.lots.randint(1, len(rows) - 1)
    rows[at:at] = others[:-1] if layout == "events" else others[1:-1]
    return end.join(rows), len(some)


def _some(base: Base) -> tuple[Entry, ...]:
    """Some entries of the other child that follow one another, on days that the file has."""
    days = {e.at.date() for e in base.file.entries}
    labels = [e for e in base.other.entries if e.kind is Kind.LABEL and e.at.date() in days]
    n = base.lots.randint(1, 40)
    at = base.lots.randint(0, len(labels) - n)
    return tuple(labels[at : at + n])


def _named_beside(content: bytes, column: str, base: Base) -> bytes:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    at = sheet.max_column + 1
    sheet.cell(1, at, column)
    for row in base.lots.sample(range(2, sheet.max_row + 1), base.lots.randint(1, 40)):
        sheet.cell(row, at, base.other.name)
    out = io.BytesIO()
    book.save(out)
    return without_clock(out.getvalue())


# Layouts in words that the dictionary has never seen.


def _unseen(number: int, layout: str, fault: str, base: Base, planted: Any) -> Made:
    lots, file, how = base.lots, base.file, UNSEEN[layout]
    said = speech(lots)
    own, neighbour = f"{file.school}-{file.pupil:04}", f"{base.other.school}-{base.other.pupil:04}"
    rows = [Row(own, e) for e in file.entries if e.kind in (Kind.LABEL, Kind.FLAG)]
    if fault == "neighbour":
        some = _some(base)
        planted = len(some)
        rows = sorted([*rows, *(Row(neighbour, e) for e in some)], key=lambda row: row.entry.at)
    columns = {said.names[what]: COLUMN_CLASSES[what] for what in how.columns}
    if fault == "columns renamed":
        content, name, again = _halves(rows, said, lots, how.write, how.suffix)
        columns |= {again.names[what]: COLUMN_CLASSES[what] for what in how.columns}
    else:
        content, name = how.write(rows, said), f"export{how.suffix}"
    words = {written: CLASS_OF[label] for label, written in said.labels.items()}
    words |= {said.kinds["label"]: "reading", said.kinds["flag"]: "alert"}
    # The names of rules stand among the words of a layout that has kinds of entry.
    words |= {**dict.fromkeys(said.rules.values(), "alert"), **DISGUISES}
    return Made(
        number, layout, fault, name, content, _said(base, list(said.labels.values())), _calendar(base), own, neighbour,
        {k.casefold(): v for k, v in columns.items()}, {k.casefold(): v for k, v in words.items()},
        _labels(file), planted, False,
    )  # fmt: skip


def _halves(
    rows: Sequence[Row], said: Speech, lots: Random, write: Callable[[Sequence[Row], Speech], bytes], suffix: str
) -> tuple[bytes, str, Speech]:
    """Two files in one archive: from some day on its columns are called otherwise."""
    days = sorted({row.entry.at.date() for row in rows})
    since = days[len(days) // 2]
    others = speech(lots).names
    # Two things that are called the same in one file would be another fault.
    again = replace(said, names={role: others[role] if others[role] not in said.names.values() else said.names[role] for role in said.names})  # fmt: skip
    before = [row for row in rows if row.entry.at.date() < since]
    after = [row for row in rows if row.entry.at.date() >= since]
    if suffix == ".zip":
        from zipfile import ZipFile

        members = {}
        for part, words in ((before, said), (after, again)):
            archive = ZipFile(io.BytesIO(write(part, words)))
            members |= {f"{len(members)}-{name}": archive.read(name) for name in archive.namelist()}
        return packed(members), "export.zip", again
    members = {f"before{suffix}": write(before, said), f"after{suffix}": write(after, again)}
    return packed(members), "export.zip", again
