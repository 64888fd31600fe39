"""The same school as anyone would simulate it: NumPy, all pupils at once, look by look."""

from __future__ import annotations

import numpy as np

from misread.deployment import Deployment
from misread.deployment.model.flags import KOfLast, parse_flag
from misread.engine.chain import Chain


def false_flags_a_day(deployment: Deployment, chain: Chain, pupils: int, seed: int = 1) -> np.ndarray:
    """False flags of the first rule, a `k of last n`, on one day of each of `pupils` pupils."""
    rng = np.random.default_rng(seed)
    rule, flag = deployment.rules[0], parse_flag(deployment.rules[0].flag)
    assert isinstance(flag, KOfLast)
    hit = np.isin(chain.labels, rule.labels)
    claimed = np.isin(chain.states, rule.claims)
    group = rng.choice(chain.strata, pupils, p=chain.weight[0])
    # One point, and no further tables: one epoch, one kind of lesson, cells that are states.
    tables = (chain.emission.plain, chain.step, chain.gap)
    label, step, gap = (table[0, 0, :, 0].cumsum(axis=-1) for table in tables)
    state = _choose(rng, chain.start[0, 0].cumsum(axis=-1)[group])
    false = np.zeros(pupils, dtype=int)
    for _ in range(chain.lessons):
        hits = np.zeros((flag.n, pupils), dtype=bool)
        right = np.zeros((flag.n, pupils), dtype=bool)
        muted = np.zeros(pupils, dtype=bool)
        for look in range(chain.looks):
            hits[look % flag.n] = hit[_choose(rng, label[group, state])]
            right[look % flag.n] = claimed[state]
            fires = (hits.sum(axis=0) >= flag.k) & ~muted
            true = right.any(axis=0) if rule.true_if == "in_window" else right[look % flag.n]
            false += fires & ~true
            if rule.after_flag == "clear":
                hits[:, fires] = False
            elif rule.after_flag == "mute lesson":
                muted |= fires
            state = _choose(rng, (step if look < chain.looks - 1 else gap)[group, state])
    return false


def _choose(rng: np.random.Generator, cumulated: np.ndarray) -> np.ndarray:
    return (rng.random(len(cumulated))[:, None] > cumulated[:, :-1]).sum(axis=1)
