"""Faces hidden by flags: a chain from night to night over the flags given so far.

What a pupil's face shows on a day depends on how many flags it was given before, by rules that notify somebody.
Those numbers, up to where they count no further, are the states of a chain; a day's law at each of them is the exact
engine's, and a school year draws the seat anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from misread.engine.chain import Chain, CompiledRule, Emissions
from misread.engine.chain.markov import Array
from misread.engine.exact.day import Day, solve
from misread.engine.exact.hiding.product import KINDS, MOMENTS, Algebra, day_laws, read_with

REST = 1e-17
"""Share of the pupils who may be taken to have been flagged as often as counts, though they have not."""


class Nights:
    """How flags hide faces, and what that does; each law when it is asked for.

    Parameters
    ----------
    chain : Chain
        The compiled deployment.
    emission : Emissions
        P(label | cell), for as many draws of the profiles as wanted.

    Attributes
    ----------
    within : ndarray, shape (points, strata, kinds)
        P(stratum in a year | kind of pupil).
    """

    def __init__(self, chain: Chain, emission: Emissions) -> None:
        self.chain, self.emission = chain, emission
        self.within = kinds_on_seats(chain)[1]
        self._kinds: dict[str, dict[int, Array]] = {}
        self._days: dict[tuple[str, bool], Array] = {}

    @property
    def hidden(self) -> Array:
        """How often faces are hidden so far: shape (draws, epochs, levels, strata), adding to 1 over the levels."""
        total = self._once[0]
        return np.asarray((total / total.sum(axis=-1, keepdims=True)).transpose(0, 1, 3, 2))

    @property
    def moving(self) -> NDArray[np.intp]:
        """For how many days of each school year some pupils' flags still count: shape (kinds, years).

        From then on all of a kind, but for `REST`, have been flagged as often as counts.
        """
        still = np.stack([self._once[3][:, self.chain.kind == kind].max(axis=1) for kind in range(self.chain.kinds)])
        return np.asarray((still.reshape(self.chain.kinds, self.chain.years, -1) > REST).sum(axis=-1))

    def at_rest(self, rule: CompiledRule) -> Day:
        """A day of those flagged as often as counts: readings by draw, epoch and stratum."""
        return solve(replace(self.chain, masking=self.chain.masking[-1:]), rule, self.emission)

    @property
    def masking_end(self) -> Array:
        """Mean share of what faces would show that is hidden on the last day: shape (draws, kinds)."""
        return np.asarray(np.matmul((self._once[2] @ self.chain.masking)[:, None], self.within)[:, 0])

    def ever_false(self, rule: CompiledRule, days: int) -> Array:
        """P(a false flag in the first `days` school days): shape (draws, kinds)."""
        return self._flagged(rule)[days][..., 2]

    def only_true(self, rule: CompiledRule, days: int) -> Array:
        """P(flags, and none false, in the first `days` school days): shape (draws, kinds)."""
        return self._flagged(rule)[days][..., 1]

    def last_year(self, rule: CompiledRule) -> tuple[Array, Array]:
        """Mean and variance of the last school year's flags: each of shape (draws, strata)."""
        chain = self.chain
        steps = self._stepping(rule, MOMENTS)[:, chain.epoch[-1]]
        law = self._once[1]
        x = np.zeros((*law.shape, MOMENTS.size))
        x[..., 0] = law
        for _ in range(chain.days):
            x = _next_day(x, steps, MOMENTS)
        mean, square = x[..., 1].sum(axis=-1), x[..., 2].sum(axis=-1)
        return mean, square - mean**2

    def flags_of_last(self, rule: CompiledRule, days: int) -> Array:
        """Expected flags of the last `days` school days: shape (draws, kinds)."""
        chain = self.chain
        # Flags of a day by level: whatever comes of it, summed over where the level goes.
        mean = self._laws(rule, MOMENTS)[..., 1].sum(axis=-1)
        total = np.zeros((len(mean), chain.strata))
        for year, day, law in self._walk():
            if year * chain.days + day >= chain.years * chain.days - days:
                total += np.einsum("dsm,dms->ds", law, mean[:, chain.epoch[year]])
        return np.asarray(np.matmul(total[:, None], self.within)[:, 0])

    def _flagged(self, rule: CompiledRule) -> dict[int, Array]:
        """Chances of no flag, true flags only, some false flag, after the days that findings ask for."""
        if rule.name not in self._kinds:
            chain = self.chain
            in_all = chain.days * chain.years
            wanted = {1, min(5, in_all), chain.days, in_all}
            steps, x, found = self._stepping(rule, KINDS), None, {}
            for year in range(chain.years):
                of_strata = self._morning_of(x, len(steps), KINDS.size)
                for day in range(chain.days):
                    of_strata = _next_day(of_strata, steps[:, chain.epoch[year]], KINDS)
                    if (gone := year * chain.days + day + 1) in wanted:
                        found[gone] = self._evening(of_strata).sum(axis=2)
                x = self._evening(of_strata)
            self._kinds[rule.name] = found
        return self._kinds[rule.name]

    @cached_property
    def _steps(self) -> Array:
        """From level to level overnight, whatever else: shape (draws, epochs, strata, levels, levels)."""
        some = next(r for r in self.chain.rules if r.notify)
        return self._stepping(some, MOMENTS)[..., 0]

    @cached_property
    def _once(self) -> tuple[Array, Array, Array, Array]:
        """Laws of the level: summed over each epoch's mornings; on the last year's first; on the last of all. And the
        most, over the draws, of each stratum's pupils who are below the last level: shape (mornings, strata)."""
        chain = self.chain
        total = np.zeros((len(self._steps), chain.epochs, chain.strata, len(chain.masking)))
        last_year = law = total[:, 0]
        below = np.zeros((chain.years * chain.days, chain.strata))
        for year, day, law in self._walk():
            total[:, chain.epoch[year]] += law
            last_year = law if (year, day) == (chain.years - 1, 0) else last_year
            below[year * chain.days + day] = law[..., :-1].sum(axis=-1).max(axis=0)
        return total, last_year, law, below

    def _walk(self) -> Iterator[tuple[int, int, Array]]:
        """Law of the level each morning: (year, day, ndarray of shape (draws, strata, levels)), counted from 0."""
        chain, x = self.chain, None
        for year in range(chain.years):
            law = self._morning_of(x, len(self._steps), 1)
            for day in range(chain.days):
                yield year, day, law[..., 0]
                law = np.matmul(law[..., None, :, 0], self._steps[:, chain.epoch[year]])[..., 0, :, None]
            x = self._evening(law)

    def _morning_of(self, of_kinds: Array | None, draws: int, size: int) -> Array:
        """A year's first morning: pupils of each kind on each kind of seat, nobody flagged yet in the first year."""
        if of_kinds is not None:
            return of_kinds[:, self.chain.kind]
        first = np.zeros((draws, self.chain.strata, len(self.chain.masking), size))
        first[:, :, 0, 0] = 1
        return first

    def _evening(self, of_strata: Array) -> Array:
        """A year's last evening, by kind: shape (draws, kinds, levels, size)."""
        within = np.broadcast_to(self.within, (len(of_strata), *self.within.shape[1:]))
        return np.asarray(np.einsum("dsmu,dsk->dkmu", of_strata, within, optimize=True))

    def _laws(self, rule: CompiledRule, algebra: Algebra) -> Array:
        if (rule.name, algebra is KINDS) not in self._days:
            law = day_laws(self.chain, self.emission, read_with(self.chain.rules, rule), rule, algebra)
            self._days[rule.name, algebra is KINDS] = law
        return self._days[rule.name, algebra is KINDS]

    def _stepping(self, rule: CompiledRule, algebra: Algebra) -> Array:
        """From level to level overnight: shape (draws, epochs, strata, levels, levels, size of the algebra)."""
        return overnight(self._laws(rule, algebra).transpose(0, 1, 3, 2, 4, 5))


def kinds_on_seats(chain: Chain) -> tuple[Array, Array]:
    """Who sits where.

    Returns
    -------
    tuple of ndarray, shapes (points, strata) and (points, strata, kinds)
        Share of a group's pupils that each of its strata has: traits and seats are the same in all groups. And
        P(stratum in a year | kind of pupil): the seat is drawn anew each school year, the kind is not.
    """
    place = np.column_stack([chain.level, chain.view])
    inner = chain.weight @ (place[:, None] == place).all(axis=-1)
    own = (chain.kind[:, None] == np.arange(chain.kinds)) * 1.0
    # A kind that no node of a trait leaves anybody in cannot be: nodes have weights above 0.
    return inner, own * inner[..., None] / (inner @ own)[:, None]


def overnight(laws: Array) -> Array:
    """From level to level overnight.

    Parameters
    ----------
    laws : ndarray, shape (…, levels, counts, size)
        What a day brings at each level, by the flags that notify somebody.

    Returns
    -------
    ndarray, shape (…, levels, levels, size)
    """
    *shape, levels, counts, size = laws.shape
    steps = np.zeros((*shape, levels, levels, size))
    for level in range(levels):
        inside = min(counts, levels - level)
        steps[..., level, level : level + inside, :] += laws[..., level, :inside, :]
        steps[..., level, -1, :] += laws[..., level, inside:, :].sum(axis=-2)
    return steps


def _next_day(x: Array, steps: Array, algebra: Algebra) -> Array:
    """A day later.

    Parameters
    ----------
    x : ndarray, shape (draws, strata, levels, size)
        What is known in the morning, by level.
    steps : ndarray, shape (draws, strata, levels, levels, size)
        What the day does.
    algebra : Algebra
        How the two are put together.
    """
    out = np.zeros_like(x)
    for u, v, w in zip(*np.nonzero(algebra.product), strict=True):
        moved = np.matmul(x[..., None, :, u], steps[..., v])[..., 0, :]
        out[..., w] += algebra.product[u, v, w] * moved
    return out
