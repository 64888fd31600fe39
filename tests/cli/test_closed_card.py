"""`misread closed card`: what it prints in the base install, what it refuses, and its exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib

import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.closed.card import SAYS, shipped
from misread.closed.readers.packages.place import kept as networks
from tests.cli.calls import call, mistake


def flat(text: str) -> str:
    return " ".join(text.split())


def test_it_prints_the_shipped_card() -> None:
    said = call("closed", "card")
    assert SAYS in flat(said)
    assert "passed" not in said
    card = shipped()
    lines = said.splitlines()
    assert sum(line.startswith("control: ") for line in lines) == 3
    for reader in card.readers:
        assert any(line.split()[:1] == [reader] for line in lines)
        hits = next(row.by_pose for row in card.hits if (row.factor, row.reader) == ("base", reader))
        assert any(line.split() == [reader, *map(str, hits)] for line in lines), "nothing in all"
    row = next(r for r in card.changes if (r.factor, r.reader) == ("mask", "fer"))
    low, value, high = (round(100 * x) for x in (row.flips.low, row.flips.share, row.flips.high))
    (mask,) = [line for line in lines if line.startswith("mask ") and f"{value} ({low}–{high})" in line]
    assert mask.count("–") == len(card.readers)


def test_json_is_the_card_itself() -> None:
    said = call("closed", "card", "--json")
    assert said == shipped().text()
    assert json.loads(said)["format"] == "misread-closed-card/1"


def test_the_base_install_is_enough() -> None:
    """In a process where nothing of the extra can be imported."""
    code = (
        "import sys\nfor name in ('vtkmodules', 'onnxruntime', 'ai_edge_litert', 'onnx', 'h5py', 'numba', 'scipy'):\n"
        "    sys.modules[name] = None\nsys.argv = ['misread', 'closed', 'card']\nfrom misread.cli import main\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert SAYS in flat(done.stdout)


@pytest.mark.parametrize("reader", shipped().readers)
def test_a_profile_is_toml_of_the_lowest_grade(reader: str) -> None:
    said = call("closed", "card", "--profile", reader)
    assert "Grade of evidence: rendered faces, lowest" in said
    assert list(tomllib.loads(said)["classifier"]["confusion"]) == [f"rendered faces: {reader}"]


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (("--heads", 5), "5 is not in the range 20<=x<=500"),
        (("--out", "card.json"), "--seed and --out go with --heads"),
        (("--seed", 2), "--seed and --out go with --heads"),
        (("--check", "--profile", "fer"), "three things"),
        (("--heads", 20, "--check"), "three things"),
        (("--profile", "fer", "--json"), "prints TOML"),
        (("--profile", "deepface"), "The card has no reader called 'deepface'"),
    ],
)
def test_what_it_refuses(given: tuple[object, ...], what: str) -> None:
    said = mistake("closed", "card", *given)
    assert what in said
    assert "Mend:" in said


def test_without_the_networks_it_says_how_to_get_them(tmp_path, monkeypatch) -> None:
    pytest.importorskip("vtkmodules")
    monkeypatch.setenv("MISREAD_CACHE", str(tmp_path))
    made_take = pytest.importorskip("misread.closed.card.made.take")
    made_take._network.cache_clear()
    made_take._detector.cache_clear()
    for given in (("--check",), ("--heads", 20, "--out", tmp_path / "card.json")):
        assert "run `misread closed prepare`" in mistake("closed", "card", *given)
    assert not (tmp_path / "card.json").exists()


def test_without_the_renderer_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setattr("misread.closed.card.made.make.find_spec", lambda _name: None)
    said = mistake("closed", "card", "--check")
    assert "The renderer needs VTK" in said
    assert 'python -m pip install "misread[closed]"' in said


@pytest.fixture
def again(monkeypatch):
    """The sample as it would be taken again, without taking it."""

    def put(sample) -> None:
        monkeypatch.setattr("misread.closed.card.made.make.ready", lambda _grid: None)
        monkeypatch.setattr("misread.closed.card.made.sample.repeated", lambda _seed, _step: sample)

    return put


def checked(*given: str):
    return CliRunner().invoke(cli, ["closed", "card", "--check", *given], catch_exceptions=False)


def test_a_sample_as_it_was(again) -> None:
    again(shipped().sample)
    done = checked()
    count = len(shipped().sample.sha256)
    assert done.exit_code == 0
    assert "The sample is the same" in done.stdout
    assert f"The same bytes: {count} of {count}" in done.stdout
    assert SAYS in flat(done.stdout)
    assert json.loads(checked("--json").stdout)["outcome"] == "same"


def test_other_pixels_and_nearly_the_same_scores_are_let_be(again) -> None:
    sample = shipped().sample
    scores = {
        name: {word: min(1.0, value + 0.01) for word, value in row.items()} for name, row in sample.scores.items()
    }
    again(sample.model_copy(update={"sha256": dict.fromkeys(sample.sha256, "0" * 64), "scores": scores}))
    done = checked("--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (told["outcome"], told["same_bytes"]) == ("within tolerance", 0)
    assert "not the same, but lies within tolerance" in checked().stdout
    assert told["furthest_score"] == pytest.approx(0.01)


def test_a_sample_that_differs_exits_with_three(again) -> None:
    sample = shipped().sample
    scores = {**sample.scores, "fer": {**sample.scores["fer"], "happy": 0.9}}
    again(sample.model_copy(update={"scores": scores, "found": sample.found - 10}))
    done = checked()
    assert done.exit_code == 3
    assert "Differs: fer, mean score of “happy”: 0.900 now" in done.stdout
    assert f"finds {sample.found - 10} faces" in done.stdout
    assert json.loads(checked("--json").stdout)["outcome"] == "differs"


def test_scores_that_are_no_numbers_differ(again) -> None:
    sample = shipped().sample
    scores = {**sample.scores, "fer": {**sample.scores["fer"], "happy": float("nan")}}
    again(sample.model_copy(update={"scores": scores}))
    done = checked()
    assert done.exit_code == 3
    assert "Differs: fer, mean score of “happy”: nan now" in done.stdout
    told = json.loads(checked("--json").stdout, parse_constant=pytest.fail)
    assert (told["outcome"], told["furthest_score"]) == ("differs", None)


def test_what_the_card_was_made_with_is_compared_and_is_no_fault(again, monkeypatch) -> None:
    made_with = {**shipped().made_with, "numpy": "0.1"}
    cache = {"packages": [{"read": [{"sha256": d} for held in shipped().weights for d in held.sha256]}]}
    monkeypatch.setattr("misread.closed.card.made.make.versions", lambda: made_with)
    monkeypatch.setattr("misread.closed.readers.packages.place.kept", lambda: cache)
    again(shipped().sample)
    done = checked("--json")
    then = shipped().made_with["numpy"]
    assert done.exit_code == 0
    assert json.loads(done.stdout)["made_otherwise"] == [f"numpy 0.1 now, {then} then"]
    cache["packages"][0]["read"].pop(0)
    assert f"Made otherwise: {shipped().weights[0].reader}: other weights than then" in checked().stdout


def test_a_made_card_is_written_whole(tmp_path, monkeypatch) -> None:
    made_make = pytest.importorskip("misread.closed.card.made.make")
    asked: list[tuple[int, int]] = []

    def make(heads, seed, _step):
        asked.append((heads, seed))
        return shipped()

    monkeypatch.setattr(made_make, "made", make)
    path = tmp_path / "new" / "card.json"
    assert call("closed", "card", "--heads", 30, "--seed", 7, "--out", path, "--json") == shipped().text()
    assert asked == [(30, 7)]
    assert path.read_text(encoding="utf-8") == shipped().text()


@pytest.mark.long
@pytest.mark.skipif(networks() is None, reason="no networks: run `misread closed prepare`")
def test_the_shipped_sample_taken_again() -> None:
    pytest.importorskip("vtkmodules")
    done = checked("--json")
    assert done.exit_code == 0, done.stdout
    told = json.loads(done.stdout)
    assert told["furthest_score"] <= told["tolerance"]


def test_a_place_that_is_none_is_refused_before_anything_is_rendered(tmp_path):
    (tmp_path / "file").write_text("")
    said = mistake("closed", "card", "--heads", "20", "--out", str(tmp_path / "file" / "card.json"))
    assert "name another place with --out" in said
