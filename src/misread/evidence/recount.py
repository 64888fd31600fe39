"""What can be computed again from an entry: a matrix's figures, and whether percentages can be counts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from misread.errors import Problem
from misread.evidence.entries.model import Entry, Figure, Matrix, Quantity

TINY = 10
"""Independent units below which a row says next to nothing."""
CLUSTERED = ("frame", "vote")
"""What is rarely independent: frames of one video, votes on one face."""


def recall(matrix: Matrix) -> Mapping[str, float]:
    """Row → share that got its own label, of the rows that have a label of their own."""
    own = {row: matrix.counts[row] for row in matrix.rows if row in matrix.columns}
    return {row: cells[row] / math.fsum(cells.values()) for row, cells in own.items()}


def accuracy(matrix: Matrix) -> float:
    """Share of all that got the right label."""
    return math.fsum(matrix.counts[row].get(row, 0) for row in matrix.rows) / _total(matrix)


def kappa(matrix: Matrix) -> float:
    """Cohen's kappa: accuracy beyond what labels and truth of these frequencies would reach by lot."""
    chance = math.fsum(_row(matrix, x) * _column(matrix, x) for x in matrix.rows if x in matrix.columns)
    chance /= _total(matrix) ** 2
    return (accuracy(matrix) - chance) / (1 - chance) if chance < 1 else math.nan


def macro_f1(matrix: Matrix) -> float:
    """Mean over the rows of F1, the harmonic mean of recall and of the share of a label that is right."""
    rows = [x for x in matrix.rows if x in matrix.columns]
    parts = [2 * matrix.counts[x][x] / (_row(matrix, x) + _column(matrix, x)) for x in rows]
    return math.fsum(parts) / len(matrix.rows)


FIGURES: Mapping[str, Callable[[Matrix], float]] = MappingProxyType(
    {"accuracy": accuracy, "kappa": kappa, "macro_f1": macro_f1}
)
"""Figures that a source may print beside its matrix."""


def warnings(entries: Mapping[str, Entry], file: str = "") -> tuple[Problem, ...]:
    """What is doubtful in entries that are valid.

    Parameters
    ----------
    entries : mapping of str to Entry
        Evidence id → entry.
    file : str
        Where they stand.
    """
    return tuple(problem for entry in entries.values() for problem in _doubts(entry, file))


def _doubts(entry: Entry, file: str) -> Iterator[Problem]:
    def doubt(what: str, mend: str, key: str = "") -> Problem:
        return Problem(what, mend=mend, file=file, key=".".join(filter(None, (entry.id, key))))

    if entry.status in ("unverified", "unsourced"):
        yield doubt(f"Its status is {entry.status}.", "look the figure up before anything rests on it.", "status")
    if isinstance(entry, Matrix):
        yield from _matrix_doubts(entry, doubt)
    elif isinstance(entry, Quantity):
        for figure in entry.figures:
            if not countable(figure):
                name = f" “{figure.name}”" if figure.name else ""
                what = f"The figure{name}, {figure.value}{'' if figure.unit == '1' else ' %'}, is no whole number of "
                yield doubt(f"{what}{figure.n:,} {figure.n_of}".rstrip() + ".", "check value and `n`.", "value")


def _matrix_doubts(matrix: Matrix, doubt: Callable[..., Problem]) -> Iterator[Problem]:
    tiny = [f"{row} ({units:,.3g})" for row, units in matrix.row_units.items() if units < TINY]
    if tiny:
        what = f"Rows rest on fewer than {TINY} independent units: {', '.join(tiny)}."
        yield doubt(what, "expect wide intervals, or add rows that mean the same.", "row_n")
    if matrix.design_effect == 1 and matrix.units_at_most is None and _clustered(matrix.counted):
        what = f"Every one of its {matrix.counted} counts as an independent unit."
        yield doubt(what, "give `units_at_most`, the number of people or videos.", "units_note")
    for key, said in matrix.printed.items():
        found = FIGURES[key](matrix)
        if not abs(found - said) <= half_digit(said):
            yield doubt(
                f"The cells give {key} {found:.4g}, and `printed` says {said:g}.", "check the cells.", f"printed.{key}"
            )
    if without := [row for row in matrix.rows if row not in matrix.columns]:
        yield doubt(f"No column is called as the rows {', '.join(without)}.", "check the spelling.", "columns")
    if never := [column for column in matrix.columns if not _column(matrix, column)]:
        yield doubt(f"A label was never given: {', '.join(never)}.", "check the cells.", "table")


def countable(figure: Figure) -> bool:
    """Whether a share or percentage is some whole number of its `n` (`hits`, if stated), rounded as printed."""
    whole = {"1": 1, "%": 100}.get(figure.unit)
    if whole is None or not figure.n or isinstance(figure.value, str):
        return True
    hits = figure.hits if figure.hits is not None else round(figure.value / whole * figure.n)
    return abs(whole * hits / figure.n - figure.value) <= half_digit(figure.value)


def half_digit(printed: float) -> float:
    """Half a unit of the last digit printed."""
    digits = len(repr(float(printed)).partition(".")[2].rstrip("0"))
    return 0.5 * 10.0**-digits + 1e-9


def _clustered(counted: str) -> bool:
    return any(word in counted.lower() for word in CLUSTERED)


def _row(matrix: Matrix, row: str) -> float:
    return math.fsum(matrix.counts[row].values())


def _column(matrix: Matrix, column: str) -> float:
    return math.fsum(cells[column] for cells in matrix.counts.values())


def _total(matrix: Matrix) -> float:
    return math.fsum(_row(matrix, row) for row in matrix.rows)
