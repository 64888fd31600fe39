"""`misread evidence`: what it prints, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.errors import MisreadError
from misread.evidence import catalogue, find


def run(*args):
    done = CliRunner().invoke(cli, ["evidence", *args])
    assert done.exit_code == 0, done.output
    return done.stdout


def refused(*args):
    with pytest.raises(MisreadError) as caught:
        cli.main(["evidence", *args], standalone_mode=False)
    (problem,) = caught.value.problems
    return problem


def test_the_list_has_a_line_for_every_entry_under_its_topic():
    lines = run().splitlines()
    for entry in catalogue().values():
        (line,) = [line for line in lines if line.startswith(f"{entry.id} ")]
        assert entry.status in line
        assert entry.quantity in line
        assert lines.index(entry.topic) < lines.index(line)
    assert f"{len(catalogue())} entries" in lines[-1]
    assert not any(line != line.rstrip() for line in lines)


def test_by_topic_and_by_words():
    shown = run("--topic", "human-judges")
    assert all(id in shown for id in ("M19", "M20", "M21"))
    assert "M14 " not in shown
    assert "3 entries" in shown
    assert "G06 " in run("--search", "mammograms risk")
    assert "No entry" in run("--search", "no such word")


def test_one_figure():
    shown = run("B07")
    for words in (
        "verified: the figure itself was seen in the source", "Karumbaiah", "middle-school mathematics",
        "2,117 of 3,019 observations", "68.5 – 71.7", "reference from memory",
    ):  # fmt: skip
        assert words in shown


def test_figures_that_are_less_sure_say_so():
    lines = run("E16").splitlines()
    assert any(line.startswith("on average") and "9.3" in line for line in lines)
    assert any(line.startswith("in general") and line.endswith("verified") for line in lines)
    assert "unverified: from memory" in run("E16")


def test_one_matrix():
    lines = run("M14").splitlines()
    (head,) = [line for line in lines if "row n" in line]
    (neutral,) = [line for line in lines if line.startswith("neutral ")]
    assert neutral.split() == [
        "neutral", "37,768", "5,242", "6,654", "2,230", "14,289", "9,891", "4,156", "2,028", "82,258", "70", "45.9%",
    ]  # fmt: skip
    # Aligned: the numbers end where their heads end.
    assert head.index("row n") + len("row n") == neutral.index("82,258") + len("82,258")
    assert any("assumption: 1,000 frames" in line for line in lines)
    assert "accuracy 0.3256, macro F1 0.257" in lines[-1]


def test_a_matrix_of_proportions():
    shown = run("M15")
    assert "proportions" in shown
    assert "0.0419" in shown
    assert "137,028" in shown


@pytest.mark.parametrize(
    ("args", "ids"),
    [
        ((), tuple(catalogue())),
        (("M14",), ("M14",)),
        (("--topic", "gaze"), tuple(e.id for e in find(catalogue(), topic="gaze"))),
        (("--search", "no such word"), ()),
    ],
)
def test_json_is_always_a_list(args, ids):
    rows = json.loads(run(*args, "--json"))
    assert tuple(row["id"] for row in rows) == ids
    for row in rows:
        assert {"topic", "status", "citation", "doi"} <= set(row)
        assert ("value" in row) != ("counts" in row)


def test_json_of_matrices():
    (m14,) = json.loads(run("M14", "--json"))
    assert m14["counts"]["anger"]["anger"] == 893
    assert m14["row_n"]["anger"] == 6126
    assert m14["row_units"]["neutral"] == 70
    (m15,) = json.loads(run("M15", "--json"))
    assert m15["cells"] == "proportions"
    assert m15["counts"]["anger"]["anger"] == 0.0419


def test_unknown_ids_and_topics():
    problem = refused("M41")
    assert "`M41` is no entry" in problem.what
    assert "did you mean `M" in problem.mend
    assert "did you mean `M14`?" in refused("M144").mend
    assert "see `misread evidence`" in refused("%%%").mend
    problem = refused("--topic", "gze")
    assert "`gze` is no topic" in problem.what
    assert "persistence" in problem.expected
    assert "did you mean `gaze`?" in problem.mend
    assert "one entry already" in refused("M14", "--topic", "gaze").what


def test_exit_code_and_no_control_characters():
    done = subprocess.run(
        [sys.executable, "-c", "from misread.cli import main; main()", "evidence", "M\x1b[31m14"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "\x1b" not in done.stderr
    assert "Traceback" not in done.stderr


def test_brackets_are_no_markup(monkeypatch):
    from misread import evidence

    entry = catalogue()["B03"].model_copy(update={"quantity": "[red]loud[/red] [x", "short": "[b]N[/b]"})
    monkeypatch.setattr(evidence, "catalogue", lambda: {"B03": entry})
    assert "[red]loud[/red] [x" in run()
    assert "[b]N[/b]" in run()
    assert "[red]loud[/red] [x" in run("B03")


def test_an_id_in_small_letters():
    small, large = (
        CliRunner().invoke(cli, ["evidence", id, "--json"], catch_exceptions=False) for id in ("m14", "M14")
    )
    assert small.exit_code == 0
    assert small.stdout == large.stdout
