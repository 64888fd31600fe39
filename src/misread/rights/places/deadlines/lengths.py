"""Lengths of time as laws write them, and the day on which one ends."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

from misread.language import ngettext

Unit = Literal["calendar-day", "working-day", "business-day", "school-day", "week", "calendar-month", "year"]
GRAMMAR = r"^[1-9]\d{0,2} (calendar-day|working-day|business-day|school-day|week|calendar-month|year)$"
"""What a length looks like, such as "20 working-day"."""

ONE = timedelta(days=1)
LONGEST = 4 * 366
"""Days in which something must count; a calendar in which nothing does for four years is a mistake."""


@dataclass(frozen=True, slots=True)
class Length:
    """A number of units.

    Attributes
    ----------
    n : int
        How many, from 1.
    unit : str
        One of `Unit`.
    """

    n: int
    unit: Unit

    def __add__(self, other: Length) -> Length:
        assert self.unit == other.unit
        return Length(self.n + other.n, self.unit)

    def __str__(self) -> str:
        match self.unit:
            case "working-day":
                return ngettext("%(n)s working day", "%(n)s working days", self.n)
            case "business-day":
                return ngettext("%(n)s business day", "%(n)s business days", self.n)
            case "school-day":
                return ngettext("%(n)s school day", "%(n)s school days", self.n)
            case "week":
                return ngettext("%(n)s week", "%(n)s weeks", self.n)
            case "calendar-month":
                return ngettext("%(n)s month", "%(n)s months", self.n)
            case "year":
                return ngettext("%(n)s year", "%(n)s years", self.n)
        return ngettext("%(n)s day", "%(n)s days", self.n)

    @property
    def months(self) -> int:
        """How many months it is, where it is counted in months; else 0."""
        return {"calendar-month": 1, "year": 12}.get(self.unit, 0) * self.n


def parse(text: str) -> Length:
    """A length from its text.

    Raises
    ------
    ValueError
        If it is none.
    """
    if not re.match(GRAMMAR, text):
        raise ValueError(f"{text!r} is no length")
    n, unit = text.split(" ")
    return Length(int(n), cast(Unit, unit))


def months_after(start: date, months: int) -> date:
    """The same day of a later month, or its last day where it has none (Regulation 1182/71, Art. 3(2)(c))."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def end(
    start: date,
    length: Length,
    counts: Callable[[date], bool],
    *,
    paused: Collection[date] = (),
    same_day: bool = False,
) -> date:
    """The last day of a length.

    Parameters
    ----------
    start : date
        The day of what it is counted from.
    length : Length
        How long.
    counts : callable
        Whether a day is one of those that are counted; not asked for lengths in days of the calendar, weeks, months
        and years, all of whose days count.
    paused : collection of date
        Days on which it stands still.
    same_day : bool
        Whether the day of `start` is itself day 1; else the day after is.

    Raises
    ------
    ValueError
        If no day counts for years.
    """
    left, all_count = length.n, True
    if length.months:
        left = (months_after(start, length.months) - start).days
    elif length.unit == "week":
        left = 7 * length.n
    elif length.unit != "calendar-day":
        all_count = False
    day, last = start - ONE if same_day else start, start
    while left:
        day += ONE
        if day not in paused and (all_count or counts(day)):
            left, last = left - 1, day
        elif (day - last).days > LONGEST:
            raise ValueError("no day counts")
    return day
