"""Several studies of one share, pooled: random effects on the log-odds, by statsmodels.

Shares are pooled as log-odds, log(p / (1 − p)), whose variance within a study of u independent units is
1 / (u p (1 − p)). A share of 0 or 1 first gets half a unit added to both sides. The variance between studies is
Paule and Mandel's (1982), by `statsmodels.stats.meta_analysis.combine_effects`; the interval of the mean is
Hartung and Knapp's with k − 1 degrees of freedom, never narrower than the model's own (Röver, Knapp & Friede
2015). Paule and Mandel's estimate makes the two the same, except where it is 0.

The prediction interval is that of Higgins, Thompson & Spiegelhalter (2009): mean ± t · √(τ² + SE²) with k − 2
degrees of freedom: where the true share of another such study lies.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from misread.errors import MisreadError, Problem, install
from misread.evidence.pooling.studies import Study, weakest

METHOD = (
    "Random effects on the log-odds; between-study variance by Paule & Mandel (1982); interval of the mean by "
    "Hartung & Knapp with k − 1 degrees of freedom; prediction interval by Higgins, Thompson & Spiegelhalter (2009) "
    "with k − 2; each study weighs by its independent units, not by its frames or votes."
)
CLOSE = 1e-6
"""How near the variance between studies has to come to its equation."""
LEAST = 2
"""Studies to pool."""
LEAST_TO_PREDICT = 3
"""Studies that a prediction interval needs: it has k − 2 degrees of freedom."""


@dataclass(frozen=True)
class Pooled:
    """What several studies say together.

    Attributes
    ----------
    studies : tuple of Study
        The studies.
    weights : tuple of float
        How much each weighs; they add to 1.
    share, low, high : float
        Pooled share with its 95 % interval. It is the middle (median) of the studies' true shares, not their mean.
    predicted : tuple of float or None
        95 % prediction interval: where the true share of another such study lies; None for two studies.
    tau : float
        Standard deviation between studies, in log-odds.
    q : float
        Cochran's Q.
    i2 : float
        Share of the spread between the figures that chance within studies does not explain.
    status : str
        That of the least sure study.
    """

    studies: tuple[Study, ...]
    weights: tuple[float, ...]
    share: float
    low: float
    high: float
    predicted: tuple[float, float] | None
    tau: float
    q: float
    i2: float
    status: str


def pool(studies: Sequence[Study]) -> Pooled:
    """Pool several studies of one share.

    Parameters
    ----------
    studies : sequence of Study
        At least two, of different people.

    Raises
    ------
    MisreadError
        If there are fewer than two, or statsmodels is not installed.
    """
    if len(studies) < LEAST:
        raise MisreadError(
            Problem(
                f"{len(studies)} {'study' if len(studies) == 1 else 'studies'} cannot be pooled.",
                "at least two.",
                "name more figures, or see `misread evidence pool`.",
            )
        )
    combine = _statsmodels().combine_effects
    import numpy as np
    from scipy.special import expit
    from scipy.stats import t

    share = np.array([s.share for s in studies])
    units = np.array([s.units for s in studies])
    edge = (share <= 0) | (share >= 1)
    hits, misses = share * units + 0.5 * edge, (1 - share) * units + 0.5 * edge
    effects, variances = np.log(hits / misses), 1 / hits + 1 / misses
    # Figures that are all alike have Q = 0, by which it divides.
    with np.errstate(divide="ignore", invalid="ignore"):
        found = combine(effects, variances, method_re="pm", use_t=True, atol=CLOSE, maxiter=1000)
    k, tau2 = len(studies), float(found.tau2)
    mean = float(found.mean_effect_re)
    weights = 1 / (variances + tau2)
    # Paule and Mandel's equation: the weighted spread is k - 1, or less where the estimate is 0. statsmodels does not
    # say whether it got there, and with a closer limit falls back to 0 from rounding alone.
    spread = float((weights * (effects - mean) ** 2).sum())
    if spread > k - 1 + 2 * CLOSE or (tau2 > 0 and spread < k - 1 - 2 * CLOSE):
        raise ArithmeticError(f"the variance between studies did not converge: {spread} for {k - 1}")
    # statsmodels offers both standard errors.
    error = max(float(found.sd_eff_w_re), float(found.sd_eff_w_re_hksj))
    ends = mean + np.array([-1, 1]) * t.ppf(0.975, k - 1) * error
    predicted = None
    if k >= LEAST_TO_PREDICT:
        reach = mean + np.array([-1, 1]) * t.ppf(0.975, k - 2) * math.hypot(math.sqrt(tau2), found.sd_eff_w_re)
        predicted = (float(expit(reach[0])), float(expit(reach[1])))
    return Pooled(
        studies=tuple(studies),
        weights=tuple(map(float, weights / weights.sum())),
        share=float(expit(mean)),
        low=float(expit(ends[0])),
        high=float(expit(ends[1])),
        predicted=predicted,
        tau=math.sqrt(tau2),
        q=float(found.q),
        # statsmodels lets it fall below 0.
        i2=max(0.0, float(found.i2)),
        status=weakest(studies),
    )


def wilson(share: float, units: float) -> tuple[float, float]:
    """A share's 95 % interval by Wilson's score."""
    z = 1.959963984540054
    middle = (share * units + z * z / 2) / (units + z * z)
    half = z / (units + z * z) * math.sqrt(units * share * (1 - share) + z * z / 4)
    # At the ends rounding would leave a trace of what is 0 or 1.
    return (0.0 if share <= 0 else middle - half), (1.0 if share >= 1 else middle + half)


def _statsmodels() -> Any:
    try:
        return importlib.import_module("statsmodels.stats.meta_analysis")
    except ImportError as error:
        raise MisreadError(
            Problem(
                "Pooling needs statsmodels, which is not installed.",
                'the extra "study".',
                install("study"),
            )
        ) from error
