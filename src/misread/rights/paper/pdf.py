"""Papers as tagged PDF (PDF/UA-1), set by Typst. The extra `pdf` brings Typst; nothing else needs it."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from misread.errors import MisreadError, Problem, install
from misread.rights.paper.blocks import Block, Heading, Items, Lines, Paper, Paragraph, Table, Words

STANDARD: Final = "ua-1"
_NO_GLYPH: Final = "could not be displayed"


def refuse_without_typst(key: str = "--out") -> None:
    """Refuse PDF where nothing can set it, before any work is done.

    Raises
    ------
    MisreadError
        If Typst is not installed.
    """
    if find_spec("typst") is None:
        what = "PDF is set by Typst, which is not installed."
        raise MisreadError(
            Problem(what, "the extra `pdf`.", f"{install('pdf')} Or write .docx or .md instead.", key=key)
        )


def to_pdf(paper: Paper, fonts: Sequence[Path] = ()) -> bytes:
    """A paper as PDF: tagged, with title and language, and without a date.

    Parameters
    ----------
    paper : Paper
        The paper.
    fonts : sequence of Path
        Files of fonts for letters that those shipped do not have.

    Returns
    -------
    bytes
        PDF/UA-1, checked by Typst as it is written. The same paper gives the same bytes with the same Typst and fonts.
        Only letters that neither the fonts shipped nor those given have are taken from the system's.

    Raises
    ------
    MisreadError
        If Typst is not installed, a font cannot be read, or no font has some letter.
    """
    refuse_without_typst()
    import typst

    _refuse_no_fonts(fonts)
    template: Any = (files("misread.rights.paper") / "paper.typ").read_bytes()
    told = json.dumps(_told(paper), ensure_ascii=False)
    with as_file(files("misread.report") / "pdf" / "fonts") as shipped, _folder(fonts) as given:
        for system in (False, True):
            known: Any = typst.Fonts(include_system_fonts=system, font_paths=[str(shipped), *given])
            try:
                made = typst.compile(
                    template, sys_inputs={"told": told}, font_paths=known, format="pdf", pdf_standards=STANDARD
                )
            except typst.TypstError as error:
                if _NO_GLYPH not in error.message:
                    raise
                if not system:
                    continue
                raise _no_glyph(error.message) from error
            assert isinstance(made, bytes)
            return made
    raise AssertionError("either round returns or raises")


@contextmanager
def _folder(fonts: Sequence[Path]) -> Iterator[list[str]]:
    """A folder with these fonts in it, since Typst takes nothing else; none where there are no fonts."""
    if not fonts:
        yield []
        return
    with tempfile.TemporaryDirectory(prefix="misread-fonts-") as folder:
        for i, font in enumerate(fonts):
            shutil.copyfile(font, Path(folder) / f"{i}{font.suffix}")
        yield [folder]


def _refuse_no_fonts(fonts: Sequence[Path]) -> None:
    """Refuse what is no font: Typst would go on without it and say nothing."""
    signs = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf")
    problems = []
    for font in fonts:
        try:
            with font.open("rb") as file:
                known = file.read(4) in signs
        except OSError as error:
            problems.append(Problem(f"It cannot be read: {error.strerror}.", key="--font", file=str(font)))
            continue
        if not known:
            expected = "a font as TrueType or OpenType: .ttf, .otf, .ttc or .otc."
            problems.append(Problem("It is no font.", expected, "name another file.", str(font), "--font"))
    if problems:
        raise MisreadError(problems)


def _no_glyph(message: str) -> MisreadError:
    letter = re.search(r'"(.+?)"', message)
    named = f" {letter[1]!r}" if letter else ""
    return MisreadError(
        Problem(
            f"No font here has the letter{named}: {message}.",
            "fonts for every letter of the paper.",
            "name a file of a font that has it with --font, or write .docx or .md instead.",
            key="--font",
        )
    )


def _told(paper: Paper) -> dict[str, Any]:
    lang, region = _tags(paper.language)
    return {
        "title": paper.title,
        "lang": lang,
        "region": region,
        "letter": paper.letter,
        "dense": paper.dense,
        "blocks": [_block(block) for block in paper.titled],
    }


def _tags(language: str) -> tuple[str, str | None]:
    """Language and region as Typst wants them; by which script words are shaped it sees by itself."""
    first, *rest = language.split("-")
    region = next((part.lower() for part in rest if len(part) == 2), None)
    # How Chinese letters are drawn goes by the country.
    return first, "cn" if "Hans" in rest else region


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(words, level, new_page):
            return {"kind": "heading", "words": _words(words), "level": level, "new-page": new_page}
        case Paragraph(words, _, small):
            return {"kind": "paragraph", "words": _words(words), "small": small}
        case Lines(lines, _, signed):
            return {"kind": "lines", "lines": [_words(line) for line in lines], "signed": signed}
        case Items(items, numbered):
            return {"kind": "items", "items": [_words(item) for item in items], "numbered": numbered}
        case Table(caption, head, rows):
            cells = [[_words(cell) for cell in row] for row in rows]
            return {"kind": "table", "caption": caption, "head": head, "rows": cells, "widths": block.shares}


def _words(words: Words) -> list[list[str]]:
    return [[run.text, run.style] for run in words]
