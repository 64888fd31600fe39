"""Kernels that move pupils through their looks and read their faces: one block, all its lanes side by side.

In the order of a look: the pupil is in a cell, the face is read from it (a word of the label's generator), then the
pupil moves (a word of the path's generator). The path's first word of a day draws the cell of the day's first look;
after a lesson's last look the move is that to the next lesson.
"""

from __future__ import annotations

from numba import uint32, uint64

from misread.engine.sampled.kernels.jit import part
from misread.engine.sampled.kernels.layout import AT, AT_MASKED, CELL, ENTRY, HIDDEN, LANES, PLACE, TALLY, begins
from misread.engine.sampled.keys import BITS, CERTAIN, Word, Words, moved, philox, scrambled
from misread.engine.sampled.tables import Ints

FULL = uint64(CERTAIN)
ONE, NONE = uint32(1), uint32(0)


@part
def keyed(seeds: Words, row: int, pupil: Ints, k0: int, k1: int, school: int, day: int, purpose: int) -> None:
    """Set a generator of each pupil to its key."""
    o = begins(row)
    for lane in range(len(pupil)):
        a, b, c, d = philox(school, pupil[lane], day, purpose, k0, k1)
        seeds[o + lane] = a
        seeds[o + LANES + lane] = b
        seeds[o + 2 * LANES + lane] = c
        seeds[o + 3 * LANES + lane] = d


@part
def draw(seeds: Words, row: int, numbers: Words, count: int, lanes: int) -> None:
    """Draw `count` numbers below `CERTAIN` for each lane."""
    whole = count // 8 * 8
    for i in range(0, whole, 8):
        _draw_eight(seeds, begins(row), numbers, begins(i), lanes)
    for i in range(whole, count):
        _draw_one(seeds, begins(row), numbers, begins(i), lanes)


@part
def draw_one(seeds: Words, row: int, numbers: Words, to: int, lanes: int) -> None:
    """Draw one number below `CERTAIN` for each lane into a row."""
    _draw_one(seeds, begins(row), numbers, begins(to), lanes)


@part
def _draw_eight(seeds: Words, o: int, numbers: Words, to: int, lanes: int) -> None:
    for lane in range(lanes):
        s0, s1 = seeds[o + lane], seeds[o + LANES + lane]
        s2, s3 = seeds[o + 2 * LANES + lane], seeds[o + 3 * LANES + lane]
        for i in range(8):
            numbers[to + i * LANES + lane] = scrambled(s0, s3) >> ONE
            s0, s1, s2, s3 = moved(s0, s1, s2, s3)
        seeds[o + lane] = s0
        seeds[o + LANES + lane] = s1
        seeds[o + 2 * LANES + lane] = s2
        seeds[o + 3 * LANES + lane] = s3


@part
def _draw_one(seeds: Words, o: int, numbers: Words, to: int, lanes: int) -> None:
    for lane in range(lanes):
        s0, s1 = seeds[o + lane], seeds[o + LANES + lane]
        s2, s3 = seeds[o + 2 * LANES + lane], seeds[o + 3 * LANES + lane]
        numbers[to + lane] = scrambled(s0, s3) >> ONE
        s0, s1, s2, s3 = moved(s0, s1, s2, s3)
        seeds[o + lane] = s0
        seeds[o + LANES + lane] = s1
        seeds[o + 2 * LANES + lane] = s2
        seeds[o + 3 * LANES + lane] = s3


@part
def begin(pupil: Words, numbers: Words, start: Words, bits: int, lanes: int) -> None:
    """The cell at the day's first look, from the number drawn last."""
    for lane in range(lanes):
        pupil[CELL * LANES + lane] = searched(start, pupil[AT_MASKED * LANES + lane], bits, numbers[lane])


@part
def searched(table: Words, row: int, bits: int, number: int) -> Word:
    """How many of the thresholds of a row of 2^bits places a number reaches."""
    place = uint32(uint32(row) << uint32(bits))
    for bit in range(bits - 1, -1, -1):
        step = uint32(1 << bit)
        if number >= table[uint32(place + uint32(step - ONE))]:
            place = uint32(place + step)
    return uint32(place & uint32((1 << bits) - 1))


@part
def found(
    spare: Words,
    guide: Words,
    sharp: int,
    table: Words,
    bits: int,
    numbers: Words,
    o: int,
    to: Words,
    at: int,
    lanes: int,
) -> None:
    """As `searched`, for all lanes at once, by a look into the guide (`guide_to`) at the places in row `PLACE`.

    Where more than one threshold lies between two numbers that share a place, the row itself is searched.
    """
    for lane in range(lanes):
        spare[ENTRY * LANES + lane] = guide[spare[PLACE * LANES + lane]]
    ones, within = uint32((1 << sharp) - 1), uint32((1 << (BITS - sharp)) - 1)
    seldom = NONE
    for lane in range(lanes):
        entry, beyond = spare[ENTRY * LANES + lane], numbers[o + lane] & within
        least = entry & ones
        to[at + lane] = uint32(least + (ONE if beyond >= entry >> uint32(sharp) else NONE))
        seldom |= ONE if least == ones else NONE
    if seldom:
        for lane in range(lanes):
            if spare[ENTRY * LANES + lane] & ones == ones:
                row = spare[PLACE * LANES + lane] >> uint32(sharp)
                to[at + lane] = searched(table, row, bits, numbers[o + lane])


@part
def move(
    pupil: Words,
    numbers: Words,
    look: int,
    guide: Words,
    sharp: int,
    table: Words,
    bits: int,
    many: int,
    cells: Words,
    spare: Words,
    lanes: int,
) -> None:
    """Write down the cell of a look, then move from it by the rows of `table`, of which each pupil has `many`."""
    o, own, left = begins(look), uint32(many), uint32(BITS - sharp)
    for lane in range(lanes):
        cell = pupil[CELL * LANES + lane]
        cells[o + lane] = cell
        row = uint32(uint32(pupil[AT * LANES + lane] * own) + cell)
        spare[PLACE * LANES + lane] = uint32(row << uint32(sharp)) | (numbers[o + lane] >> left)
    found(spare, guide, sharp, table, bits, numbers, o, pupil, CELL * LANES, lanes)


@part
def read(
    pupil: Words,
    numbers: Words,
    look: int,
    guide: Words,
    sharp: int,
    table: Words,
    bits: int,
    many: int,
    cells: Words,
    labels: Words,
    to: int,
    spare: Words,
    lanes: int,
) -> None:
    """Label a look of open faces, into the rows of labels from `to` on."""
    o, own, left = begins(look), uint32(many), uint32(BITS - sharp)
    for lane in range(lanes):
        row = uint32(uint32(pupil[AT * LANES + lane] * own) + cells[o + lane])
        spare[PLACE * LANES + lane] = uint32(row << uint32(sharp)) | (numbers[o + lane] >> left)
    found(spare, guide, sharp, table, bits, numbers, o, labels, begins(to + look), lanes)


@part
def read_hidden(
    pupil: Words,
    numbers: Words,
    look: int,
    table: Words,
    masked: Words,
    bits: int,
    many: int,
    cells: Words,
    labels: Words,
    to: int,
    lanes: int,
) -> None:
    """As `read`, where faces may be hidden: thresholds lie between those of the open face and of the hidden one."""
    o, at, own = begins(look), begins(to + look), uint32(many)
    for lane in range(lanes):
        row = uint32(uint32(pupil[AT * LANES + lane] * own) + cells[o + lane])
        base, behind = uint32(row << uint32(bits)), uint32(pupil[AT_MASKED * LANES + lane] << uint32(bits))
        number, hidden = numbers[o + lane], uint64(pupil[HIDDEN * LANES + lane])
        place = NONE
        for bit in range(bits - 1, -1, -1):
            step = uint32(1 << bit)
            ahead = uint32(place + uint32(step - ONE))
            open_, shut = uint64(table[uint32(base + ahead)]), uint64(masked[uint32(behind + ahead)])
            limit = uint32(uint64(open_ * (FULL - hidden) + shut * hidden) >> uint64(BITS))
            if number >= limit:
                place = uint32(place + step)
        labels[at + lane] = place


@part
def states_of(cells: Words, state: Words, states: Words, count: int, lanes: int) -> None:
    """The state of each look's cell."""
    for look in range(count):
        o = begins(look)
        for lane in range(lanes):
            states[o + lane] = state[cells[o + lane]]


@part
def count_labels(labels: Words, pupil: Words, count: int, words: int, lanes: int) -> None:
    """Add some looks' labels to the tallies, four labels a word, eight bits each."""
    for look in range(count):
        o = begins(look)
        for word in range(words):
            to, own = begins(TALLY + word), uint32(word)
            for lane in range(lanes):
                label = labels[o + lane]
                one = uint32(ONE << uint32(uint32(label & uint32(3)) << uint32(3)))
                pupil[to + lane] += one if (label >> uint32(2)) == own else NONE
