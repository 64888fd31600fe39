"""Find a figure among the findings, whatever further keys its rows may have."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cached_property
from typing import TypeVar

from misread.findings.table import Finding
from misread.study.compare import Difference

Keyed = TypeVar("Keyed", Finding, Difference)

MEASURED = frozenset({"deployment", "id", "rule", "group", "value", "low", "high", "se", "unit", "n", "method"})
"""Columns every finding or difference has; any other column is a key that says what else the row is about."""

Key = tuple[str, str | None, str, frozenset[tuple[str, str]]]


def keys_of(finding: Finding | Difference) -> dict[str, str]:
    """The further keys of a row that apply, such as ``{"reader": "perfect"}``."""
    pairs = ((f.name, getattr(finding, f.name)) for f in fields(finding) if f.name not in MEASURED)
    return {name: str(value) for name, value in pairs if value is not None}


class Figures:
    """The findings of one run, by id, rule, group and further keys.

    Parameters
    ----------
    findings : iterable of Finding
        All rows of the run.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.rows = tuple(findings)

    @cached_property
    def _by_key(self) -> Mapping[Key, Finding]:
        return {(f.id, f.rule, f.group, frozenset(keys_of(f).items())): f for f in self.rows}

    def find(self, id: str, rule: str | None = None, group: str = "all", **keys: str) -> Finding | None:
        """The row with exactly these keys, or None where the run has none."""
        return self._by_key.get((id, rule, group, frozenset(keys.items())))

    def value(self, id: str, rule: str | None = None, group: str = "all", **keys: str) -> float | None:
        """The row's value; None where there is no row, or its condition has probability 0."""
        found = self.find(id, rule, group, **keys)
        return None if found is None else found.value

    def along(self, id: str, key: str, rule: str | None = None) -> tuple[Finding, ...]:
        """The rows of everybody that differ in one further key only, in the order of the findings."""
        return tuple(
            f for f in self.rows if (f.id, f.rule, f.group) == (id, rule, "all") and keys_of(f).keys() == {key}
        )

    def groups(self, id: str, rule: str | None = None) -> tuple[Finding, ...]:
        """The rows of the single groups, in the order of the findings."""
        return tuple(f for f in self.rows if (f.id, f.rule) == (id, rule) and f.group != "all" and not keys_of(f))


_DIRECTIONS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: object) -> str:
    """Text of a user as one line that no reader, screen or parser stumbles over.

    Control characters are shown as their escapes, marks that would turn the direction of what follows are
    taken out (the page isolates every such text instead), and half surrogate pairs are replaced.
    """
    return legible(" ".join(str(text).split()))


def legible(line: str) -> str:
    """The same of one line whose spaces are to stay, such as a line of a file."""
    return "".join(map(_safe, line.replace("\t", "    ")))


def _safe(char: str) -> str:
    category = unicodedata.category(char)
    if char in _DIRECTIONS:
        return ""
    if category == "Cs" or ord(char) & 0xFFFE == 0xFFFE:
        return "\ufffd"
    if category == "Cc":
        return char.encode("unicode_escape").decode("ascii")
    return char


def isolate(text: object) -> str:
    """Text of a user in the middle of a sentence, so that one written right to left leaves the rest alone."""
    shown = clean(text)
    turned = any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in shown)
    return f"\u2068{shown}\u2069" if turned else shown


def quote(text: object) -> str:
    """Text of a user in quotation marks."""
    return f"“{isolate(text)}”"


def shorten(text: str, length: int) -> str:
    """The text cut to a length, with an ellipsis where something is missing."""
    text = clean(text)
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
