"""X16: copied blocks, constant columns, impossible rates; and quiet where labels are only monotonous."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from misread.rights.check.findings.regular import WINDOW
from tests.rights.check.findings.samples import LABELS, log, moments, one, school_days

AT = moments(school_days(60))
N = len(AT)


def test_labels_that_were_drawn_are_not_too_regular() -> None:
    for seed in range(5):
        finding = one("X16", log(AT, seed=seed))
        assert finding.verdict == "matches", seed
        assert finding.saw["copied_in_all"] == 0


@pytest.mark.parametrize("length", [60, 100, 400])
def test_a_copied_block_is_found(length: int) -> None:
    table = log(AT)
    table["emotion"][500 : 500 + length] = table["emotion"][20 : 20 + length]
    finding = one("X16", table)
    assert finding.verdict == "contradicts"
    (block,) = finding.saw["copied"]
    # As much as was copied, and what happens to be the same before and after it.
    assert block["labels"] >= length
    assert block["row"] <= 22
    assert block["again_at_row"] - block["row"] == 480


def test_a_short_block_may_come_twice_by_chance() -> None:
    table = log(AT)
    table["emotion"][500:508] = table["emotion"][20:28]
    assert one("X16", table).verdict == "matches"


def test_long_quiet_runs_are_no_copies() -> None:
    rng = np.random.default_rng(2)
    quiet = np.repeat(rng.choice(len(LABELS), N // 20), 20)
    table = log(AT[: len(quiet)]) | {"emotion": [LABELS[i] for i in quiet]}
    assert one("X16", table).verdict == "matches"
    assert one("X16", table).saw["longest_run_of_one_label"] >= 20


def test_one_label_for_ever_is_told() -> None:
    finding = one("X16", log(AT) | {"emotion": ["neutral"] * N})
    assert finding.verdict == "not mentioned"
    assert finding.saw["longest_run_of_one_label"] == N
    assert [column["name"] for column in finding.saw["constant"]] == ["emotion"]
    few = log(AT[:20]) | {"emotion": ["neutral"] * 20}
    assert one("X16", few).verdict == "matches"


def test_two_labels_at_one_moment() -> None:
    at = [*AT[:30], AT[29], *AT[30:]]
    finding = one("X16", log(at))
    assert finding.verdict == "contradicts"
    (rate,) = finding.saw["too_fast"]
    assert (rate["labels"], rate["row_sample"]) == (1, [32])


def test_labels_faster_than_half_a_second() -> None:
    start = datetime(2025, 9, 1, 8)
    at = [start + timedelta(seconds=4 * i) for i in range(200)]
    table = log(at) | {"timestamp": [f"{t:%Y-%m-%d %H:%M:%S}.000" for t in at]}
    assert one("X16", table).verdict == "matches"
    table["timestamp"][50] = f"{at[49]:%Y-%m-%d %H:%M:%S}.200"
    assert one("X16", table).saw["too_fast"][0]["labels"] == 1


def test_a_file_of_days_says_nothing_of_rates() -> None:
    table = {"date": [f"{t:%Y-%m-%d}" for t in AT], "emotion": log(AT)["emotion"]}
    assert one("X16", table).verdict == "matches"


def test_runs_are_looked_for_that_are_long_enough_to_mean_something() -> None:
    assert WINDOW >= 16
