"""Counts of 512 pupils, a bit of all counts a plane.

A tally is three planes of 1, 2 and 4, then some that a day fills, then the year's, both from 8 on: a count is the sum
of them all. Eight looks are added at a time, so that what is carried on goes through the day's few planes only; the
year's are added to once a day.
"""

from __future__ import annotations

from typing import Any

from numba import uint32, uint64

from misread.engine.sampled.kernels.jit import part, part_in_line, popcount
from misread.engine.sampled.kernels.planes.vector import WORDS, Plane, Planes, every, load, none, store

LOW = 3
"""Planes of 1, 2 and 4."""
EIGHT = 8
"""Looks added at a time."""


@part
def add(rows: Planes, row: int, looks: int, tally: Planes, at: int, day: int) -> None:
    """Add a lesson's looks: its rows, and those that fill up eight, which are empty."""
    ones, twos, fours = load(tally, at), load(tally, at + 1), load(tally, at + 2)
    for first in range(row, row + looks, EIGHT):
        ones, two = _added(ones, load(rows, first), load(rows, first + 1))
        ones, other = _added(ones, load(rows, first + 2), load(rows, first + 3))
        twos, four = _added(twos, two, other)
        ones, two = _added(ones, load(rows, first + 4), load(rows, first + 5))
        ones, other = _added(ones, load(rows, first + 6), load(rows, first + 7))
        twos, other = _added(twos, two, other)
        fours, carried = _added(fours, four, other)
        add_one(tally, at, carried, day)
    store(tally, at, ones)
    store(tally, at + 1, twos)
    store(tally, at + 2, fours)


@part_in_line
def _added(x: Plane, y: Plane, z: Plane) -> tuple[Plane, Plane]:
    """The sum of three bits: its low one and its high one."""
    return x ^ y ^ z, (x & y) | (z & (x | y))


@part_in_line
def add_one(tally: Planes, at: int, bit: Plane, day: int) -> None:
    """Add eight looks, or what is counted a lesson."""
    for i in range(at + LOW, at + LOW + day):
        own = load(tally, i)
        store(tally, i, own ^ bit)
        bit = own & bit


@part
def close_day(tally: Planes, at: int, day: int, planes: int) -> None:
    """Add the day's planes to the year's."""
    carried, year = none(), at + LOW + day
    for i in range(day):
        bit, carried = _added(load(tally, year + i), load(tally, at + LOW + i), carried)
        store(tally, year + i, bit)
        store(tally, at + LOW + i, none())
    for i in range(year + day, at + planes):
        bit = load(tally, i)
        store(tally, i, bit ^ carried)
        carried = bit & carried


@part
def reached(tally: Planes, at: int, day: int, planes: int, needed: int) -> Plane:
    """Whose count, planes of the day and the year together, is at least `needed`."""
    enough, carried = every(), none()
    for i in range(planes - day):
        bit = load(tally, at + i) if i < LOW else load(tally, at + i + day)
        if LOW <= i < LOW + day:
            bit, carried = _added(bit, load(tally, at + i), carried)
        elif i >= LOW + day:
            bit, carried = bit ^ carried, bit & carried
        enough = enough & bit if (needed >> i) & 1 else enough | bit
    return enough if needed >> (planes - day) == 0 else none()


@part
def weight(plane: int, day: int, by_look: bool) -> int:
    """Which power of two a plane of a tally counts."""
    place = plane if plane < LOW + day else plane - day
    return place if by_look else place - LOW


@part
def counted(tally: Planes, at: int, day: int, planes: int, by_look: bool, out: Any) -> None:
    """Each pupil's count, by lane. Where lessons are counted, planes of 1, 2 and 4 are not used: 8 stands for one."""
    for lane in range(len(out)):
        out[lane] = 0
    for plane in range(0 if by_look else LOW, planes):
        by = uint64(weight(plane, day, by_look))
        for word in range(WORDS):
            bits = tally[(at + plane) * WORDS + word]
            if bits:
                own = out[64 * word : 64 * word + 64]
                for lane in range(64):
                    own[lane] += uint32(((bits >> uint64(lane)) & uint64(1)) << by)


@part
def count_of(tally: Planes, at: int, day: int, planes: int, lane: int) -> int:
    """One pupil's count of looks."""
    total = 0
    for plane in range(planes):
        total += int(bit_of(tally, at + plane, lane)) << weight(plane, day, True)
    return total


@part
def bit_of(planes: Planes, row: int, lane: int) -> Any:
    """One pupil's bit in a row."""
    return (planes[row * WORDS + lane // 64] >> uint64(lane % 64)) & uint64(1)


@part
def lowest(word: Any) -> Any:
    """Place of the lowest bit that is set."""
    return popcount(uint64((word & (~word + uint64(1))) - uint64(1)))
