"""The history of the law files as a chain of digests: what stands in it may not change, only go on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from misread.rights import Place, Provision

PINNED = Path(__file__).with_name("pinned.json")


def chain(provision: Provision) -> list[str]:
    """A digest for each entry of a provision's history, over it and all before it.

    When an entry is superseded, and until when it applies, becomes known later: that is not in it.
    """
    found, before = [], provision.id
    for entry in provision.applies:
        text = f"{before}|{entry.known_from}|{entry.applies_from}|{entry.set_by}"
        before = hashlib.sha256(text.encode()).hexdigest()[:16]
        found.append(before)
    return found


def pins(law: Mapping[str, Place]) -> dict[str, list[str]]:
    """Permanent id → its chain; empty for deadlines and for what has no dates."""
    provisions = {p.id: chain(p) for place in law.values() for p in place.provision}
    return provisions | {d.id: [] for place in law.values() for d in place.deadline}


def broken(pinned: Mapping[str, list[str]], now: Mapping[str, list[str]]) -> list[str]:
    """What became of the pinned ids and histories that may not be."""
    said = [f"{id} is gone: retire it instead" for id in pinned if id not in now]
    return said + [
        f"{id}: its history was changed, not continued"
        for id, entries in pinned.items()
        if id in now and now[id][: len(entries)] != entries
    ]


def written(pinned: Mapping[str, list[str]]) -> str:
    return json.dumps(pinned, indent=1, sort_keys=True) + "\n"
