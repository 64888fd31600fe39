"""A class's day, look by look: what is so, what is written down, and whom the system tells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, repeat

from misread.deployment import Deployment, load, looks_per_lesson, resolve_profiles
from misread.deployment.model import Rule
from misread.deployment.model.flags import KOfLast, parse_flag
from misread.engine.chain import compile_chain
from misread.engine.sampled.replay import Facts, Look, Replay

MOST_LOOKS = 30_000_000
"""Looks at a class that are gone through to come to a day, where faces hide: about a second."""
NO_FACE = "none"
"""The label of a look that found no face."""


@dataclass(frozen=True, slots=True)
class Pupil:
    """One made-up pupil's day: who it is, and its looks; none where the cameras leave it alone."""

    facts: Facts
    looks: tuple[Look, ...]

    @property
    def number(self) -> int:
        """Within the school, counted from 1."""
        return self.facts.pupil


@dataclass(frozen=True, slots=True)
class Sent:
    """A flag of the day.

    Attributes
    ----------
    at : int
        The look at which it was raised, counted from 0 over the day.
    pupil : Pupil
        About whom.
    rule : Rule
        Which rule fired.
    right : bool
        Whether what it claims was so.
    window : tuple of Look
        The looks that it goes by, its own the last.
    """

    at: int
    pupil: Pupil
    rule: Rule
    right: bool
    window: tuple[Look, ...]


@dataclass(frozen=True)
class ClassDay:
    """A day of a class.

    Attributes
    ----------
    deployment : Deployment
        What it is watched by.
    day, year, today : int
        School day over all years, school year, and school day within it; from 1.
    pupils : tuple of Pupil
        The class, in order of their numbers.
    """

    deployment: Deployment
    day: int
    year: int
    today: int
    pupils: tuple[Pupil, ...]

    @cached_property
    def moments(self) -> tuple[Look, ...]:
        """One look for each moment of the day: everybody watched is looked at together."""
        return next((pupil.looks for pupil in self.pupils if pupil.looks), ())

    @cached_property
    def flags(self) -> tuple[Sent, ...]:
        """All flags of the day, in order of time, then of pupils."""
        found = [
            Sent(at, pupil, self.rules[flag.rule], flag.true, window_of(self.rules[flag.rule], pupil.looks[: at + 1]))
            for pupil in self.pupils
            for at, look in enumerate(pupil.looks)
            for flag in look.flags
        ]
        return tuple(sorted(found, key=lambda sent: (sent.at, sent.pupil.number)))

    @cached_property
    def messages(self) -> tuple[Sent, ...]:
        """Those flags that somebody is told of."""
        return tuple(sent for sent in self.flags if sent.rule.notify)

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The rules by name."""
        return {rule.name: rule for rule in self.deployment.rules}

    def judged(self, look: Look) -> str:
        """What a label comes to: ``"right"``, ``"wrong"``, ``"quiet"`` or ``"unseen"``.

        A label that a rule counts says what that rule claims: right if the child is in such a state at this look. A
        label that no rule counts is held against nobody: it is quiet.
        """
        if look.label == NO_FACE:
            return "unseen"
        if not look.hits:
            return "quiet"
        return "right" if any(look.state in self.rules[name].claims for name in look.hits) else "wrong"

    def tally(self, at: int) -> Counter[str]:
        """How many labels of a moment are what; see `judged`."""
        return Counter(self.judged(pupil.looks[at]) for pupil in self.pupils if pupil.looks)


def window_of(rule: Rule, looks: tuple[Look, ...]) -> tuple[Look, ...]:
    """The looks of the last one's lesson that a rule goes by."""
    here = [look for look in looks if look.lesson == looks[-1].lesson]
    flag = parse_flag(rule.flag)
    return tuple(here[-flag.n :] if isinstance(flag, KOfLast) else here)


@dataclass(frozen=True)
class Seen:
    """A deployment with a seed: all its pupils, ready to be replayed."""

    deployment: Deployment
    replay: Replay

    @property
    def looks_a_day(self) -> int:
        """How often a pupil is looked at in a day."""
        return looks_per_lesson(self.deployment) * self.deployment.calendar.lessons_per_day

    @property
    def days_reached(self) -> int:
        """Days of each school year that can be come to within a second or two."""
        a_day = self.looks_a_day * self.deployment.population.class_size
        return min(self.deployment.calendar.days_per_year, max(1, MOST_LOOKS // a_day))

    def members(self, klass: int) -> range:
        """Numbers of a class's pupils; a school's last class may be smaller."""
        population = self.deployment.population
        first = (klass - 1) * population.class_size + 1
        return range(first, min(first + population.class_size, population.pupils_per_school + 1))


def only(deployment: Deployment, kind: str) -> tuple[str, ...]:
    """Settings that make every lesson one of a kind; nothing is set for ``""``."""
    shares = ((s.name, int(s.name == kind)) for s in deployment.situations)
    return tuple(f'situations."{name}".share={share}' for name, share in shares) if kind else ()


@lru_cache(maxsize=4)
def seen(name: str, kind: str, seed: int) -> Seen:
    """A shipped deployment, all lessons of one kind if one is given, ready for replays."""
    deployment = load(name)
    if settings := only(deployment, kind):
        deployment = load(name, settings=settings)
    profiles = resolve_profiles(deployment)
    return Seen(deployment, Replay(deployment, compile_chain(deployment, profiles), profiles, seed))


@lru_cache(maxsize=8)
def class_day(name: str, kind: str, seed: int, school: int, klass: int, day: int) -> ClassDay:
    """A class's day; everything has to be within what the deployment has."""
    here = seen(name, kind, seed)
    year, rest = divmod(day - 1, here.deployment.calendar.days_per_year)
    looks = here.replay.days(school, here.members(klass), day)
    pupils = tuple(Pupil(here.replay.facts(school, number), own) for number, own in looks.items())
    return ClassDay(here.deployment, day, year + 1, rest + 1, pupils)


@dataclass(frozen=True, slots=True)
class Held:
    """What a day brought into a child's file: flags that were right and wrong, and of which rules."""

    right: int
    wrong: int
    rules: tuple[str, ...]


Year = tuple[Held, ...]
"""A child's days of a school year."""


@lru_cache(maxsize=32)
def file_days(
    name: str, kind: str, seed: int, school: int, pupils: tuple[int, ...], first: int, last: int, until: int
) -> dict[int, tuple[Year, ...]]:
    """Flags of some children's days, year by year from `first` to `last`; of the last year as far as day `until`."""
    here = seen(name, kind, seed)
    names = tuple(rule.name for rule in here.deployment.rules)
    ends = [here.deployment.calendar.days_per_year] * (last - first) + [until]
    found = {}
    for pupil, flags in here.replay.flag_days(school, pupils).items():
        wrong, right = (some.transpose(1, 2, 0).tolist() for some in flags)
        found[pupil] = tuple(
            tuple(_held(names, wrong[year - 1][day], right[year - 1][day]) for day in range(end))
            for year, end in zip(range(first, last + 1), ends, strict=True)
        )
    return found


def _held(names: tuple[str, ...], wrong: list[int], right: list[int]) -> Held:
    """A day, from its wrong and right flags by rule."""
    each = (repeat(name, w + r) for name, w, r in zip(names, wrong, right, strict=True))
    return Held(sum(right), sum(wrong), tuple(chain.from_iterable(each)))
