"""What a paper is made of. Letters, annexes, briefs and policies are built of these, and each writer knows them all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Style = Literal["", "strong", "emphasis", "code"]


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style.

    Attributes
    ----------
    text : str
        The words.
    style : {"", "strong", "emphasis", "code"}
        How they are set.
    """

    text: str
    style: Style = ""


Words = tuple[Run, ...]
"""A line of text."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title of the paper, and there is one.

    Attributes
    ----------
    words : Words
        What it says.
    level : int
        From 1 to 4.
    new_page : bool
        Whether a page begins with it.
    """

    words: Words
    level: int = 2
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph.

    Attributes
    ----------
    words : Words
        What it says.
    id : str
        By which the page tells why it is there; empty where there is nothing to tell.
    small : bool
        Whether it is set small: notes, sources.
    """

    words: Words
    id: str = ""
    small: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that stand close together, each on its own: an address, a signature.

    Attributes
    ----------
    lines : tuple of Words
        Two or more; a single one is a paragraph.
    id : str
        As that of a paragraph.
    signed : bool
        Whether it is a signature: room to sign is left above it.
    """

    lines: tuple[Words, ...]
    id: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list; each numbered one begins at 1."""

    items: tuple[Words, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and a row of headings."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]

    @property
    def shares(self) -> tuple[float, ...]:
        """Parts of the width that its columns take: more for those that hold more, within limits."""
        rows = [self.head, *(tuple(said(cell) for cell in row) for row in self.rows)]
        weights = [min(max(8, *(len(row[i]) for row in rows)), 60) ** 0.7 for i in range(len(self.head))]
        return tuple(weight / sum(weights) for weight in weights)


Block = Heading | Paragraph | Lines | Items | Table


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper.

    Attributes
    ----------
    title : str
        Also what a word processor and a screen reader call it. Where no heading of level 1 is among the blocks, it
        stands above them as one.
    language : str
        As in BCP 47: "en", "de", "pt-BR", "zh-Hans" …
    blocks : tuple of Block
        In order.
    letter : bool
        Whether it is set as a letter: its title is the line that says what it is about.
    dense : bool
        Whether it is set in smaller letters with less room, so that it fits one page.
    """

    title: str
    language: str
    blocks: tuple[Block, ...]
    letter: bool = False
    dense: bool = False

    @property
    def titled(self) -> tuple[Block, ...]:
        """All blocks, the title among them."""
        if any(isinstance(block, Heading) and block.level == 1 for block in self.blocks):
            return self.blocks
        return (Heading(plain(self.title), 1), *self.blocks)

    @property
    def text(self) -> str:
        """All that its blocks say, without styles and captions, a line for each piece."""
        out: list[str] = []
        for block in self.blocks:
            match block:
                case Heading(words) | Paragraph(words):
                    out.append(said(words))
                case Lines(lines) | Items(lines):
                    out += [said(line) for line in lines]
                case Table(rows=rows):
                    out += [said(cell) for row in rows for cell in row]
        return "\n".join(out)


def plain(text: str) -> Words:
    """Words without any style."""
    return (Run(text),)


def said(words: Words) -> str:
    """Words without their styles, as one text."""
    return "".join(run.text for run in words)


def joined(runs: Iterable[Run]) -> Words:
    """Words in as few runs as there are changes of style, none of them empty."""
    out: list[Run] = []
    for run in runs:
        if out and out[-1].style == run.style:
            out[-1] = Run(out[-1].text + run.text, run.style)
        elif run.text:
            out.append(run)
    return tuple(out)
