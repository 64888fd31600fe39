"""Automata against the definition of their rules, on every short sequence and on random long ones."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.deployment.model import Rule
from misread.engine.chain.rules import (
    FALSE_FLAG,
    NO_FLAG,
    TRUE_FLAG,
    automaton,
    expected_size,
    k_of_last,
    obstacle,
    share_over,
)

from .brute import flags_of

AFTER = ("clear", "mute lesson", "keep")
TRUE_IF = ("in_window", "at_flag")


def read(machine, hits, claimed):
    """(look, true) of each flag, by running the automaton."""
    state, out = 0, []
    for t, (h, c) in enumerate(zip(hits, claimed, strict=True)):
        event = machine.event[state, int(h), int(c)]
        if event != NO_FLAG and (not machine.at_end or t == len(hits) - 1):
            out.append((t, event == TRUE_FLAG))
        state = machine.next[state, int(h), int(c)]
    return out


@pytest.mark.parametrize(("k", "n"), [(1, 1), (1, 3), (2, 3), (3, 3), (2, 5)])
@pytest.mark.parametrize(("after", "true_if"), list(itertools.product(AFTER, TRUE_IF)))
def test_every_short_sequence(k, n, after, true_if):
    machine = k_of_last(k, n, after, true_if)
    for hits in itertools.product((False, True), repeat=6):
        for claimed in itertools.product((False, True), repeat=6):
            assert read(machine, hits, claimed) == flags_of(hits, claimed, ("k", k, n), after, true_if)


sequences = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40)


@given(
    st.integers(1, 5).flatmap(lambda k: st.tuples(st.just(k), st.integers(k, 8))),
    st.sampled_from(AFTER),
    st.sampled_from(TRUE_IF),
    sequences,
)
def test_long_sequences(kn, after, true_if, looks):
    hits, claimed = zip(*looks, strict=True)
    assert read(k_of_last(*kn, after, true_if), hits, claimed) == flags_of(hits, claimed, ("k", *kn), after, true_if)


@given(st.sampled_from(["0.3", "0.5", "0", "0.99"]), sequences)
def test_share_rules(x, looks):
    from fractions import Fraction

    hits, claimed = zip(*looks, strict=True)
    rule = Rule(name="r", labels=("y",), flag=f"share over {x}", claims=("s",))
    want = flags_of(hits, claimed, ("share", Fraction(x)))
    assert read(automaton(rule, len(looks)), hits, claimed) == want


@settings(max_examples=50)
@given(
    st.integers(1, 3), st.integers(1, 40), st.lists(st.tuples(st.booleans(), st.booleans()), min_size=3, max_size=24)
)
def test_a_window_longer_than_the_lesson_is_as_long_as_the_lesson(k, extra, looks):
    hits, claimed = zip(*looks, strict=True)
    n = len(looks) + extra
    rule = Rule(name="r", labels=("y",), flag=f"{k} of last {n}", claims=("s",))
    assert read(automaton(rule, len(looks)), hits, claimed) == flags_of(hits, claimed, ("k", k, n))


@pytest.mark.parametrize(
    ("k", "n", "after", "size"),
    [(3, 6, "clear", 15), (4, 4, "clear", 4), (1, 1, "clear", 1), (4, 4, "keep", 4), (64, 64, "mute lesson", 65)],
)
def test_sizes_after_minimising(k, n, after, size):
    # Known: a run of n needs n states; 3 of 6 remembers 16 windows, of which a single hit about to leave the
    # window and the empty window are told apart by nothing that follows.
    assert k_of_last(k, n, after, "at_flag").size == size


@given(
    st.integers(1, 9).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))),
    st.sampled_from(AFTER),
)
def test_the_size_is_known_beforehand(kn, after):
    assert k_of_last(*kn, after, "at_flag").size == expected_size(*kn, after, "at_flag")
    assert k_of_last(*kn, after, "in_window").size <= expected_size(*kn, after, "in_window")


def test_a_run_as_long_as_can_be_is_no_obstacle():
    for true_if in TRUE_IF:
        rule = Rule(name="r", labels=("y",), flag="run of 64", claims=("s",), true_if=true_if)
        assert obstacle(rule, 80) is None
        assert automaton(rule, 80).size <= 64 * 64


windows = st.integers(1, 4).flatmap(lambda k: st.tuples(st.just(k), st.integers(k, 6)))


@settings(max_examples=50)
@given(
    st.one_of(
        st.builds(
            lambda kn, after, true: k_of_last(*kn, after, true), windows, *map(st.sampled_from, (AFTER, TRUE_IF))
        ),
        st.builds(share_over, st.integers(0, 6)),
    )
)
def test_no_two_states_are_alike(machine):
    # Distinguish pairs by backward induction: all pairs must fall apart.
    apart = np.array(
        [
            [not np.array_equal(machine.event[a], machine.event[b]) for b in range(machine.size)]
            for a in range(machine.size)
        ]
    )
    for _ in range(machine.size):
        nxt = machine.next
        apart = apart | np.any([apart[np.ix_(nxt[:, h, c], nxt[:, h, c])] for h in (0, 1) for c in (0, 1)], axis=0)
    assert apart[~np.eye(machine.size, dtype=bool)].all()


def test_most_flags():
    machine = k_of_last(3, 6, "clear", "in_window")
    assert machine.most_flags(8, (TRUE_FLAG, FALSE_FLAG)) == 2
    assert machine.most_flags(80, (FALSE_FLAG,)) == 26
    assert k_of_last(3, 6, "mute lesson", "in_window").most_flags(80, (TRUE_FLAG,)) == 1
    assert share_over(3).most_flags(8, (TRUE_FLAG, FALSE_FLAG)) == 1
    assert share_over(8).most_flags(8, (TRUE_FLAG, FALSE_FLAG)) == 0


@pytest.mark.parametrize(
    ("flag", "true_if", "looks", "why"),
    [
        ("20 of last 64", "in_window", 80, "different windows"),
        ("20 of last 64", "at_flag", 80, "different windows"),
        ("share over 0.99", "in_window", 1000, "different pairs of counts"),
    ],
)
def test_an_automaton_that_would_be_too_large_is_refused_before_it_is_built(flag, true_if, looks, why):
    what, expected, mend = obstacle(Rule(name="r", labels=("y",), flag=flag, claims=("s",), true_if=true_if), looks)
    assert why in what
    assert expected.endswith(".")
    assert mend.endswith(".")


def test_ranking_a_class_needs_no_automaton():
    assert obstacle(Rule(name="r", labels=("y",), flag="top 3 of class", claims=("s",)), 10**6) is None


def test_a_window_longer_than_the_lesson_is_no_obstacle():
    assert obstacle(Rule(name="r", labels=("y",), flag="8 of last 64", claims=("s",)), 8) is None
