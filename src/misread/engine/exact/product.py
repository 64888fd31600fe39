"""Several rules read together, where what one of them flags changes what another will see.

A `Joint` automaton reads all of them at once. What is asked of one rule is an element of a small algebra, which a flag
multiplies from the left; how many flags notify somebody stands beside it as a count.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.engine.chain import Chain, CompiledRule, Emissions
from misread.engine.chain.markov import Array
from misread.engine.chain.rules import NO_FLAG, TRUE_FLAG
from misread.engine.exact.part import Part, part_of, rows_of

Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Algebra:
    """What is remembered of one rule's flags, and how parts of a day are put together.

    Attributes
    ----------
    product : ndarray, shape (size, size, size)
        Coefficients: the product of a and b has Σ product[u, v, w]·a[u]·b[v] at w. The first unit vector is the one.
    true, false : ndarray, shape (size,)
        What a true flag is, and a false one.
    """

    product: Array
    true: Array
    false: Array

    @property
    def size(self) -> int:
        """Numbers of an element."""
        return len(self.true)


def _algebra(terms: Sequence[tuple[int, int, int, float]], true: Sequence[float], false: Sequence[float]) -> Algebra:
    product = np.zeros((len(true),) * 3)
    for u, v, w, factor in terms:
        product[u, v, w] = factor
    return Algebra(product, np.array(true), np.array(false))


MOMENTS = _algebra(
    [(0, 0, 0, 1), (1, 0, 1, 1), (0, 1, 1, 1), (2, 0, 2, 1), (1, 1, 2, 2), (0, 2, 2, 1)], [1, 1, 1], [1, 1, 1]
)
"""The number of flags to the powers 0, 1 and 2."""
KINDS = _algebra(
    [(0, 0, 0, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1), (0, 2, 2, 1), (1, 2, 2, 1)]
    + [(2, v, 2, 1) for v in range(3)],
    [0, 1, 0],
    [0, 0, 1],
)
"""No flag yet; flags, none of them false; some false flag."""


@dataclass(frozen=True, eq=False)
class Joint:
    """An automaton that reads several rules at once, and counts.

    Attributes
    ----------
    letters : ndarray of bool, shape (letters, labels)
        Which labels a letter stands for: those that are hits of the same rules.
    claimed : ndarray of int, shape (states,)
        1 for states that the asked rule claims, where that is asked for.
    next : ndarray of int, shape (states of the automaton, letters, 2)
        Where it goes.
    outcome, last : ndarray of int, shape (states of the automaton, letters, 2)
        What a look brings, at any look but a lesson's last, and there: a column of `count`. 0 is nothing.
    count : ndarray of int, shape (counts, outcomes)
        Where each count goes. A count is a number of flags that notify somebody, times what is asked.
    """

    letters: NDArray[np.bool_]
    claimed: Ints
    next: Ints
    outcome: Ints
    last: Ints
    count: Ints


def joint(rules: Sequence[CompiledRule], asked: CompiledRule, algebra: Algebra) -> Joint:
    """Put rules together.

    Parameters
    ----------
    rules : sequence of CompiledRule
        Those that notify somebody, and the asked one.
    asked : CompiledRule
        The one whose flags are counted by themselves.
    algebra : Algebra
        `MOMENTS` or `KINDS`; only the latter tells true flags from false ones.
    """
    hits, letter_of = np.unique(np.stack([r.hit for r in rules]), axis=1, return_inverse=True)
    by_truth = algebra is KINDS
    start = (0,) * len(rules)
    number, queue = {start: 0}, [start]
    following: list[list[list[int]]] = []
    events: list[list[list[list[int]]]] = []
    for state in queue:
        following.append([[0, 0] for _ in range(hits.shape[1])])
        events.append([[[], []] for _ in range(hits.shape[1])])
        for letter, claim in np.ndindex(hits.shape[1], 2):
            # What a flag claims does not change when it fires: where truth is not asked for, nothing is claimed.
            claims = [int(claim and by_truth and r is asked) for r in rules]
            ways = list(zip(rules, state, hits[:, letter].astype(int), claims, strict=True))
            reached = tuple(int(r.automaton.next[a, h, c]) for r, a, h, c in ways)
            if reached not in number:
                number[reached] = len(queue)
                queue.append(reached)
            following[-1][letter][claim] = number[reached]
            events[-1][letter][claim] = [int(r.automaton.event[a, h, c]) for r, a, h, c in ways]
    event = np.array(events)
    early = event * ~np.array([r.automaton.at_end for r in rules])
    tells = np.array([bool(r.notify) for r in rules])
    which = list(rules).index(asked)
    told = sum(r.most_flags for r in rules if r.notify)
    most = asked.most_flags if algebra is MOMENTS else len(algebra.true) - 1
    width = len(rules) + 1

    def outcomes(of: Ints) -> Ints:
        return np.asarray(((of != NO_FLAG) & tells).sum(axis=-1) + width * of[..., which])

    return Joint(
        letters=letter_of.ravel() == np.arange(hits.shape[1])[:, None],
        claimed=asked.claimed.astype(np.intp) * by_truth,
        next=np.array(following),
        outcome=outcomes(early),
        last=outcomes(event),
        count=_counts(told, most, width, algebra),
    )


def _counts(told: int, most: int, width: int, algebra: Algebra) -> Ints:
    """The table `Joint.count`: counts go by how many were told, then by the asked rule's flags or their kind."""
    to = np.zeros(((told + 1) * (most + 1), 3 * width), dtype=np.intp)
    for t, f in np.ndindex(told + 1, most + 1):
        for more, kind in np.ndindex(width, 3):
            after = f
            if kind != NO_FLAG:
                after = min(f + 1, most) if algebra is MOMENTS else max(f, 1 if kind == TRUE_FLAG else 2)
            # What no lesson can bring is never reached; it only has to be somewhere.
            to[t * (most + 1) + f, kind * width + more] = min(t + more, told) * (most + 1) + after
    return to


def day_laws(
    chain: Chain, emission: Emissions, rules: Sequence[CompiledRule], asked: CompiledRule, algebra: Algebra
) -> Array:
    """A day's flags that notify somebody, together with what is asked of one rule.

    Returns
    -------
    ndarray, shape (draws, epochs, levels, strata, counts, size of the algebra)
        Counts from as many as there are levels on are put together.
    """
    machine = joint(rules, asked, algebra)
    nodes, to_levels = _between_levels(chain)
    chances = np.stack([emission.of(letter, nodes) for letter in machine.letters], axis=-1)
    draws, epochs, _, strata, situations, cells, _ = chances.shape
    rows = rows_of(chain, draws, epochs, len(nodes))
    part = part_of(chain, asked, np.empty(0), np.empty(0), rows)
    told = sum(r.most_flags for r in rules if r.notify)
    tables = _lessons(part, chances.reshape(len(rows), situations, cells, -1), machine)
    tables = _in_algebra(tables.reshape(*tables.shape[:-1], told + 1, -1), algebra)
    mixed = part.to_next(tables.reshape(*tables.shape[:4], -1)).reshape(draws, epochs, len(nodes), strata, -1)
    levels = np.einsum("mn,densx->demsx", to_levels, mixed).reshape(-1, cells, cells, told + 1, algebra.size)
    start = part_of(chain, asked, np.empty(0), np.empty(0), rows_of(chain, draws, epochs, len(to_levels))).start
    law = _day(start, levels, chain.lessons, len(to_levels), algebra)
    return law.reshape(draws, epochs, len(to_levels), strata, *law.shape[1:])


def _between_levels(chain: Chain) -> tuple[Array, Array]:
    """Where a lesson is computed, and how its tables at all levels come from there.

    A lesson's chances are polynomials of how far faces are hidden, of as high a degree as it has looks: one look is
    linear in it. Where there are more levels than that, tables are computed at Chebyshev's nodes, and are exact between
    (barycentric interpolation, Berrut & Trefethen 2004).

    Returns
    -------
    tuple of ndarray, shapes (nodes,) and (levels, nodes)
    """
    levels, of_level = np.unique(chain.masking, return_inverse=True)
    if len(levels) <= chain.looks + 1:
        return levels, np.eye(len(levels))[of_level]
    # As parts of the most that is hidden: differences of tiny levels would leave the range of numbers.
    most = levels[-1]
    levels = levels / most
    j = np.arange(chain.looks + 1)
    nodes = (1 - np.cos(np.pi * j / chain.looks)) / 2
    weight = (-1.0) ** j
    weight[[0, -1]] /= 2
    away = levels[:, None] - nodes
    # So near to a node that its value is the node's: dividing by less might leave the range of numbers.
    at = np.abs(away) < np.finfo(float).eps ** 2
    terms = weight / np.where(at, 1, away)
    between = np.where(at.any(axis=1, keepdims=True), at, terms / terms.sum(axis=1, keepdims=True))
    return nodes * most, between[of_level]


def _in_algebra(counts: Array, algebra: Algebra) -> Array:
    """Tables by (told, asked rule's flags or their kind), as elements of the algebra."""
    if algebra is KINDS:
        return counts
    powers = np.arange(counts.shape[-1])[:, None] ** np.arange(algebra.size)
    return np.asarray(counts @ powers)


def _day(start: Array, tables: Array, lessons: int, levels: int, algebra: Algebra) -> Array:
    """A day of lessons.

    Parameters
    ----------
    start : ndarray, shape (readings, cells)
        Law of the first look's cell.
    tables : ndarray, shape (readings, cells, cells, told, size of the algebra)
        A lesson, up to the next one's first look.
    lessons, levels : int
        How many lessons; how many levels of hiding there are.
    algebra : Algebra
        How lessons are put together.
    """
    told = tables.shape[3] - 1
    counts = min(told * lessons, levels - 1) + 1
    law = np.zeros((*start.shape, counts, algebra.size))
    law[:, :, 0, 0] = start
    for _ in range(lessons):
        after = np.zeros_like(law)
        for more in range(told + 1):
            # One lesson alone may bring more than counts.
            left = max(counts - more, 0)
            for u, v, w in zip(*np.nonzero(algebra.product), strict=True):
                table = tables[:, :, :, more, v].transpose(0, 2, 1) * algebra.product[u, v, w]
                moved = np.matmul(table, law[..., u])
                after[:, :, more:, w] += moved[:, :, :left]
                after[:, :, -1, w] += moved[:, :, left:].sum(axis=2)
        law = after
    return np.asarray(law.sum(axis=1))


def _lessons(part: Part, chances: Array, machine: Joint) -> Array:
    """Laws of a lesson: shape (readings, situations, cells, cells at the last look, counts)."""
    chain = part.chain
    reached = _reached(machine, chain.looks)
    flat = np.ascontiguousarray(chances.reshape(-1, *chances.shape[2:]))
    step = np.ascontiguousarray(part.step.reshape(-1, *part.step.shape[2:]))
    _, kept, back = np.unique(
        np.column_stack([flat.reshape(len(flat), -1), step.reshape(len(step), -1)]),
        axis=0,
        return_index=True,
        return_inverse=True,
    )
    # Compiled code loads when there is something for it to do.
    from misread.engine.exact.forward import lessons

    tables = (machine.claimed[chain.state], machine.next, machine.outcome, machine.last, machine.count)
    lists = (np.concatenate(reached), np.cumsum([0, *map(len, reached)]))
    with ThreadPoolExecutor() as threads:
        shares = np.array_split(kept, 4 * (os.cpu_count() or 1))
        laws = threads.map(lambda some: lessons(flat[some], step[some], *tables, *lists), shares)
        law = np.concatenate([part for part in laws if len(part)])
    return law[back.ravel()].reshape(*chances.shape[:3], *law.shape[2:])


def _reached(machine: Joint, looks: int) -> list[Ints]:
    """States the automaton can be in before each look, and after the last."""
    sets = [np.zeros(1, dtype=np.intp)]
    for _ in range(looks):
        sets.append(np.unique(machine.next[sets[-1]]))
    return sets
