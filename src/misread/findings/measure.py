"""From laws of a day to the findings of docs/findings.md.

Every quantity is computed for the profiles as stated and for each draw of them at once, by the same
lines: `Quantity.samples` holds the stated one first. What an interval is made of is therefore exactly
what the value is made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain as joined

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Deployment
from misread.engine import laws
from misread.engine.chain import Array, Chain, CompiledRule
from misread.engine.exact import DayLaws, Progress, moved_by_draws, random_truth, solve, solve_perfect

QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, eq=False)
class Quantity:
    """A finding before it is summed up.

    Attributes
    ----------
    samples : ndarray, shape (1 + draws,)
        Its value at the profiles as stated, then at each draw; NaN where its condition has probability 0.
        One value only where nothing it rests on has a stated uncertainty.
    id, group, rule, label, reader, mark
        As in `Finding`.
    """

    samples: Array
    id: str
    group: str
    rule: str | None = None
    label: str | None = None
    reader: str | None = None
    mark: str | None = None


@dataclass(frozen=True, eq=False)
class Pooling:
    """Strata pooled to groups, and to all: numerators and denominators apart, by shares.

    Attributes
    ----------
    names : tuple of str
        The groups, then ``"all"``.
    mixture : ndarray, shape (strata, names)
        Share of each stratum in each pool; columns add to 1.
    """

    names: tuple[str, ...]
    mixture: Array

    @classmethod
    def of(cls, chain: Chain) -> Pooling:
        """The pools of a chain."""
        member = (chain.group[:, None] == np.arange(len(chain.groups))) * 1.0
        # A group nobody belongs to still has findings: what would befall its members.
        weighted = member * np.where(chain.weight @ member > 0, chain.weight[:, None], 1.0)
        mixture = np.column_stack([weighted / weighted.sum(axis=0), chain.weight])
        return cls((*chain.groups, "all"), mixture)

    def mean(self, values: Array) -> dict[str, Array]:
        """Means over the strata: values of shape (draws, strata) to shape (draws,) for each pool."""
        return dict(zip(self.names, (values @ self.mixture).T, strict=True))

    def any(self, of_strata: NDArray[np.bool_]) -> dict[str, bool]:
        """Whether something is so in any stratum of each pool."""
        return dict(zip(self.names, (of_strata @ (self.mixture > 0)).tolist(), strict=True))

    def ratio(self, numerator: Array, denominator: Array) -> dict[str, Array]:
        """Pooled numerator over pooled denominator; NaN where the latter is 0."""
        top, bottom = numerator @ self.mixture, denominator @ self.mixture
        quotient = np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)
        return dict(zip(self.names, quotient.T, strict=True))


@dataclass(frozen=True, eq=False)
class Reading:
    """One rule's flags, as the deployed system or the perfect reader raises them.

    Attributes
    ----------
    reader : str or None
        As in `Finding`.
    rule : CompiledRule
        The rule.
    day : DayLaws
        Its flags on a day, for every draw and stratum.
    moved : ndarray of bool, shape (strata,)
        Strata in which it depends on anything whose uncertainty is stated.
    """

    reader: str | None
    rule: CompiledRule
    day: DayLaws
    moved: NDArray[np.bool_]


def measure(
    chain: Chain, deployment: Deployment, emission: Array, progress: Progress | None = None
) -> tuple[Quantity, ...]:
    """Every finding of a deployment without further tables.

    Parameters
    ----------
    chain : Chain
        The compiled deployment.
    deployment : Deployment
        What it was compiled from.
    emission : ndarray, shape (1 + draws, strata, states, labels)
        P(label | state) at the profiles as stated, then at each draw.
    progress : callable, optional
        Called with (work done, work in all) now and then.

    Returns
    -------
    tuple of Quantity
        In the order of the definitions, rule by rule; the deployed system before the perfect reader.
    """
    pooling = Pooling.of(chain)
    rows = [_whole(chain, deployment), _labels(chain, emission, pooling)]
    deployed, perfect = [], []
    for i, rule in enumerate(chain.rules):
        step = (lambda done, of, i=i: progress(i * of + done, len(chain.rules) * of)) if progress else None
        read = Reading(
            None, rule, solve(chain, rule, emission, step), moved_by_draws(emission[..., rule.hit].sum(axis=-1))
        )
        ideal = Reading("perfect", rule, solve_perfect(chain, rule), np.zeros(len(chain.weight), dtype=bool))
        rows.append(_prevalence(ideal, chain, pooling))
        rows += [_of_rule(r, chain, deployment, pooling) for r in (read, ideal)]
        deployed.append(read)
        perfect.append(ideal)
    for reader, readings in ((None, deployed), ("perfect", perfect)):
        rows.append(_alerts(reader, readings, chain, deployment, pooling))
    return tuple(joined.from_iterable(rows))


def _whole(chain: Chain, deployment: Deployment) -> Iterator[Quantity]:
    pupils = deployment.population.schools * deployment.population.pupils_per_school
    looks = chain.years * chain.days * chain.lessons * chain.looks
    yield Quantity(np.array([float(pupils * looks)]), "observations", "all")
    yield Quantity(np.array([float(looks)]), "labels_archived", "all")


def _labels(chain: Chain, emission: Array, pooling: Pooling) -> Iterator[Quantity]:
    # Every look of a day finds the state in the law it starts from, which is stationary.
    share = np.einsum("sz,dszl->dsl", chain.start, emission)
    for i, label in enumerate(chain.labels):
        moved = pooling.any(moved_by_draws(emission[..., i]))
        for group, samples in pooling.mean(share[..., i]).items():
            yield Quantity(_settled(samples, moved[group]), "label_share", group, label=label)


def _settled(samples: Array, moved: bool) -> Array:
    return samples if moved else samples[:1]


def _prevalence(ideal: Reading, chain: Chain, pooling: Pooling) -> Iterator[Quantity]:
    rule = ideal.rule
    claimed = chain.start[:, rule.claimed].sum(axis=-1)
    for id, values in (("claimed_share", claimed), ("lesson_prevalence", ideal.day.prevalence / chain.lessons)):
        for group, samples in pooling.mean(values[None]).items():
            yield Quantity(samples, id, group, rule.name)


def _of_rule(reading: Reading, chain: Chain, deployment: Deployment, pooling: Pooling) -> Iterator[Quantity]:
    reader, rule, day = reading.reader, reading.rule, reading.day
    strata, moved = len(chain.weight), pooling.any(reading.moved)

    def shaped(values: Array) -> Array:
        return values.reshape(-1, strata, *values.shape[1:])

    true, false = shaped(day.true), shaped(day.false)
    any_false, no_false, only = shaped(day.any_false), shaped(day.no_false), shaped(day.only_true)
    in_all = chain.days * chain.years
    kept = in_all if deployment.file.keep_days == "forever" else min(deployment.file.keep_days, in_all)
    precision = pooling.ratio(true, true + false)
    blind = pooling.mean(random_truth(chain, rule)[None])
    false_a_year = pooling.mean(false * chain.days)
    found: dict[str, dict[str, Array]] = {
        "flags_per_pupil_year": pooling.mean((true + false) * chain.days),
        "false_flags_per_pupil_year": false_a_year,
        "flag_ppv": precision,
        "flag_lift": {g: _over(p, blind[g]) for g, p in precision.items()},
        "lesson_sensitivity": pooling.ratio(shaped(day.sensitivity), shaped(day.prevalence)),
        "lesson_false_positive_rate": pooling.ratio(shaped(day.false_positive), shaped(day.unclaimed)),
        "spells_missed": pooling.ratio(shaped(day.missed), shaped(day.spells)),
    }
    periods = {"day_1": 1, "week_1": min(5, in_all), "year_1": chain.days, "end": in_all}
    for name, days in periods.items():
        found[f"p_false_flag_by_{name}"] = pooling.mean(laws.at_least_once(any_false, days))
    for name, days in periods.items():
        found[f"p_only_true_flags_by_{name}"] = pooling.mean(laws.only_true(no_false, only, days))
    counts = laws.quantiles_of_sum(shaped(day.false_counts), pooling.mixture, in_all, QUANTILES)
    for q, values in zip(QUANTILES, counts, strict=True):
        found[f"false_flags_end_p{round(100 * q):02d}"] = dict(zip(pooling.names, values.T, strict=True))
    found["flags_on_file_end"] = pooling.mean((true + false) * kept)
    for id, by_group in found.items():
        for group, samples in by_group.items():
            yield Quantity(_settled(samples, moved[group]), id, group, rule.name, reader=reader)
    for mark, (earned, unearned) in day.marks.items():
        ever = laws.at_least_once(shaped(earned), chain.years)
        # The year in which it is first earned is like any other: unearned in the same proportion.
        share = np.divide(shaped(unearned), shaped(earned), out=np.zeros_like(ever), where=shaped(earned) > 0)
        for id, chance in (("p_mark", ever), ("p_mark_unearned", ever * share)):
            for group, samples in pooling.mean(chance).items():
                yield Quantity(_settled(samples, moved[group]), id, group, rule.name, reader=reader, mark=mark)
    groups = np.stack([false_a_year[g] for g in chain.groups])
    highest, lowest = groups.max(axis=0), groups.min(axis=0)
    for id, apart in (
        ("disparity_false_flags", _over(highest, lowest)),
        ("difference_false_flags", highest - lowest),
    ):
        # Groups that nobody belongs to are compared as well.
        yield Quantity(_settled(apart, bool(reading.moved.any())), id, "all", rule.name, reader=reader)


def _alerts(
    reader: str | None, readings: list[Reading], chain: Chain, deployment: Deployment, pooling: Pooling
) -> Iterator[Quantity]:
    pupils = deployment.population.pupils_per_school
    class_size = pupils / -(-pupils // deployment.population.class_size)

    def told(who: str, times: float) -> Iterator[tuple[str, Array]]:
        flags, moved = np.zeros(len(chain.weight)), np.zeros(len(chain.weight), dtype=bool)
        for r in readings:
            if who in r.rule.notify:
                flags = flags + (r.day.true + r.day.false).reshape(-1, len(chain.weight))
                moved = moved | r.moved
        for group, samples in pooling.mean(np.atleast_2d(flags * times)).items():
            yield group, _settled(samples, pooling.any(moved)[group])

    yield Quantity(dict(told("teacher", class_size))["all"], "alerts_per_teacher_day", "all", reader=reader)
    for group, samples in told("parent", chain.days):
        yield Quantity(samples, "alerts_per_family_year", group, reader=reader)


def _over(numerator: Array, denominator: Array) -> Array:
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    return np.asarray(np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator > 0))
