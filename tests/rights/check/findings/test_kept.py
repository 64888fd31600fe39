"""X09 and X10: what is older than was promised, and what came after a no."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.rights.check.model import Answers
from tests.rights.check.findings.samples import log, moments, one, record, school_days

DAYS = school_days(40)
AT = moments(DAYS, (0, 30))
TABLE = log(AT)
LAST = DAYS[-1]


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (None, "cannot tell"),
        ({}, "not mentioned"),
        ({"ret__labels": "for ever"}, "matches"),
        ({"ret__labels": "one year"}, "cannot tell"),
        ({"ret__labels": "until the child leaves"}, "cannot tell"),
        ({"ret__labels": "30 days"}, "contradicts"),
    ],
)
def test_labels_against_what_was_promised(said: dict[str, Any] | None, verdict: str) -> None:
    finding = one("X09", TABLE, record=None if said is None else record(**said))
    (kind,) = finding.saw["kinds"]
    assert finding.verdict == verdict
    assert (kind["oldest"], kind["age_days"], kind["counted_to"]) == (str(DAYS[0]), (LAST - DAYS[0]).days, str(LAST))
    if verdict == "contradicts":
        older = [i for i, t in enumerate(AT) if (LAST - t.date()).days > 30]
        assert kind["rows_older"] == len(older)
        assert [row["row"] for row in kind["row_sample"]] == [2, 3]
        assert "letter:erasure" in finding.next


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 90), st.integers(0, 60))
def test_rows_that_are_older_are_counted(promised: int, later: int) -> None:
    on = LAST + timedelta(later)
    finding = one("X09", TABLE, record=record(ret__labels=f"{promised} days"), answers=Answers(on=on))
    older = sum((on - t.date()).days > promised for t in AT)
    assert finding.saw["kinds"][0].get("rows_older", 0) == older
    assert finding.verdict == ("contradicts" if older else "matches")


def test_days_are_said_in_words_and_kept_as_numbers() -> None:
    x09 = one("X09", log(moments(school_days(3))), record=record(ret__labels="1 day"))
    assert "is of 1 September 2025: 2 days old on 3 September 2025." in x09.says
    assert x09.saw["kinds"][0]["oldest"] == "2025-09-01"  # type: ignore[index, call-overload]


def test_each_kind_has_its_own_promise() -> None:
    vector = json.dumps([0.5] * 128)
    # Only the rows of the last ten days have a template.
    recent = [vector if (LAST - t.date()).days < 10 else "" for t in AT]
    table = TABLE | {"embedding": recent, "image": ["a.jpg"] + [""] * (len(AT) - 1)}
    finding = one("X09", table, record=record(ret__labels="1 year", ret__templates="14 days", ret__raw="7 days"))
    kinds = {kind["field"]: kind for kind in finding.saw["kinds"]}
    assert kinds["ret.labels"]["rows_older"] == kinds["ret.templates"]["rows_older"] == 0
    assert kinds["ret.raw"]["rows_older"] == 1
    assert (finding.verdict, finding.field) == ("contradicts", "ret.raw")


def test_a_day_more_than_promised_is_too_old() -> None:
    table = {"timestamp": ["2025-09-01", "2025-10-01"], "emotion": ["happy", "sad"]}
    came = Answers(on=date(2025, 10, 1))
    assert one("X09", table, record=record(ret__labels="30 days"), answers=came).verdict == "matches"
    assert one("X09", table, record=record(ret__labels="29 days"), answers=came).verdict == "contradicts"


def test_when_it_came_has_to_be_said_for_nothing_to_be_too_old() -> None:
    table = {"timestamp": ["2025-09-01", "2025-10-01"], "emotion": ["happy", "sad"]}
    finding = one("X09", table, record=record(ret__labels="30 days"))
    assert finding.verdict == "cannot tell"
    assert "answer:--on" in finding.next
    assert one("X09", table, record=record(ret__labels="29 days")).verdict == "contradicts"
    late = Answers(on=date(2026, 10, 1))
    assert one("X09", table, record=record(ret__labels="30 days"), answers=late).saw["kinds"][0]["rows_older"] == 2


@dataclass(frozen=True)
class No:
    """As much of a case as X10 looks at."""

    opted_out_on: date | None = None
    left_on: date | None = None
    record: None = None


def test_rows_after_an_opt_out() -> None:
    given: Any = No(opted_out_on=DAYS[20])
    finding = one("X10", TABLE, case=given)
    assert finding.verdict == "contradicts"
    # Two looks a day; the day itself does not count.
    assert finding.saw["rows_after"] == {"opted_out_on": 2 * 19}
    assert finding.saw["row_sample"][0] == {"sheet": "table", "row": 2 * 21 + 2}
    assert "letter:objection" in finding.next


def test_nothing_after_leaving() -> None:
    given: Any = No(left_on=LAST)
    assert one("X10", TABLE, case=given).verdict == "matches"


def test_without_an_opt_out_it_cannot_tell() -> None:
    given: Any = No()
    assert one("X10", TABLE, case=given).verdict == "cannot tell"
    assert one("X10", TABLE).verdict == "cannot tell"
