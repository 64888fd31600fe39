"""Kernels that move pupils through their looks and read their faces: one block, all its lanes side by side.

In the order of a look: the pupil is in a cell, the face is read from it (a word of the label's generator), then the
pupil moves (a word of the path's generator). The path's first word of a day draws the cell of the day's first look;
after a lesson's last look the move is that to the next lesson.
"""

from __future__ import annotations

from numba import uint32

from misread.engine.sampled.kernels.jit import left, part, part_in_line, right
from misread.engine.sampled.kernels.layout import (
    AT,
    AT_LABEL,
    AT_MASKED,
    CELL,
    ENTRY,
    HIDDEN,
    LANES,
    PLACE,
    SEAT,
    TALLY,
    begins,
)
from misread.engine.sampled.keys import BITS, ROUNDS, Word, Words, mixed, moved, next_key, scrambled
from misread.engine.sampled.tables import Ints

ONE, NONE = uint32(1), uint32(0)


@part
def keyed(seeds: Words, row: int, pupil: Ints, k0: int, k1: int, school: int, day: int, purpose: int) -> None:
    """Set a generator of each pupil to its key."""
    o = begins(row)
    for lane in range(LANES):
        seeds[o + lane] = uint32(school)
        seeds[o + 2 * LANES + lane] = uint32(day)
        seeds[o + 3 * LANES + lane] = uint32(purpose)
    for lane in range(len(pupil)):
        seeds[o + LANES + lane] = uint32(pupil[lane])
    # `philox`, round by round, so that many lanes are taken at a time.
    k, m = uint32(k0), uint32(k1)
    for _ in range(ROUNDS):
        for lane in range(LANES):
            a, b = seeds[o + lane], seeds[o + LANES + lane]
            c, d = seeds[o + 2 * LANES + lane], seeds[o + 3 * LANES + lane]
            a, b, c, d = mixed(a, b, c, d, k, m)
            seeds[o + lane] = a
            seeds[o + LANES + lane] = b
            seeds[o + 2 * LANES + lane] = c
            seeds[o + 3 * LANES + lane] = d
        k, m = next_key(k, m)


@part
def draw(seeds: Words, row: int, numbers: Words, first: int, count: int) -> None:
    """Draw `count` numbers below `CERTAIN` for each lane, into the rows from `first` on."""
    o, whole = begins(row), count & ~7
    for i in range(first, first + whole, 8):
        to = begins(i)
        for lane in range(LANES):
            s0, s1 = seeds[o + lane], seeds[o + LANES + lane]
            s2, s3 = seeds[o + 2 * LANES + lane], seeds[o + 3 * LANES + lane]
            for look in range(8):
                numbers[to + look * LANES + lane] = right(scrambled(s0, s3), 1)
                s0, s1, s2, s3 = moved(s0, s1, s2, s3)
            seeds[o + lane] = s0
            seeds[o + LANES + lane] = s1
            seeds[o + 2 * LANES + lane] = s2
            seeds[o + 3 * LANES + lane] = s3
    for i in range(first + whole, first + count):
        to = begins(i)
        for lane in range(LANES):
            s0, s1 = seeds[o + lane], seeds[o + LANES + lane]
            s2, s3 = seeds[o + 2 * LANES + lane], seeds[o + 3 * LANES + lane]
            numbers[to + lane] = right(scrambled(s0, s3), 1)
            s0, s1, s2, s3 = moved(s0, s1, s2, s3)
            seeds[o + lane] = s0
            seeds[o + LANES + lane] = s1
            seeds[o + 2 * LANES + lane] = s2
            seeds[o + 3 * LANES + lane] = s3


@part
def begin(pupil: Words, numbers: Words, start: Words, bits: int) -> None:
    """The cell at the day's first look, from the number drawn last."""
    for lane in range(LANES):
        pupil[CELL * LANES + lane] = searched(start, pupil[SEAT * LANES + lane], bits, numbers[lane])


@part
def searched(table: Words, row: int, bits: int, number: int) -> Word:
    """How many of the thresholds of a row of 2^bits places a number reaches."""
    place: Word = left(uint32(row), bits)
    for bit in range(bits - 1, -1, -1):
        step = left(ONE, bit)
        place = uint32(place + (step if number >= table[uint32(place + uint32(step - ONE))] else NONE))
    return uint32(place & uint32((1 << bits) - 1))


@part_in_line
def found(
    spare: Words, guide: Words, sharp: int, table: Words, bits: int, numbers: Words, look: int, to: Words, row: int
) -> None:
    """As `searched`, for all lanes at once, by a look into the guide (`guide_to`) at the places in row `PLACE`.

    Where more than one threshold lies between two numbers that share a place, the row itself is searched.
    """
    o, at = begins(look), begins(row)
    for lane in range(LANES):
        spare[ENTRY * LANES + lane] = guide[spare[PLACE * LANES + lane]]
    ones, within, by = uint32((1 << sharp) - 1), uint32((1 << (BITS - sharp)) - 1), uint32(sharp)
    seldom = NONE
    for lane in range(LANES):
        entry = spare[ENTRY * LANES + lane]
        least, number = uint32(entry & ones), uint32(numbers[o + lane] & within)
        to[at + lane] = uint32(least + (ONE if number >= right(entry, by) else NONE))
        seldom = uint32(seldom | (ONE if least == ones else NONE))
    if seldom:
        for lane in range(LANES):
            if uint32(spare[ENTRY * LANES + lane] & ones) == ones:
                to[at + lane] = searched(table, right(spare[PLACE * LANES + lane], by), bits, numbers[o + lane])


@part_in_line
def move(
    pupil: Words,
    numbers: Words,
    look: int,
    guide: Words,
    sharp: int,
    table: Words,
    bits: int,
    cells: Words,
    spare: Words,
) -> None:
    """Write down the cell of a look, then move from it by the rows of `table`."""
    o = begins(look)
    for lane in range(LANES):
        cells[o + lane] = pupil[CELL * LANES + lane]
    _places(pupil, AT, numbers, look, sharp, cells, spare)
    found(spare, guide, sharp, table, bits, numbers, look, pupil, CELL)


@part_in_line
def read(
    pupil: Words,
    numbers: Words,
    look: int,
    guide: Words,
    sharp: int,
    table: Words,
    bits: int,
    cells: Words,
    labels: Words,
    to: int,
    hides: bool,
    spare: Words,
) -> None:
    """Label a look, into the rows of labels from `to` on.

    Where faces hide, that row holds the numbers that decide which ones do.
    """
    if hides:
        _places_behind(pupil, numbers, look, sharp, cells, labels, to + look, spare)
    else:
        _places(pupil, AT_LABEL, numbers, look, sharp, cells, spare)
    found(spare, guide, sharp, table, bits, numbers, look, labels, to + look)


@part_in_line
def _places(pupil: Words, at: int, numbers: Words, look: int, sharp: int, cells: Words, spare: Words) -> None:
    """Where to look into a guide, by the cells and numbers of a look; rows begin as row `at` of the pupils says."""
    o, first, by, rest = begins(look), begins(at), uint32(sharp), uint32(BITS - sharp)
    for lane in range(LANES):
        row = uint32(pupil[first + lane] + cells[o + lane])
        spare[PLACE * LANES + lane] = left(row, by) | right(numbers[o + lane], rest)


@part_in_line
def _places_behind(
    pupil: Words, numbers: Words, look: int, sharp: int, cells: Words, veils: Words, veil: int, spare: Words
) -> None:
    """As `_places` for labels, where faces are hidden whose number in row `veil` says so."""
    o, at, by, rest = begins(look), begins(veil), uint32(sharp), uint32(BITS - sharp)
    for lane in range(LANES):
        shown = uint32(pupil[AT_LABEL * LANES + lane] + cells[o + lane])
        row = pupil[AT_MASKED * LANES + lane] if veils[at + lane] < pupil[HIDDEN * LANES + lane] else shown
        spare[PLACE * LANES + lane] = left(row, by) | right(numbers[o + lane], rest)


@part
def states_of(cells: Words, state: Words, states: Words, count: int) -> None:
    """The state of each look's cell."""
    for look in range(count):
        o = begins(look)
        for lane in range(LANES):
            states[o + lane] = state[cells[o + lane]]


@part
def count_labels(labels: Words, pupil: Words, count: int, words: int) -> None:
    """Add some looks' labels to the tallies, four labels a word, eight bits each."""
    whole = count & ~7
    for word in range(words):
        to, own = begins(TALLY + word), uint32(word)
        for first in range(0, whole, 8):
            o = begins(first)
            for lane in range(LANES):
                some = NONE
                for look in range(8):
                    some = uint32(some + _tallied(labels[o + look * LANES + lane], own))
                pupil[to + lane] += some
        for look in range(whole, count):
            o = begins(look)
            for lane in range(LANES):
                pupil[to + lane] += _tallied(labels[o + lane], own)


@part
def _tallied(label: Word, word: Word) -> Word:
    """One, in the eight bits of a tally that count a label, if they are in this word."""
    one = left(ONE, uint32(label & uint32(3)) * uint32(8))
    return one if right(label, 2) == word else NONE
