"""By when: three dates for each letter that was sent, how they were counted, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.language import mark
from misread.report.words import upper_first
from misread.rights.case.change import sent
from misread.rights.case.dates import Dates, dates
from misread.rights.case.model import Case
from misread.rights.case.steps import Step, calendar, next_steps
from misread.rights.letters.words import kind_words
from misread.rights.places.deadlines.due import Answer, Circumstances, count, matters
from misread.rights.places.deadlines.ics import Event, calendar_file
from misread.rights.places.deadlines.lengths import parse
from misread.rights.places.entries.words import day
from misread.rights.places.known import Law, Owed, at
from misread.web.pages.school.file import case_of, record_of, with_case
from misread.web.pages.school.kept import Given, Kept, chosen
from misread.web.pages.school.steps.letter import letters, template_of
from misread.web.pages.school.steps.place import placed, places

STATES: Mapping[str, str] = {
    "waiting": mark("There is still time to answer."),
    "late": mark("Nothing has come, and the last day is over."),
    "very late": mark("Nothing has come, and nothing excuses the wait any more."),
    "answered": mark("An answer came."),
    "undated": mark("The law names no day that can be counted."),
}
"""Where a letter stands, in a sentence."""


@dataclass(frozen=True)
class Letter:
    """A letter that was sent, and its dates."""

    number: int
    what: str
    id: str
    state: str
    headline: str
    asked_on: str
    expected_by: str
    act_from: str
    courtesy: str
    counted: tuple[str, ...]
    unsure: tuple[str, ...]


@dataclass(frozen=True)
class Next:
    """Something to do, from a day on."""

    day: str
    due: bool
    say: str
    kind: str
    kind_said: str
    why: str


@dataclass(frozen=True)
class Counted:
    """One deadline, as it is said."""

    id: str
    what: str
    basis: str
    yours: bool
    start: str
    due: str
    act_from: str
    counted: tuple[str, ...]
    courtesy: str
    extension: str
    mind: tuple[str, ...]
    note: str
    mark: str


def absorb(kept: Kept, given: Given) -> Kept:
    """What the form adds: the place, a letter that was sent, and what moves its days."""
    kept = placed(kept, given)
    if kept.place and given.has("note"):
        kept = noted(kept, given)
    return kept


def noted(kept: Kept, given: Given) -> Kept:
    """What is kept after a letter was sent: what it asked for has been asked.

    Raises
    ------
    MisreadError
        If something does not fit.
    """
    kind = chosen(given.one("kind"), {head.kind for head in letters(kept.place)}, _("Which letter?"))
    on = given.day("on", _("When did you send it?"))
    if on is None:
        raise MisreadError(Problem(_("The day on which you sent it is missing."), mend=_("fill it in.")))
    template = template_of(kept.model_copy(update={"kind": kind, "language": ""}))
    assert template is not None
    law = at(kept.place, max(on, given.today))
    # What is asked for becomes pending in the record, so there has to be one.
    case = case_of(kept.model_copy(update={"record": record_of(kept, given.today)}))
    own = circumstances(given)
    case = case.model_copy(
        update={
            "calendar": own.calendar or case.calendar,
            "closed": tuple(sorted(own.closed)) or case.closed,
            "terms": own.terms or case.terms,
        }
    )
    fields = kept.picked if kind == kept.kind or not kept.kind else ()
    received = given.day("received", _("When did they get it?"))
    try:
        case = sent(case, template.id, kind, on=on, law=law, received=received, fields=fields)
    except MisreadError as error:
        raise MisreadError([_here(problem) for problem in error.problems]) from None
    # The next letter has a day of its own.
    facts = kept.facts.model_copy(update={"date": None})
    asked = {"picked": (), "accuracy": False} if fields else {}
    return with_case(kept.model_copy(update={"facts": facts, **asked}), case)


def told(kept: Kept, given: Given) -> dict[str, Any]:
    """What the template is given."""
    if not kept.place:
        return {"places": places(), "place": "", "letters": (), "dates": None}
    law = at(kept.place, given.today)
    case = case_of(kept)
    # The other side's first: that is what a letter begins.
    options = sorted(law.deadlines, key=lambda one: one.entry.owner == "user")
    which = given.one("which") or next((one.entry.id for one in options), "")
    problems: tuple[Problem, ...] = ()
    counted, known = None, next((one for one in options if one.entry.id == which), None)
    try:
        if known is not None and (start := given.day("from", _("When did they get it?"))):
            counted = said(known, count(known.entry, start, circumstances(given)), given.today)
    except MisreadError as error:
        problems = tuple(_here(problem) for problem in error.problems)
    steps = next_of(case, law, given.today) if case.letters else ()
    kinds = tuple(dict.fromkeys((head.kind, kind_words(head.kind)) for head in letters(kept.place)))
    return {
        "places": places(),
        "place": kept.place,
        "kinds": kinds,
        "kind": (given.one("kind") if given.refused else "") or kept.kind,
        "on": given.one("on") if given.refused else str(given.today),
        "received": given.one("received") if given.refused else "",
        "letters": letters_of(case, law, given.today),
        "noted": given.has("note") and not given.refused,
        "next": tuple(one for one, own in steps if not own),
        "own": tuple(one for one, own in steps if own),
        "options": tuple((one.entry.id, f"{upper_first(one.entry.what)} ({one.entry.basis})") for one in options),
        "which": which,
        "asks": frozenset().union(*(matters(one.entry) for one in options)),
        "asks_here": matters(known.entry) if known else frozenset(),
        "values": {name: given.one(name) for name in ("from", "calendar", "closed", "terms", "pauses")},
        "extended": given.has("extended"),
        "dates": counted,
        "counts_wrong": bool(problems),
        **({"problems": problems} if problems else {}),
    }


def taken(kept: Kept, given: Given, name: str, kind: str) -> tuple[bytes, str, str] | None:
    """The dates for a calendar: of all letters that were noted, or of the one deadline that was counted."""
    if kind != "ics" or name not in ("days", "steps"):
        return None
    law = at(kept.place, given.today) if kept.place else None
    written = datetime.now(UTC)
    if name == "steps" and law is not None:
        return calendar(case_of(kept), law, given.today, written).encode(), "text/calendar", "days.ics"
    start = given.day("from", _("When did they get it?"))
    known = next((one for one in law.deadlines if one.entry.id == given.one("which")), None) if law else None
    if start is None or known is None:
        raise MisreadError(Problem(_("Without a day nothing can be counted."), mend=_("say when they got it.")))
    try:
        answer = count(known.entry, start, circumstances(given))
    except MisreadError as error:
        raise MisreadError([_here(problem) for problem in error.problems]) from None
    return calendar_file(events(answer), written).encode(), "text/calendar", "days.ics"


def next_of(case: Case, law: Law, today: date) -> tuple[tuple[Next, bool], ...]:
    """What to do next in a case, and whether it is a deadline of the person's own."""
    return tuple(_next(step, today) for step in next_steps(case, law, today))


def letters_of(case: Case, law: Law, today: date) -> tuple[Letter, ...]:
    """The letters of a case with their dates."""
    return tuple(_letter(found, today) for found in dates(case, law, today))


def _letter(found: Dates, today: date) -> Letter:
    return Letter(
        number=found.letter.number,
        what=kind_words(found.letter.kind),
        id=found.letter.letter,
        state=_(STATES[found.state]),
        headline=_headline(found, today),
        asked_on=day(found.asked_on),
        expected_by=day(found.expected_by) if found.expected_by else "",
        act_from=day(found.act_from) if found.act_from else "",
        courtesy=day(found.courtesy) if found.courtesy else "",
        counted=found.counted,
        unsure=found.unsure,
    )


def _headline(found: Dates, today: date) -> str:
    """The one thing to know about a letter."""
    if found.asked_on > today:
        return _(
            "You noted %(day)s as the day on which you sent it. That day is still to come.", day=day(found.asked_on)
        )
    last = found.expected_by
    if found.state == "answered" or last is None:
        return _(STATES[found.state])
    if found.state == "waiting":
        return _("They have until %(day)s to answer.", day=day(last))
    return _("Their last day was %(day)s. You may act.", day=day(last))


def _next(step: Step, today: date) -> tuple[Next, bool]:
    # The page writes letters of the place of the case alone.
    kind = "" if step.place else step.letter or ""
    return Next(
        day(step.date), step.date <= today, step.say, kind, kind_words(kind) if kind else "", step.why
    ), step.own


def events(answer: Answer) -> Iterator[Event]:
    """The last day, and the day from which one may act, told so that the calendar of a family's telephone gives
    nothing away."""
    notice = _("This is no legal advice.")
    if answer.due:
        yield Event(answer.due, _("An answer is due"), f"{answer.deadline.basis}. {notice}")
    if answer.act_from:
        yield Event(answer.act_from, _("No answer? Go on"), f"{answer.deadline.basis}. {notice}")


def circumstances(given: Given) -> Circumstances:
    """What only the person knows."""
    return Circumstances(
        given.one("calendar").upper(),
        frozenset(given.days("closed", _("Days on which the school was closed"))),
        given.spans("terms", _("The school’s terms")),
        given.spans("pauses", _("Times in which it stood still")),
        given.has("extended"),
    )


def said(known: Owed, answer: Answer, today: date) -> Counted:
    """A deadline in words."""
    deadline = answer.deadline
    extension = ""
    if deadline.extend:
        length, needs = parse(deadline.extend.by), deadline.extend.needs
        extension = _("It may be extended by %(length)s, which needs: %(needs)s.", length=length, needs=needs)
    courtesy = answer.courtesy
    return Counted(
        id=deadline.id,
        what=upper_first(deadline.what),
        basis=deadline.basis,
        yours=deadline.owner == "user",
        start=day(answer.start),
        due=day(answer.due) if answer.due else "",
        act_from=day(answer.act_from) if answer.act_from else "",
        counted=tuple(f"{one.said} ({one.reading})" if one.reading else one.said for one in answer.counted),
        courtesy=f"{courtesy.reading}: {courtesy.said}" if courtesy else "",
        extension=extension,
        mind=(*answer.unsure, *known.caveats(today)),
        note=deadline.note,
        mark=known.mark,
    )


def _here(problem: Problem) -> Problem:
    """A message of the command, with the page's names for its options."""
    names = {"--term": _("The school’s terms"), "--pause": _("Times in which it stood still")}
    names |= dict.fromkeys(("--from", "--received"), _("When did they get it?"))
    names |= {"--calendar": _("Which country’s holidays?")}
    mend = problem.mend.partition(": --")[0].partition("; or name")[0]
    return Problem(problem.what, problem.expected, mend, key=names.get(problem.key, problem.key))
