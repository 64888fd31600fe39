"""The deployment's own rules, on the words of a reader instead of a profile's labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from misread.closed.day.cast import valid
from misread.closed.day.model import READERS, Flagged, Judged, Sat
from misread.deployment.model import Deployment, Rule
from misread.deployment.model.flags import KOfLast, TopOfClass, parse_flag
from misread.engine.sampled.reference import fires_at, would_be_true


@dataclass(frozen=True, slots=True)
class _Lesson:
    """A lesson of one pupil: its first look, counted over the day, what was read, what was shown and what was so."""

    pupil: int
    first: int
    words: Sequence[str]
    shown: Sequence[str]
    states: Sequence[str]


def raised(deployment: Deployment, pupils: Sequence[Sat], looks: int, seed: int) -> tuple[Flagged, ...]:
    """All flags of a day, by reader and rule.

    Parameters
    ----------
    deployment : Deployment
        Whose rules.
    pupils : sequence of Sat
        A whole class.
    looks : int
        Looks a lesson.
    seed : int
        For lots between those who are tied in a rule that ranks.
    """
    found = [
        flag
        for n, reader in enumerate(READERS)
        for lesson, first in enumerate(range(0, len(pupils[0].faces), looks))
        for rule in deployment.rules
        for flag in _of_lesson(rule, reader, _lessons(pupils, n, first, looks), (seed, lesson))
    ]
    return tuple(sorted(found, key=lambda flag: (flag.at, READERS.index(flag.reader), flag.pupil)))


def _lessons(pupils: Sequence[Sat], reader: int, first: int, looks: int) -> list[_Lesson]:
    return [
        _Lesson(
            pupil=one.pupil,
            first=first,
            words=[face.said[reader] for face in one.faces[first : first + looks]],
            shown=[face.expression for face in one.faces[first : first + looks]],
            states=[face.state for face in one.faces[first : first + looks]],
        )
        for one in pupils
    ]


def _of_lesson(rule: Rule, reader: str, lessons: list[_Lesson], key: tuple[int, int]) -> Iterator[Flagged]:
    hits = [[word in rule.labels for word in lesson.words] for lesson in lessons]
    flag = parse_flag(rule.flag)
    fired = _ranked(flag.n, hits, key) if isinstance(flag, TopOfClass) else [fires_at(rule, own) for own in hits]
    for lesson, own, at_looks in zip(lessons, hits, fired, strict=True):
        true = would_be_true(rule, [state in rule.claims for state in lesson.states])
        since = 0
        for at in (look for look, fires_now in enumerate(at_looks) if fires_now):
            begins = max(since, at - flag.n + 1) if isinstance(flag, KOfLast) else 0
            counted = [look for look in range(begins, at + 1) if own[look]]
            yield Flagged(
                reader=reader,
                rule=rule.name,
                pupil=lesson.pupil,
                at=lesson.first + at,
                hits=tuple(lesson.first + look for look in counted),
                notify=rule.notify,
                judged=_judged(true[at], [lesson.shown[look] for look in counted]),
            )
            since = at + 1 if rule.after_flag == "clear" else since


def _judged(true: bool, shown: list[str]) -> Judged:
    if not all(valid(pose) for pose in shown):
        return "cannot be judged"
    return "right" if true else "wrong"


def _ranked(top: int, hits: list[list[bool]], key: tuple[int, int]) -> list[list[bool]]:
    """Who is among the `top` with most hits, as flags at the last look; lots decide between those who are tied."""
    lots = np.random.Generator(np.random.Philox(key=list(key))).random(len(hits))
    some = [i for i, own in enumerate(hits) if any(own)]
    chosen = set(sorted(some, key=lambda i: (-sum(hits[i]), lots[i]))[:top])
    return [[False] * (len(own) - 1) + [i in chosen] for i, own in enumerate(hits)]
