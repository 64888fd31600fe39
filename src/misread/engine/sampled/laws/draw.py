"""Kernels that draw years and days of counts; what a day brings about."""

from __future__ import annotations

import numpy as np
from numba import int64, uint32
from numpy.typing import NDArray

from misread.engine.sampled.kernels.jit import kernel, part
from misread.engine.sampled.keys import BITS, COUNT, Word, Words, philox
from misread.engine.sampled.laws.cuts import SHARP
from misread.engine.sampled.outcome import Counts
from misread.engine.sampled.tables import Floats, Ints

Guide = NDArray[np.uint16]


@part
def _place(cut: Words, at: Ints, guide: Guide, row: int, word: Word) -> int:
    """How many thresholds of a row a number reaches."""
    number = uint32(word >> uint32(1))
    begin = at[row]
    i = begin + int64(guide[(row << SHARP) + int64(number >> uint32(BITS - SHARP))])
    while cut[i] <= number:
        i += 1
    reached: int = i - begin
    return reached


@part
def counts(cut: Words, at: Ints, least: Ints, guide: Guide, row: int, one: Word, other: Word) -> tuple[int, int]:
    """True and false flags (or what else a law is of), drawn by two words from the law whose first row is `row`."""
    false = _place(cut, at, guide, row, one)
    given = row + 1 + false
    return least[given] + _place(cut, at, guide, given, other), least[row] + false


@part
def note_first(p: int, now: int, flags: int, false: int, first_flag: Counts, first_false: Counts) -> None:
    """Note the day of the first flag, and of the first false one."""
    if flags > 0 and first_flag[p] < 0:
        first_flag[p] = now
    if false > 0 and first_false[p] < 0:
        first_false[p] = now


@part
def earn(
    p: int, year: int, within: int, rolling: int, mark_flags: Ints, mark_rolls: NDArray[np.bool_], mark_year: Counts
) -> None:
    """Note the year in which flags of this year so far, or of the last `days` days, have earned a mark."""
    for m in range(len(mark_flags)):
        counted = rolling if mark_rolls[m] else within
        if counted >= mark_flags[m] and mark_year[m, p] < 0:
            mark_year[m, p] = year


@kernel
def draw_years(
    cut: Words,
    at: Ints,
    least: Ints,
    guide: Guide,
    row: Ints,
    k0: int,
    k1: int,
    school: int,
    pupil: Ints,
    flags: Counts,
    false: Counts,
) -> None:
    """Draw one rule's flags, a school year at a time, as both readers raise them.

    Parameters
    ----------
    cut, at, least, guide : ndarray
        As in `misread.engine.sampled.laws.cuts.Cuts`.
    row : ndarray of int, shape (readers, years, pupils)
        The law of each year.
    k0, k1 : int
        Key of the seed and the rule.
    school : int
        Counted from 0.
    pupil : ndarray of int, shape (pupils,)
        Who, as the school counts them.
    flags, false : ndarray of int32, shape (readers, years, pupils of the school)
        Where flags go, and false ones.
    """
    for year in range(row.shape[1]):
        for i in range(len(pupil)):
            p = pupil[i]
            words = philox(school, p, year, COUNT, k0, k1)
            t, f = counts(cut, at, least, guide, row[0, year, i], words[0], words[1])
            flags[0, year, p] = t + f
            false[0, year, p] = f
            t, f = counts(cut, at, least, guide, row[1, year, i], words[2], words[3])
            flags[1, year, p] = t + f
            false[1, year, p] = f


@kernel
def draw_days(
    cut: Words,
    at: Ints,
    least: Ints,
    guide: Guide,
    reader: int,
    row: Ints,
    stratum: Ints,
    epoch: Ints,
    days: int,
    k0: int,
    k1: int,
    school: int,
    pupil: Ints,
    hides: bool,
    masking: Floats,
    keep: int,
    mark_flags: Ints,
    mark_rolls: NDArray[np.bool_],
    flags: Counts,
    false: Counts,
    first_flag: Counts,
    first_false: Counts,
    on_file: Counts,
    mark_year: Counts,
    hidden: Floats,
) -> None:
    """Draw one rule's flags, a day at a time, as one reader raises them.

    Parameters
    ----------
    cut, at, least, guide, k0, k1, school, pupil
        As in `draw_years`.
    reader : int
        0 or 1: whose words are taken.
    row : ndarray of int, shape (epochs, levels of masking, strata)
        The laws.
    stratum : ndarray of int, shape (years, pupils)
        Whose law each year has.
    epoch : ndarray of int, shape (years,)
        Which epoch each school year is in.
    days : int
        School days of a year.
    hides : bool
        Whether these flags hide faces from the next day on.
    masking : ndarray, shape (levels,)
        How far, by the flags given before today.
    keep : int
        The last days of school whose flags are on file when it ends.
    mark_flags, mark_rolls : ndarray, shape (marks of the rule,)
        Flags that earn each mark, and whether they count over the last `days` days.
    flags, false : ndarray of int32, shape (years, pupils of the school)
        Where flags go, and false ones.
    first_flag, first_false : ndarray of int32, shape (pupils of the school,)
        Day of the first flag, and of the first false one; left alone where there is none.
    on_file : ndarray of int32, shape (pupils of the school,)
        Flags that are on file at the end.
    mark_year : ndarray of int32, shape (marks of the rule, pupils of the school)
        Year in which each mark is earned; left alone where it is not.
    hidden : ndarray, shape (pupils of the school,)
        How far faces are hidden on the last day, where these flags hide any.
    """
    years, most = len(stratum), len(masking) - 1
    recent = np.empty(days, np.int64)
    for i in range(len(pupil)):
        p = pupil[i]
        given = rolling = 0
        recent[:] = 0
        level = 0
        for year in range(years):
            within = wrong = 0
            for day in range(days):
                if hides:
                    level = min(given, most)
                now = year * days + day
                words = philox(school, p, now, COUNT, k0, k1)
                one, other = (words[0], words[1]) if reader == 0 else (words[2], words[3])
                t, f = counts(cut, at, least, guide, row[epoch[year], level, stratum[year, i]], one, other)
                both = t + f
                within += both
                wrong += f
                given += both
                rolling += both - recent[day]
                recent[day] = both
                note_first(p, now, both, f, first_flag, first_false)
                if now >= years * days - keep:
                    on_file[p] += both
                earn(p, year, within, rolling, mark_flags, mark_rolls, mark_year)
            flags[year, p] = within
            false[year, p] = wrong
        if hides:
            hidden[p] = masking[level]
