"""The six layouts of `misread file --as-export`: what is clean is found clean, and what was put in is found."""

from collections.abc import Callable
from datetime import date
from functools import cache

import pytest

from misread.cli.child.pupil import watched
from misread.deployment import load
from misread.report.file import LAYOUTS, ChildFile, child_file, export
from misread.rights.check.check import check
from misread.rights.check.findings.calendar import Calendar
from misread.rights.check.model import Answers, Checked
from misread.rights.check.reading import read_export
from tests.rights.check.findings.samples import found, record

LABELS = ["neutral", "happy", "sad", "angry", "fear", "disgust", "surprise", "away", "none"]
RECORD = record(
    output__labels=LABELS,
    output__interval="every 5 minutes",
    output__live_recipients=["teacher", "parent"],
    ret__labels="for ever",
    acc__claim={"metric": "accuracy", "number": 0.93},
    input__joined_data="nothing",
    input__identification="by the seat",
    output__actions="alerts to teachers and parents, marks on file",
    output__level="per pupil",
)
LESSONS = ("08:00-08:40", "08:50-09:30", "09:40-10:20", "10:30-11:10", "11:20-12:00", "12:10-12:50")
CALENDAR = Calendar(terms=((date(2001, 9, 3), date(2001, 10, 12)),), hours="08:00-13:00", lessons=LESSONS, zone="UTC")
NO_PUPILS = {"years", "releves"}
"""Layouts that have no column for whose a row is."""


@cache
def held() -> ChildFile:
    """Thirty school days of one made-up child."""
    loaded = load("as-described", settings=["calendar.days_per_year=30", "population.school_years=1"])
    return child_file(loaded, watched(loaded, 1).replay, 3, 17, 1)


@cache
def content(layout: str) -> bytes:
    return export(held(), LAYOUTS[layout])


def checked(layout: str, data: bytes | None = None, answers: Answers | None = None) -> Checked:
    made = read_export(f"export{LAYOUTS[layout].suffix}", content(layout) if data is None else data)
    return check(made, record=RECORD, calendar=CALENDAR, answers=answers)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_is_found_in_a_clean_one(layout: str) -> None:
    result = checked(layout)
    assert len(result.findings) == 22
    assert [f"{f.code}: {f.says}" for f in result.findings if f.verdict == "contradicts"] == []
    assert result.questions == ()
    assert not result.stop
    for code in ("X01", "X03", "X04", "X05", "X06", "X07", "X08", "X09", "X11", "X13", "X16", "X21"):
        assert found(result, code).verdict == "matches", code
    assert found(result, "X12").verdict == ("cannot tell" if layout in NO_PUPILS else "matches")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_label_is_counted_and_dated(layout: str) -> None:
    result = checked(layout)
    truth = [entry for entry in held().held() if entry.kind == "label"]
    seen = {label["label"]: label["count"] for label in found(result, "X03").saw["labels"]}
    assert seen == {word: sum(entry.word == word for entry in truth) for word in {entry.word for entry in truth}}
    saw = found(result, "X06").saw
    assert (saw["first"], saw["last"], saw["rows"]) == ("2001-09-03", "2001-10-12", len(truth))
    assert found(result, "X08").saw["seconds"] == 300


TEXT = [name for name, layout in LAYOUTS.items() if layout.format != "xlsx"]


@pytest.mark.parametrize("layout", TEXT)
def test_a_renamed_label_is_found(layout: str) -> None:
    renamed = content(layout).replace(b"sad", b"head down").replace(b"\xe2\x80\x9chead down", b"\xe2\x80\x9csad")
    finding = found(checked(layout, renamed), "X04")
    assert finding.verdict == "contradicts"
    (label,) = finding.saw["not_disclosed"]
    assert (label["label"], label["class"]) == ("head down", "apparent-expression")
    assert finding.saw["disclosed_and_never_seen"] == ["sad"]


@pytest.mark.parametrize("layout", TEXT)
def test_a_label_of_no_list_is_asked_about(layout: str) -> None:
    strange = content(layout).replace(b"surprise", b"zorbik")
    result = checked(layout, strange)
    assert [(q.option, q.word) for q in result.questions] == [("--word", "zorbik")]
    assert found(result, "X03").verdict == "cannot tell"
    answered = checked(layout, strange, Answers(words={"zorbik": "emotion"}))
    assert answered.questions == ()
    assert found(answered, "X04").verdict == "contradicts"


@pytest.mark.parametrize(
    ("layout", "lost"),
    [
        ("log", lambda data: b"\n".join(row for row in data.split(b"\n") if b",2001-09-19," not in row)),
        ("tabelle", lambda data: b"\n".join(row for row in data.split(b"\n") if b";19.09.2001;" not in row)),
        ("days", lambda data: b"\n".join(row for row in data.split(b"\n") if b'"date": "2001-09-19"' not in row)),
        ("events", lambda data: b"\n".join(row for row in data.split(b"\n") if row[7:11] not in (b"1000", b"1001") or not 1000857600 <= int(row[7:17]) < 1000944000)),
    ],
)  # fmt: skip
def test_a_day_that_is_missing_is_found(layout: str, lost: Callable[[bytes], bytes]) -> None:
    finding = found(checked(layout, lost(content(layout))), "X06")
    assert finding.verdict == "contradicts"
    assert finding.saw["missing"] == ["2001-09-19"]


def test_a_neighbour_is_found() -> None:
    rows = content("log").split(b"\r\n")
    rows[100:100] = [rows[50].replace(b"pupil 17", b"pupil 18")]
    result = checked("log", b"\r\n".join(rows))
    assert result.stop
    assert result.findings[0].code == "X12"


@pytest.mark.parametrize("layout", TEXT)
def test_what_is_kept_for_too_long_is_found(layout: str) -> None:
    made = read_export(f"export{LAYOUTS[layout].suffix}", content(layout))
    kept = record(ret__labels="14 days")
    finding = found(check(made, record=kept), "X09")
    assert finding.verdict == "contradicts"
    # From 3 September to 12 October are 39 days; the last 15 of them, the day itself included, are within 14.
    older = sum((date(2001, 10, 12) - entry.at.date()).days > 14 for entry in held().held() if entry.kind == "label")
    assert finding.saw["kinds"][0]["rows_older"] == older
    assert finding.saw["kinds"][0]["age_days"] == 39
