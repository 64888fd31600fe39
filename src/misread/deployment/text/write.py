"""A deployment written again: as TOML with its author's comments, and as the digest that names it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import tomli_w
from pydantic import ValidationError

from misread.deployment.model import Deployment
from misread.deployment.origin import NAMED, Origin, Path, is_range, is_row, parts_of
from misread.deployment.profiles import profiles_used, resolved_one
from misread.deployment.profiles.audited import is_audit, parts
from misread.deployment.ranges import without_ranges
from misread.deployment.text.schema import number_at
from misread.deployment.text.source import Document

_MAPS = {"expressions", "labels", "odds", "regardless"}
"""Tables of a profile that read best on one line."""


def digest(deployment: Deployment) -> str:
    """SHA-256 of everything in a deployment that can change a number.

    The title, the word for who reads the faces and comments are not in it, nor the order and format of the
    file, nor where a file of one's own evidence or an audit lies; defaults are, and the profiles as resolved, so that a
    corrected figure in the evidence changes the digest.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    only_words: dict[str, Any] = {"title": True, "classifier": {"reader"}}
    said = deployment.model_dump(mode="json", by_alias=True, exclude=only_words, exclude_none=True)
    for spec in said["classifier"]["confusion"].values():
        source = str(spec.get("from", ""))
        # The figures themselves are in the profile as resolved, wherever the file lies.
        if source.startswith("evidence:") and "#" in source:
            spec["from"] = f"evidence:#{source.rpartition('#')[2]}"
        elif is_audit(source):
            spec["from"] = f"audit:#{parts(source)[1]}"
    content = {
        "deployment": said,
        "profiles": {name: _resolved(deployment, name) for name in profiles_used(deployment)},
    }
    if deployment.camera.geometry is not None:
        from misread.deployment.seats.loss import curves

        # As with profiles: a corrected figure of the evidence changes what the camera sees.
        content["curves"] = {c.name: [[p.at, p.value] for p in c.points] for c in curves().all}
    if deployment.ranges:
        content["ranges"] = {r.name: [r.low, r.high] for r in deployment.ranges}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _resolved(deployment: Deployment, name: str) -> dict[str, Any] | None:
    found = resolved_one(deployment, name)
    if found is None:
        return None
    labels = deployment.classifier.labels
    return {
        # A list: which draw belongs to which row depends on the order of the rows.
        "expressions": list(found.rows),
        "p": [[row.get(label, 0.0) for label in labels] for row in found.rows.values()],
        "n": [n if math.isfinite(n) else None for n in map(found.n.__getitem__, found.rows)],
        "support": [sorted(found.support[x]) for x in found.rows],
    }


def to_toml(deployment: Deployment) -> str:
    """The deployment as a file, policies and settings applied, the author's comments at the ends of lines.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.

    Returns
    -------
    str
        TOML; reading it gives an equal deployment with the same digest.
    """
    return "\n".join(_table((), _data(deployment), deployment.origin)).lstrip("\n") + "\n"


def policy_to_toml(policy: Document) -> str:
    """A policy as a file, its comments at the ends of lines."""
    return "\n".join(_table((), policy.data, Origin(places=policy.places))).lstrip("\n") + "\n"


def _data(deployment: Deployment) -> Mapping[str, Any]:
    """What was read, if the deployment still is what was read; else what it says."""
    data = deployment.origin.data
    plain, ranges, wrong = without_ranges(data, number_at)
    try:
        read = Deployment.model_validate(plain)
        read._ranges = ranges
        if read == deployment and not wrong:
            return data
    except ValidationError:
        pass
    return deployment.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)


def _table(path: Path, table: Mapping[str, Any], origin: Origin) -> Iterator[str]:
    for key, value in table.items():
        at = (*path, key)
        if _inline(at, value):
            yield _with_comment(_pair(key, value), *_comments(at, value, origin))
    for key, value in table.items():
        at = (*path, key)
        if _inline(at, value):
            continue
        if isinstance(value, Mapping):
            comment = origin.comment(at)
            plain = [k for k, v in value.items() if _inline((*at, k), v)]
            if plain or comment or not value:
                yield from ("", _with_comment(f"[{_dotted(at)}]", comment))
            yield from _table(at, value, origin)
        else:
            for i, (part, entry) in enumerate(zip(parts_of(at, value), value, strict=True)):
                around = (origin.comment(at),) if i == 0 else ()
                yield from ("", _with_comment(f"[[{_dotted(at)}]]", *around, origin.comment((*at, part))))
                yield from _table((*at, part), entry, origin)


def _inline(path: Path, value: Any) -> bool:
    if isinstance(value, list) and value and all(isinstance(e, Mapping) for e in value):
        return path not in NAMED
    if not isinstance(value, Mapping):
        return True
    in_profile = path[:2] == ("classifier", "confusion") and path[-1] in _MAPS and len(path) == 4
    return is_row(path) or is_range(value) or in_profile or any(path[:end] in NAMED for end in range(len(path)))


def _comments(path: Path, value: Any, origin: Origin) -> list[str]:
    inner = [(*path, key) for key in value] if isinstance(value, Mapping) else []
    return [origin.comment(p) for p in (path, *inner)]


def _with_comment(line: str, *comments: str) -> str:
    said = "; ".join(c for c in dict.fromkeys(comments) if c)
    return f"{line}  # {said}" if said else line


def _pair(key: str, value: Any) -> str:
    return f"{_key(key)} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(_pair(k, v) for k, v in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return tomli_w.dumps({"k": value}).removeprefix("k = ").rstrip("\n")


def _key(key: str) -> str:
    return tomli_w.dumps({key: 0}).removesuffix(" = 0\n")


def _dotted(path: Path) -> str:
    # Entries of arrays of tables hold no sections of their own, so no index or name stands in a header.
    return ".".join(_key(str(part)) for part in path)
