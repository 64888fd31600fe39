"""What the tests of the report share: the made-up reports, read once, and a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import made_up
from .pages import Element, read

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def page() -> Element:
    """The report of the made-up run."""
    return read(made_up.report())


@pytest.fixture(scope="session")
def compared() -> Element:
    """The report of the made-up comparison of three."""
    return read(made_up.comparison("stricter", "strictest"))


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Debian's Chromium. Without it tests are skipped, or fail where MISREAD_REQUIRE_BROWSER is set."""
    if not CHROMIUM.exists():
        missing = f"no browser at {CHROMIUM}"
        if os.environ.get("MISREAD_REQUIRE_BROWSER"):
            pytest.fail(f"{missing}, and MISREAD_REQUIRE_BROWSER is set", pytrace=False)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield started
        started.close()
