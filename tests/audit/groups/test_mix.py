"""Groups that show other expressions: rates with everybody's mix, and what is said of a difference that comes of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.audit.groups import disparities, disparity
from misread.audit.groups.seen import same_mix
from misread.audit.rates import Measure, measure, measures
from misread.audit.table.model import CountTable
from tests.audit.groups.made import LABELS, WORDS, table_of

rows = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2)), min_size=1, max_size=60)


@given(rows)
def test_as_rows_weighted_to_everybody_s_mix(given_rows):
    group, truth, answer = np.array(given_rows).T
    table = table_of(group, truth, answer)
    there = np.unique(group)
    found = same_mix(table.counts, measure(table, "accuracy"))
    shared = [e for e in (0, 1) if all(((group == g) & (truth == e)).any() for g in there)]
    if not shared:
        assert found is None
        return
    kept = np.isin(truth, shared)
    for at, g in enumerate(there):
        mine = kept & (group == g)
        # A face stands for as many as everybody has of its expression, by those of the group.
        weight = np.array([(kept & (truth == e)).sum() / (mine & (truth == e)).sum() for e in truth[mine]])
        assert found[at] == pytest.approx(np.average(truth[mine] == answer[mine], weights=weight))


def test_the_same_mix_in_all_groups_changes_nothing_and_single_expressions_have_none():
    rng = np.random.default_rng(2)
    group, truth = np.repeat([0, 1, 2], [30, 60, 90]), np.tile([0, 1, 1], 60)
    table = table_of(group, truth, rng.integers(0, 3, 180))
    for one in measures(table):
        found = same_mix(table.counts, one)
        if one.statistic in ("accuracy", "none_share"):
            x, n = (table.counts * one.hits).sum(axis=(1, 2)), table.counts.sum(axis=(1, 2))
            assert found == pytest.approx(x / n)
        else:
            assert found is None, one.key


def test_false_alarms_are_averaged_over_the_other_expressions():
    counts = np.array([[[5, 1, 4], [2, 6, 2], [1, 0, 9]], [[8, 1, 1], [10, 20, 10], [3, 1, 4]]], dtype=float)
    of = np.ones((3, 3), dtype=bool)
    of[0] = False
    hits = np.zeros((3, 3), dtype=bool)
    hits[1:, 0] = True
    found = same_mix(counts, Measure("false_positive_rate", None, "a", hits, of))
    second, third = 10 + 40, 10 + 8
    expected = [
        (2 / 10 * second + 1 / 10 * third) / (second + third),
        (10 / 40 * second + 3 / 8 * third) / (second + third),
    ]
    assert found == pytest.approx(expected)


def mixed(sad: list[tuple[int, int]], happy: list[tuple[int, int]]) -> CountTable:
    """Hits and faces of each group, sad ones and happy ones; what is no hit is called the other."""
    counts = np.zeros((len(sad), 2, 3))
    for g, ((a, n), (b, m)) in enumerate(zip(sad, happy, strict=True)):
        counts[g, 0, :2], counts[g, 1, :2] = (a, n - a), (m - b, b)
    strata = np.arange(len(sad), dtype=np.int32)[:, None]
    names = (tuple(f"g{i}" for i in range(len(sad))),)
    return CountTable(WORDS, LABELS, ("tone",), names, strata, counts, np.zeros((len(sad), 3)))


def test_groups_that_are_read_alike_and_show_other_expressions() -> None:
    # Sad faces are read in .9, happy ones in .4, in both groups; one shows nine times as many sad ones as the other.
    table = mixed([(810, 900), (90, 100)], [(40, 100), (360, 900)])
    (accuracy,) = disparity(table, "accuracy", between="tone")
    assert accuracy.seen == pytest.approx(0.4)
    assert accuracy.p < 0.05
    assert (accuracy.standardised, accuracy.pair) == pytest.approx((0, 0), abs=1e-12)
    assert accuracy.note.startswith("groups show other expressions: with everybody's mix the gap is ")
    for d in disparities(table):
        if d.statistic == "accuracy":
            continue
        # Of single expressions there is nothing to standardise; with two words a false-positive rate is of one alone.
        assert d.standardised is d.pair is None
        assert d.seen == pytest.approx(0, abs=1e-12)
        assert {d.highest, d.lowest} == {"g0", "g1"}


def test_a_difference_that_turns_round_with_the_same_mix() -> None:
    # The first group is read better on sad faces and on happy ones, and shows more of the hard ones.
    table = mixed([(95, 100), (810, 900)], [(450, 900), (40, 100)])
    (found,) = disparity(table, "accuracy", between="tone")
    assert (found.highest, found.lowest) == ("g1", "g0")
    assert found.standardised == pytest.approx(0.05 * 1000 / 2000 + 0.10 * 1000 / 2000)
    assert found.pair == pytest.approx(-found.standardised)
    assert found.note == ("groups show other expressions: with everybody's mix it turns round, g0 above g1 by 0.075")


def test_a_difference_that_stays_is_not_explained_away() -> None:
    table = mixed([(180, 200), (120, 200)], [(120, 200), (60, 200)])
    (found,) = disparity(table, "accuracy", between="tone")
    assert found.standardised == found.pair == pytest.approx(found.seen)
    assert found.note == ""
