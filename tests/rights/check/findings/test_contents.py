"""X01, X02, X13, X17 to X20: what the file holds."""

import json
from typing import Any

import pytest

from misread.rights.check.check import check
from misread.rights.check.model import Answers, Finding, Note
from misread.rights.check.said import as_json
from tests.rights.check.findings.samples import export, found, log, moments, one, record, school_days, sheet

AT = moments(school_days(3))
N = len(AT)


def rows(**more: Any) -> dict[str, list[Any]]:
    return {**log(AT), **{name: [cells] * N if isinstance(cells, str) else list(cells) for name, cells in more.items()}}


def test_columns_and_their_classes() -> None:
    finding = one("X01", rows(zorbik="quux"))
    assert finding.verdict == "cannot tell"
    assert [(c["column"], c["name"], c["class"]) for c in finding.saw["columns"]] == [
        (1, "student_id", "identity"),
        (2, "timestamp", "time"),
        (3, "emotion", "emotion"),
        (4, "zorbik", "unknown"),
    ]
    assert finding.saw["unknown"] == 1
    assert "answer:--column" in finding.next


def test_what_nobody_told_of_is_counted() -> None:
    told = record(output__labels=["happy"])
    finding = one("X01", rows(model_version="2.1"), record=told)
    assert finding.verdict == "not mentioned"
    assert finding.saw["fields_not_told"] == ["hist.changes", "output.level"]
    assert "question:hist.changes" in finding.next
    told = record(output__labels=["happy"], hist__changes="none", output__level="each pupil")
    assert one("X01", rows(model_version="2.1"), record=told).verdict == "matches"


VECTOR = json.dumps([0.5] * 128)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (None, "cannot tell"),
        ({}, "not mentioned"),
        ({"input__identification": "none"}, "contradicts"),
        ({"input__identification": False}, "contradicts"),
        ({"input__identification": "by a face template"}, "matches"),
        ({"input__identification": "by the seat"}, "not mentioned"),
    ],
)
def test_measures_of_the_body(said: dict[str, Any] | None, verdict: str) -> None:
    finding = one("X02", rows(face_vec=VECTOR), record=None if said is None else record(**said))
    assert finding.verdict == verdict
    assert finding.saw["classes"] == ["template"]
    assert VECTOR not in json.dumps(finding.json())


def test_no_measures_of_the_body() -> None:
    assert one("X02", rows()).verdict == "matches"
    assert one("X02", rows(zorbik="quux")).verdict == "cannot tell"
    # A word for where a child looks is a label, coordinates are a measure.
    assert one("X02", rows(value=["away"] * N)).verdict == "matches"
    assert one("X02", rows(gaze_x="0.5")).saw["classes"] == ["gaze"]


@pytest.mark.parametrize(
    ("cells", "roles"),
    [
        ("teacher, parent", {"parent": N, "teacher": N}),
        ("Lehrkraft + Eltern", {"parent": N, "teacher": N}),
        ("enseignant et parents", {"parent": N, "teacher": N}),
        ("Teacher; Parent/guardian", {"parent": N, "teacher": N}),
        ('["staff", "guardian"]', {"parent": N, "teacher": N}),
        ("老师、家长", {"parent": N, "teacher": N}),
        ("Mx Example", {"other": N}),
    ],
)
def test_who_was_told(cells: str, roles: dict[str, int]) -> None:
    finding = one("X13", rows(sent_to=cells))
    assert finding.saw["recipients"] == roles
    assert "Mx Example" not in json.dumps(finding.json())


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (["teacher", "parents"], "matches"),
        ("class teachers and guardians", "matches"),
        (["teacher"], "contradicts"),
    ],
)
def test_recipients_against_those_disclosed(said: Any, verdict: str) -> None:
    finding = one("X13", rows(sent_to="teacher, parent"), record=record(output__live_recipients=said))
    assert finding.verdict == verdict
    assert finding.saw.get("not_disclosed", []) == (["parent"] if verdict == "contradicts" else [])


@pytest.mark.parametrize(
    ("cells", "holds"),
    [
        ("https://vendor.example/hook", "web address"),
        ("a.example@vendor.example", "e-mail address"),
        ("10.1.2.3", "number of a computer"),
        ("sk_live_ABCDEFGHIJKLMNOP1234", "key of an interface"),
    ],
)
def test_what_points_outside_is_said_and_not_shown(cells: str, holds: str) -> None:
    finding = one("X13", rows(comment=cells), record=record(share__third_parties="none"))
    assert finding.verdict == "contradicts"
    assert [o["holds"] for o in finding.saw["outside"]] == [holds]
    assert cells not in json.dumps(finding.json())


def test_nothing_about_recipients() -> None:
    assert one("X13", rows()).verdict == "cannot tell"


def test_free_text_is_counted_and_not_shown() -> None:
    notes = ["A private remark."] * 3 + [""] * (N - 3)
    checked = check(export(sheet(rows(notes=notes))), record=record())
    finding = found(checked, "X17")
    assert (finding.verdict, finding.saw["texts"]) == ("not mentioned", 3)
    assert "private" not in json.dumps(as_json(checked))
    assert one("X17", rows()).verdict == "matches"
    assert one("X17", rows(notes=notes), record=record(input__joined_data="teacher notes")).verdict == "matches"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (None, "cannot tell"),
        ({}, "not mentioned"),
        ({"input__joined_data": "none"}, "contradicts"),
        ({"input__joined_data": ["grades"]}, "contradicts"),
        ({"input__joined_data": ["grades", "family income"]}, "matches"),
    ],
)
def test_joined_data(said: dict[str, Any] | None, verdict: str) -> None:
    table = rows(grades="3", family_income="low")
    finding = one("X18", table, record=None if said is None else record(**said))
    assert finding.verdict == verdict
    assert [c["name"] for c in finding.saw["columns"]] == ["grades", "family_income"]
    if said == {"input__joined_data": ["grades"]}:
        assert finding.saw["not_disclosed"] == ["family_income"]


def test_no_joined_data() -> None:
    assert one("X18", rows()).verdict == "matches"
    assert one("X18", rows(zorbik="quux")).verdict == "cannot tell"


def hidden(*notes: Note) -> Finding:
    return found(check(export(sheet(rows()), notes=notes)), "X19")


def test_hidden_parts() -> None:
    assert hidden(Note("delimiter", "A semicolon.")).verdict == "matches"
    finding = hidden(
        Note("formula", "Three cells hold formulas.", "table", 3, 2, 3), Note("macro", "It holds a program.")
    )
    assert finding.verdict == "not mentioned"
    assert finding.saw["hidden"] == [
        {"kind": "formula", "says": "Three cells hold formulas.", "sheet": "table", "row": 3, "column": 2, "count": 3},
        {"kind": "macro", "says": "It holds a program.", "count": 1},
    ]


def test_an_empty_sheet_that_is_hidden_is_told() -> None:
    assert hidden(Note("hidden-sheet", "The sheet is hidden.", "not among the tables")).verdict == "not mentioned"


def test_codes_without_a_key() -> None:
    assert one("X20", rows()).verdict == "matches"
    finding = one("X20", rows(status_code=["A7", "B2"] * (N // 2), zorbik="quux"))
    assert finding.verdict == "not mentioned"
    assert [c["name"] for c in finding.saw["columns"]] == ["status_code", "zorbik"]
    assert "question:output.labels" in finding.next
    # What stands in a column that nobody knows may be anybody's, and is not shown.
    assert "quux" not in json.dumps(finding.json())


def test_a_key_in_the_file_explains_codes() -> None:
    key = sheet({"code": ["A7", "B2"], "meaning": ["calm", "upset"]}, "key")
    checked = check(export(sheet(rows(status_code=["A7", "B2"] * (N // 2))), key))
    assert found(checked, "X20").saw["key_in_file"] is True
    assert found(checked, "X20").verdict == "matches"


def test_unknown_words_of_labels_are_listed() -> None:
    table = rows()
    table["emotion"][5] = "zorbik"
    finding = one("X20", table)
    assert finding.saw["words"] == ["zorbik"]
    assert one("X20", table, answers=Answers(words={"zorbik": "emotion"})).verdict == "matches"
