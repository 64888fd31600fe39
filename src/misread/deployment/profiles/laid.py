"""An audit laid on a deployment like a policy: what was measured goes in the place of every profile that is used.

What the file says of its own words is kept where it fits the audit's: which row is read for an expression, which label
a column goes to. So are rows of expressions that nobody audited, and what is laid on rows as an assumption
(`odds`, `regardless`). What speaks of the replaced source (`diagonal`, `units` …) goes with it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, Any

from misread.deployment.model import Deployment, InlineProfile, LabelTrait, ProfileFrom
from misread.deployment.origin import Path, Place, spell, value_text
from misread.deployment.profiles import expressions_needed, profiles_used
from misread.deployment.profiles.audited import Audited, group_of, here, parts
from misread.deployment.text.problems import listed
from misread.deployment.text.source import Document
from misread.errors import Problem

if TYPE_CHECKING:
    from misread.audit.written.counts import Counts, LabelEffect

READ_LIKE = "assumption of the deployment: which of the audit's faces each expression is read like"
KEPT = ("odds", "odds_on", "regardless")
"""What a profile lays on rows, whatever their source."""
MOST_LEVELS = 9
"""Levels of all traits together, those of the deployment included: as many kinds of pupils a group are told apart."""
DIGITS = 4
"""Of spreads: more would tell nothing."""
LEVELS, FEWEST = 7, 3
"""Levels of a trait that is alone, and of each of several."""


@dataclass(frozen=True, slots=True)
class Laid:
    """An audit in a deployment's words.

    Attributes
    ----------
    source : str
        What profiles name.
    document : Document
        The overlay.
    needed : mapping of str to tuple of str
        Profile → expressions that it has to read.
    labels : tuple of str
        The deployment's labels.
    matrix : Audited
        The audit's counts.
    """

    source: str
    document: Document
    needed: Mapping[str, tuple[str, ...]]
    labels: tuple[str, ...]
    matrix: Audited


def laid(deployment: Deployment, source: str, counts: Counts | None = None) -> Laid:
    """The overlay that an audit makes on a deployment.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    source : str
        ``audit:PATH``, or ``audit:PATH#column=level,…``.
    counts : Counts, optional
        Those of the file, where they are known already; by default it is read.

    Raises
    ------
    MisreadError
        If the file is no audit, or has no such group.
    """
    file, levels = here(source), parts(source)[1]
    if counts is None:
        from misread.audit.written.load import read_counts

        counts = read_counts(file)
    by = f"--profile {source}"
    matrix = group_of(counts, levels, str(file)).read_as(deployment.classifier.labels)
    needed = {name: tuple(expressions_needed(deployment, name)) for name in profiles_used(deployment)}
    places: dict[Path, Place] = {}
    effects = tuple(_chosen(deployment, counts.effect.labels if counts.effect else (), matrix))
    profiles = {}
    for name in needed:
        path = ("classifier", "confusion", name)
        profiles[name] = _profile(deployment, name, needed[name], matrix, source)
        places[path] = Place(by)
        gone = "; ".join(f"{key} = {value}" for key, value in _left_out(deployment, name))
        went = f"; left out, since it was about what stood here before: {gone}" if gone else ""
        places[(*path, "from")] = Place(by, comment=f"measured: {matrix.short}{went}")
        places[(*path, "expressions")] = Place(by, comment=READ_LIKE)
        for key in ("odds", "odds_on", "rows", "regardless"):
            places |= {p: place for p, place in deployment.origin.places.items() if p[:4] == (*path, key)}
    data: dict[str, Any] = {"classifier": {"confusion": profiles}}
    if effects:
        data["traits"] = [dict(_trait(deployment, effect, label, len(effects))) for label, effect in effects]
        said = (
            "measured: how far persons differ in being read so; that the rest of the odds is logistic is an assumption"
        )
        places |= {("traits", trait["name"], "sd"): Place(by, comment=said) for trait in data["traits"]}
        few = "assumption: as few as it takes to run quickly"
        places |= {("traits", trait["name"], "levels"): Place(by, comment=few) for trait in data["traits"]}
    return Laid(source, Document(by, data, places), needed, deployment.classifier.labels, matrix)


def missing(found: Laid, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Words of the audit that mean nothing in the deployment once everything is laid on, one message a profile.

    Parameters
    ----------
    found : Laid
        As `laid` gave it.
    data : mapping
        The deployment's tables as they are now.
    """
    for name, needed in found.needed.items():
        spec = data["classifier"]["confusion"].get(name, {})
        if not isinstance(spec, Mapping) or spec.get("from") != found.source:
            continue
        columns, rows = unmapped(found, spec, needed)
        if not columns and not rows:
            continue
        no = "which is no label" if len(columns) == 1 else "which are no labels"
        said = [f"answers {listed(columns)}, {no} of the deployment"] if columns else []
        said += [f"has no row for {listed(rows)}, which faces of the deployment show"] if rows else []
        expected = [f"for each answer one of {listed(found.labels)}"] if columns else []
        expected += [f"for each expression one of {listed(found.matrix.rows)}"] if rows else []
        at = ("classifier", "confusion", name)
        lines = [_set((*at, "labels", c), "LABEL") for c in columns]
        lines += [_set((*at, "expressions", x), "ROW") for x in rows]
        instead = f"; or leave answers out: {_left(name, spec, columns)}" if columns else ""
        yield Problem(
            f"The audit {', and '.join(said)}.",
            f"{'; '.join(expected)}.",
            f"say which is which: {' '.join(lines)}{instead}.",
            file=found.document.file,
            key=spell(at),
        )


def unmapped(found: Laid, spec: Mapping[str, Any], needed: Sequence[str]) -> tuple[list[str], list[str]]:
    """Columns of the audit without a label, and expressions without a row."""
    matrix = found.matrix
    to_labels, drop = spec.get("labels", {}), spec.get("drop", ())
    columns = [c for c in matrix.columns if c not in to_labels and c not in drop and c not in found.labels]
    known = {*spec.get("expressions", {}), *spec.get("rows", {}), *matrix.rows}
    return columns, [x for x in needed if x not in known]


def shortly(name: str, spec: Mapping[str, Any], columns: Sequence[str], rows: Sequence[str]) -> str:
    """What to type for words of an audit that mean nothing in the deployment, one of each kind.

    Parameters
    ----------
    name : str
        The profile.
    spec : mapping
        Its tables.
    columns, rows : sequence of str
        As `unmapped` gave them.
    """
    at = ("classifier", "confusion", name)
    said = []
    if columns:
        it, which = ("it", "it is") if len(columns) == 1 else ("them", "each is")
        said.append(f"leave {it} out with {_left(name, spec, columns)}")
        said.append(f"or say which label {which} with {_set((*at, 'labels', columns[0]), 'LABEL')}")
    if rows:
        which = "it is" if len(rows) == 1 else "each is"
        said.append(f"say which row {which} read like with {_set((*at, 'expressions', rows[0]), 'ROW')}")
    return ", ".join(said)


def _left(name: str, spec: Mapping[str, Any], columns: Sequence[str]) -> str:
    """The option that leaves answers out, beside those that are left out already."""
    return _set(("classifier", "confusion", name, "drop"), value_text([*spec.get("drop", ()), *columns]))


def _set(path: Path, value: str) -> str:
    """An option as one types it in a shell."""
    return f"--set {quote(f'{spell(path)}={value}')}"


def _profile(deployment: Deployment, name: str, needed: Sequence[str], matrix: Audited, source: str) -> dict[str, Any]:
    """The profile that goes in the place of one that is used, with what the audit does not speak of."""
    raw = _raw(deployment, name)
    spec = deployment.classifier.confusion[name]
    old: ProfileFrom | None = spec if isinstance(spec, ProfileFrom) else None
    to_label = dict(old.labels) if old else {}
    labels = {c: to_label[c] for c in matrix.columns if to_label.get(c, c) != c}
    drop = [c for c in matrix.columns if old and c in old.drop]
    expressions: dict[str, str | list[str]] = {}
    rows = {}
    written = raw if isinstance(spec, InlineProfile) else raw.get("rows", {})
    for expression in needed:
        names = [_row(word, to_label, matrix.rows) for word in (old.expressions if old else {}).get(expression, ())]
        if names and all(names):
            known = [word for word in names if word]
            if known != [expression]:
                expressions[expression] = known[0] if len(known) == 1 else known
        elif expression not in matrix.rows and expression in written:
            rows[expression] = written[expression]
    found: dict[str, Any] = {"from": source}
    found |= {key: value for key, value in (("expressions", expressions), ("labels", labels)) if value}
    found |= {"drop": drop} if drop else {}
    found |= {key: raw[key] for key in KEPT if key in raw and old is not None}
    found |= {"rows": rows} if rows else {}
    found |= {"faces_per_row": raw["faces_per_row"]} if rows and "faces_per_row" in raw else {}
    return found


def _row(word: str, to_label: Mapping[str, str], rows: Sequence[str]) -> str | None:
    """The audit's row for a word of the replaced source: the same, or the one called like the label it goes to."""
    return next((name for name in (word, to_label.get(word)) if name in rows), None)


def _left_out(deployment: Deployment, name: str) -> Iterator[tuple[str, str]]:
    """What spoke of the replaced source, and went with it."""
    raw = _raw(deployment, name)
    for key in ("accuracy", "diagonal", "loss_to", "units") if "from" in raw else ():
        if key in raw:
            value = raw[key]
            yield key, value_text(value["value"] if isinstance(value, Mapping) else value)


def _raw(deployment: Deployment, name: str) -> Mapping[str, Any]:
    """A profile as it was written, ranges and all."""
    found: Mapping[str, Any] = deployment.origin.data["classifier"]["confusion"][name]
    return found


def _chosen(
    deployment: Deployment, effects: Sequence[LabelEffect], matrix: Audited
) -> Iterator[tuple[str, LabelEffect]]:
    """Labels on which persons were found to differ: those with a trait already, and the surest few that rules read."""
    read = {label for rule in deployment.rules for label in rule.labels}
    spec = next(iter(deployment.classifier.confusion[name] for name in profiles_used(deployment)), None)
    to_label = spec.labels if isinstance(spec, ProfileFrom) else {}
    # A spread that no number of persons could bound from above tells nothing.
    told = [e for e in effects if None not in (e.sd, e.sd_high) and e.label in matrix.columns]
    # Of answers that become one label, nobody knows how far persons differ in getting any of them.
    alone = Counter(to_label.get(column, column) for column in matrix.columns)
    found = [(label, e) for e in told if alone[label := to_label.get(e.label, e.label)] == 1]
    have = {trait.label for trait in deployment.traits if isinstance(trait, LabelTrait)}
    yield from (pair for pair in found if pair[0] in have)
    room = MOST_LEVELS // math.prod(trait.levels for trait in deployment.traits)
    # Where none may be the truth, none is taken: a trait costs as many kinds of pupils as it has levels.
    new = [(label, e) for label, e in found if label in read - have and e.sd_low]
    for pair in sorted(new, key=lambda pair: (-(pair[1].sd_low or 0), -(pair[1].sd or 0))):
        if room < FEWEST:
            break
        room //= FEWEST
        yield pair


def _trait(deployment: Deployment, effect: LabelEffect, label: str, of: int) -> Iterator[tuple[str, Any]]:
    """A trait with the measured spread: the deployment's own on this label, or a new one."""
    own = next((t for t in deployment.traits if isinstance(t, LabelTrait) and t.label == label), None)
    yield "name", own.name if own else f"read as {label} by nature"
    if own is None:
        levels = FEWEST if of > 1 or deployment.traits else LEVELS
        yield from (("acts_on", "label"), ("label", label), ("levels", levels))
    assert effect.sd is not None
    assert effect.sd_high is not None
    sd, low, high = (round(end, DIGITS) for end in (effect.sd, effect.sd_low or 0.0, effect.sd_high))
    ends = {"value": sd, "low": min(low, sd), "high": max(high, sd)}
    yield "sd", {**ends, "source": f"{effect.persons:,} persons of the audit"}
