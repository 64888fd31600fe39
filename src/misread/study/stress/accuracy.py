"""The other way round: how good would a classifier have to be?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from misread.deployment import Deployment, resolve_profiles
from misread.deployment.model import InlineProfile, ProfileFrom, Rule
from misread.engine.chain import compile_chain
from misread.engine.chain.markov import Array
from misread.findings.about import About
from misread.findings.measure import measure
from misread.profile import Profile

WANTED = 0.9
"""Nine alerts of ten."""


@dataclass(frozen=True, slots=True)
class Needed:
    """How often a classifier would have to be right about a face for nine alerts of ten to be true.

    Attributes
    ----------
    rule : str
        The rule.
    accuracy : float or None
        P(right label | expression), the same for every expression, what is missing spread evenly; None if even a
        classifier that never errs about a face does not get there.
    at_best : float or None
        The share of true alerts with a classifier that never errs; None if there are then no alerts.
    """

    rule: str
    accuracy: float | None
    at_best: float | None


def needed(deployment: Deployment, rule: Rule) -> Needed:
    """How good the classifier would have to be, everything else as stated.

    Which label is right for an expression: that of the same name, or the one to which its row of a published matrix is
    mapped; else the one written most often for it. Between an even spread and no errors the least accuracy is sought
    from which on nine alerts of ten are true.
    """
    from scipy.optimize import brentq

    profiles = resolve_profiles(deployment)
    chain = compile_chain(deployment, profiles)
    right = {name: _right(p, deployment.classifier.confusion[name]) for name, p in profiles.items()}

    def true_share(accuracy: float) -> float:
        rows = {name: _accurate(p, right[name], accuracy)[None] for name, p in profiles.items()}
        found = measure(chain, deployment, chain.emissions(rows), wanted=lambda *of: of == ("flag_ppv", rule.name))
        return next(float(q.samples[0]) for q in found if About(q.id, rule=q.rule).key == q.key)

    best = true_share(1.0)
    if not best >= WANTED:
        return Needed(rule.name, None, best if np.isfinite(best) else None)
    grid = np.linspace(1.0, 1 / len(deployment.classifier.labels), 60)
    high = 1.0
    for low in grid[1:]:
        if not true_share(low) >= WANTED:
            root = brentq(lambda a: true_share(float(a)) - WANTED, low, high, xtol=1e-9)
            return Needed(rule.name, float(np.asarray(root)), best)
        high = float(low)
    return Needed(rule.name, float(grid[-1]), best)


def _right(profile: Profile, spec: InlineProfile | ProfileFrom) -> list[int]:
    """Index of the right label of each expression."""
    out = []
    for row, expression in zip(profile.p, profile.expressions, strict=True):
        word = expression
        if word not in profile.labels and isinstance(spec, ProfileFrom):
            (source, *_) = spec.expressions.get(expression, (expression,))
            word = spec.labels.get(source, source)
        out.append(profile.labels.index(word) if word in profile.labels else int(row.argmax()))
    return out


def _accurate(profile: Profile, right: list[int], accuracy: float) -> Array:
    labels = len(profile.labels)
    rows = np.full(profile.p.shape, (1 - accuracy) / (labels - 1) if labels > 1 else 0.0)
    rows[np.arange(len(rows)), right] = accuracy if labels > 1 else 1.0
    return rows
