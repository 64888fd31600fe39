"""Records as files: what is read and written, and what is said about files that are no records."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.errors import MisreadError
from misread.rights.record.change import entered, new
from misread.rights.record.model import Evidence, Record
from misread.rights.record.store import WRITTEN, json_schema, read_record, record_text
from misread.rights.record.worked import worked
from tests.rights.record.test_change import STEPS, taken

ON = date(2026, 11, 2)
BY_HAND = """
title = "School A"
place = "eu"
begun = 2026-11-02

[answers."ret.labels"]
status = "disclosed"
value = { days = 30, since = 2026-01-01 }
said_by = "school"

[[answers."ret.labels".evidence]]
kind = "notice"
title = "Privacy notice"
retrieved = 2026-11-01

[answers."acc.claim"]
status = "unsourced"
value = "95 per cent"
"""


def kept() -> Record:
    notice = Evidence(kind="notice", title="Privacy notice", quote="30 days")
    record = entered(new("School A", "eu", on=ON), "ret.labels", "disclosed", on=ON, why="read", evidence=(notice,))
    return entered(record, "ret.labels", "disclosed", on=ON, why="corrected", value="30 days")


@given(STEPS)
@settings(max_examples=25)
def test_every_record_fits_the_schema_and_is_written_alike_twice(steps):
    record = new("School A", "eu", on=ON)
    for step in steps:
        record = taken(record, step)
    text = record_text(record)
    jsonschema.Draft202012Validator(json_schema()).validate(json.loads(text))
    assert record_text(read_record(text.encode())) == text


def test_the_schema_itself_is_one_and_refuses_what_no_record_has():
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for wrong in (
        {"title": ""},
        {"titel": "x"},
        {"school_kind": "big"},
        {"history": {}},
        {"answers": {"ret.label": {"status": "never_asked"}}},
    ):
        data = json.loads(record_text(kept())) | wrong
        assert list(jsonschema.Draft202012Validator(schema).iter_errors(data)), wrong


def test_a_record_written_by_hand_gets_a_history():
    record = read_record(BY_HAND.encode())
    assert record.answer("ret.labels").value == {"days": 30, "since": "2026-01-01"}
    assert record.answer("ret.labels").evidence[0].retrieved == date(2026, 11, 1)
    assert [(change.on, change.why) for change in record.history] == [(ON, WRITTEN)] * 2
    assert read_record(record_text(record).encode()) == record


def test_mistakes_in_a_file_written_by_hand_have_their_line(tmp_path):
    file = tmp_path / "school.toml"
    file.write_text(
        BY_HAND.replace('"notice"', '"notise"').replace("title =", "titel =", 1).replace("acc.claim", "acc.clam")
    )
    with pytest.raises(MisreadError) as error:
        read_record(file)
    said = str(error.value)
    assert f"{file}:2: titel" in said
    assert "did you mean `title`?" in said
    assert f"{file}:12: answers.ret.labels.evidence[0].kind" in said
    assert "did you mean `notice`?" in said
    assert "did you mean `acc.claim`?" in said
    assert "history[" not in said


@pytest.mark.parametrize(
    ("old", "changed", "said"),
    [
        ('"30 days"', '"99 days"', "does not lead to the answer"),
        ('"why": "corrected"', '"why": ""', "history[1].why"),
        ('"status": "disclosed"', '"status": "pending"', "to which nothing came"),
        ('"field": "ret.labels"', '"field": "ret.label"', "did you mean `ret.labels`"),
        ('"format": "misread-record/1"', '"format": "misread-record/2"', "misread-record/1"),
        ('"title": "School A"', '"title": "School A", "title": "School B"', "stands twice"),
        ('"begun": "2026-11-02"', '"begun": "2 November"', "a date: when the record was begun"),
        ('"language": "en"', '"language": NaN', "which is no number"),
        ('"place": "eu"', '"place": "Europe"', "a place such as"),
    ],
)
def test_a_file_that_was_altered_is_refused(old, changed, said):
    text = record_text(kept())
    assert old in text
    with pytest.raises(MisreadError) as error:
        read_record(text.replace(old, changed, 1).encode(), file="school.json")
    assert said in str(error.value)
    assert "school.json" in str(error.value)


def test_a_history_that_was_cut_short_or_reordered_is_refused():
    data = json.loads(record_text(kept()))
    for history in (data["history"][:1], data["history"][1:], data["history"][::-1], [], None):
        wrong = {key: value for key, value in {**data, "history": history}.items() if value is not None}
        with pytest.raises(MisreadError, match="history"):
            read_record(json.dumps(wrong).encode())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "It is empty"),
        (b"{", "It is no JSON"),
        (b"title = ", "It is no TOML"),
        (b'{"a": "\xff"}', "not written in UTF-8"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"title": ' + b"9" * 5_000 + b"}", "a number of thousands of digits"),
        (b'{"format": "misread-case/1", "place": "eu"}', "It is .misread-case.1"),
        (b'{"format": "misread-record/2"}', "with the version of misread that wrote it"),
        (b"title = nan\nbegun = 2026-11-02", "what no record can hold"),
        (b"\x00\x01", "It is no text"),
    ],
)
def test_what_is_no_record_is_refused_in_one_message(content, said):
    with pytest.raises(MisreadError, match=said):
        read_record(content)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=100)
def test_whatever_the_bytes_are_they_are_a_record_or_a_mistake(content):
    with suppress(MisreadError):
        assert isinstance(read_record(content), Record)


def test_a_file_that_is_not_there_names_the_one_that_was_meant(tmp_path):
    (tmp_path / "school.json").write_text(record_text(kept()))
    assert read_record(tmp_path / "school.json") == kept()
    with pytest.raises(MisreadError, match=r"did you mean `.*school\.json`"):
        read_record(tmp_path / "schol.json")
    with pytest.raises(MisreadError, match="It is no file"):
        read_record(tmp_path)


def test_a_mark_of_byte_order_is_no_mistake():
    assert read_record(b"\xef\xbb\xbf" + record_text(kept()).encode()) == kept()


def test_what_ships_fits_the_schema():
    jsonschema.Draft202012Validator(json_schema()).validate(json.loads(record_text(worked("967-schools"))))
