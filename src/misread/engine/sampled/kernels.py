"""The kernel that takes pupils of one school through one school year, lesson by lesson.

The order of a day: masking from the flags given before; then for each lesson its situation, all looks of all pupils,
read by all rules and readers, and, when the lesson is over, rankings of each class. Flags are counted and marks given
as they come; at the end of the day the first flags are noted.

What is called for each lesson takes arrays, not tuples of arrays, which keeps compiling short.
"""

from __future__ import annotations

from typing import Any

from numba import int64, uint8, uint16, uint32, uint64

from misread.engine.sampled import judge, rank, walk
from misread.engine.sampled.jit import kernel, part
from misread.engine.sampled.keys import LABEL, PATH, SECOND, SECOND_TIE, SITUATION, TIE, Words, moved, philox, scrambled
from misread.engine.sampled.layout import (
    AT,
    AT_MASKED,
    FIRES,
    FIRST,
    FLAGS,
    GIVEN,
    HIDDEN,
    HIT,
    HIT_2,
    LABEL_ROW,
    LANES,
    LEVEL,
    PATH_ROW,
    PUPIL_ROWS,
    SECOND_ROW,
    TALLY,
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
    Cohort,
    Outcome,
    Scratch,
    Tape,
)
from misread.engine.sampled.layout import CLAIMED as CLAIMED_ROW
from misread.engine.sampled.layout import SECOND as SECOND_LABELS
from misread.engine.sampled.tables import SHARE, TOP, WINDOW, Flat, Ints, Size

DEPLOYED, PERFECT, AGAIN = 0, 1, 2
FLUSH = 255 // WORD
"""Words of looks that a label's eight bits can count."""

Whole = Any


@kernel
def live_a_year(t: Flat, cohort: Cohort, scratch: Scratch, out: Outcome, tape: Tape, year: int) -> None:
    """Go through one school year; years are to be taken one after the other.

    Parameters
    ----------
    t : Flat
        The deployment.
    cohort : Cohort
        Pupils: whole classes, where a rule ranks.
    scratch : Scratch
        What is kept from year to year; empty before the first.
    out : Outcome
        Where counts go.
    tape : Tape
        Where one lane's looks go.
    year : int
        Counted from 0.
    """
    n, lanes = t.n, len(cohort.pupil)
    blocks, twice, taped = len(scratch.pupil), year == t.n.years - 1, tape.lane // LANES
    k0, k1, school = cohort.k0, cohort.k1, cohort.school
    generators, situation = scratch.generators, scratch.situation
    words, faces, hides = (n.looks + WORD - 1) // WORD, n.cells != n.states, len(t.masking) > 1
    unflushed = 0
    for b in range(blocks):
        own = cohort.stratum[year, b * LANES : (b + 1) * LANES]
        _begin_year(n, t.epoch[year], own, scratch.pupil[b], scratch.rule[b], scratch.reader[b])
    for d in range(n.days):
        day = year * n.days + d
        for b in range(blocks):
            own = cohort.pupil[b * LANES : (b + 1) * LANES]
            _begin_day(
                n, t.start, scratch.seeds[b], scratch.numbers[b], scratch.pupil[b], own, k0, k1, school, day, twice
            )
            if hides:
                _hide(t.rules, t.masking, scratch.pupil[b], scratch.reader[b], len(own))
            _open_marks(t.marks, scratch.reader[b], scratch.mark[b], scratch.ring[b], day, n.days, len(own))
            for c in range(len(t.censuses)):
                if t.censuses[c].day == day:
                    _note(scratch.reader[b, t.censuses[c].rule], out.census[:, c], b * LANES, len(own))
        if n.situations > 1:
            _key_situations(k0, k1, school, cohort.klass, generators, day)
        for lesson in range(n.lessons):
            if n.situations > 1:
                _draw_situations(t.situation, generators, situation)
                _set_situations(n, cohort.first, situation, scratch.pupil, out.lessons[:, year])
            for b in range(blocks):
                some = LANES if lanes - b * LANES > LANES else lanes - b * LANES
                for word in range(words):
                    if (unflushed + word) % FLUSH == 0:
                        _flush(n.labels, scratch.pupil[b], out.labels[:, year], b * LANES, some)
                    first = word * WORD
                    last = word == words - 1
                    count = n.looks - first if last else WORD
                    numbers, pupil, spare = scratch.numbers[b], scratch.pupil[b], scratch.spare[b]
                    cells, labels = scratch.cells[b], scratch.labels[b]
                    tables = (t.step, t.step_guide, t.gap, t.gap_guide)
                    if n.stride == 1:
                        walk.draw(scratch.seeds[b], PATH_ROW, numbers, count, some)
                        _go(n, *tables, pupil, numbers, cells, spare, count, last, some)
                    else:
                        _stride(n, *tables, scratch.seeds[b], pupil, numbers, cells, labels, spare, count, last, some)
                    states = scratch.states[b] if faces else cells
                    if faces:
                        walk.states_of(cells, t.state, states, count, some)
                    for again in range(2 if twice else 1):
                        walk.draw(scratch.seeds[b], SECOND_ROW if again else LABEL_ROW, numbers, count, some)
                        to = SECOND_LABELS if again else FIRST
                        if hides:
                            _look_hidden(n, t.emission, t.masked, pupil, numbers, cells, labels, to, count, some)
                        else:
                            _look(n, t.emission, t.label_guide, pupil, numbers, cells, labels, to, spare, count, some)
                    walk.count_labels(labels, pupil, count, (n.labels + 3) // 4, some)
                    for r in range(len(t.rules)):
                        rule, reader = scratch.rule[b, r], scratch.reader[b, r]
                        _judge(t.rules[r], states, labels, rule, reader, first == 0, count, last, twice, some)
                        if t.rules[r].form == WINDOW:
                            _earn(t.marks, r, rule, reader, scratch.mark[b], False, day, some)
                            rank.by_state(states, reader[DEPLOYED], out.state_flags[r], b * LANES, some)
                    if b == taped:
                        at, lane = (d * n.lessons + lesson) * n.looks + first, tape.lane % LANES
                        _record_looks(cells, labels, tape.cell, tape.label, at, count, lane)
                        _record_fires(
                            t.rules, scratch.rule[b], scratch.reader[b], tape.flag, tape.true, at, count, lane
                        )
            unflushed = (unflushed + words) % FLUSH
            for r in range(len(t.rules)):
                if t.rules[r].form == TOP:
                    for who in range(3 if twice else 2):
                        purpose, when = SECOND_TIE if who == AGAIN else TIE, day * n.lessons + lesson
                        key = (k0, k1, school, when, purpose)
                        rank.rank(
                            key,
                            cohort.pupil,
                            cohort.first,
                            scratch.reader,
                            r,
                            who,
                            t.rules[r].least,
                            scratch.many,
                            scratch.lots,
                        )
            for b in range(blocks):
                some = LANES if lanes - b * LANES > LANES else lanes - b * LANES
                for r in range(len(t.rules)):
                    rule, reader = scratch.rule[b, r], scratch.reader[b, r]
                    _end_lesson(t.rules[r], rule, reader, twice, some)
                    if t.rules[r].form != WINDOW:
                        _earn(t.marks, r, rule, reader, scratch.mark[b], True, day, some)
                        at_last = scratch.states[b] if faces else scratch.cells[b]
                        at_last = at_last[(n.looks - 1) % WORD * LANES :]
                        _by_last_state(at_last, reader[DEPLOYED], out.state_flags[r], b * LANES, some)
                if b == taped:
                    at, lane = d * n.lessons + lesson, tape.lane % LANES
                    tape.situation[at] = uint8(situation[tape.klass])
                    at = (at + 1) * n.looks - 1
                    _record_judged(t.rules, scratch.reader[b], tape.flag, tape.true, at, lane)
            if n.situations > 1:
                for r in range(len(t.rules)):
                    for who in range(2):
                        to = out.by_situation[who, r, :, :, year]
                        _by_situation(cohort.first, situation, scratch.reader, r, who, to)
                    if twice:
                        _halves(cohort.first, situation, scratch.reader, r, out.half[r, d % 2])
                if twice:
                    _count_lessons(cohort.first, situation, out.half_lessons[d % 2])
        for b in range(blocks):
            some = LANES if lanes - b * LANES > LANES else lanes - b * LANES
            for r in range(len(t.rules)):
                for who in range(2):
                    rank.note_first(scratch.reader[b, r, who], day, some)
            _close_marks(t.marks, scratch.reader[b], scratch.mark[b], scratch.ring[b], day, n.days, some)
    for b in range(blocks):
        some = LANES if lanes - b * LANES > LANES else lanes - b * LANES
        _flush(n.labels, scratch.pupil[b], out.labels[:, year], b * LANES, some)
        for r in range(len(t.rules)):
            rule, reader, at = scratch.rule[b, r], scratch.reader[b, r], b * LANES
            _end_year(rule, out.claimed[r, year], out.true[r, year], at, some)
            for who in range(2):
                flags, false = out.flags[who, r, year], out.false[who, r, year]
                _end_reader(n, rule, reader[who], flags, false, out.tally[who, r, :, year], at, some)
            if t.rules[r].notifies:
                _give(scratch.pupil[b], reader[DEPLOYED], some)
            if twice:
                _copy(reader[AGAIN], YEAR_FLAGS, out.second[r], at, some)
    if n.situations == 1:
        for i in range(lanes):
            out.lessons[0, year, i] = n.days * n.lessons


@part
def _begin_year(n: Size, epoch: int, stratum: Ints, pupil: Words, rule: Words, reader: Words) -> None:
    """Set each pupil's seat, and start the year's counts."""
    for lane in range(len(stratum)):
        at = epoch * n.strata + stratum[lane]
        pupil[AT_MASKED * LANES + lane] = uint32(at)
        pupil[AT * LANES + lane] = uint32(at * n.situations)
    for r in range(len(rule)):
        for i in range(YEAR_CLAIMED * LANES, (YEAR_SPELLS + 1) * LANES):
            rule[r, i] = uint32(0)
        for who in range(reader.shape[1]):
            for i in range(YEAR_FLAGS * LANES, (YEAR_MISSED + 1) * LANES):
                reader[r, who, i] = uint32(0)


@part
def _begin_day(
    n: Size,
    start: Words,
    seeds: Words,
    numbers: Words,
    pupil: Words,
    who: Ints,
    k0: int,
    k1: int,
    school: int,
    day: int,
    twice: bool,
) -> None:
    """Set generators to their keys, and each pupil's cell at the first look."""
    for again in range(3 if twice else 2):
        row, purpose = PATH_ROW, PATH
        if again == 1:
            row, purpose = LABEL_ROW, LABEL
        elif again == 2:
            row, purpose = SECOND_ROW, SECOND
        walk.keyed(seeds, row, who, k0, k1, school, day, purpose)
    walk.draw(seeds, PATH_ROW, numbers, 1, len(who))
    walk.begin(pupil, numbers, start, n.cell_bits, len(who))


@part
def _hide(rules: Any, masking: Words, pupil: Words, reader: Words, lanes: int) -> None:
    """How far each face is hidden today, by the flags given before today by rules that notify somebody."""
    most = len(masking) - 1
    for lane in range(lanes):
        given = int64(pupil[GIVEN * LANES + lane])
        for r in range(len(rules)):
            if rules[r].notifies:
                given += int64(reader[r, DEPLOYED, YEAR_FLAGS * LANES + lane])
        level = given if given < most else most
        pupil[LEVEL * LANES + lane] = uint32(level)
        pupil[HIDDEN * LANES + lane] = masking[level]


@part
def _open_marks(marks: Any, reader: Words, mark: Words, ring: Words, day: int, days: int, lanes: int) -> None:
    for m in range(len(marks)):
        if marks[m].rolling:
            for who in range(2):
                rank.open_marks(reader[marks[m].rule, who], mark[m, who], ring[m, who], day % days, lanes)


@part
def _close_marks(marks: Any, reader: Words, mark: Words, ring: Words, day: int, days: int, lanes: int) -> None:
    for m in range(len(marks)):
        if marks[m].rolling:
            for who in range(2):
                rank.close_marks(reader[marks[m].rule, who], mark[m, who], ring[m, who], day % days, lanes)


@part
def _note(reader: Words, census: Whole, at: int, lanes: int) -> None:
    for who in range(2):
        for lane in range(lanes):
            census[who, at + lane] = reader[who, YEAR_FLAGS * LANES + lane]


@part
def _key_situations(k0: int, k1: int, school: int, klass: Ints, generators: Words, day: int) -> None:
    for c in range(len(klass)):
        words = philox(school, klass[c], day, SITUATION, k0, k1)
        for i in range(4):
            generators[c, i] = words[i]


@part
def _draw_situations(limits: Words, generators: Words, situation: Ints) -> None:
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
def _set_situations(n: Size, first: Ints, situation: Ints, pupil: Words, lessons: Whole) -> None:
    """Set each pupil's kind of lesson, and count it."""
    for c in range(len(situation)):
        for i in range(first[c], first[c + 1]):
            row, lane = pupil[i // LANES], i % LANES
            row[AT * LANES + lane] = uint32(row[AT_MASKED * LANES + lane] * uint32(n.situations) + uint32(situation[c]))
    _count_lessons(first, situation, lessons)


@part
def _count_lessons(first: Ints, situation: Ints, lessons: Whole) -> None:
    for c in range(len(situation)):
        for i in range(first[c], first[c + 1]):
            lessons[situation[c], i] += 1


@part
def _go(
    n: Size,
    step: Words,
    step_guide: Words,
    gap: Words,
    gap_guide: Words,
    pupil: Words,
    numbers: Words,
    cells: Words,
    spare: Words,
    count: int,
    last: bool,
    lanes: int,
) -> None:
    """Some looks of each pupil's path."""
    for look in range(count):
        table, guide = (gap, gap_guide) if last and look == count - 1 else (step, step_guide)
        walk.move(pupil, numbers, look, guide, n.cell_guide, table, n.cell_bits, n.cells, cells, spare, lanes)


@part
def _stride(
    n: Size,
    step: Words,
    step_guide: Words,
    gap: Words,
    gap_guide: Words,
    seeds: Words,
    pupil: Words,
    numbers: Words,
    cells: Words,
    between: Words,
    spare: Words,
    count: int,
    last: bool,
    lanes: int,
) -> None:
    """As `_go`, with several moves from look to look; `between` takes the cells that no camera looks at."""
    for look in range(count):
        ends = last and look == count - 1
        moves = n.moves - (n.looks - 1) * n.stride if ends else n.stride
        for i in range(moves):
            walk.draw_one(seeds, PATH_ROW, numbers, look, lanes)
            table, guide = (gap, gap_guide) if ends and i == moves - 1 else (step, step_guide)
            to = cells if i == 0 else between
            walk.move(pupil, numbers, look, guide, n.cell_guide, table, n.cell_bits, n.cells, to, spare, lanes)


@part
def _look(
    n: Size,
    emission: Words,
    guide: Words,
    pupil: Words,
    numbers: Words,
    cells: Words,
    labels: Words,
    to: int,
    spare: Words,
    count: int,
    lanes: int,
) -> None:
    """Read the faces at some looks."""
    for look in range(count):
        way = (n.label_guide, emission, n.label_bits, n.cells)
        walk.read(pupil, numbers, look, guide, *way, cells, labels, to, spare, lanes)


@part
def _look_hidden(
    n: Size,
    emission: Words,
    masked: Words,
    pupil: Words,
    numbers: Words,
    cells: Words,
    labels: Words,
    to: int,
    count: int,
    lanes: int,
) -> None:
    for look in range(count):
        walk.read_hidden(pupil, numbers, look, emission, masked, n.label_bits, n.cells, cells, labels, to, lanes)


@part
def _judge(
    r: Any,
    states: Words,
    labels: Words,
    rule: Words,
    reader: Words,
    opens: bool,
    count: int,
    last: bool,
    twice: bool,
    lanes: int,
) -> None:
    """What a rule makes of some looks, as each reader reads them."""
    if opens:
        judge.open_lesson(rule, reader, lanes)
    windowed = r.form == WINDOW
    judge.claims(states, rule, r.claimed, r.truth if windowed else 1, count, lanes)
    for again in range(2 if twice else 1):
        judge.hits(labels, SECOND_LABELS if again else FIRST, rule, HIT_2 if again else HIT, r.hit, count, lanes)
    for who in range(3 if twice else 2):
        hits = HIT if who == DEPLOYED else CLAIMED_ROW if who == PERFECT else HIT_2
        if windowed:
            if r.window <= 32:
                judge.windows(rule, hits, reader[who], r.least, r.window, r.after, count, lanes)
            else:
                judge.long_windows(rule, hits, reader[who], r.least, r.window, r.after, count, lanes)
            judge.count_fires(rule, reader[who], lanes)
        else:
            judge.count_hits(rule, hits, reader[who], lanes)
        if who < AGAIN:
            judge.count_spells(rule, reader[who], count, last, lanes)
    judge.count_claims(rule, windowed, count, lanes)


@part
def _earn(marks: Any, r: int, rule: Words, reader: Words, mark: Words, counted: bool, day: int, lanes: int) -> None:
    for m in range(len(marks)):
        if marks[m].rule == r:
            for who in range(2):
                rank.earn(rule, reader[who], mark[m, who], marks[m].flags, counted, day, lanes)


@part
def _end_lesson(r: Any, rule: Words, reader: Words, twice: bool, lanes: int) -> None:
    """Judge what is judged at the last look, and add the lesson to the year."""
    if r.form != WINDOW:
        for who in range(3 if twice else 2):
            if r.form == SHARE:
                judge.judge_share(reader[who], r.least, lanes)
            judge.close_counted(rule, reader[who], r.truth, lanes)
    judge.close_lesson(rule, reader, r.form == WINDOW, r.truth, lanes)


@part
def _by_last_state(states: Words, reader: Words, counts: Whole, at: int, lanes: int) -> None:
    for lane in range(lanes):
        counts[states[lane], at + lane] += reader[FLAGS * LANES + lane]


@part
def _by_situation(first: Ints, situation: Ints, reader: Words, r: int, who: int, counts: Whole) -> None:
    """Add the lesson's flags, and false ones, to those of its kind of lesson."""
    for c in range(len(situation)):
        k = situation[c]
        for i in range(first[c], first[c + 1]):
            own, lane = reader[i // LANES, r, who], i % LANES
            counts[0, k, i] += own[FLAGS * LANES + lane]
            counts[1, k, i] += int64(own[FLAGS * LANES + lane]) - int64(own[TRUE_FLAGS * LANES + lane])


@part
def _halves(first: Ints, situation: Ints, reader: Words, r: int, counts: Whole) -> None:
    for c in range(len(situation)):
        for i in range(first[c], first[c + 1]):
            counts[situation[c], i] += reader[i // LANES, r, DEPLOYED, FLAGS * LANES + i % LANES]


@part
def _flush(labels: int, pupil: Words, counts: Whole, at: int, lanes: int) -> None:
    """Take the labels counted so far out of the tallies."""
    for label in range(labels):
        o, shift = (TALLY + label // 4) * LANES, uint32(label % 4 * 8)
        for lane in range(lanes):
            counts[label, at + lane] += (pupil[o + lane] >> shift) & uint32(255)
    for i in range(TALLY * LANES, PUPIL_ROWS * LANES):
        pupil[i] = uint32(0)


@part
def _copy(rows: Words, row: int, counts: Whole, at: int, lanes: int) -> None:
    for lane in range(lanes):
        counts[at + lane] = rows[row * LANES + lane]


@part
def _end_year(rule: Words, claimed: Whole, true: Whole, at: int, lanes: int) -> None:
    _copy(rule, YEAR_CLAIMED, claimed, at, lanes)
    _copy(rule, YEAR_TRUE, true, at, lanes)


@part
def _end_reader(
    n: Size, rule: Words, reader: Words, flags: Whole, false: Whole, tally: Whole, at: int, lanes: int
) -> None:
    """Write down what a reader made of the year."""
    _copy(reader, YEAR_FLAGS, flags, at, lanes)
    _copy(reader, YEAR_FALSE, false, at, lanes)
    _copy(rule, YEAR_LESSONS, tally[0], at, lanes)
    _copy(reader, YEAR_SEEN, tally[1], at, lanes)
    for lane in range(lanes):
        tally[2, at + lane] = n.days * n.lessons - tally[0, at + lane]
    _copy(reader, YEAR_ALARMED, tally[3], at, lanes)
    _copy(rule, YEAR_SPELLS, tally[4], at, lanes)
    _copy(reader, YEAR_MISSED, tally[5], at, lanes)


@part
def _give(pupil: Words, reader: Words, lanes: int) -> None:
    for lane in range(lanes):
        pupil[GIVEN * LANES + lane] += reader[YEAR_FLAGS * LANES + lane]


@part
def _record_looks(cells: Words, labels: Words, cell: Any, label: Any, at: int, count: int, lane: int) -> None:
    for look in range(count):
        cell[at + look] = uint16(cells[look * LANES + lane])
        label[at + look] = uint8(labels[look * LANES + lane])


@part
def _record_fires(rules: Any, rule: Words, reader: Words, flag: Any, true: Any, at: int, count: int, lane: int) -> None:
    for r in range(len(rules)):
        fires = reader[r, DEPLOYED, FIRES * LANES + lane]
        rightly = fires & rule[r, TRUE * LANES + lane]
        for look in range(count):
            flag[at + look] |= ((uint64(fires) >> uint64(look)) & uint64(1)) << uint64(r)
            true[at + look] |= ((uint64(rightly) >> uint64(look)) & uint64(1)) << uint64(r)


@part
def _record_judged(rules: Any, reader: Words, flag: Any, true: Any, at: int, lane: int) -> None:
    for r in range(len(rules)):
        if rules[r].form != WINDOW:
            flag[at] |= uint64(reader[r, DEPLOYED, FLAGS * LANES + lane]) << uint64(r)
            true[at] |= uint64(reader[r, DEPLOYED, TRUE_FLAGS * LANES + lane]) << uint64(r)
