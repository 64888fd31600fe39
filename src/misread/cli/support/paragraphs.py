"""Paragraphs on a terminal or in a pipe, set in as far as they belong to what stands above."""

from __future__ import annotations

from collections.abc import Iterable

Line = tuple[int, str, str]
"""How far a paragraph is set in, its text, its style."""


def paragraphs(lines: Iterable[Line]) -> None:
    """Print paragraphs; what is too long to be broken, such as an address, stays whole."""
    import textwrap

    from rich.text import Text

    from misread.cli.support.terminal import WIDEST, terminal
    from misread.errors import printable

    console = terminal()
    width = min(console.width, WIDEST)
    for indent, text, style in lines:
        room = " " * indent
        for line in textwrap.wrap(
            printable(text),
            width,
            initial_indent=room,
            subsequent_indent=room,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]:
            console.print(Text(line, style=style), soft_wrap=True)
