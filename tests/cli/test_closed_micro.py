"""`misread closed micro`: the shipped film in the base install, as words and as JSON."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.closed.micro import shipped
from tests.cli.calls import mistake


def said(*arguments: str) -> str:
    done = CliRunner().invoke(cli, ["closed", "micro", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def flat(text: str) -> str:
    return " ".join(text.split())


def test_what_it_shows():
    text = flat(said())
    assert "not evidence that a product works or fails on children. No overall score." in text
    assert "One head, one pose: a face at rest shows surprise for 1/25 s to 1/5 s." in text
    assert (
        "counts any strength above 0; that it is held on a look, at half its strength or more, is half as likely"
        in text
    )
    assert "with probability 0.00013 to 0.00067" in text
    for view in shipped().views:
        assert (
            f"Row {view.row + 1}: {view.between_eyes:g} pixels between the eyes, of {view.width} × {view.height}"
            in text
        )
    assert "a movement of 1/25 s is on no frame at all" in text
    assert "passed" not in text


def test_its_table_counts_what_the_data_hold():
    view = shipped().views[0]
    (row,) = [line for line in said().splitlines() if line.startswith("face-api")][:1]
    reader = shipped().readers.index("face-api")
    films = [film for film in view.films if film.phase == 0]
    cells = row.split()
    counts = [view.by_itself(reader), *(view.changed(film, reader) for film in films)]
    assert cells[3:] == [f"{n}/{of}" for n, of in (*counts, view.lost_at_rest(reader), view.lost(reader))]


def test_where_no_face_was_found_nothing_can_change_and_it_is_told():
    """The second view, whose faces are too small for the detector of one reader."""
    view, reader = shipped().views[1], shipped().readers.index("fer")
    assert view.lost_at_rest(reader).n == view.lost_at_rest(reader).of
    row = [line for line in said().splitlines() if line.startswith("fer ")][1].split()
    assert row[1:] == ["none", "none", *"––––––", "25/25", "9/9"]


def test_all_of_it_as_json():
    told = json.loads(said("--json"))
    assert told["format"] == "misread-closed-micro/1"
    assert told["chances"][0] == {"lasts": 1, "on_a_look": pytest.approx(1 / 7500)}
    assert len(told["views"]) == len(shipped().views)


def test_it_needs_nothing_but_the_base_install():
    code = (
        "import sys; from misread.cli import cli; cli(['closed', 'micro'], standalone_mode=False);"
        "print(sorted(m for m in ('vtkmodules', 'onnxruntime', 'ai_edge_litert', 'numba', 'PIL') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_making_it_without_the_networks_is_a_mistake(tmp_path, monkeypatch):
    monkeypatch.setenv("MISREAD_CACHE", str(tmp_path / "cache"))
    assert "misread closed prepare" in mistake("closed", "micro", "--make", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_place_that_is_none_is_refused_before_anything_is_rendered(tmp_path):
    (tmp_path / "file").write_text("")
    assert "name another place with --make" in mistake("closed", "micro", "--make", str(tmp_path / "file"))
