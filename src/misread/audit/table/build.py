"""From lines of counts, each a combination of what a row can be, to the count table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from misread.audit.table.model import Codes, CountTable, Ints, Numbers, People, Scores, distinct, together


@dataclass(frozen=True, eq=False)
class Lines:
    """Rows alike, counted: each line is one combination of group levels, person, truth and answer.

    Attributes
    ----------
    group : ndarray of int, shape (lines, columns)
        Level of each group column.
    truth : ndarray of int, shape (lines,)
        Expression; −1 where it is missing.
    answer : ndarray of int, shape (lines,)
        Label.
    rows : ndarray of int, shape (lines,)
        How many rows.
    weight, squares : ndarray, shape (lines,), or None
        Sums of their weights and of the squares of these; None where rows have none.
    person : ndarray of int, shape (lines,), or None
        Who is shown; −1 where a row names nobody, and None where persons are not known.
    own : int or None
        Persons from this number on are rows of their own.
    """

    group: Ints
    truth: Ints
    answer: Ints
    rows: Ints
    weight: Numbers | None = None
    squares: Numbers | None = None
    person: Ints | None = None
    own: int | None = None

    @property
    def count(self) -> Numbers:
        """What each line counts for."""
        return self.rows.astype(np.float64) if self.weight is None else self.weight


@dataclass(frozen=True, eq=False)
class Binned:
    """Scores of lines.

    Attributes
    ----------
    bin : ndarray of int, shape (lines,)
        Bin of their scores; −1 where there is none.
    total, squares : ndarray, shape (lines,)
        Weighted sums of the scores and of their squares.
    """

    bin: Ints
    total: Numbers
    squares: Numbers


def build(
    lines: Lines,
    *,
    expressions: Sequence[str],
    labels: Sequence[str],
    columns: Sequence[str] = (),
    levels: Sequence[Sequence[str]] = (),
    binned: Binned | None = None,
    bins: int = 20,
    unit: str = "rows",
) -> CountTable:
    """The count table of lines.

    Parameters
    ----------
    lines : Lines
        Rows alike, counted. The same combination may stand in several lines.
    expressions, labels : sequence of str
        What `truth` and `answer` number.
    columns : sequence of str
        Group columns, and
    levels : sequence of sequence of str
        the levels of each.
    binned : Binned or None
        The same rows with scores.
    bins : int
        Equal bins from 0 to 1.
    unit : str
        What a row is.

    Raises
    ------
    AssertionError
        If the table does not hold every row: a bug.
    """
    E, L = len(expressions), len(labels)
    strata, stratum = strata_of(lines.group, [len(known) for known in levels])
    told = lines.truth >= 0
    cell = lines.truth * L + lines.answer
    counts = _added(stratum[told] * E * L + cell[told], lines.count[told], (len(strata), E, L))
    untold = _added((stratum * L + lines.answer)[~told], lines.count[~told], (len(strata), L))
    squares = None
    if lines.squares is not None:
        squares = _added(stratum[told] * E * L + cell[told], lines.squares[told], (len(strata), E, L))
    hit = _hit(lines, expressions, labels)
    table = CountTable(
        tuple(expressions),
        tuple(labels),
        tuple(columns),
        tuple(tuple(known) for known in levels),
        strata,
        counts,
        untold,
        squares,
        _who(lines, stratum, cell),
        None if binned is None else _scores(lines, stratum, binned, len(strata), hit, bins),
        unit,
    )
    whole = float(lines.count.sum())
    if not np.isclose(table.total, whole, rtol=1e-12 if lines.weight is None else 1e-9, atol=0):
        raise AssertionError(f"{whole:.17g} were read, and the table holds {table.total:.17g}")
    return table


def strata_of(group: Ints, sizes: Sequence[int]) -> tuple[Codes, Ints]:
    """Combinations of levels that occur, in the order of the levels; and which of them each line belongs to.

    Parameters
    ----------
    group : ndarray of int, shape (lines, columns)
        Level of each column.
    sizes : sequence of int
        How many levels each column has.
    """
    if not sizes:
        return np.zeros((1, 0), dtype=np.int32), np.zeros(len(group), dtype=np.int64)
    key = np.zeros(len(group), dtype=np.int64)
    many = 1
    for column, size in zip(group.T, sizes, strict=True):
        if many * size > 2**62:
            # Numbered anew, so that the next column has room.
            key = np.unique(key, return_inverse=True)[1].reshape(-1)
            many = len(group)
        key = key * size + column
        many *= size
    known, to = distinct(key, many)
    first = np.empty(len(known), dtype=np.int64)
    first[to] = np.arange(len(to))
    return group[first].astype(np.int32), to


def _added(at: Ints, values: Numbers, shape: tuple[int, ...]) -> Numbers:
    # Without any row bincount gives whole numbers.
    return np.bincount(at, values, int(np.prod(shape))).astype(np.float64).reshape(shape)


def _who(lines: Lines, stratum: Ints, cell: Ints) -> People | None:
    """Who has faces with truth in which of these cells."""
    if lines.person is None:
        return None
    here = (lines.truth >= 0) & (lines.count > 0)
    return people_of(
        stratum[here],
        lines.person[here],
        cell[here],
        lines.count[here],
        rows=lines.rows[here],
        squares=None if lines.squares is None else lines.squares[here],
        own=lines.own,
    )


def people_of(
    stratum: Ints,
    person: Ints,
    cell: Ints,
    count: Numbers,
    *,
    rows: Ints,
    squares: Numbers | None = None,
    own: int | None = None,
) -> People:
    """Who is in which cell how often.

    Persons are numbered by what their cells hold, so that the same rows give the same numbers in whatever order they
    come, and a number tells nothing else. Rows that name nobody are persons of their own, and the last numbers.

    Parameters
    ----------
    stratum, person, cell : ndarray of int, shape (lines,)
        Where a line belongs; person −1 where it names nobody.
    count : ndarray, shape (lines,)
        What it counts for, above 0.
    rows : ndarray of int, shape (lines,)
        How many rows it is.
    squares : ndarray or None, shape (lines,)
        Sums of the squares of their weights; None where rows have none.
    own : int or None
        Persons from this number on are rows of their own too, whose cells are more than one: votes on one face.
    """
    named = person >= 0
    nobody = not named.all()
    here = (named,) if nobody else ()
    who, number = distinct(person[here], int(person.max(initial=-1)) + 1)
    selves = np.zeros(len(who), dtype=bool) if own is None else who >= own
    known = _by_content(_people(stratum[here], number, cell[here], count[here], len(who), int(selves.sum())), selves)
    if not nobody:
        return known
    lone = ~named
    each = rows[lone]
    alone = int(each.sum())
    s, c = np.repeat(stratum[lone], each), np.repeat(cell[lone], each)
    counted = _parted(count[lone], each, None if squares is None else squares[lone])
    order = np.lexsort((counted, c, s))
    return _people(
        np.concatenate([known.stratum, s[order]]),
        np.concatenate([known.person, len(who) + np.arange(alone)]),
        np.concatenate([known.cell, c[order]]),
        np.concatenate([known.count, counted[order]]),
        known.k + alone,
        known.alone + alone,
    )


def _people(
    stratum: NDArray[np.integer],
    person: NDArray[np.integer],
    cell: NDArray[np.integer],
    count: Numbers,
    k: int,
    alone: int = 0,
) -> People:
    """Lines of persons, those of the same stratum, person and cell put together."""
    to = stratum.astype(np.int32)
    return together(People(to, person.astype(np.int32), cell.astype(np.int32), count, k, alone), to)


def _parted(count: Numbers, rows: Ints, squares: Numbers | None) -> Numbers:
    """A line's weight shared among its rows, so that their squares add to what they added to.

    One row gets more than the others, who get the same each: the only split of two sizes that keeps both sums and
    is never below 0.
    """
    mean = np.repeat(count / np.maximum(rows, 1), rows)
    if squares is None:
        return mean
    spread = np.sqrt(np.maximum(squares / np.maximum(rows, 1) - (count / np.maximum(rows, 1)) ** 2, 0.0))
    others = np.sqrt(np.maximum(rows - 1, 1).astype(np.float64))
    first = np.zeros(int(rows.sum()), dtype=bool)
    first[np.cumsum(rows)[rows > 0] - rows[rows > 0]] = True
    several = np.repeat(rows > 1, rows)
    step = np.where(first, np.repeat(spread * others, rows), -np.repeat(spread / others, rows))
    return np.maximum(np.where(several, mean + step, mean), 0.0)


def _by_content(people: People, selves: NDArray[np.bool_]) -> People:
    """Persons numbered in the order of a hash of their cells, those of their own last.

    Who has the same cells can change places unseen.
    """
    key = _mixed(people.stratum.astype(np.uint64) << np.uint64(32) | people.cell.astype(np.uint64))
    # Sums of weights differ in their last digits with the order of rows.
    # Very large ones are rounded as they are: 2²⁰ times as much would be no whole number that a computer holds.
    count = np.where(people.count < 2**42, people.count * 2**20, -np.minimum(people.count, 2**62))
    size = _mixed(np.round(count).astype(np.int64).astype(np.uint64))
    mark = np.zeros(people.k, dtype=np.uint64)
    np.add.at(mark, people.person, _mixed(key ^ size))
    order = np.lexsort((mark, selves))
    # Their rows are moved whole.
    rows = np.bincount(people.person, minlength=people.k)
    first, rows = (np.cumsum(rows) - rows)[order], rows[order]
    moved = np.repeat(first - (np.cumsum(rows) - rows), rows) + np.arange(len(people.person))
    person = np.repeat(np.arange(people.k, dtype=np.int32), rows)
    return replace(
        people, stratum=people.stratum[moved], person=person, cell=people.cell[moved], count=people.count[moved]
    )


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): close numbers become far ones."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _scores(lines: Lines, stratum: Ints, binned: Binned, strata: int, hit: NDArray[np.bool_], bins: int) -> Scores:
    told = lines.truth >= 0
    scored = told & (binned.bin >= 0)
    bin = np.minimum(binned.bin, bins - 1)
    at, shape = stratum * bins + bin, (strata, bins)
    return Scores(
        np.arange(bins + 1) / bins,
        _added(at[scored], lines.count[scored], shape),
        _added(at[scored & hit], lines.count[scored & hit], shape),
        _added(at[scored], binned.total[scored], shape),
        _added(at[scored], binned.squares[scored], shape),
        _who(lines, stratum, 2 * np.where(scored, bin, bins) + hit),
    )


def _hit(lines: Lines, expressions: Sequence[str], labels: Sequence[str]) -> NDArray[np.bool_]:
    """Lines whose answer is their truth."""
    right = np.array([[e == label for label in labels] for e in expressions]).reshape(len(expressions), len(labels))
    told = lines.truth >= 0
    hit = np.zeros(len(told), dtype=bool)
    hit[told] = right[lines.truth[told], lines.answer[told]]
    return hit
