"""Lives of pupils in a tiny deployment, by enumeration in plain Python: every look of every lesson, day after day.

Reads the TOML by itself and shares no code with the product. A lesson is enumerated path by path, label by label;
lessons are joined by what the pupil does between them, days by the flags given so far.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property

import numpy as np
from scipy.linalg import expm, null_space
from scipy.special import roots_hermitenorm

from tests.engine.brute import flags_of, is_true, spells_of


@dataclass(frozen=True)
class Kind:
    """Pupils alike for good: a group, and a level of each trait."""

    group: str
    levels: tuple[int, ...]
    share: float
    """Of the group."""


@dataclass
class Day:
    """A day of one kind of pupil on one seat: expected numbers, and the law of its flags."""

    sums: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    by_state: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    by_situation: dict[tuple[int, bool], float] = field(default_factory=lambda: defaultdict(float))
    """Expected flags of a lesson of each kind, (kind, true), summed over the day as if all were of that kind."""
    visits: dict[tuple[int, int], float] = field(default_factory=lambda: defaultdict(float))
    """Share of the day's looks by (kind of lesson, cell)."""
    law: dict[tuple[tuple[bool, ...], int], float] = field(default_factory=lambda: defaultdict(float))
    """P(the rule's flags, in order, are true or false so; as many flags of any rule tell somebody)."""


class Lives:
    """Everything a deployment says about its pupils' days."""

    def __init__(self, file):
        self.file = file
        calendar, population = file["calendar"], file["population"]
        self.lessons, self.days, self.years = (
            calendar["lessons_per_day"],
            calendar["days_per_year"],
            population["school_years"],
        )
        self.every = Fraction(str(file["camera"]["observe_every_seconds"])) / 60
        self.lesson = Fraction(str(calendar["lesson_minutes"]))
        self.looks = math.ceil(self.lesson / self.every)
        self.states, self.labels = file["pupil"]["states"], file["classifier"]["labels"]
        self.groups = {g["name"]: g for g in population["groups"]}
        self.views = {v["name"]: v for v in file["camera"].get("views", [])}
        self.seats = {name: v["share"] for name, v in self.views.items()} or {None: 1.0}
        self.traits = file.get("traits", [])
        self.situations = file.get("situations", []) or [{"share": 1.0}]
        self.feedback = file.get("feedback")
        self.ages = sorted(file.get("ages", []), key=lambda a: a["from_year"])
        self.in_force = [
            max((i for i, a in enumerate(self.ages) if a["from_year"] <= y), default=-1)
            for y in range(1, self.years + 1)
        ]
        self.rules = {r["name"]: r for r in file["rules"]}
        self.words = {
            n: (parsed(r["flag"]), r.get("after_flag", "clear"), r.get("true_if", "in_window"))
            for n, r in self.rules.items()
        }
        self.most = self.feedback["saturates_at"] if self.feedback else 0
        nodes = [roots_hermitenorm(t.get("levels", 7)) for t in self.traits]
        self.nodes = [u for u, _ in nodes]
        shares = [w / w.sum() for _, w in nodes]
        self.kinds = [
            Kind(g, at, math.prod(float(w[i]) for w, i in zip(shares, at, strict=True)))
            for g in self.groups
            for at in itertools.product(*(range(len(w)) for w in shares))
        ]
        # Where faces last, a pupil is in a state with a face.
        faces = sorted({x for rows in file["display"].values() for row in rows.values() for x in row})
        if self.feedback and self.feedback["expression"] not in faces:
            faces.append(self.feedback["expression"])
        self.faces = faces
        self.cells = list(itertools.product(self.states, faces)) if "face" in file else [(z, None) for z in self.states]
        self.of_case, self.reads, self.day = cache(self._of_case), cache(self._reads), cache(self._day)

    def age(self, age):
        return self.ages[age] if age >= 0 else {}

    def hidden(self, flags):
        """How far a face is hidden after some flags."""
        f = self.feedback
        return f["max"] * (1 - math.exp(-f["strength"] * flags)) if f else 0.0

    def displays(self, kind, age, situation):
        """P(face | state) that a pupil means to show."""
        name = situation.get("display") or self.age(age).get("display")
        rows = self.file["display"][name or self.groups[kind.group].get("display", "default")]
        found = {}
        for state in self.states:
            row = dict(rows[state])
            for trait, level, nodes in zip(self.traits, kind.levels, self.nodes, strict=True):
                if trait["acts_on"] == "display" and trait["expression"] in row:
                    row[trait["expression"]] *= math.exp(trait["sd"] * nodes[level])
            found[state] = {x: row.get(x, 0) / sum(row.values()) for x in self.faces}
        return found

    def rates(self, kind, age, factors):
        pupil = self.file["pupil"]
        Q = np.zeros((len(self.states),) * 2)
        for a, row in pupil["next"].items():
            minutes = pupil["mean_minutes"][a] * self.age(age).get("mean_minutes", {}).get(a, 1) * factors.get(a, 1)
            for trait, level, nodes in zip(self.traits, kind.levels, self.nodes, strict=True):
                if trait["acts_on"] == "state" and trait["state"] == a:
                    minutes *= math.exp(trait["sd"] * nodes[level])
            for b, p in row.items():
                Q[self.states.index(a), self.states.index(b)] = p / minutes
        return Q

    def moves(self, kind, age, situation):
        """Rates from cell to cell: a face is drawn anew when the state changes, and every so often."""
        Q, shown = self.rates(kind, age, situation.get("mean_minutes", {})), self.displays(kind, age, situation)
        rates = np.zeros((len(self.cells),) * 2)
        for (i, (z, x)), (j, (w, y)) in itertools.product(enumerate(self.cells), repeat=2):
            if x is None:
                rates[i, j] = Q[i, j]
            elif z != w:
                rates[i, j] = Q[self.states.index(z), self.states.index(w)] * shown[w][y]
            elif x != y:
                rates[i, j] = shown[z][y] / self.file["face"]["hold_minutes"]
        return rates - np.diag(rates.sum(axis=1))

    def _of_case(self, kind, age):
        """Law of a day's first cell; and for each kind of lesson, from look to look and from lesson to lesson."""
        own = self.moves(kind, age, {})
        start = null_space(own.T)[:, 0]
        left = float(self.lesson - (self.looks - 1) * self.every)
        rest = expm(own * float(Fraction(str(self.file["calendar"]["break_minutes"]))))
        lessons = [self.moves(kind, age, s) for s in self.situations]
        tables = [((expm(Q * float(self.every))).tolist(), (expm(Q * left) @ rest).tolist()) for Q in lessons]
        return (start / start.sum()).tolist(), tables

    def _reads(self, kind, view, age, k, flags):
        """P(label | cell) in a kind of lesson, faces hidden as far as some flags make them."""
        name = self.age(age).get("profile") or self.groups[kind.group]["profile"]
        rows = {x: {y: row.get(y, 0.0) for y in self.labels} for x, row in self.profile(name).items()}
        for trait, level, nodes in zip(self.traits, kind.levels, self.nodes, strict=True):
            if trait["acts_on"] == "label":
                for row in rows.values():
                    row[trait["label"]] *= math.exp(trait["sd"] * nodes[level])
        rows = {x: {y: p / sum(row.values()) for y, p in row.items()} for x, row in rows.items()}
        seen = self.views.get(view, {})
        dim, lost = seen.get("dilution", 0), seen.get("lost", 0)
        mean = {y: sum(row[y] for row in rows.values()) / len(rows) for y in self.labels}
        rows = {x: {y: (1 - dim) * row[y] + dim * mean[y] for y in self.labels} for x, row in rows.items()}
        rows = {x: {y: (1 - lost) * p + lost * (y == "none") for y, p in row.items()} for x, row in rows.items()}
        m, shown, found = self.hidden(flags), self.displays(kind, age, self.situations[k]), []
        for state, face in self.cells:
            faces = Counter({x: (1 - m) * p for x, p in (shown[state] if face is None else {face: 1.0}).items()})
            if m:
                faces[self.feedback["expression"]] += m
            # A face that a profile has no row for is never shown to it.
            known = {x: p for x, p in faces.items() if x in rows}
            found.append({y: sum(p * rows[x][y] for x, p in known.items()) for y in self.labels})
        return found

    def profile(self, name):
        spec = self.file["classifier"]["confusion"][name]
        return {x: row for x, row in spec.items() if isinstance(row, dict)}

    @cached_property
    def tellers(self):
        """Rules whose flags hide faces."""
        return tuple(n for n, r in self.rules.items() if self.feedback and r.get("notify", ["teacher"]))

    def _day(self, kind, view, age, flags, rule, reader):
        """A day as one rule reads it, after some flags; `rule` None for the flags that tell somebody alone."""
        start, moves = self.of_case(kind, age)
        read = [rule] if rule and (reader or rule not in self.tellers) else []
        read += [] if reader else list(self.tellers)
        claims = [[z in self.rules[r]["claims"] for z, _ in self.cells] for r in read]
        day, joined = Day(), [defaultdict(float) for _ in self.cells]
        sums = [Day() for _ in self.cells]
        for k, (situation, (step, gap)) in enumerate(zip(self.situations, moves, strict=True)):
            letters = self._letters((kind, view, age, k, flags), read, reader, claims)
            for path, hits, p in self._lesson(step, letters):
                truths = [tuple(c[z] for z in path) for c in claims]
                raised = [self._flags(r, h, t) for r, h, t in zip(read, hits, truths, strict=True)]
                told = sum(len(f) for r, f in zip(read, raised, strict=True) if r in self.tellers and not reader)
                order: tuple[bool, ...] = ()
                if rule:
                    at = read.index(rule)
                    order = tuple(true for _, true in raised[at])
                    self._count(sums[path[0]], rule, hits[at], truths[at], raised[at], path, situation["share"] * p)
                for z, q in enumerate(gap[path[-1]]):
                    joined[path[0]][order, told, z] += situation["share"] * p * q
                for z in path:
                    sums[path[0]].visits[k, z] += situation["share"] * p / self.looks
                for _, true in raised[read.index(rule)] if rule else ():
                    sums[path[0]].by_situation[k, true] += p
        law = {((), 0, z): p for z, p in enumerate(start)}
        for _ in range(self.lessons):
            after = defaultdict(float)
            for (order, told, z), p in law.items():
                for of in ("sums", "by_state", "by_situation", "visits"):
                    for key, value in getattr(sums[z], of).items():
                        getattr(day, of)[key] += p * value / (self.lessons if of == "visits" else 1)
                for (more, tells, w), q in joined[z].items():
                    after[order + more, min(told + tells, self.most), w] += p * q
            law = after
        for (order, told, _), p in law.items():
            day.law[order, told] += p
        return day

    def _letters(self, seen, read, reader, claims):
        """For each cell, which rules a look is a hit of, and with what chance."""
        if reader:
            return [{tuple(c[z] for c in claims): 1.0} for z in range(len(self.cells))]
        found = []
        for row in self.reads(*seen):
            letters = defaultdict(float)
            for label, p in row.items():
                letters[tuple(label in self.rules[r]["labels"] for r in read)] += p
            found.append({letter: p for letter, p in letters.items() if p})
        return found

    def _lesson(self, step, letters):
        """Every path of a lesson with what the rules see of it: (cells, hits by rule, P(both | the first cell))."""
        for path in itertools.product(range(len(self.cells)), repeat=self.looks):
            p = math.prod(step[a][b] for a, b in itertools.pairwise(path))
            if p:
                for seen in itertools.product(*(letters[z].items() for z in path)):
                    hits = tuple(zip(*(letter for letter, _ in seen), strict=True))
                    yield path, hits, p * math.prod(q for _, q in seen)

    def _flags(self, rule, hits, claimed):
        return flags_of(hits, claimed, *self.words[rule])

    def _count(self, into, rule, hits, claimed, raised, path, p):
        flag, after, true_if = self.words[rule]
        truths, seen, sums = [true for _, true in raised], any(claimed), into.sums
        spells, missed = spells_of(hits, claimed, flag, after, true_if)
        for name, value in {
            "true": sum(truths),
            "false": len(truths) - sum(truths),
            "prevalence": seen,
            "unclaimed": not seen,
            "sensitivity": seen and any(truths),
            "false_positive": not seen and bool(truths),
            "spells": spells,
            "missed": missed,
            "random": sum(is_true(claimed, t, flag, true_if) for t in range(self.looks)) / self.looks / self.lessons,
            "claimed": sum(claimed) / self.looks / self.lessons,
        }.items():
            sums[name] += p * value
        for t, _ in raised:
            into.by_state[self.cells[path[t]][0]] += p

    def days_of(self, kind, reader):
        """(year, day, {(view, age, flags so far): P}) of every school day, as its morning finds the pupil."""
        law = {0: 1.0}
        for year, age in enumerate(self.in_force):
            by_view = {view: {c: w * p for c, p in law.items()} for view, w in self.seats.items()}
            for day in range(self.days):
                yield year, day, {(v, age, c): p for v, of in by_view.items() for c, p in of.items()}
                if self.feedback and not reader:
                    by_view = {view: self._evening(kind, view, age, of) for view, of in by_view.items()}
            law = Counter()
            for of in by_view.values():
                law.update(of)

    def _evening(self, kind, view, age, law):
        """Law of the flags so far that told somebody, a day later."""
        after = defaultdict(float)
        for flags, p in law.items():
            for (_, told), q in self.day(kind, view, age, flags, None, None).law.items():
                after[min(flags + told, self.most)] += p * q
        return after

    def lives(self, kind, rule, reader, first, flagged, new_year=lambda x: x, last_views=False):
        """What becomes of a memory that a day's flags change: after each day, {memory: P}.

        With `last_views`, the last day's by the view of the last year: {(view, memory): P}.
        """
        law = {(0, first): 1.0}
        for age in self.in_force:
            fresh = defaultdict(float)
            for (c, memory), p in law.items():
                fresh[c, new_year(memory)] += p
            by_view = {view: {k: w * p for k, p in fresh.items()} for view, w in self.seats.items()}
            for _ in range(self.days):
                for view, of in by_view.items():
                    after = defaultdict(float)
                    for (c, memory), p in of.items():
                        for (order, told), q in self.day(kind, view, age, c, rule, reader).law.items():
                            after[min(c + told, self.most), flagged(memory, order)] += p * q
                    by_view[view] = after
                total = defaultdict(float)
                for view, of in by_view.items():
                    for (_, memory), p in of.items():
                        total[(view, memory) if last_views else memory] += p
                yield total
            law = Counter()
            for of in by_view.values():
                law.update(of)


def parsed(flag):
    if window := re.fullmatch(r"(\d+) of last (\d+)", flag):
        return ("k", int(window[1]), int(window[2]))
    if run := re.fullmatch(r"run of (\d+)", flag):
        return ("k", int(run[1]), int(run[1]))
    return ("share", Fraction(re.fullmatch(r"share over ([\d.]+)", flag)[1]))
