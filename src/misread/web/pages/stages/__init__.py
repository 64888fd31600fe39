"""The system, stage by stage: one made-up child on one day, from the camera to decisions years later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from misread.language import gettext as _
from misread.report.file.entries import Kind
from misread.report.file.messages import addressed
from misread.report.file.stages import Stage, judged, stages
from misread.web.draw.stages_taken import taken
from misread.web.pages.stages.child import (
    AS_WRITTEN,
    Asked,
    Followed,
    added,
    facts_of,
    findings,
    followed,
    read,
    rooms,
    watched,
)
from misread.web.pages.stages.pictures import picture
from misread.web.pages.stages.told import ADDED, CLAIMS, IDS, LATE, Source, figure
from misread.web.shipped import titles

PATH = "/stages"
ALL = "all"
FULL = "as-described-full"
"""Has every stage."""


def view(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows.

    Parameters
    ----------
    asked : mapping
        `deployment` and `camera`, both by shipped name; `seed`, `school` and `pupil`; `year` and `day`, from which on
        the first flag is followed; `years`, ``all`` where the later stages are wanted too, which takes seconds.

    Raises
    ------
    MisreadError
        If there is none such.
    """
    who = read(asked)
    seen = watched(who.deployment, who.camera, who.seed)
    told: dict[str, Any] = {
        "asked": who,
        "choices": titles(),
        "rooms": rooms(),
        "most": {
            "school": seen.deployment.population.schools,
            "pupil": seen.deployment.population.pupils_per_school,
            "year": seen.deployment.population.school_years,
            "day": seen.deployment.calendar.days_per_year,
        },
        "title": seen.deployment.title,
        "added": _added(who, seen.deployment.title),
        "another_child": _address(_next_child(who, seen.deployment.population.pupils_per_school)),
        "fuller": _address(replace(who, deployment=FULL, camera="", year=1, day=1)),
        "claims": {id: _(said) for id, said in CLAIMS.items()},
    }
    if not facts_of(who).watched:
        return {**told, "watched": False, "stages": ()}
    walk, whole = followed(who, whole=asked.get("years") == ALL)
    written = findings(who.deployment, AS_WRITTEN) if seen.quick and added(who) else None
    source = Source(who, walk, findings(who.deployment, who.camera) if seen.quick else None, written)
    flag, found = walk.flag, stages(walk)
    shown = [
        _told(id, stage, source if whole or i < LATE else None)
        for i, (id, stage) in enumerate(zip(IDS, found, strict=True))
    ]
    return {
        **told,
        "watched": True,
        "whole": whole,
        "all_years": _address(who, years=ALL),
        "another_day": _address(_next_day(who, walk.look[0].year, walk.look[0].day, told["most"])),
        "stages": shown,
        **_taken(asked.get("take", ""), shown),
        "look": _look(walk.look),
        "flag": flag and _flag(walk),
        "late": walk.late,
        "flags": len(walk.of(Kind.FLAG)),
        "wrong": sum(not t.right for _entry, t in walk.of(Kind.FLAG)),
        "tour": source.tour(),
    }


def _added(who: Asked, title: str) -> dict[str, str] | None:
    """What this page adds to the system, and the way to it as it is."""
    if not (room := added(who)):
        return None
    return {"said": _(ADDED[room], title=title), "written": _address(replace(who, camera=AS_WRITTEN))}


def _look(pair: tuple[Any, Any]) -> dict[str, Any]:
    entry, truth = pair
    return {"at": f"{entry.at:%H:%M}", "year": entry.year, "day": entry.day, "word": entry.word, "state": truth.state}


def _flag(walk: Followed) -> dict[str, Any]:
    """What the opening says of the flag."""
    assert walk.flag is not None
    assert walk.rule is not None
    entry, truth = walk.flag
    verdict, because = judged(walk.rule, bool(truth.right))
    return {
        "right": bool(truth.right),
        "told": entry.told and addressed(entry.told),
        "rule": entry.word,
        "verdict": verdict,
        "because": because,
    }


def _told(id: str, stage: Stage, source: Source | None) -> dict[str, Any]:
    """A stage for the template; without a source it is not worked out yet, and nothing of it is told."""
    told: dict[str, Any] = {"id": id, "title": stage.title, "points": stage.points, "ready": source is not None}
    if source is None:
        return told
    return told | {
        "system": stage.system,
        "truth": stage.truth,
        "picture": picture(id, source.walk),
        "figure": figure(id, source),
    }


def _taken(take: str, shown: list[dict[str, Any]]) -> dict[str, Any]:
    """What is drawn only where it is taken away, by its name: that of the stage, and what it is."""
    id, _dash, what = take.rpartition("-")
    stage = next((one for one in shown if one["ready"] and one["id"] == id), None)
    if stage is None or what not in {"picture", "table"}:
        return {}
    return {"taken": taken(id, stage["picture"], as_table=what == "table")}


def _next_child(who: Asked, pupils: int) -> Asked:
    return replace(who, pupil=who.pupil % pupils + 1, year=1, day=1)


def _next_day(who: Asked, year: int, day: int, most: Mapping[str, int]) -> Asked:
    """The day after the one that is shown; after the last one the first."""
    if day < most["day"]:
        return replace(who, year=year, day=day + 1)
    return replace(who, year=year % most["year"] + 1, day=1)


def _address(who: Asked, **more: str) -> str:
    query = urlencode({**who.query(), **more})
    return f"{PATH}?{query}" if query else PATH
