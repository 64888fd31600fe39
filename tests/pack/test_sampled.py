"""Packs of runs that drew pupils: run again elsewhere, they are the same byte for byte."""

from __future__ import annotations

import json

import pytest

from tests.deployment.samples import COUPLED, SMALL
from tests.pack.conftest import call, forged, members_of

BRIEF = ["population.schools=4", "population.pupils_per_school=40", "population.school_years=2"]
BRIEF += ["calendar.days_per_year=5", 'file.marks."resistant".flags=4']


@pytest.fixture(scope="module", params=["auto", "sampled, coupled", "sampled"])
def packed(request, tmp_path_factory):
    """What was asked for, and the pack of such a run."""
    folder = tmp_path_factory.mktemp("sampled")
    (folder / "school.toml").write_text(SMALL)
    (folder / "coupled.toml").write_text(COUPLED)
    engine, _, coupled = request.param.partition(", ")
    laid = ["--with", folder / "coupled.toml"] if coupled or engine == "auto" else []
    args = [*laid, *(word for setting in BRIEF for word in ("--set", setting)), "--engine", engine, "--schools", 3]
    call("run", folder / "school.toml", *args, "--draws", 4, "--seed", 5, "--out", folder / "out")
    call("pack", folder / "out")
    return request.param, (folder / "out.zip").read_bytes()


def test_it_holds(packed, tmp_path):
    what, pack = packed
    (tmp_path / "p.zip").write_bytes(pack)
    found = json.loads(call("verify", tmp_path / "p.zip", "--json"))
    assert found["same"]
    assert {"findings.json", "findings.csv", "report.html", "deployment.toml"} <= set(found["files_same"])
    head = json.loads(members_of(pack)["findings.json"])
    engine = "both" if what == "auto" else "sampled"
    assert (head["engine"], head["step"]) == (engine, "year" if what == "sampled" else "tick")
    # The files of schools are as large as the schools are many, and are drawn again from the seed.
    assert not any(name.startswith("files/") for name in members_of(pack))


@pytest.mark.parametrize(
    ("change", "where"),
    [({"schools": 2}, "finding "), ({"seed": 6}, "`seed`"), ({"draws": 0}, "finding ")],
)
def test_another_run_is_found_out(packed, tmp_path, change, where):
    _, pack = packed
    members = members_of(pack)
    del members["manifest.json"]
    members["run.json"] = json.dumps({**json.loads(members["run.json"]), **change}).encode()
    (tmp_path / "p.zip").write_bytes(forged(members))
    found = json.loads(call("verify", tmp_path / "p.zip", "--json", code=1))
    assert not found["same"]
    first = found["differences"][0]
    assert first["file"] == "findings.json"
    assert first["where"].startswith(where)
