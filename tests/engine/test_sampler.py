"""The plain sampler of `misread trace` against the exact engine, and against itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby

import numpy as np
import pytest
from benchmarks.numpy_steps import false_flags_a_day

from misread.deployment import load, resolve_profiles
from misread.engine.chain import compile_chain
from misread.engine.trace import Sampler
from misread.study.run import measured
from tests.deployment.samples import SMALL

PUPILS, DAYS = 700, 3
TEXT = SMALL.replace("lessons_per_day = 6", "lessons_per_day = 3").replace(
    'notify = ["teacher"]\n',
    """notify = ["teacher"]

[[rules]]
name = "kept"
labels = ["sad", "none"]
flag = "2 of last 4"
after_flag = "keep"
claims = ["anxious"]
true_if = "at_flag"

[[rules]]
name = "muted"
labels = ["neutral"]
flag = "run of 2"
after_flag = "mute lesson"
claims = ["engaged"]
""",
)


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    path = tmp_path_factory.mktemp("school") / "school.toml"
    path.write_text(TEXT)
    deployment = load(path)
    profiles = resolve_profiles(deployment)
    return deployment, profiles, compile_chain(deployment, profiles)


def tallies(days, deployment):
    """What one pupil's days held: {(id, rule or label): (numerator, denominator)}."""
    count = defaultdict(lambda: [0, 0])

    def add(key, top, bottom):
        count[key][0] += top
        count[key][1] += bottom

    for day in days:
        for label in deployment.classifier.labels:
            add(("label_share", label), sum(look.label == label for look in day), len(day))
        for rule in deployment.rules:
            flags = [f for look in day for f in look.flags if f.rule == rule.name]
            false = sum(not f.true for f in flags)
            add(("flags", rule.name), len(flags), 1)
            add(("false", rule.name), false, 1)
            add(("flag_ppv", rule.name), len(flags) - false, len(flags))
            add(("p_false_flag_by_day_1", rule.name), false > 0, 1)
            add(("p_only_true_flags_by_day_1", rule.name), bool(flags) and not false, 1)
            for _, lesson in groupby(day, key=lambda look: look.lesson):
                lesson = list(lesson)
                claimed = [look.state in rule.claims for look in lesson]
                true = [[f.true for f in look.flags if f.rule == rule.name] for look in lesson]
                add(("claimed_share", rule.name), sum(claimed), len(claimed))
                add(("lesson_prevalence", rule.name), any(claimed), 1)
                add(("lesson_sensitivity", rule.name), any(claimed) and any(map(any, true)), any(claimed))
                add(("lesson_false_positive_rate", rule.name), not any(claimed) and any(true), not any(claimed))
    return count


def test_its_means_are_the_exact_engine_s(school):
    deployment, profiles, chain = school
    sampler = Sampler(deployment, chain, profiles, seed=20)
    found = measured(deployment, draws=0).findings
    pupils, groups = [], Counter()
    for pupil in range(1, PUPILS + 1):
        groups[sampler.group(pupil)] += 1
        pupils.append(tallies([list(sampler.day(pupil, d)) for d in range(1, DAYS + 1)], deployment))
    assert abs(groups["flat-affect"] / PUPILS - 0.2) < 4.5 * (0.16 / PUPILS) ** 0.5
    compared = 0
    for key in pupils[0]:
        id, name = key
        top, bottom = (np.array([p[key][i] for p in pupils], float) for i in (0, 1))
        mean = top.sum() / bottom.sum()
        # A pupil's days share a group: pupils, not days, are what is independent.
        se = np.sqrt(((top - mean * bottom) ** 2).sum() * PUPILS / (PUPILS - 1)) / bottom.sum()
        if id in ("flags", "false"):
            yearly = "flags_per_pupil_year" if id == "flags" else "false_flags_per_pupil_year"
            want = found.one(yearly, rule=name).value / deployment.calendar.days_per_year
        else:
            want = found.one(id, **{"label" if id == "label_share" else "rule": name}).value
        assert abs(mean - want) <= 4.5 * se, (key, mean, want, se)
        compared += 1
    assert compared == 4 + 4 * 9


def test_a_day_is_the_same_whenever_it_is_drawn(school):
    deployment, profiles, chain = school
    one, other = (Sampler(deployment, chain, profiles, seed=3) for _ in range(2))
    list(other.day(8, 1))
    assert list(one.day(7, 2)) == list(other.day(7, 2))
    assert list(one.day(7, 2)) != list(one.day(7, 3)) != list(one.day(8, 3))
    assert list(one.day(7, 2)) != list(Sampler(deployment, chain, profiles, seed=4).day(7, 2))


def test_rules_and_classifier_never_change_the_pupil(school, tmp_path):
    deployment, profiles, chain = school
    path = tmp_path / "other.toml"
    path.write_text(
        TEXT.replace("sad = { neutral = 0.4, sad = 0.6 }", "sad = { sad = 1 }").replace("3 of last 6", "run of 1")
    )
    better = load(path)
    rows = resolve_profiles(better)
    other = Sampler(better, compile_chain(better, rows), rows, seed=3)
    before, after = (list(s.day(5, 9)) for s in (Sampler(deployment, chain, profiles, seed=3), other))
    assert [(a.state, a.expression) for a in before] == [(a.state, a.expression) for a in after]
    assert [a.flags for a in before] != [a.flags for a in after]


def test_looks_are_told_by_lesson_and_minute(school):
    deployment, profiles, chain = school
    day = list(Sampler(deployment, chain, profiles).day(1, 1))
    assert [(a.lesson, a.look, a.minute) for a in day[7:10]] == [(1, 8, 35.0), (2, 1, 50.0), (2, 2, 55.0)]
    assert len(day) == 24


def test_the_simulation_of_the_benchmark_counts_the_same_thing(school):
    deployment, _, chain = school
    false = false_flags_a_day(deployment, chain, 40_000)
    exact = measured(deployment, draws=0).findings.one("false_flags_per_pupil_year", rule=deployment.rules[0].name)
    want = exact.value / deployment.calendar.days_per_year
    assert abs(false.mean() - want) <= 4.5 * false.std() / len(false) ** 0.5
