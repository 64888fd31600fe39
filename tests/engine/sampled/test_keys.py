"""Keys and words: published vectors, and plain integers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.engine.sampled import keys

word = st.integers(0, 2**32 - 1)


# kat_vectors of Random123 (Salmon et al. 2011): counter, key, what comes out.
@pytest.mark.parametrize(
    ("counter", "key", "out"),
    [
        ([0] * 4, [0] * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            [0xA4093822, 0x299F31D0],
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_philox_gives_the_published_words(counter, key, out):
    assert " ".join(f"{int(w):08x}" for w in keys.key(*counter, *key)) == out


def philox(counter, key):
    """Philox4x32-10 in whole numbers."""
    c, k = list(counter), list(key)
    for _ in range(10):
        p, q = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(q >> 32) ^ c[1] ^ k[0], q & 0xFFFFFFFF, (p >> 32) ^ c[3] ^ k[1], p & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
    return c


def xoshiro(state):
    """The words of xoshiro128++ in whole numbers."""

    def left(x, by):
        return (x << by | x >> 32 - by) % 2**32

    s = list(state)
    while True:
        yield (left((s[0] + s[3]) % 2**32, 7) + s[0]) % 2**32
        t = (s[1] << 9) % 2**32
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = left(s[3], 11)


def test_the_plain_xoshiro_starts_as_worked_out_by_hand():
    # State 1, 2, 3, 4: (1 + 4) turned by 7, and 1, are 641. The next is 7, 0, 1026, 12288: (7 + 12288) · 128 + 7.
    words = xoshiro([1, 2, 3, 4])
    assert next(words) == 641
    assert next(words) == 12295 * 128 + 7


@given(st.tuples(word, word, word, word), st.tuples(word, word))
def test_a_stream_is_xoshiro_under_a_philox_key(counter, key):
    got = keys.stream(9, *key, *counter)
    want = xoshiro(philox(counter, key))
    assert [int(w) for w in got] == [next(want) >> 1 for _ in range(9)]


def test_every_purpose_has_a_number_of_its_own():
    names = ("PATH", "LABEL", "SECOND", "EXPRESSION", "GROUP", "TRAIT", "VIEW", "OPT_OUT", "SITUATION", "TIE")
    numbers = [getattr(keys, name) for name in (*names, "SECOND_TIE", "HIDE", "SECOND_HIDE")]
    # Fixed for good: another number would be another pupil.
    assert numbers == list(range(1, 14))
    assert keys.COUNT == 32


def test_draws_are_even():
    words = keys.chances(200_000, 5, 6, 7, 8, 9)
    assert words.max() < keys.CERTAIN
    counts = np.bincount(words >> 27, minlength=16)
    assert ((counts - 12_500) ** 2 / 12_500).sum() < 45  # chi-square, 15 degrees of freedom: 1 in 10,000 beyond 45
