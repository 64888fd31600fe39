"""Flips: against faces one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.audit.agreement import flips, worst
from misread.audit.intervals.effective import of_persons
from misread.audit.intervals.proportion import wilson
from tests.audit.agreement.rows import table_of

ANSWERS = ("sad", "happy", "none")

pairs = st.lists(st.tuples(st.sampled_from(ANSWERS), st.sampled_from(ANSWERS)), min_size=1, max_size=30)


@given(pairs)
def test_rates_are_those_of_faces_one_by_one(rows):
    found = flips(table_of(ANSWERS, ANSWERS, [a for a, _ in rows], [b for _, b in rows]))
    words = [(a, b) for a, b in rows if "none" not in (a, b)]
    expected = {
        ("flip_rate", None, None): ([a != b for a, b in rows]),
        ("word_flip_rate", None, None): ([a != b for a, b in words]),
        ("lost_rate", None, None): ([b == "none" for a, b in rows if a != "none"]),
        ("found_rate", None, None): ([b != "none" for a, b in rows if a == "none"]),
    }
    for word in ANSWERS:
        became = [b for a, b in rows if a == word]
        expected["flip_rate", word, None] = [b != word for b in became]
        for to in set(ANSWERS) - {word}:
            expected["flip_to", word, to] = [b == to for b in became]
    estimates = list(found)
    assert {(e.statistic, e.expression, e.label) for e in estimates} == set(expected)
    for e in estimates:
        hits = expected[e.statistic, e.expression, e.label]
        assert (e.n, e.hits) == (len(hits), sum(hits))
        if hits:
            low, high = map(float, wilson(sum(hits), len(hits)))
            assert (e.value, e.low, e.high) == pytest.approx((sum(hits) / len(hits), low, high), abs=1e-12)
        else:
            assert (e.value, e.low) == (None, None)
    assert found.overall.value == estimates[0].value


def test_persons_are_clusters_and_groups_apart():
    rng = np.random.default_rng(1)
    person = np.repeat(np.arange(24), 5)
    tone = np.where(person < 12, "dark", "light").tolist()
    first = rng.choice(ANSWERS, 120).tolist()
    shaky = rng.random(24)[person] < 0.4
    then = [ANSWERS[(ANSWERS.index(a) + 1) % 3] if flip else a for a, flip in zip(first, shaky, strict=True)]
    found = flips(table_of(ANSWERS, ANSWERS, first, then, person=person.tolist(), group=tone))
    x = np.bincount(person, shaky)
    low, high, worth = map(float, of_persons(x.sum(), 120, (x**2).sum(), (5 * x).sum(), 24 * 25, 24))
    assert (found.overall.low, found.overall.high, found.overall.n_eff) == pytest.approx((low, high, worth))
    assert worth == pytest.approx(24, rel=0.05)
    dark = [e for e in found if e.group == (("tone", "dark"),) and (e.statistic, e.expression) == ("flip_rate", None)]
    assert [(e.value, e.persons) for e in dark] == [(pytest.approx(x[:12].sum() / 60), 12)]


def test_the_worst_condition_looks_worse_than_it_is():
    rng = np.random.default_rng(2)
    first = rng.choice(ANSWERS[:2], 80).tolist()

    def under(rate):
        then = [
            ("happy" if a == "sad" else "sad") if flip else a
            for a, flip in zip(first, rng.random(80) < rate, strict=True)
        ]
        return table_of(ANSWERS, ANSWERS, first, then)

    tables = {"dim": under(0.1), "mask": under(0.5), "side": under(0.1)}
    found = worst(tables)
    assert (found.condition, found.conditions) == ("mask", 3)
    assert found.seen == flips(tables["mask"]).overall
    assert found.at_least < found.seen.low
    # All three at once: each bound has to hold with the cube root of 95 %.
    assert found.at_least == pytest.approx(float(wilson(found.seen.hits, 80, level=0.95 ** (1 / 3))[0]))
    assert worst({"dim": tables["dim"]}).at_least == pytest.approx(flips(tables["dim"]).overall.low)
    with pytest.raises(ValueError, match="no condition"):
        worst({"dim": table_of(ANSWERS, ANSWERS, [], [])})


@pytest.mark.long
def test_the_bound_of_the_worst_of_several_equal_conditions_holds():
    rng = np.random.default_rng(3)
    wrong, naive, runs = 0, 0, 500
    for _ in range(runs):
        tables = {}
        for name in "abcdef":
            flip = rng.random(60) < 0.2
            tables[name] = table_of(ANSWERS, ANSWERS, ["sad"] * 60, ["happy" if f else "sad" for f in flip])
        found = worst(tables)
        wrong += found.at_least > 0.2
        naive += found.seen.low > 0.2
    assert wrong / runs <= 0.05, wrong / runs
    assert naive / runs > 0.08, naive / runs
