"""Laws of one lesson, each of two whole numbers: what it came to, and that together with the next lesson's first cell.

Of a rule on one pupil these are false flags, then true ones with the cell; of a rule that ranks a class, hits, then
whether a flag is true with the cell. The second number is what comes with the cell · cells + the cell.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from misread.engine.chain import Chain, CompiledRule, RankedRule
from misread.engine.chain.markov import Array
from misread.engine.exact.lesson import JointCounts, place
from misread.engine.exact.part import Part
from misread.engine.sampled.laws.joint import law_of_hits

Law = tuple[int, int, Array]


def lessons_of(part: Part) -> Iterator[Law]:
    """Laws of a rule's flags on one pupil, by reading, situation and the cell at the first look."""
    at_last = part.ask(JointCounts(part.rule.most_flags))
    # [r, k, z, y, v] by gap[r, k, y, w] to [r, k, z, w, v].
    to_next = np.matmul(part.gap[:, :, None].swapaxes(-1, -2), at_last)
    return _with_cell(np.moveaxis(by_kind(to_next, part.rule), 3, 4))


def rankings_of(chain: Chain, rule: RankedRule, hit: Array, miss: Array, rows: NDArray[np.intp]) -> Iterator[Law]:
    """Laws of the hits that a class is ranked by, in the same order; arguments as of `misread.engine.exact.part`."""
    step, gap = (table.reshape(-1, *table.shape[3:])[rows] for table in (chain.step, chain.gap))
    claimed, looks = chain.claimed(rule), chain.looks
    for reading in np.ndindex(*step.shape[:2]):
        tables = np.column_stack([miss[reading], hit[reading]])
        yield from _with_cell(law_of_hits(tables, claimed, step[reading], gap[reading], looks)[None, None])


def by_kind(counts: Array, rule: CompiledRule) -> Array:
    """Counts by `place`, (…, places), to (…, true + 1, false + 1)."""
    most = rule.most_flags
    out = np.zeros((*counts.shape[:-1], most + 1, rule.most_false + 1))
    for true in range(most + 1):
        for false in range(min(most - true, rule.most_false) + 1):
            out[..., true, false] = counts[..., place(true, false)]
    return out


def _with_cell(law: Array) -> Iterator[Law]:
    """Laws (readings, situations, cells, second, next cells, first), one after the other."""
    *many, second, cells, first = law.shape
    return ((0, 0, each) for each in law.reshape(np.prod(many, dtype=int), second * cells, first))
