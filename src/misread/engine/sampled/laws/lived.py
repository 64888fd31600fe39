"""The kernel that draws lessons: a class at a time, because rules may rank it when a lesson ends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import int64, uint32
from numpy.typing import NDArray

from misread.engine.sampled.kernels import books
from misread.engine.sampled.kernels.jit import kernel, kernel_in_place
from misread.engine.sampled.kernels.layout import Cohort
from misread.engine.sampled.kernels.rank import choose
from misread.engine.sampled.keys import COUNT, TIE, Words, moved, philox, scrambled
from misread.engine.sampled.laws.draw import Guide, counts, earn, note_first
from misread.engine.sampled.outcome import Counts
from misread.engine.sampled.tables import Ints, Size


class Books(NamedTuple):
    """Where one rule's counts go, of the pupils of a school: axes as in `misread.engine.sampled.outcome.School`.

    `first` is the day of the first flag and of the first false one, −1 where there is none; `mark_year` has the marks
    of this rule, by reader, −1 where they are not earned. `level` is how far faces are hidden on the last day.
    """

    flags: Counts
    false: Counts
    by_situation: Counts
    half: Counts
    first: Counts
    on_file: Counts
    mark_year: Counts
    level: Ints


class Room(NamedTuple):
    """Room to work in, by reader and watched pupil: all 0 before the first class.

    `words` are those of each pupil's generator; `level` is how far faces are hidden, `cell` where the pupil stands.
    `enough`, `flags` and `false` are the lesson's. Flags so far are `today` (`untrue` ones), `within` the year (`wrong`
    ones), `rolling` over the last days, each of which is in `recent`, and `given` in all. The rest takes a ranking.
    """

    words: Words
    level: Ints
    cell: Ints
    enough: Ints
    flags: Ints
    false: Ints
    today: Ints
    untrue: Ints
    within: Ints
    wrong: Ints
    rolling: Ints
    given: Ints
    recent: Ints
    hits: Ints
    many: Ints
    lots: Ints


def room_of(pupils: int, rolling: int, looks: int) -> Room:
    """Room for some watched pupils, with some days that roll, and lessons of some looks."""
    names = (
        "level",
        "cell",
        "enough",
        "flags",
        "false",
        "today",
        "untrue",
        "within",
        "wrong",
        "rolling",
        "given",
        "hits",
    )
    return Room(
        words=np.zeros((4, pupils), np.uint32),
        **{name: np.zeros((2, pupils), np.int64) for name in names},
        recent=np.zeros((rolling, 2, pupils), np.int64),
        many=np.zeros(looks + 1, np.int64),
        lots=np.zeros(pupils, np.int64),
    )


@kernel
def situations_of(limits: Words, k0: int, k1: int, school: int, klass: Ints, days: int, lessons: int) -> Ints:
    """Each class's kind of lesson, as it is drawn look by look: shape (days, lessons, classes)."""
    found = np.zeros((days, lessons, len(klass)), np.int64)
    generators = np.zeros((len(klass), 4), np.uint32)
    for day in range(days):
        books.key_situations(k0, k1, school, klass, generators, day)
        for lesson in range(lessons):
            books.draw_situations(limits, generators, found[day, lesson])
    return found


@kernel_in_place
def draw_lessons(
    cut: Words,
    at: Ints,
    least: Ints,
    guide: Guide,
    row: Ints,
    start: Words,
    n: Size,
    epoch: Ints,
    k0: int,
    k1: int,
    cohort: Cohort,
    situation: Ints,
    top: int,
    most: int,
    keep: int,
    mark_flags: Ints,
    mark_rolls: NDArray[np.bool_],
    room: Room,
    out: Books,
) -> None:
    """Draw one rule's flags, a lesson at a time, as both readers raise them, each on a path of its own.

    Parameters
    ----------
    cut, at, least, guide : ndarray
        As in `misread.engine.sampled.laws.cuts.Cuts`.
    row : ndarray of int, shape (readers, epochs, levels of masking, strata, situations, cells)
        The laws.
    start, n, epoch
        As in `misread.engine.sampled.tables.Flat`.
    k0, k1 : int
        Key of the seed and the rule.
    cohort : Cohort
        The watched pupils of a school; its key is the seed's own, which lots go by.
    situation : ndarray of int, shape (days, lessons, classes)
        Each class's kind of lesson.
    top : int
        How many of a class a ranking flags; 0 for a rule on one pupil.
    most : int
        The level of masking up to which flags hide faces from the next day on; 0 if these flags hide none.
    keep : int
        The last days of school whose flags are on file when it ends.
    mark_flags, mark_rolls : ndarray, shape (marks of the rule,)
        Flags that earn each mark, and whether they count over the last `days` days.
    room : Room
        As `room_of` makes it, with the year's days where a mark rolls.
    out : Books
        Where counts go.
    """
    pupil, words, cell, level, hits = cohort.pupil, room.words, room.cell, room.level, room.hits
    flags, false, today, untrue, recent = room.flags, room.false, room.today, room.untrue, room.recent
    for c in range(len(cohort.klass)):
        begin, end = cohort.first[c], cohort.first[c + 1]
        for year in range(n.years):
            e = epoch[year]
            for day in range(n.days):
                now = year * n.days + day
                for i in range(begin, end):
                    s0, s1, s2, s3 = philox(cohort.school, pupil[i], now, COUNT, k0, k1)
                    for who in range(2):
                        number = scrambled(s0, s3) >> uint32(1)
                        s0, s1, s2, s3 = moved(s0, s1, s2, s3)
                        first, z = (e * n.strata + cohort.stratum[year, i]) << n.cell_bits, 0
                        while start[first + z] <= number:
                            z += 1
                        cell[who, i] = z
                        today[who, i] = untrue[who, i] = 0
                    words[0, i], words[1, i], words[2, i], words[3, i] = s0, s1, s2, s3
                    level[0, i] = min(room.given[0, i], most)
                for lesson in range(n.lessons):
                    k = situation[now, lesson, c]
                    for i in range(begin, end):
                        s0, s1, s2, s3 = words[0, i], words[1, i], words[2, i], words[3, i]
                        for who in range(2):
                            one = scrambled(s0, s3)
                            s0, s1, s2, s3 = moved(s0, s1, s2, s3)
                            other = scrambled(s0, s3)
                            s0, s1, s2, s3 = moved(s0, s1, s2, s3)
                            law = row[who, e, level[who, i], cohort.stratum[year, i], k, cell[who, i]]
                            second, came = counts(cut, at, least, guide, law, one, other)
                            true = int64(uint32(second) // uint32(n.cells))
                            cell[who, i] = second - true * n.cells
                            if top:
                                hits[who, i] = came
                                room.enough[who, i] = true
                            else:
                                flags[who, i], false[who, i] = true + came, came
                        words[0, i], words[1, i], words[2, i], words[3, i] = s0, s1, s2, s3
                    if top:
                        key = (cohort.k0, cohort.k1, cohort.school, now * n.lessons + lesson, TIE)
                        for who in range(2):
                            choose(key, pupil[begin:end], hits[who, begin:end], room.lots, top, room.many)
                            for i in range(begin, end):
                                flags[who, i] = hits[who, i]
                                false[who, i] = flags[who, i] * (1 - room.enough[who, i])
                    for who in range(2):
                        for i in range(begin, end):
                            if flags[who, i]:
                                today[who, i] += flags[who, i]
                                untrue[who, i] += false[who, i]
                                out.by_situation[who, 0, k, year, pupil[i]] += flags[who, i]
                                out.by_situation[who, 1, k, year, pupil[i]] += false[who, i]
                                if who == 0 and year == n.years - 1:
                                    out.half[day % 2, k, pupil[i]] += flags[who, i]
                for who in range(2):
                    first_flag, first_false, mark_year = out.first[0, who], out.first[1, who], out.mark_year[who]
                    for i in range(begin, end):
                        p, both = pupil[i], today[who, i]
                        if len(recent):
                            room.rolling[who, i] += both - recent[day, who, i]
                            recent[day, who, i] = both
                        if both == 0:
                            continue
                        room.within[who, i] += both
                        room.wrong[who, i] += untrue[who, i]
                        room.given[who, i] += both
                        note_first(p, now, both, untrue[who, i], first_flag, first_false)
                        if now >= n.years * n.days - keep:
                            out.on_file[who, p] += both
                        earn(p, year, room.within[who, i], room.rolling[who, i], mark_flags, mark_rolls, mark_year)
            for who in range(2):
                for i in range(begin, end):
                    out.flags[who, year, pupil[i]] = room.within[who, i]
                    out.false[who, year, pupil[i]] = room.wrong[who, i]
                    room.within[who, i] = room.wrong[who, i] = 0
        for i in range(begin, end):
            out.level[pupil[i]] = level[0, i]
