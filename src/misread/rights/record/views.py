"""A record through other eyes: the same answers in the order of another catalogue of questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.language import spoken
from misread.rights.paper.blocks import Block, Heading, Paper, Paragraph, Run, Table, plain
from misread.rights.places.entries.words import MARKS
from misread.rights.record.fields import FIELDS, MAPS, MapName
from misread.rights.record.model import Record, Status
from misread.rights.record.told.words import told


@dataclass(frozen=True)
class Row:
    """One entry of another catalogue, and one field that fills it.

    Attributes
    ----------
    key : str
        What it is called there: an attribute, an article, a section.
    field : str
        Id of the field.
    question : str
        The field's question.
    status : str
        Its status.
    said : tuple of str
        What is known, in sentences; where nothing was told, that it was not.
    """

    key: str
    field: str
    question: str
    status: Status
    said: tuple[str, ...]


def view(record: Record, name: str) -> tuple[Row, ...]:
    """A record in the order of another catalogue: a field once for each of its entries there.

    Parameters
    ----------
    record : Record
        The record.
    name : str
        One of `MAPS`: "atrs", "gdpr", "ai-act", "card", "us".

    Raises
    ------
    MisreadError
        If there is no such catalogue.
    """
    to = _named(name)
    pairs = [(key, field) for field in FIELDS.values() for key in field.mapped(to)]
    first = {key: i for i, (key, _field) in reversed(list(enumerate(pairs)))}
    order = _article if to in ("gdpr", "ai-act") else lambda key: (first[key],)
    rows = []
    for key, field in sorted(pairs, key=lambda pair: order(pair[0])):
        answer = record.answer(field.id)
        rows.append(Row(key, field.id, field.question, answer.status, tuple(told(answer))))
    return tuple(rows)


def view_paper(record: Record, name: str) -> Paper:
    """The same as a paper.

    Parameters
    ----------
    record : Record
        The record.
    name : str
        As in `view`.
    """
    title = _("%(title)s, as in: %(view)s", title=record.title, view=MAPS[_named(name)].title)
    return Paper(title, spoken().code, tuple(_blocks(record, title, name)))


def _blocks(record: Record, title: str, name: str) -> Iterator[Block]:
    to, rows = MAPS[_named(name)], view(record, name)
    yield Heading(plain(title), 1)
    how = _(MARKS[to.mark])
    yield Paragraph(
        plain(_("How the names are known: %(mark)s, %(how)s. %(note)s", mark=to.mark, how=how, note=to.note))
    )
    yield Table(
        _("Its entries, and what fills them"),
        (_("There"), _("Question"), _("What is known")),
        tuple(
            (
                (Run(row.key, "strong"),),
                plain(f"{row.question} [{row.field}]"),
                plain(" ".join(row.said)),
            )
            for row in rows
        ),
    )
    without = [id for id in FIELDS if id not in {row.field for row in rows}]
    if without:
        yield Paragraph(plain(_("It does not ask about: %(fields)s.", fields=", ".join(without))), small=True)


def _named(name: str) -> MapName:
    for known in MAPS:
        if known == name:
            return known
    raise MisreadError(
        Problem(f"`{name}` is no view of a record.", f"one of {', '.join(MAPS)}.", "take one of these.", key="VIEW")
    )


def _article(key: str) -> tuple[object, ...]:
    """Articles by their numbers, annexes behind them."""
    parts = re.findall(r"\d+|[^\d()]+", key)
    return (key.startswith("Annex"), *((not part.isdigit(), int(part) if part.isdigit() else part) for part in parts))
