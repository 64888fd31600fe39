"""`misread run` and `misread compare`: what they print, write and refuse."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

import misread as mr
from misread import cli as package
from misread.cli import cli
from misread.cli.support.output import plain_names
from misread.study.engines.both import SCHOOLS
from misread.study.exact.run import DRAWS, SEED
from tests.cli.calls import call, mistake
from tests.deployment.samples import SMALL

FILES = {"findings.json", "findings.csv", "report.html", "deployment.toml", "run.json"}


@pytest.fixture
def school(tmp_path, monkeypatch):
    """A folder of one's own with a deployment and a policy in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "school.toml").write_text(SMALL)
    (tmp_path / "slower.toml").write_text('title = "Slower"\n[camera]\nobserve_every_seconds = 600\n')
    return tmp_path


def test_files_of_a_run(school):
    said = call("run", "school.toml", "--draws", 8, "--out", "here/it/is")
    assert {p.name for p in (school / "here/it/is").iterdir()} == FILES
    assert said.splitlines()[-1] == "Report: here/it/is/report.html"
    found = json.loads((school / "here/it/is/findings.json").read_text())
    assert found["format"] == "misread-findings/1"
    rows = list(csv.DictReader((school / "here/it/is/findings.csv").open()))
    assert len(rows) == len(found["findings"])
    assert float(rows[5]["value"]) == found["findings"][5]["value"]
    about = json.loads((school / "here/it/is/run.json").read_text())
    assert about["command"] == "misread run school.toml --draws 8"
    assert about["draws"] == 8


def test_a_folder_named_after_the_deployment(school):
    call("run", "school.toml", "--draws", 0)
    (folder,) = (school / "misread-out").iterdir()
    digest = mr.run("school.toml", draws=0).findings.sha256
    assert folder.name == f"school-{digest[:12]}"
    assert {p.name for p in folder.iterdir()} == FILES


def test_json_is_the_text_of_findings_json_and_writes_nothing(school):
    printed = call("run", "school.toml", "--draws", 8, "--json")
    assert [p.name for p in school.iterdir()] == ["school.toml", "slower.toml"] or {
        p.name for p in school.iterdir()
    } == {"school.toml", "slower.toml"}
    assert call("run", "school.toml", "--draws", 8, "--json", "--out", "x") == printed
    assert (school / "x/findings.json").read_text() == printed


def test_same_input_same_bytes(school):
    for out in ("a", "b"):
        call("run", "school.toml", "--draws", 16, "--out", out)
    for name in FILES - {"run.json"}:
        assert (school / "a" / name).read_bytes() == (school / "b" / name).read_bytes(), name


def test_another_seed_moves_intervals_and_nothing_else(school):
    one, two = (json.loads(call("run", "school.toml", "--draws", 32, "--seed", s, "--json")) for s in (1, 2))
    assert [f["value"] for f in one["findings"]] == [f["value"] for f in two["findings"]]
    assert [f["low"] for f in one["findings"]] != [f["low"] for f in two["findings"]]


def test_policies_and_settings_apply(school):
    plain = json.loads(call("run", "school.toml", "--draws", 0, "--json"))
    slower = json.loads(call("run", "school.toml", "--draws", 0, "--json", "--with", "slower.toml"))
    same = json.loads(call("run", "school.toml", "--draws", 0, "--json", "--set", "camera.observe_every_seconds=600"))
    looks = [next(f["value"] for f in r["findings"] if f["id"] == "observations") for r in (plain, slower, same)]
    assert looks[0] == 2 * looks[1] == 2 * looks[2]
    assert slower["deployment"]["sha256"] == same["deployment"]["sha256"] != plain["deployment"]["sha256"]


def test_the_deployment_written_gives_the_same_findings(school):
    call("run", "school.toml", "--with", "slower.toml", "--draws", 8, "--out", "a")
    call("run", "a/deployment.toml", "--draws", 8, "--out", "b")
    assert (school / "a/findings.json").read_bytes() == (school / "b/findings.json").read_bytes()


def test_five_sentences(school):
    said = call("run", "school.toml", "--draws", 64, "--out", "a")
    text = " ".join(said.split())
    found = mr.run("school.toml", draws=64).findings
    assert "“negative affect”" in text
    assert len(text.split(". ")) >= 5
    kept = found.one("flags_on_file_end", rule="negative affect")
    assert f"{round(kept.value):,} flags on file" in text
    assert text.count("95 % interval") >= 2


def test_why_there_is_no_interval_comes_after_what_is_known(school):
    text = " ".join(call("run", "school.toml", "--draws", 0, "--out", "a").split())
    assert "picked by lot. Without an interval: no draws were asked for." in text
    assert " They would be right " in text


def test_without_rules(school):
    (school / "off.toml").write_text(
        '[file]\nmarks = [{ name = "resistant", off = true }]\n[[rules]]\nname = "negative affect"\noff = true\n'
        '[[rules]]\nname = "glum lesson"\noff = true\n'
    )
    said = call("run", "school.toml", "--with", "off.toml", "--out", "a")
    assert said.startswith("Nobody would be flagged")
    assert "guesses" in said


def test_defaults_named_in_the_help_are_those_of_the_engine():
    options = {o.name: o for o in package.cli.get_command(None, "run").params}
    assert options["draws"].show_default.startswith(f"{DRAWS};")
    assert (options["draws"].default, options["seed"].default) == (None, SEED)
    assert f"{SCHOOLS} where --engine auto samples" in options["schools"].help


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["run", "as-descibed"], "did you mean `as-described`?"),
        (["run", "nothing.toml"], "There is no such file."),
        (["run", "school.toml", "--draws", "-1"], "not in the range"),
        (["run", "school.toml", "--engine", "guess"], "'guess' is not one of"),
        (["run", "school.toml", "--out", "school.toml"], "is no folder"),
        (["run", "school.toml", "--out", "school.toml/x"], "is no folder"),
        (["run", "school.toml", "--out", ""], "names no folder"),
        (["run", "school.toml", "--set", "camera.x=1", "--out", "a"], "no key of `camera`"),
        (["rnu"], "did you mean `misread run`?"),
        (["run"], "Missing argument"),
        (["run", "\x1b[31mred"], "\\x1b[31mred"),
        (["compare", "school.toml"], "Missing argument"),
        (["trace", "school.toml", "--pupil", "0"], "the deployment has 100 pupils"),
        (["trace", "school.toml", "--day", "541"], "from 1 to 540"),
        (["rule", "9 of last 3"], "more hits than the window"),
    ],
)
def test_mistakes(args, says, school):
    said = mistake(*args)
    assert says in said
    assert "\x1b" not in said
    assert {p.name for p in school.iterdir()} == {"school.toml", "slower.toml"}


def test_a_reader_that_goes_away(school):
    """As with `| head`: no message, and the exit code that shells give to a broken pipe."""
    command = [sys.executable, "-m", "misread", "trace", "school.toml"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_folder_one_may_not_write_to_is_refused_before_counting(school, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(mr.MisreadError, match="may not write there"):
        CliRunner().invoke(cli, ["run", "school.toml", "--out", "a"], catch_exceptions=False)


OTHERS = {
    "seed": (["run", "school.toml", "--draws", "0", "--seed", "2"], "It belongs to another seed: 1 there, 2 here."),
    "deployment": (["run", "school.toml", "--with", "slower.toml"], "It belongs to another deployment: "),
    "command": (
        ["compare", "school.toml", "slower.toml"],
        "It belongs to another command: misread run there, misread compare here.",
    ),
}


@pytest.mark.parametrize("other", OTHERS)
def test_a_folder_with_results_of_something_else_is_refused_and_left_alone(school, other):
    call("run", "school.toml", "--draws", 0, "--out", "x")
    before = {p.name: p.read_bytes() for p in (school / "x").iterdir()}
    args, says = OTHERS[other]
    said = mistake(*args, "--out", "x")
    assert said.splitlines()[0] == "x"
    assert says in said
    assert "`misread run school.toml --draws 0` wrote it." in said
    assert {p.name: p.read_bytes() for p in (school / "x").iterdir()} == before


def test_results_of_another_version_are_refused_and_so_is_what_is_none_of_ours(school):
    call("run", "school.toml", "--draws", 0, "--out", "x")
    path = school / "x" / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": "0.0.1"}))
    again = ["run", "school.toml", "--draws", "0", "--out", "x"]
    assert f"another version of misread: 0.0.1 there, {mr.__version__} here." in mistake(*again)
    path.write_text("[]")
    assert "run.json was not written by misread" in mistake(*again)
    path.unlink()
    call(*again)


def test_the_same_run_again_is_written_over_the_first_with_as_many_draws_as_one_likes(school):
    call("run", "school.toml", "--draws", 0, "--out", "x")
    call("run", "school.toml", "--draws", 8, "--out", "x")
    assert json.loads((school / "x/run.json").read_text())["draws"] == 8
    assert (school / "x/findings.json").read_text() == call("run", "school.toml", "--draws", 8, "--json")


def test_comparisons_in_another_order_are_others(school):
    (school / "other.toml").write_text(SMALL.replace("observe_every_seconds = 300", "observe_every_seconds = 150"))
    call("compare", "school.toml", "other.toml", "--draws", 0, "--out", "x")
    call("compare", "school.toml", "other.toml", "--draws", 0, "--out", "x")
    assert "another deployment" in mistake("compare", "other.toml", "school.toml", "--draws", 0, "--out", "x")


def test_files_of_a_comparison(school):
    said = call("compare", "school.toml", "slower.toml", "--draws", 16, "--out", "c")
    files = {str(p.relative_to(school / "c")) for p in (school / "c").rglob("*") if p.is_file()}
    assert files == {
        "comparison.json",
        "comparison.csv",
        "report.html",
        "run.json",
        "deployments/school.toml",
        "deployments/school-slower.toml",
    }
    assert "school + slower" in said
    assert said.splitlines()[-1] == "Report: c/report.html"
    found = json.loads((school / "c/comparison.json").read_text())
    assert [d["name"] for d in found["deployments"]] == ["school", "school + slower"]
    assert json.loads(call("compare", "school.toml", "slower.toml", "--draws", 16, "--json")) == found


def test_a_deployment_with_itself_differs_by_nothing(school):
    found = json.loads(call("compare", "school.toml", "school.toml", "--draws", 16, "--json"))
    assert [d["name"] for d in found["deployments"]] == ["school", "school (2)"]
    changes = [d for d in found["differences"] if d["value"] is not None]
    assert changes
    assert all(d["value"] == d["low"] == d["high"] == 0 for d in changes if d["low"] is not None)


def test_a_whole_deployment_is_no_policy(school):
    (school / "other.toml").write_text(SMALL.replace('title = "A small one"', 'title = "Other"'))
    found = json.loads(call("compare", "school.toml", "other.toml", "slower.toml", "--draws", 0, "--json"))
    assert [d["name"] for d in found["deployments"]] == ["school", "other", "school + slower"]


def test_file_names_for_any_names():
    names = plain_names({"a/b": 0, "a b": 0, "…": 0, "../..": 0, "x" * 300: 0})
    assert len(set(names.values())) == 5
    assert all(n and "/" not in n and not n.startswith(".") and len(n) <= 62 for n in names.values())


def test_help_is_quick_to_load():
    code = (
        "import sys, misread.cli; print({'numpy', 'pydantic', 'scipy', 'rich', 'jinja2', 'altair'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_figures_alone_load_no_report():
    code = (
        "import sys; import misread as mr; from misread.api import run; "
        "print({'jinja2', 'altair', 'rich', 'pyarrow'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
