"""Marks, exactly: the first moment in a school year at which the file holds enough flags.

Counts of true and false flags move one flag at a time, so they stand at each total exactly once. P(the
first F flags of a year are t true and f false, and there are that many) is therefore the expected number
of visits to (t, f), a sum over days of (counts so far) ⊛ (visits within a day): positive terms only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.fft import fft, ifft, irfft, rfft
from numpy.typing import NDArray

from misread.deployment.model import Mark
from misread.engine.chain import CompiledRule
from misread.engine.chain.markov import Array
from misread.engine.exact.laws import fast_length
from misread.engine.exact.lesson import JointCounts, Visits, place
from misread.engine.exact.part import Part

Series = NDArray[np.complex128]
Table = TypeVar("Table", Array, Series)

DIRECT = 50
"""Tables up to this size are convolved term by term, so that tiny chances keep their relative accuracy; larger
ones through transforms, with an absolute error near 1e-15."""


def of_a_year(rule: CompiledRule, years: int) -> tuple[Mark, ...]:
    """A rule's marks within a school year: all, where there is but one."""
    return tuple(m for m in rule.marks if m.within == "year" or years == 1)


def in_a_year(mark: Mark, part: Part) -> tuple[Array, Array]:
    """P(the mark is earned in a given school year), and P(that, and unearned).

    Parameters
    ----------
    mark : Mark
        The mark, within a school year.
    part : Part
        Some readings of a day.

    Returns
    -------
    tuple of ndarray, each of shape (readings,)
    """
    rule, chain = part.rule, part.chain
    if mark.flags > rule.most_flags * chain.lessons * chain.days:
        return np.zeros(len(part.hit)), np.zeros(len(part.hit))
    day, visits = day_of(mark, part)
    size = mark.flags + 1
    if size <= DIRECT:
        wider = [(0, 0), (0, size - day.shape[-1]), (0, size - day.shape[-1])]
        # Readings last: whole rows of them are added at a time.
        day = np.ascontiguousarray(np.moveaxis(np.pad(day, wider), 0, -1))
        days_so_far = np.moveaxis(_sum_of_powers(day, chain.days, _convolved), -1, 0)
        composition = _on_the_diagonal(days_so_far, np.pad(visits, wider))
    else:
        composition = _by_roots(day, visits, mark.flags, chain.days)
    false = np.arange(size)
    return composition.sum(axis=-1), composition[:, 2 * false >= mark.flags].sum(axis=-1)


def day_of(mark: Mark, part: Part) -> tuple[Array, Array]:
    """Law of a day's true and false flags, and P(a flag of the day brings its counts there).

    Parameters
    ----------
    mark, part
        As in `in_a_year`.

    Returns
    -------
    tuple of ndarray, each of shape (readings, true, false)
        With room for the flags a day can bring, or the mark asks for.
    """
    rule, lessons, start = part.rule, part.chain.lessons, part.start
    most = min(rule.most_flags, mark.flags)
    lesson = part.to_next(part.ask(JointCounts(most)))
    seen = part.mixed(part.ask(Visits(most)))
    size = min(rule.most_flags * lessons, mark.flags) + 1
    law = np.zeros((*start.shape, size, size))
    law[..., 0, 0] = start
    visits = np.zeros((len(start), size, size))
    for _ in range(lessons):
        after = np.zeros_like(law)
        for t in range(most + 1):
            for f in range(most + 1 - t):
                kept = law[..., : size - t, : size - f]
                visits[:, t:, f:] += np.einsum("rztf,rz->rtf", kept, seen[..., place(t, f)])
                after[..., t:, f:] += np.einsum("rztf,rzy->rytf", kept, lesson[..., place(t, f)], optimize=True)
        law = after
    return law.sum(axis=1), visits


def _sum_of_powers(day: Table, days: int, times: Callable[[Table, Table], Table]) -> Table:
    """Σ of the powers 0 … days − 1, by doubling.

    Parameters
    ----------
    day : ndarray
        A day's flags, as `times` multiplies them; its first axis or axes count flags.
    days : int
        How many powers.
    times : callable
        Multiplies two such tables into one of the same shape; what falls off is never asked for.
    """
    total, power = np.zeros_like(day), np.zeros_like(day)
    power[(0,) * (day.ndim - 1)] = 1
    # Invariant: total = Σ powers below d, power = day^d, for the leading bits d of `days`.
    for bit in bin(days)[2:]:
        total = total + times(power, total)
        power = times(power, power)
        if bit == "1":
            total = total + power
            power = times(power, day)
    return total


def _convolved(a: Array, b: Array) -> Array:
    """Convolution over the first two axes, right where their indices add to less than their length."""
    size = len(a)
    out = np.zeros_like(a)
    for t in range(size):
        for f in range(size - t):
            left = size - t - f
            out[t : t + left, f : f + left] += a[t, f] * b[:left, :left]
    return out


def _by_roots(day: Array, visits: Array, flags: int, days: int) -> Array:
    """What `_on_the_diagonal` of `_sum_of_powers` gives, for many flags.

    The false flags go through a transform: at each root of unity u what is left is a power series in z, whose
    exponent counts all flags. One reading after another, so that tables stay small.
    """
    roots, length = fast_length(flags + 1), fast_length(2 * flags + 2)

    def times(a: Series, b: Series) -> Series:
        return ifft(fft(a, length, axis=0) * fft(b, length, axis=0), axis=0)[: flags + 1]

    laws, ways = (rfft(_by_total(x), roots, axis=-1) for x in (day, visits))
    out = np.empty((len(day), flags + 1))
    for r, (law, way) in enumerate(zip(laws, ways, strict=True)):
        series: Series = np.zeros((flags + 1, law.shape[1]), dtype=complex)
        series[: len(law)] = law
        so_far = _sum_of_powers(series, days, times)
        last = len(way) - 1
        at_roots = (so_far[flags - last :] * way[::-1]).sum(axis=0)
        out[r] = np.maximum(irfft(at_roots, roots), 0)[: flags + 1]
    return out


def _by_total(table: Array) -> Array:
    """A table of shape (readings, true, false) by all flags and false ones: shape (readings, all, false)."""
    size = table.shape[-1]
    out = np.zeros_like(table)
    for false in range(size):
        out[:, false:, false] = table[:, : size - false, false]
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
