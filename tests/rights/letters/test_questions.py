"""Questions: from gaps, from what decides, from a stated accuracy; each number got a second way."""

from __future__ import annotations

from datetime import date

import pytest

from misread import rights
from misread.deployment import load, resolve_profiles
from misread.engine.chain import compile_chain
from misread.errors import MisreadError
from misread.findings.measure import measure
from misread.rights.letters.questions import FIELD_OF, asks, from_accuracy, from_gaps, from_stress, percent, topic
from misread.rights.record.fields import FIELDS
from misread.rights.record.gaps import gaps
from misread.rights.record.worked import worked

DAY = date(2026, 11, 30)


def found(place="eu"):
    return gaps(worked("967-schools"), rights.at(place, DAY), DAY)


def test_questions_are_those_of_the_gaps_in_their_order():
    lines = found().lines
    questions = from_gaps(found(), "access", "en", most=5)
    assert [q.field for q in questions] == [line.field for line in lines[:5]]
    assert [q.text for q in questions] == [line.ask for line in lines[:5]]
    assert len(from_gaps(found(), "access", "en", most=49)) == len(lines)


def test_what_a_letter_of_this_kind_cannot_ask_by_right_is_a_wish():
    lines = {line.field: line for line in found().lines}
    for kind in ("access", "erasure"):
        for question in from_gaps(found(), kind, "en", most=49):
            line = lines[question.field]
            reached = line.letter == kind and line.way.availability == "in-force"
            assert question.wish == (not reached and line.order != "owed_by_law")
    assert not all(q.wish for q in from_gaps(found(), "access", "en", most=49))


def test_what_a_law_requires_is_no_wish_and_has_its_mark():
    owed = [line.field for line in found().lines if line.order == "owed_by_law"]
    asked = [q for q in from_gaps(found(), "erasure", "en", most=49) if not q.wish]
    assert owed
    assert [q.field for q in asked] == owed
    assert all(
        ": seen only in" in q.source or ": from general" in q.source or ": its wording" in q.source for q in asked
    )


def test_each_says_which_field_it_comes_from():
    for question in from_gaps(found(), "access", "en"):
        assert f"field {question.field} (" in question.source


STRESS = {
    "format": "misread-stress/1",
    "title": "A school",
    "verdicts": [
        {"settings": [{"kind": "range", "name": "display.default.engaged.frown"},
                      {"kind": "range", "name": "camera.observe_every_seconds"}]},
        {"settings": [{"kind": "range", "name": "display.flat.engaged.frown"},
                      {"kind": "rule", "name": "what makes a flag of 'x' true"}]},
    ],
    "questions": [{"input": "camera.observe_every_seconds", "turns": ["“A” turns at 600 seconds"], "words": "?"}],
}  # fmt: skip


def test_inputs_of_a_sort_make_one_question():
    questions = from_stress(STRESS, "en")
    assert [q.id for q in questions] == ["model.display", "model.interval", "model.alert"]
    display, interval, _alert = questions
    assert "display.default.engaged.frown, display.flat.engaged.frown" in display.source
    assert "turns at 600 seconds" in interval.source
    assert interval.field == "output.interval"
    assert all(q.wish for q in questions)


@pytest.mark.parametrize("name", ["vendor-claim", "as-described", "as-described-full", "one-classroom"])
def test_every_input_that_a_shipped_deployment_leaves_open_has_its_question(name):
    inputs = [r.name for r in load(name).ranges]
    assert inputs
    assert "other" not in {topic("range", name) for name in inputs}


def test_what_the_search_names_otherwise_has_one_too():
    assert topic("profile", "camera") == "program"
    assert topic("row", "display.default") == "reading"
    assert topic("rule", "anything") == "alert"
    assert topic("range", "calendar.lessons") == "other"
    (question,) = from_stress({**STRESS, "verdicts": [{"settings": [{"kind": "range", "name": "x.y"}]}]}, "en")
    assert "x.y" in question.text


@pytest.mark.parametrize(
    "wrong", [{}, {"format": "misread-run/1"}, {**STRESS, "verdicts": [1]}, {**STRESS, "title": None, "questions": 1}]
)
def test_another_file_is_no_search(wrong):
    with pytest.raises(MisreadError, match="no result of a search"):
        from_stress(wrong, "en")


def test_a_stated_accuracy_leads_to_the_number_that_the_engine_gives():
    (question,) = from_accuracy(0.9, "en", draws=0)
    # The same by another road: the chain by hand, that finding alone.
    deployment = load("vendor-claim", settings=["classifier.confusion.camera.accuracy=0.9"])
    profiles = resolve_profiles(deployment)
    chain = compile_chain(deployment, profiles)
    rule = deployment.rules[0].name
    rows = {name: profile.p[None] for name, profile in profiles.items()}
    measured = measure(chain, deployment, chain.emissions(rows), wanted=lambda *of: of == ("flag_ppv", rule))
    (right,) = [
        q.samples[0] for q in measured if q.id == "flag_ppv" and q.rule == rule and q.group == "all" and not q.reader
    ]
    assert f"{100 * right:.0f} of 100 alerts are then right" in question.text
    assert f"{right:.3f}" in question.source
    assert "90 of 100 cases" in question.text
    assert "flag_ppv" in question.text
    assert "model" in question.text
    assert question.field == "acc.false_alarms"


@pytest.mark.parametrize(("language", "written"), [("en", "97.5"), ("de", "97,5"), ("fr", "97,5"), ("hi", "97.5")])
def test_a_share_is_written_as_its_language_writes_it(language, written):
    assert percent(0.975, language) == written
    assert percent(0.95, language) == "95"


def test_the_interval_stands_in_the_question():
    (question,) = from_accuracy(0.95, "en", draws=8)
    low, high = question.text.partition("95 % interval: ")[2].partition(")")[0].split(" to ")
    right = question.text.partition("finding flag_ppv) ")[2].partition(" of 100")[0]
    assert int(low) < int(right) < int(high)
    assert "8 draws" in question.source


@pytest.mark.parametrize("stated", [0.0, 0.1, 1.1, float("nan")])
def test_no_accuracy_is_refused(stated):
    with pytest.raises(MisreadError, match="no accuracy"):
        from_accuracy(stated, "en")


def test_a_language_without_questions_is_refused():
    with pytest.raises(MisreadError, match="language `xx`"):
        asks("xx")


def test_every_language_puts_every_question_and_fills_the_same_places():
    import re
    from importlib import resources

    folder = resources.files("misread.rights.letters") / "asks"
    english = asks("en")
    assert set(english.model) == set(FIELD_OF)
    for name in sorted(f.name for f in folder.iterdir() if f.name.endswith(".toml")):
        there = asks(name.removesuffix(".toml"))
        assert set(there.fields) == set(FIELDS)
        assert {k: set(re.findall(r"\{\w+\}", v)) for k, v in there.model.items()} == {
            k: set(re.findall(r"\{\w+\}", v)) for k, v in english.model.items()
        }
