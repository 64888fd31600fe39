"""Papers on a terminal, as a file, or the same as JSON; and files that hold what only their owner may read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from misread.cli.support.paragraphs import Line, paragraphs

if TYPE_CHECKING:
    from misread.rights.paper.blocks import Block, Paper


def give_paper(paper: Paper, out: Path | None, as_json: bool, answer: Callable[[], str]) -> None:
    """Print a paper, or write it to a file; or print the same as JSON.

    Parameters
    ----------
    paper : Paper
        The paper.
    out : Path or None
        The file that it is written to, by its suffix; None where it is printed.
    as_json : bool
        Whether JSON is printed instead.
    answer : callable
        Gives the JSON.
    """
    from misread.errors import printable

    if out is not None:
        from misread.rights.paper.write import write_paper

        refuse_taken(out)
        write_paper(paper, out)
    if as_json:
        click.echo(answer())
    elif out is None:
        paragraphs(line for block in paper.blocks for line in lines(block))
    else:
        click.echo(f"Paper: {printable(str(out))}")


def refuse_taken(*files: Path | None) -> None:
    """Refuse names that are taken: what is there may be somebody's only copy, and is not written over.

    Parameters
    ----------
    *files : Path or None
        Files that are to be made; None for one that is not asked for.

    Raises
    ------
    MisreadError
        With each that is there already.
    """
    from misread.errors import MisreadError, Problem

    what = "It is there already, and is not written over."
    mend = "name another, or move it away."
    if problems := [
        Problem(what, "a name that is free.", mend, str(file)) for file in files if file and os.path.lexists(file)
    ]:
        raise MisreadError(problems)


@contextmanager
def private() -> Iterator[None]:
    """Files made meanwhile can be read by their owner only."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def lines(block: Block) -> Iterator[Line]:
    """A block of a paper as paragraphs of a terminal.

    Parameters
    ----------
    block : Block
        The block.
    """
    from misread.rights.paper.blocks import Heading, Items, Lines, Paragraph, Table, said

    match block:
        case Heading():
            if block.level > 1:
                yield 0, "", ""
            yield 0, said(block.words), "bold"
        case Paragraph():
            yield 0, said(block.words), "dim" if block.small else ""
        case Lines():
            yield from ((0, said(line), "") for line in block.lines)
        case Items():
            for number, item in enumerate(block.items, 1):
                yield 2, f"{number}. {said(item)}" if block.numbered else f"- {said(item)}", ""
        case Table():
            yield 2, block.caption, "bold"
            for row in block.rows:
                yield 4, " ".join(_ended(said(cell)) for cell in row), ""


def _ended(text: str) -> str:
    """A cell as a sentence of its own, so that the next is not read on from it."""
    return text if not text or text[-1] in ".!?:…”" else f"{text}."
