"""Kernels against the plain reading: every count of a school, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from misread.engine.sampled import reference
from misread.engine.sampled.simulate import simulate
from tests.engine.sampled.schools import differing, made, text_of

SCHOOLS = {
    "all rules": text_of(),
    "all tables": text_of("full", opt_out=0.3),
    # 24 looks are one word of the kernels, 25 two, 40 two, 80 four.
    "a full word of looks": text_of(lesson_minutes=120.0),
    "one look more": text_of(lesson_minutes=125.0, lessons_per_day=2),
    "one look a lesson": text_of(lesson_minutes=5.0, lessons_per_day=8)
    .replace("3 of last 6", "1 of last 6")
    .replace("2 of last 4", "run of 1")
    .replace("run of 2", "1 of last 3"),
    "windows longer than a machine word": text_of("full", observe_every_seconds=60, lessons_per_day=2, days_per_year=1)
    .replace("3 of last 6", "2 of last 38")
    .replace("2 of last 4", "2 of last 64", 1)
    .replace("run of 2", "3 of last 33"),
    "windows as long as find room beside eight looks, and longer": text_of(
        "full", observe_every_seconds=60, lessons_per_day=2, days_per_year=1
    )
    .replace("3 of last 6", "2 of last 24")
    .replace("2 of last 4", "2 of last 25", 1)
    .replace("run of 2", "3 of last 23"),
    "more looks than a tally counts": text_of(
        pupils_per_school=4, days_per_year=1, lessons_per_day=2, observe_every_seconds=5
    ).replace("share over 0.3", "share over 0.1"),
    "classes": text_of("full", pupils_per_school=50).replace("school_years = 3", "school_years = 3\nclass_size = 12"),
    "one class wider than a block": text_of(
        pupils_per_school=140, days_per_year=1, lessons_per_day=2, school_years=2
    ).replace("school_years = 2", "school_years = 2\nclass_size = 200"),
    "classes that go on in the next block": text_of(
        "full", pupils_per_school=290, days_per_year=1, lessons_per_day=2
    ).replace("school_years = 3", "school_years = 3\nclass_size = 30"),
    "the usual kind of lesson is not the first": text_of("full", pupils_per_school=50)
    .replace("school_years = 3", "school_years = 3\nclass_size = 12")
    .replace('name = "plain"\nshare = 0.95', 'name = "plain"\nshare = 0.3')
    .replace('name = "told off"\nshare = 0.05', 'name = "told off"\nshare = 0.5')
    + '[[situations]]\nname = "test"\nshare = 0.2\nmean_minutes = { anxious = 2.0 }\n',
    "what is not kept": text_of("full", keep_days=3, days_per_year=4, pupils_per_school=6),
    "one situation, many ages": text_of(days_per_year=1)
    + '\n[[ages]]\nfrom_year = 1\nmean_minutes = { bored = 1.4 }\n[[ages]]\nfrom_year = 3\ndisplay = "flat"\n',
}


@pytest.mark.parametrize("name", SCHOOLS)
def test_every_count_is_the_reference_s(name, tmp_path):
    school = made(tmp_path, SCHOOLS[name])
    kernel = simulate(school.tables, 7, 1)
    assert differing(kernel, reference.simulate(school.tables, school.deployment, 7, 1)) == []
    assert kernel.flags[0].sum(axis=(1, 2)).all(), "a rule that never fires tests nothing"


def test_how_a_school_is_cut_up_changes_nothing(tmp_path):
    tables = made(tmp_path, SCHOOLS["classes that go on in the next block"]).tables
    whole = simulate(tables, 7, 1)
    for threads in (2, 5):
        assert differing(simulate(tables, 7, 1, threads=threads), whole) == []


def test_what_the_tests_rest_on_is_there(tmp_path):
    school = simulate(made(tmp_path, SCHOOLS["classes"]).tables, 7, 1)
    assert 0 < school.watched.sum() < len(school.watched)
    assert school.masking.max() > 0
    assert len(np.unique(school.view)) == 2
    assert (school.mark_day[0] >= 0).any(axis=1).all()
    assert school.unearned[0].any()
    assert (school.lessons.sum(axis=(1, 2)) > 0).all()
    assert school.half.any()
    assert school.second.any()
    left_alone = ~school.watched
    for name in ("flags", "false", "tally", "claimed", "labels", "lessons", "on_file", "second", "masking"):
        assert not getattr(school, name)[..., left_alone].any()
