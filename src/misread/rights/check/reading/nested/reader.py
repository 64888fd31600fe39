"""Puts what a JSON document holds into tables, event by event."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from misread.language import gettext as _
from misread.language import ngettext
from misread.rights.check.model import Note, Sheet
from misread.rights.check.reading.columns import Gathered, sheet_of
from misread.rights.check.reading.limits import DEEPEST, MOST_TABLES, too_large
from misread.rights.check.reading.nested.events import Event
from misread.rights.check.reading.nested.tables import Scalar, Table, joined, text_of

AS_KEY = re.compile(r"\d[\d.:/\-\sT]*")
"""Keys that are data rather than names: dates, times, numbers. An object of those is a list whose entries have them."""
KEY, VALUE = "key", "value"
"""What such a key is called as a column, and what is called so that has no name."""
MOST_IN_CELL = 8
"""Words of a list that is one cell, such as all who were told; a longer one is a table."""
MOST_ITEMS = 1_000_000
_NUMBERS = (int, Decimal, float, list)
_SCALARS = frozenset({"string", "number", "boolean", "null"})


@dataclass(slots=True)
class Frame:
    """What is open: an object, or a list.

    An object fills the open row of a table; one within another fills the same row, its keys after a ``prefix``. A list
    of scalars is a cell of it; a list of objects is a table of its own.
    """

    table: Table
    prefix: str = ""
    own: bool = False  # whether the row ends with the object
    fresh: bool = True  # whether no key was seen yet
    keyed: bool = False  # whether its keys are data: each begins a row
    items: list[Scalar] | None = None  # what a list holds that is no object,
    weight: int = 0  # how many that are, lists in it counted through,
    listed: Table | None = None  # the table of its objects,
    name: str = ""  # the name of the cell that it may become,
    loose: bool = False  # and whether it stands in no object at all


class Like(NamedTuple):
    """What the row was like that was last taken at once: kinds of what is between its ends, keys, table, columns."""

    between: list[str]
    keys: list[str]
    table: Table | None
    columns: list[list[Scalar]]


class Reader:
    """Takes what a document holds.

    Parameters
    ----------
    where : str
        For messages.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self._top = Table("", None, Gathered(where, text_of))
        self._tables: dict[tuple[int, str], Table] = {(0, ""): self._top}
        self._open = [Frame(self._top, listed=self._top, items=[], loose=True)]
        self._name = ""
        self._twice: dict[str, int] = {}
        self._like = Like([], [], None, [])

    def take(self, events: list[Event]) -> None:
        """What comes next in the document."""
        kinds, values = [kind for kind, _value in events], [value for _kind, value in events]
        at = 0
        while at < len(kinds):
            end = self._plain(kinds, values, at) if kinds[at] == "start_map" else 0
            if not end:
                self._one(kinds[at], values[at])
            at = end or at + 1

    def _plain(self, kinds: list[str], values: list[Any], start: int) -> int:
        """Take a whole row at once: an object in a list, of scalars alone, as most rows of most documents are.

        Returns where it has ended, or 0 where it is none of those.
        """
        frame = self._open[-1]
        if frame.listed is None:
            return 0
        try:
            end = kinds.index("end_map", start)
        except ValueError:
            # The rest of it comes later.
            return 0
        between, keys = kinds[start + 1 : end], values[start + 1 : end : 2]
        like = self._like
        if not (between == like.between and keys == like.keys and frame.listed is like.table):
            if set(between[::2]) != {"map_key"} or not set(between[1::2]) <= _SCALARS or len(between) % 2:
                return 0
            if len(set(keys)) < len(keys) or AS_KEY.fullmatch(keys[0]):
                return 0
            like = self._like = Like(between, keys, frame.listed, [frame.listed.rows.column(key) for key in keys])
        waiting = frame.listed.rows.waiting
        for column, cell in zip(like.columns, values[start + 2 : end : 2], strict=True):
            if len(column) < waiting:
                column += [None] * (waiting - len(column))
            column.append(cell)
        frame.listed.end()
        return end + 1

    def _one(self, event: str, value: Any) -> None:
        frame = self._open[-1]
        if event == "map_key":
            self._name = self._key(frame, value)
        elif event not in _SCALARS:
            getattr(self, f"_{event}")(frame)
        elif frame.items is None:
            self._put(frame.table, self._name, value)
        else:
            frame.items.append(value)
            self._weigh(frame, 1)

    def _weigh(self, frame: Frame, more: int) -> None:
        frame.weight += more
        if frame.weight > MOST_ITEMS:
            what = _("A list of it has more than %(n)s entries that are no objects.", n=f"{MOST_ITEMS:,}")
            raise too_large(self._where, what, _("lists of objects."))

    def _put(self, table: Table, name: str, value: Scalar) -> None:
        if not table.rows.put(name, value):
            self._twice[name] = self._twice.get(name, 0) + 1
            table.rows.put(f"{name} (2)", value)

    def _key(self, frame: Frame, key: str) -> str:
        """The name of a column; a key that is data begins a row instead."""
        if frame.fresh and AS_KEY.fullmatch(key):
            inner = self._table(frame.table, frame.prefix.removesuffix("."), "{}")
            frame.keyed, frame.table, frame.prefix = True, inner, ""
        elif frame.keyed:
            frame.table.end()
        frame.fresh = False
        if not frame.keyed:
            return frame.prefix + key
        self._put(frame.table, KEY, key)
        return VALUE

    def _start_map(self, frame: Frame) -> None:
        if frame.items is not None:
            frame.listed = frame.listed or self._table(frame.table, frame.name, "[]", frame.loose)
            self._push(Frame(frame.listed, own=True))
        else:
            self._push(Frame(frame.table, "" if frame.keyed else f"{self._name}."))

    def _end_map(self, frame: Frame) -> None:
        self._open.pop()
        if frame.keyed:
            frame.table.end()
        if frame.own:
            (frame.table.around or frame.table if frame.keyed else frame.table).end()

    def _start_array(self, frame: Frame) -> None:
        if frame.items is None:
            new = Frame(frame.table, items=[], name=self._name)
        elif len(self._open) == 1:
            # What a document's one list holds are its rows, as the lines of JSON Lines are.
            new = Frame(frame.table, items=[], listed=frame.listed, loose=True)
        else:
            new = Frame(frame.table, items=[], name=f"{frame.name}[]", loose=frame.loose)
        self._push(new)

    def _end_array(self, frame: Frame) -> None:
        self._open.pop()
        around, items = self._open[-1], frame.items or []
        if around.items is None:
            if len(items) > MOST_IN_CELL and any(isinstance(item, str) for item in items):
                self._rows(frame.listed or self._table(frame.table, frame.name, "[]"), items)
            elif items or not (frame.listed or frame.weight):
                self._put(frame.table, frame.name, items or None)
        elif len(self._open) == 1:
            self._rows(self._top, items)
        elif not items:
            # Whatever was in it is in a table of its own.
            around.weight += frame.listed is not None
        elif around.listed or any(not isinstance(item, _NUMBERS) for item in items):
            # A list of lists with words in it is a table without names; one of numbers alone is one cell.
            around.listed = around.listed or self._table(around.table, around.name, "[]", around.loose)
            for n, item in enumerate(items, 1):
                self._put(around.listed, _("column %(n)s", n=n), item)
            around.listed.end()
        else:
            around.items.append(items)
            self._weigh(around, frame.weight)

    def _rows(self, table: Table, items: list[Scalar]) -> None:
        """A row for each of what a list holds."""
        for item in items:
            self._put(table, VALUE, item)
            table.end()

    def _push(self, frame: Frame) -> None:
        self._open.append(frame)
        if len(self._open) > DEEPEST:
            what = _("It has more than %(n)s levels, one in the other.", n=DEEPEST)
            raise too_large(self._where, what, _("at most %(n)s levels.", n=DEEPEST))

    def _table(self, around: Table, name: str, sign: str, loose: bool = False) -> Table:
        name = "" if around.path.endswith("{}") and name == VALUE else name
        path = f"{around.path}.{name}{sign}" if around.path and name else f"{around.path}{name}{sign}"
        key = (0 if loose else id(around), path)
        if key not in self._tables:
            if len(self._tables) > MOST_TABLES:
                what = _("It has more than %(n)s lists in different places.", n=MOST_TABLES)
                raise too_large(self._where, what, _("at most %(n)s tables.", n=MOST_TABLES))
            self._tables[key] = Table(path, None if loose else around, Gathered(self._where, text_of))
        return self._tables[key]

    def tables(self, sheet: str, inside: str) -> tuple[tuple[Sheet, ...], tuple[Note, ...]]:
        """All tables that have columns, and what was odd.

        Parameters
        ----------
        sheet : str
            What that of the outermost objects is to be called.
        inside : str
            What goes before the paths of the others.
        """
        self._rows(self._top, self._open[0].items or [])
        own = {id(table): table.rows.columns() for table in self._tables.values()}
        sheets: list[Sheet] = []
        notes = [self._told_twice(name, n, sheet) for name, n in self._twice.items()]
        for table in self._tables.values():
            if columns := own[id(table)]:
                columns = joined(table, own, self._where)
                name = f"{inside}{table.path}" if table.path else sheet
                where = f"{self._where}: {table.path}" if table.path else self._where
                made, more = sheet_of(name, columns, format="json", where=where)
                sheets += made
                notes += more
        return tuple(sheets), tuple(notes)

    @staticmethod
    def _told_twice(name: str, n: int, sheet: str) -> Note:
        said = ngettext(
            "An object has the key “%(name)s” more than once: the first two are told.",
            "%(n)s times an object has the key “%(name)s” more than once: the first two are told.",
            n,
            name=name,
        )
        return Note("duplicate-column", said, sheet, count=n)
