"""The commands, as they are typed."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from misread.cli.rights.case import case
from misread.cli.rights.record import record
from misread.cli.rights.reply import reply
from misread.errors import MisreadError

FACTS = """
[sender]
name = "A. Example"
contact = "1 Sample Street"
[child]
name = "Child A"
[controller]
name = "Example School Board"
"""


def typed(command, *words, given=""):
    result = CliRunner().invoke(command, [str(word) for word in words], input=given, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def answered(command, *words, given=""):
    result = CliRunner().invoke(
        command, [str(word) for word in (*words, "--json")], input=given, catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@pytest.fixture
def file(tmp_path):
    (tmp_path / "facts.toml").write_text(FACTS)
    file = tmp_path / "case.json"
    typed(case, "new", file, "--place", "eu", "--facts", tmp_path / "facts.toml", "--on", "2026-11-01")
    typed(case, "sent", file, "--letter", "access.eu.en", "--on", "2026-11-02", "--received", "2026-11-03")
    return file


def test_from_a_new_case_to_a_follow_up(file, tmp_path):
    out = tmp_path / "back.md"
    said = typed(
        reply, file, "--text", "-", "--on", "2026-11-20", "--out", out, given="We do not store any images of pupils."
    )
    assert "They say that no pictures are kept." in said
    assert "“We do not store any images of pupils.”" in said
    assert "labels and scores with their times" in out.read_text()
    told = typed(case, "next", file, "--on", "2026-11-21")
    assert "Expected by 3 December 2026" in told
    assert "4 December 2026: Reply 1: If labels, scores and logs are not given, complain." in told
    shown = typed(case, "show", file, "--on", "2026-11-21")
    assert "It was written by misread on this family's own machine" in shown
    assert "They say that no pictures are kept." in shown


def test_each_step_names_the_command_that_does_it(file, tmp_path):
    assert f"misread rights reply {file} --module silence --to 1 --out reminder.docx" in typed(case, "next", file)
    said = typed(reply, file, "--module", "no-images-are-stored", "--on", "2026-11-20")
    assert f"misread rights reply {file} --noted 1 --out follow-up.docx" in said
    assert f"misread rights letter eu complaint --case {file}" in said
    words = f"{file} --letter follow-up --kind access --follows 1 --on"
    assert f"When you have sent it: misread rights case sent {words} DATE" in said
    typed(case, "sent", *words.split(), "2026-11-21")
    assert "--noted 1" not in typed(case, "next", file, "--on", "2026-11-22")


def test_a_reply_is_noted_once_and_its_follow_up_written_at_any_time(file, tmp_path):
    typed(reply, file, "--module", "fee", "--fact", "amount=20 euros", "--on", "2026-11-20")
    before = file.read_bytes()
    with pytest.raises(MisreadError, match=r"(?s)already, as number 1.*--noted 1"):
        typed(reply, file, "--module", "fee", "--on", "2026-11-20")
    typed(reply, file, "--noted", 1, "--out", tmp_path / "back.md")
    assert "20 euros" in (tmp_path / "back.md").read_text()
    assert answered(reply, file, "--noted", 1)["recognised"][0]["id"] == "fee"
    with pytest.raises(MisreadError, match=r"(?s)no reply 2.*one of 1"):
        typed(reply, file, "--noted", 2)
    with pytest.raises(MisreadError, match="not noted again"):
        typed(reply, file, "--noted", 1, "--settled")
    assert file.read_bytes() == before


def test_what_was_noted_by_mistake_is_taken_back_and_the_log_keeps_it(file, tmp_path):
    own = tmp_path / "record.json"
    typed(record, "new", own, "--title", "School A", "--place", "eu")
    typed(case, "note", file, "--record", own)
    states = [json.loads(file.read_text())]
    typed(case, "sent", file, "--letter", "access.eu.en", "--on", "2026-11-04", "--field", "ret.raw")
    states.append(json.loads(file.read_text()))
    typed(reply, file, "--module", "no-images-are-stored", "--module", "trade-secret", "--on", "2026-11-20")
    for before in reversed(states):
        assert "taken back" in typed(case, "undo", file, "--why", "another school")
        after = json.loads(file.read_text())
        assert [after.get(name) for name in ("letters", "replies")] == [before.get(n) for n in ("letters", "replies")]
        answers = before["record"].get("answers", {})
        blank = {"status": "never_asked"}
        assert {id: a for id, a in after["record"]["answers"].items() if a != blank} == answers
    assert [event["what"] for event in after["log"][-2:]] == [
        "taken back, reply 1: another school",
        "taken back, letter 2: another school",
    ]
    typed(case, "undo", file, "--why", "never sent")
    with pytest.raises(MisreadError, match="no letter and no reply"):
        typed(case, "undo", file, "--why", "x")


def test_the_record_of_a_case_is_read_like_one(file, tmp_path):
    own = tmp_path / "record.json"
    with pytest.raises(MisreadError, match="holds no record"):
        typed(record, "gaps", file)
    typed(record, "new", own, "--title", "School A", "--place", "eu")
    typed(case, "note", file, "--record", own)
    typed(case, "sent", file, "--letter", "access.eu.en", "--on", "2026-11-04", "--field", "ret.raw")
    typed(reply, file, "--module", "no-images-are-stored", "--on", "2026-11-20")
    assert answered(record, "gaps", file)["counts"]["disclosed"] == 1
    with pytest.raises(MisreadError, match="It is a case"):
        typed(record, "set", file, "ret.raw", "--status", "not_applicable", "--note", "none is used")


def test_a_case_can_be_read_by_its_owner_only(file, tmp_path):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    typed(reply, file, "--module", "fee", "--on", "2026-11-20", "--out", tmp_path / "back.md")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "back.md").stat().st_mode) == 0o600


def test_what_is_not_recognised_is_asked_and_nothing_is_written(file):
    before = file.read_bytes()
    said = typed(reply, file, "--text", "-", given="The weather was fine.")
    assert "none is guessed" in said
    assert "trade-secret: They say that it is a business secret." in said
    found = answered(reply, file, "--text", "-", given="The weather was fine.")
    assert found["recognised"] == []
    assert "trade-secret" in [one["id"] for one in found["choose"]]
    assert file.read_bytes() == before


def test_looking_writes_nothing_and_the_text_is_never_kept(file):
    before = file.read_bytes()
    words = "The data is anonymous. Somebody else's secret stands in this other sentence."
    assert "Nothing was written" in typed(reply, file, "--text", "-", "--look", "--on", "2026-11-20", given=words)
    assert file.read_bytes() == before
    typed(reply, file, "--text", "-", "--on", "2026-11-20", given=words)
    assert "The data is anonymous." in file.read_text()
    assert "Somebody else" not in file.read_text()


def test_the_same_as_json(file):
    found = answered(
        reply, file, "--text", "-", "--on", "2026-11-20", given="It is a trade secret, says § 34 BDSG, and FERPA too."
    )
    assert [one["id"] for one in found["recognised"]] == ["trade-secret", "wrong-law-in-reply"]
    assert [(one["number"], one["fit"]) for one in found["cited"]] == [("34", "not-in-files"), ("", "elsewhere")]
    assert found["dates"][0]["expected_by"] == "2026-12-03"
    assert found["steps"][-1]["date"] == "2026-12-04"
    assert "Please give those" in found["followup"]
    assert "No lawyer has reviewed" in found["covering"]
    again = answered(case, "next", file, "--on", "2026-11-20")
    assert again["steps"] == found["steps"]
    assert answered(case, "show", file, "--on", "2026-11-20")["case"] == json.loads(file.read_text())


def test_silence_is_noted_only_when_the_last_day_is_over(file):
    with pytest.raises(MisreadError, match="3 December 2026"):
        typed(reply, file, "--module", "silence", "--on", "2026-12-03")
    said = typed(reply, file, "--module", "silence", "--on", "2026-12-04")
    assert "By my count the last day for an answer was 3 December 2026." in said


def test_what_a_person_knows_better_counts(file):
    said = answered(
        reply, file, "--text", "-", "--module", "fee", "--on", "2026-11-20", given="We do not store images."
    )
    assert [one["id"] for one in said["recognised"]] == ["fee"]
    settled = typed(reply, file, "--settled", "--on", "2026-11-25")
    assert "it answered the letter" in settled
    assert answered(case, "next", file, "--on", "2026-11-25")["steps"] == []


def test_days_become_known_later_and_a_calendar_is_written(file, tmp_path):
    typed(case, "note", file, "--received", "2026-11-05", "--opted-out", "2026-11-01", "--on", "2026-11-06")
    typed(case, "next", file, "--on", "2026-11-06", "--ics", tmp_path / "case.ics")
    text = (tmp_path / "case.ics").read_text()
    assert "DTSTART;VALUE=DATE:20261208" in text  # 5 December is a Saturday, and the day after the 7th may be acted on
    assert text.count("BEGIN:VEVENT") == 2
    assert json.loads(file.read_text())["opted_out_on"] == "2026-11-01"


def test_where_a_letter_can_do_harm_it_is_not_written_unread(tmp_path):
    file, out = tmp_path / "case.json", tmp_path / "back.md"
    typed(case, "new", file, "--place", "cn", "--on", "2026-11-01")
    typed(case, "sent", file, "--letter", "access.cn.zh-Hans", "--kind", "access", "--on", "2026-11-02")
    words = reply, file, "--module", "fee", "--on", "2026-11-20", "--out", out
    with pytest.raises(MisreadError, match="Read this first"):
        typed(*words)
    assert not out.exists()
    assert json.loads(file.read_text()).get("replies") is None
    typed(*words, "--i-have-read-this")
    assert out.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--text", "no-such-file.txt"), "cannot be read"),
        ((), "Neither the text"),
        (("--module", "fees"), "did you mean `fee`"),
        (("--module", "fee", "--fact", "amount"), "is no answer"),
        (("--module", "fee", "--fact", "colour=red"), "Nobody asked"),
        (("--module", "fee", "--to", "7"), "no letter 7"),
        (("--module", "fee", "--on", "2026-10-01"), "before letter 1"),
        (("--settled", "--out", "x.md"), "no follow-up"),
        (("--text", "-", "--language", "nl"), "not read here"),
    ],
)
def test_mistakes_are_told_and_change_nothing(file, words, said):
    before = file.read_bytes()
    with pytest.raises(MisreadError, match=said):
        typed(reply, file, *words, given="x")
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"%PDF-1.7 x", b"PK\x03\x04", b"a\0b", b"\xff\xfe\x00", b"x" * 2_000_001])
def test_a_reply_that_is_no_text_is_refused(file, tmp_path, content):
    (tmp_path / "reply").write_bytes(content)
    with pytest.raises(MisreadError, match=r"no plain text|no text in UTF-8|far too long"):
        typed(reply, file, "--text", tmp_path / "reply")


def test_nothing_is_written_over(file, tmp_path):
    with pytest.raises(MisreadError, match="is there already"):
        typed(case, "new", file, "--place", "eu")
    (tmp_path / "back.md").write_text("mine")
    with pytest.raises(MisreadError, match="is there already"):
        typed(reply, file, "--module", "fee", "--on", "2026-11-20", "--out", tmp_path / "back.md")
    assert (tmp_path / "back.md").read_text() == "mine"


def test_a_letter_that_is_not_known_is_refused_with_a_near_one(file):
    with pytest.raises(MisreadError, match=r"did you mean `access\.eu\.en`"):
        typed(case, "sent", file, "--letter", "acess.eu.en", "--on", "2026-11-02")
    with pytest.raises(MisreadError, match="about `eu`, and the letter goes to `uk`"):
        typed(case, "sent", file, "--letter", "access.uk.en", "--on", "2026-11-02")


HOOK = """
import os, sys
def hook(event, args):
    if event.startswith("socket") and event != "socket.gethostname":
        print("SOCKET", event, file=sys.stderr)
    if event == "open" and isinstance(args[0], str):
        mode, flags = args[1], args[2] or 0
        if (mode and set(mode) & set("wax+")) or flags & (os.O_WRONLY | os.O_RDWR):
            print("WRITES", args[0], file=sys.stderr)
sys.dont_write_bytecode = True
sys.addaudithook(hook)
from misread.cli.rights.reply import reply
reply(sys.argv[1:])
"""


def test_nothing_is_written_but_the_case_and_nothing_leaves(file):
    text = "We do not store images. Here stands what nobody should keep."
    run = subprocess.run(
        [sys.executable, "-c", HOOK, str(file), "--text", "-", "--on", "2026-11-20"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    told = [line.split(" ", 1) for line in run.stderr.splitlines() if line.startswith(("WRITES ", "SOCKET "))]
    # Once, beside the case, and then it is moved there.
    assert [(kind, Path(name).parent, Path(name).name.startswith(".case.json.")) for kind, name in told] == [
        ("WRITES", file.parent, True)
    ]
    assert sorted(path.name for path in file.parent.iterdir()) == ["case.json", "facts.toml"]
    assert "nobody should keep" not in file.read_text()
