"""The gap report as a paper: what is owed first, how to ask, what was told in two ways, what stands behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from misread.language import gettext as _
from misread.language import mark, ngettext, spoken
from misread.rights.paper.blocks import Block, Heading, Items, Paper, Paragraph, Run, Table, Words, joined, plain
from misread.rights.places.entries.words import KINDS, MARKS, day
from misread.rights.record.fields import FIELDS
from misread.rights.record.gaps import ORDERS, Contradiction, Disputed, Gaps, Line, Order
from misread.rights.record.model import STATUSES, Record, Status
from misread.rights.record.told.words import claim, disputed, quoted, sentence, source, untold
from misread.rights.record.ways import Provision, Way

TITLES: Mapping[Order, str] = {
    "owed_by_law": mark("Owed by law"),
    "owed_on_request": mark("Owed to whoever asks"),
    "promised": mark("Promised"),
    "good_practice": mark("Good practice"),
}
SAYS: Mapping[Order, str] = {
    "owed_by_law": mark(
        "A provision that applies today requires something about it, and it was not told to us how that is met. Where "
        "something stands to be judged, it is owed only if that is so."
    ),
    "owed_on_request": mark("A letter can ask for it, and has to be answered."),
    "promised": mark("A contract, a notice or a policy speaks of it; its words stand beside the question."),
    "good_practice": mark(
        "No law that is recorded here gives a right to it. Standards ask for it, and so may anybody."
    ),
}


def gaps_paper(gaps: Gaps, record: Record) -> Paper:
    """The gap report as a paper.

    Parameters
    ----------
    gaps : Gaps
        What the record leaves open.
    record : Record
        The record.
    """
    title = _("What was not told: %(title)s", title=record.title)
    return Paper(title, spoken().code, tuple(_blocks(title, gaps)))


def counts(found: Mapping[Status, int]) -> tuple[str, ...]:
    """How many fields have which status, in words; those that none has are left out."""
    return tuple(f"{_(STATUSES[status])}: {found[status]}" for status in STATUSES if found[status])


def _blocks(title: str, gaps: Gaps) -> Iterator[Block]:
    yield Heading(plain(title), 1)
    where = _("%(name)s, on %(day)s.", name=gaps.name, day=day(gaps.on)) if gaps.name else f"{day(gaps.on)}."
    yield Paragraph(plain(_("%(where)s Of the system this is taken to be true: %(system)s.", where=where,
                            system="; ".join(gaps.system))))  # fmt: skip
    yield Paragraph(_strong(_headline(gaps)))
    yield Items(tuple(plain(text) for text in counts(gaps.counts)))
    yield from (Paragraph(plain(text), small=True) for text in gaps.notices)
    if gaps.safety:
        yield Heading(plain(_("Read this before you write to anybody")))
        yield from (Paragraph(plain(text)) for text in gaps.safety)
    yield from _contradictions(gaps.contradictions)
    yield from _disputes(gaps.disputes)
    for order in ORDERS:
        if lines := gaps.of(order):
            yield Heading(plain(f"{_(TITLES[order])}: {len(lines)}"))
            yield Paragraph(plain(_(SAYS[order])))
            yield from _owed(lines) if order == "owed_by_law" else _by_letter(lines, gaps.on)
    if gaps.law:
        yield Heading(plain(_("What stands behind it")))
        yield from (block for one in gaps.law for block in _behind(one))
        marks = [f"{sign}: {_(meaning)}." for sign, meaning in MARKS.items() if any(p.mark == sign for p in gaps.law)]
        yield Paragraph(plain(_("Marks. %(marks)s", marks=" ".join(marks))), small=True)


def _headline(gaps: Gaps) -> str:
    answered = len(FIELDS) - len(gaps.lines)
    if not answered:
        return _("Of %(all)s questions, not one has an answer.", all=len(FIELDS))
    return ngettext(
        "Of %(all)s questions, %(n)s has an answer.",
        "Of %(all)s questions, %(n)s have an answer.",
        answered,
        all=len(FIELDS),
    )


def _owed(lines: Sequence[Line]) -> Iterator[Block]:
    """What is owed by the same provisions stands together under them; each is told in full once."""
    told: set[str] = set()
    for laws in dict.fromkeys(line.laws for line in lines):
        for one in laws:
            if one.id in told:
                again = _(", %(since)s (%(mark)s), as told above.", since=one.since, mark=one.mark)
                yield Paragraph((Run(one.where, "strong"), Run(f" [{one.id}]{again}")))
            else:
                yield from _required(one)
            told.add(one.id)
        yield Items(tuple(_owed_item(line) for line in lines if line.laws == laws))


def _required(one: Provision) -> Iterator[Block]:
    said = _(
        ", %(since)s. Who owes it: %(who)s. How it is known: %(mark)s, confidence %(how)s.",
        since=one.since,
        who=", ".join(one.who),
        mark=one.mark,
        how=one.confidence,
    )
    yield Paragraph((Run(one.where, "strong"), Run(f" [{one.id}]{said} {one.says}")))
    more = [_("Mind: %(text)s", text=" ".join(one.caveats))] if one.caveats else []
    more += [_("To judge: %(question)s", question=text) for text in one.judgement]
    more += [_("Readings: %(text)s", text=text) for text in one.readings]
    yield from (Paragraph(plain(text), small=True) for text in more)


def _owed_item(line: Line) -> Words:
    said = [_status(line), _("Ask in a letter: %(ask)s", ask=line.ask), _letter(line.way), *line.conditions]
    return (Run(line.question, "strong"), Run(" " + " ".join(said)))


def _by_letter(lines: Sequence[Line], on: date) -> Iterator[Block]:
    for way in dict.fromkeys(line.way for line in lines):
        yield Paragraph(_strong(_letter(way)))
        if way is not None and way.counted:
            counted = _("If the letter arrives on %(day)s: %(how)s", day=day(on), how=" ".join(way.counted))
            yield Paragraph(plain(" ".join((counted, *way.unsure))), small=True)
        yield Items(tuple(_item(line) for line in lines if line.way == way))


def _item(line: Line) -> Words:
    said = [_("%(title)s: %(quote)s", title=one.title, quote=quoted(one)) for one in line.promises]
    said += line.conditions
    if line.order == "good_practice" and line.asked_by:
        said.append(_("Asked for by: %(who)s.", who="; ".join(line.asked_by)))
    status = "" if line.status == "never_asked" else _status(line)
    parts = (Run(line.ask), Run(status, "strong"), Run(" ".join(sentence(text) for text in said)))
    spaced = [run for part in parts if part.text for run in (Run(" "), part)]
    return joined(spaced[1:])


def _status(line: Line) -> str:
    """That it was not told, or what was."""
    answer = line.answer
    match line.status:
        case "partly" | "unsourced":
            said = claim(answer)
        case "contradicted":
            said = _("Told in two ways, which stand above.")
        case _:
            said = untold(line.status)
    if answer.open and answer.due is not None:
        said = _("%(said)s The last day for an answer: %(due)s.", said=said, due=day(answer.due))
    return said


def _letter(way: Way | None) -> str:
    if way is None:
        return _("No letter carries a right to an answer here: the question can be put beside those of another one.")
    kind = _(KINDS[way.kind])
    if way.availability == "doubtful":
        said = _(
            "A letter to %(what)s (%(kind)s); whether there is a right to it is doubtful.", what=kind, kind=way.kind
        )
    elif way.due is None:
        said = _("A letter to %(what)s (%(kind)s); no day can be named.", what=kind, kind=way.kind)
    elif len(way.counted) > 1:
        said = _(
            "A letter to %(what)s (%(kind)s): the earliest answer is due by %(due)s if it arrives today.",
            what=kind,
            kind=way.kind,
            due=day(way.due),
        )
    else:
        said = _(
            "A letter to %(what)s (%(kind)s): an answer is due by %(due)s if it arrives today.",
            what=kind,
            kind=way.kind,
            due=day(way.due),
        )
    if way.conditions:
        said += " " + _("Only if %(needs)s.", needs=_("; or if ").join(way.conditions))
    return said


def _contradictions(found: Sequence[Contradiction]) -> Iterator[Block]:
    if not found:
        return
    yield Heading(plain(_("Told in two ways")))
    for one in found:
        rows = tuple((plain(source(e)), plain(quoted(e))) for e in one.evidence)
        yield Table(one.question, (_("Where"), _("What it says")), rows)
        if one.note:
            yield Paragraph(plain(sentence(one.note)))


def _disputes(found: Sequence[Disputed]) -> Iterator[Block]:
    if not found:
        return
    yield Heading(plain(_("Disputed")))
    for one in found:
        ours = claim(one.answer) if one.answer.value is not None else _(STATUSES[one.answer.status])
        theirs = tuple((plain(dispute.by), plain(disputed(dispute))) for dispute in one.dispute)
        yield Table(one.question, (_("Who"), _("What they say")), ((plain(_("This record")), plain(ours)), *theirs))


def _behind(one: Provision) -> Iterator[Block]:
    head = (Run(one.where, "strong"), Run(f" [{one.id}], {one.since} ({one.mark}). {one.says}"))
    yield Paragraph(head)
    if one.caveats:
        yield Paragraph(plain(_("Mind: %(text)s", text=" ".join(one.caveats))), small=True)


def _strong(text: str) -> Words:
    return (Run(text, "strong"),)
