"""Comparisons: the same draws for all, and differences with intervals of their own."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from misread.study.compare import compare
from misread.study.exact.run import measured

from .schools import UNSURE, school

DRAWS = 128


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schools")
    slower = UNSURE.replace("observe_every_seconds = 300", "observe_every_seconds = 400")
    stricter = UNSURE.replace('flag = "2 of last 3"', 'flag = "3 of last 3"')
    texts = {"as it is": UNSURE, "slower": slower, "stricter": stricter, "the same": UNSURE}
    deployments = {name: school(folder, text, name.replace(" ", "-")) for name, text in texts.items()}
    return deployments, compare(deployments, draws=DRAWS, seed=3)


def test_each_run_is_a_run_of_its_own(compared):
    deployments, result = compared
    for name, deployment in deployments.items():
        alone = measured(deployment, draws=DRAWS, seed=3).findings
        assert [f.row() for f in result.runs[name].findings] == [f.row() for f in alone]


def test_differences_are_taken_draw_by_draw(compared):
    _, result = compared
    first, other = result.runs["as it is"], result.runs["slower"]
    d = result.one("slower", "false_flags_per_pupil_year", rule="sad enough")
    a, b = (m.findings.one("false_flags_per_pupil_year", rule="sad enough") for m in (first, other))
    assert d.value == pytest.approx(b.value - a.value)
    assert d.low < d.value < d.high < 0
    # Far narrower than if the two had been drawn apart.
    apart = math.hypot(a.high - a.low, b.high - b.low)
    assert d.high - d.low < apart / 2
    samples = [
        next(
            q.samples
            for q in m.quantities
            if (q.id, q.rule, q.group, q.reader) == ("false_flags_per_pupil_year", "sad enough", "all", None)
        )
        for m in (first, other)
    ]
    assert np.corrcoef(samples[0][1:], samples[1][1:])[0, 1] > 0.9


def test_nothing_differs_from_itself(compared):
    _, result = compared
    same = [d for d in result.differences if d.deployment == "the same"]
    assert len(same) == len(result.runs["as it is"].findings)
    assert {d.value for d in same} <= {0.0, None}
    assert {(d.low, d.high) for d in same} <= {(0.0, 0.0), (None, None)}


def test_what_only_one_has_has_no_difference(tmp_path):
    fewer = UNSURE.replace('name = "glum lesson"', 'name = "sad lesson"')
    result = compare({"a": school(tmp_path, UNSURE, "a"), "b": school(tmp_path, fewer, "b")}, draws=8)
    rules = {d.rule for d in result.differences}
    assert "sad lesson" not in rules
    assert "glum lesson" not in rules
    assert "sad enough" in rules


def test_the_first_one_s_intervals_do_not_depend_on_the_others(tmp_path):
    other = UNSURE.replace(
        "sad = { neutral = 0.2, sad = 0.8 }", "sad = { neutral = 0.2, sad = 0.8 }\nfaces_per_row = 30"
    )
    a, b = school(tmp_path, UNSURE, "a"), school(tmp_path, other, "b")
    result = compare({"a": a, "b": b}, draws=DRAWS)
    assert result.runs["a"].findings.rows == measured(a, draws=DRAWS).findings.rows
    # And the rows that both have are drawn alike.
    d = result.one("b", "false_flags_per_pupil_year", rule="sad enough", group="most")
    assert (d.value, d.low, d.high) == (0.0, 0.0, 0.0)


def test_the_text_is_the_same_each_time(compared):
    deployments, result = compared
    again = compare(deployments, draws=DRAWS, seed=3)
    assert again.to_json() == result.to_json()
    assert again.to_csv() == result.to_csv()
    told = json.loads(result.to_json())
    assert [d["name"] for d in told["deployments"]] == list(deployments)


def test_a_difference_says_how_it_was_got_or_why_it_has_no_interval(compared, tmp_path):
    _, result = compared
    for d in result.differences:
        assert (d.low is None) == ("no interval" in d.method or "no value" in d.method), d
    said = result.one("slower", "flag_ppv", rule="sad enough").method
    assert said == f"exact; interval: 95 % equal-tailed over {DRAWS} draws of the profiles"
    undrawn = compare({"a": school(tmp_path), "b": school(tmp_path)}, draws=0)
    assert "no draws were asked for" in undrawn.one("b", "flag_ppv", rule="sad enough").method
