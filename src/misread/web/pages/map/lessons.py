"""One child's map: how often it was flagged in each kind of lesson, age by age."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from misread.engine.sampled.outcome import DEPLOYED, School
from misread.report.words import half_up
from misread.web.pages.map.asked import Asked
from misread.web.pages.map.child import age_of

LESSONS = 100
"""Lessons of one kind that flags are counted in."""
WIDE, NARROW = 58, 21
"""From one age to the next, on wide pages and on narrow ones."""
LONGEST, BASE = 44, 76
"""Longest stroke, and where a kind's line lies."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Flags in 100 lessons of a kind at an age; None where the child had no such lesson."""

    wrong: int | None
    right: int | None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of lesson: its name, its flags by age, and its strokes for wide pages and for narrow ones."""

    name: str
    cells: tuple[Cell, ...]
    wrong: tuple[str, str]
    right: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Lived:
    """The map: names of the ages, the kinds of lesson, and most flags in 100 lessons, up or down."""

    ages: tuple[str, ...]
    kinds: tuple[Kind, ...]
    most: int


def lessons_of(school: School, asked: Asked) -> Lived | None:
    """The map of a child; None where all lessons are of one kind, or the cameras leave the child alone."""
    deployment, i = asked.deployment, asked.pupil - 1
    if len(deployment.situations) < 2 or not school.watched[i]:
        return None
    lessons = school.lessons[:, :, i]
    flags, false = school.by_situation[DEPLOYED, asked.rule_index, :, :, :, i]
    some = np.maximum(lessons, 1)
    wrong, right = LESSONS * false / some, LESSONS * (flags - false) / some
    most = max(float(wrong.max()), float(right.max())) or 1.0
    years = lessons.shape[1]
    return Lived(
        ages=tuple(age_of(y, years) for y in range(years)),
        kinds=tuple(
            Kind(
                name=situation.name,
                cells=tuple(_cell(int(n), w, r) for n, w, r in zip(lessons[k], wrong[k], right[k], strict=True)),
                wrong=(_up(wrong[k] / most, WIDE), _up(wrong[k] / most, NARROW)),
                right=(_down(right[k] / most, WIDE), _down(right[k] / most, NARROW)),
            )
            for k, situation in enumerate(deployment.situations)
        ),
        most=half_up(most),
    )


def _cell(lessons: int, wrong: float, right: float) -> Cell:
    return Cell(half_up(wrong), half_up(right)) if lessons else Cell(None, None)


def _up(shares: np.ndarray[tuple[int], np.dtype[np.float64]], pitch: int) -> str:
    barb = "m-5 6l5-6 5 6"
    places = ((round((y + 0.5) * pitch, 1), round(LONGEST * float(s), 1)) for y, s in enumerate(shares))
    return "".join(f"M{x} {BASE - 2}v-{length}{barb}" for x, length in places if length)


def _down(shares: np.ndarray[tuple[int], np.dtype[np.float64]], pitch: int) -> str:
    places = ((round((y + 0.5) * pitch, 1), round(LONGEST * float(s), 1)) for y, s in enumerate(shares))
    return "".join(f"M{x} {BASE + 2}v{length}" for x, length in places if length)
