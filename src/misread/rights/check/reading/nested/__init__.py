"""A JSON document of any nesting as tables: each list of objects is one, and its rows know what stands around them.

A document is read event by event, so that only columns are held, never the document.
"""

from __future__ import annotations

from misread.language import gettext as _
from misread.rights.check.model import Choices, Note, Sheet
from misread.rights.check.reading.limits import Progress, quiet
from misread.rights.check.reading.nested.events import events_of
from misread.rights.check.reading.nested.reader import Reader
from misread.rights.check.reading.text import utf8


def nested(
    content: bytes, choices: Choices, where: str, sheet: str, inside: str = "", progress: Progress = quiet
) -> tuple[tuple[Sheet, ...], tuple[Note, ...]]:
    """A JSON document, or several one after the other (JSON Lines).

    Parameters
    ----------
    content : bytes
        The file.
    choices : Choices
        What the user said about it.
    where, sheet : str
        The file, for messages; what the table of its outermost objects is to be called.
    inside : str
        What goes before the names of its other tables, which are their paths.
    progress : callable
        Told how many bytes are read.

    Returns
    -------
    tuple
        A table for each list of objects, and notes.

    Raises
    ------
    MisreadError
        If it is no JSON, or too deep or too large.
    """
    content, notes = utf8(content, choices, where)
    if not content.strip():
        return (), (*notes, Note("empty", _("There is nothing in it."), sheet))
    reader = Reader(where)
    for start, events in events_of(content, where):
        reader.take(events)
        progress(start, len(content) or 1)
    tables, more = reader.tables(sheet, inside)
    if not tables:
        more = (*more, Note("empty", _("There is nothing in it."), sheet))
    return tables, (*notes, *more)
