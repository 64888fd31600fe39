"""What the signature pictures show is what the figures say."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.report.drawn.pictures import (
    MOST_STROKES,
    NONE,
    RIGHT,
    WRONG,
    Strip,
    apportion,
    average_file,
    hundred,
    slips,
)
from misread.report.words import Band, half_up

chances = st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)).filter(lambda t: sum(t) > 1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6).filter(lambda s: sum(s) > 1e-6), st.integers(0, 1000))
def test_apportioned_numbers_add_up_and_lie_within_one_of_their_share(parts, total):
    counts = apportion(parts, total)
    assert sum(counts) == total
    assert all(abs(n - p / math.fsum(parts) * total) < 1 + 1e-6 for n, p in zip(counts, parts, strict=True))


@given(chances)
def test_a_hundred_children_are_a_hundred_figures(three):
    wrong, right = three[0] / sum(three), three[1] / sum(three)
    children = hundred(wrong, right)
    kinds = [kind for _, _, kind in children.cells]
    assert (kinds.count(WRONG), kinds.count(RIGHT), kinds.count(NONE)) == (
        children.wrong,
        children.right,
        children.none,
    )
    assert {(x, y) for x, y, _ in children.cells} == {(x, y) for x in range(10) for y in range(10)}
    assert children.wrong == half_up(100 * wrong)
    assert abs(children.right - 100 * right) <= 1.5


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_child_once_wrongly_flagged_stays_so(a, b):
    early, late = sorted((a, b))
    wrong = [{(x, y) for x, y, kind in hundred(p, 0.0).cells if kind == WRONG} for p in (early, late)]
    assert wrong[0] <= wrong[1]


def test_the_picture_in_words():
    assert hundred(0.05, 0.02).said == "5 wrongly flagged, 2 rightly flagged every time, 93 not flagged"


@given(st.floats(0, 1), st.sampled_from([10, 100]))
def test_alerts_are_as_many_as_said(ppv, of):
    kinds = slips(ppv, of)
    assert len(kinds) == of
    assert kinds.count(RIGHT) == half_up(ppv * of)
    assert kinds == tuple(sorted(kinds, key=[RIGHT, WRONG].index))


@pytest.mark.parametrize(
    ("band", "filled", "interval"),
    [
        (Band(0.25, 0.1, 0.4), 25, (10, 30)),
        (Band(0.0), 0, None),
        (Band(1.0000001, 0.9, 1.0000001), 100, (90, 10)),
        (Band(-1e-17, -1e-17, 0.1), 0, (0, 10)),
    ],
)
def test_a_strip_stays_on_its_track(band, filled, interval):
    strip = Strip("who", band, "right", "words", "id")
    assert strip.filled == filled
    assert strip.interval == interval


@given(st.floats(0.01, 1e6), st.floats(0, 1), st.integers(1, 15))
def test_the_average_file_has_the_strokes_it_says(flags, share, years):
    file = average_file(flags * share, flags, years)
    strokes = [kind for row in file.rows for _, kind in row]
    assert len(file.rows) == years
    assert max(map(len, file.rows)) <= MOST_STROKES + 1
    assert len(strokes) == half_up(flags * years / file.each)
    assert strokes.count(WRONG) == half_up(len(strokes) * flags * share / flags)
    assert all(0 < x < 100 for row in file.rows for x, _ in row)
    assert math.isclose(file.wrong + file.right, flags * years, rel_tol=1e-9)


def test_wrong_strokes_are_spread_evenly():
    file = average_file(10.0, 20.0, 3)
    assert [sum(kind == WRONG for _, kind in row) for row in file.rows] == [10, 10, 10]
    assert file.each == 1
