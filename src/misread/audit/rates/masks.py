"""What a rate counts: the cells that are hits, and the cells that they are a share of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from misread.audit.table import NONE, CountTable

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Measure:
    """A rate as a share of counts.

    Attributes
    ----------
    statistic : str
        Its name.
    expression, label : str or None
        The words it is about.
    hits, of : ndarray of bool, shape (expressions, labels)
        Cells that count, and cells they are a share of; hits lie within `of`.
    """

    statistic: str
    expression: str | None
    label: str | None
    hits: Mask = field(repr=False)
    of: Mask = field(repr=False)

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        """Statistic, expression, label."""
        return self.statistic, self.expression, self.label


def measures(table: CountTable) -> tuple[Measure, ...]:
    """All rates of a table but those of its single cells.

    accuracy, none_share; recall per expression, which is 0 where nobody ever answers it; precision and
    false_positive_rate per label that is an expression as well. A missing answer is an answer, and a wrong one: it is
    in what rates are a share of.
    """
    return _measures(table.expressions, table.labels)


def cells(table: CountTable) -> tuple[Measure, ...]:
    """P(label | expression) of each cell, as "confusion", in the order of the cells."""
    return _cells(table.expressions, table.labels)


def measure(table: CountTable, statistic: str, expression: str | None = None, label: str | None = None) -> Measure:
    """The rate of that name.

    Raises
    ------
    KeyError
        If the table has none such: its message names those that are there.
    """
    known = (*measures(table), *cells(table)) if statistic == "confusion" else measures(table)
    for found in known:
        if found.key == (statistic, expression, label):
            return found
    raise unknown((statistic, expression, label), known)


def unknown(key: tuple[str, str | None, str | None], known: Iterable[Measure]) -> KeyError:
    """What is raised where no measure has that key: its message names those that are there."""
    said = " ".join(word for word in key if word)
    there = sorted({" ".join(word for word in m.key if word) for m in known})
    return KeyError(f"no {said!r} in this table; there is: {', '.join(there)}")


@lru_cache(maxsize=64)
def _measures(expressions: tuple[str, ...], labels: tuple[str, ...]) -> tuple[Measure, ...]:
    E, L = len(expressions), len(labels)
    everything = np.ones((E, L), dtype=bool)
    right = np.array([[label == expression for label in labels] for expression in expressions], dtype=bool)
    right = right.reshape(E, L)
    found = [Measure("accuracy", None, None, right, everything)]
    if NONE in labels:
        found.append(Measure("none_share", None, None, _column(E, L, labels.index(NONE)), everything))
    for e, word in enumerate(expressions):
        found.append(Measure("recall", word, None, right & _row(E, L, e), _row(E, L, e)))
    own = [(e, labels.index(word)) for e, word in enumerate(expressions) if word in labels]
    for e, at in own:
        found.append(Measure("precision", None, labels[at], _column(E, L, at) & _row(E, L, e), _column(E, L, at)))
    for e, at in own:
        found.append(
            Measure("false_positive_rate", None, labels[at], _column(E, L, at) & ~_row(E, L, e), ~_row(E, L, e))
        )
    return tuple(found)


@lru_cache(maxsize=64)
def _cells(expressions: tuple[str, ...], labels: tuple[str, ...]) -> tuple[Measure, ...]:
    E, L = len(expressions), len(labels)
    # Every mask with a single cell is a window on one line of 2·E·L − 1 bytes: with 200 words each would take 40 kB.
    line = np.zeros(max(2 * E * L - 1, 0), dtype=bool)
    line[E * L - 1 : E * L] = True
    rows = [_row(E, L, e) for e in range(E)]
    return tuple(
        Measure(
            "confusion",
            expression,
            label,
            line[E * L - 1 - (e * L + at) : 2 * E * L - 1 - (e * L + at)].reshape(E, L),
            rows[e],
        )
        for e, expression in enumerate(expressions)
        for at, label in enumerate(labels)
    )


def _row(E: int, L: int, e: int) -> Mask:
    mask = np.zeros((E, L), dtype=bool)
    mask[e] = True
    return mask


def _column(E: int, L: int, at: int) -> Mask:
    mask = np.zeros((E, L), dtype=bool)
    mask[:, at] = True
    return mask
