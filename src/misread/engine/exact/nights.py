"""Faces hidden by flags: a chain from night to night over the flags given so far.

What a pupil's face shows on a day depends on how many flags it was given before, by rules that notify somebody.
Those numbers, up to where they count no further, are the states of a chain; a day's law at each of them is the exact
engine's, and a school year draws the seat anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from misread.engine.chain import Chain, CompiledRule, Emissions
from misread.engine.chain.markov import Array
from misread.engine.exact.product import KINDS, MOMENTS, Algebra, day_laws


class Nights:
    """How flags hide faces, and what that does; each law when it is asked for.

    Parameters
    ----------
    chain : Chain
        The compiled deployment.
    emission : Emissions
        P(label | cell), for as many draws of the profiles as wanted.
    """

    def __init__(self, chain: Chain, emission: Emissions) -> None:
        self._chain, self._emission = chain, emission
        self._tell = [r for r in chain.rules if r.notify]
        place = np.column_stack([chain.level, chain.view])
        inner = chain.weight @ (place[:, None] == place).all(axis=-1)
        own = (chain.kind[:, None] == np.arange(chain.kinds)) * 1.0
        self._within = own * inner[..., None] / (inner @ own)[:, None]
        self._kinds: dict[str, dict[int, Array]] = {}
        self._days: dict[tuple[str, bool], Array] = {}

    @property
    def hidden(self) -> Array:
        """How often faces are hidden so far: shape (draws, epochs, levels, strata), adding to 1 over the levels."""
        total = self._once[0]
        return np.asarray((total / total.sum(axis=-1, keepdims=True)).transpose(0, 1, 3, 2))

    @property
    def masking_end(self) -> Array:
        """Mean share of what faces would show that is hidden on the last day: shape (draws, kinds)."""
        return np.asarray(np.matmul((self._once[2] @ self._chain.masking)[:, None], self._within)[:, 0])

    def ever_false(self, rule: CompiledRule, days: int) -> Array:
        """P(a false flag in the first `days` school days): shape (draws, kinds)."""
        return self._flagged(rule)[days][..., 2]

    def only_true(self, rule: CompiledRule, days: int) -> Array:
        """P(flags, and none false, in the first `days` school days): shape (draws, kinds)."""
        return self._flagged(rule)[days][..., 1]

    def last_year(self, rule: CompiledRule) -> tuple[Array, Array]:
        """Mean and variance of the last school year's flags: each of shape (draws, strata)."""
        chain = self._chain
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
        chain = self._chain
        # Flags of a day by level: whatever comes of it, summed over where the level goes.
        mean = self._laws(rule, MOMENTS)[..., 1].sum(axis=-1)
        total = np.zeros((len(mean), chain.strata))
        for year, day, law in self._walk():
            if year * chain.days + day >= chain.years * chain.days - days:
                total += np.einsum("dsm,dms->ds", law, mean[:, chain.epoch[year]])
        return np.asarray(np.matmul(total[:, None], self._within)[:, 0])

    def _flagged(self, rule: CompiledRule) -> dict[int, Array]:
        """Chances of no flag, true flags only, some false flag, after the days that findings ask for."""
        if rule.name not in self._kinds:
            chain = self._chain
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
        return self._stepping(self._tell[0], MOMENTS)[..., 0]

    @cached_property
    def _once(self) -> tuple[Array, Array, Array]:
        """Laws of the level: summed over each epoch's mornings; on the last year's first; on the last of all."""
        chain = self._chain
        total = np.zeros((len(self._steps), chain.epochs, chain.strata, len(chain.masking)))
        last_year = law = total[:, 0]
        for year, day, law in self._walk():
            total[:, chain.epoch[year]] += law
            last_year = law if (year, day) == (chain.years - 1, 0) else last_year
        return total, last_year, law

    def _walk(self) -> Iterator[tuple[int, int, Array]]:
        """Law of the level each morning: (year, day, ndarray of shape (draws, strata, levels)), counted from 0."""
        chain, x = self._chain, None
        for year in range(chain.years):
            law = self._morning_of(x, len(self._steps), 1)
            for day in range(chain.days):
                yield year, day, law[..., 0]
                law = np.matmul(law[..., None, :, 0], self._steps[:, chain.epoch[year]])[..., 0, :, None]
            x = self._evening(law)

    def _morning_of(self, of_kinds: Array | None, draws: int, size: int) -> Array:
        """A year's first morning: pupils of each kind on each kind of seat, nobody flagged yet in the first year."""
        if of_kinds is not None:
            return of_kinds[:, self._chain.kind]
        first = np.zeros((draws, self._chain.strata, len(self._chain.masking), size))
        first[:, :, 0, 0] = 1
        return first

    def _evening(self, of_strata: Array) -> Array:
        """A year's last evening, by kind: shape (draws, kinds, levels, size)."""
        within = np.broadcast_to(self._within, (len(of_strata), *self._within.shape[1:]))
        return np.asarray(np.einsum("dsmu,dsk->dkmu", of_strata, within, optimize=True))

    def _laws(self, rule: CompiledRule, algebra: Algebra) -> Array:
        if (rule.name, algebra is KINDS) not in self._days:
            rules = self._tell if rule in self._tell else [*self._tell, rule]
            law = day_laws(self._chain, self._emission, rules, rule, algebra)
            self._days[rule.name, algebra is KINDS] = law
        return self._days[rule.name, algebra is KINDS]

    def _stepping(self, rule: CompiledRule, algebra: Algebra) -> Array:
        """From level to level overnight: shape (draws, epochs, strata, levels, levels, size of the algebra)."""
        laws = self._laws(rule, algebra).transpose(0, 1, 3, 2, 4, 5)
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
