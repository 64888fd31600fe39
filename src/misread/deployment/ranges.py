"""Numbers whose author states a range: ``{ value = 7.0, low = 3.0, high = 14.0, source = "assumption" }``.

The value is read like any other number. The range is kept beside the deployment, for intervals, sensitivity and
stress; `at` gives the deployment with other values inside the ranges.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from misread.deployment.origin import Path, is_row, parts_of, quoted, spell

KEYS = ("value", "low", "high", "source")
ORDER = "low ≤ value ≤ high."

SHARES: frozenset[Path] = frozenset({("population", "groups"), ("camera", "views"), ("situations",)})
"""Arrays of tables whose entries' `share` add to 1."""


@dataclass(frozen=True, slots=True)
class Range:
    """A number that may be off, and how far.

    Attributes
    ----------
    path : Path
        Which number.
    value, low, high : float
        As stated, and the ends: low ≤ value ≤ high.
    source : str
        Where the range comes from, in the author's words.
    whole : bool
        Whether only whole numbers make sense.
    """

    path: Path
    value: float
    low: float
    high: float
    source: str
    whole: bool = False

    @property
    def name(self) -> str:
        """The path as the user writes it."""
        return spell(self.path)

    def along(self, u: float) -> float:
        """The number a share `u` of the way from `low` to `high`; evenly over the whole numbers where only those do."""
        if self.whole:
            return min(math.floor(self.low + u * (self.high - self.low + 1)), int(self.high))
        return self.low + u * (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a range: where, what, what was expected, how to mend it."""

    path: Path
    what: str
    expected: str
    mend: str


def without_ranges(
    data: Any, number: Callable[[Path], type[int] | type[float] | None]
) -> tuple[Any, tuple[Range, ...], tuple[Wrong, ...]]:
    """Tables with plain numbers, and the ranges that were stated beside them.

    Parameters
    ----------
    data : mapping
        A deployment's tables.
    number : callable
        Which kind of number is expected at a path, if any: a row about an expression called "value" stays a row.
    """
    ranges: list[Range] = []
    wrong: list[Wrong] = []

    def plain(value: Any, path: Path) -> Any:
        if isinstance(value, Mapping):
            if path and (kind := number(path)):
                found = _read(value, path, kind)
                if isinstance(found, Wrong):
                    wrong.append(found)
                    # Some number in its stead, so that one mistake is told once.
                    return next((value[key] for key in KEYS if key in value), value)
                ranges.append(found)
                return value["value"]
            return {key: plain(inner, (*path, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [plain(inner, (*path, part)) for part, inner in zip(parts_of(path, value), value, strict=True)]
        return value

    return plain(data, ()), tuple(ranges), tuple(wrong)


def _read(table: Mapping[str, Any], path: Path, kind: type[int] | type[float]) -> Range | Wrong:
    form = 'such as { value = 7, low = 3, high = 14, source = "assumption" }.'
    for key in table:
        if key not in KEYS:
            return Wrong((*path, key), f"A number with a range has no key {quoted(key)}.", form, "take it out.")
    for key in KEYS[:3]:
        if key not in table:
            return Wrong(path, f"`{key}` is missing from the number's range.", form, f"add `{key}`.")
        number = table[key]
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            return Wrong((*path, key), "It is no finite number.", f"{form}", "write a number.")
    source = table.get("source", "assumption")
    if not isinstance(source, str) or not source.strip():
        return Wrong((*path, "source"), "It says nothing.", "words, or the id of an entry.", "say where it comes from.")
    value, low, high = (table[key] for key in KEYS[:3])
    if low > high:
        return Wrong(
            (*path, "low"), f"`low` ({low:g}) is above `high` ({high:g}).", "low ≤ value ≤ high.", "swap them."
        )
    if not low <= value <= high:
        end, bound = ("low", low) if value < low else ("high", high)
        side = "below" if value < low else "above"
        what = f"`value` ({value:g}) is {side} `{end}` ({bound:g})."
        return Wrong(
            (*path, end), what, "low ≤ value ≤ high.", f"set `{end}` to {value:g} or further, or mend `value`."
        )
    return Range(path, value, low, high, source, whole=kind is int)


def at(deployment: Any, values: Mapping[Path, float]) -> Any:
    """A deployment with other numbers.

    Where the number is one of several that add to 1, those that are not given share what is left, in their
    proportions; where nothing is left for them, or none has weight, the given ones are divided by their sum.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    values : mapping of Path to float
        The numbers that change. Nothing is checked again.

    Returns
    -------
    Deployment
    """
    tree: dict[str | int, Any] = {}
    for path, value in {**values, **dict(_balanced(deployment, values))}.items():
        here = tree
        for part in path[:-1]:
            here = here.setdefault(part, {})
        here[path[-1]] = value
    return _put(deployment, tree, ()) if tree else deployment


def _balanced(deployment: Any, values: Mapping[Path, float]) -> Iterator[tuple[Path, float]]:
    """All the numbers of each row, or list of shares, of which some are given."""
    rows: dict[Path, dict[str | int, float]] = {}
    for path, value in values.items():
        if is_row(path[:-1]):
            rows.setdefault(path[:-1], {})[path[-1]] = value
        elif path[-1] == "share" and path[:-2] in SHARES:
            rows.setdefault(path[:-2], {})[path[-2]] = value
    for home, given in rows.items():
        stated, tail = _members(deployment, home)
        others = {part: weight for part, weight in stated.items() if part not in given}
        rest, weight = 1 - math.fsum(given.values()), math.fsum(others.values())
        if rest < 0 or weight <= 0:
            # All given, and all 0: nothing can be scaled, so the row stays what it was.
            given = given if any(given.values()) else {part: stated[part] for part in given}
            total = math.fsum(given.values())
            new = {**dict.fromkeys(others, 0.0), **{part: value / total for part, value in given.items()}}
        else:
            new = {part: value * rest / weight for part, value in others.items()} | given
        yield from (((*home, part, *tail), value) for part, value in new.items())


def _members(deployment: Any, home: Path) -> tuple[Mapping[str | int, float], Path]:
    """The numbers of a row or a list of shares, and what follows their names in paths."""
    here = _get(deployment, home)
    if home in SHARES:
        return {part: entry.share for part, entry in zip(parts_of(home, here), here, strict=True)}, ("share",)
    return here, ()


def _get(node: Any, path: Path) -> Any:
    for i, part in enumerate(path):
        if isinstance(node, tuple):
            node = node[parts_of(path[:i], node).index(part)]
        elif isinstance(node, BaseModel):
            node = getattr(node, str(part))
        else:
            node = node[part]
    return node


def _put(node: Any, tree: Mapping[str | int, Any], path: Path) -> Any:
    if isinstance(node, tuple):
        return tuple(
            _put(entry, tree[part], (*path, part)) if part in tree else entry
            for part, entry in zip(parts_of(path, node), node, strict=True)
        )
    changed = {}
    for part, value in tree.items():
        old = getattr(node, str(part), None) if isinstance(node, BaseModel) else node.get(part)
        changed[str(part)] = _put(old, value, (*path, part)) if isinstance(value, Mapping) else value
    return node.model_copy(update=changed) if isinstance(node, BaseModel) else {**node, **changed}


def ends(ranges: Sequence[Range], end: str) -> dict[Path, float]:
    """All ranges at their `low` or `high` ends."""
    return {r.path: r.low if end == "low" else r.high for r in ranges}
