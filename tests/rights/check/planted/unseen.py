"""Six layouts in words that the field dictionary has never seen, in every form that is read."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from random import Random

from misread.report.file.entries import Entry, Kind
from tests.rights.check.planted.words import LABELS, RULES, TONGUES, Tongue, drawn


@dataclass(frozen=True)
class Row:
    """One entry, and whose it is."""

    pupil: str
    entry: Entry


@dataclass(frozen=True)
class Speech:
    """The words that one export uses.

    Attributes
    ----------
    names : mapping of str to str
        What is written → what its column is called.
    labels : mapping of str to str
        A label of the deployment → what is written for it.
    kinds : mapping of str to str
        ``label`` and ``flag`` → what is written for such an entry.
    rules : mapping of str to str
        The name of a rule → what is written for it.
    """

    names: Mapping[str, str]
    labels: Mapping[str, str]
    kinds: Mapping[str, str]
    rules: Mapping[str, str]

    def word(self, entry: Entry) -> str:
        return (self.labels if entry.kind is Kind.LABEL else self.rules).get(entry.word, entry.word)


ROLES = ("pupil", "date", "time", "moment", "lesson", "label", "kind", "alert", "entries")


def speech(lots: Random) -> Speech:
    """Words of one language, drawn anew for each export."""
    tongue = lots.choice(sorted(TONGUES))
    words: Tongue = TONGUES[tongue]
    names = {role: drawn(lots, getattr(words, role)) for role in ROLES}
    labels = dict(zip(LABELS, words.labels, strict=True))
    rules = dict(zip(RULES, words.rules, strict=True))
    return Speech(names, labels, {"label": words.reading_word, "flag": words.alert_word}, rules)


@dataclass(frozen=True)
class Unseen:
    """One such layout.

    Attributes
    ----------
    name, suffix : str
        What it is called, and how its file's name ends.
    columns : tuple of str
        What each row says.
    write : callable
        Rows and words → the file.
    told : str
        What it is, in a few words.
    """

    name: str
    suffix: str
    columns: tuple[str, ...]
    write: Callable[[Sequence[Row], Speech], bytes]
    told: str


def _cells(columns: Sequence[str], row: Row, said: Speech, when: Callable[[datetime], str] = str) -> list[str]:
    entry, label = row.entry, row.entry.kind is Kind.LABEL
    cells = {
        "pupil": row.pupil,
        "date": entry.at.date().isoformat(),
        "time": entry.at.time().isoformat(),
        "moment": when(entry.at),
        "lesson": str(entry.lesson or ""),
        "label": said.word(entry) if label or "kind" in columns else "",
        "kind": said.kinds[entry.kind],
        "alert": "" if label else said.word(entry),
    }
    return [cells[column] for column in columns]


def _table(rows: Sequence[Row], said: Speech, columns: Sequence[str], delimiter: str, when: Callable[[datetime], str] = str) -> str:  # fmt: skip
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow([said.names[column] for column in columns])
    writer.writerows(_cells(columns, row, said, when) for row in rows)
    return out.getvalue()


def packed(members: Mapping[str, bytes]) -> bytes:
    """A ZIP, the same for the same files: all of one date."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def without_clock(book: bytes) -> bytes:
    """A workbook, the same for the same cells: it does not say when it was made."""
    archive = zipfile.ZipFile(io.BytesIO(book))
    members = {name: archive.read(name) for name in archive.namelist()}
    core = members["docProps/core.xml"]
    members["docProps/core.xml"] = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2001-01-01T00:00:00Z", core)
    return packed(members)


PLAIN = ("pupil", "date", "time", "lesson", "label", "alert")
KINDS = ("pupil", "moment", "kind", "label")


def _plain(rows: Sequence[Row], said: Speech) -> bytes:
    return _table(rows, said, PLAIN, ",").encode()


def _marked(rows: Sequence[Row], said: Speech) -> bytes:
    return _table(rows, said, KINDS, ";", lambda at: at.strftime("%d.%m.%Y %H:%M:%S")).encode("utf-16")


def _nested(rows: Sequence[Row], said: Speech) -> bytes:
    """Days within a document, entries within days; a child is named once, with all that is its."""
    name = said.names
    whole = []
    for pupil in dict.fromkeys(row.pupil for row in rows):
        days = []
        own = [row for row in rows if row.pupil == pupil]
        for day, inside in groupby(own, key=lambda row: row.entry.at.date()):
            entries = [_object(row, said) for row in inside]
            days.append({name["date"]: day.isoformat(), name["entries"]: entries})
        whole.append({name["pupil"]: pupil, f"{name['entries']}2": days})
    return "\n".join(json.dumps(document, ensure_ascii=False, indent=1) for document in whole).encode()


def _object(row: Row, said: Speech) -> dict[str, object]:
    name, entry = said.names, row.entry
    key = "label" if entry.kind is Kind.LABEL else "alert"
    return {name["time"]: entry.at.time().isoformat(), name["lesson"]: entry.lesson, name[key]: said.word(entry)}


def _lines(rows: Sequence[Row], said: Speech) -> bytes:
    def line(row: Row) -> str:
        pupil, _moment, kind, label = _cells(KINDS, row, said)
        seconds = int(row.entry.at.replace(tzinfo=UTC).timestamp())
        name = said.names
        return json.dumps({name["moment"]: seconds, name["pupil"]: pupil, name["kind"]: kind, name["label"]: label})

    return "\n".join(map(line, rows)).encode()


def _sheets(rows: Sequence[Row], said: Speech) -> bytes:
    """A sheet a month, dates as the workbook's own."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for (year, month), inside in groupby(rows, key=lambda row: (row.entry.at.year, row.entry.at.month)):
        sheet = book.create_sheet(f"{month:02}-{year}")
        columns = ("pupil", "moment", "lesson", "label", "alert")
        sheet.append([said.names[column] for column in columns])
        for row in inside:
            cells: list[object] = [cell or None for cell in _cells(columns, row, said)]
            cells[1] = row.entry.at
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return without_clock(out.getvalue())


def _packed(rows: Sequence[Row], said: Speech) -> bytes:
    """A file a week, packed."""
    weeks = groupby(rows, key=lambda row: row.entry.at.isocalendar()[:2])
    return packed(
        {f"{year}-{week:02}.tsv": _table(list(inside), said, PLAIN, "\t").encode() for (year, week), inside in weeks}
    )


UNSEEN: Mapping[str, Unseen] = {
    made.name: made
    for made in (
        Unseen("plain", ".csv", PLAIN, _plain, "CSV, an entry a row"),
        Unseen("marked", ".csv", KINDS, _marked, "CSV in UTF-16 with semicolons, day first, a kind and a word a row"),
        Unseen("nested", ".json", ("pupil", "date", "time", "lesson", "label", "alert"), _nested, "JSON, entries in days"),
        Unseen("lines", ".jsonl", KINDS, _lines, "JSON Lines, seconds since 1970"),
        Unseen("sheets", ".xlsx", ("pupil", "moment", "lesson", "label", "alert"), _sheets, "XLSX, a sheet a month"),
        Unseen("packed", ".zip", PLAIN, _packed, "ZIP, a file with tabs a week"),
    )
}  # fmt: skip
