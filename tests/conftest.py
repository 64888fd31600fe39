"""Settings all tests share."""

from __future__ import annotations

import os

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
