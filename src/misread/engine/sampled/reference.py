"""The sampled engine read aloud: one pupil, one look, one rule at a time, in plain Python.

Slow, and plain on purpose: rules are read from their definition, with windows that slide. It draws the same numbers
by the same keys as the kernels, and every count has to be theirs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from misread.deployment.model import Deployment, Mark, Rule
from misread.deployment.model.flags import KOfLast, ShareOver, TopOfClass, parse_flag
from misread.engine.sampled.keys import (
    HIDE,
    LABEL,
    PATH,
    SECOND,
    SECOND_HIDE,
    SECOND_TIE,
    SITUATION,
    TIE,
    Words,
    key,
    key_of,
    stream,
)
from misread.engine.sampled.outcome import School
from misread.engine.sampled.pupils import pupils_of
from misread.engine.sampled.simulate import empty
from misread.engine.sampled.tables import Tables


@dataclass
class _Lesson:
    """What one pupil's lesson was: the path, and the labels of a first and a second reading."""

    situation: int
    cells: list[int]
    labels: list[int]
    again: list[int]


@dataclass
class _File:
    """The flags of one pupil by one rule, as one reader gave them: (day, true, look's state) in order."""

    flags: list[tuple[int, bool]] = field(default_factory=list)


def simulate(tables: Tables, deployment: Deployment, seed: int, school: int) -> School:
    """As `misread.engine.sampled.simulate.simulate`, which has to give the same counts."""
    pupils = pupils_of(tables, seed, school)
    total = empty(tables, pupils, school)
    for klass in range(int(pupils.klass.max()) + 1):
        members = [int(i) for i in np.flatnonzero((pupils.klass == klass) & pupils.watched)]
        strata = {i: pupils.kind[i] * tables.views + pupils.view[:, i] for i in members}
        _Class(tables, deployment, seed, total, klass, members, strata).live()
    return total


class _Class:
    """The watched pupils of one class."""

    def __init__(
        self,
        tables: Tables,
        deployment: Deployment,
        seed: int,
        total: School,
        klass: int,
        members: Sequence[int],
        strata: dict[int, np.ndarray[tuple[int], np.dtype[np.int64]]],
    ) -> None:
        self.tables, self.flat, self.deployment, self.total = tables, tables.flat, deployment, total
        self.key, self.klass, self.members, self.strata = key_of(seed), klass, members, strata
        self.files = {(who, r, i): _File() for who in range(2) for r in range(len(deployment.rules)) for i in members}

    def live(self) -> None:
        flat = self.flat
        for day in range(flat.n.years * flat.n.days):
            year = day // flat.n.days
            hidden = {i: self.hidden(i) for i in self.members}
            situations = self.words(self.klass, day, SITUATION, flat.n.lessons)
            lessons = {i: list(self.day(i, day, hidden[i][0], situations)) for i in self.members}
            for n in range(flat.n.lessons):
                held = {i: lessons[i][n] for i in self.members}
                for i, lesson in held.items():
                    self.count(i, year, day, lesson)
                for r, rule in enumerate(self.deployment.rules):
                    self.judge(r, rule, year, day, day * flat.n.lessons + n, held)
            for i in self.members:
                self.total.masking[i] = hidden[i][1]
        for i in self.members:
            self.close(i)

    def words(self, who: int, day: int, purpose: int, count: int) -> Words:
        return stream(count, *self.key, self.total.school, who, day, purpose)

    def hidden(self, i: int) -> tuple[int, float]:
        rules = self.deployment.rules
        given = sum(len(self.files[0, r, i].flags) for r in range(len(rules)) if rules[r].notify)
        level = min(given, len(self.flat.masking) - 1)
        return int(self.flat.masking[level]), float(self.tables.masking[level])

    def day(self, i: int, day: int, hidden: int, situations: Words) -> Iterator[_Lesson]:
        flat, year = self.flat, day // self.flat.n.days
        looks = flat.n.lessons * flat.n.looks
        path = iter(self.words(i, day, PATH, flat.n.lessons * flat.n.moves + 1))
        first, again = (
            zip(self.words(i, day, purpose, looks), self.words(i, day, veil, looks), strict=True)
            for purpose, veil in ((LABEL, HIDE), (SECOND, SECOND_HIDE))
        )
        at = int(flat.epoch[year]) * flat.n.strata + int(self.strata[i][year])
        cell = _drawn(flat.start, at, flat.n.cell_bits, next(path))
        for n in range(flat.n.lessons):
            k = int(np.searchsorted(flat.situation, situations[n], side="right"))
            lesson = _Lesson(k, [], [], [])
            for move in range(flat.n.moves):
                seat = at * flat.n.situations + k
                row, look = int(flat.path_row[seat]) + cell, int(flat.label_row[seat]) + cell
                if move % flat.n.stride == 0:
                    lesson.cells.append(cell)
                    lesson.labels.append(self.label(look, at, hidden, *next(first)))
                    lesson.again.append(self.label(look, at, hidden, *next(again)))
                cell = _drawn(flat.gap if move == flat.n.moves - 1 else flat.step, row, flat.n.cell_bits, next(path))
            yield lesson

    def label(self, row: int, at: int, hidden: int, word: int, veil: int) -> int:
        flat = self.flat
        row = int(flat.masked_row[at]) if veil < hidden else row
        return int(self.tables.severity[_drawn(flat.emission, row, flat.n.label_bits, word)])

    def count(self, i: int, year: int, day: int, lesson: _Lesson) -> None:
        total, half = self.total, day % self.flat.n.days % 2
        for label in lesson.labels:
            total.labels[label, year, i] += 1
        total.lessons[lesson.situation, year, i] += 1
        if year == self.flat.n.years - 1 and self.flat.n.situations > 1:
            total.half_lessons[half, lesson.situation, i] += 1

    def judge(self, r: int, rule: Rule, year: int, day: int, lesson: int, held: dict[int, _Lesson]) -> None:
        """One rule on one lesson of all pupils, as each reader reads it."""
        labels, states = self.deployment.classifier.labels, self.deployment.pupil.states
        claimed = {i: [states[self.flat.state[c]] in rule.claims for c in held[i].cells] for i in held}
        hits = {i: [labels[y] in rule.labels for y in held[i].labels] for i in held}
        again = {i: [labels[y] in rule.labels for y in held[i].again] for i in held}
        flag = parse_flag(rule.flag)
        last = year == self.flat.n.years - 1
        for who, looks in enumerate((hits, claimed, again)[: 3 if last else 2]):
            chosen = {}
            if isinstance(flag, TopOfClass):
                chosen = self.ranked(flag.n, {i: sum(looks[i]) for i in looks}, lesson, SECOND_TIE if who == 2 else TIE)
            for i in held:
                fires = chosen[i] if i in chosen else fires_at(rule, looks[i])
                true = would_be_true(rule, claimed[i])
                given = [(look, true[look]) for look in range(self.flat.n.looks) if fires[look]]
                if who == 2:
                    self.total.second[r, i] += len(given)
                    continue
                self.add(who, r, i, year, day, held[i], claimed[i], given)
                if who == 0:
                    of_looks = isinstance(flag, KOfLast)
                    self.total.claimed[r, year, i] += sum(claimed[i])
                    self.total.true_if_random[r, year, i] += sum(true) if of_looks else true[-1]
                    for look, _ in given:
                        self.total.state_flags[r, self.flat.state[held[i].cells[look]], i] += 1

    def ranked(self, top: int, hits: dict[int, int], lesson: int, purpose: int) -> dict[int, list[bool]]:
        """Who is among the `top` with most hits, as flags at the last look."""

        def lot(i: int) -> int:
            return int(key(self.total.school, i, lesson, purpose, *self.key)[0]) >> 1

        order = sorted((i for i in hits if hits[i]), key=lambda i: (-hits[i], lot(i), i))
        return {i: [False] * (self.flat.n.looks - 1) + [i in order[:top]] for i in hits}

    def add(
        self,
        who: int,
        r: int,
        i: int,
        year: int,
        day: int,
        lesson: _Lesson,
        claimed: list[bool],
        given: list[tuple[int, bool]],
    ) -> None:
        """One reader's flags of one rule in one lesson."""
        total, k, false = self.total, lesson.situation, sum(not true for _, true in given)
        total.flags[who, r, year, i] += len(given)
        total.false[who, r, year, i] += false
        total.by_situation[who, r, 0, k, year, i] += len(given)
        total.by_situation[who, r, 1, k, year, i] += false
        if who == 0 and year == self.flat.n.years - 1 and self.flat.n.situations > 1:
            total.half[r, day % self.flat.n.days % 2, k, i] += len(given)
        tally = total.tally[who, r, :, year, i]
        if any(claimed):
            tally[0] += 1
            tally[1] += any(true for _, true in given)
        else:
            tally[2] += 1
            tally[3] += bool(given)
        spells = _spells(claimed)
        tally[4] += len(spells)
        tally[5] += sum(not any(look in spell for look, _ in given) for spell in spells)
        self.files[who, r, i].flags += [(day, true) for _, true in given]

    def close(self, i: int) -> None:
        """What hangs on all years: first flags, marks, what is on file."""
        flat, total, days = self.flat, self.total, self.flat.n.days
        names = [rule.name for rule in self.deployment.rules]
        marks = self.deployment.file.marks
        for who in range(2):
            for r in range(len(names)):
                flags = self.files[who, r, i].flags
                total.first_flag[who, r, i] = next((day for day, _ in flags), -1)
                total.first_false[who, r, i] = next((day for day, true in flags if not true), -1)
                total.on_file[who, r, i] = self.kept(flags, flat.n.years * days)
            for m, mark in enumerate(marks):
                flags = self.files[who, names.index(mark.rule), i].flags
                total.mark_day[who, m, i], total.unearned[who, m, i] = _earned(mark, flags, days)
            for d, decision in enumerate(self.deployment.decisions):
                end = decision.after_year * days
                if decision.mark is not None:
                    m = [mark.name for mark in marks].index(decision.mark)
                    total.at_decision[who, d, i] = 0 <= total.mark_day[who, m, i] < end
                elif decision.rule is not None:
                    flags = self.files[who, names.index(decision.rule), i].flags
                    total.at_decision[who, d, i] = self.kept(flags, end)

    def kept(self, flags: list[tuple[int, bool]], end: int) -> int:
        keep = self.deployment.file.keep_days
        return sum(day < end and (keep == "forever" or day >= end - keep) for day, _ in flags)


def _drawn(table: Words, row: int, bits: int, word: int) -> int:
    return sum(bool(word >= limit) for limit in table[row << bits : (row + 1) << bits])


def fires_at(rule: Rule, hits: list[bool]) -> list[bool]:
    """At which looks a rule on one pupil fires."""
    flag = parse_flag(rule.flag)
    if isinstance(flag, ShareOver):
        return [False] * (len(hits) - 1) + [sum(hits) > flag.share * len(hits)]
    assert isinstance(flag, KOfLast)
    window: deque[bool] = deque(maxlen=flag.n)
    fires, muted = [], False
    for hit in hits:
        window.append(hit)
        fires.append(not muted and sum(window) >= flag.k)
        if fires[-1] and rule.after_flag == "clear":
            window.clear()
        muted |= fires[-1] and rule.after_flag == "mute lesson"
    return fires


def would_be_true(rule: Rule, claimed: list[bool]) -> list[bool]:
    """At which looks a flag of a rule would be true."""
    flag = parse_flag(rule.flag)
    if isinstance(flag, KOfLast):
        n = flag.n if rule.true_if == "in_window" else 1
        return [any(claimed[max(0, look - n + 1) : look + 1]) for look in range(len(claimed))]
    if isinstance(flag, ShareOver):
        return [sum(claimed) > flag.share * len(claimed)] * len(claimed)
    return [2 * sum(claimed) > len(claimed)] * len(claimed)


def _spells(claimed: list[bool]) -> list[range]:
    """Longest runs of looks in claimed states."""
    starts = [i for i, c in enumerate(claimed) if c and not (i and claimed[i - 1])]
    return [range(i, next((j for j in range(i, len(claimed)) if not claimed[j]), len(claimed))) for i in starts]


def _earned(mark: Mark, flags: list[tuple[int, bool]], days: int) -> tuple[int, bool]:
    """On which day a mark was first earned (−1: never), and whether unearned."""
    for n, (day, _) in enumerate(flags):
        since = day // days * days if mark.within == "year" else day - days + 1
        counted = [true for d, true in flags[: n + 1] if d >= since]
        if len(counted) >= mark.flags:
            return day, 2 * counted.count(False) >= len(counted)
    return -1, False
