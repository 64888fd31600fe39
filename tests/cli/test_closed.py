"""`misread closed prepare`: what it says before, what it prints, and what it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.closed.readers.packages.table import PACKAGES
from tests.cli.calls import mistake

ONLY = "these networks read no picture that misread did not render"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MISREAD_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_help_says_what_is_read_and_what_is_not():
    said = flat(CliRunner().invoke(cli, ["closed", "prepare", "--help"]).stdout)
    assert ONLY in said
    assert "Nothing is installed" in said
    assert "models of identity, age, gender and race in the same packages are not" in said
    assert ONLY.replace("these", "the") in flat(CliRunner().invoke(cli, ["closed", "--help"]).stdout)


def test_a_folder_that_is_none():
    said = mistake("closed", "prepare", "--from", "nowhere")
    assert "nowhere: --from\n  It is no folder." in said
    assert "Mend:" in said


def test_a_folder_without_the_packages(tmp_path):
    said = mistake("closed", "prepare", "--from", tmp_path)
    assert f"There is no {PACKAGES[0].archive} in it." in said
    assert all(package.archive in said for package in PACKAGES)


def test_a_wrong_package(tmp_path):
    pytest.importorskip("onnx")
    pytest.importorskip("h5py")
    for package in PACKAGES:
        (tmp_path / package.archive).write_bytes(b"other")
    said = mistake("closed", "prepare", "--from", tmp_path)
    assert "It is another file than the one pinned: SHA-256" in said
    assert PACKAGES[0].sha256 in said


def test_without_the_extra_it_says_what_it_would_take_and_what_to_install(tmp_path):
    """In a process where the extra's libraries cannot be imported."""
    code = (
        "import sys\nsys.modules['onnx'] = sys.modules['h5py'] = None\n"
        "sys.argv = ['misread', 'closed', 'prepare']\nfrom misread.cli import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert done.returncode == 2
    assert done.stdout == ""
    for package in PACKAGES:
        assert f"{package.name} {package.version}, {package.size / 1e6:.1f} MB, {package.licence}" in done.stderr
    assert ONLY in done.stderr
    assert 'python -m pip install "misread[closed]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_json_of_what_is_there(cache, monkeypatch):
    from misread.closed.readers.packages import place

    folder = cache / "closed"
    folder.mkdir(parents=True)
    files = {model.file: place.sha256(b"it") for package in PACKAGES for model in package.models}
    for name in files:
        (folder / name).write_bytes(b"it")
    (folder / "manifest.json").write_text(json.dumps(place.manifest(files, {"onnx": "1"})))
    done = CliRunner().invoke(cli, ["closed", "prepare", "--json"], catch_exceptions=False)
    printed = json.loads(done.stdout)
    assert printed["anew"] is False
    assert printed["folder"] == str(folder)
    assert {entry["file"]: entry["sha256"] for entry in printed["files"]} == files
    assert [p["name"] for p in printed["packages"]] == [p.name for p in PACKAGES]
    shown = CliRunner().invoke(cli, ["closed", "prepare"], catch_exceptions=False)
    assert "Prepared already, and unchanged" in shown.stdout
    assert ONLY in shown.stdout
    assert shown.stderr == ""
    assert "packages as fetched" not in shown.stdout
    (folder / "packages").mkdir()
    shown = CliRunner().invoke(cli, ["closed", "prepare"], catch_exceptions=False)
    assert f"The packages as fetched lie in {folder / 'packages'}" in flat(shown.stdout)
