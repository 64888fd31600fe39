"""Settings all tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Machines are shared: no test fails for being slow. In CI the examples are the same every time.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_terminal_summary(terminalreporter):
    """Say in one line that browser tests were skipped, where they were."""
    reasons = [str(r.longrepr[2]) for r in terminalreporter.stats.get("skipped", []) if isinstance(r.longrepr, tuple)]
    without = [reason for reason in reasons if "no browser at" in reason]
    if without:
        terminalreporter.write_line(f"{len(without)} browser tests: {without[0].removeprefix('Skipped: ')}, so skipped")


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
