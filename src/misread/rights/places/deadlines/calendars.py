"""Which days are working days and school days: holidays of a place, a district's closed days, a school's terms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from misread.errors import MisreadError, Problem
from misread.language import gettext as _

if TYPE_CHECKING:
    from holidays import HolidayBase

ANY_UK = "GB-any"
"""The United Kingdom where a holiday in any part of it counts: s. 10(6) FOIA 2000."""

_NATIONS = {"ENG": "England", "WLS": "Wales", "SCT": "Scotland", "NIR": "Northern Ireland"}
SATURDAY = 5


class Holiday(NamedTuple):
    """A holiday: its name, and the parts of the country that have it, where not all do."""

    name: str
    where: str


@dataclass(frozen=True)
class Calendar:
    """The days of a place.

    Attributes
    ----------
    code : str
        A country such as "IE", a part of one such as "US-IL", "GB-any", or nothing: weekends only.
    closed : frozenset of date
        Days on which the district or school is closed, beside holidays.
    terms : tuple of (date, date)
        First and last days of school terms.
    """

    code: str = ""
    closed: frozenset[date] = frozenset()
    terms: tuple[tuple[date, date], ...] = ()

    def working(self, day: date) -> bool:
        """Whether it is a working day: closed days of a district are, weekends and holidays are not."""
        books = _books(self.code)
        return all(book.is_working_day(day) for book in books.values()) if books else day.weekday() < SATURDAY

    def business(self, day: date) -> bool:
        """Whether it is a working day on which the district is open."""
        return day not in self.closed and self.working(day)

    def school(self, day: date) -> bool:
        """Whether it is a day of a term on which the school is open.

        A holiday that only a part of the country has closes no school here: whether it does, the school has to say.
        """
        return self.in_term(day) and day not in self.closed and day.weekday() < SATURDAY and not self.everywhere(day)

    def in_term(self, day: date) -> bool:
        """Whether it lies in a term."""
        return any(first <= day <= last for first, last in self.terms)

    def everywhere(self, day: date) -> bool:
        """Whether it is a holiday in all parts of the country."""
        return (holiday := self.holiday(day)) is not None and not holiday.where

    def holiday(self, day: date) -> Holiday | None:
        """The holiday of a day; None if it is none."""
        books = _books(self.code)
        found = {where: name for where, book in books.items() if (name := book.get(day))}
        if not found:
            return None
        # The library says in parentheses what a day off is for; where it is only moved, that is all there is to say.
        name = re.sub(r" \((?!observed).*\)$", "", next(iter(found.values()))).replace(" (observed)", ", observed")
        return Holiday(name, "" if len(found) == len(books) else _and(list(found)))

    def worked_instead(self, day: date) -> bool:
        """Whether it is a day of a weekend that is worked in the place of another day."""
        return day.weekday() >= SATURDAY and self.working(day)

    def arranged(self, year: int) -> bool:
        """Whether it is known which weekends are worked: China announces it late in the year before."""
        return self.code != "CN" or any(d.year == year for b in _books("CN").values() for d in _weekends(b, year))


def calendar(code: str, closed: frozenset[date] = frozenset(), terms: tuple[tuple[date, date], ...] = ()) -> Calendar:
    """The calendar of a place.

    Parameters
    ----------
    code : str
        As of `Calendar`.
    closed : frozenset of date
        Closed days.
    terms : tuple of (date, date)
        First and last days of terms.

    Raises
    ------
    MisreadError
        If the holidays of that place are not known.
    """
    try:
        _books(code)
    except NotImplementedError as error:
        raise MisreadError(
            Problem(
                f"The holidays of `{code}` are not known.",
                expected="a country such as IE, or a part of one such as DE-BY or US-IL, in capitals (ISO 3166).",
                mend="look it up, or name the country alone.",
                key="--calendar",
            )
        ) from error
    return Calendar(code, closed, terms)


@cache
def _books(code: str) -> dict[str, HolidayBase]:
    """Holidays by where they are: by nation for the United Kingdom, else under an empty name."""
    if not code:
        return {}
    # It loads the countries one by one, and only where days are counted.
    from holidays import country_holidays

    if code == ANY_UK:
        return {name: country_holidays("GB", subdiv=part) for part, name in _NATIONS.items()}
    country, _dash, part = code.partition("-")
    return {"": country_holidays(country, subdiv=part or None, language="en_US")}


def _weekends(book: HolidayBase, year: int) -> set[date]:
    # Years are filled in when one of their days is asked for.
    book.get(date(year, 1, 1))
    return set(book.weekend_workdays)


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else _("%(some)s and %(last)s", some=", ".join(words[:-1]), last=words[-1])
