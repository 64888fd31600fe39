"""What happens to few of 512 pupils on a day, taken one by one: first flags, marks; and what is on file that day."""

from __future__ import annotations

from typing import Any

from numba import int32, uint64

from misread.engine.sampled.kernels.jit import part
from misread.engine.sampled.kernels.planes.judge import FALSE, FLAGS, PER_READER
from misread.engine.sampled.kernels.planes.tally import bit_of, count_of, counted, lowest, reached
from misread.engine.sampled.kernels.planes.vector import WORDS, Planes, load, none, some, store


@part
def note_first(ever: Planes, row: int, day: int, first: Any) -> None:
    """Note the day for those who had something today, in the row that follows, and never before."""
    new = load(ever, row + 1) & ~load(ever, row)
    if some(new):
        store(ever, row + 1, new)
        for word in range(WORDS):
            bits = ever[(row + 1) * WORDS + word]
            while bits:
                first[64 * word + lowest(bits)] = int32(day)
                bits = bits & (bits - uint64(1))
        store(ever, row, load(ever, row) | new)
    store(ever, row + 1, none())


@part
def earn(
    rows: Planes,
    own: int,
    apart: int,
    looks: int,
    tally: Planes,
    at: int,
    day_planes: int,
    planes: int,
    earned: Planes,
    mark: int,
    needed: int,
    day: int,
    mark_day: Any,
    unearned: Any,
) -> None:
    """Give a mark to those whose flags of the year have reached `needed` in the lesson just over."""
    for who in range(2):
        o = FLAGS + who * PER_READER
        flags, false = at + o * planes, at + (o + FALSE) * planes
        row = 2 * (2 * mark + who)
        new = reached(tally, flags, day_planes, planes, needed) & ~load(earned, row)
        if not some(new):
            continue
        store(earned, row, load(earned, row) | new)
        store(earned, row + 1, new)
        for word in range(WORDS):
            bits = earned[(row + 1) * WORDS + word]
            while bits:
                lane = 64 * word + int(lowest(bits))
                bits = bits & (bits - uint64(1))
                count = count_of(tally, flags, day_planes, planes, lane)
                wrong = count_of(tally, false, day_planes, planes, lane)
                # Flags that came in the same lesson but after the one that earned the mark are taken off again.
                look = looks - 1
                while count > needed:
                    count -= int(bit_of(rows, own + o * apart + look, lane))
                    wrong -= int(bit_of(rows, own + (o + FALSE) * apart + look, lane))
                    look -= 1
                mark_day[who, lane] = int32(day)
                unearned[who, lane] = 2 * wrong >= needed


@part
def note(tally: Planes, at: int, day_planes: int, planes: int, census: Any) -> None:
    """Write down the flags that are on file when a day begins."""
    for who in range(2):
        counted(tally, at + (FLAGS + who * PER_READER) * planes, day_planes, planes, True, census[who])
