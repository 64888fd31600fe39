"""What lines and bands are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.report.audit.drawn.heat import rounded
from misread.report.audit.drawn.lines import Chart, Line, Table, cut, drawn, marks
from misread.report.words import Band

NUMBERS = st.floats(-50, 100)


def line(value: float | None, name: str = "") -> Line:
    return Line(name=name, said="", dot=None if value is None else Band(value))


@given(st.lists(NUMBERS, min_size=1, max_size=12))
def test_everything_fits_on_the_axis_in_its_order(values):
    lines = tuple(line(v) for v in values)
    chart = Chart("", "", "", marks(lines), lines, Table("", (), ()))
    places = [chart.at(v) for v in values]
    assert all(0 <= place <= 100 for place in places)
    assert chart.marks[0] <= min(*values, 0) + 1e-6
    assert chart.marks[-1] >= max(values) - 1e-6
    for a, b in zip(sorted(values), sorted(values)[1:], strict=False):
        assert chart.at(a) <= chart.at(b)


@given(NUMBERS, NUMBERS)
def test_a_bar_ends_where_its_ends_are(a, b):
    low, high = min(a, b), max(a, b)
    chart = Chart("", "", "", marks([line(low), line(high)]), (), Table("", (), ()))
    start, width = chart.span((low, high))
    assert start == chart.at(low)
    assert start + width == pytest.approx(chart.at(high), abs=0.002)


@given(st.lists(st.one_of(st.none(), NUMBERS), max_size=30), st.sampled_from([4, 10]))
def test_what_is_drawn_is_all_or_both_ends(values, most):
    lines = [line(v, str(i)) for i, v in enumerate(values)]
    found = drawn(lines, most)
    told = sorted(v for v in values if v is not None)
    if len(values) <= most:
        assert found == tuple(lines)
        assert cut("Said.", lines, most) == "Said."
        return
    kept = [one.dot.value for one in found]
    assert kept == (told if len(told) <= most else [*told[: most // 2], *told[-(most // 2) :]])
    assert (f"of {len(values)}" in cut("Said.", lines, most)) is bool(told)


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "0"), (0.004, "<1"), (0.005, "1"), (0.125, "13"), (0.9999, "100"), (1.0, "100")]
)
def test_a_cell_never_calls_something_nothing(share, said):
    assert rounded(share) == said
