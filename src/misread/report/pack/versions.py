"""What a run was made with: versions of everything installed that misread needs, and the lock they came from."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[4]
"""Where the project lies, if misread is run from its source."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
EXTRA = re.compile(r"extra\s*==\s*['\"]([\w.-]+)['\"]")


def packages(extras: Collection[str] = ()) -> dict[str, str]:
    """Every installed distribution that misread needs, directly or not.

    Parameters
    ----------
    extras : collection of str
        Extras of misread that were used.

    Returns
    -------
    dict of str to str
        Name → version, in the order of names; misread itself is left out. What a requirement asks for on other
        systems only is left out unless it is installed all the same.
    """
    found: dict[str, str] = {}
    waiting = list(_needed("misread", extras))
    while waiting:
        name = waiting.pop()
        if name in found or name == "misread":
            continue
        try:
            found[name] = distribution(name).version
        except PackageNotFoundError:
            continue
        waiting += _needed(name, ())
    return {name: found[name] for name in sorted(found)}


def _needed(name: str, extras: Collection[str]) -> list[str]:
    try:
        required = distribution(name).requires or []
    except PackageNotFoundError:
        return []
    wanted = [r for r in required if (extra := EXTRA.search(r)) is None or extra[1] in extras]
    return [_plain(found[0]) for r in wanted if (found := NAME.match(r))]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(version: str, python: str, versions: Mapping[str, str]) -> str:
    """The same as a file that pip installs from; misread itself as a comment, since a checkout has no such version."""
    head = f"# misread {version} on Python {python} ran with:\n"
    return head + "".join(f"{name}=={number}\n" for name, number in sorted(versions.items()))


def lock_of(versions: Mapping[str, str], folder: Path | None = None) -> str | None:
    """The lock file of the checkout that misread runs from, if it pins every one of some versions; else nothing.

    Parameters
    ----------
    versions : mapping of str to str
        What the run was made with.
    folder : Path, optional
        The checkout; by default, where misread's own source lies.
    """
    root = folder or CHECKOUT
    lock, project = root / "requirements.lock", root / "pyproject.toml"
    if not (lock.is_file() and project.is_file()):
        return None
    text = lock.read_text(encoding="utf-8")
    pinned = {(_plain(name), number) for name, number in PIN.findall(text)}
    return text if versions and pinned.issuperset(versions.items()) else None
