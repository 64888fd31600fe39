"""Every finding of docs/findings.md on a tiny deployment, by enumeration in plain Python.

Reads the TOML by itself and shares no code with the product; days come from `tests.engine.brute`.
"""

from __future__ import annotations

import itertools
import math
import re
import tomllib
from collections import Counter, defaultdict
from fractions import Fraction

import numpy as np
from scipy.linalg import expm, null_space

from tests.engine.brute import day, paths


def enumerated(text):
    """{(id, rule, group, label, reader, mark): value}, in the deployment's own words."""
    return Enumeration(tomllib.loads(text)).found


class Enumeration:
    def __init__(self, file):
        self.file, self.found = file, {}
        calendar, population = file["calendar"], file["population"]
        self.lessons, self.days, self.years = (
            calendar["lessons_per_day"],
            calendar["days_per_year"],
            population["school_years"],
        )
        every = Fraction(str(file["camera"]["observe_every_seconds"])) / 60
        lesson = Fraction(str(calendar["lesson_minutes"]))
        self.looks = math.ceil(lesson / every)
        Q = self.rates()
        self.start = null_space(Q.T)[:, 0] / null_space(Q.T)[:, 0].sum()
        self.step = expm(Q * float(every))
        self.gap = expm(Q * float(lesson - (self.looks - 1) * every + Fraction(str(calendar["break_minutes"]))))
        self.share = {g["name"]: g["share"] for g in population["groups"]}
        self.whole()
        self.results = {
            reader: {rule["name"]: self.days_of(rule, reader) for rule in file["rules"]} for reader in (None, "perfect")
        }
        for reader, by_rule in self.results.items():
            for rule in file["rules"]:
                self.rule(rule, reader, by_rule[rule["name"]])
            self.alerts(reader, by_rule)

    def put(self, id, group, value, rule=None, label=None, reader=None, mark=None):
        self.found[id, rule, group, label, reader, mark] = value

    def pooled(self, by_group):
        """Each group's value, and the mean by shares for all."""
        return {**by_group, "all": sum(self.share[g] * v for g, v in by_group.items())}

    def rates(self):
        pupil = self.file["pupil"]
        names = pupil["states"]
        Q = np.zeros((len(names), len(names)))
        for a, row in pupil["next"].items():
            for b, p in row.items():
                Q[names.index(a), names.index(b)] = p / pupil["mean_minutes"][a]
        return Q - np.diag(Q.sum(axis=1))

    def reads(self, group, state):
        """P(label | state)."""
        display = self.file["display"][group.get("display", "default")][state]
        rows = self.file["classifier"]["confusion"][group["profile"]]
        found = Counter()
        for face, p in display.items():
            for label, q in rows[face].items():
                found[label] += p * q
        return found

    def whole(self):
        population = self.file["population"]
        looks = self.looks * self.lessons * self.days * self.years
        self.put("observations", "all", looks * population["schools"] * population["pupils_per_school"])
        self.put("labels_archived", "all", looks)
        visits = np.zeros(len(self.start))
        for path, p in paths(self.start, self.step, self.gap, self.looks, self.lessons):
            for z in path:
                visits[z] += p / len(path)
        states = self.file["pupil"]["states"]
        for label in self.file["classifier"]["labels"]:
            by_group = {
                g["name"]: sum(v * self.reads(g, z)[label] for v, z in zip(visits, states, strict=True))
                for g in population["groups"]
            }
            for group, value in self.pooled(by_group).items():
                self.put("label_share", group, value, label=label)

    def days_of(self, rule, reader):
        states = self.file["pupil"]["states"]
        claimed = [z in rule["claims"] for z in states]
        days = {}
        for g in self.file["population"]["groups"]:
            hit = claimed if reader else [sum(self.reads(g, z)[y] for y in rule["labels"]) for z in states]
            days[g["name"]] = day(
                self.start,
                self.step,
                self.gap,
                hit,
                claimed,
                self.looks,
                self.lessons,
                parsed(rule["flag"]),
                rule.get("after_flag", "clear"),
                rule.get("true_if", "in_window"),
            )
        return days

    def rule(self, rule, reader, days):
        def each(id, of, mark=None):
            for group, value in self.pooled({g: of(d) for g, d in days.items()}).items():
                self.put(id, group, value, rule["name"], reader=reader, mark=mark)

        def ratio(id, top, bottom, times=lambda _: 1.0):
            tops, bottoms = (self.pooled({g: of(d) for g, d in days.items()}) for of in (top, bottom))
            blind = self.pooled({g: d.random for g, d in days.items()})
            for group in tops:
                known = bottoms[group] > 0 and blind[group] > 0
                value = tops[group] / bottoms[group] / times(blind[group]) if known else None
                self.put(id, group, value, rule["name"], reader=reader)

        if reader is None:
            each("claimed_share", lambda _: self.claimed_share(rule))
            each("lesson_prevalence", lambda d: d.prevalence / self.lessons)
        each("flags_per_pupil_year", lambda d: (d.true + d.false) * self.days)
        each("false_flags_per_pupil_year", lambda d: d.false * self.days)
        ratio("flag_ppv", lambda d: d.true, lambda d: d.true + d.false)
        ratio("flag_lift", lambda d: d.true, lambda d: d.true + d.false, times=lambda blind: blind)
        ratio("lesson_sensitivity", lambda d: d.sensitivity, lambda d: d.prevalence)
        ratio("lesson_false_positive_rate", lambda d: d.false_positive, lambda d: d.unclaimed)
        ratio("spells_missed", lambda d: d.missed, lambda d: d.spells)
        in_all = self.days * self.years
        for period, n in {"day_1": 1, "week_1": min(5, in_all), "year_1": self.days, "end": in_all}.items():
            each(f"p_false_flag_by_{period}", lambda d, n=n: self.chance(d, n, lambda kinds: "false" in kinds))
            each(
                f"p_only_true_flags_by_{period}",
                lambda d, n=n: self.chance(d, n, lambda kinds: "true" in kinds and "false" not in kinds),
            )
        self.quantiles(rule, reader, days, in_all)
        keep = self.file["file"]["keep_days"]
        # A flag of day d of D is still there at the end of day D if it is less than `keep` days old.
        held = sum(keep == "forever" or in_all - d < keep for d in range(1, in_all + 1))
        each("flags_on_file_end", lambda d: (d.true + d.false) * held)
        for mark in self.file["file"]["marks"]:
            if mark["rule"] == rule["name"]:
                each("p_mark", lambda d, m=mark: self.marked(d, m["flags"])[0], mark["name"])
                each("p_mark_unearned", lambda d, m=mark: self.marked(d, m["flags"])[1], mark["name"])
        yearly = [d.false * self.days for d in days.values()]
        apart = max(yearly) / min(yearly) if min(yearly) > 0 else None
        self.put("disparity_false_flags", "all", apart, rule["name"], reader=reader)
        self.put("difference_false_flags", "all", max(yearly) - min(yearly), rule["name"], reader=reader)

    def claimed_share(self, rule):
        states = self.file["pupil"]["states"]
        return sum(p for p, z in zip(self.start, states, strict=True) if z in rule["claims"])

    def chance(self, d, days, wanted):
        """P(wanted), over every way in which `days` days can bring no flag, true ones only, or a false one."""
        kinds = {
            (): 1 - d.any_false - d.only_true,
            ("true",): d.only_true,
            ("false",): d.any_false,
        }
        return sum(
            math.prod(kinds[k] for k in ways)
            for ways in itertools.product(kinds, repeat=days)
            if wanted({kind for k in ways for kind in k})
        )

    def quantiles(self, rule, reader, days, in_all):
        laws = {}
        for group, d in days.items():
            law = {0: 1.0}
            for _ in range(in_all):
                after = defaultdict(float)
                for (n, p), (k, q) in itertools.product(law.items(), d.counts.items()):
                    after[n + k] += p * q
                law = after
            laws[group] = law
        mixed = defaultdict(float)
        for group, law in laws.items():
            for n, p in law.items():
                mixed[n] += self.share[group] * p
        for group, law in {**laws, "all": mixed}.items():
            for q in (5, 50, 95):
                value = next(
                    n for n in itertools.count() if sum(law.get(k, 0) for k in range(n + 1)) >= q / 100 - 1e-12
                )
                self.put(f"false_flags_end_p{q:02d}", group, value, rule["name"], reader=reader)

    def marked(self, d, flags):
        """(P(earned before leaving), P(earned, and unearned when first earned)), year by year, day by day."""
        earned = unearned = 0.0
        for year in itertools.product(d.flags.items(), repeat=self.days):
            counted = tuple(flag for order, _ in year for flag in order)[:flags]
            if len(counted) == flags:
                p = math.prod(p for _, p in year)
                earned += p
                unearned += p * (2 * counted.count(False) >= flags)
        first = [(1 - earned) ** y for y in range(self.years)]
        return sum(first) * earned, sum(first) * unearned

    def alerts(self, reader, by_rule):
        population = self.file["population"]
        pupils, size = population["pupils_per_school"], population["class_size"]
        classes = [min(size, pupils - first) for first in range(0, pupils, size)]

        def told(who):
            rules = [r["name"] for r in self.file["rules"] if who in r.get("notify", ["teacher"])]
            by_group = {g: sum(by_rule[r][g].true + by_rule[r][g].false for r in rules) for g in self.share}
            return self.pooled(by_group)

        per_class = [told("teacher")["all"] * n for n in classes]
        self.put("alerts_per_teacher_day", "all", sum(per_class) / len(classes), reader=reader)
        for group, flags in told("parent").items():
            self.put("alerts_per_family_year", group, flags * self.days, reader=reader)


def parsed(flag):
    if window := re.fullmatch(r"(\d+) of last (\d+)", flag):
        return ("k", int(window[1]), int(window[2]))
    if run := re.fullmatch(r"run of (\d+)", flag):
        return ("k", int(run[1]), int(run[1]))
    return ("share", Fraction(re.fullmatch(r"share over ([\d.]+)", flag)[1]))
