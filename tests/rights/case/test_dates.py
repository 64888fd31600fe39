"""The dates of a letter, by hand: what comes of silence, of more time taken, of replies that say nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.rights import law
from misread.rights.case.change import noted, replied
from misread.rights.case.dates import dates
from tests.rights.case.test_case import hits
from tests.rights.case.texts import CAME, SENT, without_record

ONE = timedelta(days=1)


def first(case, law, on=CAME):
    return dates(case, law, on)[0]


# Counted by hand from 2 November 2026, a Monday. In Illinois 3 November (election day) and 11 November (Veterans' Day)
# are holidays, in New York the same; 30 November is one in Scotland. China works all weekdays of that November.
@pytest.mark.parametrize(
    ("place", "kind", "expected", "very_late"),
    [
        ("eu", "access", date(2026, 12, 2), date(2027, 2, 3)),  # 1 month, 3 with the extension
        ("uk", "access", date(2026, 12, 2), date(2027, 2, 3)),  # 1 month, 3 with the extension
        ("us-il", "access", date(2026, 11, 18), date(2026, 11, 26)),  # 10 business days, 15
        ("us-ny", "records", date(2026, 11, 10), date(2026, 12, 11)),  # 5 business days, and 30 days of ours
        ("uk", "records", date(2026, 12, 1), date(2027, 1, 1)),  # 20 working days, and 30 days of ours
        ("br", "access", date(2026, 11, 17), date(2026, 12, 18)),  # 15 days, and 30 days of ours
        ("br", "records", date(2026, 11, 22), date(2026, 12, 3)),  # 20 days, 30
        ("in", "records", date(2026, 12, 2), date(2027, 1, 2)),  # 30 days, and 30 days of ours
        ("cn", "records", date(2026, 11, 30), date(2026, 12, 29)),  # 20 working days, 40
    ],
)
def test_three_dates_counted_by_hand(place, kind, expected, very_late):
    case, law = without_record(place, kind)
    found = first(case, law)
    assert (found.asked_on, found.expected_by, found.act_from) == (SENT, expected, expected + ONE)
    assert "; how it is known: " in found.counted[0]
    assert found.very_late_from == very_late
    for on, state in (
        (SENT, "waiting"),
        (expected, "waiting"),
        (expected + ONE, "late"),
        (very_late - ONE, "late"),
        (very_late, "very late"),
    ):
        assert first(case, law, on).state == state, on
    assert any("2 November" in text for text in found.counted)


def test_where_the_law_names_no_number_of_days_it_says_so_and_names_a_courtesy():
    found = first(*without_record("cn"))
    assert (found.state, found.expected_by, found.act_from) == ("undated", None, None)
    assert found.courtesy == date(2026, 12, 2)
    assert any("names no number of days" in text for text in found.counted)
    assert any("No law sets this day" in text for text in found.counted)


def test_a_day_that_is_still_to_come_is_told():
    case, law = without_record("eu", "access")
    early = SENT - ONE
    (said,) = (text for text in first(case, law, early).unsure if "still to come" in text)
    assert said.startswith("It was sent on 2 November 2026")
    assert not any("still to come" in text for text in first(case, law, SENT).unsure)
    case = noted(case, on=SENT, received=(1, SENT + ONE))
    case = replied(case, hits("silence"), to=1, on=CAME).case
    told = [text.partition(" on ")[0] for text in first(case, law, SENT).unsure if "still to come" in text]
    assert told == ["It was received", "Reply 1 came"]


def test_a_deadline_in_school_days_needs_the_terms():
    case, law = without_record("uk")
    assert any("terms are not in the case" in text for text in first(case, law).unsure)
    with_terms = case.model_copy(update={"terms": ((date(2026, 9, 2), date(2026, 12, 18)),)})
    found = first(with_terms, law)
    # 15 school days end on 23 November, before the month: whoever waits for both waits for the month.
    assert found.expected_by == date(2026, 12, 2)
    assert any("15 school days" in text for text in found.counted)


def test_it_is_counted_from_receipt_where_that_is_known():
    case, law = without_record("eu")
    assert any("day of receipt is not known" in text for text in first(case, law).counted)
    later = noted(case, on=CAME, received=(1, date(2026, 11, 10)))
    assert first(later, law).expected_by == date(2026, 12, 10)
    assert not any("day of receipt is not known" in text for text in first(later, law).counted)


def test_more_time_taken_in_time_counts_as_far_as_the_law_allows():
    case, law = without_record("eu")
    taken = replied(case, hits("extension-claimed"), to=1, on=CAME).case
    assert first(taken, law).expected_by == date(2027, 2, 2)
    assert first(taken, law, date(2026, 12, 20)).state == "waiting"
    assert first(taken, law, date(2027, 2, 3)).state == "very late"
    sooner = replied(case, hits("extension-claimed"), to=1, on=CAME, until=date(2026, 12, 20)).case
    assert first(sooner, law).expected_by == date(2026, 12, 20)
    longer = replied(case, hits("extension-claimed"), to=1, on=CAME, until=date(2027, 6, 1)).case
    assert first(longer, law).expected_by == date(2027, 2, 2)


def test_more_time_taken_too_late_or_where_no_law_allows_it_changes_nothing():
    case, law = without_record("eu")
    late = replied(case, hits("extension-claimed"), to=1, on=date(2026, 12, 3)).case
    assert first(late, law).expected_by == date(2026, 12, 2)
    assert any("after the last day" in text for text in first(late, law).counted)
    case, law = without_record("in", "records")
    none = replied(case, hits("extension-claimed"), to=1, on=CAME, until=date(2027, 1, 15)).case
    assert first(none, law).expected_by == date(2026, 12, 2)
    assert any("knows no extension" in text for text in first(none, law).counted)


@pytest.mark.parametrize("id", ["holding-reply", "wrong-law-in-reply", "child-must-ask", "id-copy-demanded", "fee"])
def test_a_reply_that_answers_nothing_does_not_stop_the_clock(id):
    case, law = without_record("eu")
    held = replied(case, hits(id), to=1, on=CAME).case
    assert first(held, law, date(2026, 12, 3)).state == "late"
    assert first(held, law).expected_by == first(case, law).expected_by
    # Where the law may pause, it says so.
    assert any("may stand still" in text for text in first(held, law).unsure)


def test_an_answer_ends_the_wait():
    case, law = without_record("eu")
    for told in (hits("trade-secret"), []):
        over = replied(case, told, to=1, on=CAME, settled=not told).case
        assert first(over, law, date(2027, 6, 1)).state == "answered"


@given(st.sampled_from(sorted(law())), st.dates(SENT, date(2026, 12, 31)), st.integers(0, 60))
def test_later_receipt_never_brings_a_day_forward(place, received, more):
    case, law = without_record(place)
    early = first(noted(case, on=CAME, received=(1, received)), law)
    late = first(noted(case, on=CAME, received=(1, received + timedelta(days=more))), law)
    if early.expected_by is None:
        assert late.expected_by is None
        return
    assert early.expected_by <= late.expected_by
    assert early.act_from == early.expected_by + ONE <= early.very_late_from
