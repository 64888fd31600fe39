"""An export as tables of text, whatever it was written as. It stays in memory: nothing of it is ever written.

What is read is taken to be hostile until it has proved otherwise. Whatever the bytes, there is an export or a
`MisreadError` that says what is wrong.
"""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from zipfile import ZipFile, ZipInfo

from misread.errors import MisreadError, Problem, printable
from misread.language import gettext as _
from misread.language import mark
from misread.rights.check.model import Choices, Export, Note, Sheet
from misread.rights.check.reading.kinds import kind_of, readable, refusal
from misread.rights.check.reading.limits import MOST_BYTES, Budget, Progress, megabytes, quiet, too_large
from misread.rights.check.reading.packed import member_of, opened

Read = tuple[tuple[Sheet, ...], tuple[Note, ...]]
NOT_OPENED = {
    "picture": mark("pictures"),
    "film": mark("films"),
    "sound": mark("sound recordings"),
    "pdf": mark("PDFs"),
    "zip": mark("archives inside the archive"),
    "archive": mark("archives inside the archive"),
}
OTHER = mark("files that are not read here")
PROSE = ("readme", "license", "licence")
"""Files of an archive that tell something about it, whatever they are written as."""
LEFT_BY_SYSTEMS = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
"""What operating systems leave in archives by themselves."""


def read_export(name: str, content: bytes, choices: Choices | None = None, progress: Progress = quiet) -> Export:
    """Read what a school gave back: CSV, JSON, a workbook, or a ZIP of those.

    Parameters
    ----------
    name : str
        What the file is called.
    content : bytes
        What is in it.
    choices : Choices, optional
        What the user said about how it is to be read.
    progress : callable
        Told how much of how much is read.

    Returns
    -------
    Export
        Its tables, and notes on how it was read and on what lies beside them.

    Raises
    ------
    MisreadError
        If it cannot be read, is too large, or it is not plain how it is to be read.
    """
    choices = choices or Choices()
    if len(content) > MOST_BYTES:
        size, most = megabytes(len(content)), megabytes(MOST_BYTES)
        raise too_large(name, _("It has %(size)s.", size=size), _("at most %(most)s.", most=most))
    kind = kind_of(name, content)
    if not readable(kind):
        raise refusal(kind, name)
    if kind == "zip":
        tables, notes = _members(opened(content, name), choices, name, progress)
    else:
        tables, notes = _one(name, kind, content, choices, name, "", Budget(), progress)
    if not tables:
        raise MisreadError(
            Problem(
                " ".join([_("There is nothing in it that is read here."), *(note.text for note in notes)]),
                _("data: CSV, JSON, XLSX, or a ZIP of those."),
                _("ask the school for the data themselves, in one of these forms."),
                name,
            )
        )
    return Export(name, tables, notes)


def _one(
    name: str,
    kind: str,
    content: bytes,
    choices: Choices,
    where: str,
    inside: str,
    budget: Budget,
    progress: Progress = quiet,
) -> Read:
    """One file of data. Whatever reads a kind loads when there is a file of it."""
    if kind == "xlsx":
        from misread.rights.check.reading.workbook import workbook

        return workbook(opened(content, where), choices, where, budget, inside, progress)
    if kind == "json":
        from misread.rights.check.reading.nested import nested

        return nested(content, choices, where, name, inside, progress)
    from misread.rights.check.reading.delimited import delimited

    return delimited(content, choices, where, name)


def _members(archive: ZipFile, choices: Choices, where: str, progress: Progress) -> Read:
    """All files of data in an archive, and what else is in it. Their names are shown, and never used as paths."""
    budget = Budget()
    tables: list[Sheet] = []
    notes: list[Note] = []
    others: Counter[str] = Counter()
    members = [member for member in archive.infolist() if not member.is_dir() and not _left(member)]
    taken: Counter[str] = Counter()
    for done, member in enumerate(members):
        progress(done, len(members))
        taken[member.filename] += 1
        again = f" ({taken[member.filename]})" if taken[member.filename] > 1 else ""
        name = f"{printable(member.filename)}{again}"
        content = member_of(archive, member, budget, f"{where}/{name}")
        kind = kind_of(name, content)
        if kind == "zip" or not readable(kind) or PurePath(name).stem.lower() in PROSE:
            others[kind if kind in NOT_OPENED else ""] += 1
            continue
        made, more = _one(name, kind, content, choices, f"{where}/{name}", f"{name}: ", budget)
        tables += made
        notes += more
    notes += [_not_opened(kind, n) for kind, n in others.items()]
    return tuple(tables), tuple(notes)


def _left(member: ZipInfo) -> bool:
    return any(part in f"/{member.filename}" for part in LEFT_BY_SYSTEMS)


def _not_opened(kind: str, n: int) -> Note:
    what = _(NOT_OPENED.get(kind, OTHER))
    return Note("extra-file", _("In the archive, and not opened: %(what)s (%(n)s).", what=what, n=n), count=n)
