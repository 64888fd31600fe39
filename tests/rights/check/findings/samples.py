"""Exports made here, small enough to count by hand; nobody's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from misread.rights.check.check import check
from misread.rights.check.findings.calendar import Calendar
from misread.rights.check.model import Checked, Export, Finding, Note, Sheet
from misread.rights.record.change import entered, new
from misread.rights.record.model import Record

LABELS = ("neutral", "happy", "sad", "angry", "bored", "none")
FIRST = date(2025, 9, 1)
"""A Monday."""
LESSONS = ("08:00-08:40", "08:50-09:30")


def sheet(columns: dict[str, Sequence[Any]], name: str = "table", first: int = 2) -> Sheet:
    """A table as it is read: text, nothing where a cell is empty."""
    texts = {k: pa.array([None if v in (None, "") else str(v) for v in vs], pa.string()) for k, vs in columns.items()}
    return Sheet(name, pa.table({k: v.dictionary_encode() for k, v in texts.items()}), "csv", name, first)


def export(*sheets: Sheet, notes: Iterable[Note] = ()) -> Export:
    return Export("export.csv", sheets, tuple(notes))


def school_days(n: int, first: date = FIRST) -> list[date]:
    days = (first + timedelta(i) for i in range(2 * n + 7))
    return [day for day in days if day.weekday() < 5][:n]


def moments(days: Iterable[date], minutes: Iterable[int] = (*range(0, 40, 5), *range(50, 90, 5))) -> list[datetime]:
    return [datetime(day.year, day.month, day.day, 8) + timedelta(minutes=m) for day in days for m in minutes]


def log(
    at: Sequence[datetime], labels: Sequence[str] = LABELS, seed: int = 1, pupil: str = "S17", **more: Any
) -> dict[str, list[Any]]:
    """Labels at some moments, drawn with different shares."""
    shares = np.arange(len(labels), 0, -1) / np.arange(1, len(labels) + 1).sum()
    drawn = np.random.default_rng(seed).choice(len(labels), len(at), p=shares)
    rows = {"student_id": [pupil] * len(at), "timestamp": [f"{t:%Y-%m-%d %H:%M:%S}" for t in at]}
    return {**rows, "emotion": [labels[i] for i in drawn], **{k: list(v) for k, v in more.items()}}


def record(**told: Any) -> Record:
    """A record in which the school told some fields; a double underscore stands for the point."""
    found = new("Cameras", "eu", on=date(2025, 8, 1))
    for id, value in told.items():
        found = entered(
            found, id.replace("__", "."), "disclosed", on=date(2025, 8, 2), why="told", value=value, said_by="school"
        )
    return found


def calendar(first: date = FIRST, last: date = date(2025, 12, 19), **more: Any) -> Calendar:
    return Calendar(terms=((first, last),), hours="08:00-10:00", lessons=LESSONS, **more)


def found(checked: Checked, code: str) -> Finding:
    (one,) = [finding for finding in checked.findings if finding.code == code]
    return one


def one(code: str, columns: dict[str, Sequence[Any]], **given: Any) -> Finding:
    """The finding of one check on one table."""
    return found(check(export(sheet(columns)), **given), code)
