"""Sentences about single figures."""

from __future__ import annotations

from typing import Any

import pytest

from misread.audit.groups import Disparity
from misread.audit.rates import Estimate
from misread.report.audit import say


def estimate(value: float | None, low: float | None = None, high: float | None = None, **more: Any) -> Estimate:
    given = {"statistic": "confusion", "group": (), "expression": None, "label": None, "note": ""} | more
    return Estimate(
        value=value, low=low, high=high, n=100.0, hits=None, persons=None, n_eff=100.0, method="wilson", **given
    )


def gap(**changes: Any) -> Disparity:
    given: dict[str, Any] = {
        "statistic": "recall", "expression": "sad", "label": None, "column": "tone", "within": (), "groups": 6, "p": 0.01,
        "adjusted": 0.04, "looked_at": 4, "seen": 0.2, "chance": 0.08, "chance_high": 0.13, "value": 0.15, "low": 0.05,
        "high": 0.25, "at_least": 0.02, "highest": "pale", "lowest": "dark", "visible": 0.11, "ratio_seen": 0.7,
        "n": 600.0, "persons": None, "left_out": (), "permutations": 1999, "seed": 1, "level": 0.95, "note": "",
    }  # fmt: skip
    return Disparity(**(given | changes))


def test_a_gap_that_is_shown_has_its_size_and_its_ends():
    said = say.disparity_sentence(gap())
    assert said == (
        "“sad” when shown: the groups of “tone” differ by 15 points of 100 (between 5.0 and 25), from “dark” to “pale”."
    )


@pytest.mark.parametrize(
    ("visible", "ends"),
    [
        (0.11, "A gap under 11 points may well have gone unseen."),
        (1.0, "These counts could not have shown any gap."),
    ],
)
def test_a_gap_that_is_not_shown_is_not_called_none(visible, ends):
    said = say.disparity_sentence(gap(p=0.05, low=0.0, visible=visible))
    assert said.startswith("“sad” when shown: no difference between the groups of “tone” is shown. ")
    assert said.endswith(ends)
    assert "15" not in said


def test_what_cannot_be_compared_says_why():
    said = say.disparity_sentence(gap(p=None, value=None, visible=None, note="nothing to compare: one level"))
    assert said == "“sad” when shown: nothing to compare: one level."


def test_chance_is_told_beside_what_was_seen():
    assert say.chance_sentence(gap()) == (
        "Seen: 20 points between the highest and the lowest of six groups. Equal groups would show 8.0 on average, and up "
        "to 13 in 19 of 20 such tables."
    )


def test_a_row_names_the_right_word_then_wrong_ones_then_none():
    cells = {"sad": 0.5, "happy": 0.1, "angry": 0.3, "none": 0.1, "odd": 0.0}
    row = [estimate(v, v - 0.05, v + 0.05, expression="sad", label=w) for w, v in cells.items()]
    said = say.row_sentence(row, "none", "rows", most=1)
    assert said == (
        "Of 100 faces that show “sad”, it reads 50 (between 45 and 55) as “sad”, 30 (between 25 and 35) as “angry” and 10 "
        "(between 5 and 15) not at all."
    )
    assert "people read 50" in say.row_sentence(row, "none", "votes")


def test_a_row_without_a_word_of_its_own_says_so():
    row = [estimate(v, expression="pride", label=w) for w, v in (("happy", 0.9), ("none", 0.1))]
    said = say.row_sentence(row, "none", "rows")
    assert (
        said
        == "Of 100 faces that show “pride”, it reads 90 as “happy” and 10 not at all. There is no answer for what they show."
    )
    assert (
        say.row_sentence([estimate(None, expression="pride", label="happy")], "none", "rows")
        == "No face shows “pride”."
    )


@pytest.mark.parametrize(
    ("p", "said"),
    [(None, "–"), (0.0005, "< 0.001"), (0.04, "0.040"), (0.0994, "0.099"), (0.0996, "0.10"), (1.0, "1.00")],
)
def test_p_values_are_told_as_exactly_as_they_are_known(p, said):
    assert say.p_words(p) == said


def test_the_highest_and_the_lowest_are_among_those_that_have_an_interval():
    found = [estimate(0.01, note="too few persons (2)"), estimate(0.4, 0.3, 0.5), estimate(0.6, 0.5, 0.7)]
    assert say.range_said(found, ["few", "a", "b"]) == (
        "From 40 (between 30 and 50) of 100 for “a” to 60 (between 50 and 70) for “b”. For 1 of 3 there are too few faces or "
        "persons to be sure."
    )
    assert say.range_said(found[:1], ["few"]).startswith("1.0 (too few persons (2)) of 100 for “few”.")
    assert (
        say.range_said([estimate(None)], ["x"]) == "Of none of them can it be told: there are too few faces or persons."
    )


def test_a_gap_of_rounding_noise_is_none():
    assert say.points(4e-31) == "0"
    assert say.points(-0.02) == "−2.0"
