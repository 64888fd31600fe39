"""One made-up child, day by day: how many flags were wrong, how many right, and when it was marked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from misread.deployment import Deployment, resolve_profiles
from misread.engine.chain import compile_chain
from misread.engine.sampled.replay import Facts, Replay
from misread.language import gettext as _
from misread.report.words import half_up, listing
from misread.web.pages.map.asked import Asked
from misread.web.shipped import shipped_one

FIRST_AGE = 6
"""The press report: from about age six."""


@lru_cache(maxsize=4)
def watched(name: str, seed: int) -> Replay:
    """All children under a shipped deployment, ready to be replayed."""
    deployment = shipped_one(name)
    profiles = resolve_profiles(deployment)
    return Replay(deployment, compile_chain(deployment, profiles), profiles, seed)


@dataclass(frozen=True, slots=True)
class Mark:
    """A word that the file gives the child: which, when (year and day from 0), and whether it was earned."""

    name: str
    year: int
    day: int
    unearned: bool


@dataclass(frozen=True, slots=True)
class Year:
    """One school year: its name, flags wrong and right, the words given in it, and how the child's seat is seen.

    `seat` is empty where all seats are seen alike.
    """

    age: str
    wrong: int
    right: int
    marks: tuple[Mark, ...]
    seat: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """How a camera sees a seat: its name, of 100 looks those that find no face, and at which ages the child sat so.

    `ages` is empty for the seat of most years.
    """

    name: str
    lost: int
    ages: str


@dataclass(frozen=True, eq=False)
class Child:
    """What the file says of a child under one rule, and what was true.

    Attributes
    ----------
    facts : Facts
        Who it is.
    wrong, right : ndarray, shape (years, days)
        Flags of each school day.
    marks : tuple of Mark
        Words earned by flags of the rule.
    seats : tuple of Seat
        How its seats were seen, that of most years first; empty where there was only one way.
    held, held_all : int
        Flags that the file still holds in the end: of the rule, and of all rules.
    """

    facts: Facts
    wrong: NDArray[np.int64]
    right: NDArray[np.int64]
    marks: tuple[Mark, ...]
    seats: tuple[Seat, ...]
    held: int
    held_all: int

    @property
    def watched(self) -> bool:
        """Whether the cameras look at the child."""
        return self.facts.watched

    @property
    def wrong_flags(self) -> int:
        """Wrong flags of all years."""
        return int(self.wrong.sum())

    @property
    def right_flags(self) -> int:
        """Right flags of all years."""
        return int(self.right.sum())

    @property
    def flags(self) -> int:
        """Flags of all years."""
        return self.wrong_flags + self.right_flags

    @property
    def flag_days(self) -> int:
        """School days with a flag."""
        return int(((self.wrong + self.right) > 0).sum())

    @property
    def years(self) -> tuple[Year, ...]:
        """The school years, one after the other."""
        many = len(self.wrong)
        return tuple(
            Year(
                age=age_of(y, many),
                wrong=int(self.wrong[y].sum()),
                right=int(self.right[y].sum()),
                marks=self.marks_in(y),
                seat=self.facts.views[y] if self.facts.views else "",
            )
            for y in range(many)
        )

    def marks_in(self, year: int) -> tuple[Mark, ...]:
        """Words given in a year, counted from 0."""
        return tuple(mark for mark in self.marks if mark.year == year)


def age_of(year: int, years: int) -> str:
    """What a school year, counted from 0, is called: where there is only one, how old the child is is not said."""
    return _("age %(n)s", n=FIRST_AGE + year) if years > 1 else _("the year")


def child_of(lived: Replay, asked: Asked) -> Child:
    """Replay the child that was asked for."""
    deployment = asked.deployment
    all_wrong, all_right = lived.flag_days(asked.school, (asked.pupil,))[asked.pupil]
    wrong, right = all_wrong[asked.rule_index], all_right[asked.rule_index]
    days, of = wrong.shape[1], {m.name: m.rule for m in deployment.file.marks}
    marks = lived.marks(asked.school, asked.pupil) if asked.rule in of.values() else ()
    keep = deployment.file.keep_days
    facts = lived.facts(asked.school, asked.pupil)
    return Child(
        facts=facts,
        seats=_seats(facts.views, deployment),
        wrong=wrong,
        right=right,
        marks=tuple(
            Mark(name, (day - 1) // days, (day - 1) % days, unearned)
            for name, day, unearned in marks
            if of[name] == asked.rule
        ),
        held=_held((wrong + right).ravel(), keep),
        held_all=_held((all_wrong + all_right).sum(axis=0).ravel(), keep),
    )


def _seats(views: tuple[str, ...], deployment: Deployment) -> tuple[Seat, ...]:
    most = [view for view, _n in Counter(views).most_common()]
    lost = {view.name: half_up(100 * view.lost) for view in deployment.camera.views}
    ages = {view: [age_of(y, len(views)) for y, here in enumerate(views) if here == view] for view in most[1:]}
    found = tuple(Seat(view, lost[view], listing(ages.get(view, []), "and")) for view in most)
    return found if len(found) > 1 else ()


def _held(by_day: NDArray[np.int64], keep: int | str) -> int:
    """Flags that are still kept after the last school day."""
    return int(by_day[-int(keep) :].sum() if keep not in (0, "forever") else by_day.sum() if keep else 0)
