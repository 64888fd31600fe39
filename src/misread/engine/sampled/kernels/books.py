"""What is written down on the way: a year's beginning and end, situations, counts, one lane's tape."""

from __future__ import annotations

from typing import Any

from numba import int32, int64, uint8, uint16, uint32, uint64

from misread.engine.sampled.kernels.jit import part
from misread.engine.sampled.kernels.layout import (
    AT,
    AT_LABEL,
    AT_MASKED,
    FIRES,
    FLAGS,
    GIVEN,
    HIDDEN,
    KIND,
    LANES,
    LEVEL,
    PUPIL_ROWS,
    SEAT,
    TALLY,
    TRUE,
    TRUE_FLAGS,
    YEAR_ALARMED,
    YEAR_CLAIMED,
    YEAR_FALSE,
    YEAR_FLAGS,
    YEAR_LESSONS,
    YEAR_MISSED,
    YEAR_SEEN,
    YEAR_SPELLS,
    YEAR_TRUE,
)
from misread.engine.sampled.keys import SITUATION, Words, moved, philox, scrambled
from misread.engine.sampled.tables import WINDOW, Ints, Size

DEPLOYED = 0

Whole = Any


@part
def begin_year(
    n: Size,
    path: Words,
    label: Words,
    masked: Words,
    epoch: int,
    stratum: Ints,
    pupil: Words,
    rule: Words,
    reader: Words,
) -> None:
    """Set each pupil's seat, where its rows of the tables begin, and start the year's counts."""
    for lane in range(len(stratum)):
        seat = epoch * n.strata + stratum[lane]
        pupil[SEAT * LANES + lane] = uint32(seat)
        pupil[AT_MASKED * LANES + lane] = masked[seat]
    _seat(n, path, label, pupil)
    for r in range(len(rule)):
        for i in range(YEAR_CLAIMED * LANES, (YEAR_SPELLS + 1) * LANES):
            rule[r, i] = uint32(0)
        for who in range(reader.shape[1]):
            for i in range(YEAR_FLAGS * LANES, (YEAR_MISSED + 1) * LANES):
                reader[r, who, i] = uint32(0)


@part
def _seat(n: Size, path: Words, label: Words, pupil: Words) -> None:
    """Set where each pupil's rows of the tables begin, by its seat and its kind of lesson."""
    kinds = uint32(n.situations)
    for lane in range(LANES):
        at = uint32(uint32(pupil[SEAT * LANES + lane] * kinds) + pupil[KIND * LANES + lane])
        pupil[AT * LANES + lane] = path[at]
        pupil[AT_LABEL * LANES + lane] = label[at]


@part
def hide(rules: Any, masking: Words, pupil: Words, reader: Words) -> None:
    """How far each face is hidden today, by the flags given before today by rules that notify somebody."""
    most = len(masking) - 1
    for lane in range(LANES):
        given = int64(pupil[GIVEN * LANES + lane])
        for r in range(len(rules)):
            if rules[r].notifies:
                given += int64(reader[r, DEPLOYED, YEAR_FLAGS * LANES + lane])
        level = given if given < most else most
        pupil[LEVEL * LANES + lane] = uint32(level)
        pupil[HIDDEN * LANES + lane] = masking[level]


@part
def note(reader: Words, census: Whole, at: int, lanes: int) -> None:
    """Write down the flags that are on file on a day that is asked for."""
    for who in range(2):
        for lane in range(lanes):
            census[who, at + lane] = reader[who, YEAR_FLAGS * LANES + lane]


@part
def key_situations(k0: int, k1: int, school: int, klass: Ints, generators: Words, day: int) -> None:
    """Key each class's own stream of situations for a day."""
    for c in range(len(klass)):
        words = philox(school, klass[c], day, SITUATION, k0, k1)
        for i in range(4):
            generators[c, i] = words[i]


@part
def draw_situations(limits: Words, generators: Words, situation: Ints) -> None:
    """Draw each class's kind of lesson."""
    for c in range(len(situation)):
        s0, s1, s2, s3 = generators[c, 0], generators[c, 1], generators[c, 2], generators[c, 3]
        number = scrambled(s0, s3) >> uint32(1)
        generators[c, 0], generators[c, 1], generators[c, 2], generators[c, 3] = moved(s0, s1, s2, s3)
        k = 0
        while number >= limits[k]:
            k += 1
        situation[c] = k


@part
def set_situations(
    n: Size, path: Words, label: Words, first: Ints, situation: Ints, pupil: Words, lessons: Whole, year: int
) -> None:
    """Set each pupil's kind of lesson, and count it among those of the year."""
    for c in range(len(situation)):
        for b in range(first[c] // LANES, (first[c + 1] - 1) // LANES + 1):
            begin, end = max(first[c], b * LANES), min(first[c + 1], (b + 1) * LANES)
            kind = pupil[b, (KIND - b) * LANES + begin : (KIND - b) * LANES + end]
            for i in range(len(kind)):
                kind[i] = uint32(situation[c])
    for b in range(len(pupil)):
        _seat(n, path, label, pupil[b])
    count_lessons(first, situation, lessons[:, year])


@part
def count_lessons(first: Ints, situation: Ints, lessons: Whole) -> None:
    """Count the lessons of each situation in one half of the year."""
    for c in range(len(situation)):
        own = lessons[situation[c]][first[c] : first[c + 1]]
        for i in range(len(own)):
            own[i] += 1


@part
def by_last_state(states: Words, reader: Words, counts: Whole, at: int, lanes: int) -> None:
    """Count judged flags by the state at the lesson's last look."""
    for lane in range(lanes):
        counts[states[lane], at + lane] += reader[FLAGS * LANES + lane]


@part
def by_situation(
    first: Ints, situation: Ints, usual: int, reader: Words, r: int, who: int, counts: Whole, year: int
) -> None:
    """Add the lesson's flags, and false ones, to those of its kind of lesson in the year, but for the usual kind."""
    for c in range(len(situation)):
        if situation[c] == usual:
            continue
        flags, false = counts[who, r, 0, situation[c], year], counts[who, r, 1, situation[c], year]
        for b in range(first[c] // LANES, (first[c + 1] - 1) // LANES + 1):
            begin, end = max(first[c], b * LANES), min(first[c + 1], (b + 1) * LANES)
            own, at, more = reader[b, r, who], (FLAGS - b) * LANES, (TRUE_FLAGS - FLAGS) * LANES
            given, rightly = own[at + begin : at + end], own[at + more + begin : at + more + end]
            of_class, false_of_class = flags[begin:end], false[begin:end]
            for i in range(len(given)):
                of_class[i] += int32(given[i])
                false_of_class[i] += int32(given[i] - rightly[i])


@part
def usual_of(limits: Words) -> int:
    """The kind of lesson that comes most often, by the thresholds that draw it."""
    usual, most, before = 0, int64(0), int64(0)
    for k in range(len(limits)):
        share = int64(limits[k]) - before
        before = int64(limits[k])
        if share > most:
            usual, most = k, share
    return usual


@part
def leave_to(usual: int, flags: Whole, counts: Whole) -> None:
    """What flags in the usual kind of lesson come to: those of the year, less those in the other kinds."""
    own = counts[usual]
    for lane in range(len(own)):
        own[lane] = flags[lane]
    for k in range(len(counts)):
        if k != usual:
            for lane in range(len(own)):
                own[lane] -= counts[k, lane]


@part
def halves(first: Ints, situation: Ints, reader: Words, r: int, counts: Whole, half: int) -> None:
    """Count a lesson's flags in its situation, in one half of the year."""
    for c in range(len(situation)):
        flags = counts[r, half, situation[c]]
        for b in range(first[c] // LANES, (first[c + 1] - 1) // LANES + 1):
            begin, end = max(first[c], b * LANES), min(first[c + 1], (b + 1) * LANES)
            at = (FLAGS - b) * LANES
            given, of_class = reader[b, r, DEPLOYED, at + begin : at + end], flags[begin:end]
            for i in range(len(given)):
                of_class[i] += int32(given[i])


@part
def flush(labels: int, pupil: Words, counts: Whole, at: int, lanes: int) -> None:
    """Take the labels counted so far out of the tallies."""
    for label in range(labels):
        o, shift = (TALLY + label // 4) * LANES, uint32(label % 4 * 8)
        for lane in range(lanes):
            counts[label, at + lane] += (pupil[o + lane] >> shift) & uint32(255)
    for i in range(TALLY * LANES, PUPIL_ROWS * LANES):
        pupil[i] = uint32(0)


@part
def copy(rows: Words, row: int, counts: Whole, at: int, lanes: int) -> None:
    """One row of all lanes, to where a block stands in the counts."""
    for lane in range(lanes):
        counts[at + lane] = rows[row * LANES + lane]


@part
def end_year(rule: Words, claimed: Whole, true: Whole, at: int, lanes: int) -> None:
    """Write down what a rule's truth came to in the year."""
    copy(rule, YEAR_CLAIMED, claimed, at, lanes)
    copy(rule, YEAR_TRUE, true, at, lanes)


@part
def end_reader(
    n: Size, rule: Words, reader: Words, flags: Whole, false: Whole, tally: Whole, at: int, lanes: int
) -> None:
    """Write down what a reader made of the year."""
    copy(reader, YEAR_FLAGS, flags, at, lanes)
    copy(reader, YEAR_FALSE, false, at, lanes)
    copy(rule, YEAR_LESSONS, tally[0], at, lanes)
    copy(reader, YEAR_SEEN, tally[1], at, lanes)
    for lane in range(lanes):
        tally[2, at + lane] = n.days * n.lessons - tally[0, at + lane]
    copy(reader, YEAR_ALARMED, tally[3], at, lanes)
    copy(rule, YEAR_SPELLS, tally[4], at, lanes)
    copy(reader, YEAR_MISSED, tally[5], at, lanes)


@part
def give(pupil: Words, reader: Words) -> None:
    """Add a year's flags to those that were given, which hide faces."""
    for lane in range(LANES):
        pupil[GIVEN * LANES + lane] += reader[YEAR_FLAGS * LANES + lane]


@part
def record_looks(cells: Words, labels: Words, cell: Any, label: Any, at: int, count: int, lane: int) -> None:
    """Write down one lane's cells and labels."""
    for look in range(count):
        cell[at + look] = uint16(cells[look * LANES + lane])
        label[at + look] = uint8(labels[look * LANES + lane])


@part
def record_fires(rules: Any, rule: Words, reader: Words, flag: Any, true: Any, at: int, count: int, lane: int) -> None:
    """Write down at which looks one lane's window rules fired, and truly."""
    for r in range(len(rules)):
        fires = reader[r, DEPLOYED, FIRES * LANES + lane]
        rightly = fires & rule[r, TRUE * LANES + lane]
        for look in range(count):
            flag[at + look] |= ((uint64(fires) >> uint64(look)) & uint64(1)) << uint64(r)
            true[at + look] |= ((uint64(rightly) >> uint64(look)) & uint64(1)) << uint64(r)


@part
def record_judged(rules: Any, reader: Words, flag: Any, true: Any, at: int, lane: int) -> None:
    """Write down what one lane was flagged for when the lesson was judged."""
    for r in range(len(rules)):
        if rules[r].form != WINDOW:
            flag[at] |= uint64(reader[r, DEPLOYED, FLAGS * LANES + lane]) << uint64(r)
            true[at] |= uint64(reader[r, DEPLOYED, TRUE_FLAGS * LANES + lane]) << uint64(r)
