"""Chances of being chosen, against every order in which equals could be ranked."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.deployment.model import Decision
from misread.findings.sampled import chances

RANKS = ("left out", "worst", "best")


def decision(choose, share):
    return Decision(name="d", rule="r", choose=choose, share=share, after_year=1)


def enumerated(on_file, watched, choose, share, rank):
    """Share of all orders of equals in which each pupil is among the first."""
    ranked = [i for i in range(len(on_file)) if watched[i] or rank != "left out"]
    places = math.floor(Fraction(str(share)) * len(ranked) + Fraction(1, 2))
    tier = {"worst": 1, "best": -1, "left out": 0}[rank]

    def key(i):
        return (0, on_file[i] if choose == "fewest" else -on_file[i]) if watched[i] else (tier, 0)

    times, orders = [0] * len(on_file), 0
    for order in itertools.permutations(ranked):
        orders += 1
        for i in sorted(order, key=key)[:places]:
            times[i] += 1
    return [t / orders for t in times]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=6),
    st.sampled_from(("fewest", "most")),
    st.integers(0, 20),
    st.sampled_from(RANKS),
)
def test_equals_at_the_cut_share_the_places(pupils, choose, twentieths, rank):
    on_file, watched = (list(x) for x in zip(*pupils, strict=True))
    share = twentieths / 20
    got = chances(np.array(on_file, float), np.array(watched), decision(choose, share), rank)
    assert got == pytest.approx(enumerated(on_file, watched, choose, share, rank), abs=1e-12)


@given(st.integers(0, 2**32 - 1), st.sampled_from(("fewest", "most")), st.sampled_from(RANKS), st.integers(0, 100))
def test_all_places_are_given_and_no_more(seed, choose, rank, hundredths):
    rng = np.random.default_rng(seed)
    on_file, watched = rng.poisson(3, 90).astype(float), rng.random(90) < 0.7
    ranked = watched.sum() if rank == "left out" else 90
    got = chances(on_file, watched, decision(choose, hundredths / 100), rank)
    assert got.sum() == pytest.approx(math.floor(Fraction(hundredths, 100) * int(ranked) + Fraction(1, 2)))
    assert ((got >= 0) & (got <= 1)).all()
    # Nobody with fewer flags has a smaller chance, where the fewest are chosen; and the other way round.
    order = np.argsort(on_file[watched] if choose == "fewest" else -on_file[watched])
    assert (np.diff(got[watched][order]) <= 1e-12).all()


def test_the_share_is_the_decimal_that_was_written():
    """0.29 · 50 + ½ is 15; in binary fractions it is a little less."""
    assert chances(np.zeros(50), np.ones(50, bool), decision("fewest", 0.29), "left out").sum() == pytest.approx(15)


def test_those_left_alone_come_first_or_last():
    on_file, watched = np.array([0.0, 1, 2, 0]), np.array([True, True, True, False])
    half = decision("fewest", 0.5)
    assert chances(on_file, watched, half, "worst").tolist() == [1, 1, 0, 0]
    assert chances(on_file, watched, half, "best").tolist() == [1, 0, 0, 1]
    assert chances(on_file, watched, half, "left out").tolist() == [1, 1, 0, 0]


def test_nobody_ranked_nobody_chosen():
    assert chances(np.zeros(3), np.zeros(3, bool), decision("most", 0.9), "left out").tolist() == [0, 0, 0]
