"""Morris' screening: which inputs matter at all, for few evaluations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from misread.study.sensitivity.groups import Groups, salib
from misread.study.sensitivity.model import Evaluate
from misread.study.sensitivity.tornado import TAIL

TRAJECTORIES = 32
LEVELS = 4
RESAMPLES = 1000
NEGLIGIBLE = 0.02
"""Inputs are negligible whose squared effects together are under this part of all squared effects."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Elementary effects of one input: the change of the finding, as if the input ran over its whole range.

    Attributes
    ----------
    mu_star : float
        Mean of their sizes (Campolongo, Cariboni & Saltelli 2007, doi:10.1016/j.envsoft.2006.10.004).
    half_width : float
        Half of its 95 % bootstrap interval.
    sigma : float or None
        Their standard deviation; None for a row, whose dimensions move in different directions.
    """

    mu_star: float
    half_width: float
    sigma: float | None


def evaluations(groups: Groups, trajectories: int = TRAJECTORIES) -> int:
    """How many evaluations the screening takes."""
    return trajectories * (groups.count + 1)


def screened(evaluate: Evaluate, groups: Groups, seed: int, trajectories: int = TRAJECTORIES) -> tuple[Effect, ...]:
    """Elementary effects of each input along random trajectories (Morris 1991, doi:10.1080/00401706.1991.10484804).

    Parameters
    ----------
    evaluate : callable
        Points of shape (N, dimensions) to values of shape (N,).
    groups : Groups
        Which dimensions are one input.
    seed : int
        Seed of the trajectories.
    trajectories : int
        How many.
    """
    problem = groups.problem(TAIL)
    points = salib("sample.morris").sample(problem, trajectories, num_levels=LEVELS, seed=seed)
    values = evaluate(points)
    found = salib("analyze.morris").analyze(
        problem, points, values, num_levels=LEVELS, num_resamples=RESAMPLES, seed=seed
    )
    parts = zip(*(np.ma.filled(found[k], np.nan) for k in ("mu_star", "mu_star_conf", "sigma")), strict=True)
    effects = {int(name): _effect(*part) for name, part in zip(found["names"], parts, strict=True)}
    return tuple(effects[i] for i in range(groups.count))


def _effect(mu_star: float, half_width: float, sigma: float) -> Effect:
    return Effect(float(mu_star), float(half_width), None if np.isnan(sigma) else float(sigma))


def negligible(effects: Sequence[Effect], part: float = NEGLIGIBLE) -> tuple[bool, ...]:
    """Which inputs do not matter.

    Were the finding linear, variances would go with the squares of the effects. The smallest effects, each at the
    upper end of its interval, are taken for negligible as long as their squares add up to at most `part` of all.
    """
    # Rounding is no effect.
    floor = 1e-9 * max((e.mu_star for e in effects), default=0.0)
    upper = np.array([0.0 if e.mu_star <= floor else e.mu_star + e.half_width for e in effects])
    limit = part * sum(e.mu_star**2 for e in effects)
    order = np.argsort(upper, kind="stable")
    out = np.zeros(len(effects), dtype=bool)
    out[order] = np.cumsum(upper[order] ** 2) <= limit
    return tuple(bool(x) for x in out)
