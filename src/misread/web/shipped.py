"""Deployments by name: the shipped ones, and no file. A name that comes with a request never meets the file system."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache

from misread.deployment import Deployment, load, shipped, shipped_text
from misread.errors import MisreadError, Problem

FIRST = "as-described"
"""What a page shows where nothing is named."""


@lru_cache(maxsize=8)
def shipped_one(name: str) -> Deployment:
    """A shipped deployment.

    Raises
    ------
    MisreadError
        If none of this name is shipped.
    """
    return load(known(name))


def known(name: str) -> str:
    """The name of a shipped deployment, as it is.

    Raises
    ------
    MisreadError
        If none of this name is shipped.
    """
    if name not in shipped():
        raise MisreadError(
            Problem(
                f"No deployment of the name {name[:60]!r} is shipped.",
                expected=f"one of {', '.join(shipped())}.",
                mend="choose one from the list.",
                key="deployment",
            )
        )
    return name


@cache
def titles() -> dict[str, str]:
    """Names of the shipped deployments, the described one first, and their titles."""
    names = sorted(shipped(), key=lambda name: (name != FIRST, name))
    return {name: str(tomllib.loads(shipped_text(name)).get("title", name)) for name in names}
