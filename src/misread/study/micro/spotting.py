"""What a published score of finding short movements leaves of them: hits, misses and false ones.

An F1 score joins precision and recall, F1 = 2·p·r/(p + r), and tells neither. What it does fix is derived here;
what it leaves open is shown along the curve of equal F1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from misread.errors import MisreadError, Problem
from misread.evidence import Entry, Quantity, catalogue, number

EXPRESSIONS_PER_HOUR = 60.0
"""Assumption: one expression a minute, where the deployment does not say how long they last."""


@dataclass(frozen=True, slots=True)
class Score:
    """A published F1 score of spotting.

    Attributes
    ----------
    id : str
        Entry of the evidence catalogue.
    name : str
        Which films, and what else the source says of it.
    f1 : float
        The score, above 0 and at most 1.
    status : str
        How sure the catalogue is of it.
    bound : bool
        Whether it is only known to be lower than that.
    """

    id: str
    name: str
    f1: float
    status: str
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """How many short movements a face makes.

    Attributes
    ----------
    per_hour : float
        Movements per pupil-hour.
    evidence : tuple of str
        Entries it is computed from.
    assumption : str
        What has to be assumed for it to hold in a classroom; empty where the user gave it.
    words : str
        How it comes about.
    """

    per_hour: float
    evidence: tuple[str, ...]
    assumption: str
    words: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One point on a curve of equal F1, at a rate of movements.

    Attributes
    ----------
    recall, precision : float
        Share of the movements that are found; share of what is reported that is one.
    hits, false, missed : float
        Per pupil-hour.
    """

    recall: float
    precision: float
    hits: float
    false: float
    missed: float


@dataclass(frozen=True, slots=True)
class Spotted:
    """A score at a rate: at precision = recall, and both ends of its curve."""

    score: Score
    rate: Rate
    even: Outcome
    surest: Outcome
    keenest: Outcome


def least(f1: float) -> float:
    """The least recall (and the least precision) that an F1 score leaves possible, F1/(2 − F1).

    Parameters
    ----------
    f1 : float
        Above 0, at most 1.

    Raises
    ------
    ValueError
        If it is not.
    """
    _score(f1)
    return f1 / (2 - f1)


def errors_per_hit(f1: float) -> float:
    """Misses and false ones together, for each hit: 2·(1 − F1)/F1, whatever precision and recall are.

    From F1 = 2·TP/(2·TP + FP + FN): it is the one thing that F1 fixes.
    """
    _score(f1)
    return 2 * (1 - f1) / f1


def outcome(f1: float, recall: float, per_hour: float) -> Outcome:
    """Hits, false ones and misses per pupil-hour at a recall on the curve of equal F1.

    Parameters
    ----------
    f1 : float
        Above 0, at most 1.
    recall : float
        From F1/(2 − F1) to 1; precision is then F1·r/(2·r − F1).
    per_hour : float
        Movements per pupil-hour, 0 or more.

    Raises
    ------
    ValueError
        If a number lies outside its range.
    """
    low = least(f1)
    if not low * (1 - 1e-12) <= recall <= 1:
        raise ValueError(f"a recall from {low:.6g} to 1, for an F1 of {f1:.6g}")
    if not 0 <= per_hour < math.inf:
        raise ValueError("a rate of 0 or more")
    precision = min(1.0, f1 * recall / (2 * recall - f1))
    # Hits × (1 − p)/p, as a sum without a difference of near numbers where p is close to 1.
    false = per_hour * max(0.0, (recall * (2 - f1) - f1) / f1)
    return Outcome(recall, precision, recall * per_hour, false, (1 - recall) * per_hour)


def spotted(score: Score, rate: Rate) -> Spotted:
    """A score at a rate: where precision equals recall, where nothing is false, where nothing is missed."""
    at = (score.f1, least(score.f1), 1.0)
    even, surest, keenest = (outcome(score.f1, recall, rate.per_hour) for recall in at)
    return Spotted(score, rate, even, surest, keenest)


def _score(f1: float) -> None:
    if not 0 < f1 <= 1:
        raise ValueError("an F1 score above 0 and at most 1")


SCORES = {
    "D03": ("", ""),
    "D04": ("micro, ", ""),
    "D13": ("F1, ", ", not said whether longer movements count in"),
    "D05": ("", "best entries of 2021 and 2022"),
}
"""Entries with scores of spotting → how the names of those that count begin, and what is said after them."""


def scores(entries: Mapping[str, Entry] | None = None) -> tuple[Score, ...]:
    """The published scores of spotting, the lowest first.

    Parameters
    ----------
    entries : mapping, optional
        A catalogue; without it the one that comes with misread.
    """
    known = catalogue() if entries is None else entries
    found = []
    for id, (start, words) in SCORES.items():
        entry = known[id]
        assert isinstance(entry, Quantity)
        for figure in entry.figures:
            if not figure.name.startswith(start):
                continue
            status = figure.status or entry.status
            if isinstance(figure.value, str):
                said = re.search(r"below ([0-9.]+)", figure.value)
                assert said is not None
                found.append(Score(id, figure.name or words, float(said[1]), status, bound=True))
            else:
                found.append(Score(id, figure.name.removeprefix(start) + words, float(figure.value), status))
    return tuple(sorted(found, key=lambda s: s.f1))


def rates(expressions_per_hour: float | None = None, entries: Mapping[str, Entry] | None = None) -> tuple[Rate, ...]:
    """How many short movements an hour, by what is published of adults; nobody has counted children in class.

    Parameters
    ----------
    expressions_per_hour : float, optional
        Expressions per pupil-hour, by the deployment; without it `EXPRESSIONS_PER_HOUR`, an assumption.
    entries : mapping, optional
        A catalogue; without it the one that comes with misread.
    """
    known = catalogue() if entries is None else entries
    films, length = (number(known, "D06", name) for name in ("SAMM, videos", "SAMM, length"))
    events = number(known, "D13", "micro-expressions")
    share = known["D09"]
    assert isinstance(share, Quantity)
    (of,) = (f for f in share.figures if f.hits is not None)
    assert of.hits is not None
    assert of.n is not None
    each = EXPRESSIONS_PER_HOUR if expressions_per_hour is None else expressions_per_hour
    where = "as the deployment's `face.hold_minutes` has it" if expressions_per_hour is not None else "one a minute"
    lying = "that a child in class shows as many as an adult who lies"
    return (
        Rate(
            each * of.hits / of.n,
            ("D09",),
            lying
            if expressions_per_hour is not None
            else f"{lying} and that a face shows {each:g} expressions an hour",
            f"{of.hits} of {of.n} expressions in a lying task, at {each:,.6g} expressions an hour, {where}",
        ),
        Rate(
            events / (films * length / 3600),
            ("D06", "D13"),
            "that a child in class shows as many as an adult filmed for such a set",
            f"{events:g} in {films:g} laboratory films of {length:g} s",
        ),
    )


def given_rate(per_hour: float) -> Rate:
    """A rate that the user states.

    Raises
    ------
    MisreadError
        If it is no rate.
    """
    if not 0 < per_hour < math.inf:
        raise MisreadError(
            Problem(
                f"{per_hour:g} is no rate of movements.",
                expected="a number above 0: movements per pupil-hour.",
                mend="give such a number, or leave the option out.",
                key="--events-per-hour",
            )
        )
    return Rate(per_hour, (), "", "as given with --events-per-hour")
