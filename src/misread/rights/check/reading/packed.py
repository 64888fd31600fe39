"""What lies packed in a ZIP or in a workbook, unpacked piece by piece, as far as limits allow. Names are only shown."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from zipfile import ZipFile, ZipInfo

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.rights.check.reading.limits import (
    MOST_BYTES,
    MOST_MEMBERS,
    MOST_RATIO,
    RATIO_FROM,
    Budget,
    megabytes,
    too_large,
)

PIECE = 2**16
_LISTED = b"PK\x01\x02"
"""What stands before each entry of the list of what is in an archive."""
_ENCRYPTED = 0x1
_MISTAKES = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    AttributeError,
    LookupError,
    TypeError,
)
"""What the library raises of a damaged list, or of damaged data: it may hold anything."""


def opened(content: bytes, where: str) -> ZipFile:
    """An archive; nothing of it is unpacked yet.

    Raises
    ------
    MisreadError
        If it cannot be read, or it says itself that it is too large.
    """
    # Listing what is in it takes memory too.
    if content.count(_LISTED) > MOST_MEMBERS:
        raise _many(where)
    try:
        archive = ZipFile(io.BytesIO(content))
    except _MISTAKES as error:
        raise _broken(where) from error
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise _many(where)
    Budget().take(sum(member.file_size for member in members), where)
    return archive


def pieces(archive: ZipFile, member: ZipInfo, budget: Budget, where: str) -> Iterator[bytes]:
    """What a member holds, a piece at a time.

    Raises
    ------
    MisreadError
        If it is locked, damaged, or larger than what is left.
    """
    if member.flag_bits & _ENCRYPTED:
        raise MisreadError(
            Problem(
                _("It is locked with a password."),
                _("an archive that is open."),
                _("unpack it with the password that the school gave you, and give the file that was in it."),
                where,
            )
        )
    size = 0
    try:
        with archive.open(member) as file:
            while piece := file.read(PIECE):
                size += len(piece)
                if size > RATIO_FROM and size > MOST_RATIO * max(1, member.compress_size):
                    raise _bomb(where)
                budget.take(len(piece), where)
                yield piece
    except _MISTAKES as error:
        raise _broken(where) from error


def member_of(archive: ZipFile, member: ZipInfo, budget: Budget, where: str) -> bytes:
    """All that a member holds."""
    return b"".join(pieces(archive, member, budget, where))


def _many(where: str) -> MisreadError:
    return too_large(
        where,
        _("It has more than %(n)s files in it.", n=f"{MOST_MEMBERS:,}"),
        _("at most %(n)s files.", n=f"{MOST_MEMBERS:,}"),
    )


def _bomb(where: str) -> MisreadError:
    return too_large(
        where,
        _("It unpacks to more than %(n)s times its size, which data do not.", n=MOST_RATIO),
        _("at most %(most)s, unpacked.", most=megabytes(MOST_BYTES)),
    )


def _broken(where: str) -> MisreadError:
    return MisreadError(
        Problem(
            _("It is damaged, or packed in a way that is not opened here."),
            _("a ZIP, or a workbook, that can be opened."),
            _("ask the school for it again; or unpack it yourself, and give the file that was in it."),
            where,
        )
    )
