"""Where a block of pupils keeps what: rows of `LANES` words each, one lane a pupil.

Rows of one kind lie in one flat array with constant distances, so that the compiler sees that they never overlap and
can take many lanes at a time.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from misread.engine.sampled.kernels.jit import part
from misread.engine.sampled.keys import Words
from misread.engine.sampled.tables import Flat

LANES = 128
"""Pupils side by side. What they need in a lesson fits into a core's nearest cache."""
WORD = 24
"""Looks taken at once; a multiple of 8 that leaves a 32-bit word room for what joins two of them."""

# Rows of a block's generators: four words each.
PATH_ROW, LABEL_ROW, SECOND_ROW, HIDE_ROW, SECOND_HIDE_ROW = range(0, 20, 4)
# Rows of its pupils: where each is, which seat and kind of lesson it has, where its rows of the tables begin, how far
# its face is hidden; labels counted four to a word.
CELL, SEAT, KIND, AT, AT_LABEL, AT_MASKED, HIDDEN, GIVEN, LEVEL = range(9)
TALLY = 9
PUPIL_ROWS = TALLY + 8
# Rows of labels: those of a first, and of a second reading.
FIRST, SECOND = 0, WORD
# Rows to work in: a place in a table, what stands there.
PLACE, ENTRY = range(2)

# Rows of a rule, whoever reads.
CLAIMED, TRUE, HIT, HIT_2 = range(4)  # words of looks
LEFT, IN_LESSON, OPEN = range(4, 7)  # what a lesson has come to
YEAR_CLAIMED, YEAR_TRUE, YEAR_LESSONS, YEAR_SPELLS = range(7, 11)
RULE_ROWS = 11

# Rows of a rule and a reader.
READERS = 3  # the deployed one, the perfect one, the deployed one once more
LOW, HIGH, MUTED, HITS, CAUGHT, FLAGS, TRUE_FLAGS = range(7)  # what a lesson has come to
FIRES = 7  # a word of looks
YEAR_FLAGS, YEAR_FALSE, YEAR_SEEN, YEAR_ALARMED, YEAR_MISSED, FIRST_FLAG, FIRST_FALSE = range(8, 15)
READER_ROWS = 15

# Rows of a mark and a reader: what to add to the year's count, the last year's sums, when it was earned.
MORE, MORE_FALSE, SUM, SUM_FALSE, EARNED, UNEARNED = range(6)
MARK_ROWS = 6

NEVER = 0xFFFFFFFF


@part
def begins(row: int) -> int:
    """Where a row begins; said so that the compiler sees that it is no negative index, which would need care."""
    return (row * LANES) & 0x3FFFFFFF


class Cohort(NamedTuple):
    """Pupils simulated together: whole classes of one school. Lanes of a class follow one another.

    `first` holds the first lane of each class and the number of lanes, `klass` the classes' numbers; `stratum` goes
    by [year][lane].
    """

    k0: int
    k1: int
    school: int
    pupil: NDArray[np.int64]
    first: NDArray[np.int64]
    klass: NDArray[np.int64]
    stratum: NDArray[np.int64]


class Scratch(NamedTuple):
    """What is kept from look to look and from year to year: rows by [block], [rule], [reader], [mark].

    What a kernel reads and what it writes lie in different arrays where rows are chosen as it runs, because the
    compiler takes many lanes at a time only if it sees, or can ask, that the two never overlap.

    `ring` holds each rolling mark's daily counts of the last days_per_year days: [mark][reader][flags, false][day]. The
    rest is room to work in: the generators of the classes' situations, these, and what a ranking counts.
    """

    seeds: Words
    numbers: Words
    pupil: Words
    cells: Words
    states: Words
    labels: Words
    spare: Words
    rule: Words
    reader: Words
    mark: Words
    ring: Words
    generators: Words
    situation: NDArray[np.int64]
    many: NDArray[np.int64]
    lots: NDArray[np.int64]
    hits: NDArray[np.int64]


class Outcome(NamedTuple):
    """Counts by lane, axes as in `School`; `by_situation`, `half` and `half_lessons` only with several situations.

    `census` holds, by [reader], what each census noted.
    """

    flags: Any
    false: Any
    tally: Any
    claimed: Any
    true: Any
    labels: Any
    lessons: Any
    by_situation: Any
    half: Any
    half_lessons: Any
    census: Any
    state_flags: Any
    second: Any


class Lived(NamedTuple):
    """All years of some lanes: counts; days by [reader][rule] and [reader][mark]; the last level of masking."""

    out: Outcome
    first_flag: NDArray[np.int32]
    first_false: NDArray[np.int32]
    mark_day: NDArray[np.int32]
    unearned: NDArray[np.bool_]
    level: NDArray[np.int64]


class Tape(NamedTuple):
    """What is written down of some lanes, each of a class, by [lane][look] or [lane][lesson]; flags as a bit a rule."""

    lane: NDArray[np.int64]
    klass: NDArray[np.int64]
    cell: NDArray[np.uint16]
    label: NDArray[np.uint8]
    situation: NDArray[np.uint8]
    flag: NDArray[np.uint64]
    true: NDArray[np.uint64]


def scratch_of(flat: Flat, lanes: int, classes: int) -> Scratch:
    """Empty rows for some lanes of some classes, aligned to a cache line so that cores share none."""
    blocks, rules, marks = -(-lanes // LANES), len(flat.rules), len(flat.marks)
    days = flat.n.days if flat.marks["rolling"].any() else 0
    mark = _aligned(blocks, marks, 2, MARK_ROWS * LANES)
    mark.reshape(blocks, marks, 2, MARK_ROWS, LANES)[..., EARNED, :] = NEVER
    reader = _aligned(blocks, rules, READERS, READER_ROWS * LANES)
    reader.reshape(blocks, rules, READERS, READER_ROWS, LANES)[..., FIRST_FLAG:, :] = NEVER
    return Scratch(
        seeds=_aligned(blocks, 20 * LANES),
        numbers=_aligned(blocks, WORD * LANES),
        pupil=_aligned(blocks, PUPIL_ROWS * LANES),
        cells=_aligned(blocks, WORD * LANES),
        states=_aligned(blocks, WORD * LANES),
        labels=_aligned(blocks, 2 * WORD * LANES),
        spare=_aligned(blocks, 2 * LANES),
        rule=_aligned(blocks, rules, RULE_ROWS * LANES),
        reader=reader,
        mark=mark,
        ring=_aligned(blocks, marks, 2, 2, days, LANES),
        generators=np.zeros((classes, 4), np.uint32),
        situation=np.zeros(classes, np.int64),
        many=np.zeros(flat.n.looks + 1, np.int64),
        lots=np.zeros(lanes, np.int64),
        hits=np.zeros(lanes, np.int64),
    )


def outcome_of(flat: Flat, lanes: int) -> Outcome:
    """Zero counts for some lanes."""
    n, rules = flat.n, len(flat.rules)
    years, kinds = n.years, n.situations

    def zeros(*shape: int) -> NDArray[np.int32]:
        return np.zeros((*shape, lanes), np.int32)

    return Outcome(
        flags=zeros(2, rules, years),
        false=zeros(2, rules, years),
        tally=zeros(2, rules, 6, years),
        claimed=zeros(rules, years),
        true=zeros(rules, years),
        labels=zeros(n.labels, years),
        lessons=zeros(kinds, years),
        by_situation=zeros(2, rules, 2, kinds, years),
        half=zeros(rules, 2, kinds),
        half_lessons=zeros(2, kinds),
        census=zeros(2, len(flat.censuses)),
        state_flags=zeros(rules, n.states),
        second=zeros(rules),
    )


def tape_of(lessons: int, looks: int, lane: NDArray[np.int64], klass: NDArray[np.int64]) -> Tape:
    """An empty tape for some lessons of some lanes."""
    size = (len(lane), lessons * looks)
    return Tape(
        lane,
        klass,
        np.zeros(size, np.uint16),
        np.zeros(size, np.uint8),
        np.zeros((len(lane), lessons), np.uint8),
        np.zeros(size, np.uint64),
        np.zeros(size, np.uint64),
    )


def _aligned(*shape: int) -> Words:
    size, line = int(np.prod(shape)), 64
    raw = np.zeros(size + 2 * line // 4, np.uint32)
    start = -raw.ctypes.data % line // 4
    return raw[start : start + size].reshape(shape)
