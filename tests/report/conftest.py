"""What the tests of the report share: the made-up reports, read once, and a browser."""

from __future__ import annotations

import pytest

from . import made_up
from .pages import Element, read


@pytest.fixture(scope="session")
def page() -> Element:
    """The report of the made-up run."""
    return read(made_up.report())


@pytest.fixture(scope="session")
def compared() -> Element:
    """The report of the made-up comparison of three."""
    return read(made_up.comparison("stricter", "strictest"))
