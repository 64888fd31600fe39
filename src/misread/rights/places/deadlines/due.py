"""What a deadline comes to: the dates, how each was counted in words, and what is not sure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.rights.places.deadlines.calendars import ANY_UK, Calendar, calendar
from misread.rights.places.deadlines.lengths import LONGEST, ONE, Length, end, parse
from misread.rights.places.deadlines.said import moved, passed
from misread.rights.places.entries.model import Deadline, FirstDay, Roll
from misread.rights.places.entries.words import day

FROM_RECEIPT = frozenset({"receipt", "receipt of the complaint", "complaint lodged"})
FROM_SENDING = frozenset({"the request"})
"""What deadlines start from that the sending of a letter sets off; others start from something else."""

EARLIEST, LATEST = date(2000, 1, 1), date(2098, 12, 31)
"""Days that deadlines are counted from; what holidays there were and will be is known for these years."""


@dataclass(frozen=True)
class Circumstances:
    """What only the person who counts can know.

    Attributes
    ----------
    calendar : str
        Whose holidays count where the law leaves it open, such as "IE".
    closed : frozenset of date
        Days on which the district or the school was or is closed.
    terms : tuple of (date, date)
        First and last days of the school's terms.
    pauses : tuple of (date, date)
        First and last days of times in which the deadline stood still.
    extended : bool
        Whether the other side has taken the extension that the law allows.
    """

    calendar: str = ""
    closed: frozenset[date] = frozenset()
    terms: tuple[tuple[date, date], ...] = ()
    pauses: tuple[tuple[date, date], ...] = ()
    extended: bool = False

    @cached_property
    def paused(self) -> frozenset[date]:
        """All days on which the deadline stood still."""
        return frozenset(
            first + timedelta(days=i) for first, last in self.pauses for i in range((last - first).days + 1)
        )


@dataclass(frozen=True)
class Counted:
    """A date, and how it was counted.

    Attributes
    ----------
    due : date
        The last day.
    said : str
        How it was counted.
    reading : str
        Who counts so, where texts differ; else empty.
    """

    due: date
    said: str
    reading: str = ""


@dataclass(frozen=True)
class Answer:
    """What a deadline comes to.

    Attributes
    ----------
    deadline : Deadline
        Which.
    start : date
        The day from which it is counted.
    counted : tuple of Counted
        One for each reading; none where the law names no number of days.
    courtesy : Counted or None
        A date that no law sets, but a standard names.
    unsure : tuple of str
        What could make it another day.
    """

    deadline: Deadline
    start: date
    counted: tuple[Counted, ...]
    courtesy: Counted | None
    unsure: tuple[str, ...]

    @property
    def due(self) -> date | None:
        """The last day: by the latest reading for the other side's deadline, by the earliest for the user's own."""
        days = [one.due for one in self.counted]
        return (min(days) if self.deadline.owner == "user" else max(days)) if days else None

    @property
    def act_from(self) -> date | None:
        """The day from which one may act because nothing came; None for the user's own deadline."""
        return self.due + ONE if self.due is not None and self.deadline.owner == "other-side" else None


def count(deadline: Deadline, start: date, given: Circumstances | None = None) -> Answer:
    """What a deadline comes to when it is counted from a day.

    Parameters
    ----------
    deadline : Deadline
        Which.
    start : date
        The day of receipt, of the request, or whatever else it is counted from.
    given : Circumstances, optional
        Holidays, closed days, terms, pauses, extension.

    Raises
    ------
    MisreadError
        If something is lacking that has to be asked for, or cannot be.
    """
    given = given or Circumstances()
    _refuse(deadline, start, given)
    named = deadline.calendar if deadline.calendar not in ("", "member-state") else given.calendar
    known = calendar(named, given.closed, given.terms)
    lengths = [_extended(deadline, parse(text), given) for text in deadline.lengths]
    ways: list[tuple[FirstDay, Roll, str]] = [
        (way.first_day, way.roll, f"{way.says} ({way.source})") for way in deadline.readings
    ] or [(deadline.first_day, deadline.roll, "")]
    counted = tuple(_counted(start, lengths, known, given, *way) for way in ways) if lengths else ()
    courtesy = None
    if deadline.reference is not None:
        length = parse(deadline.reference.length)
        courtesy = _one(start, length, known, given, "day-after", "none", deadline.reference.source)
    return Answer(deadline, start, counted, courtesy, tuple(_unsure(deadline, known, start, counted)))


def matters(deadline: Deadline) -> frozenset[str]:
    """Which of the circumstances, by their names, can move a deadline; the others make no difference to it."""
    units = {parse(text).unit for text in deadline.lengths}
    found = {
        "calendar": deadline.calendar == "member-state",
        "closed": "school-day" in units or (deadline.closed_days and "business-day" in units),
        "terms": "school-day" in units,
        "pauses": bool(units),
        "extended": deadline.extend is not None,
    }
    return frozenset(name for name, does in found.items() if does)


def _extended(deadline: Deadline, length: Length, given: Circumstances) -> Length:
    return length + parse(deadline.extend.by) if given.extended and deadline.extend is not None else length


def _counted(
    start: date,
    lengths: list[Length],
    known: Calendar,
    given: Circumstances,
    first: FirstDay,
    roll: Roll,
    reading: str,
) -> Counted:
    """The date of the length that ends first; of several, it says when each would end."""
    each = [_one(start, length, known, given, first, roll, reading) for length in lengths]
    earliest = min(each, key=lambda one: one.due)
    if len(each) == 1:
        return earliest
    ends = zip(lengths, each, strict=True)
    listed = "; ".join(_("%(length)s end on %(due)s", length=length, due=day(one.due)) for length, one in ends)
    return replace(earliest, said=_("%(said)s The earliest counts: %(ends)s.", said=earliest.said, ends=listed))


def _one(
    start: date, length: Length, known: Calendar, given: Circumstances, first: FirstDay, roll: Roll, reading: str
) -> Counted:
    counts = {"business-day": known.business, "school-day": known.school}.get(length.unit, known.working)
    try:
        ended = end(start, length, counts, paused=given.paused, same_day=first == "same-day")
    except ValueError as error:
        what = f"{length} cannot be counted: for four years no day counts."
        expected = "terms that reach far enough, and pauses that end."
        raise MisreadError(Problem(what, expected, "give more terms, or shorter pauses.", key="--term")) from error
    due = ended
    while roll == "next-working-day" and not known.working(due):
        due += ONE
    parts = [_("the day itself is day 1")] if first == "same-day" and not reading else []
    if length.months and not given.paused and ended.day != start.day and first != "same-day":
        parts.append(_("that month has no day %(n)s", n=start.day))
    parts += passed(start, ended, length.unit, known, given.paused)
    if due != ended:
        parts.append(moved(ended, due, known))
    said = _("%(length)s after %(start)s, so %(due)s", length=length, start=day(start), due=day(due))
    return Counted(due, f"{said}: {'; '.join(parts)}." if parts else f"{said}.", reading)


def _unsure(deadline: Deadline, known: Calendar, start: date, counted: tuple[Counted, ...]) -> Iterator[str]:
    if not counted:
        return
    last = max(one.due for one in counted)
    if deadline.calendar == "member-state" and not known.code:
        yield _("Holidays were not left out, since it was not said of which country; weekends were.")
    if deadline.roll == "unknown":
        yield _("It is not known here whether a last day on a weekend or a holiday moves.")
    if known.code == ANY_UK and any(parse(text).unit == "school-day" for text in deadline.lengths):
        yield _(
            "Holidays that only a part of the country has were taken for school days: if the school was closed, say so."
        )
    if deadline.closed_days and not known.closed:
        yield _("The district's own closed days move it: ask for them.")
    if len({one.due for one in counted}) > 1:
        yield _("Texts differ about how it is counted: both dates stand here.")
    if deadline.pauses:
        yield _("It may stand still: %(why)s.", why="; ".join(deadline.pauses))
    for year in range(start.year, last.year + 1):
        if not known.arranged(year):
            yield _("Which weekends are worked in %(year)s was not known when this was counted.", year=year)


def _refuse(deadline: Deadline, start: date, given: Circumstances) -> None:
    units = {parse(text).unit for text in deadline.lengths}
    problems = []
    if not EARLIEST <= start <= LATEST:
        problems.append(
            Problem(
                f"Deadlines are not counted from {start}.",
                f"a day from {EARLIEST} to {LATEST}.",
                "check the year.",
                key="--from",
            )
        )
    for key, spans in (("--term", given.terms), ("--pause", given.pauses)):
        for first, last in spans:
            if not EARLIEST <= first <= last <= LATEST or (last - first).days > LONGEST:
                what = f"It is no time that a deadline runs through: {first}..{last}."
                expected = f"from a day to a later one, from {EARLIEST} to {LATEST}, four years at most."
                problems.append(Problem(what, expected, "correct it.", key=key))
    if "school-day" in units and not given.terms:
        problems.append(
            Problem(
                "School days cannot be counted without the school's terms.",
                "the first and the last day of each term that it may run through.",
                "ask the school, and give them: --term 2026-09-02..2026-12-18; or name another deadline.",
                key="--term",
            )
        )
    if problems:
        raise MisreadError(problems)
