"""Changes of a record: each gives another one, whose history tells what stood there before, and why it does not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from misread.errors import MisreadError, Problem
from misread.rights.record.fields import field as known
from misread.rights.record.model import (
    BLANK,
    Answer,
    Asked,
    Came,
    Change,
    Dispute,
    Record,
    Role,
    SchoolKind,
    Status,
    unfollowed,
)

CLOSES: dict[Status, Came] = {
    "disclosed": "full",
    "partly": "partly",
    "contradicted": "full",
    "refused": "refused",
    "not_applicable": "full",
}
"""Status of an answer → what it makes of the letters that were still open."""
BECOMES_PENDING: frozenset[Status] = frozenset({"never_asked", "unsourced", "pending", "no_answer", "refused"})
"""What is asked for becomes pending, unless something was told before: that stays told."""


def new(
    title: str,
    place: str = "",
    *,
    on: date,
    school_kind: SchoolKind = "unknown",
    created_by_role: Role = "other",
    language: str = "en",
) -> Record:
    """A record in which nothing was asked yet.

    Parameters
    ----------
    title : str
        What it is about.
    place : str
        Whose law is looked at, such as "eu"; empty where it is not recorded.
    on : date
        The day on which it is begun.
    school_kind, created_by_role, language : str
        Which kind of school it is, who keeps the record, and in which language.
    """
    return Record(
        title=title,
        place=place,
        school_kind=school_kind,
        created_by_role=created_by_role,
        language=language,
        begun=on,
    )


def answered(record: Record, field: str, answer: Answer, *, on: date, why: str) -> Record:
    """A record with another answer to a field.

    Evidence, letters and disputes of the old answer stay: what the new one brings is put behind them. Letters to which
    nothing had come are closed by what comes now.

    Parameters
    ----------
    record : Record
        The record.
    field : str
        Id of a field.
    answer : Answer
        The new answer.
    on : date
        The day of the change.
    why : str
        Why it is changed.

    Raises
    ------
    MisreadError
        If there is no such field, or the answer cannot follow the old one.
    """
    parts = {name: getattr(answer, name) for name in Answer.model_fields if name != "status"}
    return entered(record, field, answer.status, on=on, why=why, **parts)


def entered(record: Record, field: str, status: Status, *, on: date, why: str, **parts: Any) -> Record:
    """A record in which something of an answer is another; what is not given stays as it was.

    Evidence, letters and disputes are put behind those that are there. Letters to which nothing had come are closed by
    what comes now.

    Parameters
    ----------
    record : Record
        The record.
    field : str
        Id of a field.
    status : str
        The status now.
    on : date
        The day of the change.
    why : str
        Why it is changed.
    **parts
        Parts of the answer by their names: `value`, `as_of`, `said_by`, `evidence`, `asked`, `dispute`, `note`.

    Raises
    ------
    MisreadError
        If there is no such field, or the answer cannot follow the old one.
    """
    old = record.answer(field)
    if status == "never_asked" and old.value is not None:
        raise MisreadError(
            Problem(
                "It has an answer: that nobody asked cannot be said any more.",
                "another status.",
                f"what was put in by mistake is taken back: `misread rights record undo FILE {field} --why …`.",
                key=field,
            )
        )
    known_letters = {(one.letter, one.on) for one in old.asked}
    letters = (*old.asked, *(one for one in parts.get("asked", ()) if (one.letter, one.on) not in known_letters))
    # A note alone is no answer to a letter.
    answers = status != old.status or not parts.keys().isdisjoint({"value", "evidence"})
    came = CLOSES.get(status, "none") if answers else "none"
    parts["asked"] = tuple(one.model_copy(update={"answer": came}) if one.answer == "none" else one for one in letters)
    for name in ("evidence", "dispute"):
        there = getattr(old, name)
        parts[name] = (*there, *(one for one in parts.get(name, ()) if one not in there))
    return _changed(record, field, _again(old, field, status=status, **parts), on, why)


def asked(record: Record, fields: Iterable[str], letter: str, on: date, due: date | None, *, why: str = "") -> Record:
    """A record in which fields were asked for in a letter.

    What was told before stays told; everything else is pending.

    Parameters
    ----------
    record : Record
        The record.
    fields : iterable of str
        Ids of fields.
    letter : str
        Which letter, such as "access.eu.en".
    on : date
        When it was sent.
    due : date or None
        By when an answer is due; None where nobody set a day.
    why : str
        Why it was asked; the letter's name where nothing is said.

    Raises
    ------
    MisreadError
        If there is no such field.
    """
    for id in fields:
        old = record.answer(id)
        if any((one.letter, one.on) == (letter, on) for one in old.asked):
            continue
        status = "pending" if old.status in BECOMES_PENDING else old.status
        letters = (*old.asked, Asked(letter=letter, on=on, due=due))
        record = _changed(record, id, _again(old, id, status=status, asked=letters), on, why or f"asked in {letter}")
    return record


def overdue(record: Record, today: date) -> Record:
    """A record in which what is pending past its day is not answered.

    Parameters
    ----------
    record : Record
        The record.
    today : date
        The day.
    """
    for id, answer in record.answers.items():
        if answer.status == "pending" and answer.due is not None and answer.due < today:
            late = _again(answer, id, status="no_answer")
            record = _changed(record, id, late, today, f"nothing came by {answer.due}")
    return record


def disputed(record: Record, field: str, dispute: Dispute, *, why: str = "") -> Record:
    """A record that shows what somebody else says beside an answer.

    Parameters
    ----------
    record : Record
        The record.
    field : str
        Id of a field.
    dispute : Dispute
        Who says what, and when.
    why : str
        Why it is put in; who disputes it where nothing is said.

    Raises
    ------
    MisreadError
        If there is no such field.
    """
    old = record.answer(field)
    with_it = _again(old, field, dispute=(*old.dispute, dispute))
    return _changed(record, field, with_it, dispute.on, why or f"disputed by {dispute.by}")


def taken_back(record: Record, field: str, *, on: date, why: str) -> Record:
    """A record in which the last change of a field is undone: what was put in by mistake stays in the history alone.

    Parameters
    ----------
    record : Record
        The record.
    field : str
        Id of a field.
    on : date
        The day on which it is taken back.
    why : str
        What the mistake was.

    Raises
    ------
    MisreadError
        If there is no such field, or nothing that could be taken back.
    """
    past = _past(record, field)
    if not past:
        what = f"Nothing of `{field}` can be taken back: it has not been changed."
        raise MisreadError(Problem(what, "a field that was changed.", "see its history: `misread rights record show`."))
    return _changed(record, field, past[-1] or BLANK, on, why, undoes=True)


def _changed(record: Record, id: str, after: Answer, on: date, why: str, *, undoes: bool = False) -> Record:
    """The record with one change more. Only the change is checked: all before it was checked when it was made."""
    id = known(id).id
    change = Change(on=on, field=id, before=record.answers.get(id), after=after, why=why, undoes=undoes)
    if wrong := unfollowed(change, _past(record, id)):
        raise MisreadError(
            Problem(
                f"It cannot be changed so: {wrong}.",
                "an answer that follows from the one before it.",
                "what was told stays told, and what was asked stays asked; take back what was put in by mistake.",
                key=id,
            )
        )
    return record.model_copy(
        update={"answers": {**record.answers, id: after}, "history": (*record.history, change)},
    )


def _past(record: Record, id: str) -> list[Answer | None]:
    """The answers that a field had before, those that were taken back left out."""
    past: list[Answer | None] = []
    for change in record.history:
        if change.field == id:
            if change.undoes:
                past.pop()
            else:
                past.append(change.before)
    return past


def _again(answer: Answer, id: str, **changed: object) -> Answer:
    """The answer with some things changed, checked again."""
    from pydantic import ValidationError

    from misread.rights.record.store import refused

    try:
        return Answer(**{name: getattr(answer, name) for name in Answer.model_fields} | changed)
    except ValidationError as error:
        raise refused(error, under=(id,)) from error
