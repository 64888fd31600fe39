"""The exact engine: lessons joined to days, days to years. Nothing is sampled.

A day starts from the stationary law whatever the day before was, so days are independent and alike; a
year is a power of a day's law.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from misread.engine import marks
from misread.engine.chain import Chain, CompiledRule
from misread.engine.lesson import FalseCounts, FlagsByState, Outcomes, Spells, ask
from misread.engine.markov import Array
from misread.engine.sizes import NUMBER, table_bytes

CHUNK = 2**22
"""Bytes a chunk of strata aims at: larger tables leave the processor's cache."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class DayLaws:
    """What one rule does to a pupil on a day. All arrays have the shape (readings,) unless said otherwise.

    A reading is one stratum seen through one emission table.

    Attributes
    ----------
    true, false : ndarray
        Expected true and false flags a day.
    sensitivity, prevalence : ndarray
        Sums over the day's lessons of P(a true flag) and of P(a claimed look).
    false_positive, unclaimed : ndarray
        Sums over the lessons of P(a flag and no claimed look) and of P(no claimed look).
    spells, missed : ndarray
        Expected spells, and those without a flag.
    any_false, no_false, only_true : ndarray
        P(at least one false flag); P(none), flags or not; P(flags, and none false).
    false_counts : ndarray, shape (readings, most + 1)
        Law of the day's number of false flags.
    marks : mapping of mark name to (ndarray, ndarray)
        P(earned in a year); P(earned in a year, and unearned).
    """

    true: Array
    false: Array
    sensitivity: Array
    prevalence: Array
    false_positive: Array
    unclaimed: Array
    spells: Array
    missed: Array
    any_false: Array
    no_false: Array
    only_true: Array
    false_counts: Array
    marks: Mapping[str, tuple[Array, Array]]


def solve(chain: Chain, rule: CompiledRule, emission: Array, progress: Progress | None = None) -> DayLaws:
    """Count one rule's flags exactly.

    Parameters
    ----------
    chain : Chain
        The compiled deployment.
    rule : CompiledRule
        One of its rules.
    emission : ndarray, shape (draws, strata, states, labels)
        P(label | state), for as many draws of the profiles as wanted.
    progress : callable, optional
        Called with (readings done, readings in all) now and then.

    Returns
    -------
    DayLaws
        Arrays of shape (draws · strata, …), draws slowest.
    """
    hit = emission[..., rule.hit].sum(axis=-1)
    miss = emission[..., ~rule.hit].sum(axis=-1)
    still = ~moved_by_draws(hit)
    for table in (hit, miss):
        table[1:, still] = table[0, still]
    return _solve(chain, rule, hit, miss, progress)


def moved_by_draws(tables: Array) -> NDArray[np.bool_]:
    """Strata whose tables, of shape (draws, strata, …), any draw moves from the first by more than rounding."""
    away = ~np.isclose(tables[1:], tables[:1], rtol=1e-9, atol=0)
    return np.asarray(away.any(axis=(0, *range(2, tables.ndim))))


def solve_perfect(chain: Chain, rule: CompiledRule) -> DayLaws:
    """The perfect reader: a hit whenever the pupil is in a claimed state. Arrays of shape (strata, …)."""
    hit = np.broadcast_to(rule.claimed.astype(float), chain.start.shape)[None]
    return _solve(chain, rule, hit, 1 - hit, None)


def _solve(chain: Chain, rule: CompiledRule, hit: Array, miss: Array, progress: Progress | None) -> DayLaws:
    draws, strata, states = hit.shape
    hit, miss = hit.reshape(-1, states), miss.reshape(-1, states)
    # Which of the chain's rows each reading is in: one chain for all draws, or one for each.
    row = np.resize(np.arange(len(chain.start)), draws * strata)
    readings = np.column_stack([row, hit, miss])
    # Draws that leave this rule's hits alone are counted once.
    _, kept, back = np.unique(readings, axis=0, return_index=True, return_inverse=True)
    chunk = max(1, CHUNK // table_bytes(rule, states, chain.lessons))
    parts = []
    for first in range(0, len(kept), chunk):
        some = kept[first : first + chunk]
        parts.append(_day(chain, rule, hit[some], miss[some], row[some]))
        if progress:
            progress(min(first + chunk, len(kept)), len(kept))
    return _gathered(parts, back.ravel())


def _day(chain: Chain, rule: CompiledRule, hit: Array, miss: Array, stratum: NDArray[np.intp]) -> DayLaws:
    start, step, gap = chain.start[stratum], chain.step[stratum], chain.gap[stratum]

    def lesson(question: Outcomes | Spells | FalseCounts) -> Array:
        return ask(question, rule.automaton, hit, miss, rule.claimed, step, chain.looks)

    outcomes, spells, counts = lesson(Outcomes()), lesson(Spells())[:, :, 0], lesson(FalseCounts(rule.most_false))
    across = np.matmul(counts.sum(axis=-1), gap)
    law = start
    told, spell = np.zeros((len(hit), 6)), np.zeros((len(hit), 2))
    # Over the day so far, by state: no flag; flags, none false; and the law of the number of false flags.
    none, only, false = start, np.zeros_like(start), start[..., None]
    for _ in range(chain.lessons):
        told += np.einsum("rz,rzf->rf", law, outcomes)
        spell += np.einsum("rz,rzf->rf", law, spells)
        law = np.einsum("rz,rzy->ry", law, across)
        no_false = counts[..., 0] + counts[..., 1]
        only = _through(_through(only, no_false) + _through(none, counts[..., 1]), gap)
        none = _through(_through(none, counts[..., 0]), gap)
        false = np.einsum("rzf,rzy->ryf", _counts_added(false, no_false, counts[..., 2:]), gap)
    law_of_false = false.sum(axis=1)
    return DayLaws(
        true=told[:, 0],
        false=told[:, 1],
        sensitivity=told[:, 2],
        prevalence=told[:, 3],
        unclaimed=told[:, 4],
        false_positive=told[:, 5],
        spells=spell[:, 0],
        missed=spell[:, 1],
        any_false=law_of_false[:, 1:].sum(axis=-1),
        no_false=law_of_false[:, 0],
        only_true=only.sum(axis=-1),
        false_counts=law_of_false,
        marks={m.name: marks.in_a_year(m, rule, chain, hit, miss, stratum) for m in rule.marks},
    )


def _through(law: Array, transition: Array) -> Array:
    return np.asarray(np.einsum("rz,rzy->ry", law, transition))


def _counts_added(law: Array, no_false: Array, some_false: Array) -> Array:
    """Law of (state, false flags) after one more lesson.

    Parameters
    ----------
    law : ndarray, shape (readings, states, counts)
        Before the lesson.
    no_false : ndarray, shape (readings, states, states)
        The lesson brings none.
    some_false : ndarray, shape (readings, states, states, most)
        The lesson brings 1, 2, …
    """
    readings, states, counts = law.shape
    most = some_false.shape[-1]
    out = np.zeros((readings, states, counts + most))
    for added in range(most + 1):
        lesson = no_false if added == 0 else some_false[..., added - 1]
        out[..., added : added + counts] += np.matmul(lesson.transpose(0, 2, 1), law)
    return out


def _gathered(parts: list[DayLaws], rows: NDArray[np.intp]) -> DayLaws:
    """Chunks put together, then one row for every reading."""

    def all_of(arrays: list[Array]) -> Array:
        return np.concatenate(arrays)[rows]

    arrays = {f.name: all_of([getattr(p, f.name) for p in parts]) for f in fields(DayLaws) if f.name != "marks"}
    earned = {
        name: (all_of([p.marks[name][0] for p in parts]), all_of([p.marks[name][1] for p in parts]))
        for name in parts[0].marks
    }
    return DayLaws(**arrays, marks=earned)


def flags_by_state(chain: Chain, rule: CompiledRule, emission: Array) -> Array:
    """Expected flags a day, by the pupil's state at the look that fires.

    Parameters
    ----------
    chain : Chain
        The compiled deployment.
    rule : CompiledRule
        One of its rules.
    emission : ndarray, shape (draws, strata, states, labels)
        P(label | state).

    Returns
    -------
    ndarray, shape (draws · strata, states)
    """
    states = len(chain.states)
    hit = emission[..., rule.hit].sum(axis=-1).reshape(-1, states)
    miss = emission[..., ~rule.hit].sum(axis=-1).reshape(-1, states)
    row = np.resize(np.arange(len(chain.start)), len(hit))
    chunk = max(1, CHUNK // (NUMBER * rule.automaton.size * states**2))
    # What a flag claims does not change when it fires: without claims every flag reads as false.
    nothing = np.zeros(states, dtype=bool)
    out = np.empty(hit.shape)
    for first in range(0, len(hit), chunk):
        some = slice(first, first + chunk)
        law, step, gap = (table[row[some]] for table in (chain.start, chain.step, chain.gap))
        flags = ask(FlagsByState(), rule.automaton, hit[some], miss[some], nothing, step, chain.looks)
        across = np.matmul(np.linalg.matrix_power(step, chain.looks - 1), gap)
        # Where the pupil is at the lessons' first looks, added up.
        first_looks = law
        for _ in range(chain.lessons - 1):
            law = _through(law, across)
            first_looks = first_looks + law
        out[some] = np.einsum("rz,rzy->ry", first_looks, flags)
    return out


def random_truth(chain: Chain, rule: CompiledRule) -> Array:
    """P(a flag would be true if it fell at a random look, or for a share rule in a random lesson).

    Returns
    -------
    ndarray, shape (strata,)
        The mean over the lessons of a day; nothing about the classifier enters.
    """
    law, total = chain.start, np.zeros(len(chain.start))
    across = np.linalg.matrix_power(chain.step, chain.looks - 1) @ chain.gap
    for _ in range(chain.lessons):
        total += _share_true(law, chain, rule) if rule.automaton.at_end else _window_true(law, chain, rule)
        law = _through(law, across)
    return total / chain.lessons


def _window_true(law: Array, chain: Chain, rule: CompiledRule) -> Array:
    # since[r, z, i]: looks since the last claimed one, i < truth; the last cell is "longer ago, or never".
    strata, states = law.shape
    since = np.zeros((strata, states, rule.truth + 1))
    since[..., -1] = law
    total = np.zeros(strata)
    for look in range(chain.looks):
        if look:
            since = np.einsum("rzi,rzy->ryi", since, chain.step)
        older = np.zeros_like(since)
        older[..., 1:] = since[..., :-1]
        older[..., -1] += since[..., -1]
        older[:, rule.claimed] = 0
        older[:, rule.claimed, 0] = since[:, rule.claimed].sum(axis=-1)
        since = older
        total += since[..., :-1].sum(axis=(1, 2))
    return total / chain.looks


def _share_true(law: Array, chain: Chain, rule: CompiledRule) -> Array:
    # counts[r, z, c]: claimed looks so far; the last cell is "more than is needed".
    counts = np.zeros((*law.shape, rule.truth + 2))
    counts[..., 0] = law
    for look in range(chain.looks):
        if look:
            counts = np.einsum("rzc,rzy->ryc", counts, chain.step)
        more = counts.copy()
        more[:, rule.claimed, 1:] = counts[:, rule.claimed, :-1]
        more[:, rule.claimed, 0] = 0
        more[:, rule.claimed, -1] += counts[:, rule.claimed, -1]
        counts = more
    return np.asarray(counts[..., -1].sum(axis=1))
