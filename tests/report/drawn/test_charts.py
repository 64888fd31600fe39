"""The standard charts: right places, no colours of their own, names that cannot break out."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.report.drawn.charts import COLOURS, NARROW, WIDE, Dot, dot_chart, ticks
from misread.report.words import Band

HOSTILE = "</svg><script>alert(1)</script> & \"quoted\" 'name'"


def drawings(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(f"<both>{svg}</both>"))


def texts(drawing: ElementTree.Element) -> list[str]:
    """What is written, the rows of a text joined."""
    return [" ".join("".join(part.itertext()) for part in (list(t) or [t])) for t in drawing.iter("text")]


def dots(drawing: ElementTree.Element) -> list[float]:
    """Horizontal places of the dots: the drawing's only paths made of arcs."""
    found = [e for e in drawing.iter("path") if "A" in e.get("d", "")]
    return [float(re.match(r"translate\(([^,]+),", e.get("transform", ""))[1]) for e in found]


@given(st.floats(-1e6, 0), st.floats(0, 1e6), st.sampled_from([3, 5]))
def test_ticks_span_what_they_must_in_few_even_steps(low, high, most):
    high = max(high, low + 1e-9)
    marks = ticks(low, high, most)
    slack = 1e-6 * (high - low)
    assert 0 in marks
    assert marks[0] <= low + slack
    assert marks[-1] >= high - slack
    assert len(marks) <= most + 2
    steps = [b - a for a, b in pairwise(marks)]
    assert max(steps) - min(steps) <= 1e-6 * max(steps)


@pytest.fixture(scope="module")
def plain():
    rows = [Dot("first", Band(10, 5, 20)), Dot("second", Band(40, 30, 70)), Dot("third", Band(20), "quiet")]
    return rows, dot_chart(rows, axis="wrong flags")


def test_there_is_a_drawing_for_wide_and_one_for_narrow_pages(plain):
    assert [d.get("class") for d in drawings(plain[1])] == ["chart wide", "chart narrow"]
    assert all(d.get("aria-hidden") == "true" for d in drawings(plain[1]))


def test_a_drawing_has_no_colour_but_the_pages_own(plain):
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl", plain[1])
    used = set(re.findall(r"var\(--([a-z]+)\)", plain[1]))
    assert {"wrong", "quiet", "ink", "soft", "line"} <= used <= set(COLOURS)


def test_names_values_and_axis_are_written(plain):
    for drawing in drawings(plain[1]):
        assert {"first", "second", "third", "10", "40", "20", "wrong flags", "0"} <= set(texts(drawing))


def test_a_dot_stands_where_its_value_is(plain):
    rows, svg = plain
    for drawing, frame in zip(drawings(svg), (WIDE, NARROW), strict=True):
        marks = ticks(0, 70, frame.marks)
        expected = [frame.plot * row.band.value / marks[-1] for row in rows]
        assert dots(drawing) == pytest.approx(expected, abs=0.01)


def test_the_pale_bar_spans_the_interval(plain):
    wide = drawings(plain[1])[0]
    bars = [e.get("d") for e in wide.iter("path") if e.get("opacity") == "0.3" and "h" in e.get("d", "")]
    spans = [tuple(map(float, re.match(r"M([\d.]+),[\d.]+h([\d.]+)", d).groups())) for d in bars]
    unit = WIDE.plot / ticks(0, 70, WIDE.marks)[-1]
    expected = [(5 * unit, 15 * unit), (30 * unit, 40 * unit), (20 * unit, 0)]
    assert [n for span in spans for n in span] == pytest.approx([n for span in expected for n in span], abs=0.01)


def test_axis_labels_are_the_ticks_themselves():
    svg = dot_chart([Dot("a", Band(3.4, -0.35, 6.7), "ink")], axis="more", signed=True)
    narrow = drawings(svg)[1]
    expected = [f"{t:g}".replace("-", "−") for t in ticks(-0.35, 6.7, NARROW.marks)]
    assert expected == ["−2.5", "0", "2.5", "5", "7.5"]
    assert set(expected) <= set(texts(narrow))


def test_figures_near_an_edge_are_set_to_that_side():
    rows = [
        Dot("low", Band(-95040, -100000, -90000), "ink"),
        Dot("mid", Band(-50000), "ink"),
        Dot("none", Band(0), "ink"),
    ]
    narrow = drawings(dot_chart(rows, axis="a", signed=True))[1]
    places = {
        "".join(t.itertext()): t.get("text-anchor") for t in narrow.iter("text") if t.get("font-weight") == "bold"
    }
    assert places == {"−95,040": "start", "−50,000": "middle", "0": "end"}


def test_no_label_of_the_axis_is_left_out_where_numbers_are_long():
    svg = dot_chart([Dot("a", Band(-3720, -5879, 196), "ink")], axis="flags", signed=True)
    for drawing in drawings(svg):
        assert "0" in texts(drawing)
        labels = [t for t in texts(drawing) if t.replace("−", "").replace(",", "").isdigit() and t != "−3,720"]
        values = sorted(int(t.replace("−", "-").replace(",", "")) for t in labels)
        assert len({b - a for a, b in pairwise(values)}) == 1


def test_changes_have_a_sign_and_a_line_at_zero():
    rows = [Dot("up", Band(2, 1, 3), "ink"), Dot("down", Band(-2, -3, -1), "ink"), Dot("none", Band(0), "ink")]
    signed = drawings(dot_chart(rows, axis="a", signed=True))[0]
    assert {"+2.0", "−2.0", "0"} <= set(texts(signed))
    plain = drawings(dot_chart([Dot("up", Band(2, 1, 3))], axis="a"))[0]

    def upright(drawing):
        return [e for e in drawing.iter("line") if e.get("x2") in ("0", None) and float(e.get("y2", "0")) > 20]

    assert len(upright(signed)) == 1
    assert upright(plain) == []


@pytest.mark.parametrize("name", [HOSTILE, "ילדים", "a" * 200, "", "line\nbreak \u202e", "{{ 7 * 7 }}"])
def test_any_name_is_only_a_name(name):
    svg = dot_chart([Dot(name, Band(1, 0.5, 2)), Dot("other", Band(2))], axis="a")
    for drawing in drawings(svg):
        assert {e.tag for e in drawing.iter()} <= {"svg", "g", "path", "text", "line", "tspan", "rect"}
    assert "<script" not in svg


def test_a_long_name_is_wrapped_and_said_in_full():
    name = "Children whose faces rest in ways that nobody ever asked about"
    svg = dot_chart([Dot(name, Band(1)), Dot("short", Band(2))], axis="a")
    for drawing in drawings(svg):
        assert name in texts(drawing)
        assert "short" in texts(drawing)


@pytest.mark.parametrize("value", [0.0, 1e-9, 4.2e-5, 1e9, 123456789.0])
def test_values_of_any_size_can_be_drawn(value):
    svg = dot_chart([Dot("a", Band(value, value / 2, value * 2)), Dot("b", Band(value))], axis="a")
    for drawing, frame in zip(drawings(svg), (WIDE, NARROW), strict=True):
        assert all(0 <= x <= frame.plot for x in dots(drawing))


def test_the_same_chart_is_the_same_text(plain):
    rows, svg = plain
    assert dot_chart(rows, axis="wrong flags") == svg
