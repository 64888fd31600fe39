"""How rows of thresholds are kept for kernels: once for all who have the same ones, and each with a guide into it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from misread.engine.sampled.keys import CERTAIN, Words

CACHE = 2**18
"""Bytes of guides of one kind that are read in one school year."""
SHARPEST, SELDOM = 10, 2**-14
"""Most first bits that a guide goes by, and the share of its words that may say nothing where fewer do."""

Ints = NDArray[np.int64]


def once(*tables: Words, of: int) -> tuple[Words, ...]:
    """Tables whose rows, `of` to a seat, are kept once for all seats that have the same ones.

    Parameters
    ----------
    *tables : ndarray of uint32, shape (…, places)
        As `thresholds` gives them: of as many rows each, which go by seat first.
    of : int
        Rows of a seat.

    Returns
    -------
    tuple of ndarray of uint32
        In which row those of each seat begin; then of each table the rows that are left, in the order in which seats
        ask for them: (rows, places).
    """
    held = [table.reshape(-1, of, table.shape[-1]) for table in tables]
    alike = same(np.concatenate(held, axis=-1))
    _, first = np.unique(alike, return_index=True)
    rows = (table[first].reshape(-1, table.shape[-1]) for table in held)
    return (of * alike).astype(np.uint32), *rows


def same(tables: Words) -> Ints:
    """A number for each table: the same for those that are the same, counted in the order in which they come."""
    seen: dict[bytes, int] = {}
    return np.array([seen.setdefault(table.tobytes(), len(seen)) for table in tables])


def guide_to(rows: Words, sharp: int) -> Words:
    """Where to look in rows of thresholds, by the first `sharp` bits of a number (Chen and Asau 1974).

    Parameters
    ----------
    rows : ndarray of uint32, shape (…, places)
        As `thresholds` gives them.
    sharp : int
        Bits, so many that 2^sharp exceeds the outcomes.

    Returns
    -------
    ndarray of uint32, shape (rows · 2^sharp,)
        For each row and each first bits, a word. Its low `sharp` bits are the thresholds that every such number
        reaches; the others, how far into its 2^(31 − sharp) numbers the next threshold lies, or 2^(31 − sharp) for
        beyond. Where several thresholds lie among the numbers, the low bits are all ones: nothing can be said.
    """
    flat, size = rows.reshape(-1, rows.shape[-1]).astype(np.int64), CERTAIN >> sharp
    begin, among = size * np.arange(1 << sharp), _among(flat, sharp)
    # Thresholds of a row rise: those up to where some numbers begin come first, and then the next one.
    least = np.cumsum(_counted(flat // size, flat % size == 0, sharp) + among, axis=1) - among
    following = np.take_along_axis(flat, np.minimum(least, flat.shape[1] - 1), axis=1) - begin
    beyond = np.where(among == 0, size, following)
    return np.where(among > 1, (1 << sharp) - 1, least | beyond << sharp).astype(np.uint32).ravel()


def _among(flat: Ints, sharp: int) -> Ints:
    """How many thresholds of each row lie among the numbers that share their first bits, the lowest left out."""
    size = CERTAIN >> sharp
    return _counted(flat // size, flat % size > 0, sharp)


def _counted(shared: Ints, chosen: NDArray[np.bool_], sharp: int) -> Ints:
    """How many of the chosen entries of each row have each value below 2^sharp."""
    at = shared + (np.arange(len(shared)) << sharp)[:, None]
    return np.bincount(at[chosen & (shared < 1 << sharp)], minlength=len(shared) << sharp).reshape(len(shared), -1)


def sharpness(rows: Words, outcomes: int) -> int:
    """First bits that a guide goes by: enough for it to seldom say nothing, but so few that a cache holds a year's."""
    flat = rows.reshape(-1, rows.shape[-1]).astype(np.int64)
    sharp = max(3, (outcomes + 1).bit_length())
    while sharp < SHARPEST and len(flat) * 4 << (sharp + 1) <= CACHE and (_among(flat, sharp) > 1).mean() > SELDOM:
        sharp += 1
    return sharp
