"""Random numbers of 512 pupils, drawn as everywhere (`keys`) and turned into planes.

Generators take 32 rows a word of their state: row r holds the words of 16 pupils side by side, halves of words of 64
bits. Pupil 16·r + 2·i + h is half h of word i; when the numbers have been turned, it is bit 32·h + 31 − r of word i
(`layout.LANE`).
"""

from __future__ import annotations

from numba import uint32, uint64

from misread.engine.sampled.kernels.jit import part, part_in_line
from misread.engine.sampled.kernels.planes.vector import (
    Plane,
    Planes,
    add32,
    down,
    down32,
    load,
    same,
    store,
    turned32,
    up,
    up32,
)
from misread.engine.sampled.keys import ROUNDS, next_key

ROWS = 32
"""Rows of a word of all pupils."""
STATE = 4 * ROWS
"""Rows of a generator: four words."""
HALF = 16
"""Planes that a number's high half comes to; the low half gives the other 15."""
BATCH = 8
"""Looks whose numbers are drawn at once: the generators' state is read and written as seldom."""

HIGH_HALVES = 0xFFFF0000FFFF0000


@part
def keyed(
    seeds: Planes, at: int, pupil: Planes, first_day: Planes, key: tuple[int, int, int, int], purpose: int
) -> None:
    """Set a generator of each pupil to its key: seed's words, school and days since each pupil's `first_day`."""
    k0, k1, school, since = key
    low = same(uint64(0xFFFFFFFF))
    for r in range(ROWS):
        who, day = load(pupil, r), load(first_day, r) + same(uint64(since) << uint64(32) | uint64(since))
        a0, a1, a2, a3 = _philox(who & low, day & low, k0, k1, school, purpose)
        b0, b1, b2, b3 = _philox(down(who, 32), down(day, 32), k0, k1, school, purpose)
        store(seeds, at + r, a0 | up(b0, 32))
        store(seeds, at + ROWS + r, a1 | up(b1, 32))
        store(seeds, at + 2 * ROWS + r, a2 | up(b2, 32))
        store(seeds, at + 3 * ROWS + r, a3 | up(b3, 32))


@part_in_line
def _philox(pupil: Plane, day: Plane, k0: int, k1: int, school: int, purpose: int) -> tuple[Plane, Plane, Plane, Plane]:
    """`keys.philox` for eight pupils: words are the low halves of words of 64 bits."""
    low = same(uint64(0xFFFFFFFF))
    a, b, c, d = same(uint64(school)), pupil, day, same(uint64(purpose))
    k, m = uint32(k0), uint32(k1)
    for _ in range(ROUNDS):
        p = same(uint64(0xD2511F53)) * (a & low)
        q = same(uint64(0xCD9E8D57)) * (c & low)
        a, b, c, d = (down(q, 32) ^ b) ^ same(uint64(k)), q, (down(p, 32) ^ d) ^ same(uint64(m)), p
        k, m = next_key(k, m)
    return a & low, b & low, c & low, d & low


@part
def draw(seeds: Planes, at: int, numbers: Planes, to: int, count: int) -> None:
    """Draw `count` words for each pupil; each takes 16 rows of high halves, then 16 rows of low halves."""
    high = same(uint64(HIGH_HALVES))
    for r in range(HALF):
        o = at + r
        a0, a1, a2, a3 = load(seeds, o), load(seeds, o + ROWS), load(seeds, o + 2 * ROWS), load(seeds, o + 3 * ROWS)
        o = o + HALF
        b0, b1, b2, b3 = load(seeds, o), load(seeds, o + ROWS), load(seeds, o + 2 * ROWS), load(seeds, o + 3 * ROWS)
        for look in range(count):
            one, other = _scrambled(a0, a3), _scrambled(b0, b3)
            store(numbers, to + ROWS * look + r, (one & high) | down32(other, 16))
            store(numbers, to + ROWS * look + HALF + r, up32(one, 16) | (other & ~high))
            a0, a1, a2, a3 = _moved(a0, a1, a2, a3)
            b0, b1, b2, b3 = _moved(b0, b1, b2, b3)
        store(seeds, o, b0)
        store(seeds, o + ROWS, b1)
        store(seeds, o + 2 * ROWS, b2)
        store(seeds, o + 3 * ROWS, b3)
        o = at + r
        store(seeds, o, a0)
        store(seeds, o + ROWS, a1)
        store(seeds, o + 2 * ROWS, a2)
        store(seeds, o + 3 * ROWS, a3)


@part_in_line
def _scrambled(s0: Plane, s3: Plane) -> Plane:
    """`keys.scrambled`, for sixteen pupils."""
    return add32(turned32(add32(s0, s3), 7), s0)


@part_in_line
def _moved(s0: Plane, s1: Plane, s2: Plane, s3: Plane) -> tuple[Plane, Plane, Plane, Plane]:
    """`keys.moved`, for sixteen pupils."""
    t = up32(s1, 9)
    s2 = s2 ^ s0
    s3 = s3 ^ s1
    s1 = s1 ^ s2
    s0 = s0 ^ s3
    s2 = s2 ^ t
    return s0, s1, s2, turned32(s3, 11)


@part_in_line
def turn(numbers: Planes, at: int, bits: Planes) -> None:
    """Sixteen rows of halves as sixteen planes, that of the highest bit first.

    A square of 16 by 16 bits is turned over by swapping its quarters, then theirs, and so on: blocks of 8, 4, 2 and 1.
    """
    eights, fours = same(uint64(0xFF00FF00FF00FF00)), same(uint64(0xF0F0F0F0F0F0F0F0))
    for i in range(4):
        a, b, c, d = (
            load(numbers, at + i),
            load(numbers, at + i + 4),
            load(numbers, at + i + 8),
            load(numbers, at + i + 12),
        )
        a, c = (a & eights) | (down(c, 8) & ~eights), (up(a, 8) & eights) | (c & ~eights)
        b, d = (b & eights) | (down(d, 8) & ~eights), (up(b, 8) & eights) | (d & ~eights)
        store(bits, i, (a & fours) | (down(b, 4) & ~fours))
        store(bits, i + 4, (up(a, 4) & fours) | (b & ~fours))
        store(bits, i + 8, (c & fours) | (down(d, 4) & ~fours))
        store(bits, i + 12, (up(c, 4) & fours) | (d & ~fours))
    twos, ones = same(uint64(0xCCCCCCCCCCCCCCCC)), same(uint64(0xAAAAAAAAAAAAAAAA))
    for i in range(0, HALF, 4):
        a, b, c, d = load(bits, i), load(bits, i + 1), load(bits, i + 2), load(bits, i + 3)
        a, c = (a & twos) | (down(c, 2) & ~twos), (up(a, 2) & twos) | (c & ~twos)
        b, d = (b & twos) | (down(d, 2) & ~twos), (up(b, 2) & twos) | (d & ~twos)
        store(bits, i, (a & ones) | (down(b, 1) & ~ones))
        store(bits, i + 1, (up(a, 1) & ones) | (b & ~ones))
        store(bits, i + 2, (c & ones) | (down(d, 1) & ~ones))
        store(bits, i + 3, (up(c, 1) & ones) | (d & ~ones))
