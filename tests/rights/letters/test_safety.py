"""What is read before a letter is sent."""

from __future__ import annotations

import pytest

from misread.rights.letters.safety import elevated, safety
from misread.rights.places.entries.load import law


@pytest.mark.parametrize("place", law())
def test_every_place_speaks_of_retaliation_parents_immigration_and_what_to_do_instead(place):
    notes = {note.id: note.text for note in safety(place)}
    assert {"retaliation", "parents", "immigration", "device", "instead"} <= set(notes)
    assert len({note.text for note in safety(place)}) == len(safety(place))


@pytest.mark.parametrize("place", law())
def test_it_stops_exactly_where_the_law_file_says_that_complaining_is_risky(place):
    places = [law()[place], *(law()[id] for id in law()[place].extends)]
    assert elevated(place) == any(one.safety.retaliation == "elevated" for one in places)


def test_the_files_own_notes_are_told_those_of_the_country_as_well():
    texts = [note.text for note in safety("us-il")]
    assert law()["us-il"].safety.notes in texts
    assert law()["us"].safety.notes in texts


def test_where_it_is_risky_that_comes_first_with_the_places_own_ways():
    first, *rest = safety("cn")
    assert (first.id, first.elevated) == ("retaliation", True)
    assert "parents' committee" in rest[-1].text
    assert not [note for note in safety("eu") if note.elevated]
