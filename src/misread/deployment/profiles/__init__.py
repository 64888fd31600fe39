"""The profiles that a deployment uses, resolved to P(label | expression)."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from misread.deployment.model import Deployment, Group, InlineProfile, ProfileFrom
from misread.deployment.origin import quoted
from misread.deployment.profiles.audited import audited, beside, file_of, is_audit
from misread.deployment.profiles.kinds import Resolved, Task
from misread.deployment.profiles.matrices import Matrix, from_matrix
from misread.deployment.profiles.middle import of_the_middle
from misread.deployment.profiles.written import claim, inline
from misread.deployment.text.problems import listed, twice, unknown
from misread.deployment.text.source import near
from misread.errors import MisreadError, Problem

if TYPE_CHECKING:
    from misread.profile import Profile


def resolve_profiles(deployment: Deployment) -> dict[str, Profile]:
    """Every profile that a group or an age uses, in the order of the groups.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.

    Returns
    -------
    dict of str to Profile
        Expressions in the order in which displays show them, labels in the deployment's.

    Raises
    ------
    MisreadError
        If a profile cannot be made.
    """
    # Arrays load when they are needed: reading and checking a file goes without.
    import numpy as np

    from misread.profile import Profile

    profiles = {}
    labels = deployment.classifier.labels
    for name in profiles_used(deployment):
        task = _task(deployment, name)
        found = _resolve(deployment, task, name)
        if task.problems or found is None:
            raise MisreadError(task.problems)
        rows = np.array([[row.get(label, 0.0) for label in labels] for row in found.rows.values()])
        profiles[name] = Profile(
            name=name,
            expressions=tuple(found.rows),
            labels=labels,
            p=rows,
            n=np.array([found.n[x] for x in found.rows]),
            support=np.array([[label in found.support[x] for label in labels] for x in found.rows]),
            source=found.source,
        )
    return profiles


def resolved(deployment: Deployment) -> dict[str, Resolved] | None:
    """All profiles of the file by word, or nothing if one of them cannot be made."""
    profiles = {}
    for name in deployment.classifier.confusion:
        if (found := resolved_one(deployment, name)) is None:
            return None
        profiles[name] = found
    return profiles


def resolved_one(deployment: Deployment, name: str) -> Resolved | None:
    """One profile by word, or nothing if it cannot be made."""
    task = _task(deployment, name)
    found = _resolve(deployment, task, name)
    return None if task.problems else found


def profile_problems(deployment: Deployment) -> Generator[Problem, None, dict[str, Resolved] | None]:
    """What is wrong with the profiles, and with who uses them; at the end all of them, as `resolved` gives them."""
    known = deployment.classifier.confusion
    path = ("population", "groups")
    for at, group in deployment.origin.entries(path, deployment.population.groups):
        if group.profile is not None and group.profile not in known:
            yield unknown(deployment.origin, (*at, "profile"), group.profile, known, "profile", "classifier.confusion")
        elif profile_of(deployment, group) is None:
            yield deployment.origin.problem(
                (*at, "profile"),
                f"No profile is called {quoted(group.name)}, and there are several.",
                f"`profile`: one of {listed(known)}.",
                "say which one reads this group.",
            )
    for at, age in deployment.origin.entries(("ages",), deployment.ages):
        if age.profile is not None and age.profile not in known:
            yield unknown(deployment.origin, (*at, "profile"), age.profile, known, "profile", "classifier.confusion")
    made: dict[str, Resolved] = {}
    for name, spec in known.items():
        task = _task(deployment, name)
        found = _resolve(deployment, task, name)
        yield from task.problems
        if found is not None and not task.problems:
            made[name] = found
        at = (*task.path, "alternatives")
        yield from twice(deployment.origin, at, spec.alternatives or ())
        for other in spec.alternatives or ():
            if other not in known:
                yield unknown(deployment.origin, at, other, known, "profile", "classifier.confusion")
            elif other == name:
                yield deployment.origin.problem(
                    at, f"{quoted(other)} is the profile itself.", "other profiles.", "take it out."
                )
    return made if len(made) == len(known) else None


def profile_of(deployment: Deployment, group: Group) -> str | None:
    """Name of a group's profile: as said, else the group's own name, else the only profile there is."""
    known = deployment.classifier.confusion
    if group.profile is not None:
        return group.profile
    if group.name in known:
        return group.name
    return next(iter(known)) if len(known) == 1 else None


def profiles_used(deployment: Deployment) -> list[str]:
    """Profiles of groups, then of ages."""
    named = [
        *(profile_of(deployment, g) for g in deployment.population.groups),
        *(a.profile for a in deployment.ages),
    ]
    return [name for name in dict.fromkeys(named) if name in deployment.classifier.confusion]


def displays_used(deployment: Deployment) -> list[str]:
    """Displays of groups, then of situations and ages."""
    named = [g.display for g in deployment.population.groups]
    return [name for name in dict.fromkeys([*named, *displays_replacing(deployment)]) if name in deployment.display]


def displays_replacing(deployment: Deployment) -> list[str]:
    """Displays that situations and ages put in the place of a group's."""
    named = [*(s.display for s in deployment.situations), *(a.display for a in deployment.ages)]
    return [name for name in named if name is not None]


def expressions_needed(deployment: Deployment, profile: str) -> list[str]:
    """Expressions that this profile may have to read: those shown, with probability above 0."""
    by_age = any(a.profile == profile for a in deployment.ages)
    instead_of = {
        name for name, spec in deployment.classifier.confusion.items() if profile in (spec.alternatives or ())
    }
    groups = [g for g in deployment.population.groups if by_age or profile_of(deployment, g) in {profile, *instead_of}]
    names = [*(g.display for g in groups), *(displays_replacing(deployment) if groups else [])]
    rows = [row for name in dict.fromkeys(names) for row in deployment.display.get(name, {}).values()]
    shown = [word for row in rows for word, weight in row.items() if weight > 0]
    hidden = deployment.feedback.expression if groups and deployment.feedback else ""
    # One that no display shows is refused by itself; asking for its row too would mislead.
    if any(hidden in row for display in deployment.display.values() for row in display.values()):
        shown.append(hidden)
    return list(dict.fromkeys(shown))


def _task(deployment: Deployment, name: str) -> Task:
    path = ("classifier", "confusion", name)
    return Task(path, deployment.origin, deployment.classifier.labels, expressions_needed(deployment, name))


def _resolve(deployment: Deployment, task: Task, name: str) -> Resolved | None:
    """A profile's rows; nothing where its source cannot be read."""
    spec = deployment.classifier.confusion[name]
    if isinstance(spec, InlineProfile):
        return inline(task, spec)
    if spec.source == "claim":
        return claim(task, spec)
    matrix = _audited(task, spec) if is_audit(spec.source) else _matrix(task, spec.source.removeprefix("evidence:"))
    if matrix is None:
        return None
    found = from_matrix(task, spec, matrix)
    # While a file is checked, a table that is not valid by itself is absent.
    means = is_audit(spec.source) if spec.mean_over_persons is None else spec.mean_over_persons
    return of_the_middle(task, spec, found, getattr(deployment, "traits", ())) if means else found


def _audited(task: Task, spec: ProfileFrom) -> Matrix | None:
    key = (*task.path, "from")
    try:
        found = audited(spec.source, file_of(task.origin, key, spec.source))
        return found.read_as({*task.labels, *spec.labels, *spec.drop})
    except MisreadError as error:
        # What is wrong is in the audit; who names it is in the deployment.
        place = task.origin.place(key)
        said_by = f"{place.file}:{place.line}" if place.line else place.file
        task.problems += [replace(p, mend=f"{p.mend} It is named in {said_by}.".lstrip()) for p in error.problems]
        return None


def _matrix(task: Task, id: str) -> Matrix | None:
    from misread import evidence

    known: Mapping[str, object] = evidence.catalogue()
    try:
        matrix: Matrix = evidence.matrix(_beside(task, id))
    except MisreadError as error:
        task.problems += error.problems
        return None
    except KeyError:
        meant = near(id, known)
        task.refuse(
            ("from",),
            f"{quoted(id)} is no matrix of the evidence catalogue.",
            "the id of a matrix, such as M14.",
            f"did you mean {quoted(meant)}?" if meant and meant != id else "see `misread evidence`.",
        )
        return None
    return matrix


def _beside(task: Task, id: str) -> str:
    """Where an id stands: a file of the user's own is looked for beside the file that names it."""
    return str(beside(task.origin, (*task.path, "from")) / id) if "#" in id else id
