"""Posteriors of rates: a headline rate over persons who differ, and the cells of a row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, gammaln

from misread.audit.intervals.proportion import checked, tail_of

Array = NDArray[np.float64]

HALF = 0.5
"""Faces that each cell of a row is given before any is seen. One a cell is too many: for a row of eight labels that is
right nine times in ten, ten faces then never bring an interval that holds this share."""

FINE, COARSE = (160, 64), (40, 32)
"""Cells of the grid over the rate and over how alike one person's faces are: at last, and while it is narrowed down."""
ANGLES, ROOTS = (0.0, np.pi / 2), (0.0, 1.0)
"""Ends of asin √μ and √ρ, over which the grid lies."""
ZOOMS = 12
FAINT = 1e-7
"""What is left out of the grid at each zoom, as a share of the highest density."""
DEARER = 10
"""How many logarithms two calls of the gamma function cost."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """What persons' hits say about a rate, and about how alike the faces of one person are.

    Attributes
    ----------
    median, mean, low, high : float
        Of the rate over persons. `low` is 0 where nothing was hit and `high` is 1 where everything was.
    icc, icc_low, icc_high : float
        Of the intraclass correlation, in (0, 1): its median and bounds.
    """

    median: float
    mean: float
    low: float
    high: float
    icc: float
    icc_low: float
    icc_high: float


UNKNOWN = Posterior(*(float("nan"),) * 7)


def beta_binomial(x: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Posterior:
    """Posterior of a rate that varies from person to person, how much being integrated out.

    A person's rate is drawn from Beta(μ(1 − ρ)/ρ, (1 − μ)(1 − ρ)/ρ): mean μ, and ρ is the correlation between two faces
    of one person (Skellam, J. R. Stat. Soc. B 10, 1948, 257–261). The prior of μ is Jeffreys' for a share, Beta(½, ½),
    that of ρ is flat on (0, 1). The integral is taken on a grid that is narrowed down to where the posterior lies: over
    asin √μ, in which the prior of μ is flat, and over √ρ, since ρ is often near 0.

    Parameters
    ----------
    x, n : array_like, shape (persons,)
        Hits and faces of each person; fractions are allowed. Persons without a face say nothing.
    level : float
        In (0, 1).

    Returns
    -------
    Posterior
        All NaN where nobody has a face.

    Raises
    ------
    ValueError
        If hits are negative or more than faces, or `level` is not in (0, 1).
    """
    x, n = checked(np.ravel(x), np.ravel(n))
    x, n = x[n > 0], n[n > 0]
    tail = tail_of(level)
    if not len(n):
        return UNKNOWN
    posterior = _Grid(x, n)
    angle, alike = ANGLES, ROOTS
    for _ in range(ZOOMS):
        _, mass = posterior(angle, alike, COARSE)
        wide = angle, alike
        angle, alike = _around(angle, mass.max(axis=1), ANGLES), _around(alike, mass.max(axis=0), ROOTS)
        if all(_settled(new, old) for new, old in zip((angle, alike), wide, strict=True)):
            break
    mu, mass = posterior(angle, alike, FINE)
    over_mu, over_rho = mass.sum(axis=1), mass.sum(axis=0)
    low, median, high = np.sin(_quantiles(angle, over_mu, (tail, 0.5, 1 - tail))) ** 2
    icc_low, icc, icc_high = _quantiles(alike, over_rho, (tail, 0.5, 1 - tail)) ** 2
    return Posterior(
        float(median),
        float(over_mu @ mu / over_mu.sum()),
        0.0 if not x.any() else float(low),
        1.0 if (x == n).all() else float(high),
        float(icc),
        float(icc_low),
        float(icc_high),
    )


def dirichlet(counts: ArrayLike, *, level: float = 0.95, prior: float = HALF) -> tuple[Array, Array]:
    """Marginal intervals of the cells of a row under a Dirichlet prior of the same weight a cell.

    A cell is Beta(count + prior, the other counts + prior for each of the other cells).

    Parameters
    ----------
    counts : array_like, shape (…, cells)
        What was answered how often; fractions are allowed, such as counts times effective number over number.
    level : float
        In (0, 1).
    prior : float
        Above 0.

    Returns
    -------
    low, high : ndarray, shape (…, cells)
        NaN in rows without a count.

    Raises
    ------
    ValueError
        If a count is negative, or `level` is not in (0, 1).
    """
    counts = np.asarray(counts, dtype=np.float64)
    total = counts.sum(axis=-1, keepdims=True)
    counts, total = checked(counts, total)
    tail = tail_of(level)
    a, b = counts + prior, total - counts + prior * (counts.shape[-1] - 1)
    seen = total > 0
    return (
        np.where(seen, betaincinv(a, b, tail), np.nan),
        np.where(seen, betaincinv(a, b, 1 - tail), np.nan),
    )


class _Grid:
    """The posterior density over asin √μ and √ρ, up to a factor."""

    def __init__(self, x: Array, n: Array) -> None:
        self.hits, self.misses, self.faces = _Rising(x), _Rising(n - x), _Rising(n)

    def __call__(
        self, angle: tuple[float, float], alike: tuple[float, float], cells: tuple[int, int]
    ) -> tuple[Array, Array]:
        """Rates, and the density with 1 at its highest, shape `cells`."""
        mu, root = np.sin(_middles(angle, cells[0])) ** 2, _middles(alike, cells[1])
        size = 1 / root**2 - 1
        log = self.hits(mu[:, None] * size) + self.misses((1 - mu)[:, None] * size) - self.faces(size) + np.log(root)
        return mu, np.exp(log - log.max())


class _Rising:
    """Σ log a(a + 1) … (a + v − 1) over values v, as a function of a."""

    def __init__(self, values: Array) -> None:
        self.values, self.times = np.unique(values, return_counts=True)
        most = self.values[-1]
        self.whole = bool((self.values == np.floor(self.values)).all() and most <= DEARER * len(self.values))
        if self.whole:
            # How many values go beyond each step: then one logarithm a step is enough, whatever the number of persons.
            self.beyond = len(values) - np.cumsum(np.bincount(values.astype(np.intp)))[:-1]

    def __call__(self, a: Array) -> Array:
        if self.whole:
            terms = (times * np.log(a + step) for step, times in enumerate(self.beyond))
        else:
            terms = (times * (gammaln(a + v) - gammaln(a)) for v, times in zip(self.values, self.times, strict=True))
        found = np.zeros_like(a)
        for term in terms:
            found += term
        return found


def _middles(ends: tuple[float, float], cells: int) -> Array:
    return ends[0] + (ends[1] - ends[0]) * (np.arange(cells) + 0.5) / cells


def _around(ends: tuple[float, float], density: Array, limits: tuple[float, float]) -> tuple[float, float]:
    """The part where the density is not faint, and two cells more on either side, beyond these ends if need be."""
    kept = np.flatnonzero(density > FAINT)
    step = (ends[1] - ends[0]) / len(density)
    return max(limits[0], ends[0] + float(kept[0] - 2) * step), min(limits[1], ends[0] + float(kept[-1] + 3) * step)


def _settled(new: tuple[float, float], old: tuple[float, float]) -> bool:
    """Whether a part lies within the one before, and is hardly smaller."""
    return new[0] >= old[0] and new[1] <= old[1] and new[1] - new[0] > 0.6 * (old[1] - old[0])


def _quantiles(ends: tuple[float, float], mass: Array, shares: tuple[float, ...]) -> Array:
    """Where the mass of cells reaches these shares, straight lines between the edges of cells."""
    edges = np.linspace(*ends, len(mass) + 1)
    return np.interp(shares, np.concatenate([[0.0], np.cumsum(mass)]) / mass.sum(), edges)
