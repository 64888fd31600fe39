"""When labels were written: X06 gaps, X07 outside school, X08 how often, X11 clocks, X21 more about some hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from misread.language import gettext as _
from misread.language import ngettext
from misread.rights.check.dictionary.entries import fold
from misread.rights.check.dictionary.times import DAY, HOUR, NONE, Ints
from misread.rights.check.findings.calendar import minutes
from misread.rights.check.findings.seen.checks import MOST_ROWS, finding
from misread.rights.check.findings.seen.days import (
    clock,
    counted,
    days_of,
    in_words,
    moments_of,
    number,
    told,
    typical,
    undated,
    without_day,
)
from misread.rights.check.findings.seen.moments import MINUTE
from misread.rights.check.findings.seen.promised import length, words

if TYPE_CHECKING:
    from misread.rights.check.findings.calendar import Calendar
    from misread.rights.check.findings.seen.look import Look
    from misread.rights.check.findings.seen.promised import Promise
    from misread.rights.check.model import Finding, Json

LISTED = 10
"""Days that are named one by one."""
LONG_GAP = 8
"""Days without a row that a weekend does not explain."""
USUAL = 0.5
"""A lesson is one in which labels are written if it has some on this share of the days."""
TOLERANCE = 0.1
"""By which an interval may differ from what was said."""


def _no_dates(look: Look, code: str) -> Finding:
    if undated(look):
        says = _("Its dates can be read with the day first or with the month first. It does not guess.")
        return finding(code, "cannot tell", says, next=["answer:--dates"])
    says = _("No date that can be read stands beside the labels.")
    return finding(code, "cannot tell", says, next=["question:rights.access"])


def _unless_open(look: Look, code: str, says: str, saw: dict[str, Json], said: Promise | None = None) -> Finding:
    """It matches, unless there are labels of which nobody can say when they were written."""
    if n := without_day(look):
        says += " " + _("Labels without a day that can be read: %(n)s.", n=f"{n:,}")
        return finding(code, "cannot tell", says, saw | {"without_day": n}, said, ["question:rights.access"])
    return finding(code, "matches", says, saw, said)


def x06(look: Look) -> Finding:
    """From when to when it goes, and where nothing stands."""
    days, counts = counted(days_of(look))
    if not days.size or undated(look):
        return _no_dates(look, "X06")
    first, last = int(days[0]), int(days[-1])
    saw: dict[str, Json] = {"first": told(first), "last": told(last), "days": int(days.size), "rows": int(counts.sum())}
    says = _("From %(first)s to %(last)s, on %(n)s days.", first=in_words(first), last=in_words(last), n=days.size)
    if look.calendar is None:
        gaps = [(a + 1, b - 1) for a, b in pairwise(days.tolist()) if b - a > LONG_GAP]
        saw["gaps"] = [{"from": told(a), "to": told(b)} for a, b in gaps[:LISTED]]
        saw["gaps_in_all"] = len(gaps)
        says += " " + ngettext("%(n)s gap of more than a week.", "%(n)s gaps of more than a week.", len(gaps))
        says += " " + _("Whether there was school then, a calendar would say.")
        return finding("X06", "cannot tell", says, saw, next=["answer:--calendar"])
    school = look.calendar.in_term()
    away = np.array([number(day) for day in look.calendar.absent], dtype=np.int64)
    due = school[(school >= first) & (school <= last) & ~np.isin(school, away)]
    missing = due[~np.isin(due, days)]
    lessons = _missing_lessons(look, look.calendar)
    saw |= {
        "school_days": int(due.size),
        "missing": [told(d) for d in missing[:LISTED]],
        "missing_in_all": int(missing.size),
    }
    saw |= {"lessons_missing": lessons[:LISTED], "lessons_missing_in_all": len(lessons)}
    saw |= {"school_days_before": int((school < first).sum()), "school_days_after": int((school > last).sum())}
    if not missing.size and not lessons:
        says += " " + _("Every school day of your calendar between them has rows.")
        return _unless_open(look, "X06", says, saw)
    if missing.size:
        some = ", ".join(in_words(d) for d in missing[:LISTED]) + (" …" if missing.size > LISTED else "")
        says += " " + ngettext(
            "On %(n)s of %(due)s school days of your calendar there is nothing: %(some)s.",
            "On %(n)s of %(due)s school days of your calendar there is nothing: %(some)s.",
            int(missing.size),
            due=due.size,
            some=some,
        )
    if lessons:
        says += " " + _("Lessons without a row, on days that have rows: %(n)s.", n=len(lessons))
    return finding("X06", "contradicts", says, saw, next=["letter:internal-complaint", "question:rights.access"])


def _missing_lessons(look: Look, calendar: Calendar) -> list[Json]:
    """Lessons of the calendar without a label, on days that have some, if there usually are."""
    moments = moments_of(look)
    spans = calendar.spans()
    if not moments.size or not spans:
        return []
    day, minute = np.floor_divide(moments, DAY), np.floor_divide(moments % DAY, MINUTE)
    days, _n = counted(day)
    which = np.searchsorted(days, day)
    seen = np.zeros((len(spans), len(days)), dtype=np.bool_)
    for i, (start, end) in enumerate(spans):
        seen[i, which[(minute >= start) & (minute < end)]] = True
    usual = seen.mean(axis=1) >= USUAL
    school = np.isin(days, calendar.in_term()) & ~np.isin(days, [number(d) for d in calendar.absent])
    found = [(int(days[d]), i) for d in np.flatnonzero(school) for i in np.flatnonzero(usual & ~seen[:, d])]
    return [{"day": told(d), "lesson": f"{clock(spans[i][0])}-{clock(spans[i][1])}"} for d, i in found]


def x07(look: Look) -> Finding:
    """Rows outside terms, hours or rooms."""
    said = look.promise("sys.places")
    days = days_of(look)
    if not days.size or undated(look):
        return _no_dates(look, "X07")
    calendar = look.calendar
    saw: dict[str, Json] = {}
    moments = moments_of(look)
    if moments.size:
        minute = np.floor_divide(moments % DAY, MINUTE)
        saw["earliest"], saw["latest"] = clock(int(minute.min())), clock(int(minute.max()))
    if calendar is None:
        says = _("Without a calendar nothing says when there is school.")
        return finding("X07", "cannot tell", says, saw, said, ["answer:--calendar"])
    allowed = np.setdiff1d(calendar.in_term(), [number(d) for d in calendar.absent])
    off = ~np.isin(days, allowed)
    out_of_hours, open_ = _out_of_hours(look, calendar, moments)
    rooms = _other_rooms(look, (*calendar.rooms, *(words(said.value) if said.told else ())))
    saw |= {"rows": int(days.size), "rows_on_other_days": int(off.sum()), "rows_at_other_hours": out_of_hours}
    saw |= {"other_days": [told(d) for d in np.unique(days[off])[:LISTED]], "rows_in_other_rooms": rooms}
    saw["row_sample"] = list(_sample(look, allowed))
    if off.any() or out_of_hours or rooms:
        says = _(
            "Labels on days without school: %(d)s. At other hours: %(h)s. In rooms that were not named: %(r)s.",
            d=f"{int(off.sum()):,}",
            h=f"{out_of_hours:,}",
            r=f"{rooms:,}",
        )
        return finding("X07", "contradicts", says, saw, said, ["letter:internal-complaint", "question:sys.places"])
    if open_:
        says = _("All labels are on school days. Their hours are in UTC, and the calendar does not say its time zone.")
        return finding("X07", "cannot tell", says, saw, said, ["answer:--calendar"])
    return _unless_open(look, "X07", _("All labels are within terms and hours of your calendar."), saw, said)


def _out_of_hours(look: Look, calendar: Calendar, moments: Ints) -> tuple[int, bool]:
    """Labels outside school hours; and whether that cannot be said, because times are in UTC and the zone is open."""
    spans = [minutes(calendar.hours)] if calendar.hours else list(calendar.spans())
    if not spans or not moments.size:
        return 0, False
    if not calendar.zone and any(0 in times.zones for times in look.times):
        return 0, True
    start, end = min(s for s, _end in spans), max(e for _start, e in spans)
    minute = moments % DAY / MINUTE
    return int(((minute < start) | (minute > end)).sum()), False


def _other_rooms(look: Look, rooms: tuple[str, ...]) -> int:
    """Rows in rooms that are not among those named, where some are: else the names do not compare."""
    known = set(map(fold, rooms))
    others = 0
    for part in look.parts:
        for _column, cells in part.having("room"):
            named = np.array([fold(word) in known for word in cells.words()], dtype=np.bool_)
            if named.any():
                others += int(cells.counts[~named].sum())
    return others


def _sample(look: Look, allowed: NDArray[np.int64]) -> Iterator[Json]:
    """The first rows on other days."""
    left = MOST_ROWS
    for stream in look.streams:
        where = np.flatnonzero((stream.days != NONE) & ~np.isin(stream.days, allowed))[:left]
        left -= where.size
        for i in where:
            yield {"sheet": stream.part.sheet.name, "row": stream.part.row(int(stream.rows[i]))}


def x08(look: Look) -> Finding:
    """How much time lies between two labels."""
    said = look.promise("output.interval")
    seconds = typical(look)
    if undated(look):
        return _no_dates(look, "X08")
    if seconds is None:
        return finding(
            "X08",
            "cannot tell",
            _("No two labels of a day have a time of day."),
            {"seconds": None},
            said,
            ["question:output.interval"],
        )
    saw: dict[str, Json] = {"seconds": round(seconds, 3)}
    says = _("Usually %(s)s seconds lie between two labels.", s=f"{seconds:,.6g}")
    if not said.told:
        return finding("X08", said.silent, says, saw, said, ["question:output.interval"])
    promised = length(said.value)
    if promised is None:
        says += " " + _("What was said names no number.")
        return finding("X08", "cannot tell", says, saw, said, ["question:output.interval"])
    low, high = promised
    saw["said_seconds"] = [low, high]
    says += " " + (
        _("%(low)s seconds were said.", low=f"{low:,.6g}")
        if low == high
        else _("%(low)s to %(high)s seconds were said.", low=f"{low:,.6g}", high=f"{high:,.6g}")
    )
    if low * (1 - TOLERANCE) <= seconds <= high * (1 + TOLERANCE):
        return finding("X08", "matches", says, saw, said)
    return finding("X08", "contradicts", says, saw, said, ["letter:internal-complaint", "question:output.interval"])


def x11(look: Look) -> Finding:
    """Whether dates and times go together."""
    proved = sorted(set().union(*(times.proved for times in look.times))) if look.times else []
    zones = sorted({zone for times in look.times for zone in times.zones})
    columns: list[Json] = [look.shown(column) for times in look.times for column in times.columns]
    orders = sorted({times.order for times in look.times if times.order})
    mixed = [times for times in look.times if len(times.proved) > 1]
    unread = sum(times.unread for times in look.times)
    saw: dict[str, Json] = {
        "columns": columns,
        "orders": list(orders),
        "minutes_east_of_utc": list(zones),
        "rows_unread": unread,
    }
    if mixed:
        saw["orders_proved"] = list(proved)
        says = _("Some dates can only have the day first, and others only the month first: the order is mixed.")
        return finding("X11", "contradicts", says, saw, next=["answer:--dates", "question:rights.access"])
    if undated(look):
        return _no_dates(look, "X11")
    if not any((times.days != NONE).any() for times in look.times):
        return _no_dates(look, "X11")
    shifts, twice = list(_shifts(look)), _hours_twice(look)
    back = sum(_backwards(stream.moments) for stream in look.streams)
    saw |= {"clock_shifts": shifts, "hours_twice": twice, "labels_before_the_one_above": back}
    say = []
    if twice:
        say.append(_("Hours that come twice: %(n)s.", n=len(twice)))
    if shifts:
        say.append(
            _(
                "From one day to the next all times move by an hour: %(days)s.",
                days=", ".join(str(s["from"]) for s in shifts if isinstance(s, dict)),
            )
        )
    if len(zones) > 1:
        say.append(_("Times are written with several distances to UTC: %(z)s minutes.", z=", ".join(map(str, zones))))
    if unread:
        say.append(_("Rows with a date that is none in this order: %(n)s.", n=unread))
    if twice or unread:
        return finding("X11", "contradicts", " ".join(say), saw, next=["question:rights.access"])
    if say:
        return finding("X11", "not mentioned", " ".join(say), saw, next=["question:rights.access"])
    return _unless_open(look, "X11", _("Dates and times go together."), saw)


_STEADY = 5
"""School days on either side of a change that have to begin at the same time."""
_NEAR = 2
"""Minutes by which the first label of a day may come at another time."""


def _shifts(look: Look) -> Iterator[Json]:
    """Days from which on the first label comes an hour earlier or later than before, and stays there."""
    moments = moments_of(look)
    if not moments.size:
        return
    day = np.floor_divide(moments, DAY)
    days, _n = counted(day)
    first = np.full(days.size, np.iinfo(np.int64).max)
    np.minimum.at(first, np.searchsorted(days, day), np.floor_divide(moments % DAY, MINUTE))
    for i in range(_STEADY, days.size - _STEADY + 1):
        before, after = first[i - _STEADY : i], first[i : i + _STEADY]
        if np.ptp(before) <= _NEAR and np.ptp(after) <= _NEAR:
            moved = int(np.median(after) - np.median(before))
            if abs(abs(moved) - 60) <= _NEAR:
                yield {"from": told(int(days[i])), "minutes": moved}


def _hours_twice(look: Look) -> list[Json]:
    """Hours of a column all of whose moments come twice."""
    found: set[tuple[int, int]] = set()
    for stream in look.streams:
        moments, counts = np.unique(stream.moments[stream.moments != NONE], return_counts=True)
        hours, first = np.unique(np.floor_divide(moments, HOUR), return_index=True)
        if hours.size:
            fewest = np.minimum.reduceat(counts, first)
            many = np.add.reduceat(np.ones_like(counts), first)
            for hour in hours[(fewest > 1) & (many >= _STEADY)]:
                found.add((int(hour) // 24, int(hour) % 24))
    return [{"day": told(day), "hour": hour} for day, hour in sorted(found)[:LISTED]]


def _backwards(moments: Ints) -> int:
    known = moments[moments != NONE]
    return int((np.diff(known) < 0).sum())


_UNEVEN = 2.0
"""From this ratio on it is said that there is more about some."""


def x21(look: Look) -> Finding:
    """Whether it says more about some hours, lessons, rooms or members of staff."""
    said = look.promise("sys.places")
    groups: dict[str, Counter[str]] = {}
    for stream in look.streams:
        for role in ("lesson", "room", "subject", "staff"):
            for column, cells in stream.part.having(role):
                key = f"{role}: {column.name}"
                words_ = cells.words(LISTED * 4 + 1)
                if len(words_) > LISTED * 4:
                    continue
                n = np.bincount(cells.codes[stream.rows] + 1, minlength=cells.size + 1)[1:]
                counter = groups.setdefault(key, Counter())
                for i, (word, count) in enumerate(zip(words_, n, strict=True), 1):
                    counter[_("person %(n)s", n=i) if role == "staff" else word] += int(count)
    moments = moments_of(look)
    hours = Counter({clock(int(h) * 60): int(n) for h, n in zip(*counted(moments % DAY // HOUR), strict=True)})
    saw: dict[str, Json] = {"groups": {key: dict(counter) for key, counter in groups.items()}, "hours": dict(hours)}
    if not groups and not hours:
        return finding(
            "X21", "cannot tell", _("Nothing says at which hour or in which lesson labels were written."), saw, said
        )
    uneven = {key: _ratio(counter) for key, counter in groups.items() if _ratio(counter) >= _UNEVEN}
    saw["uneven"] = {key: round(ratio, 2) for key, ratio in uneven.items()}
    if uneven:
        says = _("It says more about some than about others: %(what)s.", what=", ".join(sorted(uneven)))
        return finding("X21", "not mentioned", says, saw, said, ["question:sys.places"])
    if not groups:
        says = _("Labels by hour of the day are listed. The first and the last hour may be cut by the timetable.")
        return finding("X21", "cannot tell", says, saw, said)
    return finding("X21", "matches", _("No lesson, room or person has twice as many labels as another."), saw, said)


def _ratio(counter: Counter[str]) -> float:
    counts = [n for n in counter.values() if n]
    return max(counts) / min(counts) if len(counts) > 1 else 1.0
