"""Explore: its numbers are the engine's, its questions are checked, and it answers with and without script."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from misread.deployment import load, load_text, shipped_text
from misread.errors import MisreadError
from misread.report.page import story
from misread.report.words import headlines
from misread.report.words.lookup import Figures
from misread.study.exact.run import FEWEST, measured
from misread.web.pages.explore import beside, numbers, view
from misread.web.pages.explore.asked import read
from misread.web.render import rendered
from misread.web.server.app import PAGES

from .conftest import violations

MOVED = {"every": "600", "years": "3", "flag": "2 of last 3", "pupils": "1000"}
SETTINGS = (
    "camera.observe_every_seconds=600",
    "population.school_years=3",
    "population.schools=1",
    "population.pupils_per_school=1000",
    'rules."negative affect".flag="2 of last 3"',
)
RULE = "negative affect"


@pytest.fixture(scope="module")
def full() -> Figures:
    """All findings of the moved deployment, by the way of `misread run`."""
    return Figures(measured(load("as-described", settings=SETTINGS), draws=0).findings)


def test_the_numbers_are_those_of_a_run(full):
    found = numbers.figures(read(MOVED).deployment, read(MOVED).rule)
    assert {f.id for f in found.rows} == set(numbers.ALL)
    for f in found.rows:
        theirs = full.find(f.id, f.rule, f.group, **({"reader": f.reader} if f.reader else {}))
        assert theirs is not None, f
        assert theirs.value == (None if f.value is None else pytest.approx(f.value, rel=1e-12)), f


def test_without_the_perfect_reader_the_others_numbers_stay():
    here = read(MOVED)
    both, alone = (numbers.figures(here.deployment, here.rule, perfect=perfect).rows for perfect in (True, False))
    assert {f.reader for f in both} == {None, "perfect"}
    prevalence = [f for f in both if f.id in ("claimed_share", "lesson_prevalence")]
    assert alone == tuple(f for f in both if f.reader is None or f in prevalence)


def test_the_interval_is_that_of_a_run_with_as_many_draws():
    asked = read(
        {"deployment": "one-classroom", "set": 'file.marks.resistant.off = true\nrules."not attentive".off = true'}
    )
    found = numbers.drawn_figures(asked.deployment, asked.rule).find("flag_ppv", RULE)
    theirs = measured(asked.deployment, draws=FEWEST).findings.one("flag_ppv", rule=RULE)
    assert found.low < found.value < found.high
    assert (found.value, found.low, found.high) == pytest.approx((theirs.value, theirs.low, theirs.high))


def test_the_headline_and_the_fact_box_say_what_the_engine_says(full):
    told = view(MOVED)
    wrong = 1 - full.value("flag_ppv", RULE)
    assert str(told["story"].headline) == str(headlines.headline(1 - wrong, ("teacher", "parent")))
    own, perfect, *_ = told["box"]
    assert [f.number for f in own.facts] == [
        str(story.words.half_up(100 * x))
        for x in (1 - full.value("spells_missed", RULE), full.value("p_false_flag_by_week_1", RULE), wrong)
    ]
    assert perfect.facts[0].number == str(
        story.words.half_up(100 * (1 - full.value("spells_missed", RULE, reader="perfect")))
    )
    pupils, alerts, wrong_ones = (float(n.replace(",", "")) for n in re.findall(r"[\d,.]*\d", told["scale"]))
    assert pupils == 1000
    assert alerts == pytest.approx(1000 * full.value("flags_per_pupil_year", RULE), rel=0.05)
    assert wrong_ones == pytest.approx(1000 * full.value("false_flags_per_pupil_year", RULE), rel=0.05)


@pytest.mark.parametrize("other", [numbers.TEACHER, numbers.KINDEST])
def test_whoever_reads_instead_reads_as_in_the_shipped_deployment(other):
    found = numbers.read_as_in(read(MOVED).deployment, other, read(MOVED).rule)
    theirs = Figures(measured(load(other, settings=SETTINGS), draws=0).findings)
    for id in numbers.BESIDE:
        assert found.value(id, RULE) == pytest.approx(theirs.value(id, RULE), rel=1e-12)


def test_pointing_blindly_is_the_engine_with_faces_that_say_nothing():
    asked = read({})
    found = numbers.figures(asked.deployment, asked.rule)
    lot = numbers.blind(asked.deployment, asked.rule, found)
    assert lot.right == pytest.approx(found.value("flag_ppv", RULE) / found.value("flag_lift", RULE))
    # The second way: a file in which every face is read alike, and one such look is an alert.
    looks = 180 * 6 * 8
    chance = found.value("flags_per_pupil_year", RULE) / looks
    row = f"{{ sad = {chance!r}, neutral = {1 - chance!r} }}"
    rows = ", ".join(f"{x} = {row}" for x in ("neutral", "happy", "sad", "frown", "fear", "away"))
    groups = ("most pupils", "rests with a frown", "rarely shows feeling")
    blind = load(
        "as-described",
        settings=[
            f"classifier.confusion.lot={{ {rows} }}",
            *(f'population.groups."{g}".profile="lot"' for g in groups),
            'rules."negative affect".flag="1 of last 1"',
        ],
    )
    theirs = measured(blind, draws=0).findings
    assert lot.caught == pytest.approx(1 - theirs.one("spells_missed", rule=RULE).value, rel=1e-9)
    assert theirs.one("flags_per_pupil_year", rule=RULE).value == pytest.approx(
        found.value("flags_per_pupil_year", RULE), rel=1e-9
    )
    # Alerts of a week fall on their own; the engine, whose states last, comes to nearly the same.
    week = numbers.blind(asked.deployment, asked.rule, Figures(theirs)).wronged
    assert week == pytest.approx(theirs.one("p_false_flag_by_week_1", rule=RULE).value, abs=0.02)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"deployment": "/etc/passwd"}, "No deployment of the name"),
        ({"every": "7"}, "is no answer to"),
        ({"claims": "9"}, "is no answer to"),
        ({"pupils": "-1"}, "is no answer to"),
        ({"left": "../../etc/passwd"}, "No policy of this name"),
        ({"set": "camera.observe_every_seconds = 1200"}, "can never fire"),
        ({"set": "\n".join(["a = 1"] * 41)}, "too many for a link"),
    ],
)
def test_what_cannot_be_is_refused(asked, said):
    with pytest.raises(MisreadError, match=said):
        view(asked)


def test_the_full_deployment_moves_on_its_nearest_and_says_so():
    told = view({"deployment": "as-described-full", "years": "3", "set": "pupil.mean_minutes.bored = 12"})
    assert (told["asked"].name, told["asked"].instead_of) == ("as-described", "as-described-full")
    shown = page(told)
    assert "misread run as-described-full --set" in shown
    form = re.search('(?s)<form method="post" action="/runs".*?</form>', shown)[0]
    assert 'name="deployment" value="as-described-full"' in form
    assert 'name="set" value="pupil.mean_minutes.bored=12\npopulation.school_years=3"' in form


def test_the_full_deployment_is_told_of_beside_the_answer():
    answer = page(view({"deployment": "as-described-full"})).partition('id="ask"')[0]
    assert "All numbers here are those of “as-described”." in answer
    assert "All numbers here" not in page(view({"deployment": "one-classroom"}))


@pytest.mark.parametrize(("more", "draws"), [({}, 0), ({"interval": "1"}, FEWEST)])
def test_the_command_repeats_what_is_shown(more, draws):
    shown = page(view({"deployment": "one-classroom", **more}))
    assert f"<code>misread run one-classroom --draws {draws}</code>" in shown
    assert '<code id="keep-command">misread run one-classroom</code>' in shown


def test_numbers_of_a_changed_deployment_are_not_checked_by_those_of_another():
    plain, moved = page(view({"left": "keep-30-days"})), page(view(MOVED))
    assert "/numbers?" in plain.partition('id="sides"')[0]
    assert "/numbers?" not in plain.partition('id="sides"')[2].partition('id="everything"')[0]
    assert "/numbers?" not in moved


def test_a_picture_that_is_taken_away_names_its_system_and_its_rule():
    for asked, said in (({}, "(as-described), by"), (MOVED, "(as-described) with changes, by")):
        taken = view({**asked, "take": "file-picture"})["taken"]
        assert said in taken
        assert "“negative affect”" in taken


def test_what_takes_longer_follows():
    first, second = (view({"every": "60", **more}) for more in ({}, {"interval": "1"}))
    assert all(row.waits and not row.facts for row in first["box"])
    assert [row.name for row in first["box"]] == [row.name for row in second["box"]]
    assert all(row.facts and not row.waits for row in second["box"])
    assert str(first["story"].headline) == str(second["story"].headline)
    assert [p.number for p in first["panels"]] == [p.number for p in second["panels"]]
    assert (first["kindest"], first["toml"]) == (None, "")
    assert second["kindest"].sentence.endswith("would be wrong.")
    assert "observe_every_seconds = 60" in second["toml"]


def test_the_link_and_the_command_lead_back():
    asked = read({**MOVED, "claims": "0.2", "set": "pupil.mean_minutes.bored = 12", "right": "keep-30-days"})
    again = read(dict(parse_qsl(urlsplit(asked.link).query)))
    assert (again.deployment, again.link, again.command) == (asked.deployment, asked.link, asked.command)
    assert asked.rule.claims == ("anxious",)
    assert asked.deployment == load("as-described", settings=asked.settings)
    # What is as stated needs no words.
    assert read({"every": "300", "deployment": "as-described"}).link == "/explore"


def test_what_is_changed_itself_takes_no_answer():
    asked = read({"every": "300", "set": "camera.observe_every_seconds = 45"})
    looks = next(q for q in asked.questions if q.name == "every")
    assert (looks.fixed, looks.answer, asked.deployment.camera.observe_every_seconds) == (True, "45", 45)
    assert asked.link == "/explore?set=camera.observe_every_seconds%3D45"


def test_two_policies_stand_side_by_side():
    asked = read({})
    sides = beside.side_by_side(asked, "camera-in-the-corner", "switched-off")
    left, right = sides.columns
    theirs = measured(load("as-described", policies=["camera-in-the-corner"]), draws=0).findings
    own = {id: theirs.one(id, rule=RULE).value for _, _, id in left.facts}
    assert {id: much for _, much, id in left.facts} == {
        id: story.words.amount(x) if id.endswith("pupil_year") else story.tally_100(x) for id, x in own.items()
    }
    assert len(own) == 4
    assert left.about == "The same camera in the corner beside the board, from which every face is turned away."
    assert "no alert is sent" in right.sentence
    assert sides.command == "misread compare as-described camera-in-the-corner switched-off"


def test_a_pasted_deployment_is_shown_with_its_mistakes_beside_its_lines():
    text = shipped_text("one-classroom").replace("class_size = 30", "class_size = -30")
    told = view({"toml": text})
    bad = [line for stretch in told["wrong"].shown for line in stretch if line.problems]
    assert [line.text.split("#")[0].strip() for line in bad] == ["class_size = -30"]
    assert text.split("\n")[bad[0].number - 1] == bad[0].text
    assert "It is -30." in page(told)
    assert view({"toml": text.replace("-30", "30")})["asked"].name == "pasted.toml"


def test_a_text_is_read_as_the_file_that_holds_it():
    for settings in ((), ("population.school_years=3",)):
        theirs = load("one-classroom", settings=settings)
        ours = load_text(shipped_text("one-classroom"), "one-classroom", settings=settings)
        assert (ours, ours.origin) == (theirs, theirs.origin)
    with pytest.raises(MisreadError) as refused:
        load_text("title = 3", "its name")
    assert {p.file for p in refused.value.problems} == {"its name"}


def test_mistakes_in_what_was_pasted_are_no_success():
    assert view({"toml": "title = 3"})["http"] == 422
    right = view({"toml": shipped_text("one-classroom")})
    assert "http" not in right
    # Nothing of what was pasted is written to disk: it is not run from here.
    assert 'action="/runs"' not in page(right, query=None)


def page(told, query="") -> str:
    """The page as it is sent."""
    here = next(p for p in PAGES if p.module == "explore")
    return rendered(here.template, {**told, "pages": PAGES, "here": here, "query": query})


def test_it_moves_as_it_is_asked(opened):
    shown, heard = opened("/explore", 320, "dark")
    shown.wait_for_selector("#keep-toml", state="attached")
    shown.locator("label.choice", has_text="10 minutes").click()
    shown.wait_for_url("**/explore?every=600")
    found = measured(load("as-described", settings=["camera.observe_every_seconds=600"]), draws=0).findings
    said = headlines.headline(found.one("flag_ppv", rule=RULE).value, ("teacher", "parent"))
    assert shown.inner_text("h1") == str(said)
    shown.wait_for_selector("#keep-toml", state="attached")
    assert re.search("between|more|most|throughout|anything", shown.inner_text(".sure"), re.IGNORECASE)
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(shown) == []
    assert heard == []


def test_it_answers_without_script(opened):
    shown, heard = opened("/explore", 1280, "light", java_script_enabled=False)
    shown.locator("label.choice", has_text="a single look").click()
    shown.get_by_role("button", name="Answer", exact=True).click()
    shown.locator("#keep-command", has_text="1 of last 1").wait_for(state="attached", timeout=60_000)
    said = view({"flag": "1 of last 1"})["story"].headline
    assert shown.inner_text("h1") == str(said)
    shown.fill("#toml", shipped_text("one-classroom").replace("class_size = 30", "class_size = -30"))
    shown.get_by_role("button", name="Open it", exact=True).click()
    assert "It is -30." in shown.inner_text(".bad")
    assert [line for line in heard if "422" not in line] == []


def test_what_was_pasted_moves_too(opened):
    shown, heard = opened("/explore")
    shown.fill("#toml", shipped_text("one-classroom"))
    shown.get_by_role("button", name="Open it", exact=True).click()
    shown.locator("label.choice", has_text="2 of the last 3").click()
    shown.locator("#keep-command", has_text="2 of last 3").wait_for()
    assert shown.inner_text("h1") == str(view({"deployment": "one-classroom", "flag": "2 of last 3"})["story"].headline)
    assert heard == []


@pytest.mark.browser
def test_a_kept_view_has_it_all_and_complains_of_nothing(opened, tmp_path):
    shown, _ = opened("/explore?years=3")
    shown.locator("label.choice", has_text="10 minutes").click()
    shown.wait_for_url("**/explore?every=600&years=3")
    with shown.expect_download() as download:
        shown.locator("a[data-keep]").click()
    download.value.save_as(tmp_path / "kept.html")
    alone, complaints = shown.context.new_page(), []
    alone.on("console", lambda message: complaints.append(message.text))
    alone.on("pageerror", lambda error: complaints.append(str(error)))
    alone.goto((tmp_path / "kept.html").as_uri())
    assert alone.inner_text("h1") == str(view({"every": "600", "years": "3"})["story"].headline)
    assert re.search("between|more|most|throughout|anything|given", alone.inner_text(".sure"), re.IGNORECASE)
    assert "observe_every_seconds = 600" in alone.text_content("#keep-toml")
    alone.locator("summary", has_text="What children go through").click()
    assert alone.locator(".part[open] .key").first.is_visible()
    assert complaints == []


@pytest.mark.browser
def test_each_number_and_source_leads_to_its_page(opened):
    shown, _ = opened("/explore", java_script_enabled=False)
    shown.wait_for_selector("#keep-command", state="attached", timeout=60_000)
    ways = set(shown.eval_on_selector_all("main .origin a, main .source a, .why a", "all => all.map(a => a.href)"))
    assert {"numbers", "evidence"} <= {urlsplit(way).path.strip("/") for way in ways}
    for way in sorted(ways)[::7]:
        assert shown.request.get(way).status == 200, way
    assert shown.locator("form.full input[name=set]").input_value() == ""
    drawn = shown.eval_on_selector_all(".take a", "all => all.map(a => a.href)")
    assert {way.partition("?")[0].rpartition(".")[2] for way in drawn} == {"svg", "png", "csv"}
    assert len({way.rpartition(".")[0] for way in drawn}) == 6
    for way in drawn:
        if ".svg" in way or ".csv" in way:
            assert shown.request.get(way).status == 200, way
