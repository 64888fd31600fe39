"""X12: other children. Nothing of theirs is in anything that comes out."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.errors import MisreadError
from misread.rights.check.check import check
from misread.rights.check.findings.seen.checks import CHECKS
from misread.rights.check.model import Answers, Checked, Note
from misread.rights.check.said import as_json, lines
from tests.rights.check.findings.samples import export, found, log, moments, one, record, school_days, sheet

OWN = "S17"
SECRETS = ("Qzother", "S99", "quiet-word-of-another", "2031-05-05", "99.99", "secret note", "https://another.example")


def two_children(rows: int = 40) -> dict[str, list[str]]:
    at = moments(school_days(5))[:rows]
    own = log(at, pupil=OWN)
    own |= {
        "name": ["Child A"] * rows,
        "notes": [""] * rows,
        "confidence": ["0.5"] * rows,
        "teacher": ["Room 4"] * rows,
    }
    other = {
        "student_id": ["S99"],
        "timestamp": ["2031-05-05 08:00:00"],
        "emotion": ["quiet-word-of-another"],
        "name": ["Qzother"],
        "notes": ["secret note, see https://another.example"],
        "confidence": ["99.99"],
        "teacher": ["Room 5"],
    }
    # The neighbour's row stands in the middle.
    return {key: [*own[key][:7], *other[key], *own[key][7:]] for key in own}


def everything(checked: Checked) -> str:
    return "\n".join(lines(checked)) + json.dumps(as_json(checked), ensure_ascii=False)


def test_the_rows_of_several_children_stop_everything() -> None:
    checked = check(export(sheet(two_children())), record=record(output__labels=["happy"]))
    assert checked.stop
    assert [finding.code for finding in checked.findings] == ["X12", *(code for code in CHECKS if code != "X12")]
    first, *others = checked.findings
    assert first.verdict == "contradicts"
    assert first.saw["children"] == 2
    assert checked.headline == (first.says,)
    assert {finding.verdict for finding in others} == {"cannot tell"}
    assert all(not finding.saw for finding in others)
    assert [(question.option, question.column) for question in checked.questions] == [
        ("--pupil", ""),
        ("--column", "student_id"),
        ("--column", "name"),
    ]
    assert "identity" not in checked.questions[1].options
    assert not any(secret in everything(checked) for secret in (*SECRETS, OWN, "Child A", "happy"))


def test_with_the_pupil_named_only_its_rows_are_looked_at() -> None:
    checked = check(export(sheet(two_children())), answers=Answers(pupil=OWN), record=record(output__level="per pupil"))
    assert not checked.stop
    first = checked.findings[0]
    assert (first.code, first.verdict) == ("X12", "contradicts")
    assert first.saw["rows_of_others"] == 1
    # The eighth row of the table; the first holds the names.
    assert first.saw["row_sample"] == [{"table": 1, "row": 9}]
    assert found(checked, "X03").saw["labels"]
    assert found(checked, "X06").saw["rows"] == 40
    assert not any(secret in everything(checked) for secret in SECRETS)


def test_the_pupil_may_be_named_by_either_column_and_in_any_case() -> None:
    for pupil in ("s17", "child a", " Child  A "):
        checked = check(export(sheet(two_children())), answers=Answers(pupil=pupil))
        assert found(checked, "X12").saw["rows_of_others"] == 1


def test_a_pupil_who_is_not_there_is_refused_without_a_word_about_the_others() -> None:
    with pytest.raises(MisreadError) as refused:
        check(export(sheet(two_children())), answers=Answers(pupil="S18"))
    assert not any(secret in str(refused.value) for secret in (*SECRETS, OWN))


def test_one_child_alone_stops_nothing() -> None:
    finding = one("X12", log(moments(school_days(2))))
    assert finding.verdict == "matches"
    assert finding.saw["children"] == 1


def test_without_a_column_of_pupils_it_cannot_tell() -> None:
    rows = log(moments(school_days(2)))
    del rows["student_id"]
    assert one("X12", rows).verdict == "cannot tell"


def test_children_told_apart_by_sheets_are_found() -> None:
    at = moments(school_days(2))
    sheets = (sheet(log(at, pupil="S17"), "one"), sheet(log(at, pupil="S99"), "Qzother"))
    note = Note("comment", "A comment.", sheet="Qzother")
    assert check(export(*sheets)).stop
    checked = check(export(*sheets, notes=[note]), answers=Answers(pupil="S17"))
    assert found(checked, "X12").saw["tables_left_out"] == 1
    assert found(checked, "X19").verdict == "matches"
    assert "Qzother" not in everything(checked)


def test_rows_of_nobody_are_left_out_once_there_are_several_children() -> None:
    rows = two_children()
    rows["student_id"][0] = rows["name"][0] = ""
    finding = one("X12", rows, answers=Answers(pupil=OWN))
    assert finding.saw["rows_of_nobody"] == 1
    assert one("X06", rows, answers=Answers(pupil=OWN)).saw["rows"] == 39


def test_neighbours_in_the_childs_own_rows_are_counted_and_not_named() -> None:
    rows = log(moments(school_days(2)))
    rows["seat_neighbour"] = ["Qzother" if i % 2 else "" for i in range(len(rows["emotion"]))]
    checked = check(export(sheet(rows)))
    finding = found(checked, "X12")
    assert finding.verdict == "contradicts"
    assert not checked.stop
    assert finding.saw["columns_about_other_children"] == [
        {"sheet": "table", "column": 4, "name": "seat_neighbour", "filled": 16, "different": 1}
    ]
    assert "Qzother" not in everything(checked)


def test_staff_are_counted_and_not_named() -> None:
    rows = log(moments(school_days(2)))
    rows["teacher"] = ["Qzother"] * len(rows["emotion"])
    checked = check(export(sheet(rows)))
    assert found(checked, "X12").verdict == "matches"
    assert found(checked, "X12").saw["columns_about_staff"]
    assert "Qzother" not in everything(checked)


def test_columns_named_after_children_are_not_named() -> None:
    at = moments(school_days(3))
    rows = {"timestamp": [str(t) for t in at], "Qzother": ["happy"] * len(at), "Qzanother": ["sad"] * len(at)}
    checked = check(export(sheet(rows)))
    assert found(checked, "X12").verdict == "cannot tell"
    assert "Qz" not in everything(checked)
    assert "2, 3" in checked.questions[0].asks


TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=6, max_size=12)


@settings(max_examples=15, deadline=None)
@given(
    secret=st.lists(TEXT.map(lambda t: f"ß{t}ß"), min_size=6, max_size=6),
    places=st.lists(st.integers(0, 40), min_size=1, max_size=3),
)
def test_no_value_of_another_child_comes_out(secret: list[str], places: list[int]) -> None:
    rows = two_children()
    keys = ("emotion", "name", "notes", "confidence", "teacher", "student_id")
    for place in places:
        for key, value in zip(keys, secret, strict=True):
            rows[key][place] = value
    for answers in (Answers(), Answers(pupil=OWN), Answers(pupil=OWN, on=date(2026, 1, 1))):
        out = everything(check(export(sheet(rows)), answers=answers))
        assert not any(value in out for value in secret)


def test_answers_are_kept_apart_from_what_was_read() -> None:
    answers = replace(Answers(), pupil=OWN)
    assert check(export(sheet(two_children())), answers=answers) == check(
        export(sheet(two_children())), answers=answers
    )


def test_it_says_by_which_columns_there_are_several() -> None:
    rows = log(moments(school_days(2)))
    rows["track"] = ["A"] * len(rows["emotion"])
    rows["user"] = ["Qzone", "Qztwo"] * (len(rows["emotion"]) // 2)
    checked = check(export(sheet(rows)))
    assert checked.stop
    assert "“user”" in checked.headline[0]
    assert "Qz" not in everything(checked)
    # What the column really is, can be said; and so can whose the rows are, by another column.
    assert (
        found(check(export(sheet(rows)), answers=Answers(columns={"user": "model-meta"})), "X12").verdict
        != "contradicts"
    )
    own = found(check(export(sheet(rows)), answers=Answers(pupil=OWN)), "X12")
    assert own.verdict == "cannot tell"
    assert own.saw["columns_that_tell_apart"] == ["user"]


@pytest.mark.parametrize("foot", [["Sum"], ["Exported by nobody", "Page 1"]])
def test_a_remark_at_the_end_is_no_child(foot: list[str]) -> None:
    rows = log(moments(school_days(2)))
    rows = {name: [*cells, *(foot if name == "student_id" else [""] * len(foot))] for name, cells in rows.items()}
    checked = check(export(sheet(rows)))
    assert not checked.stop
    assert found(checked, "X12").verdict == "cannot tell"
    assert found(checked, "X12").saw["rows_with_a_name_alone"] == len(foot)


def test_a_list_of_names_is_one_of_children() -> None:
    names = {"student_id": ["S17", "S98", "S99", "S97"], "emotion": [""] * 4}
    assert check(export(sheet(log(moments(school_days(2))), "own"), sheet(names, "list"))).stop


def test_two_ways_to_say_whose_that_nothing_ties_may_be_two_children() -> None:
    at = moments(school_days(2))
    other = log(at, seed=2)
    other["name"] = ["Qzother"] * len(other.pop("student_id"))
    sheets = (sheet(log(at), "own"), sheet(other, "more"))
    assert found(check(export(*sheets)), "X12").verdict == "cannot tell"
    assert "Qzother" not in everything(check(export(*sheets)))
    tied = log(at) | {"name": ["Qzother"] * len(at)}
    assert found(check(export(sheet(tied, "own"), sheets[1])), "X12").verdict == "matches"
