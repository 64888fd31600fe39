"""A run that took seconds, its pack, and packs that somebody made by hand."""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from misread.cli import cli
from tests.deployment.samples import SMALL

STUDY = """\
topic = "ours"
[X01]
short = "Ours"
citation = "Ours, in a drawer."
status = "verified"
quantity = "q"
counted = "faces"
unit_of = "faces"
units_note = "every face is of another person"
columns = ["neutral", "happy", "sad"]
row_n = { neutral = 100, happy = 50, sad = 80 }
[X01.table]
neutral = [80, 5, 15]
happy = [10, 39, 1]
sad = [30, 2, 48]
"""
INLINE = SMALL.partition("[classifier.confusion.reference]\n")[2].partition("[[rules]]")[0]


def call(*args, code=0):
    """What a command prints; it must end with that exit code."""
    done = CliRunner().invoke(cli, [*map(str, args)], catch_exceptions=False)
    assert done.exit_code == code, (done.output, done.stderr)
    return done.stdout


def own_school(folder: Path) -> Path:
    """A deployment that takes its profile from a study of one's own, in another folder."""
    (folder / "studies of ours").mkdir(parents=True)
    (folder / "studies of ours" / "my study.toml").write_text(STUDY)
    (folder / "schools").mkdir()
    file = folder / "schools" / "school.toml"
    text = SMALL.replace(', "none"]', "]")
    file.write_text(text.replace(INLINE, 'from = "evidence:../studies of ours/my study.toml#X01"\n'))
    return file


def members_of(data: bytes) -> dict[str, bytes]:
    """What is in a zip file, read without the product."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {info.filename: file.read(info) for info in file.infolist()}


def zipped(members, compression=zipfile.ZIP_STORED) -> bytes:
    """A zip file of some members, as anybody may make one: a list of pairs, so that names may come twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as file:
        for name, content in members:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr, info.compress_type = 3, 0o100644 << 16, compression
            file.writestr(info, content)
    return out.getvalue()


def forged(members: dict[str, bytes], format="misread-pack/1") -> bytes:
    """A pack whose manifest is right for what is in it, whoever wrote that."""
    rows = [{"name": n, "bytes": len(c), "sha256": sha256(c).hexdigest()} for n, c in members.items()]
    manifest = json.dumps({"format": format, "members": rows}, indent=1) + "\n"
    return zipped([("manifest.json", manifest.encode()), *members.items()])


@pytest.fixture(scope="session")
def run(tmp_path_factory) -> Path:
    """The folder of a run with a policy and a setting."""
    folder = tmp_path_factory.mktemp("pack")
    (folder / "school.toml").write_text(SMALL)
    (folder / "slower.toml").write_text("[camera]\nobserve_every_seconds = 400  # assumption: slower\n")
    laid = ["--with", folder / "slower.toml", "--set", "population.schools=5"]
    call("run", folder / "school.toml", *laid, "--draws", 8, "--seed", 3, "--out", folder / "out")
    return folder / "out"


@pytest.fixture(scope="session")
def pack(run) -> bytes:
    """Its pack."""
    call("pack", run)
    return run.with_name("out.zip").read_bytes()
