"""Which row holds the names of the columns. Where that is not plain, the user is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.rights.check.model import Choices, Note
from misread.rights.check.reading.columns import refuse_many

SAMPLE = 200
"""Rows that are looked at to find it."""
LONGEST_NAME = 200
AS_DATA = re.compile(r"[-+]?\d[\d.,:/\-\sT]*%?")
"""What a cell of data looks like, and the name of a column rarely does: a number, a date, a time."""


@dataclass(frozen=True, slots=True)
class Head:
    """The names of the columns.

    Attributes
    ----------
    index : int
        The row they stand in, counted from 0; -1 where none does.
    names : tuple of str
        All different; as many as most rows have cells, or more.
    unnamed : frozenset of str
        Those that were made up here, as the file has none.
    notes : tuple of Note
        What was odd about them.
    """

    index: int
    names: tuple[str, ...]
    unnamed: frozenset[str]
    notes: tuple[Note, ...] = ()


def head_of(rows: Sequence[Sequence[str]], numbers: Sequence[int], choices: Choices, where: str, sheet: str) -> Head:
    """Find the names of the columns among the first rows.

    Parameters
    ----------
    rows : sequence of sequence of str
        Cells of the first rows, as many as are there or `SAMPLE`; one of them holds something.
    numbers : sequence of int
        Their numbers in the file.
    choices : Choices
        Whose ``header`` goes before what is found out.
    where, sheet : str
        The table, for messages and for notes.

    Raises
    ------
    MisreadError
        If it is not plain which row it is, or there are too many columns.
    """
    refuse_many(1, max(map(len, rows)), where)
    if choices.header is None:
        index = next(i for i, row in enumerate(rows) if any(cell.strip() for cell in row))
        _refuse_unsure(rows[index:], numbers[index], where)
    elif choices.header == 0:
        index = -1
    elif choices.header in numbers:
        index = numbers.index(choices.header)
    else:
        raise MisreadError(
            Problem(
                _("Row %(n)s is none of the first that hold anything.", n=choices.header),
                _(
                    "a row from %(first)s to %(last)s, or 0 where no row holds names.",
                    first=numbers[0],
                    last=numbers[-1],
                ),
                _("correct it."),
                where,
                "--header",
            )
        )
    written = [" ".join(cell.split()) for cell in rows[index]] if index >= 0 else []
    below = _usual(rows[index + 1 :])
    return _named(index, [*written, *[""] * (below - len(written))], sheet)


def unique(names: Iterable[str]) -> list[str]:
    """The same names, cut where they are far too long; one that was there before gets a number."""
    taken: set[str] = set()
    times: dict[str, int] = {}
    found = []
    for name in names:
        short = name[:LONGEST_NAME]
        one, n = short, times.get(short, 1)
        while one in taken:
            n += 1
            one = f"{short} ({n})"
        times[short] = n
        taken.add(one)
        found.append(one)
    return found


def _named(index: int, written: Sequence[str], sheet: str) -> Head:
    given = [name or _("column %(n)s", n=n) for n, name in enumerate(written, 1)]
    names = unique(given)
    unnamed = frozenset(name for name, text in zip(names, written, strict=True) if not text)
    again = [(n, name) for n, (name, one) in enumerate(zip(given, names, strict=True), 1) if name[:LONGEST_NAME] != one]
    notes = tuple(
        Note(
            "duplicate-column",
            _(
                "Another column is called “%(name)s” as well: column %(n)s is told as “%(told)s”.",
                name=name,
                n=n,
                told=names[n - 1],
            ),
            sheet,
            column=n,
        )
        for n, name in again
    )
    return Head(index, tuple(names), unnamed, notes)


def _usual(rows: Sequence[Sequence[str]]) -> int:
    """How many cells most rows have, those without any apart."""
    widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _refuse_unsure(rows: Sequence[Sequence[str]], number: int, where: str) -> None:
    """Refuse a first row that looks like a title, or like data."""
    named = [cell.strip() for cell in rows[0] if cell.strip()]
    usual = _usual(rows[1:])
    if any(AS_DATA.fullmatch(cell) for cell in named):
        what = _(
            "It is not plain whether row %(n)s holds names or data: a cell of it looks like a number or a date.",
            n=number,
        )
    elif 2 * len(named) < usual:
        what = _(
            "It is not plain which row holds the names of the columns: "
            "row %(n)s fills %(few)s cells, those below have %(many)s.",
            n=number,
            few=len(named),
            many=usual,
        )
    else:
        return
    raise MisreadError(
        Problem(
            what,
            _("names of the columns in the first row."),
            _("say which row holds them, such as --header 3; or --header 0 where none does."),
            where,
            "--header",
            line=number,
        )
    )
