"""Which counts a publication leaves out: small ones, and as many others as it takes that nobody gets them back.

A count from 1 to 4, or of 1 to 4 persons, could be about one child, so it is left out (primary suppression). What is
left gives it back where sums are published too: a row with one gap, a level that is the whole less the others. So more
is left out (complementary suppression; Hundepool et al., Statistical Disclosure Control, 2012, ch. 4) until, for each
small count, a whole table exists that has the same published numbers and another count there. That is asked of a linear
programme: the least and the most that a reader can say of a count who knows that counts are not negative, and which of
the gaps are small.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.audit.table import CountTable
from misread.audit.table.told import Told
from misread.errors import MisreadError, Problem

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Step = Callable[[int, int], object]
"""Told how many rows of how many are done."""

LEAST = 5
"""Counts from 1 to below this are left out."""
SLACK = 1e-6
"""What the linear programme may be off by."""


@dataclass(frozen=True, eq=False)
class Suppression:
    """What is left out of the tables of a publication, by margin.

    Attributes
    ----------
    cells : dict of tuple of str to ndarray of bool, shape (strata, expressions, labels)
        True where a cell is left out.
    totals : dict of tuple of str to ndarray of bool, shape (strata, expressions)
        True where the total of a row is.
    untold : dict of tuple of str to ndarray of bool, shape (strata, labels)
        True where a count of rows without truth is.
    hidden : dict of tuple of str to ndarray of bool, shape (strata, expressions)
        True where all of a row is left out, and nothing of it may be told, not even which counts are small.
    small : int
        Entries left out because they are small.
    others : int
        Entries left out because they would give small ones away.
    """

    cells: dict[tuple[str, ...], Mask]
    totals: dict[tuple[str, ...], Mask]
    untold: dict[tuple[str, ...], Mask]
    hidden: dict[tuple[str, ...], Mask]
    small: int
    others: int


@dataclass(eq=False, slots=True)
class _Row:
    """All that is published of the faces with one expression: each entry is a sum over the finest cells.

    Attributes
    ----------
    entries : ndarray of bool, shape (entries, finest cells)
        Which cells an entry adds up.
    values : ndarray, shape (entries,)
        The counts.
    left : ndarray of bool, shape (entries,)
        Which entries are left out.
    hidden : ndarray of bool, shape (entries,)
        Which of these say nothing of their size: they are about a group of few persons, or would tell of one.
    block : ndarray of int, shape (entries,)
        The row that an entry stands in; its total stands there too.
    """

    entries: Mask
    values: Numbers
    left: Mask
    hidden: Mask
    block: NDArray[np.intp]


def suppress(
    table: CountTable,
    margins: Sequence[tuple[str, ...]],
    *,
    told: Told | None = None,
    least: int = LEAST,
    progress: Step | None = None,
) -> Suppression:
    """Which counts have to be left out.

    Parameters
    ----------
    table : CountTable
        Without weights: a sum of weights tells nothing of how many it is about.
    margins : sequence of tuple of str
        Sets of columns whose tables are published, cells and totals of rows.
    told : Told, optional
        What the margins leave out, since it is about one to four persons or would tell of them.
    least : int, default 5
        Counts from 1 to below this are small, and those of so few persons, where persons are known.
    progress : callable, optional
        Told how many rows of the matrix are done, and of how many.

    Returns
    -------
    Suppression

    Raises
    ------
    MisreadError
        If rows have weights.
    """
    if table.weighted:
        raise MisreadError(
            Problem(
                "Rows have weights, so that nobody can say which cells are about few of them.",
                expected="counts of rows.",
                mend="make the publication without weights.",
                key="--for-publication",
            )
        )
    parts = [table.margin(*columns) for columns in margins]
    sums = [_sums(table, part, columns) for part, columns in zip(parts, margins, strict=True)]
    E, L = len(table.expressions), len(table.labels)
    cells = [np.zeros((len(part.strata), E, L), dtype=bool) for part in parts]
    totals = [np.zeros((len(part.strata), E), dtype=bool) for part in parts]
    untold = [np.zeros((len(part.strata), L), dtype=bool) for part in parts]
    small = others = 0
    wholes = _hidden_wholes(table, least)
    rows = [
        np.zeros((len(part.strata), E), dtype=bool) if told is None else told.of(columns)[added.argmax(axis=1)]
        for part, columns, added in zip(parts, margins, sums, strict=True)
    ]
    hidden = np.concatenate([np.repeat(each, L + 1, axis=0) for each in rows]).T
    few = np.concatenate([_few(part, least) for part in parts], axis=1)
    for e in range(E + 1):
        # Rows without truth are one more row: they are published as well.
        counts = table.counts[:, e] if e < E else table.untold
        row = _row(sums, counts, least)
        if e < E:
            row.hidden |= hidden[e]
        row.left |= few[e] | row.hidden
        whole = [i for i, added in enumerate(sums) if len(added) == 1]
        asked = row.left.copy()
        if e < E and wholes[e]:
            for i in whole:
                asked[_place(sums, i, L) + L] = True
        # Whether hidden rows follow from others has been looked at where it was said what is hidden.
        protect = np.flatnonzero(asked & ~row.hidden)
        small += int((row.left & ~row.hidden).sum())
        row.left = asked
        _complement(row, protect, least)
        others += int(row.left.sum())
        at = 0
        for i, added in enumerate(sums):
            found = row.left[at : at + len(added) * (L + 1)].reshape(len(added), L + 1)
            at += found.size
            if e < E:
                cells[i][:, e], totals[i][:, e] = found[:, :L], found[:, L]
            else:
                untold[i] = found[:, :L]
        if progress is not None:
            progress(e + 1, E + 1)
    names = [tuple(columns) for columns in margins]
    return Suppression(
        dict(zip(names, cells, strict=True)),
        dict(zip(names, totals, strict=True)),
        dict(zip(names, untold, strict=True)),
        dict(zip(names, rows, strict=True)),
        small,
        others - small,
    )


def _sums(table: CountTable, part: CountTable, columns: Sequence[str]) -> Mask:
    """Which strata of the table each stratum of a margin adds up, shape (strata of the margin, strata)."""
    at = [table.columns.index(column) for column in columns]
    same: Mask = (part.strata[:, None, :] == table.strata[None, :, at]).all(axis=2)
    return same


def _few(part: CountTable, least: int) -> Mask:
    """Entries that are about few persons, shape (expressions + 1, entries): in the order of `_row`, no truth last."""
    S, E, L = part.counts.shape
    persons = np.zeros((E + 1, S, L + 1))
    if part.people is not None:
        people = part.people
        expression, label = np.divmod(people.cell, L)
        np.add.at(persons, (expression, people.stratum, label), 1)
        rows = np.unique(np.stack([expression, people.stratum, people.person]), axis=1)
        np.add.at(persons, (rows[0], rows[1], L), 1)
    few: Mask = (persons > 0) & (persons < least)
    return few.reshape(E + 1, -1)


def _hidden_wholes(table: CountTable, least: int) -> Mask:
    """Expressions whose number of faces, everybody together, is left out.

    How many rows there are is always told, so that one gap among these would be no gap: the next smallest goes too.
    """
    whole = table.counts.sum(axis=(0, 2))
    hidden = (whole > 0) & (whole < least)
    if hidden.sum() == 1 and (whole >= least).any():
        rest = np.where(whole >= least, whole, np.inf)
        hidden[int(np.argmin(rest))] = True
    return np.asarray(hidden)


def _place(sums: Sequence[Mask], margin: int, labels: int) -> int:
    """Where the entries of a margin begin."""
    return sum(len(added) * (labels + 1) for added in sums[:margin])


def _row(sums: Sequence[Mask], counts: Numbers, least: int) -> _Row:
    """Entries of one expression: per margin and stratum its cells, then their total."""
    S, L = counts.shape
    # An entry is a stratum of a margin (which strata it adds up) beside a label, or all labels.
    each = np.concatenate([np.eye(L, dtype=bool), np.ones((1, L), dtype=bool)])
    entries = np.concatenate([(added[:, None, :, None] & each[None, :, None, :]).reshape(-1, S * L) for added in sums])
    values = entries @ counts.reshape(-1)
    small, block = (values > 0) & (values < least), np.repeat(np.arange(len(entries) // (L + 1)), L + 1)
    return _Row(entries, values, small, np.zeros_like(small), block)


def _complement(row: _Row, protect: NDArray[np.intp], least: int) -> None:
    """Leave out further entries until no protected one can be told."""
    small = np.zeros(len(row.values), dtype=bool)
    small[protect] = (row.values[protect] > 0) & (row.values[protect] < least) & ~row.hidden[protect]
    lowest, highest = row.values[protect].copy(), row.values[protect].copy()
    open = list(range(len(protect)))
    while open:
        reach = _reach(row, small, least)
        left = []
        for i in open:
            # A table that was found for another entry may differ here too.
            if _open(lowest[i], highest[i]):
                continue
            for sign in (1.0, -1.0):
                other = reach(sign * row.entries[protect[i]])
                said = row.entries[protect] @ other
                np.minimum(lowest, said, out=lowest)
                np.maximum(highest, said, out=highest)
                if _open(lowest[i], highest[i]):
                    break
            else:
                left.append(i)
        if left and not _leave_out_more(row, protect[left]):
            # Nothing is left that could be left out: the entries are all gaps.
            return
        open = left


def _open(lowest: float, highest: float) -> bool:
    """Whether two whole numbers lie between what can be said at least and at most."""
    return math.floor(highest + SLACK) > math.ceil(lowest - SLACK)


def _reach(row: _Row, small: Mask, least: int) -> Callable[[Numbers], Numbers]:
    """A whole table that agrees with everything published and makes a sum as small as it can be."""
    from scipy.optimize import linprog

    known = ~row.left
    # What is published as 0 is 0 in all its parts; it and what is published of the finest cells needs no unknown.
    free = ~row.entries[known & (row.values == 0)].any(axis=0)
    single = known & (row.entries.sum(axis=1) == 1)
    fixed = row.entries[single].any(axis=0)
    at = np.flatnonzero(free & ~fixed)
    base = np.zeros(row.entries.shape[1])
    for entry, value in zip(row.entries[single], row.values[single], strict=True):
        base[entry] = value
    equal = known & row.entries[:, at].any(axis=1)
    unequal = small & row.entries[:, at].any(axis=1)
    a, b = row.entries[equal][:, at].astype(float), row.values[equal] - row.entries[equal] @ base
    g, h = row.entries[unequal][:, at].astype(float), row.entries[unequal] @ base
    # A gap that is small is known to lie from 1 to just below the least; any other is known not to be small, but for
    # those of hidden rows, of which nothing is known.
    large = row.left & ~small & ~row.hidden & row.entries[:, at].any(axis=1)
    bounds = np.concatenate([g, -g, -row.entries[large][:, at].astype(float)])
    most = np.concatenate([least - 1 - h, h - 1, row.entries[large] @ base - least])
    # More than anything that anybody would think of: so that every programme has an end.
    highest = 2 * row.values.max() + least
    # The same sum is often published several times over.
    a, first = np.unique(a, axis=0, return_index=True) if len(a) else (a, np.zeros(0, dtype=np.intp))
    b = b[first]

    def reach(towards: Numbers) -> Numbers:
        other = base.copy()
        if not len(at):
            return other
        found = linprog(
            towards[at],
            A_ub=bounds if len(bounds) else None,
            b_ub=most if len(bounds) else None,
            A_eq=a if len(a) else None,
            b_eq=b if len(a) else None,
            bounds=(0, highest),
            method="highs",
        )
        if found.status != 0:
            raise AssertionError(f"the published table itself fits its own numbers: {found.message}")
        other[at] = found.x
        return other

    return reach


def _leave_out_more(row: _Row, told: NDArray[np.intp]) -> bool:
    """Leave out one entry more for each that can still be told: the smallest that stands in a sum with it."""
    more: list[int] = []
    for entry in told:
        if any(row.block[entry] == row.block[other] for other in more):
            continue
        candidates = ~row.left & (row.values > 0)
        candidates[more] = False
        beside = candidates & (row.block == row.block[entry])
        # Parts of the same whole elsewhere: entries that share no cell with it, in a sum that has both.
        over = ~row.left & (row.entries >= row.entries[entry]).all(axis=1)
        parts = candidates & (row.entries[over][:, None, :] >= row.entries[None, :, :]).all(axis=2).any(axis=0)
        # A row with one gap is no row with a gap; with two of them it is the sums over levels that tell.
        alone = np.count_nonzero(row.left & (row.block == row.block[entry])) == 1
        first, second = (beside, parts) if alone else (parts, beside)
        near = first if first.any() else second if second.any() else candidates
        if near.any():
            at = np.flatnonzero(near)
            more.append(int(at[np.argmin(row.values[at])]))
    row.left[more] = True
    return bool(more)
