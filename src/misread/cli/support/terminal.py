"""Text for people, on a terminal or in a pipe."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from rich.console import Console
from rich.text import Text

from misread.errors import printable

WIDEST = 96
"""Columns; longer lines are hard to read."""


class Terminal(Console):
    """Rich's console; a reader that goes away ends the command as it ends any other."""

    def on_broken_pipe(self) -> NoReturn:
        """Leave it to `main`, which knows the exit code."""
        raise BrokenPipeError


def terminal() -> Terminal:
    """Standard output, where numbers and quotes are not coloured."""
    return Terminal(highlight=False)


def say(sentences: Sequence[str], report: Path) -> None:
    """Print sentences as paragraphs, the first in bold, then where the report is, as the last line."""
    console = terminal()
    width = min(console.width, WIDEST)
    for i, sentence in enumerate(sentences):
        console.print(Text(printable(sentence), style="bold" if i == 0 else ""), width=width)
    # A path is one line whatever the width, so that it can be copied, and clicked.
    console.print(Text(f"\nReport: {printable(str(report))}"), soft_wrap=True)
