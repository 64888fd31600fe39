"""Changes of a case: each gives another case, and says in its log what was done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from misread.errors import MisreadError, Problem
from misread.rights.case.dates import dates_of
from misread.rights.case.model import Case, Event, ExportSeen, Reply, Said, Sent, made, without_court
from misread.rights.case.modules import KINDS, speaks_of_court
from misread.rights.case.reading.citations import WRONG, Citation, named
from misread.rights.case.reading.read import Hit
from misread.rights.case.told import Fields, recorded, unrecorded
from misread.rights.letters.facts import Facts
from misread.rights.letters.words import LetterKind
from misread.rights.places.deadlines.calendars import calendar
from misread.rights.places.deadlines.due import Circumstances, matters
from misread.rights.places.known import Law, at
from misread.rights.record import change
from misread.rights.record.model import Record

LONGEST = 1000
"""Characters of a quotation that are kept."""


@dataclass(frozen=True)
class Changed:
    """A case after a reply, and what the reply changed in its record.

    Attributes
    ----------
    case : Case
        The case.
    fields : tuple of (str, str, str)
        Field, status before, status after.
    notes : tuple of str
        What was left out, or has to be looked at.
    """

    case: Case
    fields: Fields
    notes: tuple[str, ...]


def begun(
    place: str,
    facts: Facts | None = None,
    *,
    on: date,
    record: Record | None = None,
    given: Circumstances | None = None,
    opted_out_on: date | None = None,
    left_on: date | None = None,
) -> Case:
    """A case in which nothing was sent yet. What speaks of an order of a court is left out of the facts.

    Parameters
    ----------
    place : str
        Id of a place whose law is recorded.
    facts : Facts, optional
        What letters say of the family, the child and the school.
    on : date
        The day.
    record : Record, optional
        The disclosure record.
    given : Circumstances, optional
        Whose holidays count, closed days, and terms.
    opted_out_on, left_on : date, optional
        Since when nothing may be read of the child, and since when the child is gone.

    Raises
    ------
    MisreadError
        If the law of the place is not recorded, or something is given that makes no difference there.
    """
    given = given or Circumstances()
    _refuse_idle(at(place, on), given)
    return made(
        Case,
        place=place,
        calendar=given.calendar,
        closed=tuple(sorted(given.closed)),
        terms=given.terms,
        facts=without_court(facts or Facts()),
        opted_out_on=opted_out_on,
        left_on=left_on,
        record=record,
        log=(Event(on=on, what="begun"),),
    )


def _refuse_idle(law: Law, given: Circumstances) -> None:
    """Refuse what moves no deadline of a place: whoever gave it would believe that it did."""
    if given.calendar:
        calendar(given.calendar)
    moved = {name for owed in law.deadlines for name in matters(owed.entry)}
    typed = {"calendar": "--calendar", "closed": "--closed", "terms": "--term"}
    problems = [
        Problem(f"It moves no deadline of {law.place.name}.", "only what can move one.", "take it out.", key=key)
        for name, key in typed.items()
        if getattr(given, name) and name not in moved
    ]
    if problems:
        raise MisreadError(problems)


def noted(
    case: Case,
    *,
    on: date,
    received: tuple[int, date] | None = None,
    facts: Facts | None = None,
    record: Record | None = None,
    opted_out_on: date | None = None,
    left_on: date | None = None,
) -> Case:
    """A case with what became known later; the same case where nothing is given.

    Parameters
    ----------
    case : Case
        The case.
    on : date
        The day.
    received : (int, date), optional
        The number of a letter, and when it was received.
    facts : Facts, optional
        What letters say, in the place of what they said before.
    record : Record, optional
        The disclosure record, in the place of the one before.
    opted_out_on, left_on : date, optional
        Since when nothing may be read of the child, and since when the child is gone.
    """
    changed: dict[str, object] = {}
    if received is not None:
        number, when = received
        letter = case.letter(number)
        if when < letter.on:
            what = f"Letter {number} was sent on {letter.on}, after it was received."
            raise MisreadError(Problem(what, f"{letter.on} or later.", "correct the day.", key="--received"))
        later = letter.model_copy(update={"received": when})
        changed["letters"] = tuple(later if one is letter else one for one in case.letters)
    if facts is not None:
        changed["facts"] = without_court(facts)
    given = {"record": record, "opted_out_on": opted_out_on, "left_on": left_on}
    changed |= {name: value for name, value in given.items() if value is not None}
    if not changed:
        return case
    return _again(case, **changed, log=_logged(case, on, f"noted: {', '.join(changed)}"))


def sent(
    case: Case,
    letter: str,
    kind: str,
    *,
    on: date,
    law: Law,
    received: date | None = None,
    deadline: str = "",
    fields: Iterable[str] = (),
    follows: int | None = None,
) -> Case:
    """A case in which a letter was sent. What it asked for is pending in the record.

    Parameters
    ----------
    case : Case
        The case.
    letter : str
        Which letter, such as "access.eu.en".
    kind : str
        What it asked for, such as "access".
    on : date
        When it was sent.
    law : Law
        That of the place, for its deadline.
    received : date, optional
        When it was received.
    deadline : str
        The id of its deadline, where not all of its kind count.
    fields : iterable of str
        Ids of fields of the record that it asked for.
    follows : int, optional
        The number of the reply that it follows up.

    Raises
    ------
    MisreadError
        If something does not fit.
    """
    if received is not None and received < on:
        raise MisreadError(
            Problem("It was received before it was sent.", f"{on} or later.", "correct one of them.", key="--received")
        )
    one = made(
        Sent,
        number=len(case.letters) + 1,
        letter=letter,
        kind=_kind(kind),
        on=on,
        received=received,
        deadline=deadline,
        fields=tuple(dict.fromkeys(fields)),
        follows=follows,
    )
    case = _again(case, letters=(*case.letters, one), log=_logged(case, on, f"letter {one.number} sent: {letter}"))
    if case.record is None or not one.fields:
        return case
    due = dates_of(case, one, law, on).expected_by
    return _again(case, record=change.asked(case.record, one.fields, letter, on, due))


def replied(
    case: Case,
    hits: Iterable[Hit],
    *,
    to: int,
    on: date,
    facts: Mapping[str, str] | None = None,
    cited: Iterable[Citation] = (),
    until: date | None = None,
    settled: bool = False,
) -> Changed:
    """A case after a reply: what it says, and what that changes in the record.

    Quotations that speak of an order of a court are not kept, nor are those of answers that are private.

    Parameters
    ----------
    case : Case
        The case.
    hits : iterable of Hit
        What the reply says.
    to : int
        The number of the letter that it answers.
    on : date
        When it came.
    facts : mapping, optional
        What the person told about it: the id of an `ask` → text.
    cited : iterable of Citation
        Law that it names.
    until : date, optional
        The day that it names for an answer.
    settled : bool
        Whether it answered the letter.

    Raises
    ------
    MisreadError
        If there is no such letter, or the reply came before it.
    """
    letter = case.letter(to)
    if on < letter.on:
        what = f"The reply came on {on}, before letter {to} was sent on {letter.on}."
        raise MisreadError(
            Problem(what, f"{letter.on} or later.", "correct the day, or name another letter.", key="--on")
        )
    hits, notes = tuple(hits), []
    said, kept = [], {}
    for hit in hits:
        quote = _quote(hit)
        if hit.quote and not quote:
            notes.append(f"What it says was noted, and the sentence was not kept: {hit.module.id}.")
        said.append(Said(module=hit.module.id, quote=quote))
    for id, text in _known_facts(hits, facts or {}).items():
        if speaks_of_court(text):
            notes.append(f"`{id}` was not kept: it speaks of an order of a court.")
        else:
            kept[id] = text
    reply = made(
        Reply,
        number=len(case.replies) + 1,
        to=to,
        on=on,
        said=tuple(said),
        cited=tuple(dict.fromkeys(named(one) for one in cited if one.fit in WRONG)),
        facts=kept,
        until=until,
        settled=settled,
    )
    what = ", ".join(hit.module.id for hit in hits) or "it answered the letter"
    case = _again(
        case, replies=(*case.replies, reply), log=_logged(case, on, f"reply {reply.number} to letter {to}: {what}")
    )
    if case.record is None:
        return Changed(case, (), tuple(notes))
    record, fields, more = recorded(case.record, letter, reply)
    return Changed(_again(case, record=record), fields, (*notes, *more))


def export_seen(case: Case, verdicts: Mapping[str, str], *, on: date) -> Case:
    """A case in which an export was checked; nothing of what stands in the export is kept.

    Parameters
    ----------
    case : Case
        The case.
    verdicts : mapping
        Code of a check → its verdict.
    on : date
        The day.
    """
    seen = ExportSeen(on=on, verdicts=dict(verdicts))
    return _again(case, exports=(*case.exports, seen), log=_logged(case, on, "an export was checked"))


def taken_back(case: Case, *, on: date, why: str) -> Case:
    """A case without the letter or the reply that was noted last, by mistake, and what that did to the record.

    The log keeps both, and so does the history of the record.

    Parameters
    ----------
    case : Case
        The case.
    on : date
        The day.
    why : str
        What the mistake was.

    Raises
    ------
    MisreadError
        If nothing is noted that could be taken back.
    """
    last = _last(case)
    if last is None:
        what = "Nothing can be taken back: no letter and no reply is noted."
        raise MisreadError(Problem(what, "a case with one.", "note other facts with `misread rights case note`."))
    name, entries = ("letters", case.letters) if isinstance(last, Sent) else ("replies", case.replies)
    changed: dict[str, object] = {name: entries[:-1]}
    if case.record is not None:
        changed["record"] = unrecorded(case.record, last, on=on, why=why)
    what = f"taken back, {'letter' if isinstance(last, Sent) else 'reply'} {last.number}: {why}"
    return _again(case, **changed, log=_logged(case, on, what))


def _last(case: Case) -> Sent | Reply | None:
    """What was noted last, by the log; letters and replies have numbers of their own."""
    noted: list[Sent | Reply] = []
    for event in case.log:
        found = re.match(r"(letter|reply) ([0-9]+) (?:sent|to letter)", event.what)
        if found and found[1] == "letter":
            noted += case.letters[int(found[2]) - 1 : int(found[2])]
        elif found:
            noted += case.replies[int(found[2]) - 1 : int(found[2])]
    return noted[-1] if noted else None


def _quote(hit: Hit) -> str:
    """The sentence as it is kept: on one line, cut where it is very long, and not at all where it is private."""
    flat = "".join(c for c in " ".join(hit.quote.split()) if c.isprintable())
    if hit.module.private or speaks_of_court(flat):
        return ""
    return flat if len(flat) <= LONGEST else f"{flat[:LONGEST]} …"


def _known_facts(hits: tuple[Hit, ...], facts: Mapping[str, str]) -> dict[str, str]:
    asked = {ask.id: ask.question for hit in hits for ask in hit.module.ask}
    problems = [
        Problem(
            f"Nobody asked for `{id}`.",
            f"one of {'; '.join(f'{name} ({question})' for name, question in asked.items())}."
            if asked
            else "nothing: these answers ask for nothing more.",
            "take it out, or write the name as it is.",
            key="--fact",
        )
        for id in facts
        if id not in asked
    ]
    if problems:
        raise MisreadError(problems)
    flat = {id: " ".join(text.split()) for id, text in facts.items()}
    return {id: text for id, text in flat.items() if text}


def _kind(kind: str) -> LetterKind:
    for known in KINDS:
        if known == kind:
            return known
    raise MisreadError(Problem(f"`{kind}` is no kind of letter.", f"one of {', '.join(KINDS)}.", "correct it."))


def _logged(case: Case, on: date, what: str) -> tuple[Event, ...]:
    return (*case.log, Event(on=on, what=what))


def _again(case: Case, **changed: object) -> Case:
    return made(Case, **{name: getattr(case, name) for name in Case.model_fields} | changed)
