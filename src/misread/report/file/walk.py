"""A made-up child and the moment that is told about: the first flag it ever gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from misread.deployment.model import Deployment, Rule
from misread.engine.chain import Chain
from misread.engine.chain.process import Displays
from misread.profile import Profile
from misread.report.file.entries import ChildFile, Entry, Kind
from misread.report.file.truth import Truth

if TYPE_CHECKING:
    from misread.engine.sampled.replay import Facts

Pair = tuple[Entry, Truth]


@dataclass(frozen=True)
class Walk:
    """A child, and the moment that is told about.

    Attributes
    ----------
    deployment, chain, profiles
        What the child is watched by.
    facts : Facts
        Who the child is.
    file : ChildFile
        All school years.
    """

    deployment: Deployment
    chain: Chain
    profiles: Mapping[str, Profile]
    facts: Facts
    file: ChildFile

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Every entry with what is true."""
        return tuple(zip(self.file.entries, self.file.truth, strict=True))

    def of(self, kind: Kind) -> list[Pair]:
        """Every entry of a kind, with what is true."""
        return [(e, t) for e, t in self.pairs if e.kind is kind]

    @cached_property
    def flag(self) -> Pair | None:
        """The first flag, if there ever is one."""
        return next(((e, t) for e, t in self.pairs if e.kind is Kind.FLAG), None)

    @cached_property
    def rule(self) -> Rule | None:
        """The first flag's rule."""
        return next((r for r in self.deployment.rules if self.flag and r.name == self.flag[0].word), None)

    @cached_property
    def lesson(self) -> tuple[Pair, ...]:
        """The labels of the lesson up to the flag; without a flag those of the first lesson."""
        last = self.flag[0] if self.flag else next((e for e, _ in self.pairs if e.kind is Kind.LABEL), None)
        if last is None:
            return ()
        here = [
            (e, t)
            for e, t in self.pairs
            if (e.year, e.day, e.lesson) == (last.year, last.day, last.lesson) and e.kind is Kind.LABEL
        ]
        return tuple((e, t) for e, t in here if e.look <= last.look or self.flag is None)

    @cached_property
    def look(self) -> Pair:
        """The look that is followed: the last one that the rule counts; without a flag the first of all."""
        hits = [(e, t) for e, t in self.lesson if self.rule and e.word in self.rule.labels]
        return (hits or [*self.lesson])[-1 if self.flag else 0]

    @cached_property
    def stratum(self) -> int:
        """The chain's stratum that the child is in, that year."""
        chain, facts = self.chain, self.facts
        found = chain.group == chain.groups.index(facts.group)
        for i, (_, level, _) in enumerate(facts.traits):
            found &= chain.level[:, i] == level - 1
        if facts.views:
            found &= chain.view == chain.views.index(facts.views[self.look[0].year - 1])
        return int(np.flatnonzero(found)[0])

    def shown(self) -> float:
        """P(the expression of the look | the state), this child's traits and this kind of lesson included."""
        entry, truth = self.look
        situation = next((s for s in self.deployment.situations if s.name == truth.situation), None)
        age = max(
            (a for a in self.deployment.ages if a.from_year <= entry.year), key=lambda a: a.from_year, default=None
        )
        group = next(g for g in self.deployment.population.groups if g.name == self.facts.group)
        name = (situation and situation.display) or (age and age.display) or group.display
        table = Displays(self.deployment, self.chain.expressions).of(name, [u for _, _, u in self.facts.traits])
        return float(table[self.chain.states.index(truth.state), self.chain.expressions.index(truth.expression)])

    def row(self) -> tuple[Profile, dict[str, float]]:
        """The profile that reads the look, and its row for the expression as this child on this seat is read."""
        entry, truth = self.look
        profile = self.profiles[self.chain.profile[self.chain.epoch[entry.year - 1]][self.stratum]]
        rows = self.chain.seen(profile.p, self.stratum)
        return profile, dict(
            zip(profile.labels, rows[profile.expressions.index(truth.expression)].tolist(), strict=True)
        )

    def masking(self) -> tuple[int, float]:
        """Flags that somebody was told of, and how far the child hides its face at the end because of them."""
        notes = sum(e.kind is Kind.FLAG and bool(e.told) for e in self.file.entries)
        return notes, float(self.chain.masking[min(notes, len(self.chain.masking) - 1)])
