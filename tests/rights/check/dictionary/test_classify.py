"""What a column is taken to be, and when it is asked."""

import base64
import json
from typing import Any

import numpy as np
import pytest

from misread.rights.check.check import check
from misread.rights.check.dictionary.classify import UNKNOWN, Column, classify, stem_of
from misread.rights.check.dictionary.entries import CLASSES, dictionary
from misread.rights.check.model import Answers
from tests.rights.check.findings.samples import export, sheet


def column(name: str, cells: list[Any], answers: Answers | None = None) -> Column:
    (found,) = classify(sheet({name: cells}), answers)
    return found


ENTRIES = [
    (entry.id, name)
    for entry in dictionary().fields.values()
    if entry.kind in CLASSES and not entry.shape
    for names in entry.names.values()
    for name in names
    if len(dictionary().names.get(name.casefold(), "x")) == 1
]


def test_every_name_in_the_dictionary_is_known_by_itself() -> None:
    wrong = [(id, name) for id, name in ENTRIES if column(name, ["17"]).kind != dictionary().fields[id].kind]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "cells", "kind", "by"),
    [
        ("emotion", ["happy", "sad"], "emotion", "name"),
        ("detectedEmotion", ["happy", "sad"], "emotion", "name"),
        ("Primary Emotion Label", ["happy", "sad"], "emotion", "name"),
        ("label", ["happy", "sad", "none"], "emotion", "values"),
        ("Wert", ["glücklich", "traurig"], "emotion", "values"),
        ("value", ["head down", "hand raised"], "apparent-expression", "values"),
        ("标签", ["走神", "专心"], "engagement", "values"),
        ("लेबल", ["खुश", "उदास"], "emotion", "values"),
        ("rótulo", ["feliz", "triste"], "emotion", "values"),
        ("relevé", ["joyeux", "triste"], "emotion", "values"),
        ("value", ["1.5", "2.5"], UNKNOWN, ""),
        ("学生情绪记录", ["高兴"], "emotion", "name"),
        ("AU12_r", ["0.3", "1.4"], "apparent-expression", "name"),
        ("attention", ["0.3", "0.4"], "engagement", "name"),
        ("subject", ["pupil 17"], "identity", "name"),
        ("subject", ["Maths", "Art"], "time", "name"),
        ("Kind", ["S17"], "identity", "name"),
        ("kind", ["reading", "alert"], "code", "name"),
        ("Tag", ["2025-09-01"], "time", "name"),
        ("tag", ["resistant"], "decision", "name"),
        ("emotion_confidence", ["0.5", "0.7"], "model-meta", "name"),
        ("label_time", ["08:00", "08:05"], "time", "name"),
        ("camera name", ["C1"], "location", "name"),
        ("days.periods.period", ["1", "2"], "time", "name"),
        ("id", ["1", "2", "3"], "code", "name"),
        ("id", ["17", "17", "18"], UNKNOWN, ""),
        ("id", ["17", "17"], UNKNOWN, ""),
        ("emotion_detected_at", ["2025-09-01 08:00", "2025-09-01 08:05"], UNKNOWN, ""),
        ("xq", ["1", "2"], UNKNOWN, ""),
        ("xq", ["happy", "sad"], UNKNOWN, ""),
        ("zorbik", ["2025-09-01 08:00"], UNKNOWN, ""),
    ],
)
def test_what_a_column_is(name: str, cells: list[str], kind: str, by: str) -> None:
    found = column(name, cells)
    assert (found.kind, found.by) == (kind, by)


@pytest.mark.parametrize(
    ("name", "cells", "kinds"),
    [
        ("head_down", ["happy", "sad", "bored"], ("apparent-expression", "emotion")),
        ("emotion", ["focused", "distracted"], ("emotion", "engagement")),
        ("room", ["happy", "sad"], ("emotion", "location")),
        ("emotion fatigue", ["low", "high"], ("emotion", "physical-state")),
        ("comment", [json.dumps(list(range(128)))], ("free-text", "template")),
    ],
)
def test_what_may_be_two_things_is_asked(name: str, cells: list[str], kinds: tuple[str, ...]) -> None:
    found = column(name, cells)
    assert found.kind == UNKNOWN
    assert found.candidates == kinds
    (question, *_) = check(export(sheet({name: cells}))).questions
    assert (question.option, question.options) == ("--column", kinds)


def test_a_relabelled_word_among_others_leaves_the_column_what_it_is() -> None:
    assert column("emotion", ["happy", "sad", "head down", "zorbik"]).kind == "emotion"


RNG = np.random.default_rng(1)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([json.dumps(RNG.random(128).round(3).tolist()) for _ in range(3)], "template"),
        ([" ".join(map(str, RNG.random(512).round(3))) for _ in range(3)], "template"),
        ([base64.b64encode(RNG.random(64).astype("<f4").tobytes()).decode() for _ in range(3)], "template"),
        (["/9j/" + "A" * 200], "image"),
        (["faces/17/0001.jpg", "faces/17/0002.JPG"], "image"),
        (["data:image/png;base64,iVBORw0KGgo"], "image"),
        (["clip.wav"], "audio"),
        (["data:audio/ogg;base64,T2dnUw"], "audio"),
        ([json.dumps(list(range(100)))], UNKNOWN),
        (["[1, 2"], UNKNOWN),
    ],
)
def test_what_is_known_by_its_shape(cells: list[str], kind: str) -> None:
    assert column("f", cells).kind == kind


def test_a_column_of_nothing_is_what_its_siblings_are() -> None:
    columns = classify(
        sheet({"value +0 min": ["happy", "sad"], "value +5 min": ["none", "none"], "state": ["none"] * 2})
    )
    assert [c.kind for c in columns] == ["emotion", "emotion", UNKNOWN]


def test_an_answer_settles_it() -> None:
    answers = Answers(columns={"ZORBIK": "emotion"})
    found = column("zorbik", ["quux"], answers)
    assert (found.kind, found.by) == ("emotion", "answer")
    assert column("zorbik 2", ["quux"], answers).kind == "emotion"
    assert column("emotion", ["happy"], Answers(columns={"emotion": "free-text"})).kind == "free-text"


@pytest.mark.parametrize(
    ("kind", "cells", "role"),
    [
        ("time", ["2025-09-01 08:00"], "moment"),
        ("time", ["2025-09-01"], "date"),
        ("time", ["08:00"], "clock"),
        ("time", ["1", "2"], "lesson"),
        ("identity", ["S17"], "pupil"),
        ("model-meta", ["0.3"], "confidence"),
        ("model-meta", ["v2"], "version"),
        ("code", ["alert", "reading"], "kind"),
        ("code", ["A7"], "code"),
        ("recipient", ["teacher"], "recipient"),
        ("other-person", ["S99"], "other-child"),
    ],
)
def test_an_answer_gives_the_column_its_part(kind: str, cells: list[str], role: str) -> None:
    assert column("zorbik", cells, Answers(columns={"zorbik": kind})).role == role


def test_an_empty_column_is_not_asked_about() -> None:
    found = column("zorbik", ["", ""])
    assert found.empty
    assert not found.asked


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Relevé +5 min", "Relevé"),
        ("Message 12", "Message"),
        ("emb_0", "emb"),
        ("days.periods.period", "period"),
        ("2024", "2024"),
        ("Minute ab 8 Uhr", "Minute ab 8 Uhr"),
        ("a.", "a"),
    ],
)
def test_what_a_name_is_without_its_number(name: str, stem: str) -> None:
    assert stem_of(name) == stem


@pytest.mark.parametrize(
    ("name", "kind", "role"),
    [
        ("school.name", "identity", ""),
        ("device.id", "location", "room"),
        ("teacher.name", "other-person", "staff"),
        ("student.name", "identity", "pupil"),
        ("classmates[].name", "other-person", "other-child"),
        ("alert.name", "identity", "pupil"),
    ],
)
def test_a_name_in_a_nested_document_is_that_of_what_is_around_it(name: str, kind: str, role: str) -> None:
    (column,) = classify(sheet({name: ["a", "b", "a"]}))
    assert (column.kind, column.role) == (kind, role)
