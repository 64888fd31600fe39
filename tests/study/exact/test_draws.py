"""Draws from the profiles' posteriors, and the points behind them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.errors import MisreadError
from misread.profile import Profile
from misread.study.exact.draws import cells_of, drawn
from misread.study.exact.draws import drawn_rows as rows_at
from tests.engine.chains import near

LABELS = ("neutral", "sad", "none")


def drawn_rows(profiles, draws, seed, layout=None):
    return rows_at(profiles, drawn(layout or cells_of(profiles), draws, seed))


def rows_of(profiles):
    return cells_of({p.name: p for p in profiles})


def profile(name="camera", n=(200.0, math.nan, 30.0), support=None, p=None):
    rows = np.array([[0.7, 0.2, 0.1], [0.1, 0.9, 0.0], [0.25, 0.75, 0.0]]) if p is None else p
    may = np.array([[True, True, True], [True, True, False], [True, True, False]]) if support is None else support
    return Profile(name, ("neutral", "sad", "frown"), LABELS, rows, np.array(n), may)


def test_moments_are_those_of_the_dirichlet():
    p = profile()
    rows = drawn_rows({"camera": p}, 4096, 1)["camera"][1:]
    for x in (0, 2):
        may = p.support[x]
        alpha = p.n[x] * p.p[x, may] + 0.5
        mean = alpha / alpha.sum()
        spread = np.sqrt(mean * (1 - mean) / (alpha.sum() + 1))
        assert np.allclose(rows[:, x, may].mean(axis=0), mean, rtol=1e-3)
        assert np.allclose(rows[:, x, may].std(axis=0), spread, rtol=0.02)
    # Two labels of a row of three trade places: correlation −√(ab / ((1 − a)(1 − b))).
    a, b = (140.5 / 201.5, 40.5 / 201.5)
    assert np.corrcoef(rows[:, 0, 0], rows[:, 0, 1])[0, 1] == pytest.approx(
        -math.sqrt(a * b / ((1 - a) * (1 - b))), abs=0.02
    )
    # Rows are drawn apart.
    assert abs(np.corrcoef(rows[:, 0, 0], rows[:, 2, 0])[0, 1]) < 0.03


def test_rows_add_to_one_and_start_as_stated():
    p = profile()
    rows = drawn_rows({"camera": p}, 64, 1)["camera"]
    assert rows.shape == (65, 3, 3)
    assert np.array_equal(rows[0], p.p)
    assert near(rows.sum(axis=-1), 1)
    assert (rows >= 0).all()


def test_what_cannot_be_stays_impossible_and_what_is_sure_stays():
    rows = drawn_rows({"camera": profile()}, 256, 1)["camera"]
    assert (rows[:, 2, 2] == 0).all()
    assert (rows[:, 1] == profile().p[1]).all()
    # A label that could have come and did not has a half of a face behind it.
    zero = profile(p=np.array([[0.8, 0.2, 0.0], [0.1, 0.9, 0.0], [0.25, 0.75, 0.0]]))
    drawn = drawn_rows({"camera": zero}, 256, 1)["camera"][1:, 0, 2]
    assert (drawn > 0).all()
    assert drawn.mean() == pytest.approx(0.5 / 201.5, rel=0.05)


@settings(max_examples=25)
@given(st.floats(0.5, 1e6), st.floats(0.001, 0.999), st.integers(0, 2**32 - 1))
def test_draws_are_laws_whatever_the_counts(n, share, seed):
    p = Profile("p", ("x",), ("a", "b"), np.array([[share, 1 - share]]), np.array([n]), np.ones((1, 2), bool))
    rows = p.draw(np.random.default_rng(seed).uniform(size=(16, 1, 2)))
    assert near(rows.sum(axis=-1), 1)
    assert (rows >= 0).all()


def test_more_faces_leave_less_doubt():
    spread = [drawn_rows({"p": profile("p", n=(n, n, n))}, 256, 1)["p"][:, 0, 1].std() for n in (20, 200, 2000)]
    assert spread[0] > 2.5 * spread[1] > 6 * spread[2]


def test_no_draws_and_nothing_unsure():
    assert drawn_rows({"camera": profile()}, 0, 1)["camera"].shape == (1, 3, 3)
    sure = profile(n=(math.nan,) * 3)
    assert drawn_rows({"camera": sure}, 256, 1)["camera"].shape == (1, 3, 3)
    assert rows_of([sure]) == ()
    both = drawn_rows({"camera": profile(), "claim": profile("claim", n=(math.nan,) * 3)}, 8, 1)
    assert (both["claim"] == both["claim"][0]).all()


def test_the_same_cell_gets_the_same_points():
    one, other = profile(), profile("other")
    cells = rows_of([one])
    assert cells == rows_of([one, one])
    alone = drawn_rows({"camera": one}, 64, 5)["camera"]
    # Cells laid out behind others, however many, leave the others' points alone.
    layout = (*cells, *rows_of([other]))
    assert np.array_equal(drawn_rows({"camera": one, "other": other}, 64, 5, layout)["camera"], alone)
    assert np.array_equal(drawn_rows({"camera": one}, 64, 5, layout)["camera"], alone)
    # Profiles of different names are drawn apart, even if they say the same.
    assert not np.array_equal(drawn_rows({"other": other}, 64, 5, layout)["other"], alone)
    assert not np.array_equal(drawn_rows({"camera": one}, 64, 6)["camera"], alone)
    # Other numbers in the same cells: the same points, so that the draws move together.
    better = profile(p=np.array([[0.8, 0.1, 0.1], [0.1, 0.9, 0.0], [0.25, 0.75, 0.0]]))
    moved = drawn_rows({"camera": better}, 64, 5, layout)["camera"]
    assert np.corrcoef(moved[1:, 0, 1], alone[1:, 0, 1])[0, 1] > 0.95


def test_more_cells_than_sobol_has_dimensions():
    size = 150
    flat = np.full((size, size), 1 / size)
    words = tuple(f"w{i}" for i in range(size))
    p = Profile("p", words, words, flat, np.full(size, 10.0), np.ones((size, size), bool))
    with pytest.raises(MisreadError, match="22,500 numbers are uncertain"):
        drawn_rows({"p": p}, 4, 1)


def test_points_are_made_piece_by_piece(monkeypatch):
    whole = drawn_rows({"camera": profile()}, 64, 5)["camera"]
    monkeypatch.setattr("misread.study.exact.draws.AT_ONCE", 16)
    assert np.array_equal(drawn_rows({"camera": profile()}, 64, 5)["camera"], whole)


def test_more_draws_than_memory_holds_are_refused():
    with pytest.raises(MisreadError, match=r"1,000,000,000 draws of 5 cells need 149\.0 GiB"):
        drawn_rows({"camera": profile()}, 10**9, 1)
