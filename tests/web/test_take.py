"""A picture or a table of a page as a file: all of it, with its source, and safe to open."""

from __future__ import annotations

import csv
import io
import struct
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.web.server.parcels import STATIC
from misread.web.take import element, taken
from misread.web.take.sheet import rows

SVG = (
    '<svg id="pic" class="strokes" viewBox="0 0 200 40" width="100%" role="img" aria-label="Two &amp; “three” &lt;b&gt;">'
    '<rect class="wrong" x="0" y="0" width="90" height="40"/><svg x="5"><path class="right" d="M0 0h9v9z"/></svg>'
    '<text x="9" y="9">1 &lt; 2</text></svg>'
)
PAGE = (
    '<html><head><link rel="stylesheet" href="/static/page.css"></head><body><svg><defs>'
    '<pattern id="hatch" width="5" height="5"><rect class="hatch-ground" width="5" height="5"/></pattern></defs></svg>'
    f'<main><p id="none">x<br></p>{SVG}<table id="t"><tr><th colspan="2">a</th><th>b</th></tr>'
    "<tr><td>1,000</td><td>−5</td><td>=2+3</td></tr><tr><td>-4</td><td>@x <b>y</b></td><td></td></tr></table></main>"
)


def test_an_element_is_cut_out_whole():
    assert element(PAGE, "pic") == SVG
    assert element(PAGE, "none") == '<p id="none">x<br></p>'
    assert element(PAGE, "nobody") is None
    assert str(element(PAGE, "t")).startswith("<table")
    assert str(element(PAGE, "t")).endswith("</table>")


@given(
    st.lists(
        st.sampled_from(["<b>", "</b>", "<br>", "x", "\n", "<p id='q'>", "</p>", "&amp;", "<i/>", "“"]), max_size=30
    )
)
def test_whatever_stands_before_it_does_not_move_the_cut(pieces):
    assert element("".join(pieces) + "\n " + SVG + "</p></b>", "pic") == SVG


def test_a_picture_brings_title_source_colours_and_letters():
    drawn = taken("svg", SVG, PAGE, "misread 1, /map?a=1&b=<2>", STATIC).decode()
    root = ET.fromstring(drawn)
    name = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{name}title") == "Two & “three” <b>"
    assert root.findtext(f"{name}desc") == "misread 1, /map?a=1&b=<2>"
    said = [text.text for text in root.iter(f"{name}text")]
    assert "1 < 2" in said
    assert "Two & “three” <b>" in said
    assert "misread 1, /map?a=1&b=<2>" in said
    assert "var(" not in drawn
    assert "/static/" not in drawn
    assert 'pattern id="hatch"' in drawn
    assert ".wrong{fill:url(#hatch)" in drawn


def test_a_picture_as_points_has_twice_the_size():
    png = taken("png", SVG, PAGE, "misread 1", STATIC)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    assert width == 2 * 720
    assert height > 2 * 40


def test_a_picture_without_a_box_is_refused():
    with pytest.raises(ValueError, match="viewBox"):
        taken("svg", '<svg id="x"></svg>', PAGE, "", STATIC)


def test_a_table_is_rows_and_what_looks_like_a_formula_is_none():
    found = list(
        csv.reader(io.StringIO(taken("csv", str(element(PAGE, "t")), PAGE, "misread", STATIC).decode("utf-8-sig")))
    )
    assert found == [["a", "", "b"], ["1000", "-5", "'=2+3"], ["-4", "'@x y", ""], ["misread"]]


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12), min_size=1, max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_every_cell_comes_back(cells):
    from html import escape

    table = (
        "<table>" + "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in row)}</tr>" for row in cells) + "</table>"
    )
    back = list(csv.reader(io.StringIO(rows(table, "s").decode("utf-8-sig"), newline="")))
    assert [[c.removeprefix("'") for c in row] for row in back[:-1]] == [
        [" ".join(c.split()).removeprefix("'") for c in row] for row in cells
    ]


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/take/explore/nobody.svg", "/take/stages/main.pdf", "/take/map/main.svg"])
def test_what_is_not_there_is_not_found(opened, served, path):
    page, _heard = opened("/glossary")
    assert page.request.get(served.base + path).status == 404
