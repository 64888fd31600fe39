"""The gap report, against the files of law read a second way and days counted by hand."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.rights import Circumstances, Law, at, law, read, standing
from misread.rights.places.entries.words import FACTS
from misread.rights.record.change import asked, disputed, entered, new
from misread.rights.record.fields import FIELDS
from misread.rights.record.gaps import ORDERS, Gaps, gaps, gaps_json
from misread.rights.record.model import STATUSES, Dispute, Evidence, Record
from misread.rights.record.told.gaps import gaps_paper
from misread.rights.record.worked import worked
from tests.rights.record.test_change import STEPS, taken

TODAY = date(2026, 11, 30)
LAW = resources.files("misread.rights.places") / "law"
PLACES = {name: tomllib.loads((LAW / f"{name}.toml").read_text(encoding="utf-8")) for name in law()}
ALWAYS = {"setting.education", "input.face_image"}
KINDS = st.sampled_from(["public", "private", "church", "university", "unknown"])


def blank(place: str, kind: str = "public") -> Record:
    return new("School A", place, on=TODAY, school_kind=kind)


def found(record: Record, on: date = TODAY, facts: tuple[str, ...] = (), **given: Any) -> Gaps:
    return gaps(record, at(record.place, on), on, facts, **given)


def requires(place: str, on: date, facts: set[str], kind: str) -> Iterator[str]:
    """Ids of provisions that require something there on that day: straight from the files of law."""
    for name in (place, *PLACES[place].get("extends", ())):
        for one in PLACES[name]["provision"]:
            known = [a for a in one.get("applies", ()) if a["known_from"] <= on]
            if one.get("applies") and (not known or on < known[-1]["applies_from"]):
                continue
            fits = not one.get("controller_types") or kind in one["controller_types"]
            met = facts >= set(one.get("facts_all", ())) and not one.get("facts_none")
            if one["effect"] == "requires" and fits and met:
                yield one["id"]


@given(
    st.sampled_from(sorted(PLACES)),
    st.dates(date(2018, 6, 1), date(2030, 12, 31)),
    st.sets(st.sampled_from(["output.emotion", "subject.pupil", "process.identifies_person"])),
    KINDS,
)
@settings(max_examples=60)
def test_what_is_owed_by_law_is_what_the_files_of_law_require_on_that_day(place, on, facts, kind):
    expected = set(requires(place, on, facts | ALWAYS, kind))
    report = found(blank(place, kind), on, tuple(facts))
    assert {one.id for line in report.lines for one in line.laws} <= expected
    for id, field in FIELDS.items():
        (line,) = (line for line in report.lines if line.field == id)
        assert {one.id for one in line.laws} == set(field.provisions) & expected
        assert (line.order == "owed_by_law") == bool(line.laws)


@given(st.sampled_from(sorted(PLACES)), STEPS, st.sets(st.sampled_from(sorted(FACTS))), KINDS)
@settings(max_examples=40)
def test_every_field_is_counted_once_and_every_gap_stands_once(place, steps, facts, kind):
    record = blank(place, kind)
    for step in steps:
        record = taken(record, step)
    report = found(record, facts=tuple(facts))
    assert sum(report.counts.values()) == len(FIELDS)
    assert list(report.counts) == list(STATUSES)
    closed = report.counts["disclosed"] + report.counts["not_applicable"]
    assert len({line.field for line in report.lines}) == len(report.lines) == len(FIELDS) - closed
    assert [line.field for order in ORDERS for line in report.of(order)] == [line.field for line in report.lines]
    assert len(report.contradictions) == report.counts["contradicted"]
    for line in report.lines:
        assert line.order != "owed_on_request" or line.way.availability == "in-force"
        assert line.order != "promised" or line.promises
        assert line.asked_by or line.order != "good_practice"
        for one in (*line.laws, *(line.way.grounds if line.way else ())):
            assert one.caveats, "no provision was reviewed by a lawyer, so each has a sentence that says so"


def test_a_duty_begins_on_its_day():
    for on, order in ((date(2027, 12, 1), "good_practice"), (date(2027, 12, 2), "owed_by_law")):
        report = found(blank("eu"), on)
        (line,) = (line for line in report.lines if line.field == "legal.fria")
        assert line.order == order
        assert bool(line.conditions) == (order != "owed_by_law")
    (line,) = (line for line in found(blank("eu")).lines if line.field == "legal.fria")
    assert line.conditions == (
        "By Art. 27 AI Act (fundamental rights impact assessment) it is required if it is 2 December 2027 or later.",
        "By Art. 26(8) with Art. 49 AI Act (registration) it is required if it is 2 December 2027 or later.",
    )


def test_what_is_not_known_of_the_system_is_a_condition():
    condition = "By Art. 50(3) AI Act it is required if it infers emotions."
    for facts, owed in (((), False), (("output.emotion",), True)):
        (line,) = (line for line in found(blank("eu"), facts=facts).lines if line.field == "rights.notice")
        assert ("eu.aia.50-3" in {one.id for one in line.laws}) == owed
        assert (condition in line.conditions) != owed
    # In China nothing else stands behind it: then the question itself stands further down.
    for facts, owed in (((), False), (("subject.pupil",), True)):
        (line,) = (line for line in found(blank("cn"), facts=facts).lines if line.field == "legal.special")
        assert (line.order == "owed_by_law") == owed


# Counted by hand from Monday, 30 November 2026.
@pytest.mark.parametrize(
    ("place", "field", "kind", "due"),
    [
        ("eu", "ret.labels", "access", date(2026, 12, 30)),  # a month
        ("br", "ret.labels", "access", date(2026, 12, 15)),  # 15 days
        ("br", "acc.claim", "records", date(2026, 12, 20)),  # 20 days, which end on a Sunday and do not move
        ("in", "acc.claim", "records", date(2026, 12, 30)),  # 30 days
        ("us-il", "acc.claim", "records", date(2026, 12, 7)),  # 5 business days
        ("us-il", "output.labels", "access", date(2026, 12, 14)),  # 10 business days, before the 45 days of FERPA
        ("us", "output.labels", "access", date(2027, 1, 14)),  # 45 days
        ("uk", "acc.claim", "records", None),  # a school's own days cannot be counted without its terms
        ("uk", "ret.labels", "access", date(2026, 12, 30)),  # a month
        ("cn", "ret.labels", "access", None),  # "timely"
    ],
)
def test_the_letter_and_the_day_of_its_answer(place, field, kind, due):
    (line,) = (line for line in found(blank(place)).lines if line.field == field)
    assert (line.letter, line.due) == (kind, due)
    assert line.way.counted


def test_the_terms_of_a_school_are_counted_where_they_are_given():
    # 14 school days are left before Christmas, five in the first week of January, and one more.
    terms = ((date(2026, 11, 2), date(2026, 12, 18)), (date(2027, 1, 4), date(2027, 4, 1)))
    for given_, known in ((None, False), (Circumstances(terms=terms), True)):
        (line,) = (line for line in found(blank("uk"), given=given_).lines if line.field == "acc.claim")
        assert (
            any("To school: 20 school days" in said and "11 January 2027" in said for said in line.way.counted) == known
        )
        assert any("School days cannot be counted" in said for said in line.way.unsure) != known
        # A local authority has 20 working days, without 25 and 28 December.
        assert any("To local authority or ministry" in said and "30 December" in said for said in line.way.counted)
        assert line.due == (date(2026, 12, 30) if known else None)


def test_a_right_to_see_data_does_not_answer_why_it_is_kept():
    by_field = {line.field: line for line in found(blank("us")).lines}
    assert by_field["output.labels"].letter == "access"
    assert by_field["purpose.stated"].letter is None
    assert by_field["purpose.stated"].order == "good_practice"


def test_a_law_for_public_bodies_gives_no_right_against_a_private_school():
    public, private = (
        {line.field: line for line in found(blank("us-il", kind)).lines} for kind in ("public", "private")
    )
    assert public["acc.claim"].order == "owed_on_request"
    assert private["acc.claim"].order == "good_practice"
    assert private["acc.claim"].way.availability == "doubtful"


def test_what_kind_of_school_is_not_known_is_a_condition_of_the_letter():
    (line,) = (line for line in found(blank("us-il", "unknown")).lines if line.field == "acc.claim")
    assert line.way.conditions == ("it is run by a public body",)


def test_nothing_is_owed_by_a_letter_that_is_not_in_force_yet():
    assert {line.letter for line in found(blank("in")).lines} == {"records"}
    late = found(blank("in"), date(2027, 12, 1))
    assert "access" not in {line.letter for line in late.lines}, "the file of law says not-yet until it is changed"


def test_promises_come_before_good_practice_and_are_quoted():
    contract = Evidence(kind="contract", title="Contract, annex 2", quote="The supplier publishes its tests.")
    record = entered(blank("us"), "acc.independent", "never_asked", on=TODAY, why="read", evidence=(contract,))
    (line,) = found(record).promised
    assert (line.field, line.promises) == ("acc.independent", (contract,))
    assert "The supplier publishes its tests." in text(found(record), record)
    hearsay = Evidence(kind="hearsay", title="A neighbour", quote="They will publish it.")
    record = entered(blank("us"), "acc.independent", "never_asked", on=TODAY, why="heard", evidence=(hearsay,))
    assert not found(record).promised


def test_what_nobody_answered_in_time_stands_first():
    record = asked(blank("eu"), ["rights.appeal"], "access.eu.en", date(2026, 10, 1), date(2026, 11, 2))
    report = found(record)
    first = report.owed_on_request[0]
    assert (first.field, first.status, first.overdue) == ("rights.appeal", "no_answer", True)
    assert report.counts["no_answer"] == 1
    assert found(record, date(2026, 11, 2)).counts["pending"] == 1


def contested() -> Record:
    notice = Evidence(kind="notice", title="Privacy notice", quote="Labels are kept for 30 days.")
    export = Evidence(kind="export", title="export.csv", quote="The oldest label is 812 days old.")
    record = entered(blank("uk"), "ret.labels", "disclosed", on=TODAY, why="read", evidence=(notice,), value="30 days")
    record = entered(record, "ret.labels", "contradicted", on=TODAY, why="seen", evidence=(export,))
    return disputed(record, "ret.labels", Dispute(by="school", on=TODAY, says="The old rows are a test."))


def test_both_sides_of_a_contradiction_are_quoted_side_by_side():
    record = contested()
    report = found(record)
    (one,) = report.contradictions
    assert [evidence.quote for evidence in one.evidence] == [
        "Labels are kept for 30 days.",
        "The oldest label is 812 days old.",
    ]
    said = text(report, record)
    assert said.index("Labels are kept for 30 days.") < said.index("The oldest label is 812 days old.")


def test_what_the_school_disputes_stands_beside_what_we_say():
    record = contested()
    (one,) = found(record).disputes
    assert (one.answer.value, one.dispute[0].says) == ("30 days", "The old rows are a test.")
    assert "Disputed by school on 30 November 2026: “The old rows are a test.”" in text(found(record), record)


def text(report: Gaps, record: Record) -> str:
    return json.dumps([str(block) for block in gaps_paper(report, record).blocks], ensure_ascii=False)


@pytest.mark.parametrize("place", sorted(PLACES))
def test_silence_is_no_breach_and_nothing_is_graded(place):
    record = worked("967-schools").model_copy(update={"place": place})
    said = text(found(record, facts=("output.emotion", "subject.pupil")), record).casefold()
    # What contracts in the United States call the classes of a school.
    said = said.replace("grade levels", "")
    for word in ("%", "illegal", "unlawful", "violat", "breach of", "grade", "score of", "compliant"):
        assert word not in said, word
    assert "not told to us" in said
    assert "no legal advice" in said


@pytest.mark.parametrize("place", sorted(PLACES))
def test_law_never_stands_without_how_it_is_known(place):
    record = blank(place)
    report = found(record, facts=("output.emotion", "subject.pupil", "process.identifies_person"))
    said = text(report, record)
    for one in report.law:
        assert f"[{one.id}], {one.since} ({one.mark})" in said
        for sentence in one.caveats:
            assert sentence in said
    for line in report.owed_by_law:
        for one in line.laws:
            assert all(sentence in said for sentence in (*one.judgement, *one.readings))
    for line in report.owed_by_law:
        assert all(", ".join(one.who) in said for one in line.laws)


def test_rival_readings_stand_beside_what_is_owed():
    (line,) = (line for line in found(blank("br")).lines if line.field == "legal.basis")
    (reading,) = line.laws[0].readings
    assert reading.startswith("Is consent the only ground? The authority said in 2023")


def test_a_place_whose_law_is_not_recorded_has_gaps_all_the_same():
    record = new("School A", on=TODAY)
    report = gaps(record, None, TODAY)
    assert len(report.good_practice) == len(report.lines) == len(FIELDS)
    assert any("law of this place is not recorded" in notice for notice in report.notices)


def test_what_to_read_before_a_letter_stands_before_what_to_ask():
    record = worked("967-schools")
    report = found(record)
    said = text(report, record)
    assert report.safety
    assert all(said.index(sentence) < said.index("Owed to whoever asks") for sentence in report.safety)


def test_the_json_holds_what_the_report_holds():
    record = contested()
    report = found(record, facts=("output.emotion",))
    told = json.loads(json.dumps(gaps_json(report)))
    assert told["format"] == "misread-gaps/1"
    assert told["counts"] == dict(report.counts)
    assert [(one["field"], one["order"], one["ask"]) for one in told["lines"]] == [
        (line.field, line.order, line.ask) for line in report.lines
    ]
    assert set(told["law"]) == {one.id for one in report.law}
    for one in told["lines"]:
        assert set(one["laws"]) <= set(told["law"])
        assert one["way"] is None or set(one["way"]["grounds"]) <= set(told["law"])
    assert told["contradictions"][0]["evidence"][1]["quote"] == "The oldest label is 812 days old."
    assert told["disputes"][0]["answer"]["dispute"][0]["says"] == "The old rows are a test."


@pytest.mark.parametrize(
    ("old", "changed"),
    [
        ('effect = "requires"', 'effect = "permits"'),
        ('facts_all = ["output.emotion"]', 'facts_all = ["output.emotion"]\nfacts_none = ["subject.pupil"]'),
        ("applies_from = 2026-08-02", "applies_from = 2026-08-02\napplies_until = 2026-11-29"),
        ("confidence =", 'retired = { on = 2026-11-01, reason = "It was repealed." }\nconfidence ='),
    ],
)
def test_what_requires_nothing_any_more_makes_nothing_owed(old, changed):
    text = (LAW / "eu.toml").read_text(encoding="utf-8")
    before, after = text.split('id = "eu.aia.50-3"', 1)
    assert old in after
    for body, owed in ((text, True), (before + 'id = "eu.aia.50-3"' + after.replace(old, changed, 1), False)):
        (place,) = read({"eu.toml": body}).values()
        standings = tuple(s for one in place.provision if (s := standing(place, one, TODAY)))
        report = gaps(blank("eu"), Law(place, TODAY, (place,), standings), TODAY, ("output.emotion", "subject.pupil"))
        (line,) = (line for line in report.lines if line.field == "rights.notice")
        assert ("eu.aia.50-3" in {one.id for one in line.laws}) == owed
        assert not any("Art. 50(3)" in said for said in line.conditions)
