"""Random numbers by name: a key from Philox4x32-10, words under it from xoshiro128++.

A key is a function of the seed, the school, the pupil (or class), the day (or year) and a purpose; nothing that
a policy can change is part of it. So a change of policy never changes the pupil, and no order of computing
changes a number.

Philox4x32-10: Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".
xoshiro128++: Blackman and Vigna (2021), "Scrambled linear pseudorandom number generators".
"""

from __future__ import annotations

import numpy as np
from numba import uint32, uint64
from numpy.typing import NDArray

from misread.engine.sampled.kernels.jit import kernel, part, part_in_line

PATH, LABEL, SECOND, EXPRESSION, GROUP, TRAIT, VIEW, OPT_OUT, SITUATION, TIE, SECOND_TIE = range(1, 12)
HIDE, SECOND_HIDE = 12, 13
COUNT = 32
"""Purposes. A number, once given, is never given to another purpose. The last one draws what lessons, days or school
years come to, where looks are not drawn."""

BITS = 31
"""Bits of a word that are used: so many that certainty itself, 2³¹, still fits into a word."""
CERTAIN = 1 << BITS

ROUNDS = 10
"""Of Philox."""

MOST_SEED = 2**64 - 1

Words = NDArray[np.uint32]
Word = np.uint32
Number = int | Word
Key = tuple[int, int]


@part
def mixed(a: Word, b: Word, c: Word, d: Word, k: Word, m: Word) -> tuple[Word, Word, Word, Word]:
    """One round of Philox4x32."""
    p = uint64(0xD2511F53) * uint64(a)
    q = uint64(0xCD9E8D57) * uint64(c)
    high, other = uint32(p >> uint64(32)), uint32(q >> uint64(32))
    return uint32(uint32(other ^ b) ^ k), uint32(q), uint32(uint32(high ^ d) ^ m), uint32(p)


@part
def next_key(k: Word, m: Word) -> tuple[Word, Word]:
    """The key of the round that follows."""
    return uint32(k + uint32(0x9E3779B9)), uint32(m + uint32(0xBB67AE85))


@part_in_line
def philox(c0: Number, c1: Number, c2: Number, c3: Number, k0: Number, k1: Number) -> tuple[Word, Word, Word, Word]:
    """Philox4x32-10: four words from a counter of four under a key of two."""
    a, b, c, d = uint32(c0), uint32(c1), uint32(c2), uint32(c3)
    k, m = uint32(k0), uint32(k1)
    for _ in range(ROUNDS):
        a, b, c, d = mixed(a, b, c, d, k, m)
        k, m = next_key(k, m)
    return a, b, c, d


@part
def rotated(word: Word, by: int) -> Word:
    """A word with its bits turned left."""
    return uint32(uint32(word << uint32(by)) | uint32(word >> uint32(32 - by)))


@part
def scrambled(s0: Word, s3: Word) -> Word:
    """The word that a state of xoshiro128++ gives."""
    return uint32(rotated(uint32(s0 + s3), 7) + s0)


@part
def moved(s0: Word, s1: Word, s2: Word, s3: Word) -> tuple[Word, Word, Word, Word]:
    """The state of xoshiro128++ that follows."""
    t = uint32(s1 << uint32(9))
    s2 = uint32(s2 ^ s0)
    s3 = uint32(s3 ^ s1)
    s1 = uint32(s1 ^ s2)
    s0 = uint32(s0 ^ s3)
    s2 = uint32(s2 ^ t)
    return s0, s1, s2, rotated(s3, 11)


def key_of(seed: int) -> Key:
    """A seed as the two words of a key."""
    return seed & 0xFFFFFFFF, seed >> 32


@kernel
def chances(count: int, k0: int, k1: int, school: int, when: int, purpose: int) -> Words:
    """One number below `CERTAIN` for each of `count` pupils, in order.

    Parameters
    ----------
    count : int
        Pupils.
    k0, k1 : int
        The seed as a key.
    school : int
        Counted from 0.
    when : int
        Day or year counted from 0, or what else tells draws of one purpose apart.
    purpose : int
        What the numbers are for.
    """
    words = np.empty(count, np.uint32)
    for pupil in range(count):
        words[pupil] = philox(school, pupil, when, purpose, k0, k1)[0] >> uint32(1)
    return words


@kernel
def stream(count: int, k0: int, k1: int, school: int, pupil: int, when: int, purpose: int) -> Words:
    """The first `count` numbers below `CERTAIN` under one key."""
    words = np.empty(count, np.uint32)
    s0, s1, s2, s3 = philox(school, pupil, when, purpose, k0, k1)
    for i in range(count):
        words[i] = scrambled(s0, s3) >> uint32(1)
        s0, s1, s2, s3 = moved(s0, s1, s2, s3)
    return words


@kernel
def key(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[Word, Word, Word, Word]:
    """`philox`, for Python to call."""
    return philox(c0, c1, c2, c3, k0, k1)
