"""Count tables made of rows, for tests."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from misread.audit.table.model import CountTable, People, together

WORDS = ("sad", "happy")
LABELS = ("sad", "happy", "none")


def table_of(
    groups: ArrayLike,
    truth: ArrayLike,
    answer: ArrayLike,
    *,
    person: NDArray[np.int64] | None = None,
    weights: ArrayLike | None = None,
    levels: tuple[str, ...] | None = None,
    column: str = "tone",
) -> CountTable:
    """One group column; truth and answer are numbers of words and labels."""
    group, e, at = (np.asarray(values, dtype=np.int64) for values in (groups, truth, answer))
    names = levels or tuple(f"g{i}" for i in range(int(group.max()) + 1))
    there, stratum = np.unique(group, return_inverse=True)
    count = np.ones(len(group)) if weights is None else np.asarray(weights, dtype=np.float64)
    shape = (len(there), len(WORDS), len(LABELS))
    counts, squares = np.zeros(shape), np.zeros(shape)
    np.add.at(counts, (stratum, e, at), count)
    np.add.at(squares, (stratum, e, at), count**2)
    people = None
    if person is not None:
        each = np.unique(person, return_inverse=True)[1].astype(np.int32)
        rows = People(each, each, (e * len(LABELS) + at).astype(np.int32), count, int(each.max()) + 1)
        people = together(rows, stratum.astype(np.int32))
    return CountTable(
        WORDS,
        LABELS,
        (column,),
        (names,),
        there.astype(np.int32)[:, None],
        counts,
        np.zeros((len(there), len(LABELS))),
        squares=None if weights is None else squares,
        people=people,
    )


def of_hits(hits: ArrayLike, trials: ArrayLike, *, levels: tuple[str, ...] | None = None) -> CountTable:
    """So many sad faces a group, so many of them called sad, the others happy."""
    x, n = np.asarray(hits, dtype=np.int64), np.asarray(trials, dtype=np.int64)
    group = np.repeat(np.arange(len(n)), n)
    answer = np.concatenate([np.r_[np.zeros(a, int), np.ones(b - a, int)] for a, b in zip(x, n, strict=True)])
    return table_of(group, np.zeros(len(group)), answer, levels=levels)
