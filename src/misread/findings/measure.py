"""From laws of a day to the findings of docs/findings.md.

Every quantity is computed for the profiles as stated and for each draw of them at once, by the same
lines: `Quantity.samples` holds the stated one first. What an interval is made of is therefore exactly
what the value is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain as joined

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Deployment
from misread.engine import laws
from misread.engine.chain import Chain, CompiledRule
from misread.engine.exact import (
    Day,
    Progress,
    moved_by_draws,
    random_truth,
    solve,
    solve_perfect,
)
from misread.engine.markov import Array
from misread.findings.pooling import Pooling, Quantity, of_pools, over, settled

QUANTILES = {"false_flags_end_p05": 0.05, "false_flags_end_p50": 0.5, "false_flags_end_p95": 0.95}


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
        Its flags on a day, for every draw and stratum.
    moved : ndarray of bool, shape (strata,)
        Strata in which it depends on anything whose uncertainty is stated.
    """

    reader: str | None
    rule: CompiledRule
    day: Day
    moved: NDArray[np.bool_]


Wanted = Callable[[str, str | None], bool]
"""Whether a finding is wanted, by id and rule."""


def everything(id: str, rule: str | None) -> bool:  # noqa: ARG001
    """Every finding is wanted."""
    return True


def measure(
    chain: Chain,
    deployment: Deployment,
    emission: Array,
    progress: Progress | None = None,
    wanted: Wanted = everything,
) -> tuple[Quantity, ...]:
    """The findings of a deployment that the exact engine has.

    Parameters
    ----------
    chain : Chain
        The compiled deployment; or several, stacked, one a draw.
    deployment : Deployment
        What it was compiled from.
    emission : ndarray, shape (1 + draws, strata, states, labels)
        P(label | state) at the inputs as stated, then at each draw.
    progress : callable, optional
        Called with (work done, work in all) now and then.
    wanted : callable, optional
        Which findings; what others would need is not computed.

    Returns
    -------
    tuple of Quantity
        In the order of the definitions, rule by rule; the deployed system before the perfect reader.
    """
    pooling = Pooling.of(chain)
    own = _process_moved(chain)
    rows = [_whole(chain, deployment), _labels(chain, emission, own, pooling) if wanted("label_share", None) else ()]
    deployed, perfect = [], []
    for i, rule in enumerate(chain.rules):
        step = (lambda done, of, i=i: progress(i * of + done, len(chain.rules) * of)) if progress else None
        hit = emission[..., rule.hit].sum(axis=-1)
        read = Reading(None, rule, solve(chain, rule, emission, step), own | moved_by_draws(hit))
        ideal = Reading("perfect", rule, solve_perfect(chain, rule), own)
        rows += [_prevalence(ideal, chain, pooling, wanted)]
        rows += [_of_rule(r, chain, deployment, pooling, wanted) for r in (read, ideal)]
        rows += [_by_state(read, chain, pooling)] if wanted("flag_state_share", rule.name) else []
        deployed.append(read)
        perfect.append(ideal)
    if wanted("alerts_per_teacher_day", None) or wanted("alerts_per_family_year", None):
        for reader, readings in ((None, deployed), ("perfect", perfect)):
            rows.append(_alerts(reader, readings, chain, deployment, pooling))
    return tuple(q for q in joined.from_iterable(rows) if wanted(q.id, q.rule))


def _process_moved(chain: Chain) -> NDArray[np.bool_]:
    """Strata in which the pupil's own process is not the same at all points."""
    moved = np.zeros(chain.strata, dtype=bool)
    for table in (chain.start, chain.step, chain.gap):
        moved |= moved_by_draws(table.reshape(-1, chain.strata, *table.shape[1:]))
    return moved


def _whole(chain: Chain, deployment: Deployment) -> Iterator[Quantity]:
    pupils = deployment.population.schools * deployment.population.pupils_per_school
    looks = chain.years * chain.days * chain.lessons * chain.looks
    yield Quantity("observations", samples=np.array([float(pupils * looks)]))
    yield Quantity("labels_archived", samples=np.array([float(looks)]))


def _views(chain: Chain, pooling: Pooling) -> Iterator[tuple[str, Pooling]]:
    """Pools of those on each kind of seat that somebody sits on."""
    for i, view in enumerate(chain.views):
        if (seats := pooling.among(chain.view == i)) is not None:
            yield view, seats


def _labels(chain: Chain, emission: Array, own: NDArray[np.bool_], pooling: Pooling) -> Iterator[Quantity]:
    # Every look of a day finds the state in the law it starts from, which is stationary.
    start = chain.start.reshape(-1, chain.strata, len(chain.states))
    share = np.matmul(start[..., None, :], emission)[..., 0, :]
    for i, label in enumerate(chain.labels):
        moved = pooling.any(own | moved_by_draws(emission[..., i]))
        yield from of_pools(pooling.mean(share[..., i]), moved, "label_share", label=label)
    for view, seats in _views(chain, pooling):
        for i, label in enumerate(chain.labels):
            moved = seats.any(own | moved_by_draws(emission[..., i]))
            yield from of_pools(seats.mean(share[..., i]), moved, "label_share", label=label, view=view)


def _prevalence(ideal: Reading, chain: Chain, pooling: Pooling, wanted: Wanted) -> Iterator[Quantity]:
    rule, moved = ideal.rule, pooling.any(ideal.moved)
    found: dict[str, Callable[[], Array]] = {
        "claimed_share": lambda: chain.start[:, rule.claimed].sum(axis=-1),
        "lesson_prevalence": lambda: ideal.day.prevalence / chain.lessons,
    }
    for id, values in found.items():
        if wanted(id, rule.name):
            yield from of_pools(pooling.mean(values().reshape(-1, chain.strata)), moved, id, rule.name)


def _of_rule(
    reading: Reading, chain: Chain, deployment: Deployment, pooling: Pooling, wanted: Wanted
) -> Iterator[Quantity]:
    reader, rule, day = reading.reader, reading.rule, reading.day
    moved = pooling.any(reading.moved)

    def shaped(values: Array) -> Array:
        return values.reshape(-1, chain.strata, *values.shape[1:])

    in_all = chain.days * chain.years
    kept = in_all if deployment.file.keep_days == "forever" else min(deployment.file.keep_days, in_all)

    def flags(days: int) -> dict[str, Array]:
        return pooling.mean(shaped(day.true + day.false) * days)

    def false(seats: Pooling = pooling) -> dict[str, Array]:
        return seats.mean(shaped(day.false) * chain.days)

    def precision(seats: Pooling = pooling) -> dict[str, Array]:
        return seats.ratio(shaped(day.true), shaped(day.true + day.false))

    def lift() -> dict[str, Array]:
        blind = pooling.mean(shaped(random_truth(chain, rule)))
        return {g: over(p, blind[g]) for g, p in precision().items()}

    def some_false(days: int) -> dict[str, Array]:
        return pooling.of_groups(laws.ever(shaped(day.any_false), pooling.within, days, chain.days))

    def only_true(days: int) -> dict[str, Array]:
        no_false, only = shaped(day.no_false), shaped(day.only_true)
        return pooling.of_groups(laws.only_true(no_false, only, pooling.within, days, chain.days))

    found: dict[str, Callable[[], dict[str, Array]]] = {
        "flags_per_pupil_year": lambda: flags(chain.days),
        "false_flags_per_pupil_year": false,
        "flag_ppv": precision,
        "flag_lift": lift,
        "lesson_sensitivity": lambda: pooling.ratio(shaped(day.sensitivity), shaped(day.prevalence)),
        "lesson_false_positive_rate": lambda: pooling.ratio(shaped(day.false_positive), shaped(day.unclaimed)),
        "spells_missed": lambda: pooling.ratio(shaped(day.missed), shaped(day.spells)),
    }
    periods = {"day_1": 1, "week_1": min(5, in_all), "year_1": chain.days, "end": in_all}
    found |= {f"p_false_flag_by_{name}": partial(some_false, days) for name, days in periods.items()}
    found |= {f"p_only_true_flags_by_{name}": partial(only_true, days) for name, days in periods.items()}
    for id, by_pool in found.items():
        if wanted(id, rule.name):
            yield from of_pools(by_pool(), moved, id, rule.name, reader=reader)
    if any(wanted(id, rule.name) for id in QUANTILES):
        counts = laws.quantiles_of_sum(
            shaped(day.false_counts),
            pooling.within,
            pooling.groups,
            chain.days,
            chain.years,
            tuple(QUANTILES.values()),
        )
        for id, values in zip(QUANTILES, counts, strict=True):
            by_name = dict(zip(pooling.names, values.T, strict=True))
            yield from of_pools(by_name, moved, id, rule.name, reader=reader)
    if wanted("flags_on_file_end", rule.name):
        yield from of_pools(flags(kept), moved, "flags_on_file_end", rule.name, reader=reader)
    for view, seats in _views(chain, pooling):
        for id, of in (("false_flags_per_pupil_year", false), ("flag_ppv", precision)):
            if wanted(id, rule.name):
                yield from of_pools(of(seats), seats.any(reading.moved), id, rule.name, reader=reader, view=view)
    if wanted("p_mark", rule.name) or wanted("p_mark_unearned", rule.name):
        yield from _marks(reading, chain, pooling)
    if any(wanted(id, rule.name) for id in ("disparity_false_flags", "difference_false_flags")):
        by_group = false()
        groups = np.stack([by_group[g] for g in chain.groups])
        highest, lowest = groups.max(axis=0), groups.min(axis=0)
        # Groups that nobody belongs to are compared as well.
        for id, apart in (
            ("disparity_false_flags", over(highest, lowest)),
            ("difference_false_flags", highest - lowest),
        ):
            yield Quantity(id, rule=rule.name, reader=reader, samples=settled(apart, any(moved.values())))


def _marks(reading: Reading, chain: Chain, pooling: Pooling) -> Iterator[Quantity]:
    moved = pooling.any(reading.moved)
    for mark, both in reading.day.marks.items():
        earned, unearned = (laws.mixed(p.reshape(-1, chain.strata), pooling.within) for p in both)
        ever = laws.at_least_once(earned, chain.years)
        # The year in which it is first earned is like any other: unearned in the same proportion.
        share = np.divide(unearned, earned, out=np.zeros_like(ever), where=earned > 0)
        for id, chance in (("p_mark", ever), ("p_mark_unearned", ever * share)):
            by_pool = pooling.of_groups(chance)
            yield from of_pools(by_pool, moved, id, reading.rule.name, reader=reading.reader, mark=mark)


def _by_state(read: Reading, chain: Chain, pooling: Pooling) -> Iterator[Quantity]:
    flags = read.day.by_state.reshape(-1, chain.strata, len(chain.states))
    moved = pooling.any(read.moved)
    for i, state in enumerate(chain.states):
        share = pooling.ratio(flags[..., i], flags.sum(axis=-1))
        yield from of_pools(share, moved, "flag_state_share", read.rule.name, state=state)


def _alerts(
    reader: str | None, readings: list[Reading], chain: Chain, deployment: Deployment, pooling: Pooling
) -> Iterator[Quantity]:
    pupils = deployment.population.pupils_per_school
    class_size = pupils / -(-pupils // deployment.population.class_size)

    def told(who: str, times: float) -> list[Quantity]:
        flags, moved = np.zeros((1, chain.strata)), np.zeros(chain.strata, dtype=bool)
        for r in readings:
            if who in r.rule.notify:
                flags = flags + (r.day.true + r.day.false).reshape(-1, chain.strata)
                moved = moved | r.moved
        id = "alerts_per_teacher_day" if who == "teacher" else "alerts_per_family_year"
        return of_pools(pooling.mean(flags * times), pooling.any(moved), id, reader=reader)

    yield told("teacher", class_size)[-1]
    yield from told("parent", chain.days)
