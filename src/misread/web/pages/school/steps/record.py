"""What you know: the record of what was told about the system, a card first, everything else folded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import JsonValue, ValidationError

from misread.language import gettext as _
from misread.language import mark
from misread.rights.paper.write import paper_bytes
from misread.rights.record.change import answered, entered
from misread.rights.record.fields import FIELDS, GROUPS, Field
from misread.rights.record.model import (
    CIRCULATION,
    EVIDENCE,
    STATUSES,
    Answer,
    Evidence,
    EvidenceKind,
    Record,
    Status,
)
from misread.rights.record.store import read_record, record_text, refused
from misread.rights.record.told.story import story
from misread.rights.record.told.words import disputed, in_words, source
from misread.web.pages.school.file import record_of, with_record
from misread.web.pages.school.kept import Given, Kept, chosen
from misread.web.pages.school.steps.types import TYPES

WORKED = "967-schools"
"""The record that ships as an example."""
LISTS = frozenset({"output.labels"})
"""Fields whose answer is a list of words."""


class Way(NamedTuple):
    """How somebody knows something: what it is called, what it is in a word, and who says it then."""

    said: str
    title: str
    by: str = ""


WAYS: Mapping[str, Way] = {
    "hearsay": Way(mark("I heard it, or read it somewhere"), mark("Hearsay")),
    "press": Way(mark("It was in the press"), mark("Press report")),
    "reply": Way(mark("The school wrote it to me"), mark("Message"), "school"),
    "conversation": Way(mark("Somebody at school said it"), mark("Talk"), "school"),
    "notice": Way(mark("It stands in a notice to families"), mark("Notice"), "school"),
    "contract": Way(mark("It stands in the contract"), mark("Contract"), "school"),
    "policy": Way(mark("It stands in a rule of the school"), mark("Rule"), "school"),
    "vendor-page": Way(mark("The maker says so"), mark("Maker’s page"), "vendor"),
    "sign": Way(mark("A sign says so"), mark("Sign"), "school"),
    "observation": Way(mark("I saw it myself"), mark("Own eyes"), "family"),
}
"""Kinds of evidence, the least sure first: who says nothing about it has heard it somewhere."""
WRITTEN = frozenset({"press", "reply", "notice", "contract", "policy", "vendor-page", "sign"})
"""Kinds whose words can be taken down as they stand."""
NOT_SO = "not-so"
"""In place of a kind: the question does not fit."""


@dataclass(frozen=True)
class Shown:
    """A field, and what is known about it, in words."""

    field: Field
    status: Status
    said: str
    value: str
    sources: tuple[str, ...]
    quotes: tuple[tuple[str, str], ...]
    disputes: tuple[str, ...]
    note: str


def absorb(kept: Kept, given: Given) -> Kept:
    """What the form adds: a record that was opened, and everything that was typed."""
    if given.has("worked"):
        from misread.rights.record.worked import worked

        return with_record(kept, worked(WORKED))
    if given.file is not None:
        return with_record(kept, read_record(given.file[1], file=given.file[0]))
    typed = [id for id in FIELDS if given.one(f"v:{id}")]
    if not typed:
        return kept
    record = record_of(kept, given.today)
    for id in typed:
        record = _answered(record, id, given)
    return with_record(kept, record)


def told(kept: Kept, given: Given) -> dict[str, Any]:
    """What the template is given."""
    record = kept.record
    fields = [_shown(field, record) for field in FIELDS.values()]
    counts = {status: sum(one.status == status for one in fields) for status in STATUSES}
    return {
        "title": record.title if record else "",
        "card": tuple(one for one in fields if one.field.tier == "card"),
        "groups": tuple(
            (_(title), tuple(one for one in fields if one.field.group == group and one.field.tier == "full"))
            for group, title in GROUPS.items()
        ),
        "counts": tuple((n, _(STATUSES[status])) for status, n in counts.items() if n),
        "all": len(fields),
        "ways": tuple((kind, _(way.said)) for kind, way in WAYS.items()),
        # What was taken stands in the record now; only what was refused is still being typed.
        "typed": {f"{x}:{id}": given.one(f"{x}:{id}") if given.refused else "" for id in FIELDS for x in "vh"},
    }


def taken(kept: Kept, given: Given, name: str, kind: str) -> tuple[bytes, str, str] | None:
    """The record as a file, or told as a story."""
    if name == "story" and kind in TYPES:
        return paper_bytes(story(record_of(kept, given.today)), f".{kind}"), TYPES[kind], f"story.{kind}"
    if (name, kind) != ("record", "json"):
        return None
    return record_text(record_of(kept, given.today)).encode(), "application/json", "record.json"


def _answered(record: Record, id: str, given: Given) -> Record:
    text, how = given.one(f"v:{id}"), given.one(f"h:{id}") or "hearsay"
    text = " ".join(text.split())
    chosen(how, (*WAYS, NOT_SO), _("How do you know?"))
    why = _("told on the page")
    try:
        if given.has(f"c:{id}") and how != NOT_SO:
            told_too = _evidence(text, how, given)
            return entered(record, id, "contradicted", on=given.today, why=why, evidence=(told_too,))
        return answered(record, id, _made(id, text, how, given), on=given.today, why=why)
    except ValidationError as error:
        raise refused(error) from None


def _made(id: str, text: str, how: str, given: Given) -> Answer:
    if how == NOT_SO:
        return Answer(status="not_applicable", note=text)
    return Answer(
        status="unsourced" if how in CIRCULATION else "disclosed",
        value=_value(id, text),
        said_by=WAYS[how].by,
        evidence=(_evidence(text, how, given),),
    )


def _evidence(text: str, how: str, given: Given) -> Evidence:
    kind: EvidenceKind = next(kind for kind in EVIDENCE if kind == how)
    return Evidence(kind=kind, title=_(WAYS[how].title), retrieved=given.today, quote=text if how in WRITTEN else "")


def _value(id: str, text: str) -> JsonValue:
    """What was typed, as the checks read it."""
    if id in LISTS and "," in text:
        return [word.strip() for word in text.split(",") if word.strip()]
    share = re.fullmatch(r"(\d{1,3}(?:[.,]\d+)?)\s*%", text)
    if id == "acc.claim" and share:
        return {"metric": "accuracy", "number": float(share[1].replace(",", ".")) / 100}
    return text


def _shown(field: Field, record: Record | None) -> Shown:
    answer = record.answer(field.id) if record else Answer(status="never_asked")
    return Shown(
        field=field,
        status=answer.status,
        said=_(STATUSES[answer.status]),
        value=in_words(answer.value),
        sources=tuple(map(source, answer.evidence)) or ((answer.said_by,) if answer.said_by else ()),
        quotes=tuple((one.title, one.quote) for one in answer.evidence if one.quote),
        disputes=tuple(map(disputed, answer.dispute)),
        note=answer.note,
    )
