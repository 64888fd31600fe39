"""One lesson, forwards, for an automaton that reads several rules: compiled, since its tables are large and sparse."""

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
        As in `misread.engine.exact.product.Joint`.
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
