"""A plain calendar for made-up pupils: which date a school day falls on.

Files have dates, the model has school days. School begins on the first Monday of September 2001; school days are
Mondays to Fridays, one after the other, holidays left aside; each further year begins on the first Monday of
September that comes after the end of the one before. The day's first lesson begins at eight.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

FIRST_SEPTEMBER = 2001
"""The year in which every made-up child starts school: any would do."""
OPENS = timedelta(hours=8)
"""When the first lesson of a day begins."""
WEEKDAYS = 5


def first_monday(year: int) -> date:
    """The first Monday of September of a calendar year."""
    first = date(year, 9, 1)
    return first + timedelta(days=-first.weekday() % 7)


def first_days(days_per_year: int, years: int) -> tuple[date, ...]:
    """The date on which each school year begins.

    Parameters
    ----------
    days_per_year : int
        School days a year, at least 1.
    years : int
        How many school years.

    Returns
    -------
    tuple of date
        Mondays. More school days than a calendar year has weekdays run into the next one, and the school year after
        begins a September later.
    """
    found = [first_monday(FIRST_SEPTEMBER)]
    while len(found) < years:
        last = school_day(found[-1], days_per_year)
        september = first_monday(last.year)
        found.append(september if september > last else first_monday(last.year + 1))
    return tuple(found)


def school_day(first: date, day: int) -> date:
    """The date of the `day`-th school day, counted from 1, of a year that begins on the Monday `first`."""
    weeks, rest = divmod(day - 1, WEEKDAYS)
    return first + timedelta(days=7 * weeks + rest)


def opening(day: date) -> datetime:
    """When the day's first lesson begins."""
    return datetime(day.year, day.month, day.day) + OPENS


def after_opening(minute: float) -> timedelta:
    """So many minutes later, to the millisecond."""
    return timedelta(milliseconds=round(minute * 60_000))
