"""One rule's findings, as one reader raises its flags."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Deployment, Mark
from misread.engine.chain import Chain, CompiledRule
from misread.engine.chain.markov import Array
from misread.engine.exact import laws
from misread.engine.exact.day import Day, random_truth
from misread.engine.exact.hiding import counted, first_marks
from misread.engine.exact.hiding.beyond import beyond
from misread.engine.exact.hiding.nights import Nights
from misread.engine.exact.marks import of_a_year
from misread.findings.pooling import Pooling, Quantity, of_pools, over, settled
from misread.findings.slices import slices
from misread.findings.variance import shares_of_variance

QUANTILES = {"false_flags_end_p05": 0.05, "false_flags_end_p50": 0.5, "false_flags_end_p95": 0.95}
MARKS = ("p_mark", "p_mark_unearned")
APART = ("disparity_false_flags", "difference_false_flags")


@dataclass(frozen=True, eq=False)
class Reading:
    """One rule's flags, as the deployed system or the perfect reader raises them.

    Attributes
    ----------
    reader : str or None
        As in `Finding`.
    rule : CompiledRule
        The rule.
    day : Day
        Its flags on a day, for every draw and case.
    moved : ndarray of bool, shape (cases,)
        Cases in which it depends on anything whose uncertainty is stated.
    chain, deployment
        Whose.
    pooling : Pooling
        The pools.
    nights : Nights or None
        How flags hide faces, where this reader's do.
    """

    reader: str | None
    rule: CompiledRule
    day: Day
    moved: NDArray[np.bool_]
    chain: Chain
    deployment: Deployment
    pooling: Pooling
    nights: Nights | None

    def shaped(self, values: Array) -> Array:
        """Values of all readings by (draw, case, …)."""
        cases = self.chain.epochs * len(self.chain.masking) * self.chain.strata
        return values.reshape(-1, cases, *values.shape[1:])

    def by_year(self, values: Array) -> Array:
        """Values of all readings by (draw, epoch, stratum, …), faces not hidden."""
        chain = self.chain
        return values.reshape(-1, chain.epochs, len(chain.masking), chain.strata, *values.shape[1:])[:, :, 0]


Wanted = Callable[[str, str | None], bool]


def of_reading(r: Reading, wanted: Wanted) -> Iterator[Quantity]:
    """All findings of one reading that are wanted, in order."""
    name, moved = r.rule.name, r.pooling.any(r.moved)
    for id, by_pool in {**_rates(r), **_chances(r)}.items():
        if wanted(id, name):
            yield from of_pools(by_pool(), moved, id, name, reader=r.reader)
    if any(wanted(id, name) for id in QUANTILES) and (r.rule, None) not in _beyond(r):
        yield from _quantiles(r)
    if wanted("flags_on_file_end", name):
        yield from of_pools(_on_file(r), moved, "flags_on_file_end", name, reader=r.reader)
    for key, part in slices(r.chain, r.pooling):
        for id, of in (("false_flags_per_pupil_year", _false), ("flag_ppv", _precision)):
            if wanted(id, name):
                yield from of_pools(of(r, part), part.any(r.moved), id, name, reader=r.reader, **key)
    if any(wanted(id, name) for id in MARKS):
        yield from _marks(r)
    if any(wanted(id, name) for id in APART):
        yield from _apart(r)
    if any(wanted(id, name) for id in ("flags_per_lesson", "false_flags_per_lesson")):
        yield from _situations(r)
    if wanted("file_variance_share", name):
        yield from _variance(r)
    if r.reader is None and wanted("flag_state_share", name):
        yield from _by_state(r)


def _rates(r: Reading) -> Mapping[str, Callable[[], dict[str, Array]]]:
    day, pooling, shaped = r.day, r.pooling, r.shaped

    def lift() -> dict[str, Array]:
        truth = random_truth(r.chain, r.rule).reshape(-1, r.chain.epochs, 1, r.chain.strata)
        blind = pooling.mean(shaped(np.repeat(truth, len(r.chain.masking), axis=2).ravel()))
        return {g: over(p, blind[g]) for g, p in _precision(r, pooling).items()}

    return {
        "flags_per_pupil_year": lambda: pooling.mean(shaped(day.true + day.false) * r.chain.days),
        "false_flags_per_pupil_year": lambda: _false(r, pooling),
        "flag_ppv": lambda: _precision(r, pooling),
        "flag_lift": lift,
        "lesson_sensitivity": lambda: pooling.ratio(shaped(day.sensitivity), shaped(day.prevalence)),
        "lesson_false_positive_rate": lambda: pooling.ratio(shaped(day.false_positive), shaped(day.unclaimed)),
        "spells_missed": lambda: pooling.ratio(shaped(day.missed), shaped(day.spells)),
    }


def _false(r: Reading, pooling: Pooling) -> dict[str, Array]:
    return pooling.mean(r.shaped(r.day.false) * r.chain.days)


def _precision(r: Reading, pooling: Pooling) -> dict[str, Array]:
    return pooling.ratio(r.shaped(r.day.true), r.shaped(r.day.true + r.day.false))


def _chances(r: Reading) -> Mapping[str, Callable[[], dict[str, Array]]]:
    chain, pooling = r.chain, r.pooling
    in_all = chain.days * chain.years

    def some_false(days: int) -> dict[str, Array]:
        if r.nights:
            return pooling.of_kinds(r.nights.ever_false(r.rule, days))
        years = laws.years_of(chain.epoch, days, chain.days)
        return pooling.of_kinds(laws.ever(r.by_year(r.day.any_false), pooling.within, years))

    def only_true(days: int) -> dict[str, Array]:
        if r.nights:
            return pooling.of_kinds(r.nights.only_true(r.rule, days))
        years = laws.years_of(chain.epoch, days, chain.days)
        no_false, only = r.by_year(r.day.no_false), r.by_year(r.day.only_true)
        return pooling.of_kinds(laws.only_true(no_false, only, pooling.within, years))

    periods = {"day_1": 1, "week_1": min(5, in_all), "year_1": chain.days, "end": in_all}
    return {f"p_false_flag_by_{name}": partial(some_false, days) for name, days in periods.items()} | {
        f"p_only_true_flags_by_{name}": partial(only_true, days) for name, days in periods.items()
    }


def _quantiles(r: Reading) -> Iterator[Quantity]:
    chain, pooling, moved = r.chain, r.pooling, r.pooling.any(r.moved)
    q = tuple(QUANTILES.values())
    if r.nights:
        counts = counted.quantiles(r.nights, r.rule, pooling.kinds, q, _draws(r, r.nights))
    else:
        years = laws.years_of(chain.epoch, chain.days * chain.years, chain.days)
        counts = laws.quantiles_of_sum(r.by_year(r.day.false_counts), pooling.within, pooling.kinds, years, q)
    for id, values in zip(QUANTILES, counts, strict=True):
        by_name = dict(zip(pooling.names, values.T, strict=True))
        yield from of_pools(by_name, moved, id, r.rule.name, reader=r.reader)


def _on_file(r: Reading) -> dict[str, Array]:
    """Flags of the last days that are kept."""
    chain, keep = r.chain, r.deployment.file.keep_days
    in_all = chain.days * chain.years
    kept = in_all if keep == "forever" else min(keep, in_all)
    if kept == in_all or (chain.epochs == 1 and not r.nights):
        return r.pooling.mean(r.shaped(r.day.true + r.day.false) * kept)
    if r.nights:
        return r.pooling.of_kinds(r.nights.flags_of_last(r.rule, kept))
    flags = r.by_year(r.day.true + r.day.false)
    total, left = np.zeros_like(flags[:, 0]), kept
    for epoch in reversed(chain.epoch):
        days = min(left, chain.days)
        total, left = total + flags[:, epoch] * days, left - days
    return r.pooling.of_kinds(laws.mixed(total, r.pooling.within))


def _marks(r: Reading) -> Iterator[Quantity]:
    pooling, moved = r.pooling, r.pooling.any(r.moved)
    for mark, chances in _first_earned(r).items():
        for id, chance in zip(MARKS, chances, strict=True):
            yield from of_pools(pooling.of_kinds(chance), moved, id, r.rule.name, reader=r.reader, mark=mark)


def _beyond(r: Reading) -> list[tuple[CompiledRule, Mark | None]]:
    """What is left to samples, though it concerns one pupil's looks alone."""
    return list(beyond(r.deployment, r.chain.rules)) if r.nights else []


def _draws(r: Reading, nights: Nights) -> int:
    """Draws that have to be looked at: the first alone where all are alike."""
    moved = r.moved.any() or r.pooling.moved.any()
    return len(nights.emission.plain) if moved else 1


def _first_earned(r: Reading) -> dict[str, tuple[Array, Array]]:
    """Mark name → P(earned), and P(that, and unearned when first earned), by kind of pupil."""
    chain, within = r.chain, r.pooling.within
    if r.nights:
        known = [m for m in of_a_year(r.rule, chain.years) if (r.rule, m) not in _beyond(r)]
        return {m.name: first_marks.first_earned(r.nights, r.rule, m, _draws(r, r.nights)) for m in known}
    in_a_year = {mark: (r.by_year(earned), r.by_year(unearned)) for mark, (earned, unearned) in r.day.marks.items()}
    return {mark: laws.first_earned(*both, within, chain.epoch) for mark, both in in_a_year.items()}


def _apart(r: Reading) -> Iterator[Quantity]:
    by_group, moved = _false(r, r.pooling), r.pooling.any(r.moved)
    groups = np.stack([by_group[g] for g in r.chain.groups])
    highest, lowest = groups.max(axis=0), groups.min(axis=0)
    # Groups that nobody belongs to are compared as well.
    for id, apart in zip(APART, (over(highest, lowest), highest - lowest), strict=True):
        yield Quantity(id, rule=r.rule.name, reader=r.reader, samples=settled(apart, any(moved.values())))


def _situations(r: Reading) -> Iterator[Quantity]:
    pooling, moved = r.pooling, r.pooling.any(r.moved)
    flags = r.shaped(r.day.by_situation) / r.chain.lessons if r.chain.situations else None
    for k, situation in enumerate(r.chain.situations):
        assert flags is not None
        for id, values in (
            ("flags_per_lesson", flags[..., k, :].sum(axis=-1)),
            ("false_flags_per_lesson", flags[..., k, 1]),
        ):
            yield from of_pools(pooling.mean(values), moved, id, r.rule.name, reader=r.reader, situation=situation)


def _variance(r: Reading) -> Iterator[Quantity]:
    chain, last = r.chain, int(r.chain.epoch[-1])
    if r.nights:
        mean, variance = r.nights.last_year(r.rule)
    else:
        first, square = (r.by_year(m)[:, last] for m in r.day.moments)
        mean, variance = first * chain.days, (square - first**2) * chain.days
    moved = bool(r.pooling.any(r.moved)["all"])
    for source, share in shares_of_variance(chain, r.pooling.strata[..., -1], mean, variance).items():
        samples = settled(share, moved)
        yield Quantity("file_variance_share", rule=r.rule.name, reader=r.reader, source=source, samples=samples)


def _by_state(r: Reading) -> Iterator[Quantity]:
    flags, moved = r.shaped(r.day.by_state), r.pooling.any(r.moved)
    for i, state in enumerate(r.chain.states):
        share = r.pooling.ratio(flags[..., i], flags.sum(axis=-1))
        yield from of_pools(share, moved, "flag_state_share", r.rule.name, state=state)
