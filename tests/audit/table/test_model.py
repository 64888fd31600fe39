"""Margins and choices of a count table are the tables of the rows that they mean."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.audit.table import MISSING, same
from misread.audit.table.model import People, together
from tests.audit.reading.makers import as_counter, by_hand, persons_by_hand, persons_of
from tests.audit.table.made import ASK, COLUMNS, FACES, rows, table

CHOSEN = [chosen for size in range(4) for chosen in permutations(COLUMNS, size)]


@pytest.mark.parametrize("columns", CHOSEN, ids="-".join)
def test_a_margin_is_the_table_of_these_columns_alone(columns):
    margin, counted = table().margin(*columns), table(ask=replace(ASK, groups=columns))
    assert as_counter(margin) == by_hand(rows(), "face", "said", columns)
    assert persons_of(margin) == persons_by_hand(rows(), "face", "said", "who", columns)
    assert (margin.people.k, margin.people.alone) == (counted.people.k, counted.people.alone)
    assert margin.columns == counted.columns
    assert margin.levels == counted.levels
    np.testing.assert_array_equal(margin.strata, counted.strata)
    np.testing.assert_array_equal(margin.counts, counted.counts)
    np.testing.assert_array_equal(margin.scores.n, counted.scores.n)
    np.testing.assert_array_equal(margin.scores.hits, counted.scores.hits)
    np.testing.assert_allclose(margin.scores.squares, counted.scores.squares, rtol=1e-12)
    assert same(margin, replace(counted, scores=margin.scores))


@pytest.mark.parametrize("levels", [{"sex": "f"}, {"age": MISSING}, {"sex": "m", "tone": "10"}, {}])
def test_where_keeps_the_rows_of_these_levels(levels):
    def fits(i):
        return all((given[column][i] or MISSING) == level for column, level in levels.items())

    given = rows()
    kept = {name: [v for i, v in enumerate(values) if fits(i)] for name, values in given.items()}
    chosen, counted = table().where(levels), table(kept)
    assert as_counter(chosen) == as_counter(counted)
    assert persons_of(chosen) == persons_of(counted)
    assert (chosen.people.k, chosen.people.alone) == (counted.people.k, counted.people.alone)
    np.testing.assert_array_equal(chosen.scores.n, counted.scores.n)
    assert chosen.columns == COLUMNS


def test_where_of_what_does_not_occur_is_empty():
    nothing = table().where({"sex": "x"})
    assert nothing.total == 0
    assert nothing.people.k == 0
    assert nothing.margin().total == 0


def test_weights_and_their_squares_in_margins():
    given = rows()
    weighted = table(given, replace(ASK, weights="weight")).margin("sex")
    assert as_counter(weighted) == by_hand(given, "face", "said", ("sex",), "weight")
    told = [w for w, face in zip(given["weight"], given["face"], strict=True) if face]
    assert weighted.squares.sum() == sum(w**2 for w in told)
    alone = table({**given, "age": ["x"] * 400, "tone": ["x"] * 400}, replace(ASK, weights="weight"))
    np.testing.assert_array_equal(weighted.squares, alone.squares)
    assert weighted.weighted
    assert not table().weighted


def test_right_cells_are_where_label_and_expression_are_one_word():
    right = table().right
    expressions, labels = table().expressions, table().labels
    assert expressions == FACES
    assert labels == ("anger", "sad", "calm", "none")
    assert right.tolist() == [[e == label for label in labels] for e in expressions]


def test_shapes_that_do_not_fit_are_a_bug():
    with pytest.raises(AssertionError):
        replace(table(), expressions=("anger",))


def test_names_of_strata():
    counted = table()
    assert counted.levels[2] == ("1", "2", "10")
    assert counted.levels[0] == ("6-8", "9-12", "13-15", MISSING)
    assert counted.names(0) == {"age": "6-8", "sex": "f", "tone": "1"}
    # In the order of the levels, each once.
    keys = [tuple(row) for row in counted.strata.tolist()]
    assert keys == sorted(set(keys))


LINES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 4)), max_size=40)


@given(LINES, st.sampled_from([1, 5000]))
def test_persons_put_together_are_added_triple_by_triple(lines, apart):
    # Far apart they are sorted, close together counted.
    person, stratum, cell = (np.array(v, dtype=np.int32) for v in (zip(*lines, strict=True) if lines else ((), (), ())))
    cell *= apart
    count = np.arange(1.0, len(lines) + 1)
    found = together(People(stratum, person, cell, count, 6), stratum)
    expected = Counter()
    for line, n in zip(zip(person.tolist(), stratum.tolist(), cell.tolist(), strict=True), count, strict=True):
        expected[line] += n
    assert list(zip(found.person, found.stratum, found.cell, found.count, strict=True)) == [
        (*line, n) for line, n in sorted(expected.items())
    ]
    margin = together(found, np.zeros_like(found.stratum))
    added = Counter()
    for (p, _, c), n in expected.items():
        added[p, c] += n
    assert list(zip(margin.person, margin.cell, margin.count, strict=True)) == [
        (*line, n) for line, n in sorted(added.items())
    ]


def test_rows_of_who_is_in_one_stratum_are_not_moved():
    given = rows()
    given["tone"] = [{"p1": "2", "p5": "10"}.get(who, "1") for who in given["who"]]
    counted = table(given, replace(ASK, groups=("tone",)))
    assert counted.margin().people.count is counted.people.count
