"""A record as a story: what is said of the system, by whom, and what nobody has said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from misread.language import gettext as _
from misread.language import ngettext, spoken
from misread.rights.paper.blocks import Block, Heading, Items, Paper, Paragraph, Run, Table, Words, plain
from misread.rights.places.entries.words import day
from misread.rights.record.fields import FIELDS, GROUPS, Field, Tier
from misread.rights.record.model import STATUSES, Answer, Evidence, Record
from misread.rights.record.told.words import quoted, source, told

Told = tuple[Field, Answer]
"""A field, and what is known about it."""


def story(record: Record, tier: Tier = "full") -> Paper:
    """A record as a paper that can be read from top to bottom.

    Parameters
    ----------
    record : Record
        The record.
    tier : {"full", "card"}
        Whether it tells of all fields, or of those that can be read in a minute.
    """
    found = [(field, record.answer(field.id)) for field in FIELDS.values() if tier == "full" or field.tier == tier]
    return Paper(record.title, spoken().code, tuple(_blocks(record, found)))


def _blocks(record: Record, found: Sequence[Told]) -> Iterator[Block]:
    sources = {one: n for n, one in enumerate(dict.fromkeys(e for _f, answer in found for e in answer.evidence), 1)}
    yield Heading(plain(record.title), 1)
    if record.about:
        yield Paragraph(plain(record.about))
    yield Paragraph((Run(_opening(found), "strong"),))
    last = max((change.on for change in record.history), default=record.begun)
    yield Paragraph(
        plain(_("As it stood on %(day)s. Counted: %(counts)s.", day=day(last), counts="; ".join(_counted(found)))),
        small=True,
    )
    for group, title in GROUPS.items():
        here = [(field, answer) for field, answer in found if field.group == group and _touched(answer)]
        if here:
            yield Heading(plain(title))
        for field, answer in here:
            yield from _field(field, answer, sources)
    silent = [(field, answer) for field, answer in found if not _touched(answer)]
    if silent:
        yield Heading(plain(_("What nobody has been asked")))
        yield Paragraph(
            plain(
                ngettext(
                    "There is %(n)s question more. That it is open does not say that anybody hides something.",
                    "There are %(n)s questions more. That they are open does not say that anybody hides something.",
                    len(silent),
                )
            )
        )
        yield Items(tuple(_open_question(field, answer, sources) for field, answer in silent))
    if sources:
        yield Heading(plain(_("Where it is said")))
        yield Items(tuple(plain(f"{source(one)}. {quoted(one)}".strip()) for one in sources), numbered=True)


def _touched(answer: Answer) -> bool:
    return answer.status != "never_asked"


def _opening(found: Sequence[Told]) -> str:
    """The first sentence: how much is known, and how much of it is only said."""
    known = sum(answer.answered or answer.status == "partly" for _field, answer in found)
    claims = sum(answer.status == "unsourced" for _field, answer in found)
    said = ngettext(
        "Of %(all)s questions that anybody may ask about such a system, %(n)s is answered.",
        "Of %(all)s questions that anybody may ask about such a system, %(n)s are answered.",
        known,
        all=len(found),
    )
    if not known:
        said = _(
            "There are %(all)s questions that anybody may ask about such a system. Not one is answered.", all=len(found)
        )
    if claims:
        more = ngettext(
            "%(n)s has a claim instead of an answer: it goes round, and nobody has shown it to be true.",
            "%(n)s have a claim instead of an answer: it goes round, and nobody has shown it to be true.",
            claims,
        )
        said = f"{said} {more}"
    return said


def _counted(found: Sequence[Told]) -> Iterator[str]:
    statuses = [answer.status for _field, answer in found]
    return (f"{_(STATUSES[status])}: {statuses.count(status)}" for status in STATUSES if status in statuses)


def _field(field: Field, answer: Answer, sources: Mapping[Evidence, int]) -> Iterator[Block]:
    """A question, what is known, and the numbers of its sources."""
    numbers = "".join(f" [{sources[one]}]" for one in answer.evidence)
    said = " ".join(told(answer))
    yield Paragraph((Run(field.question, "strong"), Run(f" {said}{numbers}")), id=field.id)
    if answer.status == "contradicted":
        rows = tuple((plain(source(one)), plain(quoted(one))) for one in answer.evidence)
        yield Table(_("Told in two ways"), (_("Where"), _("What it says")), rows)


def _open_question(field: Field, answer: Answer, sources: Mapping[Evidence, int]) -> Words:
    """A question that nobody was asked, with what is known beside it all the same."""
    # That nobody told it stands above the list.
    said = [*list(told(answer))[1:], *(f"[{sources[one]}]" for one in answer.evidence)]
    return (Run(field.question, "strong"), Run(" " + " ".join(said))) if said else plain(field.question)
