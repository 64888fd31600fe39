"""Days, and times from one to another, as they are typed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from misread.errors import MisreadError, Problem, printable


def day(text: str) -> date:
    """A day typed as YYYY-MM-DD."""
    try:
        return _day(text)
    except ValueError as error:
        raise click.BadParameter(f"{printable(text)!r} is no day: write it as 2026-11-23.") from error


def span(text: str) -> tuple[date, date]:
    """The first and the last day of a time, typed as FIRST..LAST."""
    try:
        first, last = (_day(part) for part in text.split(".."))
    except ValueError as error:
        raise click.BadParameter(f"{printable(text)!r} is no time: write it as 2026-09-02..2026-12-18.") from error
    if last < first:
        raise click.BadParameter(f"{printable(text)!r} ends before it begins.")
    return first, last


LARGEST = 1_000_000
"""Bytes of a file of days: far more than a century of them."""


def closed_days(given: tuple[str, ...]) -> frozenset[date]:
    """Days from those that were typed, and from files that hold one a line.

    What follows a # is a comment.

    Raises
    ------
    MisreadError
        If something is neither a day nor a file of days.
    """
    days: set[date] = set()
    for one in given:
        try:
            days.add(_day(one))
        except ValueError:
            days |= _file(Path(one))
    return frozenset(days)


def _file(path: Path) -> set[date]:
    expected = "a day such as 2026-11-27, or a file that holds one a line."
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise MisreadError(
            Problem("It is neither a day nor a file that can be read.", expected, "correct it.", str(path), "--closed")
        ) from error
    if len(text) > LARGEST:
        raise MisreadError(Problem("It is far too long for days.", expected, "name another.", str(path), "--closed"))
    days, problems = set(), []
    for number, line in enumerate(text.splitlines(), 1):
        if word := line.partition("#")[0].strip():
            try:
                days.add(_day(word))
            except ValueError:
                what = f"{word[:40]!r} is no day."
                problems.append(Problem(what, "days such as 2026-11-27.", "correct it.", str(path), line=number))
    if problems:
        raise MisreadError(problems)
    return days


def _day(text: str) -> date:
    from misread.rights.places.entries.words import read_day

    return read_day(text)
