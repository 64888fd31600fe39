"""A file, school year by school year: what one would read of 100,000 entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from misread.report.file.dates import first_days, school_day
from misread.report.file.entries import ChildFile, Entry, Kind
from misread.report.file.truth import Truth


@dataclass(frozen=True, slots=True)
class Year:
    """What one school year brings into a file.

    Attributes
    ----------
    year : int
        Counted from 1.
    labels, flags, told : mapping of str to int
        How many of each label, flags of each rule, messages to each who is told.
    marks : tuple of str
        Marks earned.
    decisions : tuple of Entry
        Decisions taken at its end.
    on_file : int
        Flags held at its end, those of earlier years included.
    """

    year: int
    labels: Mapping[str, int]
    flags: Mapping[str, int]
    told: Mapping[str, int]
    marks: tuple[str, ...]
    decisions: tuple[Entry, ...]
    on_file: int


@dataclass(frozen=True, slots=True)
class TrueYear:
    """What of it was so. No part of the file.

    Attributes
    ----------
    wrong : mapping of str to int
        Flags of each rule whose claim was not so.
    unearned : tuple of str
        Marks earned on flags at least half of which were false.
    decisions : tuple of Truth
        Of each decision: what it would have been on the flags of a reader without error.
    """

    wrong: Mapping[str, int]
    unearned: tuple[str, ...]
    decisions: tuple[Truth, ...]


def years_of(file: ChildFile) -> tuple[Year, ...]:
    """The file's years, those without an entry too."""
    found = {year: list(inside) for year, inside in groupby(file.entries, key=lambda e: e.year)}
    return tuple(
        _year(year, found.get(year, []), held)
        for year, held in zip(range(file.first, file.last + 1), file.on_file, strict=True)
    )


def _year(year: int, entries: list[Entry], on_file: int) -> Year:
    # Nearly all are labels: the others are found once.
    labels = [e.word for e in entries if e.kind is Kind.LABEL]
    others = [e for e in entries if e.kind is not Kind.LABEL]
    flags = [e for e in others if e.kind is Kind.FLAG]
    return Year(
        year=year,
        labels=Counter(labels),
        flags=Counter(e.word for e in flags),
        told=Counter(who for e in flags for who in e.told),
        marks=tuple(e.word for e in others if e.kind is Kind.MARK),
        decisions=tuple(e for e in others if e.kind is Kind.DECISION),
        on_file=on_file,
    )


def true_years_of(file: ChildFile) -> tuple[TrueYear, ...]:
    """What was so, year by year, in the order of `years_of`."""
    pairs = list(zip(file.entries, file.truth, strict=True))
    found = {year: list(inside) for year, inside in groupby(pairs, key=lambda pair: pair[0].year)}
    return tuple(_true_year(found.get(year, [])) for year in range(file.first, file.last + 1))


def _true_year(pairs: list[tuple[Entry, Truth]]) -> TrueYear:
    pairs = [(e, t) for e, t in pairs if e.kind is not Kind.LABEL]
    return TrueYear(
        wrong=Counter(e.word for e, t in pairs if e.kind is Kind.FLAG and not t.right),
        unearned=tuple(e.word for e, t in pairs if e.kind is Kind.MARK and not t.right),
        decisions=tuple(t for e, t in pairs if e.kind is Kind.DECISION),
    )


def summary_json(file: ChildFile) -> list[dict[str, Any]]:
    """The years as JSON has them; what is true is not in it."""
    starts = first_days(file.days_per_year, file.last)
    return [
        {
            "year": y.year,
            "from": starts[y.year - 1].isoformat(),
            "to": school_day(starts[y.year - 1], file.days_per_year).isoformat(),
            "labels": dict(sorted(y.labels.items())),
            "flags": dict(sorted(y.flags.items())),
            "told": dict(sorted(y.told.items())),
            "marks": list(y.marks),
            "decisions": [{"decision": d.word, "by": d.by, "chance": d.chance} for d in y.decisions],
            "on_file": y.on_file,
        }
        for y in years_of(file)
    ]


def truth_json(file: ChildFile) -> list[dict[str, Any]]:
    """What was so in those years, as JSON has it."""
    return [
        {
            "year": year,
            "wrong": dict(sorted(t.wrong.items())),
            "unearned": list(t.unearned),
            "decisions": [{"chosen_by_perfect_reader": d.chosen, "wrong": d.wrong} for d in t.decisions],
        }
        for year, t in enumerate(true_years_of(file), file.first)
    ]
