"""Calendar files: what is written is read back by another's reader."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from misread.rights import Event, calendar_file

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.sampled_from('\n,;\\:"'), max_size=200)


def back(events):
    text = calendar_file(events, NOW)
    return text, list(Calendar.from_ical(text.encode()).walk("VEVENT"))


@given(st.lists(st.tuples(st.dates(date(1970, 1, 1), date(2100, 1, 1)), TEXT, TEXT), max_size=4))
def test_every_day_and_text_comes_back(given):
    events = [Event(*one) for one in given]
    text, found = back(events)
    assert [(e.decoded("DTSTART"), str(e["SUMMARY"])) for e in found] == [(e.day, e.title) for e in events]
    assert [str(e.get("DESCRIPTION", "")) for e in found] == [e.text for e in events]
    lines = text.split("\r\n")
    assert lines.pop() == ""
    assert all(len(line.encode()) <= 75 and "\n" not in line and "\r" not in line for line in lines)


def test_what_it_says_of_itself():
    text, (event,) = back([Event(date(2026, 12, 1), "Due: the answer", "s. 10")])
    whole = Calendar.from_ical(text)
    assert (whole["VERSION"], whole["PRODID"]) == ("2.0", "-//misread//rights//EN")
    assert event.decoded("DTSTAMP") == NOW
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert not whole.errors
    assert not event.errors


def test_an_entry_taken_in_twice_is_the_same_entry():
    one, other = Event(date(2026, 12, 1), "Due"), Event(date(2026, 12, 2), "Due")
    assert one.uid == Event(date(2026, 12, 1), "Due", "more").uid != other.uid


def test_control_characters_are_left_out():
    _, (event,) = back([Event(date(2026, 12, 1), "a\x00b\x07c\x7f")])
    assert str(event["SUMMARY"]) == "abc"
