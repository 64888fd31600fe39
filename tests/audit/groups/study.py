"""The tables of docs/audit/groups.md: how often differences are shown, and what is needed to see one.

.venv/bin/python -m tests.audit.groups.study
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from misread.audit.groups import power
from misread.audit.groups.permuting import Dealt, beside, deal_persons, deal_trials
from misread.audit.groups.seen import Units
from misread.audit.groups.welch import second_opinion
from misread.audit.intervals.effective import effective

Array = NDArray[np.float64]

RUNS, PERMUTATIONS, SEED = 400, 199, 20
UNEVEN = (1000, 500, 200, 100, 60, 30, 20, 15, 10, 10, 8, 6)


def spread(sd: float, groups: int, rng: np.random.Generator) -> Array:
    """Rates round 0.7."""
    return np.clip(0.7 + sd * rng.standard_normal(groups), 0.02, 0.98)


def one(rate: float, at: int, groups: int) -> Array:
    """A group that differs from all others."""
    return np.where(np.arange(groups) == at, rate, 0.7)


CASES = {
    "12 of 100, all equal": ((100,) * 12, lambda rng: spread(0, 12, rng)),
    "12 of 6 to 1,000, all equal": (UNEVEN, lambda rng: spread(0, 12, rng)),
    "12 of 100, SD 0.05": ((100,) * 12, lambda rng: spread(0.05, 12, rng)),
    "12 of 100, one at 0.55": ((100,) * 12, lambda _: one(0.55, 0, 12)),
    "12 of 6 to 1,000, SD 0.07": (UNEVEN, lambda rng: spread(0.07, 12, rng)),
    "12 of 6 to 1,000, one of 200 at 0.57": (UNEVEN, lambda _: one(0.57, 2, 12)),
    "12 of 6 to 1,000, one of 60 at 0.5": (UNEVEN, lambda _: one(0.5, 4, 12)),
    "60 of 20, SD 0.08": ((20,) * 60, lambda rng: spread(0.08, 60, rng)),
    "60 of 20, one at 0.3": ((20,) * 60, lambda _: one(0.3, 0, 60)),
}


def shown(sizes: tuple[int, ...], rates: Array, rng: np.random.Generator) -> tuple[bool, bool, bool, bool]:
    """Whether p is below 0.05: of the range of raw rates, of chi-squared, of the largest z², and the product's own."""
    n = np.array(sizes, float)
    x = rng.binomial(sizes, rates).astype(float)
    dealt = deal_trials(x, n, PERMUTATIONS, rng)
    chi2 = dealt.surplus**2 / np.maximum(dealt.squares, 1e-9)
    told = (np.ptp(dealt.hits / n, axis=1), chi2.sum(axis=1), (chi2 / (1 - n / n.sum())).max(axis=1))
    apart = [bool(np.mean(t >= t[0] - 1e-9) < 0.05) for t in told]
    return apart[0], apart[1], apart[2], beside(dealt).p < 0.05


def rows() -> list[str]:
    """Lines of the table."""
    found = []
    for name, (sizes, rates) in CASES.items():
        rng = np.random.default_rng(SEED)
        shares = np.mean([shown(sizes, rates(rng), rng) for _ in range(RUNS)], axis=0)
        found.append(f"| {name} | " + " | ".join(f"{share:.2f}" for share in shares) + " |")
    return found


BUILT: dict[str, tuple[tuple[tuple[int, int], ...], float, float]] = {
    "12 groups of 8 × 10": (((8, 10),) * 12, 0.2, 0.7),
    "8 × 40; 30 × 4": (((8, 40), (30, 4)), 0.2, 0.7),
    "30 × 40; 8 × 4": (((30, 40), (8, 4)), 0.2, 0.7),
    "6 × 40; three of 40 × 4": (((6, 40), (40, 4), (40, 4), (40, 4)), 0.3, 0.7),
    "6 × 30; 60 × 3": (((6, 30), (60, 3)), 0.1, 0.1),
    "5 × 40; 100 × 1": (((5, 40), (100, 1)), 0.5, 0.7),
}
"""Persons × faces of each, of groups that do not differ; ICC; their rate."""


def called_unequal(built: tuple[tuple[int, int], ...], icc: float, runs: int, mean: float = 0.7) -> tuple[float, float]:
    """How often groups that do not differ have a p below 0.05: by permutation alone, and with Welch's test beside it."""
    rng = np.random.default_rng(14)
    group = np.repeat(np.arange(len(built), dtype=np.int32), [persons for persons, _ in built])
    faces = np.repeat([faces for _, faces in built], [persons for persons, _ in built])
    n, who, spread = faces[:, None].astype(float), np.arange(len(group), dtype=np.int32), 1 / icc - 1

    def added(values: Array) -> Array:
        return np.bincount(group, values)

    found = []
    for _ in range(runs):
        x = rng.binomial(faces, rng.beta(mean * spread, (1 - mean) * spread, len(faces))).astype(float)
        (dealt,) = deal_persons(Units(group, who, x[:, None], n), len(built), PERMUTATIONS, rng)
        hits, trials, persons = added(x), added(n[:, 0]), added(np.ones(len(x)))
        worth = effective(hits, trials, added(x * x), added(x * n[:, 0]), added(n[:, 0] ** 2), persons)
        p = beside(dealt).p
        found.append((p < 0.05, max(p, second_opinion(hits, trials, worth, persons)) < 0.05))
    alone, both = np.mean(found, axis=0)
    return float(alone), float(both)


def built() -> list[str]:
    """Lines of the table of groups that are built differently."""
    found = []
    for name, (groups, icc, mean) in BUILT.items():
        alone, both = called_unequal(groups, icc, RUNS, mean)
        found.append(f"| {name} | {mean} | {icc} | {alone:.2f} | {both:.2f} |")
    return found


SHARED: dict[str, tuple[int, tuple[int, ...], float, float]] = {
    "40, one in each of 12": (40, (1,) * 12, 0.05, 0.0),
    "30, one in each of 6": (30, (1,) * 6, 0.1, 0.0),
    "20, twenty and one": (20, (20, 1), 0.1, 0.0),
    "20, twenty in each of 2": (20, (20, 20), 0.5, 0.0),
    "8, twenty in each of 2": (8, (20, 20), 0.5, 0.2),
    "20, forty and five": (20, (40, 5), 0.5, 0.2),
}
"""Persons who are in all groups, faces of each in each group, their rate, and how alike those in one group are besides."""


def shared_unequal(persons: int, faces: tuple[int, ...], mean: float, own: float, runs: int) -> tuple[float, float]:
    """How often such groups, which do not differ, have a p below 0.05: by signs, and by faces dealt."""
    rng, groups = np.random.default_rng(16), len(faces)
    group, who = (a.ravel() for a in np.indices((groups, persons), dtype=np.int32))
    n, found = np.array(faces, float)[group], []
    for _ in range(runs):
        rate = rng.beta(9 * mean, 9 * (1 - mean), persons)[who]
        if own:
            rate = rng.beta(rate * (1 / own - 1), (1 - rate) * (1 / own - 1))
        x = rng.binomial(n.astype(int), rate).astype(float)
        (dealt,) = deal_persons(Units(group, who, x[:, None], n[:, None]), groups, PERMUTATIONS, rng)
        found.append((beside(signed(x, n, groups, rng)).p < 0.05, beside(dealt).p < 0.05))
    signs, by_face = np.mean(found, axis=0)
    return float(signs), float(by_face)


def signed(x: Array, n: Array, groups: int, rng: np.random.Generator) -> Dealt:
    """What each person shows beyond their own rate, as a whole and with a sign by lot; a row a group of `x` and `n`."""
    hits, trials = x.reshape(groups, -1), n.reshape(groups, -1)
    expected = trials * (hits.sum(axis=0) / trials.sum(axis=0))
    more = hits - expected
    signs = 1.0 - 2.0 * rng.integers(0, 2, (1 + PERMUTATIONS, more.shape[1]))
    signs[0] = 1
    surplus, all_trials = signs @ more.T, np.broadcast_to(trials.sum(axis=1), (1 + PERMUTATIONS, groups))
    squares = np.broadcast_to((more**2).sum(axis=1), surplus.shape)
    return Dealt(expected.sum(axis=1) + surplus, all_trials, surplus, squares)


def shared() -> list[str]:
    """Lines of the table of persons who are in several groups."""
    found = []
    for name, (persons, faces, mean, own) in SHARED.items():
        signs, by_face = shared_unequal(persons, faces, mean, own, RUNS)
        found.append(f"| {name} | {mean} | {own:g} | {signs:.2f} | {by_face:.2f} |")
    return found


def needed() -> list[str]:
    """Lines of the table of faces and persons: a line a kind of study, a column a gap."""
    found = []
    for base, groups in ((0.7, 2), (0.7, 6), (0.05, 2)):
        lines: dict[tuple[int, float], list[str]] = {}
        for row in power(base=base, groups=groups, iccs=(0.1, 0.2)):
            told = f"{row.faces:,}" if row.faces_a_person == 1 else f"{row.persons:,} ({row.faces:,})"
            lines.setdefault((row.faces_a_person, row.icc), []).append(told)
        for (each, icc), told_of in lines.items():
            head = f"{base:.0%} | {groups} | {each} | {icc if each > 1 else '–'}".replace("%", " %")
            found.append(f"| {head} | " + " | ".join(told_of) + " |")
    return found


if __name__ == "__main__":
    print(*rows(), *built(), *shared(), *needed(), sep="\n")
