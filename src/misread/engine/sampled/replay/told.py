"""What was written down of a pupil's looks, put into words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import cycle, repeat
from typing import NamedTuple

import numpy as np

from misread.deployment.model import Deployment
from misread.engine.chain import Chain
from misread.engine.sampled.kernels.layout import Tape
from misread.engine.sampled.keys import CERTAIN, EXPRESSION, key_of, stream
from misread.engine.sampled.tables import Floats, Ints, Tables
from misread.profile import Profile

AT_ONCE = 10_000
"""Looks that are put into words at once, if a day has no more."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule that fired: whether what it claims was so, and who is told."""

    rule: str
    true: bool
    notify: tuple[str, ...]


class Look(NamedTuple):
    """What happened at one look; a named tuple, since there are 100,000 of them.

    `year`, `day` (within the year), `lesson` and `look` count from 1, `minute` from the first lesson's start.
    `situation` is empty where the deployment has none. `hits` are the rules that count the label, `flags` those
    raised at this look (share and top rules: at the lesson's last look).
    """

    year: int
    day: int
    lesson: int
    look: int
    minute: float
    situation: str
    state: str
    expression: str
    label: str
    hits: tuple[str, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Who a pupil is: school, pupil and class counted from 1.

    `traits` holds name, level from 1 and node u; `views` one view a school year, empty where all seats are seen
    alike; `classmates` the others of the class.
    """

    school: int
    pupil: int
    klass: int
    group: str
    watched: bool
    traits: tuple[tuple[str, int, float], ...]
    views: tuple[str, ...]
    classmates: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Stretch:
    """Some days of a school year as some pupils lived them: what was written down, and how far each face was hidden.

    `school` and `pupils` count from 1, `year` and `first`, the first day within the year, from 0. `strata` and `hidden`
    go by [pupil] and [pupil][day].
    """

    school: int
    pupils: Sequence[int]
    year: int
    first: int
    strata: Ints
    tape: Tape
    hidden: Ints


class Teller:
    """Puts looks into words; an expression, which no camera writes down, is drawn given what is.

    Parameters
    ----------
    deployment, chain, profiles, seed
        As in `misread.engine.sampled.replay.Replay`.
    tables : Tables
        Of the chain.
    """

    def __init__(
        self, deployment: Deployment, chain: Chain, profiles: Mapping[str, Profile], tables: Tables, seed: int
    ) -> None:
        self._deployment, self._chain, self._profiles = deployment, chain, profiles
        self._tables, self._seed = tables, seed
        self._limits = lru_cache(maxsize=None)(self._rows)
        self._raised = lru_cache(maxsize=None)(self._flags)

    def told(self, stretch: Stretch, lane: int) -> Iterator[Look]:
        """A stretch of the looks at one of its pupils, in order."""
        n, days = self._tables.flat.n, stretch.hidden.shape[1]
        at_once = max(1, AT_ONCE // (n.lessons * n.looks))
        for day in range(0, days, at_once):
            yield from self._some(stretch, lane, day, min(day + at_once, days))

    def _some(self, stretch: Stretch, lane: int, first: int, last: int) -> Iterator[Look]:
        n, chain, tape = self._tables.flat.n, self._chain, stretch.tape
        a_day = n.lessons * n.looks
        here = slice(first * a_day, last * a_day)
        kind = tape.situation[lane, first * n.lessons : last * n.lessons].repeat(n.looks).astype(np.int64)
        cell, label = tape.cell[lane, here].astype(np.int64), self._tables.severity[tape.label[lane, here]]
        faces = self._faces(stretch, lane, (first, last), (kind, cell, label))
        flags: list[tuple[Flag, ...]] = [()] * len(cell)
        for at in np.flatnonzero(tape.flag[lane, here]).tolist():
            flags[at] = self._raised(int(tape.flag[lane, here][at]), int(tape.true[lane, here][at]))
        situations, states = chain.situations or ("",), [chain.states[z] for z in chain.state]
        days = np.arange(stretch.first + first + 1, stretch.first + last + 1).repeat(a_day)
        labels, (lessons, looks, minutes) = label.tolist(), self._times
        return map(
            Look,
            repeat(stretch.year + 1),
            days.tolist(),
            cycle(lessons),
            cycle(looks),
            cycle(minutes),
            map(situations.__getitem__, kind.tolist()),
            map(states.__getitem__, cell.tolist()),
            map(chain.expressions.__getitem__, faces.tolist()),
            map(chain.labels.__getitem__, labels),
            map(self._hits.__getitem__, labels),
            flags,
        )

    def _faces(self, stretch: Stretch, lane: int, days: tuple[int, int], read: tuple[Ints, Ints, Ints]) -> Ints:
        """What a face showed at each look of some days, given the kind of lesson, the cell and the label."""
        n, epoch, stratum = self._tables.flat.n, int(self._chain.epoch[stretch.year]), int(stretch.strata[lane])
        who, from_start = (stretch.school - 1, stretch.pupils[lane] - 1), stretch.year * n.days + stretch.first
        a_day = n.lessons * n.looks
        words = np.concatenate(
            [stream(a_day, *key_of(self._seed), *who, from_start + day, EXPRESSION) for day in range(*days)]
        )
        sizes = (n.situations, n.cells, n.labels, len(self._tables.masking))
        level = stretch.hidden[lane, days[0] : days[1]].repeat(a_day)
        cases, which = np.unique(np.ravel_multi_index((*read, level), sizes), return_inverse=True)
        rows = [
            self._limits(epoch, stratum, *map(int, case)) for case in zip(*np.unravel_index(cases, sizes), strict=True)
        ]
        found = np.zeros(len(words), np.int64)
        for limits in np.array(rows, np.int64).reshape(len(cases), -1).T:
            found += limits[which] <= words
        return found

    @cached_property
    def _times(self) -> tuple[list[int], list[int], list[float]]:
        """Lesson, look and minute of each look of a day."""
        n, calendar = self._tables.flat.n, self._deployment.calendar
        interval = Fraction(str(self._deployment.camera.observe_every_seconds)) / 60
        begins = Fraction(str(calendar.lesson_minutes)) + Fraction(str(calendar.break_minutes))
        times = [(m, look) for m in range(n.lessons) for look in range(n.looks)]
        return (
            [m + 1 for m, _ in times],
            [look + 1 for _, look in times],
            [float(m * begins + look * interval) for m, look in times],
        )

    @cached_property
    def _hits(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(r.name for r in self._deployment.rules if y in r.labels) for y in self._chain.labels)

    def _flags(self, fired: int, true: int) -> tuple[Flag, ...]:
        if not fired:
            return ()
        rules: Sequence[tuple[int, Flag]] = [
            (r, Flag(rule.name, bool(true >> r & 1), rule.notify)) for r, rule in enumerate(self._deployment.rules)
        ]
        return tuple(flag for r, flag in rules if fired >> r & 1)

    def _rows(self, epoch: int, stratum: int, situation: int, cell: int, label: int, level: int) -> list[int]:
        """Thresholds of the expression, given the cell and the label it was read as (Bayes' rule)."""
        chain = self._chain
        shown = chain.shown[0, epoch, stratum, situation, cell]
        masking = float(chain.masking[level])
        if masking:
            shown = (1 - masking) * shown
            shown[chain.behind] += masking
        name = chain.profile[epoch][stratum]
        rows = chain.seen(self._profiles[name].p, stratum)
        places = chain.row_of[name]
        read = np.array([rows[at, label] if at >= 0 else 0.0 for at in places])
        return _limits(shown * read)


def _limits(weights: Floats) -> list[int]:
    cumulated = np.cumsum(weights)
    return [int(limit) for limit in np.rint(cumulated[:-1] / cumulated[-1] * CERTAIN)]
