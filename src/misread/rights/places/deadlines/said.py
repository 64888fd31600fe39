"""Which days between two did not count, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from misread.language import gettext as _
from misread.language import ngettext
from misread.rights.places.deadlines.calendars import SATURDAY, Calendar
from misread.rights.places.deadlines.lengths import Unit
from misread.rights.places.entries.words import day

MANY = 8
"""More days than this are not named one by one."""


def passed(start: date, ended: date, unit: Unit, known: Calendar, paused: Collection[date]) -> Iterator[str]:
    """What there is to say of the days after `start` up to `ended`: holidays, closed days, pauses.

    Parameters
    ----------
    start, ended : date
        The day from which was counted, and the last day.
    unit : str
        What was counted.
    known : Calendar
        Its days.
    paused : collection of date
        Days on which the deadline stood still.
    """
    days = [start + timedelta(days=i + 1) for i in range((ended - start).days)]
    still = sum(d in paused for d in days)
    if still:
        yield ngettext("it stood still for %(n)s day", "it stood still for %(n)s days", still)
    if unit not in ("working-day", "business-day", "school-day"):
        return
    run = [d for d in days if d not in paused and (unit != "school-day" or known.in_term(d))]
    no_day = known.everywhere if unit == "school-day" else lambda d: not known.working(d)
    yield from _holidays([d for d in run if no_day(d) and d.weekday() < SATURDAY], known)
    if unit != "school-day" and (worked := [d for d in run if known.worked_instead(d)]):
        yield _("worked though it is a weekend, and counts: %(days)s", days=_listed(worked))
    if unit != "working-day" and (
        closed := [d for d in run if d in known.closed and d.weekday() < SATURDAY and not no_day(d)]
    ):
        yield _("closed, and does not count: %(days)s", days=_listed(closed))
    if unit == "school-day":
        out = sum(d.weekday() < SATURDAY and not known.in_term(d) for d in days)
        if out:
            yield ngettext(
                "%(n)s weekday outside the terms does not count", "%(n)s weekdays outside the terms do not count", out
            )


def moved(ended: date, due: date, known: Calendar) -> str:
    """Why a last day moves from one day to another."""
    days = [ended + timedelta(days=i) for i in range((due - ended).days)]
    said = [_("%(day)s is %(what)s", day=day(d, year=False), what=_no_working_day(d, known)) for d in days]
    return _("%(days)s, so it moves to %(due)s", days=_cut(said), due=day(due, year=False))


def _no_working_day(of: date, known: Calendar) -> str:
    if holiday := known.holiday(of):
        return _("a holiday (%(name)s)", name=holiday.name)
    return _("a Saturday") if of.weekday() == SATURDAY else _("a Sunday") if of.weekday() > SATURDAY else _("a day off")


def _holidays(days: list[date], known: Calendar) -> Iterator[str]:
    found = [(day(d, year=False), holiday) for d in days if (holiday := known.holiday(d))]
    if len(found) == 1:
        when, (name, where) = found[0]
        if where:
            yield _("%(day)s is a holiday in %(where)s and counts as one (%(name)s)", day=when, where=where, name=name)
        else:
            yield _("%(day)s is a holiday (%(name)s)", day=when, name=name)
    elif found:
        named = [f"{when} ({holiday.name}{holiday.where and '; ' + holiday.where})" for when, holiday in found]
        yield _("holidays, which do not count: %(days)s", days=_cut(named))


def _listed(days: list[date]) -> str:
    return _cut([day(d, year=False) for d in days])


def _cut(words: list[str]) -> str:
    more = len(words) - MANY
    shown = ", ".join(words[:MANY])
    return shown if more <= 0 else _("%(shown)s and %(n)s more", shown=shown, n=more)
