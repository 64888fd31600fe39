"""A short letter that answers a reply, and the note for whoever sends it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from misread.language import gettext as _
from misread.language import mark, spoken
from misread.rights.case.dates import dates_of
from misread.rights.case.model import Case, Reply, Sent
from misread.rights.case.modules import Module, modules
from misread.rights.letters.facts import Facts
from misread.rights.letters.template import Head
from misread.rights.letters.words import date_words
from misread.rights.paper.blocks import Block, Heading, Items, Lines, Paper, Paragraph, plain
from misread.rights.places.entries.words import MARKS
from misread.rights.places.known import Ground, Law

ASKED_FOR: Mapping[str, str] = {
    "access": "the data about my child",
    "objection": "an end to the use of data about my child",
    "erasure": "the deletion of data about my child",
    "records": "records about the system",
    "impact-assessment": "the impact assessment of the system",
    "complaint": "an answer to my complaint",
    "ai-complaint": "an answer to my complaint",
    "internal-complaint": "an answer to my complaint",
    "stop-request": "the use of the system to be stopped until my questions are answered",
}
"""What a letter of a kind asked for, as a follow-up names it."""

TO_FILL: Mapping[str, str] = {
    "sender.name": mark("your name"),
    "sender.contact": mark("where an answer reaches you"),
    "controller.name": mark("to whom it goes"),
}
"""What stands in brackets in a follow-up until it is told."""

_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class FollowUp:
    """A follow-up, and what to know before it is sent.

    Attributes
    ----------
    paper : Paper
        The letter.
    covering : Paper
        The note for whoever sends it.
    missing : tuple of str
        What has to be filled in by hand, by its dotted name.
    """

    paper: Paper
    covering: Paper
    missing: tuple[str, ...]


def followup(case: Case, reply: Reply, law: Law, today: date) -> FollowUp:
    """A follow-up to a reply.

    Parameters
    ----------
    case : Case
        The case.
    reply : Reply
        One of its replies.
    law : Law
        That of its place.
    today : date
        The day on which it is written.
    """
    letter = case.letter(reply.to)
    language = _english(law)
    found = tuple(modules()[said.module] for said in reply.said)
    grounds = _grounds(found, law, letter.kind, today)
    values = _values(case, letter, reply, law, today)
    missing = tuple(name for name in TO_FILL if not case.facts[name])
    body = [*_opening(reply, values), *_paragraphs(reply, found, law, letter.kind, values)]
    paper = _letter(case, today, language, body, values)
    covering = _covering(found, grounds, law, today)
    text = " ".join((*body, covering.text))
    for ground in grounds:
        ground.require(text)
    return FollowUp(paper, covering, missing)


def events(case: Case, law: Law, today: date) -> tuple[str, ...]:
    """What a complaint says of the replies that settled nothing.

    Parameters
    ----------
    case : Case
        The case.
    law : Law
        That of its place.
    today : date
        The day on which it is written.
    """
    out: list[str] = []
    for reply in case.replies:
        letter = case.letter(reply.to)
        if any(one.settled for one in case.replies if one.to == letter.number):
            continue
        values = _values(case, letter, reply, law, today)
        out += [text for said in reply.said if (text := filled(modules()[said.module].persists, values))]
    return tuple(dict.fromkeys(out))


COMPLAINS = frozenset({"complaint", "internal-complaint"})
"""Letters that tell what happened. What other letters call events are reasons, which nobody else knows."""


def carried(case: Case, facts: Facts, head: Head, law: Law, today: date) -> Facts:
    """Facts for one more letter, with what the case knows of it already: nothing is asked twice.

    Parameters
    ----------
    case : Case
        The case.
    facts : Facts
        What was told; it stands before what the case knows.
    head : Head
        That of the letter.
    law : Law
        That of the place of the case.
    today : date
        The day on which it is written.
    """
    known: dict[str, object] = {}
    if facts.asked_on is None and case.letters:
        known["asked_on"] = case.letters[-1].on
    # What happened is told in English alone.
    if not facts.events and head.kind in COMPLAINS and head.language == "en":
        known["events"] = "\n".join(events(case, law, today))
    return facts.model_copy(update=known)


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its names filled in; empty where one of them is not known.

    Parameters
    ----------
    text : str
        A text in which {names} stand.
    values : mapping
        Name → what stands for it.
    """
    if any(not values.get(name) for name in _NAME.findall(text)):
        return ""
    # One pass: what was told may hold brackets of its own.
    return _NAME.sub(lambda found: values[found[1]], text)


def names(text: str) -> tuple[str, ...]:
    """The names that a text has to be filled with."""
    return tuple(_NAME.findall(text))


def _english(law: Law) -> str:
    """The English of a place, in which its dates are written."""
    return "en-US" if law.place.id.startswith("us") else "en-GB"


def _values(case: Case, letter: Sent, reply: Reply, law: Law, today: date) -> dict[str, str]:
    language = _english(law)
    due = dates_of(case, letter, law, today).expected_by
    # The day that a reply named may have been given as a date, and needs no telling twice.
    named = {"new_day": date_words(reply.until, language)} if reply.until else {}
    return {
        **named,
        **{id: text.rstrip(".") for id, text in reply.facts.items()},
        "asked_on": date_words(letter.on, language),
        "replied_on": date_words(reply.on, language),
        "letter": ASKED_FOR[letter.kind],
        "due": date_words(due, language) if due else "",
        "cited": "; ".join(reply.cited),
    }


def _opening(reply: Reply, values: Mapping[str, str]) -> Iterator[str]:
    if [said.module for said in reply.said] == ["silence"]:
        return
    yield filled(
        "On {asked_on} I asked you for {letter}. Your message of {replied_on} has reached me; thank you for it.", values
    )


def _paragraphs(
    reply: Reply, found: tuple[Module, ...], law: Law, kind: str, values: Mapping[str, str]
) -> Iterator[str]:
    for one, module in zip(reply.said, found, strict=True):
        known = [law[id] for id in provisions(module, law, kind) if module.specific]
        leans = [standing.entry.pinpoint for standing in known if standing.state in ("applies", "undated")]
        own = {**values, "law": _listed(leans)}
        # Of law that does not fit the quotation is the name of that law, and the first paragraph holds it.
        if one.quote and module.id != "wrong-law-in-reply":
            yield f"You write: “{one.quote}”"
        elif opens := filled(module.opens, own):
            yield opens
        yield from (text for paragraph in module.followup if (text := filled(paragraph, own)))


def provisions(module: Module, law: Law, kind: str) -> tuple[str, ...]:
    """What a follow-up leans on in a place, or in the place it belongs to.

    Parameters
    ----------
    module : Module
        What the reply says.
    law : Law
        That of the place.
    kind : str
        What the letter asked for. Of rights to ask, those to other things are left out; where none remains, the
        grounds of the letter itself stand.
    """
    known = {standing.entry.id for standing in law.provisions}
    of = next((module.provisions[place.id] for place in law.places if place.id in module.provisions), ())
    if module.specific and of:
        return tuple(id for id in of if id in known)
    mine = [id for route in law.routes if route.kind == kind for id in route.grounds]
    others = {id for route in law.routes if route.kind != kind for id in route.grounds} - set(mine)
    kept = tuple(id for id in of if id in known and id not in others)
    return kept or tuple(dict.fromkeys(id for id in mine if id in known))


def _grounds(found: tuple[Module, ...], law: Law, kind: str, today: date) -> tuple[Ground, ...]:
    ids = dict.fromkeys(id for module in found for id in provisions(module, law, kind))
    return tuple(law[id].ground(today) for id in ids)


def _letter(case: Case, today: date, language: str, body: list[str], values: Mapping[str, str]) -> Paper:
    facts = case.facts
    name = facts.sender.name or f"[{_(TO_FILL['sender.name'])}]"
    contact = facts.sender.contact or f"[{_(TO_FILL['sender.contact'])}]"
    to = facts.controller.name or f"[{_(TO_FILL['controller.name'])}]"
    child = f": {facts.child.name}" if facts.child.name else ""
    title = f"My letter of {values['asked_on']}{child}"
    address = [line for line in facts.controller.address.split("\n") if line]
    blocks: list[Block] = [
        Lines((plain(name), *(plain(line) for line in contact.split("\n")))),
        Lines((plain(to), *map(plain, address))) if address else Paragraph(plain(to)),
        Paragraph(plain(date_words(today, language))),
        Heading(plain(title), 1),
        Paragraph(plain("Dear Sir or Madam,")),
        *(Paragraph(plain(text)) for text in body),
        Paragraph(plain("Please answer in writing. I would be grateful for an answer within fourteen days.")),
        Paragraph(plain("Yours faithfully,")),
        Lines((plain(name),), "signature", signed=True),
    ]
    return Paper(title, language, tuple(blocks), letter=True)


def _covering(found: tuple[Module, ...], grounds: tuple[Ground, ...], law: Law, today: date) -> Paper:
    """The note: what the follow-up leans on, with every sentence that belongs to it; what to do when it is settled."""
    blocks: list[Block] = [
        Paragraph(plain(_("This note is for you, and does not go with the letter. It is no legal advice."))),
        Paragraph(plain(_("Fourteen days are a wish of yours; no law sets them."))),
    ]
    if grounds:
        rests = [
            f"{g.standing.entry.pinpoint}: {g.standing.entry.summary} ({g.standing.mark}: {_(MARKS[g.standing.mark])})"
            for g in grounds
        ]
        unsure = dict.fromkeys((*law.banners(today), *(text for g in grounds for text in g.sentences)))
        judge = [_("To judge: %(question)s", question=q) for g in grounds for q in g.standing.entry.judgement]
        blocks += _section(_("What it leans on"), rests)
        blocks += _section(_("What is not sure"), [*unsure, *judge])
    blocks += _section(_("When it is settled"), list(dict.fromkeys(module.resolved for module in found)))
    return Paper(_("Read this before you send the follow-up"), spoken().code, tuple(blocks))


def _section(title: str, texts: list[str]) -> list[Block]:
    return [Heading(plain(title)), Items(tuple(plain(text) for text in texts))] if texts else []


def _listed(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}" if texts else ""
