"""Balanced accuracy, macro-F1, kappa and alpha: what replicates of persons cover, and what linearisation does."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from benchmarks.coverage.cell import LEVEL, Array, Bounds, Cell, averaged, holds, stream

from misread.audit.rates import composites
from misread.audit.rates.composed.replicate import composites_again, quantiles
from misread.audit.rates.composed.sums import sums_of
from misread.audit.table import NONE, CountTable, People

EXPRESSIONS = ("happy", "sad", "angry")
LABELS = (*EXPRESSIONS, NONE)
RIGHT = np.array([[0.80, 0.08, 0.05, 0.07], [0.15, 0.60, 0.18, 0.07], [0.10, 0.25, 0.55, 0.10]])
"""P(label | expression) over all persons."""
ALIKE = 0.15
FACES = 5
"""Of each person and expression."""
PERSONS = (10, 30, 60, 100)
RUNS, REPLICATES = 1_000, 1_000


def drawn(rng: np.random.Generator, persons: int, faces: int = FACES) -> Array:
    """Counts of each person, shape (persons, expressions, labels): each has a matrix of their own."""
    size = (1 - ALIKE) / ALIKE
    own = np.stack([rng.dirichlet(row * size, persons) for row in RIGHT], axis=1)
    return rng.multinomial(faces, own).astype(float)


def table_of(counts: Array) -> CountTable:
    """One stratum, with its persons."""
    flat = counts.reshape(len(counts), -1)
    person, cell = (at.astype(np.int32) for at in np.nonzero(flat))
    people = People(np.zeros(len(person), dtype=np.int32), person, cell, flat[person, cell], len(counts))
    strata = np.zeros((1, 0), dtype=np.int32)
    total = counts.sum(axis=0)[None]
    return CountTable(EXPRESSIONS, LABELS, (), (), strata, total, np.zeros((1, len(LABELS))), people=people)


def replicated(table: CountTable, seed: int) -> Bounds:
    """Percentiles of replicates, whatever the number of persons: the audit itself takes them from a hundred on."""
    again = composites_again(table, sums_of(table), replicates=REPLICATES, seed=seed)
    low, high = quantiles(again, LEVEL)
    return low[0], high[0]


def composed(seed: int) -> Iterator[Cell]:
    """All four, by both ways."""
    truth = composites(table_of(RIGHT[None] * 1e6), replicates=0).value[0]
    for persons in PERSONS:
        rng = stream(seed, persons)
        found: dict[str, list[tuple[Array, Array]]] = {"delta-persons": [], "replicates-persons": []}
        for run in range(RUNS):
            table = table_of(drawn(rng, persons))
            made = composites(table, replicates=0)
            for name, bounds in (
                ("delta-persons", (made.low[0], made.high[0])),
                ("replicates-persons", replicated(table, run)),
            ):
                found[name].append((holds(bounds, truth), bounds[1] - bounds[0]))
        for name, results in found.items():
            covers, widths = (np.mean(part, axis=0) for part in zip(*results, strict=True))
            yield averaged("composed", f"{persons} persons", name, covers, widths)
