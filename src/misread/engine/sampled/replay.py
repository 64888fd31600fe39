"""One pupil of a sampled school, look by look, replayed from keys."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import numpy as np

from misread.deployment.model import Decision, Deployment
from misread.engine.chain import Chain
from misread.engine.sampled.chances import chances_of
from misread.engine.sampled.kernels.layout import Outcome, Scratch, Tape, outcome_of, scratch_of, tape_of
from misread.engine.sampled.kernels.year import live_a_year
from misread.engine.sampled.keys import CERTAIN, EXPRESSION, key_of, stream
from misread.engine.sampled.outcome import School
from misread.engine.sampled.pupils import Pupils, pupils_of
from misread.engine.sampled.simulate import NO_TAPE, cohort_of, given, marks, simulate
from misread.engine.sampled.tables import TOP, Floats, Ints, tables_of
from misread.profile import Profile


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule that fired: whether what it claims was so, and who is told."""

    rule: str
    true: bool
    notify: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What happened at one look.

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


class Replay:
    """Replays pupils of a sampled run: the very ones that `simulate` counts.

    Schools and pupils count from 1. A pupil is replayed from the first day of school, because what it was flagged for
    may hide its face later; where a rule ranks, its class is replayed with it.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    chain : Chain
        Compiled from it.
    profiles : mapping of str to Profile
        Its profiles.
    seed : int
        The run's seed, 0 ≤ seed < 2⁶⁴.
    """

    def __init__(self, deployment: Deployment, chain: Chain, profiles: Mapping[str, Profile], seed: int) -> None:
        self._deployment, self._chain, self._profiles, self._seed = deployment, chain, profiles, seed
        self._tables = tables_of(chain, deployment)
        self._school = lru_cache(maxsize=1)(self._simulated)
        self._pupils = lru_cache(maxsize=4)(self._drawn)
        self._words = lru_cache(maxsize=None)(self._rows)

    def facts(self, school: int, pupil: int) -> Facts:
        """Who a pupil is.

        Raises
        ------
        ValueError
            If there is no such school or pupil.
        """
        pupils, i, chain = self._found(school, pupil), pupil - 1, self._chain
        levels = [int(place[i]) for place in pupils.place[1:]]
        mates = np.flatnonzero(pupils.klass == pupils.klass[i])
        return Facts(
            school=school,
            pupil=pupil,
            klass=int(pupils.klass[i]) + 1,
            group=chain.groups[pupils.place[0][i]],
            watched=bool(pupils.watched[i]),
            traits=tuple((t.name, u + 1, float(t.nodes[u])) for t, u in zip(chain.traits, levels, strict=True)),
            views=tuple(chain.views[v] for v in pupils.view[:, i]) if chain.views else (),
            classmates=tuple(int(mate) + 1 for mate in mates if mate != i),
        )

    def years(self, school: int, pupil: int, first: int = 1, last: int | None = None) -> Iterator[Look]:
        """All looks at a pupil in the school years from `first` to `last`, in order; none at one left alone.

        Raises
        ------
        ValueError
            If there is no such school, pupil or year.
        """
        pupils, i, size = self._found(school, pupil), pupil - 1, self._tables.flat.n
        last = size.years if last is None else last
        if not 1 <= first <= last <= size.years:
            raise ValueError(f"there are no school years {first} to {last}")
        if not pupils.watched[i]:
            return
        strata = pupils.kind[i] * self._tables.views + pupils.view[:, i]
        for year, tape, masking in self._live(school, i, first - 1, last):
            yield from self._told(school - 1, i, year, int(strata[year]), tape, masking)

    def marks(self, school: int, pupil: int) -> tuple[tuple[str, int, bool], ...]:
        """Marks the pupil earns before leaving: name, day over all school years from 1, whether unearned."""
        pupils, i, years = self._found(school, pupil), pupil - 1, self._tables.flat.n.years
        if not pupils.watched[i]:
            return ()
        lanes, scratch, out = self._begun(school, i)
        cohort = cohort_of(self._tables, pupils, lanes, self._seed, school - 1)
        for year in range(years):
            live_a_year(self._tables.flat, cohort, scratch, out, NO_TAPE, year)
        at = int(np.searchsorted(lanes, i))
        days, unearned = (rows[0, :, at] for rows in marks(scratch, len(lanes)))
        names = [mark.name for mark in self._deployment.file.marks]
        return tuple(
            (name, int(day) + 1, bool(wrong))
            for name, day, wrong in zip(names, days, unearned, strict=True)
            if day >= 0
        )

    def decisions(self, school: int, pupil: int) -> tuple[tuple[str, float, float], ...]:
        """Decisions on the pupil: name, chance of being chosen, and the same on the perfect reader's flags.

        The whole school is simulated for it, once: decisions rank its pupils. A pupil left alone whom a decision does
        not rank has no chance, 0.
        """
        self._found(school, pupil)
        if not self._deployment.decisions:
            return ()
        found = self._school(school)
        rank = self._deployment.population.opt_out_rank

        def chance(d: int, decision: Decision, who: int) -> float:
            return float(chances_of(found.at_decision[who, d], found.watched, decision, rank)[pupil - 1])

        decisions = enumerate(self._deployment.decisions)
        return tuple((decision.name, chance(d, decision, 0), chance(d, decision, 1)) for d, decision in decisions)

    def _simulated(self, school: int) -> School:
        return simulate(self._tables, self._seed, school - 1, threads=os.cpu_count() or 1)

    def _drawn(self, school: int) -> Pupils:
        return pupils_of(self._tables, self._seed, school - 1)

    def _found(self, school: int, pupil: int) -> Pupils:
        population = self._deployment.population
        if not (1 <= school <= population.schools and 1 <= pupil <= population.pupils_per_school):
            raise ValueError(f"there is no pupil {pupil} of school {school}")
        return self._pupils(school)

    def _begun(self, school: int, i: int) -> tuple[Ints, Scratch, Outcome]:
        """Whom to replay beside a pupil, and empty counts."""
        flat, pupils = self._tables.flat, self._pupils(school)
        ranks = bool((flat.rules["form"] == TOP).any())
        lanes = np.flatnonzero(pupils.watched & (pupils.klass == pupils.klass[i])) if ranks else np.array([i])
        return lanes.astype(np.int64), scratch_of(flat, len(lanes), 1), outcome_of(flat, len(lanes))

    def _live(self, school: int, i: int, first: int, last: int) -> Iterator[tuple[int, Tape, Ints]]:
        """Years with what was written down, and how far the face was hidden on each day."""
        flat, pupils = self._tables.flat, self._pupils(school)
        lanes, scratch, out = self._begun(school, i)
        cohort = cohort_of(self._tables, pupils, lanes, self._seed, school - 1)
        lane = int(np.searchsorted(lanes, i))
        for year in range(last):
            before = given(scratch, lane)
            tape = tape_of(flat.n.days * flat.n.lessons, flat.n.looks, lane) if year >= first else NO_TAPE
            live_a_year(flat, cohort, scratch, out, tape, year)
            if year >= first:
                yield year, tape, self._levels(tape, before)

    def _levels(self, tape: Tape, before: int) -> Ints:
        """Level of masking on each day of a year: flags given before by rules that notify somebody."""
        n, rules = self._tables.flat.n, self._tables.flat.rules
        heard = sum(1 << r for r in range(len(rules)) if rules[r]["notifies"])
        new = np.bitwise_count(tape.flag & np.uint64(heard)).reshape(n.days, -1).sum(axis=1, dtype=np.int64)
        return np.asarray(np.minimum(before + np.cumsum(new) - new, len(self._tables.masking) - 1))

    def _told(self, school: int, i: int, year: int, stratum: int, tape: Tape, levels: Ints) -> Iterator[Look]:
        """A year's looks in words."""
        n, chain, calendar = self._tables.flat.n, self._chain, self._deployment.calendar
        interval = Fraction(str(self._deployment.camera.observe_every_seconds)) / 60
        begins = Fraction(str(calendar.lesson_minutes)) + Fraction(str(calendar.break_minutes))
        minutes = [[float(m * begins + look * interval) for look in range(n.looks)] for m in range(n.lessons)]
        # Plain numbers: a hundred thousand looks are gone through one by one.
        cells, labels = tape.cell.tolist(), self._tables.severity[tape.label].tolist()
        fired, rightly, kinds = tape.flag.tolist(), tape.true.tolist(), tape.situation.tolist()
        epoch = int(chain.epoch[year])
        for day in range(n.days):
            key = (school, i, year * n.days + day, EXPRESSION)
            words, level = stream(n.lessons * n.looks, *key_of(self._seed), *key).tolist(), int(levels[day])
            for lesson in range(n.lessons):
                at = day * n.lessons + lesson
                k = kinds[at]
                for look in range(n.looks):
                    j = at * n.looks + look
                    cell, label = cells[j], labels[j]
                    limits = self._words(epoch, stratum, k, cell, label, level)
                    face = bisect_right(limits, words[lesson * n.looks + look])
                    yield Look(
                        year=year + 1,
                        day=day + 1,
                        lesson=lesson + 1,
                        look=look + 1,
                        minute=minutes[lesson][look],
                        situation=chain.situations[k] if chain.situations else "",
                        state=chain.states[chain.state[cell]],
                        expression=chain.expressions[face],
                        label=chain.labels[label],
                        hits=self._hits[label],
                        flags=self._flags(fired[j], rightly[j]),
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
