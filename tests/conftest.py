"""Settings all tests share."""

from __future__ import annotations

import os

from hypothesis import settings

# Machines are shared: no test fails for being slow. In CI the examples are the same every time.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
