"""The parts that a workbook is packed of, and how they refer to each other."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sized
from dataclasses import dataclass, field
from zipfile import ZipFile, ZipInfo

from misread.rights.check.reading.limits import Budget
from misread.rights.check.reading.packed import pieces
from misread.rights.check.reading.workbook.dates import Shown, shown_as
from misread.rights.check.reading.workbook.xml import Attributes, broken, local, walk

MOST_NAMED, MOST_SHARED = 70_000, 10_000_000
"""Styles (of which programs write 65,490 at most), sheets or relations; texts that sheets share."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A workbook that is open.

    Attributes
    ----------
    archive : ZipFile
        What it is packed in.
    budget : Budget
        How much may still be unpacked.
    where : str
        For messages.
    """

    archive: ZipFile
    budget: Budget
    where: str

    def names(self) -> list[str]:
        """All parts."""
        return self.archive.namelist()

    def read(self, name: str) -> Iterator[bytes]:
        """A part, a piece at a time; nothing where it is not there."""
        member = self._member(name)
        return iter(()) if member is None else pieces(self.archive, member, self.budget, self.where)

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return self._member(name) is not None

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: id → what it is (the last word of its type), its name."""
        folder, _slash, own = name.rpartition("/")
        listed = f"{folder}/_rels/{own}.rels" if folder else f"_rels/{own}.rels"
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: Attributes) -> None:
            if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = (kind, posixpath.normpath(path))
                _bounded(found, self.where)

        if self.has(listed):
            walk(self.read(listed), self.where, start)
        return found

    def _member(self, name: str) -> ZipInfo | None:
        try:
            return self.archive.getinfo(name)
        except KeyError:
            return None


@dataclass(slots=True)
class Book:
    """What a workbook says of itself.

    Attributes
    ----------
    sheets : list of tuple of str
        Name, part, and whether it is ``visible``, ``hidden`` or ``veryHidden``.
    defined : int
        How many names stand for places in it, those that programs make for themselves apart.
    since_1904 : bool
        Whether days are counted from 1904.
    """

    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    defined: int = 0
    since_1904: bool = False


def book_of(parts: Parts) -> tuple[Book, dict[str, tuple[str, str]]]:
    """What the workbook says of itself, and what it refers to.

    Raises
    ------
    MisreadError
        If it is damaged.
    """
    main = next((name for kind, name in parts.related("").values() if kind == "officeDocument"), "xl/workbook.xml")
    if not parts.has(main):
        raise broken(parts.where)
    related, book = parts.related(main), Book()

    def start(tag: str, attributes: Attributes) -> None:
        name = local(tag)
        if name == "sheet":
            id = next((value for key, value in attributes.items() if local(key) == "id" and ":" in key), "")
            kind, part = related.get(id, ("", ""))
            if kind == "worksheet":
                _bounded(book.sheets, parts.where)
                book.sheets.append((attributes.get("name", ""), part, attributes.get("state", "visible")))
        elif name == "workbookPr":
            book.since_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "definedName" and not attributes.get("name", "").startswith("_xlnm."):
            book.defined += 1

    walk(parts.read(main), parts.where, start)
    return book, related


def shared_strings(parts: Parts, name: str) -> list[str]:
    """The texts that all sheets share; those in several styles whole, without what says how they are spoken."""
    found: list[str] = []
    said: list[str] = []
    reading = [False, False]  # in a text; in how it is spoken

    def start(tag: str, _attributes: Attributes) -> None:
        here = local(tag)
        if here == "t":
            reading[0] = not reading[1]
        elif here == "rPh":
            reading[1] = True
        elif here == "si":
            said.clear()

    def end(tag: str) -> None:
        here = local(tag)
        if here == "t":
            reading[0] = False
        elif here == "rPh":
            reading[1] = False
        elif here == "si":
            found.append("".join(said))
            _bounded(found, parts.where, MOST_SHARED)

    def text(part: str) -> None:
        if reading[0]:
            said.append(part)

    walk(parts.read(name), parts.where, start, end, text)
    return found


def styles(parts: Parts, name: str) -> list[Shown]:
    """How each style shows a number."""
    own: dict[int, str] = {}
    found: list[int] = []
    inside = [False]

    def start(tag: str, attributes: Attributes) -> None:
        here = local(tag)
        if here == "numFmt":
            own[_id(attributes)] = attributes.get("formatCode", "")
        elif here == "cellXfs":
            inside[0] = True
        elif here == "xf" and inside[0]:
            found.append(_id(attributes))
            _bounded(found, parts.where)

    def end(tag: str) -> None:
        if local(tag) == "cellXfs":
            inside[0] = False

    walk(parts.read(name), parts.where, start, end)
    return [shown_as(number, own.get(number, "")) for number in found]


def _bounded(found: Sized, where: str, most: int = MOST_NAMED) -> None:
    """Refuse a part that lists more than any workbook has."""
    if len(found) > most:
        raise broken(where)


def _id(attributes: Attributes) -> int:
    text = attributes.get("numFmtId", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
