"""The page on named scenarios: every number on it is found again."""

from __future__ import annotations

from functools import cache

import pytest

import misread as mr
from misread.deployment import load, policies_by_topic
from misread.study.gaze import away_rates

from .pages import DOCS, table_after

TEXT = (DOCS / "scenarios.md").read_text(encoding="utf-8")
PAIRS = [(note, *row) for note in ("groups", "age", "looking") for row in table_after(TEXT, note)]
RULES = {"looking": "not attentive"}


@cache
def found(name, policy=None):
    # Years are alike here, so that one says what each of twelve would.
    settings = ["population.school_years=1"]
    return mr.run(load(name, policies=[policy] if policy else [], settings=settings), draws=0).findings


@pytest.mark.parametrize(("note", "policy", "rests", "one", "few", "other", "many"), PAIRS, ids=[p[1] for p in PAIRS])
def test_wrong_flags_are_those_found(note, policy, rests, one, few, other, many):
    policy = policy.strip("`")
    base = "a-teacher-instead" if policy.endswith("teacher") else "as-described"
    for group, shown in ((one, few), (other, many)):
        run = found(base) if group == "all, without it" else found(base, policy)
        who = "all" if group.startswith("all, ") else group
        value = run.one("false_flags_per_pupil_year", rule=RULES.get(note, "negative affect"), group=who).value
        assert f"{value:.0f}" == shown, (policy, group)
    assert rests


def test_every_scenario_is_in_a_table():
    named = {policy.strip("`") for _, policy, *_ in PAIRS}
    elsewhere = {"seats", "use", "traits", "board"}  # their own pages have them: seats.md, further.md, rights/board.md
    assert named == {n for topic, names in policies_by_topic().items() for n in names if topic not in elsewhere}


def test_the_error_of_gaze():
    rows = table_after(TEXT, "gaze")
    assert len(rows) >= 4
    for error, at_board, away in rows:
        rates = away_rates(float(error.split()[0]), 2, 5)
        assert (at_board, away) == (f"{rates.at_board:.3f}", f"{rates.away:.3f}")


def test_who_reads():
    rows = table_after(TEXT, "teacher")
    assert len(rows) == 2
    for name, *shown in rows:
        run = found(name.strip("`"))
        ids = (("flag_ppv", ".2f"), ("flag_lift", ".2f"), ("false_flags_per_pupil_year", ".0f"))
        assert shown == [format(run.one(id, rule="negative affect").value, form) for id, form in ids]


def test_years_are_alike():
    whole = mr.run(load("as-described"), draws=0).findings
    for rule in ("negative affect", "not attentive"):
        one, all_years = (f.one("false_flags_per_pupil_year", rule=rule).value for f in (found("as-described"), whole))
        assert one == pytest.approx(all_years, rel=1e-9)
