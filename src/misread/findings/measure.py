"""From laws of a day to the findings of deployment.md §3.

Every quantity is computed for the profiles as stated and for each draw of them at once, by the same
lines: `Quantity.samples` holds the stated one first. What an interval is made of is therefore exactly
what the value is made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain as joined

import numpy as np

from misread.deployment.model import Deployment
from misread.engine import laws
from misread.engine.chain import Array, Chain, CompiledRule
from misread.engine.exact import DayLaws, Progress, random_truth, solve, solve_perfect

QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, eq=False)
class Quantity:
    """A finding before it is summed up.

    Attributes
    ----------
    samples : ndarray, shape (1 + draws,)
        Its value at the profiles as stated, then at each draw; NaN where its condition has probability 0.
        One value only where it cannot depend on the profiles.
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

    def ratio(self, numerator: Array, denominator: Array) -> dict[str, Array]:
        """Pooled numerator over pooled denominator; NaN where the latter is 0."""
        top, bottom = numerator @ self.mixture, denominator @ self.mixture
        quotient = np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)
        return dict(zip(self.names, quotient.T, strict=True))


def measure(
    chain: Chain, deployment: Deployment, emission: Array, progress: Progress | None = None
) -> tuple[Quantity, ...]:
    """Everything deployment.md §3 asks of a deployment without further tables.

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
    deployed: list[tuple[CompiledRule, DayLaws]] = []
    perfect: list[tuple[CompiledRule, DayLaws]] = []
    for i, rule in enumerate(chain.rules):
        step = (lambda done, of, i=i: progress(i * of + done, len(chain.rules) * of)) if progress else None
        deployed.append((rule, solve(chain, rule, emission, step)))
        perfect.append((rule, solve_perfect(chain, rule)))
    for (rule, day), (_, ideal) in zip(deployed, perfect, strict=True):
        rows.append(_prevalence(rule, ideal, chain, pooling))
        rows.append(_of_rule(rule, day, chain, deployment, pooling, None))
        rows.append(_of_rule(rule, ideal, chain, deployment, pooling, "perfect"))
    for reader, results in ((None, deployed), ("perfect", perfect)):
        rows.append(_alerts(results, chain, deployment, pooling, reader))
    return tuple(joined.from_iterable(rows))


def _whole(chain: Chain, deployment: Deployment) -> Iterator[Quantity]:
    pupils = deployment.population.schools * deployment.population.pupils_per_school
    looks = chain.years * chain.days * chain.lessons * chain.looks
    yield Quantity(np.array([float(pupils * looks)]), "observations", "all")
    yield Quantity(np.array([float(looks)]), "labels_archived", "all")


def _labels(chain: Chain, emission: Array, pooling: Pooling) -> Iterator[Quantity]:
    law, share = chain.start, np.zeros((*emission.shape[:2], len(chain.labels)))
    rest = np.matmul(np.linalg.matrix_power(chain.step, chain.looks - 1), chain.gap)
    for _ in range(chain.lessons):
        at_look = law
        for look in range(chain.looks):
            if look:
                at_look = np.einsum("sz,szy->sy", at_look, chain.step)
            share += np.einsum("sz,dszl->dsl", at_look, emission)
        law = np.einsum("sz,szy->sy", law, rest)
    share /= chain.lessons * chain.looks
    for i, label in enumerate(chain.labels):
        for group, samples in pooling.mean(share[..., i]).items():
            yield Quantity(samples, "label_share", group, label=label)


def _prevalence(rule: CompiledRule, ideal: DayLaws, chain: Chain, pooling: Pooling) -> Iterator[Quantity]:
    claimed = chain.start[:, rule.claimed].sum(axis=-1)
    for id, values in (("claimed_share", claimed), ("lesson_prevalence", ideal.prevalence / chain.lessons)):
        for group, samples in pooling.mean(values[None]).items():
            yield Quantity(samples, id, group, rule.name)


def _of_rule(
    rule: CompiledRule, day: DayLaws, chain: Chain, deployment: Deployment, pooling: Pooling, reader: str | None
) -> Iterator[Quantity]:
    strata = len(chain.weight)

    def shaped(values: Array) -> Array:
        return values.reshape(-1, strata, *values.shape[1:])

    true, false = shaped(day.true), shaped(day.false)
    any_false, only = shaped(day.any_false), shaped(day.only_true)
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
        found[f"p_only_true_flags_by_{name}"] = pooling.mean(laws.only_true(any_false, only, days))
    counts = laws.quantiles_of_sum(shaped(day.false_counts), pooling.mixture, in_all, QUANTILES)
    for q, values in zip(QUANTILES, counts, strict=True):
        found[f"false_flags_end_p{round(100 * q):02d}"] = dict(zip(pooling.names, values.T, strict=True))
    found["flags_on_file_end"] = pooling.mean((true + false) * kept)
    for id, by_group in found.items():
        for group, samples in by_group.items():
            yield Quantity(samples, id, group, rule.name, reader=reader)
    for mark, (earned, unearned) in day.marks.items():
        ever = laws.at_least_once(shaped(earned), chain.years)
        # The year in which it is first earned is like any other: unearned in the same proportion.
        share = np.divide(shaped(unearned), shaped(earned), out=np.zeros_like(ever), where=shaped(earned) > 0)
        for id, chance in (("p_mark", ever), ("p_mark_unearned", ever * share)):
            for group, samples in pooling.mean(chance).items():
                yield Quantity(samples, id, group, rule.name, reader=reader, mark=mark)
    groups = np.stack([false_a_year[g] for g in chain.groups])
    highest, lowest = groups.max(axis=0), groups.min(axis=0)
    yield Quantity(_over(highest, lowest), "disparity_false_flags", "all", rule.name, reader=reader)
    yield Quantity(highest - lowest, "difference_false_flags", "all", rule.name, reader=reader)


def _alerts(
    results: list[tuple[CompiledRule, DayLaws]],
    chain: Chain,
    deployment: Deployment,
    pooling: Pooling,
    reader: str | None,
) -> Iterator[Quantity]:
    pupils = deployment.population.pupils_per_school
    class_size = pupils / -(-pupils // deployment.population.class_size)

    def told(who: str) -> Array:
        flags = [day.true + day.false for rule, day in results if who in rule.notify]
        return sum(flags, np.zeros(1)).reshape(-1, len(chain.weight)) if flags else np.zeros((1, len(chain.weight)))

    teacher = pooling.mean(told("teacher") * class_size)["all"]
    yield Quantity(teacher, "alerts_per_teacher_day", "all", reader=reader)
    for group, samples in pooling.mean(told("parent") * chain.days).items():
        yield Quantity(samples, "alerts_per_family_year", group, reader=reader)


def _over(numerator: Array, denominator: Array) -> Array:
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    return np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator > 0)
