"""In which encoding a text is written: known by its mark, proved, or guessed; a guess is told."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.rights.check.model import Choices, Note

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""The longer first, since one begins as another does."""
GUESSES = [
    "cp1252",
    "gb18030",
    "cp1250",
    "cp1251",
    "cp1254",
    "cp1253",
    "cp850",
    "big5",
    "shift_jis",
    "euc_kr",
    "koi8_r",
    "mac_roman",
]
"""What is guessed among, and which is taken where a few words would do in several: the likelier in schools first."""
PIECE = 2**20
SAMPLE = 2**16
AS_GOOD = 0.05
"""How much more odd a text may look in an encoding that goes before."""


def utf8(content: bytes, choices: Choices, where: str) -> tuple[bytes, tuple[Note, ...]]:
    """A text as UTF-8, without a byte order mark.

    Parameters
    ----------
    content : bytes
        The file.
    choices : Choices
        Whose ``encoding`` goes before what is found out.
    where : str
        For messages.

    Returns
    -------
    tuple
        The text, and a note where its encoding is not UTF-8.

    Raises
    ------
    MisreadError
        If it is no text in the encoding that was given, or in any that is known here.
    """
    bom, marked = next(((bom, name) for bom, name in MARKS if content.startswith(bom)), (b"", ""))
    encoding = _named(choices.encoding) if choices.encoding else marked or _found(content, where)
    if marked == encoding and bom:
        content = content[len(bom) :]
    if encoding != "utf-8":
        content = b"".join(_again(content, encoding, where))
    elif not _is_utf8(content):
        raise _not_in(encoding, where)
    if (zero := content.find(0)) >= 0:
        line = content.count(b"\n", 0, zero) + 1
        raise MisreadError(
            Problem(
                _("It holds a zero byte, which no text does."),
                _("text: CSV or JSON."),
                _("ask the school for it again; if it is text, say how it is written with --encoding, as utf-16."),
                where,
                line=line,
            )
        )
    guessed = not (choices.encoding or marked)
    return content, () if encoding == "utf-8" else (_note(encoding, guessed, where),)


def _named(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except (LookupError, ValueError) as error:
        raise MisreadError(
            Problem(
                _("There is no encoding %(name)s.", name=repr(encoding[:40])),
                _("one such as utf-8, utf-16, cp1252, gb18030."),
                _("leave it out, and it is found out."),
                key="--encoding",
            )
        ) from error


def _note(encoding: str, guessed: bool, where: str) -> Note:
    said = _("Read as %(encoding)s.", encoding=encoding)
    if guessed:
        said = _(
            "Read as %(encoding)s: a guess. If letters look wrong, say which it is with --encoding.", encoding=encoding
        )
    return Note("encoding", said, where)


def _is_utf8(content: bytes) -> bool:
    """Whether all of it is, a piece at a time, so that no second copy is made."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), PIECE):
            decoder.decode(content[start : start + PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _again(content: bytes, encoding: str, where: str) -> Iterator[bytes]:
    """The same text in UTF-8, a piece at a time."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        for start in range(0, len(content), PIECE):
            yield decoder.decode(content[start : start + PIECE]).encode()
        yield decoder.decode(b"", final=True).encode()
    # Some codecs are not of text, or make half a letter.
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise _not_in(encoding, where) from error


def _not_in(encoding: str, where: str) -> MisreadError:
    return MisreadError(
        Problem(
            _("It cannot be read as %(encoding)s.", encoding=encoding),
            _("text in the encoding that was named."),
            _("leave --encoding out, and it is found out; or name another."),
            where,
        )
    )


def _found(content: bytes, where: str) -> str:
    """The encoding of a text without a mark."""
    if _is_utf8(content):
        # Whoever writes ASCII in UTF-16 writes bytes that are valid UTF-8 as well: every second is zero.
        return _wide(content) or "utf-8"
    if wide := _wide(content):
        return wide
    for encoding in _guesses(content):
        if _reads(content, encoding):
            return encoding
    raise MisreadError(
        Problem(
            _("It is no text in any encoding that is known here."),
            _("CSV, JSON, XLSX, or a ZIP of those."),
            _("ask the school which program wrote it; if it is text, say how with --encoding."),
            where,
        )
    )


def _wide(content: bytes) -> str:
    start = content[:SAMPLE]
    half = len(start) // 2
    for name, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if half and zeros.count(0) > 0.4 * half and _reads(content, name):
            return name
    return ""


def _reads(content: bytes, encoding: str) -> bool:
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        for start in range(0, len(content), PIECE):
            decoder.decode(content[start : start + PIECE])
        decoder.decode(b"", final=True)
    except ValueError:
        return False
    return True


def _guesses(content: bytes) -> list[str]:
    """Encodings that are likely, the likeliest first."""
    from charset_normalizer import from_bytes

    # What tells encodings apart are the bytes that are not ASCII, and these may come late.
    foreign = next((i for i in range(0, len(content), PIECE) if not content[i : i + PIECE].isascii()), 0)
    piece = content[foreign : foreign + PIECE]
    first = next((i for i, byte in enumerate(piece) if byte > 127), 0)
    start = foreign + max(0, first - SAMPLE // 4)
    found = from_bytes(content[start : start + SAMPLE], cp_isolation=GUESSES, threshold=0.5)
    best = min((match.chaos for match in found), default=0.0)
    as_good = {name for match in found if match.chaos <= best + AS_GOOD for name in match.could_be_from_charset}
    return [*(name for name in GUESSES if name in as_good), *(match.encoding for match in found)]
