"""The long map: twelve years of one child and of a school, what the file says and what was true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from misread.findings.definitions import DEFINITIONS
from misread.language import gettext as _
from misread.web.pages.map.asked import asked_of
from misread.web.pages.map.child import child_of, watched
from misread.web.pages.map.drawing import drawing_of
from misread.web.pages.map.lessons import lessons_of
from misread.web.pages.map.school import counted, school_of, unluckiest
from misread.web.pages.map.shares import counted_too, schools_of, shares_of
from misread.web.pages.map.taken import taken
from misread.web.shipped import titles

HUNDRED = 100
"""Pupils among whom the unluckiest and the luckiest are looked for."""


def view(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows.

    Parameters
    ----------
    asked : mapping
        What the form and the links hold: `deployment`, its shipped name; `rule`; `seed`, `school` and `pupil`; `who`,
        ``unluckiest`` or ``luckiest``, instead of the pupil; `count`, ``school`` or ``all``, for what takes longer.

    Raises
    ------
    MisreadError
        If there is no such deployment, rule or pupil.
    """
    wanted = asked_of(asked)
    lived = watched(wanted.name, wanted.seed)
    school = None
    if wanted.who or wanted.count == "school":
        school = counted(wanted.name, wanted.seed, wanted.school)
    if wanted.who and school is not None:
        wanted = wanted.with_pupil(unluckiest(school, wanted.rule_index, HUNDRED, lucky=wanted.who == "luckiest"))
    child = child_of(lived, wanted)
    shares = shares_of(wanted)
    more = counted_too(wanted) if wanted.count == "all" else None
    picture = taken(asked.get("take", ""), shares, more, wanted)
    return ({} if picture is None else {"taken": picture}) | {
        "asked": wanted,
        "deployments": tuple(titles().items()),
        "child": child,
        "ages": drawing_of(child),
        "shares": shares,
        "whole": None if school is None else school_of(school, wanted, child),
        "lived": None if school is None else lessons_of(school, wanted),
        "schools": schools_of(wanted),
        "more": more,
        "meanings": {id: _(DEFINITIONS[id].meaning) for id in ("decision_wrong", "map_reliability")},
        "hundred": min(HUNDRED, wanted.deployment.population.pupils_per_school),
    }
