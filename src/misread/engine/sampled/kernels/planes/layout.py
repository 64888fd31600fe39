"""What the planes' kernel reads and writes, and how a deployment's tables become places of sets of cells."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from misread.engine.sampled.kernels.planes.draw import FIRST_CELLS, KINDS, PER_THRESHOLD, SETS
from misread.engine.sampled.kernels.planes.judge import MANY_ROWS, MOST_PATH, TALLIES
from misread.engine.sampled.kernels.planes.numbers import BATCH, HALF, ROWS, STATE
from misread.engine.sampled.kernels.planes.tally import EIGHT, LOW
from misread.engine.sampled.kernels.planes.vector import ABREAST, BYTES, WORDS, Planes
from misread.engine.sampled.keys import BITS, Words
from misread.engine.sampled.tables import Flat, Ints, Size

READINGS = 3
"""Generators: of paths, of labels, of labels read a second time."""

_ORDER = np.arange(ABREAST)
LANE: Ints = 64 * (_ORDER % HALF // 2) + 32 * (_ORDER % 2) + 31 - _ORDER // HALF
"""The lane (bit i of word w: 64·w + i) of each pupil, which is where turning the numbers puts him."""


class Deal(NamedTuple):
    """What the kernel reads of a deployment, for the kinds of pupils who are side by side.

    Tables hold bytes at which planes begin (`places`), by [threshold][plane][kind][two]. `path_kinds` and `label_kinds`
    are 1 where all have the same tables, else `KINDS`. `claims` has the two places of each rule's claimed cells,
    `edges` what `judge.hits` reads. A second reading draws only the `few` thresholds that tell hits from other labels,
    those of `again`; `edges_again` are the edges among these. Rows of what is counted lie `apart`: `padded` looks.
    """

    start: Words
    step: Words
    gap: Words
    emission: Words
    again: Words
    path_kinds: int
    label_kinds: int
    claims: Words
    edges: Ints
    edges_again: Ints
    few: int
    apart: int


class Tile(NamedTuple):
    """Pupils side by side, each in a school year of his own: numbers, first days of the years, a plane a kind."""

    pupil: Planes
    first_day: Planes
    masks: Planes


class Room(NamedTuple):
    """Rows to work in; empty at first. `ever` and `earned` have two rows for each thing that happens once."""

    seeds: Planes
    numbers: Planes
    bits: Planes
    undecided: Planes
    sets: Planes
    rows: Planes
    tally: Planes
    ever: Planes
    earned: Planes


class Lanes(NamedTuple):
    """What a year comes to, by lane; days within the year.

    `counts` goes by [tally]: labels below each threshold, then those of each rule (`judge`); `first` by [rule][reader]
    [flag, false flag], `mark_day` and `unearned` by [mark][reader], `census` by [census][reader].
    """

    counts: NDArray[np.uint32]
    first: NDArray[np.int32]
    mark_day: NDArray[np.int32]
    unearned: NDArray[np.bool_]
    census: NDArray[np.uint32]


def planes_of(n: Size) -> tuple[int, int]:
    """Planes of a tally that a day fills, and all of them."""
    day = max(n.lessons, n.lessons * n.looks // EIGHT + 1).bit_length()
    year = max(n.days * n.lessons, n.days * n.lessons * n.looks // EIGHT).bit_length()
    return day, LOW + day + max(day, year)


def room_of(flat: Flat) -> Room:
    """Empty rows."""
    n, rules, apart = flat.n, len(flat.rules), padded(flat.n.looks)
    tallies = n.labels - 1 + TALLIES * rules
    return Room(
        seeds=rows(READINGS * STATE),
        numbers=rows(READINGS * ROWS * BATCH),
        bits=rows(HALF),
        undecided=rows(max(n.labels, n.cells)),
        sets=rows(SETS * (KINDS + 1)),
        rows=rows(MOST_PATH * (n.looks + 1) + apart * (2 * (n.labels - 1) + rules + MANY_ROWS)),
        tally=rows(tallies * planes_of(n)[1]),
        ever=rows(2 * 4 * rules),
        earned=rows(2 * 2 * len(flat.marks)),
    )


def lanes_of(flat: Flat) -> Lanes:
    """Nothing counted."""
    rules, marks = len(flat.rules), len(flat.marks)
    return Lanes(
        counts=np.zeros((flat.n.labels - 1 + TALLIES * rules, ABREAST), np.uint32),
        first=np.full((rules, 2, 2, ABREAST), -1, np.int32),
        mark_day=np.full((marks, 2, ABREAST), -1, np.int32),
        unearned=np.zeros((marks, 2, ABREAST), np.bool_),
        census=np.zeros((len(flat.censuses), 2, ABREAST), np.uint32),
    )


def padded(looks: int) -> int:
    """Looks filled up to whole eights, as tallies add them."""
    return -(-looks // EIGHT) * EIGHT


def rows(many: int) -> Planes:
    """Empty rows, the first of which begins where a cache line does."""
    raw = np.zeros((many + 1) * WORDS, np.uint64)
    start = -raw.ctypes.data % BYTES // 8
    return raw[start : start + many * WORDS]


def halves(numbers: NDArray[Any]) -> Planes:
    """Words of 32 bits, one a pupil, two in a word of 64: as the generators take them."""
    found = rows(ROWS)
    found[:] = numbers[0::2].astype(np.uint64) | numbers[1::2].astype(np.uint64) << np.uint64(32)
    return found


def bits_of(chosen: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Planes of pupils, from whether each is chosen: (…, 512) to (…, 8)."""
    lanes = np.empty(chosen.shape, np.bool_)
    lanes[..., LANE] = chosen
    return np.packbits(lanes.reshape(*chosen.shape[:-1], WORDS, 64), axis=-1, bitorder="little").view("<u8")[..., 0]


def places(limits: Words) -> NDArray[np.uint32]:
    """Thresholds as places of sets of cells.

    Parameters
    ----------
    limits : ndarray of uint32, shape (…, cells, thresholds)
        As `tables.thresholds` gives them.

    Returns
    -------
    ndarray of uint32, shape (…, thresholds, planes, 2)
        For each bit of a threshold, highest first, at which bytes two planes begin whose union is the pupils in cells
        for which it is not set; in the last place, those for whom the threshold is `CERTAIN`.
    """
    shifts = np.arange(BITS - 1, -1, -1)
    own = np.swapaxes(limits, -1, -2)[..., None, :].astype(np.int64)
    chosen = np.concatenate([1 - (own >> shifts[:, None] & 1), own >> BITS], axis=-2)
    assert chosen.shape[-2] == PER_THRESHOLD
    return place_of(chosen)


def place_of(chosen: Ints) -> NDArray[np.uint32]:
    """Where the two planes of a set of cells begin: (…, cells), each 0 or 1, to (…, 2)."""
    weights = 1 << np.arange(chosen.shape[-1]) % FIRST_CELLS
    first = (chosen * weights)[..., :FIRST_CELLS].sum(axis=-1)
    others = (chosen * weights)[..., FIRST_CELLS:].sum(axis=-1)
    return (BYTES * np.stack([first, SETS // 2 + others], axis=-1)).astype(np.uint32)


def edges_of(flat: Flat) -> Ints:
    """For each rule, by which thresholds its hits are told from other labels (`judge.hits`)."""
    found = np.zeros((len(flat.rules), flat.n.labels + 1), np.int64)
    for r, rule in enumerate(flat.rules):
        hit = int(rule["hit"]) >> np.arange(flat.n.labels) & 1
        at = np.flatnonzero(np.diff(hit))
        found[r, 0], found[r, 1], found[r, 2 : 2 + len(at)] = len(at), hit[-1], at
    return found
