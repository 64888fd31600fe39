"""Small chains for the engine's tests, made by hand."""

from __future__ import annotations

import numpy as np
from scipy.linalg import expm

from misread.deployment.model import Mark
from misread.engine.chain import Chain, CompiledRule, Emissions
from misread.engine.chain.markov import stationary
from misread.engine.chain.rules import FALSE_FLAG, TRUE_FLAG, k_of_last, share_over


def rates(rng, m):
    """Rates of a random irreducible chain."""
    Q = rng.uniform(0.05, 1.0, (m, m))
    np.fill_diagonal(Q, 0)
    np.fill_diagonal(Q, -Q.sum(axis=1))
    return Q


def compiled(flag, claimed, looks, after="clear", true_if="in_window", marks=()):
    """A rule of flag ("k", k, n) or ("share", x); label 1 is a hit."""
    if flag[0] == "share":
        machine, truth = share_over(int(flag[1] * looks)), int(flag[1] * looks)
    else:
        n = min(flag[2], looks)
        machine, truth = k_of_last(flag[1], n, after, true_if), n if true_if == "in_window" else 1
    return CompiledRule(
        name="r",
        automaton=machine,
        hit=np.array([False, True]),
        claimed=np.asarray(claimed, bool),
        truth=truth,
        most_flags=machine.most_flags(looks, (TRUE_FLAG, FALSE_FLAG)),
        most_false=machine.most_flags(looks, (FALSE_FLAG,)),
        notify=("teacher",),
        marks=marks,
    )


def chain(Q, hit, rule, looks, lessons, days=1, years=1, step=1.0, gap=3.0):
    """A chain with one stratum per row of `hit` (strata, states): P(label 1 | state). All else there is one of."""
    hit = np.atleast_2d(np.asarray(hit, float))
    strata, m = hit.shape
    labels = np.stack([1 - hit, hit], axis=-1)

    def spread(a):
        return np.broadcast_to(a, (1, 1, strata, *a.shape))

    return Chain(
        states=tuple(f"s{i}" for i in range(m)),
        labels=("miss", "hit"),
        # A face for each label, which is read as what it is.
        expressions=("miss", "hit"),
        groups=tuple(f"g{i}" for i in range(strata)),
        views=(),
        situations=(),
        ages=(),
        traits=(),
        weight=np.full((1, strata), 1 / strata),
        group=np.arange(strata),
        view=np.zeros(strata, dtype=np.intp),
        kind=np.arange(strata),
        level=np.zeros((strata, 0), dtype=np.intp),
        epoch=np.zeros(years, dtype=np.intp),
        share=np.ones((1, 1)),
        state=np.arange(m),
        start=spread(stationary(Q)),
        step=spread(expm(Q * step)[None]),
        gap=spread(expm(Q * gap)[None]),
        shown=labels[None, None, :, None],
        emission=Emissions(plain=labels[None, None, :, None], masked=np.tile([1.0, 0.0], (1, 1, strata, 1))),
        profile=(("p",) * strata,),
        row_of={"p": (0, 1)},
        lost=np.zeros(strata),
        dilution=np.zeros(strata),
        bias=np.ones((strata, 2)),
        masking=np.zeros(1),
        behind=0,
        looks=looks,
        lessons=lessons,
        days=days,
        years=years,
        rules=(rule,),
        ranked=(),
    )


def tables(c, stratum=0):
    """Start, step and gap of a stratum, where there is one of all else."""
    return c.start[0, 0, stratum], c.step[0, 0, stratum, 0], c.gap[0, 0, stratum, 0]


def mark(flags, name="resistant"):
    """A mark on the rule of `compiled`."""
    return Mark(name=name, rule="r", flags=flags)


def near(got, want, rel=1e-11, tiny=1e-15):
    """Equal to rounding: much closer than the 1e-9 or 1e-13 that are promised."""
    got, want = np.asarray(got, float), np.asarray(want, float)
    return bool(np.all(np.abs(got - want) <= np.maximum(rel * np.abs(want), tiny)))
