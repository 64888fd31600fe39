"""A model policy as the change of a deployment that it means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from misread.deployment.load import shipped_text
from misread.rights.board.policies import policy

if TYPE_CHECKING:
    from misread.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Change:
    """One key that is set, or one entry that is taken out.

    Attributes
    ----------
    table : str
        The table, such as "file", or the list of tables, such as "file.marks".
    name : str
        The entry of a list; empty for a table.
    key, value : str
        Key and value, as TOML.
    why : str
        The clause that says so.
    """

    table: str
    name: str
    key: str
    value: str
    why: str = ""

    @property
    def setting(self) -> str:
        """It as what `--set` takes."""
        return f"{self.table}{f'.{_text(self.name)}' if self.name else ''}.{self.key}={self.value}"


def overlay(id: str) -> str:
    """The overlay of a model policy as it is shipped, for `as-described` and all that have its rules and mark.

    Parameters
    ----------
    id : str
        Name of the policy.

    Raises
    ------
    MisreadError
        If there is no such policy.
    """
    return shipped_text(policy(id).id)


def changes(id: str, deployment: Deployment) -> tuple[Change, ...]:
    """What a model policy means for a deployment: what is taken out goes by the names it has there.

    Parameters
    ----------
    id : str
        Name of the policy.
    deployment : Deployment
        Any.
    """
    head = policy(id).head
    set_ = [Change(*_split(s.key), s.value, s.why) for s in head.set]
    out = [Change(table, name, "off", "true") for table in head.take_out for name in _names(deployment, table)]
    return (*set_, *out)


def overlay_for(id: str, deployment: Deployment) -> str:
    """The overlay of a model policy for a deployment of one's own.

    Parameters
    ----------
    id : str
        Name of the policy.
    deployment : Deployment
        Any.
    """
    lines = [f"# {policy(id).head.about}", f"# The model policy `{id}`, for {json.dumps(deployment.origin.name)}."]
    return "\n".join([*lines, *_lines(changes(id, deployment))]) + "\n"


def _lines(found: tuple[Change, ...]) -> Iterator[str]:
    table = None
    for change in found:
        if change.name:
            yield from ("", f"[[{change.table}]]", f"name = {_text(change.name)}")
        elif change.table != table:
            yield from ("", f"[{change.table}]")
        table = change.table
        yield f"{change.key} = {change.value}" + (f"  # {change.why}" if change.why else "")


def _split(key: str) -> tuple[str, str, str]:
    table, _, last = key.rpartition(".")
    return table, "", last


def _names(deployment: Deployment, table: str) -> list[str]:
    """Names of the entries of a list of tables."""
    found: Any = deployment
    for part in table.split("."):
        found = getattr(found, part)
    return [entry.name for entry in found]


def _text(name: str) -> str:
    """A name as a basic string of TOML, which JSON's are too, but for one character."""
    return json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")
