"""Quantities before they are summed up, and strata pooled to groups, views and all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.engine.chain import Chain
from misread.engine.laws import mixed
from misread.engine.markov import Array
from misread.findings.about import About


@dataclass(frozen=True, eq=False, kw_only=True)
class Quantity(About):
    """A finding before it is summed up.

    Attributes
    ----------
    samples : ndarray, shape (1 + draws,)
        Its value at the inputs as stated, then at each draw; NaN where its condition has probability 0.
        One value only where nothing it rests on has a stated uncertainty.
    """

    samples: Array


@dataclass(frozen=True, eq=False)
class Pooling:
    """Strata pooled to groups, and to all: numerators and denominators apart, by shares.

    Attributes
    ----------
    names : tuple of str
        The groups, then ``"all"``.
    mixture : ndarray, shape (points, strata, names)
        Share of each stratum in each pool; columns add to 1.
    within : ndarray, shape (points, strata, groups)
        P(stratum in a year | group): the seat is drawn anew each school year, the group is not.
    groups : ndarray, shape (points, groups, names)
        Share of each group in each pool; columns add to 1.
    moved : ndarray of bool, shape (names,)
        Pools whose shares are not the same at all points.
    """

    names: tuple[str, ...]
    mixture: Array
    within: Array
    groups: Array
    moved: NDArray[np.bool_]

    @classmethod
    def of(cls, chain: Chain) -> Pooling:
        """The pools of a chain."""
        member = (chain.group[:, None] == np.arange(len(chain.groups))) * 1.0
        share = chain.weight @ member
        # A group nobody belongs to still has findings: what would befall its members. So has a seat nobody sits on,
        # in a group nobody belongs to.
        seats = np.where(share[:, chain.group] > 0, chain.weight, _seats(chain))
        weighted = member * seats[..., None]
        within = weighted / weighted.sum(axis=1, keepdims=True)
        eye = np.broadcast_to(np.eye(len(chain.groups)), (len(share), *np.eye(len(chain.groups)).shape))
        groups = np.concatenate([eye, share[..., None]], axis=-1)
        mixture = np.concatenate([within, chain.weight[..., None]], axis=-1)
        moved = ~np.isclose(mixture, mixture[:1], rtol=1e-12, atol=0).all(axis=(0, 1))
        return cls((*chain.groups, "all"), mixture, within, groups, moved)

    def among(self, strata: NDArray[np.bool_]) -> Pooling | None:
        """The same pools, of some strata only; None if nobody is in them."""
        mixture = self.mixture * strata[:, None]
        total = mixture.sum(axis=1, keepdims=True)
        if not (total > 0).all():
            return None
        return Pooling(self.names, mixture / total, self.within, self.groups, self.moved)

    def mean(self, values: Array) -> dict[str, Array]:
        """Means over the strata: values of shape (draws, strata) to shape (draws,) for each pool."""
        return self._by_name(mixed(values, self.mixture))

    def of_groups(self, values: Array) -> dict[str, Array]:
        """Means over the groups: values of shape (draws, groups) to shape (draws,) for each pool."""
        return self._by_name(mixed(values, self.groups))

    def any(self, of_strata: NDArray[np.bool_]) -> dict[str, bool]:
        """Whether something is so in any stratum of each pool, or the pool itself is not the same at all points."""
        found = (of_strata[:, None] & (self.mixture > 0).any(axis=0)).any(axis=0) | self.moved
        return dict(zip(self.names, found.tolist(), strict=True))

    def ratio(self, numerator: Array, denominator: Array) -> dict[str, Array]:
        """Pooled numerator over pooled denominator; NaN where the latter is 0."""
        return self._by_name(over(mixed(numerator, self.mixture), mixed(denominator, self.mixture)))

    def _by_name(self, values: Array) -> dict[str, Array]:
        return dict(zip(self.names, values.T, strict=True))


def over(numerator: Array, denominator: Array) -> Array:
    """A quotient; NaN where the denominator is 0."""
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    return np.asarray(np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator > 0))


def settled(samples: Array, moved: bool) -> Array:
    """All samples of a quantity that draws move; the stated value alone of one that they do not."""
    return samples if moved else samples[:1]


def of_pools(
    by_pool: Mapping[str, Array], moved: Mapping[str, bool], id: str, rule: str | None = None, **keys: str | None
) -> list[Quantity]:
    """One quantity for each pool."""
    return [Quantity(id, g, rule, **keys, samples=settled(s, moved[g])) for g, s in by_pool.items()]


def _seats(chain: Chain) -> Array:
    """Shares of the seats, by stratum."""
    seats = np.zeros(chain.weight.shape)
    for view in range(max(len(chain.views), 1)):
        here = chain.view == view
        seats[:, here] = chain.weight[:, here].sum(axis=1, keepdims=True)
    return seats
