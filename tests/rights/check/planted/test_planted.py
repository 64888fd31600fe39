"""Planted faults are found, clean exports are found clean, and what the dictionary does not know is asked."""

from __future__ import annotations

import dataclasses
import sys
from functools import cache
from pathlib import Path

import pytest

from misread.report.file import LAYOUTS
from misread.rights.check.dictionary.classify import named, stem_of
from misread.rights.check.dictionary.entries import dictionary, fold
from tests.rights.check.planted.maker import FAULTS, made
from tests.rights.check.planted.study import Outcome, outcome, study
from tests.rights.check.planted.unseen import UNSEEN
from tests.rights.check.planted.words import DISGUISES, LABELS, TONGUES

TURNS = len(FAULTS) * (len(LAYOUTS) + len(UNSEEN))
SAMPLE = range(0, 2 * TURNS, 13)
"""Every layout once, and every fault in known and in unseen words."""


@cache
def outcomes() -> tuple[Outcome, ...]:
    return tuple(study(SAMPLE))


def test_the_sample_has_every_layout_and_every_fault():
    assert {one.layout for one in outcomes()} == {*LAYOUTS, *UNSEEN}
    assert {one.fault for one in outcomes()} == set(FAULTS)
    assert {(one.fault, one.known) for one in outcomes()} == {
        (fault, known) for fault in FAULTS for known in (True, False)
    }


@pytest.mark.parametrize("tongue", sorted(TONGUES))
def test_no_word_of_the_unseen_layouts_is_in_the_dictionary(tongue):
    known = dictionary()
    words = dataclasses.asdict(TONGUES[tongue])
    for word in (one for given in words.values() for one in ([given] if isinstance(given, str) else given)):
        assert named(stem_of(word), known) == ()
        assert fold(word) not in known.values
        assert fold(word) not in known.kinds
    assert len(set(map(fold, words["labels"]))) == len(LABELS)


def test_what_is_planted_is_found_to_the_row():
    assert [one for one in outcomes() if not (one.found and one.exact)] == []


def test_nothing_else_is_found():
    assert [(one.number, one.false) for one in outcomes() if one.false] == []


def test_what_is_not_known_is_asked_and_never_guessed_nor_passed_over():
    assert [(one.number, one.guessed, one.dropped) for one in outcomes() if one.guessed or one.dropped] == []
    # A file of unseen words cannot be understood without being asked about.
    assert all(one.asked > 2 for one in outcomes() if not one.known)
    assert all(one.asked == 0 for one in outcomes() if one.known and one.fault in ("none", "kept too long", "gap"))


def test_nothing_tells_what_the_other_child_is_called():
    assert not any(one.shown for one in outcomes())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_is_not_there_is_not_found(fault):
    """The judge can say no: where a clean file is passed off as one with a fault, it misses that."""
    turn = FAULTS.index(fault) * TURNS // len(FAULTS)
    clean, planted = made(0), made(turn)
    assert (clean.layout, clean.fault, planted.layout, planted.fault) == ("log", "none", "log", fault)
    swapped = outcome(dataclasses.replace(clean, fault=fault, planted=planted.planted))
    assert swapped.found == (fault in ("none", "columns renamed"))
    # And a fault that nobody expects is a false alarm, or leaves labels uncounted.
    if fault not in ("none", "columns renamed"):
        unexpected = outcome(dataclasses.replace(planted, fault="none"))
        assert unexpected.false


@pytest.mark.parametrize("number", [4, 11, 40, 70])
def test_the_same_number_gives_the_same_bytes(number):
    assert made(number) == made(number)


def test_words_that_labels_are_renamed_to_are_what_the_dictionary_says_where_it_knows_them():
    known = dictionary()
    assert [
        (word, known.values[fold(word)], kind)
        for word, kind in DISGUISES.items()
        if known.values.get(fold(word), kind) != kind
    ] == []


@pytest.mark.long
def test_a_thousand_of_them_and_the_page_that_tells_of_it():
    sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "tools"))
    import make_export_study

    every = list(study(make_export_study.NUMBERS))
    assert [one for one in every if not one.found or one.false or one.guessed or one.dropped or one.shown] == []
    text = make_export_study.PAGE.read_text(encoding="utf-8")
    assert make_export_study.page(text, every) == text, "run tools/make_export_study.py"
