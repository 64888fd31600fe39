"""Papers as the page shows them: block by block, with why each is there, and what is still missing in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Literal

from misread.language import gettext as _
from misread.rights.letters.facts import NAMES, Facts
from misread.rights.letters.template import Template
from misread.rights.letters.words import date_words
from misread.rights.paper.blocks import Heading, Items, Lines, Paper, Paragraph, Table, Words

Pieces = tuple[tuple[str, str], ...]
"""Text and style of each run: "", "strong", "emphasis", "code"; "told" for what was told, "missing" for what is not."""

_OPEN = {"missing": "\ue010", "told": "\ue012"}
_CLOSE = {"missing": "\ue011", "told": "\ue013"}
"""Signs around what was told and the names of what was not: letters that nobody can type into the form."""
_STYLES = {sign: style for style, sign in _OPEN.items()}
_MARKED = re.compile("([\ue010\ue012][^\ue010-\ue013]*[\ue011\ue013])")


@dataclass(frozen=True)
class Row:
    """One block of a paper.

    Attributes
    ----------
    kind : str
        What it is.
    lines : tuple of Pieces
        Its lines, items, or what it says.
    level : int
        Of a heading.
    numbered, small, new_page : bool
        How it is set.
    why : str
        Why it is there; empty where there is nothing to tell.
    caption, head, cells
        Of a table.
    """

    kind: Literal["heading", "paragraph", "lines", "items", "table"]
    lines: tuple[Pieces, ...] = ()
    level: int = 0
    numbered: bool = False
    small: bool = False
    new_page: bool = False
    why: str = ""
    caption: str = ""
    head: tuple[str, ...] = ()
    cells: tuple[tuple[Pieces, ...], ...] = ()


@dataclass(frozen=True)
class Shown:
    """A paper: its title, its language, its blocks."""

    title: str
    language: str
    rows: tuple[Row, ...]


NO_DAY = date.min
"""In place of a day that is still missing."""


def holes(language: str) -> Mapping[str, str]:
    """What a letter in some language writes for a day that is missing, and what the page shows instead."""
    return {date_words(NO_DAY, language): f"{_OPEN['missing']}{_(NAMES['asked_on'])}{_CLOSE['missing']}"}


def shown(paper: Paper, why: Mapping[str, str] | None = None, instead: Mapping[str, str] | None = None) -> Shown:
    """A paper as the page shows it.

    Parameters
    ----------
    paper : Paper
        The paper.
    why : mapping, optional
        Id of a paragraph → why it is there.
    instead : mapping, optional
        Words → what is shown in their place.
    """
    return Shown(paper.title, paper.language, tuple(_rows(paper, why or {}, instead or {})))


def _rows(paper: Paper, why: Mapping[str, str], instead: Mapping[str, str]) -> Iterator[Row]:
    def said(words: Words) -> Pieces:
        return _pieces(words, instead)

    for block in paper.titled:
        match block:
            case Heading(words, level, new_page):
                yield Row("heading", (said(words),), level=level, new_page=new_page)
            case Paragraph(words, id, small):
                yield Row("paragraph", (said(words),), small=small, why=why.get(id, ""))
            case Lines(lines, id):
                yield Row("lines", tuple(map(said, lines)), why=why.get(id, ""))
            case Items(items, numbered):
                yield Row("items", tuple(map(said, items)), numbered=numbered)
            case Table(caption, head, rows):
                cells = tuple(tuple(map(said, row)) for row in rows)
                yield Row("table", caption=caption, head=head, cells=cells)


def _pieces(words: Words, instead: Mapping[str, str]) -> Pieces:
    """Words piece by piece, each in its style."""
    texts = ((reduce(lambda text, one: text.replace(*one), instead.items(), run.text), run.style) for run in words)
    parts = ((part, style) for text, style in texts for part in _MARKED.split(text) if part)
    return tuple((text[1:-1], _STYLES[text[0]]) if text[0] in _STYLES else (text, style) for text, style in parts)


def marked(facts: Facts, template: Template) -> Facts:
    """What was told, for looking at a letter only: with signs around it, and in the place of what is missing its name.

    Parameters
    ----------
    facts : Facts
        What was told.
    template : Template
        The letter.
    """
    missing = facts.needs(template)
    for name, said in NAMES.items():
        value = facts[name]
        # What has several lines is told apart by standing alone; dates are written by the letter.
        if name not in missing and (value in ("", None) or isinstance(value, date) or "\n" in str(value)):
            continue
        style, text = ("missing", _(said)) if name in missing else ("told", str(value))
        table, dot, key = name.partition(".")
        sign = f"{_OPEN[style]}{text}{_CLOSE[style]}"
        if dot:
            facts = facts.model_copy(update={table: getattr(facts, table).model_copy(update={key: sign})})
        elif name == "asked_on":
            facts = facts.model_copy(update={name: NO_DAY})
        elif name != "date":
            facts = facts.model_copy(update={name: sign})
    return facts
