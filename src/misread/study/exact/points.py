"""A deployment at many points of what is uncertain, compiled to as few stacks of chains as its structure allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from misread.deployment import Deployment, looks_per_lesson, ranges, resolve_profiles
from misread.engine.chain import Chain, Emissions, compile_chain, compile_rules, joined, stacked
from misread.engine.chain.compile import Rules
from misread.engine.chain.markov import Array
from misread.engine.exact.day import Progress
from misread.findings.measure import Wanted, everything, measure
from misread.findings.pooling import Quantity
from misread.profile import Profile
from misread.study.exact.draws import Draws, drawn_rows

AT_ONCE = 512
"""Most points measured at once."""

Read = Callable[[Deployment], Mapping[str, Profile]]
"""Profiles of a deployment, as stated there."""
Rows = Callable[[int, Mapping[str, Profile]], Mapping[str, Array]]
"""Rows of the profiles, each of shape (1, expressions, labels), at a point and the profiles as stated there."""


@dataclass(frozen=True, eq=False)
class Stack:
    """Points at which a deployment differs in numbers only: same looks, calendar, rules and file.

    Attributes
    ----------
    deployment : Deployment
        The deployment at the first of them.
    chain : Chain
        All of them, stacked.
    emission : Emissions
        P(label | cell) at each.
    index : ndarray of int, shape (points,)
        Which of all points they are.
    """

    deployment: Deployment
    chain: Chain
    emission: Emissions
    index: NDArray[np.intp]


def stacks(variants: Iterable[Deployment], read: Read, rows: Rows) -> Iterator[Stack]:
    """Compile variants of a deployment.

    Parameters
    ----------
    variants : iterable of Deployment
        One for each point.
    read : callable
        The profiles of a variant.
    rows : callable
        Rows of the profiles at a point.

    Yields
    ------
    Stack
        Every point is in one of them; no stack has more than `AT_ONCE`.
    """
    open_: dict[str, list[tuple[int, Deployment, Chain, Emissions]]] = {}
    compiled: dict[str, Rules] = {}
    for i, here in enumerate(variants):
        key = _structure(here)
        if key not in compiled:
            compiled[key] = compile_rules(here)
        profiles = read(here)
        chain = compile_chain(here, profiles, compiled[key])
        # Cells are faces too where those last: a face that is never shown at a point is no cell there.
        cells = f"{key} {chain.expressions if here.face else ''}"
        group = open_.setdefault(cells, [])
        group.append((i, here, chain, chain.emissions(rows(i, profiles))))
        if len(group) == AT_ONCE:
            yield _stack(open_.pop(cells))
    for group in open_.values():
        yield _stack(group)


def _stack(group: Sequence[tuple[int, Deployment, Chain, Emissions]]) -> Stack:
    index, deployments, chains, emissions = zip(*group, strict=True)
    return Stack(deployments[0], stacked(chains), joined(emissions), np.array(index))


def _structure(deployment: Deployment) -> str:
    """What chains must share to be stacked: everything but rates, displays, shares, seats and rows.

    How far faces are hidden is one table for all points of a stack.
    """
    parts = [
        deployment.population.model_copy(update={"groups": ()}),
        deployment.calendar,
        deployment.rules,
        deployment.file,
        looks_per_lesson(deployment),
        deployment.face is None,
        [(t.name, t.acts_on, t.levels) for t in deployment.traits],
        [s.name for s in deployment.situations],
        [a.from_year for a in deployment.ages],
        deployment.feedback,
    ]
    return repr(parts)


def measured_at(
    deployment: Deployment,
    profiles: Mapping[str, Profile],
    draws: Draws,
    progress: Progress | None = None,
    wanted: Wanted = everything,
) -> tuple[Quantity, ...]:
    """Quantities at the deployment as stated, then at each draw of its profiles and ranges.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    profiles : mapping of str to Profile
        Its profiles, resolved.
    draws : Draws
        Points of what is uncertain.
    progress, wanted
        As in `misread.findings.measure.measure`.

    Returns
    -------
    tuple of Quantity
        Samples of shape (1 + draws,), or (1,) of what no draw moves.
    """
    count = len(draws.points)
    points = [{}, *(draws.values(deployment.ranges, i) for i in range(count))]
    moves_profiles = any(r.path[0] == "classifier" for r in deployment.ranges)
    # As few gamma quantiles as can be: at once, unless a range moves the profiles themselves.
    fixed = drawn_rows(profiles, draws)

    def rows(i: int, here: Mapping[str, Profile]) -> Mapping[str, Array]:
        if here is profiles or i == 0:
            return {name: table[i : i + 1] if len(table) > 1 else table for name, table in fixed.items()}
        return {name: draws.rows(p, slice(i - 1, i)) for name, p in here.items()}

    variants = (ranges.at(deployment, point) for point in points)
    found = stacks(variants, resolve_profiles if moves_profiles else lambda _: profiles, rows)
    return measured_in(found, 1 + count, progress, wanted)


def measured_in(
    found: Iterable[Stack], count: int, progress: Progress | None = None, wanted: Wanted = everything
) -> tuple[Quantity, ...]:
    """Quantities of all points that are in some stacks.

    Parameters
    ----------
    found : iterable of Stack
        The stacks.
    count : int
        How many points there are.
    progress, wanted
        As in `misread.findings.measure.measure`.
    """
    parts, done = [], 0
    for stack in found:
        size = len(stack.index)
        step = (lambda part, of, d=done, n=size: progress(d * of + part * n, count * of)) if progress else None
        parts.append((stack.index, measure(stack.chain, stack.deployment, stack.emission, step, wanted)))
        done += size
    return merged(parts, count)


def merged(parts: Sequence[tuple[NDArray[np.intp], tuple[Quantity, ...]]], count: int) -> tuple[Quantity, ...]:
    """Quantities measured at some points each, as quantities at all of them.

    Parameters
    ----------
    parts : sequence of (ndarray of int, tuple of Quantity)
        Which points, and what was measured there; those of the first point are kept.
    count : int
        How many points there are.
    """
    by_key = [(index, {q.key: q for q in quantities}) for index, quantities in parts]
    first = next(quantities for index, quantities in parts if 0 in index)
    out = []
    for q in first:
        # Where nobody sits on a kind of seat there is nothing to measure.
        samples, alone = np.full(count, np.nan), True
        for index, found in by_key:
            if q.key in found:
                samples[index] = found[q.key].samples
                alone = alone and len(found[q.key].samples) == 1
        still = alone and np.isclose(samples, samples[0], rtol=1e-9, atol=0, equal_nan=True).all()
        out.append(replace(q, samples=samples[:1] if still else samples))
    return tuple(out)
