"""A child's file as a list of entries, in the order in which the system would write them.

The file and the truth are made side by side and never mix: whatever goes into an `Entry` is read off what the
system itself has (label, rule, who is told, mark, its own choice), whatever is true goes into the `Truth` of the
same place in the list.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, Protocol

from misread.deployment.model import Deployment
from misread.deployment.model.timing import looks_per_lesson
from misread.report.file.dates import after_opening, first_days, opening, school_day
from misread.report.file.messages import message
from misread.report.file.truth import Truth

if TYPE_CHECKING:
    from misread.engine.sampled.replay import Look


_at = attrgetter("at")


class Kind(StrEnum):
    """What an entry is."""

    LABEL = "label"
    FLAG = "flag"
    MARK = "mark"
    DECISION = "decision"


class Entry(NamedTuple):
    """One entry of a child's file; a named tuple, since there are 100,000 of them.

    Attributes
    ----------
    at : datetime
        When, by the calendar of `dates`, to the millisecond.
    year, day : int
        School year, and school day within it, counted from 1.
    minute : float
        Minutes from the beginning of the day's first lesson.
    lesson, look : int
        Counted from 1; 0 for marks and decisions, which no lesson brings.
    kind : Kind
        What it is.
    word : str
        The label, or the name of the rule, the mark or the decision.
    message : str
        What a flag tells those who are told; empty where nobody is.
    told : tuple of str
        Who is told of a flag.
    by : str
        Who takes a decision.
    chance : float or None
        Of a decision: 1 if it chose the pupil, 0 if not; for those tied at the cut the chance, since no lots are
        drawn.
    """

    at: datetime
    year: int
    day: int
    minute: float
    lesson: int
    look: int
    kind: Kind
    word: str
    message: str = ""
    told: tuple[str, ...] = ()
    by: str = ""
    chance: float | None = None


@dataclass(frozen=True, slots=True)
class Timetable:
    """When the looks of a lesson fall.

    Attributes
    ----------
    looks : int
        Looks a lesson.
    interval : float
        Minutes from look to look.
    every : float
        Minutes from one lesson's beginning to the next one's.
    ends : float
        Minutes from the first lesson's beginning to the end of the last.
    """

    looks: int
    interval: float
    every: float
    ends: float

    @classmethod
    def of(cls, deployment: Deployment) -> Timetable:
        """The timetable of a deployment."""
        calendar = deployment.calendar
        every = calendar.lesson_minutes + calendar.break_minutes
        return cls(
            looks=looks_per_lesson(deployment),
            interval=deployment.camera.observe_every_seconds / 60,
            every=every,
            ends=calendar.lessons_per_day * every - calendar.break_minutes,
        )


@dataclass(frozen=True, slots=True)
class ChildFile:
    """What the system holds about one made-up pupil.

    Attributes
    ----------
    deployment : str
        Name of the deployment.
    school, pupil : int
        Counted from 1. The pupil has no name.
    first, last : int
        The school years that are shown.
    seed : int
        Another seed is another child.
    timetable : Timetable
        When the looks fall.
    entries : tuple of Entry
        Everything written in these years, in order of time.
    truth : tuple of Truth
        What is true at each entry: as many, in the same order. No part of the file.
    on_file : tuple of int
        Flags held at the end of each year shown, those of earlier years included.
    kept_from : int
        First school day, counted from 1 over all years, whose flags are still held at the end of `last`.
    days_per_year : int
        School days a year.
    """

    deployment: str
    school: int
    pupil: int
    first: int
    last: int
    seed: int
    timetable: Timetable
    entries: tuple[Entry, ...]
    truth: tuple[Truth, ...]
    on_file: tuple[int, ...]
    kept_from: int
    days_per_year: int

    @property
    def name(self) -> str:
        """What the pupil is called: a number, never a name."""
        return f"pupil {self.pupil} of school {self.school}"

    def holds(self, entry: Entry) -> bool:
        """Whether an entry is still there at the end: flags, with their messages, may be forgotten."""
        return entry.kind is not Kind.FLAG or (entry.year - 1) * self.days_per_year + entry.day >= self.kept_from

    def held(self) -> tuple[Entry, ...]:
        """The file as it stands at the end of the last year shown."""
        return tuple(e for e in self.entries if self.holds(e))

    def held_truth(self) -> tuple[tuple[Entry, Truth], ...]:
        """The same entries, each with what is true."""
        return tuple((e, t) for e, t in zip(self.entries, self.truth, strict=True) if self.holds(e))


class Source(Protocol):
    """What a file is replayed from: the part of `misread.engine.sampled.replay.Replay` that is used here."""

    def years(self, school: int, pupil: int, first: int = 1, last: int | None = None) -> Iterator[Look]:
        """All looks of those school years, in order."""

    def marks(self, school: int, pupil: int) -> Sequence[tuple[str, int, bool]]:
        """Marks earned: name, day counted from 1 over all years, whether unearned."""

    def decisions(self, school: int, pupil: int) -> Sequence[tuple[str, float, float]]:
        """Decisions: name, chance of being chosen, and that on the perfect reader's flags."""


def child_file(
    deployment: Deployment, replay: Source, school: int, pupil: int, seed: int, years: tuple[int, int] | None = None
) -> ChildFile:
    """Replay a pupil, and write down what the system would.

    Parameters
    ----------
    deployment : Deployment
        What the pupil is watched by.
    replay : Replay
        Of that deployment and seed.
    school, pupil : int
        Counted from 1.
    seed : int
        The replay's, for the name of the file.
    years : (int, int), optional
        First and last school year to show, counted from 1. By default all.

    Returns
    -------
    ChildFile
        As it stands at the end of the last year shown.
    """
    first, last = years or (1, deployment.population.school_years)
    desk = _Desk(deployment)
    entries: list[Entry] = []
    truth: list[Truth] = []
    flag_days: list[int] = []
    # Flags of earlier years still count on file, so that their looks are gone through whatever is shown.
    for look in replay.years(school, pupil, 1, last):
        if look.flags:
            flag_days += [(look.year - 1) * desk.days + look.day] * len(look.flags)
        if look.year >= first:
            desk.write(look, entries, truth)
    # Decisions take the whole school: asked for only where there are any.
    late = [*_marks(desk, replay.marks(school, pupil))] if deployment.file.marks else []
    late += _decisions(desk, replay.decisions(school, pupil)) if decided_on(deployment, first, last) else ()
    for entry, so in late:
        if first <= entry.year <= last:
            # What is written in the evening goes behind the day's last look.
            at = bisect_right(entries, entry.at, key=_at)
            entries.insert(at, entry)
            truth.insert(at, so)
    keep = deployment.file.keep_days

    def kept_from(year: int) -> int:
        return 1 if keep == "forever" else max(1, year * desk.days - keep + 1)

    return ChildFile(
        deployment=deployment.origin.name,
        school=school,
        pupil=pupil,
        first=first,
        last=last,
        seed=seed,
        timetable=desk.timetable,
        entries=tuple(entries),
        truth=tuple(truth),
        on_file=tuple(
            sum(kept_from(year) <= day <= year * desk.days for day in flag_days) for year in range(first, last + 1)
        ),
        kept_from=kept_from(last),
        days_per_year=desk.days,
    )


def decided_on(deployment: Deployment, first: int, last: int) -> bool:
    """Whether a decision is taken after one of the school years from `first` to `last`."""
    return any(first <= decision.after_year <= last for decision in deployment.decisions)


class _Desk:
    """Where entries are written: dates and messages, looked up once."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.days = deployment.calendar.days_per_year
        self.timetable = Timetable.of(deployment)
        self.starts = first_days(self.days, deployment.population.school_years)
        self.messages: Mapping[str, str] = {rule.name: message(rule) for rule in deployment.rules}
        # The same few hundred times, faces and states come again and again in 100,000 looks.
        self.date = lru_cache(maxsize=None)(self._date)
        self.true = lru_cache(maxsize=None)(Truth)
        self.after = lru_cache(maxsize=None)(after_opening)

    def _date(self, year: int, day: int) -> datetime:
        """When the first lesson of a school day begins."""
        return opening(school_day(self.starts[year - 1], day))

    def write(self, look: Look, entries: list[Entry], truth: list[Truth]) -> None:
        """The label, then the flags it brings; each with the truth."""
        year, day, lesson, number, minute, situation, state, expression, label, _, flags = look
        at = self.date(year, day) + self.after(minute)
        # Spelled out to the last field: this is what takes longest of a file.
        entries.append(Entry._make((at, year, day, minute, lesson, number, Kind.LABEL, label, "", (), "", None)))
        truth.append(self.true(state, expression, situation))
        for flag in flags:
            where = (at, year, day, minute, lesson, number)
            entries.append(Entry(*where, Kind.FLAG, flag.rule, self.messages[flag.rule], flag.notify))
            truth.append(Truth(state, expression, situation, right=flag.true))

    def evening(self, year: int, day: int) -> tuple[datetime, int, int, float, int, int]:
        """When the day's lessons are over: what no single look brings is written then."""
        ends = self.timetable.ends
        return self.date(year, day) + self.after(ends), year, day, ends, 0, 0


def _marks(desk: _Desk, marks: Sequence[tuple[str, int, bool]]) -> Iterator[tuple[Entry, Truth]]:
    for name, day, unearned in marks:
        year, rest = divmod(day - 1, desk.days)
        yield Entry(*desk.evening(year + 1, rest + 1), Kind.MARK, name), Truth(right=not unearned)


def _decisions(desk: _Desk, found: Sequence[tuple[str, float, float]]) -> Iterator[tuple[Entry, Truth]]:
    words = {decision.name: decision for decision in desk.deployment.decisions}
    for name, chance, ideal in found:
        evening = desk.evening(words[name].after_year, desk.days)
        wrong = chance * (1 - ideal) + ideal * (1 - chance)
        entry = Entry(*evening, Kind.DECISION, name, by=words[name].by, chance=chance)
        yield entry, Truth(chosen=ideal, wrong=wrong)
