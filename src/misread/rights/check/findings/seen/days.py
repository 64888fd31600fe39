"""Days and moments of the labels, and how they are told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from misread.rights.check import words
from misread.rights.check.dictionary.times import DAY, NONE, Ints

if TYPE_CHECKING:
    from misread.rights.check.findings.seen.look import Look

EPOCH = date(1970, 1, 1)


def told(day: int) -> str:
    """A day as ``2025-09-01``."""
    return str(EPOCH + timedelta(int(day)))


def in_words(day: int | np.int64) -> str:
    """A day as "1 September 2025", in the language that is spoken."""
    return words.day(EPOCH + timedelta(int(day)))


def number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def days_of(look: Look) -> Ints:
    """The day of each label; of each row of any kind where no label has one."""
    found = [stream.days[stream.days != NONE] for stream in look.streams]
    if not any(days.size for days in found):
        found = [times.days[times.days != NONE] for times in look.times]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def moments_of(look: Look) -> Ints:
    """The moment of each label that has one, local milliseconds since 1970."""
    found = [stream.moments[stream.moments != NONE] for stream in look.streams]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def counted(whole: Ints) -> tuple[Ints, Ints]:
    """Which whole numbers occur, in order, and how often: without sorting, where they lie close together."""
    if not whole.size:
        return whole, whole
    low = int(whole.min())
    counts = np.bincount(whole - low).astype(np.int64)
    there = np.flatnonzero(counts)
    return there + low, counts[there]


def steps(look: Look) -> Ints:
    """Milliseconds from one label of a column to the next on the same day, where it is later."""
    found = []
    for stream in look.streams:
        moments = np.sort(stream.moments[stream.moments != NONE])
        step = np.diff(moments)
        same = np.floor_divide(moments[1:], DAY) == np.floor_divide(moments[:-1], DAY)
        found.append(step[same & (step > 0)])
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def without_day(look: Look) -> int:
    """Labels of which it cannot be read on what day they were written."""
    return sum(int((stream.days == NONE).sum()) for stream in look.streams)


def typical(look: Look) -> float | None:
    """The usual seconds between two labels: the most common number if it is a quarter of all, else the median."""
    step = steps(look)
    if not step.size:
        return None
    values, counts = np.unique(step, return_counts=True)
    best = int(np.argmax(counts))
    return float(values[best] if 4 * counts[best] >= step.size else np.median(step)) / 1000


def undated(look: Look) -> bool:
    """Whether dates wait for the user to say in which order they are."""
    return any(times.asks for times in look.times)


def clock(minute: int) -> str:
    """A minute of the day as ``08:05``."""
    return f"{minute // 60:02}:{minute % 60:02}"
