"""What a publication leaves out cannot be had back: by linear algebra, and by trying every table there could be."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.audit.table import CountTable, People
from misread.audit.written.publication.suppress import LEAST, suppress
from misread.errors import MisreadError


def table(counts, *levels):
    """A table of these counts (strata, expressions, labels), its strata all combinations of levels."""
    counts = np.asarray(counts, dtype=float)
    strata = np.array(list(product(*(range(k) for k in levels))), dtype=np.int32).reshape(len(counts), len(levels))
    _, E, L = counts.shape
    return CountTable(
        tuple(f"e{i}" for i in range(E)),
        (*(f"l{i}" for i in range(L - 1)), "none"),
        tuple("abc"[: len(levels)]),
        tuple(tuple(f"{i}" for i in range(k)) for k in levels),
        strata,
        counts,
        np.zeros((len(counts), L)),
    )


def one_by_one(made):
    return [(), *((column,) for column in made.columns)]


def published(made, left, e):
    """Every sum of finest cells of one expression: which cells, its count, whether it is left out."""
    S, L = len(made.strata), len(made.labels)
    for columns in left.cells:
        part = made.margin(*columns)
        at = [made.columns.index(column) for column in columns]
        for s, levels in enumerate(part.strata):
            inside = (made.strata[:, at] == levels).all(axis=1)
            for label in range(L):
                which = np.zeros((S, L))
                which[inside, label] = 1
                yield which.reshape(-1), part.counts[s, e, label], left.cells[columns][s, e, label]
            which = np.zeros((S, L))
            which[inside] = 1
            yield which.reshape(-1), part.counts[s, e].sum(), left.totals[columns][s, e]


@st.composite
def tables(draw, most=12, expressions=2):
    levels = draw(st.sampled_from([(2,), (3,), (2, 2), (2, 3)]))
    S, E, L = int(np.prod(levels)), draw(st.integers(1, expressions)), draw(st.integers(2, 4))
    counts = draw(st.lists(st.integers(0, most), min_size=S * E * L, max_size=S * E * L))
    return table(np.reshape(counts, (S, E, L)), *levels)


@settings(max_examples=25, deadline=None)
@given(tables())
def test_no_small_count_follows_by_adding_and_subtracting(made):
    left = suppress(made, one_by_one(made))
    for e in range(len(made.expressions)):
        entries = list(published(made, left, e))
        known = np.array([which for which, _, gone in entries if not gone]).reshape(-1, made.counts[:, e].size)
        # What is published as 0 is 0 in all its parts.
        zero = np.array([which for which, count, gone in entries if not gone and count == 0]).reshape(
            -1, known.shape[1]
        )
        known = np.concatenate([known, np.eye(known.shape[1])[zero.any(axis=0)]])
        for which, count, gone in entries:
            if 0 < count < LEAST:
                assert gone
                if len(known):
                    weights = np.linalg.lstsq(known.T, which, rcond=None)[0]
                    assert np.abs(known.T @ weights - which).max() > 1e-6


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_of_all_tables_that_fit_some_have_another_count(seed):
    """Every table of two strata with two labels each that has the same published numbers is tried."""
    counts = np.random.default_rng(seed).integers(0, 8, (2, 1, 2))
    made = table(counts, 2)
    left = suppress(made, one_by_one(made))
    entries = list(published(made, left, 0))
    grid = np.array(list(product(range(8 + LEAST), repeat=4)), dtype=np.int16)
    fits = np.ones(len(grid), dtype=bool)
    for which, count, gone in entries:
        said = grid @ which.astype(np.int16)
        small = 0 < count < LEAST
        fits &= (said == count) if not gone else ((said >= 1) & (said < LEAST)) if small else True
    assert fits.any()
    for which, count, _gone in entries:
        if 0 < count < LEAST:
            assert len(np.unique(grid[fits] @ which.astype(np.int16))) > 1


def test_large_counts_stay():
    made = table([[[50, 10, 8], [9, 60, 7]], [[40, 12, 6], [8, 70, 9]]], 2)
    left = suppress(made, one_by_one(made))
    assert left.small == left.others == 0


def test_one_gap_in_a_row_takes_a_second_and_its_like_elsewhere():
    made = table([[[50, 2, 8]], [[40, 12, 6]]], 2)
    left = suppress(made, one_by_one(made))
    gone = left.cells[("a",)][:, 0]
    assert gone[0, 1]
    # By the row, 60 less 50 less 8 would be 2; by the whole, 14 less 12.
    assert gone.sum(axis=1).tolist() == [2, 2]
    assert not left.cells[()].any()
    assert left.small == 1


def test_one_rare_expression_takes_the_next_along():
    made = table([[[1, 1, 0], [20, 9, 7], [90, 80, 70]]])
    left = suppress(made, [()])
    assert left.totals[()][0].tolist() == [True, True, False]


def test_many_faces_of_few_persons_are_about_few():
    made = table([[[50, 30, 20]], [[40, 12, 16]]], 2)
    # The twelve are of one person; every other face is of a person of its own.
    stratum, cell, count, person = [], [], [], []
    for (s, _e, label), n in np.ndenumerate(made.counts):
        alone = (s, label) == (1, 1)
        for _ in range(1 if alone else int(n)):
            stratum.append(s)
            cell.append(label)
            count.append(n if alone else 1)
            person.append(len(person))
    arrays = [np.array(each, dtype=np.int32) for each in (stratum, person, cell)]
    people = People(*arrays, np.array(count, dtype=float), len(person))
    left = suppress(replace(made, people=people), one_by_one(made))
    assert left.cells[("a",)][1, 0].tolist()[1]
    assert left.small == 1
    assert left.cells[("a",)][0, 0].any()


def test_sums_of_weights_are_refused():
    made = table([[[50, 10, 8]]])
    made = replace(made, squares=made.counts)
    with pytest.raises(MisreadError, match="weights"):
        suppress(made, [()])


def test_it_says_how_far_it_is():
    made = table([[[1, 10, 8], [9, 6, 7]]])
    told = []
    suppress(made, [()], progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]
