"""The page about inputs: a sentence first, charts with their words, every source."""

from __future__ import annotations

from dataclasses import replace

import pytest

from misread.deployment.ranges import Range
from misread.report.studies.sensitivity import input_words, render_sensitivity
from misread.report.studies.sensitivity.words import assumed, headline, lede, others, sureness
from misread.study.sensitivity import Input, Row, sensitivity
from tests.report.pages import read
from tests.study.schools import school
from tests.study.test_sensitivity import QUICK, UNSURE


@pytest.fixture(scope="module")
def deployment(tmp_path_factory):
    return school(
        tmp_path_factory.mktemp("page"), UNSURE.replace("[population]", 'title = "<b>Tiny</b>"\n[population]', 1)
    )


@pytest.fixture(scope="module")
def found(deployment):
    return sensitivity(deployment, **QUICK)


@pytest.fixture(scope="module")
def html(found, deployment):
    return render_sensitivity(found, deployment, command="misread sensitivity tiny.toml")


@pytest.fixture(scope="module")
def page(html):
    return read(html)


def test_the_answer_is_the_headline(page, found):
    (h1,) = page.all("h1")
    assert h1.text == str(headline(found))
    assert input_words(found.influences[0].input) in h1.text


def test_each_chart_says_what_it_shows(page, found):
    alone, together = page.all(role="img")
    for i in found.influences:
        if i.swing.width(found.value) > 1e-9:
            assert input_words(i.input) in alone.attributes["aria-label"]
        if i.index is not None:
            assert input_words(i.input) in together.attributes["aria-label"]
    assumed = [input_words(i.input) for i in found.influences if i.input.assumption and i.index is not None]
    assert assumed
    assert all(f"{words}, an assumption: " in together.attributes["aria-label"] for words in assumed)
    assert " negligible inputs, together: " in together.attributes["aria-label"]


def test_every_input_has_a_row_with_its_source(page, found):
    (table,) = page.all("table")
    rows = table.all("tr")[1:]
    assert len(rows) == len(found.influences)
    for i, row in zip(found.influences, rows, strict=True):
        assert i.input.name in row.text.replace("\u200b", "")
        if i.input.assumption:
            assert any(s.text == "assumption" for s in row.all("strong"))
    assert page.all(id="evidence-B01")


def test_it_is_self_contained_and_names_cannot_break_out(html, page):
    assert not page.all("script")
    assert "<b>Tiny" not in html
    assert "Tiny" in page.text


def test_the_same_input_gives_the_same_text(html, found, deployment):
    assert render_sensitivity(found, deployment, command="misread sensitivity tiny.toml") == html


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("pupil", "mean_minutes", "bored"), "how long “bored” lasts"),
        (("display", "default", "bored", "sad"), "how often “bored” shows as “sad”"),
        (("display", "flat", "bored", "sad"), "how often “bored” shows as “sad” (display “flat”)"),
        (("camera", "observe_every_seconds"), "how often faces are looked at"),
        (("population", "groups", "few", "share"), "how many children are in the group “few”"),
        (("file", "keep_days"), "file.keep_days"),
    ],
)
def test_inputs_in_words(path, words):
    assert input_words(Input(".".join(path), Range(path, 1, 0, 2, "x"), (0,), "")) == words


def with_first(found, **what):
    first, *rest = found.influences
    return replace(found, influences=(replace(first, input=replace(first.input, **what)), *rest))


def test_an_assumption_is_called_one_and_a_row_is_not(found):
    number = Range(("pupil", "mean_minutes", "bored"), 7, 3, 14, "x")
    said = str(headline(with_first(found, what=number, source="assumption")))
    assert said.endswith("is how long “bored” lasts, which nobody has measured: an assumption.")
    assert str(headline(with_first(found, what=number, source="B10"))).endswith("lasts.")
    row = str(headline(with_first(found, what=Row("kind", "sad"), source="M14; assumption")))
    assert row.endswith("(profile “kind”), known from few faces only.")


def test_how_many_are_assumptions(found):
    own = [i for i in found.influences if i.index is not None]
    count = sum(i.input.assumption for i in own)
    assert len(own) > 1
    assert assumed(found).startswith(f"Of {len(own)} inputs that matter, {count or 'none'} ")
    one = replace(found, influences=tuple(i for i in found.influences if i is own[0] or i.negligible))
    assert assumed(one).startswith("One input matters")


def test_a_budget_that_ended_is_said_to(found):
    short = replace(found, indices=replace(found.indices, settled=False), budget=1234)
    assert "The budget of 1,234 evaluations ended" in sureness(short)
    assert "±" in sureness(short)
    assert sureness(found).startswith("All 95 % intervals of the indices are narrower than ± 0.3")
    small = sum(i.negligible for i in found.influences)
    assert others(found).startswith(f"{small} inputs that the screening found negligible")


def test_a_finding_that_nothing_moves(deployment):
    still = sensitivity(deployment, finding="labels_archived", **QUICK)
    # 2 years of 2 days of 2 lessons with 3 looks.
    assert str(headline(still)) == "Nothing that is left open changes labels_archived."
    assert lede(still) == ("At every point of what is left open it is 24.",)
    page = read(render_sensitivity(still, deployment, command="x"))
    assert not page.all(role="img")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
def test_in_a_browser(browser, html, tmp_path, width):
    from axe_playwright_python.sync_playwright import Axe

    file = tmp_path / "page.html"
    file.write_text(html, encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    try:
        page.goto(file.as_uri())
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        assert [v["id"] for v in Axe().run(page).response["violations"]] == []
        boxes = page.evaluate(
            """() => [...document.querySelectorAll('svg.chart')].filter(s => getComputedStyle(s).display !== 'none')
            .map(s => [s, ...s.querySelectorAll('text')].map(e => e.getBoundingClientRect()).map(r => [r.left, r.right]))"""
        )
        assert len(boxes) == 2
        for (left, right), *texts in boxes:
            assert min(start for start, _ in texts) >= left - 1
            assert max(end for _, end in texts) <= right + 1
    finally:
        page.close()
