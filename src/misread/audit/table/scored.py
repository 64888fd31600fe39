"""What a table may tell of scores: beside all faces, neither sums nor bins of them are about one to four persons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from misread.audit.table.model import CountTable, People, Scores, together
from misread.audit.table.told import LEAST, Atoms, Told, Who, gives_away, one_thread, put_together, sets_of

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]

MOST_SUMS = 600
"""Sums that are looked at together at most: all of faces, and those of faces with a score."""


def guarded(table: CountTable) -> CountTable:
    """The same, whose scores tell nothing of one to four persons, by themselves or beside all faces.

    Scores are of the same faces once more, but for those without one. So all that is told of both is looked at
    together: the faces of each group, those of them that have a score, and everybody's bins; of groups no bins are
    told (`CountTable.bins_told`). A margin that would tell of one to four persons gets no scores, and bins that would
    are put together with the next.

    Parameters
    ----------
    table : CountTable
        With what its margins tell of faces (`told`).
    """
    scores, told = table.scores, table.told
    if scores is None or told is None:
        return table
    if scores.people is None:
        # Rows are persons. Without their weights nobody can say how many a bin is of.
        if table.weighted:
            return replace(table, told=replace(told, scores=frozenset()))
        scores = replace(scores, people=_rows(table, scores))
    assert scores.people is not None
    with one_thread():
        scores, whole = _told(table, told, scores, scores.people)
    people = None if table.people is None else scores.people
    return replace(table, scores=replace(scores, people=people), told=replace(told, scores=whole))


def _told(table: CountTable, told: Told, scores: Scores, people: People) -> tuple[Scores, frozenset[frozenset[str]]]:
    """Scores in bins that may be told, and the sets of columns by whose margins they may."""
    faces = _blocks(table, told)
    every = np.concatenate([np.zeros((0, len(table.strata)), dtype=bool), *faces.values()])
    # Two parts of each stratum: with a score, and without.
    who = _who(people, np.append(np.zeros(len(scores.edges) - 1, dtype=np.int64), 1))
    atoms, sums = _atoms(who, len(table.strata), 2), _parts(every, True, True)
    with_scores, whole = every[:0], set()
    for columns, blocks in faces.items():
        those, others = _parts(blocks, True, False), _parts(blocks, False, True)
        more = np.concatenate([sums, those])
        if not (_few(who, those) or _few(who, others) or gives_away(more, atoms, MOST_SUMS)):
            sums, with_scores = more, np.concatenate([with_scores, blocks])
            whole.add(columns)
    if frozenset() in whole:
        scores = _of_five(scores, every, with_scores)
    return scores, frozenset(whole)


def _rows(table: CountTable, scores: Scores) -> People:
    """Rows as persons of their own, in the bins of their scores; of more than five in one no more has to be known."""
    without = table.counts.sum(axis=(1, 2)) - scores.n.sum(axis=1)
    n = np.minimum(np.column_stack([scores.n, without]), LEAST).astype(np.int64)
    at = np.repeat(np.arange(n.size), n.reshape(-1))
    stratum, part = np.divmod(at, n.shape[1])
    person = np.arange(len(at))
    return People(
        stratum.astype(np.int32),
        person.astype(np.int32),
        (2 * part).astype(np.int32),
        np.ones(len(at)),
        len(at),
        len(at),
    )


def _blocks(table: CountTable, told: Told) -> dict[frozenset[str], Mask]:
    """Margins that are told whole: which strata each of theirs adds up, shape (strata of the margin, strata)."""
    found = {}
    for columns in sets_of(table.columns):
        if not (told.of(columns) & table.counts.any(axis=2)).any():
            to = put_together(table.strata, [table.columns.index(column) for column in columns])
            found[frozenset(columns)] = np.arange(int(to.max(initial=0)) + 1)[:, None] == to
    return found


def _of_five(scores: Scores, faces: Mask, with_scores: Mask) -> Scores:
    """Bins put together until each is of nobody or of five persons, and none gives fewer away beside what is told."""
    while (bins := len(scores.edges) - 1) > 1 and scores.people is not None:
        who = _who(scores.people, np.arange(bins + 1))
        each = np.eye(bins + 1, dtype=bool)[:bins]
        told = [_parts(faces, *[True] * (bins + 1)), _parts(with_scores, *[True] * bins, False)]
        told.append(np.tile(each, faces.shape[1]))
        persons = Who(who.stratum % (bins + 1), who.expression, who.person).counted(np.arange(bins + 1), bins + 1)[:-1]
        few = ((persons > 0) & (persons < LEAST)).any()
        if not few and not gives_away(np.concatenate(told), _atoms(who, faces.shape[1], bins + 1), MOST_SUMS):
            break
        least = int(np.argmin(np.where(persons > 0, persons, persons.max() + 1)))
        left = least == bins - 1 or (least > 0 and persons[least - 1] <= persons[least + 1])
        scores = joined(scores, np.delete(np.arange(bins), least if left else least + 1))
    return scores


def _who(people: People, part: Ints) -> Who:
    """Who has a face in which part of which stratum; `part` says which each bin is in, and faces without a score."""
    return Who.of(people.stratum.astype(np.int64) * (int(part.max()) + 1) + part[people.cell // 2], people.person)


def _atoms(who: Who, strata: int, parts: int) -> Atoms:
    return Atoms(who, np.arange(strata * parts), strata * parts)


def _parts(blocks: Mask, *inside: bool) -> Mask:
    """Sums of some parts of these strata, shape (sums, strata × parts)."""
    found: Mask = (blocks[:, :, None] & np.array(inside)).reshape(len(blocks), blocks.shape[1] * len(inside))
    return found


def _few(who: Who, sums: Mask) -> bool:
    """Whether one of these sums is about one to four persons."""
    return any(0 < len(np.unique(who.person[sum_[who.stratum]])) < LEAST for sum_ in sums)


def joined(scores: Scores, starts: Ints) -> Scores:
    """The same with bins put together: those from one start to the next, the first of which is 0."""
    bins, people = len(scores.edges) - 1, scores.people
    # Faces without a score stay in a part after the last.
    new = np.append(np.searchsorted(starts, np.arange(bins), side="right") - 1, len(starts))
    if people is not None:
        moved = replace(people, cell=(2 * new[people.cell // 2] + people.cell % 2).astype(np.int32))
        people = together(moved, moved.stratum)
    n, hits, total, squares = (
        np.add.reduceat(values, starts, axis=1) for values in (scores.n, scores.hits, scores.total, scores.squares)
    )
    return Scores(scores.edges[[*starts, bins]], n, hits, total, squares, people)
