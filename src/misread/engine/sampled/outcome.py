"""What one school's sampled years come to: counts, one entry a pupil.

Reader 0 is the deployed system, reader 1 the perfect one: the same rule, a hit whenever the pupil is in a
claimed state. All counts of a pupil whom the cameras leave alone are 0. Days count from 0 over all school years
unless said otherwise; R rules stand in the deployment's order, Y school years, N pupils, K situations (one where
the deployment has none).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int32]

DEPLOYED, PERFECT = 0, 1
"""Readers, as `School` counts them."""

CLAIMED_LESSONS, CAUGHT_LESSONS, OTHER_LESSONS, ALARMED_LESSONS, SPELLS, SPELLS_MISSED = range(6)
"""Places in `School.tally`: lessons with a claimed look, of these with a true flag; lessons with none, of these
with a flag; spells, spells missed."""


@dataclass(frozen=True, eq=False)
class School:
    """One school, all its years.

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
    tally : ndarray of int32, shape (2, R, 6, Y, N)
        By reader: lessons with a claimed look; of these, with a true flag; lessons with none; of these, with a
        flag; spells; spells missed.
    first_flag, first_false : ndarray of int32, shape (2, R, N)
        Day of the first flag, and of the first false one; −1 where there was none.
    claimed : ndarray of int32, shape (R, Y, N)
        Looks at which the pupil was in a claimed state.
    true_if_random : ndarray of int32, shape (R, Y, N)
        Looks (share and top rules: lessons) at which a flag would have been true.
    labels : ndarray of int32, shape (labels, Y, N)
        Looks with each label, in the deployment's order.
    lessons : ndarray of int32, shape (K, Y, N)
        Lessons of each situation.
    by_situation : ndarray of int32, shape (2, R, 2, K, Y, N)
        By reader and rule: flags, and false flags, in lessons of each situation.
    half : ndarray of int32, shape (R, 2, K, N)
        The deployed reader's flags in the last year, on odd days (counted from 1 within the year) and on even
        ones, by situation. All 0 where the deployment has no situations.
    half_lessons : ndarray of int32, shape (2, K, N)
        Lessons behind `half`. All 0 where the deployment has no situations.
    on_file : ndarray of int32, shape (2, R, N)
        Flags still held when school ends.
    at_decision : ndarray of float64, shape (2, decisions, N)
        Flags on file (for a mark: 1 if earned by then) at the end of the decision's `after_year`.
    mark_day : ndarray of int32, shape (2, marks, N)
        Day on which each mark was first earned; −1 where never.
    unearned : ndarray of bool, shape (2, marks, N)
        Whether at least half of the flags that earned it were false.
    masking : ndarray of float64, shape (N,)
        How far the face was hidden on the last day; 0 without [feedback].
    state_flags : ndarray of int32, shape (R, states, N)
        The deployed reader's flags by the state at the look that fires (share and top rules: at the lesson's
        last look), all years.
    second : ndarray of int32, shape (R, N)
        The deployed reader's flags in the last year, had the same faces been read a second time: same path, same
        masking, label words (and lots between equals) of their own.
    """

    school: int
    kind: NDArray[np.int16]
    klass: Counts
    watched: NDArray[np.bool_]
    view: NDArray[np.int16]
    flags: Counts
    false: Counts
    tally: Counts
    first_flag: Counts
    first_false: Counts
    claimed: Counts
    true_if_random: Counts
    labels: Counts
    lessons: Counts
    by_situation: Counts
    half: Counts
    half_lessons: Counts
    on_file: Counts
    at_decision: NDArray[np.float64]
    mark_day: Counts
    unearned: NDArray[np.bool_]
    masking: NDArray[np.float64]
    state_flags: Counts
    second: Counts
