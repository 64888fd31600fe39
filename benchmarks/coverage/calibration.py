"""The calibration error of a model that is perfectly calibrated, and how often it is called miscalibrated."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from benchmarks.coverage.cell import Array, Cell, stream

from misread.audit.agreement.calibration import beyond_chance, expected_error, null
from misread.audit.intervals.effective import effective

BINS = 15
SIZES = (30, 100, 300, 1_000, 10_000)
RUNS, DRAWS = 1_000, 499
PERSONS, FACES, ALIKE = 20, 20, 0.2


def sums(score: Array, right: Array) -> tuple[Array, Array, Array]:
    """Faces, hits and scores of each bin."""
    at = np.minimum((score * BINS).astype(int), BINS - 1)
    return tuple(np.bincount(at, weights, BINS).astype(float) for weights in (None, right, score))  # type: ignore[return-value]


def calibration(seed: int) -> Iterator[Cell]:
    """Scores are even between 0 and 1, and right as often as they say."""
    for n in SIZES:
        rng = stream(seed, n)
        runs = RUNS if n <= 1_000 else RUNS // 4
        results = []
        for _ in range(runs):
            score = rng.random(n)
            faces, hits, total = sums(score, (rng.random(n) < score).astype(float))
            error = expected_error(faces, hits, total)
            chance = null(faces, total, 1.0, DRAWS, rng)
            results.append((error, chance.mean(), p_of(error, chance) < 0.05, beyond_chance(faces, hits, total)))
        yield told(f"n = {n:,}", np.array(results, dtype=float))


def calibration_of_persons(seed: int) -> Iterator[Cell]:
    """The same where faces of one person go right or wrong together, with and without the number they are worth."""
    rng = stream(seed, PERSONS, FACES, ALIKE)
    results: dict[str, list[tuple[float, float, bool, float]]] = {"faces": [], "persons": []}
    for _ in range(RUNS):
        score = rng.random((PERSONS, FACES))
        # With this chance a face goes the way of its person: right where the score is above one number for all of them.
        together = rng.random((PERSONS, FACES)) < np.sqrt(ALIKE)
        bar = np.where(together, rng.random((PERSONS, 1)), rng.random((PERSONS, FACES)))
        right = (bar < score).astype(float)
        x, n = right.sum(1), np.full(PERSONS, float(FACES))
        moments = (x.sum(), n.sum(), (x * x).sum(), (x * n).sum(), (n * n).sum(), PERSONS)
        worth = float(effective(*moments)) / n.sum()
        faces, hits, total = sums(score.ravel(), right.ravel())
        error = expected_error(faces, hits, total)
        for name, each in (("faces", 1.0), ("persons", worth)):
            chance = null(faces, total, each, DRAWS, rng)
            beyond = beyond_chance(*(each * sum_ for sum_ in (faces, hits, total)))
            results[name].append((error, chance.mean(), p_of(error, chance) < 0.05, beyond))
    for name, rows in results.items():
        yield told(f"{PERSONS} persons × {FACES}, null of {name}", np.array(rows, dtype=float))


def p_of(error: float, chance: Array) -> float:
    """How often chance shows as much."""
    return float((1 + (chance >= error - 1e-12).sum()) / (1 + len(chance)))


def told(case: str, results: Array) -> Cell:
    """Averages of the runs."""
    error, chance, rejects, beyond = results.mean(axis=0)
    return Cell(
        "calibration",
        case,
        "calibration-null",
        {"error": float(error), "chance": float(chance), "rejects": float(rejects), "beyond": float(beyond)},
    )
