"""`misread rights record`, as a user types it."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from misread.cli.rights.record import record as command
from misread.errors import MisreadError
from misread.rights.record.fields import FIELDS
from misread.rights.record.store import read_record, record_text
from misread.rights.record.worked import worked


@pytest.fixture
def say(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")

    def typed(*args: object) -> str:
        command.main([str(arg) for arg in args], standalone_mode=False)
        return capsys.readouterr().out

    return typed


@pytest.fixture
def file(tmp_path, say) -> Path:
    path = tmp_path / "school.json"
    say("new", path, "--title", "School A", "--place", "uk", "--school-kind", "public", "--on", "2026-11-02")
    return path


NOTICE = ("--kind", "notice", "--evidence-title", "Privacy notice", "--quote", "Labels are kept for 30 days.")


def test_from_nothing_to_a_contradiction_and_back(file, say, tmp_path):
    export = tmp_path / "export.csv"
    export.write_bytes(b"ts,label\n")
    said = say("set", file, "ret.labels", "--status", "disclosed", "--value", "30 days", "--said-by", "school", *NOTICE)
    assert "School: 30 days." in said
    say("set", file, "ret.labels", "--status", "contradicted", "--kind", "export", "--evidence", export,
        "--quote", "The oldest label is 812 days old.", "--retrieved", "2026-11-20")  # fmt: skip
    answer = read_record(file).answer("ret.labels")
    assert [one.title for one in answer.evidence] == ["Privacy notice", "export.csv"]
    assert answer.evidence[1].sha256 == hashlib.sha256(b"ts,label\n").hexdigest()
    say("dispute", file, "ret.labels", "--by", "school", "--says", "The old rows are a test.", "--on", "2026-11-21")
    shown = " ".join(say("show", file).split())
    for expected in ("Labels are kept for 30 days.", "The oldest label is 812 days old.", "The old rows are a test."):
        assert expected in shown
    said = say("undo", file, "ret.labels", "--why", "It was another school.")
    assert "The old rows" not in said
    assert len(read_record(file).history) == 4
    assert sorted(one.name for one in tmp_path.iterdir()) == ["export.csv", "school.json"], "no file is copied"


def test_what_was_asked_is_pending_then_late(file, say):
    say("set", file, "acc.claim", "--status", "pending", "--letter", "records.uk.en", "--asked-on", "2026-11-03",
        "--due", "2026-12-01", "--note", "Sent by post.")  # fmt: skip
    answer = read_record(file).answer("acc.claim")
    assert (answer.status, str(answer.asked[0].on), answer.note) == ("pending", "2026-11-03", "Sent by post.")
    counts = [json.loads(say("gaps", file, "--on", day, "--json"))["counts"] for day in ("2026-12-01", "2026-12-02")]
    assert [(one["pending"], one["no_answer"]) for one in counts] == [(1, 0), (0, 1)]
    assert read_record(file).answer("acc.claim").status == "pending", "a report changes no record"


def test_what_is_asked_again_stays_told(file, say):
    say("set", file, "ret.labels", "--status", "disclosed", *NOTICE)
    say("set", file, "ret.labels", "--status", "pending", "--letter", "access.uk.en")
    answer = read_record(file).answer("ret.labels")
    assert (answer.status, answer.asked[0].answer) == ("disclosed", "none")


def test_values_as_json(file, say):
    say(
        "set",
        file,
        "output.labels",
        "--status",
        "disclosed",
        "--value-json",
        '["happy", "bored"]',
        "--said-by",
        "vendor",
    )
    assert read_record(file).answer("output.labels").value == ["happy", "bored"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("ret.label", "--status", "disclosed", "--value", "x", "--said-by", "y"), "did you mean `ret.labels`"),
        (("ret.labels", "--status", "disclose", "--value", "x", "--said-by", "y"), "did you mean `disclosed`"),
        (("ret.labels", "--status", "refused"), "needs an `asked` entry"),
        (("ret.labels", "--status", "pending"), "say it with --letter"),
        (("ret.labels", "--status", "pending", "--due", "2026-12-01"), "say it with --letter"),
        (("ret.labels", "--status", "disclosed", "--quote", "x"), "say it with --kind"),
        (("ret.labels", "--status", "disclosed", "--quote", "x", "--kind", "notice"), "say it with --evidence-title"),
        (("ret.labels", "--status", "disclosed", "--quote", "x", "--kind", "note", "--evidence-title", "N"), "notice"),
        (("ret.labels", "--status", "disclosed", "--evidence", "none.pdf", "--kind", "notice"), "cannot be read"),
        (("ret.labels", "--status", "disclosed", "--value", "x", "--value-json", "1"), "given twice"),
        (("ret.labels", "--status", "disclosed", "--value-json", "{", "--said-by", "y"), "It is no JSON"),
        (("ret.labels", "--status", "disclosed", "--value", "a\nb", "--said-by", "y"), "line breaks"),
        (("ret.labels", "--status", "not_applicable"), "needs a reason"),
        (("ret.labels", "--status", "pending", "--letter", "x", "--due", "2020-01-01"), "before it was asked for"),
    ],
)
def test_mistakes_are_told_and_change_nothing(file, say, args, said):
    before = file.read_bytes()
    with pytest.raises(MisreadError) as error:
        say("set", file, *args)
    assert said in str(error.value)
    assert file.read_bytes() == before


def test_a_private_record_can_be_read_by_its_owner_only(file, say):
    assert file.stat().st_mode & 0o077 == 0
    file.write_text(file.read_text().replace('"private"', '"public"'))
    before = os.umask(0o022)
    try:
        say("set", file, "ret.labels", "--status", "not_applicable", "--note", "none is written")
    finally:
        os.umask(before)
    assert file.stat().st_mode & 0o077 == 0o044


def test_a_new_record_takes_no_place_of_another_file(file, say):
    before = file.read_bytes()
    with pytest.raises(MisreadError, match="is there already"):
        say("new", file, "--title", "School B")
    for name, *words in (("show",), ("gaps",), ("view", "atrs")):
        with pytest.raises(MisreadError, match="is there already"):
            say(name, file, *words, "--out", file)
    assert file.read_bytes() == before
    with pytest.raises(MisreadError, match=r"ends with \.json"):
        say("new", file.with_suffix(".toml"), "--title", "School B")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--place", "xx"), "uk (United Kingdom)"),
        (("--school-kind", "publik"), "did you mean `public`"),
        (("--role", "parents"), "did you mean `parent`"),
        (("--language", "English"), "a language such as"),
    ],
)
def test_a_head_that_cannot_be_is_told(tmp_path, say, args, said):
    with pytest.raises(MisreadError) as error:
        say("new", tmp_path / "school.json", "--title", "School A", *args)
    assert said in str(error.value)
    assert not list(tmp_path.iterdir())


def test_a_record_written_by_hand_is_read_and_not_written(tmp_path, say):
    path = tmp_path / "school.toml"
    path.write_text('title = "School A"\nbegun = 2026-11-02\n')
    assert json.loads(say("show", path, "--json"))["title"] == "School A"
    with pytest.raises(MisreadError, match="--json"):
        say("set", path, "ret.labels", "--status", "unsourced", "--value", "for good")
    (tmp_path / "school.json").write_text(say("show", path, "--json"))
    say("set", tmp_path / "school.json", "ret.labels", "--status", "unsourced", "--value", "for good")


def test_the_story_of_967_schools(say):
    said = say("show", "967-schools")
    assert said.startswith("967 schools\n")
    assert "Not one is answered." in said
    assert say("show", "967-schools", "--json") == record_text(worked("967-schools"))
    assert len(say("show", "967-schools", "--card")) < len(said) * 2 / 3


def test_gaps_say_what_to_read_first_and_how_to_ask(say):
    said = say("gaps", "967-schools", "--on", "2026-11-30", "--emotion", "--pupils")
    order = ["no legal advice", "Read this before you write to anybody", "Owed by law: 4", "Good practice", "Marks. O:"]
    assert [said.index(one) for one in order] == sorted(said.index(one) for one in order)
    assert "%" not in said


def test_a_place_of_another_law(say):
    told = json.loads(say("gaps", "967-schools", "--place", "eu", "--on", "2026-11-30", "--json"))
    assert (told["place"], told["name"]) == ("eu", "European Union")


def test_gaps_and_views_as_papers(say, tmp_path):
    for kind in (
        ("gaps", "967-schools", "--on", "2026-11-30"),
        ("view", "967-schools", "atrs"),
        ("show", "967-schools"),
    ):
        path = tmp_path / f"{kind[0]}.md"
        assert say(*kind, "--out", path).strip().endswith(f"{kind[0]}.md")
        assert path.read_text(encoding="utf-8").startswith("# ")


def test_a_view_as_json(say):
    told = json.loads(say("view", "967-schools", "gdpr", "--json"))
    assert (told["format"], told["mark"]) == ("misread-record-view/1", "K")
    assert {row["field"] for row in told["rows"]} == {id for id, field in FIELDS.items() if field.gdpr}


def test_all_fields_are_listed(say):
    said = say("fields")
    assert all(f"{field.id}: {field.question}" in said for field in FIELDS.values())
    assert [one["id"] for one in json.loads(say("fields", "--json"))["fields"]] == list(FIELDS)


def test_the_schema_is_printed(say):
    assert json.loads(say("schema"))["title"] == "misread disclosure record"


@pytest.mark.parametrize("told", [("show",), ("gaps",), ("view", "card")])
def test_a_paper_of_a_private_record_is_for_its_owner_only(file, say, tmp_path, told):
    verb, *rest = told
    out = tmp_path / "paper.md"
    say(verb, file, *rest, "--out", out)
    assert out.stat().st_mode & 0o777 == 0o600
