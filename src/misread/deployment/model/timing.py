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
