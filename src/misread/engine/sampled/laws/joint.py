"""Joint laws by roots of unity: of the true and false flags of many days, and of a lesson's hits and claimed looks.

At a pair of roots (u, v), a lesson with t true and f false flags weighs uᵗvᶠ. Lessons are then joined by products of
matrices over the pupil's cell, days by a power, and the law comes back by an inverse Fourier transform, modulo lengths
that hold all of it that a random number can tell. Within a lesson, a look that is a hit weighs u, one in a claimed
state v.
"""

from __future__ import annotations

import numpy as np
from numpy.fft import ifft, irfft
from numpy.typing import NDArray

from misread.engine.chain.markov import Array
from misread.engine.exact.laws import fast_length

Series = NDArray[np.complex128]

BESIDE = 2.0**-36
"""Chance that may lie on either side of a window of counts: a thirty-second of what the numbers drawn can tell."""
AT_ONCE = 2**21
"""Complex numbers that stand in memory while some roots are gone through."""


def law_of_days(start: Array, lesson: Array, lessons: int, days: int) -> tuple[int, int, Array]:
    """Joint law of the true and the false flags of some days.

    Parameters
    ----------
    start : ndarray, shape (cells,)
        Law of the cell at a day's first look.
    lesson : ndarray, shape (cells, cells, true + 1, false + 1)
        From a lesson's first look to the next one's: P(cell, true flags, false flags | cell).
    lessons, days : int
        How many.

    Returns
    -------
    tuple of int, int and ndarray
        Least number of true flags, least number of false ones, and the law from there on, shape (true, false): within
        it lies all but 4 · `BESIDE` of the chance; it adds to 1.
    """
    first_true, true = _window(start, lesson.sum(axis=3), lessons, days)
    first_false, false = _window(start, lesson.sum(axis=2), lessons, days)
    lengths = fast_length(true), fast_length(false)
    transform = np.empty((lengths[0], lengths[1] // 2 + 1), dtype=complex)
    cells, counts = len(start), lesson.shape[2:]
    by_false = _roots(counts[1], lengths[1], np.arange(lengths[1] // 2 + 1))
    some = max(1, AT_ONCE // (cells**2 * by_false.size))
    for at in range(0, lengths[0], some):
        u = _roots(counts[0], lengths[0], np.arange(at, min(at + some, lengths[0])))
        # [z, y, t, f] to [u, v, z, y].
        at_roots = np.tensordot(np.tensordot(u, lesson, (1, 2)), by_false, (3, 1)).transpose(0, 3, 1, 2)
        transform[at : at + some] = _joined(start, at_roots, lessons) ** days
    law = irfft(ifft(transform, axis=0), lengths[1], axis=1)
    law = np.roll(law, (-first_true, -first_false), axis=(0, 1))[:true, :false]
    law = np.maximum(law, 0)
    return first_true, first_false, law / law.sum()


def law_of_hits(hit: Array, claimed: NDArray[np.bool_], step: Array, gap: Array, looks: int) -> Array:
    """Joint law of a lesson's hits, of whether most of its looks are claimed, and of the next lesson's first cell.

    Parameters
    ----------
    hit : ndarray, shape (cells, 2)
        P(a look is no hit | cell), P(it is one | cell).
    claimed : ndarray of bool, shape (cells,)
        Cells that the flag claims.
    step, gap : ndarray, shape (cells, cells)
        Transitions from look to look, and from the lesson's last look to the next lesson's first.
    looks : int
        Looks of the lesson.

    Returns
    -------
    ndarray, shape (cells, 2, cells, looks + 1)
        P(claimed at more than half of the looks, next cell, hits | cell at the first look).
    """
    cells, length = len(step), fast_length(looks + 1)
    transform = np.empty((length // 2 + 1, 2, cells, cells), dtype=complex)
    of_claims = np.where(claimed, _roots(2, length, np.arange(length))[:, 1:], 1)
    some = max(1, AT_ONCE // (cells**2 * length))
    for at in range(0, len(transform), some):
        of_hits = _roots(2, length, np.arange(at, min(at + some, len(transform)))) @ hit.T
        look = (of_hits[:, None] * of_claims)[..., None]
        lesson = np.matmul(np.linalg.matrix_power(look * step, looks - 1), look * gap)
        by_claims = ifft(lesson, axis=1)
        few, most = by_claims[:, : looks // 2 + 1], by_claims[:, looks // 2 + 1 : looks + 1]
        transform[at : at + some] = np.stack([few.sum(axis=1), most.sum(axis=1)], axis=1)
    law = np.maximum(irfft(transform, length, axis=0)[: looks + 1], 0).transpose(2, 1, 3, 0)
    return np.asarray(law / law.sum(axis=(1, 2, 3), keepdims=True))


def _window(start: Array, lesson: Array, lessons: int, days: int) -> tuple[int, int]:
    """Least count and number of counts that hold all but `BESIDE` on either side.

    Parameters
    ----------
    start, lessons, days
        As in `law_of_days`.
    lesson : ndarray, shape (cells, cells, counts)
        The same for flags of one kind.
    """
    cells, counts = len(start), lesson.shape[2]
    most = (counts - 1) * lessons * days
    length = fast_length(most + 1)
    transform = np.empty(length // 2 + 1, dtype=complex)
    some = max(1, AT_ONCE // cells**2)
    for at in range(0, len(transform), some):
        u = _roots(counts, length, np.arange(at, min(at + some, len(transform))))
        at_roots = np.moveaxis(np.tensordot(lesson, u, (2, 1)), 2, 0)
        transform[at : at + some] = _joined(start, at_roots, lessons) ** days
    law = np.maximum(irfft(transform, length)[: most + 1], 0)
    below, above = np.cumsum(law), np.cumsum(law[::-1])
    first = int(np.searchsorted(below, BESIDE))
    last = most - int(np.searchsorted(above, BESIDE))
    return first, last - first + 1


def _joined(start: Array, lesson: Series, lessons: int) -> Series:
    """A day at some roots: shape of `lesson` without its last two axes, which are cells."""
    law = np.broadcast_to(start.astype(complex), (*lesson.shape[:-2], 1, len(start)))
    for _ in range(lessons):
        law = np.matmul(law, lesson)
    return np.asarray(law.sum(axis=(-1, -2)))


def _roots(counts: int, length: int, which: NDArray[np.intp]) -> Series:
    """Powers of roots of unity: shape (roots, counts)."""
    # Whole numbers are reduced first: angles of many turns lose digits.
    turns = np.outer(which, np.arange(counts)) % length
    return np.asarray(np.exp(-2j * np.pi * turns / length))
