"""Profiles from the evidence catalogue or an audit: a matrix of counts in the deployment's words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

from misread.deployment.model import ProfileFrom
from misread.deployment.origin import quoted, spell, value_text
from misread.deployment.profiles.audited import is_audit, parts
from misread.deployment.profiles.bent import bends_said, check_bends, odds_for, with_odds, with_regardless
from misread.deployment.profiles.kinds import Resolved, Task, divided
from misread.deployment.text.problems import listed, twice


class Matrix(Protocol):
    """What the evidence catalogue or an audit gives: counts of what was labelled as what."""

    @property
    def rows(self) -> Sequence[str]:
        """True expressions."""

    @property
    def columns(self) -> Sequence[str]:
        """Labels."""

    @property
    def counts(self) -> Mapping[str, Mapping[str, float]]:
        """Row → column → count."""

    @property
    def row_units(self) -> Mapping[str, float]:
        """Row → independent units behind it."""

    @property
    def units_note(self) -> str:
        """How the units were counted."""

    @property
    def short(self) -> str:
        """The source in short."""

    @property
    def status(self) -> str:
        """How sure the figure is."""


def from_matrix(task: Task, spec: ProfileFrom, matrix: Matrix) -> Resolved:
    """The rows that the deployment needs, made from a matrix of counts."""
    if "accuracy" in spec.model_fields_set:
        task.refuse(
            ("accuracy",),
            "`accuracy` means nothing beside a matrix.",
            mend='take it out, or use from = "claim".',
        )
    if spec.loss_to is not None:
        task.label(("loss_to",), spec.loss_to)
        if spec.diagonal is None:
            task.refuse(
                ("loss_to",),
                "Nothing is lost without `diagonal`.",
                "`diagonal` beside it.",
                "add it, or take `loss_to` out.",
            )
    check_bends(task, spec)
    to_label = _columns(task, spec, matrix)
    sources = _rows(task, spec, matrix)
    written = task.written(spec.rows, ("rows",), spec.faces_per_row)
    if task.problems:
        return written
    reach = frozenset(to_label.values()) | frozenset(spec.regardless or ())
    reach |= frozenset((spec.loss_to,)) if spec.loss_to else frozenset()
    rows, n = {}, {}
    for expression, names in sources.items():
        odds = odds_for(spec, expression)
        parts = [with_odds(_adjusted(task, spec, matrix, name, to_label), to_label.get(name), odds) for name in names]
        added = {label: math.fsum(p.get(label, 0.0) for p in parts) for label in dict.fromkeys(to_label.values())}
        if spec.loss_to:
            added[spec.loss_to] = math.fsum(p.get(spec.loss_to, 0.0) for p in parts)
        rows[expression] = with_regardless(divided(added), spec.regardless)
        n[expression] = _units(spec, matrix, names, to_label)
    order = dict.fromkeys([*task.needed, *spec.expressions, *spec.rows])
    support = {**dict.fromkeys(rows, reach), **written.support}
    rows, n = {**rows, **written.rows}, {**n, **written.n}
    return Resolved(
        rows={x: rows[x] for x in order},
        n={x: n[x] for x in order},
        support={x: support[x] for x in order},
        source=_source(spec, matrix, sources, written.source),
    )


def _columns(task: Task, spec: ProfileFrom, matrix: Matrix) -> dict[str, str]:
    """Column → label, of the columns that are kept."""
    task.problems += twice(task.origin, (*task.path, "drop"), spec.drop)
    for column in spec.drop:
        if column not in matrix.columns:
            task.unknown(("drop",), column, matrix.columns, f"column of {spec.source}", f"{spec.source}")
        elif column in spec.labels:
            task.refuse(
                ("drop",),
                f"The column {quoted(column)} is dropped, and has a label too.",
                mend="take it out of `drop` or of `labels`.",
            )
    for column, label in spec.labels.items():
        if column not in matrix.columns:
            task.unknown(("labels", column), column, matrix.columns, f"column of {spec.source}", f"{spec.source}")
        task.label(("labels", column), label)
    found, left = {}, []
    for column in matrix.columns:
        if column in spec.labels:
            found[column] = spec.labels[column]
        elif column in spec.drop:
            continue
        elif column in task.labels:
            found[column] = column
        else:
            left.append(column)
    if left:
        pairs = ", ".join(f'{spell((c,))} = "…"' for c in left)
        task.refuse(
            ("labels",),
            f"The columns {listed(left)} of {spec.source} are neither mapped to labels nor dropped.",
            "a label for every column, or its name in `drop`.",
            f"add to the profile: labels = {{ {pairs} }}, or: drop = {value_text(list(left))}.",
        )
    return found


def _rows(task: Task, spec: ProfileFrom, matrix: Matrix) -> dict[str, tuple[str, ...]]:
    """Expression → rows of the matrix, of the expressions that are not written out."""
    for expression, names in spec.expressions.items():
        task.problems += twice(task.origin, (*task.path, "expressions", expression), names)
        for name in names:
            if name not in matrix.rows:
                task.unknown(("expressions", expression), name, matrix.rows, f"row of {spec.source}", f"{spec.source}")
        if expression in spec.rows:
            task.refuse(
                ("rows", expression),
                f"{quoted(expression)} stands under `expressions` too.",
                "one or the other.",
                "take one out.",
            )
    found = dict(spec.expressions)
    for expression in task.needed:
        if expression in spec.rows or expression in found:
            continue
        if expression in matrix.rows:
            found[expression] = (expression,)
            continue
        task.refuse(
            ("expressions", expression),
            f"The displays show {quoted(expression)}, for which {spec.source} has no row.",
            f"one of {listed(matrix.rows)}.",
            f'say which: expressions = {{ {spell((expression,))} = "…" }}, or write its row under `rows`.',
        )
    return found


def _adjusted(
    task: Task, spec: ProfileFrom, matrix: Matrix, name: str, to_label: Mapping[str, str]
) -> dict[str, float]:
    """One row of the matrix by label, in counts, with `diagonal` applied."""
    by_label: dict[str, float] = {}
    for column, label in to_label.items():
        by_label[label] = by_label.get(label, 0.0) + matrix.counts[name][column]
    total = math.fsum(by_label.values())
    if total <= 0:
        task.refuse(
            ("drop",),
            f"Nothing is left of the row {quoted(name)} of {spec.source}.",
            "a row with counts.",
            "drop fewer columns.",
        )
        return by_label
    return by_label if spec.diagonal is None else _diagonal(task, spec, name, to_label, by_label, total)


def _diagonal(
    task: Task, spec: ProfileFrom, name: str, to_label: Mapping[str, str], row: dict[str, float], total: float
) -> dict[str, float]:
    right = to_label.get(name)
    if right is None or spec.diagonal is None:
        task.refuse(
            ("diagonal",),
            f"The row {quoted(name)} of {spec.source} has no column of its own, so no right label.",
            "a column of the same name, mapped to a label.",
            "map it, or take `diagonal` out.",
        )
        return row
    new = row[right] * spec.diagonal
    change = row[right] - new
    others = math.fsum(count for label, count in row.items() if label != right)
    if new > total * (1 + 1e-12):
        most = total / row[right]
        task.refuse(
            ("diagonal",),
            f"It would take the right label of the row {quoted(name)} past 1.",
            f"at most {most:.6g} for this row.",
            "choose a smaller factor.",
        )
        return row
    if change > 0 and spec.loss_to is not None:
        # Where the right label is itself the one that gets the loss, nothing changes.
        changed = {**row, right: new}
        return {**changed, spec.loss_to: changed.get(spec.loss_to, 0.0) + change}
    if not change:
        return row
    if not others:
        task.refuse(
            ("diagonal",),
            f"No other label of the row {quoted(name)} has a share that could take its part of what is lost.",
            "`loss_to`.",
            "say where it goes.",
        )
        return row
    factor = max(0.0, 1 + change / others)
    return {label: new if label == right else count * factor for label, count in row.items()}


def _units(spec: ProfileFrom, matrix: Matrix, names: Sequence[str], to_label: Mapping[str, str]) -> float:
    """Independent units behind rows that are added; NaN if nothing states them."""
    kept = {name: math.fsum(matrix.counts[name][column] for column in to_label) for name in names}
    if spec.units is not None:
        return min(math.fsum(kept.values()), float(spec.units))
    whole = {name: math.fsum(matrix.counts[name][column] for column in matrix.columns) for name in names}
    return math.fsum(matrix.row_units[name] * kept[name] / whole[name] for name in names)


def _source(spec: ProfileFrom, matrix: Matrix, sources: Mapping[str, Sequence[str]], written: str) -> str:
    # Of an audit the file's name is enough, since where it lies changes no number.
    name = parts(spec.source)[0].rpartition("/")[2] if is_audit(spec.source) else spec.source.removeprefix("evidence:")
    said = [f"{name}: {matrix.short} ({matrix.status})"]
    if renamed := [f"{x} read as {' and '.join(r)}" for x, r in sources.items() if tuple(r) != (x,)]:
        said.append("faces: " + ", ".join(renamed))
    if spec.labels:
        said.append("labels: " + ", ".join(f"{column} as {label}" for column, label in spec.labels.items()))
    if spec.drop:
        said.append(f"left out, the rows divided by the rest: {', '.join(spec.drop)}")
    if spec.diagonal is not None:
        where = f"to {spec.loss_to}" if spec.loss_to else "to the others in proportion"
        said.append(f"the right label × {spec.diagonal:.10g}, the difference {where} (assumption)")
    said += bends_said(spec)
    if spec.units is not None:
        said.append(f"resting on {spec.units:,} independent units (assumption)")
    elif matrix.units_note:
        said.append(matrix.units_note.rstrip(". "))
    if spec.rows:
        said.append(f"rows written in the deployment file for {', '.join(spec.rows)}, {written}")
    return "; ".join(said)
