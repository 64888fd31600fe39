"""`misread closed day`: the shipped day in words and as JSON, and what is refused."""

from __future__ import annotations

import json

from click.testing import CliRunner

from misread.cli import cli
from misread.closed.day import Day, shipped
from misread.closed.day.counts import agreed, by_reader, seen
from tests.cli.calls import mistake


def test_it_says_what_was_read():
    said = CliRunner().invoke(cli, ["closed", "day"]).stdout
    flat = " ".join(said.split())
    assert "not evidence that a product works or fails on children. No overall score." in flat
    assert f"readers say the same of {agreed(seen(shipped())):,} of them" in flat
    for one in by_reader(shipped()):
        row = next(line for line in said.splitlines() if line.strip(" │").startswith(one.reader))
        assert f"{one.at_rest['neutral']:,}" in row
        assert f"{one.messages:,}" in row


def test_json_is_the_whole_day():
    said = CliRunner().invoke(cli, ["closed", "day", "--json"]).stdout
    assert Day.model_validate(json.loads(said)) == shipped()


def test_looks_without_making():
    said = mistake("closed", "day", "--looks", "3")
    assert "--looks goes with --make" in said


def test_no_looks():
    assert "0 is not in the range x>=1" in mistake("closed", "day", "--make", "here", "--looks", "0")


def test_without_the_networks_nothing_is_rendered(tmp_path, monkeypatch):
    monkeypatch.setenv("MISREAD_CACHE", str(tmp_path / "none"))
    said = mistake("closed", "day", "--make", str(tmp_path / "out"))
    assert "misread closed prepare" in said
    assert not (tmp_path / "out").exists()


def test_a_place_that_is_none_is_refused_before_anything_is_rendered(tmp_path):
    (tmp_path / "file").write_text("")
    said = mistake("closed", "day", "--make", str(tmp_path / "file"))
    assert "name another place with --make" in said
