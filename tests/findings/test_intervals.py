"""Intervals: when there are some, when not and why, and what they are."""

from __future__ import annotations

import numpy as np
import pytest

from misread.deployment import load
from misread.findings.summary import interval
from misread.study.exact.run import measured
from tests.study.schools import UNSURE, school


def test_equal_tails_of_the_draws():
    # Weibull's quantiles: of 199 draws, the 5th smallest and the 5th largest.
    low, high = interval(np.random.default_rng(1).permutation(np.arange(1.0, 200)))
    assert (low, high) == pytest.approx((5, 195))
    assert interval(np.array([1.0])) is None
    assert interval(np.array([])) is None
    assert interval(np.array([1.0, 2.0, np.nan])) is None


def test_draws_0_gives_no_intervals_and_says_why(tmp_path):
    found = measured(school(tmp_path), draws=0).findings
    assert all(f.low is f.high is None for f in found)
    assert "no draws were asked for" in found.one("flag_ppv", rule="sad enough").method


def test_a_deployment_that_states_no_uncertainty_says_so(tmp_path):
    found = measured(school(tmp_path, UNSURE.replace("faces_per_row = 200", "")), draws=64).findings
    assert all(f.low is f.high is None for f in found)
    method = found.one("flag_ppv", rule="sad enough").method
    assert "nothing states how many faces the profiles rest on" in method


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return measured(school(tmp_path_factory.mktemp("school")), draws=64).findings


def test_intervals_hold_their_values_here(found):
    with_interval = [f for f in found if f.low is not None]
    assert len(with_interval) > 100
    assert sum(f.low <= f.value <= f.high for f in with_interval) > 0.97 * len(with_interval)
    assert all("64 draws" in f.method for f in with_interval)


def test_a_group_whose_profile_states_nothing_has_no_interval(found):
    # "few" are read by a profile of which nobody says how sure it is: no interval of width zero, but none.
    for id in ("flag_ppv", "false_flags_per_pupil_year", "p_false_flag_by_end", "false_flags_end_p50", "p_mark"):
        where = {"rule": "sad enough", "mark": "resistant"} if id == "p_mark" else {"rule": "sad enough"}
        few = found.one(id, group="few", **where)
        assert few.low is few.high is None
        assert few.method == "exact; no interval: nothing it rests on has a stated uncertainty"
        for group in ("most", "all"):
            assert found.one(id, group=group, **where).low is not None
    few = found.one("label_share", group="few", label="sad")
    assert few.low is None
    assert found.one("alerts_per_family_year", group="few").low is None
    assert found.one("alerts_per_family_year").low is not None
    assert found.one("disparity_false_flags", rule="sad enough").low is not None


SURE_OF_NONE = """[classifier.confusion.kind]
from = "claim"
accuracy = 0.8
expressions = { sad = "none" }
faces_per_row = 200
[classifier.confusion.kind.rows]
neutral = { neutral = 0.9, sad = 0.1 }
happy = { happy = 1 }
"""


def test_a_rule_on_labels_that_no_draw_moves_has_no_interval(tmp_path):
    # "none" can only come from sad faces, of which a vendor claims something and states no uncertainty.
    text = UNSURE.replace('labels = ["sad", "none"]', 'labels = ["none"]')
    start, end = text.index("[classifier.confusion.kind]"), text.index("[classifier.confusion.harsh]")
    found = measured(school(tmp_path, text[:start] + SURE_OF_NONE + text[end:]), draws=64).findings
    assert found.one("flag_ppv", rule="sad enough", group="most").low is not None
    assert found.one("flag_ppv", rule="any word", group="most").value is not None
    assert found.one("flag_ppv", rule="any word", group="most").low is None
    assert found.one("label_share", label="none", group="most").low is None


def test_what_cannot_depend_on_the_classifier_has_none(found):
    for id in ("observations", "labels_archived", "claimed_share", "lesson_prevalence"):
        assert {(f.low, f.high) for f in found[id]} == {(None, None)}
        assert {f.method for f in found[id]} == {"exact; no interval: does not depend on the classifier"}
    assert all(f.low is None for f in found if f.reader == "perfect")


def test_where_a_range_is_stated_it_is_not_the_classifier_alone_that_is_open():
    deployment = load("one-classroom")
    assert deployment.ranges
    without, drawn = (measured(deployment, draws=n).findings for n in (0, 2))
    for id in ("labels_archived", "claimed_share"):
        assert {f.method for f in without[id]} == {"exact; no interval: no draws were asked for"}
        assert all(f.low < f.high for f in drawn[id])


def test_values_are_those_of_a_run_without_draws(tmp_path, found):
    without = measured(school(tmp_path), draws=0).findings
    for a, b in zip(found, without, strict=True):
        assert a.value == pytest.approx(b.value, rel=1e-12) if a.value is not None else b.value is None
