"""The system, stage by stage: its numbers against the command line and the engines, and what a browser makes of it."""

from __future__ import annotations

import base64
import json
import math
import pickle
import re
import struct
from itertools import groupby
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.deployment import load, resolve_profiles
from misread.deployment.seats.plan import plan_of
from misread.engine.chain import compile_chain
from misread.engine.sampled.replay import Replay
from misread.errors import MisreadError
from misread.report.file.messages import addressed
from misread.report.words import amount
from misread.study.exact.run import measured
from misread.web.draw.stages_room import WIDTH, Child, room, seat_picture
from misread.web.pages.stages import view
from misread.web.pages.stages.child import ROOM, Asked, read
from misread.web.pages.stages.pictures import example
from misread.web.pages.stages.told import CLAIMS, IDS
from tests.web.conftest import violations

SMALL = {"deployment": "one-classroom", "pupil": "7", "seed": "3"}
CHILD = Child(5, "bored", "neutral")


@pytest.fixture(scope="module")
def small():
    """A child of one classroom, whose only school year is the whole file."""
    return view({**SMALL, "years": "all"})


@pytest.fixture(scope="module")
def looks():
    """The same child, straight from a replay."""
    deployment = load("one-classroom", policies=[ROOM])
    profiles = resolve_profiles(deployment)
    replay = Replay(deployment, compile_chain(deployment, profiles), profiles, 3)
    return list(replay.years(1, 7))


def by_id(told):
    return {stage["id"]: stage for stage in told["stages"]}


def test_every_stage_says_what_the_tour_says(small):
    command = ["tour", "one-classroom", "--with", ROOM, "--pupil", "7", "--seed", "3", "--json"]
    tour = json.loads(CliRunner().invoke(cli, command).stdout)["stages"]
    assert [(s["title"], s["system"], s["truth"], list(s["points"])) for s in small["stages"]] == [
        (s["stage"], s["system"], s["truth"], s["points"]) for s in tour
    ]
    assert list(IDS) == [s["id"] for s in small["stages"]] == list(CLAIMS)


def test_the_map_counts_lessons_flagged_and_lessons_in_which_it_was_so():
    # A school year of as-described-full is 1,080 lessons of a child, of four kinds.
    told = view({"deployment": "as-described-full", "pupil": "7", "years": "all"})
    deployment = load("as-described-full")
    profiles = resolve_profiles(deployment)
    replay = Replay(deployment, compile_chain(deployment, profiles), profiles, 1)
    stage = by_id(told)["map"]
    rule = next(rule for rule in deployment.rules if rule.name == stage["picture"]["rule"])
    lessons = {s.name: [] for s in deployment.situations}
    for _, looks in groupby(replay.years(1, 7), key=lambda look: (look.year, look.day, look.lesson)):
        looks = list(looks)
        flagged = any(flag.rule == rule.name for look in looks for flag in look.flags)
        lessons[looks[0].situation].append((flagged, any(look.state in rule.claims for look in looks)))
    want = [
        (name, *(amount(100 * np.mean(each)) for each in zip(*some, strict=True))) for name, some in lessons.items()
    ]
    assert [(row["name"], row["flags"], row["so"]) for row in stage["picture"]["rows"]] == want
    assert all(f"{name} {flags}" in stage["system"] and f"{name} {so}" in stage["truth"] for name, flags, so in want)


def test_what_nobody_knows_of_pictures_is_not_said(small):
    stages = by_id(small)
    assert "every 5 minutes: " in stages["camera"]["system"]
    assert "Whether the picture is kept too, the press report does not say." in stages["label"]["system"]
    for id in ("map", "decision", "hiding"):
        assert "nothing to be wrong" not in stages[id]["truth"]


def test_flags_are_counted_as_the_replay_has_them(small, looks):
    flags = [f for look in looks for f in look.flags]
    wrong = sum(not f.true for f in flags)
    assert (small["flags"], small["wrong"]) == (len(flags), wrong)
    assert by_id(small)["file"]["figure"].number == f"{wrong:,}"
    (year,) = by_id(small)["file"]["picture"]["years"]
    assert (year["wrong"], year["right"]) == (wrong, len(flags) - wrong)
    assert year["svg"].count("stroke-wrong") == len({k.day for k in looks if any(not f.true for f in k.flags)})


def test_the_rule_fills_up_as_the_replay_has_it(small, looks):
    first = next(look for look in looks if look.flags)
    lesson = [k for k in looks if (k.day, k.lesson) == (first.day, first.lesson) and k.look <= first.look][-6:]
    rule = first.flags[0].rule
    drawn = by_id(small)["rule"]["picture"]["looks"]
    assert [(d["state"], d["word"], d["hit"]) for d in drawn] == [(k.state, k.label, rule in k.hits) for k in lesson][
        -len(drawn) :
    ]
    assert drawn[-1]["filled"] == sum(d["hit"] for d in drawn)
    flag = by_id(small)["flag"]["picture"]
    assert (flag["right"], flag["told"]) == (first.flags[0].true, addressed(first.flags[0].notify))
    assert small["flag"]["verdict"] == ("Right" if first.flags[0].true else "Wrong")


def test_who_is_told_is_said_as_one_would():
    assert addressed(("parent",)) == "the parent"
    assert addressed(("teacher", "parent", "counsellor")) == "the teacher and the parent and the counsellor"


def test_numbers_of_all_children_are_the_findings():
    told = by_id(view({"deployment": "vendor-claim", "camera": "as-written", "years": "all"}))
    findings = measured(load("vendor-claim"), draws=0).findings
    rule = told["rule"]["picture"]["rule"]
    ppv = findings.one("flag_ppv", rule=rule).value
    assert float(told["flag"]["figure"].number) == pytest.approx(100 * ppv, abs=0.5)
    assert told["label"]["figure"].number == f"{findings.one('labels_archived').value:,.0f}"
    assert told["label"]["figure"].command == "misread run vendor-claim"
    assert told["flag"]["figure"].finding == "flag_ppv"


def test_a_camera_that_was_added_is_said_and_what_it_alters_too():
    with_ours, written = view({"years": "all"}), view({"years": "all", "camera": "as-written"})
    assert "over the board" in with_ours["added"]["said"]
    assert with_ours["added"]["written"] == "/stages?camera=as-written"
    assert written["added"] is None
    plain = measured(load("as-described"), draws=0).findings
    ours = measured(load("as-described", policies=[ROOM]), draws=0).findings
    mark = {"rule": "negative affect", "mark": "resistant"}
    here, there = (100 * found.one("p_mark_unearned", **mark).value for found in (ours, plain))
    assert by_id(with_ours)["mark"]["figure"].apart == (
        f"With the camera that is added it is {here:.3g}, with the system as written {there:.3g}."
    )
    for told in (by_id(with_ours)["label"], *(by_id(written)[id] for id in ("label", "flag", "mark"))):
        assert told["figure"].check.startswith("/numbers?deployment=as-described")
        assert told["figure"].apart == ""
    # A system with seats of its own gets none of ours.
    assert view({"deployment": "as-described-full"})["added"] is None


def test_what_is_lost_and_what_is_found_make_a_hundred():
    told = by_id(view({}))["view"]
    assert float(told["figure"].number) + float(told["picture"]["found"]) == 100


def test_one_year_tells_the_early_stages_as_all_years_do():
    asked = {"deployment": "best-case", "pupil": "4"}
    quick, whole = view(asked), view({**asked, "years": "all"})
    assert (quick["whole"], whole["whole"]) == (False, True)
    assert [s["ready"] for s in quick["stages"]] == [True] * 7 + [False] * 5
    for a, b in zip(quick["stages"][:7], whole["stages"], strict=False):
        assert (a["system"], a["truth"], a["picture"]) == (b["system"], b["truth"], b["picture"])
    assert whole["flags"] > quick["flags"]
    assert pickle.loads(pickle.dumps(quick))["stages"][0] == quick["stages"][0]


def test_the_first_flag_from_a_day_on(looks):
    for day in (2, 50, 180):
        told = view({**SMALL, "day": str(day)})
        later = [k for k in looks if k.flags and k.day >= day]
        flagged = later[0] if later else [k for k in looks if k.flags][-1]
        assert (told["look"]["day"], told["late"]) == (flagged.day, not later)
    assert "day=" in told["another_day"] or "year=" in told["another_day"] or told["look"]["day"] == 180


def test_a_child_whom_nobody_sees_is_never_flagged():
    told = view({"deployment": "one-classroom", "pupil": "2", "years": "all"})
    stages = by_id(told)
    assert (told["flag"], told["flags"], told["look"]["word"]) == (None, 0, "none")
    assert stages["view"]["picture"]["address"] is None
    assert stages["view"]["picture"]["found"] == "0"
    assert [id for id, stage in stages.items() if stage["figure"] is None] == [
        "rule", "flag", "file", "map", "decision", "hiding"
    ]  # fmt: skip


def test_a_camera_that_does_not_fit_is_refused_with_the_reason():
    with pytest.raises(MisreadError) as error:
        view({"deployment": "as-described-full", "camera": "camera-in-the-corner"})
    (problem,) = error.value.problems
    assert problem.key == "camera"
    assert "The views of the seats are written" in problem.what
    # Where nobody asked for one, the file's own seats stay.
    assert read({"deployment": "as-described-full"}).camera == ""


def test_long_lessons_are_shown_from_their_end():
    told = by_id(view({"deployment": "every-30-seconds", "pupil": "11"}))
    label = told["label"]["picture"]
    assert (len(label["rows"]), label["rows"][-1]["this"]) == (12, True)
    # The record's time says which look of the lesson it is, by the deployment's 30 seconds and 50 minutes a lesson.
    hour, minute, second = map(int, label["rows"][-1]["at"].split(":"))
    since = (60 * (hour - 8) + minute) % 50 * 60 + second
    assert label["before"] + 12 == since // 30 + 1


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ({"deployment": "/etc/passwd"}, "deployment"),
        ({"deployment": "../shipped/as-described"}, "deployment"),
        ({"deployment": "one-classroom.toml"}, "deployment"),
        ({"camera": "opt-out-30-percent"}, "camera"),
        ({"camera": "/etc/hostname"}, "camera"),
        ({"school": "968"}, "school"),
        ({"school": "0"}, "school"),
        ({"pupil": "1001"}, "pupil"),
        ({"pupil": "-1"}, "pupil"),
        ({"pupil": "1e3"}, "pupil"),
        ({"pupil": "٣"}, "pupil"),
        ({"year": "13"}, "year"),
        ({"day": "181"}, "day"),
        ({"day": "9" * 5000}, "day"),
        ({"seed": str(2**32)}, "seed"),
    ],
)
def test_what_there_is_not_is_refused(asked, key):
    with pytest.raises(MisreadError) as error:
        view(asked)
    (problem,) = error.value.problems
    assert problem.key == key
    assert problem.expected
    assert problem.mend
    assert len(problem.what) < 120


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(MisreadError) as error:
        view({"school": "0", "day": "0"})
    assert [p.key for p in error.value.problems] == ["school", "day"]


def test_an_address_has_only_what_differs():
    assert Asked().query() == {}
    asked = {"deployment": "best-case", "pupil": "9", "day": "3"}
    assert read(asked).query() == asked


def test_the_room_is_drawn_where_the_lens_puts_it():
    geometry = example()
    drawn, seat = room(geometry, 20, CHILD), 20
    plan = plan_of(geometry)
    found = re.search(r'class="followed" cx="([\d.]+)"', drawn)
    # Straight over the board and not turned: across, the picture is focal · sideways ÷ depth, by hand.
    x, y, z = plan.eyes[seat]
    place, picture = geometry.place, geometry.picture
    tilt, focal = math.radians(place.pitch), picture.width / 2 / math.tan(math.radians(picture.field_of_view / 2))
    depth = (y - place.y) * math.cos(tilt) + (place.height - z) * math.sin(tilt)
    across = picture.width / 2 - focal * (x - place.x) / depth
    assert float(found[1]) == pytest.approx(across * WIDTH / picture.width, abs=0.06)
    assert drawn.count('class="found') == int((plan.inside & ~plan.unseen).sum())


def test_a_seat_has_as_many_pixels_as_the_lens_gives_it():
    geometry = example()
    plan = plan_of(geometry)
    near, far = (seat_picture(geometry, seat, CHILD) for seat in (8, 26))
    for picture, seat in ((near, 8), (far, 26)):
        png = base64.b64decode(picture[0].partition(",")[2])
        assert struct.unpack(">II", png[16:24]) == (picture[1], picture[1])
        # What is cut out is 0.44 m wide; so many pixels a metre.
        assert picture[1] == round(0.44 * plan.face_pixels[seat] / geometry.head.width)
    assert near[1] > far[1]
    unseen = next(i for i in range(len(plan.inside)) if not plan.inside[i])
    assert seat_picture(geometry, unseen, CHILD) is None


def test_children_who_opted_out_have_no_stages(monkeypatch):
    import misread.web.pages.stages as page

    monkeypatch.setattr(page, "facts_of", lambda _: type("Facts", (), {"watched": False})())
    told = view(SMALL)
    assert (told["watched"], told["stages"]) == (False, ())


def test_what_is_told_as_a_list_can_be_taken_as_one_picture_or_table(small):
    told = {**SMALL, "years": "all"}
    pictures = by_id(small)
    for id in ("view", "expression", "comparison", "rule", "flag", "file"):
        drawn = ElementTree.fromstring(view({**told, "take": f"{id}-picture"})["taken"])
        written = " ".join(text.text for text in drawn.iter("text"))
        assert drawn.get("aria-label")
        assert all(word in written for word in TAKEN[id](pictures[id]["picture"]))
    rows = [
        [cell.text for cell in row] for row in ElementTree.fromstring(view({**told, "take": "file-table"})["taken"])
    ]
    (year,) = pictures["file"]["picture"]["years"]
    assert rows[1] == ["1", str(year["wrong"]), str(year["right"])]
    # What the deployment does not have cannot be taken.
    assert view({**told, "take": "map-picture"})["taken"] is None
    assert "taken" not in small


TAKEN = {
    "view": lambda p: (f"row {p['row']}, seat {p['column']}", p["eyes"]),
    "expression": lambda p: (p["state"], p["expression"]),
    "comparison": lambda p: [row["of_100"] for row in p["rows"]],
    "rule": lambda p: [look["word"] for look in p["looks"]],
    "flag": lambda p: (p["date"], p["state"], p["message"].split()[-1]),
    "file": lambda p: [f"{year['wrong']} {year['right']}" for year in p["years"]],
}


ADDRESS = "/stages?deployment=one-classroom&pupil=7&seed=3"


@pytest.mark.browser
def test_one_stage_at_a_time(opened):
    page, heard = opened(ADDRESS)
    visible = page.locator(".stage:visible")
    assert visible.count() == 1
    page.get_by_role("button", name="Next").click()
    assert visible.get_attribute("id") == "view"
    assert page.url.endswith("#view")
    page.keyboard.press("ArrowRight")
    assert visible.get_attribute("id") == "expression"
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="Back").click()
    assert visible.get_attribute("id") == "camera"
    assert page.get_by_role("button", name="Back").is_disabled()
    page.locator(".way a").nth(6).click()
    assert visible.get_attribute("id") == "flag"
    assert "flag" in page.evaluate("document.activeElement.id")
    play = page.get_by_role("button", name="Play")
    play.click()
    assert page.get_by_role("button", name="Pause").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="below one another").click()
    assert visible.count() == 12
    assert heard == []


@pytest.mark.browser
def test_somebody_else_is_followed_in_place(opened):
    page, heard = opened(ADDRESS + "#rule")
    before = page.locator("h1").text_content()
    page.get_by_label("Pupil").fill("8")
    page.wait_for_function("before => document.querySelector('h1').textContent !== before", arg=before)
    assert page.locator(".stage:visible").get_attribute("id") == "rule"
    assert "Pupil 8" in page.locator(".who").text_content()
    assert "pupil=8" in page.locator("a[data-keep]").get_attribute("href")
    assert all("pupil=8" in link.get_attribute("href") for link in page.locator(".take a").all())
    page.get_by_label("Pupil").fill("4000")
    page.wait_for_selector("form .problems")
    assert "Pupil 8" in page.locator(".who").text_content()
    # The refusal is an answer with a status of its own, which the browser notes.
    assert [h for h in heard if "422" not in h] == []


@pytest.mark.browser
def test_later_stages_come_by_themselves(opened):
    page, heard = opened("/stages?deployment=vendor-claim#file")
    page.wait_for_selector("#file .one-year", timeout=60_000)
    assert page.locator("#file .one-year").count() == 12
    assert heard == []


@pytest.mark.browser
def test_without_a_script_all_stand_below_one_another(opened):
    page, heard = opened(ADDRESS, java_script_enabled=False)
    assert page.locator(".stage:visible").count() == 12
    assert page.locator("[data-steps]:visible").count() == 0
    page.get_by_label("Pupil").fill("8")
    page.get_by_role("button", name="Follow").click()
    assert "Pupil 8" in page.locator(".who").text_content()
    page.get_by_role("link", name="Another child").click()
    assert "Pupil 9" in page.locator(".who").text_content()
    assert heard == []


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_and_narrow_screens(opened, width, scheme):
    page, heard = opened(ADDRESS, width=width, scheme=scheme)
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="below one another").click()
    page.wait_for_timeout(600)
    assert page.locator(".stage:visible").count() == 12
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    assert heard == []


@pytest.mark.browser
def test_a_kept_tour_steps_and_plays_without_a_server(kept_alone):
    kept, heard = kept_alone(ADDRESS)
    visible = kept.locator(".stage:visible")
    assert visible.get_attribute("id") == "camera"
    kept.get_by_role("button", name="Next").click()
    kept.keyboard.press("ArrowRight")
    assert visible.get_attribute("id") == "expression"
    kept.locator(".way a").nth(7).click()
    assert visible.get_attribute("id") == "file"
    kept.clock.install()
    kept.get_by_role("button", name="Play").click()
    kept.clock.run_for(7100)
    assert visible.get_attribute("id") == "mark"
    kept.get_by_role("button", name="below one another").click()
    assert visible.count() == 12
    assert kept.locator("form").count() == 0
    assert heard == []
