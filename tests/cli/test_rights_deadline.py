"""`misread rights deadline`: by when, how it was counted, the calendar file, and what is refused."""

from __future__ import annotations

import json

import pytest
from icalendar import Calendar

from misread.rights import law
from tests.cli.calls import call, mistake

TERMS = ("--term", "2026-09-02..2026-12-18", "--term", "2027-01-04..2027-04-01")


def answers(*args):
    found = json.loads(call("rights", "deadline", *args, "--json"))
    assert found["format"] == "misread-rights-deadline/1"
    return found["deadlines"]


def test_a_date_and_how_it_was_counted():
    shown = " ".join(call("rights", "deadline", "uk", "foia.other", "--from", "2026-11-02").split())
    for said in (
        "by 1 December 2026.",
        "20 working days after 2 November 2026, so 1 December 2026: 30 November is a holiday in Scotland and counts as one",
        "You may act from 2 December 2026 on.",
        "Source: Freedom of Information Act 2000, ss. 1 and 10 (O, confidence high).",
        "This is no legal advice.",
    ):
        assert said in shown, said


def test_what_is_not_sure_is_told_beside_the_date():
    shown = " ".join(call("rights", "deadline", "us-ny", "foil.appeal", "--from", "2026-11-30").split())
    assert "Mind: It is not sure that Public Officers Law s. 89(4)(a) is rendered rightly here." in shown
    assert "(S, confidence medium)" in shown


@pytest.mark.parametrize(
    ("args", "due"),
    [
        (("eu", "access", "--from", "2026-03-05", "--calendar", "IE"), "2026-04-07"),
        (("eu", "access", "--from", "2026-08-31", "--extended"), "2026-11-30"),
        (("eu", "access", "--from", "2026-08-31", "--pause", "2026-09-10..2026-09-11"), "2026-10-02"),
        (("us-il", "issra.10", "--from", "2026-11-12"), "2026-11-27"),
        (("us-il", "us-il.issra.10", "--from", "2026-11-12", "--closed", "2026-11-27"), "2026-11-30"),
        (("uk", "internal-complaint", "--from", "2026-11-23"), "2026-12-23"),
        (("uk", "foia.school", "--from", "2026-11-23", *TERMS), "2027-01-04"),
        (("uk", "foia.school", "--from", "2026-11-23", *TERMS, "--closed", "2027-01-04"), "2027-01-05"),
        (("cn", "access", "--from", "2026-11-23"), None),
    ],
)
def test_what_it_comes_to(args, due):
    (found,) = answers(*args)
    assert found["due"] == due


def test_rival_readings_stand_side_by_side():
    (found,) = answers("uk", "internal-complaint", "--from", "2026-11-23")
    assert [one["due"] for one in found["counted"]] == ["2026-12-22", "2026-12-23"]
    assert all(one["reading"] for one in found["counted"])


def test_what_can_be_asked_in_two_ways_has_two_deadlines():
    found = answers("us-il", "access", "--from", "2026-11-12", "--closed", "2026-11-27")
    assert [(one["id"], one["due"]) for one in found] == [
        ("us-il.issra.10", "2026-11-30"),
        ("us.ferpa.45", "2026-12-27"),
    ]


def test_closed_days_from_a_file(tmp_path):
    days = tmp_path / "closed.txt"
    days.write_text("# the district's calendar\n2026-11-27  # after Thanksgiving\n\n2026-11-30\n", encoding="utf-8")
    (found,) = answers("us-il", "issra.10", "--from", "2026-11-12", "--closed", days)
    assert found["due"] == "2026-12-01"
    days.write_text("2026-11-27\nFriday\n", encoding="utf-8")
    said = mistake("rights", "deadline", "us-il", "issra.10", "--from", "2026-11-12", "--closed", days)
    assert f"{days}:2" in said
    assert "'Friday' is no day" in said


def test_the_calendar_file_holds_both_days_and_what_is_not_sure(tmp_path):
    out = tmp_path / "new" / "days.ics"
    shown = call("rights", "deadline", "br", "access", "--from", "2026-12-01", "--ics", out)
    assert str(out) in shown
    events = Calendar.from_ical(out.read_bytes()).walk("VEVENT")
    assert [str(event.decoded("DTSTART")) for event in events] == ["2026-12-16", "2026-12-17"]
    assert "not known here whether a last day" in str(events[0]["DESCRIPTION"])
    assert "no legal advice" in str(events[0]["DESCRIPTION"])


@pytest.mark.parametrize("place", sorted(law()))
def test_every_deadline_can_be_asked_for(place):
    for deadline in law()[place].deadline:
        terms = TERMS if "school-day" in " ".join(deadline.lengths) else ()
        (found,) = answers(place, deadline.id, "--from", "2026-11-23", *terms)
        assert (found["id"], found["due"] is None) == (deadline.id, deadline.none)
        assert found["mark"] != "K" or any("general knowledge" in said for said in found["unsure"])


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("uk", "foia.school", "--from", "2026-11-23"), "--term 2026-09-02..2026-12-18"),
        (("uk", "foia.others", "--from", "2026-11-23"), "did you mean `foia.other`?"),
        (("uk", "foia.other"), "--from"),
        (("uk", "foia.other", "--from", "2026-11-23", "--calendar", "IE"), "makes no difference to uk.foia.other"),
        (("us", "access", "--from", "2026-11-23", "--closed", "2026-11-27"), "makes no difference to us.ferpa.45"),
        (("us", "access", "--from", "2026-11-23", "--extended"), "makes no difference to us.ferpa.45"),
        (("us-il", "foia", "--from", "2026-11-23", "--closed", "nowhere.txt"), "neither a day nor a file"),
        (("eu", "access", "--from", "2026-11-23", "--calendar", "XX"), "The holidays of `XX` are not known"),
        (("eu", "access", "--from", "2026-11-23", "--pause", "2026-11-30"), "write it as 2026-09-02..2026-12-18"),
        (("eu", "access", "--from", "2026-11-23", "--pause", "2026-11-30..2026-11-29"), "ends before it begins"),
        (("eu", "access", "--from", "0001-01-01"), "not counted from"),
        (("eu", "access", "--from", "9999-12-31"), "not counted from"),
    ],
)
def test_a_mistake_is_named_with_exit_code_2(args, said):
    assert said in " ".join(mistake("rights", "deadline", *args).split())


def test_a_calendar_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    said = mistake("rights", "deadline", "in", "records", "--from", "2026-12-01", "--ics", tmp_path / "file" / "a.ics")
    assert "cannot be written" in said
