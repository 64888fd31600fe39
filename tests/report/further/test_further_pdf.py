"""The sections of the further tables in the PDF: what the page tells, tagged, with pictures true to their figures."""

from __future__ import annotations

import io
import re
from collections import Counter
from itertools import pairwise
from xml.etree import ElementTree

import pypdf
import pytest

import misread as mr
from misread.deployment import resolve_profiles
from misread.findings.definitions import DEFINITIONS
from misread.report import pdf
from misread.report.drawn.pictures import Strip
from misread.report.further.levels import Point
from misread.report.page import html as html_page
from misread.report.page.html import told
from misread.report.pdf import drawings
from misread.report.pdf.content import content
from misread.report.pdf.further import pictures
from misread.report.words import Band
from misread.report.words.sources import parameters
from tests.pack.test_pdf import elements
from tests.report import made_up
from tests.report.further import test_further
from tests.report.pages import read

HEADINGS = {
    "levels": "Which faces, and at which age",
    "lessons": "The map, lesson by lesson",
    "measures": "What the file measures",
    "decisions": "What is decided on the file",
    "hiding": "Faces that hide",
}
SVG = "{http://www.w3.org/2000/svg}"


def of(*rows, deployment=None):
    """What a report of the made-up run with more rows tells."""
    return told(
        test_further.run(*rows),
        deployment or test_further.deployment(),
        made_up.profiles(),
        command="misread run made-up",
        definitions=DEFINITIONS,
        provenance=test_further.provenance(),
    )


@pytest.fixture(scope="module")
def said():
    return of(*test_further.exact_rows(), *test_further.sampled_rows())


@pytest.fixture(scope="module")
def page(said):
    return read(html_page.page("report.html.j2", said))


@pytest.fixture(scope="module")
def made(said):
    return pypdf.PdfReader(io.BytesIO(pdf.render_pdf(said)))


def text_of(reader):
    return squeezed(" ".join(p.extract_text() for p in reader.pages))


def squeezed(text):
    """Without marks that only say where a line may end, or which way it runs."""
    return " ".join(re.sub("[\u200b\u2068\u2069]", "", text).split())


def headings(page):
    return [h.text for s in page.all("section") for h in s.all("h2")]


def test_the_sections_stand_in_the_order_of_the_page(said, page):
    blocks = content(said)["blocks"]
    titles = [b["text"] for b in blocks if b["kind"] == "heading" and b["level"] == 1]
    shown = headings(page)
    assert [t for t in titles if t in shown] == [h for h in shown if h in titles]
    assert [t for t in titles if t in HEADINGS.values()] == list(HEADINGS.values())


def test_the_sections_say_what_the_page_says(page, made):
    text = text_of(made)
    for name, heading in HEADINGS.items():
        assert heading in text
        section = test_further.section(page, name)
        for paragraph in section.all("p"):
            # What is in a picture is drawn here, and told by its alternative text.
            hidden = any(paragraph.within(tag) for tag in ("details",)) or paragraph.attributes.get("aria-hidden")
            pictured = paragraph.within("figure") and paragraph.attributes.get("class", "") != ""
            if not hidden and not pictured:
                assert squeezed(paragraph.text.partition(" from ")[0]) in text, (name, paragraph.text)


def test_every_picture_of_the_page_has_its_words_and_tables_their_heads(page, made):
    found = list(elements(made))
    alts = squeezed(" ".join(str(e["/Alt"]) for e in found if e["/S"] == "/Figure"))
    assert all(e.get("/Alt") for e in found if e["/S"] == "/Figure")
    for name in HEADINGS:
        for picture in test_further.section(page, name).all(role="img"):
            for part in re.split(r"[.;] ", picture.attributes["aria-label"].rstrip(".")):
                assert squeezed(part) in alts, (name, part)
    kinds = Counter(str(e["/S"]) for e in found)
    assert kinds["/THead"] == kinds["/Table"]
    of_parts = [b for b in content(of(*test_further.exact_rows()))["blocks"] if b["kind"] == "keyed"]
    assert [len(b["rows"]) for b in of_parts] == [6]


def test_traits_are_told_once(said):
    titles = [c.title for c in said["carriers"].charts]
    assert titles
    assert not any("trait" in title for title in titles)
    blocks = content(of())["blocks"]
    assert HEADINGS["levels"] not in {b["text"] for b in blocks if b["kind"] == "heading"}


def circles(svg):
    return [c for c in ElementTree.fromstring(svg).iter(f"{SVG}circle") if float(c.get("r")) == 5.5]


def test_dots_of_levels_stand_at_their_figures(said):
    levels = said["further"].levels[0]
    for block in levels.blocks:
        drawn = [(float(c.get("cx")), c.get("fill")) for c in circles(pictures.levels(block, levels.most))]
        rows = {name: f.value for name, f in levels.table}
        wide = (pictures.WIDE - pictures.NAMES - pictures.GAP - 16) / 2
        wrong, right = ([x for x, fill in drawn if fill == tone] for tone in (drawings.WRONG, drawings.RIGHT))
        for line, x, y in zip(block.lines, wrong, right, strict=True):
            value = rows[f"{block.title}, {line.name}: wrong flags"]
            share = rows[f"{block.title}, {line.name}: alerts that are right"]
            most = float(levels.most.replace(",", ""))
            assert (x - pictures.NAMES) / wide == pytest.approx(value / most, abs=2e-4)
            assert (y - pictures.NAMES - wide - pictures.GAP) / wide == pytest.approx(share, abs=2e-4)


def test_the_two_parts_of_a_lesson_are_its_flags(said):
    one = said["further"].lessons.maps[0]
    most = float(one.marks[-1][1])
    for kind in one.kinds:
        total, wrong = (100 * f for f in test_further.LESSONS[kind.name])
        bars = ElementTree.fromstring(pictures.lesson(kind, ())).iter(f"{SVG}rect")
        widths = {b.get("fill"): float(b.get("width")) for b in bars if b.get("height") == "20" and b.get("stroke")}
        whole = pictures.WIDE - 2 * pictures.MARGIN
        assert widths["url(#hatch)"] / whole == pytest.approx(wrong / most, abs=1e-4)
        assert widths[drawings.RIGHT] / whole == pytest.approx((total - wrong) / most, abs=1e-4)


def test_shares_fill_the_bar_each_in_a_weave_of_its_own(said):
    for bar in said["further"].measures.bars:
        svg = ElementTree.fromstring(pictures.shares(bar))
        rects = [r for r in svg.iter(f"{SVG}rect") if r.get("height") == "24"]
        assert len({r.get("fill") for r in rects}) == len(rects) == len(bar.segments)
        known = {p.get("id") for p in svg.iter(f"{SVG}pattern")}
        for rect in rects:
            woven = re.fullmatch(r"url\(#(.+)\)", rect.get("fill"))
            assert woven is None or woven[1] in known
        ends = [(float(r.get("x")), float(r.get("x")) + float(r.get("width"))) for r in rects]
        assert ends[0][0] == pictures.MARGIN
        for (_, end), (start, _) in pairwise(ends):
            assert start == pytest.approx(end, abs=0.02)


def test_a_strip_that_is_neither_right_nor_wrong_has_a_colour_of_its_own():
    fills = {}
    for tone in ("wrong", "right", "quiet"):
        (dot,) = circles(drawings.strip(Strip("who", Band(0.4, 0.3, 0.5), tone, "40 of 100", "masking_end")))
        fills[tone] = dot.get("fill")
    assert len(set(fills.values())) == 3


def test_names_and_figures_are_escaped_in_pictures():
    assert "&lt; 1" in pictures.text(0, 0, "< 1")
    point = Point(0.0, None, "< 1", "start")
    ElementTree.fromstring(drawings.svg(10, 10, pictures._point(point, 5, "#000000", 0, 10)))


@pytest.mark.parametrize("rows", ["exact", "sampled"])
def test_with_one_engine_alone(rows):
    made = of(*(test_further.exact_rows(draws=False) if rows == "exact" else test_further.sampled_rows()))
    reader = pypdf.PdfReader(io.BytesIO(pdf.render_pdf(made)))
    text = text_of(reader)
    for name, part in (("lessons", made["further"].lessons), ("decisions", made["further"].decisions)):
        assert (HEADINGS[name] in text) == (part is not None)


@pytest.mark.long
def test_as_described_full(tmp_path):
    found = mr.run("as-described-full", draws=0, schools=2)
    of_it = found.measured.deployment
    everything = told(
        found.findings,
        of_it,
        resolve_profiles(of_it),
        command="misread run as-described-full",
        definitions=DEFINITIONS,
        provenance=parameters(of_it),
    )
    reader = pypdf.PdfReader(io.BytesIO(pdf.render_pdf(everything)))
    text = text_of(reader)
    assert [h for h in HEADINGS.values() if h not in text] == []
    assert all(e.get("/Alt") for e in elements(reader) if e["/S"] == "/Figure")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in reader.trailer["/Root"]["/Metadata"].get_data()
