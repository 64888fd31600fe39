"""Coverage without simulation: every count that can come out, with its probability."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from benchmarks.coverage import peers
from benchmarks.coverage.cell import Array, Bounds, Cell, averaged, holds, stream
from scipy.stats import binom

from misread.audit.intervals.compare import mover_ratio, newcombe
from misread.audit.intervals.posterior import dirichlet
from misread.audit.intervals.proportion import wilson

RATES = np.arange(2, 51) / 100
"""Of one proportion: .02 to .50."""
PAIRED = np.array([0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7])
"""Of two groups: each with each."""
SIZES = (5, 10, 20, 50)
PAIRS = ((10, 10), (20, 20), (10, 50), (50, 50))

ONE = {
    "wald": peers.wald,
    "bootstrap": peers.bootstrap,
    "wilson": wilson,
    "jeffreys": peers.jeffreys,
    "agresti-coull": peers.agresti_coull,
    "clopper-pearson": peers.clopper_pearson,
}


def one() -> Iterator[Cell]:
    """One proportion."""
    for n in SIZES:
        x = np.arange(n + 1)
        mass = binom.pmf(x, n, RATES[:, None])
        for name, method in ONE.items():
            bounds = method(x, np.full(n + 1, n))
            covers = (mass * holds(bounds, RATES[:, None])).sum(axis=1)
            yield averaged("one", f"n = {n}", name, covers, mass @ (bounds[1] - bounds[0]))


def from_bounds(combine, bounds, x1: Array, n1: int, x2: Array, n2: int) -> Bounds:  # type: ignore[no-untyped-def]
    """An interval of two groups made of the intervals of each."""
    return combine(x1 / n1, *bounds(x1, n1), x2 / n2, *bounds(x2, n2))  # type: ignore[no-any-return]


DIFFERENCE = {
    "wald": peers.wald_difference,
    "bootstrap": partial(peers.bootstrap_of_two, ratio=False),
    "agresti-caffo": peers.agresti_caffo,
    "newcombe": partial(from_bounds, newcombe, wilson),
    "newcombe-jeffreys": partial(from_bounds, newcombe, peers.jeffreys),
}
RATIO = {
    "katz": peers.katz,
    "bootstrap": partial(peers.bootstrap_of_two, ratio=True),
    "log-half": peers.log_half,
    "mover-r": partial(from_bounds, mover_ratio, wilson),
    "koopman": peers.koopman,
}


def two() -> Iterator[Cell]:
    """The difference and the ratio of two groups."""
    p1, p2 = PAIRED[:, None], PAIRED[None, :]
    for n1, n2 in PAIRS:
        x1, x2 = np.arange(n1 + 1)[:, None], np.arange(n2 + 1)[None, :]
        mass1, mass2 = binom.pmf(x1.T, n1, p1), binom.pmf(x2, n2, PAIRED[:, None])
        for table, methods, truth in (("difference", DIFFERENCE, p1 - p2), ("ratio", RATIO, p1 / p2)):
            for name, method in methods.items():
                bounds = method(x1, n1, x2, n2)
                hit = holds((bounds[0][None, None], bounds[1][None, None]), truth[:, :, None, None])
                covers = np.einsum("ai,bj,abij->ab", mass1, mass2, hit.astype(float))
                yield averaged(table, f"{n1}, {n2}", name, covers.ravel())


ROWS = np.array(
    [
        [0.72, 0.10, 0.06, 0.04, 0.03, 0.02, 0.02, 0.01],
        [0.40, 0.30, 0.10, 0.05, 0.05, 0.05, 0.03, 0.02],
        [0.90, 0.03, 0.02, 0.01, 0.01, 0.01, 0.01, 0.01],
        [0.125] * 8,
    ]
)
"""What a row of eight labels may look like: mostly right, confused with one other, nearly always right, guessing."""
ROW_SIZES = (10, 30, 100)
AT_ONCE = 20_000
"""Rows drawn to see how often all eight intervals hold at once."""


def _of_row(counts: Array, method: str) -> Bounds:
    n = counts.sum(axis=-1, keepdims=True)
    if method == "wilson":
        return wilson(counts, n)
    if method == "bonferroni":
        return wilson(counts, n, level=peers.bonferroni(0.95, counts.shape[-1]))
    return dirichlet(counts, prior=float(method.split()[1]))


ROW_METHODS = ("wilson", "dirichlet 0.5", "dirichlet 1", "dirichlet 0.125", "bonferroni")


def rows(seed: int) -> Iterator[Cell]:
    """The cells of a row: each by enumeration, all at once by simulation."""
    cells = ROWS.shape[1]
    for n in ROW_SIZES:
        x = np.arange(n + 1)
        # A cell's interval depends on its own count and on the sum alone: so one other cell may take the rest.
        counts = np.zeros((n + 1, cells))
        counts[:, 0], counts[:, 1] = x, n - x
        mass = binom.pmf(x, n, ROWS.ravel()[:, None])
        drawn = [stream(seed, n, i).multinomial(n, row, size=AT_ONCE) for i, row in enumerate(ROWS)]
        for name in ROW_METHODS:
            low, high = (bound[:, 0] for bound in _of_row(counts, name))
            covers = (mass * holds((low, high), ROWS.ravel()[:, None])).sum(axis=1)
            together = [
                holds((low[some], high[some]), row).all(axis=1).mean() for some, row in zip(drawn, ROWS, strict=True)
            ]
            found = averaged("row", f"n = {n}", name, covers)
            yield Cell(found.table, found.case, name, {**found.figures, "at_once": float(np.mean(together))})
