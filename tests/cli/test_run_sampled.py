"""`misread run` with the sampled engine, and with both: what is whose, what is refused, and what a stop leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import misread as mr
from misread.findings.about import KEYS
from misread.study.engines.both import SCHOOLS
from tests.cli.calls import call, done, mistake
from tests.deployment.samples import COUPLED, SMALL

TINY = (
    SMALL.replace("schools = 2 ", "schools = 6 ")
    .replace("pupils_per_school = 100", "pupils_per_school = 40")
    .replace("school_years = 3", "school_years = 2")
    .replace("days_per_year = 180", "days_per_year = 6")
    .replace("flags = 20", "flags = 4")
)
"""Six schools, nothing in them coupled."""
FIRST_FILE = "a/files/schools-000001-000006.parquet"
MANY = (
    SMALL.replace("schools = 2 ", "schools = 20 ")
    .replace("pupils_per_school = 100", "pupils_per_school = 1000")
    .replace("school_years = 3", "school_years = 15")
    .replace("days_per_year = 180", "days_per_year = 4")
    .replace("lessons_per_day = 6", "lessons_per_day = 1")
)
"""Five ranges of four schools, each drawn in a moment."""
RANGES = 5


@pytest.fixture
def school(tmp_path, monkeypatch):
    """A folder of one's own with a deployment and a policy that couples pupils."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "school.toml").write_text(TINY)
    (tmp_path / "coupled.toml").write_text(COUPLED)
    return tmp_path


def key(row):
    return tuple(row.get(k) for k in ("id", "rule", "group", *KEYS))


def run(*args):
    return json.loads(call("run", "school.toml", *args, "--json"))


def bytes_of(folder: Path) -> dict[str, bytes]:
    """All files of a run but run.json, which has the clock."""
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and p.name != "run.json")
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


def test_what_is_not_coupled_is_exact(school):
    auto = call("run", "school.toml", "--draws", 8, "--json")
    assert auto == call("run", "school.toml", "--draws", 8, "--engine", "exact", "--json")
    assert (json.loads(auto)["engine"], json.loads(auto)["step"]) == ("exact", None)
    # Nothing is left to draw, so that it makes no difference how many schools would be.
    assert auto == call("run", "school.toml", "--draws", 8, "--schools", 3, "--json")


def test_what_is_coupled_is_sampled_after_what_is_exact(school):
    both = run("--with", "coupled.toml", "--draws", 8)
    exact = run("--with", "coupled.toml", "--draws", 8, "--engine", "exact")
    assert (both["engine"], both["step"]) == ("both", "tick")
    assert both["findings"][: len(exact["findings"])] == exact["findings"]
    drawn = both["findings"][len(exact["findings"]) :]
    assert drawn
    assert all(f["method"].startswith("sampled at step tick on 6 schools;") and f["n"] for f in drawn)
    assert all(f["method"].startswith("exact") and f["n"] is None is f["se"] for f in exact["findings"])
    ids = {(f["id"], f["rule"]) for f in drawn}
    assert {
        ("flag_ppv", "saddest"),
        ("decision_wrong", "negative affect"),
        ("decision_lottery", "negative affect"),
    } <= ids
    assert "saddest" not in {f["rule"] for f in exact["findings"]}
    assert len({key(f) for f in both["findings"]}) == len(both["findings"])


def test_both_sample_a_fixed_number_of_schools(school):
    many = ("--set", f"population.schools={SCHOOLS + 5}", "--with", "coupled.toml", "--draws", 0)
    text = call("run", "school.toml", *many, "--json")
    (wrong,) = (f for f in json.loads(text)["findings"] if f["id"] == "decision_wrong" and f["group"] == "all")
    assert f"on {SCHOOLS} schools" in wrong["method"]
    assert wrong["n"] == SCHOOLS * 40
    assert call("run", "school.toml", *many, "--schools", SCHOOLS, "--json") == text
    assert call("run", "school.toml", *many, "--schools", 3, "--json") != text


def test_the_exact_engine_says_what_it_leaves_out(school):
    result = done("run", "school.toml", "--with", "coupled.toml", "--draws", 0, "--engine", "exact", "--out", "a")
    (said,) = result.stderr.splitlines()
    assert said.startswith("Left out, for the sampled engine")
    assert "the rule 'saddest', which ranks a class" in said
    assert "the decision 'advanced class', which ranks a cohort" in said
    assert (school / "a" / "findings.json").exists()
    assert done("run", "school.toml", "--draws", 0, "--engine", "exact", "--out", "b").stderr == ""


def test_every_sampled_finding_has_its_error_and_the_exact_engines_interval(school):
    sampled = run("--engine", "sampled", "--step", "tick", "--draws", 16)
    exact = {key(f): f for f in run("--draws", 16)["findings"]}
    assert (sampled["engine"], sampled["step"]) == ("sampled", "tick")
    assert {key(f) for f in sampled["findings"]} >= set(exact)
    for f in sampled["findings"]:
        known = exact.get(key(f))
        # Groups are drawn pupil by pupil; all of them together are everybody.
        assert f["n"] == 240 if f["group"] == "all" else 0 < f["n"] < 240
        assert f["se"] is not None or "no standard error" in f["method"] or f["value"] is None
        if known is None or f["value"] is None:
            assert f["low"] is None is f["high"]
        else:
            assert (f["low"], f["high"]) == (known["low"], known["high"])
            assert f["low"] is None or "in the exact engine" in f["method"]
    assert any(f["low"] is not None for f in sampled["findings"])
    without = run("--engine", "sampled", "--step", "tick", "--draws", 0)
    assert all(f["low"] is None for f in without["findings"])
    assert [f["value"] for f in without["findings"]] == [f["value"] for f in sampled["findings"]]


def test_the_coarsest_exact_step_is_taken_and_named(school):
    result = done("run", "school.toml", "--engine", "sampled", "--draws", 0, "--out", "a")
    first, second = result.stderr.splitlines()
    assert first == "Drawn at step year, the coarsest that can be drawn here: nothing joins pupils, rules or days."
    assert second.startswith("Left out at step year, for --step tick: ")
    found = json.loads((school / "a" / "findings.json").read_text())
    assert found["step"] == "year"
    assert {f["id"] for f in found["findings"]} < {f["id"] for f in run("--draws", 0)["findings"]}
    # Sentences about what was not drawn are left out.
    assert "flagged wrongly at least once" in " ".join(result.stdout.split())
    assert "picked by lot" not in result.stdout
    result = done(
        "run",
        "school.toml",
        "--with",
        "coupled.toml",
        "--engine",
        "sampled",
        "--draws",
        0,
        "--schools",
        2,
        "--out",
        "b",
    )
    assert result.stderr.splitlines() == [
        "Drawn at step tick, the coarsest that can be drawn here: the decision 'advanced class' holds the deployed system "
        "against the perfect reader on one path."
    ]


def test_files_of_a_sampled_run(school):
    said = call("run", "school.toml", "--engine", "sampled", "--schools", 3, "--draws", 0, "--out", "a")
    assert said.splitlines()[-1] == "Report: a/report.html"
    assert sorted(bytes_of(school / "a")) == [
        "deployment.toml",
        "files/schools-000001-000003.parquet",
        "findings.csv",
        "findings.json",
        "report.html",
    ]
    about = json.loads((school / "a" / "run.json").read_text())
    assert about["command"] == "misread run school.toml --engine sampled --schools 3 --draws 0"
    assert (about["engine"], about["step"], about["schools"]) == ("sampled", None, 3)


@pytest.mark.parametrize("coupled", [(), ("--with", "coupled.toml")])
def test_workers_change_no_byte(school, coupled):
    for workers in (1, 2):
        args = ("--engine", "sampled", "--step", "tick", "--draws", 0, "--workers", workers, "--keep-going")
        call("run", "school.toml", *coupled, *args, "--out", f"w{workers}")
    assert bytes_of(school / "w1") == bytes_of(school / "w2")


def test_the_same_from_python(school):
    text = call("run", "school.toml", "--engine", "sampled", "--step", "tick", "--draws", 0, "--json")
    assert mr.run("school.toml", engine="sampled", step="tick", draws=0).findings.to_json() == text


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--engine", "sampled", "--schools", "0"], "0 schools were asked for; the deployment has 6"),
        (["--engine", "auto", "--schools", "-1"], "Expected: a whole number from 1 to 6."),
        (["--engine", "sampled", "--schools", "7"], "7 schools were asked for; the deployment has 6"),
        (["--with", "coupled.toml", "--schools", "7"], "7 schools were asked for"),
        (["--engine", "exact", "--schools", "2"], "the exact engine samples none"),
        (["--engine", "sampled", "--schools", "x"], "'x' is not a valid integer"),
        (["--engine", "sampled", "--seed", "-1"], "-1 is not in the range"),
        (["--engine", "sampled", "--seed", str(2**64)], "is not in the range"),
        (["--engine", "sampled", "--step", "hour"], "The step is 'hour'.\n  Expected: tick, "),
        (["--engine", "auto", "--step", "year"], "needs --engine sampled"),
        (["--engine", "exact", "--step", "tick"], "the exact engine draws nothing"),
        (["--with", "coupled.toml", "--engine", "sampled", "--step", "year"], "Drawing a year at a time would not be"),
        (["--engine", "sampled", "--out", "school.toml"], "is no folder"),
        (["--engine", "sampled", "--workers", "0"], "0 workers were asked for"),
        (["--engine", "sampled", "--workers", "1", "--dask", "tcp://127.0.0.1:1"], "exclude each other"),
        (["--engine", "sampled", "--draws", "16", "--with", "alike.toml"], "make 388,962 kinds of pupils"),
        (["--engine", "auto", "--with", "coupled.toml", "--with", "alike.toml"], "1,127.2 GiB to tell apart"),
        (["--engine", "sampled", "--set", "population.pupils_per_school=9_000_000"], "of memory"),
    ],
)  # fmt: skip
def test_mistakes(args, says, school):
    traits = "".join(
        f'[[traits]]\nname = "{label}"\nacts_on = "label"\nlabel = "{label}"\nsd = 0.5\nlevels = 21\n'
        for label in ("neutral", "happy", "sad", "none")
    )
    (school / "alike.toml").write_text(traits)
    said = mistake("run", "school.toml", *args)
    assert says in said
    assert len(said.splitlines()) <= 8
    assert {p.name for p in school.iterdir()} == {"school.toml", "coupled.toml", "alike.toml"}


def test_a_folder_one_may_not_write_to_is_refused_before_drawing(school, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(mr.MisreadError, match="may not write there"):
        call("run", "school.toml", "--engine", "sampled", "--out", "a")


@pytest.mark.parametrize(
    ("other", "where", "says"),
    [
        (["--seed", "2"], "a", "It belongs to another seed: 1 there, 2 here."),
        (["--set", "camera.observe_every_seconds=600"], "a", "It belongs to another deployment: "),
        (["--step", "tick"], FIRST_FILE, "It belongs to another step: year there, tick here."),
        (["--schools", "2"], FIRST_FILE, "It holds schools that this run does not put into one file."),
    ],
)
def test_a_folder_of_another_run_is_refused_by_name_and_left_alone(school, other, where, says):
    own = ["run", "school.toml", "--engine", "sampled", "--draws", "0", "--out", "a"]
    call(*own)
    before = {**bytes_of(school / "a"), "run.json": (school / "a" / "run.json").read_bytes()}
    said = mistake(*own, *other)
    assert said.splitlines()[0] == where
    assert says in said
    assert {**bytes_of(school / "a"), "run.json": (school / "a" / "run.json").read_bytes()} == before


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A deployment of many ranges, and all files of a run that nothing happened to."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "school.toml").write_text(MANY)
    process = begun(folder, "calm")
    assert process.wait() == 0
    found = bytes_of(folder / "calm")
    assert len([name for name in found if name.startswith("files/")]) == RANGES
    return folder, found


def begun(folder: Path, out: str) -> subprocess.Popen[str]:
    args = ["run", "school.toml", "--engine", "sampled", "--step", "tick", "--draws", "0", "--workers", "1"]
    command = [sys.executable, "-m", "misread", *args, "--out", out]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def stopped(folder: Path, out: str, how: signal.Signals, after: int) -> tuple[int, str, int]:
    """Exit code, what it said, and how many ranges were done when it had been stopped after some."""
    with begun(folder, out) as process:
        while len(list((folder / out / "files").glob("*.parquet"))) < after:
            assert process.poll() is None
            time.sleep(0.002)
        os.kill(process.pid, how)
        said = process.communicate()[1]
    return process.returncode, said, len(list((folder / out / "files").glob("*.parquet")))


@pytest.mark.parametrize("after", [1, pytest.param(3, marks=pytest.mark.long)])
def test_killed_and_run_again_is_as_if_nothing_had_happened(undisturbed, after):
    folder, whole = undisturbed
    code, _, ranges = stopped(folder, f"killed-{after}", signal.SIGKILL, after)
    assert code == -signal.SIGKILL
    assert after <= ranges < RANGES
    assert not (folder / f"killed-{after}" / "findings.json").exists()
    kept = {p: p.stat().st_mtime_ns for p in (folder / f"killed-{after}" / "files").glob("*.parquet")}
    assert begun(folder, f"killed-{after}").wait() == 0
    assert bytes_of(folder / f"killed-{after}") == whole
    # What was there was not drawn again.
    assert {p: p.stat().st_mtime_ns for p in kept} == kept


def test_ctrl_c_says_how_to_go_on(undisturbed):
    folder, whole = undisturbed
    code, said, ranges = stopped(folder, "stopped", signal.SIGINT, 2)
    assert code == 130
    (said,) = said.strip().splitlines()
    # The last file may have come to be in the very moment of the stop.
    assert said in {
        f"Interrupted. {n} of {RANGES} ranges are done; to go on, run the same command again."
        for n in (ranges - 1, ranges)
    }
    assert begun(folder, "stopped").wait() == 0
    assert bytes_of(folder / "stopped") == whole


def test_a_range_that_cannot_be_drawn_is_named(school, monkeypatch):
    """A bug in the engine, not a user's mistake: exit code 1, and what is missing; others are kept."""
    (school / "many.toml").write_text(MANY)
    code = (
        "import sys; from misread.cli import main; from misread.study.sampled import task; whole = task._school\n"
        "def broken(job, made, number):\n"
        "    if number == 5: raise ValueError('a made-up fault')\n"
        "    return whole(job, made, number)\n"
        "task._school = broken\n"
        "sys.argv = ['misread', *sys.argv[1:]]; main()\n"
    )
    args = ["run", "many.toml", "--engine", "sampled", "--step", "tick", "--draws", "0", "--out", "a", "--keep-going"]
    process = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=False)
    assert process.returncode == 1
    (said,) = process.stderr.splitlines()
    assert said.startswith("Not drawn: schools 5–8 (ValueError: a made-up fault).")
    assert "4 of 5 ranges are done" in said
    assert len(list((school / "a" / "files").glob("*.parquet"))) == RANGES - 1
    assert not (school / "a" / "findings.json").exists()
