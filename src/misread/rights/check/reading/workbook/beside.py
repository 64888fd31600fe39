"""What lies in a workbook beside the cells that one sees: where and how many, never what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set

from misread.language import gettext as _
from misread.language import mark, ngettext
from misread.rights.check.model import Note
from misread.rights.check.reading.workbook.cells import SheetReader, letters_of
from misread.rights.check.reading.workbook.parts import Book, Parts
from misread.rights.check.reading.workbook.xml import Attributes, local, walk

FOLDERS = {
    "xl/media/": mark("pictures"),
    "xl/embeddings/": mark("documents in it"),
    "xl/externalLinks/": mark("links to other workbooks, with a copy of what was there"),
    "xl/pivotCache/": mark("copies of rows for pivot tables"),
    "customXml/": mark("data of other programs"),
    "xl/model/": mark("a data model"),
}
PROPERTIES = frozenset(
    ("creator", "lastModifiedBy", "title", "subject", "description", "keywords", "category", "Company", "Manager")
)


def beside_book(parts: Parts, book: Book, names: Sequence[str]) -> Iterator[Note]:
    """What lies beside all sheets, whose tables are called so."""
    for name, (_own, _part, state) in zip(names, book.sheets, strict=True):
        if state != "visible":
            yield Note("hidden-sheet", _("The sheet “%(name)s” is hidden.", name=name), name)
    if n := book.defined:
        said = ngettext(
            "The workbook has a name for a place in it.", "The workbook has %(n)s names for places in it.", n
        )
        yield Note("defined-name", said, count=n)
    if filled := sorted(_properties(parts)):
        said = _("The workbook's properties are filled in: %(names)s.", names=", ".join(filled))
        yield Note("property", said, count=len(filled))
    there = parts.names()
    if any(name.lower().endswith("vbaproject.bin") for name in there):
        yield Note("macro", _("The workbook has macros: programs that run when it is opened. None was run here."))
    others = Counter(
        folder for name in there for folder in FOLDERS if name.startswith(folder) and "/_rels/" not in name
    )
    for folder, n in others.items():
        said = _("Beside its sheets the workbook has: %(what)s (%(n)s).", what=_(FOLDERS[folder]), n=n)
        yield Note("extra-file", said, count=n)


def _properties(parts: Parts) -> set[str]:
    """Which properties are filled in."""
    found: set[str] = set()
    open_ = [""]

    def start(tag: str, _attributes: Attributes) -> None:
        open_[0] = local(tag)

    def text(said: str) -> None:
        if open_[0] in PROPERTIES and said.strip():
            found.add(open_[0])

    for name in ("docProps/core.xml", "docProps/app.xml"):
        if parts.has(name):
            walk(parts.read(name), parts.where, start, text=text)
    if parts.has("docProps/custom.xml"):
        found.add("custom")
    return found


def beside_sheet(parts: Parts, part: str, name: str, read: SheetReader, used: Set[int]) -> Iterator[Note]:
    """What lies beside the cells of a sheet that one sees."""
    hidden = sorted(read.hidden_columns & used)
    if hidden:
        said = ngettext(
            "A column of “%(name)s” is hidden: %(column)s.",
            "%(n)s columns of “%(name)s” are hidden; the first is %(column)s.",
            len(hidden),
            name=name,
            column=letters_of(hidden[0]),
        )
        yield Note("hidden-column", said, name, column=hidden[0] + 1, count=len(hidden))
    n, row = read.hidden_rows
    if n:
        said = ngettext(
            "A row of “%(name)s” is hidden: %(row)s.",
            "%(n)s rows of “%(name)s” are hidden; the first is %(row)s.",
            n,
            name=name,
            row=row,
        )
        yield Note("hidden-row", said, name, row=row, count=n)
    n, cell = read.formulas
    if n:
        said = ngettext(
            "A cell of “%(name)s” is a formula: %(cell)s. It was not worked out; what was stored with it is told.",
            "%(n)s cells of “%(name)s” are formulas; the first is %(cell)s. "
            "None was worked out; what was stored with them is told.",
            n,
            name=name,
            cell=cell,
        )
        yield Note("formula", said, name, count=n)
    yield from _comments(parts, part, name)


def _comments(parts: Parts, part: str, sheet: str) -> Iterator[Note]:
    """Comments on cells. A conversation is stored a second time as a comment, for programs that know no other."""
    counts = {"comments": 0, "threadedComment": 0}
    first = ""
    for kind, name in parts.related(part).values():
        if kind in counts and parts.has(name):
            places: list[str] = []

            def start(tag: str, attributes: Attributes, kind: str = kind, places: list[str] = places) -> None:
                if local(tag) in ("comment", "threadedComment"):
                    counts[kind] += 1
                    if not places:
                        places.append(attributes.get("ref", "")[:10])

            walk(parts.read(name), parts.where, start)
            first = first or (places[0] if places else "")
    if found := counts["threadedComment"] or counts["comments"]:
        said = ngettext(
            "A cell of “%(name)s” has a comment: %(cell)s.",
            "There are %(n)s comments on cells of “%(name)s”; the first is on %(cell)s.",
            found,
            name=sheet,
            cell=first,
        )
        yield Note("comment", said, sheet, count=found)
