"""What lies in head.npz, and what does not."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from misread.closed.heads import landmarks
from misread.closed.heads.drawn.parts import open_edge
from misread.closed.heads.model import Model, is_unit, model

FOLDER = files("misread.closed.heads").joinpath("data")
TOOL = Path(__file__).parents[3] / "tools" / "make_head.py"


@pytest.fixture(scope="module")
def held() -> Model:
    return model()


def test_the_file_is_small_and_of_the_pinned_wheel() -> None:
    with FOLDER.joinpath("head.npz").open("rb") as handle:
        raw = handle.read()
    assert len(raw) < 1_200_000
    with FOLDER.joinpath("head.npz").open("rb") as handle, np.load(handle) as arrays:
        wheel = str(arrays["wheel"])
    assert f'WHEEL = "{wheel}"' in TOOL.read_text()
    assert wheel in FOLDER.joinpath("README.md").read_text()


def test_nothing_in_the_file_is_named_after_a_part_of_the_body() -> None:
    with FOLDER.joinpath("head.npz").open("rb") as handle, np.load(handle) as arrays:
        words = [
            *arrays.files,
            *(str(s) for n in arrays.files if arrays[n].dtype.kind == "U" for s in arrays[n].ravel()),
        ]
    text = " ".join(words).lower()
    below = "breast|nipple|areol|torso|pelvis|hip|buttock|genital|crotch|stomach|arm|hand|finger|leg|foot|toe|body|trunk|spine|clavicle|shoulder|skirt|tights|muscle"
    assert not re.findall(rf"\b({below})", text)
    assert not re.findall(r"african|asian|caucasian|nubian|male|race", text)


def test_nothing_below_the_collar(held: Model) -> None:
    # The cut (make_head.CUT_*): a plane 0.7 cm over the source's neck joint, falling to the front. The average adult's
    # neck lies up to 3 mm lower than the source's own.
    over = held.base[:, 1] + 0.35 * (held.base[:, 2] + 0.0068) - 0.0070
    assert over.min() > -3e-3
    assert held.base[:, 1].min() > -0.025
    assert np.abs(held.base[:, 0]).max() < 0.09, "no wider than the ears"


def test_the_base_is_its_own_mirror_image(held: Model) -> None:
    assert (held.mirror[held.mirror] == np.arange(len(held.base))).all()
    assert np.abs(held.base[held.mirror] * (-1, 1, 1) - held.base).max() < 1e-9
    same = {tuple(sorted(t)) for t in held.triangles.tolist()}
    flipped = {tuple(sorted(t)) for t in held.mirror[held.triangles].tolist()}
    # A quad may be cut along its other diagonal on the other side where both are as long.
    assert len(same & flipped) > 0.97 * len(same)


def test_left_and_right_units_mirror_each_other(held: Model) -> None:
    for name, (index, moves) in held.targets.items():
        if not (is_unit(name) and name.endswith("Left") and name not in ("mouthLeft", "jawLeft")):
            continue
        left, right = np.zeros_like(held.base), np.zeros_like(held.base)
        left[index] = moves
        index, moves = held.targets[name[:-4] + "Right"]
        right[index] = moves
        assert np.abs(left[held.mirror] * (-1, 1, 1) - right).max() < 1.5e-3, name


def test_two_and_fifty_units_and_their_steps(held: Model) -> None:
    assert sum(map(is_unit, held.targets)) == 52
    for name, (index, moves) in held.targets.items():
        assert len(index), name
        assert np.abs(moves / 1e-4 - np.rint(moves / 1e-4)).max() < 1e-6, "in the source's own steps of 0.1 mm"


def test_the_skin_has_one_open_edge_at_the_neck(held: Model) -> None:
    ring = open_edge(held.triangles[held.of("skin", "lips", "lids", "mouth")])
    assert 20 < len(ring) < 80
    assert held.base[ring, 1].max() < 0.025


def test_every_part_is_wound_outwards(held: Model) -> None:
    for part in ("white", "teeth", "tongue"):
        for corners in pieces(held.triangles[held.of(part)]):
            points = held.base[corners] - held.base[np.unique(corners)].mean(0)
            assert np.linalg.det(points).sum() > 0, part


def pieces(triangles: np.ndarray) -> list[np.ndarray]:
    """The parts of a surface that hang together."""
    label = np.arange(triangles.max() + 1)
    while True:
        low = label[triangles].min(1)
        fresh = label.copy()
        np.minimum.at(fresh, triangles.ravel(), np.repeat(low, 3))
        if (fresh == label).all():
            break
        label = fresh
    return [triangles[label[triangles[:, 0]] == one] for one in np.unique(label[triangles[:, 0]])]


def test_landmarks_lie_where_their_names_say(held: Model) -> None:
    at = {name: 1e3 * held.base[vertex] for name, vertex in landmarks().items()}
    middle = ["nose tip", "nose base", "upper lip top", "upper lip edge", "lower lip edge", "lower lip bottom", "chin"]
    heights = [at[name][1] for name in middle]
    assert heights == sorted(heights, reverse=True)
    assert all(abs(at[name][0]) < 0.05 for name in middle)
    for name, place in at.items():
        if name.startswith("left "):
            assert place[0] > 0
            assert place * (-1, 1, 1) == pytest.approx(at["right " + name[5:]])
    for high, low in [("brow middle", "upper lid"), ("upper lid", "lower lid"), ("eye inner corner", "nostril")]:
        assert at["left " + high][1] > at["left " + low][1]
    for inner, outer in [
        ("brow inner", "brow middle"),
        ("brow middle", "brow outer"),
        ("eye inner corner", "upper lid"),
        ("upper lid", "eye outer corner"),
        ("mouth corner", "jaw"),
    ]:
        assert at["left " + inner][0] < at["left " + outer][0]
    assert at["nose tip"][2] == max(p[2] for p in at.values())
    assert len(set(landmarks().values())) == len(landmarks())
