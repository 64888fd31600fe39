"""What is taken away: all files of an audit as one archive, which travels in the page and is kept nowhere else."""

from __future__ import annotations

import binascii
import io
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.language import mark
from misread.report.audit.files import AUDIT, CARD, PROFILE, PUBLICATION, REPORT, TABLE
from misread.web.pages.audit.asked import LABELS

MOST = 64 * 2**20
"""Bytes of one file that are unpacked."""
ALL = "audit.zip"
PUBLISHED = f"{PUBLICATION}.zip"
KINDS: Mapping[str, str] = {
    "html": "text/html", "json": "application/json", "toml": "application/toml", "csv": "text/csv",
    "md": "text/markdown", "zip": "application/zip",
}  # fmt: skip
WHAT: Mapping[str, str] = {
    REPORT: mark("the report, to read and to print"),
    AUDIT: mark("counts and figures, for programs"),
    TABLE: mark("all figures as a table"),
    CARD: mark("a section for a model card"),
    PROFILE: mark("what a run in a made-up school reads"),
    LABELS: mark("which words you said mean the same"),
    PUBLISHED: mark("tables in which small counts are left out"),
    ALL: mark("all of these"),
}
"""File → what it is."""
Taken = tuple[bytes, str]
"""Content and type of a file."""


def packed(files: Mapping[str, str]) -> str:
    """Files as one archive, as text for a field of a form. The same files give the same text."""
    return b64encode(_zip({name: text.encode() for name, text in files.items()})).decode()


def offered(files: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What can be taken away, each with what it is."""
    there = {*files, ALL} | ({PUBLISHED} if any(name.startswith(f"{PUBLICATION}/") for name in files) else set())
    return tuple((name, _(said)) for name, said in WHAT.items() if name in there)


def taken(made: str, name: str) -> Taken | None:
    """One file of those that travel in a page; None where it is none of them.

    Parameters
    ----------
    made : str
        What `packed` gave.
    name : str
        Name of a file.

    Raises
    ------
    MisreadError
        If what came back is no such archive.
    """
    if name not in WHAT:
        return None
    try:
        content = b64decode(made, validate=True)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST:
                raise ValueError
            files = {one: archive.read(one) for one in archive.namelist()}
    except (binascii.Error, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        raise MisreadError(
            Problem(_("There is nothing to take away."), mend=_("audit a file first, or look at an example."))
        ) from None
    if name == ALL:
        files = {ALL: content}
    elif name == PUBLISHED:
        inside = {one: text for one, text in files.items() if one.startswith(f"{PUBLICATION}/")}
        files = {PUBLISHED: _zip(inside)} if inside else {}
    return (files[name], KINDS[name.rpartition(".")[2]]) if name in files else None


def _zip(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            # A date of its own would make other bytes of the same files.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
