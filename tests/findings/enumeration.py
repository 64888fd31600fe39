"""Every finding of docs/findings.md on a tiny deployment, from its pupils' lives (`lives`), in plain Python."""

from __future__ import annotations

import itertools
import math
import tomllib
from collections import defaultdict

from .lives import Lives

KEYS = ("label", "reader", "mark", "view", "state", "trait", "situation", "age", "source")


def enumerated(text):
    """{(id, rule, group, *the other keys): value}, in the deployment's own words."""
    return Enumeration(tomllib.loads(text)).found


class Enumeration:
    def __init__(self, file):
        self.file, self.found, self.lives = file, {}, Lives(file)
        self.groups = self.lives.groups
        self.share = {name: g["share"] for name, g in self.groups.items()}
        self.watched = 1 - file["population"].get("opt_out", 0)
        self.days = {reader: self.exposure(reader) for reader in (None, "perfect")}
        self.whole()
        for rule, reader in itertools.product(self.lives.rules, (None, "perfect")):
            self.rule(rule, reader)
        for reader in (None, "perfect"):
            self.alerts(reader)
        if self.lives.feedback:
            self.masking()

    def put(self, id, group, value, rule=None, **about):
        assert about.keys() <= set(KEYS)
        self.found[id, rule, group, *(about.get(key) for key in KEYS)] = value

    def put_all(self, id, by_group, rule=None, **about):
        for group, value in by_group.items():
            self.put(id, group, value, rule, **about)

    def pooled(self, by_group):
        """Each group's value, and the mean by shares for all."""
        return {**by_group, "all": sum(self.share[g] * v for g, v in by_group.items())}

    def exposure(self, reader):
        """Expected share of the school days by (kind, view, age, flags so far)."""
        lives, found = self.lives, defaultdict(float)
        for kind in lives.kinds:
            for _, _, law in lives.days_of(kind, reader):
                for (view, age, flags), p in law.items():
                    found[kind, view, age, flags] += kind.share * p / lives.days / lives.years
        return found

    def mean(self, reader, of, rule=None, only=lambda _: True):
        """Expected values of a day by group, over all school days or some of them."""
        top, bottom = dict.fromkeys(self.share, 0.0), dict.fromkeys(self.share, 0.0)
        for case, p in self.days[reader].items():
            kind = case[0]
            if only(case):
                top[kind.group] += p * of(self.lives.day(*case, rule, reader), *case)
                bottom[kind.group] += p
        return self.pooled({g: top[g] / bottom[g] for g in top})

    def slices(self):
        """Keys of rows about some of the days, and whether a case (kind, view, age, flags so far) is one of them."""
        lives = self.lives
        for name in lives.views:
            yield {"view": name}, lambda case, name=name: case[1] == name
        for i, trait in enumerate(lives.traits):
            of = len(lives.nodes[i])
            for level in range(of):
                key = f"{trait['name']}, level {level + 1} of {of}"
                yield {"trait": key}, lambda case, i=i, level=level: case[0].levels[i] == level
        if lives.ages:
            for at in dict.fromkeys(lives.in_force):
                first = lives.in_force.index(at) + 1
                yield {"age": f"from year {first}"}, lambda case, at=at: case[2] == at

    def whole(self):
        population, lives = self.file["population"], self.lives
        looks = lives.looks * lives.lessons * lives.days * lives.years
        pupils = population["schools"] * population["pupils_per_school"]
        self.put("observations", "all", looks * pupils * self.watched)
        self.put("labels_archived", "all", looks)
        for label in lives.labels:

            def share(day, kind, view, age, flags, label=label):
                return sum(p * lives.reads(kind, view, age, k, flags)[z][label] for (k, z), p in day.visits.items())

            self.put_all("label_share", self.mean(None, share), label=label)
            for about, only in self.slices():
                self.put_all("label_share", self.mean(None, share, only=only), label=label, **about)

    def rule(self, name, reader):
        lives, about = self.lives, {"rule": name, "reader": reader}

        def expected(sums, only=lambda _: True):
            return self.mean(reader, lambda d, *_: sum(d.sums[s] for s in sums), name, only)

        def ratio(id, top, bottom, **more):
            tops, bottoms = expected([top], **more), expected(bottom, **more)
            return {g: tops[g] / bottoms[g] if bottoms[g] > 0 else None for g in tops}

        def yearly(sums, **more):
            return {g: v * lives.days for g, v in expected(sums, **more).items()}

        flags = ["true", "false"]
        if reader is None:
            # What the pupils go through is the same whoever looks: only the rule's claims matter.
            self.put_all("claimed_share", expected(["claimed"]), name)
            self.put_all("lesson_prevalence", {g: v / lives.lessons for g, v in expected(["prevalence"]).items()}, name)
        self.put_all("flags_per_pupil_year", yearly(flags), **about)
        self.put_all("false_flags_per_pupil_year", yearly(["false"]), **about)
        precision, blind = ratio("flag_ppv", "true", flags), expected(["random"])
        self.put_all("flag_ppv", precision, **about)
        lift = {g: p / blind[g] if p is not None and blind[g] > 0 else None for g, p in precision.items()}
        self.put_all("flag_lift", lift, **about)
        self.put_all("lesson_sensitivity", ratio("", "sensitivity", ["prevalence"]), **about)
        self.put_all("lesson_false_positive_rate", ratio("", "false_positive", ["unclaimed"]), **about)
        self.put_all("spells_missed", ratio("", "missed", ["spells"]), **about)
        for key, only in self.slices():
            self.put_all("false_flags_per_pupil_year", yearly(["false"], only=only), **about, **key)
            self.put_all("flag_ppv", ratio("", "true", flags, only=only), **about, **key)
        self.chances(name, reader)
        self.quantiles(name, reader)
        self.marks(name, reader)
        self.on_file(name, reader)
        self.by_situation(name, reader)
        self.sources(name, reader)
        if reader is None:
            self.by_state(name)
        of_groups = [v for g, v in yearly(["false"]).items() if g != "all"]
        apart = max(of_groups) / min(of_groups) if min(of_groups) > 0 else None
        self.put("disparity_false_flags", "all", apart, **about)
        self.put("difference_false_flags", "all", max(of_groups) - min(of_groups), **about)

    def chances(self, name, reader):
        lives = self.lives
        in_all = lives.days * lives.years
        periods = {"day_1": 1, "week_1": min(5, in_all), "year_1": lives.days, "end": in_all}
        false, only = (defaultdict(lambda: dict.fromkeys(self.share, 0.0)) for _ in range(2))
        for kind in lives.kinds:

            def worst(so_far, order):
                return max(so_far, *(1 if true else 2 for true in order)) if order else so_far

            for day, law in enumerate(lives.lives(kind, name, reader, 0, worst), 1):
                for period in (p for p, n in periods.items() if n == day):
                    false[period][kind.group] += kind.share * law.get(2, 0.0)
                    only[period][kind.group] += kind.share * law.get(1, 0.0)
        for period in periods:
            self.put_all(f"p_false_flag_by_{period}", self.pooled(false[period]), name, reader=reader)
            self.put_all(f"p_only_true_flags_by_{period}", self.pooled(only[period]), name, reader=reader)

    def quantiles(self, name, reader):
        laws = {g: defaultdict(float) for g in (*self.share, "all")}
        for kind in self.lives.kinds:
            *_, law = self.lives.lives(kind, name, reader, 0, lambda n, order: n + order.count(False))
            for n, p in law.items():
                laws[kind.group][n] += kind.share * p
                laws["all"][n] += kind.share * p * self.share[kind.group]
        for group, law in laws.items():
            for q in (5, 50, 95):
                value = next(
                    n for n in itertools.count() if sum(law.get(k, 0) for k in range(n + 1)) >= q / 100 - 1e-12
                )
                self.put(f"false_flags_end_p{q:02d}", group, value, name, reader=reader)

    def marks(self, name, reader):
        """The first flags of each year, until there are enough of them once."""
        for mark in self.file["file"].get("marks", []):
            if mark["rule"] != name:
                continue

            def counted(memory, order, flags=mark["flags"]):
                if isinstance(memory, str):
                    return memory
                so_far = (memory + order)[:flags]
                if len(so_far) < flags:
                    return so_far
                return "unearned" if 2 * so_far.count(False) >= flags else "earned"

            def new_year(memory):
                return memory if isinstance(memory, str) else ()

            earned, unearned = dict.fromkeys(self.share, 0.0), dict.fromkeys(self.share, 0.0)
            for kind in self.lives.kinds:
                *_, law = self.lives.lives(kind, name, reader, (), counted, new_year)
                earned[kind.group] += kind.share * (law.get("earned", 0.0) + law.get("unearned", 0.0))
                unearned[kind.group] += kind.share * law.get("unearned", 0.0)
            self.put_all("p_mark", self.pooled(earned), name, reader=reader, mark=mark["name"])
            self.put_all("p_mark_unearned", self.pooled(unearned), name, reader=reader, mark=mark["name"])

    def on_file(self, name, reader):
        """A flag of day d of D is still there at the end of day D if it is less than `keep_days` days old."""
        lives, keep = self.lives, self.file["file"].get("keep_days", "forever")
        held = dict.fromkeys(self.share, 0.0)
        for kind in lives.kinds:
            for year, day, law in lives.days_of(kind, reader):
                if keep == "forever" or lives.days * (lives.years - year) - day - 1 < keep:
                    for where, p in law.items():
                        sums = lives.day(kind, *where, name, reader).sums
                        held[kind.group] += kind.share * p * (sums["true"] + sums["false"])
        self.put_all("flags_on_file_end", self.pooled(held), name, reader=reader)

    def by_situation(self, name, reader):
        lives = self.lives
        for k, situation in enumerate(self.file.get("situations", [])):
            for id, truths in (("flags_per_lesson", (True, False)), ("false_flags_per_lesson", (False,))):

                def flags(day, *_, k=k, truths=truths):
                    return sum(day.by_situation[k, true] for true in truths) / lives.lessons

                by_group = self.mean(reader, flags, name)
                self.put_all(id, by_group, name, reader=reader, situation=situation["name"])

    def sources(self, name, reader):
        """Variance of the last year's flags, over everybody and every number of flags there may be."""
        lives, everybody = self.lives, defaultdict(float)
        of_state = [t["acts_on"] == "state" for t in lives.traits]
        for kind in lives.kinds:
            state, face = (
                tuple(level for level, own in zip(kind.levels, of_state, strict=True) if own == wanted)
                for wanted in (True, False)
            )
            last = lives.lives(kind, name, reader, 0, lambda n, order: n + len(order), lambda _: 0, last_views=True)
            *_, law = last
            for (view, n), p in law.items():
                everybody[state, face, view, kind.group, n] += self.share[kind.group] * kind.share * p

        def between(*axes):
            """Variance of the mean number of flags of those who are alike in some columns."""
            weight, flags = defaultdict(float), defaultdict(float)
            for who, p in everybody.items():
                alike = tuple(who[axis] for axis in axes)
                weight[alike] += p
                flags[alike] += p * who[-1]
            means = {k: flags[k] / w for k, w in weight.items() if w}
            return math.fsum(weight[k] * (m - math.fsum(flags.values())) ** 2 for k, m in means.items())

        total = between(0, 1, 2, 3, 4)
        # All pupils have as many flags: what is left is rounding.
        varies = total > 1e-12 * sum(p * who[-1] ** 2 for who, p in everybody.items())
        parts = {source: between(axis) for axis, source in enumerate(("state", "face", "view", "group"))}
        parts["within"] = total - between(0, 1, 2, 3)
        parts["interaction"] = total - sum(parts.values())
        for source, part in parts.items():
            about = {"rule": name, "reader": reader, "source": source}
            self.put("file_variance_share", "all", part / total if varies else None, **about)

    def by_state(self, name):
        states = self.lives.states
        flags = {z: self.mean(None, lambda d, *_, z=z: d.by_state[z], name) for z in states}
        for group in (*self.share, "all"):
            total = sum(of[group] for of in flags.values())
            for z in states:
                value = flags[z][group] / total if total else None
                self.put("flag_state_share", group, value, name, state=z)

    def alerts(self, reader):
        population, lives = self.file["population"], self.lives
        pupils, size = population["pupils_per_school"], population["class_size"]
        classes = [min(size, pupils - first) * self.watched for first in range(0, pupils, size)]

        def told(who):
            sums = dict.fromkeys((*self.share, "all"), 0.0)
            for name, rule in lives.rules.items():
                if who in rule.get("notify", ["teacher"]):
                    flags = self.mean(reader, lambda d, *_: d.sums["true"] + d.sums["false"], name)
                    sums = {g: sums[g] + flags[g] for g in sums}
            return sums

        per_class = [told("teacher")["all"] * n for n in classes]
        self.put("alerts_per_teacher_day", "all", sum(per_class) / len(classes), reader=reader)
        for group, flags in told("parent").items():
            self.put("alerts_per_family_year", group, flags * lives.days, reader=reader)

    def masking(self):
        lives, hidden = self.lives, dict.fromkeys(self.share, 0.0)
        for kind in lives.kinds:
            *_, (_, _, last) = lives.days_of(kind, None)
            for (_, _, flags), p in last.items():
                hidden[kind.group] += kind.share * p * lives.hidden(flags)
        self.put_all("masking_end", self.pooled(hidden))
