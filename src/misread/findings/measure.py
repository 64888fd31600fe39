"""From laws of a day to the findings of docs/findings.md.

Every quantity is computed for the profiles as stated and for each draw of them at once, by the same
lines: `Quantity.samples` holds the stated one first. What an interval is made of is therefore exactly
what the value is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain as joined

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Deployment
from misread.engine.chain import Chain, Emissions
from misread.engine.chain.markov import Array
from misread.engine.exact.day import Progress, cases, moved_by_draws, solve, solve_perfect
from misread.engine.exact.hiding.nights import Nights
from misread.findings.definitions import DEFINITIONS
from misread.findings.pooling import Pooling, Quantity, of_pools
from misread.findings.reading import QUANTILES, Reading, of_reading
from misread.findings.slices import slices

ROUNDING = 1e-9
"""More than rounding adds to a chance over all days."""
Wanted = Callable[[str, str | None], bool]
"""Whether a finding is wanted, by id and rule."""


def everything(id: str, rule: str | None) -> bool:  # noqa: ARG001
    """Every finding is wanted."""
    return True


def measure(
    chain: Chain,
    deployment: Deployment,
    emission: Emissions,
    progress: Progress | None = None,
    wanted: Wanted = everything,
    *,
    perfect: bool = True,
) -> tuple[Quantity, ...]:
    """The findings of a deployment that the exact engine has.

    What couples pupils is left out: rules that rank a class, decisions, and, where such a rule's flags hide faces,
    all that depends on faces.

    Parameters
    ----------
    chain : Chain
        The compiled deployment; or several, stacked, one a draw.
    deployment : Deployment
        What it was compiled from.
    emission : Emissions
        P(label | cell) at the inputs as stated, then at each draw.
    progress : callable, optional
        Called with (work done, work in all) now and then.
    wanted : callable, optional
        Which findings; what others would need is not computed.
    perfect : bool
        Whether the perfect reader is measured as well.

    Returns
    -------
    tuple of Quantity
        In the order of the definitions, rule by rule; the deployed system before the perfect reader.
    """
    own = _process_moved(chain)
    rows: list[Iterator[Quantity] | list[Quantity]] = [list(_whole(chain, deployment))]
    faces = not faces_coupled(chain)
    nights = Nights(chain, emission) if faces and len(chain.masking) > 1 else None
    open_faced = Pooling.of(chain)
    pooling = Pooling.of(chain, nights.hidden) if nights else open_faced
    if faces and wanted("label_share", None):
        rows.append(_labels(chain, emission, own, pooling))
    deployed, ideals = [], []
    for i, rule in enumerate(chain.rules):
        step = (lambda done, of, i=i: progress(i * of + done, len(chain.rules) * of)) if progress else None
        counts = any(wanted(id, rule.name) for id in QUANTILES)
        ideal = Reading(
            "perfect", rule, solve_perfect(chain, rule, counts=counts), own, chain, deployment, open_faced, None
        )
        rows.append(_prevalence(ideal, wanted))
        ideals.append(ideal)
        readings = [ideal] if perfect else []
        if faces:
            moved = own | moved_by_draws(cases(emission.of(rule.hit, chain.masking)))
            if nights:
                moved = np.full_like(moved, moved.any())
            day = solve(chain, rule, emission, step, counts=counts)
            deployed.append(Reading(None, rule, day, moved, chain, deployment, pooling, nights))
            readings.insert(0, deployed[-1])
        rows += [of_reading(r, wanted) for r in readings]
    if wanted("alerts_per_teacher_day", None) or wanted("alerts_per_family_year", None):
        for reader, read in ((None, deployed), ("perfect", ideals)):
            if perfect if reader else faces:
                rows.append(_alerts(reader, read, chain, deployment, pooling))
    if nights and wanted("masking_end", None):
        hidden = {name: bool(moved_by_draws(cases(emission.plain)).any()) for name in pooling.names}
        rows.append(of_pools(pooling.of_kinds(nights.masking_end), hidden, "masking_end"))
    elif deployment.feedback and faces:
        rows.append([Quantity("masking_end", g, samples=np.zeros(1)) for g in pooling.names])
    return tuple(at_most_all(q) for q in joined.from_iterable(rows) if wanted(q.id, q.rule))


def at_most_all(q: Quantity) -> Quantity:
    """A share or a chance without what rounding adds to 1.

    Chances are summed, never taken as one minus something; sums of what is all but certain may end above 1 by what
    rounding adds at each of thousands of days. What is further above would be an error, and stays to be seen.
    """
    if not DEFINITIONS[q.id].of_all:
        return q
    rounded = (q.samples > 1) & (q.samples <= 1 + ROUNDING)
    return replace(q, samples=np.where(rounded, 1.0, q.samples)) if rounded.any() else q


def faces_coupled(chain: Chain) -> bool:
    """Whether what a pupil's face shows depends on classmates: flags of a rule that ranks the class hide faces."""
    return len(chain.masking) > 1 and any(r.notify for r in chain.ranked)


def _process_moved(chain: Chain) -> NDArray[np.bool_]:
    """Cases in which the pupil's own process is not the same at all points."""
    shape = (chain.epochs, len(chain.masking), chain.strata)
    moved = np.zeros((chain.epochs, chain.strata), dtype=bool)
    for table in (chain.start, chain.step, chain.gap):
        flat = table.reshape(len(table), -1, *table.shape[3:])
        moved |= moved_by_draws(flat).reshape(moved.shape)
    moved |= moved_by_draws(chain.share[:, None]).all()
    return np.broadcast_to(moved[:, None], shape).ravel()


def _whole(chain: Chain, deployment: Deployment) -> Iterator[Quantity]:
    population = deployment.population
    watched = population.schools * population.pupils_per_school * (1 - population.opt_out)
    looks = chain.years * chain.days * chain.lessons * chain.looks
    yield Quantity("observations", samples=np.array([float(watched * looks)]))
    yield Quantity("labels_archived", samples=np.array([float(looks)]))


def _labels(chain: Chain, emission: Emissions, own: NDArray[np.bool_], pooling: Pooling) -> Iterator[Quantity]:
    looks = _looks(chain)
    for i, label in enumerate(chain.labels):
        chance = emission.of(np.arange(len(chain.labels)) == i, chain.masking)
        share = cases(np.einsum("deskc,demskc->dems", looks, chance))
        moved = own | moved_by_draws(cases(chance))
        yield from of_pools(pooling.mean(share), pooling.any(moved), "label_share", label=label)
        for key, part in slices(chain, pooling):
            yield from of_pools(part.mean(share), part.any(moved), "label_share", label=label, **key)


def _looks(chain: Chain) -> Array:
    """Law of (situation, cell) at a random look: shape (points, epochs, strata, situations, cells)."""
    share = chain.share[:, None, None, :, None]
    if chain.step.shape[3] == 1:
        # Every look of a day finds the cell in the law it starts from, which is stationary.
        return np.asarray(chain.start[:, :, :, None] * share)
    first, total = chain.start, np.zeros(chain.step.shape[:5])
    for _ in range(chain.lessons):
        law, after = np.repeat(first[:, :, :, None], chain.step.shape[3], axis=3), np.zeros_like(first)
        for look in range(chain.looks):
            total += law
            move = chain.step if look < chain.looks - 1 else chain.gap
            law = np.matmul(law[..., None, :], move)[..., 0, :]
        after = (law * share).sum(axis=3)
        first = after
    return np.asarray(total * share / (chain.lessons * chain.looks))


def _prevalence(ideal: Reading, wanted: Wanted) -> Iterator[Quantity]:
    chain, rule, pooling = ideal.chain, ideal.rule, ideal.pooling
    moved = pooling.any(ideal.moved)

    def claimed() -> Array:
        looks = _looks(chain)[..., chain.claimed(rule)].sum(axis=(-1, -2))
        return np.repeat(looks[:, :, None], len(chain.masking), axis=2).ravel()

    found: dict[str, Callable[[], Array]] = {
        "claimed_share": claimed,
        "lesson_prevalence": lambda: ideal.day.prevalence / chain.lessons,
    }
    for id, values in found.items():
        if wanted(id, rule.name):
            yield from of_pools(pooling.mean(ideal.shaped(values())), moved, id, rule.name)


def _alerts(
    reader: str | None, readings: list[Reading], chain: Chain, deployment: Deployment, pooling: Pooling
) -> Iterator[Quantity]:
    pupils = deployment.population.pupils_per_school
    class_size = pupils / -(-pupils // deployment.population.class_size) * (1 - deployment.population.opt_out)

    def told(who: str, times: float) -> list[Quantity]:
        flags, moved = np.zeros((1, pooling.mixture.shape[1])), np.zeros(pooling.mixture.shape[1], dtype=bool)
        for r in readings:
            if who in r.rule.notify:
                flags = flags + r.shaped(r.day.true + r.day.false)
                moved = moved | r.moved
        id = "alerts_per_teacher_day" if who == "teacher" else "alerts_per_family_year"
        return of_pools(pooling.mean(flags * times), pooling.any(moved), id, reader=reader)

    if not any("teacher" in r.notify for r in chain.ranked):
        yield told("teacher", class_size)[-1]
    if not any("parent" in r.notify for r in chain.ranked):
        yield from told("parent", chain.days)
