"""One made-up pupil's day, look by look: the deployment read aloud, one draw at a time.

Plain on purpose. It shares nothing with the exact engine but the matrices: rules are read here from their
definition, with a window that slides, so that its means check the engine's.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from misread.deployment.model import Deployment, Rule
from misread.deployment.model.flags import KOfLast, ShareOver, parse_flag
from misread.engine.chain import Chain
from misread.profile import Profile


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule that fired: what it claims was so, or was not."""

    rule: str
    true: bool
    notify: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What happened at one look: lesson and look count from 1, `minute` from the first lesson's start.

    `hits` are the rules that count the label.
    """

    lesson: int
    look: int
    minute: float
    state: str
    expression: str
    label: str
    hits: tuple[str, ...]
    flags: tuple[Flag, ...]


class Sampler:
    """Draws days of the pupils of a deployment.

    Parameters
    ----------
    deployment : Deployment
        What the rules and the calendar are read from.
    chain : Chain
        Compiled from it: only its matrices are used.
    profiles : mapping of str to Profile
        Its profiles.
    seed : int
        Pupil and day are part of the key, rules and classifier are not.
    """

    def __init__(self, deployment: Deployment, chain: Chain, profiles: dict[str, Profile], seed: int = 1) -> None:
        self.deployment, self.chain, self.profiles, self.seed = deployment, chain, profiles, seed

    def group(self, pupil: int) -> str:
        """The group that a pupil, counted from 1, is in."""
        rng = np.random.default_rng([self.seed, pupil])
        shares = [self.chain.weight[0, self.chain.group == g].sum() for g in range(len(self.chain.groups))]
        return self.chain.groups[int(rng.choice(len(shares), p=shares))]

    def view(self, pupil: int, year: int) -> str:
        """How a pupil's seat is seen in a school year, both counted from 1; empty where all are seen alike."""
        stratum = self._stratum(pupil, year)
        return self.chain.views[self.chain.view[stratum]] if self.chain.views else ""

    def _stratum(self, pupil: int, year: int) -> int:
        """A pupil's group stays; the seat is drawn anew each year, whatever the group."""
        mine = np.flatnonzero(self.chain.group == self.chain.groups.index(self.group(pupil)))
        seats = [self.chain.weight[0, self.chain.view == v].sum() for v in self.chain.view[mine]]
        return int(mine[np.random.default_rng([self.seed, pupil, year, 0, 0]).choice(len(mine), p=seats)])

    def day(self, pupil: int, day: int) -> Iterator[Look]:
        """All looks of one pupil's day, both counted from 1."""
        chain, calendar = self.chain, self.deployment.calendar
        stratum = self._stratum(pupil, 1 + (day - 1) // chain.days)
        profile = self.profiles[chain.profile[stratum]]
        rows = chain.seen(profile.p, stratum)
        path, faces, words = (np.random.default_rng([self.seed, pupil, day, purpose]) for purpose in range(3))
        state = path.choice(len(chain.states), p=chain.start[stratum])
        for lesson in range(chain.lessons):
            readers = [_Reader(rule, chain.looks) for rule in self.deployment.rules]
            for look in range(chain.looks):
                expression = faces.choice(len(profile.expressions), p=chain.display[stratum][state])
                label = words.choice(len(profile.labels), p=rows[expression])
                name, word = chain.states[state], profile.labels[label]
                hits = tuple(r.rule.name for r in readers if word in r.rule.labels)
                flags = tuple(f for r in readers if (f := r.read(word, name)))
                start = lesson * (calendar.lesson_minutes + calendar.break_minutes)
                minute = start + look * self.deployment.camera.observe_every_seconds / 60
                yield Look(lesson + 1, look + 1, minute, name, profile.expressions[expression], word, hits, flags)
                last = look == chain.looks - 1
                state = path.choice(len(chain.states), p=(chain.gap if last else chain.step)[stratum, state])


class _Reader:
    """A rule reading one lesson, word by word, as docs/deployment-file.md says it."""

    def __init__(self, rule: Rule, looks: int) -> None:
        flag = parse_flag(rule.flag)
        assert isinstance(flag, KOfLast | ShareOver)
        self.rule, self.flag, self.left, self.looks = rule, flag, looks, looks
        window = flag.n if isinstance(flag, KOfLast) else looks
        self.hits: deque[bool] = deque(maxlen=window)
        self.claimed: deque[bool] = deque(maxlen=window)
        self.muted = False

    def read(self, label: str, state: str) -> Flag | None:
        self.left -= 1
        self.hits.append(label in self.rule.labels)
        self.claimed.append(state in self.rule.claims)
        if isinstance(self.flag, ShareOver):
            enough = self.flag.share * self.looks
            if self.left or not sum(self.hits) > enough:
                return None
            return Flag(self.rule.name, sum(self.claimed) > enough, self.rule.notify)
        if self.muted or sum(self.hits) < self.flag.k:
            return None
        if self.rule.after_flag == "clear":
            self.hits.clear()
        self.muted = self.rule.after_flag == "mute lesson"
        true = self.claimed[-1] if self.rule.true_if == "at_flag" else any(self.claimed)
        return Flag(self.rule.name, true, self.rule.notify)
