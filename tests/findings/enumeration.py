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

KEYS = ("label", "reader", "mark", "view", "state", "source")


def enumerated(text):
    """{(id, rule, group, *the other keys): value}, in the deployment's own words."""
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
        self.views = file["camera"].get("views", [])
        self.seats = {v["name"]: v["share"] for v in self.views} or {None: 1.0}
        self.whole()
        self.results = {
            reader: {rule["name"]: self.days_of(rule, reader) for rule in file["rules"]} for reader in (None, "perfect")
        }
        for reader, by_rule in self.results.items():
            for rule in file["rules"]:
                self.rule(rule, reader, by_rule[rule["name"]])
            self.alerts(reader, by_rule)

    def put(self, id, group, value, rule=None, **about):
        assert about.keys() <= set(KEYS)
        self.found[id, rule, group, *(about.get(key) for key in KEYS)] = value

    def pooled(self, by_group):
        """Each group's value, and the mean by shares for all."""
        return {**by_group, "all": sum(self.share[g] * v for g, v in by_group.items())}

    def over_seats(self, of, days):
        """Expected values by group, where every year has a seat of its own."""
        return self.pooled({g: sum(w * of(d[v]) for v, w in self.seats.items()) for g, d in days.items()})

    def rates(self):
        pupil = self.file["pupil"]
        names = pupil["states"]
        Q = np.zeros((len(names), len(names)))
        for a, row in pupil["next"].items():
            for b, p in row.items():
                Q[names.index(a), names.index(b)] = p / pupil["mean_minutes"][a]
        return Q - np.diag(Q.sum(axis=1))

    def reads(self, group, state, view):
        """P(label | state) from a kind of seat."""
        display = self.file["display"][group.get("display", "default")][state]
        rows = self.file["classifier"]["confusion"][group["profile"]]
        seen = next((v for v in self.views if v["name"] == view), {})
        dim, lost = seen.get("dilution", 0), seen.get("lost", 0)
        labels = self.file["classifier"]["labels"]
        mean = {y: sum(row.get(y, 0) for row in rows.values()) / len(rows) for y in labels}
        rows = {x: {y: (1 - dim) * row.get(y, 0) + dim * mean[y] for y in labels} for x, row in rows.items()}
        rows = {x: {y: (1 - lost) * p + lost * (y == "none") for y, p in row.items()} for x, row in rows.items()}
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
            shares = {
                g["name"]: {
                    view: sum(v * self.reads(g, z, view)[label] for v, z in zip(visits, states, strict=True))
                    for view in self.seats
                }
                for g in population["groups"]
            }
            for group, value in self.over_seats(lambda share: share, shares).items():
                self.put("label_share", group, value, label=label)
            for view in self.views:
                for group, value in self.pooled({g: s[view["name"]] for g, s in shares.items()}).items():
                    self.put("label_share", group, value, label=label, view=view["name"])

    def days_of(self, rule, reader):
        states = self.file["pupil"]["states"]
        claimed = [z in rule["claims"] for z in states]
        days = {}
        for g, view in itertools.product(self.file["population"]["groups"], self.seats):
            hit = claimed if reader else [sum(self.reads(g, z, view)[y] for y in rule["labels"]) for z in states]
            days.setdefault(g["name"], {})[view] = day(
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
            """A quantity that is an expectation, or a chance on one day."""
            for group, value in self.over_seats(of, days).items():
                self.put(id, group, value, rule["name"], reader=reader, mark=mark)

        def over_years(id, of, mark=None):
            """A quantity of a group's seats, all of them at once."""
            for group, value in self.pooled({g: of(d) for g, d in days.items()}).items():
                self.put(id, group, value, rule["name"], reader=reader, mark=mark)

        def ratio(id, top, bottom, times=lambda _: 1.0):
            tops, bottoms = (self.over_seats(of, days) for of in (top, bottom))
            blind = self.over_seats(lambda d: d.random, days)
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
            over_years(f"p_false_flag_by_{period}", lambda d, n=n: self.chance(d, n, lambda kinds: "false" in kinds))
            over_years(
                f"p_only_true_flags_by_{period}",
                lambda d, n=n: self.chance(d, n, lambda kinds: "true" in kinds and "false" not in kinds),
            )
        self.quantiles(rule, reader, days)
        keep = self.file["file"]["keep_days"]
        # A flag of day d of D is still there at the end of day D if it is less than `keep` days old.
        held = sum(keep == "forever" or in_all - d < keep for d in range(1, in_all + 1))
        each("flags_on_file_end", lambda d: (d.true + d.false) * held)
        for mark in self.file["file"]["marks"]:
            if mark["rule"] == rule["name"]:
                over_years("p_mark", lambda d, m=mark: self.marked(d, m["flags"])[0], mark["name"])
                over_years("p_mark_unearned", lambda d, m=mark: self.marked(d, m["flags"])[1], mark["name"])
        self.sources(rule, reader, days)
        if reader is None:
            self.by_state(rule, days)
        for view in self.views:
            seat = {g: d[view["name"]] for g, d in days.items()}
            true, false = (
                self.pooled({g: of(d) for g, d in seat.items()}) for of in (lambda d: d.true, lambda d: d.false)
            )
            for group in true:
                flags = true[group] + false[group]
                about = {"rule": rule["name"], "reader": reader, "view": view["name"]}
                self.put("false_flags_per_pupil_year", group, false[group] * self.days, **about)
                self.put("flag_ppv", group, true[group] / flags if flags else None, **about)
        yearly = [self.over_seats(lambda d: d.false * self.days, days)[g] for g in self.share]
        apart = max(yearly) / min(yearly) if min(yearly) > 0 else None
        self.put("disparity_false_flags", "all", apart, rule["name"], reader=reader)
        self.put("difference_false_flags", "all", max(yearly) - min(yearly), rule["name"], reader=reader)

    def sources(self, rule, reader, days):
        """Variance of the last year's flags, over everybody and every number of flags there may be."""
        everybody = []
        for (group, seats), (view, w) in itertools.product(days.items(), self.seats.items()):
            day = defaultdict(float)
            for order, p in seats[view].flags.items():
                day[len(order)] += p
            everybody += [(group, view, n, self.share[group] * w * p) for n, p in convolved([day] * self.days).items()]

        def between(*axes):
            """Variance of the mean number of flags of those who are alike in some columns."""
            weight, flags = defaultdict(float), defaultdict(float)
            for *who, p in everybody:
                alike = tuple(who[axis] for axis in axes)
                weight[alike] += p
                flags[alike] += p * who[2]
            means = {k: flags[k] / w for k, w in weight.items() if w}
            return sum(weight[k] * (m - sum(flags.values())) ** 2 for k, m in means.items())

        total = between(0, 1, 2)
        # All pupils have as many flags: what is left is rounding.
        varies = total > 1e-12 * sum(p * n**2 for _, _, n, p in everybody)
        parts = {"state": 0, "face": 0, "view": between(1), "group": between(0), "within": total - between(0, 1)}
        parts["interaction"] = total - sum(parts.values())
        for source, part in parts.items():
            about = {"rule": rule["name"], "reader": reader, "source": source}
            self.put("file_variance_share", "all", part / total if varies else None, **about)

    def by_state(self, rule, days):
        names = self.file["pupil"]["states"]
        flags = {z: self.over_seats(lambda d, z=z: d.by_state.get(z, 0.0), days) for z in range(len(names))}
        for group in (*self.share, "all"):
            total = sum(of[group] for of in flags.values())
            for z, name in enumerate(names):
                value = flags[z][group] / total if total else None
                self.put("flag_state_share", group, value, rule["name"], state=name)

    def claimed_share(self, rule):
        states = self.file["pupil"]["states"]
        return sum(p for p, z in zip(self.start, states, strict=True) if z in rule["claims"])

    def chance(self, seats, days, wanted):
        """P(wanted), over every way in which years can fall on seats, and days bring no flag, true or false ones."""
        years = [range(first, min(first + self.days, days)) for first in range(0, days, self.days)]
        total = 0.0
        for fallen in itertools.product(self.seats, repeat=len(years)):
            p = math.prod(self.seats[v] for v in fallen)
            by_day = [seats[v] for v, year in zip(fallen, years, strict=True) for _ in year]
            for ways in itertools.product(((), ("true",), ("false",)), repeat=days):
                if wanted({kind for k in ways for kind in k}):
                    total += p * math.prod(self.kinds(d)[k] for d, k in zip(by_day, ways, strict=True))
        return total

    def kinds(self, d):
        return {(): 1 - d.any_false - d.only_true, ("true",): d.only_true, ("false",): d.any_false}

    def quantiles(self, rule, reader, days):
        laws = {g: self.law_of_years(seats) for g, seats in days.items()}
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

    def law_of_years(self, seats):
        year = defaultdict(float)
        for view, d in seats.items():
            for n, p in convolved([d.counts] * self.days).items():
                year[n] += self.seats[view] * p
        return convolved([year] * self.years)

    def marked(self, seats, flags):
        """(P(earned before leaving), P(earned, and unearned when first earned)), year by year, day by day."""
        earned = unearned = 0.0
        for view, d in seats.items():
            for year in itertools.product(d.flags.items(), repeat=self.days):
                counted = tuple(flag for order, _ in year for flag in order)[:flags]
                if len(counted) == flags:
                    p = self.seats[view] * math.prod(p for _, p in year)
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
            sums = defaultdict(float)
            for r in rules:
                for group, flags in self.over_seats(lambda d: d.true + d.false, by_rule[r]).items():
                    sums[group] += flags
            return {group: sums[group] for group in (*self.share, "all")}

        per_class = [told("teacher")["all"] * n for n in classes]
        self.put("alerts_per_teacher_day", "all", sum(per_class) / len(classes), reader=reader)
        for group, flags in told("parent").items():
            self.put("alerts_per_family_year", group, flags * self.days, reader=reader)


def convolved(laws):
    """Law of a sum of independent counts."""
    total = {0: 1.0}
    for law in laws:
        after = defaultdict(float)
        for (n, p), (k, q) in itertools.product(total.items(), law.items()):
            after[n + k] += p * q
        total = after
    return total


def parsed(flag):
    if window := re.fullmatch(r"(\d+) of last (\d+)", flag):
        return ("k", int(window[1]), int(window[2]))
    if run := re.fullmatch(r"run of (\d+)", flag):
        return ("k", int(run[1]), int(run[1]))
    return ("share", Fraction(re.fullmatch(r"share over ([\d.]+)", flag)[1]))
