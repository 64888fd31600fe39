"""What is read out of the values of a record."""

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.rights.check.findings.seen.promised import FOREVER, length, promise, share, words
from misread.rights.record.change import entered
from misread.rights.record.model import Evidence
from tests.rights.check.findings.samples import record

DAY = 86_400


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("every 5 minutes", 300, 300),
        ("every five minutes", 300, 300),
        ("every minute", 60, 60),
        ("alle 5 Minuten", 300, 300),
        ("toutes les 5 minutes", 300, 300),
        ("a cada 5 minutos", 300, 300),
        ("每5分钟", 300, 300),
        ("हर 5 मिनट", 300, 300),
        ("300s", 300, 300),
        ("2 to 10 minutes", 120, 600),
        ("between 2 and 10 minutes", 120, 600),
        ("5–10 min", 300, 600),
        ("2.5 minutes", 150, 150),
        ({"seconds": 300}, 300, 300),
        ({"minutes": 1, "seconds": 30}, 90, 90),
        ("30 days", 30 * DAY, 30 * DAY),
        ("deleted after ninety days", 90 * DAY, 90 * DAY),
        ("12 months", 372 * DAY, 372 * DAY),
        ("one year", 366 * DAY, 366 * DAY),
        ("a 3-year period", 3 * 366 * DAY, 3 * 366 * DAY),
        ("for ever", FOREVER, FOREVER),
        ("permanently", FOREVER, FOREVER),
        ("永久保存", FOREVER, FOREVER),
    ],
)
def test_lengths_of_time(value: object, low: float, high: float) -> None:
    assert length(value) == (low, high)


@pytest.mark.parametrize(
    "value", ["every few minutes", "until the end of the school year", "30 school days", "", None, 5, [], {}, "5"]
)
def test_what_names_no_number_is_none(value: object) -> None:
    assert length(value) is None


@given(st.integers(1, 999), st.sampled_from([("seconds", 1), ("minutes", 60), ("hours", 3600), ("days", DAY)]))
def test_whole_numbers_of_units(n: int, unit: tuple[str, int]) -> None:
    assert length(f"every {n} {unit[0]}") == length({unit[0]: n}) == (n * unit[1], n * unit[1])


@pytest.mark.parametrize(
    ("value", "accuracy"),
    [
        (0.93, 0.93),
        (93, 0.93),
        ("93 %", 0.93),
        ("up to 95 percent accurate", 0.95),
        ("0,87", 0.87),
        ({"metric": "accuracy", "number": 0.93, "of": "seven emotions"}, 0.93),
        ("0.9 or 0.8", None),
        ("high", None),
        (True, None),
        (0, None),
        (930, None),
        (None, None),
    ],
)
def test_accuracies(value: object, accuracy: float | None) -> None:
    found = share(value)
    assert found is accuracy or (found is not None and accuracy is not None and math.isclose(found, accuracy))


@pytest.mark.parametrize(
    ("value", "items"),
    [
        (["happy", "head down"], ("happy", "head down")),
        ("happy, sad and bored", ("happy", "sad", "bored")),
        ({"labels": ["happy"], "note": "x"}, ("happy",)),
        ([{"name": "happy"}, {"name": "sad"}], ("happy", "sad")),
        ("高兴、悲伤", ("高兴", "悲伤")),
        (None, ()),
    ],
)
def test_lists(value: object, items: tuple[str, ...]) -> None:
    assert words(value) == items


def test_without_a_record_nobody_knows_what_was_said() -> None:
    assert promise(None, "ret.labels").silent == "cannot tell"
    assert promise(None, "ret.labels").json() is None
    assert promise(record(), "ret.labels").silent == "not mentioned"


def test_a_quotation_is_an_answer_too() -> None:
    notice = Evidence(kind="notice", title="Privacy notice", retrieved=date(2025, 1, 10), quote="Kept for 30 days.")
    told = entered(record(), "ret.labels", "disclosed", on=date(2025, 9, 1), why="told", evidence=(notice,))
    found = promise(told, "ret.labels")
    assert found.told
    assert found.evidence == "Privacy notice, 2025-01-10"
    assert length(found.value) == (30 * DAY, 30 * DAY)


@pytest.mark.parametrize("said", ["not kept", "They are deleted immediately.", "nicht gespeichert", "不保存"])
def test_what_is_not_kept_is_kept_for_no_time(said: str) -> None:
    assert length(said) == (0, 0)


@pytest.mark.parametrize(
    ("said", "accuracy"),
    [
        ("93 to 96 %", None),
        ("93-96%", None),
        ("F1 0.93", None),
        ("an AUC of 0.93", None),
        ({"metric": "F1", "number": 0.93}, None),
        ({"metric": "accuracy", "number": 0.93}, 0.93),
        ({"metric": None, "number": 93}, 0.93),
        ("accuracy of 0.93", 0.93),
    ],
)
def test_only_one_accuracy_is_one(said: Any, accuracy: float | None) -> None:
    assert share(said) == accuracy
