"""Profiles that the deployment file writes out, and those that a vendor claims."""

from __future__ import annotations

import math

from misread.deployment.model import InlineProfile, ProfileFrom
from misread.deployment.origin import quoted, spell
from misread.deployment.profiles.bent import bends_said, check_bends, odds_for, with_odds, with_regardless
from misread.deployment.profiles.kinds import Resolved, Task
from misread.deployment.text.problems import listed


def inline(task: Task, spec: InlineProfile) -> Resolved:
    """Rows as they are written."""
    found = task.written(spec.rows, (), spec.faces_per_row)
    for expression in task.needed:
        if expression not in spec.rows:
            task.refuse(
                (expression,),
                f"The displays show {quoted(expression)}, for which this profile has no row.",
                f"a row for each of {listed(task.needed)}.",
                f"add `{spell((expression,))} = {{ … }}` to the profile.",
            )
    if not spec.rows:
        task.refuse((), "It has no rows.", "a row for every expression, or `from`.", "add them.")
    return Resolved(found.rows, found.n, found.support, f"Rows written in the deployment file, {found.source}")


def claim(task: Task, spec: ProfileFrom) -> Resolved:
    """The right label as often as claimed; the rest spread evenly over all other labels."""
    for key in ("drop", "diagonal", "loss_to", "units", "mean_over_persons"):
        if key in spec.model_fields_set:
            task.refuse((key,), f"`{key}` means nothing in a claim, which has no matrix.", mend="take it out.")
    check_bends(task, spec)
    written = task.written(spec.rows, ("rows",), spec.faces_per_row)
    rows, n, support = dict(written.rows), dict(written.n), dict(written.support)
    if spec.accuracy is None:
        task.refuse(("accuracy",), "A claim says how often the right label is written.", "`accuracy`.", "add it.")
    for expression in dict.fromkeys([*task.needed, *spec.expressions]):
        if expression in spec.rows:
            continue
        right = _right(task, spec, expression)
        if right is None or spec.accuracy is None:
            continue
        others = [label for label in dict.fromkeys(task.labels) if label != right]
        if not others and spec.accuracy < 1:
            task.refuse(("accuracy",), "There is no other label for what is read wrongly.", "two labels.", "add one.")
            continue
        rest = (1 - spec.accuracy) / len(others) if others else 0.0
        row = {right: spec.accuracy, **dict.fromkeys(others, rest)}
        rows[expression] = with_regardless(with_odds(row, right, odds_for(spec, expression)), spec.regardless)
        n[expression] = math.nan
        support[expression] = frozenset(task.labels)
    accuracy = "" if spec.accuracy is None else f"{100 * spec.accuracy:.10g} % "
    source = f"A claim: {accuracy}right whatever the face shows, the rest spread evenly (assumption)"
    source = "; ".join([source, *bends_said(spec)])
    if spec.rows:
        source += f"; rows written in the deployment file for {', '.join(spec.rows)}, {written.source}"
    order = [x for x in dict.fromkeys([*task.needed, *spec.expressions, *spec.rows]) if x in rows]
    return Resolved({x: rows[x] for x in order}, n, support, source)


def _right(task: Task, spec: ProfileFrom, expression: str) -> str | None:
    words = spec.expressions.get(expression, (expression,))
    if len(words) > 1:
        task.refuse(("expressions", expression), "A claim knows one right label for an expression.", "one label.")
        return None
    (word,) = words
    label = spec.labels.get(word, word)
    if label in task.labels:
        return label
    if word in spec.labels:
        task.label(("labels", word), label)
    elif expression in spec.expressions:
        task.label(("expressions", expression), label)
    else:
        task.refuse(
            ("expressions", expression),
            f"The displays show {quoted(expression)}, and no label is the right one for it.",
            f"one of {listed(task.labels)}.",
            f'say which: expressions = {{ {spell((expression,))} = "…" }}, or write its row under `rows`.',
        )
    return None
