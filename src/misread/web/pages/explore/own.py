"""A deployment of one's own, pasted: its lines, and what is wrong beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from misread.errors import Problem
from misread.report.words.lookup import clean, legible
from misread.web.pages.explore.asked import PASTED

AROUND = 2
"""Lines shown before and after one with a mistake."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of what was pasted, with what is wrong with it."""

    number: int
    text: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was pasted.

    Attributes
    ----------
    text : str
        All of it.
    shown : tuple of tuple of Line
        Stretches around the mistakes.
    elsewhere : tuple of Problem
        Mistakes that stand in no line.
    """

    text: str
    shown: tuple[tuple[Line, ...], ...] = ()
    elsewhere: tuple[Problem, ...] = ()


def legibly(problem: Problem) -> Problem:
    """A mistake whose words no screen stumbles over, whatever was written where it stands."""
    what, expected, mend, key = map(clean, (problem.what, problem.expected, problem.mend, problem.key))
    return replace(problem, what=what, expected=expected, mend=mend, key=key)


def marked(text: str, problems: Sequence[Problem]) -> Pasted:
    """What was pasted, with its mistakes.

    Parameters
    ----------
    text : str
        What was pasted.
    problems : sequence of Problem
        What is wrong with it.
    """
    problems = [legibly(p) for p in problems]
    lines = text.replace("\r\n", "\n").split("\n")
    here = [p for p in problems if p.line is not None and p.file == PASTED and 1 <= p.line <= len(lines)]
    wrong = {n: tuple(p for p in here if p.line == n) for n in sorted({p.line or 0 for p in here})}
    stretches: list[list[int]] = []
    for n in wrong:
        first, last = max(1, n - AROUND), min(len(lines), n + AROUND)
        if stretches and first <= stretches[-1][-1] + 1:
            stretches[-1].extend(range(stretches[-1][-1] + 1, last + 1))
        else:
            stretches.append(list(range(first, last + 1)))
    shown = tuple(tuple(Line(n, legible(lines[n - 1]), wrong.get(n, ())) for n in stretch) for stretch in stretches)
    return Pasted(text, shown, tuple(p for p in problems if p not in here))
