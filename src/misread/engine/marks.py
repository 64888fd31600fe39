"""Marks, exactly: the first moment in a school year at which the file holds enough flags.

Counts of true and false flags move one flag at a time, so they stand at each total exactly once. P(the
first F flags of a year are t true and f false, and there are that many) is therefore the expected number
of visits to (t, f), a sum over days of (counts so far) ⊛ (visits within a day): positive terms only.
"""

from __future__ import annotations

import numpy as np
from numpy.fft import irfft2, rfft2
from numpy.typing import NDArray

from misread.deployment.model import Mark
from misread.engine.chain import Array, Chain, CompiledRule
from misread.engine.laws import fast_length
from misread.engine.lesson import JointCounts, Visits, ask, place

DIRECT = 50
"""Tables up to this size are convolved term by term, so that tiny chances keep their relative accuracy; larger
ones by FFT, with an absolute error near 1e-15."""


def in_a_year(
    mark: Mark, rule: CompiledRule, chain: Chain, hit: Array, miss: Array, stratum: NDArray[np.intp]
) -> tuple[Array, Array]:
    """P(the mark is earned in a given school year), and P(that, and unearned).

    Parameters
    ----------
    mark : Mark
        The mark, within a school year.
    rule, chain, hit, miss, stratum
        As for a lesson: `hit` and `miss` of shape (readings, states), the stratum of each reading.

    Returns
    -------
    tuple of ndarray, each of shape (readings,)
    """
    if mark.flags > rule.most_flags * chain.lessons * chain.days:
        return np.zeros(len(hit)), np.zeros(len(hit))
    start, step, gap = chain.start[stratum], chain.step[stratum], chain.gap[stratum]
    most = min(rule.most_flags, mark.flags)
    lesson = ask(JointCounts(most), rule.automaton, hit, miss, rule.claimed, step, chain.looks)
    seen = ask(Visits(most), rule.automaton, hit, miss, rule.claimed, step, chain.looks)
    size = mark.flags + 1
    law = np.zeros((*start.shape, size, size))
    law[..., 0, 0] = start
    visits = np.zeros((len(start), size, size))
    for _ in range(chain.lessons):
        after = np.zeros_like(law)
        for t in range(most + 1):
            for f in range(most + 1 - t):
                kept = law[..., : size - t, : size - f]
                visits[:, t:, f:] += np.einsum("rztf,rz->rtf", kept, seen[..., place(t, f)])
                after[..., t:, f:] += np.einsum("rztf,rzy->rytf", kept, lesson[..., place(t, f)], optimize=True)
        law = np.einsum("rztf,rzy->rytf", after, gap, optimize=True)
    day = law.sum(axis=1)
    days_so_far = _sum_of_powers(day, chain.days)
    composition = _on_the_diagonal(days_so_far, visits)
    false = np.arange(size)
    return composition.sum(axis=-1), composition[:, 2 * false >= mark.flags].sum(axis=-1)


def _sum_of_powers(day: Array, days: int) -> Array:
    """Σ of the law's convolution powers 0 … days − 1, by doubling.

    Parameters
    ----------
    day : ndarray, shape (readings, counts, counts)
        Law of one day's true and false flags.
    days : int
        How many powers.

    Returns
    -------
    ndarray, shape (readings, counts, counts)
        Right where true and false flags add to less than `counts`; no meaning beyond.
    """
    # Readings last: whole rows of them are added at a time.
    day = np.ascontiguousarray(np.moveaxis(day, 0, -1))
    total, power = np.zeros_like(day), np.zeros_like(day)
    power[0, 0] = 1
    # Invariant: total = Σ powers below d, power = day^d, for the leading bits d of `days`.
    for bit in bin(days)[2:]:
        total = total + _convolved(power, total)
        power = _convolved(power, power)
        if bit == "1":
            total = total + power
            power = _convolved(power, day)
    return np.moveaxis(total, -1, 0)


def _convolved(a: Array, b: Array) -> Array:
    """Convolution over the first two axes, right where their indices add to less than their length."""
    size = len(a)
    if size > DIRECT:
        shape = (fast_length(2 * size),) * 2
        product = rfft2(a, shape, axes=(0, 1)) * rfft2(b, shape, axes=(0, 1))
        return np.maximum(irfft2(product, shape, axes=(0, 1))[:size, :size], 0)
    out = np.zeros_like(a)
    for t in range(size):
        for f in range(size - t):
            left = size - t - f
            out[t : t + left, f : f + left] += a[t, f] * b[:left, :left]
    return out


def _on_the_diagonal(days: Array, visits: Array) -> Array:
    """Visits with as many flags in all as the mark asks for, by the number of false ones."""
    size = days.shape[-1]
    out = np.zeros((len(days), size))
    for false in range(size):
        true = size - 1 - false
        window = days[:, : true + 1, : false + 1] * visits[:, true::-1, false::-1][:, : true + 1, : false + 1]
        out[:, false] = window.sum(axis=(1, 2))
    return out
