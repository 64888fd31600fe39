"""The long map: the same flags as the child's file and the school's counts have, in pictures and without script."""

from __future__ import annotations

import pickle
import re
from collections import Counter

import numpy as np
import pytest

from misread.deployment import load, resolve_profiles
from misread.engine.chain import compile_chain
from misread.engine.sampled.replay import Replay
from misread.engine.sampled.simulate import simulate
from misread.engine.sampled.tables import tables_of
from misread.errors import MisreadError
from misread.report.file import Kind, child_file
from misread.study.exact.run import measured
from misread.web.pages.map import view
from misread.web.pages.map.drawing import BAND, HEIGHT, strokes_down, strokes_up
from misread.web.pages.map.taken import decision, lessons

from .conftest import violations

SMALL = "one-classroom"


def of(name, seed=1):
    deployment = load(name)
    profiles = resolve_profiles(deployment)
    chain = compile_chain(deployment, profiles)
    return deployment, chain, Replay(deployment, chain, profiles, seed)


@pytest.mark.parametrize("rule", ["negative affect", "not attentive"])
def test_days_are_those_of_the_childs_file(rule):
    deployment, _, replay = of(SMALL, seed=5)
    child = view({"deployment": SMALL, "rule": rule, "seed": "5", "pupil": "7"})["child"]
    file = child_file(deployment, replay, 1, 7, 5)
    pairs = [(e, t) for e, t in zip(file.entries, file.truth, strict=True) if (e.kind, e.word) == (Kind.FLAG, rule)]
    assert pairs
    for flags, right in ((child.right, True), (child.wrong, False)):
        days = Counter((e.year - 1, e.day - 1) for e, t in pairs if t.right is right)
        assert {(int(y), int(d)): int(flags[y, d]) for y, d in zip(*flags.nonzero(), strict=True)} == days
    assert child.flags == len(pairs)
    marks = [(e.word, e.year - 1, e.day - 1, not t.right) for e, t in zip(file.entries, file.truth, strict=True)
             if e.kind is Kind.MARK]  # fmt: skip
    assert [(m.name, m.year, m.day, m.unearned) for m in child.marks] == (marks if rule == "negative affect" else [])


def test_what_is_held_in_the_end_is_what_the_file_holds():
    deployment, _, replay = of("best-case")
    file = child_file(deployment, replay, 1, 1, 1)
    held = [view({"deployment": "best-case", "rule": rule.name})["child"].held for rule in deployment.rules]
    assert sum(held) == file.on_file[-1] == sum(e.kind is Kind.FLAG for e in file.held())


def test_the_unluckiest_and_the_luckiest_are_found_one_by_one():
    wrong = [view({"deployment": SMALL, "pupil": str(pupil)})["child"].wrong_flags for pupil in range(1, 31)]
    for who, most in (("unluckiest", max(wrong)), ("luckiest", min(wrong))):
        told = view({"deployment": SMALL, "who": who})
        assert told["child"].wrong_flags == most
        assert told["asked"].pupil == wrong.index(most) + 1


def test_the_school_is_the_one_that_the_engine_simulates():
    deployment, chain, _ = of(SMALL)
    school = simulate(tables_of(chain, deployment), 1, 0)
    whole = view({"deployment": SMALL, "count": "school"})["whole"]
    flags, false = school.flags[0, 0].sum(axis=0), school.false[0, 0].sum(axis=0)
    assert whole.middle == int(np.median(flags))
    assert whole.wrong == int(100 * false.sum() / flags.sum() + 0.5)
    assert sum(g.pupils for g in whole.groups) == whole.watched == 30
    wide, narrow = whole.drawn
    assert (wide.every, narrow.every) == (1, 2)
    assert wide.right.count("M") == (flags - false > 0).sum()


def test_shares_are_those_of_the_exact_engine():
    told = view({})["shares"]
    exact = measured(load("as-described"), draws=0).findings
    for finding in told.rows:
        assert finding.value == exact.one("file_variance_share", rule="negative affect", source=finding.source).value
    bar = told.measures.bars[0]
    assert sum(s.width for s in bar.segments) == pytest.approx(100, abs=1)


def test_a_stroke_for_each_day_with_a_flag():
    told = view({"deployment": SMALL})
    child = told["child"]
    for drawing in told["ages"]:
        assert sum(row.wrong.count("M") for row in drawing.rows) == (child.wrong > 0).sum()
        assert sum(row.right.count("M") for row in drawing.rows) == (child.right > 0).sum()
        assert len(drawing.rows) == drawing.lines
        assert sum(len(row.labels) for row in drawing.rows) == len(child.marks)
    # Longer where there were several, up to a point.
    up = [float(n) for n in re.findall(r"v-(\d+)", strokes_up([0, 1, 2, 4, 9]))]
    down = [float(n) for n in re.findall(r"v(\d+)", strokes_down([0, 1, 2, 4, 9]))]
    for lengths in (up, down):
        assert lengths == sorted(lengths)
        assert lengths[0] < lengths[1] < lengths[2] == lengths[3]


def test_the_same_child_under_other_cameras_and_one_who_is_not_there():
    assert view({"deployment": SMALL, "was": "as-described", "pupil": "400", "school": "3"})["asked"].pupil == 1
    kept = view({"deployment": "vendor-claim", "was": "as-described", "pupil": "400", "rule": "no such"})["asked"]
    assert (kept.pupil, kept.rule) == (400, "negative affect")


def test_what_the_whole_file_holds_is_said_beside_the_flags_of_one_rule():
    deployment, _, replay = of("best-case")
    on_file = child_file(deployment, replay, 1, 1, 1).on_file[-1]
    for rule in deployment.rules:
        child = view({"deployment": "best-case", "rule": rule.name})["child"]
        assert child.held < child.held_all == on_file


def test_seats_tell_why_a_year_differs():
    child = view({"deployment": "as-described-full"})["child"]
    replay = of("as-described-full")[2]
    assert tuple(year.seat for year in child.years) == replay.facts(1, 1).views
    lost = {v.name: v.lost for v in load("as-described-full").camera.views}
    assert [(s.name, s.lost) for s in child.seats] == [(s.name, int(100 * lost[s.name] + 0.5)) for s in child.seats]
    usual, hidden = child.seats
    ages = [year.age for year in child.years if year.seat == hidden.name]
    assert (usual.ages, hidden.ages) == ("", ", ".join(ages))
    assert view({"deployment": SMALL})["child"].seats == ()


def test_a_word_of_the_file_lies_on_no_stroke():
    for drawing in view({"deployment": SMALL})["ages"]:
        at = [row.y for row in drawing.rows]
        marked = [i for i, row in enumerate(drawing.rows) if row.labels]
        assert marked
        for i in marked:
            assert at[i] - (at[i - 1] + HEIGHT if i else 0) >= BAND


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("rule", "no such"), ("pupil", "31"), ("pupil", "0"), ("pupil", "1e3"), ("school", "2"), ("seed", "-1"), ("seed", "9" * 30),
        ("who", "me"), ("count", "all of it"), ("deployment", "../../etc/passwd"), ("deployment", "pyproject.toml"),
    ],
)  # fmt: skip
def test_what_is_out_of_range_is_refused(key, text):
    with pytest.raises(MisreadError) as refused:
        view({"deployment": SMALL, key: text})
    (problem,) = refused.value.problems
    assert problem.key == key
    assert problem.expected


def test_what_samples_tell_can_be_handed_on():
    told = view({"deployment": SMALL, "count": "all"})
    assert told["more"].decisions is None
    assert told["more"].shares.measures is not None
    assert pickle.loads(pickle.dumps(told))["child"].flags == told["child"].flags


def test_what_the_page_lays_out_itself_is_one_drawing_to_be_taken_away():
    told = view({"take": "shares"})
    bar = told["shares"].measures.bars[0]
    assert told["taken"].count('class="part') == 2 * len(bar.segments)
    assert all(s.source.long.split(":")[0] in told["taken"] for s in bar.segments)
    assert "(as-described)" in told["taken"]
    assert "negative affect" in told["taken"]
    more = view({"deployment": SMALL, "count": "all", "take": "shares-sampled"})
    assert more["taken"].startswith("<svg")
    assert "viewBox" in more["taken"]
    for id in ("decision-1", "lessons-1", "decision-x", "strokes", "../x"):
        assert "taken" not in view({"deployment": SMALL, "take": id})


@pytest.mark.long
def test_the_childs_map_counts_its_lessons_and_flags():
    told = view({"deployment": "as-described-full", "count": "school", "pupil": "3"})
    lived, (_, _, replay) = told["lived"], of("as-described-full")
    lessons: Counter[str] = Counter()
    flags: Counter[tuple[str, bool]] = Counter()
    for look in replay.years(1, 3, 4, 4):
        lessons[look.situation] += look.look == 1
        for flag in look.flags:
            if flag.rule == "negative affect":
                flags[look.situation, flag.true] += 1
    for kind in lived.kinds:
        cell = kind.cells[3]
        for said, right in ((cell.wrong, False), (cell.right, True)):
            assert said == int(100 * flags[kind.name, right] / lessons[kind.name] + 0.5)
        assert kind.wrong[0].count("M") >= sum(1 for c in kind.cells if c.wrong)


@pytest.mark.long
def test_decisions_and_the_map_are_those_of_a_run():
    from misread.study.engines.both import Way, run

    more = view({"deployment": "as-described-full", "count": "all"})["more"]
    way = Way(engine="sampled", step="tick", draws=0, schools=more.schools)
    findings = run(load("as-described-full"), way).findings
    assert lessons(more.lessons.maps[0]).count('class="wrong"') == len(more.lessons.maps[0].kinds)
    for decided in more.decisions.decided:
        assert decision(decided).count("<rect") == 200
        wrong = next(f for f in findings if (f.id, f.decision, f.group) == ("decision_wrong", decided.name, "all"))
        assert dict(decided.table)["treated differently, on the file"].value == wrong.value
    assert more.lessons.maps[0].agreement.figure.startswith("0.")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "scheme", "all"),
    [
        (320, "dark", False),
        (1280, "light", False),
        pytest.param(320, "light", True, marks=pytest.mark.long),
        pytest.param(1280, "dark", True, marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing_and_nothing_is_asked_of_others(opened, width, scheme, all):
    page, heard = opened(f"/map?deployment={'as-described-full' if all else SMALL}", width, scheme)
    page.wait_for_selector("[data-count=school] svg", state="attached")
    if all:
        page.click("[data-count=all] a")
        page.wait_for_selector("[data-count=all] .bar-of-100")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert violations(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert page.locator("svg.strokes:visible").count() == 1
    assert heard == []


@pytest.mark.browser
def test_another_child_comes_without_leaving_the_page(opened):
    page, _ = opened(f"/map?deployment={SMALL}")
    before = page.inner_text("h1")
    page.click("text=the unluckiest of 30")
    page.wait_for_url(re.compile("who=unluckiest"))
    most = view({"deployment": SMALL, "who": "unluckiest"})["child"]
    assert f"{most.wrong_flags:,} of them wrong" in page.inner_text("h1")
    assert page.inner_text("h1") != before
    page.select_option("#rule", "not attentive")
    page.wait_for_url(re.compile(r"not\+attentive"))
    other = view(
        {
            "deployment": SMALL,
            "rule": "not attentive",
            "pupil": str(view({"deployment": SMALL, "who": "unluckiest"})["asked"].pupil),
        }
    )
    assert f"{other['child'].flags:,} flags" in page.inner_text("h1")
    # What is kept has been counted meanwhile.
    page.wait_for_selector("[data-count=school] svg", state="attached")
    assert "count=school" in page.get_attribute("a[data-keep]", "href")


@pytest.mark.browser
def test_it_is_asked_and_answered_without_script(opened):
    page, _ = opened(f"/map?deployment={SMALL}", java_script_enabled=False)
    page.select_option("#rule", "not attentive")
    page.click("text=Show it")
    told = view({"deployment": SMALL, "rule": "not attentive"})
    assert f"{told['child'].flags:,} flags" in page.inner_text("h1")
    assert page.request.get(f"{page.url.partition('/map')[0]}/take/map/strokes.svg?deployment={SMALL}").ok
    page.click("text=Live through")
    assert "The file in the middle" in page.inner_text("main")
