"""Marks where flags hide faces: not yet earned, night by night.

Flags that count towards a mark start anew each school year; those that hide faces go on. So pupils who have not earned
the mark are carried by level and by the true and false flags of the year, until all are at rest: then a year is that of
`misread.engine.exact.marks`, with faces hidden as far as they will be.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Mark
from misread.engine.chain import CompiledRule
from misread.engine.chain.markov import Array
from misread.engine.exact.day import CHUNK
from misread.engine.exact.hiding.counted import only, steps_of
from misread.engine.exact.hiding.nights import Nights
from misread.engine.exact.hiding.product import both_kinds
from misread.engine.exact.lesson import place
from misread.engine.exact.marks import day_of
from misread.engine.exact.part import part_of, rows_of
from misread.engine.exact.sizes import mark_bytes

Ints = NDArray[np.intp]

TINY = 1e-24
"""Chances that are not followed: all of them together, of all levels, counts and days, are below 1e-13."""


def first_earned(nights: Nights, rule: CompiledRule, mark: Mark, draws: int) -> tuple[Array, Array]:
    """P(the mark is earned in some year), and P(that, and unearned when it is first earned).

    Parameters
    ----------
    nights : Nights
        How flags hide faces.
    rule : CompiledRule
        The mark's rule.
    mark : Mark
        The mark, within a school year.
    draws : int
        How many draws, from the first.

    Returns
    -------
    tuple of ndarray, each of shape (draws, kinds)
    """
    if mark.flags > rule.most_flags * nights.chain.lessons * nights.chain.days:
        return np.zeros((draws, nights.chain.kinds)), np.zeros((draws, nights.chain.kinds))
    in_a_year = np.stack(nights.at_rest(replace(rule, marks=(mark,))).marks[mark.name], axis=-1)
    in_a_year = in_a_year.reshape(-1, nights.chain.epochs, nights.chain.strata, 2)
    found = np.stack([_of_a_draw(nights, rule, mark, in_a_year[draw], draw) for draw in range(draws)], axis=1)
    return found[0], found[1]


def _of_a_draw(nights: Nights, rule: CompiledRule, mark: Mark, in_a_year: Array, draw: int) -> Array:
    """Both chances, given those of a year at rest, of shape (epochs, strata, 2): shape (2, kinds)."""
    chain, moving = nights.chain, nights.moving
    a_lesson, a_day = (min(most + 1, mark.flags) for most in (rule.most_flags, rule.most_flags * chain.lessons))
    steps = steps_of(nights, rule, draw, both_kinds(a_lesson), _added(a_day, a_lesson))
    seen = {e: _visits(nights, rule, mark, draw, e) for e in steps}
    unearned = 2 * np.arange(mark.flags + 1) >= mark.flags
    # Compiled code loads when there is something for it to do.
    from misread.engine.exact.hiding.forward import school_year

    def of_kind(kind: int) -> Array:
        own = chain.kind == kind
        within = nights.within[draw % len(nights.within)][own, kind]
        law, found = np.eye(1, len(chain.masking))[0], np.zeros(2)
        for epoch, days in zip(chain.epoch, moving[kind], strict=True):
            if days:
                of_seats = np.tile(law, (len(within), 1))
                left, by_false = school_year(
                    of_seats, steps[epoch][own], seen[epoch][own], mark.flags, chain.days, TINY
                )
                found += within @ by_false.sum(axis=1), within @ by_false[:, unearned].sum(axis=1)
                law = within @ left
            else:
                both = within @ in_a_year[epoch, own]
                found += law.sum() * both
                law = law * (1 - both[0])
        # Tables add to 1 up to rounding, and so may what they are made to.
        return np.minimum(found, 1)

    with ThreadPoolExecutor() as threads:
        return np.stack(list(threads.map(of_kind, range(chain.kinds))), axis=1)


def _added(a_day: int, a_lesson: int) -> Ints:
    """What a day's counts and a lesson's are together, as `place` numbers them; -1 for enough of either or both."""
    of_day, of_lesson = (
        [(flags - false, false) for flags in range(enough) for false in range(flags + 1)]
        for enough in (a_day, a_lesson)
    )
    after = np.full((len(of_day), len(of_lesson) + 1), -1, dtype=np.intp)
    for i, (t, f) in enumerate(of_day):
        for j, (more_true, more_false) in enumerate(of_lesson):
            if t + f + more_true + more_false < a_day:
                after[i, j] = place(t + more_true, f + more_false)
    return after


def _visits(nights: Nights, rule: CompiledRule, mark: Mark, draw: int, epoch: int) -> Array:
    """Expected visits of a day to counts of flags: shape (strata, levels, true, false)."""
    chain, emission = only(nights.chain, nights.emission, draw, np.array([epoch]))
    rows = rows_of(chain, 1, 1, len(chain.masking))
    tail = chain.step.shape[3:5]
    hit, miss = (emission.of(y, chain.masking).reshape(len(rows), *tail) for y in (rule.hit, ~rule.hit))
    size = mark_bytes(rule, len(chain.state), chain.lessons, chain.days, mark.flags)
    chunk = max(1, CHUNK // size)
    chunks = (slice(first, first + chunk) for first in range(0, len(rows), chunk))
    visits = np.concatenate([day_of(mark, part_of(chain, rule, hit[c], miss[c], rows[c]))[1] for c in chunks])
    return visits.reshape(len(chain.masking), chain.strata, *visits.shape[1:]).swapaxes(0, 1)
