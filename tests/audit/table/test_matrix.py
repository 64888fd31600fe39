"""Published matrices: those of the catalogue, arrays, rates, and what is wrong with some."""

from __future__ import annotations

import numpy as np
import pytest

from misread import evidence
from misread.audit.table import from_matrix, same
from misread.errors import MisreadError

WORDS = {"expressions": ("a", "b"), "labels": ("a", "b")}
MATRICES = sorted(id for id, entry in evidence.catalogue().items() if isinstance(entry, evidence.Matrix))


@pytest.mark.parametrize("id", MATRICES)
def test_every_matrix_of_the_catalogue(id):
    entry = evidence.matrix(id)
    table = from_matrix(entry)
    assert table.expressions == tuple(entry.rows)
    assert table.labels[-1] == "none"
    assert "no_face" not in table.labels
    for e, row in enumerate(entry.rows):
        for label, n in entry.counts[row].items():
            at = "none" if label == "no_face" else label
            assert table.counts[0, e, table.labels.index(at)] == pytest.approx(n, rel=1e-12)
        # Kish's n²/Σw² is the number of independent units.
        if table.squares is not None:
            n, units = table.counts[0, e].sum(), entry.row_units[row]
            assert n**2 / table.squares[0, e].sum() == pytest.approx(min(n, units), rel=1e-12)
    assert table.unit == entry.counted
    fewer = any(entry.row_units[row] < entry.row_n[row] for row in entry.rows)
    assert table.weighted == fewer


def test_a_mapping_and_an_array_are_the_same():
    mapping = {"a": {"a": 3, "none": 1}, "b": {"b": 2, "a": 1}}
    array = [[3, 0, 1], [1, 2, 0]]
    one = from_matrix(mapping)
    other = from_matrix(array, expressions=("a", "b"), labels=("a", "b", "none"))
    assert same(one, other)
    assert one.labels == ("a", "b", "none")
    assert one.people is None


def test_strata():
    counts = np.arange(8).reshape(2, 2, 2)
    table = from_matrix(counts, **WORDS, columns=("sex",), strata=(("m",), ("f",)))
    assert table.names(0) == {"sex": "m"}
    assert table.counts[1, :, :2].tolist() == [[4, 5], [6, 7]]
    twice = from_matrix(counts, **WORDS, columns=("sex",), strata=(("m",), ("m",)))
    assert twice.counts[0, :, :2].tolist() == [[4, 6], [8, 10]]


def test_rates():
    rates = [[0.75, 0.25], [0.1, 0.9]]
    table = from_matrix(rates, **WORDS, faces_per_row=(40, 20))
    assert table.counts[0].tolist() == [[30, 10, 0], [2, 18, 0]]
    assert same(from_matrix(np.multiply(rates, 100), **WORDS, faces_per_row=(40, 20)), table)
    rounded = from_matrix([[0.7, 0.27], [0.1, 0.9]], **WORDS, faces_per_row=97, renormalise=True)
    np.testing.assert_allclose(rounded.counts[0], [[70, 27, 0], [9.7, 87.3, 0]], rtol=1e-12)


def test_units_of_people():
    table = from_matrix([[30, 10], [2, 18]], **WORDS, units={"a": 10, "b": 20})
    assert table.squares[0].tolist() == [[120, 40, 0], [2, 18, 0]]


def wrong(counts, **more):
    with pytest.raises(MisreadError) as caught:
        from_matrix(counts, **({**WORDS} | more))
    (problem,) = caught.value.problems
    return problem


def test_24_counts_that_are_none():
    assert wrong([[1, -3], [0, 1]]).what == 'row "a" holds -3 under "b".'
    assert wrong([[1, np.nan], [0, 1]]).what == 'row "a" holds nothing under "b".'
    assert wrong([[1, 2], [0, 1e20]]).what == 'row "b" holds 1e+20 under "b".'
    problem = wrong([[1, 2], [0.5, 1]])
    assert problem.what == 'row "b" holds 0.5 under "a".'
    assert problem.mend == "if these are rates, say how many faces stand behind each row: faces_per_row=N."
    assert wrong([[0, 0], [0, 0]]).what == "All cells are 0; there is nothing to audit."


def test_25_rows_that_do_not_add_to_one():
    problem = wrong([[0.7, 0.27], [0.1, 0.9]], faces_per_row=10)
    assert problem.what == 'row "a" adds to 0.97.'
    assert problem.mend == "if they are rounded, say so: renormalise=True."
    assert wrong([[0.7, 0.2], [0.1, 0.9]], faces_per_row=10, renormalise=True).what == 'row "a" adds to 0.9.'
    assert wrong([[7, 2], [1, 9]], faces_per_row=10).mend == "if they are counts, leave out faces_per_row."


def test_26_truth_in_the_columns():
    turned = [[0.75, 0.1], [0.25, 0.9]]
    for more in ({}, {"faces_per_row": 20}):
        problem = wrong(turned, **more)
        assert problem.what == "Its columns add to 1, and its rows do not: does truth stand in the columns?"
        assert problem.mend == "if so, say it: transpose=True."
    assert from_matrix(turned, **WORDS, faces_per_row=20, transpose=True).counts[0].tolist() == [[15, 5, 0], [2, 18, 0]]
    tall = [[1, 2], [3, 4], [5, 6]]
    assert wrong(tall, labels=("a", "b", "c")).mend.endswith("transpose=True.")
    assert wrong([[1, 2], [3, 4]], expressions=("a", "none")).what.startswith('A row is called "none"')


@pytest.mark.parametrize(
    ("counts", "more", "what"),
    [
        ("text", {}, "It is no table of numbers."),
        ([1, 2], {}, "It has 1 dimensions."),
        ([[1, 2]], {}, "It has 1 rows and 2 columns, for 2 expressions and 2 labels."),
        ([[[1, 2], [3, 4]]] * 2, {}, "It has 2 strata, and names for 0."),
        ([[1, 2], [3, 4]], {"labels": ("a", "a")}, '"a" stands there twice.'),
        ([[1, 2], [3, 4]], {"labels": ("x", "y")}, "No label is an expression: x, y against a, b."),
        ([[[1, 2], [3, 4]]], {"columns": ("s",), "strata": (("all",),)}, 'A group has the level "all"'),
        ([[1, 0], [0, 1]], {"faces_per_row": 0}, "A row has no faces."),
        ([[1, 0], [0, 1]], {"faces_per_row": {"a": 1}}, 'There is no number for row "b".'),
        ([[1, 0], [0, 1]], {"faces_per_row": (1, 2, 3)}, "There are 3 numbers for 2 rows."),
    ],
)
def test_what_is_no_matrix(counts, more, what):
    assert wrong(counts, **more).what.startswith(what)
