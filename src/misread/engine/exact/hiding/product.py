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
from misread.engine.exact.lesson import place
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
class Memory:
    """What is kept of one rule's flags while they come: a number, 0 to begin with.

    Attributes
    ----------
    true, false : ndarray of int, shape (numbers,)
        Where a true flag leads from each number, and a false one.
    """

    true: Ints
    false: Ints

    @property
    def by_truth(self) -> bool:
        """Whether it tells true flags from false ones."""
        return bool((self.true != self.false).any())


def false_or_not() -> Memory:
    """The elements of `KINDS`: no flag yet; flags, none of them false; some false flag."""
    return Memory(np.array([1, 1, 2]), np.array([2, 2, 2]))


def flags_alone(most: int) -> Memory:
    """How many flags, up to `most`."""
    more = np.minimum(np.arange(most + 1) + 1, most)
    return Memory(more, more)


def false_flags(most: int) -> Memory:
    """How many false flags, up to `most`."""
    return Memory(np.arange(most + 1), np.minimum(np.arange(most + 1) + 1, most))


def both_kinds(enough: int) -> Memory:
    """True and false flags, numbered as `misread.engine.exact.lesson.place` does; the last number for `enough`."""
    counts = [(flags - false, false) for flags in range(enough) for false in range(flags + 1)]
    last = len(counts)
    true, false = ([min(place(t + a, f + b), last) for t, f in counts] + [last] for a, b in ((1, 0), (0, 1)))
    return Memory(np.array(true), np.array(false))


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
        Where each count goes.
    told, kept : ndarray of int, shape (counts,)
        What a count is: flags that notify somebody, and what is kept of the asked rule's.
    """

    letters: NDArray[np.bool_]
    claimed: Ints
    next: Ints
    outcome: Ints
    last: Ints
    count: Ints
    told: Ints
    kept: Ints


def joint(rules: Sequence[CompiledRule], asked: CompiledRule, memory: Memory) -> Joint:
    """Put rules together.

    Parameters
    ----------
    rules : sequence of CompiledRule
        Those that notify somebody, and the asked one.
    asked : CompiledRule
        The one whose flags are counted by themselves.
    memory : Memory
        What is kept of them.
    """
    hits, letter_of = np.unique(np.stack([r.hit for r in rules]), axis=1, return_inverse=True)
    start = (0,) * len(rules)
    number, queue = {start: 0}, [start]
    following: list[list[list[int]]] = []
    events: list[list[list[list[int]]]] = []
    for state in queue:
        following.append([[0, 0] for _ in range(hits.shape[1])])
        events.append([[[], []] for _ in range(hits.shape[1])])
        for letter, claim in np.ndindex(hits.shape[1], 2):
            # What a flag claims does not change when it fires: where truth is not asked for, nothing is claimed.
            claims = [int(claim and memory.by_truth and r is asked) for r in rules]
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

    def brought(of: Ints) -> Ints:
        """Flags that notify somebody, and the asked rule's: shape (states, letters, 2, 2)."""
        return np.stack([((of != NO_FLAG) & tells).sum(axis=-1), of[..., which]], axis=-1)

    seen = np.stack([brought(early), brought(event)]).reshape(-1, 2)
    # Nothing sorts before all else, and is there even where every look brings a flag.
    outcomes, at = np.unique(np.concatenate([np.zeros((1, 2), np.intp), seen]), axis=0, return_inverse=True)
    outcome, last = at.ravel()[1:].reshape(2, *event.shape[:-1])
    count, told, kept = _counts(outcomes, most_told(rules), memory)
    return Joint(
        letters=letter_of.ravel() == np.arange(hits.shape[1])[:, None],
        claimed=asked.claimed.astype(np.intp) * memory.by_truth,
        next=np.array(following),
        outcome=outcome,
        last=last,
        count=count,
        told=told,
        kept=kept,
    )


def read_with(rules: Sequence[CompiledRule], asked: CompiledRule) -> list[CompiledRule]:
    """The rules that have to be read together to know one rule's flags: it, and those that notify somebody."""
    return [r for r in rules if r.notify or r is asked]


def most_told(rules: Sequence[CompiledRule]) -> int:
    """Most flags that notify somebody in one lesson."""
    return sum(r.most_flags for r in rules if r.notify)


def _counts(outcomes: Ints, most: int, memory: Memory) -> tuple[Ints, Ints, Ints]:
    """`Joint.count`, `Joint.told` and `Joint.kept`: every count that outcomes lead to, those of few flags first."""
    start = (0, 0)
    number, queue = {start: 0}, [start]
    to: list[list[int]] = []
    for told, kept in queue:
        to.append([])
        for more, kind in outcomes:
            after = kept if kind == NO_FLAG else int((memory.true if kind == TRUE_FLAG else memory.false)[kept])
            # What no lesson can bring is never reached; it only has to be somewhere.
            reached = min(told + int(more), most), after
            if reached not in number:
                number[reached] = len(queue)
                queue.append(reached)
            to[-1].append(number[reached])
    told_, kept_ = np.array(queue).T
    return np.array(to), told_, kept_


@dataclass(frozen=True, eq=False)
class Lessons:
    """A lesson's counts at every level of hiding faces, up to the next lesson's first look.

    Attributes
    ----------
    start : ndarray, shape (readings, cells)
        Law of the cell at a day's first look; a reading is a draw, epoch, level and stratum, in that order.
    law : ndarray, shape (readings, cells, cells, counts)
        Law of (cell at the next lesson's first look, count), by the cell at the first look.
    told, kept : ndarray of int, shape (counts,)
        As in `Joint`.
    shape : tuple of int
        Draws, epochs, levels and strata.
    """

    start: Array
    law: Array
    told: Ints
    kept: Ints
    shape: tuple[int, int, int, int]


def lesson_laws(
    chain: Chain, emission: Emissions, rules: Sequence[CompiledRule], asked: CompiledRule, memory: Memory
) -> Lessons:
    """A lesson's flags that notify somebody, together with what is kept of one rule's.

    Parameters
    ----------
    chain, emission
        Whose lessons.
    rules, asked, memory
        As in `joint`.
    """
    machine = joint(rules, asked, memory)
    nodes, to_levels = _between_levels(chain)
    chances = np.stack([emission.of(letter, nodes) for letter in machine.letters], axis=-1)
    draws, epochs, _, strata, situations, cells, _ = chances.shape
    rows = rows_of(chain, draws, epochs, len(nodes))
    part = part_of(chain, asked, np.empty(0), np.empty(0), rows)
    tables = part.to_next(_lessons(part, chances.reshape(len(rows), situations, cells, -1), machine))
    at_nodes = tables.reshape(draws, epochs, len(nodes), strata, -1)
    law = np.einsum("mn,densx->demsx", to_levels, at_nodes).reshape(-1, cells, cells, len(machine.told))
    start = part_of(chain, asked, np.empty(0), np.empty(0), rows_of(chain, draws, epochs, len(to_levels))).start
    return Lessons(start, law, machine.told, machine.kept, (draws, epochs, len(to_levels), strata))


def day_laws(
    chain: Chain, emission: Emissions, rules: Sequence[CompiledRule], asked: CompiledRule, algebra: Algebra
) -> Array:
    """A day's flags that notify somebody, together with what is asked of one rule.

    Returns
    -------
    ndarray, shape (draws, epochs, levels, strata, counts, size of the algebra)
        Counts from as many as there are levels on are put together.
    """
    memory = false_or_not() if algebra is KINDS else flags_alone(asked.most_flags)
    lesson, told = lesson_laws(chain, emission, rules, asked, memory), most_told(rules)
    tables = np.zeros((*lesson.law.shape[:3], told + 1, algebra.size))
    for count, (t, kept) in enumerate(zip(lesson.told, lesson.kept, strict=True)):
        element = np.eye(algebra.size)[kept] if algebra is KINDS else float(kept) ** np.arange(algebra.size)
        tables[..., t, :] += lesson.law[..., count, None] * element
    law = _day(lesson.start, tables, chain.lessons, lesson.shape[2], algebra)
    return law.reshape(*lesson.shape, *law.shape[1:])


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
    from misread.engine.exact.hiding.forward import lessons

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
