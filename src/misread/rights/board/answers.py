"""What the disclosure record says, as papers show it: status, what was said, and by whom; silence is called silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from misread.language import gettext as _
from misread.report.words import upper_first
from misread.report.words.lookup import clean, shorten
from misread.rights.paper.blocks import Block, Paragraph, Run, Table, Words, plain
from misread.rights.places.entries.words import day
from misread.rights.record.fields import FIELDS
from misread.rights.record.model import EVIDENCE, STATUSES
from misread.rights.record.told.words import CLAIMS, claim, disputed, letter, sentence, untold

if TYPE_CHECKING:
    from misread.rights.record.model import Answer, Evidence, Record, Status

SILENT = ("never_asked", "pending", "no_answer", "refused")
"""Statuses under which nothing was told."""
LONGEST = 700
"""Characters of one value or quotation in a table; the record has the rest."""

Numbers = Mapping["Evidence", int]
"""Evidence → the number by which a paper calls it."""


def numbers_of(record: Record) -> Numbers:
    """The pieces of evidence of a record, numbered from 1 in the order of the fields."""
    pieces = (piece for id in FIELDS for piece in record.answer(id).evidence)
    return {piece: number for number, piece in enumerate(dict.fromkeys(pieces), 1)}


def counts(record: Record) -> Mapping[Status, int]:
    """Status → how many of the fields have it; every status is there."""
    found = Counter(record.answer(id).status for id in FIELDS)
    return {status: found[status] for status in STATUSES}


def table(caption: str, ids: Iterable[str], record: Record, numbers: Numbers) -> Table:
    """Answers as a table: the question; how it stands, and what was said.

    Parameters
    ----------
    caption : str
        Its caption.
    ids : iterable of str
        Ids of fields.
    record : Record
        The record.
    numbers : mapping
        As `numbers_of` gives them.
    """
    rows = tuple(_row(id, record.answer(id), numbers) for id in ids)
    return Table(caption, (_("Question"), _("How it stands, and what was said")), rows)


def _row(id: str, answer: Answer, numbers: Numbers) -> tuple[Words, Words]:
    status = Run(f"{upper_first(_(STATUSES[answer.status]))}. ", "strong")
    return (Run(f"{FIELDS[id].question} "), Run(id, "code")), (status, *said(answer, numbers))


def said(answer: Answer, numbers: Numbers) -> Words:
    """What an answer says, with its evidence word for word and by number; or that nothing was told.

    Parameters
    ----------
    answer : Answer
        The answer.
    numbers : mapping
        As `numbers_of` gives them.
    """
    return tuple(_spaced(_parts(answer, numbers)))


def _spaced(parts: Iterable[Words]) -> Iterator[Run]:
    for i, part in enumerate(parts):
        yield from (Run(" "), *part) if i else part


def _parts(answer: Answer, numbers: Numbers) -> Iterator[Words]:
    if answer.status in SILENT:
        yield plain(untold(answer.status))
    elif answer.status in CLAIMS and answer.value is not None:
        yield plain(shorten(claim(answer), LONGEST))
    for piece in answer.evidence:
        quoted = (Run(f"“{shorten(piece.quote, LONGEST)}”", "emphasis"), Run(" ")) if piece.quote else ()
        yield (*quoted, Run(f"[{numbers[piece]}]"))
    yield from (plain(clean(letter(asked))) for asked in answer.asked)
    if answer.note:
        yield plain(shorten(sentence(answer.note), LONGEST))
    yield from (plain(clean(disputed(dispute))) for dispute in answer.dispute)


def counted(record: Record) -> str:
    """How many of the questions stand how, in a sentence; nothing is scored."""
    found = [f"{n} {_(STATUSES[status])}" for status, n in counts(record).items() if n]
    return _("Of %(all)s questions about the system: %(counts)s.", all=len(FIELDS), counts="; ".join(found))


def evidence(numbers: Numbers) -> Iterator[Block]:
    """The list of evidence: number, what it is, when it was seen, its digest."""
    if not numbers:
        yield Paragraph(plain(_("The record rests on no piece of evidence.")))
        return
    rows = tuple(
        (
            plain(f"[{number}]"),
            plain(f"{clean(piece.title)} ({_(EVIDENCE[piece.kind])})"),
            plain(_("not noted") if piece.retrieved is None else day(piece.retrieved)),
            (Run(piece.sha256[:16], "code"),) if piece.sha256 else plain(_("no file kept")),
        )
        for piece, number in numbers.items()
    )
    head = (_("No."), _("What it is"), _("Seen on"), _("Digest, first 16 digits"))
    yield Table(_("Evidence of the disclosure record"), head, rows)
