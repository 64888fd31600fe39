"""How a record's values, evidence and answers are said."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue

from misread.language import gettext as _
from misread.report.words import upper_first
from misread.rights.places.entries.words import day
from misread.rights.record.model import EVIDENCE, STATUSES, Answer, Asked, Dispute, Evidence, Status

CLAIMS: frozenset[Status] = frozenset({"disclosed", "partly", "contradicted", "unsourced"})
"""Statuses of answers to which something was said, with or without a source."""


SHOWN = 16
"""Digits of a digest that are shown; the record holds all of them."""


def in_words(value: JsonValue) -> str:
    """A value as text: lists with commas, tables with their keys.

    Parameters
    ----------
    value : JsonValue
        What is answered.
    """
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case list():
            return ", ".join(in_words(inner) for inner in value)
        case dict():
            return "; ".join(f"{key}: {in_words(inner)}" for key, inner in value.items())
        case _:
            return str(value)


def sentence(text: str) -> str:
    """A text that ends like a sentence."""
    return text if not text or text[-1] in ".!?…”。" else f"{text}."


def quoted(evidence: Evidence) -> str:
    """What a piece of evidence says, in quotation marks where its words are known."""
    return f"“{evidence.quote}”" if evidence.quote else ""


def source(evidence: Evidence) -> str:
    """What a piece of evidence is, when it was seen, and how the digest of its file begins."""
    parts = [f"{evidence.title} ({_(EVIDENCE[evidence.kind])})"]
    if evidence.retrieved is not None:
        parts.append(_("seen on %(day)s", day=day(evidence.retrieved)))
    if evidence.sha256:
        parts.append(f"SHA-256 {evidence.sha256[:SHOWN]}…")
    return ", ".join(parts)


def letter(asked: Asked) -> str:
    """That it was asked for, and what came."""
    values = {"letter": asked.letter, "on": day(asked.on)}
    came = {
        "none": _("Asked on %(on)s (%(letter)s): nothing has come so far", **values),
        "partly": _("Asked on %(on)s (%(letter)s): answered in part", **values),
        "full": _("Asked on %(on)s (%(letter)s): answered", **values),
        "refused": _("Asked on %(on)s (%(letter)s): refused", **values),
    }[asked.answer]
    if asked.due is None:
        return f"{came}."
    return _("%(came)s. The last day for an answer: %(due)s.", came=came, due=day(asked.due))


def disputed(dispute: Dispute) -> str:
    """What somebody else says of an answer."""
    return _("Disputed by %(by)s on %(on)s: “%(says)s”", by=dispute.by, on=day(dispute.on), says=dispute.says)


def told(answer: Answer) -> Iterator[str]:
    """Everything that is known about a field, in sentences; of what is not told, that it was not told.

    Parameters
    ----------
    answer : Answer
        Its answer.
    """
    if answer.status in CLAIMS:
        yield claim(answer)
    elif not answer.answered:
        yield untold(answer.status)
        if answer.value is not None:
            yield _("What goes round: %(said)s", said=sentence(in_words(answer.value)))
        for one in answer.evidence:
            if one.quote:
                yield _("%(title)s: %(quote)s", title=one.title, quote=quoted(one))
    yield from (letter(one) for one in answer.asked)
    if answer.note:
        yield sentence(answer.note)
    yield from (disputed(one) for one in answer.dispute)


def untold(status: Status) -> str:
    """That something was not told, and what was asked; never that anybody did wrong."""
    if status == "never_asked":
        return _("Not told to us.")
    return _("Not told to us: %(status)s.", status=_(STATUSES[status]))


def claim(answer: Answer) -> str:
    """What is answered, and who says so; of what has no source, that it is only said."""
    said = in_words(answer.value)
    if answer.status == "contradicted" and not said:
        return _("Told in two ways that do not go together.")
    said = said or "; ".join(f"{one.title}: {quoted(one)}" for one in answer.evidence if one.quote)
    who = answer.said_by
    if answer.status == "unsourced":
        return _("It is said: %(said)s", said=sentence(said))
    head = f"{upper_first(who)}: {said}" if who else upper_first(said)
    if answer.as_of is not None:
        head = _("%(said)s (as of %(day)s)", said=head.rstrip("."), day=day(answer.as_of))
    if answer.status == "partly":
        return _("%(said)s That is a part of the answer.", said=sentence(head))
    if answer.status == "contradicted":
        return _("%(said)s That is contradicted.", said=sentence(head))
    return sentence(head)
