"""The fields: which there are, where else they are asked, and what of the law they lean on."""

from __future__ import annotations

import pytest

from misread.errors import MisreadError
from misread.rights import law
from misread.rights.places.entries.words import KINDS
from misread.rights.record.fields import COPIES, FIELDS, GROUPS, MAPS, field

IDS = {
    "sys": ["name", "vendor", "operator", "contact", "status", "places", "people"],
    "purpose": ["stated", "excluded", "alternatives", "benefit_evidence"],
    "input": ["sensors", "identification", "joined_data"],
    "output": ["labels", "interval", "level", "live_recipients", "actions", "human_review"],
    "acc": ["claim", "ground_truth", "population", "by_group", "false_alarms", "independent"],
    "ret": ["raw", "templates", "labels", "proof"],
    "share": ["processors", "third_parties", "country", "vendor_reuse"],
    "legal": ["basis", "special", "exception", "dpia", "fria", "contract", "cost"],
    "rights": ["notice", "optout", "access", "appeal", "complaint"],
    "hist": ["incidents", "changes", "consultation"],
}
"""Ids that were given. They are permanent: a record may hold any of them."""

PROVISIONS = {p.id: p for place in law().values() for p in place.provision}


def test_no_id_was_lost_or_renamed():
    assert list(FIELDS) == [f"{group}.{name}" for group, names in IDS.items() for name in names]
    assert len(FIELDS) == 49


def test_each_field_asks_in_two_ways_and_can_be_asked_by_letter():
    for one in FIELDS.values():
        assert one.question.endswith("?"), one.id
        assert one.ask[0].isupper(), one.id
        assert one.ask[-1] in ".?", one.id
        assert one.routes, one.id
        assert set(one.routes) <= set(KINDS), one.id
        assert "records" in one.routes, one.id
    assert len({one.question for one in FIELDS.values()}) == len({one.ask for one in FIELDS.values()}) == 49


def test_fields_of_a_group_stand_together():
    groups = [one.group for one in FIELDS.values()]
    assert list(dict.fromkeys(groups)) == list(GROUPS)
    assert groups == sorted(groups, key=list(GROUPS).index)


def test_a_card_has_something_of_nearly_every_group_and_can_be_read_in_a_minute():
    card = [one for one in FIELDS.values() if one.tier == "card"]
    assert 10 <= len(card) <= 20
    assert len({one.group for one in card}) >= len(GROUPS) - 1


def test_every_field_is_asked_somewhere_else_too():
    for one in FIELDS.values():
        assert any(one.mapped(name) for name in MAPS), one.id
        for name in MAPS:
            assert len(set(one.mapped(name))) == len(one.mapped(name)), one.id


def test_mappings_from_general_knowledge_say_so():
    assert {name for name, to in MAPS.items() if to.mark == "K"} == {"gdpr", "ai-act", "card", "us"}


def test_every_letter_of_both_assessments_has_a_field():
    dpia = {key for one in FIELDS.values() for key in one.gdpr}
    fria = {key for one in FIELDS.values() for key in one.aia}
    assert {f"35(7)({letter})" for letter in "abc"} <= dpia
    assert {f"27(1)({letter})" for letter in "abcdef"} <= fria


def test_what_fields_lean_on_is_in_the_law_and_requires_something():
    for one in FIELDS.values():
        for id in one.provisions:
            assert PROVISIONS[id].effect == "requires", (one.id, id)
    for id in COPIES:
        assert PROVISIONS[id].effect == "grants-right", id


def test_the_duty_to_inform_stands_behind_what_its_article_lists():
    told = {
        "sys.operator", "sys.contact", "purpose.stated", "legal.basis",  # Art. 13(1)(a), (b), (c)
        "share.processors", "share.third_parties", "share.country",  # (e), (f)
        "ret.raw", "ret.templates", "ret.labels", "rights.access",  # Art. 13(2)(a), (b)
        "rights.notice",
    }  # fmt: skip
    behind = {id: {one.id for one in FIELDS.values() if id in one.provisions} for id in PROVISIONS}
    # What is said of objecting and of complaining was read in the text of the Union alone.
    assert behind["eu.gdpr.13-14"] == told | {"rights.optout", "rights.complaint"}
    assert behind["uk.gdpr.13"] == told
    # Whom these reach is not who reads a record: the authority, and staff.
    assert not behind["eu.gdpr.33"] | behind["uk.gdpr.33"] | behind["eu.aia.26-7"]


def test_a_near_miss_is_named():
    for typed, meant in (("ret.label", "ret.labels"), ("interval", "output.interval"), ("acc.claims", "acc.claim")):
        with pytest.raises(MisreadError, match=f"did you mean `{meant}`"):
            field(typed)
    with pytest.raises(MisreadError, match="take one of these"):
        field("zzz")
