"""A file in one of the layouts, as bytes. The same file gives the same bytes: there is no clock in it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from misread.report.file.entries import ChildFile, Entry, Kind
from misread.report.file.layouts import Layout

Cell = str | int
EPOCH, MILLISECOND = datetime(1970, 1, 1), timedelta(milliseconds=1)
encoded = json.JSONEncoder(ensure_ascii=False).encode
"""JSON in one line; one encoder for all of a file's entries."""
MADE_UP = "made up by misread; no child"
"""What every layout that has a place for it says of itself."""
DATES: Mapping[str, Callable[[date], str]] = {
    "YYYY-MM-DD": lambda d: f"{d.year:04}-{d.month:02}-{d.day:02}",
    "DD.MM.YYYY": lambda d: f"{d.day:02}.{d.month:02}.{d.year:04}",
    "MM/DD/YYYY": lambda d: f"{d.month:02}/{d.day:02}/{d.year:04}",
    "DD/MM/YYYY": lambda d: f"{d.day:02}/{d.month:02}/{d.year:04}",
}


def export(file: ChildFile, layout: Layout) -> bytes:
    """What the system would give out.

    Parameters
    ----------
    file : ChildFile
        The file. Only what is still held goes out; the truth never does.
    layout : Layout
        Which system.

    Returns
    -------
    bytes
        The whole file.

    Raises
    ------
    MisreadError
        If it has more rows or columns than a workbook can hold.
    """
    if layout.format == "xlsx":
        # A workbook's library loads when one is written.
        from misread.report.file.layouts.workbooks import workbook

        return workbook(file, layout)
    text = {"an entry a row": _rows, "days, lessons, looks": _days, "an event a line": _events}[layout.nesting]
    return text(file, layout).encode("utf-8-sig" if layout.mark else "utf-8")


def date_text(layout: Layout, at: datetime) -> str:
    """The date, as the layout orders its parts."""
    return DATES[layout.dates](at)


def time_text(layout: Layout, at: datetime) -> str:
    """The time of day, to the second; to the millisecond where there is a rest."""
    hour = at.hour if layout.clock == "24 h" else at.hour % 12 or 12
    rest = f".{at.microsecond // 1000:03}" if at.microsecond else ""
    half = "" if layout.clock == "24 h" else " AM" if at.hour < 12 else " PM"
    return f"{hour:02}:{at.minute:02}:{at.second:02}{rest}{half}"


def number_text(layout: Layout, number: float) -> str:
    """A number with the layout's decimal sign."""
    return f"{number:.9g}".replace(".", layout.decimal)


def told_text(layout: Layout, entry: Entry) -> str:
    """All who are told, in one cell."""
    return layout.listed.join(map(layout.word, entry.told))


def outcome_text(layout: Layout, entry: Entry) -> str:
    """What a decision came to; those tied at the cut share the places that are left."""
    if entry.chance is None:
        return ""
    if 0 < entry.chance < 1:
        return f"{layout.word('tied')} {number_text(layout, entry.chance)}"
    return layout.word("chosen" if entry.chance else "not chosen")


def row_of(layout: Layout, file: ChildFile, columns: Iterable[str]) -> Callable[[Entry], list[Cell]]:
    """What makes an entry's row: a cell a column, empty where the entry has nothing of the kind."""
    cells = {what: _cell(layout, file, what) for what in columns}
    dated = [(i, cells[what]) for i, what in enumerate(cells) if what in ("date", "moment")]
    known: dict[tuple[float, int, str], list[Cell]] = {}

    def row(entry: Entry) -> list[Cell]:
        if entry.kind is not Kind.LABEL:
            return [cell(entry) for cell in cells.values()]
        # The same labels at the same times of day come again and again: only the date is another.
        same = (entry.minute, entry.lesson, entry.word)
        if same not in known:
            known[same] = [cell(entry) for cell in cells.values()]
        own = known[same].copy()
        for i, cell in dated:
            own[i] = cell(entry)
        return own

    return row


def _cell(layout: Layout, file: ChildFile, what: str) -> Callable[[Entry], Cell]:
    """What fills one column. Looked up once, not once a cell: there are a million of them."""
    child = file.name if layout.language == "English" else f"{file.school}-{file.pupil}"
    if what in set(Kind):
        return lambda e: e.word if e.kind == what else ""
    return {
        "child": lambda _: child,
        "date": lambda e: date_text(layout, e.at),
        "time": lambda e: time_text(layout, e.at),
        "moment": lambda e: f"{date_text(layout, e.at)} {time_text(layout, e.at)}",
        "minute": lambda e: number_text(layout, e.minute),
        "lesson": lambda e: e.lesson or "",
        "kind": lambda e: layout.word(e.kind),
        "word": lambda e: e.word,
        "message": lambda e: e.message,
        "told": lambda e: told_text(layout, e),
        "by": lambda e: e.by,
        "outcome": lambda e: outcome_text(layout, e),
    }[what]


def _rows(file: ChildFile, layout: Layout) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=layout.separator, lineterminator="\r\n")
    writer.writerow(layout.names.values())
    writer.writerows(map(row_of(layout, file, layout.names), file.held()))
    return out.getvalue()


def _days(file: ChildFile, layout: Layout) -> str:
    name, made = layout.names, _objects(layout)
    days = ",\n".join(
        encoded(_day(layout, list(entries), made)) for _, entries in groupby(file.held(), key=lambda e: (e.year, e.day))
    )
    head = encoded({"source": MADE_UP, name["child"]: file.name})[:-1]
    return f"{head}, {encoded(name['days'])}: [\n{days}\n]}}\n"


def _objects(layout: Layout) -> Callable[[Entry], dict[str, Any]]:
    """What makes an entry's object; labels that are the same at the same time of day share one."""
    known: dict[tuple[float, str], dict[str, Any]] = {}

    def made(entry: Entry) -> dict[str, Any]:
        if entry.kind is not Kind.LABEL:
            return _object(layout, entry)
        same = (entry.minute, entry.word)
        if same not in known:
            known[same] = _object(layout, entry)
        return known[same]

    return made


def _day(layout: Layout, entries: list[Entry], made: Callable[[Entry], dict[str, Any]]) -> dict[str, Any]:
    """A day: its lessons, then what is written in the evening; a list that would be empty is left out."""
    name = layout.names
    lessons = [
        {name["lesson"]: number, **_listed(layout, list(inside), made, Kind.LABEL, Kind.FLAG)}
        for number, inside in groupby((e for e in entries if e.lesson), key=lambda e: e.lesson)
    ]
    return {
        name["date"]: date_text(layout, entries[0].at),
        name["year"]: entries[0].year,
        **({name["lessons"]: lessons} if lessons else {}),
        **_listed(layout, entries, made, Kind.MARK, Kind.DECISION),
    }


def _listed(
    layout: Layout, entries: Iterable[Entry], made: Callable[[Entry], dict[str, Any]], *kinds: Kind
) -> dict[str, Any]:
    name, found = layout.names, {}
    for kind in kinds:
        if rows := [made(e) for e in entries if e.kind is kind]:
            found[name[f"{kind}s"]] = rows
    return found


def _object(layout: Layout, entry: Entry) -> dict[str, Any]:
    name = layout.names
    row: dict[str, Any] = {name["time"]: time_text(layout, entry.at), name[entry.kind]: entry.word}
    if entry.kind is Kind.FLAG:
        row |= {name["message"]: entry.message, name["told"]: [layout.word(w) for w in entry.told]}
    if entry.kind is Kind.DECISION:
        row |= {name["by"]: entry.by, name["outcome"]: outcome_text(layout, entry)}
    return row


def _events(file: ChildFile, layout: Layout) -> str:
    begins, rest = f"{{{encoded(layout.names['time'])}: ", _but_time(file, layout)
    return "".join(f"{begins}{(e.at - EPOCH) // MILLISECOND}, {rest(e)}\n" for e in file.held())


def _but_time(file: ChildFile, layout: Layout) -> Callable[[Entry], str]:
    """What makes an event's text but for its time, which comes first; labels of a lesson share theirs."""
    known: dict[tuple[int, str], str] = {}

    def rest(entry: Entry) -> str:
        same = (entry.lesson, entry.word)
        if entry.kind is not Kind.LABEL:
            return encoded(_event(file, layout, entry))[1:]
        if same not in known:
            known[same] = encoded(_event(file, layout, entry))[1:]
        return known[same]

    return rest


def _event(file: ChildFile, layout: Layout, e: Entry) -> dict[str, Any]:
    name = layout.names
    event: dict[str, Any] = {name["kind"]: layout.word(e.kind), name["child"]: file.name, name["word"]: e.word}
    if e.lesson:
        event[name["lesson"]] = e.lesson
    if e.told:
        event |= {name["message"]: e.message, name["told"]: [layout.word(w) for w in e.told]}
    if e.chance is not None:
        event |= {name["by"]: e.by, name["outcome"]: e.chance}
    return event
