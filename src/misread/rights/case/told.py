"""What letters and replies change in the disclosure record, and how that is taken back; what was told before stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from misread.rights.case.model import Reply, Said, Sent
from misread.rights.case.modules import ASKED, modules
from misread.rights.places.entries.words import day
from misread.rights.record import change
from misread.rights.record.model import Answer, Change, Evidence, Record, Status

TOLD: frozenset[Status] = frozenset({"disclosed", "partly", "contradicted", "not_applicable"})
"""Statuses that a reply is put beside, and never in the place of."""


Fields = tuple[tuple[str, Status, Status], ...]
"""Fields that changed, with their statuses before and after."""


def recorded(record: Record, letter: Sent, reply: Reply) -> tuple[Record, Fields, tuple[str, ...]]:
    """A record after a reply.

    Parameters
    ----------
    record : Record
        The record before.
    letter : Sent
        The letter that is answered: what it did not ask for was not refused.
    reply : Reply
        The reply.

    Returns
    -------
    (Record, tuple, tuple of str)
        The record after, the fields whose status changed, and what a person has to look at.
    """
    fields: list[tuple[str, Status, Status]] = []
    notes: list[str] = []
    for said in reply.said:
        for id, status in _statuses(said, letter):
            before = record.answer(id)
            was_told = before.status in TOLD
            if status not in TOLD:
                if status != "pending" and was_told and before.asked:
                    notes.append(f"{id} has an answer: that stays, and the rest is refused or not answered.")
                if status == "pending" or was_told or not before.open:
                    continue
            elif was_told:
                notes.append(f"{id} was told before: look whether both go together.")
            record = _answered(record, id, status, said, reply)
            after = record.answer(id).status
            if after != before.status:
                fields.append((id, before.status, after))
    return record, tuple(fields), tuple(dict.fromkeys(notes))


def unrecorded(record: Record, last: Sent | Reply, *, on: date, why: str) -> Record:
    """A record without what a letter or a reply did to it, as far as nothing came after that.

    Parameters
    ----------
    record : Record
        The record.
    last : Sent or Reply
        The letter or the reply.
    on : date
        The day on which it is taken back.
    why : str
        What the mistake was.
    """
    for id in record.answers:
        while (latest := _latest(record, id)) is not None and _did(last, latest):
            record = change.taken_back(record, id, on=on, why=why)
    return record


def _latest(record: Record, id: str) -> Change | None:
    """The last change of a field that was not taken back."""
    standing: list[Change] = []
    for one in record.history:
        if one.field == id and one.undoes:
            standing.pop()
        elif one.field == id:
            standing.append(one)
    return standing[-1] if standing else None


def _did(last: Sent | Reply, one: Change) -> bool:
    if isinstance(last, Reply):
        return one.why.startswith(_by(last))
    before = one.before.asked if one.before else ()
    new = one.after.asked[len(before) :]
    return [(asked.letter, asked.on) for asked in new] == [(last.letter, last.on)]


def _by(reply: Reply) -> str:
    """How the reason of a change begins that a reply led to."""
    return f"reply {reply.number} of {reply.on}: "


def _answered(record: Record, id: str, status: Status, said: Said, reply: Reply) -> Record:
    before = record.answer(id)
    says = modules()[said.module].says
    why = f"{_by(reply)}{said.module}"
    if status not in TOLD:
        return change.answered(record, id, Answer(status=status, asked=before.asked, note=says), on=reply.on, why=why)
    evidence = Evidence(kind="reply", title=f"Reply of {day(reply.on)}", retrieved=reply.on, quote=said.quote)
    if before.status in TOLD:
        kept = before.model_copy(update={"evidence": (evidence,)})
        return change.answered(record, id, kept, on=reply.on, why=why)
    answer = Answer(status=status, value=said.quote or says, as_of=reply.on, said_by="school", evidence=(evidence,))
    return change.answered(record, id, answer, on=reply.on, why=why)


def _statuses(said: Said, letter: Sent) -> Iterable[tuple[str, Status]]:
    for id, status in modules()[said.module].status.items():
        for field in letter.fields if id == ASKED else (id,):
            yield field, status
