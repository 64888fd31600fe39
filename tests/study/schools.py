"""Small deployments, loaded from text."""

from __future__ import annotations

from misread.deployment import load
from tests.findings.test_enumerated import TINY

# Sure of one profile, unsure of the other: 200 faces a row.
UNSURE = TINY.replace("sad = { neutral = 0.4, sad = 0.6 }", "sad = { neutral = 0.4, sad = 0.6 }\nfaces_per_row = 200")


def school(folder, text=UNSURE, name="tiny"):
    """A deployment from its text."""
    path = folder / f"{name}.toml"
    path.write_text(text)
    return load(path)
