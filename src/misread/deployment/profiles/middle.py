"""Counted rows are means over persons, and a trait spreads what the person in the middle has: from one to the other."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

from misread.deployment.model import LabelTrait, ProfileFrom, Trait
from misread.deployment.profiles.kinds import Resolved, Task

MOST = 4
"""Traits on labels at most: their levels are gone through together."""

Rows = tuple[tuple[float, ...], ...]


def spreads(traits: tuple[Trait, ...], labels: tuple[str, ...]) -> tuple[dict[str, float], int]:
    """Label → spread of the traits on it, and the levels they have (the most, where they differ)."""
    found: dict[str, float] = {}
    levels = 1
    for trait in traits:
        if isinstance(trait, LabelTrait) and trait.label in labels and trait.sd > 0:
            found[trait.label] = math.hypot(found.get(trait.label, 0.0), trait.sd)
            levels = max(levels, trait.levels)
    return found, levels


def of_the_middle(task: Task, spec: ProfileFrom, found: Resolved, traits: tuple[Trait, ...]) -> Resolved:
    """Rows with which the deployment's traits on labels leave the mean over persons as it was counted.

    Rows that the deployment writes out stay as they are.
    """
    by_label, levels = spreads(traits, task.labels)
    if len(by_label) > MOST:
        task.refuse(
            ("mean_over_persons",),
            f"There are {len(by_label)} labels with traits.",
            f"at most {MOST} labels with traits beside it.",
            "take traits out, or write mean_over_persons = false.",
        )
    counted = [x for x in found.rows if x not in spec.rows]
    if task.problems or not by_label or not counted:
        return found
    labels = task.labels
    rows = tuple(tuple(found.rows[x].get(label, 0.0) for label in labels) for x in counted)
    new = _middle(rows, labels, tuple(by_label.items()), levels)
    by_word = {x: dict(zip(labels, row, strict=True)) for x, row in zip(counted, new, strict=True)}
    source = f"{found.source}; means over persons, which traits on labels leave as they are"
    return replace(found, rows={x: by_word.get(x, row) for x, row in found.rows.items()}, source=source)


@lru_cache(maxsize=32)
def _middle(rows: Rows, labels: tuple[str, ...], by_label: tuple[tuple[str, float], ...], levels: int) -> Rows:
    """Cached: a deployment's profiles are asked for several times while it is read."""
    import numpy as np

    from misread.audit.groups.trait import medians

    found = medians(np.array(rows), labels, dict(by_label), levels)
    return tuple(tuple(float(p) for p in row) for row in found)
