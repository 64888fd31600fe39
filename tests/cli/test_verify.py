"""`misread verify` of a deployment: what it prints, how it ends, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.deployment import shipped
from misread.study.engines import agreement as held
from misread.study.engines.agreement import PUPILS, SCHOOLS
from tests.cli.calls import call, mistake
from tests.cli.test_run_sampled import COUPLED, TINY


@pytest.fixture
def school(tmp_path, monkeypatch):
    """A folder of one's own with a deployment and a policy that couples pupils."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "school.toml").write_text(TINY)
    (tmp_path / "coupled.toml").write_text(COUPLED)
    return tmp_path


def test_a_table_and_a_verdict(school):
    said = call("verify", "school.toml", "--schools", 30)
    head, *rows, empty, verdict, rest = said.splitlines()
    assert head.split() == ["z", "exact", "sampled", "finding"]
    assert empty == ""
    assert verdict.startswith(f"{len(rows):,} findings by both engines, 30 schools sampled; the largest z is ")
    assert verdict.endswith("The engines agree.")
    assert rest.startswith("0 findings only the exact engine has here, ")
    assert not any(row.endswith("<- apart") for row in rows)
    found = json.loads(call("verify", "school.toml", "--schools", 30, "--json"))
    assert (found["format"], found["agree"], found["schools"]) == ("misread-agreement/1", True, 30)
    assert len(found["findings"]) == len(rows)
    assert found["largest_z"] == max(abs(f["z"]) for f in found["findings"] if f["z"] is not None)
    assert found["largest_z"] <= found["allowed_z"]
    assert {p.name for p in school.iterdir()} == {"school.toml", "coupled.toml"}


def test_what_is_coupled_only_one_engine_has(school):
    found = json.loads(call("verify", "school.toml", "--with", "coupled.toml", "--schools", 20, "--json"))
    assert found["agree"]
    assert found["exact_only"] == 0 < found["sampled_only"]
    assert "saddest" not in {f["rule"] for f in found["findings"]}


@pytest.mark.parametrize("step", ["lesson", "day", "year"])
def test_coarser_steps(school, step):
    found = json.loads(call("verify", "school.toml", "--schools", 60, "--step", step, "--json"))
    assert found["agree"]
    assert found["exact_only"] > 0
    assert {"false_flags_per_pupil_year", "flag_ppv", "p_mark"} <= {f["id"] for f in found["findings"]}


def test_engines_that_differ_end_with_exit_code_1(school, monkeypatch):
    run = held.run

    def off(deployment, way, hands):
        measured = run(deployment, way, hands)
        if way.engine != "exact":
            return measured
        rows = tuple(replace(f, value=f.value / 2) if f.id == "labels_archived" else f for f in measured.findings)
        return replace(measured, findings=replace(measured.findings, rows=rows))

    monkeypatch.setattr(held, "run", off)
    done = CliRunner().invoke(cli, ["verify", "school.toml", "--schools", "5"])
    assert done.exit_code == 1
    (apart,) = (line for line in done.stdout.splitlines() if line.endswith("<- apart"))
    assert " labels_archived" in apart
    assert "1 is apart: the engines do not agree." in done.stdout


def test_workers_change_nothing(school):
    one, two = (call("verify", "school.toml", "--schools", 12, "--workers", n, "--json") for n in (1, 2))
    assert one == two
    assert call("verify", "school.toml", "--schools", 12, "--seed", 2, "--json") != one


def test_enough_schools_are_taken_where_nobody_says_how_many(school):
    found = json.loads(call("verify", "school.toml", "--set", "population.pupils_per_school=4000", "--json"))
    assert found["schools"] == SCHOOLS
    found = json.loads(call("verify", "school.toml", "--set", "population.pupils_per_school=250", "--json"))
    assert found["schools"] == PUPILS // 250


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.long if n == "as-described-full" else []) for n in shipped()]
)
def test_every_shipped_deployment_from_the_command_line(name):
    fewer = ("feedback.saturates_at=2", 'traits."brow held low".levels=1', 'traits."read as angry".levels=2')
    full = [word for setting in fewer for word in ("--set", setting)] if name == "as-described-full" else []
    small = ["--set", "calendar.days_per_year=3", "--set", "population.pupils_per_school=20"]
    call("verify", name, "--schools", 50, "--set", "population.class_size=10", *small, *full)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["school.toml", "--schools", "0"], "0 schools were asked for. Expected: at least two"),
        (["school.toml", "--schools", "1"], "one has no standard error"),
        (["school.toml", "--step", "hour"], "The step is 'hour'.\n  Expected: tick, "),
        (["school.toml", "--with", "coupled.toml", "--step", "year"], "Drawing a year at a time would not be exact"),
        (["school.toml", "--seed", "-1"], "-1 is not in the range"),
        (["school.toml", "--workers", "0"], "0 workers were asked for"),
        (["as-descibed"], "did you mean `as-described`?"),
        (["run.zip", "--with", "coupled.toml"], "A pack is run as it says"),
        (["run.zip", "--schools", "3"], "A pack is run as it says"),
        (["run.zip", "--step", "tick"], "A pack is run as it says"),
        (["."], "pack a run first: `misread pack .`"),
        (["run.zip"], "It cannot be read"),
    ],
)
def test_mistakes(args, says, school):
    assert says in mistake("verify", *args)
