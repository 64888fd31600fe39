"""No module of the closed classroom can read a picture, open a camera or fetch from an address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import misread.closed

FOLDER = Path(misread.closed.__file__).parent
MODULES = {str(p.relative_to(FOLDER)): p for p in sorted(FOLDER.rglob("*.py"))}
WRITES = "day/film.py"
"""Writes rendered pictures with Pillow; `tests/docs/test_boundary.py` holds that it opens none."""

NEVER = re.compile(
    r"imread|VideoCapture|Image\.open|imdecode|frombytes|://|urllib|http\.client|requests|urlopen|\bsocket\.|ftplib"
    r"|vtk\w*Reader|[\"'(. ](?:cv2|imageio|skimage|aiohttp|httpx)\b"
)
PILLOW = re.compile(r"\bPIL\b")


@pytest.mark.parametrize("name", MODULES)
def test_nothing_is_read_from_outside(name):
    text = MODULES[name].read_text(encoding="utf-8")
    assert NEVER.findall(text) == []
    assert bool(PILLOW.search(text)) == (name == WRITES)


@pytest.mark.parametrize(
    "text",
    [
        "x = cv2.imread(p)",
        "import cv2",
        'a("https://x")',
        "from vtkmodules.vtkIOImage import vtkPNGReader",
        "f(skimage)",
    ],
)
def test_it_would_be_found(text):
    assert NEVER.search(text)
