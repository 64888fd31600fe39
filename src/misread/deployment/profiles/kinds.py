"""A profile's rows by word, before they become arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from misread.deployment.model.values import Row
from misread.deployment.origin import Origin, Path
from misread.deployment.text.problems import adds_to_one, unknown
from misread.errors import Problem


@dataclass(frozen=True, slots=True)
class Resolved:
    """A profile's rows.

    Attributes
    ----------
    rows : dict
        Expression → label → P(label | expression); labels left out are 0.
    n : dict
        Expression → independent units behind its row; NaN where nothing states an uncertainty.
    support : dict
        Expression → labels that its source could have written at all.
    source : str
        Where it comes from, in words.
    """

    rows: dict[str, dict[str, float]]
    n: dict[str, float]
    support: dict[str, frozenset[str]]
    source: str


@dataclass(slots=True)
class Task:
    """One profile to resolve.

    Attributes
    ----------
    path : Path
        Where it is written.
    origin : Origin
        Knows the lines.
    labels : tuple of str
        The deployment's labels.
    needed : sequence of str
        Expressions that the displays read by this profile show.
    problems : list of Problem
        What is wrong with it.
    """

    path: Path
    origin: Origin
    labels: tuple[str, ...]
    needed: Sequence[str]
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, key: Path, what: str, expected: str = "", mend: str = "") -> None:
        """Note a mistake at a key of the profile."""
        self.problems.append(self.origin.problem((*self.path, *key), what, expected, mend))

    def unknown(self, key: Path, word: str, known: Sequence[str], kind: str, home: str) -> None:
        """Note an unknown word at a key of the profile."""
        self.problems.append(unknown(self.origin, (*self.path, *key), word, known, kind, home))

    def label(self, key: Path, word: str) -> bool:
        """Whether a word is a label; if not, that is noted."""
        if word not in self.labels:
            self.unknown(key, word, self.labels, "label", "classifier.labels")
        return word in self.labels

    def written(self, rows: Mapping[str, Row], key: Path, faces: int | None) -> Resolved:
        """Rows that the deployment file writes out, each divided by its sum."""
        for expression, row in rows.items():
            for word in row:
                self.label((*key, expression, word), word)
            self.problems += adds_to_one(self.origin, (*self.path, *key, expression), row.values())
        named = frozenset(word for row in rows.values() for word in row)
        return Resolved(
            rows={x: divided(row) for x, row in rows.items()},
            n=dict.fromkeys(rows, float(faces) if faces else math.nan),
            support=dict.fromkeys(rows, named),
            source=f"each resting on {faces:,} faces" if faces else "resting on no stated number of faces",
        )


def divided(row: Mapping[str, float]) -> dict[str, float]:
    """A row divided by its sum."""
    total = math.fsum(row.values())
    return {word: weight / total for word, weight in row.items()} if total else dict(row)
