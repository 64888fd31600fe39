"""Deadlines: days, months, holidays, closed days, terms, pauses, extensions, and how each was counted."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from misread.errors import MisreadError
from misread.rights import Circumstances, Deadline, at, count, law, matters
from misread.rights.places.deadlines.calendars import calendar
from misread.rights.places.deadlines.lengths import end, months_after, parse

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
UNITS = ("calendar-day", "working-day", "business-day", "week", "calendar-month", "year")
TERMS = tuple((date(y, m, 1), date(y, m + 3, 20)) for y in range(2019, 2041) for m in (1, 4, 9))


def deadline(length="20 working-day", **more):
    return Deadline(
        id="xx.a",
        sources=(),
        confidence="high",
        what="an answer",
        basis="a law",
        starts="receipt",
        **{"length": length, **more},
    )


def due(of, start, **given):
    return count(of, start, Circumstances(**given)).due


OWED = {d.id: d for place in law().values() for d in place.deadline}


@given(DAYS, st.integers(1, 60))
def test_months_are_as_elsewhere(start, months):
    assert months_after(start, months) == start + relativedelta(months=months)


# Bank holidays of the United Kingdom as its government lists them, those of all nations together.
UK_2026 = [
    "2026-01-01",
    "2026-01-02",
    "2026-03-17",
    "2026-04-03",
    "2026-04-06",
    "2026-05-04",
    "2026-05-25",
    "2026-06-15",
    "2026-07-13",
    "2026-08-03",
    "2026-08-31",
    "2026-11-30",
    "2026-12-25",
    "2026-12-28",
]


@given(st.dates(date(2026, 1, 2), date(2026, 9, 30)), st.integers(1, 60))
def test_working_days_of_the_united_kingdom_are_as_counted_by_others(start, n):
    wanted = np.busday_offset(start, n, roll="backward", holidays=UK_2026).astype(date)
    assert due(deadline(f"{n} working-day", calendar="GB-any"), start) == wanted


@pytest.mark.parametrize(("on", "name"), [((2026, 11, 30), "Scotland"), ((2026, 3, 17), "Northern Ireland")])
def test_a_holiday_of_one_nation_counts_and_is_named(on, name):
    assert calendar("GB-any").holiday(date(*on)).where == name
    assert not calendar("GB-any").working(date(*on))
    assert calendar("GB-ENG").working(date(*on))


def test_china_works_on_some_weekends():
    start, of = date(2026, 9, 21), OWED["cn.ogi.33"]
    assert calendar("CN").working(date(2026, 10, 10))
    assert due(of, start) == date(2026, 10, 26)
    assert due(deadline("20 working-day"), start) == date(2026, 10, 19)
    assert "10 October" in count(of, start).counted[0].said
    assert count(of, start).unsure == ()
    # What is worked in a year to come is not announced yet.
    assert any("2030" in said for said in count(of, date(2030, 9, 20)).unsure)


def test_it_says_in_words_how_it_counted():
    said = count(OWED["uk.foia.other"], date(2026, 11, 2)).counted[0].said
    assert said == (
        "20 working days after 2 November 2026, so 1 December 2026: "
        "30 November is a holiday in Scotland and counts as one (Saint Andrew's Day)."
    )
    ireland = count(OWED["eu.gdpr.12-3"], date(2027, 1, 29), Circumstances("IE")).counted[0].said
    assert ireland == (
        "1 month after 29 January 2027, so 1 March 2027: that month has no day 29; "
        "28 February is a Sunday, so it moves to 1 March."
    )


def test_without_a_country_only_weekends_are_left_out_and_that_is_said():
    of = OWED["eu.gdpr.12-3"]
    assert due(of, date(2026, 3, 5)) == date(2026, 4, 6)
    assert any("Holidays were not left out" in said for said in count(of, date(2026, 3, 5)).unsure)
    assert not any("Holidays" in said for said in count(of, date(2026, 3, 5), Circumstances("IE")).unsure)


def test_of_rival_readings_the_latest_counts_for_them_and_the_earliest_for_oneself():
    theirs = OWED["uk.dpa2018.164a.ack"]
    ours = theirs.model_copy(update={"owner": "user"})
    start = date(2026, 11, 23)
    assert [one.due for one in count(theirs, start).counted] == [date(2026, 12, 22), date(2026, 12, 23)]
    assert (count(theirs, start).due, count(theirs, start).act_from) == (date(2026, 12, 23), date(2026, 12, 24))
    assert (count(ours, start).due, count(ours, start).act_from) == (date(2026, 12, 22), None)
    assert any("Texts differ" in said for said in count(theirs, start).unsure)


def test_where_the_law_has_no_number_none_is_made_up():
    answer = count(OWED["cn.pipl.45"], date(2026, 11, 23))
    assert (answer.due, answer.act_from, answer.counted) == (None, None, ())
    assert answer.courtesy.due == date(2026, 12, 23)
    assert "GB/T 35273" in answer.courtesy.reading


SCHOOL = OWED["uk.foia.school"]
AUTUMN, SPRING = (date(2026, 9, 2), date(2026, 12, 18)), (date(2027, 1, 4), date(2027, 4, 1))


def test_school_days_are_never_guessed():
    with pytest.raises(MisreadError, match="without the school's terms"):
        count(SCHOOL, date(2026, 11, 23))
    with pytest.raises(MisreadError, match="for four years no day counts"):
        count(SCHOOL, date(2026, 11, 23), Circumstances(terms=(AUTUMN,)))


def test_school_days_or_working_days_whichever_is_earlier():
    # 19 school days are left after 23 November; 4 January, a holiday in Scotland, is one.
    assert due(SCHOOL, date(2026, 11, 23), terms=(AUTUMN, SPRING)) == date(2027, 1, 4)
    assert due(SCHOOL, date(2026, 11, 23), terms=(AUTUMN, SPRING), closed=frozenset({date(2027, 1, 4)})) == date(
        2027, 1, 5
    )
    # Asked at the end of term, a Friday, the 60 working days end first: twelve weeks, and two days for 2 and 30 August.
    summer = ((date(2027, 4, 19), date(2027, 7, 16)), (date(2027, 10, 25), date(2028, 2, 1)))
    answer = count(SCHOOL, date(2027, 7, 16), Circumstances(terms=summer))
    assert answer.due == date(2027, 10, 12)
    assert "60 working days end on 12 October 2027" in answer.counted[0].said


def test_a_holiday_of_all_parts_is_no_school_day():
    term = ((date(2026, 4, 13), date(2026, 7, 17)),)
    days = calendar("GB-any", frozenset(), term)
    assert not days.school(date(2026, 5, 4))
    assert days.school(date(2026, 7, 13))
    assert not days.school(date(2026, 7, 18))


@given(st.sampled_from(UNITS), st.integers(1, 40), DAYS, st.integers(0, 60))
def test_who_asks_later_waits_until_later(unit, n, start, more):
    of = deadline(f"{n} {unit}", calendar="GB-any", roll="next-working-day")
    assert due(of, start) <= due(of, start + timedelta(days=more))


@given(st.sampled_from(UNITS), st.integers(1, 40), st.integers(1, 40), DAYS)
def test_longer_is_never_earlier_nor_is_an_extension(unit, n, more, start):
    of = deadline(f"{n} {unit}", calendar="US-IL", extend={"by": f"{more} {unit}", "needs": "a reason"})
    assert start < due(of, start) < due(deadline(f"{n + more} {unit}", calendar="US-IL"), start)
    assert due(of, start, extended=True) == due(deadline(f"{n + more} {unit}", calendar="US-IL"), start)


@given(st.sampled_from(("calendar-day", "week", "calendar-month", "year")), st.integers(1, 12), DAYS, st.data())
def test_a_pause_of_some_days_moves_it_by_as_many(unit, n, start, data):
    of, plain = deadline(f"{n} {unit}"), due(deadline(f"{n} {unit}"), start)
    first = data.draw(st.integers(1, (plain - start).days))
    length = data.draw(st.integers(1, 50))
    begun = start + timedelta(days=first)
    pause = (begun, begun + timedelta(days=length - 1))
    assert due(of, start, pauses=(pause,)) == plain + timedelta(days=length)


@given(st.integers(1, 40), DAYS, st.integers(1, 30), st.integers(1, 20))
def test_a_pause_moves_working_days_by_the_working_days_in_it(n, start, first, length):
    of = deadline(f"{n} working-day", calendar="GB-any")
    paused = [start + timedelta(days=first + i) for i in range(length)]
    moved = due(of, start, pauses=((paused[0], paused[-1]),))
    known = calendar("GB-any")
    days = [start + timedelta(days=i + 1) for i in range((moved - start).days)]
    assert sum(known.working(d) and d not in paused for d in days) == n
    assert moved >= due(of, start)


@given(st.integers(1, 40), st.integers(1, 40), DAYS)
def test_the_earliest_of_two_is_neither_later_than_the_one_nor_than_the_other(school, working, start):
    lengths = (f"{school} school-day", f"{working} working-day")
    both = due(deadline(None, earliest_of=lengths, calendar="GB-any"), start, terms=TERMS)
    each = [due(deadline(length, calendar="GB-any"), start, terms=TERMS) for length in lengths]
    assert both == min(each)


@given(st.integers(1, 30), DAYS, st.frozensets(st.integers(1, 40)))
def test_a_closed_day_never_makes_it_earlier_and_is_never_the_last(n, start, which):
    of = deadline(f"{n} business-day", calendar="US-IL", closed_days=True)
    closed = frozenset(start + timedelta(days=i) for i in which)
    last = due(of, start, closed=closed)
    assert last >= due(of, start)
    assert last not in closed
    assert calendar("US-IL").working(last)


@given(st.sampled_from(UNITS), st.integers(1, 40), DAYS)
def test_what_moves_ends_on_the_next_working_day(unit, n, start):
    plain = due(deadline(f"{n} {unit}", calendar="IE"), start)
    moved = due(deadline(f"{n} {unit}", calendar="IE", roll="next-working-day"), start)
    known = calendar("IE")
    assert known.working(moved)
    assert not any(known.working(plain + timedelta(days=i)) for i in range((moved - plain).days))


@given(st.integers(1, 200), DAYS)
def test_the_day_itself_as_day_one_ends_a_day_earlier(n, start):
    of = deadline(f"{n} calendar-day")
    assert due(of, start) - due(of.model_copy(update={"first_day": "same-day"}), start) == timedelta(days=1)


@given(st.sampled_from(sorted(OWED)), DAYS)
def test_every_deadline_can_be_counted_from_every_day_and_says_how(id, start):
    answer = count(OWED[id], start, Circumstances(terms=TERMS))
    assert (answer.due is None) == OWED[id].none
    for one in answer.counted:
        assert one.due > start
        assert str(one.due.year) in one.said
        assert one.said.endswith(".")


def test_what_makes_no_difference_is_known():
    assert matters(OWED["us.ferpa.45"]) == {"pauses"}
    assert matters(OWED["us-il.issra.10"]) == {"pauses", "closed", "extended"}
    assert matters(SCHOOL) == {"pauses", "closed", "terms"}
    assert matters(OWED["eu.gdpr.12-3"]) == {"pauses", "calendar", "extended"}
    assert matters(OWED["cn.pipl.45"]) == set()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"calendar": "XX"}, "The holidays of `XX` are not known"),
        ({"calendar": "DE-XX"}, "The holidays of `DE-XX` are not known"),
        ({"terms": ((date(2026, 9, 2), date(2026, 9, 1)),)}, "no time that a deadline runs through"),
        ({"pauses": ((date(2026, 9, 2), date(2026, 9, 1)),)}, "no time that a deadline runs through"),
        ({"pauses": ((date(2026, 9, 2), date(9999, 12, 31)),)}, "no time that a deadline runs through"),
        ({"pauses": ((date(2026, 9, 2), date(2036, 9, 2)),)}, "four years at most"),
        ({"pauses": tuple((date(y, 1, 1), date(y, 12, 31)) for y in range(2026, 2034))}, "pauses that end"),
    ],
)
def test_what_cannot_be_is_refused(given, said):
    with pytest.raises(MisreadError, match=said):
        count(OWED["eu.gdpr.12-3"], date(2026, 8, 31), Circumstances(**given))


@pytest.mark.parametrize("year", [1899, 2150])
def test_a_day_out_of_all_reason_is_refused(year):
    with pytest.raises(MisreadError, match="not counted from"):
        count(OWED["in.rti.7"], date(year, 1, 1))


@pytest.mark.parametrize("text", ["", "20", "0 week", "20 workingday", "-1 week", "1 week ", "1000 year"])
def test_what_is_no_length(text):
    with pytest.raises(ValueError, match="no length"):
        parse(text)


def test_a_calendar_without_days_is_noticed():
    with pytest.raises(ValueError, match="no day counts"):
        end(date(2026, 1, 1), parse("1 working-day"), lambda _day: False)


def test_a_word_that_means_no_deadline_is_refused_with_those_there_are():
    with pytest.raises(MisreadError) as caught:
        at("uk", date(2026, 11, 23)).deadline("foia.others")
    assert "did you mean `foia.other`?" in str(caught.value)
