"""The exact engine: lessons joined to days, days to years. Nothing is sampled.

A day starts from the stationary law whatever the day before was, so days are independent and alike; a
year is a power of a day's law.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Mark
from misread.engine import marks
from misread.engine.chain import Chain, CompiledRule
from misread.engine.lesson import FalseCounts, FlagsByState, Outcomes, Question, Spells, ask
from misread.engine.markov import Array
from misread.engine.sizes import table_bytes

CHUNK = 2**22
"""Bytes a chunk of strata aims at: larger tables leave the processor's cache."""

Progress = Callable[[int, int], None]


def solve(chain: Chain, rule: CompiledRule, emission: Array, progress: Progress | None = None) -> Day:
    """Count one rule's flags exactly; each of the laws when it is asked for.

    Parameters
    ----------
    chain : Chain
        The compiled deployment.
    rule : CompiledRule
        One of its rules.
    emission : ndarray, shape (draws, strata, states, labels)
        P(label | state), for as many draws of the profiles as wanted.
    progress : callable, optional
        Called with (work done, work in all) now and then, all laws counted.

    Returns
    -------
    Day
        Arrays of shape (draws · strata, …), draws slowest.
    """
    hit = emission[..., rule.hit].sum(axis=-1)
    miss = emission[..., ~rule.hit].sum(axis=-1)
    still = ~moved_by_draws(hit)
    for table in (hit, miss):
        table[1:, still] = table[0, still]
    return Day(chain, rule, hit, miss, progress)


def moved_by_draws(tables: Array) -> NDArray[np.bool_]:
    """Strata whose tables, of shape (draws, strata, …), any draw moves from the first by more than rounding."""
    away = ~np.isclose(tables[1:], tables[:1], rtol=1e-9, atol=0)
    return np.asarray(away.any(axis=(0, *range(2, tables.ndim))))


def solve_perfect(chain: Chain, rule: CompiledRule) -> Day:
    """The perfect reader: a hit whenever the pupil is in a claimed state. Arrays of shape (strata, …)."""
    hit = np.broadcast_to(rule.claimed.astype(float), chain.start.shape)[None]
    return Day(chain, rule, hit, 1 - hit)


class Day:
    """What one rule does to a pupil on a day.

    A reading is one stratum seen through one emission table. All arrays have the shape (readings,) unless said
    otherwise; what nobody asks for is not computed.

    Parameters
    ----------
    chain : Chain
        The compiled deployment.
    rule : CompiledRule
        One of its rules.
    hit, miss : ndarray, shape (draws, strata, states)
        P(a look is a hit | state), P(it is none | state).
    progress : callable, optional
        Called with (work done, work in all) now and then, all laws counted.
    """

    def __init__(
        self, chain: Chain, rule: CompiledRule, hit: Array, miss: Array, progress: Progress | None = None
    ) -> None:
        states = hit.shape[-1]
        hit, miss = hit.reshape(-1, states), miss.reshape(-1, states)
        # Which of the chain's rows each reading is in: one chain for all draws, or one for each.
        row = np.resize(np.arange(len(chain.start)), len(hit))
        # Pupils alike in all that this rule sees are counted once, whatever their stratum or draw.
        readings = np.column_stack([_processes(chain)[row], hit, miss])
        _, kept, back = np.unique(readings, axis=0, return_index=True, return_inverse=True)
        self._chain, self._rule, self._back = chain, rule, back.ravel()
        self._row, self._hit, self._miss = row[kept], hit[kept], miss[kept]
        self._progress, self._done = progress, 0

    @property
    def true(self) -> Array:
        """Expected true flags."""
        return self._outcomes[:, 0]

    @property
    def false(self) -> Array:
        """Expected false flags."""
        return self._outcomes[:, 1]

    @property
    def sensitivity(self) -> Array:
        """Sum over the day's lessons of P(a true flag)."""
        return self._outcomes[:, 2]

    @property
    def prevalence(self) -> Array:
        """Sum over the lessons of P(a claimed look)."""
        return self._outcomes[:, 3]

    @property
    def unclaimed(self) -> Array:
        """Sum over the lessons of P(no claimed look)."""
        return self._outcomes[:, 4]

    @property
    def false_positive(self) -> Array:
        """Sum over the lessons of P(a flag and no claimed look)."""
        return self._outcomes[:, 5]

    @property
    def spells(self) -> Array:
        """Expected spells."""
        return self._spells[:, 0]

    @property
    def missed(self) -> Array:
        """Expected spells without a flag."""
        return self._spells[:, 1]

    @property
    def false_counts(self) -> Array:
        """Law of the day's number of false flags: shape (readings, most + 1)."""
        return self._counts[:, 1:]

    @property
    def any_false(self) -> Array:
        """P(at least one false flag)."""
        return np.asarray(self.false_counts[:, 1:].sum(axis=-1))

    @property
    def no_false(self) -> Array:
        """P(no false flag), true ones or not."""
        return self.false_counts[:, 0]

    @property
    def only_true(self) -> Array:
        """P(flags, and none false)."""
        return self._counts[:, 0]

    @cached_property
    def by_state(self) -> Array:
        """Expected flags by the pupil's state at the look that fires: shape (readings, states)."""
        # What a flag claims does not change when it fires: without claims every flag reads as false.
        nothing = np.zeros_like(self._rule.claimed)
        return self._each(
            lambda part: _over_lessons(part, part.ask(FlagsByState(), nothing)), len(_PARTS) + len(self._rule.marks)
        )

    @cached_property
    def marks(self) -> Mapping[str, tuple[Array, Array]]:
        """Mark name → P(earned in a year), P(earned in a year, and unearned)."""
        found = {}
        for i, mark in enumerate(self._rule.marks):

            def earned(part: _Part, mark: Mark = mark) -> Array:
                return np.stack(marks.in_a_year(mark, part.rule, part.chain, part.hit, part.miss, part.row), axis=-1)

            both = self._each(earned, len(_PARTS) + i)
            found[mark.name] = (both[:, 0], both[:, 1])
        return found

    @cached_property
    def _outcomes(self) -> Array:
        return self._each(lambda part: _over_lessons(part, part.ask(Outcomes())), _PARTS.index("outcomes"))

    @cached_property
    def _spells(self) -> Array:
        return self._each(lambda part: _over_lessons(part, part.ask(Spells())[:, :, 0]), _PARTS.index("spells"))

    @cached_property
    def _counts(self) -> Array:
        """P(flags, none false), then the law of the number of false ones."""
        return self._each(_day_of_counts, _PARTS.index("counts"))

    def _each(self, law: Callable[[_Part], Array], place: int) -> Array:
        """A law for all readings, some at a time; then one row for every reading."""
        chain, rule, count = self._chain, self._rule, len(self._hit)
        chunk = max(1, CHUNK // table_bytes(rule, len(chain.states), chain.lessons))
        out = []
        for first in range(0, count, chunk):
            some = slice(first, first + chunk)
            row = self._row[some]
            tables = (table[row] for table in (chain.start, chain.step, chain.gap))
            out.append(law(_Part(chain, rule, self._hit[some], self._miss[some], row, *tables)))
            if self._progress:
                self._progress(place * count + min(first + chunk, count), (len(_PARTS) + len(rule.marks) + 1) * count)
        return np.concatenate(out)[self._back]


_PARTS = ("outcomes", "spells", "counts")
"""Laws in the order in which `misread.findings.measure` asks for them; marks and states come after."""


@dataclass(frozen=True, eq=False)
class _Part:
    """Some readings of a day: `row` says where in the chain each is; tables have the readings first."""

    chain: Chain
    rule: CompiledRule
    hit: Array
    miss: Array
    row: NDArray[np.intp]
    start: Array
    step: Array
    gap: Array

    def ask(self, question: Question, claimed: NDArray[np.bool_] | None = None) -> Array:
        """A question about one lesson."""
        claimed = self.rule.claimed if claimed is None else claimed
        return ask(question, self.rule.automaton, self.hit, self.miss, claimed, self.step, self.chain.looks)


def _processes(chain: Chain) -> NDArray[np.intp]:
    """A number for each row of the chain: the same for pupils whose own process is the same."""
    size = len(chain.start)
    tables = [table.reshape(size, -1) for table in (chain.start, chain.step, chain.gap)]
    _, number = np.unique(np.column_stack(tables), axis=0, return_inverse=True)
    return number.ravel()


def _over_lessons(part: _Part, values: Array) -> Array:
    """The sum over a day's lessons of values by the state at their first look: (readings, values)."""
    across = np.matmul(np.linalg.matrix_power(part.step, part.chain.looks - 1), part.gap)
    law = first_looks = part.start
    for _ in range(part.chain.lessons - 1):
        law = _through(law, across)
        first_looks = first_looks + law
    return np.asarray(np.einsum("rz,rzf->rf", first_looks, values))


def _day_of_counts(part: _Part) -> Array:
    counts, gap = part.ask(FalseCounts(part.rule.most_false)), part.gap
    no_false = counts[..., 0] + counts[..., 1]
    # Over the day so far, by state: no flag; flags, none false; and the law of the number of false flags.
    none, only, false = part.start, np.zeros_like(part.start), part.start[..., None]
    for _ in range(part.chain.lessons):
        only = _through(_through(only, no_false) + _through(none, counts[..., 1]), gap)
        none = _through(_through(none, counts[..., 0]), gap)
        false = np.einsum("rzf,rzy->ryf", _counts_added(false, no_false, counts[..., 2:]), gap)
    return np.column_stack([only.sum(axis=-1), false.sum(axis=1)])


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
