"""When each row was written, as the clocks of the school show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from misread.rights.check.dictionary.classify import Column
from misread.rights.check.dictionary.entries import fold
from misread.rights.check.dictionary.series import Series
from misread.rights.check.dictionary.shapes import minutes_from, numbers
from misread.rights.check.dictionary.times import DAY, NONE, Ints, Order, Written, settled, written
from misread.rights.check.findings.seen.parts import Part

MINUTE = 60_000
ROLES = ("moment", "date", "clock", "minute")


@dataclass(frozen=True, eq=False)
class Times:
    """When the rows of a part were written: local days since 1970, and milliseconds of the day.

    Attributes
    ----------
    days, clock : ndarray
        `NONE` where it is not known.
    zones : tuple of int
        Minutes east of UTC, as far as any are written.
    columns : tuple of Column
        The columns it stands in.
    order : {"dmy", "mdy", "ymd"} or None
        How dates were read whose order is open.
    proved : frozenset
        Orders that some date is possible in only.
    asks : bool
        Whether the user has to say which order it is.
    unread : int
        Rows with a date that is none in this order.
    """

    days: Ints
    clock: Ints
    zones: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    order: Order | None = None
    proved: frozenset[Order] = frozenset()
    asks: bool = False
    unread: int = 0

    @cached_property
    def moments(self) -> Ints:
        """Local milliseconds since 1970; `NONE` where day or time of day is not known."""
        known = (self.days != NONE) & (self.clock != NONE)
        return np.where(known, np.where(known, self.days, 0) * DAY + np.where(known, self.clock, 0), NONE)


def times_of(parts: Sequence[Part], said: str, zone: str) -> tuple[Times, ...]:
    """When the rows of parts were written. Columns of one name share the order of their dates.

    Parameters
    ----------
    parts : sequence of Part
        The parts.
    said : str
        The order that the user said; empty if none.
    zone : str
        The school's time zone, into which times in UTC are put; empty if it is not known.
    """
    read: dict[tuple[int, int], Written] = {}
    by_name: dict[str, list[Written]] = {}
    for p, part in enumerate(parts):
        for column, cells in part.having("moment", "date", "clock"):
            found = read[p, column.index] = written(cells.distinct)
            by_name.setdefault(fold(column.stem), []).append(found)
    orders = {name: settled(columns, said) for name, columns in by_name.items()}
    return tuple(
        _times(part, {i: w for (q, i), w in read.items() if q == p}, orders, zone) for p, part in enumerate(parts)
    )


def _times(
    part: Part,
    read: Mapping[int, Written],
    orders: Mapping[str, tuple[Order | None, frozenset[Order], bool]],
    zone: str,
) -> Times:
    n = len(part.rows)
    chosen = {role: next(part.having(role), None) for role in ROLES}
    whole = chosen["moment"] or chosen["date"]
    days, clock, east = np.full(n, NONE), np.full(n, NONE), np.full(n, NONE)
    columns: list[Column] = []
    order, proved, asks, unread = None, frozenset[Order](), False, 0
    if whole:
        column, cells = whole
        found, (order, proved, asks) = read[column.index], orders[fold(column.stem)]
        of_text = found.days(order)
        days, columns = _spread(cells, of_text), [column]
        unread = int(cells.counts[found.dated & (of_text == NONE)].sum())
        if chosen["moment"]:
            clock, east = _spread(cells, found.clock), _spread(cells, found.zone)
    if whole is not chosen["moment"] and (timed := chosen["clock"]):
        clock, columns = _spread(timed[1], read[timed[0].index].clock), [*columns, timed[0]]
    elif whole is not chosen["moment"] and (counted := chosen["minute"]):
        start = minutes_from(counted[0].name)
        if start is not None:
            minute = numbers(counted[1].distinct)
            ms = np.where(np.isnan(minute), NONE, np.nan_to_num((minute + start) * MINUTE)).astype(np.int64)
            clock, columns = _spread(counted[1], ms), [*columns, counted[0]]
    days, clock = _local(days, clock, east, zone)
    zones = tuple(np.unique(east[east != NONE]).tolist())
    return Times(days, clock, zones, tuple(columns), order, proved, asks and order is None, unread)


def _spread(cells: Series, of_text: Ints) -> Ints:
    """For each row what its text means."""
    return np.asarray(np.append(of_text, NONE)[cells.codes])


def _local(days: Ints, clock: Ints, east: Ints, zone: str) -> tuple[Ints, Ints]:
    """Times in UTC as the clocks of the school show them. What has another offset is as written: that is local."""
    utc = (east == 0) & (days != NONE) & (clock != NONE)
    if not zone or not utc.any():
        return days, clock
    import pyarrow as pa
    import pyarrow.compute as pc

    stamps = pa.array(days[utc] * DAY + clock[utc]).cast(pa.timestamp("ms", tz="UTC")).cast(pa.timestamp("ms", tz=zone))
    local = pc.local_timestamp(stamps).cast(pa.int64()).to_numpy()
    days, clock = days.copy(), clock.copy()
    days[utc] = np.floor_divide(local, DAY)
    clock[utc] = local - days[utc] * DAY
    return days, clock
