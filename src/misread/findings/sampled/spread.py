"""How pupils' files differ, and from what: variance components and the reliability of maps, from sums.

Everything takes sums with any axes before the last ones, so that one call estimates with all schools, another with
each school left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from misread.engine.chain import Chain
from misread.findings.pooling import over
from misread.findings.sampled.layout import Floats, Ints
from misread.findings.variance import levels_of

READINGS = ("occasions", "error")
"""What `within` consists of."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over the pupils of each stratum, each of shape (…, strata).

    Attributes
    ----------
    n, x, xx : ndarray
        Pupils, their flags, and the squares of these.
    y, xy : ndarray
        Flags of a second reading of the same path, and the products.
    """

    n: Floats
    x: Floats
    xx: Floats
    y: Floats
    xy: Floats

    def of(self, member: Floats) -> Moments:
        """Strata put together: `member` (strata, levels) holds 1 where a stratum belongs to a level."""
        return Moments(*(a @ member for a in (self.n, self.x, self.xx, self.y, self.xy)))


def variance_shares(moments: Moments, chain: Chain) -> Floats:
    """Shares of the variance of pupils' flags.

    Parameters
    ----------
    moments : Moments
        Of the last year's flags.
    chain : Chain
        What the strata are.

    Returns
    -------
    ndarray, shape (…, sources)
        In the order of `findings.variance.SOURCES`, then of `READINGS`; NaN where pupils' flags do not differ.
        The parts are estimated without bias (what chance alone adds to the differences between means is taken
        off), so that a share near 0 may come out below 0.
    """
    own = np.eye(chain.strata)
    within = _mean(_variances(moments), moments.n)
    total = _between(moments, own, within) + within
    sources = [_between(moments, _levels(code), within) for code in levels_of(chain).values()]
    occasions = _mean(_covariances(moments), moments.n)
    parts = [*sources, within, total - within - sum(sources), occasions, within - occasions]
    share = np.stack(np.broadcast_arrays(*parts), axis=-1)
    total = np.broadcast_to(total[..., None], share.shape)
    return over(share, total)


def correlation(moments: Floats) -> Floats:
    """Correlation from sums (…, `layout.MOMENTS`); NaN where one side does not vary."""
    n, a, b, aa, bb, ab = np.moveaxis(moments, -1, 0)
    n = np.maximum(n, 1)
    one, other = np.maximum(aa - a**2 / n, 0), np.maximum(bb - b**2 / n, 0)
    product = np.sqrt(one * other)
    # What rounding leaves of a variance of 0 is no variance.
    varies = product > 1e-12 * np.sqrt(aa * bb)
    return over(ab - a * b / n, np.where(varies, product, 0.0))


def _levels(code: Ints) -> Floats:
    return np.asarray(code[:, None] == np.arange(code.max() + 1), dtype=np.float64)


def _between(moments: Moments, member: Floats, within: Floats) -> Floats:
    """Variance of the expectations of some levels.

    The variance of their means is larger by what chance makes of each mean, v/n; that is taken off (for levels of one
    pupil, with the mean variance within strata).
    """
    level = moments.of(member)
    n = np.maximum(level.n.sum(axis=-1, keepdims=True), 1)
    share = level.n / n
    mean = level.x / np.maximum(level.n, 1)
    apart = (share * (mean - level.x.sum(axis=-1, keepdims=True) / n) ** 2).sum(axis=-1)
    spread = _variances(level)
    spread = np.where(level.n > 1, spread, within[..., None])
    chance = (np.where(level.n > 0, (1 - share) * spread, 0.0) / n).sum(axis=-1)
    return np.asarray(apart - chance)


def _variances(m: Moments) -> Floats:
    """Unbiased variances of the flags; NaN where fewer than two pupils are."""
    return over(m.xx - m.x**2 / np.maximum(m.n, 1), m.n - 1)


def _covariances(m: Moments) -> Floats:
    return over(m.xy - m.x * m.y / np.maximum(m.n, 1), m.n - 1)


def _mean(values: Floats, n: Floats) -> Floats:
    """Mean over the strata that have a value, by their pupils; NaN where none has."""
    weight = np.where(np.isfinite(values), n, 0.0)
    return over((weight * np.nan_to_num(values)).sum(axis=-1), weight.sum(axis=-1))
