"""Quantities before they are summed up, and cases pooled to groups, views and all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from misread.engine.chain import Chain
from misread.engine.chain.markov import Array
from misread.engine.exact.hiding.nights import kinds_on_seats
from misread.engine.exact.laws import mixed
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
    """Cases pooled to groups, and to all: numerators and denominators apart, by shares.

    A case is a stratum in an epoch, with faces hidden so far.

    Attributes
    ----------
    names : tuple of str
        The groups, then ``"all"``.
    mixture : ndarray, shape (points, cases, names)
        Share of each case in each pool, over all school days; columns add to 1.
    strata : ndarray, shape (points, strata, names)
        Share of each stratum in each pool; columns add to 1.
    within : ndarray, shape (points, strata, kinds)
        P(stratum in a year | kind of pupil): the seat is drawn anew each school year, the kind is not.
    kinds : ndarray, shape (points, kinds, names)
        Share of each kind in each pool; columns add to 1.
    moved : ndarray of bool, shape (names,)
        Pools whose shares are not the same at all points.
    """

    names: tuple[str, ...]
    mixture: Array
    strata: Array
    within: Array
    kinds: Array
    moved: NDArray[np.bool_]

    @classmethod
    def of(cls, chain: Chain, hidden: Array | None = None) -> Pooling:
        """The pools of a chain.

        Parameters
        ----------
        chain : Chain
            The compiled deployment.
        hidden : ndarray, shape (draws, epochs, levels, strata), optional
            How often a stratum's pupils hide their faces so far, of an epoch's days; adds to 1 over the levels.
            All faces at the first level where it is left out.
        """
        member = (chain.group[:, None] == np.arange(len(chain.groups))) * 1.0
        share = chain.weight @ member
        # A group nobody belongs to still has findings: what would befall its members.
        inner, within = kinds_on_seats(chain)
        by_group = member * inner[..., None]
        strata = np.concatenate([by_group, (by_group @ share[..., None])], axis=-1)
        of_kind = inner @ ((chain.kind[:, None] == np.arange(chain.kinds)) * 1.0)
        first = np.unique(chain.kind, return_index=True)[1]
        by_kind = member[first] * of_kind[..., None]
        kinds = np.concatenate([by_kind, by_kind @ share[..., None]], axis=-1)
        epochs = chain.years_of_epoch / chain.years
        hidden = np.eye(1, len(chain.masking))[:, None, :, None] if hidden is None else hidden
        cases = epochs[:, None, None, None] * hidden[..., None] * strata[:, None, None]
        mixture = cases.reshape(len(cases), -1, cases.shape[-1])
        moved = ~np.isclose(mixture, mixture[:1], rtol=1e-12, atol=0).all(axis=(0, 1))
        return cls((*chain.groups, "all"), mixture, strata, within, kinds, moved)

    def among(self, cases: NDArray[np.bool_]) -> Pooling | None:
        """The same pools, of some cases only; None if nobody is in them."""
        mixture = self.mixture * cases[:, None]
        total = mixture.sum(axis=1, keepdims=True)
        if not (total > 0).all():
            return None
        return replace(self, mixture=mixture / total)

    def mean(self, values: Array) -> dict[str, Array]:
        """Means over the cases: values of shape (draws, cases) to shape (draws,) for each pool."""
        return self._by_name(mixed(values, self.mixture))

    def of_kinds(self, values: Array) -> dict[str, Array]:
        """Means over the kinds: values of shape (draws, kinds) to shape (draws,) for each pool."""
        return self._by_name(mixed(values, self.kinds))

    def any(self, of_cases: NDArray[np.bool_]) -> dict[str, bool]:
        """Whether something is so in any case of each pool, or the pool itself is not the same at all points."""
        found = (of_cases[:, None] & (self.mixture > 0).any(axis=0)).any(axis=0) | self.moved
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
