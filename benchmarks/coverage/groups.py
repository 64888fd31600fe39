"""The greatest disparity among groups and each group's own figure: what is claimed of groups, equal ones or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from benchmarks.coverage.cell import LEVEL, Array, Cell, averaged, holds, stream
from benchmarks.coverage.persons import beta_persons
from scipy.special import betaincinv

from misread.audit.groups.permuting import beside, deal_persons, deal_trials
from misread.audit.groups.pooling import centres, draws, strength
from misread.audit.groups.seen import Units
from misread.audit.groups.welch import second_opinion
from misread.audit.intervals.effective import effective, even_persons, t_quantile
from misread.audit.intervals.many import sidak
from misread.audit.intervals.proportion import wilson, z_of

MEAN = 0.7
GAP = 0.05
"""What counts as claiming a gap: a lower bound above this."""
ALPHA = 0.05
RUNS, REPLICATES, PERMUTATIONS, DRAWS = 500, 300, 499, 1_000
TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)

EQUAL = ((2, 20), (6, 20), (6, 100), (12, 100), (60, 20), (60, 100), (60, 500))
SPREAD = ((6, 100), (12, 100), (12, 500), (60, 20), (60, 100))
"""Groups and faces a group."""
UNEQUAL = np.array([500.0, 500.0] + [20.0] * 10)


@dataclass(frozen=True)
class Case:
    """Groups whose true rates are drawn anew in each run."""

    table: str
    name: str
    n: Array
    rates: Callable[[np.random.Generator], Array]


def equal(k: int) -> Callable[[np.random.Generator], Array]:
    """All at the mean."""
    return lambda _: np.full(k, MEAN)


def spread(k: int, sd: float) -> Callable[[np.random.Generator], Array]:
    """Each from a beta distribution."""
    size = MEAN * (1 - MEAN) / sd**2 - 1
    return lambda rng: rng.beta(MEAN * size, (1 - MEAN) * size, k)


def one_lower(k: int, by: float) -> Callable[[np.random.Generator], Array]:
    """All at the mean but one: no beta."""
    return lambda _: np.array([MEAN - by] + [MEAN] * (k - 1))


CASES = (
    *(Case("range equal", f"{k} × {n}", np.full(k, float(n)), equal(k)) for k, n in EQUAL),
    Case("range equal", "2 × 500, 10 × 20", UNEQUAL, equal(12)),
    *(Case("range", f"{k} × {n}, sd .05", np.full(k, float(n)), spread(k, 0.05)) for k, n in SPREAD),
    Case("range", "12 × 100, one lower by .15", np.full(12, 100.0), one_lower(12, 0.15)),
    Case("range", "2 × 500, 10 × 20, sd .05", UNEQUAL, spread(12, 0.05)),
    Case("range", "2 × 500, 10 × 20, a large one lower by .10", UNEQUAL, one_lower(12, 0.1)),
)


def ranges(seed: int) -> Iterator[Cell]:
    """The greatest disparity among groups of independent faces."""
    for number, case in enumerate(CASES):
        rng = stream(seed, number)
        truths, seen, ratios, found = [], [], [], dict[str, list[tuple[float, float]]]()
        rejected: dict[str, list[bool]] = {"permutation": [], "permutation of the range": []}
        middles = []
        for _ in range(RUNS):
            rates, n = case.rates(rng), case.n
            x = rng.binomial(n.astype(int), rates).astype(float)
            truths.append(np.ptp(rates))
            seen.append(np.ptp(x / n))
            ratios.append((x / n).min() / (x / n).max())
            dealt = deal_trials(x, n, PERMUTATIONS, rng)
            p = beside(dealt).p
            rejected["permutation"].append(p < ALPHA)
            at_least = np.ptp(dealt.hits[1:] / n, axis=1) >= seen[-1] - 1e-12
            rejected["permutation of the range"].append((1 + at_least.sum()) / (1 + PERMUTATIONS) < ALPHA)
            posterior = np.ptp(draws(x, n, DRAWS, rng), axis=1)
            low, middle, high = np.quantile(posterior, [TAILS[0], 0.5, TAILS[1]])
            middles.append(middle)
            found.setdefault("pooled", []).append((low if p < ALPHA else 0.0, high))
            again = np.ptp(rng.binomial(n.astype(int), x / n, (REPLICATES, len(n))) / n, axis=1)
            found.setdefault("bootstrap", []).append(tuple(np.quantile(again, TAILS)))
            found.setdefault("simultaneous", []).append(of_all(*wilson(x, n, level=sidak(LEVEL, len(n)))))
        beside_it = {"seen": np.mean(seen), "ratio": np.mean(ratios), "truth": np.mean(truths)}
        yield Cell(case.table, case.name, "raw", {name: float(value) for name, value in beside_it.items()})
        for name, bounds in found.items():
            low, high = np.array(bounds).T
            figures = {
                "cover": float(holds((low, high), np.array(truths)).mean()),
                "width": float((high - low).mean()),
                "claims": float((low > np.maximum(GAP, np.array(truths))).mean()),
            }
            if name == "pooled":
                figures["estimate"] = float(np.mean(middles))
            yield Cell(case.table, case.name, name, figures)
        for name, which in rejected.items():
            yield Cell(case.table, case.name, name, {"rejects": float(np.mean(which))})


def of_all(low: Array, high: Array) -> tuple[float, float]:
    """Bounds of the range from intervals that hold for all groups at once."""
    return max(0.0, float(low.max() - high.min())), float(high.max() - low.min())


OF_PERSONS = ((6, 10), (12, 10), (12, 40))
ALIKE = 0.2


def ranges_of_persons(seed: int) -> Iterator[Cell]:
    """The same where groups are of persons with several faces, and equal: faces permuted, and persons whole."""
    for k, persons in OF_PERSONS:
        rng = stream(seed, k, persons)
        whole, faces, claims, worth_claims = [], [], [], []
        for _ in range(RUNS):
            people = beta_persons(rng, k, persons, MEAN, ALIKE)
            x, n = people.x.sum(1), people.n.sum(1)
            group = np.repeat(np.arange(k, dtype=np.int32), persons)
            who = np.arange(k * persons, dtype=np.int32)
            units = Units(group, who, people.x.reshape(-1, 1), people.n.reshape(-1, 1))
            worth, each = effective(*people.moments), even_persons(n, (people.n**2).sum(1), persons)
            p = max(beside(deal_persons(units, k, PERMUTATIONS, rng)[0]).p, second_opinion(x, n, worth, each))
            whole.append(p < ALPHA)
            faces.append(beside(deal_trials(x, n, PERMUTATIONS, rng)).p < ALPHA)
            cautious = worth * (z_of(LEVEL) / t_quantile(each)) ** 2
            for told, trials_told in ((claims, n), (worth_claims, cautious)):
                low = np.quantile(np.ptp(draws(x / n * trials_told, trials_told, DRAWS, rng), axis=1), TAILS[0])
                told.append(low > GAP)
        name = f"{k} × {persons} persons"
        yield Cell("range persons", name, "faces permuted", {"rejects": float(np.mean(faces))})
        yield Cell("range persons", name, "permutation", {"rejects": float(np.mean(whole))})
        yield Cell("range persons", name, "pooled, faces", {"claims": float(np.mean(claims))})
        both = np.array(worth_claims) & np.array(whole)
        yield Cell("range persons", name, "pooled", {"claims": float(np.mean(both))})


SDS, KS, SIZES = (0.02, 0.05, 0.1), (6, 12, 60), (10, 50, 200)
POOLED_RUNS = {6: 200, 12: 120, 60: 40}


def pooled(seed: int) -> Iterator[Cell]:
    """Each group's own figure, raw and pooled."""
    for k in KS:
        found: dict[str, list[Sequence[float]]] = {}
        for sd, n in product(SDS, SIZES):
            rng, rates_of = stream(seed, k, sd, n), spread(k, sd)
            runs: dict[str, list[tuple[float, float, float, float]]] = {}
            for _ in range(POOLED_RUNS[k]):
                rates, trials = rates_of(rng), np.full(k, float(n))
                x = rng.binomial(n, rates).astype(float)
                worst = int(np.argmin(x))
                for name, (value, low, high) in three(x, trials, rng).items():
                    hit = holds((low, high), rates)
                    runs.setdefault(name, []).append(
                        (hit.mean(), float(hit[worst]), (high - low).mean(), ((value - rates) ** 2).mean())
                    )
            for name, results in runs.items():
                cover, worst_cover, width, square = np.mean(results, axis=0)
                found.setdefault(name, []).append((cover, worst_cover, width, np.sqrt(square)))
        for name, settings in found.items():
            covers, worst_covers, widths, errors = zip(*settings, strict=True)
            cell = averaged("pooled", f"{k} groups", name, covers, widths)
            more = {
                "picked": float(np.mean(worst_covers)),
                "picked_worst": float(np.min(worst_covers)),
                "error": float(np.mean(errors)),
            }
            yield Cell(cell.table, cell.case, name, {**cell.figures, **more})


def three(x: Array, n: Array, rng: np.random.Generator) -> dict[str, tuple[Array, Array, Array]]:
    """Value and bounds of each group: its own, pooled with the likeliest strength, and with strength integrated out."""
    likely = strength(x, n)
    node, point = np.unravel_index(int(np.argmax(likely.weights)), likely.weights.shape)
    M, mean = likely.strengths[point], likely.means[node, point]
    a, b = x + mean * M, n - x + (1 - mean) * M
    low, high = np.quantile(draws(x, n, DRAWS, rng), TAILS, axis=0)
    return {
        "wilson": (x / n, *wilson(x, n)),
        "plug-in": (a / (a + b), betaincinv(a, b, TAILS[0]), betaincinv(a, b, TAILS[1])),
        "pooled": (centres(x, n)[0], low, high),
    }
