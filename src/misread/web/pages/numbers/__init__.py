"""Check this number: what a finding means, what it is, what it rests on, and what to type to get it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from misread.deployment import Deployment, resolve_profiles
from misread.errors import MisreadError, Problem
from misread.findings.definitions import DEFINITIONS, Definition
from misread.findings.table import Finding
from misread.language import gettext as _
from misread.report.words import exact
from misread.report.words.sources import ALERTS, PARTS, RESTS_ON, Evidence, Ground, Library, grounds, parameters
from misread.study.exact.run import FEWEST
from misread.web.pages.map.asked import no_rule
from misread.web.pages.map.shares import SCHOOLS
from misread.web.pages.numbers.about import about, only_named, settled
from misread.web.pages.numbers.found import found, quick
from misread.web.shipped import FIRST as DEFAULT
from misread.web.shipped import shipped_one, titles

SAMPLED = frozenset({"map_reliability", "decision_wrong", "decision_lottery"})
"""What only samples tell."""
MOST = 60
"""Rows that are shown of one finding."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the finding: what it is about (a name alone, or words), value, interval, error, how it was got."""

    about: str
    named: bool
    value: str
    interval: str
    error: str
    method: str


def view(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows.

    Parameters
    ----------
    asked : mapping
        What the form and the links hold: `deployment`, its shipped name; `finding`, its id, or none for a list of
        all; `rule`; `was`, the deployment that the rule was chosen from, where that is another; `sure`, ``1`` where
        intervals are wanted, which takes seconds.

    Raises
    ------
    MisreadError
        If there is no such deployment, finding or rule.
    """
    name = asked.get("deployment") or DEFAULT
    deployment = shipped_one(name)
    definition = _definition(asked.get("finding", ""))
    rules = tuple(rule.name for rule in deployment.rules)
    rule = asked.get("rule", "")
    if rule and rule not in rules and asked.get("was", name) == name:
        raise MisreadError(no_rule(rule, rules))
    sure = asked.get("sure") == "1"
    told = {
        "name": name, "title": deployment.title, "deployments": tuple(titles().items()), "rules": rules, "sure": sure,
        "rule": rule if rule in rules else "", "definition": definition, "definitions": tuple(DEFINITIONS.values()),
        "shown_rule": rule if rule in rules else rules[0] if rules else "",
    }  # fmt: skip
    if definition is None:
        return told
    here = name in quick() and definition.id not in SAMPLED
    rows = _rows(name, definition.id, str(told["rule"]), sure=sure) if here else ()
    return told | {
        "rows": tuple(map(_line, rows[:MOST])),
        "left": max(0, len(rows) - MOST),
        "counted": here,
        "parts": _inputs(deployment, definition.id),
        "profiles": _profiles(deployment) if "classifier" in tables_of(definition.id) else (),
        "command": command_of(name, draws=(FEWEST if sure else 0) if here else None),
        "schools": min(SCHOOLS, deployment.population.schools),
    }


def _definition(id: str) -> Definition | None:
    if not id:
        return None
    if id not in DEFINITIONS:
        raise MisreadError(
            Problem(
                _("There is no finding %(id)s.", id=repr(id[:60])),
                expected=_("one of %(names)s.", names=", ".join(DEFINITIONS)),
                mend=_("choose one from the list."),
                key="finding",
            )
        )
    return DEFINITIONS[id]


def _rows(name: str, id: str, rule: str, *, sure: bool) -> tuple[Finding, ...]:
    rows = (f for f in found(name, sure=sure) if f.id == id)
    kept = [f for f in rows if not rule or f.rule in (None, rule)]
    # What most look for comes first: everybody, read by what the deployment has.
    return tuple(sorted(kept, key=lambda f: (f.reader is not None, f.group != "all")))


def _line(finding: Finding) -> Line:
    ends = finding.low is not None and finding.high is not None
    value, low, high = (settled(finding.id, x) for x in (finding.value, finding.low, finding.high))
    return Line(
        about=about(finding),
        named=only_named(finding),
        value=exact(value),
        interval=_("%(low)s to %(high)s", low=exact(low), high=exact(high)) if ends else "",
        error="" if finding.se is None else exact(finding.se),
        method=finding.method,
    )


def tables_of(id: str) -> tuple[str, ...]:
    """Tables of the deployment that a finding is computed from."""
    return next((tables for starts, tables in RESTS_ON.items() if id.startswith(starts)), ALERTS)


def _inputs(deployment: Deployment, id: str) -> tuple[Ground, ...]:
    titles = {title for title, of in PARTS.items() if set(tables_of(id)).intersection(of)}
    return tuple(p for p in grounds(parameters(deployment), Library.load()) if p.title in titles)


def _profiles(deployment: Deployment) -> tuple[tuple[str, str, tuple[Evidence, ...]], ...]:
    """The profiles: name, source, and the entries of the evidence that it names."""
    library = Library.load()
    return tuple((p.name, p.source, library.look_up(p.source)) for p in resolve_profiles(deployment).values())


def command_of(name: str, draws: int | None = None) -> str:
    """What to type to get the findings of a deployment, with as many draws for the intervals as are shown."""
    return f"misread run {name}{'' if draws is None else f' --draws {draws}'} --json"


def address(deployment: str, finding: str, rule: str = "") -> str:
    """The address of this page for a number."""
    asked = {"deployment": deployment, "finding": finding, "rule": rule}
    return f"/numbers?{urlencode({key: value for key, value in asked.items() if value})}"
