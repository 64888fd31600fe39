"""Where files differ from: the variance split by the definition, on pupils made by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.engine.chain import TraitLevels
from misread.findings.variance import SOURCES, shares_of_variance
from tests.engine.chains import chain, compiled, near

AXES = ("group", "state", "face", "view")


def school(rng, sizes):
    """A chain of strata (group, a trait of the state, one of the face, view), of which only the indices matter."""
    parts = [rng.dirichlet(np.ones(n)) for n in sizes]
    rule = compiled(("k", 1, 1), [True, False], 2)
    plain = chain(np.array([[-1.0, 1], [1, -1]]), np.full((int(np.prod(sizes)), 2), 0.5), rule, 2, 1)
    at = np.array(list(itertools.product(*map(range, sizes))))
    share = np.array([np.prod([p[i] for p, i in zip(parts, row, strict=True)]) for row in at])
    traits = tuple(
        TraitLevels(name, acts_on, np.zeros(n), p)
        for name, acts_on, n, p in (("a", "state", sizes[1], parts[1]), ("b", "label", sizes[2], parts[2]))
    )
    _, kind = np.unique(at[:, :3], axis=0, return_inverse=True)
    made = replace(
        plain, traits=traits, weight=share[None], group=at[:, 0], level=at[:, 1:3], view=at[:, 3], kind=kind.ravel()
    )
    return made, at, share


sizes = st.tuples(*(st.integers(1, 3),) * 4)


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), sizes)
def test_a_number_that_every_pupil_has(seed, sizes):
    rng = np.random.default_rng(seed)
    c, at, share = school(rng, sizes)
    mean, spread = rng.uniform(0, 5, (2, len(at)))
    got = {k: v[0] for k, v in shares_of_variance(c, share[None], mean[None], spread[None] ** 2).items()}
    # Half of each kind is one standard deviation above its mean, the other half below.
    numbers, weights = np.concatenate([mean + spread, mean - spread]), np.concatenate([share, share]) / 2
    who = np.concatenate([at, at])
    overall = weights @ numbers
    total = weights @ (numbers - overall) ** 2
    want = {}
    for axis, source in enumerate(AXES):
        of = [(weights[who[:, axis] == i], numbers[who[:, axis] == i]) for i in range(sizes[axis])]
        want[source] = sum(w.sum() * (w @ n / w.sum() - overall) ** 2 for w, n in of)
    want["within"] = share @ spread**2
    want["interaction"] = total - sum(want.values())
    assert tuple(got) == SOURCES
    for source, value in want.items():
        assert near(got[source], value / total, rel=1e-9, tiny=1e-12), source
    assert near(sum(got.values()), 1)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), sizes)
def test_what_adds_up_has_no_interaction(seed, sizes):
    rng = np.random.default_rng(seed)
    c, at, share = school(rng, sizes)
    effects = [rng.uniform(0, 3, n) for n in sizes]
    mean = sum(e[at[:, axis]] for axis, e in enumerate(effects))
    got = shares_of_variance(c, share[None], np.asarray(mean)[None], np.ones((1, len(at))))
    assert 0 <= got["interaction"][0] < 1e-12
    ratio = got["state"][0] / got["within"][0]
    trait = c.traits[0].share
    assert near(ratio, trait @ (effects[1] - trait @ effects[1]) ** 2, rel=1e-8, tiny=1e-12)


def test_a_number_that_does_not_vary_has_no_shares():
    c, at, share = school(np.random.default_rng(1), (2, 2, 1, 2))
    got = shares_of_variance(c, share[None], np.full((1, len(at)), 7.3), np.zeros((1, len(at))))
    assert all(np.isnan(v).all() for v in got.values())
