"""Tables of parts added are the table of all rows; equality looks at contents."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.audit.table import add, from_matrix, same
from misread.errors import MisreadError
from tests.audit.table.made import ASK, rows, table

ONE, OTHER = rows(120, 3, prefix="a"), rows(90, 4, prefix="b", persons=5)
# One part has an answer that the other has not.
OTHER["said"] = ["fear" if said == "calm" else said for said in OTHER["said"]]
BOTH = {name: ONE[name] + OTHER[name] for name in ONE}


@pytest.mark.parametrize(
    "more", [{}, {"person": None}, {"weights": "weight", "person": None}, {"score": None, "groups": ()}]
)
def test_the_tables_of_two_parts_add_to_that_of_all_rows(more):
    ask = replace(ASK, **more)
    whole, a, b = (table(part, ask) for part in (BOTH, ONE, OTHER))
    assert same(add(a, b), whole)
    assert same(add(b, a), whole)
    assert not same(a, whole)


def test_columns_may_come_in_another_order_and_words_may_be_new():
    a = from_matrix(
        [[3, 1], [0, 2]], expressions=("x", "y"), labels=("x", "y"), columns=("g", "h"), strata=(("1", "2"),)
    )
    b = from_matrix([[5, 4]], expressions=("x",), labels=("x", "z"), columns=("h", "g"), strata=(("2", "7"),))
    both = add(a, b)
    assert both.levels == (("1", "7"), ("2",))
    assert both.labels == ("x", "y", "z", "none")
    assert both.counts.tolist() == [[[3, 1, 0, 0], [0, 2, 0, 0]], [[5, 0, 4, 0], [0, 0, 0, 0]]]
    assert same(both, add(b, a))


CELLS = st.lists(st.integers(1, 9), min_size=4, max_size=4)


@settings(max_examples=30)
@given(CELLS, CELLS, CELLS)
def test_adding_does_not_know_the_order(x, y, z):
    a, b, c = (
        from_matrix(np.reshape(cells, (2, 2)), expressions=words, labels=words)
        for cells, words in ((x, ("p", "q")), (y, ("q", "r")), (z, ("r", "p")))
    )
    assert same(add(a, b), add(b, a))
    assert same(add(add(a, b), c), add(a, add(b, c)))


def test_parts_that_were_counted_in_other_ways_cannot_be_added():
    whole = table()
    for other, what in (
        (table(ask=replace(ASK, groups=("age",))), "group columns"),
        (table(ask=replace(ASK, person=None)), "persons"),
        (table(ask=replace(ASK, score=None)), "scores"),
        (table(ask=replace(ASK, unit="photographs")), "units"),
        (replace(whole, scores=replace(whole.scores, edges=whole.scores.edges / 2)), "bins of their scores"),
    ):
        with pytest.raises(MisreadError, match=what):
            add(whole, other)


def test_tables_are_the_same_whatever_the_order_of_words_and_persons():
    a = table()
    assert same(a, a.margin("tone", "age", "sex"))
    people = a.people
    turned = people.k - people.alone - 1 - people.person
    turned = np.where(people.person < people.k - people.alone, turned, people.person).astype(np.int32)
    assert same(a, replace(a, people=replace(people, person=turned)))
    counts = a.counts.copy()
    counts[0, 0, 0] += 1
    assert not same(a, replace(a, counts=counts))
    # The same counts, and another person behind one of them.
    moved = people.person.copy()
    moved[0] = (moved[0] + 1) % 3
    assert not same(a, replace(a, people=replace(people, person=moved)))
    assert not same(a, replace(a, people=None))
    assert not same(a, a.margin("age", "sex"))
