"""Some readings of a day, gathered from the chain: a case each, seen through one emission table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from misread.engine.chain import Chain, CompiledRule
from misread.engine.chain.markov import Array
from misread.engine.exact.lesson import Question, ask


@dataclass(frozen=True, eq=False)
class Part:
    """Some readings of a day.

    Attributes
    ----------
    chain, rule
        Whose.
    hit, miss : ndarray, shape (readings, situations, cells)
        P(a look is a hit | cell), P(it is none | cell).
    start : ndarray, shape (readings, cells)
        Law of the cell at the day's first look.
    step, gap : ndarray, shape (readings, situations, cells, cells)
        Transitions from look to look, and from a lesson's last look to the next lesson.
    share : ndarray, shape (readings, situations)
        Shares of the lessons.
    """

    chain: Chain
    rule: CompiledRule
    hit: Array
    miss: Array
    start: Array
    step: Array
    gap: Array
    share: Array

    @property
    def nothing(self) -> NDArray[np.bool_]:
        """No claims: what a flag claims does not change when it fires, and without claims every flag reads as false."""
        return np.zeros(len(self.chain.state), dtype=bool)

    @cached_property
    def across(self) -> Array:
        """Transitions from a lesson's first look to the next lesson's: shape (readings, cells, cells)."""
        through = np.matmul(np.linalg.matrix_power(self.step, self.chain.looks - 1), self.gap)
        return np.asarray(np.einsum("rkzy,rk->rzy", through, self.share))

    def ask(self, question: Question, claimed: NDArray[np.bool_] | None = None) -> Array:
        """A question about one lesson of each situation: shape (readings, situations, cells, \\*axes)."""
        claimed = self.chain.claimed(self.rule) if claimed is None else claimed
        both = self.step.shape[:2]

        def flat(table: Array) -> Array:
            return table.reshape(-1, *table.shape[2:])

        hit, miss, step = flat(self.hit), flat(self.miss), flat(self.step)
        answer = ask(question, self.rule.automaton, hit, miss, claimed, step, self.chain.looks)
        return answer.reshape(*both, *answer.shape[1:])

    def mixed(self, values: Array) -> Array:
        """Values by situation, (readings, situations, …), averaged over the situations."""
        return np.asarray(np.einsum("rk...,rk->r...", values, self.share))

    def to_next(self, values: Array) -> Array:
        """Values by the cell at a lesson's last look, to the cell at the next lesson's first look.

        Parameters
        ----------
        values : ndarray, shape (readings, situations, cells, cells, values)
            From the first look's cell to the last look's.

        Returns
        -------
        ndarray, shape (readings, cells, cells, values)
            Averaged over the situations.
        """
        out = np.zeros(values.shape[:1] + values.shape[2:])
        for k in range(values.shape[1]):
            gap = self.gap[:, k] * self.share[:, k, None, None]
            # [z, y, v] times gap[y, w]: values last make it one product of matrices.
            out += np.matmul(values[:, k].transpose(0, 1, 3, 2), gap[:, None]).transpose(0, 1, 3, 2)
        return out


def part_of(chain: Chain, rule: CompiledRule, hit: Array, miss: Array, rows: NDArray[np.intp]) -> Part:
    """Gather some rows of the chain.

    Parameters
    ----------
    chain, rule, hit, miss
        As in `Part`.
    rows : ndarray of int, shape (readings,)
        Where each reading is: point, epoch and stratum in one number.
    """

    def of(table: Array) -> Array:
        return table.reshape(-1, *table.shape[3:])[rows]

    return Part(chain, rule, hit, miss, of(chain.start), of(chain.step), of(chain.gap), shares_of(chain, rows))


def rows_of(chain: Chain, draws: int, epochs: int, levels: int) -> NDArray[np.intp]:
    """Row of the chain for each reading (draw, epoch, level of masking, stratum), in that order."""
    points = np.resize(np.arange(len(chain.start)), draws)
    row = (points[:, None] * epochs + np.arange(epochs))[..., None, None] * chain.strata + np.arange(chain.strata)
    return np.asarray(np.repeat(row, levels, axis=2).ravel())


def shares_of(chain: Chain, rows: NDArray[np.intp]) -> Array:
    """Shares of the situations at some rows of the chain: shape (rows, situations)."""
    return chain.share[rows // (chain.epochs * chain.strata)]


def alike(chain: Chain) -> NDArray[np.intp]:
    """A number for each row of the chain: the same for pupils whose own process is the same."""
    size = chain.start[..., 0].size
    tables = [table.reshape(size, -1) for table in (chain.start, chain.step, chain.gap)]
    tables.append(shares_of(chain, np.arange(size)))
    return distinct(*tables)[1]


def distinct(*tables: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each row of some tables side by side stands for the first time; and for all rows, which of those it is."""
    rows = np.column_stack(tables)
    seen: dict[bytes, int] = {}
    number = np.array([seen.setdefault(row.tobytes(), len(seen)) for row in rows], dtype=np.intp)
    return np.unique(number, return_index=True)[1], number
