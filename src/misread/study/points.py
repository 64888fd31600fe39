"""A deployment at many points of what is uncertain, compiled to as few stacks of chains as its structure allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from misread.deployment import Deployment, looks_per_lesson, ranges, resolve_profiles
from misread.engine.chain import Chain, CompiledRule, compile_chain, compile_rules, stacked
from misread.engine.exact import Progress
from misread.engine.markov import Array
from misread.findings.measure import Wanted, everything, measure
from misread.findings.pooling import Quantity
from misread.profile import Profile
from misread.study.draws import Draws, drawn_rows

AT_ONCE = 512
"""Most points measured at once."""

Point = Mapping[tuple[str | int, ...], float]
"""Values of ranged numbers, by path."""
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
    emission : ndarray, shape (points, strata, states, labels)
        P(label | state) at each.
    index : ndarray of int, shape (points,)
        Which of all points they are.
    """

    deployment: Deployment
    chain: Chain
    emission: Array
    index: NDArray[np.intp]


def stacks(
    deployment: Deployment,
    profiles: Mapping[str, Profile],
    points: Sequence[Point],
    rows: Rows,
    *,
    at_once: int,
) -> Iterator[Stack]:
    """Compile a deployment at each point.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    profiles : mapping of str to Profile
        Its profiles, resolved.
    points : sequence of mapping
        Values of ranged numbers.
    rows : callable
        Rows of the profiles at a point.
    at_once : int
        Most points in a stack.

    Yields
    ------
    Stack
        Every point is in one of them.
    """
    open_: dict[str, list[tuple[int, Deployment, Chain, Array]]] = {}
    compiled: dict[str, tuple[CompiledRule, ...]] = {}
    moves_profiles = any(r.path[0] == "classifier" for r in deployment.ranges)
    for i, point in enumerate(points):
        here = ranges.at(deployment, point)
        key = _structure(here)
        if key not in compiled:
            compiled[key] = compile_rules(here)
        read = resolve_profiles(here) if moves_profiles else profiles
        chain = compile_chain(here, read, compiled[key])
        group = open_.setdefault(key, [])
        group.append((i, here, chain, chain.emissions(rows(i, read))))
        if len(group) == at_once:
            yield _stack(open_.pop(key))
    for group in open_.values():
        yield _stack(group)


def _stack(group: Sequence[tuple[int, Deployment, Chain, Array]]) -> Stack:
    index, deployments, chains, emissions = zip(*group, strict=True)
    return Stack(deployments[0], stacked(chains), np.concatenate(emissions), np.array(index))


def _structure(deployment: Deployment) -> str:
    """What chains must share to be stacked: everything but rates, displays, shares, seats and rows."""
    parts = [
        deployment.population.model_copy(update={"groups": ()}),
        deployment.calendar,
        deployment.rules,
        deployment.file,
        looks_per_lesson(deployment),
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
    points: list[Point] = [{}, *(draws.values(deployment.ranges, i) for i in range(count))]
    # As few gamma quantiles as can be: at once, unless a range moves the profiles themselves.
    fixed = drawn_rows(profiles, draws)

    def rows(i: int, here: Mapping[str, Profile]) -> Mapping[str, Array]:
        if here is profiles or i == 0:
            return {name: table[i : i + 1] if len(table) > 1 else table for name, table in fixed.items()}
        return {name: draws.rows(p, slice(i - 1, i)) for name, p in here.items()}

    parts, done = [], 0
    for stack in stacks(deployment, profiles, points, rows, at_once=AT_ONCE):
        size = len(stack.index)
        step = (lambda part, of, d=done, n=size: progress(d * of + part * n, (1 + count) * of)) if progress else None
        parts.append((stack.index, measure(stack.chain, stack.deployment, stack.emission, step, wanted)))
        done += size
    return merged(parts, 1 + count)


def merged(parts: Sequence[tuple[NDArray[np.intp], tuple[Quantity, ...]]], count: int) -> tuple[Quantity, ...]:
    """Quantities measured at some points each, as quantities at all of them.

    Parameters
    ----------
    parts : sequence of (ndarray of int, tuple of Quantity)
        Which points, and what was measured there: the same quantities each time.
    count : int
        How many points there are.
    """
    out = []
    for quantities in zip(*(q for _, q in parts), strict=True):
        samples = np.empty(count)
        for (index, _), q in zip(parts, quantities, strict=True):
            samples[index] = q.samples
        first = next(q for (index, _), q in zip(parts, quantities, strict=True) if 0 in index)
        alone = all(len(q.samples) == 1 for q in quantities)
        still = alone and np.isclose(samples, samples[0], rtol=1e-9, atol=0, equal_nan=True).all()
        out.append(replace(first, samples=samples[:1] if still else samples))
    return tuple(out)
