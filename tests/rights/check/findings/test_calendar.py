"""The calendar file."""

from datetime import date, timedelta

import numpy as np
import pytest

from misread.errors import MisreadError
from misread.rights.check.findings.calendar import Calendar, read_calendar

WHOLE = b"""
terms = [[2025-09-01, 2025-09-12], [2025-09-22, 2025-09-26]]
closed = [2025-09-10]
absent = [2025-09-02]
hours = "08:00-13:00"
lessons = ["08:50-09:30", "08:00-08:40"]
rooms = ["B12"]
zone = "Europe/Dublin"
"""


def test_days_with_school() -> None:
    calendar = read_calendar("calendar.toml", WHOLE)
    days = [date(1970, 1, 1) + timedelta(int(day)) for day in calendar.in_term()]
    assert len(days) == 5 + 4 + 5
    assert date(2025, 9, 10) not in days
    assert date(2025, 9, 15) not in days
    assert all(day.weekday() < 5 for day in days)
    # A day on which the child was away is a school day all the same.
    assert date(2025, 9, 2) in days
    assert calendar.spans() == ((480, 520), (530, 570))


def test_other_weekdays() -> None:
    calendar = Calendar(terms=((date(2025, 9, 1), date(2025, 9, 7)),), weekdays=("sun", "mon"))
    assert np.array_equal(np.diff(calendar.in_term()), [6])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b" ", "It is empty"),
        (b"hours = ''", "`terms` is missing"),
        (b"terms = []", "terms"),
        (b"terms = [[2025-09-05, 2025-09-01]]", "ends before it begins"),
        (b"terms = [[2025-09-01, 2065-09-01]]", "twenty years"),
        (b"terms = [[2025-09-01, 2025-09-05]]\nhours = '8 to 3'", "calendar.toml:2: hours"),
        (b"terms = [[2025-09-01, 2025-09-05]]\nhours = '09:00-08:00'", "ends before it begins"),
        (b"terms = [[2025-09-01, 2025-09-05]]\nzone = 'Mars/Base'", "is no time zone"),
        (b"terms = [[2025-09-01, 2025-09-05]]\nholidays = []", "`holidays` is no key here"),
        (b"term = 1", "did you mean `terms`?"),
        (b"terms = [", "no TOML"),
        (b"\xff\xfe", "calendar.toml"),
    ],
)
def test_what_is_wrong_is_said(text: bytes, said: str) -> None:
    with pytest.raises(MisreadError) as refused:
        read_calendar("calendar.toml", text)
    assert said in str(refused.value)
