"""Faces as clusters of votes, or persons as clusters of faces: what an interval of agreement rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from misread.audit.intervals.effective import LEAST_EVEN, TOO_FEW, even_persons, of_persons, t_quantile
from misread.audit.rates.estimate import LOPSIDED, NO_FACE

Numbers = NDArray[np.float64]


class Found(TypedDict):
    """What an estimate says, its name aside."""

    value: float | None
    low: float | None
    high: float | None
    n: float
    hits: float | None
    persons: int | None
    n_eff: float | None
    method: str
    note: str


@dataclass(frozen=True, eq=False)
class Clusters:
    """Whose votes belong together, for rows that each stand for several faces with the same votes.

    Attributes
    ----------
    count : ndarray of float64, shape (rows,)
        Faces in a row.
    person : ndarray of int, shape (rows,), or None
        Whose faces they are, numbered from 0 without gaps; None where each face is a cluster of its own.
    k : int
        Clusters.
    """

    count: Numbers
    person: NDArray[np.intp] | None
    k: int

    @classmethod
    def of(cls, count: Numbers, person: NDArray[np.integer] | None) -> Clusters:
        """Clusters of rows; persons are numbered anew."""
        if person is None:
            return cls(count, None, round(float(count.sum())))
        who, numbered = np.unique(person, return_inverse=True)
        return cls(count, numbered.reshape(-1), len(who))

    def total(self, values: Numbers) -> float:
        """Sum of something over faces."""
        return float(self.count @ values)

    def mean(self, values: Numbers) -> float:
        """Mean of something over faces; 0 without faces."""
        return self.total(values) / float(self.count.sum()) if len(values) else 0.0

    def sums(self, values: Numbers) -> tuple[Numbers, Numbers]:
        """Sums per cluster, shape (rows or persons, columns), and how many clusters each of them stands for."""
        if self.person is None:
            return values, self.count
        found = np.zeros((self.k, values.shape[1]))
        np.add.at(found, self.person, self.count[:, None] * values)
        return found, np.ones(self.k)

    def share(self, x: Numbers, n: Numbers, level: float) -> list[Found]:
        """Shares with intervals, one a column.

        Parameters
        ----------
        x, n : ndarray of float64, shape (rows, columns)
            What was hit and of what, per face.
        level : float
            Of the intervals.
        """
        (X, times), (N, _) = self.sums(x), self.sums(n)
        k = times @ (N > 0).astype(np.float64)
        hits, of, nn = times @ X, times @ N, times @ N**2
        low, high, worth = of_persons(hits, of, times @ X**2, times @ (X * N), nn, k, level=level)
        even = even_persons(of, nn, k)
        return [
            self._found(
                hits[i] / of[i] if of[i] > 0 else None, low[i], high[i], of[i], worth[i], round(k[i]), even[i], "wilson"
            )
            for i in range(x.shape[1])
        ]

    def beyond_chance(self, value: float, influence: Numbers, n: float, level: float) -> Found:
        """A coefficient that is at most 1, with the interval of its linearisation.

        The bounds are taken on the scale of log(1 − value), so that they stay below 1, with Student's t on the clusters
        less one, clusters with unequally many faces counting as so many with equally many (`even_persons`).

        Parameters
        ----------
        value : float
            NaN where it cannot be told.
        influence : ndarray of float64, shape (rows,)
            By how much each face moves it: derivatives times the number of faces.
        n : float
            Votes.
        level : float
            Of the interval.
        """
        each, times = self.sums(np.ones((len(influence), 1)))
        faces = float(self.count.sum())
        even = float(even_persons(faces, times @ each[:, 0] ** 2, self.k))
        left = 1 - value
        if np.isnan(value) or self.k < TOO_FEW or even < LEAST_EVEN or left <= 0:
            return self._found(None if np.isnan(value) else value, np.nan, np.nan, n, np.nan, self.k, even, "linear")
        moved, _ = self.sums(influence[:, None])
        spread = even / (even - 1) * float(times @ moved[:, 0] ** 2)
        step = float(t_quantile(even, level)) * np.sqrt(spread) / faces
        low, high = 1 - left * np.exp(step / left), 1 - left * np.exp(-step / left)
        return self._found(value, low, high, n, np.nan, self.k, even, "linear")

    def _found(
        self, value: float | None, low: float, high: float, n: float, worth: float, k: int, even: float, kind: str
    ) -> Found:
        whose = "faces" if self.person is None else "persons"
        note = ""
        if value is None:
            note = NO_FACE if n == 0 else "not estimable: one word was given for every face"
        elif k < TOO_FEW:
            note = f"too few {whose} ({k})"
        elif even < LEAST_EVEN:
            note = LOPSIDED if self.person is not None else "one face has most of the votes"
        elif np.isnan(low):
            note = "no interval: all raters agree on every face"
        # Of so few persons nothing is told: it would be about each of them.
        told = value is not None and (self.person is None or k >= TOO_FEW)
        return Found(
            value=float(value) if value is not None and told else None,
            low=None if np.isnan(low) else float(low),
            high=None if np.isnan(high) else float(high),
            n=round(float(n), 6),  # sums of shares of votes: 339962, not 339961.9999999945
            hits=None,
            persons=None if self.person is None else k,
            n_eff=None if np.isnan(worth) or not told else float(worth),
            method=f"{kind}-{whose}",
            note=note,
        )
