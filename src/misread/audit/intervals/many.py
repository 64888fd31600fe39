"""Levels for several intervals that shall hold together."""

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
    return float((1 - 2 * tail_of(level)) ** (1 / _number(k)))


def bonferroni(level: float, k: int) -> float:
    """The same for intervals that depend on each other in any way, as the cells of a row do: ``1 − (1 − level) / k``.

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
    return 1 - 2 * tail_of(level) / _number(k)


def _number(k: int) -> int:
    if k < 1:
        raise ValueError(f"{k} intervals: there must be at least one")
    return k
