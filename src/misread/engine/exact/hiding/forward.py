"""Lessons, days and nights, forwards, where several rules are read together: compiled, since their tables are large and
sparse."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.intp]


@njit(nogil=True, cache=True)
def lessons(
    chance: Array,
    step: Array,
    claimed: Ints,
    following: Ints,
    outcome: Ints,
    last: Ints,
    count: Ints,
    reached: Ints,
    first: Ints,
) -> Array:  # pragma: no cover - compiled
    """Laws of (cell at the last look, count), by the cell at the first look.

    Parameters
    ----------
    chance : ndarray, shape (readings, cells, letters)
        P(letter | cell).
    step : ndarray, shape (readings, cells, cells)
        Transition probabilities from look to look.
    claimed : ndarray of int, shape (cells,)
        1 for cells that are claimed.
    following, outcome, last : ndarray of int, shape (states of the automaton, letters, 2)
        As in `misread.engine.exact.hiding.product.Joint`.
    count : ndarray of int, shape (counts, outcomes)
        Where each count goes.
    reached : ndarray of int
        States the automaton can be in before each look and after the last, one list after the other.
    first : ndarray of int, shape (looks + 2,)
        Where each of these lists begins.

    Returns
    -------
    ndarray, shape (readings, cells, cells at the last look, counts)
    """
    readings, cells, letters = chance.shape
    looks, counts = len(first) - 2, count.shape[0]
    out = np.zeros((readings, cells, cells, counts))
    # Counts, and all first cells side by side: the innermost loops run over both.
    here = np.zeros((len(following), cells, counts * cells))
    read = np.zeros((len(following), cells, counts * cells))
    for r in range(readings):
        here[0] = 0.0
        for z in range(cells):
            here[0, z, z] = 1.0
        # No count from here on has been reached yet.
        top = 1
        for look in range(looks):
            at_end = look == looks - 1
            higher = top
            for q in range(top):
                for what in range(count.shape[1]):
                    higher = max(higher, count[q, what] + 1)
            for i in range(first[look + 1], first[look + 2]):
                read[reached[i], :, : higher * cells] = 0.0
            for i in range(first[look], first[look + 1]):
                a = reached[i]
                for z in range(cells):
                    source = here[a, z]
                    for letter in range(letters):
                        p = chance[r, z, letter]
                        if p == 0.0:
                            continue
                        target = read[following[a, letter, claimed[z]], z]
                        what = last[a, letter, claimed[z]] if at_end else outcome[a, letter, claimed[z]]
                        if what == 0:
                            for w in range(top * cells):
                                target[w] += p * source[w]
                            continue
                        for q in range(top):
                            after = count[q, what] * cells
                            for start in range(cells):
                                target[after + start] += p * source[q * cells + start]
            top = higher
            for i in range(first[look + 1], first[look + 2]):
                a = reached[i]
                if at_end:
                    for z in range(cells):
                        for q in range(counts):
                            for start in range(cells):
                                out[r, start, z, q] += read[a, z, q * cells + start]
                    continue
                for y in range(cells):
                    target = here[a, y]
                    for w in range(top * cells):
                        target[w] = 0.0
                    for z in range(cells):
                        p = step[r, z, y]
                        source = read[a, z]
                        for w in range(top * cells):
                            target[w] += p * source[w]
    return out


@njit(nogil=True, cache=True)
def days(
    start: Array, law: Array, told: Ints, kept: Ints, after: Ints, lessons: int, most: int
) -> Array:  # pragma: no cover - compiled
    """Laws of a day's counts.

    Parameters
    ----------
    start : ndarray, shape (readings, cells)
        Law of the cell at the day's first look.
    law : ndarray, shape (readings, cells, counts, cells)
        Law of (count, cell at the next lesson's first look), by the cell at a lesson's first look.
    told, kept : ndarray of int, shape (counts,)
        What a lesson's count is: flags that notify somebody, and what is kept of one rule's.
    after : ndarray of int, shape (kept of a day, kept of a lesson)
        What is kept of both; -1 for what need not be followed.
    lessons : int
        Lessons a day.
    most : int
        From how many on flags that notify somebody are put together.

    Returns
    -------
    ndarray, shape (readings, told, kept)
    """
    readings, cells, counts, _ = law.shape
    size = after.shape[0]
    out = np.zeros((readings, most + 1, size))
    here = np.zeros((most + 1, size, cells))
    then = np.zeros((most + 1, size, cells))
    for r in range(readings):
        here[:] = 0.0
        here[0, 0] = start[r]
        for _lesson in range(lessons):
            then[:] = 0.0
            for t in range(most + 1):
                for k in range(size):
                    for z in range(cells):
                        p = here[t, k, z]
                        if p == 0.0:
                            continue
                        for count in range(counts):
                            to = after[k, kept[count]]
                            if to < 0:
                                continue
                            target = then[min(t + told[count], most), to]
                            source = law[r, z, count]
                            for y in range(cells):
                                target[y] += p * source[y]
            here, then = then, here
        for t in range(most + 1):
            for k in range(size):
                for z in range(cells):
                    out[r, t, k] += here[t, k, z]
    return out


@njit(nogil=True, cache=True)
def school_year(
    law: Array, steps: Array, seen: Array, flags: int, nights: int, tiny: float
) -> tuple[Array, Array]:  # pragma: no cover - compiled
    """A school year of those who have not earned a mark, day by day.

    Counts of true and false flags are numbered by their sum, then by the false ones: t + f = n stands at
    n(n + 1)/2 + f.

    Parameters
    ----------
    law : ndarray, shape (strata, levels)
        Their law over the levels on the first morning.
    steps : ndarray, shape (strata, levels, levels, counts of a day)
        What a day does.
    seen : ndarray, shape (strata, levels, true, false)
        Expected visits to these counts on one day, from no flags on.
    flags, nights : int
        Flags that earn the mark; days of the year.
    tiny : float
        Chances below this one are not followed.

    Returns
    -------
    tuple of ndarray, shapes (strata, levels) and (strata, flags + 1)
        Law of those who have not earned it on the last evening; law of those who have by the false flags of it.
    """
    strata, levels = law.shape
    most = seen.shape[-1] - 1
    out = np.zeros((strata, levels))
    earned = np.zeros((strata, flags + 1))
    size = flags * (flags + 1) // 2
    here = np.zeros((levels, size))
    then = np.zeros((levels, size))
    # The likeliest way to go from level to level with so many flags, and of all these.
    blocks = 0
    while blocks * (blocks + 1) // 2 < steps.shape[-1]:
        blocks += 1
    peak = np.zeros((levels, levels, blocks))
    best = np.zeros((levels, levels))
    for s in range(strata):
        peak[:] = 0.0
        for a in range(levels):
            for b in range(a, levels):
                for brings in range(blocks):
                    first = brings * (brings + 1) // 2
                    for more in range(brings + 1):
                        peak[a, b, brings] = max(peak[a, b, brings], steps[s, a, b, first + more])
                best[a, b] = peak[a, b].max()
        here[:] = 0.0
        for a in range(levels):
            here[a, 0] = law[s, a]
        for _night in range(nights):
            then[:] = 0.0
            for a in range(levels):
                for many in range(flags):
                    row = here[a, many * (many + 1) // 2 : (many + 1) * (many + 2) // 2]
                    top = row.max()
                    if top < tiny:
                        continue
                    left = flags - many
                    for f in range(many + 1):
                        for more in range(max(0, left - most), min(left, most) + 1):
                            earned[s, f + more] += row[f] * seen[s, a, left - more, more]
                    for b in range(a, levels):
                        if top * best[a, b] < tiny:
                            continue
                        for brings in range(min(blocks, left)):
                            if top * peak[a, b, brings] < tiny:
                                continue
                            target = (many + brings) * (many + brings + 1) // 2
                            for more in range(brings + 1):
                                q = steps[s, a, b, brings * (brings + 1) // 2 + more]
                                for f in range(many + 1):
                                    then[b, target + more + f] += row[f] * q
            here, then = then, here
        for a in range(levels):
            for i in range(size):
                out[s, a] += here[a, i]
    return out, earned
