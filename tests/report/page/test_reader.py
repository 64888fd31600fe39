"""Who reads the faces: the report of a person says nothing of cameras, and no number depends on the word."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from misread.cli.support.summary import sentences
from misread.deployment import digest, load
from misread.findings.definitions import DEFINITIONS
from misread.report import words
from misread.report.page import html as report_page
from misread.report.page import story
from misread.report.words import headlines
from misread.report.words.lookup import Figures
from misread.study.exact.run import measured
from tests.report import made_up
from tests.report.pages import read

SOME = ["population.school_years=1"]


@pytest.fixture(scope="module")
def told():
    """The report of the shipped deployment with a teacher, and what a terminal says."""
    run = measured(load("a-teacher-instead", settings=SOME), draws=0, seed=1)
    html = report_page.render(
        run.findings, run.deployment, run.profiles, command="misread run a-teacher-instead", definitions=DEFINITIONS
    )
    return read(html), " ".join(sentences(run.findings, run.deployment))


def test_nothing_is_said_of_cameras(told):
    page, terminal = told
    assert "camera" not in terminal.lower()
    sections = [s for s in page.all("section") if s.attributes.get("class") not in {"rests", "engineer"}]
    assert len(sections) >= 5
    # The title is the author's, above the headline and in the table of runs.
    above = [*page.all("h1"), *page.all("p", class_="lede"), *page.all("header")[0].all("p", class_="note")]
    for element in (*sections, *above):
        assert "camera" not in element.text.lower(), element.text[:200]


def test_the_person_is_named_where_the_cameras_were(told):
    page, _ = told
    text = page.all("main")[0].text
    assert "A teacher would be right 1.2 times as often as a finger pointed blindly" in text
    assert "Ten alerts from a teacher" in text
    assert "a teacher would catch" in text
    assert re.search("a teacher would rightly flag", text)


def test_nobody_films_where_a_person_looks(told):
    page, _ = told
    assert not page.all("h2", id="micro")
    assert read(made_up.report()).all("h2", id="micro")
    filmed = load("a-teacher-instead", settings=["camera.frames_per_second=25"])
    assert report_page._filmed(filmed)


def test_the_word_changes_no_number(tmp_path):
    plain, named = (load("one-classroom", settings=s) for s in ([], ["classifier.reader=an inspector"]))
    assert named.classifier.reader == "an inspector"
    assert digest(plain) == digest(named)
    assert plain.classifier.reader == words.CAMERAS


@pytest.mark.parametrize("reader", ["a teacher", "the inspectors", "two aides"])
def test_sentences_fit_one_reader_and_several(reader):
    """“Would” goes with both, so that no verb has to agree."""
    said = story.tell(made_up.deployment().rules[0], Figures(made_up.findings()), 12, reader)
    assert said.precision is not None
    every = " ".join([said.precision.lift, *(q.sentence for q in said.questions), str(said.headline)])
    start = reader[0].upper() + reader[1:]
    assert f"{start} would be right" in every
    assert f"{reader} would catch" in every
    assert not re.search(f"(?i){re.escape(reader)} (?!would)", every)


@pytest.mark.parametrize(
    ("first", "last", "then"),
    [
        (0.93, 0.998, "; by the end of school, nearly every child."),
        (0.9996, 1.0, "; by the end of school, every child."),
    ],
)
def test_the_end_of_school_is_told_after_the_first_year(first, last, then):
    assert any(sentence.endswith(then) for sentence in _of_chances(first, last))


def test_every_child_is_said_once():
    (said,) = [sentence for sentence in _of_chances(1.0, 1.0) if "first year" in sentence]
    assert said.startswith("Every child would be flagged wrongly at least once in the first year")
    assert "end of school" not in said


def _of_chances(first, last):
    known = {"p_false_flag_by_year_1": first, "p_false_flag_by_end": last}
    run = made_up.findings()
    rows = tuple(replace(f, value=known[f.id]) if f.id in known and f.group == "all" else f for f in run.rows)
    return sentences(replace(run, rows=rows), made_up.deployment())


@pytest.mark.parametrize(
    ("notify", "said"),
    [
        (("teacher",), "Of ten alerts that a teacher would send to teachers, seven would be wrong."),
        ((), "Of ten flags that a teacher would put on file, seven would be wrong."),
        (("parent",), "Of ten alerts that this school would send home, seven would be wrong."),
    ],
)
def test_the_headline(notify, said):
    assert str(headlines.headline(0.31, notify, "a teacher")) == said


def test_a_reader_is_text():
    """Markup and turned writing in the word stay text."""
    named = made_up.deployment()
    named = named.model_copy(
        update={"rules": (), "classifier": named.classifier.model_copy(update={"reader": "<b>x</b>"})}
    )
    page = report_page.told(made_up.findings(), named, {}, command="x", definitions=DEFINITIONS)
    html = report_page.page("report.html.j2", page)
    assert "<b>x</b>" not in html
    assert "&lt;b&gt;x&lt;/b&gt; would write down" in html
