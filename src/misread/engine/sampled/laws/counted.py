"""What one school's years come to where they are not drawn look by look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.engine.sampled.outcome import Counts

DAY_PERIODS = ("day_1", "week_1", "year_1", "end")
YEAR_PERIODS = ("year_1", "end")
"""Periods from the first day on whose ends the steps know."""


@dataclass(frozen=True, eq=False)
class BySituation:
    """What lessons of each of K situations came to; one where the deployment has none.

    Attributes
    ----------
    lessons : ndarray of int32, shape (K, Y, N)
        Lessons.
    flags : ndarray of int32, shape (2, R, 2, K, Y, N)
        By reader and rule: flags, and false ones.
    half, half_lessons : ndarray of int32, shape (R, 2, K, N) and (2, K, N)
        The deployed reader's flags in the last year, on odd days (counted from 1 within the year) and on even ones, and
        the lessons behind them.
    """

    lessons: Counts
    flags: Counts
    half: Counts
    half_lessons: Counts


@dataclass(frozen=True, eq=False)
class Counted:
    """One school, all its years, drawn a lesson, a day or a school year at a time.

    Readers, rules, years and pupils are as in `misread.engine.sampled.outcome.School`, and who goes to the school is
    the same as there. Each rule and each reader is drawn by itself.

    Attributes
    ----------
    school : int
        Which one, counted from 0.
    kind : ndarray of int16, shape (N,)
        Kind of pupil: group and trait levels.
    klass : ndarray of int32, shape (N,)
        Class, counted from 0.
    watched : ndarray of bool, shape (N,)
        Whether the cameras look at the pupil.
    view : ndarray of int16, shape (Y, N)
        How the pupil's seat is seen in each year; 0 where all seats are seen alike.
    flags, false : ndarray of int32, shape (2, R, Y, N)
        Flags, and false ones, by reader.
    some, some_false : ndarray of bool, shape (2, R, periods, N)
        Whether there was a flag, and a false one, by the end of each period that the step knows: `DAY_PERIODS` or
        `YEAR_PERIODS`.
    on_file : ndarray of int32, shape (2, R, N), or None
        Flags still held when school ends; None where the days that are kept are no whole school years, and a year
        was drawn at a time.
    mark_year : ndarray of int32, shape (2, marks, N)
        School year in which each mark was first earned, counted from 0; −1 where never.
    masking : ndarray of float64, shape (N,)
        How far the face was hidden on the last day; 0 without [feedback].
    by_situation : BySituation or None
        What lessons of each situation came to; None where a day or a year was drawn at a time.
    """

    school: int
    kind: NDArray[np.int16]
    klass: Counts
    watched: NDArray[np.bool_]
    view: NDArray[np.int16]
    flags: Counts
    false: Counts
    some: NDArray[np.bool_]
    some_false: NDArray[np.bool_]
    on_file: Counts | None
    mark_year: Counts
    masking: NDArray[np.float64]
    by_situation: BySituation | None
