"""How strong a movement is on each frame of a film, in fractions: it rises evenly to its apex and falls as evenly."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

HELD = Fraction(1, 2)
"""A frame holds a movement that is at least so strong on it, as a share of its apex (assumption)."""


def course(lasts: int, phase: Fraction = Fraction(0)) -> Mapping[int, Fraction]:
    """The frames that a movement is on, counted from the one before its apex or on it, and how strong it is there.

    A frame is an instant here: nothing is smeared, which is kind to the camera. At x frames beside its apex, a movement
    that lasts n frames has the strength max(0, 1 − 2·|x|/n).

    Parameters
    ----------
    lasts : int
        How long it lasts, from rest to rest, in the time from one frame to the next; at least 1.
    phase : Fraction
        By how much of that time the apex falls after a frame, 0 to below 1. At 0 the apex is on a frame, which is as
        kind to the camera as can be.

    Returns
    -------
    mapping of int to Fraction
        In order; strengths are above 0, and at most 1. Empty where the movement falls between two frames.

    Raises
    ------
    ValueError
        If it lasts no time, or the phase is none.
    """
    if lasts < 1:
        raise ValueError("a movement that lasts")
    if not 0 <= phase < 1:
        raise ValueError("a phase from 0 to below 1")
    strengths = {at: 1 - 2 * abs(at - phase) / lasts for at in range(-lasts, lasts + 1)}
    return {at: strength for at, strength in strengths.items() if strength > 0}
