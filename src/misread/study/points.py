"""A deployment at many points of what is uncertain, compiled to as few stacks of chains as its structure allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.deployment import Deployment, looks_per_lesson, ranges, resolve_profiles
from misread.engine.chain import Chain, CompiledRule, compile_chain, compile_rules, stacked
from misread.engine.markov import Array
from misread.profile import Profile

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
