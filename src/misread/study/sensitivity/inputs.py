"""What a finding may hang on: stated ranges, and rows of profiles that rest on few faces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from misread.deployment import Deployment
from misread.deployment.origin import Path, is_row, quoted
from misread.deployment.ranges import Range
from misread.profile import Profile
from misread.study.exact.draws import Cell, cells_of


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a profile: how one expression is labelled."""

    profile: str
    expression: str


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that is left open.

    Attributes
    ----------
    name : str
        The key of a range, or which row of which profile.
    what : Range or Row
        The thing itself.
    columns : tuple of int
        Its dimensions among the points: one of a range, one for each label of a row.
    source : str
        Where it comes from: the author's comments and the range's source, or the profile's source.
    """

    name: str
    what: Range | Row
    columns: tuple[int, ...]
    source: str

    @property
    def assumption(self) -> bool:
        """Whether it is a number whose source calls it an assumption; a row rests on faces that were counted."""
        said = self.source.lower()
        return isinstance(self.what, Range) and ("assumption" in said or "assumed" in said)


def open_ranges(deployment: Deployment) -> tuple[Range, ...]:
    """The ranges that have two ends."""
    return tuple(r for r in deployment.ranges if r.low < r.high)


def inputs_of(deployment: Deployment, profiles: Mapping[str, Profile]) -> tuple[Input, ...]:
    """Everything a deployment leaves open, rows of profiles first.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    profiles : mapping of str to Profile
        Its profiles, resolved.
    """
    ranges = open_ranges(deployment)
    by_name = {r.name: r for r in ranges}
    columns: dict[Row | str, list[int]] = {}
    for i, cell in enumerate(cells_of(profiles, ranges)):
        columns.setdefault(_of(cell), []).append(i)
    found = []
    for key, these in columns.items():
        if isinstance(key, Row):
            name = f"{key.profile}: row of {quoted(key.expression)}"
            found.append(Input(name, key, tuple(these), profiles[key.profile].source))
        else:
            r = by_name[key]
            found.append(Input(key, r, tuple(these), source_of(deployment, r)))
    return tuple(found)


def _of(cell: Cell) -> Row | str:
    return Row(cell[0], cell[1]) if len(cell) == 3 else cell[0]


def source_of(deployment: Deployment, r: Range) -> str:
    """What the author says about a number: comments on it and on its row, then where its range comes from."""
    homes: Sequence[Path] = (r.path[:-1], r.path) if is_row(r.path[:-1]) else (r.path,)
    said = [c for home in homes if (c := deployment.origin.comment(home))]
    return "; ".join(dict.fromkeys([*said, f"range: {r.source}"]))
