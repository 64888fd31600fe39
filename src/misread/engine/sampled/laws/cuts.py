"""Laws of two counts as rows of thresholds: the false flags first, then the true ones given those."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.engine.chain.markov import Array
from misread.engine.sampled.keys import BITS, CERTAIN, Words
from misread.engine.sampled.tables import Ints

SHARP = 6
"""First bits that the guide goes by."""
_BEGINS = np.arange(1 << SHARP, dtype=np.uint32) << np.uint32(BITS - SHARP)


@dataclass(frozen=True, eq=False)
class Cuts:
    """Rows of thresholds, end to end.

    A number u below `CERTAIN` means the row's least count and as many more as it has thresholds ≤ u.

    Attributes
    ----------
    cut : ndarray of uint32
        Thresholds, rising in each row; its last one is `CERTAIN`, which no number reaches.
    at : ndarray of int, shape (rows,)
        Where each row begins.
    least : ndarray of int, shape (rows,)
        The least count of each row.
    guide : ndarray of uint16, shape (rows · 2^`SHARP`,)
        For each row and each first `SHARP` bits of a number, how many thresholds every such number reaches (Chen and
        Asau 1974): from there on, the next threshold or two decide.
    """

    cut: Words
    at: Ints
    least: Ints
    guide: NDArray[np.uint16]


def cuts_of(laws: Iterable[tuple[int, int, Array]]) -> tuple[Cuts, Ints]:
    """Laws as rows.

    Parameters
    ----------
    laws : iterable of (int, int, ndarray of shape (true, false))
        Least true flags, least false ones, and the joint law from there on.

    Returns
    -------
    Cuts
        For each law a row of false flags, then one of true flags for each number of false ones that can come up.
    ndarray of int, shape (laws,)
        The first row of each law.
    """
    rows: list[tuple[int, Words]] = []
    first = []
    for true, false, law in laws:
        first.append(len(rows))
        least, cut = _row(law.sum(axis=0))
        rows.append((false + least, cut))
        for f in range(least, least + len(cut) + 1):
            skipped, own = _row(law[:, f])
            rows.append((true + skipped, own))
    return _joined(rows), np.array(first, dtype=np.int64)


def _row(law: Array) -> tuple[int, Words]:
    """How many outcomes never come up before the first that does, and the thresholds between the others."""
    cumulated = np.cumsum(law)
    if not cumulated[-1] > 0:
        return 0, np.empty(0, dtype=np.uint32)
    cut = np.rint(cumulated[:-1] / cumulated[-1] * CERTAIN).astype(np.uint32)
    least, end = np.searchsorted(cut, 0, side="right"), np.searchsorted(cut, CERTAIN)
    return int(least), cut[least:end]


def _joined(rows: Sequence[tuple[int, Words]]) -> Cuts:
    ends = np.cumsum([len(cut) + 1 for _, cut in rows])
    cuts = np.full(ends[-1], CERTAIN, dtype=np.uint32)
    guide = np.zeros((len(rows), 1 << SHARP), dtype=np.uint16)
    for end, own, (_, cut) in zip(ends, guide, rows, strict=True):
        cuts[end - 1 - len(cut) : end - 1] = cut
        own[:] = np.searchsorted(cut, _BEGINS, side="right")
    at = np.concatenate([[0], ends[:-1]]).astype(np.int64)
    return Cuts(cuts, at, np.array([least for least, _ in rows], dtype=np.int64), guide.ravel())
