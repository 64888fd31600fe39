"""Flips: the same faces under another condition, and how often the answer to the same face changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from misread.audit.intervals.many import sidak
from misread.audit.rates.estimate import Estimate
from misread.audit.rates.masks import Measure
from misread.audit.rates.measure import Rates, measured
from misread.audit.table.model import NONE, CountTable

STATISTICS = {
    "flip_rate": "share of faces that are answered otherwise under the condition",
    "word_flip_rate": "the same of faces that were answered with a word both times",
    "lost_rate": "of faces that were answered with a word: share without an answer under the condition",
    "found_rate": "of faces without an answer: share that is answered with a word under the condition",
}
"""What flips are told in, each with its meaning."""


@dataclass(frozen=True, eq=False)
class Flips:
    """How often the answer to the same face changes under a condition.

    Attributes
    ----------
    rates : Rates
        `STATISTICS` of everybody; `flip_rate` with an expression is of the faces that were first answered with that
        word, `flip_to` with expression and label says what became of them.
    groups : tuple of Rates
        The same by each group column.
    """

    rates: Rates
    groups: tuple[Rates, ...]

    def __iter__(self) -> Iterator[Estimate]:
        yield from self.rates
        for found in self.groups:
            yield from found

    @property
    def overall(self) -> Estimate:
        """Share of all faces that are answered otherwise."""
        return self.rates.find(0, "flip_rate")


@dataclass(frozen=True)
class Worst:
    """The condition under which most answers change.

    Attributes
    ----------
    condition : str
        Its name.
    seen : Estimate
        Its flip rate, with an interval of its own.
    at_least : float or None
        Lower bound that holds for all conditions at once: the worst of several looks worse than it is.
    conditions : int
        How many were looked at.
    """

    condition: str
    seen: Estimate
    at_least: float | None
    conditions: int


def flips(table: CountTable, *, level: float = 0.95) -> Flips:
    """How often the answer to the same face changes.

    Parameters
    ----------
    table : CountTable
        Rows are the answers without the condition, columns those under it; both may have `none`.
    level : float
        Of the intervals, in (0, 1).
    """
    chosen = measures(table)
    return Flips(
        measured(table.margin(), chosen, level=level),
        tuple(measured(table.margin(column), chosen, level=level) for column in table.columns),
    )


def measures(table: CountTable) -> tuple[Measure, ...]:
    """Rates of changed answers: of all faces, of words, to and from no answer, per first answer and where it went."""
    E, L = len(table.expressions), len(table.labels)
    other = ~table.right
    first = np.array([word != NONE for word in table.expressions])[:, None] & np.ones((E, L), dtype=bool)
    then = np.array([word != NONE for word in table.labels])[None, :] & np.ones((E, L), dtype=bool)
    found = [
        Measure("flip_rate", None, None, other, np.ones((E, L), dtype=bool)),
        Measure("word_flip_rate", None, None, other & first & then, first & then),
        Measure("lost_rate", None, None, first & ~then, first),
        Measure("found_rate", None, None, ~first & then, ~first),
    ]
    for e, word in enumerate(table.expressions):
        row = np.zeros((E, L), dtype=bool)
        row[e] = True
        found.append(Measure("flip_rate", word, None, other & row, row))
        for i, to in enumerate(table.labels):
            if other[e, i]:
                cell = np.zeros((E, L), dtype=bool)
                cell[e, i] = True
                found.append(Measure("flip_to", word, to, cell, row))
    return tuple(found)


def worst(conditions: Mapping[str, CountTable] | Sequence[tuple[str, CountTable]], *, level: float = 0.95) -> Worst:
    """The condition under which most answers change, with what can be claimed of it.

    Parameters
    ----------
    conditions : mapping of str to CountTable, or pairs
        Name → answers without and with the condition; one at least.
    level : float
        In (0, 1).

    Raises
    ------
    ValueError
        If there is no condition with a face.
    """
    tables = dict(conditions)
    seen = {name: flips(table, level=level).overall for name, table in tables.items()}
    told = {name: found.value for name, found in seen.items() if found.value is not None}
    if not told:
        raise ValueError("no condition has a face")
    name = max(told, key=lambda condition: told[condition])
    margin = tables[name].margin()
    together = measured(margin, measures(margin)[:1], level=sidak(level, len(told))).find(0, "flip_rate")
    return Worst(name, seen[name], together.low, len(told))
