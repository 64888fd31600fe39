"""Kernels that see more than one pupil, or more than one lesson: rankings of a class, marks, the first flag."""

from __future__ import annotations

from typing import Any

from numba import int64, uint32

from misread.engine.sampled.kernels.jit import part, popcount
from misread.engine.sampled.kernels.judge import NONE, ONE, lowest
from misread.engine.sampled.kernels.layout import (
    EARNED,
    FIRES,
    FIRST_FALSE,
    FIRST_FLAG,
    FLAGS,
    HITS,
    LANES,
    MORE,
    MORE_FALSE,
    NEVER,
    SUM,
    SUM_FALSE,
    TRUE,
    UNEARNED,
    YEAR_FALSE,
    YEAR_FLAGS,
)
from misread.engine.sampled.keys import Words, philox
from misread.engine.sampled.tables import Ints

NOT_YET = uint32(NEVER)


@part
def rank(
    key: tuple[int, int, int, int, int],
    pupil: Ints,
    first: Ints,
    reader: Words,
    rule: int,
    who: int,
    top: int,
    many: Ints,
    lots: Ints,
    hits: Ints,
) -> None:
    """Flag the `top` pupils of each class with most hits in the lesson, nobody with none.

    Of those tied at the cut, the ones with the lowest lots are flagged: a number by pupil and lesson (counted over
    all days), of two equal ones the pupil who comes first. `key` is the seed's two words, school, lesson and purpose;
    `many`, a place for each number of hits, `lots` and `hits` are room to work in.
    """
    for b in range(len(reader)):
        own, held = reader[b, rule, who], hits[b * LANES : (b + 1) * LANES]
        for lane in range(len(held)):
            held[lane] = own[HITS * LANES + lane]
    for c in range(len(first) - 1):
        begin, end = first[c], first[c + 1]
        choose(key, pupil[begin:end], hits[begin:end], lots, top, many)
    for b in range(len(reader)):
        own, held = reader[b, rule, who], hits[b * LANES : (b + 1) * LANES]
        for lane in range(len(held)):
            own[FLAGS * LANES + lane] = uint32(held[lane])


@part
def choose(key: tuple[int, int, int, int, int], pupil: Ints, hits: Ints, lots: Ints, top: int, many: Ints) -> None:
    """As `rank`, for one class: 1 or 0 is put in the place of each one's hits."""
    k0, k1, school, lesson, purpose = key
    for count in range(len(many)):
        many[count] = 0
    for i in range(len(hits)):
        many[hits[i]] += 1
    # Down to the count of hits at which places run out.
    left, cut = top, len(many) - 1
    while cut > 0 and many[cut] <= left:
        left -= many[cut]
        cut -= 1
    left, tied = left if cut > 0 else 0, 0
    if left > 0:
        # Who is tied is noted without a jump, because none could be foreseen.
        for i in range(len(hits)):
            lots[tied] = i
            tied += hits[i] == cut
        for j in range(tied):
            i = lots[j]
            lots[j] = int64(philox(school, pupil[i], lesson, purpose, k0, k1)[0] >> uint32(1)) << 32 | i
    for i in range(len(hits)):
        hits[i] = hits[i] > cut
    for _ in range(left):
        best = 0
        for j in range(1, tied):
            best = j if lots[j] < lots[best] else best
        hits[lots[best] & 0xFFFFFFFF] = 1
        tied -= 1
        lots[best] = lots[tied]


@part
def earn(rule: Words, reader: Words, mark: Words, needed: int, counted: bool, day: int) -> None:
    """Give a mark where the count has just reached `needed`.

    With `counted`, the one flag of a lesson is in row `FLAGS`; else the flags of some looks are in row `FIRES`.
    """
    reached = False
    for lane in range(LANES):
        count = uint32(reader[YEAR_FLAGS * LANES + lane] + mark[MORE * LANES + lane])
        reached |= (count >= uint32(needed)) & (mark[EARNED * LANES + lane] == NOT_YET)
    if not reached:
        return
    for lane in range(LANES):
        if mark[EARNED * LANES + lane] != NOT_YET:
            continue
        count = int64(uint32(reader[YEAR_FLAGS * LANES + lane] + mark[MORE * LANES + lane]))
        false = int64(uint32(reader[YEAR_FALSE * LANES + lane] + mark[MORE_FALSE * LANES + lane]))
        if count < needed:
            continue
        if not counted:
            # Flags that came at the same looks but after the one that earned the mark are taken off again.
            fires = reader[FIRES * LANES + lane]
            for _ in range(needed - (count - int64(popcount(fires)))):
                fires &= uint32(fires - ONE)
            false -= int64(popcount(uint32(fires & ~rule[TRUE * LANES + lane])))
        mark[EARNED * LANES + lane] = uint32(day)
        mark[UNEARNED * LANES + lane] = ONE if 2 * false >= needed else NONE


@part
def open_marks(reader: Words, mark: Words, ring: Words, at: int) -> None:
    """What the last days_per_year days, today left out, add to the year's count; `at` is its place in the ring."""
    for lane in range(LANES):
        mark[SUM * LANES + lane] -= ring[0, at, lane]
        mark[SUM_FALSE * LANES + lane] -= ring[1, at, lane]
        mark[MORE * LANES + lane] = uint32(mark[SUM * LANES + lane] - reader[YEAR_FLAGS * LANES + lane])
        mark[MORE_FALSE * LANES + lane] = uint32(mark[SUM_FALSE * LANES + lane] - reader[YEAR_FALSE * LANES + lane])


@part
def close_marks(reader: Words, mark: Words, ring: Words, at: int) -> None:
    """Keep the day's flags for the days_per_year days to come."""
    for lane in range(LANES):
        new = uint32(reader[YEAR_FLAGS * LANES + lane] + mark[MORE * LANES + lane])
        false = uint32(reader[YEAR_FALSE * LANES + lane] + mark[MORE_FALSE * LANES + lane])
        ring[0, at, lane] = uint32(new - mark[SUM * LANES + lane])
        ring[1, at, lane] = uint32(false - mark[SUM_FALSE * LANES + lane])
        mark[SUM * LANES + lane] = new
        mark[SUM_FALSE * LANES + lane] = false


@part
def note_first(reader: Words, day: int) -> None:
    """Note the day of the first flag, and of the first false one."""
    for lane in range(LANES):
        first, false = reader[FIRST_FLAG * LANES + lane], reader[FIRST_FALSE * LANES + lane]
        flags, wrong = reader[YEAR_FLAGS * LANES + lane], reader[YEAR_FALSE * LANES + lane]
        reader[FIRST_FLAG * LANES + lane] = uint32(day) if first == NOT_YET and flags > NONE else first
        reader[FIRST_FALSE * LANES + lane] = uint32(day) if false == NOT_YET and wrong > NONE else false


@part
def by_state(states: Words, reader: Words, flagged: Ints, counts: Any, first: int, lanes: int) -> None:
    """Add a window rule's flags at some looks to the state that each found the pupil in.

    `flagged` is room to work in.
    """
    # Who is flagged is noted without a jump, because none could be foreseen; few are.
    many = 0
    for lane in range(lanes):
        flagged[many] = lane
        many += reader[FIRES * LANES + lane] != NONE
    for i in range(many):
        lane = flagged[i]
        fires = reader[FIRES * LANES + lane]
        while fires:
            look = lowest(fires)
            counts[states[look * LANES + lane], first + lane] += 1
            fires &= uint32(fires - ONE)
