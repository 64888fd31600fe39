"""What kind of file it is, by how it begins; and what to ask the school for where it is none that holds data."""

from __future__ import annotations

import codecs
import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePath
from typing import Literal

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.language import mark

Kind = Literal[
    "csv",
    "json",
    "xlsx",
    "zip",
    "pdf",
    "picture",
    "film",
    "sound",
    "page",
    "xml",
    "document",
    "old-workbook",
    "other-workbook",
    "archive",
    "database",
]
BEGINNINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF87a", "picture"),
    (b"GIF89a", "picture"),
    (b"BM", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"\x1aE\xdf\xa3", "film"),
    (b"OggS", "sound"),
    (b"ID3", "sound"),
    (b"\xff\xfb", "sound"),
    (b"fLaC", "sound"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-workbook"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"SQLite format 3\x00", "database"),
    (b"PAR1", "database"),
    (b"ARROW1", "database"),
    (b"{\\rtf", "document"),
)
ZIPPED = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
WHAT: Mapping[str, str] = {
    "pdf": mark("It is a PDF: pages to look at, not data."),
    "picture": mark("It is a picture. Nothing here looks at pictures."),
    "film": mark("It is a film. Nothing here looks at films."),
    "sound": mark("It is a sound recording. Nothing here listens."),
    "page": mark("It is a web page, not data."),
    "xml": mark("It is XML, which is not read here."),
    "document": mark("It is a document of a word processor or of slides, not data."),
    "old-workbook": mark(
        "It is a workbook in the form of before 2007 (.xls), or one that is locked with a password: neither is read."
    ),
    "other-workbook": mark("It is a workbook in another form than .xlsx."),
    "archive": mark("It is packed in a way that is not opened here."),
    "database": mark("It is a database or a table in a binary form, which is not read here."),
}
MEND: Mapping[str, str] = {
    "old-workbook": mark(
        "ask the school for a file without a password; or open it, check that it is whole, and save it as .xlsx or CSV."
    ),
    "other-workbook": mark("ask the school for .xlsx or CSV; or open it and save it as .xlsx."),
    "archive": mark("unpack it, and give the file that was in it; of several, a ZIP."),
}
ASK = mark("ask the school for the data themselves, in a form that a program can read: CSV, JSON or XLSX.")


def kind_of(name: str, content: bytes) -> Kind:
    """What kind of file it is. The name only decides between CSV and JSON, where both are possible."""
    start = bytes(content[:1024])
    if start.startswith(ZIPPED):
        return _zipped(content)
    for beginning, kind in BEGINNINGS:
        # "BM" and the like are words too: pictures and sounds hold bytes that no text has.
        if start.startswith(beginning) and (len(beginning) > 2 or b"\x00" in start[:64]):
            return kind
    if start[4:8] == b"ftyp":
        return "picture" if start[8:12] in (b"heic", b"heix", b"mif1", b"avif") else "film"
    if start.startswith(b"RIFF"):
        inside: Mapping[bytes, Kind] = {b"WEBP": "picture", b"WAVE": "sound", b"AVI ": "film"}
        if start[8:12] in inside:
            return inside[start[8:12]]
    return _text(name, _beginning(start))


def refusal(kind: Kind, where: str) -> MisreadError:
    """What to raise for a file that is none of data."""
    return MisreadError(
        Problem(_(WHAT[kind]), _("a file of data: CSV, JSON, XLSX, or a ZIP of those."), _(MEND.get(kind, ASK)), where)
    )


def readable(kind: Kind) -> bool:
    """Whether it is data that is read here."""
    return kind not in WHAT


def _zipped(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError):
        # Said by whoever opens it.
        return "zip"
    folders = {name.partition("/")[0] for name in names}
    if "xl/workbook.bin" in names:
        return "other-workbook"
    if "[Content_Types].xml" in names:
        return "xlsx" if "xl" in folders else "document"
    if "mimetype" in names and "content.xml" in names:
        return "other-workbook"
    return "zip"


def _beginning(start: bytes) -> str:
    """How a text begins; only marks and brackets are looked at, and those are the same nearly everywhere."""
    for bom, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if start.startswith(bom):
            return start[len(bom) :].decode(encoding, errors="ignore").lstrip()
    # Without a mark, UTF-16 has a zero beside every letter of ASCII.
    return start.replace(b"\x00", b"").decode("latin-1").lstrip()


def _text(name: str, start: str) -> Kind:
    suffix = PurePath(name).suffix.lower()
    if start.lower().startswith(("<!doctype html", "<html")):
        return "page"
    if start.startswith("<?xml"):
        return "xml"
    if suffix in (".json", ".jsonl", ".ndjson", ".geojson"):
        return "json"
    looks = start[:1] in "{[" and start != ""
    return "json" if looks and suffix not in (".csv", ".tsv", ".txt") else "csv"
