"""Two runs held against each other: what each is, in what they differ, and every finding that both have.

Each run comes with its own intervals. A difference with an interval of its own needs both on the same draws, which is
what `misread compare` does; so no such interval is made up here.
"""

from __future__ import annotations

import json
import shlex
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from misread.errors import MisreadError, Problem
from misread.findings.about import KEYS
from misread.findings.table import Finding
from misread.language import gettext as _
from misread.language import ngettext
from misread.report.words import exact
from misread.report.words.lookup import keys_of
from misread.web.pages.numbers.about import about, only_named, settled
from misread.web.runs.drawing import Pair, pair
from misread.web.runs.kept import Kept
from misread.web.runs.sentences import MEASURES, sentence

FIRST_SAID = 6
"""Differences that are said in words; the table has the others."""
SHOWN = 100
"""Rows of the table that the page shows; the file has all."""

Key = tuple[str, str | None, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs: its folder, title, and the findings.

    Attributes
    ----------
    kept : Kept
        What lies there.
    title : str
        The deployment's title.
    findings : tuple of Finding
        What was measured.
    deployment : mapping of str to object
        Dotted key of the deployment → its value.
    """

    kept: Kept
    title: str
    findings: tuple[Finding, ...]
    deployment: Mapping[str, object]

    @property
    def said(self) -> str:
        """How it was run, in words."""
        kept = self.kept
        said = [_("Begun %(when)s, by misread %(version)s.", when=kept.when, version=kept.version)]
        if kept.seed is not None:
            said.append(_("Seed %(seed)s.", seed=kept.seed))
        if kept.schools:
            said.append(ngettext("One school was drawn.", "%(n)s schools were drawn.", kept.schools))
        draws = kept.draws or 0
        said.append(
            _("Intervals from %(n)s draws of what is not known.", n=draws) if draws else _("It has no intervals.")
        )
        return " ".join(said)


@dataclass(frozen=True, slots=True)
class Row:
    """One finding of both runs.

    Attributes
    ----------
    first, second : Finding
        Of each run.
    about : str
        What the row is about, in words.
    named : bool
        Whether that is nothing but a name.
    """

    first: Finding
    second: Finding
    about: str
    named: bool

    @property
    def id(self) -> str:
        """Which finding it is."""
        return self.first.id

    @property
    def difference(self) -> float:
        """The second less the first."""
        return (self.second.value or 0.0) - (self.first.value or 0.0)

    @property
    def size(self) -> float:
        """The difference, measured against the larger of the two."""
        largest = max(abs(self.first.value or 0.0), abs(self.second.value or 0.0))
        return abs(self.difference) / largest if largest else 0.0

    @property
    def apart(self) -> bool | None:
        """Whether the intervals do not meet; None where one has none."""
        ends = (self.first.low, self.first.high, self.second.low, self.second.high)
        low, high, other_low, other_high = ends
        if low is None or high is None or other_low is None or other_high is None:
            return None
        return high < other_low or other_high < low

    @property
    def cells(self) -> tuple[str, ...]:
        """First, its interval, second, its interval, difference: as the table has them."""
        a, b = self.first, self.second
        return exact(a.value), _interval(a), exact(b.value), _interval(b), exact(self.difference)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs side by side.

    Attributes
    ----------
    sides : tuple of Side
        Both.
    rule : str
        The rule that the sentences are about; empty where they share none.
    pairs : tuple of Pair
        The largest differences in words and as dots, the largest first.
    rows : tuple of Row
        Every finding that both have, with values, the largest difference first.
    same : int
        How many of them are the same.
    apart : tuple of (str, str, str)
        Keys in which the deployments differ, with both values.
    command : str
        What to type for differences with intervals of their own.
    """

    sides: tuple[Side, Side]
    rule: str
    pairs: tuple[Pair, ...]
    rows: tuple[Row, ...]
    same: int
    apart: tuple[tuple[str, str, str], ...]
    command: str

    @property
    def differing(self) -> int:
        """How many findings differ."""
        return len(self.rows) - self.same


def compared(home: Path, first: Kept, second: Kept) -> Compared:
    """Hold two runs against each other.

    Raises
    ------
    MisreadError
        If what lies there cannot be read as a run's findings.
    """
    sides = _side(home, first), _side(home, second)
    rows = tuple(sorted(_rows(*sides), key=lambda row: (-row.size, row.id)))
    rule = _shared_rule(sides)
    said = [row for row in rows if row.size > 0 and _plain(row, rule)]
    files = (str(home / kept.folder / "deployment.toml") for kept in (first, second))
    return Compared(
        sides=sides,
        rule=rule,
        pairs=tuple(
            pair(text, row.first, row.second) for row in said if (text := sentence(row.first, row.second, row.apart))
        )[:FIRST_SAID],
        rows=rows,
        same=sum(row.size == 0 for row in rows),
        apart=tuple(_apart(*(side.deployment for side in sides))),
        command=shlex.join(["misread", "compare", *files]),
    )


def _side(home: Path, kept: Kept) -> Side:
    folder = home / kept.folder
    try:
        written = json.loads((folder / "findings.json").read_bytes())
        findings = tuple(_settled(Finding(**row)) for row in written["findings"])
        title = str(written["deployment"]["title"])
        deployment = tomllib.loads((folder / "deployment.toml").read_text("utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MisreadError(
            Problem(
                _("The findings of this run cannot be read."),
                expected=_("a folder as misread run writes it."),
                mend=_("run it again."),
                file=kept.folder,
            )
        ) from error
    return Side(kept, title, findings, dict(_flat(deployment)))


def _settled(f: Finding) -> Finding:
    """Without what only rounding made, which would come first among the differences."""
    return replace(f, value=settled(f.id, f.value), low=settled(f.id, f.low), high=settled(f.id, f.high))


def _rows(first: Side, second: Side) -> Iterator[Row]:
    theirs = {_key(f): f for f in second.findings}
    for finding in first.findings:
        other = theirs.get(_key(finding))
        if other is not None and finding.value is not None and other.value is not None:
            yield Row(finding, other, about(finding), only_named(finding))


def _key(f: Finding) -> Key:
    return f.id, f.rule, f.group, tuple((k, str(v)) for k in KEYS if (v := getattr(f, k)) is not None)


def _interval(finding: Finding) -> str:
    if finding.low is None or finding.high is None:
        return ""
    return _("%(low)s to %(high)s", low=exact(finding.low), high=exact(finding.high))


def _shared_rule(sides: Sequence[Side]) -> str:
    """The first rule of the first run whose flags were counted in both."""
    first, second = ({f.rule: None for f in s.findings if f.id == "flag_ppv" and f.rule} for s in sides)
    return next((rule for rule in first if rule in second), "")


def _plain(row: Row, rule: str) -> bool:
    """Whether a row is one that is said in words: of everybody, as the cameras have it."""
    return row.id in MEASURES and row.first.rule in (None, rule) and row.first.group == "all" and not keys_of(row.first)


def _flat(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Dotted key → value; tables in a list are told apart by their names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        for i, one in enumerate(value):
            yield from _flat(one, f"{path}[{one.get('name', i)}]")
    else:
        yield path, value


def _apart(first: Mapping[str, object], second: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    for key in dict.fromkeys((*first, *second)):
        if first.get(key) != second.get(key):
            yield key, _value(first, key), _value(second, key)


def _value(of: Mapping[str, Any], key: str) -> str:
    return json.dumps(of[key], ensure_ascii=False, default=str) if key in of else "–"
