"""The hinge between evidence and engine: P(label | expression), with its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Profile:
    """How a classifier (or a person) labels expressions.

    Attributes
    ----------
    name : str
        The profile's name in the deployment.
    expressions, labels : tuple of str
        What the rows and the columns mean.
    p : ndarray, shape (expressions, labels)
        P(label | expression) as stated; rows add to 1.
    n : ndarray, shape (expressions,)
        Independent units behind each row; NaN where nothing states an uncertainty.
    support : ndarray of bool, shape (expressions, labels)
        Labels that each row's source could have written at all. The others are structural zeros, which
        no draw fills.
    source : str
        Where it comes from, in words fit for the report, assumptions named.
    """

    name: str
    expressions: tuple[str, ...]
    labels: tuple[str, ...]
    p: Array
    n: Array
    support: NDArray[np.bool_]
    source: str = ""

    @property
    def uncertain(self) -> NDArray[np.bool_]:
        """Rows whose uncertainty is stated, shape (expressions,)."""
        return np.isfinite(self.n)

    def draw(self, u: Array) -> Array:
        """Rows drawn from their posteriors.

        Each row is Dirichlet(n·p + ½) over the supported labels: the posterior under Jeffreys' prior,
        made from gamma quantiles divided by their sum (Devroye 1986, ch. XI.4).

        Parameters
        ----------
        u : ndarray, shape (draws, expressions, labels)
            Uniform points in (0, 1); quasi-random ones keep their evenness.

        Returns
        -------
        ndarray, shape (draws, expressions, labels)
            Rows without a stated uncertainty stay at `p`.
        """
        from scipy.special import gammaincinv  # slow to load, and needed for draws only

        rows = np.broadcast_to(self.p, (u.shape[0], *self.p.shape)).copy()
        for x in np.flatnonzero(self.uncertain):
            possible = self.support[x]
            gammas = gammaincinv(self.n[x] * self.p[x, possible] + 0.5, u[:, x, possible])
            rows[:, x, possible] = gammas / gammas.sum(axis=1, keepdims=True)
        return rows
