"""Lines to tables: strata, persons, and weights that are shared among rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.audit.reading import Ask, count
from misread.audit.table.build import _parted, people_of, strata_of
from misread.audit.table.model import distinct

CODES = st.lists(st.integers(0, 9), max_size=30)


@given(CODES, st.sampled_from([10, 10**7]))
def test_distinct_is_unique(codes, size):
    codes = np.array(codes, dtype=np.int64)
    found, at = distinct(codes, size)
    known, inverse = np.unique(codes, return_inverse=True)
    np.testing.assert_array_equal(found, known)
    np.testing.assert_array_equal(at, inverse.reshape(-1))


@pytest.mark.parametrize("size", [6, 2**20])
def test_strata_are_unique_rows_in_order(size):
    group = np.random.default_rng(2).integers(0, 6, (200, 4))
    # Four columns of 2²⁰ levels are more than a whole number holds.
    strata, to = strata_of(group, [size] * 4)
    known, inverse = np.unique(group, axis=0, return_inverse=True)
    np.testing.assert_array_equal(strata, known)
    np.testing.assert_array_equal(to, inverse.reshape(-1))


WEIGHTS = st.lists(st.floats(0, 100), min_size=1, max_size=12)


@given(st.lists(WEIGHTS, min_size=1, max_size=5))
def test_a_lines_weight_is_shared_so_that_both_sums_stay(lines):
    rows = np.array([len(line) for line in lines])
    count = np.array([np.sum(line) for line in lines])
    squares = np.array([np.sum(np.square(line)) for line in lines])
    shared = _parted(count, rows, squares)
    ends = np.cumsum(rows)
    for start, end, total, square in zip(ends - rows, ends, count, squares, strict=True):
        part = shared[start:end]
        assert (part >= 0).all()
        assert part.sum() == pytest.approx(total, rel=1e-9, abs=1e-9)
        assert np.square(part).sum() == pytest.approx(square, rel=1e-6, abs=1e-6)


def test_without_weights_each_row_counts_for_one():
    assert _parted(np.array([3.0, 1.0]), np.array([3, 1]), None).tolist() == [1, 1, 1, 1]


def test_persons_are_numbered_by_what_they_did():
    stratum, cell = np.array([0, 0, 1, 0]), np.array([1, 2, 1, 1])
    count, rows = np.array([2.0, 1.0, 1.0, 5.0]), np.array([2, 1, 1, 5])
    numbers = [
        people_of(stratum, np.array(who), cell, count, rows=rows).person.tolist()
        for who in ([0, 0, 1, 2], [7, 7, 0, 3], [2, 2, 1, 0])
    ]
    assert numbers[0] == numbers[1] == numbers[2]


def test_rows_of_nobody_are_persons_with_the_last_numbers():
    people = people_of(
        np.array([0, 0, 1]),
        np.array([4, -1, -1]),
        np.array([0, 1, 0]),
        np.array([2.0, 3.0, 1.0]),
        rows=np.array([2, 3, 1]),
    )
    assert (people.k, people.alone) == (5, 4)
    assert people.count[people.person == 0].tolist() == [2]
    assert [people.count[people.person == p].tolist() for p in range(1, 5)] == [[1]] * 4


def test_faces_that_stand_for_themselves_come_after_persons():
    generator = np.random.default_rng(4)
    person, cell = generator.integers(0, 40, 300), generator.integers(0, 5, 300)
    people = people_of(np.zeros(300, int), person, cell, np.ones(300), rows=np.ones(300, int), own=15)
    named = {tuple(sorted(cell[person == p])) for p in range(15)}
    mine = [people.person == p for p in range(people.k)]
    found = [tuple(np.repeat(people.cell[m], people.count[m].astype(int))) for m in mine]
    assert people.alone == 25
    assert set(found[:15]) == named


def test_who_counts_for_nothing_is_nobody():
    rows = {"face": ["sad"] * 3, "said": ["sad"] * 3, "who": ["a", "b", "b"], "w": [0.0, 1.0, 2.0]}
    table = count(pa.table(rows), Ask(truth="face", prediction="said", person="who", weights="w")).table
    assert table.people.k == 1
    assert table.people.count.tolist() == [3]


def test_the_same_line_twice_is_one():
    twice = people_of(np.zeros(2, int), np.zeros(2, int), np.ones(2, int), np.array([1.0, 2.0]), rows=np.array([1, 2]))
    once = people_of(np.zeros(1, int), np.zeros(1, int), np.ones(1, int), np.array([3.0]), rows=np.array([3]))
    assert twice.count.tolist() == once.count.tolist() == [3]


def test_nobody_at_all():
    nothing = np.zeros(0, dtype=np.int64)
    people = people_of(nothing, nothing, nothing, nothing.astype(float), rows=nothing)
    assert people.k == people.alone == len(people.count) == 0
