"""The kernel that takes pupils of one school through one school year, lesson by lesson.

The order of a day: masking from the flags given before; then for each lesson its situation, all looks of all pupils,
read by all rules and readers, and, when the lesson is over, rankings of each class. Flags are counted and marks given
as they come; at the end of the day the first flags are noted.

What is called for each lesson takes arrays, not tuples of arrays, which keeps compiling short.
"""

from __future__ import annotations

from typing import Any

from numba import uint8

from misread.engine.sampled.kernels import books, judge, rank, walk
from misread.engine.sampled.kernels.jit import kernel_in_place, part
from misread.engine.sampled.kernels.layout import CLAIMED as CLAIMED_ROW
from misread.engine.sampled.kernels.layout import (
    FIRST,
    HIDE_ROW,
    HIT,
    HIT_2,
    LABEL_ROW,
    LANES,
    PATH_ROW,
    SECOND_HIDE_ROW,
    SECOND_ROW,
    WORD,
    YEAR_FLAGS,
    Cohort,
    Outcome,
    Scratch,
    Tape,
)
from misread.engine.sampled.kernels.layout import SECOND as SECOND_LABELS
from misread.engine.sampled.keys import HIDE, LABEL, PATH, SECOND, SECOND_HIDE, SECOND_TIE, TIE, Words
from misread.engine.sampled.tables import SHARE, TOP, WINDOW, Flat, Ints, Size

DEPLOYED, PERFECT, AGAIN = 0, 1, 2
FULL = 255
"""Looks that a label's eight bits can count."""

Whole = Any


@kernel_in_place
def live_a_year(
    t: Flat, cohort: Cohort, scratch: Scratch, out: Outcome, tape: Tape, year: int, begin: int, end: int
) -> None:
    """Go through one school year, or some days of it; they are to be taken one after the other.

    Where faces do not hide, looks hang on no day but their own, so that days may be left out if only looks and flags
    are wanted.

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
        Where the looks at some lanes go.
    year : int
        Counted from 0.
    begin, end : int
        From which day of the year to before which, counted from 0.
    """
    n, lanes = t.n, len(cohort.pupil)
    blocks, twice = len(scratch.pupil), year == t.n.years - 1
    k0, k1, school = cohort.k0, cohort.k1, cohort.school
    generators, situation = scratch.generators, scratch.situation
    words, faces, hides = (n.looks + WORD - 1) // WORD, n.cells != n.states, len(t.masking) > 1
    # Most lessons are of this kind: what comes in them need not be added up, as it is what the others leave.
    usual = books.usual_of(t.situation)
    # Looks that every block's tallies hold: before the lesson, and now.
    before = tallied = 0
    for b in range(blocks):
        own = cohort.stratum[year, b * LANES : (b + 1) * LANES]
        rows = (t.path_row, t.label_row, t.masked_row)
        books.begin_year(n, *rows, t.epoch[year], own, scratch.pupil[b], scratch.rule[b], scratch.reader[b])
    for d in range(begin, end):
        day = year * n.days + d
        for b in range(blocks):
            own = cohort.pupil[b * LANES : (b + 1) * LANES]
            today = (k0, k1, school, day)
            _begin_day(n, t.start, scratch.seeds[b], scratch.numbers[b], scratch.pupil[b], own, today, twice, hides)
            if hides:
                books.hide(t.rules, t.masking, scratch.pupil[b], scratch.reader[b])
            _open_marks(t.marks, scratch.reader[b], scratch.mark[b], scratch.ring[b], day, n.days)
            for c in range(len(t.censuses)):
                if t.censuses[c].day == day:
                    books.note(scratch.reader[b, t.censuses[c].rule], out.census[:, c], b * LANES, len(own))
        if n.situations > 1:
            books.key_situations(k0, k1, school, cohort.klass, generators, day)
        for lesson in range(n.lessons):
            if n.situations > 1:
                books.draw_situations(t.situation, generators, situation)
                classes = (cohort.first, situation)
                books.set_situations(n, t.path_row, t.label_row, *classes, scratch.pupil, out.lessons, year)
            for b in range(blocks):
                some = LANES if lanes - b * LANES > LANES else lanes - b * LANES
                tallied = before
                for word in range(words):
                    first = word * WORD
                    last = word == words - 1
                    count = n.looks - first if last else WORD
                    if tallied + count > FULL:
                        books.flush(n.labels, scratch.pupil[b], out.labels[:, year], b * LANES, some)
                        tallied = 0
                    tallied += count
                    numbers, pupil, spare = scratch.numbers[b], scratch.pupil[b], scratch.spare[b]
                    cells, labels = scratch.cells[b], scratch.labels[b]
                    tables = (t.step, t.step_guide, t.gap, t.gap_guide)
                    if n.stride == 1:
                        walk.draw(scratch.seeds[b], PATH_ROW, numbers, 0, count)
                        _go(n, *tables, pupil, numbers, cells, spare, count, last)
                    else:
                        _stride(n, *tables, scratch.seeds[b], pupil, numbers, cells, labels, spare, count, last)
                    states = scratch.states[b] if faces else cells
                    if faces:
                        walk.states_of(cells, t.state, states, count)
                    for again in range(2 if twice else 1):
                        walk.draw(scratch.seeds[b], SECOND_ROW if again else LABEL_ROW, numbers, 0, count)
                        to = SECOND_LABELS if again else FIRST
                        if hides:
                            walk.draw(scratch.seeds[b], SECOND_HIDE_ROW if again else HIDE_ROW, labels, to, count)
                        _look(n, t.emission, t.label_guide, pupil, numbers, cells, labels, to, hides, spare, count)
                    walk.count_labels(labels, pupil, count, (n.labels + 3) // 4)
                    for r in range(len(t.rules)):
                        rule, reader = scratch.rule[b, r], scratch.reader[b, r]
                        _judge(t.rules[r], states, labels, rule, reader, first == 0, count, last, twice)
                        if t.rules[r].form == WINDOW:
                            _earn(t.marks, r, rule, reader, scratch.mark[b], False, day)
                            rank.by_state(states, reader[DEPLOYED], scratch.lots, out.state_flags[r], b * LANES, some)
                    for i in range(len(tape.lane)):
                        if tape.lane[i] // LANES == b:
                            at, lane = ((d - begin) * n.lessons + lesson) * n.looks + first, tape.lane[i] % LANES
                            books.record_looks(cells, labels, tape.cell[i], tape.label[i], at, count, lane)
                            rows = (t.rules, scratch.rule[b], scratch.reader[b])
                            books.record_fires(*rows, tape.flag[i], tape.true[i], at, count, lane)
            before = tallied
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
                            scratch.hits,
                        )
            for b in range(blocks):
                some = LANES if lanes - b * LANES > LANES else lanes - b * LANES
                for r in range(len(t.rules)):
                    rule, reader = scratch.rule[b, r], scratch.reader[b, r]
                    _end_lesson(t.rules[r], rule, reader, twice)
                    if t.rules[r].form != WINDOW:
                        _earn(t.marks, r, rule, reader, scratch.mark[b], True, day)
                        at_last = scratch.states[b] if faces else scratch.cells[b]
                        at_last = at_last[(n.looks - 1) % WORD * LANES :]
                        books.by_last_state(at_last, reader[DEPLOYED], out.state_flags[r], b * LANES, some)
                for i in range(len(tape.lane)):
                    if tape.lane[i] // LANES == b:
                        at, lane = (d - begin) * n.lessons + lesson, tape.lane[i] % LANES
                        tape.situation[i, at] = uint8(situation[tape.klass[i]])
                        at = (at + 1) * n.looks - 1
                        books.record_judged(t.rules, scratch.reader[b], tape.flag[i], tape.true[i], at, lane)
            if n.situations > 1:
                for r in range(len(t.rules)):
                    for who in range(2):
                        classes = (cohort.first, situation)
                        books.by_situation(*classes, usual, scratch.reader, r, who, out.by_situation, year)
                    if twice:
                        books.halves(cohort.first, situation, scratch.reader, r, out.half, d % 2)
                if twice:
                    books.count_lessons(cohort.first, situation, out.half_lessons[d % 2])
        for b in range(blocks):
            some = LANES if lanes - b * LANES > LANES else lanes - b * LANES
            for r in range(len(t.rules)):
                for who in range(2):
                    rank.note_first(scratch.reader[b, r, who], day)
            _close_marks(t.marks, scratch.reader[b], scratch.mark[b], scratch.ring[b], day, n.days)
    for b in range(blocks):
        some = LANES if lanes - b * LANES > LANES else lanes - b * LANES
        books.flush(n.labels, scratch.pupil[b], out.labels[:, year], b * LANES, some)
        for r in range(len(t.rules)):
            rule, reader, at = scratch.rule[b, r], scratch.reader[b, r], b * LANES
            books.end_year(rule, out.claimed[r, year], out.true[r, year], at, some)
            for who in range(2):
                flags, false = out.flags[who, r, year], out.false[who, r, year]
                books.end_reader(n, rule, reader[who], flags, false, out.tally[who, r, :, year], at, some)
            if t.rules[r].notifies:
                books.give(scratch.pupil[b], reader[DEPLOYED])
            if twice:
                books.copy(reader[AGAIN], YEAR_FLAGS, out.second[r], at, some)
    if n.situations == 1:
        for i in range(lanes):
            out.lessons[0, year, i] = n.days * n.lessons
    else:
        for r in range(len(t.rules)):
            for who in range(2):
                books.leave_to(usual, out.flags[who, r, year], out.by_situation[who, r, 0, :, year])
                books.leave_to(usual, out.false[who, r, year], out.by_situation[who, r, 1, :, year])


@part
def _begin_day(
    n: Size,
    start: Words,
    seeds: Words,
    numbers: Words,
    pupil: Words,
    who: Ints,
    key: tuple[int, int, int, int],
    twice: bool,
    hides: bool,
) -> None:
    """Set generators to their keys, and each pupil's cell at the first look."""
    k0, k1, school, day = key
    walk.keyed(seeds, PATH_ROW, who, k0, k1, school, day, PATH)
    walk.keyed(seeds, LABEL_ROW, who, k0, k1, school, day, LABEL)
    if twice:
        walk.keyed(seeds, SECOND_ROW, who, k0, k1, school, day, SECOND)
    if hides:
        walk.keyed(seeds, HIDE_ROW, who, k0, k1, school, day, HIDE)
    if hides and twice:
        walk.keyed(seeds, SECOND_HIDE_ROW, who, k0, k1, school, day, SECOND_HIDE)
    walk.draw(seeds, PATH_ROW, numbers, 0, 1)
    walk.begin(pupil, numbers, start, n.cell_bits)


@part
def _open_marks(marks: Any, reader: Words, mark: Words, ring: Words, day: int, days: int) -> None:
    for m in range(len(marks)):
        if marks[m].rolling:
            for who in range(2):
                rank.open_marks(reader[marks[m].rule, who], mark[m, who], ring[m, who], day % days)


@part
def _close_marks(marks: Any, reader: Words, mark: Words, ring: Words, day: int, days: int) -> None:
    for m in range(len(marks)):
        if marks[m].rolling:
            for who in range(2):
                rank.close_marks(reader[marks[m].rule, who], mark[m, who], ring[m, who], day % days)


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
) -> None:
    """Some looks of each pupil's path."""
    for look in range(count):
        table, guide = (gap, gap_guide) if last and look == count - 1 else (step, step_guide)
        walk.move(pupil, numbers, look, guide, n.cell_guide, table, n.cell_bits, cells, spare)


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
) -> None:
    """As `_go`, with several moves from look to look; `between` takes the cells that no camera looks at."""
    for look in range(count):
        ends = last and look == count - 1
        moves = n.moves - (n.looks - 1) * n.stride if ends else n.stride
        for i in range(moves):
            walk.draw(seeds, PATH_ROW, numbers, look, 1)
            table, guide = (gap, gap_guide) if ends and i == moves - 1 else (step, step_guide)
            to = cells if i == 0 else between
            walk.move(pupil, numbers, look, guide, n.cell_guide, table, n.cell_bits, to, spare)


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
    hides: bool,
    spare: Words,
    count: int,
) -> None:
    """Read the faces at some looks."""
    for look in range(count):
        way = (n.label_guide, emission, n.label_bits)
        walk.read(pupil, numbers, look, guide, *way, cells, labels, to, hides, spare)


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
) -> None:
    """What a rule makes of some looks, as each reader reads them."""
    if opens:
        judge.open_lesson(rule, reader, 3 if twice else 2)
    windowed = r.form == WINDOW
    judge.hits(states, 0, rule, CLAIMED_ROW, r.claimed, count)
    if windowed:
        judge.truths(rule, r.truth, count)
    for again in range(2 if twice else 1):
        judge.hits(labels, SECOND_LABELS if again else FIRST, rule, HIT_2 if again else HIT, r.hit, count)
    for who in range(3 if twice else 2):
        hits = HIT if who == DEPLOYED else CLAIMED_ROW if who == PERFECT else HIT_2
        if windowed:
            if r.window <= judge.SHORT:
                judge.windows(rule, hits, reader[who], r.least, r.window, r.after, count)
            else:
                judge.long_windows(rule, hits, reader[who], r.least, r.window, r.after, count)
            judge.count_fires(rule, reader[who])
        else:
            judge.count_hits(rule, hits, reader[who])
        if who < AGAIN:
            judge.count_spells(rule, reader[who], count, last)
    judge.count_claims(rule, windowed, count)


@part
def _earn(marks: Any, r: int, rule: Words, reader: Words, mark: Words, counted: bool, day: int) -> None:
    for m in range(len(marks)):
        if marks[m].rule == r:
            for who in range(2):
                rank.earn(rule, reader[who], mark[m, who], marks[m].flags, counted, day)


@part
def _end_lesson(r: Any, rule: Words, reader: Words, twice: bool) -> None:
    """Judge what is judged at the last look, and add the lesson to the year."""
    if r.form != WINDOW:
        for who in range(3 if twice else 2):
            if r.form == SHARE:
                judge.judge_share(reader[who], r.least)
            judge.close_counted(rule, reader[who], r.truth)
    judge.close_lesson(rule, reader, r.form == WINDOW, r.truth)
