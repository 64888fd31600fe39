"""The data of the answers: nothing in it may hang in the air."""

from __future__ import annotations

import pytest

from misread.errors import MisreadError
from misread.rights import law
from misread.rights.case.followup import filled, names
from misread.rights.case.modules import ASKED, KINDS, module, modules
from misread.rights.record.fields import FIELDS

STUDIED = [
    "silence",
    "extension-claimed",
    "holding-reply",
    "not-the-controller",
    "ask-the-vendor",
    "id-copy-demanded",
    "child-must-ask",
    "other-parent-objects",
    "no-images-are-stored",
    "data-is-anonymous",
    "only-attention-not-emotion",
    "safety-exception",
    "medical-exception",
    "you-consented-at-enrolment",
    "trade-secret",
    "excessive-or-repeated",
    "fee",
    "partial-no-labels",
    "partial-no-video",
    "partial-no-logs",
    "partial-no-recipients",
    "unreadable-format",
    "contains-other-children",
    "pilot-has-ended",
    "wrong-law-in-reply",
]
GIVEN = {"asked_on", "replied_on", "letter", "due", "cited", "law"}
"""Names that every follow-up can be filled with."""


def test_every_answer_of_the_study_is_there():
    assert set(modules()) == set(STUDIED)


@pytest.mark.parametrize("id", STUDIED)
def test_what_an_answer_leans_on_and_changes_is_there(id):
    found = modules()[id]
    places = law()
    known = {
        place: {p.id for one in (place, *places[place].extends) for p in places[one].provision} for place in places
    }
    for place, ids in found.provisions.items():
        assert ids, place
        assert set(ids) <= known[place], place
        grounds = [places[p].mark(e) for p in places for e in places[p].provision if e.id in ids]
        assert len(grounds) == len(ids)
    assert set(found.status) <= {*FIELDS, ASKED}
    assert set(found.kinds) <= set(KINDS)
    assert found.next, "a reply that leads to nothing"


@pytest.mark.parametrize("id", STUDIED)
def test_texts_can_be_filled_and_accuse_nobody(id):
    found = modules()[id]
    asked = {ask.id for ask in found.ask}
    assert not asked & GIVEN
    used = {name for text in (found.opens, *found.followup, found.persists) for name in names(text)}
    assert used <= GIVEN | asked
    # What is asked and never used would have been asked for nothing.
    assert asked <= used
    # Something can be written though the person told nothing, and the law of the place has nothing to name.
    bare = dict.fromkeys(("asked_on", "replied_on", "letter", "cited"), "x")
    assert any(filled(text, bare) for text in found.followup)
    assert filled(found.persists, bare)
    for text in (found.says, found.echo, found.persists, found.resolved, found.opens, *found.followup):
        assert not {"illegal", "unlawful", "violat", "breach"} & set(text.lower().split()), text
        assert len(text) < 600


def test_an_answer_that_is_not_known_is_refused_with_a_near_one():
    with pytest.raises(MisreadError, match="did you mean `trade-secret`"):
        module("trade-secrets")


def test_what_was_told_is_put_in_as_it_was_told():
    assert filled("My child says: {view}.", {"view": "{law} {x} no"}) == "My child says: {law} {x} no."
    assert filled("On {asked_on} {due}", {"asked_on": "2 May"}) == ""
