"""The glass classroom: its numbers against the command line's, and what a browser makes of it."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.deployment import load
from misread.errors import MisreadError
from misread.report.file import child_file
from misread.web.pages.classroom import view
from misread.web.pages.classroom.day import class_day, file_days, seen
from misread.web.pages.classroom.words import clock
from tests.web.conftest import violations

SMALL = {"deployment": "one-classroom", "day": "4"}
RULES = {"negative affect": ("bored", "frustrated", "anxious"), "not attentive": ("bored",)}
COUNTED = {"sad": "negative affect", "angry": "negative affect", "fear": "negative affect", "away": "not attentive"}


@pytest.fixture(scope="module")
def traced() -> list[dict]:
    """The same day as another part of misread tells it."""
    told = CliRunner().invoke(cli, ["trace", "one-classroom", "--day", "4", "--json"])
    return json.loads(told.stdout)["pupils"]


def _seats(told: dict) -> list:
    return sorted((seat for row in told["rows"] for seat in row), key=lambda seat: seat.number)


@pytest.mark.parametrize("at", [0, 13, 47])
def test_every_child_as_the_trace_has_it(traced, at: int) -> None:
    told = view({**SMALL, "at": str(at)})
    seats = _seats(told)
    assert [(seat.number, seat.state, seat.label) for seat in seats] == [
        (one["pupil"], one["looks"][at]["state"], one["looks"][at]["label"]) for one in traced
    ]
    now = [(one["looks"][at]["state"], one["looks"][at]["label"]) for one in traced]
    wrong = sum(label in COUNTED and state not in RULES[COUNTED[label]] for state, label in now)
    right = sum(label in COUNTED and state in RULES[COUNTED[label]] for state, label in now)
    assert [seat.judged for seat in seats].count("wrong") == wrong
    said = told["moments"][at]["said"]
    assert said.startswith(f"{clock(traced[0]['looks'][at]['minute'])}, lesson {traced[0]['looks'][at]['lesson']}: ")
    assert f"{wrong} of 30 label" in said
    assert f", {right} right" in said


def test_what_the_script_shows_is_what_the_server_draws() -> None:
    """Each child carries its day; at any moment that is what the server says of that moment."""
    first = view({**SMALL, "at": "0"})
    letters = {"w": "wrong", "r": "right", "q": "quiet", "u": "unseen"}
    for at in (0, 17, 47):
        for before, seat in zip(_seats(first), _seats(view({**SMALL, "at": str(at)})), strict=True):
            state, _ = first["moods"][int(before.moods.split()[at])]
            label = first["labels"][int(before.labels.split()[at])]
            assert (state, label, letters[before.codes[at]]) == (seat.state, seat.label, seat.judged)


def test_messages_are_the_flags_that_somebody_is_told_of(traced) -> None:
    told = view(SMALL)
    flags = [
        (at, one["pupil"], flag["true"])
        for one in traced
        for at, look in enumerate(one["looks"])
        for flag in look["flags"]
        if flag["notify"]
    ]
    assert sorted((m["at"], m["pupil"], m["right"]) for m in told["messages"]) == sorted(flags)
    wrong = sum(not true for _, _, true in flags)
    assert told["headline"] == (f"{len(flags)} messages left this classroom today.", f"{wrong} were wrong.", True)
    assert "parents of pupil" in " ".join(m["to"] for m in told["messages"])


@pytest.mark.parametrize(("name", "number"), [("one-classroom", 4), ("as-described-full", 2)])
def test_why_a_message_is_right_is_read_off_its_looks(name: str, number: int) -> None:
    """Right if, and only if, the child was in a claimed state at a look that the rule goes by; it counts enough hits."""
    day = class_day(name, "", 1, 1, 1, number)
    assert len(day.messages) > 20
    for sent in day.messages:
        assert sent.right == any(look.state in RULES[sent.rule.name] for look in sent.window)
        hits = sum(COUNTED.get(look.label) == sent.rule.name for look in sent.window)
        assert hits >= {"negative affect": 3, "not attentive": 2}[sent.rule.name]


def test_another_kind_of_lesson_all_day() -> None:
    told = view({"deployment": "as-described-full", "kind": "test", "day": "2"})
    assert {m["kind"] for m in told["moments"]} == {"test"}
    assert 'situations."test".share=1' in told["command"]
    as_it_comes = view({"deployment": "as-described-full", "day": "2"})
    assert [(s.number, s.drawn) for s in _seats(told)] == [(s.number, s.drawn) for s in _seats(as_it_comes)]
    assert _anxious(told) > _anxious(as_it_comes)


def _anxious(told: dict) -> int:
    anxious = {i for i, (state, _) in enumerate(told["moods"]) if state == "anxious"}
    return sum(int(mood) in anxious for seat in _seats(told) for mood in seat.moods.split())


def test_a_file_holds_what_the_file_command_writes() -> None:
    deployment = load("one-classroom")
    held = child_file(deployment, seen("one-classroom", "", 1).replay, 1, 9, 1, (1, 1))
    days = file_days("one-classroom", "", 1, 1, (9,), 1, 1, 60)[9][0]
    pairs = [(e, t) for e, t in zip(held.entries, held.truth, strict=True) if e.kind == "flag" and e.day <= 60]
    assert len(days) == 60
    assert sum(day.wrong for day in days) == sum(not t.right for _, t in pairs) > 0
    assert sum(day.right for day in days) == sum(bool(t.right) for _, t in pairs) > 0
    assert [day.wrong + day.right for day in days] == [sum(e.day == d for e, _ in pairs) for d in range(1, 61)]


@pytest.mark.parametrize("span", ["day", "weeks", "year", "years"])
def test_spans_show_the_days_that_there_are(span: str) -> None:
    drawn = view({**SMALL, "span": span, "pupil": "9", "at": "47"})["file"]["drawn"]
    counts = {"day": 48, "weeks": 30, "year": 180}
    if span in counts:
        assert len(drawn.squares) == counts[span]
        assert sum(square.today for square in drawn.squares) == 1
    assert all(square.x >= 0 and square.x + square.width <= drawn.width + 1 for square in drawn.squares)
    assert all(square.y + square.height <= drawn.height for square in drawn.squares)


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ({"deployment": "/etc/passwd"}, "deployment"),
        ({"deployment": "as-described-full", "kind": "<b>party</b>"}, "kind"),
        ({**SMALL, "class": "2"}, "class"),
        ({**SMALL, "school": "0"}, "school"),
        ({**SMALL, "day": "181"}, "day"),
        ({**SMALL, "day": "²"}, "day"),
        ({**SMALL, "at": "48"}, "at"),
        ({**SMALL, "at": "-1"}, "at"),
        ({**SMALL, "pupil": "31"}, "pupil"),
        ({**SMALL, "seed": "9" * 40}, "seed"),
        ({**SMALL, "span": "ever"}, "span"),
    ],
)
def test_what_there_is_not_is_refused(asked: dict[str, str], key: str) -> None:
    with pytest.raises(MisreadError) as refused:
        view(asked)
    (problem,) = refused.value.problems
    assert problem.key == key
    assert problem.expected
    assert problem.mend


def _shown(page) -> list[str]:
    return page.evaluate(
        """() => [...document.querySelectorAll('.child')].map(one => {
          const part = what => one.querySelector(what)
          return [part('a').innerText, part('.card').dataset.judged, part('use').getAttribute('href'),
                  part('[data-head]').getAttribute('transform'),
                  part('[data-turned]').getAttribute('transform')].join('|').replace(/\\s+/g, ' ')
        }).concat([document.querySelector('[data-said]').textContent, document.querySelector('[data-sent]').textContent,
          document.querySelector('[data-file-said]').textContent,
          ...[...document.querySelectorAll('[data-messages] > li')].filter(m => !m.hidden).map(m => m.innerText)])"""
    )


def test_each_rule_that_sends_messages_has_an_average_of_its_own() -> None:
    told = view(SMALL)
    assert [rule for rule, _ in told["averages"]] == list(RULES)
    for rule, query in told["averages"]:
        assert query.endswith("finding=flag_ppv&rule=" + rule.replace(" ", "+"))
    assert told["counted"][0].endswith("takes “sad”, “angry” or “fear” to mean bored, frustrated or anxious")


def test_a_class_can_be_taken_as_one_picture() -> None:
    told = view({**SMALL, "at": "13", "take": "scene-picture"})
    drawn = ElementTree.fromstring(told["taken"])
    written = [text.text for text in drawn.iter("text")]
    seats = [seat for row in told["rows"] for seat in row]
    assert written[::3] == [seat.state for seat in seats]
    assert written[1::3] == [seat.label if seat.judged != "unseen" else "no face" for seat in seats]
    assert written[2::3] == [str(seat.number) for seat in seats]
    assert told["moments"][13]["said"] in drawn.get("aria-label")
    assert "taken" not in view({**SMALL, "at": "13"})


@pytest.mark.browser
def test_stepping_shows_what_the_server_shows(opened) -> None:
    path = "/classroom?deployment=one-classroom&day=4"
    page, heard = opened(f"{path}&at=20")
    page.get_by_role("button", name="Step").click()
    page.keyboard.press("ArrowRight")
    by_script = _shown(page)
    other, also_heard = opened(f"{path}&at=22", java_script_enabled=True)
    assert by_script == _shown(other)
    assert "at=22" in page.url
    assert "at=22" in page.locator("a[data-keep]").get_attribute("href")
    assert all("at=22" in link.get_attribute("href") for link in page.locator(".take a").all())
    assert heard == also_heard == []


@pytest.mark.browser
def test_arrows_step_from_the_start_and_are_taken_from_nothing_that_uses_them(opened) -> None:
    page, heard = opened("/classroom?deployment=one-classroom&day=4&at=20")
    page.keyboard.press("ArrowRight")
    assert "at=21" in page.url
    # A letter, and what goes to the ends of the page, only within the class.
    for key in ("End", "p"):
        page.keyboard.press(key)
        assert "at=21" in page.url
        assert page.get_by_role("button", name="Play").is_visible()
    page.locator("#class").focus()
    page.keyboard.press("ArrowLeft")
    assert "at=21" in page.url
    page.locator(".child a").first.focus()
    page.keyboard.press("Home")
    assert "at=0" in page.url
    page.keyboard.press("p")
    assert page.get_by_role("button", name="Pause").is_visible()
    assert heard == []


@pytest.mark.browser
def test_it_plays_only_when_asked_and_follows_a_child(opened) -> None:
    page, heard = opened("/classroom?deployment=one-classroom&day=4&at=20", width=320, scheme="dark")
    said = page.locator("[data-said]")
    before = said.text_content()
    page.wait_for_timeout(1800)
    assert said.text_content() == before
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("text => document.querySelector('[data-said]').textContent !== text", arg=before)
    page.get_by_role("button", name="Pause").click()
    still = said.text_content()
    page.wait_for_timeout(1800)
    assert said.text_content() == still
    page.locator('.child a[data-pupil="3"]').click()
    page.wait_for_url("**&pupil=3&*")
    assert page.get_by_role("heading", name="The file of pupil 3", exact=True).is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    assert heard == []


@pytest.mark.browser
def test_without_a_script_a_form_picks_the_time(opened) -> None:
    page, heard = opened("/classroom?deployment=one-classroom&day=4&at=20&pupil=7", java_script_enabled=False)
    assert not page.get_by_role("button", name="Play").is_visible()
    page.get_by_label("Time of day, Thursday, school day 4").fill("30")
    page.get_by_role("button", name="Show this time").click()
    expected = view({**SMALL, "at": "30", "pupil": "7"})["moments"][30]["said"]
    assert page.locator("[data-said]").text_content() == expected
    assert page.get_by_role("heading", name="The file of pupil 7").is_visible()
    page.get_by_role("link", name="Back").click()
    assert "at=29" in page.url
    assert heard == []


@pytest.mark.browser
def test_nothing_that_axe_finds_wide_and_light(opened) -> None:
    page, heard = opened("/classroom?deployment=as-described-full&day=2&span=day")
    assert violations(page) == []
    assert heard == []


@pytest.mark.browser
def test_a_kept_class_plays_steps_and_slides_without_a_server(kept_alone) -> None:
    kept, heard = kept_alone("/classroom?deployment=one-classroom&day=4&at=20&span=day&pupil=7")
    moments, said = view(SMALL)["moments"], kept.locator("[data-said]")
    kept.get_by_role("button", name="Step").click()
    assert said.text_content() == moments[21]["said"]
    kept.clock.install()
    kept.get_by_role("button", name="Play").click()
    kept.clock.run_for(1600)
    kept.get_by_role("button", name="Pause").click()
    assert said.text_content() == moments[22]["said"]
    kept.get_by_role("slider").fill("40")
    assert said.text_content() == moments[40]["said"]
    # The file grows with it: the ring is around the look that is shown.
    ring = kept.evaluate("[...document.querySelectorAll('.squares > g')].findIndex(g => g.querySelector('.ring'))")
    assert ring == 40
    assert kept.locator(".child.followed").count() == 1
    assert heard == []


@pytest.mark.browser
def test_every_child_can_be_chosen_in_a_kept_class(kept_alone) -> None:
    kept, heard = kept_alone("/classroom?deployment=one-classroom&day=4&at=20&pupil=7")
    for pupil in (9, 7):
        kept.locator(f".child a[data-pupil='{pupil}']").click()
        shown = view({**SMALL, "at": "20", "pupil": str(pupil)})["file"]
        assert kept.get_by_role("heading", name=f"The file of pupil {pupil}").is_visible()
        assert kept.locator("[data-file-said]").text_content() == shown["said"]
        other_days = [one.said for one in shown["drawn"].squares if not one.today]
        assert kept.locator(".squares title").all_text_contents() == other_days
        assert kept.locator(".child [aria-current=true]").get_attribute("data-pupil") == str(pupil)
    kept.get_by_role("slider").fill("40")
    assert kept.locator("[data-file-said]").text_content() == view({**SMALL, "at": "40", "pupil": "7"})["file"]["said"]
    assert heard == []
