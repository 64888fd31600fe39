"""Marks against enumeration, laws of all flags, and what cannot be."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from misread.engine.exact.day import solve, solve_perfect
from tests.engine.brute import day as brute_day
from tests.engine.chains import chain, compiled, mark, near, rates, tables

NAME = "resistant"


@pytest.mark.parametrize("flags", [1, 2, 3, 4, 9, 12, 13])
@pytest.mark.parametrize("after", ["keep", "clear"])
def test_marks_are_what_enumeration_of_two_days_says(flags, after):
    rng = np.random.default_rng(flags)
    Q, hit, claimed, looks, lessons = rates(rng, 2), rng.uniform(0.2, 0.9, (1, 2)), [True, False], 3, 2
    rule = compiled(("k", 1, 2), claimed, looks, after, "at_flag", (mark(flags),))
    c = chain(Q, hit, rule, looks, lessons, days=2)
    flag = (("k", 1, 2), after, "at_flag")
    sequences = brute_day(*tables(c), hit[0], claimed, looks, lessons, *flag).flags
    earned = unearned = 0.0
    for (a, pa), (b, pb) in itertools.product(sequences.items(), repeat=2):
        counted = (a + b)[:flags]
        if len(counted) == flags:
            earned += pa * pb
            unearned += pa * pb * (2 * counted.count(False) >= flags)
    got = solve(c, rule, c.emission).marks[NAME]
    assert near(got[0][0], earned)
    assert near(got[1][0], unearned)


def test_the_mark_that_no_year_can_bring():
    rule = compiled(("k", 1, 1), [True, False], 3, "clear", "at_flag", (mark(10**9), mark(13, "one too many")))
    c = chain(rates(np.random.default_rng(1), 2), [[0.9, 0.9]], rule, 3, 2, days=2)
    marks = solve(c, rule, c.emission).marks
    assert {float(x[0]) for pair in marks.values() for x in pair} == {0.0}


def test_the_perfect_reader_earns_no_mark_wrongly():
    rule = compiled(("k", 1, 1), [True, False], 4, "clear", "at_flag", (mark(5),))
    c = chain(rates(np.random.default_rng(2), 2), [[0.9, 0.9]], rule, 4, 2, days=3)
    earned, unearned = solve_perfect(c, rule).marks[NAME]
    assert earned[0] > 0.5
    assert unearned[0] == 0


@pytest.mark.parametrize("flags", [30, 50, 60, 90])
def test_large_marks_agree_with_the_law_of_all_flags(flags):
    # Both ways of convolving, term by term and by Fourier transform; flags counted as if all were false.
    rng = np.random.default_rng(8)
    Q, looks, days = rates(rng, 2), 6, 12
    rule = compiled(("k", 1, 1), [True, False], looks, "keep", "in_window", (mark(flags),))
    c = chain(Q, [[0.7, 0.4]], rule, looks, 2, days=days)
    earned, unearned = solve(c, rule, c.emission).marks[NAME]
    counting = compiled(("k", 1, 1), [False, False], looks, "keep")
    year = np.array([1.0])
    for _ in range(days):
        year = np.convolve(year, solve(c, counting, c.emission).false_counts[0])
    assert earned[0] == pytest.approx(year[flags:].sum(), abs=1e-13)
    assert 0 <= unearned[0] <= earned[0]


def test_both_ways_of_convolving_agree(monkeypatch):
    rng = np.random.default_rng(9)
    rule = compiled(("k", 1, 2), [True, False, False], 5, "keep", "at_flag", (mark(21),))
    c = chain(rates(rng, 3), rng.uniform(0, 1, (2, 3)), rule, 5, 2, days=11)
    direct = solve(c, rule, c.emission).marks[NAME]
    monkeypatch.setattr("misread.engine.exact.marks.DIRECT", 1)
    fourier = solve(c, rule, c.emission).marks[NAME]
    assert near(direct, fourier, rel=1e-9, tiny=1e-13)


def test_a_year_of_days_is_summed_as_if_day_by_day():
    # P(earned in a year of d days) by simulating the count day by day, for d that are and are not powers of two.
    rule = compiled(("k", 1, 1), [True, False], 3, "clear", "at_flag", (mark(4),))
    counting = compiled(("k", 1, 1), [False, False], 3, "clear", "at_flag")
    for days in (1, 2, 3, 5, 8, 21, 180):
        c = chain(rates(np.random.default_rng(3), 2), [[0.02, 0.03]], rule, 3, 2, days=days)
        law, below = solve(c, counting, c.emission).false_counts[0], np.array([1.0])
        reached = 0.0
        for _ in range(days):
            after = np.convolve(below, law)
            reached += after[4:].sum()
            below = after[:4]
        assert near(solve(c, rule, c.emission).marks[NAME][0][0], reached, rel=1e-10)
