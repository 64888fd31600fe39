"""The vote table: how several raters answered for the same face, each distinct set of votes once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Codes = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class VoteTable:
    """Votes of several raters per face; in memory only, and of faces nothing but how often the same votes occur.

    Attributes
    ----------
    options : tuple of str
        Words that raters chose from.
    columns : tuple of str
        Group columns.
    levels : tuple of tuple of str
        Levels of each column, `(missing)` last where it occurs.
    strata : ndarray of int32, shape (strata, columns)
        Level of each column in each stratum; only combinations that occur.
    vectors : ndarray of int32, shape (rows, options)
        Votes for each option.
    stratum : ndarray of int32, shape (rows,)
        Which stratum the faces with these votes belong to.
    count : ndarray of float64, shape (rows,)
        How many faces of this stratum (and person) have these votes; above 0.
    person : ndarray of int32, shape (rows,), or None
        Who is shown, numbered from 0; None where persons are not known and each face stands for itself.
    persons : int
        How many persons there are; 0 where they are not known.
    unit : str
        What is voted on: "faces", "clips" …
    told : frozenset of str or None
        Group columns whose levels may be told of; None where all may. Others would tell of one to four persons.
    """

    options: tuple[str, ...]
    columns: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    strata: Codes
    vectors: Codes
    stratum: Codes
    count: Numbers
    person: Codes | None = None
    persons: int = 0
    unit: str = "faces"
    told: frozenset[str] | None = None

    def __post_init__(self) -> None:
        D, options = len(self.vectors), len(self.options)
        person = self.stratum if self.person is None else self.person
        shapes = (self.vectors.shape, self.stratum.shape, self.count.shape, person.shape, self.strata.shape[1:])
        if shapes != ((D, options), (D,), (D,), (D,), (len(self.columns),)):
            raise AssertionError(f"shapes {shapes}: {D} rows, {options} options, {len(self.columns)} columns")

    @classmethod
    def everybody(cls, options: Sequence[str], vectors: NDArray[np.integer], **more: object) -> VoteTable:
        """A table without groups from one row of votes a face.

        Parameters
        ----------
        options : sequence of str
            Words that raters chose from.
        vectors : ndarray of int, shape (faces, options)
            Votes for each.
        **more
            `person`, `persons`, `unit`.
        """
        faces = len(vectors)
        table = cls(
            tuple(options),
            (),
            (),
            np.zeros((1, 0), dtype=np.int32),
            np.asarray(vectors, dtype=np.int32),
            np.zeros(faces, dtype=np.int32),
            np.ones(faces),
            **more,  # type: ignore[arg-type]
        )
        return table.margin()

    @property
    def total(self) -> float:
        """Faces that were voted on, those with a single vote or none included."""
        return float(self.count.sum())

    def names(self, stratum: int) -> dict[str, str]:
        """Column → level of a stratum."""
        return {c: self.levels[i][self.strata[stratum, i]] for i, c in enumerate(self.columns)}

    def margin(self, *columns: str) -> VoteTable:
        """The table by these columns alone; what falls on the same stratum, person and votes is added.

        Parameters
        ----------
        *columns : str
            Some of the table's columns, in any order; none gives one stratum, everybody.
        """
        at = [self.columns.index(column) for column in columns]
        if len(self.strata) == 0 or not at:
            strata, to = np.zeros((1, 0), dtype=np.int32), np.zeros(len(self.strata), dtype=np.intp)
        else:
            strata, to = np.unique(self.strata[:, at], axis=0, return_inverse=True)
            to = to.reshape(-1)
        who = np.zeros_like(self.stratum) if self.person is None else self.person
        keys = np.column_stack([to[self.stratum].astype(np.int32), who, self.vectors])
        order = np.lexsort(keys.T[::-1])
        keys = keys[order]
        first = np.ones(len(keys), dtype=bool)
        first[1:] = (keys[1:] != keys[:-1]).any(axis=1)
        starts = np.flatnonzero(first)
        return replace(
            self,
            columns=tuple(columns),
            levels=tuple(self.levels[i] for i in at),
            strata=strata.astype(np.int32),
            vectors=keys[starts, 2:],
            stratum=keys[starts, 0],
            count=np.add.reduceat(self.count[order], starts) if len(starts) else self.count[:0],
            person=None if self.person is None else keys[starts, 1],
        )
