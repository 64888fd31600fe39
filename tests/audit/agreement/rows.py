"""Count tables made of rows, one at a time: a second way to what is otherwise counted in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from misread.audit.table.model import CountTable, People, Scores

DATA = Path(__file__).parents[3].parent / "shared" / "data"
"""Real answers, beside the repository where they are there at all."""


def table_of(
    expressions: Sequence[str],
    labels: Sequence[str],
    truth: Sequence[str],
    answer: Sequence[str],
    *,
    person: Sequence[object] | None = None,
    group: Sequence[str] | None = None,
    score: Sequence[float] | None = None,
    bins: int = 20,
) -> CountTable:
    """One row a face; `group` is the only group column, "tone"."""
    levels = tuple(dict.fromkeys(group)) if group is not None else ()
    S, E, L = max(len(levels), 1), len(expressions), len(labels)
    at = [levels.index(g) for g in group] if group is not None else [0] * len(truth)
    cell = [list(expressions).index(e) * L + list(labels).index(a) for e, a in zip(truth, answer, strict=True)]
    counts = np.zeros((S, E * L))
    for s, c in zip(at, cell, strict=True):
        counts[s, c] += 1
    people = scores = None
    if person is not None:
        who = {p: i for i, p in enumerate(dict.fromkeys(person))}
        people = _people(at, person, cell, who)
    if score is not None:
        n, hits, total, squares = np.zeros((4, S, bins))
        for s, e, a, p in zip(at, truth, answer, score, strict=True):
            b = min(int(p * bins), bins - 1)
            n[s, b] += 1
            hits[s, b] += e == a
            total[s, b] += p
            squares[s, b] += p * p
        scored_by = None
        if person is not None:
            right = [2 * min(int(p * bins), bins - 1) + (e == a) for e, a, p in zip(truth, answer, score, strict=True)]
            scored_by = _people(at, person, right, who)
        scores = Scores(np.linspace(0, 1, bins + 1), n, hits, total, squares, people=scored_by)
    return CountTable(
        tuple(expressions),
        tuple(labels),
        ("tone",) if group is not None else (),
        (levels,) if group is not None else (),
        np.arange(S, dtype=np.int32)[:, None] if group is not None else np.zeros((1, 0), dtype=np.int32),
        counts.reshape(S, E, L),
        np.zeros((S, L)),
        people=people,
        scores=scores,
    )


def _people(at: Sequence[int], person: Sequence[object], cell: Sequence[int], who: dict[object, int]) -> People:
    seen = sorted(Counter((who[p], s, c) for s, p, c in zip(at, person, cell, strict=True)).items())
    person_, stratum, cells = np.array([key for key, _ in seen], dtype=np.int32).reshape(-1, 3).T
    return People(stratum, person_, cells, np.array([float(n) for _, n in seen]), len(who))
