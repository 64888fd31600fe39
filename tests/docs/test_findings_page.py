"""The page on findings equals the definitions, and the files it lists are those that are written."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields

import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.findings.definitions import DEFINITIONS
from misread.findings.table import Finding
from misread.study.compare import Difference

from .pages import DOCS, codes, fences, first_table

TEXT = (DOCS / "findings.md").read_text(encoding="utf-8")
SMALL = next(
    f.text for f in fences((DOCS / "deployment-file.md").read_text(encoding="utf-8")) if f.note.startswith("whole")
)


def table(heading: str, text: str = TEXT) -> list[list[str]]:
    """Rows of the first table under a heading, without its head."""
    return first_table(text[text.index(f"\n## {heading}\n") :])


def defined(text: str) -> list[tuple[str, ...]]:
    return [(id.strip("`"), unit, meaning.replace(r"\|", "|")) for id, unit, meaning in table("The table", text)]


def test_the_table_is_that_of_the_definitions():
    assert defined(TEXT) == [(d.id, d.unit, d.meaning) for d in DEFINITIONS.values()]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("| `flag_ppv` |", "| `ppv` |"),
        ("| `flag_lift` | ratio |", "| `flag_lift` | 1 |"),
        ("Looks at pupils", "Looks at"),
    ],
)
def test_a_table_that_differs_is_found(old, new):
    assert old in TEXT
    assert defined(TEXT.replace(old, new, 1)) != defined(TEXT)


def test_every_key_of_a_finding_is_explained():
    named = [code for row in table("A finding's keys") for code in codes(row[0])]
    assert sorted(named) == sorted(f.name for f in fields(Finding))


def test_every_finding_is_told_about_below_the_table():
    below = TEXT[TEXT.index("## What each counts") :]
    about = set(codes(below))
    families = ("p_false_flag_by_", "p_only_true_flags_by_", "flags_per_", "false_flags_per_", "label_share")
    assert {id for id in DEFINITIONS if id not in about and not id.startswith(families)} == set()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A run and a comparison of the small example, as a user makes them."""
    folder = tmp_path_factory.mktemp("written")
    small, policy = folder / "small.toml", folder / "calm.toml"
    small.write_text(SMALL, encoding="utf-8")
    policy.write_text("[camera]\nobserve_every_seconds = 600\n", encoding="utf-8")
    for words in (
        ["run", str(small), "--draws", "0", "--out", str(folder / "run")],
        ["compare", str(small), str(policy), "--draws", "0", "--out", str(folder / "compare")],
    ):
        result = CliRunner().invoke(cli, words, catch_exceptions=False)
        assert result.exit_code == 0
    return folder


def test_the_files_of_a_run(written):
    named = [row[0].strip("`") for row in table("The files of a run")]
    assert sorted(named) == sorted(p.name for p in (written / "run").iterdir())


def test_the_files_of_a_comparison(written):
    named = [row[0].strip("`") for row in table("The files of a comparison")]
    assert sorted(n for n in named if "/" not in n) == sorted(
        p.name for p in (written / "compare").iterdir() if p.is_file()
    )
    assert "deployments/NAME.toml" in named
    assert sorted(p.name for p in (written / "compare" / "deployments").iterdir()) == ["small-calm.toml", "small.toml"]


def test_findings_json_is_as_shown(written):
    (shown,) = (json.loads(f.text) for f in fences(TEXT) if f.note == "json: findings")
    real = json.loads((written / "run" / "findings.json").read_text(encoding="utf-8"))
    assert list(shown) == list(real)
    assert list(shown["deployment"]) == list(real["deployment"])
    assert {k: v for k, v in shown.items() if k not in ("deployment", "findings")} == {
        k: v for k, v in real.items() if k not in ("deployment", "findings")
    }
    assert shown["deployment"]["title"] == real["deployment"]["title"]
    assert shown["findings"][0] == real["findings"][0]


def test_the_keys_of_the_other_files_are_named(written):
    about = set(codes(TEXT))
    run = json.loads((written / "run" / "run.json").read_text(encoding="utf-8"))
    comparison = json.loads((written / "compare" / "comparison.json").read_text(encoding="utf-8"))
    assert set(run) - about == set()
    assert set(comparison) - about == set()
    assert {f.name for f in fields(Difference)} - about == set()
    assert {run["format"], comparison["format"]} <= about
    assert (
        tomllib.loads((written / "run" / "deployment.toml").read_text(encoding="utf-8"))["title"] == "A small example"
    )


@pytest.mark.parametrize("words", [["check"], ["trace", "--pupil", "1"], ["rule"]])
def test_the_formats_of_other_commands_are_named(written, words):
    about = set(codes(TEXT))
    argument = "2 of last 3" if words[0] == "rule" else str(written / "small.toml")
    result = CliRunner().invoke(cli, [words[0], argument, *words[1:], "--json"], catch_exceptions=False)
    assert json.loads(result.output)["format"] in about
