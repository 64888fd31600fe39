"""Papers as files, by the suffix of the name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from misread.errors import MisreadError, Problem
from misread.files import write_whole
from misread.rights.paper.blocks import Paper
from misread.rights.paper.docx import to_docx
from misread.rights.paper.markdown import to_markdown
from misread.rights.paper.pdf import refuse_without_typst, to_pdf

formats: Mapping[str, str] = MappingProxyType({".md": "Markdown", ".docx": "a word processor", ".pdf": "PDF"})
"""Suffix → what it is."""


def refuse_format(path: Path, key: str = "--out") -> None:
    """Refuse a name whose suffix says nothing that can be written here, before any work is done.

    Raises
    ------
    MisreadError
        If it is none of `formats`, or PDF without Typst.
    """
    if path.suffix.lower() not in formats:
        expected = f"a name that ends with {', '.join(formats)}."
        raise MisreadError(
            Problem("It is in no form that papers are written in.", expected, "rename it.", str(path), key)
        )
    if path.suffix.lower() == ".pdf":
        refuse_without_typst(key)


def paper_bytes(paper: Paper, suffix: str, fonts: Sequence[Path] = ()) -> bytes:
    """A paper in one of the forms.

    Parameters
    ----------
    paper : Paper
        The paper.
    suffix : str
        One of `formats`.
    fonts : sequence of Path
        Files of fonts for letters that those shipped do not have; for PDF.
    """
    made: Mapping[str, Callable[[], bytes]] = {
        ".md": lambda: to_markdown(paper).encode(),
        ".docx": lambda: to_docx(paper),
        ".pdf": lambda: to_pdf(paper, fonts),
    }
    return made[suffix]()


def write_paper(paper: Paper, path: Path, fonts: Sequence[Path] = ()) -> None:
    """Write a paper to a file, whole or not at all, in the form that its suffix says.

    Parameters
    ----------
    paper : Paper
        The paper.
    path : Path
        The file.
    fonts : sequence of Path
        As in `paper_bytes`.

    Raises
    ------
    MisreadError
        If the suffix is none of `formats`, or it cannot be written.
    """
    refuse_format(path)
    write_whole(path, paper_bytes(paper, path.suffix.lower(), fonts))
