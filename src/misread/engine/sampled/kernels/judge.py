"""Kernels that read the looks of a lesson as a rule does: one block, one rule, all lanes side by side.

Looks are bits of a word, the first one lowest. A rule's own rows hold where a hit was, where the pupil was in a
claimed state, and where a flag would be true; a reader's rows hold its window, muting and counts.
"""

from __future__ import annotations

from typing import Any

from numba import int32, uint32, uint64

from misread.engine.sampled.kernels.jit import leading_zeros, left, part, popcount, right
from misread.engine.sampled.kernels.layout import (
    CAUGHT,
    CLAIMED,
    FIRES,
    FLAGS,
    HIGH,
    HITS,
    IN_LESSON,
    LANES,
    LEFT,
    LOW,
    MUTED,
    OPEN,
    TRUE,
    TRUE_FLAGS,
    WORD,
    YEAR_ALARMED,
    YEAR_CLAIMED,
    YEAR_FALSE,
    YEAR_FLAGS,
    YEAR_LESSONS,
    YEAR_MISSED,
    YEAR_SEEN,
    YEAR_SPELLS,
    YEAR_TRUE,
    begins,
)
from misread.engine.sampled.keys import Word, Words
from misread.engine.sampled.tables import CLEAR, KEEP, MUTE

ONE, NONE, ALL = uint32(1), uint32(0), uint32(0xFFFFFFFF)
SHORT = 24
"""Looks of a window that, with eight to come, find room in a word."""


@part
def open_lesson(rule: Words, reader: Words, readers: int) -> None:
    """Forget the lesson before."""
    for i in range(begins(LEFT), begins(OPEN + 1)):
        rule[i] = NONE
    for who in range(readers):
        own = reader[who]
        for i in range(begins(LOW), begins(TRUE_FLAGS + 1)):
            own[i] = NONE


@part
def truths(rule: Words, truth: int, count: int) -> None:
    """Where a window's flag would be true: at the `truth` looks from a claimed one on, that one included."""
    first, second, third, fourth, fifth = _doublings(truth if truth < WORD else WORD)
    many, last = int32(count), int32(truth)
    looks = uint32(left(ONE, count) - ONE)
    for lane in range(LANES):
        claimed, due = rule[CLAIMED * LANES + lane], int32(rule[LEFT * LANES + lane])
        true = claimed | left(claimed, first)
        true = true | left(true, second)
        true = true | left(true, third)
        true = true | left(true, fourth)
        true = true | left(true, fifth)
        # Looks that a claimed one before these reaches.
        reached = due - int32(1) if due < int32(WORD) else int32(WORD)
        before = uint32(left(ONE, reached if reached > int32(0) else int32(0)) - ONE)
        rule[TRUE * LANES + lane] = (true | before) & looks
        since = int32(leading_zeros(claimed)) - int32(32) + many
        over = last - since if claimed else due - many
        rule[LEFT * LANES + lane] = uint32(over if over > int32(0) else int32(0))


@part
def _doublings(length: int) -> tuple[Word, Word, Word, Word, Word]:
    """By how much to shift a bit five times, each time with what came of it before, to fill `length` ≤ 32 bits."""
    first = length - 1 if length < 2 else 1
    second = length - 2 if length < 4 else 2
    third = length - 4 if length < 8 else 4
    fourth = length - 8 if length < 16 else 8
    fifth = length - 16 if length < 32 else 16
    return _least(first), _least(second), _least(third), _least(fourth), _least(fifth)


@part
def _least(shift: int) -> Word:
    return uint32(shift if shift > 0 else 0)


@part
def hits(labels: Words, row: int, rule: Words, to: int, hit: int, count: int) -> None:
    """Which of some looks, labelled (or with states) in the rows from `row` on, were hits."""
    own, at, looks = uint32(hit), begins(to), uint32(uint32(ONE << uint32(count)) - ONE)
    for first in range(0, count, 8):
        o, by = begins(row + first), uint32(first)
        kept = NONE if first == 0 else looks
        for lane in range(LANES):
            found = NONE
            for look in range(8):
                is_hit = right(own, labels[o + look * LANES + lane]) & ONE
                found = uint32(found | left(uint32(is_hit), look))
            rule[at + lane] = ((rule[at + lane] & kept) | left(found, by)) & looks


@part
def windows(rule: Words, hits: int, reader: Words, k: int, n: int, after: int, count: int) -> None:
    """Where a window rule of at most `SHORT` looks fires, reading the hits in row `hits` of its rule.

    A word holds the hits of the window so far, and behind them those of eight looks to come. Looks after the last one
    are no hits, and what they do is cut off or forgotten.
    """
    hit_row, enough, within, behind = begins(hits), uint32(k), uint32(left(ALL, n) ^ ALL), uint32(n - 1)
    mutes, looks = after == MUTE, uint32(left(ONE, count) - ONE)
    for first in range(0, count, 8):
        by = uint32(first)
        before = NONE if first == 0 else looks
        for lane in range(LANES):
            new = uint32(right(rule[hit_row + lane], by) & uint32(255) & ~reader[MUTED * LANES + lane])
            window, fires = uint32(reader[LOW * LANES + lane] | left(new, behind)), NONE
            for look in range(8):
                fired = popcount(uint32(right(window, look) & within)) >= enough
                # What a flag leaves of the hits: those of later looks, none, or all.
                rest = ALL if after == KEEP else NONE if mutes else left(left(ALL, look), n)
                window = uint32(window & rest) if fired else window
                fires = uint32(fires | left(ONE, look)) if fired else fires
            reader[LOW * LANES + lane] = right(window, 8)
            reader[MUTED * LANES + lane] = ALL if mutes and fires else reader[MUTED * LANES + lane]
            reader[FIRES * LANES + lane] = ((reader[FIRES * LANES + lane] & before) | left(fires, by)) & looks


@part
def long_windows(rule: Words, hits: int, reader: Words, k: int, n: int, after: int, count: int) -> None:
    """As `windows`, for more than `SHORT` looks: the window's hits are the bits of two words."""
    hit_row, enough = begins(hits), uint64(k)
    kept = ~uint64(0) >> uint64(64 - n)
    for lane in range(LANES):
        window = uint64(reader[LOW * LANES + lane]) | (uint64(reader[HIGH * LANES + lane]) << uint64(32))
        muted, fires = reader[MUTED * LANES + lane], NONE
        for look in range(count):
            window = ((window << uint64(1)) | ((uint64(rule[hit_row + lane]) >> uint64(look)) & uint64(1))) & kept
            if not muted and popcount(window) >= enough:
                fires = uint32(fires | uint32(ONE << uint32(look)))
                muted = ONE if after == MUTE else NONE
                window = uint64(0) if after == CLEAR else window
        reader[LOW * LANES + lane] = uint32(window)
        reader[HIGH * LANES + lane] = uint32(window >> uint64(32))
        reader[MUTED * LANES + lane] = muted
        reader[FIRES * LANES + lane] = fires


@part
def count_fires(rule: Words, reader: Words) -> None:
    """Add a window rule's flags at some looks."""
    for lane in range(LANES):
        fires = reader[FIRES * LANES + lane]
        flags, true = popcount(fires), popcount(uint32(fires & rule[TRUE * LANES + lane]))
        reader[FLAGS * LANES + lane] += flags
        reader[TRUE_FLAGS * LANES + lane] += true
        reader[YEAR_FLAGS * LANES + lane] += flags
        reader[YEAR_FALSE * LANES + lane] += uint32(flags - true)


@part
def count_hits(rule: Words, hits: int, reader: Words) -> None:
    """Add hits at some looks, for a rule that is judged when the lesson ends."""
    hit_row = begins(hits)
    for lane in range(LANES):
        reader[FIRES * LANES + lane] = NONE
        reader[HITS * LANES + lane] += popcount(rule[hit_row + lane])


@part
def count_spells(rule: Words, reader: Words, count: int, last: bool) -> None:
    """Add the spells that ended without a flag; a spell still open at `last` ends there.

    The looks are put behind a bit for the look before them. In the word of claimed looks at which nothing fired, a
    one added where a spell starts runs on to where the spell ends only if no flag stands in its way.
    """
    inside, last_look = uint32(left(uint32(2), count) - ONE), uint32(count)
    for lane in range(LANES):
        before, caught = rule[OPEN * LANES + lane], reader[CAUGHT * LANES + lane]
        claimed = uint32(left(rule[CLAIMED * LANES + lane], 1) | before)
        fires = uint32(left(reader[FIRES * LANES + lane], 1) | uint32(before & caught))
        starts = uint32(claimed & ~left(claimed, 1))
        ends = uint32(uint32((claimed & ~fires) + starts) & ~claimed)
        beyond = uint32(right(right(ends, last_look), 1) & ONE)
        still = uint32(right(claimed, last_look) & ONE)
        reader[YEAR_MISSED * LANES + lane] += uint32(popcount(uint32(ends & inside)) + (beyond if last else NONE))
        reader[CAUGHT * LANES + lane] = uint32(still & ~beyond)


@part
def count_claims(rule: Words, windowed: bool, count: int) -> None:
    """Add claimed looks, spells that begin, and looks at which a window's flag would be true."""
    last = uint32(count - 1)
    for lane in range(LANES):
        claimed = rule[CLAIMED * LANES + lane]
        looks = popcount(claimed)
        before = uint32(left(claimed, 1) | rule[OPEN * LANES + lane])
        rule[IN_LESSON * LANES + lane] += looks
        rule[YEAR_CLAIMED * LANES + lane] += looks
        rule[YEAR_SPELLS * LANES + lane] += popcount(uint32(claimed & ~before))
        rule[OPEN * LANES + lane] = uint32(right(claimed, last) & ONE)
        if windowed:
            rule[YEAR_TRUE * LANES + lane] += popcount(rule[TRUE * LANES + lane])


@part
def judge_share(reader: Words, most: int) -> None:
    """Flag those with more than `most` hits in the lesson."""
    for lane in range(LANES):
        reader[FLAGS * LANES + lane] = ONE if reader[HITS * LANES + lane] > uint32(most) else NONE


@part
def close_counted(rule: Words, reader: Words, enough: int) -> None:
    """Add the flags of a rule that is judged when the lesson ends: true if more looks were claimed than `enough`."""
    for lane in range(LANES):
        flag = reader[FLAGS * LANES + lane]
        true = flag & (ONE if rule[IN_LESSON * LANES + lane] > uint32(enough) else NONE)
        reader[TRUE_FLAGS * LANES + lane] = true
        reader[YEAR_FLAGS * LANES + lane] += flag
        reader[YEAR_FALSE * LANES + lane] += uint32(flag - true)
        # The flag comes at the last look: a spell that lasts till then is not missed.
        caught = uint32(flag & rule[OPEN * LANES + lane])
        reader[YEAR_MISSED * LANES + lane] = uint32(reader[YEAR_MISSED * LANES + lane] - caught)


@part
def close_lesson(rule: Words, reader: Words, windowed: bool, enough: int) -> None:
    """Add the lesson to the year: with a claimed look or none, and what was flagged in it."""
    for lane in range(LANES):
        looks = rule[IN_LESSON * LANES + lane]
        rule[YEAR_LESSONS * LANES + lane] += ONE if looks > NONE else NONE
        if not windowed:
            rule[YEAR_TRUE * LANES + lane] += ONE if looks > uint32(enough) else NONE
    for r in range(2):
        own = reader[r]
        for lane in range(LANES):
            some = rule[IN_LESSON * LANES + lane] > NONE
            seen, alarmed = own[TRUE_FLAGS * LANES + lane] > NONE, own[FLAGS * LANES + lane] > NONE
            own[YEAR_SEEN * LANES + lane] += ONE if some and seen else NONE
            own[YEAR_ALARMED * LANES + lane] += ONE if alarmed and not some else NONE


@part
def lowest(word: Word) -> Any:
    """Place of the lowest bit that is set."""
    return int32(popcount(uint32(uint32(word & uint32(-int32(word))) - ONE)))
