"""Sheets as they are looked at: some of their rows, with what each column is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from misread.rights.check.dictionary.classify import Column, classify
from misread.rights.check.dictionary.series import Mask, Series, series

if TYPE_CHECKING:
    from misread.rights.check.model import Answers, Export, Sheet


@dataclass(frozen=True, eq=False)
class Part:
    """A sheet, as far as it is looked at.

    Attributes
    ----------
    sheet : Sheet
        The sheet.
    columns : tuple of Column
        What each column is.
    cells : tuple of Series
        What stands in each, in the rows that are looked at.
    rows : ndarray of int64
        Which rows of the sheet those are, from 0.
    """

    sheet: Sheet
    columns: tuple[Column, ...]
    cells: tuple[Series, ...]
    rows: NDArray[np.int64]

    def where(self, own: Mask) -> Part:
        """The part with some of its rows; nothing of the others is kept."""
        return replace(self, cells=tuple(cells.where(own) for cells in self.cells), rows=self.rows[own])

    def called(self, name: str) -> Part:
        """The part under another name."""
        columns = tuple(replace(column, sheet=name) for column in self.columns)
        return replace(self, sheet=replace(self.sheet, name=name), columns=columns)

    def having(self, *roles: str) -> Iterator[tuple[Column, Series]]:
        """Columns with one of some roles that hold something."""
        for column, cells in zip(self.columns, self.cells, strict=True):
            if column.role in roles and cells.size:
                yield column, cells

    def of(self, *kinds: str) -> Iterator[tuple[Column, Series]]:
        """Columns of some classes that hold something."""
        for column, cells in zip(self.columns, self.cells, strict=True):
            if column.kind in kinds and cells.size:
                yield column, cells

    def row(self, index: int) -> int:
        """The number by which a user finds a row that is counted here."""
        return self.sheet.row(int(self.rows[index]))


def parts_of(export: Export, answers: Answers) -> tuple[Part, ...]:
    """All sheets of an export, whole, with what their columns are."""
    made = []
    for sheet in export.tables:
        cells = tuple(map(series, sheet.columns.columns))
        made.append(Part(sheet, classify(sheet, answers, cells), cells, np.arange(sheet.rows)))
    return tuple(made)
