"""What is known on a day, what applies on it, and what a letter that rests on it has to say."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import date, timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.errors import MisreadError
from misread.rights import Ground, Law, at, law, read, standing
from misread.rights.places.entries.words import FACTS
from misread.rights.places.known import stale
from misread.rights.places.sheet import Sheet, sheet

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
PLACES = st.sampled_from(sorted(law()))


@pytest.mark.parametrize(
    ("on", "state", "expected"),
    [
        (date(2024, 7, 12), "not-yet", date(2026, 8, 2)),
        (date(2026, 7, 23), "not-yet", date(2026, 8, 2)),
        (date(2026, 7, 24), "not-yet", date(2027, 12, 2)),
        (date(2026, 8, 2), "not-yet", date(2027, 12, 2)),
        (date(2027, 12, 1), "not-yet", date(2027, 12, 2)),
        (date(2027, 12, 2), "applies", date(2027, 12, 2)),
    ],
)
def test_a_date_that_was_moved_is_told_as_it_was_known(on, state, expected):
    found = at("eu", on)["eu.aia.27"]
    assert (found.state, found.rule.applies_from) == (state, expected)
    assert len(found.before) + 1 + len(found.later) == 2


def test_the_ban_applies_since_its_day_and_nobody_knew_it_before_it_was_published():
    for on, state in ((date(2025, 2, 1), "not-yet"), (date(2025, 2, 2), "applies"), (TODAY, "applies")):
        assert at("eu", on)["eu.aia.5-1-f"].state == state
    with pytest.raises(KeyError):
        at("eu", date(2024, 7, 11))["eu.aia.5-1-f"]


def test_a_state_has_the_law_of_its_country_too():
    found = at("us-il", TODAY)
    assert [place.id for place in found.places] == ["us-il", "us"]
    assert found["us.ferpa.99-10"].state == "undated"
    assert {d.entry.id for d in found.deadline("access")} == {"us-il.issra.10", "us.ferpa.45"}


def test_what_ended_is_over():
    text = law_text("us").replace(
        "applies_from = 2025-06-23\n", "applies_from = 2025-06-23\napplies_until = 2026-05-31\n"
    )
    (place,) = read({"us.toml": text}).values()
    coppa = next(p for p in place.provision if p.id == "us.coppa.312-2")
    states = [standing(place, coppa, date(2026, 5, 31)).state, standing(place, coppa, date(2026, 6, 1)).state]
    assert states == ["applies", "over"]
    assert any("does not apply any more" in said for said in standing(place, coppa, TODAY).ground(TODAY).sentences)


def law_text(place):
    return (resources.files("misread.rights.places") / "law" / f"{place}.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("typed", "meant"), [("EU", "eu"), ("us-ill", "us-il"), ("brazil", "br"), ("Illinois", "us-il")]
)
def test_a_near_miss_is_named(typed, meant):
    with pytest.raises(MisreadError) as caught:
        at(typed, TODAY)
    assert f"did you mean `{meant}`?" in str(caught.value)
    assert "us-ny (New York)" in str(caught.value)


@given(PLACES, DAYS)
def test_knowledge_only_grows(place, on):
    before = {s.entry.id for s in at(place, on).provisions}
    assert before <= {s.entry.id for s in at(place, on + timedelta(days=1)).provisions}


@given(PLACES, DAYS, DAYS)
def test_what_is_not_sure_grounds_no_letter_without_the_sentence_that_says_so(place, on, today):
    for found in at(place, on).provisions:
        ground = found.ground(today)
        assert any("No lawyer has reviewed" in said for said in ground.sentences)
        assert (found.mark == "K") == any("general knowledge" in said for said in ground.sentences)
        assert (found.entry.confidence != "high") == any("not sure" in said for said in ground.sentences)
        assert (found.state == "not-yet") == any("applies only from" in said for said in ground.sentences)
        checked = found.entry.last_checked_still_valid or found.place.checked_on
        assert stale(checked, today) == any("more than six months ago" in said for said in ground.sentences)
        ground.require("Dear school,\n\n" + "\n".join(ground.sentences))
        for left_out in ground.sentences:
            with pytest.raises(MisreadError) as caught:
                ground.require(" ".join(said for said in ground.sentences if said != left_out))
            assert left_out in str(caught.value)


def test_a_review_by_a_lawyer_is_told_and_its_lack_no_more():
    review = '{ name_or_role = "A. Advocate", bar = "Utrecht", on = 2026-12-01, scope = "all of it" }'
    (place,) = read({"eu.toml": law_text("eu").replace('lawyer_review = "none"', f"lawyer_review = {review}")}).values()
    provision = next(p for p in place.provision if p.id == "eu.gdpr.15")
    found = standing(place, provision, TODAY)
    assert not any("lawyer" in said for said in found.ground(TODAY).sentences)
    told = sheet(Law(place, TODAY, (place,), (found,)), [], TODAY).banners
    assert any("reviewed by A. Advocate on 1 December 2026" in said for said in told)


def test_what_nobody_compared_with_a_text_says_so():
    # No entry that ships is known so; one that is added may be.
    text = law_text("br").replace('sources = ["lgpd"]', "sources = []", 1)
    (place,) = read({"br.toml": text}).values()
    unread, *_others = place.provision
    found = standing(place, unread, TODAY)
    assert (found.mark, found.sure) == ("K", False)
    said = "LGPD Art. 14 is given from general knowledge: it was not compared with a text of the law."
    assert said in found.ground(TODAY).sentences
    with pytest.raises(MisreadError, match="general knowledge"):
        found.ground(TODAY).require("Dear school")


def test_a_ground_has_no_place_to_leave_a_sentence_out():
    assert [field.name for field in fields(Ground)] == ["standing", "today"]


def test_every_ground_of_a_route_stands_in_the_law_on_that_day():
    for place in law():
        known = {s.entry.id for s in at(place, TODAY).provisions}
        for route in at(place, TODAY).routes:
            assert set(route.grounds) <= known
            assert route.grounds or route.availability in ("doubtful", "none"), (place, route.kind)
            assert not (route.grounds and route.availability == "none"), (place, route.kind)


def test_a_route_that_is_not_open_yet_rests_on_what_does_not_apply_yet():
    found = at("in", TODAY)
    (route,) = (r for r in found.routes if r.availability == "not-yet")
    assert [found[id].state for id in route.grounds] == ["not-yet"]
    assert [at("in", date(2027, 5, 13))[id].state for id in route.grounds] == ["applies"]


@pytest.mark.parametrize(
    ("today", "banner"), [(date(2026, 11, 23), False), (date(2027, 5, 23), False), (date(2027, 5, 24), True)]
)
def test_what_was_checked_over_six_months_ago_has_a_banner(today, banner):
    said = at("uk", TODAY).banners(today)
    assert any("more than six months ago" in one for one in said) == banner


def test_a_check_of_its_own_grows_old_before_that_of_the_file():
    ban = at("eu", TODAY)["eu.aia.5-1-f"]
    assert ban.caveats(date(2027, 3, 13)) == ()
    assert any("13 September 2026" in said for said in ban.caveats(date(2027, 3, 14)))


def test_of_a_day_to_come_it_is_said_that_law_may_change():
    assert any("recorded as of 23 November 2026" in said for said in at("br", date(2027, 1, 1)).banners(TODAY))
    assert at("br", TODAY).banners(TODAY) == ()


def ids(rules):
    return {rule.id for rule in rules}


def test_the_sheet_of_the_union_for_a_reader_of_pupils_emotions():
    found = sheet(at("eu", TODAY), ["output.emotion", "subject.pupil"], TODAY)
    assert ids(found.applies) == {
        "eu.aia.5-1-f", "eu.aia.50-3", "eu.aia.85",
        "eu.gdpr.7-3", "eu.gdpr.13-14", "eu.gdpr.15", "eu.gdpr.17", "eu.gdpr.21", "eu.gdpr.28-3", "eu.gdpr.33",
        "eu.gdpr.34", "eu.gdpr.35", "eu.gdpr.77",
    }  # fmt: skip
    assert ids(found.not_yet) == {"eu.aia.26-7", "eu.aia.26-8", "eu.aia.26-11", "eu.aia.27"}
    assert found.conditional == found.excepted == found.over == ()
    ban = next(rule for rule in found.applies if rule.id == "eu.aia.5-1-f")
    assert ban.not_if == ("its purpose is medical", "its purpose is safety")
    assert "2 February 2025" in ban.when
    assert ban.mark == "O"
    assert len(ban.to_judge) == 4


def test_what_was_not_said_becomes_a_condition():
    found = sheet(at("eu", TODAY), [], TODAY)
    assert {rule.id: rule.only_if for rule in found.conditional} == {
        "eu.aia.5-1-f": ("it infers emotions",),
        "eu.aia.50-3": ("it infers emotions",),
    }


def test_a_claimed_purpose_hides_no_ban():
    found = sheet(at("eu", TODAY), ["output.emotion", "purpose.safety"], TODAY)
    assert ids(found.excepted) == {"eu.aia.5-1-f"}


def test_before_there_was_a_law_nothing_can_be_asked_for_by_it():
    early = sheet(at("eu", date(1990, 1, 1)), [], date(1990, 1, 1))
    assert {way.grounds for way in early.ways} == {()}
    assert not [limit for limit in early.limits if limit.id.startswith("eu.gdpr")]
    assert {way.by for way in early.ways} == {""}
    assert {way.by for way in sheet(at("us-il", TODAY), [], TODAY).ways} == {
        "Illinois",
        "United States (federal law)",
    }
    assert ("eu.gdpr.15",) in {way.grounds for way in sheet(at("eu", TODAY), [], TODAY).ways}


@given(PLACES, DAYS, st.sets(st.sampled_from(sorted(FACTS))), DAYS)
def test_a_sheet_loses_nothing_and_says_of_each_rule_how_it_is_known(place, on, facts, today):
    known = at(place, on)
    found = sheet(known, facts, today)
    groups = (found.applies, found.conditional, found.excepted, found.not_yet, found.over)
    told = [rule.id for group in groups for rule in group]
    assert sorted(told) == sorted(s.entry.id for s in known.provisions)
    for rule in (rule for group in groups for rule in group):
        assert rule.mark in "ROSK"
        assert rule.checked
        assert rule.when
        assert bool(rule.sources) or rule.mark == "K"
    # What a way is answered by is left out with the way, where nobody knew yet of anything that it rests on.
    heard = set(told)
    shut = [r for r in known.routes if r.grounds and not heard & set(r.grounds)]
    assert len(found.ways) == len(known.routes) - len(shut)
    of_open = {r.deadline for r in known.routes if r not in shut}
    late = {r.deadline for r in shut} - of_open
    assert {limit.id for limit in found.limits} == {owed.entry.id for owed in known.deadlines} - late
    assert [limit.owner for limit in found.limits] == sorted((limit.owner for limit in found.limits), reverse=True)
    assert found.banners[0].startswith("This is no legal advice")
    assert json.dumps(asdict(found), default=str)
    assert not any(name in {"verdict", "score", "grade"} for name in (field.name for field in fields(Sheet)))
