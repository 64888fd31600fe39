"""What is valid and yet not computed, or most likely not meant."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from misread.deployment.model import Deployment, Group, InlineProfile, ProfileFrom
from misread.deployment.origin import Path, quoted
from misread.deployment.profiles import (
    displays_replacing,
    displays_used,
    profile_of,
    profiles_used,
    resolved_one,
)
from misread.deployment.profiles.kinds import Resolved
from misread.deployment.seats import views_of
from misread.deployment.text.problems import listed
from misread.errors import Problem


def unsupported(deployment: Deployment) -> tuple[Problem, ...]:
    """What no engine computes yet, as one problem; nothing if all is computed.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    """
    found = dict(_not_computed(deployment))
    if not found:
        return ()
    origin = deployment.origin
    lines = {what: origin.place(path).line for what, path in found.items()}
    said = ", ".join(what + (f" (line {lines[what]})" if lines[what] else "") for what in found)
    return (
        origin.problem(
            next(iter(found.values())),
            f"It is valid, but no engine computes this yet: {said}.",
            mend="take it out, with a policy for instance, to run the rest.",
        ),
    )


def _not_computed(_: Deployment) -> Iterator[tuple[str, Path]]:
    """What it is, and where it stands: nothing at present, since all that is valid is computed."""
    yield from ()


def warnings(deployment: Deployment) -> tuple[Problem, ...]:
    """What is valid, computed, and yet most likely not meant.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    """
    profiles = {name: found for name in profiles_used(deployment) if (found := resolved_one(deployment, name))}
    checks = [
        _unused(deployment),
        _too_late(deployment),
        _always_right(deployment),
        _nobody(deployment),
        _too_few_seats(deployment),
        _faces_of_nothing(deployment),
        _uncertain(deployment, profiles),
    ]
    if len(profiles) == len(profiles_used(deployment)):
        checks += [_never_written(deployment, profiles), _never_or_always(deployment, profiles)]
    return tuple(problem for check in checks for problem in check)


def _unused(d: Deployment) -> Iterator[Problem]:
    tried = [name for spec in d.classifier.confusion.values() for name in spec.alternatives or ()]
    for home, known, used in (
        (("display",), d.display, displays_used(d)),
        (("classifier", "confusion"), d.classifier.confusion, [*profiles_used(d), *tried]),
    ):
        for name in known:
            if name not in used:
                what = f"Nobody uses the {'display' if len(home) == 1 else 'profile'} {quoted(name)}."
                yield d.origin.problem((*home, name), what)


def _too_late(d: Deployment) -> Iterator[Problem]:
    years = d.population.school_years
    for at, age in d.origin.entries(("ages",), d.ages):
        if age.from_year > years:
            what = f"It never begins: school ends after year {years}."
            yield d.origin.problem((*at, "from_year"), what)


def _always_right(d: Deployment) -> Iterator[Problem]:
    for at, rule in d.origin.entries(("rules",), d.rules):
        if set(rule.claims) >= set(d.pupil.states):
            yield d.origin.problem((*at, "claims"), "It claims every state, so no flag of it is ever wrong.")


def _nobody(d: Deployment) -> Iterator[Problem]:
    for at, group in d.origin.entries(("population", "groups"), d.population.groups):
        if group.share == 0:
            what = "Nobody is in this group; its figures are those of its members if there were any, disparities too."
            yield d.origin.problem((*at, "share"), what)


def _too_few_seats(d: Deployment) -> Iterator[Problem]:
    if d.camera.geometry is None:
        return
    seats, size = d.camera.geometry.seats, min(d.population.class_size, d.population.pupils_per_school)
    if seats.rows * seats.columns < size:
        what = f"There are {seats.rows * seats.columns} seats for classes of {size}; the rest is seen as those on them."
        yield d.origin.problem(("camera", "geometry", "seats"), what)


def _faces_of_nothing(d: Deployment) -> Iterator[Problem]:
    for name, spec in d.classifier.confusion.items():
        if isinstance(spec, ProfileFrom) and spec.faces_per_row is not None and not spec.rows:
            yield d.origin.problem(
                ("classifier", "confusion", name, "faces_per_row"),
                "It changes nothing: it is about rows written under `rows`, and there are none.",
                mend="write `units` for what the matrix rests on, or take it out.",
            )


def _uncertain(d: Deployment, profiles: Mapping[str, Resolved]) -> Iterator[Problem]:
    for name, profile in profiles.items():
        rows = [x for x, n in profile.n.items() if math.isnan(n)]
        whose = "its rows rest" if len(rows) == len(profile.rows) else f"the rows {listed(rows)} rest"
        if rows:
            yield d.origin.problem(
                ("classifier", "confusion", name),
                f"Nothing states how many faces {whose} on, so no interval tells how far they may be off.",
                mend="say so with `faces_per_row` if you know." if _writes_rows(d, name) else "",
            )


def _writes_rows(d: Deployment, name: str) -> bool:
    spec = d.classifier.confusion[name]
    return isinstance(spec, InlineProfile) or bool(spec.rows)


def _never_written(d: Deployment, profiles: Mapping[str, Resolved]) -> Iterator[Problem]:
    written = {
        label for g in d.population.groups for _, row in _written(d, g, profiles) for label, p in row.items() if p
    }
    for label in d.classifier.labels:
        if label not in written:
            what = f"The label {quoted(label)} is never written: it is 0 for every face that is shown."
            yield d.origin.problem(("classifier", "labels"), what)


def _never_or_always(d: Deployment, profiles: Mapping[str, Resolved]) -> Iterator[Problem]:
    for at, rule in d.origin.entries(("rules",), d.rules):
        never, always = [], []
        for group in d.population.groups:
            hits = [math.fsum(row.get(label, 0.0) for label in rule.labels) for _, row in _written(d, group, profiles)]
            never += [group.name] if max(hits) <= 0 else []
            # Rounding aside, 1 from every state.
            always += [group.name] if min(hits) >= 1 - 1e-12 else []
        for groups, what in (
            (never, "can never fire: none of its labels is ever written"),
            (always, "fires whenever it can: every look is a hit"),
        ):
            if groups:
                whom = "" if len(groups) == len(d.population.groups) else f" in {listed(groups)}"
                yield d.origin.problem((*at, "labels"), f"The rule {what}{whom}.")


def _written(d: Deployment, group: Group, profiles: Mapping[str, Resolved]) -> Iterator[tuple[str, dict[str, float]]]:
    """State and P(label | state), whatever situation, age and seat a pupil of the group may be in."""
    displays = [group.display, *displays_replacing(d)]
    names = [profile_of(d, group), *(a.profile for a in d.ages)]
    seats = [v.lost for v in views_of(d)] or [0.0]
    for name in dict.fromkeys(names):
        if name is None:
            continue
        for display in dict.fromkeys(displays):
            for state, shown in d.display[display].items():
                for lost in dict.fromkeys((min(seats), max(seats))):
                    yield state, _labels(d, shown, profiles[name], lost)


def _labels(d: Deployment, shown: Mapping[str, float], profile: Resolved, lost: float) -> dict[str, float]:
    total = math.fsum(shown.values())
    row = {
        label: math.fsum(w / total * profile.rows[x].get(label, 0.0) for x, w in shown.items() if w > 0)
        for label in d.classifier.labels
    }
    if lost:
        row = {label: p * (1 - lost) for label, p in row.items()}
        row["none"] = row.get("none", 0.0) + lost
    return row
