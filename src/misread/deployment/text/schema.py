"""What the models say about a key: the keys of a table, what is expected of a value; the JSON Schema."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

from pydantic.fields import FieldInfo

from misread.deployment.model import Deployment, InlineProfile, ProfileFrom, Table
from misread.deployment.model.values import Row, Says
from misread.deployment.origin import Path


def said(path: Path) -> tuple[str, str]:
    """What is expected of a value, and what the key means, as far as the models say it."""
    for item in _at(path):
        words = next((m.words for m in _metadata(item) if isinstance(m, Says)), "")
        description = item.description or "" if isinstance(item, FieldInfo) else ""
        choices = choices_at(path)
        if choices and not words:
            words = "one of " + ", ".join(f'"{c}"' for c in choices)
        if words or description:
            return words, description
    return "a table", ""


def choices_at(path: Path) -> list[str]:
    """Words that a value may be, where they are few."""
    return [
        word for item in _at(path) for kind in _kinds(item) if get_origin(kind) is Literal for word in get_args(kind)
    ]


def number_at(path: Path) -> type[int] | type[float] | None:
    """Which kind of number a value may be; None where it is none."""
    here = _tree()
    for part in path:
        below = here.keys.get(part, here.others)
        if below is None:
            return None
        here = below
    return here.number


def keys_at(path: Path) -> list[str]:
    """Keys of a table."""
    return sorted({key for item in _at(path) for kind in _kinds(item) if _is_table(kind) for key in keys_of(kind)})


def keys_of(table: type[Table]) -> list[str]:
    """Keys of a table, as the file spells them."""
    return [info.alias or name for name, info in table.model_fields.items()]


def homes_of(key: str) -> list[str]:
    """Tables of the file that have a key of this name."""
    return [name for name in Deployment.model_fields if key in keys_at((name,)) or key in keys_at((name, 0))]


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the deployment file."""
    schema = _with_ranges(Deployment.model_json_schema(by_alias=True))
    schema["$defs"]["Range"] = {
        "type": "object",
        "description": "A number, and how far it may be off.",
        "properties": {
            "value": {"type": "number", "description": "The number as stated."},
            "low": {"type": "number", "description": "The least it may be."},
            "high": {"type": "number", "description": "The most it may be."},
            "source": {"type": "string", "description": "Where the range comes from."},
        },
        "required": ["value", "low", "high"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "misread deployment",
    }


def _with_ranges(schema: Any) -> Any:
    """A schema in which every number may be a range as well."""
    if isinstance(schema, list):
        return [_with_ranges(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") in ("number", "integer"):
        about = {key: schema[key] for key in ("title", "description", "default") if key in schema}
        number = {key: value for key, value in schema.items() if key not in about}
        return {**about, "anyOf": [number, {"$ref": "#/$defs/Range"}]}
    return {key: _with_ranges(value) for key, value in schema.items()}


class _Branch(NamedTuple):
    """What the models say of numbers at a place of the file, and below it: by key, and at all other keys or entries."""

    number: type[int] | type[float] | None
    keys: Mapping[str | int, _Branch]
    others: _Branch | None


@cache
def _tree() -> _Branch:
    """All places of the file. They are asked for at every table of every deployment that is read."""
    return _branch([Deployment])


def _branch(items: Sequence[Any]) -> _Branch:
    kinds = [kind for item in items for kind in _kinds(item)]
    number = float if float in kinds else int if int in kinds else None
    named = dict.fromkeys(key for kind in kinds if _is_table(kind) for key in keys_of(kind))
    keys: dict[str | int, _Branch] = {
        key: _branch([inner for kind in kinds for inner in _inside(kind, key)]) for key in named
    }
    # No key of a table is empty.
    others = [inner for kind in kinds for inner in _inside(kind, "")]
    return _Branch(number, keys, _branch(others) if others else None)


def _at(path: Path) -> list[Any]:
    found: list[Any] = [Deployment]
    for part in path:
        found = [inner for item in found for kind in _kinds(item) for inner in _inside(kind, part)]
    return found


def _inside(kind: Any, part: str | int) -> Iterator[Any]:
    if _is_table(kind):
        fields = {info.alias or name: info for name, info in kind.model_fields.items()}
        if part in fields:
            yield fields[str(part)]
        elif kind is InlineProfile and part not in keys_of(ProfileFrom):
            yield Row
    elif get_origin(kind) is tuple:
        yield get_args(kind)[0]
    elif get_origin(kind) is dict:
        yield get_args(kind)[1]


def _kinds(item: Any) -> Iterator[Any]:
    """The types behind annotations and unions."""
    if isinstance(item, FieldInfo):
        item = item.annotation
    if get_origin(item) is Annotated:
        yield from _kinds(get_args(item)[0])
    elif get_origin(item) in {types.UnionType, typing.Union}:
        for kind in get_args(item):
            yield from _kinds(kind)
    else:
        yield item


def _metadata(item: Any) -> tuple[Any, ...]:
    if isinstance(item, FieldInfo):
        # The last word is the field's own.
        return tuple(reversed(item.metadata))
    return tuple(reversed(get_args(item)[1:])) if get_origin(item) is Annotated else ()


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Table)
