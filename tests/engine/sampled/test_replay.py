"""A replayed pupil is the very one that was counted."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from misread.engine.sampled.replay import Replay
from misread.engine.sampled.simulate import simulate
from tests.engine.sampled.schools import made, text_of


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    text = text_of("full", pupils_per_school=30, opt_out=0.2)
    return made(
        tmp_path_factory.mktemp("school"), text.replace("school_years = 3", "school_years = 3\nclass_size = 10")
    )


@pytest.fixture(scope="module")
def replay(school):
    return Replay(school.deployment, school.chain, school.profiles, 11)


def test_flags_of_a_replay_are_those_that_were_counted(school, replay):
    counted = simulate(school.tables, 11, 1)
    rules = school.deployment.rules
    for pupil in range(1, 31):
        looks = list(replay.years(2, pupil))
        assert len(looks) == (3 * 2 * 3 * 8 if counted.watched[pupil - 1] else 0)
        flags = Counter((look.year, f.rule) for look in looks for f in look.flags)
        false = Counter((look.year, f.rule) for look in looks for f in look.flags if not f.true)
        labels = Counter((look.year, look.label) for look in looks)
        states = Counter((f.rule, look.state) for look in looks for f in look.flags)
        for year in range(3):
            for r, rule in enumerate(rules):
                assert flags[year + 1, rule.name] == counted.flags[0, r, year, pupil - 1]
                assert false[year + 1, rule.name] == counted.false[0, r, year, pupil - 1]
            for y, label in enumerate(school.chain.labels):
                assert labels[year + 1, label] == counted.labels[y, year, pupil - 1]
        for r, rule in enumerate(rules):
            for z, state in enumerate(school.chain.states):
                assert states[rule.name, state] == counted.state_flags[r, z, pupil - 1]
        marks = {name: (day, wrong) for name, day, wrong in replay.marks(2, pupil)}
        for m, mark in enumerate(school.deployment.file.marks):
            day = counted.mark_day[0, m, pupil - 1]
            assert marks.get(mark.name) == ((day + 1, counted.unearned[0, m, pupil - 1]) if day >= 0 else None)


def test_later_years_alone_are_the_same_looks(replay):
    whole = list(replay.years(2, 4))
    assert list(replay.years(2, 4, 2, 2)) == [look for look in whole if look.year == 2]


def test_a_look_is_told_in_words(school, replay):
    looks = list(replay.years(2, 4))
    assert [(a.year, a.day, a.lesson, a.look, a.minute) for a in looks[7:9]] == [(1, 1, 1, 8, 35.0), (1, 1, 2, 1, 50.0)]
    assert {a.situation for a in looks} <= set(school.chain.situations)
    rules = {r.name: r for r in school.deployment.rules}
    for look in looks:
        assert look.hits == tuple(name for name, r in rules.items() if look.label in r.labels)
        assert all(f.notify == rules[f.rule].notify for f in look.flags)


def test_facts_are_the_pupil_s(school, replay):
    facts = replay.facts(2, 14)
    counted = simulate(school.tables, 11, 1)
    assert (facts.school, facts.pupil, facts.klass) == (2, 14, 2)
    assert facts.classmates == (11, 12, 13, 15, 16, 17, 18, 19, 20)
    assert facts.watched == counted.watched[13]
    assert facts.views == tuple(school.chain.views[v] for v in counted.view[:, 13])
    stratum = int(np.flatnonzero(school.chain.kind == counted.kind[13])[0])
    assert facts.group == school.chain.groups[school.chain.group[stratum]]
    assert [level - 1 for _, level, _ in facts.traits] == list(school.chain.level[stratum])


def test_expressions_follow_their_law(tmp_path):
    # One state, two expressions read alike half of the time: given the label, the face is Bayes' rule.
    text = text_of(days_per_year=40, lessons_per_day=6)
    plain = made(tmp_path, text)
    replay = Replay(plain.deployment, plain.chain, plain.profiles, 3)
    shown = Counter((a.state, a.label, a.expression) for pupil in range(1, 13) for a in replay.years(1, pupil))
    group = {replay.facts(1, p).group for p in range(1, 13)}
    if group != {"reference"}:
        shown = Counter(
            (a.state, a.label, a.expression)
            for pupil in range(1, 13)
            if replay.facts(1, pupil).group == "reference"
            for a in replay.years(1, pupil)
        )
    profile = plain.profiles["reference"]
    row = dict(zip(profile.expressions, profile.p[:, profile.labels.index("sad")], strict=True))
    want = 0.3 * row["sad"] / (0.7 * row["neutral"] + 0.3 * row["sad"])
    sad, neutral = shown["bored", "sad", "sad"], shown["bored", "sad", "neutral"]
    assert sad + neutral > 1000
    assert abs(sad / (sad + neutral) - want) < 4.5 * (want * (1 - want) / (sad + neutral)) ** 0.5
    assert shown["engaged", "happy", "sad"] == 0


def test_decisions_choose_as_many_as_they_should(school, replay):
    chances = np.array([[(a, b) for _, a, b in replay.decisions(2, p)] for p in range(1, 31)])
    decisions = school.deployment.decisions
    for d, decision in enumerate(decisions):
        # Those left alone are ranked as the worst.
        assert chances[:, d].sum(axis=0) == pytest.approx([np.floor(decision.share * 30 + 0.5)] * 2)
    assert [name for name, _, _ in replay.decisions(2, 1)] == [d.name for d in decisions]


def test_twelve_years_are_replayed_look_by_look(tmp_path):
    text = text_of("full", pupils_per_school=60, days_per_year=180, lessons_per_day=6, school_years=12, opt_out=0)
    twelve = made(tmp_path, text)
    replay = Replay(twelve.deployment, twelve.chain, twelve.profiles, 1)
    assert sum(1 for _ in replay.years(1, 5)) == 12 * 180 * 48


def test_who_is_not_there_is_refused(replay):
    for school, pupil in ((0, 1), (1, 0), (3, 1), (1, 31)):
        with pytest.raises(ValueError, match="no pupil"):
            replay.facts(school, pupil)
    with pytest.raises(ValueError, match="no school years"):
        list(replay.years(1, 1, 2, 4))
