"""X06, X07, X08, X11, X21: when labels were written."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from misread.rights.check.check import check
from misread.rights.check.findings.calendar import Calendar
from misread.rights.check.model import Answers
from tests.rights.check.findings.samples import (
    FIRST,
    calendar,
    export,
    found,
    log,
    moments,
    one,
    record,
    school_days,
    sheet,
)

DAYS = school_days(30)
LAST = DAYS[-1]
PERIOD = calendar(last=LAST)


def test_first_last_and_days_without_a_calendar() -> None:
    days = [*DAYS[:5], *DAYS[15:]]
    finding = one("X06", log(moments(days)))
    assert finding.verdict == "cannot tell"
    assert finding.saw["first"] == str(FIRST)
    assert finding.saw["last"] == str(LAST)
    assert finding.saw["days"] == 20
    # Two weeks are missing, the weekends around them included.
    assert finding.saw["gaps"] == [{"from": str(DAYS[4] + timedelta(1)), "to": str(DAYS[15] - timedelta(1))}]


def test_every_school_day_is_there() -> None:
    assert one("X06", log(moments(DAYS)), calendar=PERIOD).verdict == "matches"


def test_school_days_without_a_row() -> None:
    days = [day for i, day in enumerate(DAYS) if i not in (7, 8, 20)]
    finding = one("X06", log(moments(days)), calendar=PERIOD)
    assert finding.verdict == "contradicts"
    assert finding.saw["missing"] == [str(DAYS[i]) for i in (7, 8, 20)]
    assert finding.saw["missing_in_all"] == 3
    assert finding.saw["school_days"] == 30
    # Days on which the child was away, or the school closed, are no gap.
    away = calendar(last=LAST, absent=(DAYS[7], DAYS[8]), closed=(DAYS[20],))
    assert one("X06", log(moments(days)), calendar=away).verdict == "matches"


def test_days_before_the_first_row_are_no_gap() -> None:
    finding = one("X06", log(moments(DAYS[10:])), calendar=PERIOD)
    assert finding.verdict == "matches"
    assert finding.saw["school_days_before"] == 10


def test_a_lesson_without_a_row() -> None:
    at = [
        t
        for t in moments(DAYS)
        if not ((t.date() == DAYS[9] and t.hour == 8 and t.minute >= 50) or (t.date() == DAYS[9] and t.hour == 9))
    ]
    finding = one("X06", log(at), calendar=PERIOD)
    assert finding.verdict == "contradicts"
    assert finding.saw["lessons_missing"] == [{"day": str(DAYS[9]), "lesson": "08:50-09:30"}]


def test_a_lesson_in_which_nothing_is_ever_written_is_no_gap() -> None:
    at = [t for t in moments(DAYS) if t.hour == 8 and t.minute < 40]
    assert one("X06", log(at), calendar=PERIOD).verdict == "matches"


def test_rows_outside_school() -> None:
    weekend = datetime(2025, 9, 6, 8)
    evening = datetime(2025, 9, 5, 19)
    assert one("X07", log(moments(DAYS)), calendar=PERIOD).verdict == "matches"
    assert one("X07", log(moments(DAYS))).verdict == "cannot tell"
    finding = one("X07", log([weekend, *moments(DAYS), evening]), calendar=PERIOD)
    assert finding.verdict == "contradicts"
    assert finding.saw["rows_on_other_days"] == 1
    assert finding.saw["other_days"] == ["2025-09-06"]
    assert finding.saw["rows_at_other_hours"] == 1
    assert finding.saw["row_sample"] == [{"sheet": "table", "row": 2}]


def test_rows_on_a_day_on_which_the_child_was_away() -> None:
    finding = one("X07", log(moments(DAYS)), calendar=calendar(last=LAST, absent=(DAYS[3],)))
    assert finding.saw["other_days"] == [str(DAYS[3])]


def test_rooms() -> None:
    table = log(moments(DAYS))
    table["room"] = ["B12"] * (len(table["emotion"]) - 5) + ["Gym"] * 5
    finding = one("X07", table, calendar=calendar(last=LAST, rooms=("B12",)))
    assert (finding.verdict, finding.saw["rows_in_other_rooms"]) == ("contradicts", 5)
    assert one("X07", table, calendar=PERIOD, record=record(sys__places=["B12", "gym"])).verdict == "matches"
    # Names that do not compare at all are not held against anybody.
    assert one("X07", table, calendar=calendar(last=LAST, rooms=("north wing",))).verdict == "matches"


def seconds(days: list[date], shift: int = 0) -> list[str]:
    epoch = datetime(1970, 1, 1)
    return [str(int((t - epoch).total_seconds()) + shift) for t in moments(days)]


def test_times_in_utc_need_the_zone() -> None:
    table = log(moments(DAYS)) | {"timestamp": seconds(DAYS, -3600)}
    assert one("X07", table, calendar=PERIOD).verdict == "cannot tell"
    ireland = calendar(last=LAST, zone="Europe/Dublin")
    assert one("X07", table, calendar=ireland).verdict == "matches"
    assert one("X06", table, calendar=ireland).verdict == "matches"
    # Ireland has summer time in September: without it all labels would come an hour early.
    assert one("X07", log(moments(DAYS)) | {"timestamp": seconds(DAYS)}, calendar=ireland).saw["latest"] == "10:25"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (None, "cannot tell"),
        ({}, "not mentioned"),
        ({"output__interval": "every 5 minutes"}, "matches"),
        ({"output__interval": {"seconds": 300}}, "matches"),
        ({"output__interval": "every 4 to 10 minutes"}, "matches"),
        ({"output__interval": "every 10 minutes"}, "contradicts"),
        ({"output__interval": "every 2 minutes"}, "contradicts"),
        ({"output__interval": "every few minutes"}, "cannot tell"),
    ],
)
def test_how_often(said: dict[str, Any] | None, verdict: str) -> None:
    finding = one("X08", log(moments(DAYS[:3])), record=None if said is None else record(**said))
    assert finding.saw["seconds"] == 300
    assert finding.verdict == verdict


def test_columns_side_by_side_are_one_after_the_other() -> None:
    days = DAYS[:4]
    table: dict[str, list[Any]] = {"date": [str(d) for d in days], "start time": ["08:00"] * 4}
    table |= {f"emotion +{m} min": ["happy", "sad", "happy", "bored"] for m in (0, 10, 20)}
    checked = check(export(sheet(table)), calendar=calendar(last=days[-1]))
    assert found(checked, "X08").saw["seconds"] == 600
    assert found(checked, "X06").saw["rows"] == 12
    assert found(checked, "X07").saw["latest"] == "08:20"


def test_minutes_of_the_day() -> None:
    days = DAYS[:2]
    table = {
        "Datum": [f"{d:%d.%m.%Y}" for d in days for _ in "ab"],
        "Minute ab 8 Uhr": ["0", "7,5"] * 2,
        "Stimmung": ["happy", "sad"] * 2,
    }
    table["Datum"][2:] = ["15.09.2025"] * 2
    finding = one("X08", table)
    assert finding.saw["seconds"] == 450
    # Nothing says from when on they are counted.
    assert one("X08", {("minute" if k.startswith("Min") else k): v for k, v in table.items()}).verdict == "cannot tell"


OPEN = [
    f"{day:%d/%m/%Y} {clock}"
    for day in (date(2025, 9, 1), date(2025, 9, 2), date(2025, 9, 3))
    for clock in ("08:00", "08:05")
]


def test_an_open_order_of_dates_is_asked() -> None:
    table = log(moments(DAYS[:1])[:6]) | {"timestamp": OPEN}
    checked = check(export(sheet(table)), calendar=PERIOD, record=record(ret__labels="30 days"))
    assert [(q.option, q.options, q.column) for q in checked.questions] == [("--dates", ("dmy", "mdy"), "timestamp")]
    for code in ("X06", "X07", "X08", "X09", "X11"):
        assert found(checked, code).verdict == "cannot tell", code
        assert "answer:--dates" in found(checked, code).next, code
    answered = check(export(sheet(table)), calendar=PERIOD, answers=Answers(dates="dmy"))
    assert answered.questions == ()
    assert found(answered, "X06").verdict == "matches"
    other = check(export(sheet(table)), answers=Answers(dates="mdy"))
    assert found(other, "X06").saw["last"] == "2025-03-09"


def test_a_mixed_order_contradicts_itself() -> None:
    table = log(moments(DAYS[:1])[:6]) | {"timestamp": [*OPEN[:4], "13/09/2025 08:00", "09/13/2025 08:00"]}
    assert one("X11", table).verdict == "contradicts"
    finding = one("X11", table, answers=Answers(dates="dmy"))
    assert (finding.verdict, finding.saw["rows_unread"]) == ("contradicts", 1)


def test_an_hour_that_comes_twice() -> None:
    at = moments(DAYS[:4])
    at = [*at[:16], *[t for t in at[:16] if t.hour == 8], *at[16:]]
    finding = one("X11", log(at))
    assert finding.verdict == "contradicts"
    assert finding.saw["hours_twice"] == [{"day": str(DAYS[0]), "hour": 8}]
    assert finding.saw["labels_before_the_one_above"] == 1


def test_a_clock_that_moves_by_an_hour() -> None:
    at = [t if t.date() < DAYS[12] else t - timedelta(hours=1) for t in moments(DAYS)]
    finding = one("X11", log(at))
    assert finding.verdict == "not mentioned"
    assert finding.saw["clock_shifts"] == [{"from": str(DAYS[12]), "minutes": -60}]
    # A school that begins later on some days moves no clock.
    some = [t for t in moments(DAYS) if t.weekday() or t.hour > 8]
    assert one("X11", log(some)).verdict == "matches"


def test_several_time_zones() -> None:
    at = moments(DAYS[:2])
    table = log(at) | {"timestamp": [f"{t:%Y-%m-%dT%H:%M:%S}+0{1 + i // 16}:00" for i, t in enumerate(at)]}
    finding = one("X11", table)
    assert (finding.verdict, finding.saw["minutes_east_of_utc"]) == ("not mentioned", [60, 120])


def test_no_times_at_all() -> None:
    for code in ("X06", "X07", "X08", "X09", "X11", "X21"):
        assert one(code, {"emotion": ["happy", "sad"]}, calendar=PERIOD).verdict == "cannot tell", code


def test_more_about_some_lessons() -> None:
    at = moments(DAYS)
    even = log(at) | {"lesson": [1 if t.hour == 8 and t.minute < 40 else 2 for t in at]}
    assert one("X21", even).verdict == "matches"
    few = [t for t in at if (t.hour == 8 and t.minute < 40) or t.day % 3 == 0]
    uneven = log(few) | {"lesson": [1 if t.hour == 8 and t.minute < 40 else 2 for t in few]}
    finding = one("X21", uneven)
    assert finding.verdict == "not mentioned"
    counts = finding.saw["groups"]["lesson: lesson"]
    assert counts == {"1": uneven["lesson"].count(1), "2": uneven["lesson"].count(2)}
    assert finding.saw["uneven"] == {"lesson: lesson": round(counts["1"] / counts["2"], 2)}


def test_staff_are_numbered_and_not_named() -> None:
    at = moments(DAYS[:6])
    table = log(at) | {"teacher": ["Mx Example" if i % 4 else "Mx Sample" for i in range(len(at))]}
    finding = one("X21", table)
    assert finding.saw["groups"] == {"staff: teacher": {"person 1": 24, "person 2": 72}}
    assert finding.verdict == "not mentioned"


def test_a_calendar_alone_moves_nothing_that_has_its_own_zone() -> None:
    at = moments(DAYS[:3])
    table = log(at) | {"timestamp": [f"{t:%Y-%m-%dT%H:%M:%S}+02:00" for t in at]}
    far = Calendar(terms=((FIRST, LAST),), hours="08:00-10:00", zone="Asia/Tokyo")
    assert one("X07", table, calendar=far).verdict == "matches"
