"""What to do next, and by when: never a day without something to do on it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from misread.language import gettext as _
from misread.report.words import upper_first
from misread.rights.case.dates import Dates, based, dates, settles
from misread.rights.case.model import Case, Reply, Sent
from misread.rights.case.modules import Module, Next, modules
from misread.rights.letters.template import templates
from misread.rights.letters.words import LETTERS
from misread.rights.places.deadlines.due import Answer, count
from misread.rights.places.deadlines.ics import Event, calendar_file
from misread.rights.places.deadlines.lengths import ONE
from misread.rights.places.entries.words import day
from misread.rights.places.known import Law, Owed

NO_DATE = timedelta(days=30)
"""After which we suggest to ask again where neither law nor standard names a day; a rule of ours."""

COMPLAINTS = ("complaint", "ai-complaint", "internal-complaint")
"""Kinds of letters that complain."""

FIRST = ("access", "records", "impact-assessment")
"""What to ask for first, in this order, where there is a way."""


@dataclass(frozen=True)
class Step:
    """Something to do.

    Attributes
    ----------
    date : date
        From this day on; for a deadline of one's own, the last day.
    say : str
        What to do.
    letter : str or None
        The kind of letter that does it; None where none does.
    why : str
        How the day came about.
    own : bool
        Whether it is a deadline of the person's own, after which something is lost.
    reply : int or None
        The number of the reply whose follow-up does it; None where none does.
    reminds : int or None
        The number of the letter that a reminder is sent of; None where none is.
    place : str
        Whose letter it is, where that is not the place of the case: the federal one of the United States, say.
    """

    date: datetime.date
    say: str
    letter: str | None
    why: str
    own: bool = False
    reply: int | None = None
    reminds: int | None = None
    place: str = ""


def next_steps(case: Case, law: Law, today: datetime.date) -> tuple[Step, ...]:
    """What to do next in a case.

    Parameters
    ----------
    case : Case
        The case.
    law : Law
        That of its place.
    today : date
        The day on which it is asked.

    Returns
    -------
    tuple of Step
        By their days; what is not due yet as well.
    """
    steps = [*_first(case, law, today)]
    for found in dates(case, law, today):
        if not _settled(case, found.letter):
            steps += [*_waiting(case, found, law), *_replied(case, found, law)]
    steps += _own(case, law, today)
    # On one day comes first what may settle it without a complaint.
    return tuple(
        sorted(dict.fromkeys(steps), key=lambda step: (step.date, step.own, step.letter in COMPLAINTS, step.say))
    )


def complaint(law: Law) -> str | None:
    """The kind of letter with which one complains: to who runs it first, where the law has a way; None where none is.

    Parameters
    ----------
    law : Law
        That of the place.
    """
    ways = {route.kind for route in law.routes if route.availability in ("in-force", "doubtful")}
    return next((kind for kind in ("internal-complaint", "complaint") if kind in ways), None)


def calendar(case: Case, law: Law, today: datetime.date, written: datetime.datetime) -> str:
    """The steps as a calendar file.

    Parameters
    ----------
    case : Case
        The case.
    law : Law
        That of its place.
    today : date
        The day on which it is asked.
    written : datetime
        When the file is made, with its time zone.
    """
    notice = _("This is no legal advice.")
    return calendar_file(
        (Event(s.date, s.say, f"{s.why} {notice}".strip()) for s in next_steps(case, law, today)), written
    )


def _first(case: Case, law: Law, today: datetime.date) -> Iterator[Step]:
    if case.letters:
        return
    safety = law.place.safety
    if safety.retaliation == "elevated":
        yield Step(
            today,
            _("Before any letter, think of other ways: %(ways)s.", ways="; ".join(safety.prefer)),
            None,
            safety.notes,
        )
    ways = {route.kind for route in law.routes if route.availability == "in-force"}
    kind = next((kind for kind in FIRST if kind in ways), None)
    yield Step(
        today,
        _("Ask in a letter, and note here when you sent it."),
        kind,
        _("No letter is noted in the case.") if kind else _("No way to ask was found in the file of this place."),
    )


def _settled(case: Case, letter: Sent) -> bool:
    """Whether the last reply to a letter answered it."""
    replies = [reply for reply in case.replies if reply.to == letter.number]
    return bool(replies) and replies[-1].settled


def _waiting(case: Case, found: Dates, law: Law) -> Iterator[Step]:
    """What to do when nothing comes."""
    if found.state == "answered":
        return
    silence, counted = modules()["silence"], " ".join(found.counted)
    remind, complain = silence.next
    noted = next((r.number for r in case.replies if r.to == found.letter.number and _silent(r)), None)
    reminds = None if noted else found.letter.number
    name = _("Letter %(n)s (%(what)s)", n=found.letter.number, what=_(LETTERS[found.letter.kind]))
    if found.act_from is None or found.very_late_from is None:
        on, why = _without_date(found)
        yield Step(on, f"{name}: {remind.say}", None, why, reply=noted, reminds=reminds)
        return
    if not _reminded(case, found):
        say = f"{name}: {_('nothing came?')} {remind.say}"
        yield Step(found.act_from, say, None, counted, reply=noted, reminds=reminds)
    if not _complained(case, found.letter, found.letter.on):
        why = _("By then even the longest time on file is over. %(counted)s", counted=" ".join(found.longest))
        say = " ".join((f"{name}: {complain.say}", *_appeals(complain, found.letter, law)))
        yield Step(found.very_late_from, say, _letter(complain, found.letter, law), why)


def _without_date(found: Dates) -> tuple[datetime.date, str]:
    """From when to ask again where no law names a day, and why from then."""
    counted = " ".join((*found.counted, *found.unsure))
    if found.courtesy is not None:
        return found.courtesy + ONE, counted
    ours = _("Thirty days are our suggestion; no law names a day that can be counted here.")
    return (found.letter.received or found.letter.on) + NO_DATE + ONE, f"{ours} {counted}".strip()


def _replied(case: Case, found: Dates, law: Law) -> Iterator[Step]:
    """What to do about what came: what one reply leads to on one day with one letter is one step."""
    for reply in case.replies:
        if reply.to != found.letter.number or reply.settled:
            continue
        told = [
            (*_when(case, rule, reply, found), _letter(rule, found.letter, law), modules()[said.module], rule)
            for said in reply.said
            for rule in modules()[said.module].next
            if not _told_elsewhere(modules()[said.module], rule) and not _done(case, found.letter, reply, rule)
        ]
        for on, letter in dict.fromkeys((on, letter) for on, _why, letter, _module, _rule in told):
            same = [one for one in told if (one[0], one[2]) == (on, letter)]
            appeals = [text for *_rest, rule in same for text in _appeals(rule, found.letter, law)]
            says = " ".join(dict.fromkeys((*(rule.say for *_rest, rule in same), *appeals)))
            came = [_("On %(day)s: %(says)s", day=day(reply.on), says=module.says) for *_rest, module, _rule in same]
            why = " ".join(dict.fromkeys((*came, *(why for _on, why, *_rest in same if why))))
            back = reply.number if letter is None and any(rule.when == "at once" for *_rest, rule in same) else None
            yield Step(on, _("Reply %(n)s: %(say)s", n=reply.number, say=says), letter, why, reply=back)


def _told_elsewhere(module: Module, rule: Next) -> bool:
    """Whether `_waiting` tells it, of the letter as a whole: reminders, and all of silence."""
    return module.id == "silence" or (rule.when == "due" and not rule.letter)


def _done(case: Case, letter: Sent, reply: Reply, rule: Next) -> bool:
    back = _follow_ups(case, reply)
    if rule.letter == "complaint":
        return _complained(case, letter, reply.on) or any(_settled(case, one) for one in back)
    return bool(back)


def _follow_ups(case: Case, reply: Reply) -> tuple[Sent, ...]:
    """What was written back to a reply."""
    return tuple(one for one in case.letters if one.follows == reply.number)


def _when(case: Case, rule: Next, reply: Reply, found: Dates) -> tuple[datetime.date, str]:
    """The day of a step, and how it came about where that is not the reply alone."""
    if rule.when.startswith("in "):
        days = int(rule.when.split(" ")[1])
        why = _("%(n)s days to answer a follow-up are our suggestion; no law sets them.", n=days)
        # They have that long from the day on which it was written back; who wrote nothing back, from the reply.
        return max((one.on for one in _follow_ups(case, reply)), default=reply.on) + timedelta(days=days), why
    if rule.when == "due":
        on, why = (found.act_from, " ".join(found.counted)) if found.act_from else _without_date(found)
        # A reply that comes after the last day does not bring that day back.
        return max(on, reply.on), why
    return reply.on, ""


def _letter(rule: Next, letter: Sent, law: Law) -> str | None:
    if rule.letter == "complaint":
        return None if _of_records(letter, law) else complaint(law)
    return letter.kind if rule.letter == "same" else None


def _of_records(letter: Sent, law: Law) -> bool:
    """Whether a letter asks by the law about public records, whatever it asks for."""
    deadlines = {route.deadline for route in law.routes if route.kind == "records"}
    return letter.kind == "records" or (bool(letter.deadline) and letter.deadline in deadlines)


def _appeals(rule: Next, letter: Sent, law: Law) -> Iterator[str]:
    """What is to be known before one complains of an answer about public records: it is no matter of a child's data."""
    if rule.letter != "complaint" or not _of_records(letter, law):
        return
    yield _("The law about public records has ways of its own to object: look up which, and by when.")
    ways = dict.fromkeys(way for route in law.routes if route.kind == "records" for way in route.on_expiry)
    if ways:
        yield _("On file: %(ways)s.", ways="; ".join(ways))


def _silent(reply: Reply) -> bool:
    return any(said.module == "silence" for said in reply.said)


def _reminded(case: Case, found: Dates) -> bool:
    """Whether a reminder went out after the last day."""
    silent = {reply.number for reply in case.replies if reply.to == found.letter.number and _silent(reply)}
    return any(letter.follows in silent for letter in case.letters)


def _complained(case: Case, letter: Sent, since: datetime.date) -> bool:
    return any(one.kind in COMPLAINTS and one.on >= since and one.number > letter.number for one in case.letters)


def _own(case: Case, law: Law, today: datetime.date) -> Iterator[Step]:
    """Deadlines of the person's own, each by its earliest reading."""
    for owed in law.deadlines:
        if owed.entry.owner != "user" or not case.letters:
            continue
        for start, since in _starts(case, owed):
            answer = count(owed.entry, start, case.circumstances)
            if answer.due is not None and not _used(case, owed, law, start):
                yield _own_step(case, owed, answer, answer.due, since, law, today)


def _own_step(
    case: Case, owed: Owed, answer: Answer, due: datetime.date, since: str, law: Law, today: datetime.date
) -> Step:
    kinds = [route.kind for route in law.routes if route.deadline == owed.entry.id]
    what = upper_first(owed.entry.what)
    say = _("Your own last day. %(what)s: send it by then, or decide not to.", what=what)
    if due < today:
        say = _(
            "Your own last day is over by the earliest reading. %(what)s: ask a lawyer whether a later one counts.",
            what=what,
        )
    said = " ".join(dict.fromkeys((*(one.said for one in answer.counted), *answer.unsure, *owed.caveats(today))))
    why = _(
        "%(basis)s. It runs from %(starts)s. %(since)s %(said)s",
        basis=based(owed),
        starts=owed.entry.starts,
        since=since,
        said=said,
    )
    elsewhere = owed.place.id if kinds and owed.place.id != case.place else ""
    return Step(due, say, kinds[0] if kinds else None, why, own=True, place=elsewhere)


def _starts(case: Case, owed: Owed) -> Iterator[tuple[datetime.date, str]]:
    """The days that a deadline of one's own may run from, in this case."""
    if "knew" in owed.entry.starts:
        known = min(letter.on for letter in case.letters)
        yield known, _("Counted from your first letter, since you knew of the system by then at the latest.")
    elif "refusal" in owed.entry.starts:
        for reply in case.replies:
            letter = case.letters[reply.to - 1]
            if letter.kind == "records" and not reply.settled and settles(reply):
                yield reply.on, _("Counted from the reply of %(day)s, if it is a refusal.", day=day(reply.on))


def _used(case: Case, owed: Owed, law: Law, start: datetime.date) -> bool:
    """Whether the letter that it is about was sent: a state's own letter does not keep a last day of federal law."""
    kinds = {route.kind for route in law.routes if route.deadline == owed.entry.id}
    known = templates()
    return any(
        letter.kind in kinds
        and letter.on >= start
        and (letter.letter not in known or known[letter.letter].head.place == owed.place.id)
        for letter in case.letters
    )
