"""`misread sensitivity`: what it prints and writes, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from click.testing import CliRunner

import misread.cli.asking.sensitivity as command
from misread.cli import cli
from misread.errors import MisreadError
from misread.study.sensitivity import BUDGET, HALF_WIDTH
from tests.findings.test_enumerated import TINY
from tests.report.pages import read
from tests.study.test_sensitivity import UNSURE

QUICK = ("--half-width", "0.3", "--budget", "1000")


def call(*args):
    return CliRunner().invoke(cli, ["sensitivity", *map(str, args)], catch_exceptions=False)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("sensitivity") / "tiny.toml"
    path.write_text(UNSURE)
    return path


@pytest.fixture(scope="module")
def shown(file):
    return call(file, *QUICK, "--out", file.parent / "out").stdout


@pytest.fixture(scope="module")
def result(file, shown):
    return json.loads((file.parent / "out" / "sensitivity.json").read_text())


def test_a_sentence_first_then_the_table(shown, result):
    text = " ".join(shown.split())
    assert text.startswith("What most decides how many flags are right is ")
    first = next(i for i in result["inputs"] if not i["negligible"])
    assert re.search(
        rf"^{re.escape(first['input'])} .*{first['total']:.2f} ± {first['total_half']:.2f}", shown, re.MULTILINE
    )
    assert re.search(rf"{result['evaluations']:,} evaluations in \d+ s, [\d,]+ a minute\.", shown)
    assert shown.rstrip().endswith("sensitivity.html")


def test_the_files(file, result):
    out = file.parent / "out"
    assert {p.name for p in out.iterdir()} == {
        "sensitivity.json", "sensitivity.csv", "sensitivity.html", "deployment.toml", "run.json"
    }  # fmt: skip
    rows = list(csv.DictReader(io.StringIO((out / "sensitivity.csv").read_text())))
    assert [r["input"] for r in rows] == [i["input"] for i in result["inputs"]]
    page = read((out / "sensitivity.html").read_text())
    for code in (c.text for c in page.all("code") if c.text.startswith("misread sensitivity ")):
        assert "--half-width 0.3 --budget 1000" in code or code == "misread sensitivity"


def test_json_is_what_is_written(file, result):
    assert json.loads(call(file, *QUICK, "--json").stdout) == result


def test_the_command_on_the_page_repeats_it(file, result):
    import shlex

    page = read((file.parent / "out" / "sensitivity.html").read_text())
    (line,) = (c.text for c in page.all("code") if c.text.startswith("misread sensitivity /"))
    assert json.loads(call(*shlex.split(line)[2:], "--json").stdout) == result


def test_options_are_those_of_the_study():
    assert (command.BUDGET, command.HALF_WIDTH) == (BUDGET, HALF_WIDTH)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--finding", "flag_pv"), "did you mean flag_ppv"),
        (("--rule", "nobody's"), "one of 'sad enough', 'any word'"),
        (("--finding", "label_share"), "one for each label"),
        (("--set", "nonsense=1"), "nonsense"),
    ],
)
def test_mistakes(file, args, says):
    with pytest.raises(MisreadError, match=says):
        call(file, *QUICK, *args)


def test_nothing_is_written_where_something_is_wrong(file):
    out = file.parent / "never"
    with pytest.raises(MisreadError):
        call(file, "--finding", "nope", "--out", out)
    assert not out.exists()


def test_nothing_open(tmp_path):
    plain = tmp_path / "plain.toml"
    plain.write_text(TINY)
    with pytest.raises(MisreadError, match=r"plain\.toml\n  Nothing in it is left open"):
        call(plain)


def test_a_folder_of_a_run_is_left_alone(file, tmp_path):
    out = tmp_path / "run"
    assert CliRunner().invoke(cli, ["run", str(file), "--draws", "0", "--out", str(out)]).exit_code == 0
    with pytest.raises(MisreadError, match="another command: misread run there, misread sensitivity here"):
        call(file, *QUICK, "--out", out)
