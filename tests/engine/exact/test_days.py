"""A day of the exact engine against enumeration of every path."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.engine.chain import joined
from misread.engine.exact.day import random_truth, solve, solve_perfect
from misread.engine.exact.lesson import FalseCounts
from tests.engine.brute import day as brute_day
from tests.engine.chains import chain, compiled, mark, near, rates, tables

FIELDS = (
    "true",
    "false",
    "sensitivity",
    "prevalence",
    "false_positive",
    "unclaimed",
    "spells",
    "missed",
    "any_false",
    "no_false",
    "only_true",
)
WINDOWS = [("k", 1, 1), ("k", 2, 3), ("k", 2, 2), ("k", 1, 4), ("k", 3, 7)]
CASES = [
    *itertools.product(WINDOWS, ("clear", "mute lesson", "keep"), ("in_window", "at_flag")),
    (("share", 0.3), "clear", "in_window"),
    (("share", 0.5), "clear", "in_window"),
    (("share", 0), "clear", "in_window"),
]


def agrees(got, want, row):
    for name in FIELDS:
        assert near(getattr(got, name)[row], getattr(want, name)), name
    for count in range(got.false_counts.shape[1]):
        assert near(got.false_counts[row, count], want.counts.get(count, 0.0))


@pytest.mark.parametrize(("flag", "after", "true_if"), CASES, ids=str)
def test_a_day_is_what_enumeration_says(flag, after, true_if):
    rng = np.random.default_rng([len(after), len(true_if), len(str(flag))])
    looks, lessons = 4, 2
    Q, hit, claimed = rates(rng, 2), rng.uniform(0.05, 0.9, (1, 2)), [True, False]
    rule = compiled(flag, claimed, looks, after, true_if)
    c = chain(Q, hit, rule, looks, lessons)
    where = tables(c)
    want = brute_day(*where, hit[0], claimed, looks, lessons, flag, after, true_if)
    agrees(solve(c, rule, c.emission), want, 0)
    assert near(random_truth(c, rule)[0], want.random)
    ideal = brute_day(*where, claimed, claimed, looks, lessons, flag, after, true_if)
    agrees(solve_perfect(c, rule), ideal, 0)
    # Without the number of false flags, whether there are any comes by other sums.
    for name in ("any_false", "no_false", "only_true"):
        assert near(getattr(solve(c, rule, c.emission, counts=False), name)[0], getattr(want, name)), name
        assert near(getattr(solve_perfect(c, rule, counts=False), name)[0], getattr(ideal, name)), name


def test_three_states_and_two_strata():
    rng = np.random.default_rng(3)
    Q, hit, claimed, looks = rates(rng, 3), rng.uniform(0, 1, (2, 3)), [False, True, True], 3
    rule = compiled(("k", 2, 3), claimed, looks)
    c = chain(Q, hit, rule, looks, 1)
    got = solve(c, rule, c.emission)
    for s in range(2):
        agrees(got, brute_day(*tables(c, s), hit[s], claimed, looks, 1, ("k", 2, 3)), s)


def test_draws_that_agree_are_not_confused_with_each_other():
    # Readings that are equal are counted once: each must get its own answer back.
    rng = np.random.default_rng(4)
    rule = compiled(("k", 2, 3), [True, False], 5)
    c = chain(rates(rng, 2), [[0.2, 0.4], [0.7, 0.1]], rule, 5, 2)
    other = chain(rates(np.random.default_rng(4), 2), [[0.7, 0.1], [0.2, 0.4]], rule, 5, 2)
    got = solve(c, rule, joined([c.emission, other.emission, c.emission])).false.reshape(3, 2)
    assert np.array_equal(got[0], got[2])
    assert near(got[1], got[0, ::-1])
    assert got[0, 0] != got[0, 1]


@pytest.mark.parametrize("chunk", [1, 2**12])
def test_chunks_change_nothing(monkeypatch, chunk):
    rng = np.random.default_rng(5)
    rule = compiled(("k", 2, 4), [True, False, False], 6)
    c = chain(rates(rng, 3), rng.uniform(0, 1, (3, 3)), rule, 6, 2)
    whole = solve(c, rule, c.emission)
    monkeypatch.setattr("misread.engine.exact.day.CHUNK", chunk)
    steps = []
    parts = solve(c, rule, c.emission, lambda done, of: steps.append((done, of)))
    for name in (*FIELDS, "false_counts"):
        assert near(getattr(parts, name), getattr(whole, name)), name
    assert near(parts.by_state, whole.by_state)
    # Three readings, four laws.
    assert steps[-1] == (12, 12)
    assert steps == sorted(steps)
    assert len(steps) == 12 if chunk == 1 else len(steps) >= 4


def test_what_nobody_asks_for_is_not_computed(monkeypatch):
    rule = compiled(("k", 2, 3), [True, False], 5, marks=(mark(3),))
    c = chain(rates(np.random.default_rng(6), 2), [[0.2, 0.4]], rule, 5, 2, days=3)
    day = solve(c, rule, c.emission)
    monkeypatch.setattr("misread.engine.exact.day._day_of_counts", None)
    monkeypatch.setattr("misread.engine.exact.marks.in_a_year", None)
    assert day.true[0] > 0
    with pytest.raises(TypeError):
        _ = day.any_false


def test_whether_there_are_false_flags_asks_for_no_more_than_that(monkeypatch):
    rule = compiled(("k", 1, 1), [True, False], 5)
    c = chain(rates(np.random.default_rng(6), 2), [[0.2, 0.4]], rule, 5, 2)
    asked = []
    monkeypatch.setattr("misread.engine.exact.day.FalseCounts", lambda most: asked.append(most) or FalseCounts(most))
    for counts, most in ((True, 5), (False, 1)):
        day = solve(c, rule, c.emission, counts=counts)
        _ = day.any_false, day.no_false, day.only_true
        assert asked.pop() == most
        assert not asked


def test_the_perfect_reader_of_single_looks_never_errs():
    rng = np.random.default_rng(7)
    rule = compiled(("k", 1, 1), [True, False, False], 5)
    c = chain(rates(rng, 3), rng.uniform(0, 1, (1, 3)), rule, 5, 3)
    ideal = solve_perfect(c, rule)
    assert ideal.false[0] == ideal.missed[0] == ideal.any_false[0] == 0
    assert near(ideal.sensitivity, ideal.prevalence)
    assert near(ideal.true[0], 15 * c.start[0, 0, 0, 0])


@st.composite
def schools(draw):
    """(seed, states, looks, lessons, flag, after, true_if, claimed)."""
    m, looks, lessons = draw(st.integers(2, 4)), draw(st.integers(1, 9)), draw(st.integers(1, 3))
    n = draw(st.integers(1, 6))
    window = ("k", draw(st.integers(1, min(n, looks))), n)
    flag = draw(st.sampled_from([window, ("share", draw(st.sampled_from([0, 0.25, 0.5, 0.9])))]))
    after = draw(st.sampled_from(["clear", "mute lesson", "keep"])) if flag[0] == "k" else "clear"
    true_if = draw(st.sampled_from(["in_window", "at_flag"])) if flag[0] == "k" else "in_window"
    claimed = draw(st.lists(st.booleans(), min_size=m, max_size=m))
    return draw(st.integers(0, 2**32 - 1)), m, looks, lessons, flag, after, true_if, claimed


@settings(max_examples=60)
@given(schools())
def test_laws_add_to_one_and_pool(school):
    seed, m, looks, lessons, flag, after, true_if, claimed = school
    rng = np.random.default_rng(seed)
    rule = compiled(flag, claimed, looks, after, true_if)
    c = chain(rates(rng, m), rng.uniform(0, 1, (2, m)), rule, looks, lessons)
    d = solve(c, rule, c.emission)
    assert near(d.false_counts.sum(axis=1), 1)
    assert near(d.any_false + d.no_false, 1)
    assert near(d.prevalence + d.unclaimed, lessons)
    assert near(d.false_counts @ np.arange(d.false_counts.shape[1]), d.false)
    for name in FIELDS:
        assert (getattr(d, name) >= 0).all(), name
    for part, whole in (
        (d.sensitivity, d.prevalence),
        (d.false_positive, d.unclaimed),
        (d.missed, d.spells),
        (d.any_false, d.false),
        (d.only_true, d.no_false),
        (d.sensitivity, d.true),
        (d.any_false + d.only_true, np.ones(2)),
        # At most lessons · looks / 2 spells, rounded up lesson by lesson.
        (d.spells, np.full(2, lessons * -(-looks // 2))),
    ):
        assert (part <= whole * (1 + 1e-12) + 1e-15).all()


@settings(max_examples=40)
@given(schools(), st.randoms(use_true_random=False))
def test_the_order_of_the_states_changes_nothing(school, random):
    seed, m, looks, lessons, flag, after, true_if, claimed = school
    rng = np.random.default_rng(seed)
    Q, hit = rates(rng, m), rng.uniform(0, 1, (1, m))
    order = list(range(m))
    random.shuffle(order)
    results = []
    for names in (list(range(m)), order):
        rule = compiled(flag, [claimed[z] for z in names], looks, after, true_if)
        c = chain(Q[np.ix_(names, names)], hit[:, names], rule, looks, lessons)
        results.append(solve(c, rule, c.emission))
    for name in (*FIELDS, "false_counts"):
        assert near(getattr(results[0], name), getattr(results[1], name), rel=1e-9), name


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 4), st.sampled_from(["in_window", "at_flag"]))
def test_asking_for_more_hits_never_flags_more(seed, n, k, true_if):
    """What is true of `k + 1 of last n` beside `k of last n`, whatever the pupil.

    Flags in all: fewer, whatever follows a flag. Where hits are forgotten, a rule flags as often as disjoint windows
    with enough hits fit into the lesson, and windows with k + 1 hits have k. False flags: fewer with `keep`, where
    both rules are judged at the same looks; not in general, as a flag's truth changes with its moment (next test).
    """
    k = min(k, n)
    rng = np.random.default_rng(seed)
    Q, hit, claimed = rates(rng, 3), rng.uniform(0, 1, (1, 3)), [True, False, False]
    for after in ("keep", "clear", "mute lesson"):
        lax, strict = (_asking_for(wanted, n + 1, Q, hit, claimed, after, true_if) for wanted in (k, k + 1))
        more = 1 + 1e-12
        assert (strict.true + strict.false <= (lax.true + lax.false) * more).all()
        assert (strict.false_positive <= lax.false_positive * more).all()
        if after == "keep":
            assert (strict.true <= lax.true * more).all()
            assert (strict.false <= lax.false * more).all()
            assert (strict.any_false <= lax.any_false * more).all()
            assert (strict.missed * more >= lax.missed).all()


def test_asking_for_more_hits_may_make_more_false_flags():
    Q, hit = np.array([[-0.5, 0.5], [0.5, -0.5]]), [[0.15, 0.97]]
    lax, strict = (_asking_for(k, 2, Q, hit, [True, False], "mute lesson", "in_window") for k in (1, 2))
    assert strict.false[0] > 1.01 * lax.false[0]


def _asking_for(k, n, Q, hit, claimed, after, true_if, looks=4):
    rule = compiled(("k", k, n), claimed, looks, after, true_if)
    c = chain(Q, hit, rule, looks, 1)
    return solve(c, rule, c.emission)
