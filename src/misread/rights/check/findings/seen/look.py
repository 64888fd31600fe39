"""What the checks look at: the family's own rows, and what they are held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from misread.language import gettext as _
from misread.rights.check.dictionary.classify import UNKNOWN, Column, may_be_kinds
from misread.rights.check.dictionary.entries import dictionary, fold
from misread.rights.check.dictionary.series import Series
from misread.rights.check.dictionary.times import NONE
from misread.rights.check.findings.seen.moments import Times, times_of
from misread.rights.check.findings.seen.parts import Part
from misread.rights.check.findings.seen.promised import Promise, promise
from misread.rights.check.findings.seen.streams import MOST_LABELS, Stream, streams_of

if TYPE_CHECKING:
    from misread.rights.case.model import Case
    from misread.rights.check.findings.calendar import Calendar
    from misread.rights.check.model import Answers, Export, Json, Note
    from misread.rights.record.model import Record


AT_ONCE = 0.25
"""From this share on it is told that tables have labels at the same moments."""
PEOPLE = frozenset({"identity", "other-person"})
_NOTHING = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Look:
    """All that a check may look at.

    Attributes
    ----------
    export : Export
        As it was read; its cells are other people's too, so checks look at `parts`.
    parts : tuple of Part
        The family's own rows.
    record, calendar, case : optional
        What it is held against.
    answers : Answers
        What the user said.
    """

    export: Export
    parts: tuple[Part, ...]
    record: Record | None
    calendar: Calendar | None
    case: Case | None
    answers: Answers

    @cached_property
    def times(self) -> tuple[Times, ...]:
        """When the rows of each part were written."""
        return times_of(self.parts, self.answers.dates, self.calendar.zone if self.calendar else "")

    @cached_property
    def streams(self) -> tuple[Stream, ...]:
        """All labels."""
        said = {fold(word): kind for word, kind in self.answers.words.items()}
        pairs = zip(self.parts, self.times, strict=True)
        return tuple(stream for part, times in pairs for stream in streams_of(part, times, said))

    def promise(self, id: str) -> Promise:
        """What the record says of a field."""
        return promise(self.record, id)

    def kind_of(self, word: str) -> str:
        """The class of a label: as the user said, as the dictionary has it, else ``unknown``."""
        said = {fold(w): kind for w, kind in self.answers.words.items()}
        folded = fold(word)
        return said.get(folded) or dictionary().values.get(folded, UNKNOWN)

    @cached_property
    def hidden(self) -> frozenset[tuple[str, int]]:
        """Columns whose names are not shown: several of a sheet that are unknown and hold labels may be children."""
        found: set[tuple[str, int]] = set()
        for part in self.parts:
            columns = [
                column
                for column, cells in zip(part.columns, part.cells, strict=True)
                if column.asked and _labels(cells) and (not column.candidates or PEOPLE & set(column.candidates))
            ]
            if len({fold(column.stem) for column in columns}) > 1 or any(column.candidates for column in columns):
                found.update((part.sheet.name, column.index) for column in columns)
            found.update((part.sheet.name, column.index) for column in _side_by_side(part))
        return frozenset(found)

    def shown(self, column: Column) -> dict[str, Json]:
        """A column for a finding: the sheet, its number, and its name."""
        place: dict[str, Json] = {"sheet": column.sheet, "column": column.position}
        return place if (column.sheet, column.index) in self.hidden else {**place, "name": column.name}

    @property
    def asked(self) -> tuple[Column, ...]:
        """Columns of which the user has to say what they are."""
        return tuple(column for part in self.parts for column in part.columns if column.asked)

    def unsettled(self, labels: Stream) -> bool:
        """Whether some labels may be none: a word, or what kind of entry a row is, waits for an answer of the user."""
        return any(self.kind_of(word) == UNKNOWN for word in labels.words) or self.open_kinds(labels.part)

    def open_kinds(self, part: Part) -> bool:
        """Whether a column may say what kind of entry each row is, and the user has to say more of it."""
        asked = any(
            column.asked and may_be_kinds(cells) for column, cells in zip(part.columns, part.cells, strict=True)
        )
        return asked or any(True for _word in self.unknown_kinds(part))

    def unknown_kinds(self, part: Part) -> Iterator[tuple[Column, str]]:
        """Kinds of entry that the dictionary does not know and the user has not said."""
        said = {fold(word) for word in self.answers.words}
        for column, cells in part.having("kind"):
            for word in cells.words(MOST_LABELS):
                if fold(word) not in said and fold(word) not in dictionary().kinds:
                    yield column, word

    @cached_property
    def last_day(self) -> int | None:
        """The day to which ages are counted: that on which the export came, else the last one in it."""
        if self.answers.on:
            from datetime import date

            return (self.answers.on - date(1970, 1, 1)).days
        days = [int(times.days[times.days != NONE].max()) for times in self.times if (times.days != NONE).any()]
        return max(days, default=None)


def _side_by_side(part: Part) -> list[Column]:
    """Columns that are called alike but for a word that no dictionary knows, which may be a child's name.

    Such as "emotion Ann" and "emotion Ben", or "Ann.emotion" and "Ben.emotion" in a nested document.
    """
    known = dictionary().names
    found: dict[str, dict[str, list[Column]]] = {}
    for column in part.columns:
        if column.empty or not (column.is_label or column.role == "pupil"):
            continue
        *around, last = (fold(word) for word in column.name.replace("[]", "").split("."))
        if column.by == "name" and fold(column.stem) not in known:
            found.setdefault(column.field, {}).setdefault(fold(column.stem), []).append(column)
        elif around and around[-1] not in known:
            found.setdefault(last, {}).setdefault(around[-1], []).append(column)
    return [column for stems in found.values() if len(stems) > 1 for columns in stems.values() for column in columns]


def without_names(look: Look, pupils: int) -> tuple[Look, int]:
    """The same, with numbers for the names of tables that may be called after children; and how many those are.

    A child cannot be seen twice at one moment: tables with the same columns and labels at the same moments may be about
    several children, where no column says whose a row is.

    Parameters
    ----------
    look : Look
        What is looked at.
    pupils : int
        How many children any column tells apart.
    """
    if pupils:
        return look, 0
    alike: dict[tuple[str, ...], list[Part]] = {}
    for part in look.parts:
        alike.setdefault(tuple(part.sheet.columns.column_names), []).append(part)
    named = {part.sheet.name for parts in alike.values() if _at_once(look, parts) for part in parts}
    if not named:
        return look, 0
    numbers = {part.sheet.name: _("table %(n)s", n=i) for i, part in enumerate(look.parts, 1)}
    notes = tuple(_called(note, numbers) for note in look.export.notes)
    parts = tuple(part.called(numbers[part.sheet.name]) for part in look.parts)
    return replace(look, export=replace(look.export, notes=notes), parts=parts), len(named)


def _called(note: Note, numbers: Mapping[str, str]) -> Note:
    """A note on a table, which is called by its number."""
    if not note.sheet:
        return note
    number = numbers.get(note.sheet, _("another table"))
    return replace(note, sheet=number, text=note.text.replace(f"“{note.sheet}”", f"“{number}”"))


def _at_once(look: Look, parts: list[Part]) -> bool:
    """Whether a good part of the labels of several tables were written at moments at which another one has some."""
    if len(parts) < 2:
        return False
    moments = [
        np.unique(np.concatenate([s.moments[s.moments != NONE] for s in look.streams if s.part is part] or [_NOTHING]))
        for part in parts
    ]
    total = sum(at.size for at in moments)
    return total > 0 and np.unique(np.concatenate(moments)).size <= (1 - AT_ONCE) * total


def _labels(cells: Series) -> bool:
    """Whether a column holds labels in most of its rows: one that is filled now and then is no child's."""
    if not 0 < cells.size <= MOST_LABELS or 2 * cells.filled.sum() < len(cells):
        return False
    known = dictionary().values
    return 2 * sum(fold(word) in known for word in cells.words()) >= cells.size
