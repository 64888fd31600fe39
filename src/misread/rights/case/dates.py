"""The three dates of a letter: asked on, expected by, may act from; and how each was counted, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from misread.language import gettext as _
from misread.report.words import upper_first
from misread.rights.case.model import Case, Reply, Sent
from misread.rights.case.modules import modules
from misread.rights.places.deadlines.due import FROM_RECEIPT, FROM_SENDING, Answer, count, matters
from misread.rights.places.deadlines.lengths import ONE, parse
from misread.rights.places.entries.words import day
from misread.rights.places.known import Law, Owed

State = Literal["waiting", "late", "very late", "answered", "undated"]
"""Where a letter stands; `undated` where the law names no day that could be counted."""

VERY_LATE = timedelta(days=30)
"""After the last day, where the law knows no extension; a rule of ours, not of any law."""


@dataclass(frozen=True)
class Dates:
    """The dates of a letter.

    Attributes
    ----------
    letter : Sent
        The letter.
    state : str
        One of `State`.
    asked_on : date
        When it was sent.
    expected_by : date or None
        The last day for an answer, an extension that was taken in time included; None where the law names none.
    act_from : date or None
        The first day on which one may act because nothing came.
    very_late_from : date or None
        The first day that no extension could excuse.
    longest : tuple of str
        How the longest extension was counted, or that there is none.
    courtesy : date or None
        A day that no law sets, but a standard names.
    counted : tuple of str
        How it was counted, in words.
    unsure : tuple of str
        What could make it another day.
    """

    letter: Sent
    state: State
    asked_on: date
    expected_by: date | None
    act_from: date | None
    very_late_from: date | None
    longest: tuple[str, ...]
    courtesy: date | None
    counted: tuple[str, ...]
    unsure: tuple[str, ...]


def dates(case: Case, law: Law, today: date) -> tuple[Dates, ...]:
    """The dates of every letter of a case.

    Parameters
    ----------
    case : Case
        The case.
    law : Law
        That of its place.
    today : date
        The day on which it is asked.
    """
    return tuple(dates_of(case, letter, law, today) for letter in case.letters)


def dates_of(case: Case, letter: Sent, law: Law, today: date) -> Dates:
    """The dates of a letter, with what its replies do to them.

    Parameters
    ----------
    case : Case
        The case.
    letter : Sent
        One of its letters.
    law : Law
        That of its place.
    today : date
        The day on which it is asked.
    """
    replies = replies_to(case, letter)
    plain = [(owed, count(owed.entry, start, case.circumstances)) for owed, start in _counted(case, letter, law)]
    due = _last(plain)
    taken, words = _extension(plain, replies, due)
    longest = [(owed, _longest(case, owed, answer)) for owed, answer in plain]
    held = longest if taken else plain
    expected = _last(held)
    if expected is not None and taken and taken.until is not None and due is not None and due <= taken.until < expected:
        expected = taken.until
        words.append(_("They named %(day)s, which is sooner: that day counts.", day=day(expected)))
    very_late = _last(longest)
    by_then = tuple(_words(letter, longest))
    if very_late is not None and very_late == due:
        very_late += VERY_LATE
        by_then = (_("The file of this place knows no extension here; thirty days more are our suggestion."),)
    courtesy = max((answer.courtesy.due for _owed, answer in plain if answer.courtesy), default=None)
    answered = any(settles(reply) for reply in replies)
    state: State = "waiting"
    if answered:
        state = "answered"
    elif expected is None:
        state = "undated"
    elif very_late is not None and today > max(very_late, expected):
        state = "very late"
    elif today > expected:
        state = "late"
    return Dates(
        letter,
        state,
        letter.on,
        expected,
        expected + ONE if expected else None,
        max(very_late, expected) + ONE if expected and very_late else None,
        by_then,
        courtesy,
        (*_words(letter, held), *words),
        (*_unsure(case, letter, law, held, today),),
    )


def replies_to(case: Case, letter: Sent) -> tuple[Reply, ...]:
    """The replies to a letter, in order."""
    return tuple(reply for reply in case.replies if reply.to == letter.number)


def settles(reply: Reply) -> bool:
    """Whether a reply ends the wait for an answer, whatever the answer is worth."""
    return reply.settled or any(modules()[said.module].clock == "answers" for said in reply.said)


def deadlines(letter: Sent, law: Law) -> tuple[Owed, ...]:
    """The other side's deadlines for a letter: the one it names, or all of its kind."""
    asked = {route.deadline for route in law.routes if route.kind == letter.kind}
    return tuple(
        owed
        for owed in law.deadlines
        if owed.entry.owner == "other-side"
        and (owed.entry.id == letter.deadline if letter.deadline else owed.entry.id in asked)
    )


def _counted(case: Case, letter: Sent, law: Law) -> Iterator[tuple[Owed, date]]:
    for owed in deadlines(letter, law):
        lacks_terms = "terms" in matters(owed.entry) and not case.terms
        if not lacks_terms and owed.entry.starts in FROM_RECEIPT:
            yield owed, letter.received or letter.on
        elif not lacks_terms and owed.entry.starts in FROM_SENDING:
            yield owed, letter.on


def _last(found: list[tuple[Owed, Answer]]) -> date | None:
    """The last of the days: whoever acts after it acts too early by no deadline."""
    return max((answer.due for _owed, answer in found if answer.due), default=None)


def _longest(case: Case, owed: Owed, answer: Answer) -> Answer:
    if owed.entry.extend is None:
        return answer
    return count(owed.entry, answer.start, replace(case.circumstances, extended=True))


def _extension(
    plain: list[tuple[Owed, Answer]], replies: tuple[Reply, ...], due: date | None
) -> tuple[Reply | None, list[str]]:
    """The reply that took more time, where the law allows it and it came in time; and what there is to say of it."""
    claims = [r for r in replies if any(modules()[s.module].clock == "extends" for s in r.said)]
    if not claims or due is None:
        return None, []
    claim = claims[0]
    extends = [owed.entry.extend for owed, _answer in plain if owed.entry.extend is not None]
    if not extends:
        return None, [
            _("They took more time. The file of this place knows no extension here: the first day stays; look it up.")
        ]
    if claim.on > due:
        came = _("They took more time on %(day)s, after the last day: the first day stays.", day=day(claim.on))
        return None, [came]
    by, needs = str(parse(extends[0].by)), extends[0].needs
    return claim, [
        _(
            "They took more time on %(day)s: it may be %(by)s, which needs: %(needs)s.",
            day=day(claim.on),
            by=by,
            needs=needs,
        )
    ]


def based(owed: Owed) -> str:
    """Where a deadline stands in the law, and how that is known.

    Parameters
    ----------
    owed : Owed
        The deadline.
    """
    return _("%(basis)s; how it is known: %(mark)s", basis=owed.entry.basis, mark=owed.mark)


def _words(letter: Sent, found: list[tuple[Owed, Answer]]) -> Iterator[str]:
    for owed, answer in found:
        what = upper_first(owed.entry.what)
        for one in answer.counted:
            said = f"{one.said} {_('Reading')}: {one.reading}." if one.reading else one.said
            yield f"{what} ({based(owed)}): {said}"
        if not answer.counted:
            yield _("%(what)s (%(basis)s): it names no number of days.", what=what, basis=based(owed))
        if answer.courtesy:
            yield _(
                "No law sets this day, but %(who)s names it: %(said)s",
                who=answer.courtesy.reading,
                said=answer.courtesy.said,
            )
    if found and letter.received is None and any(owed.entry.starts in FROM_RECEIPT for owed, _answer in found):
        yield _("The day of receipt is not known: it was counted from %(day)s, when it was sent.", day=day(letter.on))


def _unsure(case: Case, letter: Sent, law: Law, found: list[tuple[Owed, Answer]], today: date) -> tuple[str, ...]:
    out = [*_to_come(case, letter, today)]
    out += [text for owed, answer in found for text in (*answer.unsure, *owed.caveats(today))]
    counted = {owed.entry.id for owed, _answer in found}
    for owed in deadlines(letter, law):
        if owed.entry.id in counted:
            continue
        if "terms" in matters(owed.entry) and not case.terms:
            out.append(
                _(
                    "%(what)s (%(basis)s) runs in school days, and the terms are not in the case.",
                    what=owed.entry.what,
                    basis=based(owed),
                )
            )
        else:
            out.append(
                _(
                    "%(what)s (%(basis)s) runs from %(starts)s, which this letter does not set.",
                    what=owed.entry.what,
                    basis=based(owed),
                    starts=owed.entry.starts,
                )
            )
    return tuple(dict.fromkeys(upper_first(text) for text in out))


def _to_come(case: Case, letter: Sent, today: date) -> Iterator[str]:
    """What is noted as done, on a day that is still to come: mostly a slip in a date."""
    for what, on in (
        (_("It was sent"), letter.on),
        (_("It was received"), letter.received),
        *((_("Reply %(n)s came", n=reply.number), reply.on) for reply in replies_to(case, letter)),
    ):
        if on is not None and on > today:
            yield _(
                "%(what)s on %(day)s, it says, and that day is still to come. A slip? Take it back, and note it anew.",
                what=what,
                day=day(on),
            )
