"""misread: what emotion-reading cameras in schools get wrong, about whom, and over the years.

>>> import misread as mr
>>> deployment = mr.load("as-described")
>>> found = mr.run(deployment)
>>> found["flag_ppv"]  # doctest: +SKIP
>>> found.report("report.html")  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from misread.errors import MisreadError
from misread.version import __version__

if TYPE_CHECKING:
    from misread.api import Audit, Deployment, Finding, Findings, Result, audit, compare, load, run

__all__ = [
    "Audit",
    "Deployment",
    "Finding",
    "Findings",
    "MisreadError",
    "Result",
    "__version__",
    "audit",
    "compare",
    "load",
    "run",
]


class _Package(ModuleType):
    """`misread.audit` is a folder that can be called, as the function `misread.api.audit`."""

    def __setattr__(self, name: str, value: object) -> None:
        # Python sets the name when anything of the folder is first imported.
        if name == "audit" and isinstance(value, ModuleType):
            value.__class__ = _Called
        super().__setattr__(name, value)


class _Called(ModuleType):
    def __call__(self, source: Any, **asked: Any) -> Audit:
        """Count a model's answers on labelled faces: see `misread.api.audit`."""
        from misread import api

        return api.audit(source, **asked)


# Documented under "Customizing module attribute access" in Python's reference.
sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    # Numerics load when they are first needed, so that `misread --help` does not wait for them (PEP 562).
    if name in ("audit", "rights"):
        return importlib.import_module(f"misread.{name}")
    if name in __all__:
        from misread import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
