"""Every finding on tiny deployments, value by value, against the enumeration."""

from __future__ import annotations

import pytest

from misread.deployment import load
from misread.findings.definitions import DEFINITIONS
from misread.study.exact.run import measured
from tests.engine.chains import near

from .enumeration import KEYS, enumerated

TINY = """
[population]
schools = 3
pupils_per_school = 70
school_years = 2
class_size = 30
groups = [
  { name = "most", share = 0.75, profile = "kind" },
  { name = "few", share = 0.25, display = "flat", profile = "harsh" },
]
[calendar]
days_per_year = 2
lessons_per_day = 2
lesson_minutes = 14.0
break_minutes = 3.5
[pupil]
states = ["engaged", "bored", "anxious"]
mean_minutes = { engaged = 12.0, bored = 7, anxious = 4.5 }
[pupil.next]
engaged = { bored = 0.75, anxious = 0.25 }
bored = { engaged = 1 }
anxious = { engaged = 0.6, bored = 0.4 }
[display.default]
engaged = { neutral = 0.75, happy = 0.25 }
bored = { neutral = 0.7, sad = 0.3 }
anxious = { neutral = 0.6, sad = 0.4 }
[display.flat]
engaged = { neutral = 1 }
bored = { neutral = 0.9, sad = 0.1 }
anxious = { neutral = 0.8, sad = 0.2 }
[camera]
observe_every_seconds = 300
[classifier]
labels = ["neutral", "happy", "sad", "none"]
[classifier.confusion.kind]
neutral = { neutral = 0.86, happy = 0.05, sad = 0.07, none = 0.02 }
happy = { neutral = 0.1, happy = 0.9 }
sad = { neutral = 0.4, sad = 0.6 }
[classifier.confusion.harsh]
neutral = { neutral = 0.5, sad = 0.4, none = 0.1 }
sad = { neutral = 0.2, sad = 0.8 }
[[rules]]
name = "sad enough"
labels = ["sad"]
flag = "2 of last 3"
after_flag = "keep"
claims = ["bored", "anxious"]
notify = ["teacher", "parent"]
[[rules]]
name = "any word"
labels = ["sad", "none"]
flag = "1 of last 2"
claims = ["anxious"]
true_if = "at_flag"
notify = ["parent", "counsellor"]
[[rules]]
name = "unmoved"
labels = ["neutral", "happy"]
flag = "run of 3"
after_flag = "mute lesson"
claims = ["bored"]
notify = []
[[rules]]
name = "glum lesson"
labels = ["sad"]
flag = "share over 0.3"
claims = ["bored"]
[file]
keep_days = 3
marks = [
  { name = "resistant", rule = "sad enough", flags = 3 },
  { name = "moody", rule = "any word", flags = 2 },
]
"""
SHORT = TINY.replace("lessons_per_day = 2", "lessons_per_day = 1")
ALONE = {"flags_per_lesson", "false_flags_per_lesson", "map_reliability", "masking_end"}
ALONE |= {"decision_wrong", "decision_lottery"}
"""What only deployments with further tables have, or the sampled engine."""


def product(text, tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(text)
    return measured(load(path), draws=0).findings


def same(text, tmp_path):
    """Compare, both ways, and return the findings."""
    want, found = enumerated(text), product(text, tmp_path)
    got = {(f.id, f.rule, f.group, *(getattr(f, k) for k in KEYS)): f.value for f in found}
    assert len(got) == len(found)
    assert got.keys() == want.keys()
    for key, value in want.items():
        if value is None or got[key] is None:
            assert got[key] is value, key
        else:
            assert near(got[key], value, rel=1e-10, tiny=1e-14), (key, got[key], value)
    return found


def test_every_finding_of_the_tiny_deployment(tmp_path):
    found = same(TINY, tmp_path)
    # Nothing that the definitions know is left out of the comparison.
    assert {f.id for f in found} == DEFINITIONS.keys() - ALONE
    assert {f.unit for f in found if f.id == "flag_lift"} == {"ratio"}
    assert all(f.se is None and f.n is None and f.low is None and f.high is None for f in found)


VIEWS = """
[[camera.views]]
name = "front"
share = 0.7
lost = 0.05
[[camera.views]]
name = "back, by the window"
share = 0.3
lost = 0.4
dilution = 0.3
[classifier]
"""


def test_seats_that_are_seen_badly(tmp_path):
    found = same(TINY.replace("[classifier]", VIEWS, 1), tmp_path)
    rows = {f.view: f.value for f in found["label_share"] if f.label == "none" and f.group == "all" and f.view}
    assert rows["back, by the window"] > 0.4 > 0.1 > rows["front"]


def test_seats_change_between_years_that_are_shorter_than_a_week(tmp_path):
    text = SHORT.replace("[classifier]", VIEWS, 1).replace("days_per_year = 2", "days_per_year = 3")
    same(text, tmp_path)


def test_seats_that_nobody_sits_on(tmp_path):
    text = (
        TINY.replace("[classifier]", VIEWS, 1)
        .replace("share = 0.7\n", "share = 1.0\n")
        .replace("share = 0.3\n", "share = 0\n")
    )
    found = product(text, tmp_path)
    assert {f.view for f in found if f.view} == {"front"}
    front = product(
        TINY.replace(
            "[classifier]", VIEWS.split('[[camera.views]]\nname = "back')[0].replace("0.7", "1") + "[classifier]", 1
        ),
        tmp_path,
    )
    assert [f.row() for f in found] == [f.row() for f in front]


def test_a_year_shorter_than_a_week_runs_on_into_the_next(tmp_path):
    text = SHORT.replace("days_per_year = 2", "days_per_year = 1").replace("school_years = 2", "school_years = 7")
    found = same(text.replace("keep_days = 3", 'keep_days = "forever"'), tmp_path)
    one = {"rule": "sad enough", "group": "all"}
    by = [found.one(f"p_false_flag_by_{p}", **one).value for p in ("day_1", "year_1", "week_1", "end")]
    assert by[0] == by[1] < by[2] < by[3]


@pytest.mark.parametrize("keep", [1, 4, 400])
def test_flags_are_kept_in_school_days(keep, tmp_path):
    found = product(TINY.replace("keep_days = 3", f"keep_days = {keep}"), tmp_path)
    yearly = found.one("flags_per_pupil_year", rule="sad enough").value
    assert near(found.one("flags_on_file_end", rule="sad enough").value, yearly / 2 * min(keep, 4))


def test_conditions_of_probability_0_give_no_value(tmp_path):
    # "none" is never written, so the rule never fires; every state is claimed, so no lesson is without one.
    text = SHORT.replace('labels = ["sad", "none"]', 'labels = ["none"]').replace("none = 0.02", "none = 0.0")
    text = text.replace("neutral = 0.86", "neutral = 0.88").replace("sad = 0.4, none = 0.1", "sad = 0.5, none = 0.0")
    text = text.replace('claims = ["bored"]\nnotify = []', 'claims = ["engaged", "bored", "anxious"]\nnotify = []')
    found = same(text, tmp_path)
    for id in ("flag_ppv", "flag_lift"):
        assert [f.value for f in found[id] if f.rule == "any word" and not f.reader] == [None] * 3
    rows = [f for f in found["lesson_false_positive_rate"] if f.rule == "unmoved"]
    assert [f.value for f in rows] == [None] * 6
    assert all("condition has probability 0" in f.method for f in rows)
    assert found.one("disparity_false_flags", rule="unmoved").value is None


def test_a_group_that_nobody_belongs_to(tmp_path):
    # It weighs nothing in "all", has rows of its own, and counts among the groups that are compared.
    text = SHORT.replace("share = 0.75", "share = 1.0").replace("share = 0.25", "share = 0.0")
    found = same(text, tmp_path)
    rows = {f.group: f.value for f in found["flag_ppv"] if f.rule == "sad enough" and not f.reader}
    assert rows["all"] == rows["most"] != rows["few"]


def test_a_deployment_without_rules(tmp_path):
    start, end = TINY.index("[[rules]]"), TINY.index("[file]")
    text = TINY[:start] + TINY[end:].split("marks")[0]
    found = product(text, tmp_path)
    assert {f.id for f in found} == {
        "observations",
        "labels_archived",
        "label_share",
        "alerts_per_teacher_day",
        "alerts_per_family_year",
    }
    assert {f.value for f in found["alerts_per_family_year"]} == {0.0}


def test_rows_that_concern_no_rule_say_so(tmp_path):
    found = product(TINY, tmp_path)
    without = {"observations", "labels_archived", "label_share", "alerts_per_teacher_day", "alerts_per_family_year"}
    assert {f.id for f in found if f.rule is None} == without
    assert all("rule" in f.row() and "reader" not in f.row() for f in found["observations"])
    perfect = {f.id for f in found if f.reader == "perfect"}
    assert perfect == DEFINITIONS.keys() - ALONE - {
        "observations",
        "labels_archived",
        "label_share",
        "claimed_share",
        "lesson_prevalence",
        "flag_state_share",
    }
