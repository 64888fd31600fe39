"""Questions people ask: three sentences each, and numbers that the engines have."""

from __future__ import annotations

import math
import pickle
import re

import pytest

from misread.deployment import load
from misread.errors import MisreadError
from misread.report.words import amount, half_up, tally
from misread.study.exact.run import FEWEST, measured
from misread.web.pages.questions import view
from misread.web.pages.questions.parts import texts
from misread.web.render import rendered
from misread.web.server.app import PAGES
from misread.web.shipped import titles

from .conftest import violations


def by_id(told):
    return {answer.id: answer for answer, _ in told["answers"]}


def shown_as_page(told) -> str:
    here = next(page for page in PAGES if page.module == "questions")
    return rendered(here.template, {**told, "pages": PAGES, "here": here, "query": ""})


def test_the_numbers_are_the_engines():
    told = by_id(view({"deployment": "vendor-claim"}))
    findings = measured(load("vendor-claim"), draws=0).findings

    def one(id, **keys):
        return findings.one(id, rule="negative affect", **keys).value

    assert f"Of ten alerts, {tally(1 - one('flag_ppv'), 10)} are wrong" in told["accurate"].sentences[0]
    assert f" {half_up(100 * one('spells_missed'))} pass" in told["accurate"].sentences[1]
    assert f" {half_up(100 * one('lesson_sensitivity'))} bring a right alert" in told["why"].sentences[1]
    assert f"holds {amount(one('flags_on_file_end'))} such flags" in told["later"].sentences[0]
    kept = measured(load("vendor-claim", policies=["keep-30-days"]), draws=0).findings
    held = kept.one("flags_on_file_end", rule="negative affect").value
    assert f"would hold {amount(held)} when" in told["parents"].sentences[1]
    assert [k.count("wrong") for k in (told["accurate"].pictures[0].kinds,)] == [half_up(10 * (1 - one("flag_ppv")))]


def test_looks_and_labels_are_counted_by_hand():
    told = by_id(view({}))
    # A look at minutes 0, 5, … 35 of six lessons, on 180 days of twelve years.
    assert "48 looks on a school day and 103,680 words" in told["work"].sentences[1]
    assert 8 * 6 * 180 * 12 == 103_680


def test_what_stands_in_for_a_test_leaves_out_what_the_profile_drops():
    from misread.evidence import catalogue

    matrix = catalogue()["M14"].counts
    kept = [label for label in matrix if label != "other"]
    right = sum(matrix[x][x] for x in kept) / sum(matrix[x][y] for x in kept for y in kept)
    assert f"right in {half_up(100 * right)} of 100 frames" in by_id(view({}))["accurate"].sentences[2]


def test_intervals_come_when_they_are_asked_for():
    plain, sure = (by_id(view({"deployment": "one-classroom", "sure": s})) for s in ("", "1"))
    assert "(between" not in " ".join(texts(tuple(plain.values())))
    assert "(between" in sure["accurate"].sentences[0]
    assert all(f.low is None or f.low <= f.high for a in sure.values() for f in a.findings)


@pytest.mark.parametrize("name", [name for name in titles() if view({"deployment": name})["instead"] is None])
def test_each_answer_is_three_sentences_for_all_cameras(name):
    told = view({"deployment": name})
    assert len(told["answers"]) == 7
    for answer, assumed in told["answers"]:
        assert len(answer.sentences) == 3
        assert all(re.fullmatch(r"[A-Z].*[.!?]", s) for s in answer.sentences)
        assert answer.ways
        assert assumed or not answer.findings
    assert pickle.loads(pickle.dumps(told)) == told


def test_sentences_are_short():
    lengths = [len(sentence.split()) for sentence in texts(tuple(a for a, _ in view({})["answers"]))]
    assert max(lengths) <= 40
    assert sum(lengths) / len(lengths) < 25


def test_what_is_no_deployment_is_refused():
    with pytest.raises(MisreadError) as refused:
        view({"deployment": "README.md"})
    assert refused.value.problems[0].key == "deployment"


@pytest.mark.parametrize(
    ("name", "said"),
    [("as-described-full", "take minutes"), ("a-teacher-instead", "a teacher does")],
)
def test_what_the_questions_are_not_about_says_so_and_where_to_go_on(name, said):
    told = view({"deployment": name})
    assert told["answers"] == ()
    assert said in told["instead"].said
    shown = shown_as_page(told)
    assert f'<option value="{name}" selected>' in shown
    assert [way.href for way in told["instead"].ways if name in way.href]


def test_a_bound_is_rounded_up_and_says_how_far_it_may_be_off():
    lived = measured(load("as-described"), draws=0).findings.one(
        "file_variance_share", rule="negative affect", source="within"
    )
    plain, sure = (by_id(view({"sure": s}))["later"].sentences[2] for s in ("", "1"))
    n = math.ceil(100 * lived.value)
    assert f"at most {n} of 100 parts" in plain
    assert re.search(rf"at most {n} \(up to (\d+), uncertainty counted\) of 100 parts", sure)
    for name in ("vendor-claim", "best-case"):
        assert "fewer" not in by_id(view({"deployment": name}))["later"].sentences[2]


def test_links_and_the_command_are_of_the_cameras_that_were_asked_about():
    for sure, draws in (("", 0), ("1", FEWEST)):
        told = view({"deployment": "one-classroom", "sure": sure})
        shown = shown_as_page(told)
        assert f"misread run one-classroom --draws {draws}</code>" in shown
    ways = [way.href for answer, _ in told["answers"] for way in answer.ways]
    for path in ("/stages", "/classroom", "/map", "/explore", "/numbers"):
        assert f"{path}?deployment=one-classroom" in ways


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_finds_nothing_and_every_way_leads_somewhere(opened, served, width, scheme):
    page, heard = opened("/questions?deployment=one-classroom", width, scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert violations(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert heard == []
    if width == 1280:
        ways = set(page.eval_on_selector_all("main .origin a", "all => all.map(a => a.href)"))
        assert len(ways) > 5
        for way in sorted(ways):
            assert page.request.get(way).status == 200, way
        drawn = page.eval_on_selector_all(".ten a[href*='.svg']", "all => all.map(a => a.href)")
        assert len(set(drawn)) == page.locator("figure.ten").count() == 3
        assert all(page.request.get(way).status == 200 for way in drawn)


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_it_answers_with_and_without_script(opened, script):
    page, _ = opened("/questions", java_script_enabled=script)
    page.select_option("#deployment", "one-classroom")
    if not script:
        page.click("text=Answer for these")
    page.wait_for_selector("text=8,640 words about one child")
    page.click("text=Say how sure each number is")
    page.wait_for_selector("text=a 95 % interval")
