"""What the signature pictures show: which of 100 children, which of ten alerts, which stroke."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from misread.language import gettext as _
from misread.report.words import Band, half_up

WRONG, RIGHT, NONE = "wrong", "right", "none"

SCATTER = tuple(sorted(range(100), key=lambda i: sha256(f"child {i}".encode()).digest()))
"""The order in which the 100 figures are filled: fixed, so that each figure stays the same child."""


def apportion(shares: Sequence[float], total: int) -> tuple[int, ...]:
    """Whole numbers that add up to the total, by largest remainder (ties: the first).

    Parameters
    ----------
    shares : sequence of float
        Parts of a whole; what they lack of 1, or exceed it by, is rounding noise and is divided out.
    total : int
        What the whole numbers add up to.
    """
    kept = [max(0.0, s) for s in shares]
    whole = math.fsum(kept) or 1.0
    parts = [s / whole * total for s in kept]
    counts = [math.floor(p) for p in parts]
    by_remainder = sorted(range(len(parts)), key=lambda i: (counts[i] - parts[i], i))
    for i in by_remainder[: total - sum(counts)]:
        counts[i] += 1
    return tuple(counts)


@dataclass(frozen=True, slots=True)
class Hundred:
    """One hundred children at one moment.

    Attributes
    ----------
    wrong, right, none : int
        Flagged wrongly at least once; flagged, rightly every time; not flagged. They add up to 100.
    """

    wrong: int
    right: int
    none: int

    @property
    def said(self) -> str:
        """The picture in words."""
        said = _("%(wrong)s wrongly flagged, %(right)s rightly flagged every time, %(none)s not flagged")
        return said % {"wrong": self.wrong, "right": self.right, "none": self.none}

    @property
    def cells(self) -> tuple[tuple[int, int, str], ...]:
        """Column, row and kind of each figure; a child keeps its place through the years."""
        kinds = [WRONG] * self.wrong + [RIGHT] * self.right + [NONE] * self.none
        return tuple((place % 10, place // 10, kind) for place, kind in sorted(zip(SCATTER, kinds, strict=True)))


def hundred(p_false: float, p_only_true: float) -> Hundred:
    """The 100 children of two chances that exclude each other; the wrongly flagged are rounded as in words."""
    wrong = min(100, half_up(100 * p_false))
    right, none = apportion((p_only_true, max(0.0, 1 - p_false - p_only_true)), 100 - wrong)
    return Hundred(wrong, right, none)


def slips(ppv: float, of: int = 10) -> tuple[str, ...]:
    """So many alerts, the right ones first; at least one of a kind is drawn only where it rounds to one."""
    right = half_up(ppv * of)
    return (RIGHT,) * right + (WRONG,) * (of - right)


@dataclass(frozen=True, slots=True)
class Strip:
    """A bar out of 100 with its interval.

    Attributes
    ----------
    who : str
        What the bar is about.
    band : Band
        Share and interval.
    look : str
        ``"right"`` or ``"wrong"``: what the filled part means.
    words : str
        The figure in words, shown above the bar.
    id : str
        Finding it comes from.
    """

    who: str
    band: Band
    look: str
    words: str
    id: str

    @property
    def filled(self) -> float:
        """Width of the filled part, in per cent."""
        return round(100 * min(1.0, max(0.0, self.band.value)), 3)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Start and width of the pale bar, in per cent."""
        if self.band.ends is None:
            return None
        low, high = (min(1.0, max(0.0, e)) for e in self.band.ends)
        return round(100 * low, 3), round(100 * (high - low), 3)


@dataclass(frozen=True, slots=True)
class AverageFile:
    """Strokes of an average file, a row for each school year.

    Attributes
    ----------
    each : int
        How many flags one stroke stands for.
    rows : tuple of tuple of (float, str)
        For each year: position in per cent and kind of each stroke.
    wrong, right : float
        Flags of each kind by the end of school.
    """

    each: int
    rows: tuple[tuple[tuple[float, str], ...], ...]
    wrong: float
    right: float


MOST_STROKES = 20
"""Strokes a row can hold and still be told apart on a phone."""


def average_file(false_per_year: float, flags_per_year: float, years: int) -> AverageFile:
    """The strokes, evenly laid: an average, not a child."""
    steps = (m * 10**e for e in range(12) for m in (1, 2, 5))
    each = next(s for s in steps if flags_per_year / s <= MOST_STROKES)
    total = half_up(flags_per_year * years / each)
    wrong = half_up(total * false_per_year / flags_per_year) if flags_per_year > 0 else 0
    kinds = [WRONG if (i + 1) * wrong // total > i * wrong // total else RIGHT for i in range(total)]
    rows = []
    for year in range(years):
        first, last = total * year // years, total * (year + 1) // years
        place = [round(100 * (i - first + 0.5) / (last - first), 2) for i in range(first, last)]
        rows.append(tuple(zip(place, kinds[first:last], strict=True)))
    return AverageFile(each, tuple(rows), false_per_year * years, (flags_per_year - false_per_year) * years)
