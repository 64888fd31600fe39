"""What a JSON document holds, piece by piece; and where it breaks, if it does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from misread.errors import MisreadError, Problem
from misread.language import gettext as _

Event = tuple[str, Any]
PIECE = 2**16
# A number of thousands of digits is a ValueError to Python, and an error of the system to those who pass it on.
_MISTAKES = (ValueError, ArithmeticError, SystemError)


def events_of(content: bytes, where: str) -> Iterator[tuple[int, list[Event]]]:
    """What a document holds, a piece at a time.

    Parameters
    ----------
    content : bytes
        The document, or several one after the other, in UTF-8.
    where : str
        For messages.

    Yields
    ------
    tuple
        How many bytes were read before, and a list of events: what each is, and its value. The list is the same each
        time, and emptied after.

    Raises
    ------
    MisreadError
        If it is no JSON.
    """
    import ijson  # type: ignore[import-untyped]

    found: list[Event] = ijson.sendable_list()
    try:
        parser = _parser(found)
        for start in range(0, len(content), PIECE):
            parser.send(content[start : start + PIECE])
            yield start, found
            del found[:]
        parser.close()
    except (ijson.JSONError, *_MISTAKES) as error:
        raise _broken(content, where) from error
    yield len(content), found


def _parser(found: list[Any]) -> Any:
    import ijson

    return ijson.basic_parse_coro(found, multiple_values=True, use_float=False)


def _broken(content: bytes, where: str) -> MisreadError:
    """What to raise where it breaks off: it is read again, and where it breaks a byte at a time."""
    import ijson

    def fed(pieces: Iterator[tuple[int, bytes]]) -> int:
        """Where the piece begins that cannot be read; the end, where only an end is missing."""
        found: list[Any] = ijson.sendable_list()
        parser = _parser(found)
        for start, piece in pieces:
            try:
                parser.send(piece)
            except (ijson.JSONError, *_MISTAKES):
                return start
            del found[:]
        return len(content)

    near = fed((i, content[i : i + PIECE]) for i in range(0, len(content), PIECE))
    if near == len(content):
        return MisreadError(
            Problem(
                _("It ends in the middle: an object, a list or a text is never closed."),
                _("a whole JSON document."),
                _("ask the school for it again; it may have been cut off on the way."),
                where,
                line=content.rstrip().count(b"\n") + 1,
            )
        )
    before = ((i, content[i : i + PIECE]) for i in range(0, near, PIECE))
    at = fed(chain(before, ((i, content[i : i + 1]) for i in range(near, min(near + PIECE, len(content))))))
    return MisreadError(
        Problem(
            _("It is no JSON from about byte %(n)s on.", n=f"{at + 1:,}"),
            _("a JSON document, or one a line."),
            _("ask the school for it again; or for CSV."),
            where,
            line=content.count(b"\n", 0, at) + 1,
        )
    )
