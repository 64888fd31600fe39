"""Where entries of the evidence are used: in which shipped deployment or policy, and at which key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from misread.deployment import load, policies_by_topic, shipped, shipped_text
from misread.report.words.sources import EVIDENCE_ID


@dataclass(frozen=True, slots=True)
class Use:
    """A shipped file that names an entry: its name, whether it is a policy, and beside which keys it is named."""

    name: str
    policy: bool
    keys: tuple[str, ...]


@lru_cache(maxsize=1)
def used() -> Mapping[str, tuple[Use, ...]]:
    """Evidence id → the shipped files that name it, deployments first."""
    found: dict[str, list[Use]] = {}
    for name in shipped():
        keys: dict[str, list[str]] = {}
        for written in load(name).origin.parameters():
            for id in EVIDENCE_ID.findall(f"{written.comment} {written.value}"):
                keys.setdefault(id, []).append(written.key)
        for id in dict.fromkeys(EVIDENCE_ID.findall(shipped_text(name))):
            found.setdefault(id, []).append(Use(name, False, tuple(dict.fromkeys(keys.get(id, [])))))
    for names in policies_by_topic().values():
        for name in names:
            for id in dict.fromkeys(EVIDENCE_ID.findall(shipped_text(name))):
                found.setdefault(id, []).append(Use(name, True, ()))
    return {id: tuple(uses) for id, uses in found.items()}
