"""XML read element by element. A document that defines anything itself is refused, so that none can grow while read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from xml.parsers import expat

from misread.errors import MisreadError, Problem
from misread.language import gettext as _

Attributes = Mapping[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]


def walk(
    pieces: Iterable[bytes], where: str, start: Start, end: End | None = None, text: Callable[[str], None] | None = None
) -> None:
    """Read a document.

    Parameters
    ----------
    pieces : iterable of bytes
        The document.
    where : str
        For messages.
    start, end, text : callable
        Told of each element's name (as written, with its prefix) and attributes, of its end, and of text.

    Raises
    ------
    MisreadError
        If it is no XML, or has a document type.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_rest: object) -> None:
        raise MisreadError(
            Problem(
                _("It defines names inside itself, by which a small file can grow without end."),
                _("a workbook as spreadsheet programs write it."),
                _("ask the school for CSV."),
                where,
            )
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for piece in pieces:
            parser.Parse(piece)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise broken(where) from error


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def broken(where: str) -> MisreadError:
    """What to raise of a workbook that is none."""
    return MisreadError(
        Problem(
            _("It is damaged: a part of the workbook cannot be read."),
            _("a workbook as spreadsheet programs write it."),
            _("open it in a spreadsheet program and save it anew; or ask the school for CSV."),
            where,
        )
    )
