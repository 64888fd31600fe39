"""Numbers of false flags where flags hide faces, against days and years gone through one by one."""

from __future__ import annotations

import operator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.engine.chain import Emissions
from misread.engine.exact import laws
from misread.engine.exact.day import solve
from misread.engine.exact.hiding.counted import quantiles
from misread.engine.exact.hiding.nights import Nights
from tests.engine.chains import compiled

from .days import LESSONS, LOOKS, Plain, rule, school, soon_at_rest

Q = tuple(np.linspace(0.001, 0.999, 999))
"""So many quantiles tell a law apart from any other that differs by a thousandth anywhere."""


def found(c, asked, q=Q):
    """By draw: quantiles of each kind."""
    return quantiles(Nights(c, c.emission), asked, np.eye(c.kinds)[None], q, len(c.emission.plain))


def plainly(c, words, asked, draw=0, q=Q):
    out = []
    for kind in range(c.kinds):
        law = Plain(c, words, asked, draw, lambda order: order.count(False)).lives(kind, 0, operator.add)
        cumulated = np.cumsum([law.get(n, 0.0) for n in range(max(law) + 1)])
        out.append([int((cumulated >= level - laws.SLACK).argmax()) for level in q])
    return np.array(out).T


RULES = {
    "alone": [("a", ("k", 1, 1))],
    "alone, of two": [("a", ("k", 2, 2))],
    "beside one that tells": [("a", ("k", 1, 2)), ("b", ("k", 1, 1), "mute lesson")],
    "beside one that does not": [("a", ("k", 1, 1)), ("b", ("k", 2, 2), "keep", False)],
    "told to nobody": [("a", ("k", 1, 1), "clear", False), ("b", ("k", 2, 2))],
    "of the other label": [("a", ("k", 1, 1), "keep", False, 0), ("b", ("k", 1, 2))],
}


def read(name):
    both = [rule(*words) for words in RULES[name]]
    return [r for r, _ in both], {r.name: words for r, words in both}


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("levels", [[0, 0.9], [0, 0.3, 0.5, 0.9], list(np.linspace(0, 0.9, 12))], ids=len)
def test_false_flags_of_years_in_which_seats_and_ages_change(name, levels):
    rules, words = read(name)
    c = school(7, rules, levels, days=6, years=3, seats=2, kinds=2, ages=2)
    assert np.array_equal(found(c, rules[0])[:, 0], plainly(c, words, rules[0]))


@pytest.mark.parametrize("name", RULES)
def test_false_flags_of_pupils_who_come_to_rest(name):
    # Flagged twice within weeks, whoever they are; then years of days that are alike.
    rules, words = read(name)
    c = soon_at_rest(school(8, rules, [0, 0.4], days=60, years=3, seats=2, ages=2))
    moving = Nights(c, c.emission).moving
    assert 0 < moving.sum() < moving.size * c.days
    assert np.array_equal(found(c, rules[0])[:, 0], plainly(c, words, rules[0]))


def test_each_draw_by_itself():
    rules, _ = read("beside one that tells")
    c = school(9, rules, [0, 0.5, 0.6, 0.8], days=20, years=2, seats=2, draws=3)
    together = found(c, rules[0])
    for i in range(3):
        plain, masked = c.emission.plain[i : i + 1], c.emission.masked[i : i + 1]
        alone = replace(c, emission=Emissions(plain, masked))
        assert np.array_equal(found(alone, rules[0])[:, 0], together[:, i])
    assert len({together[:, i].tobytes() for i in range(3)}) == 3


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.sampled_from(list(RULES)), st.integers(1, 9), st.integers(1, 400))
def test_faces_that_are_never_hidden(seed, name, levels, days):
    rules, _ = read(name)
    c = school(seed, rules, np.zeros(levels + 1), days=days, years=2, seats=2, kinds=2, ages=2)
    nights = Nights(c, c.emission)
    law = solve(c, rules[0], c.emission).false_counts.reshape(1, 2, levels + 1, c.strata, -1)[:, :, 0]
    assert law.shape[-1] <= LESSONS * 2 + 1
    years = laws.years_of(c.epoch, 2 * days, days)
    want = laws.quantiles_of_sum(law, nights.within, np.eye(2)[None], years, Q)
    got = found(c, rules[0])
    # Where a step of the law is as near as rounding to the probability asked for, either neighbour will do.
    assert np.abs(got - want).max() <= 1
    assert (got != want).mean() < 0.002


def test_the_rule_that_is_never_wrong():
    # Whatever the pupil's state, it is claimed.
    own, _ = rule("a", ("k", 1, 1))
    always = replace(compiled(("k", 1, 1), [True, True], LOOKS, "clear", "at_flag"), name="a", hit=own.hit)
    c = school(3, [always], [0, 0.5, 0.6], days=20, years=2, seats=2)
    assert not found(c, always).any()
