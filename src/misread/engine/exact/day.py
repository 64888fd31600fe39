"""The exact engine: lessons joined to days, days to years. Nothing is sampled.

A day starts from the stationary law whatever the day before was, so days are independent and alike; a
year is a power of a day's law.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Mark
from misread.engine.chain import Chain, CompiledRule, Emissions
from misread.engine.chain.markov import Array
from misread.engine.exact import marks
from misread.engine.exact.lesson import FalseCounts, FlagsByState, Moments, Outcomes, Spells
from misread.engine.exact.part import Part, alike, distinct, part_of, rows_of, shares_of
from misread.engine.exact.sizes import table_bytes

CHUNK = 2**22
"""Bytes a chunk of strata aims at: larger tables leave the processor's cache."""

Progress = Callable[[int, int], None]


def solve(
    chain: Chain, rule: CompiledRule, emission: Emissions, progress: Progress | None = None, *, counts: bool = True
) -> Day:
    """Count one rule's flags exactly; each of the laws when it is asked for.

    Parameters
    ----------
    chain : Chain
        The compiled deployment.
    rule : CompiledRule
        One of its rules.
    emission : Emissions
        P(label | cell), for as many draws of the profiles as wanted.
    progress : callable, optional
        Called with (work done, work in all) now and then, all laws counted.
    counts : bool
        As in `Day`.

    Returns
    -------
    Day
        Arrays of shape (draws · cases, …), draws slowest.
    """
    hit, miss = emission.of(rule.hit, chain.masking), emission.of(~rule.hit, chain.masking)
    still = ~moved_by_draws(cases(hit)).reshape(hit.shape[1:4])
    for table in (hit, miss):
        table[1:, still] = table[0, still]
    return Day(chain, rule, hit, miss, progress, counts=counts)


def cases(table: Array) -> Array:
    """A table of shape (draws, epochs, levels, strata, …) with the three in one axis: (draws, cases, …)."""
    return table.reshape(len(table), -1, *table.shape[4:])


def moved_by_draws(tables: Array) -> NDArray[np.bool_]:
    """Cases whose tables, of shape (draws, cases, …), any draw moves from the first by more than rounding."""
    away = ~np.isclose(tables[1:], tables[:1], rtol=1e-9, atol=0)
    return np.asarray(away.any(axis=(0, *range(2, tables.ndim))))


def solve_perfect(chain: Chain, rule: CompiledRule, *, counts: bool = True) -> Day:
    """The perfect reader: a hit whenever the pupil is in a claimed state. Arrays of shape (points · cases, …)."""
    points, epochs, strata, situations, cells = chain.step.shape[:5]
    shape = (points, epochs, len(chain.masking), strata, situations, cells)
    hit = np.broadcast_to(chain.claimed(rule).astype(float), shape)
    return Day(chain, rule, hit, 1 - hit, counts=counts)


class Day:
    """What one rule does to a pupil on a day.

    A case is a stratum in an epoch, with faces hidden so far; a reading is one case seen through one emission table.
    All arrays have the shape (readings,) unless said otherwise; what nobody asks for is not computed.

    Parameters
    ----------
    chain : Chain
        The compiled deployment.
    rule : CompiledRule
        One of its rules.
    hit, miss : ndarray, shape (draws, epochs, levels of masking, strata, situations, cells)
        P(a look is a hit | cell), P(it is none | cell).
    progress : callable, optional
        Called with (work done, work in all) now and then, all laws counted.
    counts : bool
        Whether the number of false flags will be asked for, and not only whether there are any, which is less work.
    """

    def __init__(
        self,
        chain: Chain,
        rule: CompiledRule,
        hit: Array,
        miss: Array,
        progress: Progress | None = None,
        *,
        counts: bool = True,
    ) -> None:
        rows = rows_of(chain, *hit.shape[:3])
        tail = hit.shape[4:]
        hit, miss = hit.reshape(-1, *tail), miss.reshape(-1, *tail)
        # Pupils alike in all that this rule sees are counted once, whatever their stratum or draw.
        kept, back = distinct(alike(chain)[rows], hit.reshape(len(hit), -1), miss.reshape(len(miss), -1))
        self._chain, self._rule, self._back = chain, rule, back
        self._row, self._hit, self._miss = rows[kept], hit[kept], miss[kept]
        self._progress, self._done, self._counted = progress, 0, counts

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
        return np.asarray(self._kinds[:, 2:].sum(axis=-1))

    @property
    def no_false(self) -> Array:
        """P(no false flag), true ones or not."""
        return self._kinds[:, 1]

    @property
    def only_true(self) -> Array:
        """P(flags, and none false)."""
        return self._kinds[:, 0]

    @property
    def by_situation(self) -> Array:
        """Expected true and false flags by the lesson's situation, summed over the day's lessons as if each were of
        that kind: shape (readings, situations, 2)."""
        return self._situated[..., :2]

    @property
    def moments(self) -> tuple[Array, Array]:
        """Mean and mean square of the day's flags."""
        return self._moments[:, 0], self._moments[:, 1]

    @cached_property
    def _moments(self) -> Array:
        return self._each(_day_of_moments, len(_PARTS) + len(self._rule.marks))

    @cached_property
    def by_state(self) -> Array:
        """Expected flags by the pupil's state at the look that fires: shape (readings, states)."""
        states = np.eye(len(self._chain.states))[self._chain.state]
        return self._each(
            lambda part: part.mixed(_over_lessons(part, part.ask(FlagsByState(), part.nothing))) @ states,
            len(_PARTS) + len(self._rule.marks),
        )

    @cached_property
    def marks(self) -> Mapping[str, tuple[Array, Array]]:
        """Mark name → P(earned in a school year), P(that, and unearned); for marks within a school year."""
        found = {}
        for i, mark in enumerate(marks.of_a_year(self._rule, self._chain.years)):

            def earned(part: Part, mark: Mark = mark) -> Array:
                return np.stack(marks.in_a_year(mark, part), axis=-1)

            both = self._each(earned, len(_PARTS) + i)
            found[mark.name] = (both[:, 0], both[:, 1])
        return found

    @cached_property
    def _situated(self) -> Array:
        return self._each(lambda part: _over_lessons(part, part.ask(Outcomes())), _PARTS.index("outcomes"))

    @cached_property
    def _outcomes(self) -> Array:
        return np.asarray(np.einsum("rkf,rk->rf", self._situated, self._shares))

    @cached_property
    def _spells(self) -> Array:
        return self._each(
            lambda part: part.mixed(_over_lessons(part, part.ask(Spells())[..., 0, :])), _PARTS.index("spells")
        )

    @cached_property
    def _counts(self) -> Array:
        """P(flags, none false), then the law of the number of false ones."""
        return self._each(lambda part: _day_of_counts(part, self._rule.most_false), _PARTS.index("counts"))

    @cached_property
    def _kinds(self) -> Array:
        """The same; or, where nobody asks for the number, the law of how many lessons bring false ones."""
        if self._counted or self._rule.most_false < 2:
            return self._counts
        return self._each(lambda part: _day_of_counts(part, 1), _PARTS.index("counts"))

    @property
    def _shares(self) -> Array:
        return shares_of(self._chain, self._row)[self._back]

    def _each(self, law: Callable[[Part], Array], place: int) -> Array:
        """A law for all readings, some at a time; then one row for every reading."""
        chain, rule, count = self._chain, self._rule, len(self._hit)
        size = table_bytes(rule, len(chain.state), chain.lessons) * chain.step.shape[3]
        chunk = max(1, CHUNK // size)
        out = []
        for first in range(0, count, chunk):
            some = slice(first, first + chunk)
            out.append(law(part_of(chain, rule, self._hit[some], self._miss[some], self._row[some])))
            if self._progress:
                self._progress(place * count + min(first + chunk, count), (len(_PARTS) + len(rule.marks) + 1) * count)
        return np.concatenate(out)[self._back]


_PARTS = ("outcomes", "spells", "counts")
"""Laws in the order in which `misread.findings.measure` asks for them; marks and states come after."""


def _over_lessons(part: Part, values: Array) -> Array:
    """The sum over a day's lessons of values by the cell at their first look, as if all were of one situation.

    Parameters
    ----------
    part : Part
        The readings.
    values : ndarray, shape (readings, situations, cells, values)
        What a lesson brings.

    Returns
    -------
    ndarray, shape (readings, situations, values)
    """
    return np.asarray(np.einsum("rz,rkzf->rkf", _first_looks(part), values))


def _first_looks(part: Part) -> Array:
    """Laws of the cell at the first looks of a day's lessons, added up: shape (readings, cells)."""
    law = total = part.start
    for _ in range(part.chain.lessons - 1):
        law = _through(law, part.across)
        total = total + law
    return total


def _day_of_moments(part: Part) -> Array:
    lesson = part.to_next(part.ask(Moments(), part.nothing))
    p, mean, square = part.start, np.zeros_like(part.start), np.zeros_like(part.start)
    for _ in range(part.chain.lessons):
        square = _through(square, lesson[..., 0]) + 2 * _through(mean, lesson[..., 1]) + _through(p, lesson[..., 2])
        mean = _through(mean, lesson[..., 0]) + _through(p, lesson[..., 1])
        p = _through(p, lesson[..., 0])
    return np.column_stack([mean.sum(axis=-1), square.sum(axis=-1)])


def _day_of_counts(part: Part, most: int) -> Array:
    counts = part.to_next(part.ask(FalseCounts(most)))
    no_false = counts[..., 0] + counts[..., 1]
    # Over the day so far, by cell: no flag; flags, none false; and the law of the number of false flags.
    none, only, false = part.start, np.zeros_like(part.start), part.start[..., None]
    for _ in range(part.chain.lessons):
        only = _through(only, no_false) + _through(none, counts[..., 1])
        none = _through(none, counts[..., 0])
        false = _counts_added(false, no_false, counts[..., 2:])
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
    ndarray, shape (points · epochs · strata,)
        The mean over the lessons of a day; nothing about the classifier enters.
    """
    rows = np.arange(chain.start[..., 0].size)
    nothing = np.zeros((len(rows), *chain.step.shape[3:5]))
    part = part_of(chain, rule, nothing, nothing, rows)
    true = _share_true if rule.automaton.at_end else _window_true
    # What a lesson brings is linear in the law that it starts from: all lessons are gone through at once.
    law = _first_looks(part) / chain.lessons
    total = np.zeros(len(rows))
    for k in range(part.step.shape[1]):
        total += part.share[:, k] * true(law, part.step[:, k], chain, rule)
    return total


def _window_true(law: Array, step: Array, chain: Chain, rule: CompiledRule) -> Array:
    # since[r, z, i]: looks since the last claimed one, i < truth; the last place is "longer ago, or never".
    claimed = chain.claimed(rule)
    since = np.zeros((*law.shape, rule.truth + 1))
    since[..., -1] = law
    total = np.zeros(len(law))
    for look in range(chain.looks):
        if look:
            since = np.einsum("rzi,rzy->ryi", since, step)
        older = np.zeros_like(since)
        older[..., 1:] = since[..., :-1]
        older[..., -1] += since[..., -1]
        older[:, claimed] = 0
        older[:, claimed, 0] = since[:, claimed].sum(axis=-1)
        since = older
        total += since[..., :-1].sum(axis=(1, 2))
    return total / chain.looks


def _share_true(law: Array, step: Array, chain: Chain, rule: CompiledRule) -> Array:
    # counts[r, z, c]: claimed looks so far; the last place is "more than is needed".
    claimed = chain.claimed(rule)
    counts = np.zeros((*law.shape, rule.truth + 2))
    counts[..., 0] = law
    for look in range(chain.looks):
        if look:
            counts = np.einsum("rzc,rzy->ryc", counts, step)
        more = counts.copy()
        more[:, claimed, 1:] = counts[:, claimed, :-1]
        more[:, claimed, 0] = 0
        more[:, claimed, -1] += counts[:, claimed, -1]
        counts = more
    return np.asarray(counts[..., -1].sum(axis=1))
