"""The note for whoever sends a letter: what it rests on, what is not sure, by when an answer is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from misread.language import gettext as _
from misread.language import spoken
from misread.rights.letters.questions import Question
from misread.rights.letters.template import Template
from misread.rights.paper.blocks import Block, Heading, Items, Paper, Paragraph, Table, plain
from misread.rights.places.deadlines.due import Answer
from misread.rights.places.deadlines.lengths import parse
from misread.rights.places.entries.model import Route
from misread.rights.places.entries.words import MARKS, day
from misread.rights.places.known import Ground, Law, Owed


@dataclass(frozen=True)
class Found:
    """What a note is written from.

    Attributes
    ----------
    template : Template
        That of the letter.
    law : Law
        What is known on the letter's date.
    today : date
        The day on which it is written.
    grounds : tuple of Ground
        What the letter rests on.
    owed : Owed or None
        The deadline that counts.
    due : Answer or None
        What it comes to; None where that cannot be counted yet.
    lacks_terms : bool
        Whether that is because the school's terms were not told.
    received : date
        The day of receipt that was assumed.
    questions : tuple of Question
        Those of the annex.
    """

    template: Template
    law: Law
    today: date
    grounds: tuple[Ground, ...]
    owed: Owed | None
    due: Answer | None
    lacks_terms: bool
    received: date
    questions: tuple[Question, ...]


def covering(found: Found) -> Paper:
    """The note for whoever sends a letter.

    Parameters
    ----------
    found : Found
        What it is written from.
    """
    title = _("Read this before you send the letter")
    return Paper(title, spoken().code, tuple(_blocks(found)))


def _blocks(found: Found) -> Iterator[Block]:
    yield _para(_("This note is for you, and does not go with the letter. It is no legal advice."))
    yield from _section(_("To whom, and how"), _how(found))
    if found.grounds:
        yield Heading(plain(_("What the letter rests on")))
        yield _rests(found)
    else:
        yield from _section(
            _("What the letter rests on"), [_("On no provision: it asks, and claims no right to an answer.")]
        )
    yield from _section(_("What is not sure"), _unsure(found))
    yield from _section(_("By when"), _by_when(found))
    yield from _section(_("Where the questions of the annex come from"), _sources(found.questions))
    yield from _section(_("This text"), _about(found))


def _sources(questions: tuple[Question, ...]) -> list[str]:
    """Where each comes from, by the numbers they have in the annex."""
    asked = [one for one in questions if not one.wish]
    wished = [one for one in questions if one.wish]
    return [
        *(_("Question %(n)s: %(source)s", n=n, source=one.source) for n, one in enumerate(asked, 1)),
        *(_("Wish %(n)s: %(source)s", n=n, source=one.source) for n, one in enumerate(wished, 1)),
    ]


def _section(title: str, texts: list[str] | tuple[str, ...]) -> Iterator[Block]:
    if texts:
        yield Heading(plain(title))
        yield Items(tuple(plain(text) for text in texts))


def _para(text: str) -> Paragraph:
    return Paragraph(plain(text))


def _how(found: Found) -> list[str]:
    head = found.template.head
    out = [_("To: %(addressee)s.", addressee=head.addressee.rstrip("."))]
    if head.note:
        out.append(head.note)
    for route in _routes(found):
        who = "; ".join(
            f"{one.actor}{', ' + _('if') + ' ' if one.condition else ''}{one.condition}" for one in route.who
        )
        for label, text in (
            (_("Who may ask: %(text)s."), who),
            (_("Form: %(text)s."), route.form),
            (_("Cost: %(text)s."), route.fee),
            (_("Proof of who you are: %(text)s."), route.identity),
            (_("Limits: %(text)s."), route.limits),
            (_("If nothing comes: %(text)s."), "; ".join(route.on_expiry)),
        ):
            if text:
                out.append(label % {"text": text.rstrip(".")})
        if route.note:
            out.append(route.note)
    return list(dict.fromkeys(out))


def _routes(found: Found) -> list[Route]:
    """Ways to ask that the letter goes, as the law has them."""
    head, rests = found.template.head, {ground.standing.entry.id for ground in found.grounds}
    kind = "complaint" if head.kind == "ai-complaint" else head.kind
    return [route for route in found.law.routes if route.kind == kind and rests & set(route.grounds)]


def _rests(found: Found) -> Table:
    rows = []
    for ground in found.grounds:
        standing = ground.standing
        rule = standing.rule
        since = _("Since %(day)s", day=day(rule.applies_from)) if rule else _("Not noted")
        if standing.state == "not-yet":
            since = _("Not before %(day)s", day=day(rule.applies_from)) if rule else since
        known = f"{standing.mark}: {_(MARKS[standing.mark])}"
        cells = (standing.entry.pinpoint, standing.entry.summary, since, known)
        rows.append(tuple(plain(cell) for cell in cells))
    head = (_("Where"), _("What it says"), _("Applies"), _("How it is known"))
    return Table(_("Provisions that the letter names"), head, tuple(rows))


def _unsure(found: Found) -> list[str]:
    out = list(found.law.banners(found.today))
    for ground in found.grounds:
        out += ground.sentences
        out += [_("To judge: %(question)s", question=one) for one in ground.standing.entry.judgement]
        out += [
            _(
                "%(question)s One reading: %(reading)s (%(source)s)",
                question=one.question,
                reading=one.reading,
                source=one.source,
            )
            for one in ground.standing.entry.readings
        ]
    if found.template.head.standing == "doubtful":
        out.insert(0, _("It is doubtful whether the law gives what this letter asks for. The letter says so too."))
    return list(dict.fromkeys(out))


def _by_when(found: Found) -> list[str]:
    out = []
    if found.due is not None:
        received = day(found.received)
        out.append(_("Counted as if the letter arrived on %(day)s; count again when you know.", day=received))
        out += [one.said for one in found.due.counted]
        if found.due.due is None:
            out.append(_("The law names no number of days."))
        if found.due.courtesy:
            out.append(
                _(
                    "No law sets this date, but %(standard)s names it: %(said)s",
                    standard=found.due.courtesy.reading,
                    said=found.due.courtesy.said,
                )
            )
        if found.due.act_from:
            out.append(_("You may act from %(day)s on.", day=day(found.due.act_from)))
        out += found.due.unsure
    if found.lacks_terms:
        out.append(
            _("The letter names no last day: it is counted in school days, and the school’s terms were not told.")
        )
    if found.owed is not None:
        out += _of_the_deadline(found.owed, found.today, counted=found.due is not None)
    return list(dict.fromkeys(out))


def _of_the_deadline(owed: Owed, today: date, *, counted: bool) -> Iterator[str]:
    deadline = owed.entry
    if not counted and deadline.lengths:
        said = _("Yours: %(what)s, %(length)s from %(starts)s (%(basis)s).")
        if deadline.owner == "other-side":
            said = _("Theirs: %(what)s, %(length)s from %(starts)s (%(basis)s).")
        length = _(" or ").join(str(parse(text)) for text in deadline.lengths)
        yield said % {"what": deadline.what, "length": length, "starts": deadline.starts, "basis": deadline.basis}
    if deadline.extend:
        by = str(parse(deadline.extend.by))
        yield _("It may be extended by %(by)s, which needs: %(needs)s.", by=by, needs=deadline.extend.needs)
    known = f"{owed.mark}: {_(MARKS[owed.mark])}"
    yield _("The deadline stands in %(basis)s. How it is known: %(known)s.", basis=deadline.basis, known=known)
    yield from owed.caveats(today)
    if deadline.note:
        yield deadline.note


def _about(found: Found) -> list[str]:
    from misread.version import __version__

    head = found.template.head
    out = [
        _(
            "Letter %(id)s, version %(version)s; misread %(misread)s.",
            id=head.id,
            version=head.version,
            misread=__version__,
        )
    ]
    if head.legal_review == "none":
        out.append(_("No lawyer has reviewed the text of this letter."))
    if head.translation == "unreviewed":
        out.append(_("It is a translation that nobody whose language it is has reviewed."))
    if not head.authentic:
        out.append(
            _(
                "It is in a language to be read by you: where it goes, letters are read in %(languages)s.",
                languages=", ".join(found.law.place.languages),
            )
        )
    if found.today > head.retire_after:
        out.append(_("It was to be gone through again after %(day)s: check it before use.", day=day(head.retire_after)))
    for place in found.law.places:
        out.append(
            _(
                "Law of %(place)s: as of %(as_of)s, gone through on %(checked)s (%(by)s).",
                place=place.name,
                as_of=day(place.law_as_of),
                checked=day(place.checked_on),
                by=place.checked_by,
            )
        )
    return out
