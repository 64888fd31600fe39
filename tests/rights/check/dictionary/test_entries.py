"""The dictionary itself: six languages, no word of two classes, and names that lead to one entry or are known to tie."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.rights.check.dictionary.entries import BIOMETRIC, CLASSES, LABELS, LANGUAGES, dictionary, fold
from misread.rights.record.fields import FIELDS

TIES = {
    "subject": {"pupil", "lesson_subject"},
    "kind": {"pupil", "kind"},
    "tag": {"date", "mark"},
    "id": {"pupil", "code"},
    "uid": {"pupil", "code"},
    "note": {"school_record", "note"},
    "observation": {"label", "note"},
}
"""Names that mean two things, in one language or in two; what stands in the column decides, or it is asked."""


def test_every_class_has_an_entry_with_names_in_six_languages() -> None:
    entries = dictionary().fields.values()
    assert {entry.kind for entry in entries} >= set(CLASSES)
    for entry in entries:
        if entry.kind != "nothing":
            assert set(entry.names) == set(LANGUAGES), entry.id
        if entry.values:
            assert set(entry.values) == set(LANGUAGES), entry.id
        if entry.kind in CLASSES:
            assert entry.why.endswith(".")
            assert entry.cannot_tell.endswith(".")


def test_labels_have_words_in_six_languages() -> None:
    worded = {entry.kind for entry in dictionary().fields.values() if set(entry.values) == set(LANGUAGES)}
    # A number on a scale has no words.
    assert worded >= (LABELS - {"affect-dimension"}) | {"nothing"}


def test_classes_are_of_one_kind() -> None:
    assert set(CLASSES) >= LABELS | BIOMETRIC
    assert len(CLASSES) == len(set(CLASSES)) == 21


def test_no_word_is_of_two_classes() -> None:
    words = [
        (fold(word), entry.kind)
        for entry in dictionary().fields.values()
        if entry.role != "subject"
        for listed in entry.values.values()
        for word in listed
    ]
    twice = Counter(word for word, _ in set(words))
    assert [word for word, n in twice.items() if n > 1] == []


def test_names_that_mean_two_things_are_known() -> None:
    names = dictionary().names
    assert {name: set(ids) for name, ids in names.items() if len(ids) > 1} == TIES


def test_fields_of_the_record_exist() -> None:
    named = {entry.record_field for entry in dictionary().fields.values()} - {""}
    assert named <= set(FIELDS)


def test_words_survive_being_folded() -> None:
    for entry in dictionary().fields.values():
        for listed in (*entry.names.values(), *entry.values.values()):
            for word in listed:
                assert fold(word) or word == "-", (entry.id, word)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("studentId", "student id"),
        ("Heure de Début", "heure de debut"),
        ("HEAD_DOWN", "head down"),
        ("Schüler-ID", "schuler id"),
        ("EmotionAI score", "emotion ai score"),
        ("情绪", "情绪"),
        ("मुँह खुला", "मुँह खुला"),
        ("ＡＵ１２", "au12"),
    ],
)
def test_how_names_are_compared(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
