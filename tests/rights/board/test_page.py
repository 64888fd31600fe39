"""The page on what a board decides with: its figures are found again, its example runs."""

from __future__ import annotations

from functools import cache

import pytest

from misread.deployment import load
from misread.report.words import amount
from misread.rights.board.policies import IDS
from misread.study.engines.both import Way, run
from tests.docs.pages import DOCS, fences, link_problems, table_after

PAGE = DOCS / "rights" / "board.md"
TEXT = PAGE.read_text(encoding="utf-8")


@cache
def found(policy=""):
    return run(load("as-described", policies=[policy] if policy else []), Way("exact", draws=0)).findings


def test_all_policies_are_in_the_table():
    assert [row[0].strip("`") for row in table_after(TEXT, "policies")] == list(IDS)


@pytest.mark.parametrize("row", table_after(TEXT, "changes"), ids=lambda row: row[0])
def test_what_they_would_change(row):
    names, looks, alerts, wrong, kept = row
    for name in names.replace("`", "").replace("without", "").split(", "):
        findings = found(name)
        seen = findings.one("observations").value
        assert looks == (f"{seen / 1e9:.0f} billion" if seen else "0")
        assert alerts == amount(findings.one("alerts_per_teacher_day").value)
        if wrong == "no such rule":
            assert load("as-described", policies=[name]).rules == ()
            continue
        assert wrong == amount(findings.one("false_flags_per_pupil_year", rule="negative affect").value)
        assert kept == amount(findings.one("flags_on_file_end", rule="negative affect").value)


def test_links_lead_somewhere():
    assert link_problems(PAGE, TEXT) == []


def test_the_example_in_python_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (example,) = (fence.text for fence in fences(TEXT) if fence.language == "python")
    exec(compile(example.replace('run("as-described")', 'run("as-described", draws=0)'), "board.md", "exec"), {})
    assert (tmp_path / "brief.docx").stat().st_size > 5000
