"""The section about micro-expressions: there, accessible, and saying what was computed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.report.studies.micro import length, one_in, sentences, tell
from misread.report.words.sources import Library
from misread.study.micro import Between, examine
from tests.report import made_up
from tests.report.pages import read


def of(**camera):
    return examine(made_up.deployment(camera={"observe_every_seconds": 300.0, **camera}))


def told(**camera):
    return tell(of(**camera), Library.load())


@pytest.fixture(scope="module")
def section():
    page = read(made_up.report())
    (found,) = page.all("section", aria_labelledby="micro")
    return found


def test_the_section_is_there_with_the_sentence_first(section):
    assert section.all("h2")[0].text == "What it could see of micro-expressions"
    first = section.all("p")[0].text
    assert first.startswith("At most one in 480 of the movements that last from 1/25 to 1/2 of a second")
    assert len(first.split()) <= 60


def test_pictures_have_their_words_and_tables_their_heads(section):
    (picture,) = section.all(role="img")
    for words in ("5 minutes apart", "1/25 s: 4 %", "1/5 s: 20 %", "1/2 s: 50 %"):
        assert words in picture.attributes["aria-label"]
    assert all(
        s.attributes.get("aria-hidden") == "true" or s.parent.attributes.get("aria-hidden") for s in section.all("svg")
    )
    tables = section.all("table")
    assert len(tables) == 3
    for table in tables:
        assert table.all("caption")[0].text
        assert all(h.attributes["scope"] in ("col", "row") for h in table.all("th"))
        width = len(table.all("tr")[0].children)
        assert {len(r.children) for r in table.all("tr")} == {width}


def test_what_is_drawn_is_to_scale():
    line = told().line
    assert [bar.width for bar in line.bars] == [50, 20, 4]
    assert line.width == pytest.approx(100 / 300, abs=1e-3)
    assert len(line.ticks) == 26
    assert len(told(frames_per_second=8.0).line.ticks) == 9
    assert "8 a second" in told(frames_per_second=8.0).line.ticks_words
    near = told(observe_every_seconds=0.25).line
    assert near.gap == ""
    assert near.ticks == (0, 25, 50, 75, 100)
    for every in (0.001, 1.9, 2.0, 3.0, 1e6):
        drawn = told(observe_every_seconds=every).line
        assert 0 < drawn.start + drawn.width <= 100 or not drawn.gap
        assert len(drawn.ticks) <= 401


def test_strips_are_the_shares():
    found = of(exposure_ms=10.0)
    assert [s.filled for s in told(exposure_ms=10.0).shares] == [
        pytest.approx(100 * w.touched.high, abs=5e-4) for w in found.looked
    ]


def test_every_figure_that_is_cited_is_in_the_list_of_sources(section):
    page = read(made_up.report())
    listed = {li.attributes["id"].removeprefix("evidence-") for li in page.all("li") if "id" in li.attributes}
    cited = set(re.findall(r"\bD\d\d\b", section.text))
    assert {"D01", "D03", "D04", "D05", "D06", "D09", "D12", "D13", "D14"} <= cited
    assert cited <= listed


def test_assumptions_are_called_so(section):
    note = next(p.text for p in section.all("p", class_="note") if "Assumptions of this part" in p.text)
    assert "that one has to be on 3 frames" in note
    assert "adult who lies" in note
    assert "precision equals recall" in note


def test_a_deployment_that_gives_all_leaves_nothing_open():
    story = told(frames_per_second=25.0, exposure_ms=10.0)
    assert "frames a second" not in story.open
    assert "exposed" not in story.open
    assert story.filmed == (
        "Filmed without a break at 25 frames a second, a movement of 1/25 s is on 1.2 frames, one of 1/2 s on 13."
    )


@pytest.mark.parametrize(
    ("every", "said"),
    [
        (0.02, "Every movement of 1/25 to 1/2 of a second would fall on a look"),
        (0.3, "movements of 1/2 of a second may all fall on one"),
        (2.0, "At most 31 of 100 of the movements"),
        (30.0, "At most one in 48 of the movements"),
        (3000.0, "At most one in 4,300 of the movements"),  # a lesson of 45 minutes has one look: 0.625/2700
    ],
)
def test_the_sentence_at_other_intervals(every, said):
    assert sentences(of(observe_every_seconds=every))[0].find(said) >= 0


@given(st.floats(1e-6, 1), st.floats(0, 1))
def test_at_most_is_never_less_than_there_may_be(high, part):
    low = high * part
    said = one_in(Between(low, high))
    n = re.fullmatch(r"at most one in ([\d,]+)", said)
    if n and low < high:
        assert 1 / int(n[1].replace(",", "")) >= high * (1 - 1e-9)
        assert 1 / int(n[1].replace(",", "")) <= high * 1.11


def test_lengths_are_fractions():
    assert [length(x) for x in (0.04, 0.2, 0.5, 1.0)] == ["1/25 s", "1/5 s", "1/2 s", "1 s"]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
@pytest.mark.parametrize("camera", [{}, {"frames_per_second": 200.0, "exposure_ms": 4.0}])
def test_in_a_browser(browser, tmp_path, width, scheme, camera):
    from axe_playwright_python.sync_playwright import Axe

    path = tmp_path / "report.html"
    deployment = made_up.deployment(camera={"observe_every_seconds": 300.0, **camera})
    path.write_text(made_up.report(of=deployment), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    try:
        page = context.new_page()
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        found = Axe().run(page, context="section[aria-labelledby=micro]").response["violations"]
        assert [f"{v['id']}: {n['target']}" for v in found for n in v["nodes"]] == []
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    finally:
        context.close()
