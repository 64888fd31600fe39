"""The level of several intervals that shall hold together."""

from __future__ import annotations

from misread.audit.intervals.proportion import tail_of


def sidak(level: float, k: int) -> float:
    """The level of each of k independent intervals so that all hold together as often as `level` says.

    ``level ** (1 / k)`` (Šidák, J. Am. Stat. Assoc. 62, 1967, 626–633).

    Parameters
    ----------
    level : float
        In (0, 1).
    k : int
        Intervals, 1 or more.

    Raises
    ------
    ValueError
        If one is out of its range.
    """
    if k < 1:
        raise ValueError(f"{k} intervals: there must be at least one")
    return float((1 - 2 * tail_of(level)) ** (1 / k))
