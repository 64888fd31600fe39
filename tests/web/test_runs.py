"""Runs started from the page: what may be started, what is told of it, and which files can be taken away."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest

from misread.errors import MisreadError
from misread.web.runs import MOST, Runs
from misread.web.shipped import titles

FACTS = {"command": "misread run vendor-claim", "started": "2026-11-30T09:14:56+00:00"}


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = Runs(tmp_path / "misread-out")
    yield made
    made.close()


def folder(tmp_path, name, **files):
    made = tmp_path / "misread-out" / name
    made.mkdir(parents=True)
    for file, text in {"run.json": json.dumps(FACTS), "report.html": "<p>", **files}.items():
        (made / file).write_text(text)
    return made


def until(condition):
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it never came to be")


@pytest.mark.parametrize("name", ["", "nowhere", "/etc/passwd", "../school.toml", "--help", "as-described --set a=b"])
def test_only_what_is_shipped_can_be_started(runs, name):
    with pytest.raises(MisreadError, match="is shipped"):
        runs.start({"deployment": name})
    assert runs.told() == []


@pytest.mark.parametrize("seed", ["", "-1", "1.5", "x", "٣", "4294967296", "1 --out /tmp"])
def test_a_seed_is_a_whole_number(runs, seed):
    with pytest.raises(MisreadError, match="no seed"):
        runs.start({"deployment": "vendor-claim", "seed": seed})
    assert runs.told() == []


def test_a_run_that_is_killed_has_failed_and_others_go_on(runs):
    for _ in range(MOST):
        runs.start({"deployment": "as-described"})
    with pytest.raises(MisreadError, match="under way"):
        runs.start({"deployment": "vendor-claim"})
    os.kill(runs._started[0].process.pid, signal.SIGKILL)
    until(lambda: [run.state for run in runs.told()] == ["under way"] * (MOST - 1) + ["failed"])
    failed = runs.told()[-1]
    assert "ended (-9)" in failed.said
    took = failed.seconds
    time.sleep(0.2)
    assert runs.told()[-1].seconds == took
    runs.close()
    assert all(run.process.returncode is not None for run in runs._started)


def test_what_lies_there_is_listed_and_can_be_taken_away(runs, tmp_path):
    assert runs.kept() == []
    folder(tmp_path, "one", **{"findings.csv": "id\n", "secret.txt": "x"})
    folder(tmp_path, "odd", **{"run.json": "{"})
    (tmp_path / "misread-out" / "empty").mkdir()
    (kept,) = runs.kept()
    assert (kept.folder, kept.when, kept.command) == ("one", "2026-11-30 09:14", FACTS["command"])
    assert [name for name, _ in kept.files] == ["report.html", "findings.csv", "run.json"]
    assert runs.file("one", "findings.csv") == (b"id\n", "text/csv")


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("one", "secret.txt"),
        ("..", "secret.txt"),
        ("one/..", "report.html"),
        ("odd", "report.html"),
        ("one", "../x"),
        ("", ""),
    ],
)
def test_nothing_else_can_be_taken(runs, tmp_path, where, name):
    folder(tmp_path, "one", **{"secret.txt": "x"})
    folder(tmp_path, "odd", **{"run.json": "[]"})
    (tmp_path / "secret.txt").write_text("x")
    assert runs.file(where, name) is None


def test_titles_are_those_of_the_files():
    found = titles()
    assert found["vendor-claim"] != "vendor-claim"
    assert len(found) == len(titles())


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_page(opened, width, scheme):
    from .conftest import violations

    page, heard = opened("/runs", width, scheme)
    assert page.locator("select option").count() == len(titles())
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    page.fill("#seed", "x")
    page.click("button.main")
    assert "no seed" in page.text_content("[data-problems]")
    assert page.input_value("#seed") == "x"
    assert violations(page) == []
    assert [h for h in heard if "422" not in h] == []
