"""A replayed pupil is the very one that was counted."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from misread.engine.sampled.replay import Replay
from misread.engine.sampled.simulate import simulate
from tests.engine.sampled.schools import differing, made, text_of


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


KINDS = {
    "faces that hide, a ranked class": lambda text: text,
    "no face hides": lambda text: re.sub(r"\n\[feedback\].*?(?=\n\[|\Z)", "\n", text, flags=re.DOTALL),
    "nobody is ranked": lambda text: text.replace("top 2 of class", "share over 0.2"),
}


@pytest.fixture(scope="module", params=KINDS)
def years_of_all(request, tmp_path_factory):
    """A deployment, a replay, and all looks at each pupil of a school, gone through year by year."""
    text = text_of("full", pupils_per_school=14, opt_out=0.2, days_per_year=5)
    text = text.replace("school_years = 3", "school_years = 3\nclass_size = 5")
    lived = made(tmp_path_factory.mktemp("school"), KINDS[request.param](text))
    replay = Replay(lived.deployment, lived.chain, lived.profiles, 4)
    return lived, replay, {pupil: tuple(replay.years(1, pupil)) for pupil in range(1, 15)}


@given(st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_some_days_are_those_of_the_years(years_of_all, data):
    _, replay, looks = years_of_all
    first = data.draw(st.integers(1, 15))
    last = data.draw(st.integers(first, 15))
    whom = data.draw(st.lists(st.integers(1, 14), min_size=1, unique=True))
    of_all = {p: tuple(a for a in looks[p] if first <= (a.year - 1) * 5 + a.day <= last) for p in whom}
    assert replay.days(1, whom, first, last) == of_all
    assert replay.days(1, whom, first) == replay.days(1, whom, first, first)


def test_days_of_flags_are_those_of_the_looks(years_of_all):
    lived, replay, looks = years_of_all
    of_all = replay.flag_days(1, looks)
    assert list(of_all) == list(looks)
    for pupil, own in looks.items():
        wrong, right = replay.flag_days(1, [pupil])[pupil]
        assert np.array_equal(of_all[pupil], (wrong, right))
        rules = [rule.name for rule in lived.deployment.rules]
        want = Counter((f.true, rules.index(f.rule), a.year - 1, a.day - 1) for a in own for f in a.flags)
        for so, found in ((False, wrong), (True, right)):
            places = zip(*np.nonzero(found), strict=True)
            assert {(so, *place): found[place] for place in places} == {k: n for k, n in want.items() if k[0] is so}


def test_marks_are_the_same_whether_years_were_gone_through_before_or_not(school, replay):
    assert [replay.marks(2, p) for p in range(1, 31)] == [
        Replay(school.deployment, school.chain, school.profiles, 11).marks(2, p) for p in range(1, 31)
    ]


def test_a_school_is_the_one_that_is_counted(school, replay):
    replay.ahead(2)
    assert differing(replay.school(2), simulate(school.tables, 11, 1)) == []
    strata = [int(np.flatnonzero(school.chain.kind == kind)[0]) for kind in replay.school(2).kind]
    assert replay.groups_of(2).tolist() == school.chain.group[strata].tolist()


def test_days_that_are_not_are_refused(replay):
    for first, last in ((0, 1), (3, 2), (1, 7)):
        with pytest.raises(ValueError, match="no school days"):
            replay.days(1, [1], first, last)
    with pytest.raises(ValueError, match="no pupil"):
        replay.days(1, [31], 1)


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
