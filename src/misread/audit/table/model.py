"""The count table: expression × label per stratum, and what is needed of persons and scores beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from misread.audit.table.told import Told

Numbers = NDArray[np.float64]
Codes = NDArray[np.int32]
Ints = NDArray[np.int64]

NONE = "none"
"""The label that stands for a missing answer."""

MISSING = "(missing)"
"""The level of a group column where its value is missing."""

FEW = "(few)"
"""Stands for levels of a group column that one to four persons have; see `reading.doubts.few`."""

RESERVED = frozenset({MISSING, FEW, "all", "overall"})
"""Words that no level of a group may be, since tables use them for something else."""


@dataclass(frozen=True, eq=False)
class People:
    """Who is in which cell how often: in memory only, for moments and whole-person replicates; never written.

    Attributes
    ----------
    stratum, person, cell : ndarray of int32, shape (rows,)
        Sorted by person, stratum, cell, each triple once. Persons are numbered from 0 in no order that tells anything;
        a cell is ``expression * len(labels) + label``.
    count : ndarray, shape (rows,)
        How often (or with which weight); above 0.
    k : int
        Number of persons.
    alone : int
        How many of them are rows that name no person, each taken as a person of its own.
    """

    stratum: Codes
    person: Codes
    cell: Codes
    count: Numbers
    k: int
    alone: int = 0


@dataclass(frozen=True, eq=False)
class Scores:
    """How sure the model said it was, beside how often it was right: sums per stratum and bin.

    Attributes
    ----------
    edges : ndarray of float64, shape (bins + 1,)
        Of the bins, fixed before the pass: [edge, next edge), the last one closed. Where persons are known, bins of
        one to four of them are put together with the next (`scored.guarded`).
    n, hits : ndarray, shape (strata, bins)
        Rows with truth and score in a bin, and those of them where the label is right.
    total, squares : ndarray of float64, shape (strata, bins)
        Sums of scores and of their squares.
    people : People or None
        Who has faces with truth in which bin: cell 2·bin, and one more where the label is right; a face without a
        score is in a bin after the last. Persons are numbered anew. None where they are not known.
    """

    edges: NDArray[np.float64]
    n: Numbers
    hits: Numbers
    total: NDArray[np.float64]
    squares: NDArray[np.float64]
    people: People | None = field(default=None, repr=False)


@dataclass(frozen=True, eq=False)
class CountTable:
    """What was answered how often.

    Attributes
    ----------
    expressions : tuple of str
        True words, the rows.
    labels : tuple of str
        Words that were answered, the columns; `none` (no answer) last.
    columns : tuple of str
        Group columns.
    levels : tuple of tuple of str
        Levels of each column, `(missing)` last where it occurs.
    strata : ndarray of int32, shape (strata, columns)
        Level of each column in each stratum; only combinations that occur, in the order of the levels.
    counts : ndarray, shape (strata, expressions, labels)
        Rows in each cell: whole numbers (exact up to 2⁵³), or sums of weights.
    untold : ndarray, shape (strata, labels)
        Rows whose truth is missing: counted, and in no rate.
    squares : ndarray or None, shape (strata, expressions, labels)
        Sums of squared weights; None where rows have no weights (then a count is its own).
    people : People or None
        None where rows are taken to be independent.
    scores : Scores or None
        None where there are none.
    unit : str
        What is counted: "rows", "votes", "photographs" …
    told : Told or None
        What its margins leave out, since it is about one to four persons; None where they leave nothing out.
    few : ndarray of bool or None, shape (strata, expressions)
        What was left out of this one: no face, answer or person of it is here. None where nothing was.
    """

    expressions: tuple[str, ...]
    labels: tuple[str, ...]
    columns: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    strata: Codes
    counts: Numbers
    untold: Numbers
    squares: NDArray[np.float64] | None = None
    people: People | None = field(default=None, repr=False)
    scores: Scores | None = field(default=None, repr=False)
    unit: str = "rows"
    told: Told | None = field(default=None, repr=False)
    few: NDArray[np.bool_] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        S, E, L = len(self.strata), len(self.expressions), len(self.labels)
        if self.counts.shape != (S, E, L) or self.untold.shape != (S, L) or self.strata.shape != (S, len(self.columns)):
            raise AssertionError(f"shapes {self.strata.shape}, {self.counts.shape}, {self.untold.shape}: {S}, {E}, {L}")

    def __add__(self, other: CountTable) -> CountTable:
        """Counts of two parts together: shards, months, sites; persons of different parts are different persons."""
        from misread.audit.table.adding import add

        return add(self, other)

    def __eq__(self, other: object) -> bool:
        from misread.audit.table.adding import same

        return isinstance(other, CountTable) and same(self, other)

    # Tables are mutable inside, as arrays are.
    __hash__ = None  # type: ignore[assignment]

    @property
    def total(self) -> float:
        """Everything that was counted, rows without truth included."""
        return float(self.counts.sum() + self.untold.sum())

    @property
    def weighted(self) -> bool:
        """Whether rows have weights."""
        return self.squares is not None

    @property
    def right(self) -> NDArray[np.bool_]:
        """Cells in which the label is the expression's own, shape (expressions, labels)."""
        return np.array([[label == expression for label in self.labels] for expression in self.expressions]).reshape(
            len(self.expressions), len(self.labels)
        )

    def names(self, stratum: int) -> dict[str, str]:
        """Column → level of a stratum."""
        return {c: self.levels[i][self.strata[stratum, i]] for i, c in enumerate(self.columns)}

    def margin(self, *columns: str) -> CountTable:
        """The table by these columns alone: others are added up, and persons put together.

        What is about one to four persons is left out, where the table says so (`told`), and nothing is told of faces
        without truth, whose persons are not known.

        Parameters
        ----------
        *columns : str
            Some of the table's columns, in any order; none gives one stratum, everybody.
        """
        at = [self.columns.index(column) for column in columns]
        if not at:
            strata, to = np.zeros((1, 0), dtype=np.int32), np.zeros(len(self.strata), dtype=np.intp)
        else:
            strata, to = np.unique(self.strata[:, at], axis=0, return_inverse=True)
            to = to.reshape(-1)
        moved = self._moved(strata, to, columns, tuple(self.levels[i] for i in at))
        if self.told is None or not len(to):
            return replace(moved, told=None)
        first = np.zeros(len(strata), dtype=np.intp)
        first[to[::-1]] = np.arange(len(to))[::-1]
        few = self.told.of(columns)[first]
        if self.few is not None:
            few = few | np.array([self.few[to == s].all(axis=0) for s in range(len(strata))])
        found = replace(_without(moved, few), told=self.told.kept(first))
        known = self.told.scores
        return found if known is None or frozenset(columns) in known else replace(found, scores=None)

    def where(self, levels: Mapping[str, str]) -> CountTable:
        """The strata that have these levels; the columns stay."""
        keep = np.ones(len(self.strata), dtype=bool)
        for column, level in levels.items():
            i = self.columns.index(column)
            keep &= self.strata[:, i] == (self.levels[i].index(level) if level in self.levels[i] else -1)
        found = self.kept(keep)
        return found if found.told is None else replace(found, told=found.told.within(levels))

    def kept(self, keep: NDArray[np.bool_]) -> CountTable:
        """Some of the strata; the columns stay.

        Parameters
        ----------
        keep : ndarray of bool, shape (strata,)
            Which.
        """
        chosen = np.flatnonzero(keep)
        people, scores = self.people, self.scores
        if people is not None:
            people = _of_strata(people, keep)
        if scores is not None:
            scores = Scores(
                scores.edges,
                scores.n[chosen],
                scores.hits[chosen],
                scores.total[chosen],
                scores.squares[chosen],
                people=None if scores.people is None else _of_strata(scores.people, keep),
            )
        return replace(
            self,
            strata=self.strata[chosen],
            counts=self.counts[chosen],
            untold=self.untold[chosen],
            squares=None if self.squares is None else self.squares[chosen],
            people=people,
            scores=scores,
            told=None if self.told is None else self.told.kept(chosen),
            few=None if self.few is None else self.few[chosen],
        )

    @property
    def bins_told(self) -> bool:
        """Whether single bins of scores may be told: where persons are known, of everybody together alone."""
        return not self.columns or self.told is None or self.told.scores is None

    def _moved(
        self, strata: Codes, to: NDArray[np.intp], columns: Sequence[str], levels: tuple[tuple[str, ...], ...]
    ) -> CountTable:
        """Strata put together: those with the same number become one."""

        def added(values: Numbers) -> Numbers:
            found = np.zeros((len(strata), *values.shape[1:]), dtype=values.dtype)
            np.add.at(found, to, values)
            return found

        scores = self.scores
        if scores is not None:
            scores = Scores(
                scores.edges,
                added(scores.n),
                added(scores.hits),
                added(scores.total),
                added(scores.squares),
                None if scores.people is None else together(scores.people, to.astype(np.int32)[scores.people.stratum]),
            )
        return replace(
            self,
            columns=tuple(columns),
            levels=levels,
            strata=strata.astype(np.int32),
            counts=added(self.counts),
            untold=added(self.untold),
            squares=None if self.squares is None else added(self.squares),
            people=None if self.people is None else together(self.people, to.astype(np.int32)[self.people.stratum]),
            scores=scores,
            few=None,
        )


def _without(table: CountTable, few: NDArray[np.bool_]) -> CountTable:
    """The same without some rows, shape (strata, expressions): as if there were no such face."""
    people = table.people
    if people is not None and few.any():
        stays = ~few[people.stratum, people.cell // max(len(table.labels), 1)]
        people = replace(
            people,
            stratum=people.stratum[stays],
            person=people.person[stays],
            cell=people.cell[stays],
            count=people.count[stays],
        )
    return replace(
        table,
        counts=np.where(few[:, :, None], 0.0, table.counts),
        untold=np.zeros_like(table.untold),
        squares=None if table.squares is None else np.where(few[:, :, None], 0.0, table.squares),
        people=people,
        few=few,
    )


def _of_strata(people: People, keep: NDArray[np.bool_]) -> People:
    """Who is in some of the strata; strata and persons are numbered anew."""
    inside = keep[people.stratum]
    renumbered = np.cumsum(keep) - 1
    who, person = np.unique(people.person[inside], return_inverse=True)
    return People(
        renumbered[people.stratum[inside]].astype(np.int32),
        person.astype(np.int32),
        people.cell[inside],
        people.count[inside],
        len(who),
        # Persons of their own are the last numbers: see `reading`.
        int(np.count_nonzero(who >= people.k - people.alone)),
    )


def together(people: People, stratum: Codes) -> People:
    """The same persons in other strata: what falls on one stratum, person and cell is added.

    Whoever was in one stratum is in one again, and stays where they are: where that is everybody, nothing moves.
    """
    cells, strata = int(people.cell.max(initial=0)) + 1, int(stratum.max(initial=0)) + 1
    pair = people.person.astype(np.int64) * strata + stratum
    key = pair * cells + people.cell
    if (key[1:] > key[:-1]).all():
        return replace(people, stratum=stratum)
    # Counted where they lie close together, or else sorted.
    close = people.k * strata <= 4 * len(pair)
    known, at = distinct(pair, people.k * strata) if close else (pair, pair)
    if close and len(known) * cells <= 16 * len(pair):
        sums = np.bincount(at * cells + people.cell, people.count, len(known) * cells).astype(np.float64, copy=False)
        # Counts are above 0.
        found = np.flatnonzero(sums)
        key, count = known[found // cells] * cells + found % cells, sums[found]
    else:
        order = np.argsort(key)
        starts = np.flatnonzero(np.diff(key[order], prepend=-1))
        key, count = key[order[starts]], np.add.reduceat(people.count[order], starts)
    pair, cell = np.divmod(key, cells)
    person, to = np.divmod(pair, strata)
    return People(to.astype(np.int32), person.astype(np.int32), cell.astype(np.int32), count, people.k, people.alone)


def distinct(codes: Ints, size: int) -> tuple[Ints, Ints]:
    """Numbers below `size` that occur, and which of these each is: as np.unique, and without sorting."""
    if size > 4 * len(codes) + 1_000_000:
        found, at = np.unique(codes, return_inverse=True)
        return found, at.reshape(-1)
    occurs = np.zeros(size, dtype=bool)
    occurs[codes] = True
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[codes]
