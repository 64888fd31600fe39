"""Marks where flags hide faces, against days and years gone through one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from misread.engine.exact import laws
from misread.engine.exact.day import solve
from misread.engine.exact.hiding.first_marks import first_earned
from misread.engine.exact.hiding.nights import Nights
from tests.engine.chains import mark, near

from .days import Plain, school, soon_at_rest
from .test_counted import RULES, read


def plainly(c, words, asked, flags, draw=0):
    """P(earned), and P(that, and unearned when first earned), by kind."""

    def counted(memory, order):
        if isinstance(memory, str):
            return memory
        true, false = memory
        for is_true in order:
            true, false = true + is_true, false + (not is_true)
            if true + false == flags:
                return "unearned" if 2 * false >= flags else "earned"
        return true, false

    def new_year(memory):
        return memory if isinstance(memory, str) else (0, 0)

    lives = [Plain(c, words, asked, draw).lives(kind, (0, 0), counted, new_year) for kind in range(c.kinds)]
    both = [(law.get("earned", 0.0) + law.get("unearned", 0.0), law.get("unearned", 0.0)) for law in lives]
    return np.array(both).T


def marked(name, flags):
    rules, words = read(name)
    rules[0] = replace(rules[0], marks=(mark(flags),))
    return rules, words, rules[0].marks[0]


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("flags", [1, 2, 3, 7, 12])
def test_marks_of_years_in_which_seats_and_ages_change(name, flags):
    rules, words, own = marked(name, flags)
    c = school(7, rules, [0, 0.3, 0.5, 0.7, 0.8, 0.9], days=6, years=3, seats=2, kinds=2, ages=2)
    got = np.stack(first_earned(Nights(c, c.emission), rules[0], own, 1))
    assert near(got[:, 0], plainly(c, words, rules[0], flags), rel=1e-10, tiny=1e-14)


@pytest.mark.parametrize("flags", [5, 25])
@pytest.mark.parametrize("name", ["alone", "beside one that tells", "told to nobody"])
def test_marks_of_pupils_who_come_to_rest(name, flags):
    rules, words, own = marked(name, flags)
    c = soon_at_rest(school(8, rules, [0, 0.4], days=30, years=3, seats=2, ages=2))
    nights = Nights(c, c.emission)
    assert nights.moving[0, 0] > 0 == nights.moving[0, -1]
    got = np.stack(first_earned(nights, rules[0], own, 1))
    assert near(got[:, 0], plainly(c, words, rules[0], flags), rel=1e-10, tiny=1e-14)


def test_the_mark_that_no_year_can_bring():
    rules, _, own = marked("alone", 10**6)
    c = school(1, rules, [0, 0.5], days=5, years=2)
    assert np.array_equal(np.stack(first_earned(Nights(c, c.emission), rules[0], own, 1)), np.zeros((2, 1, 1)))


@pytest.mark.parametrize("flags", [1, 4, 25])
def test_faces_that_are_never_hidden(flags):
    rules, _, own = marked("beside one that tells", flags)
    c = school(2, rules, np.zeros(5), days=12, years=3, seats=2, kinds=2, ages=2, draws=2)
    nights = Nights(c, c.emission)
    day = solve(c, rules[0], c.emission).marks[own.name]
    in_a_year = (x.reshape(2, 2, 5, c.strata)[:, :, 0] for x in day)
    want = laws.first_earned(*in_a_year, nights.within, c.epoch)
    assert near(np.stack(first_earned(nights, rules[0], own, 2)), np.stack(want), rel=1e-10, tiny=1e-14)
