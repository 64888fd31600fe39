"""Where a number lies below the thresholds that a pupil's cell and kind set, for 512 pupils at once.

A threshold differs from cell to cell, so one of its bits, for all pupils, is a set of cells: the plane of the pupils
who are in one of them. All sets of the first four cells are made once a look, and all of the others; then any set is
the union of two rows. Tables (`layout.places`) say which rows. Where kinds of pupils differ, each has such rows of its
own pupils, and sets are unions of two rows a kind.
"""

from __future__ import annotations

from misread.engine.sampled.kernels.jit import part, part_in_line
from misread.engine.sampled.kernels.planes.numbers import HALF, turn
from misread.engine.sampled.kernels.planes.vector import Plane, Planes, every, fetch, load, none, some, store
from misread.engine.sampled.keys import BITS, Words

FIRST_CELLS = 4
"""Cells whose sets are made together; the others' sets are made together, too."""
MOST_CELLS = 2 * FIRST_CELLS
SETS = 2 << FIRST_CELLS
"""Rows of all sets of the first cells, and of all sets of the others."""
KINDS = 3
"""Kinds of pupils side by side, where there are several: a fixed number, so that the compiler writes out each step."""
PER_THRESHOLD = BITS + 1
"""Planes of a threshold: its bits, highest first, and where it is certainty itself."""


@part_in_line
def below(
    numbers: Planes,
    at: int,
    bits: Planes,
    undecided: Planes,
    sets: Planes,
    table: Words,
    kinds: int,
    many: int,
    to: Planes,
    row: int,
    apart: int,
) -> None:
    """Where each pupil's number lies below each of `many` thresholds: rows from `row` on, `apart` from one another.

    The planes of the number's high half decide nearly always; where they are a threshold's own, the low half does.
    """
    turn(numbers, at, bits)
    equal_to_some = none()
    for j in range(many):
        o = j * PER_THRESHOLD * 2 * kinds
        if kinds == 1:
            less, equal = _compared(bits, sets, table, o)
        else:
            less, equal = _compared_by_kind(bits, sets, table, o)
        store(to, row + apart * j, less)
        store(undecided, j, equal)
        equal_to_some = equal_to_some | equal
    if some(equal_to_some):
        _settle(numbers, at, bits, undecided, sets, table, kinds, many, to, row, apart)


@part_in_line
def _compared(bits: Planes, sets: Planes, table: Words, at: int) -> tuple[Plane, Plane]:
    """Where the high half lies below that of a threshold, and where it is the same."""
    reached, equal = every(), every()
    # From the last plane up, so that a plane costs one choice: where it differs, it decides.
    for k in range(HALF - 1, -1, -1):
        bit = load(bits, k)
        equals = (fetch(sets, table[at + 2 * k]) | fetch(sets, table[at + 2 * k + 1])) ^ bit
        reached = bit ^ (equals & (bit ^ reached))
        equal = equal & equals
    certain = fetch(sets, table[at + 2 * BITS]) | fetch(sets, table[at + 2 * BITS + 1])
    return ~reached | certain, equal & ~certain


@part_in_line
def _compared_by_kind(bits: Planes, sets: Planes, table: Words, at: int) -> tuple[Plane, Plane]:
    """As `_compared`, with tables of each of `KINDS`."""
    reached, equal = every(), every()
    for k in range(HALF - 1, -1, -1):
        bit = load(bits, k)
        equals = _union(sets, table, at + 2 * KINDS * k, KINDS) ^ bit
        reached = bit ^ (equals & (bit ^ reached))
        equal = equal & equals
    certain = _union(sets, table, at + 2 * KINDS * BITS, KINDS)
    return ~reached | certain, equal & ~certain


@part
def _settle(
    numbers: Planes,
    at: int,
    bits: Planes,
    undecided: Planes,
    sets: Planes,
    table: Words,
    kinds: int,
    many: int,
    to: Planes,
    row: int,
    apart: int,
) -> None:
    """Let the low half of the number decide."""
    turn(numbers, at + HALF, bits)
    for j in range(many):
        equal, less = load(undecided, j), load(to, row + apart * j)
        o = (j * PER_THRESHOLD + HALF) * 2 * kinds
        for k in range(BITS - HALF):
            zero, bit = _union(sets, table, o + 2 * kinds * k, kinds), load(bits, k)
            less = less | (equal & ~(zero | bit))
            equal = equal & (zero ^ bit)
        store(to, row + apart * j, less)


@part_in_line
def _union(sets: Planes, table: Words, at: int, kinds: int) -> Plane:
    """The pupils of one set of each kind."""
    found = fetch(sets, table[at]) | fetch(sets, table[at + 1])
    for i in range(2, 2 * kinds):
        found = found | fetch(sets, table[at + i])
    return found


@part
def cell_sets(cells: int, rows: Planes, row: int, sets: Planes) -> None:
    """All sets of cells, from where numbers lay below the thresholds in the rows from `row` on."""
    before = none()
    for first in range(0, MOST_CELLS, FIRST_CELLS):
        o = SETS // 2 if first else 0
        store(sets, o, none())
        for i in range(min(cells - first, FIRST_CELLS)):
            upto = load(rows, row + first + i) if first + i < cells - 1 else every()
            own = upto & ~before
            before = upto
            for known in range(1 << i):
                store(sets, o + (1 << i) + known, load(sets, o + known) | own)


@part
def sets_of_kinds(cells: int, masks: Planes, sets: Planes) -> None:
    """Each kind's own part of all sets of cells."""
    first, others = 1 << min(cells, FIRST_CELLS), 1 << max(cells - FIRST_CELLS, 0)
    for kind in range(KINDS):
        own, o = load(masks, kind), SETS * (kind + 1)
        for i in range(first):
            store(sets, o + i, load(sets, i) & own)
        for i in range(SETS // 2, SETS // 2 + others):
            store(sets, o + i, load(sets, i) & own)
