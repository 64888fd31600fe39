"""Looks and lessons, counted in exact decimals."""

from __future__ import annotations

import math
from fractions import Fraction

from misread.deployment.model import Deployment


def looks_per_lesson(deployment: Deployment) -> int:
    """Looks at 0, Δ, 2Δ, … before the lesson's end.

    Durations are taken as the decimals that were written: 0.1 minutes hold exactly two looks of 3 seconds,
    which binary fractions would not tell.
    """
    lesson = Fraction(str(deployment.calendar.lesson_minutes)) * 60
    return math.ceil(lesson / Fraction(str(deployment.camera.observe_every_seconds)))


def school_day(deployment: Deployment, every_seconds: float | None = None) -> dict[str, float]:
    """What a vendor's sentence is held against where nobody says how often is looked.

    Parameters
    ----------
    deployment : Deployment
        Whose school day it is.
    every_seconds : float, optional
        How often a face is read, where that is known.

    Returns
    -------
    dict
        `looks_per_day` at a child, 1 at least; `children` in a class; school `days` a year.
    """
    calendar = deployment.calendar
    looks: float = looks_per_lesson(deployment)
    if every_seconds:
        looks = calendar.lesson_minutes * 60 / every_seconds
    return {
        "looks_per_day": max(1, calendar.lessons_per_day * looks),
        "children": deployment.population.class_size,
        "days": calendar.days_per_year,
    }
