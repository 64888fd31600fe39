"""What the tests of the deployment file share."""

from __future__ import annotations

import pytest

from misread import evidence
from misread.errors import MisreadError

from .samples import FakeMatrix


@pytest.fixture
def file(tmp_path):
    """Write a text to a file and return its path."""

    def write(text, name="school.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def problems():
    """The problems that a call raises, by key."""

    def of(call, *args, **kwargs):
        with pytest.raises(MisreadError) as caught:
            call(*args, **kwargs)
        return {p.key: p for p in caught.value.problems}

    return of


@pytest.fixture
def fake_evidence(monkeypatch):
    """A catalogue with one matrix, `Z01`."""
    monkeypatch.setattr(evidence, "matrix", {"Z01": FakeMatrix()}.__getitem__, raising=False)
    monkeypatch.setattr(evidence, "catalogue", lambda: {"Z01": FakeMatrix()}, raising=False)
