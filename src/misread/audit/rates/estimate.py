"""One estimate: a value with its interval, what it rests on and how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from misread.audit.intervals.effective import LEAST_EVEN, TOO_FEW

if TYPE_CHECKING:
    import pyarrow as pa

NO_FACE = "not estimable: no such face"
"""Why a rate has no value where no face shows what it is about."""
NO_ANSWER = "not estimable: never answered"
"""Why a precision has no value where the label was never given."""
UNSAID = "never answered"
"""What has to be said of a recall of 0 where no face at all was answered so: the system may have no such word."""
LEFT_OUT = "left out: too few persons"
"""Why nothing is told of faces of one to four persons, nor of those that would tell of such."""
LOPSIDED = "one person has most of the faces"
"""Why a rate of enough persons has no interval."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic of a group, with its interval.

    Attributes
    ----------
    statistic : str
        Which one: "accuracy", "confusion", "recall", … (docs/audit/statistics.md).
    group : tuple of (column, level)
        Whom it is about; empty for everybody.
    expression, label : str or None
        The true word and the answered one that it is about; None where it is about all.
    value : float or None
        None where it is not estimable: nothing was counted that it could be a share of.
    low, high : float or None
        The interval's bounds; None where none can be given.
    n : float
        What was counted: faces, or the sum of their weights.
    hits : float or None
        Of these, how many the statistic counts; None for what is no share.
    persons : int or None
        How many persons they are of; None where persons are not known.
    n_eff : float or None
        How many independent faces they are worth; None where that cannot be told, and of fewer than five persons.
    method : str
        How the interval is made, an id of `misread.audit.intervals.methods`.
    note : str
        What else has to be said with it.
    """

    statistic: str
    group: tuple[tuple[str, str], ...]
    expression: str | None
    label: str | None
    value: float | None
    low: float | None
    high: float | None
    n: float
    hits: float | None
    persons: int | None
    n_eff: float | None
    method: str
    note: str = ""


def too_few(persons: int) -> str:
    """What stands in place of an interval that rests on too few persons."""
    return f"too few persons ({persons})"


def partly(words: Sequence[str]) -> str:
    """What has to be said of a figure that some expressions are left out of."""
    return f"without {', '.join(words)}: too few persons"


def known(value: float) -> float | None:
    """A number as it is told: None for NaN."""
    return None if value != value else float(value)


def note_of(n: float, persons: int | None, *, even: float | None = None, answered: bool = False) -> str:
    """Why a rate has no value or no interval; empty where it has both.

    Parameters
    ----------
    n : float
        What was counted.
    persons : int or None
        Of how many persons; None where they are not known.
    even : float, optional
        How many persons with equally many faces they are worth.
    answered : bool
        Whether `n` counts answers of a label, not faces that show an expression.
    """
    if n <= 0:
        return NO_ANSWER if answered else NO_FACE
    if persons is None:
        return ""
    if persons < TOO_FEW:
        return too_few(persons)
    return LOPSIDED if even is not None and even < LEAST_EVEN else ""


def worth_of(n_eff: float, persons: int | None) -> float | None:
    """The effective number as it is told: not of fewer than `TOO_FEW` persons, of whom it would tell too much."""
    return None if persons is not None and persons < TOO_FEW else known(n_eff)


FIELDS = ("statistic", "expression", "label", "value", "low", "high", "n", "hits", "persons", "n_eff", "method", "note")
"""Columns of a table of estimates, after those of the groups."""


class Estimates(tuple[Estimate, ...]):
    """Estimates in order; `table()` gives them as an Arrow table, one row each."""

    __slots__ = ()

    def of(self, statistic: str, *, expression: str | None = None, label: str | None = None) -> Estimates:
        """Those of one statistic, and of one expression or label where one is named."""
        return Estimates(
            e
            for e in self
            if e.statistic == statistic
            and (expression is None or e.expression == expression)
            and (label is None or e.label == label)
        )

    def table(self) -> pa.Table:
        """One row an estimate; each group column has a column of its own, null where it does not apply."""
        import pyarrow as pa

        columns = dict.fromkeys(column for e in self for column, _ in e.group)
        rows = []
        for e in self:
            levels = dict(e.group)
            row: dict[str, Any] = {f"group_{column}": levels.get(column) for column in columns}
            row |= {name: getattr(e, name) for name in FIELDS}
            rows.append(row)
        strings = ("statistic", "expression", "label", "method", "note")
        types = {name: pa.string() if name in strings else pa.float64() for name in FIELDS}
        schema = pa.schema([*((f"group_{c}", pa.string()) for c in columns), *types.items()])
        return pa.Table.from_pylist(rows, schema=schema)
