"""Several rules read together: one of them is what it is alone, and the algebras are algebras."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.engine.chain import Emissions
from misread.engine.exact.day import solve
from misread.engine.exact.hiding.product import KINDS, MOMENTS, both_kinds, day_laws
from misread.engine.exact.lesson import place
from tests.engine.chains import chain, compiled, near, rates

numbers = st.floats(-10, 10)


def elements(algebra):
    return st.lists(numbers, min_size=algebra.size, max_size=algebra.size).map(np.array)


def times(algebra, a, b):
    return np.einsum("u,v,uvw->w", a, b, algebra.product)


@pytest.mark.parametrize("algebra", [KINDS, MOMENTS], ids=["kinds", "moments"])
@given(st.data())
def test_products_are_associative_and_have_a_one(algebra, data):
    a, b, c = (data.draw(elements(algebra)) for _ in range(3))
    left, right = times(algebra, times(algebra, a, b), c), times(algebra, a, times(algebra, b, c))
    assert np.allclose(left, right, rtol=1e-12, atol=1e-9)
    one = np.eye(algebra.size)[0]
    assert np.array_equal(times(algebra, one, a), a)
    assert np.array_equal(times(algebra, a, one), a)


@given(st.lists(st.integers(0, 9), max_size=6))
def test_moments_multiply_as_numbers_add(counts):
    total = np.eye(3)[0]
    for n in counts:
        total = times(MOMENTS, total, np.array([1.0, n, n**2]))
    assert total.tolist() == [1, sum(counts), sum(counts) ** 2]


@given(st.lists(st.booleans(), max_size=6))
def test_kinds_remember_the_worst(order):
    total = np.eye(3)[0]
    for true in order:
        total = times(KINDS, total, KINDS.true if true else KINDS.false)
    assert total.tolist() == np.eye(3)[0 if not order else 1 if all(order) else 2].tolist()


def hiding(c, levels, hidden=(0.2, 0.8)):
    """A chain whose faces flags hide: read as hits with a chance of their own where they do."""
    masked = np.broadcast_to(hidden[::-1], c.emission.masked.shape)
    return replace(c, masking=np.asarray(levels, float), emission=Emissions(c.emission.plain, masked))


FLAGS = [("k", 1, 1), ("k", 2, 3), ("k", 2, 2), ("share", 0.4)]


@settings(max_examples=25)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(FLAGS),
    st.sampled_from(["clear", "mute lesson", "keep"]),
    st.sampled_from(["in_window", "at_flag"]),
    st.integers(1, 3),
    st.lists(st.floats(0, 0.9), min_size=1, max_size=8),
)
def test_one_rule_alone_is_what_its_day_says(seed, flag, after, true_if, lessons, levels):
    # More levels than looks and one more are read between nodes, fewer one by one.
    rng = np.random.default_rng(seed)
    more = ("clear", "in_window") if flag[0] == "share" else (after, true_if)
    rule = compiled(flag, [True, False, False], 4, *more)
    c = hiding(chain(rates(rng, 3), rng.uniform(0, 1, (2, 3)), rule, 4, lessons), [0, *levels])
    day = solve(c, rule, c.emission)
    shape = (1, 1, len(c.masking), 2)
    kinds, moments = (day_laws(c, c.emission, [rule], rule, algebra) for algebra in (KINDS, MOMENTS))
    of = kinds.sum(axis=-2)
    assert near(of[..., 1], day.only_true.reshape(shape), rel=1e-10, tiny=1e-13)
    assert near(of[..., 2], day.any_false.reshape(shape), rel=1e-10, tiny=1e-13)
    assert near(of.sum(axis=-1), 1)
    # Every flag tells somebody: no flag at all is as often as nobody told.
    assert near(kinds[..., 0, :], np.stack([of[..., 0], 0 * of[..., 0], 0 * of[..., 0]], axis=-1), tiny=1e-13)
    assert near(moments.sum(axis=-2)[..., 1], day.moments[0].reshape(shape), rel=1e-10, tiny=1e-13)
    assert near(moments.sum(axis=-2)[..., 2], day.moments[1].reshape(shape), rel=1e-10, tiny=1e-13)
    # As many flags as are told, up to where they count no further.
    told = np.arange(kinds.shape[-2] - 1)
    below = moments[..., :-1, :]
    assert near(below[..., 1], below[..., 0] * told, rel=1e-9, tiny=1e-13)
    assert near(below[..., 2], below[..., 0] * told**2, rel=1e-9, tiny=1e-13)


@pytest.mark.parametrize("levels", [2, 3, 9])
def test_a_lesson_that_brings_more_flags_than_count(levels):
    # Six flags in a lesson, and one, two or eight that count: nothing is lost.
    rule = compiled(("k", 1, 1), [True, False], 6)
    c = chain(rates(np.random.default_rng(1), 2), [[0.9, 0.8]], rule, 6, 2)
    c = hiding(c, np.linspace(0, 0.5, levels))
    law = day_laws(c, c.emission, [rule], rule, KINDS)
    assert law.shape[-2] == min(levels, 13)
    assert near(law.sum(axis=(-1, -2)), 1)
    alone = solve(c, compiled(("k", 1, 1), [False, False], 6), c.emission).false_counts.reshape(levels, 13)
    got = law[0, 0, :, 0].sum(axis=-1)
    assert near(got[:, :-1], alone[:, : levels - 1], rel=1e-10)
    assert near(got[:, -1], alone[:, levels - 1 :].sum(axis=1), rel=1e-10)


def test_a_rule_that_tells_nobody_beside_one_that_does():
    rng = np.random.default_rng(2)
    tells = compiled(("k", 1, 2), [True, False, False], 5, "keep", "at_flag")
    quiet = replace(compiled(("k", 2, 3), [False, True, True], 5), name="quiet", notify=(), hit=np.array([True, False]))
    c = chain(rates(rng, 3), rng.uniform(0.1, 0.9, (2, 3)), tells, 5, 2)
    c = hiding(replace(c, rules=(tells, quiet)), [0, 0.1, 0.5, 0.5, 0.7, 0.8, 0.9, 0.95])
    shape = (1, 1, 8, 2)
    for algebra, want in ((KINDS, ("only_true", "any_false")), (MOMENTS, ("moments",))):
        law = day_laws(c, c.emission, [tells, quiet], quiet, algebra)
        day = solve(c, quiet, c.emission)
        found = [getattr(day, name) for name in want] if algebra is KINDS else day.moments
        for i, value in enumerate(found, 1):
            assert near(law.sum(axis=-2)[..., i], value.reshape(shape), rel=1e-10)
        # Whatever is asked of the quiet rule, as many flags of the other are told.
        told = day_laws(c, c.emission, [tells], tells, algebra)
        total = (lambda x: x.sum(axis=-1)) if algebra is KINDS else (lambda x: x[..., 0])
        assert near(total(law), total(told), rel=1e-9, tiny=1e-13)


def test_every_look_brings_a_flag():
    # Both labels are hits, and nothing is what never happens.
    rule = replace(compiled(("k", 1, 1), [True, False], 3, "keep", "at_flag"), hit=np.array([True, True]))
    c = hiding(chain(rates(np.random.default_rng(5), 2), [[0.3, 0.6]], rule, 3, 2), [0, 0.2, 0.5] * 3)
    law = day_laws(c, c.emission, [rule], rule, MOMENTS)
    assert near(law[..., :6, :], 0)
    assert near(law[..., 6, :], [1, 6, 36])


@pytest.mark.parametrize("enough", [1, 2, 5])
def test_both_kinds_are_numbered_by_their_sum_then_the_false_ones(enough):
    memory = both_kinds(enough)
    for order in itertools.product((True, False), repeat=enough + 1):
        at = 0
        for n, is_true in enumerate(order, 1):
            at = int((memory.true if is_true else memory.false)[at])
            false = order[:n].count(False)
            assert at == (place(n - false, false) if n < enough else place(0, enough - 1) + 1)


def test_faces_that_are_never_hidden_at_any_level():
    # Many levels, all of them 0: each is the day itself.
    rule = compiled(("k", 1, 1), [True, False], 2)
    c = hiding(chain(rates(np.random.default_rng(3), 2), [[0.3, 0.6]], rule, 2, 2), np.zeros(7))
    law = day_laws(c, c.emission, [rule], rule, KINDS)[0, 0, :, 0].sum(axis=1)
    assert near(law, np.tile(law[0], (7, 1)))
    assert near(law[0, 2], solve(c, rule, c.emission).any_false[0])


def test_a_level_next_to_a_node():
    rule = compiled(("k", 1, 1), [True, False], 3)
    plain = chain(rates(np.random.default_rng(4), 2), [[0.3, 0.6]], rule, 3, 2)
    c = hiding(plain, [0, 1e-310, 1e-30, 1e-9, 0.25, 0.25 + 1e-16, 0.5])
    law = day_laws(c, c.emission, [rule], rule, MOMENTS)[0, 0, :, 0].sum(axis=1)
    assert near(law[:, 1], solve(c, rule, c.emission).moments[0], rel=1e-11)


@pytest.mark.parametrize("most", [1e-300, 1e-3, 1.0])
def test_levels_however_small(most):
    rule = compiled(("k", 1, 1), [True, False], 3)
    plain = chain(rates(np.random.default_rng(4), 2), [[0.3, 0.6]], rule, 3, 2)
    c = hiding(plain, most * -np.expm1(-0.3 * np.arange(12)))
    law = day_laws(c, c.emission, [rule], rule, MOMENTS)[0, 0, :, 0].sum(axis=1)
    assert near(law[:, 1], solve(c, rule, c.emission).moments[0], rel=1e-11)
