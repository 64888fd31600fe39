"""Which finding is asked about."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from misread.deployment import Deployment
from misread.engine.chain import compile_chain
from misread.errors import MisreadError, Problem, printable
from misread.findings.about import KEYS, About
from misread.findings.definitions import DEFINITIONS
from misread.findings.measure import measure
from misread.findings.pooling import Quantity
from misread.profile import Profile


@dataclass(frozen=True, slots=True)
class Target(About):
    """One finding, which an analysis is about."""

    def wanted(self, id: str, rule: str | None) -> bool:
        """Whether a finding has to be computed for this one."""
        return (id, rule) == (self.id, self.rule)

    def hits(self, deployment: Deployment) -> frozenset[str]:
        """The labels whose share in a row can move it."""
        if self.rule is not None:
            return frozenset(y for r in deployment.rules if r.name == self.rule for y in r.labels)
        if self.label is not None:
            return frozenset((self.label,))
        told = {"alerts_per_teacher_day": "teacher", "alerts_per_family_year": "parent"}.get(self.id)
        return frozenset(y for r in deployment.rules if told in r.notify for y in r.labels)

    @property
    def words(self) -> str:
        """The finding with its keys, on one line."""
        keys = {k: getattr(self, k) for k in ("rule", *KEYS)}
        said = [f"{k} “{printable(v)}”" for k, v in keys.items() if v is not None]
        said += [f"group “{printable(self.group)}”"] if self.group != "all" else []
        return f"{self.id} ({', '.join(said)})" if said else self.id


def target(
    deployment: Deployment,
    profiles: Mapping[str, Profile],
    finding: str = "flag_ppv",
    rule: str | None = None,
    group: str = "all",
    **keys: str | None,
) -> tuple[Target, float]:
    """The finding that is meant, and its value as stated.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    profiles : mapping of str to Profile
        Its profiles, resolved.
    finding : str
        Its id.
    rule : str, optional
        Of which rule; by default of the first that has it.
    group : str
        Of which group.
    **keys : str
        What else it is about: `label`, `mark`, `view`, and so on (`misread.findings.about.KEYS`).

    Raises
    ------
    MisreadError
        If there is no such finding, or it has no value.
    """
    found = _measured(deployment, profiles, finding)
    rules = [q.rule for q in found if q.rule is not None]
    if rule is not None and not rules:
        raise _refused("--rule", f"{finding} is about no single rule.", "no --rule with it.", "leave --rule out.")
    if rules:
        rule = _one_of("--rule", rule or rules[0], rules)
        found = [q for q in found if q.rule == rule]
    for key in KEYS:
        found = _chosen(found, finding, key, keys.get(key))
    group = _one_of("--group", group, [q.group for q in found])
    (q,) = (q for q in found if q.group == group)
    value = float(q.samples[0])
    if np.isnan(value):
        raise _refused(
            "--finding",
            f"{finding} has no value as stated: what it is a share of never happens.",
            "a finding with a value.",
            f"see misread run {deployment.origin.name}; flags_per_pupil_year always has one.",
        )
    return Target(q.id, q.group, q.rule, **{k: getattr(q, k) for k in KEYS}), value


def _measured(deployment: Deployment, profiles: Mapping[str, Profile], finding: str) -> list[Quantity]:
    """The finding for every rule, group and so on, as stated."""
    if finding not in DEFINITIONS:
        near = difflib.get_close_matches(finding, DEFINITIONS, n=1)
        mend = f"did you mean {near[0]}?" if near else "docs/findings.md lists them."
        raise _refused("--finding", f"There is no finding {finding!r}.", "the id of a finding, such as flag_ppv.", mend)
    chain = compile_chain(deployment, profiles)
    found = list(measure(chain, deployment, chain.emission, wanted=lambda id, _: id == finding))
    if not found:
        needs = "a mark in [[file.marks]]" if finding.startswith("p_mark") else "a rule"
        what = f"This deployment has no finding {finding}: it needs {needs}."
        raise _refused("--finding", what, "a finding that it has.", f"add {needs}, or ask about another finding.")
    return found


def _chosen(found: list[Quantity], finding: str, key: str, given: str | None) -> list[Quantity]:
    """Those of the findings that are about what was given, or about nothing of that kind."""
    options = list(dict.fromkeys(v for q in found if (v := getattr(q, key)) is not None))
    if given is None and all(getattr(q, key) is not None for q in found):
        if len(options) == 1:
            return found
        what = f"{finding} is not one number: there is one for each {key}."
        raise _refused(f"--{key}", what, f"--{key} with one of {_listed(options)}.", f"add --{key} {options[0]!r}.")
    if given is not None and not options:
        what = f"{finding} is about no {key}."
        raise _refused(f"--{key}", what, f"no --{key} with it.", f"leave --{key} out.")
    if given is not None:
        _one_of(f"--{key}", given, options)
    return [q for q in found if getattr(q, key) == given]


def _one_of(option: str, given: str, options: Sequence[str]) -> str:
    options = list(dict.fromkeys(options))
    if given in options:
        return given
    near = difflib.get_close_matches(given, options, n=1)
    mend = f"did you mean {near[0]!r}?" if near else f"choose one with {option}."
    raise _refused(option, f"There is no {given!r} here.", f"one of {_listed(options)}.", mend)


def _listed(options: Sequence[str]) -> str:
    return ", ".join(map(repr, options))


def _refused(option: str, what: str, expected: str, mend: str) -> MisreadError:
    return MisreadError(Problem(what, expected=expected, mend=mend, file=option))
