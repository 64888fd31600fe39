"""The whole study, and its figures as they are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from benchmarks.coverage import calibration, composed, enumerated, groups, persons
from benchmarks.coverage.cell import Cell

SEED = 1
PLACES = 4
"""Decimals that are kept: the last bits of a sum are not the same on every machine."""

PARTS: dict[str, Callable[[int], Iterator[Cell]]] = {
    "one proportion": lambda _: enumerated.one(),
    "two groups": lambda _: enumerated.two(),
    "rows": enumerated.rows,
    "persons": persons.one,
    "persons of uneven numbers of faces": persons.uneven,
    "two groups of persons": persons.two,
    "composites": composed.composed,
    "greatest disparity": groups.ranges,
    "greatest disparity, persons": groups.ranges_of_persons,
    "partial pooling": groups.pooled,
    "calibration": calibration.calibration,
    "calibration, persons": calibration.calibration_of_persons,
}


def study(parts: Iterable[str] = PARTS, seed: int = SEED) -> Iterator[Cell]:
    """The results of these parts."""
    for name in parts:
        yield from PARTS[name](seed)


def kept(cells: Iterable[Cell]) -> list[dict[str, object]]:
    """As they are written to docs/audit/coverage.json."""
    return [
        {
            "table": cell.table,
            "case": cell.case,
            "method": cell.method,
            **{name: round(value, PLACES) for name, value in cell.figures.items()},
        }
        for cell in cells
    ]
