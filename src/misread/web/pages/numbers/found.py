"""Findings of a shipped deployment, kept while the page is open."""

from __future__ import annotations

from functools import lru_cache

from misread.deployment import shipped
from misread.engine.exact.sizes import Size
from misread.findings.table import Findings
from misread.study.exact.run import FEWEST, MANY, measured
from misread.web.shipped import shipped_one


@lru_cache(maxsize=1)
def quick() -> tuple[str, ...]:
    """Shipped deployments whose numbers take no more than a moment."""
    sizes = ((name, Size.of(shipped_one(name))) for name in shipped())
    return tuple(name for name, size in sizes if size.strata * size.levels <= MANY)


@lru_cache(maxsize=16)
def found(name: str, *, sure: bool = False) -> Findings:
    """What the exact engine finds; with intervals, from as few draws as make one, where `sure`."""
    return measured(shipped_one(name), draws=FEWEST if sure else 0).findings
