"""Pupils of a sampled school, look by look, replayed from keys."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache

import numpy as np

from misread.deployment.model import Decision, Deployment
from misread.engine.chain import Chain
from misread.engine.sampled.chances import chances_of
from misread.engine.sampled.kernels.layout import Scratch, Tape, outcome_of, scratch_of, tape_of
from misread.engine.sampled.kernels.year import live_a_year
from misread.engine.sampled.outcome import School
from misread.engine.sampled.pupils import Pupils, pupils_of
from misread.engine.sampled.replay.told import Facts, Flag, Look, Stretch, Teller
from misread.engine.sampled.simulate import NO_TAPE, cohort_of, given, marks, simulate
from misread.engine.sampled.tables import TOP, Ints, tables_of
from misread.profile import Profile

__all__ = ["Facts", "Flag", "Look", "Replay"]


class Replay:
    """Replays pupils of a sampled run: the very ones that `simulate` counts.

    Schools and pupils count from 1. Where flags hide faces, a pupil is lived through from the first day of school,
    because what it was flagged for hides its face later; where a rule ranks, its class is lived through with it.

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
        self._deployment, self._chain, self._seed = deployment, chain, seed
        self._tables = tables_of(chain, deployment)
        self._schools = lru_cache(maxsize=1)(self._simulated)
        self._pupils = lru_cache(maxsize=4)(self._drawn)
        self._teller = Teller(deployment, chain, profiles, self._tables, seed)
        self._earned: dict[tuple[int, int], tuple[tuple[str, int, bool], ...]] = {}

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

    def groups_of(self, school: int) -> Ints:
        """The place of each pupil's group in the deployment."""
        return self._found(school, 1).place[0]

    def school(self, school: int) -> School:
        """All that is counted of a school; the last one asked for is kept."""
        self._found(school, 1)
        return self._schools(school).result()

    def ahead(self, school: int) -> None:
        """Begin to simulate a school beside what else is done, because `decisions` or `school` will ask for it."""
        self._found(school, 1)
        self._schools(school)

    def years(self, school: int, pupil: int, first: int = 1, last: int | None = None) -> Iterator[Look]:
        """All looks at a pupil in the school years from `first` to `last`, in order; none at one left alone.

        Raises
        ------
        ValueError
            If there is no such school, pupil or year.
        """
        self._found(school, pupil)
        n = self._tables.flat.n
        last = n.years if last is None else last
        if not 1 <= first <= last <= n.years:
            raise ValueError(f"there are no school years {first} to {last}")
        for stretch in self._lived(school, [pupil], (first - 1) * n.days, last * n.days):
            yield from self._teller.told(stretch, 0)

    def days(
        self, school: int, pupils: Iterable[int], first: int, last: int | None = None
    ) -> dict[int, tuple[Look, ...]]:
        """Looks at some pupils on some school days: those that `years` has, without the rest of the year.

        Parameters
        ----------
        school : int
            Which school.
        pupils : iterable of int
            Which of its pupils.
        first, last : int
            School days, counted from 1 over all school years; without `last` only `first`.

        Returns
        -------
        dict of int to tuple of Look
            For each pupil its looks in order; none at one left alone.

        Raises
        ------
        ValueError
            If there is no such school, pupil or day.
        """
        found: dict[int, list[Look]] = {pupil: [] for pupil in pupils}
        for pupil in found:
            self._found(school, pupil)
        n, last = self._tables.flat.n, first if last is None else last
        if not 1 <= first <= last <= n.years * n.days:
            raise ValueError(f"there are no school days {first} to {last}")
        for stretch in self._lived(school, found, first - 1, last):
            for lane, pupil in enumerate(stretch.pupils):
                found[pupil].extend(self._teller.told(stretch, lane))
        return {pupil: tuple(looks) for pupil, looks in found.items()}

    def flag_days(self, school: int, pupils: Iterable[int]) -> dict[int, tuple[Ints, Ints]]:
        """Some pupils' flags on each school day. Those of one class take hardly longer than one of them.

        Returns
        -------
        dict of int to tuple of ndarray of int, each of shape (rules, years, days)
            For each pupil the wrong flags and the right ones; all 0 of one left alone.

        Raises
        ------
        ValueError
            If there is no such school or pupil.
        """
        n, rules = self._tables.flat.n, len(self._deployment.rules)
        found = {pupil: np.zeros((2, rules, n.years, n.days), np.int64) for pupil in pupils}
        for pupil in found:
            self._found(school, pupil)
        for stretch in self._lived(school, found, 0, n.years * n.days):
            for lane, pupil in enumerate(stretch.pupils):
                true, flag = stretch.tape.true[lane], stretch.tape.flag[lane]
                for of, fired in enumerate((flag & ~true, flag & true)):
                    for r in range(rules):
                        by_day = (fired >> np.uint64(r) & np.uint64(1)).reshape(n.days, -1)
                        found[pupil][of, r, stretch.year] = by_day.sum(axis=1, dtype=np.int64)
        return {pupil: (wrong, right) for pupil, (wrong, right) in found.items()}

    def marks(self, school: int, pupil: int) -> tuple[tuple[str, int, bool], ...]:
        """Marks the pupil earns before leaving: name, day over all school years from 1, whether unearned.

        They are known at once if all its years have been gone through before.
        """
        self._found(school, pupil)
        if (school, pupil) not in self._earned:
            n = self._tables.flat.n
            for _ in self._lived(school, [pupil], 0, n.years * n.days):
                pass
        return self._earned.get((school, pupil), ())

    def decisions(self, school: int, pupil: int) -> tuple[tuple[str, float, float], ...]:
        """Decisions on the pupil: name, chance of being chosen, and the same on the perfect reader's flags.

        The whole school is simulated for it, once: decisions rank its pupils. A pupil left alone whom a decision does
        not rank has no chance, 0.
        """
        self._found(school, pupil)
        if not self._deployment.decisions:
            return ()
        found = self.school(school)
        rank = self._deployment.population.opt_out_rank

        def chance(d: int, decision: Decision, who: int) -> float:
            return float(chances_of(found.at_decision[who, d], found.watched, decision, rank)[pupil - 1])

        decisions = enumerate(self._deployment.decisions)
        return tuple((decision.name, chance(d, decision, 0), chance(d, decision, 1)) for d, decision in decisions)

    def _simulated(self, school: int) -> Future[School]:
        beside = ThreadPoolExecutor(1)
        begun = beside.submit(simulate, self._tables, self._seed, school - 1, threads=os.cpu_count() or 1)
        beside.shutdown(wait=False)
        return begun

    def _drawn(self, school: int) -> Pupils:
        return pupils_of(self._tables, self._seed, school - 1)

    def _found(self, school: int, pupil: int) -> Pupils:
        population = self._deployment.population
        if not (1 <= school <= population.schools and 1 <= pupil <= population.pupils_per_school):
            raise ValueError(f"there is no pupil {pupil} of school {school}")
        return self._pupils(school)

    def _lived(self, school: int, pupils: Iterable[int], first: int, last: int) -> Iterator[Stretch]:
        """Days from `first` to before `last`, over all years and from 0, of those pupils whom the cameras watch."""
        drawn, flat = self._found(school, 1), self._tables.flat
        seen = [pupil for pupil in pupils if drawn.watched[pupil - 1]]
        if not seen:
            return
        lanes = self._beside(drawn, np.array(seen) - 1)
        cohort = cohort_of(self._tables, drawn, lanes, self._seed, school - 1)
        scratch, out = scratch_of(flat, len(lanes), len(cohort.klass)), outcome_of(flat, len(lanes))
        own = np.searchsorted(lanes, np.array(seen) - 1)
        klass = np.searchsorted(cohort.first, own, side="right") - 1
        days, hides = flat.n.days, len(self._tables.masking) > 1
        for year in range(-(-last // days)):
            begin, end = max(first - year * days, 0), min(last - year * days, days)
            if begin and hides:
                live_a_year(flat, cohort, scratch, out, NO_TAPE, year, 0, min(begin, days))
            if begin < days:
                before = np.array([given(scratch, int(lane)) for lane in own])
                tape = tape_of((end - begin) * flat.n.lessons, flat.n.looks, own, klass)
                live_a_year(flat, cohort, scratch, out, tape, year, begin, end)
                hidden = self._levels(tape, before, end - begin)
                yield Stretch(school, seen, year, begin, cohort.stratum[year, own], tape, hidden)
        if first == 0 and last == flat.n.years * days:
            for lane, pupil in zip(own, seen, strict=True):
                self._earned[school, pupil] = self._marks(scratch, len(lanes), int(lane))

    def _beside(self, pupils: Pupils, who: Ints) -> Ints:
        """Whom to live through with some pupils, in order: where a rule ranks, all of their classes."""
        if not (self._tables.flat.rules["form"] == TOP).any():
            return np.unique(who).astype(np.int64)
        return np.flatnonzero(pupils.watched & np.isin(pupils.klass, pupils.klass[who])).astype(np.int64)

    def _marks(self, scratch: Scratch, lanes: int, lane: int) -> tuple[tuple[str, int, bool], ...]:
        days, unearned = (rows[0, :, lane] for rows in marks(scratch, lanes))
        names = [mark.name for mark in self._deployment.file.marks]
        return tuple(
            (name, int(day) + 1, bool(wrong))
            for name, day, wrong in zip(names, days, unearned, strict=True)
            if day >= 0
        )

    def _levels(self, tape: Tape, before: Ints, days: int) -> Ints:
        """Level of masking on each day: flags given before by rules that notify somebody."""
        rules = self._tables.flat.rules
        heard = sum(1 << r for r in range(len(rules)) if rules[r]["notifies"])
        new = np.bitwise_count(tape.flag & np.uint64(heard)).reshape(len(before), days, -1).sum(axis=2, dtype=np.int64)
        return np.asarray(np.minimum(before[:, None] + np.cumsum(new, axis=1) - new, len(self._tables.masking) - 1))
