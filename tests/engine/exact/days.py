"""Pupils whose faces flags hide, in plain Python: a day by enumeration, then days and years one after the other."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from dataclasses import replace

import numpy as np

from misread.engine.chain import Emissions
from tests.engine.brute import flags_of, paths
from tests.engine.chains import chain, compiled, rates, tables

LOOKS, LESSONS = 2, 2
CLAIMS = [True, False]


def rule(name, flag, after="clear", tells=True, hit=1, marks=()):
    """A rule with its words, to be read both ways."""
    own = replace(
        compiled(flag, CLAIMS, LOOKS, after, "at_flag", marks),
        name=name,
        notify=("teacher",) if tells else (),
        hit=np.arange(2) == hit,
    )
    return own, (flag, after, "at_flag")


def school(seed, rules, levels, *, days, years=1, seats=1, kinds=1, ages=1, draws=1):
    """A chain of two states and two labels: kinds of pupils on seats, ages, and draws of what a look shows."""
    rng = np.random.default_rng(seed)
    strata = seats * kinds
    by_age = [
        chain(rates(rng, 2), rng.uniform(0.1, 0.9, (strata, 2)), rules[0], LOOKS, LESSONS, days, years)
        for _ in range(ages)
    ]
    c = by_age[0]
    hit = rng.uniform(0.1, 0.9, (draws, ages, strata, 1, 2))
    masked = rng.uniform(0.0, 0.3, (draws, ages, strata))
    share = rng.dirichlet(np.ones(seats))
    return replace(
        c,
        weight=np.tile(share / kinds, kinds)[None],
        group=np.repeat(np.arange(kinds), seats),
        kind=np.repeat(np.arange(kinds), seats),
        view=np.tile(np.arange(seats), kinds),
        groups=tuple(f"g{i}" for i in range(kinds)),
        epoch=np.arange(years) * ages // years,
        **{name: np.concatenate([getattr(a, name) for a in by_age], axis=1) for name in ("start", "step", "gap")},
        emission=Emissions(np.stack([1 - hit, hit], axis=-1), np.stack([1 - masked, masked], axis=-1)),
        masking=np.asarray(levels, float),
        rules=tuple(rules),
    )  # fmt: skip


def soon_at_rest(c):
    """The same pupils, so often flagged while their faces are open that all have been within weeks."""
    hit = 0.6 + 0.3 * c.emission.plain[..., 1]
    return replace(c, emission=Emissions(np.stack([1 - hit, hit], axis=-1), c.emission.masked))


class Plain:
    """What becomes of the pupils of a chain, at one draw; of a day's flags, in order true or false, `kept` is kept."""

    def __init__(self, c, words, asked, draw=0, kept=lambda order: order):
        self.c, self.words, self.asked, self.draw, self.kept = c, words, asked, draw, kept
        self.known = {}

    def day(self, age, stratum, level):
        """P(what is kept of the asked rule's flags; as many flags tell somebody)."""
        key = age, stratum, level
        if key not in self.known:
            c, found = self.c, defaultdict(float)
            m = c.masking[level]
            plain, masked = c.emission.plain[self.draw, age, stratum, 0], c.emission.masked[self.draw, age, stratum]
            chance = (1 - m) * plain + m * masked
            at = replace(c, start=c.start[:, age : age + 1], step=c.step[:, age : age + 1], gap=c.gap[:, age : age + 1])
            for path, p in paths(*tables(at, stratum), LOOKS, LESSONS):
                for labels in itertools.product((0, 1), repeat=LOOKS * LESSONS):
                    q = p * math.prod(chance[z, y] for z, y in zip(path, labels, strict=True))
                    raised = {r.name: self.flags(r, path, labels) for r in c.rules}
                    told = sum(len(raised[r.name]) for r in c.rules if r.notify)
                    found[self.kept(raised[self.asked.name]), told] += q
            self.known[key] = dict(found)
        return self.known[key]

    def flags(self, r, path, labels):
        order = ()
        for i in range(LESSONS):
            part = slice(i * LOOKS, (i + 1) * LOOKS)
            hits, claimed = tuple(bool(r.hit[y]) for y in labels[part]), tuple(CLAIMS[z] for z in path[part])
            order += tuple(true for _, true in flags_of(hits, claimed, *self.words[r.name]))
        return order

    def lives(self, kind, first, flagged, new_year=lambda memory: memory):
        """{memory: P} at the end of school, of a memory that each day's flags change."""
        c, law = self.c, {(0, first): 1.0}
        strata = [s for s in range(c.strata) if c.kind[s] == kind]
        inner = c.weight[0, strata] / c.weight[0, strata].sum()
        for age in c.epoch:
            evening = defaultdict(float)
            for s, w in zip(strata, inner, strict=True):
                of = defaultdict(float)
                for (level, memory), p in law.items():
                    of[level, new_year(memory)] += w * p
                for _ in range(c.days):
                    after = defaultdict(float)
                    for (level, memory), p in of.items():
                        for (flags, told), q in self.day(age, s, level).items():
                            after[min(level + told, len(c.masking) - 1), flagged(memory, flags)] += p * q
                    of = after
                for key, p in of.items():
                    evening[key] += p
            law = evening
        found = defaultdict(float)
        for (_, memory), p in law.items():
            found[memory] += p
        return found
