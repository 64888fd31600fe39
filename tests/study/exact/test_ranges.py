"""Stated ranges in intervals: against runs of their own at each point."""

from __future__ import annotations

import numpy as np
import pytest

from misread.deployment import ranges, resolve_profiles
from misread.engine.chain import compile_chain
from misread.findings.about import KEYS
from misread.findings.measure import measure
from misread.study.compare import compare
from misread.study.exact.draws import cells_of, drawn
from misread.study.exact.run import measured
from tests.engine.chains import near
from tests.findings.test_enumerated import TINY, VIEWS
from tests.findings.test_further import AGES, BRIEFEST, FACE, FEEDBACK, SITUATIONS, TRAITS
from tests.study.schools import school

UNSURE = (
    TINY.replace("bored = 7,", "bored = { value = 7, low = 3, high = 14 },")
    .replace("bored = { neutral = 0.7, sad = 0.3 }", "bored = { neutral = 0.7, sad = { value = 0.3, low = 0.1, high = 0.5 } }")
    .replace("share = 0.25,", "share = { value = 0.25, low = 0.1, high = 0.4, source = \"assumption\" },")
    .replace("observe_every_seconds = 300", "observe_every_seconds = { value = 300, low = 200, high = 300 }")
    .replace("days_per_year = 2", "days_per_year = { value = 2, low = 2, high = 3 }")
    .replace("lost = 0.4", "lost = { value = 0.4, low = 0.2, high = 0.6 }")
)  # fmt: skip


def each_draw_is_a_run_of_its_own(d, draws_of=8):
    """Whether every draw's values are those of a run at that draw; and the looks and days that came up."""
    draws = drawn(cells_of({}, d.ranges), draws_of, 3)
    got = {q.key: q for q in measured(d, draws=draws_of, seed=3).quantities}
    looks = set()
    for i in range(draws_of + 1):
        here = ranges.at(d, draws.values(d.ranges, i - 1)) if i else d
        chain = compile_chain(here, resolve_profiles(here))
        looks.add((chain.looks, chain.days))
        for q in measure(chain, here, chain.emission):
            samples = got[q.key].samples
            assert near(samples[min(i, len(samples) - 1)], q.samples[0], rel=1e-9, tiny=1e-13) or (
                np.isnan(samples).all() and np.isnan(q.samples[0])
            ), (q.key, i)
    return looks


def test_each_draw_is_a_run_of_its_own(tmp_path):
    text = UNSURE.replace(
        "[classifier]", VIEWS.replace("lost = 0.4", "lost = { value = 0.4, low = 0.2, high = 0.6 }"), 1
    )
    d = school(tmp_path, text)
    assert len(d.ranges) == 6
    # Draws of other structure were among them.
    assert len(each_draw_is_a_run_of_its_own(d)) > 2


def ranged(text, *values):
    """Numbers with a range about them: from half to one and a half of the value."""
    for key, value in values:
        assert f"{key} = {value}" in text
        low, high = value / 2, min(value * 1.5, 1.0) if key in ("max", "share") else value * 1.5
        text = text.replace(f"{key} = {value}", f"{key} = {{ value = {value}, low = {low}, high = {high} }}", 1)
    return text


FURTHER = {
    "traits": (TRAITS, ("sd", 0.6), ("sd", 0.8), ("sd", 0.4)),
    "situations": (SITUATIONS, ("share", 0.25), ("anxious", 3.0), ("sad", 0.05)),
    "ages": (AGES, ("bored", 1.9), ("sad", 0.1)),
    "face": (FACE, ("hold_minutes", 6.0)),
    "feedback": (FEEDBACK, ("max", 0.8), ("strength", 0.3)),
}


@pytest.mark.parametrize("table", FURTHER)
def test_each_draw_of_further_tables_is_a_run_of_its_own(tmp_path, table):
    text, *values = FURTHER[table]
    d = school(tmp_path, BRIEFEST + ranged(text, *values))
    assert len(d.ranges) == len(values)
    each_draw_is_a_run_of_its_own(d, 4)


def test_values_are_as_stated_and_intervals_hold_them_here(tmp_path):
    d = school(tmp_path, UNSURE)
    found, plain = measured(d, draws=64).findings, measured(school(tmp_path, TINY, "plain"), draws=0).findings
    for f, p in zip(found, plain, strict=True):
        assert [getattr(f, k) for k in ("id", "rule", "group", *KEYS)] == [
            getattr(p, k) for k in ("id", "rule", "group", *KEYS)
        ]
        assert f.value == p.value or near(f.value, p.value)
    for id in ("claimed_share", "flag_ppv"):
        assert all(f.low <= f.value <= f.high and f.low < f.high for f in found[id] if not f.reader)
    # Stated at the ends of their ranges: more days and more looks can only be more labels.
    assert all(f.value <= f.low < f.high for id in ("labels_archived", "observations") for f in found[id])
    assert "of the profiles and of stated ranges" in found["flag_ppv"][0].method


def test_what_a_range_cannot_move_has_no_interval(tmp_path):
    text = TINY.replace("lost = 0.4", "").replace("bored = 7,", "bored = { value = 7, low = 3, high = 14 },")
    found = measured(school(tmp_path, text), draws=16).findings
    assert all(f.low is None for f in found["observations"])
    assert all(f.low is None for f in found["labels_archived"])
    assert all(f.low < f.high for f in found["claimed_share"])


def test_the_same_range_is_drawn_alike_in_a_comparison(tmp_path):
    first = school(tmp_path, UNSURE)
    found = compare(
        {"a": first, "b": school(tmp_path, UNSURE.replace("schools = 3", "schools = 4"), "other")}, draws=16
    )
    moved = {d.id for d in found.differences if d.value}
    assert moved == {"observations"}
    assert all(d.low in (0, None) for d in found.differences if d.id != "observations")


def test_wider_ranges_give_wider_intervals(tmp_path):
    widths = []
    for low, high in ((6.9, 7.1), (6, 8), (3, 14)):
        text = TINY.replace("bored = 7,", f"bored = {{ value = 7, low = {low}, high = {high} }},")
        f = measured(school(tmp_path, text), draws=64).findings.one("claimed_share", rule="glum lesson")
        widths.append(f.high - f.low)
    assert widths[0] < widths[1] / 3 < widths[2] / 9


@pytest.mark.parametrize("low", [5.0])
def test_an_even_draw_over_the_range_covers_it(tmp_path, low):
    # 95 % of an even draw between the ends: the interval of what rises with it runs between those quantiles.
    text = TINY.replace("bored = 7,", f"bored = {{ value = 7, low = {low}, high = 10 }},")
    d = school(tmp_path, text)
    f = measured(d, draws=1023).findings.one("claimed_share", rule="glum lesson")
    (r,) = d.ranges

    def at(u):
        return (
            measured(ranges.at(d, {r.path: r.along(u)}), draws=0)
            .findings.one("claimed_share", rule="glum lesson")
            .value
        )

    assert f.low == pytest.approx(at(0.025), rel=1e-3)
    assert f.high == pytest.approx(at(0.975), rel=1e-3)
