"""What spans several keys: rows that add to 1, names that must exist, rules that could never be."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from misread.deployment.checks import core, further, geometry
from misread.deployment.model import Deployment
from misread.deployment.profiles import profile_problems
from misread.errors import Problem

Check = Callable[[Deployment], Iterator[Problem]]

_PROFILES = ("population", "classifier", "display", "situations", "ages", "feedback")


def _profiles(d: Deployment) -> Iterator[Problem]:
    """The profiles, and whether they name all labels: so that they are made once."""
    found = yield from profile_problems(d)
    if found is not None and "camera" in d.__dict__:
        yield from further.labels_named(d, found)


CHECKS: tuple[tuple[Check, tuple[str, ...]], ...] = (
    (core.groups, ("population",)),
    (core.group_displays, ("population", "display")),
    (core.school_day, ("calendar",)),
    (core.states, ("pupil",)),
    (core.displays, ("pupil", "display")),
    (core.rules, ("rules",)),
    (core.rule_words, ("rules", "pupil", "classifier")),
    (core.rule_looks, ("rules", "calendar", "camera")),
    (core.marks, ("file", "rules")),
    (core.labels, ("classifier",)),
    (_profiles, _PROFILES),
    (further.views, ("camera", "classifier")),
    (geometry.one_of_two, ("camera",)),
    (geometry.room, ("camera",)),
    (geometry.seen, ("camera", "classifier")),
    (further.filming, ("camera",)),
    (further.situations, ("situations", "pupil", "display")),
    (further.ages, ("ages", "pupil", "display")),
    (further.traits, ("traits", "pupil", *_PROFILES)),
    (further.feedback, _PROFILES),
    (further.decisions, ("decisions", "rules", "file", "population")),
)
"""Every check with the tables it reads: it is left out where one of them is not valid by itself."""


def problems_of(deployment: Deployment) -> Iterator[Problem]:
    """Everything that is wrong between the keys of a deployment, some of whose tables may be absent."""
    for check, reads in CHECKS:
        if all(table in deployment.__dict__ for table in reads):
            yield from check(deployment)
