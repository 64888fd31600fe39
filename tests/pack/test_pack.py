"""`misread pack`: what is in a pack, that it is always the same, and folders that make none."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from importlib.metadata import version

import pytest

from misread.evidence import catalogue, plain
from misread.report.pack.versions import lock_of, packages, pins
from tests.pack.conftest import call, members_of, own_school

ORDER = [
    "manifest.json", "run.json", "deployment.toml", "evidence.json", "findings.json", "findings.csv", "report.html",
    "requirements.txt",
]  # fmt: skip


def refused(*args):
    """What a command says of a user's mistake, in a process of its own."""
    line = [sys.executable, "-m", "misread", *map(str, args)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


def test_what_is_in_it(run, pack):
    members = members_of(pack)
    assert [n for n in members if n != "requirements.lock"] == ORDER
    for name in ("run.json", "deployment.toml", "findings.json", "findings.csv", "report.html"):
        assert members[name] == (run / name).read_bytes()
    manifest = json.loads(members.pop("manifest.json"))
    assert manifest["format"] == "misread-pack/1"
    listed = [(row["name"], row["bytes"], row["sha256"]) for row in manifest["members"]]
    assert listed == [(n, len(c), sha256(c).hexdigest()) for n, c in members.items()]


def test_the_evidence_it_names_lies_in_it_as_the_catalogue_has_it(pack):
    entries = json.loads(members_of(pack)["evidence.json"])
    assert entries == json.loads(json.dumps([plain(catalogue()["B08"])]))


def test_the_same_folder_gives_the_same_bytes(run, pack, tmp_path):
    shutil.copytree(run, tmp_path / "elsewhere")
    said = json.loads(call("pack", tmp_path / "elsewhere", "--out", tmp_path / "mine.zip", "--json"))
    assert (tmp_path / "mine.zip").read_bytes() == pack
    assert said["sha256"] == sha256(pack).hexdigest()
    assert said["pack"] == str(tmp_path / "mine.zip")


def test_nothing_of_the_clock_is_in_its_directory(pack, tmp_path):
    (tmp_path / "a.zip").write_bytes(pack)
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.compress_type for info in file.infolist()} == {zipfile.ZIP_STORED}
        assert file.testzip() is None


def test_by_default_it_lies_beside_the_folder(run, pack, tmp_path, monkeypatch):
    shutil.copytree(run, tmp_path / "here" / "out")
    monkeypatch.chdir(tmp_path / "here" / "out")
    call("pack", ".")
    assert (tmp_path / "here" / "out.zip").read_bytes() == pack


def test_own_evidence_is_carried_by_the_folder_and_by_the_pack(tmp_path, monkeypatch):
    school = own_school(tmp_path / "home")
    call("run", school, "--draws", 4, "--out", tmp_path / "out")
    study = (tmp_path / "home" / "studies of ours" / "my study.toml").read_bytes()
    assert (tmp_path / "out" / "evidence" / "my-study.toml").read_bytes() == study
    shutil.rmtree(tmp_path / "home")
    # The folder can be run by itself, wherever it is moved, with the same digest and findings.
    (tmp_path / "far").mkdir()
    (tmp_path / "out").rename(tmp_path / "far" / "moved")
    monkeypatch.chdir(tmp_path)
    call("run", "far/moved/deployment.toml", "--draws", 4, "--out", tmp_path / "again")
    for name in ("findings.json", "deployment.toml", "evidence/my-study.toml"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "far" / "moved" / name).read_bytes()
    call("pack", "far/moved")
    assert members_of((tmp_path / "far" / "moved.zip").read_bytes())["evidence/my-study.toml"] == study
    assert "The same, byte for byte" in call("verify", tmp_path / "far" / "moved.zip")


@pytest.mark.parametrize("name", ["run.json", "deployment.toml", "findings.json", "findings.csv", "report.html"])
def test_a_folder_that_lacks_a_file(run, tmp_path, name):
    shutil.copytree(run, tmp_path / "out")
    (tmp_path / "out" / name).unlink()
    assert f"It has no {name}." in refused("pack", tmp_path / "out")
    assert not (tmp_path / "out.zip").exists()


def test_findings_of_another_deployment(run, tmp_path):
    shutil.copytree(run, tmp_path / "out")
    file = tmp_path / "out" / "deployment.toml"
    text = file.read_text()
    assert "bored = 7" in text
    file.write_text(text.replace("bored = 7", "bored = 8"))
    assert "The findings are not those of deployment.toml" in refused("pack", tmp_path / "out")


@pytest.mark.parametrize("name", ["deployment.toml", "findings.csv", "report.html"])
def test_a_file_that_somebody_changed_without_changing_the_deployment(run, tmp_path, name):
    shutil.copytree(run, tmp_path / "out")
    with (tmp_path / "out" / name).open("a") as file:
        file.write("\n")
    assert f"{name} is not the file that the run wrote" in refused("pack", tmp_path / "out")


def test_no_folder_of_a_run(tmp_path):
    assert "There is no such folder." in refused("pack", tmp_path / "nowhere")
    assert "It has no run.json." in refused("pack", tmp_path)
    (tmp_path / "run.json").write_text('{"format": "misread-run/1", "command": "misread run x"}')
    assert "run.json does not say its" in refused("pack", tmp_path)
    (tmp_path / "run.json").write_text("[" * 100_000)
    assert "`run.json` is no JSON" in refused("pack", tmp_path)


def test_a_pack_is_called_zip(run, tmp_path):
    assert "ends in .zip" in refused("pack", run, "--out", tmp_path / "pack.tar")


def test_versions_are_those_that_are_installed():
    found = packages()
    assert found["numpy"] == version("numpy")
    assert found["markupsafe"] == version("markupsafe")  # needed by Jinja2, not by misread itself
    assert not {"pytest", "typst", "statsmodels", "misread"} & found.keys()
    assert packages(("pdf",))["typst"] == version("typst")
    assert pins("1.0", "3.12.1", {"b": "2", "a": "1"}) == "# misread 1.0 on Python 3.12.1 ran with:\na==1\nb==2\n"


def test_a_lock_goes_along_only_where_it_has_these_versions(tmp_path):
    assert lock_of({"numpy": "2.1"}, tmp_path) is None
    (tmp_path / "pyproject.toml").touch()
    text = "numpy==2.1 \\\n    --hash=sha256:00\nvl_convert.python==1.7 ; python_version > '3'\n"
    (tmp_path / "requirements.lock").write_text(text)
    assert lock_of({"numpy": "2.1", "vl-convert-python": "1.7"}, tmp_path) == text
    assert lock_of({"numpy": "2.2"}, tmp_path) is None
    assert lock_of({"numpy": "2.1", "scipy": "1.0"}, tmp_path) is None
    assert lock_of({}, tmp_path) is None
