"""What to do next: each answer leads to a step with a day, and no day stands there without a step."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.rights import at, law
from misread.rights.case.change import begun, noted, replied, sent
from misread.rights.case.modules import modules
from misread.rights.case.reading import read_reply
from misread.rights.case.steps import calendar, complaint, next_steps
from tests.rights.case.test_case import hits
from tests.rights.case.texts import CAME, SENT, texts, without_record

RECEIVED = [row for row in texts("received.toml") if row["says"]]
FOLLOWED = date(2026, 12, 4)
"""Fourteen days after 20 November, when the replies came."""
WAITED = {
    # The day after the last day, which test_dates.py counts by hand; where that is before the reply, the reply's day.
    ("eu", "access"): date(2026, 12, 3),
    ("uk", "access"): date(2026, 12, 3),
    ("us-il", "access"): CAME,
    ("br", "access"): CAME,
    ("br", "records"): date(2026, 11, 23),
    ("in", "records"): date(2026, 12, 3),
    ("us-ny", "records"): CAME,
    ("us-il", "records"): CAME,
    ("uk", "records"): date(2026, 12, 2),
    # China's law names no day for access: 30 days of a standard, and the day after.
    ("cn", "access"): date(2026, 12, 3),
}
TAKEN = {
    # More time was taken: the day after the extended last day, or after the first one where no extension counts.
    ("eu", "access"): date(2027, 2, 3),
    ("us-il", "access"): date(2026, 11, 26),
    ("uk", "access"): date(2027, 2, 3),
    ("cn", "records"): date(2026, 12, 29),
    ("br", "records"): date(2026, 12, 3),
    ("in", "records"): date(2026, 12, 3),
}


@pytest.mark.parametrize("row", RECEIVED, ids=lambda row: f"{'+'.join(row['says'])}-{row['place']}")
def test_from_a_received_text_to_the_next_step_and_its_day(row):
    kind, came = row.get("kind", "access"), row.get("on", CAME)
    case, law = without_record(row["place"], kind)
    found = read_reply(row["text"], law=law, kind=kind, on=came)
    case = replied(case, found.hits, to=1, on=came, cited=found.cited).case
    steps = next_steps(case, law, came)
    told = [step for step in steps if step.say.startswith("Reply 1")]
    # At once: one step, in which every answer has its say.
    (now,) = [step for step in told if step.date == came and step.letter in (None, kind) and "complain" not in step.say]
    for hit in found.hits:
        assert hit.module.next[0].say in now.say
        assert hit.module.says in now.why
    for hit in found.hits:
        later = hit.module.next[1]
        if not later.letter:
            # A reminder is told of the letter as a whole.
            (waits,) = [step for step in steps if "Send a reminder" in step.say]
            days = TAKEN if hit.module.clock == "extends" else WAITED
            assert max(waits.date, CAME if days is WAITED else waits.date) == days[row["place"], kind]
            continue
        expected = FOLLOWED if later.when == "in 14 days" else WAITED[row["place"], kind]
        (then,) = [step for step in told if later.say in step.say and step.date == expected]
        assert then.letter == (None if kind == "records" else complaint(law))
        assert ("ways of its own" in then.say) == (kind == "records")


def test_every_reply_of_the_study_leads_to_a_day_in_every_place():
    for place in law():
        for id, module in modules().items():
            kind = "access" if "access" in module.kinds else module.kinds[0]
            case, there = without_record(place, kind)
            case = replied(case, hits(id, quote=""), to=1, on=CAME).case
            steps = next_steps(case, there, CAME)
            assert steps, (place, id)
            assert all(step.say and step.why for step in steps)


def test_silence_leads_to_a_reminder_and_then_to_a_complaint():
    case, law = without_record("eu")
    remind, complain = next_steps(case, law, CAME)
    assert (remind.date, remind.letter) == (date(2026, 12, 3), None)
    assert (complain.date, complain.letter) == (date(2027, 2, 3), "complaint")
    # The reminder went out: only the complaint is left.
    silent = replied(case, hits("silence", quote=""), to=1, on=date(2026, 12, 5)).case
    reminded = sent(silent, "reminder", "access", on=date(2026, 12, 5), law=law, follows=1)
    assert [(s.date, s.letter) for s in next_steps(reminded, law, date(2026, 12, 6)) if "Letter 1" in s.say] == [
        (date(2027, 2, 3), "complaint")
    ]
    # And after the complaint nothing of the first letter is.
    complained = sent(reminded, "complaint.eu.en", "complaint", on=date(2027, 2, 4), law=law)
    left = [s for s in next_steps(complained, law, date(2027, 2, 5)) if "Letter 1" in s.say]
    assert left == []


def test_a_step_is_gone_when_it_was_done():
    case, law = without_record("eu")
    case = replied(case, hits("trade-secret"), to=1, on=CAME).case
    assert [s.letter for s in next_steps(case, law, CAME)] == [None, "complaint"]
    followed = sent(case, "follow-up", "access", on=CAME, law=law, follows=1)
    assert [(s.date, s.letter) for s in next_steps(followed, law, CAME) if "Reply 1" in s.say] == [
        (FOLLOWED, "complaint")
    ]
    settled = replied(followed, [], to=1, on=date(2026, 12, 1), settled=True).case
    assert [s for s in next_steps(settled, law, CAME) if "Reply" in s.say or "Letter 1" in s.say] == []


def test_who_wrote_back_waits_from_that_day_and_no_longer_than_until_the_answer():
    case, law = without_record("eu", "access")
    case = replied(case, hits("trade-secret"), to=1, on=CAME).case
    complains = "If everything stays refused, complain."
    days = lambda: [step.date for step in next_steps(case, law, CAME) if complains in step.say]  # noqa: E731
    assert days() == [FOLLOWED]
    back = CAME + timedelta(days=5)
    case = sent(case, "follow-up", "access", on=back, law=law, follows=1)
    assert days() == [back + timedelta(days=14)]
    case = replied(case, (), to=2, on=back + timedelta(days=3), settled=True).case
    assert days() == []


def test_a_letter_to_a_state_keeps_no_last_day_of_federal_law():
    case, law = without_record("us-il", "access")
    own = lambda: [(step.letter, step.place) for step in next_steps(case, law, CAME) if step.own]  # noqa: E731
    assert own() == [("complaint", "us")]
    case = sent(case, "complaint.us-il.en", "complaint", on=CAME, law=law)
    assert own() == [("complaint", "us")]
    case = sent(case, "complaint.us.en", "complaint", on=CAME, law=law)
    assert own() == []


def test_in_the_united_kingdom_one_complains_to_who_runs_it_first():
    case, law = without_record("uk")
    case = replied(case, hits("fee"), to=1, on=CAME).case
    assert "internal-complaint" in {step.letter for step in next_steps(case, law, CAME)}


def test_a_complaint_about_a_childs_data_is_no_way_to_get_records():
    case, law = without_record("us-ny", "records")
    late = next_steps(case, law, date(2027, 6, 1))
    assert [step.letter for step in late if "complain" in step.say and not step.own] == [None]
    assert any("On file: appeal within 30 days of a refusal." in step.say for step in late)
    # In the United Kingdom the impact assessment is asked for by that law too.
    case, law = without_record("uk", "access")
    asked = sent(case, "impact-assessment.uk.en", "impact-assessment", on=SENT, law=law, deadline="uk.foia.other")
    told = [step for step in next_steps(asked, law, CAME) if "Letter 2" in step.say and "complain" in step.say]
    assert [step.letter for step in told] == [None]


def test_a_reminder_of_what_was_noted_is_not_noted_again():
    case, law = without_record("eu")
    assert [(s.reply, s.reminds) for s in next_steps(case, law, CAME)] == [(None, 1), (None, None)]
    silent = replied(case, hits("silence", quote=""), to=1, on=date(2026, 12, 5)).case
    assert [(s.reply, s.reminds) for s in next_steps(silent, law, date(2026, 12, 6))] == [(1, None), (None, None)]


def test_another_addressee_gets_the_same_letter():
    case, law = without_record("eu")
    case = replied(case, hits("not-the-controller"), to=1, on=CAME).case
    assert next_steps(case, law, CAME)[0].letter == "access"


def test_ones_own_last_days_stand_apart_by_their_earliest_reading():
    case, law = without_record("us-il")
    (own,) = [step for step in next_steps(case, law, CAME) if step.own]
    # 180 days after 2 November 2026, the first letter: 1 May 2027, a Saturday.
    assert (own.date, own.letter) == (date(2027, 5, 1), "complaint")
    assert "first letter" in own.why
    over = [step for step in next_steps(case, law, date(2027, 6, 1)) if step.own]
    assert "ask a lawyer" in over[0].say
    complained = sent(case, "complaint.us.en", "complaint", on=CAME, law=law)
    assert not [step for step in next_steps(complained, law, CAME) if step.own]


def test_an_appeal_runs_from_the_refusal():
    case, law = without_record("us-ny", "records")
    assert not [s for s in next_steps(case, law, CAME) if "appeal" in s.say and s.own]
    case = replied(case, hits("trade-secret"), to=1, on=CAME).case
    (own,) = [s for s in next_steps(case, law, CAME) if "appeal" in s.say and s.own]
    # 30 days after 20 November 2026.
    assert (own.date, own.own) == (date(2026, 12, 20), True)


def test_a_new_case_begins_with_what_can_be_asked_there():
    def first(place):
        return next_steps(begun(place, on=SENT), at(place, SENT), SENT)

    assert [step.letter for step in first("eu")] == ["access"]
    assert [step.letter for step in first("in")] == ["records"]
    # Where a letter can do harm, other ways come first.
    other, letter = first("cn")
    assert "other ways" in other.say or "other ways" in letter.say
    assert {other.letter, letter.letter} == {None, "access"}


@settings(max_examples=40)
@given(
    st.sampled_from(sorted(law())),
    st.lists(st.tuples(st.sampled_from(sorted(modules())), st.integers(0, 120)), max_size=3),
    st.integers(0, 200),
)
def test_steps_are_in_order_and_each_says_what_to_do(place, replies, later):
    case, law = without_record(place)
    for id, days in replies:
        case = replied(case, hits(id, quote=""), to=1, on=SENT + timedelta(days=days)).case
    steps = next_steps(case, law, SENT + timedelta(days=later))
    assert [step.date for step in steps] == sorted(step.date for step in steps)
    assert all(step.say.rstrip().endswith((".", "!")) for step in steps)
    assert all(step.date >= SENT for step in steps)
    assert len(set(steps)) == len(steps)


def test_on_one_day_what_may_settle_it_comes_before_a_complaint():
    case, law = without_record("eu", "access")
    late = date(2026, 12, 20)
    case = replied(case, (*hits("id-copy-demanded"), *hits("trade-secret")), to=1, on=late).case
    now = [step.letter for step in next_steps(case, law, late) if step.date == late]
    assert now[-1] == "complaint"
    assert now[0] is None


def test_the_calendar_file_holds_every_step():
    case, law = without_record("eu")
    case = noted(case, on=CAME, received=(1, date(2026, 11, 4)))
    case = replied(case, hits("no-images-are-stored"), to=1, on=CAME).case
    text = calendar(case, law, CAME, datetime(2026, 11, 20, 12, tzinfo=UTC))
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    steps = next_steps(case, law, CAME)
    assert [(e.decoded("dtstart"), str(e["summary"])) for e in events] == [(s.date, s.say) for s in steps]
    assert all("no legal advice" in str(e["description"]) for e in events)
