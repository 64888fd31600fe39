"""Readers take what the product rendered and nothing else, and no way leads from a picture of anybody to them."""

from __future__ import annotations

import ast
import copy
import dataclasses
import pickle
import re
from pathlib import Path

import numpy as np
import pytest

import misread
from misread.closed import readers
from misread.closed.readers.networks import run
from misread.closed.readers.networks.table import NETWORKS, WORDS
from misread.closed.readers.stimulus import _MAKER, Stimulus, _altered, _boxed, _made, _Maker

from .faces import noise, stimulus

SOURCE = Path(misread.__file__).parent
FOLDER = Path(readers.__file__).parent
MODULES = sorted(FOLDER.rglob("*.py"))
READING = [p for p in MODULES if p.name == "stimulus.py" or p.parent.name in ("detector", "networks")]

PUBLIC = {
    "convert": {
        "arrays_of_cascade", "converted", "onnx_of_keras", "onnx_of_face_api", "onnx_of_graph", "onnx_of_torch", "tensors",
        "unpacked",
    },
    "packages": {
        "cache_folder", "check", "fetch", "folder_of", "keep", "kept", "manifest", "not_installed", "pins", "prepare",
        "prepared", "sha256", "unwritable", "weights",
    },
}  # fmt: skip
"""All public functions: those that turn weights into weights, and those that fetch and keep them."""


@pytest.mark.parametrize(
    "given",
    [(), (noise(1),), (noise(1), (0, 0, 1, 1), {}), (_MAKER, noise(1), (0, 0, 1, 1), {}), (b"bytes",), ("a path",)],
    ids=["nothing", "array", "all", "with the maker", "bytes", "path"],
)
def test_a_user_makes_none(given):
    with pytest.raises(TypeError, match="made by the renderer alone"):
        Stimulus(*given)


@pytest.mark.parametrize("maker", [None, object(), _Maker(), _Maker, "renderer"])
def test_only_the_makers_holder_makes_one(maker):
    with pytest.raises(TypeError, match="made by the renderer alone"):
        _made(maker, noise(1), (0, 0, 10, 10), {})


def test_it_does_not_change():
    rgb = noise(1)
    made = _made(_MAKER, rgb, (1, 2, 30, 40), {"chin": (3.0, 4.0)})
    rgb[:] = 0
    assert made.rgb.any()
    with pytest.raises(ValueError, match="read-only"):
        made.rgb[0, 0] = 0
    with pytest.raises(AttributeError):
        made.rgb = rgb
    with pytest.raises(AttributeError):
        del made.rgb
    with pytest.raises(AttributeError):
        made.name = "somebody"
    with pytest.raises(TypeError):
        made.landmarks["chin"] = (0.0, 0.0)


def test_its_box_and_its_pixels_can_be_others_but_nothing_else_becomes_one():
    made = stimulus(noise(1))
    moved = _boxed(made, (3, 4, 20, 21))
    assert moved.box == (3, 4, 20, 21)
    np.testing.assert_array_equal(moved.rgb, made.rgb)
    darker = _altered(_MAKER, made, made.rgb // 2)
    np.testing.assert_array_equal(darker.rgb, made.rgb // 2)
    assert darker.box == made.box
    assert darker.landmarks == made.landmarks
    with pytest.raises(ValueError, match="moves no pixel"):
        _altered(_MAKER, made, made.rgb[1:])

    for maker in (None, object(), _Maker()):
        with pytest.raises(TypeError, match="made by the renderer alone"):
            _altered(maker, made, made.rgb)

    class Like:
        rgb, box, landmarks = made.rgb, made.box, made.landmarks

    for other in (made.rgb, Like()):
        with pytest.raises(TypeError, match="only what the product rendered"):
            _boxed(other, (3, 4, 20, 21))
        with pytest.raises(TypeError, match="only what the product rendered"):
            _altered(_MAKER, other, made.rgb)


def test_it_is_not_kept():
    made = stimulus(noise(1))
    for keep in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not kept"):
            keep(made)
    with pytest.raises(TypeError):
        dataclasses.replace(made)
    assert "array" not in repr(made)


@pytest.mark.parametrize(
    ("rgb", "box"),
    [
        (noise(1).astype(float), (0, 0, 9, 9)),
        (noise(1)[..., 0], (0, 0, 9, 9)),
        (noise(1), (0, 0, 0, 9)),
        (noise(1), (900, 0, 9, 9)),
        (noise(1), (-9, 0, 9, 9)),
    ],
    ids=["floats", "grey", "no width", "beyond", "before"],
)
def test_a_faulty_rendering_is_refused(rgb, box):
    with pytest.raises(ValueError, match=r"expected height|no part of the face"):
        _made(_MAKER, rgb, box, {})


class Alike:
    """Has all that a stimulus has, and is none."""

    rgb, box, landmarks = noise(1), (0, 0, 100, 100), {}


@pytest.mark.parametrize("given", [noise(1), Alike(), b"bytes", "a path"], ids=["array", "alike", "bytes", "path"])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_reads_nothing_else(name, given):
    reader = run._Reader(NETWORKS[name], lambda _values: np.zeros(len(WORDS)))
    with pytest.raises(TypeError, match="only what the product rendered"):
        run._scores(reader, [given])


def test_nothing_can_be_made_in_its_likeness():
    with pytest.raises(TypeError, match="no other kind"):
        type("Other", (Stimulus,), {})


# No public way in.


def functions(path: Path) -> set[str]:
    """Public functions of a module, and public methods of its public classes."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_") and node.name != "Graph":
            found |= {n.name for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
    return {name for name in found if not name.startswith("_")}


@pytest.mark.parametrize("path", READING, ids=lambda p: p.name)
def test_what_reads_faces_has_no_public_function(path):
    assert functions(path) == set()


@pytest.mark.parametrize("part", PUBLIC)
def test_public_functions_are_those_about_weights(part):
    found = set().union(*(functions(p) for p in (FOLDER / part).glob("*.py")))
    assert found == PUBLIC[part]


NEVER = re.compile(
    r"imread|VideoCapture|Image\.open|imdecode|frombytes|://|urllib|http\.client|requests|urlopen|socket|ftplib"
    r"|^\s*(import|from)\s+(cv2|PIL|imageio|skimage|aiohttp|httpx)|import_module\(\"(cv2|PIL|imageio|skimage)",
    re.MULTILINE,
)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(FOLDER)))
def test_no_reader_of_pictures_and_no_loader_of_addresses(path):
    assert NEVER.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("text", ["x = cv2.imread(p)", "import cv2", 'a("https://x")', "    from PIL import Image"])
def test_they_would_be_found(text):
    assert NEVER.search(text)


def test_the_maker_is_named_by_the_closed_classroom_alone():
    """By the module that has it, and by the renderer: no reader, and nothing outside of the folder."""
    named = [p.relative_to(SOURCE) for p in SOURCE.rglob("*.py") if re.search(r"\b_MAKER\b", p.read_text("utf-8"))]
    assert Path("closed/readers/stimulus.py") in named
    assert [p for p in named if p.parts[0] != "closed"] == []
    assert [p for p in named if p.parts[:2] == ("closed", "readers")] == [Path("closed/readers/stimulus.py")]
