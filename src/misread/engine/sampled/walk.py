"""Kernels that move pupils through their looks and read their faces: one block, all its lanes side by side.

In the order of a look: the pupil is in a cell, the face is read from it (a word of the label's generator), then the
pupil moves (a word of the path's generator). The path's first word of a day draws the cell of the day's first look;
after a lesson's last look the move is that to the next lesson.
"""

from __future__ import annotations

from numba import uint32, uint64

from misread.engine.sampled.jit import part
from misread.engine.sampled.keys import BITS, CERTAIN, Words, moved, philox, scrambled
from misread.engine.sampled.layout import (
    AT,
    AT_MASKED,
    BASE,
    CELL,
    CELLS,
    HIDDEN,
    LABELS,
    LANES,
    NUMBERS,
    STATES,
    TALLY,
    begins,
)
from misread.engine.sampled.tables import Ints

FULL = uint64(CERTAIN)
ONE, NONE = uint32(1), uint32(0)


@part
def keyed(block: Words, row: int, pupil: Ints, k0: int, k1: int, school: int, day: int, purpose: int) -> None:
    """Set a generator of each pupil to its key."""
    o = begins(row)
    for lane in range(len(pupil)):
        a, b, c, d = philox(school, pupil[lane], day, purpose, k0, k1)
        block[o + lane] = a
        block[o + LANES + lane] = b
        block[o + 2 * LANES + lane] = c
        block[o + 3 * LANES + lane] = d


@part
def numbers(block: Words, row: int, to: int, count: int, lanes: int) -> None:
    """Draw `count` numbers below `CERTAIN` for each lane into the rows from `to` on."""
    whole = count // 8 * 8
    for i in range(0, whole, 8):
        _eight_numbers(block, begins(row), begins(to + i), lanes)
    for i in range(whole, count):
        _one_number(block, begins(row), begins(to + i), lanes)


@part
def _eight_numbers(block: Words, o: int, to: int, lanes: int) -> None:
    for lane in range(lanes):
        s0, s1 = block[o + lane], block[o + LANES + lane]
        s2, s3 = block[o + 2 * LANES + lane], block[o + 3 * LANES + lane]
        for i in range(8):
            block[to + i * LANES + lane] = scrambled(s0, s3) >> uint32(1)
            s0, s1, s2, s3 = moved(s0, s1, s2, s3)
        block[o + lane] = s0
        block[o + LANES + lane] = s1
        block[o + 2 * LANES + lane] = s2
        block[o + 3 * LANES + lane] = s3


@part
def _one_number(block: Words, o: int, to: int, lanes: int) -> None:
    for lane in range(lanes):
        s0, s1 = block[o + lane], block[o + LANES + lane]
        s2, s3 = block[o + 2 * LANES + lane], block[o + 3 * LANES + lane]
        block[to + lane] = scrambled(s0, s3) >> uint32(1)
        s0, s1, s2, s3 = moved(s0, s1, s2, s3)
        block[o + lane] = s0
        block[o + LANES + lane] = s1
        block[o + 2 * LANES + lane] = s2
        block[o + 3 * LANES + lane] = s3


@part
def found(block: Words, number: int, to: int, table: Words, bits: int, lanes: int) -> None:
    """How many thresholds of its row, which starts at `BASE`, each lane's number reaches: 2^bits places, halved."""
    numbers, places = begins(number), begins(to)
    half = uint32(1 << (bits - 1))
    for lane in range(lanes):
        reached = block[numbers + lane] >= table[uint32(block[BASE * LANES + lane] + uint32(half - ONE))]
        block[places + lane] = half if reached else NONE
    for bit in range(bits - 2, -1, -1):
        step = uint32(1 << bit)
        for lane in range(lanes):
            place = block[places + lane]
            at = uint32(uint32(block[BASE * LANES + lane] + place) + uint32(step - ONE))
            block[places + lane] = uint32(place + step) if block[numbers + lane] >= table[at] else place


@part
def found_hidden(block: Words, number: int, to: int, table: Words, masked: Words, bits: int, lanes: int) -> None:
    """As `found`, where faces may be hidden: thresholds lie between those of the open face and of the hidden one."""
    numbers, places = begins(number), begins(to)
    for lane in range(lanes):
        block[places + lane] = NONE
    for bit in range(bits - 1, -1, -1):
        step = uint32(1 << bit)
        for lane in range(lanes):
            place, hidden = block[places + lane], uint64(block[HIDDEN * LANES + lane])
            ahead = uint32(place + uint32(step - ONE))
            seen = uint64(table[uint32(block[BASE * LANES + lane] + ahead)])
            behind = uint64(masked[uint32(uint32(block[AT_MASKED * LANES + lane] << uint32(bits)) + ahead)])
            limit = uint32(uint64(seen * (FULL - hidden) + behind * hidden) >> uint64(BITS))
            block[places + lane] = uint32(place + step) if block[numbers + lane] >= limit else place


@part
def begin(block: Words, start: Words, bits: int, lanes: int) -> None:
    """The cell at the day's first look, from the number drawn last."""
    for lane in range(lanes):
        block[BASE * LANES + lane] = block[AT_MASKED * LANES + lane] << uint32(bits)
    found(block, NUMBERS, CELL, start, bits, lanes)


@part
def move(block: Words, look: int, table: Words, bits: int, cells: int, state: Words, faces: bool, lanes: int) -> None:
    """Write down the cell and state of a look, then move from it by the rows of `table`."""
    to, state_row, many = begins(CELLS + look), begins(STATES + look), uint32(cells)
    for lane in range(lanes):
        cell = block[CELL * LANES + lane]
        block[to + lane] = cell
        block[BASE * LANES + lane] = uint32(uint32(block[AT * LANES + lane] * many) + cell) << uint32(bits)
    for lane in range(lanes):
        cell = block[CELL * LANES + lane]
        block[state_row + lane] = state[cell] if faces else cell
    found(block, NUMBERS + look, CELL, table, bits, lanes)


@part
def face(block: Words, look: int, bits: int, cells: int, lanes: int) -> None:
    """Where each lane's thresholds of labels start at a look."""
    cell, many = begins(CELLS + look), uint32(cells)
    for lane in range(lanes):
        block[BASE * LANES + lane] = uint32(uint32(block[AT * LANES + lane] * many) + block[cell + lane]) << uint32(
            bits
        )


@part
def count_labels(block: Words, count: int, words: int, lanes: int) -> None:
    """Add some looks' labels to the tallies, four labels a word, eight bits each."""
    for look in range(count):
        o = begins(LABELS + look)
        for word in range(words):
            to, own = begins(TALLY + word), uint32(word)
            for lane in range(lanes):
                label = block[o + lane]
                one = uint32(ONE << uint32(uint32(label & uint32(3)) << uint32(3)))
                block[to + lane] += one if (label >> uint32(2)) == own else NONE
