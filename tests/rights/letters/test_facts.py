"""What people tell: cleaned where nothing is lost, refused where something has no shape."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.deployment.text.source import read_document
from misread.errors import MisreadError
from misread.rights.letters.facts import LINE, TEXT, Facts, facts_of, read_facts, told
from misread.rights.letters.template import templates


def test_spaces_are_one_and_lines_stay():
    facts = facts_of({"sender": {"name": "  A.\t Example\n", "contact": "1  Road \n\n\n\n Town\n"}})
    assert facts.sender.name == "A. Example"
    assert facts.sender.contact == "1 Road\n\nTown"


def test_letters_are_composed_and_joiners_stay():
    assert facts_of({"child": {"name": "E\u0301ve"}}).child.name == "\u00c9ve"
    assert facts_of({"child": {"name": "क\u094d\u200dष"}}).child.name == "क\u094d\u200dष"


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\u202e", "\u2066", "\ue000", "\u00ad", "\ufeff"])
def test_what_has_no_shape_is_refused_with_its_number(sign):
    with pytest.raises(MisreadError, match=rf"U\+{ord(sign):04X}") as error:
        facts_of({"child": {"name": f"A{sign}B"}})
    assert error.value.problems[0].key == "child.name"


@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing(text):
    try:
        once = facts_of({"events": text, "child": {"name": text}})
    except MisreadError:
        return
    assert facts_of({"events": once.events, "child": {"name": once.child.name}}) == once
    assert "\n" not in once.child.name


def test_a_file_says_where_it_is_wrong():
    text = 'events = "x"\n[sender]\nnme = "A"\n[child]\nbirth_year = "2014"\n[nowhere]\nx = 1\n'
    with pytest.raises(MisreadError) as error:
        read_facts(read_document("facts.toml", text.encode()))
    found = {p.key: p for p in error.value.problems}
    assert (found["sender.nme"].line, found["sender.nme"].mend) == (3, "did you mean `name`?")
    assert found["child.birth_year"].line == 5
    assert "such as 2014" in found["child.birth_year"].expected
    assert found["nowhere"].line is not None


def test_what_is_too_long_is_refused():
    for told_of in ({"sender": {"name": "a" * (LINE + 1)}}, {"events": "a" * (TEXT + 1)}):
        with pytest.raises(MisreadError, match="characters"):
            facts_of(told_of)


def test_days_may_be_text_and_what_is_none_is_refused():
    assert facts_of({"date": "2026-11-30"}).date == date(2026, 11, 30)
    with pytest.raises(MisreadError, match="'soon' is no day"):
        facts_of({"asked_on": "soon"})


def test_what_is_needed_is_told_by_name_in_the_letters_order():
    template = templates()["records.uk.en"]
    assert Facts().needs(template) == ("sender.name", "sender.contact", "controller.name")
    some = facts_of({"sender": {"name": "A. Example", "contact": "x"}, "controller": {"name": "B"}})
    assert some.needs(template) == ()
    assert some["sender.name"] == "A. Example"


def test_what_was_told_is_said_back():
    facts = facts_of({"child": {"birth_year": 2014}, "events": "One.\nTwo."})
    assert told(facts) == (
        ("child.birth_year", "the child’s year of birth", "2014"),
        ("events", "what happened", "One.\nTwo."),
    )


def test_facts_are_kept_as_json_and_read_again():
    facts = facts_of({"date": "2026-11-30", "flags": ["keep"], "child": {"name": "Child A", "birth_year": 2014}})
    assert facts_of(facts.model_dump(mode="json")) == facts
