"""The half of “Audit” that a sentence is typed into, without a browser."""

from __future__ import annotations

from misread.web.pages.audit import claim
from misread.web.server.app import CLAIM

from .test_audit import page_of


def test_a_claim_is_answered_with_its_range_and_its_questions():
    told = claim.view({"claim": "Our system is 95 % accurate", "prevalence": "5 %"})
    assert told["http"] == 200
    # Right in 95 of 100, and 5 of 100 show it. All of the 5 wrong readings may be missed ones: then none is false.
    # All may be false alarms beside 5 true ones: then half of the alarms are wrong.
    assert told["short"][0].startswith(
        "It would fit a machine whose alarms are wrong 0 to 50 times of 100, if 5 of 100"
    )
    [part] = told["parts"]
    assert part["rows"].rows[0][0] == "5 of 100"
    assert len(told["open"]) > 5
    assert "output.labels" in told["picks"]
    said = page_of(told, CLAIM)
    assert "a made-up school day stands in" in said
    assert 'name="pick" value="output.labels"' in said


def test_what_a_claim_does_not_say_clearly_is_asked():
    told = claim.view({"claim": "Better than 95 % of teachers"})
    assert told["unclear"] or told["parts"]
    vague = claim.view({"claim": "95 %"})
    assert vague["unclear"]
    assert vague["short"] == ()
    said = page_of(vague, CLAIM)
    assert "What has to be asked before anything follows" in said
    assert any(sentence for one in vague["unclear"] for _said, sentence in one["choices"])


def test_numbers_beside_a_claim_that_are_none_stay_and_are_told_beside_their_fields():
    told = claim.view({"claim": "95 % accurate", "prevalence": "5", "children": "x", "days": "0"})
    assert set(told["wrong"]) == {"prevalence", "children"}
    assert set(claim.view({"claim": "95 % accurate", "days": "0"})["wrong"]) == {"days"}
    said = page_of(told, CLAIM)
    assert 'name="children" value="x"' in said
    assert set(claim.view({"claim": "a" * 5000})["wrong"]) == {"claim"}


def test_without_a_sentence_there_are_some_to_begin_with():
    told = claim.view({})
    assert told["meant"] is None
    for sentence in told["such"]:
        assert claim.view({"claim": sentence})["http"] == 200
