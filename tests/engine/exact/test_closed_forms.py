"""The exact engine where paper and pencil do."""

from __future__ import annotations

import math

import numpy as np
import pytest

from misread.engine.exact import laws
from misread.engine.exact.day import random_truth, solve, solve_perfect
from misread.engine.exact.lesson import Outcomes, ask
from tests.engine.chains import chain, compiled, mark, near, rates, tables

FAST = np.array([[-1.0, 1.0], [1.0, -1.0]])


ONE = np.ones((1, 1, 1))
"""One stratum, one kind."""


def forgetful(hit, rule, looks, lessons, **more):
    """A pupil that changes so fast that looks are independent: fair coins for the state."""
    return chain(FAST * 1e3, hit, rule, looks, lessons, **more)


def test_run_of_four_independent_labels():
    # Flags a look, in the long run, are (1 − p) p⁴ / (1 − p⁴).
    p, looks = 0.3, 2000
    rule = compiled(("k", 4, 4), [False, False], looks + 1, "clear", "at_flag")

    def flags(looks):
        hit = np.full((1, 2), p)
        return ask(Outcomes(), rule.automaton, hit, 1 - hit, rule.claimed, np.eye(2)[None], looks)[0, 0, 1]

    assert flags(looks + 1) - flags(looks) == pytest.approx((1 - p) * p**4 / (1 - p**4), rel=1e-9)


def test_single_looks_of_independent_states_are_binomial():
    # Hits a and b in the two states, each half of the time: a false flag with chance b/2 at each look, a true one a/2.
    a, b, looks, lessons = 0.3, 0.2, 4, 3
    rule = compiled(("k", 1, 1), [True, False], looks)
    c = forgetful([[a, b]], rule, looks, lessons)
    d, n = solve(c, rule, c.emission), looks * lessons
    for k in range(n + 1):
        assert near(d.false_counts[0, k], math.comb(n, k) * (b / 2) ** k * (1 - b / 2) ** (n - k))
    assert near(d.only_true[0], (1 - b / 2) ** n - (1 - (a + b) / 2) ** n)
    assert near(d.sensitivity[0] / d.prevalence[0], (1 - (1 - a / 2) ** looks) / (1 - 0.5**looks))
    assert near(d.false_positive[0] / d.unclaimed[0], 1 - (1 - b) ** looks)
    # A spell begins at the first look, or after an unclaimed one; it is missed if no look of it is a hit.
    assert near(d.spells[0], lessons * (0.5 + (looks - 1) * 0.25))
    assert near(random_truth(c, rule)[0], 0.5)


def test_a_lesson_muted_after_its_first_flag():
    # The first hit decides: geometric, cut at the bell; false with chance b / (a + b).
    a, b, looks = 0.3, 0.2, 5
    rule = compiled(("k", 1, 1), [True, False], looks, "mute lesson", "at_flag")
    c = forgetful([[a, b]], rule, looks, 1)
    d = solve(c, rule, c.emission)
    flagged = 1 - (1 - (a + b) / 2) ** looks
    assert near(d.false[0], flagged * b / (a + b))
    assert near(d.any_false[0], flagged * b / (a + b))
    assert near(d.true[0], flagged * a / (a + b))


def test_shares_of_independent_looks_are_binomial():
    a, b, looks = 0.6, 0.3, 7
    rule = compiled(("share", 0.5), [True, False], looks)
    c = forgetful([[a, b]], rule, looks, 1)
    d = solve(c, rule, c.emission)
    both = sum(
        math.comb(looks, n) * 0.5**looks * _more_hits_than(3, n, a, looks - n, b) for n in range(looks + 1) if n > 3
    )
    all_flags = sum(math.comb(looks, n) * 0.5**looks * _more_hits_than(3, n, a, looks - n, b) for n in range(looks + 1))
    assert near(d.true[0], both)
    assert near(d.false[0], all_flags - both)
    assert near(random_truth(c, rule)[0], 0.5)


def _more_hits_than(most, n, a, m, b):
    return sum(
        math.comb(n, i) * a**i * (1 - a) ** (n - i) * math.comb(m, j) * b**j * (1 - b) ** (m - j)
        for i in range(n + 1)
        for j in range(m + 1)
        if i + j > most
    )


@pytest.mark.parametrize("flags", [1, 3, 7])
def test_marks_of_independent_looks_are_binomial(flags):
    # Each flag is false with chance b / (a + b), whatever came before: so are the first `flags` of them.
    a, b, looks, days = 0.3, 0.5, 3, 4
    rule = compiled(("k", 1, 1), [True, False], looks, "clear", "at_flag", (mark(flags),))
    c = forgetful([[a, b]], rule, looks, 2, days=days)
    earned, unearned = solve(c, rule, c.emission).marks["resistant"]
    n, hit = looks * 2 * days, (a + b) / 2
    want = sum(math.comb(n, k) * hit**k * (1 - hit) ** (n - k) for k in range(flags, n + 1))
    false = b / (a + b)
    half = sum(math.comb(flags, k) * false**k * (1 - false) ** (flags - k) for k in range(flags + 1) if 2 * k >= flags)
    assert near(earned[0], want)
    assert near(unearned[0], want * half)


def test_a_pupil_who_never_moves():
    # Bored for good or engaged for good: a flag is always true for the one, always false for the other.
    rule = compiled(("k", 2, 3), [True, False], 6)
    c = chain(FAST * 1e-300, [[0.5, 0.5]], rule, 6, 2)
    d = solve(c, rule, c.emission)
    assert near(d.true, d.false)
    assert near(d.any_false, d.only_true)
    assert near(d.prevalence, [1.0])
    assert near(d.spells, [1.0])
    assert near(random_truth(c, rule), [0.5])


def test_a_claim_on_every_state_is_never_wrong():
    rng = np.random.default_rng(2)
    rule = compiled(("k", 1, 1), [True, True], 5)
    c = chain(rates(rng, 2), [[0.4, 0.1]], rule, 5, 2)
    d = solve(c, rule, c.emission)
    assert d.false[0] == d.any_false[0] == d.unclaimed[0] == d.false_positive[0] == 0
    assert near(d.false_counts[0, 0], 1)
    assert near(d.missed[0] + d.true[0], d.missed[0] + 10 * (tables(c)[0] @ [0.4, 0.1]))
    assert laws.quantiles_of_sum(d.false_counts[None, None], ONE, ONE, [(0, 180, 12)], (0.95,)) == 0


def test_a_rule_without_hits_never_fires():
    rule = compiled(("k", 1, 2), [True, False], 4)
    c = chain(FAST, [[0.0, 0.0]], rule, 4, 2)
    d = solve(c, rule, c.emission)
    assert d.true[0] == d.false[0] == d.any_false[0] == d.only_true[0] == 0
    assert near(d.missed, d.spells)


def test_small_chances_keep_their_relative_accuracy():
    # A false flag needs three hits of chance 1e-8 each in the only unclaimed state: about 1e-24 a window.
    slow = FAST * 1e-3
    rule = compiled(("k", 3, 3), [True, False], 3, "clear", "in_window", (mark(2),))
    c = chain(slow, [[0.5, 1e-8]], rule, 3, 1, days=2)
    start, step, _ = tables(c)
    want = start[1] * step[1, 1] ** 2 * 1e-24
    d = solve(c, rule, c.emission)
    assert near(d.any_false[0], want, tiny=0)
    year = laws.at_least_once(d.any_false, 2160)
    assert near(year, 2160 * want, tiny=0)
    # One true and one false flag, on two days, either first: a mark with half of its flags false.
    assert near(d.marks["resistant"][1][0], 2 * want * d.true[0], rel=1e-9, tiny=0)


def test_only_true_flags_where_false_ones_are_almost_certain():
    # No false flag with chance 1e-12 a day: what is left must not drown in 1 − (1 − 1e-12).
    no_false, only = np.array([[[1e-12]]]), np.array([[[3e-13]]])
    assert near(laws.only_true(no_false, only, ONE, [(0, 1, 1)]), 3e-13, tiny=0)
    assert near(laws.only_true(no_false, only, ONE, [(0, 2, 1)]), 1e-24 - 0.49e-24, tiny=0)
    assert near(laws.only_true(no_false, only, ONE, [(0, 1, 2)]), 1e-24 - 0.49e-24, tiny=0)


def test_only_true_flags_without_cancellation():
    no_false, only = np.array([0.8, 0.0, 1.0, 0.999]), np.array([1e-17, 0.0, 0.5, 0.999])
    years = [(0, 7, 14), (0, 2, 1)]
    got = laws.only_true(no_false[:, None, None], only[:, None, None], ONE, years)[:, 0]
    assert near(got[0], 100 * 0.8**99 * 1e-17, tiny=0)
    assert got[1] == 0
    assert near(got[2], 1 - 0.5**100)
    assert near(got[3], 0.999**100)


@pytest.mark.parametrize(("p", "days", "want"), [(0.0, 7, 0.0), (1.0, 7, 1.0), (1e-18, 2160, 2.16e-15), (0.5, 2, 0.75)])
def test_at_least_once(p, days, want):
    assert near(laws.at_least_once(np.array([p]), days), want, tiny=0)


def test_the_perfect_reader_of_a_share_is_never_wrong():
    # It is hit by claimed looks only, so that hits and claims are the same number.
    rng = np.random.default_rng(1)
    rule = compiled(("share", 0.3), [True, False, False], 6)
    c = chain(rates(rng, 3), [[0.1, 0.2, 0.3]], rule, 6, 2)
    ideal = solve_perfect(c, rule)
    assert ideal.false[0] == 0
    assert near(ideal.true, random_truth(c, rule) * 2)
