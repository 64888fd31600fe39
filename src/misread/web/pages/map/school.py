"""The child's school: every tenth file of it, and who had bad luck."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from misread.engine.sampled.outcome import DEPLOYED, Counts, School
from misread.report.drawn.charts import ticks
from misread.report.words import half_up, tally
from misread.web.pages.map.asked import Asked
from misread.web.pages.map.child import Child, watched

WIDE, NARROW = 100, 27
"""Files that are drawn of a school, on wide pages and on narrow ones."""
BASE, LONGEST, STEP = 118, 104, 8
"""Where the line of the drawing lies, how long its longest stroke is, and from one file to the next."""


@lru_cache(maxsize=4)
def counted(name: str, seed: int, school: int) -> School:
    """All years of one school, counted from 1."""
    return watched(name, seed).school(school)


def unluckiest(school: School, rule: int, among: int, *, lucky: bool = False) -> int:
    """Of the first pupils of a school the one with the most wrong flags, or the fewest; counted from 1.

    Those whom the cameras leave alone are left out; of several alike it is the first.
    """
    wrong = school.false[DEPLOYED, rule].sum(axis=0)[:among].astype(float)
    if not school.watched[:among].any():
        return 1
    wrong[~school.watched[:among]] = np.inf if lucky else -np.inf
    return int(wrong.argmin() if lucky else wrong.argmax()) + 1


@dataclass(frozen=True, slots=True)
class Files:
    """Some files of a school, evenly chosen, from the fewest flags to the most.

    Attributes
    ----------
    every : int
        One of how many is drawn.
    width : float
        Of the drawing.
    wrong, right : str
        Paths of the strokes, up and down.
    at : float
        Where the child's own file stands among them.
    scale : tuple of (float, str)
        How far from the line some round numbers of flags are.
    """

    every: int
    width: int
    wrong: str
    right: str
    at: float
    scale: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The children of a group: how many, and flags and wrong flags of the one in the middle."""

    name: str
    pupils: int
    flags: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Word:
    """A mark: how many of 100 bear it in the end, and for how many at least half of its flags were wrong; in words."""

    name: str
    bear: str
    unearned: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A school in the end.

    Attributes
    ----------
    pupils, watched : int
        All, and those whom the cameras look at.
    drawn : (Files, Files)
        Files for wide pages and for narrow ones.
    middle : int
        Flags in the file in the middle.
    wrong : int
        Wrong flags in 100.
    fewer : str
        Of 100 files, those with fewer flags than the child's, in words.
    groups, words : tuple
        By group, and the marks.
    """

    pupils: int
    watched: int
    drawn: tuple[Files, Files]
    middle: int
    wrong: int
    fewer: str
    groups: tuple[Group, ...]
    words: tuple[Word, ...]


def school_of(school: School, asked: Asked, child: Child) -> Whole:
    """Tell about a school."""
    rule, deployment = asked.rule_index, asked.deployment
    flags = school.flags[DEPLOYED, rule].sum(axis=0)[school.watched]
    false = school.false[DEPLOYED, rule].sum(axis=0)[school.watched]
    fewer = float((flags < child.flags).mean()) if len(flags) else 0.0
    group = watched(asked.name, asked.seed).groups_of(asked.school)[school.watched]
    return Whole(
        pupils=len(school.watched),
        watched=int(school.watched.sum()),
        drawn=(_files(flags, false, fewer, WIDE), _files(flags, false, fewer, NARROW)),
        middle=int(np.median(flags)) if len(flags) else 0,
        wrong=half_up(100 * float(false.sum()) / max(1, int(flags.sum()))),
        fewer=tally(fewer, 100),
        groups=tuple(
            Group(g.name, int(here.sum()), int(np.median(flags[here])), int(np.median(false[here])))
            for k, g in enumerate(deployment.population.groups)
            if (here := group == k).any()
        ),
        words=tuple(
            Word(mark.name, *_hundred(school, m))
            for m, mark in enumerate(deployment.file.marks)
            if mark.rule == asked.rule
        ),
    )


def _files(flags: Counts, false: Counts, fewer: float, strokes: int) -> Files:
    order = np.lexsort((false, flags))
    every = max(1, -(-len(order) // strokes))
    drawn = order[every // 2 :: every]
    longest = int(np.maximum(false, flags - false)[drawn].max(initial=1)) or 1
    up = LONGEST * false[drawn] / longest
    down = LONGEST * (flags - false)[drawn] / longest
    places = [
        (round((i + 0.5) * STEP, 1), round(float(u), 1), round(float(d), 1))
        for i, (u, d) in enumerate(zip(up, down, strict=True))
    ]
    width = STEP * max(len(places), 1)
    return Files(
        every=every,
        width=width,
        wrong="".join(f"M{x} {BASE - 1}v-{u}m-2.4 3.6l2.4-3.6 2.4 3.6" for x, u, _ in places if u),
        right="".join(f"M{x} {BASE + 1}v{d}" for x, _, d in places if d),
        at=round(width * min(0.995, max(0.005, fewer)), 1),
        scale=tuple((round(LONGEST * t / longest, 1), f"{t:,.9g}") for t in ticks(0.0, longest, 2) if 0 < t <= longest),
    )


def _hundred(school: School, mark: int) -> tuple[str, str]:
    here = school.watched
    bear = school.mark_day[DEPLOYED, mark][here] >= 0
    unearned = bear & school.unearned[DEPLOYED, mark][here]
    return tally(float(bear.mean()), 100), tally(float(unearned.mean()), 100)
