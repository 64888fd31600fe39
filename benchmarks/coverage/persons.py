"""Faces of the same persons: what intervals cover when one person's faces are alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from benchmarks.coverage import peers
from benchmarks.coverage.cell import LEVEL, Array, Bounds, Cell, Z, averaged, holds, stream

from misread.audit.intervals.compare import newcombe
from misread.audit.intervals.effective import LEAST_EVEN, effective, even_persons, of_persons, t_quantile
from misread.audit.intervals.posterior import beta_binomial
from misread.audit.intervals.proportion import wilson

FACES = (10, 40)
"""Faces a person, from and to, each as likely."""
ALIKE = (0.1, 0.2, 0.4)
"""Correlation between two faces of one person."""
RATES = (0.05, 0.2, 0.5)
PERSONS = (5, 10, 20, 60)
UNEVEN = {
    "10 of 20": (20,) * 10,
    "two of 50, ten of 5": (50,) * 2 + (5,) * 10,
    "one of 100, thirty of 10": (100,) + (10,) * 30,
    "sixty, 300 by rank": tuple(round(300 / rank) for rank in range(1, 61)),
    "one of 1,000, thirty of 10": (1_000,) + (10,) * 30,
}
"""Faces of each person, where some have many more than others."""
PAIRS = ((8, 8), (15, 15), (10, 40), (40, 40))
RUNS, POSTERIORS, REPLICATES = 1_500, 250, 400
"""Runs a setting, those of them for which a posterior is computed, and replicates of a bootstrap."""


@dataclass(frozen=True)
class People:
    """Hits and faces of persons, shape (runs, persons)."""

    x: Array
    n: Array

    @property
    def moments(self) -> tuple[Array, Array, Array, Array, Array, int]:
        """What `of_persons` takes."""
        x, n = self.x, self.n
        return x.sum(1), n.sum(1), (x * x).sum(1), (x * n).sum(1), (n * n).sum(1), x.shape[1]


def beta_persons(
    rng: np.random.Generator, runs: int, k: int, p: float, icc: float, faces: tuple[int, ...] | None = None
) -> People:
    """Each person's rate from a beta distribution; numbers of faces are drawn unless they are given."""
    n = rng.integers(FACES[0], FACES[1] + 1, (runs, k)) if faces is None else np.broadcast_to(faces, (runs, k))
    size = (1 - icc) / icc
    return People(rng.binomial(n, rng.beta(p * size, (1 - p) * size, (runs, k))).astype(float), n.astype(float))


def split_persons(rng: np.random.Generator, runs: int, k: int, p: float, icc: float) -> People:
    """Some persons always hit or never, the others at the rate: as alike as the correlation says, and no beta."""
    n = rng.integers(FACES[0], FACES[1] + 1, (runs, k))
    always = np.where(rng.random((runs, k)) < p, n, 0)
    return People(np.where(rng.random((runs, k)) < icc, always, rng.binomial(n, p)).astype(float), n.astype(float))


def naive(people: People) -> Bounds:
    """As if every face were another person's."""
    return wilson(people.x.sum(1), people.n.sum(1))


def replicated(people: People, rng: np.random.Generator) -> Array:
    """Rates in replicates of whole persons, shape (runs, replicates)."""
    k = people.x.shape[1]
    weights = rng.multinomial(k, np.full(k, 1 / k), size=REPLICATES).astype(float).T
    return np.asarray((people.x @ weights) / (people.n @ weights))


def between(values: Array) -> Bounds:
    """Percentile interval of replicates."""
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=1)
    return low, high


def sandwich(people: People) -> Bounds:
    """The rate and t linearised standard errors on either side."""
    x, n, xx, xn, nn, k = people.moments
    p = x / n
    half = t_quantile(k) * np.sqrt(k / (k - 1) * np.maximum(0, xx - 2 * p * xn + p * p * nn)) / n
    return p - half, p + half


def effective_z(people: People) -> Bounds:
    """Wilson on the effective number, with the normal quantile (Rao and Scott)."""
    worth, p = effective(*people.moments), people.x.sum(1) / people.n.sum(1)
    return wilson(p * worth, worth)


def effective_t(people: People) -> Bounds:
    """The audit's."""
    low, high, _ = of_persons(*people.moments)
    return low, high


def counts_each(people: People) -> Bounds:
    """The same, but with each person counted as one, however many faces they have."""
    x, n, xx, xn, nn, k = people.moments
    with np.errstate(invalid="ignore", divide="ignore"):
        p = x / n
        spread = k / (k - 1) * np.maximum(0, xx - 2 * p * xn + p * p * nn) / (n * n)
        worth = np.where((x == 0) | (x == n), k, np.minimum(n, p * (1 - p) / spread))
    return wilson(p * worth, worth, quantile=t_quantile(k))


def keeps_faces(people: People) -> Bounds:
    """The audit's, but with the number of faces where nothing or everything was hit."""
    x, n, *_, nn, k = people.moments
    worth = np.where((x == 0) | (x == n), n, effective(*people.moments))
    return wilson(x / n * worth, worth, quantile=t_quantile(even_persons(n, nn, k)))


def effective_jeffreys(people: People) -> Bounds:
    """Jeffreys on the effective number, corrected for the degrees of freedom (Korn and Graubard)."""
    x, n, *_, nn, k = people.moments
    worth = effective(*people.moments) * (Z / t_quantile(even_persons(n, nn, k))) ** 2
    return peers.jeffreys(x / n * worth, worth)


def anova(people: People) -> Bounds:
    """Wilson with t on an effective number from the ANOVA estimate of the correlation."""
    x, n, _, _, nn, k = people.moments
    squares = (people.x**2 / people.n).sum(1)
    inside, across = (x - squares) / (n - k), (squares - x * x / n) / (k - 1)
    size = (n - nn / n) / (k - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        icc = np.clip(np.nan_to_num((across - inside) / (across + (size - 1) * inside)), 0, 1)
    worth = np.where((x == 0) | (x == n), k, n / (1 + (nn / n - 1) * icc))
    return wilson(x / n * worth, worth, quantile=t_quantile(k))


def posterior(people: People) -> Bounds:
    """The audit's for a headline rate; of the first runs only."""
    found = [beta_binomial(x, n) for x, n in zip(people.x[:POSTERIORS], people.n[:POSTERIORS], strict=True)]
    return np.array([one.low for one in found]), np.array([one.high for one in found])


CLOSED: dict[str, Callable[[People], Bounds]] = {
    "naive": naive,
    "sandwich": sandwich,
    "n_eff, z": effective_z,
    "wilson-persons": effective_t,
    "each counted": counts_each,
    "keeps faces": keeps_faces,
    "n_eff Jeffreys": effective_jeffreys,
    "anova": anova,
}


def one(seed: int) -> Iterator[Cell]:
    """One rate over persons."""
    for shape, draw in (("persons", beta_persons), ("persons split", split_persons)):
        for k in PERSONS:
            found: dict[str, list[tuple[float, float]]] = {}
            for icc, p in product(ALIKE, RATES):
                people = draw(stream(seed, k, icc, p), RUNS, k, p, icc)
                bounds = {name: method(people) for name, method in CLOSED.items()}
                bounds["bootstrap"] = between(replicated(people, stream(seed, k, icc, p, 1)))
                bounds["beta-binomial"] = posterior(people)
                for name, (low, high) in bounds.items():
                    found.setdefault(name, []).append((holds((low, high), p).mean(), (high - low).mean()))
            for name, results in found.items():
                yield averaged(shape, f"{k} persons", name, *zip(*results, strict=True))


def uneven(seed: int) -> Iterator[Cell]:
    """One rate over persons of whom some have many more faces than others; a figure of no interval has none."""
    for number, (case, faces) in enumerate(UNEVEN.items()):
        found: dict[str, list[tuple[float, float]]] = {}
        for icc, p in product(ALIKE, RATES):
            people = beta_persons(stream(seed, number, icc, p), RUNS, len(faces), p, icc, faces)
            for name in ("naive", "each counted", "wilson-persons"):
                low, high = CLOSED[name](people)
                found.setdefault(name, []).append((holds((low, high), p).mean(), (high - low).mean()))
        n = np.array(faces, dtype=float)
        even = float(even_persons(n.sum(), (n * n).sum(), len(faces)))
        for name, results in found.items():
            if name == "wilson-persons" and even < LEAST_EVEN:
                yield Cell("persons uneven", case, name, {"even": even})
                continue
            cell = averaged("persons uneven", case, name, *zip(*results, strict=True))
            yield Cell(cell.table, case, name, {**cell.figures, "even": even})


def two(seed: int) -> Iterator[Cell]:
    """The difference of two groups of persons, and how often one is claimed where there is none."""
    for k1, k2 in PAIRS:
        found: dict[str, list[tuple[float, float]]] = {}
        for icc, (p1, p2) in product(ALIKE, ((0.2, 0.2), (0.5, 0.5), (0.3, 0.5), (0.1, 0.3))):
            rng = stream(seed, k1, k2, icc, p1, p2)
            first, second = beta_persons(rng, RUNS, k1, p1, icc), beta_persons(rng, RUNS, k2, p2, icc)
            rates = [people.x.sum(1) / people.n.sum(1) for people in (first, second)]
            bounds = {
                name: newcombe(rates[0], *method(first), rates[1], *method(second))
                for name, method in (("naive", naive), ("newcombe", effective_t))
            }
            bounds["bootstrap"] = between(replicated(first, rng) - replicated(second, rng))
            for name, one_pair in bounds.items():
                claims = float(1 - holds(one_pair, 0.0).mean()) if p1 == p2 else np.nan
                found.setdefault(name, []).append((float(holds(one_pair, p1 - p2).mean()), claims))
        for name, results in found.items():
            covers, claimed = zip(*results, strict=True)
            cell = averaged("persons difference", f"{k1}, {k2}", name, covers)
            yield Cell(cell.table, cell.case, name, {**cell.figures, "claims": float(np.nanmean(claimed))})
