"""`misread compare --engine sampled`: what it prints, writes, takes up again and refuses."""

from __future__ import annotations

import csv
import json

import pyarrow.parquet as pq
import pytest

import misread as mr
from tests.cli.calls import call, done, mistake
from tests.findings.test_enumerated import TINY
from tests.report.pages import read

COUPLED = '\n[[rules]]\nname = "saddest"\nlabels = ["sad"]\nflag = "top 3 of class"\nclaims = ["bored"]\n'
RUN = ("compare", "school.toml", "kinder.toml", "--engine", "sampled", "--schools", "4")


@pytest.fixture
def school(tmp_path, monkeypatch):
    """A folder of one's own with a deployment, a policy, and a deployment of which the exact engine leaves out a rule."""
    monkeypatch.chdir(tmp_path)
    text = TINY.replace("schools = 3", "schools = 9")
    (tmp_path / "school.toml").write_text(text)
    head, tail = text.split("[file]")
    (tmp_path / "coupled.toml").write_text(f"{head}{COUPLED}\n[file]{tail}")
    (tmp_path / "kinder.toml").write_text('title = "Kinder"\n[population]\nopt_out = 0.4\n')
    (tmp_path / "closer.toml").write_text("[camera]\nobserve_every_seconds = 200\n")
    return tmp_path


def test_files_and_words(school):
    said = call(*RUN, "--out", "c")
    assert "sampling 4 schools" in " ".join(said.split())
    files = {str(p.relative_to(school / "c")) for p in (school / "c").rglob("*") if p.is_file()}
    drawn = {f for f in files if f.endswith(".parquet")}
    assert files - drawn == {
        "comparison.json",
        "comparison.csv",
        "report.html",
        "run.json",
        "deployments/school.toml",
        "deployments/school-kinder.toml",
    }
    assert pq.read_table(school / "c/files")["deployment"].unique().to_pylist() == ["school", "school + kinder"]
    found = json.loads((school / "c/comparison.json").read_text())
    assert (found["engine"], found["step"], found["schools"]) == ("sampled", "tick", 4)
    (d,) = [d for d in found["differences"] if (d["id"], d["rule"], d["group"]) == ("flag_ppv", "sad enough", "all")
            and "reader" not in d]  # fmt: skip
    assert d["low"] < d["value"] < d["high"]
    assert d["se"] > 0
    assert "the same pupils on the same paths" in d["method"]
    with (school / "c/comparison.csv").open() as file:
        assert {"value", "low", "high", "se", "method"} <= set(csv.DictReader(file).fieldnames)
    facts = json.loads((school / "c/run.json").read_text())
    assert (facts["engine"], facts["schools"]) == ("sampled", 4)
    assert facts["command"] == "misread compare school.toml kinder.toml --engine sampled --schools 4"


def test_the_report_says_that_intervals_are_those_of_sampling(school):
    call(*RUN, "--out", "c")
    told = read((school / "c/report.html").read_text())
    text = " ".join(p.text for p in told.all("p")) + " ".join(p.text for p in told.all("li"))
    assert "interval of sampling" in text.replace("\u00a0", " ")
    assert "4 schools were drawn" in text
    assert "on the same paths" in text
    assert "same draws" not in text
    assert "Dirichlet" not in (school / "c/report.html").read_text()
    assert "uncertain in the matrix" not in text


def drawn(folder):
    """Files of schools, by name."""
    return {p.name: p.read_bytes() for p in (folder / "files").iterdir()}


def test_who_draws_changes_nothing_and_a_run_is_taken_up_again(school):
    call(*RUN, "--out", "a", "--workers", 1)
    call(*RUN, "--out", "b", "--workers", 2)
    assert drawn(school / "a") == drawn(school / "b")
    assert (school / "a/comparison.json").read_bytes() == (school / "b/comparison.json").read_bytes()
    next((school / "b/files").iterdir()).unlink()
    call(*RUN, "--out", "b")
    assert drawn(school / "a") == drawn(school / "b")
    assert "another seed" in mistake(*RUN, "--seed", 2, "--out", "b")
    assert drawn(school / "a") == drawn(school / "b")
    assert json.loads(call(*RUN, "--json")) == json.loads((school / "a/comparison.json").read_text())


def test_a_deployment_with_itself_differs_by_nothing(school):
    found = json.loads(call("compare", "coupled.toml", "coupled.toml", "--engine", "sampled", "--json"))
    assert found["schools"] == 9
    changes = [d for d in found["differences"] if d["value"] is not None]
    assert any(d["rule"] == "saddest" for d in changes)
    assert {(d["value"], d["low"], d["high"], d["se"]) for d in changes} == {(0.0,) * 4}


def test_another_interval_is_compared_on_one_path(school):
    found = json.loads(call("compare", "school.toml", "closer.toml", "--engine", "sampled", "--json"))
    methods = {d["method"].partition(";")[0] for d in found["differences"]}
    assert methods == {"sampled at step tick on 9 schools: the same pupils on the same paths, moved every 100 seconds"}


def test_the_exact_engine_is_the_default_and_names_what_it_leaves_out(school):
    ended = done("compare", "coupled.toml", "kinder.toml", "--draws", 0, "--json")
    assert json.loads(ended.stdout)["engine"] == "exact"
    assert "schools" not in json.loads(ended.stdout)
    assert "'saddest'" in ended.stderr
    assert "--engine sampled" in ended.stderr
    assert done("compare", "school.toml", "kinder.toml", "--draws", 0, "--json").stderr == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--engine", "sampled", "--draws", 8), "Mend: leave --draws out"),
        (("--schools", 2), "the exact engine samples none"),
        (("--workers", 2), "they need --engine sampled"),
        (("--engine", "sampled", "--schools", 0), "from 1 to 9"),
        (("--engine", "sampled", "--schools", 10), "from 1 to 9"),
        (("--engine", "sampled", "--workers", 0), "at least 1"),
        (("--engine", "sampled", "--workers", 1, "--dask", "tcp://x:1"), "exclude each other"),
        (("--engine", "auto"), "is not one of"),
    ],
)
def test_mistakes(school, words, says):
    assert says in " ".join(mistake("compare", "school.toml", "kinder.toml", *words).split())
    assert not (school / "misread-out").exists()


def test_from_python(school):
    result = mr.compare("school.toml", "kinder.toml", engine="sampled", schools=4, out="c")
    assert result.comparison.to_json() == call(*RUN, "--json")
    assert "engine=&#39;sampled&#39;, schools=4, seed=1" in result.report_html()
    with pytest.raises(mr.MisreadError, match="samples none"):
        mr.compare("school.toml", "kinder.toml", schools=4)
