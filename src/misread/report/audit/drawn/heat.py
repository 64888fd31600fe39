"""The heat map: what is shown in rows, what is answered in columns, out of 100."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from misread.language import gettext as _
from misread.report.audit.drawn.lines import level, whole
from misread.report.words import amount, half_up
from misread.report.words.lookup import clean, shorten

if TYPE_CHECKING:
    from misread.audit.rates import Estimate

STRONGEST = 62
"""Per cent of colour behind a cell in which everything falls: figures stay legible on it."""
ROOMY = 10
"""Columns up to which a cell has room for its interval."""
SHORT = 24
"""Letters of a name where there are more columns; the table behind the map has all."""
MOST_MAPS = 12
"""Groups that get a map each."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes
    ----------
    said : str
        Of 100; empty where nothing can be said.
    interval : str
        From where to where.
    strength : int
        How much colour lies behind it, in per cent.
    kind : {"right", "wrong", "none"}
        Whether the answer is right, wrong, or missing.
    """

    said: str
    interval: str
    strength: int
    kind: str


@dataclass(frozen=True, slots=True)
class Row:
    """One expression: its name, its cells, how many faces and persons (or faces with votes) it rests on."""

    name: str
    cells: tuple[Cell, ...]
    n: str
    persons: str


@dataclass(frozen=True, slots=True)
class Heat:
    """The whole map.

    Attributes
    ----------
    labels : tuple of str
        Columns.
    rows : tuple of Row
        Expressions.
    roomy : bool
        Whether cells have room for intervals.
    """

    labels: tuple[str, ...]
    rows: tuple[Row, ...]
    roomy: bool


def heat(confusion: Sequence[Estimate], labels: Sequence[str], none: str) -> Heat:
    """The map of estimates of P(label | expression).

    Parameters
    ----------
    confusion : sequence of Estimate
        One a cell, expressions in their order.
    labels : sequence of str
        The answers, in the order of the columns.
    none : str
        The answer that is missing.
    """
    rows: dict[str, dict[str, Estimate]] = {}
    for e in confusion:
        rows.setdefault(e.expression or "", {})[e.label or ""] = e
    roomy = len(labels) <= ROOMY
    lines = tuple(_row(name, [cells[label] for label in labels], none, roomy) for name, cells in rows.items())
    return Heat(tuple(_name(label, roomy) for label in labels), lines, roomy)


def by_level(confusion: Iterable[Estimate], labels: Sequence[str], none: str) -> tuple[tuple[str, Heat], ...]:
    """A map for each group of the estimates, with the group's name; none at all where they would be too many or large.

    Parameters
    ----------
    confusion : iterable of Estimate
        One a cell and group.
    labels, none
        As of `heat`.
    """
    groups: dict[str, list[Estimate]] = {}
    for e in confusion:
        groups.setdefault(level(e), []).append(e)
    if len(groups) > MOST_MAPS or len(labels) > ROOMY:
        return ()
    return tuple((name, heat(cells, labels, none)) for name, cells in groups.items())


def _name(name: str, roomy: bool) -> str:
    """A name for the head of a row or column: cut where columns are narrow."""
    return clean(name) if roomy else shorten(name, SHORT)


def _row(name: str, cells: Sequence[Estimate], none: str, roomy: bool) -> Row:
    first = cells[0]
    persons = "" if first.persons is None else whole(first.persons)
    return Row(_name(name, roomy), tuple(_cell(e, none) for e in cells), whole(first.n), persons)


def _cell(e: Estimate, none: str) -> Cell:
    kind = "right" if e.label == e.expression else "none" if e.label == none else "wrong"
    if e.value is None:
        return Cell("", "", 0, kind)
    ends = "" if e.low is None or e.high is None else f"{half_up(100 * e.low)}–{half_up(100 * e.high)}"
    # An interval within one rounded figure would say nothing here; the table has it.
    interval = "" if len(set(ends.split("–"))) == 1 else ends
    return Cell(rounded(e.value), interval, round(STRONGEST * e.value), kind)


def rounded(share: float) -> str:
    """A share of 100, short enough for a cell: what is not nothing is not told as nothing."""
    if 0 < share < 0.005:
        return _("<1")
    return amount(100 * share) if share in (0.0, 1.0) else str(half_up(100 * share))
