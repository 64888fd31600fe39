"""Parts of the pupils and of the years that findings are given for: seats, levels of traits, ages."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from misread.engine.chain import Chain
from misread.findings.pooling import Pooling


def slices(chain: Chain, pooling: Pooling) -> Iterator[tuple[dict[str, str], Pooling]]:
    """Pools of those on each kind of seat, at each level of each trait, and in each epoch, if there is anybody.

    Yields
    ------
    tuple of dict and Pooling
        The key of the rows (``view``, ``trait`` or ``age``) with its value, and the pools.
    """
    for key, value, cases in _members(chain):
        if (part := pooling.among(cases)) is not None:
            yield {key: value}, part


def level_name(trait: str, level: int, of: int) -> str:
    """How findings call a level of a trait; `level` is counted from 0."""
    return f"{trait}, level {level + 1} of {of}"


def _members(chain: Chain) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    shape = (chain.epochs, len(chain.masking), chain.strata)

    def of_strata(who: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.broadcast_to(who, shape).ravel()

    for i, view in enumerate(chain.views):
        yield "view", view, of_strata(chain.view == i)
    for i, trait in enumerate(chain.traits):
        for level in range(len(trait.nodes)):
            yield "trait", level_name(trait.name, level, len(trait.nodes)), of_strata(chain.level[:, i] == level)
    for i, age in enumerate(chain.ages):
        yield "age", age, np.broadcast_to((np.arange(chain.epochs) == i)[:, None, None], shape).ravel()
