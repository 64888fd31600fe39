"""What is told of one rule, sentence by sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from misread.deployment.model import Rule
from misread.report.page import story
from misread.report.words.lookup import Figures
from tests.report import made_up
from tests.report.made_up import finding


def rule(**changes) -> Rule:
    fields = {
        "name": "negative affect",
        "labels": ("sad", "angry"),
        "flag": "3 of last 6",
        "claims": ("bored", "anxious"),
    }
    return Rule.model_validate({**fields, **changes})  # fmt: skip


@pytest.fixture
def figures():
    return Figures(made_up.findings())


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        ("3 of last 6", "when three of the last six looks of a lesson read “sad” or “angry”"),
        ("run of 4", "when four looks in a row of a lesson read “sad” or “angry”"),
        ("1 of last 1", "when a single look of a lesson reads “sad” or “angry”"),
        ("share over 0.3", "at the end of a lesson in which more than 30 % of the looks read “sad” or “angry”"),
        (
            "top 3 of class",
            "at the end of each lesson, for the three children of the class most often read as “sad” or “angry”",
        ),
    ],
)
def test_when_a_rule_fires(flag, said):
    assert story.rule_in_words(rule(flag=flag)) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "An alert is wrong if the child was not bored or anxious at any of the six looks it judges."),
        (
            {"true_if": "at_flag"},
            "An alert is wrong if the child was not bored or anxious at the look that set it off.",
        ),
        ({"notify": ()}, "A flag is wrong if the child was not bored or anxious at any of the six looks it judges."),
        (
            {"flag": "share over 0.3"},
            "An alert is wrong if the child was bored or anxious for no more than 30 % of the lesson’s looks.",
        ),
        (
            {"flag": "top 3 of class"},
            "An alert is wrong if the child was bored or anxious for no more than half of the lesson’s looks.",
        ),
    ],
)
def test_what_makes_an_alert_wrong(changes, said):
    assert story.wrong_in_words(rule(**changes)) == said


def test_four_moments_are_shown_and_three_where_the_first_year_is_the_last(figures):
    assert [p.key for p in story.panels("negative affect", figures, 12)] == ["day_1", "week_1", "year_1", "end"]
    assert [p.key for p in story.panels("negative affect", figures, 1)] == ["day_1", "week_1", "year_1"]
    assert story.panels("unknown", figures, 12) == ()


@pytest.mark.parametrize(
    ("p", "number", "finer"),
    [
        (0.05, 5, ""),
        (0.004, 0, "4 in 1,000"),
        (0.0001, 0, "fewer than 1 in 1,000"),
        (0.0, 0, ""),
        (0.998, 100, "all but 2 in 1,000"),
        (0.9999, 100, "all but fewer than 1 in 1,000"),
        (1.0, 100, ""),
    ],
)
def test_what_a_hundred_cannot_show_is_said(p, number, finer):
    rows = [finding("p_false_flag_by_day_1", p, 0, rule="r"), finding("p_only_true_flags_by_day_1", 0.0, 0, rule="r")]
    (panel,) = story.panels("r", Figures(rows), 12)
    assert (panel.children.wrong, panel.finer) == (number, finer)


def test_of_ten_alerts_three_are_right_and_of_ten_blind_ones_too(figures):
    told = story.precision(rule(), figures)
    assert told.sentence == "Of ten alerts, three would be right (between two and four)."
    assert (
        told.lift == "The cameras would be right 1.2 times as often as a finger pointed blindly (between 1.1 and 1.4)."
    )
    assert [row.said for row in told.rows] == ["three right (31 of 100)", "three right (25 of 100)"]
    assert told.why == (
        "Why a blind finger is right at all: at any look, 21 of 100 children are bored or anxious, and in 55 of 100 "
        "lessons a child is so at one look or more. So an alert about any child at a moment picked by lot would be right "
        "three times of ten."
    )
    assert [f.id for _, f in told.table] == ["flag_ppv", "flag_lift", "claimed_share", "lesson_prevalence"]


@pytest.mark.parametrize(
    ("lift", "said"),
    [
        (0.8, "The cameras would be right less often than a finger pointed blindly: 0.80 times as often."),
        (1.0, "The cameras would be right as often as a finger pointed blindly."),
        (0.0, "A finger pointed blindly would be right now and then; the cameras never would."),
    ],
)
def test_better_or_worse_than_pointing_blindly(lift, said):
    rows = [finding("flag_ppv", 0.4 * lift, 0, rule="r"), finding("flag_lift", lift, 0, rule="r", unit="ratio")]
    assert story.precision(rule(name="r"), Figures(rows)).lift == said


def test_without_a_lift_nothing_is_said_of_a_blind_finger():
    told = story.precision(rule(name="r"), Figures([finding("flag_ppv", 0.3, rule="r")]))
    assert (told.lift, told.why, len(told.rows)) == ("", "", 1)


def test_a_hundred_alerts_are_drawn_where_ten_would_all_be_alike():
    told = story.precision(rule(name="r"), Figures([finding("flag_ppv", 0.03, 0, rule="r")]))
    assert len(told.rows[0].kinds) == 100
    assert told.rows[0].kinds.count("right") == 3
    assert told.sentence == "Of 100 alerts, three would be right."


def test_what_is_missed_is_told_as_what_is_caught_beside_the_perfect_reader(figures):
    spells, caught, wrong = story.questions(rule(), figures)
    assert [s.words for s in spells.strips] == ["9 of 100 caught", "45 of 100 caught"]
    assert spells.sentence == (
        "Of 100 such spells (an unbroken run of looks within a lesson), the cameras would catch nine (between four and 14); a "
        "perfect reader, 45."
    )
    assert caught.sentence.endswith(
        "the cameras would rightly flag twelve (between nine and 15); a perfect reader, 48."
    )
    assert wrong.sentence.endswith("the cameras would flag three (between two and four); a perfect reader, none.")
    assert [s.look for s in wrong.strips] == ["wrong", "right"]
    assert spells.table[0][1].value == 0.91


def test_a_rule_that_never_fires_is_silent():
    rows = [replace(f, value=None, low=None, high=None) if f.id in {"flag_ppv", "flag_lift"} else f for f in made_up.findings()]  # fmt: skip
    told = story.tell(rule(), Figures(rows), 12)
    assert told.silent
    assert (told.precision, told.interval) == (None, "")
    assert str(told.headline) == "This rule would never raise an alert."
    assert not story.tell(rule(), Figures(made_up.findings()), 12).silent


def test_why_there_is_no_interval_is_told_once():
    rows = [finding(f.id, f.value, 0, rule=f.rule, method="exact; no interval: no draws were asked for") for f in made_up.findings() if f.reader is None]  # fmt: skip
    told = story.tell(rule(), Figures(rows), 12)
    assert told.without == told.interval == "Without an interval: no draws were asked for."
    assert {p.interval for p in told.panels} == {""}
    assert story.tell(rule(), Figures(made_up.findings()), 12).without == ""


def test_the_answer_comes_before_why_it_has_no_interval():
    stays = "every flag stays on file for good"
    reach = "93 of 100 children would be wrongly flagged at least once in the first school year, and every flag stays on file for good."  # fmt: skip
    full = story.tell(rule(), Figures(made_up.findings()), 12)
    assert story.opening(full, stays) == (f"{full.interval} {reach}", "")
    rows = [finding(f.id, f.value, 0, rule=f.rule, method="exact; no interval: no draws were asked for") for f in made_up.findings() if f.reader is None]  # fmt: skip
    bare = story.tell(rule(), Figures(rows), 12)
    assert story.opening(bare, stays) == (reach, "Without an interval: no draws were asked for.")
    alone = story.tell(rule(), Figures([f for f in rows if not f.id.startswith("p_")]), 12)
    assert story.opening(alone, stays) == ("Without an interval: no draws were asked for.", "")


def test_how_long_a_flag_is_kept():
    assert story.kept(made_up.deployment()) == "every flag stays on file for good"
    assert story.kept(made_up.deployment(file={"keep_days": 30})) == "a flag stays on file for 30 school days"
    assert story.kept(made_up.deployment(file={"keep_days": 1})) == "a flag stays on file for 1 school day"
