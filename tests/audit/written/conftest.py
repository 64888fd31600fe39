"""One audit for all tests of what is written."""

from __future__ import annotations

import pytest

from misread.audit.reading import Ask, count
from misread.audit.result import Audit
from misread.audit.written.build import write

from .made import ASK, predictions


@pytest.fixture(scope="package")
def found(tmp_path_factory):
    """The audit of the made-up benchmark."""
    path = predictions(tmp_path_factory.mktemp("audit") / "answers.csv")
    return Audit(count(path, Ask(**ASK, score="sure")))


@pytest.fixture(scope="package")
def written(found):
    """What is written of it."""
    return write(found)
