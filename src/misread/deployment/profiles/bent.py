"""What a deployment lays on the rows of a matrix or a claim: other odds of a label, labels written regardless."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from misread.deployment.model import ProfileFrom
from misread.deployment.origin import quoted
from misread.deployment.profiles.kinds import Task, divided
from misread.deployment.text.problems import listed, twice


def check_bends(task: Task, spec: ProfileFrom) -> None:
    """Note what is wrong with `odds`, `odds_on` and `regardless`."""
    for key, table in (("odds", spec.odds), ("regardless", spec.regardless)):
        for label in table or {}:
            task.label((key, label), label)
    whole = math.fsum((spec.regardless or {}).values())
    if whole > 1 + 1e-9:
        task.refuse(("regardless",), f"It adds to {whole:.10g}.", "at most 1.", "take something off.")
    if spec.odds_on is None:
        return
    if not spec.odds:
        task.refuse(("odds_on",), "It names expressions for no odds.", "`odds` beside it.", "add it, or take it out.")
    task.problems += twice(task.origin, (*task.path, "odds_on"), spec.odds_on)
    known = [x for x in dict.fromkeys([*task.needed, *spec.expressions]) if x not in spec.rows]
    for expression in spec.odds_on:
        if expression in spec.rows:
            task.refuse(
                ("odds_on",),
                f"The row of {quoted(expression)} is written out, so that `odds` leaves it alone.",
                f"one of {listed(known)}.",
                "take it out.",
            )
        elif expression not in known:
            task.unknown(("odds_on",), expression, known, "expression", "display")


def odds_for(spec: ProfileFrom, expression: str) -> Mapping[str, float]:
    """The odds that a profile lays on an expression's row."""
    return spec.odds or {} if spec.odds_on is None or expression in spec.odds_on else {}


def with_odds(row: Mapping[str, float], own: str | None, odds: Mapping[str, float]) -> dict[str, float]:
    """A row in which labels other than its own have other odds; its sum stays.

    Parameters
    ----------
    row : mapping
        Label → count or probability.
    own : str or None
        The label that is right for this row, which keeps its weight; None where there is none.
    odds : mapping
        Label → factor. One label alone: its odds, p/(1 − p), are multiplied by the factor, and the others keep
        their proportions. Several: so are the odds of each against the labels that are not named.
    """
    weights = {label: weight * (odds.get(label, 1.0) if label != own else 1.0) for label, weight in row.items()}
    before, after = math.fsum(row.values()), math.fsum(weights.values())
    return {label: weight * before / after for label, weight in weights.items()} if after else dict(row)


def with_regardless(row: Mapping[str, float], regardless: Mapping[str, float] | None) -> dict[str, float]:
    """A row of probabilities: some labels are written whatever the face shows, what is left is the row as it was.

    Parameters
    ----------
    row : mapping
        Label → probability, adding to 1.
    regardless : mapping or None
        Label → probability with which it is written before the face is read.
    """
    if not regardless:
        return dict(row)
    rest = max(0.0, 1 - math.fsum(regardless.values()))
    new = {label: rest * p for label, p in row.items()}
    return divided({label: new.get(label, 0.0) + regardless.get(label, 0.0) for label in {**new, **regardless}})


def bends_said(spec: ProfileFrom) -> Iterator[str]:
    """What was laid on the rows, for the line that says where a profile comes from."""
    if spec.odds:
        factors = ", ".join(f"{label} × {factor:.10g}" for label, factor in spec.odds.items())
        where = f"on {' and '.join(spec.odds_on)}" if spec.odds_on else "in every row but the label’s own"
        yield f"the odds of {factors}, {where} (assumption)"
    if spec.regardless:
        shares = ", ".join(f"{label} {100 * share:.10g} %" for label, share in spec.regardless.items())
        yield f"written whatever the face shows: {shares} (assumption)"
