"""misread: what emotion-reading cameras in schools get wrong, about whom, and over the years.

>>> import misread as mr
>>> deployment = mr.load("as-described")
>>> found = mr.run(deployment)
>>> found["flag_ppv"]  # doctest: +SKIP
>>> found.report("report.html")  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from misread.errors import MisreadError
from misread.version import __version__

if TYPE_CHECKING:
    from misread.api import Deployment, Finding, Findings, Result, compare, load, run

__all__ = ["Deployment", "Finding", "Findings", "MisreadError", "Result", "__version__", "compare", "load", "run"]


def __getattr__(name: str) -> Any:
    # Numerics load when they are first needed, so that `misread --help` does not wait for them (PEP 562).
    if name == "rights":
        return importlib.import_module("misread.rights")
    if name in __all__:
        from misread import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
