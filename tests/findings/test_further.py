"""What deployments with further tables measure, value by value, against the enumeration of lives."""

from __future__ import annotations

import re

import pytest

from misread.findings.definitions import DEFINITIONS
from tests.engine.chains import near

from . import test_enumerated
from .test_enumerated import VIEWS, product, same

SAMPLED = {"map_reliability", "decision_wrong", "decision_lottery"}
"""What only the sampled engine has."""

TRAITS = """
[[traits]]
name = "resting frown"
acts_on = "display"
expression = "sad"
sd = 0.6
levels = 2
[[traits]]
name = "read as sad"
acts_on = "label"
label = "sad"
sd = 0.8
levels = 3
[[traits]]
name = "temperament"
acts_on = "state"
state = "anxious"
sd = 0.4
levels = 2
"""
SITUATIONS = """
[[situations]]
name = "plain"
share = 0.7
[[situations]]
name = "told off"
share = 0.25
mean_minutes = { anxious = 3.0, bored = 0.5 }
display = "guarded"
[[situations]]
name = "test"
share = 0.05
mean_minutes = { engaged = 0.25 }
[display.guarded]
engaged = { neutral = 1 }
bored = { neutral = 0.95, sad = 0.05 }
anxious = { neutral = 0.5, sad = 0.5 }
"""
AGES = """
[[ages]]
from_year = 3
mean_minutes = { bored = 0.6 }
profile = "harsh"
[[ages]]
from_year = 2
mean_minutes = { bored = 1.9, anxious = 0.5 }
display = "older"
[display.older]
engaged = { neutral = 0.9, sad = 0.1 }
bored = { neutral = 0.5, sad = 0.5 }
anxious = { neutral = 1 }
"""
FACE = """
[face]
hold_minutes = 6.0
"""
FEEDBACK = """
[feedback]
expression = "neutral"
max = 0.8
strength = 0.3
saturates_at = 5
"""
TINY = test_enumerated.TINY.replace(
    "sad = { neutral = 0.2, sad = 0.8 }", "sad = { neutral = 0.2, sad = 0.8 }\nhappy = { happy = 1 }"
)
"""Both profiles know all faces."""
SHORT = TINY.replace("lessons_per_day = 2", "lessons_per_day = 1")
BRIEF = TINY.replace("lesson_minutes = 14.0", "lesson_minutes = 9.5").replace("run of 3", "run of 2")
"""Two looks a lesson."""
BRIEFEST = BRIEF.replace("lessons_per_day = 2", "lessons_per_day = 1")


def with_(text, *tables):
    """A deployment with more tables: views go into the camera's place."""
    for table in tables:
        text = text.replace("[classifier]", table, 1) if "camera.views" in table else text + table
    return text


def rows(found, id, key):
    return {getattr(f, key) for f in found[id] if getattr(f, key)}


@pytest.mark.parametrize("seats", [(), (VIEWS,)], ids=["one view", "views"])
def test_traits(tmp_path, seats):
    found = same(with_(SHORT, TRAITS, *seats), tmp_path)
    levels = {f"read as sad, level {i} of 3" for i in (1, 2, 3)}
    for id in ("false_flags_per_pupil_year", "flag_ppv", "label_share"):
        assert rows(found, id, "trait") >= levels
    # Who is read as sad is flagged more often, and more of it is wrong.
    false = [
        found.one("false_flags_per_pupil_year", rule="sad enough", trait=f"read as sad, level {i} of 3").value
        for i in (1, 2, 3)
    ]
    assert false == sorted(false)
    parts = {f.source: f.value for f in found["file_variance_share"] if f.rule == "sad enough" and not f.reader}
    assert near(sum(parts.values()), 1)
    assert parts["face"] > parts["state"] > 0
    assert (parts["view"] > 0) == bool(seats)


def test_traits_that_the_perfect_reader_does_not_see(tmp_path):
    found = same(with_(SHORT, TRAITS), tmp_path)
    parts = {f.source: f.value for f in found["file_variance_share"] if f.rule == "any word" and f.reader}
    assert near(parts["face"], 0, tiny=1e-13)
    assert near(parts["group"], 0, tiny=1e-13)
    assert parts["state"] > 0


@pytest.mark.parametrize("lessons", [1, 2, 3])
def test_situations(tmp_path, lessons):
    found = same(with_(TINY.replace("lessons_per_day = 2", f"lessons_per_day = {lessons}"), SITUATIONS), tmp_path)
    assert rows(found, "flags_per_lesson", "situation") == {"plain", "told off", "test"}
    shares = {"plain": 0.7, "told off": 0.25, "test": 0.05}
    for reader in (None, "perfect"):
        for id, yearly in (
            ("flags_per_lesson", "flags_per_pupil_year"),
            ("false_flags_per_lesson", "false_flags_per_pupil_year"),
        ):
            about = {"rule": "sad enough", "group": "few", "reader": reader}
            whole = sum(w * found.one(id, situation=s, **about).value for s, w in shares.items())
            # A lesson's start follows from the lessons before it, whatever kind it is of itself.
            assert near(whole * lessons * 2, found.one(yearly, **about).value)


@pytest.mark.parametrize("days", [2, 3])
@pytest.mark.parametrize("seats", [(), (VIEWS,)], ids=["one view", "views"])
def test_ages(tmp_path, seats, days):
    text = SHORT.replace("school_years = 2", "school_years = 4").replace("days_per_year = 2", f"days_per_year = {days}")
    found = same(with_(text, AGES, *seats), tmp_path)
    assert rows(found, "flag_ppv", "age") == {"from year 1", "from year 2", "from year 3"}
    about = {"rule": "sad enough", "group": "most"}
    by = {
        f"from year {y}": found.one("false_flags_per_pupil_year", age=f"from year {y}", **about).value
        for y in (1, 2, 3)
    }
    whole = (by["from year 1"] + by["from year 2"] + 2 * by["from year 3"]) / 4
    assert len({round(v, 9) for v in by.values()}) > 2
    assert near(found.one("false_flags_per_pupil_year", **about).value, whole)


@pytest.mark.parametrize("keep", [1, 2, 3, 5, 6, 7, 400])
def test_flags_on_file_where_years_differ(tmp_path, keep):
    text = SHORT.replace("school_years = 2", "school_years = 3").replace("keep_days = 3", f"keep_days = {keep}")
    same(with_(text, AGES, VIEWS), tmp_path)


@pytest.mark.parametrize("hold", [0.5, 6.0, 1e4])
def test_faces_that_last(tmp_path, hold):
    same(with_(BRIEF, FACE.replace("6.0", str(hold))), tmp_path)


def test_faces_that_last_through_situations_ages_and_traits(tmp_path):
    text = BRIEFEST.replace("school_years = 2", "school_years = 3")
    same(with_(text, FACE, SITUATIONS, AGES, TRAITS.split('[[traits]]\nname = "read')[0], VIEWS), tmp_path)


def test_faces_hidden_by_flags(tmp_path):
    found = same(with_(TINY, FEEDBACK), tmp_path)
    assert {f.id for f in found} == DEFINITIONS.keys() - SAMPLED - {"flags_per_lesson", "false_flags_per_lesson"}
    # What counts flags over the years is there for the deployed system, too.
    assert {f.id for f in found if not f.reader} >= {"false_flags_end_p50", "p_mark", "p_mark_unearned"}
    assert 0 < found.one("masking_end").value < 0.8
    # Hidden faces look neutral.
    plain = product(TINY, tmp_path)
    neutral = [f.one("label_share", label="neutral").value for f in (found, plain)]
    assert neutral[0] > neutral[1]


@pytest.mark.parametrize("told", ["nobody", "one rule", "all rules"])
def test_only_flags_that_somebody_is_told_of_hide_faces(tmp_path, told):
    text = TINY
    if told != "all rules":
        # "any word" goes on telling the family, or nobody tells anybody.
        text = text.replace('notify = ["teacher", "parent"]', "notify = []")
        text = text.replace('flag = "share over 0.3"', 'flag = "share over 0.3"\nnotify = []')
    if told == "nobody":
        text = text.replace('notify = ["parent", "counsellor"]', "notify = []")
    if told == "all rules":
        text = text.replace("notify = []", 'notify = ["counsellor"]')
    found = same(with_(text, FEEDBACK), tmp_path)
    assert (found.one("masking_end").value > 0) == (told != "nobody")


@pytest.mark.parametrize("saturates", [1, 2, 64])
def test_where_flags_count_no_further(tmp_path, saturates):
    same(with_(BRIEFEST, FEEDBACK.replace("saturates_at = 5", f"saturates_at = {saturates}"), VIEWS), tmp_path)


@pytest.mark.parametrize("keep", [1, 3])
def test_faces_hidden_by_flags_while_seats_and_ages_change(tmp_path, keep):
    text = BRIEFEST.replace("school_years = 2", "school_years = 4").replace("keep_days = 3", f"keep_days = {keep}")
    same(with_(text, FEEDBACK, AGES, VIEWS), tmp_path)


def test_faces_that_last_are_hidden_too(tmp_path):
    same(with_(BRIEF, FACE, FEEDBACK), tmp_path)


def test_everything_at_once(tmp_path):
    text = BRIEF.replace("class_size = 30", "class_size = 30\nopt_out = 0.3").replace(
        "school_years = 2", "school_years = 3"
    )
    # Two rules, two faces, two kinds of lesson: the enumeration takes its time.
    text = re.sub(r'\[\[rules\]\]\nname = "unmoved".*?(?=\[file\])', "", text, flags=re.S)
    text = text.replace("engaged = { neutral = 0.75, happy = 0.25 }", "engaged = { neutral = 0.75, sad = 0.25 }")
    two = re.sub(r'\[\[situations\]\]\nname = "test".*?(?=\[display)', "", SITUATIONS, flags=re.S).replace(
        "0.25", "0.3", 1
    )
    text = with_(text, FACE, FEEDBACK.replace("saturates_at = 5", "saturates_at = 2"), two, AGES, VIEWS)
    first, _, last = (f"[[traits]]{t}" for t in TRAITS.split("[[traits]]")[1:])
    found = same(text + first + last, tmp_path)
    for key in ("view", "trait", "age", "situation", "source", "label", "reader", "state"):
        assert {getattr(f, key) for f in found} - {None}, key


def test_pupils_who_opt_out_are_not_looked_at(tmp_path):
    text = TINY.replace("class_size = 30", "class_size = 30\nopt_out = 0.3")
    found, plain = same(text, tmp_path), product(TINY, tmp_path)
    for f, p in zip(found, plain, strict=True):
        fewer = f.id in ("observations", "alerts_per_teacher_day")
        assert f.value == p.value or near(f.value, p.value * (0.7 if fewer else 1)), f
    assert near(found.one("observations").value, 0.7 * plain.one("observations").value)
