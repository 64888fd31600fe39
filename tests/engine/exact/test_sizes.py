"""What does not fit is refused with its size, before memory is taken."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from misread.deployment import load
from misread.engine.chain import compile_rules
from misread.engine.exact import sizes
from misread.engine.exact.day import solve
from misread.errors import MisreadError
from misread.study.exact.run import measured
from tests.deployment.samples import SMALL
from tests.engine.chains import chain, compiled, mark, rates

MANY_STATES = [f"s{i}" for i in range(1500)]


def many_states():
    """The sample with a ring of states: a table of 1,500 by 1,500 for each automaton state."""
    ring = "\n".join(
        f"{a} = {{ {b} = 1 }}" for a, b in zip(MANY_STATES, MANY_STATES[1:] + MANY_STATES[:1], strict=True)
    )
    rows = "\n".join(f"{s} = {{ neutral = 1 }}" for s in MANY_STATES)
    start, end = SMALL.index("[pupil]"), SMALL.index("[camera]")
    pupil = f"[pupil]\nstates = {MANY_STATES}\n[pupil.mean_minutes]\n".replace("'", '"')
    pupil += "\n".join(f"{s} = 5" for s in MANY_STATES) + f"\n[pupil.next]\n{ring}\n[display.default]\n{rows}\n"
    pupil += f"[display.flat]\n{rows}\n"
    text = SMALL[:start] + pupil + SMALL[end:]
    return text.replace('claims = ["bored", "anxious"]', 'claims = ["s0"]').replace(
        'claims = ["bored"]', 'claims = ["s1"]'
    )


CASES = {
    "states": (many_states(), r"rule 'negative affect' for one lesson and day of one kind of pupil need [\d.]+ GiB"),
    "marks": (
        SMALL.replace("flags = 20", "flags = 8000")
        .replace("observe_every_seconds = 300", "observe_every_seconds = 10")
        .replace("share over 0.3", "share over 0.03"),
        r"mark 'resistant' for a year of one kind of pupil need [\d.,]+ GiB",
    ),
    "looks": (SMALL.replace("observe_every_seconds = 300", "observe_every_seconds = 1e-6"), "14,400,000,000 looks"),
    "lessons": (
        SMALL.replace("lesson_minutes = 40.0", "lesson_minutes = 1e-6")
        .replace("break_minutes = 10", "break_minutes = 0")
        .replace("lessons_per_day = 6", "lessons_per_day = 1000000000")
        .replace("3 of last 6", "run of 1"),
        "1,000,000,000 looks",
    ),
    "window": (
        SMALL.replace("observe_every_seconds = 300", "observe_every_seconds = 30").replace(
            "3 of last 6", "9 of last 60"
        ),
        "different windows",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_refused_with_the_size_before_memory_is_taken(case, tmp_path):
    text, said = CASES[case]
    path = tmp_path / "school.toml"
    path.write_text(text)
    deployment = load(path)
    tracemalloc.start()
    try:
        with pytest.raises(MisreadError, match=said) as refused:
            measured(deployment, draws=0)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 300 * 2**20
    for problem in refused.value.problems:
        # Lessons that no engine can go through need another deployment; tables that are too large, another engine.
        assert ("the sampled engine" in problem.mend) == (case in ("states", "marks"))
        assert problem.mend.endswith(".")
        assert "at most" in problem.expected
        assert problem.file == str(path)
        assert problem.line is not None


def test_many_groups_and_draws_are_refused_as_well(tmp_path):
    groups = "\n".join(f'  {{ name = "g{i}", share = 0.001, profile = "reference" }},' for i in range(1000))
    start, end = SMALL.index("groups = ["), SMALL.index("[calendar]")
    path = tmp_path / "school.toml"
    path.write_text(SMALL[:start] + f"groups = [\n{groups}\n]\n" + SMALL[end:])
    with pytest.raises(MisreadError, match=r"one a draw, kind of pupil and view, need [\d,.]+ GiB"):
        measured(load(path), draws=65536)


@pytest.mark.parametrize("flag", [("k", 3, 6), ("k", 1, 1), ("share", 0.3)], ids=str)
@pytest.mark.parametrize("after", ["clear", "keep"])
def test_a_run_takes_no_more_than_is_said(flag, after, monkeypatch):
    # One stratum at a time, so that a table is what is announced.
    monkeypatch.setattr("misread.engine.exact.day.CHUNK", 1)
    marks = (mark(12),)
    rule = compiled(flag, [True, False, False, True, False, False], 30, after, "in_window", marks)
    rng = np.random.default_rng(1)
    c = chain(rates(rng, 6), rng.uniform(0, 1, (2, 6)), rule, 30, 3, days=20)
    said = sizes.COPIES * sizes.table_bytes(rule, 6, 3)
    tracemalloc.start()
    try:
        day = solve(c, rule, c.emission)
        _ = day.true, day.missed, day.false_counts, day.marks, day.by_state
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < said + 2**20
    assert peak > said / 8


def test_a_usual_school_is_far_from_the_limit(tmp_path):
    path = tmp_path / "school.toml"
    path.write_text(SMALL.replace("observe_every_seconds = 300", "observe_every_seconds = 30"))
    deployment = load(path)
    rules = compile_rules(deployment)[0]
    sizes.refuse_what_does_not_fit(deployment, rules, 256)
    assert max(sizes.COPIES * sizes.table_bytes(r, 3, 6) for r in rules) < sizes.LIMIT / 50


def test_a_mark_that_no_year_can_bring_takes_nothing(tmp_path):
    path = tmp_path / "school.toml"
    path.write_text(SMALL.replace("flags = 20", "flags = 1000000000"))
    found = measured(load(path), draws=0).findings
    assert {f.value for f in found["p_mark"]} == {0.0}
