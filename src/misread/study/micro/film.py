"""On how many looks, or frames of a film, a movement is that lasts a fraction of a second: closed forms.

Movements begin at times spread evenly, that is at random with regard to the camera. All is computed in fractions, so
that a movement of 1/25 s is on exactly one instant of a film at 25 frames a second.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

Number = float | Fraction


@dataclass(frozen=True, slots=True)
class Frames:
    """On how many frames a movement is: `fewest`, or with probability `one_more` one frame more."""

    fewest: int
    one_more: float

    @property
    def mean(self) -> float:
        """Expected number of frames."""
        return self.fewest + self.one_more

    def at_least(self, n: int) -> float:
        """P(at least n frames)."""
        return 1.0 if n <= self.fewest else self.one_more if n == self.fewest + 1 else 0.0


def touched(duration: Number, every: Number, exposure: Number = 0.0) -> float:
    """P(a movement falls on a look, in whole or in part): min(1, (d + e)/Δ).

    Looks are open from kΔ to kΔ + e. A movement that begins at s, evenly spread, meets one if s lies in the d + e
    seconds before some kΔ + e.

    Parameters
    ----------
    duration : number
        Seconds d that the movement lasts, above 0.
    every : number
        Seconds Δ from one look to the next, above 0.
    exposure : number
        Seconds e that a look lasts, from 0 (an instant) up.

    Raises
    ------
    ValueError
        If a number lies outside its range.
    """
    d, e = _seconds(duration, exposure)
    if not every > 0:
        raise ValueError("looks more than 0 s apart")
    return min(1.0, float((d + e) / Fraction(every)))


def frames(duration: Number, per_second: Number, exposure: Number = 0.0) -> Frames:
    """On how many frames of a film a movement is, in whole or in part.

    Frames are open from k/f to k/f + e. The movement meets those with k/f in (s − e, s + d): an interval of d + e
    seconds holds ⌊(d + e)·f⌋ points of a grid 1/f apart, and one more with probability (d + e)·f − ⌊(d + e)·f⌋.

    Parameters
    ----------
    duration : number
        Seconds d that the movement lasts, above 0.
    per_second : number
        Frames a second f, above 0.
    exposure : number
        Seconds e that each frame is exposed, from 0 (an instant) to 1/f.

    Raises
    ------
    ValueError
        If a number lies outside its range.
    """
    d, e, f = _film(duration, per_second, exposure)
    return _grid((d + e) * f)


def whole_frames(duration: Number, per_second: Number, exposure: Number = 0.0) -> Frames:
    """How many frames show nothing but the movement, from opening to closing; as `frames`, with d − e for d + e."""
    d, e, f = _film(duration, per_second, exposure)
    return _grid(max(Fraction(0), d - e) * f)


def filled(duration: Number, exposure: Number) -> float:
    """Share of a frame's exposure that the movement fills, over all frames it touches: d/(d + e).

    A movement is exposed for f·d·e seconds on average, on f·(d + e) frames of e seconds each.
    """
    d, e = _seconds(duration, exposure)
    return float(d / (d + e))


def smeared(duration: Number, exposure: Number) -> float:
    """Share of the movement that one frame runs together into one picture, at most: min(1, e/d)."""
    d, e = _seconds(duration, exposure)
    return min(1.0, float(e / d))


def _grid(points: Fraction) -> Frames:
    fewest = math.floor(points)
    return Frames(fewest, float(points - fewest))


def _seconds(duration: Number, exposure: Number) -> tuple[Fraction, Fraction]:
    if not 0 < duration < math.inf:
        raise ValueError("a movement that lasts more than 0 s")
    if not 0 <= exposure < math.inf:
        raise ValueError("an exposure of 0 s or more")
    return Fraction(duration), Fraction(exposure)


def _film(duration: Number, per_second: Number, exposure: Number) -> tuple[Fraction, Fraction, Fraction]:
    d, e = _seconds(duration, exposure)
    if not 0 < per_second < math.inf:
        raise ValueError("more than 0 frames a second")
    if e * Fraction(per_second) > 1 + Fraction(1, 10**9):
        raise ValueError("an exposure no longer than a frame")
    return d, e, Fraction(per_second)
