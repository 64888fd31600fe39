"""What an entry of the catalogue holds: one published figure, or one whole confusion matrix.

The descriptions of the fields are what a message about a malformed entry says was expected.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from misread.evidence.entries.reference import Reference, Some, Table, Text
from misread.language import mark

Status = Literal["verified", "computed", "secondary", "rendered", "unverified", "unsourced"]
STATUSES: tuple[Status, ...] = get_args(Status)
"""From the surest to the least sure."""

MEANING: Mapping[Status, str] = MappingProxyType(
    {
        "verified": mark("the figure itself was seen in the source"),
        "computed": mark("counted again from the source's own published data"),
        "secondary": mark("the figure was seen quoted elsewhere, not in the source"),
        "rendered": mark("measured by this project on heads that it rendered itself; not published"),
        "unverified": mark("from memory: the source was not seen"),
        "unsourced": mark("in circulation without a test or a study behind it"),
    }
)
"""What each status means."""


Number = int | float


class Source(Table):
    """Where figures were published.

    Attributes
    ----------
    short : str
        As one would name it in running text.
    citation : str
        The full reference.
    doi : str
        Digital object identifier without the address before it; empty where there is none.
    reference : Reference or None
        The citation piece by piece, as far as it is known.
    """

    short: Annotated[Some, Field(description='the source in short, such as "Stöckli et al. (2018)"')]
    citation: Annotated[Some, Field(description="the full reference in one line")]
    doi: Annotated[
        str, Field(pattern=r"^(10\.\d{4,9}/\S+)?$", description='a DOI such as "10.3758/s13428-017-0996-1", or ""')
    ] = ""
    reference: Annotated[Reference | None, Field(description="a table { kind, authors, year, title, … }")] = None


class Figure(Table):
    """One number, or one figure in words.

    Attributes
    ----------
    name : str
        Which of several it is; empty where it is the only one.
    value : int, float or str
        The number as printed, or what the source says in words.
    unit : str
        What it is measured in; "1" for a share, "%" for per cent, empty for words.
    low, high : float or None
        95 % interval, or the range the source states.
    hits, n : int or None
        What was counted, of how many.
    n_of : str
        What `n` counts, such as "photographs".
    status : str or None
        How sure this figure is, where it differs from the entry.
    """

    name: Annotated[Text, Field(description="which of several figures it is")] = ""
    value: Annotated[Number | Some, Field(description="a number, or words in quotes")]
    unit: Annotated[Text, Field(description='a unit, such as "1" (a share), "%", "s" or "r"')] = ""
    low: Annotated[Number | None, Field(description="a number: the lower end")] = None
    high: Annotated[Number | None, Field(description="a number: the upper end")] = None
    hits: Annotated[int | None, Field(ge=0, description="a whole number: how many of `n`")] = None
    n: Annotated[int | None, Field(ge=1, description="a whole number from 1: how many were looked at")] = None
    n_of: Annotated[Text, Field(description='what `n` counts, such as "people"')] = ""
    status: Annotated[Status | None, Field(description=f"one of {', '.join(STATUSES)}")] = None

    @model_validator(mode="after")
    def _ordered(self) -> Figure:
        if isinstance(self.value, str) and (self.low is not None or self.high is not None):
            raise ValueError("a figure in words has no `low` or `high`")
        ends = [x for x in (self.low, self.value, self.high) if isinstance(x, int | float)]
        if ends != sorted(ends):
            raise ValueError("`low`, `value` and `high` are out of order")
        return self


class Entry(Table):
    """What every entry holds.

    Attributes
    ----------
    id : str
        A letter and two digits, such as "M14".
    topic : str
        The part of the catalogue it stands in.
    status : str
        How sure it is: that of its least sure figure.
    short, citation, doi : str
        The source; `citation` is empty only where `no_source` says why.
    reference : Reference or None
        The citation piece by piece, as far as it is known.
    no_source : str
        Why there is no source.
    from_memory : tuple of str
        What beside the figures was recalled and not checked, such as "doi".
    quantity : str
        What is measured.
    population, stimuli : str
        Who was looked at, and what was shown or done.
    where : str
        Place in the source.
    seen : str
        The stored copy in which it was seen.
    units : float or None
        Independent units (people, videos) behind the figures.
    unit_of : str
        What such a unit is.
    units_note : str
        How the units were counted, assumptions named.
    notes : tuple of str
        Errors in the source, and what to beware of.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z]\d{2,3}[a-z]?$", description='a letter and two digits, such as "A01"')]
    topic: Annotated[Some, Field(description="a topic at the head of the file")]
    status: Annotated[Status, Field(description=f"one of {', '.join(STATUSES)}")]
    short: Annotated[Text, Field(description="the source in short")] = ""
    citation: Annotated[Text, Field(description="the full reference in one line")] = ""
    doi: Annotated[str, Field(pattern=r"^(10\.\d{4,9}/\S+)?$", description='a DOI, or ""')] = ""
    reference: Annotated[Reference | None, Field(description="a table { kind, authors, year, title, … }")] = None
    no_source: Annotated[Text, Field(description="why there is no source")] = ""
    from_memory: Annotated[
        tuple[Literal["doi", "citation", "n"], ...],
        Field(strict=False, description='a list of "doi", "citation", "n"'),
    ] = ()
    quantity: Annotated[Some, Field(description="what is measured, in one line")]
    population: Annotated[Text, Field(description="who was looked at")] = ""
    stimuli: Annotated[Text, Field(description="what was shown or done")] = ""
    where: Annotated[Text, Field(description="place in the source")] = ""
    seen: Annotated[Text, Field(description="the stored copy in which it was seen")] = ""
    units: Annotated[Number | None, Field(gt=0, description="a number above 0: independent units")] = None
    unit_of: Annotated[Text, Field(description='what an independent unit is, such as "people"')] = ""
    units_note: Annotated[Text, Field(description="how the independent units were counted")] = ""
    notes: Annotated[tuple[Some, ...], Field(strict=False, description="a list of sentences")] = ()

    @model_validator(mode="after")
    def _sourced(self) -> Entry:
        if bool(self.citation) == bool(self.no_source):
            raise ValueError("an entry has either a source or, in `no_source`, the reason why it has none")
        return self


class Quantity(Entry):
    """A published figure, or several of one kind.

    Attributes
    ----------
    value : int, float, str or tuple of Figure
        The figure; a tuple of named ones where there are several.
    unit, low, high, hits, n, n_of
        As in `Figure`; where there are several, `unit`, `n` and `n_of` hold for all that state none.
    """

    value: Annotated[
        Number | Some | Annotated[tuple[Figure, ...], Field(strict=False, min_length=1)],
        Field(description="a number, words in quotes, or a list of { name, value, … }"),
    ]
    unit: Annotated[Text, Field(description='a unit, such as "1" (a share), "%", "s" or "r"')] = ""
    low: Annotated[Number | None, Field(description="a number: the lower end")] = None
    high: Annotated[Number | None, Field(description="a number: the upper end")] = None
    hits: Annotated[int | None, Field(ge=0, description="a whole number: how many of `n`")] = None
    n: Annotated[int | None, Field(ge=1, description="a whole number from 1: how many were looked at")] = None
    n_of: Annotated[Text, Field(description='what `n` counts, such as "people"')] = ""

    @model_validator(mode="after")
    def _consistent(self) -> Quantity:
        if isinstance(self.value, tuple):
            names = [f.name for f in self.value]
            if "" in names or len(set(names)) < len(names):
                raise ValueError("each of several figures has a `name` of its own")
            if any(x is not None for x in (self.low, self.high, self.hits)):
                raise ValueError("`low`, `high` and `hits` belong to the figures in the list")
        if any(f.hits is not None and (f.n is None or f.hits > f.n) for f in self.figures):
            raise ValueError("`hits` needs an `n` that is at least as large")
        weakest = max((f.status or self.status for f in self.figures), key=STATUSES.index)
        if STATUSES.index(weakest) > STATUSES.index(self.status):
            raise ValueError(f"`status` is that of the least sure figure: {weakest}")
        return self

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures, one where there is only one, with what holds for all of them filled in."""
        if not isinstance(self.value, tuple):
            keys = ("value", "unit", "low", "high", "hits", "n", "n_of")
            return (Figure(**{k: getattr(self, k) for k in keys}, status=self.status),)
        return tuple(
            f.model_copy(
                update={
                    "unit": f.unit or ("" if isinstance(f.value, str) else self.unit),
                    "n": f.n if f.n is not None else self.n,
                    "n_of": f.n_of or self.n_of,
                    "status": f.status or self.status,
                }
            )
            for f in self.value
        )


class Matrix(Entry):
    """A full confusion matrix: what was labelled as what.

    Attributes
    ----------
    counted : str
        What a cell counts, such as "frames".
    cells : str
        "counts", or "proportions" where the source prints only these.
    columns : tuple of str
        Labels.
    table : mapping
        Row → its cells as printed, in the order of the columns.
    row_n : mapping
        Row → how many were looked at.
    design_effect : float
        How many of what is counted make up one independent unit.
    units_at_most : float or None
        No row rests on more units than that.
    printed : mapping
        What the source itself computes from the matrix: accuracy, kappa, macro F1.
    """

    counted: Annotated[Some, Field(description='what a cell counts, such as "frames"')]
    cells: Annotated[Literal["counts", "proportions"], Field(description='"counts" or "proportions"')] = "counts"
    columns: Annotated[tuple[Some, ...], Field(strict=False, min_length=2, description="a list of labels")]
    table: Annotated[
        dict[Some, Annotated[tuple[Number, ...], Field(strict=False)]],
        Field(min_length=1, description="a table of rows, each a list with a number for every column"),
    ]
    row_n: Annotated[
        dict[Some, Annotated[int, Field(ge=1)]], Field(description="a table with the number behind every row")
    ]
    design_effect: Annotated[Number, Field(ge=1, description="a number from 1 up")] = 1
    units_at_most: Annotated[Number | None, Field(gt=0, description="a number above 0")] = None
    printed: dict[Literal["accuracy", "kappa", "macro_f1"], float] = Field(
        default_factory=dict, description="a table with any of accuracy, kappa, macro_f1"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Matrix:
        if list(self.row_n) != list(self.table):
            raise ValueError("`row_n` names the same rows as `table`, in the same order")
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("`columns` names each label once")
        if not self.units_note or not self.unit_of:
            raise ValueError("a matrix says in `unit_of` and `units_note` what its independent units are")
        for row, cells in self.table.items():
            if len(cells) != len(self.columns):
                raise ValueError(f"the row {row!r} has {len(cells)} cells for {len(self.columns)} columns")
            if min(cells) < 0:
                raise ValueError(f"the row {row!r} has a cell below 0")
            self._check_row(row, cells)
        return self

    def _check_row(self, row: str, cells: tuple[Number, ...]) -> None:
        total = math.fsum(cells)
        if self.cells == "proportions":
            # Each cell was rounded: half a unit of its last digit may be lost or won.
            digits = max(len(repr(float(c)).partition(".")[2]) for c in cells)
            if abs(total - 1) > (0.5 * len(cells) + 1e-6) * 10.0**-digits:
                raise ValueError(f"the row {row!r} adds to {total:.10g}, which rounding does not explain")
        elif not all(isinstance(c, int) for c in cells):
            raise ValueError(f"the row {row!r} holds counts that are no whole numbers")
        elif total != self.row_n[row]:
            raise ValueError(f"the row {row!r} adds to {total:.10g}, and `row_n` says {self.row_n[row]}")

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """True expressions."""
        return tuple(self.table)

    @cached_property
    def as_printed(self) -> Mapping[str, Mapping[str, Number]]:
        """Row → column → cell, as the source prints it."""
        return MappingProxyType(
            {row: MappingProxyType(dict(zip(self.columns, cells, strict=True))) for row, cells in self.table.items()}
        )

    @cached_property
    def counts(self) -> Mapping[str, Mapping[str, Number]]:
        """Row → column → count; where the source prints proportions, proportion × row n, a fraction as it is."""
        if self.cells == "counts":
            return self.as_printed
        return MappingProxyType(
            {
                row: MappingProxyType({column: p * self.row_n[row] for column, p in cells.items()})
                for row, cells in self.as_printed.items()
            }
        )

    @cached_property
    def row_units(self) -> Mapping[str, float]:
        """Row → independent units behind it: what was counted ÷ the design effect, at most `units_at_most`."""
        most = math.inf if self.units_at_most is None else self.units_at_most
        return MappingProxyType({row: min(n / self.design_effect, most) for row, n in self.row_n.items()})


def plain(entry: Entry) -> dict[str, Any]:
    """An entry as JSON can hold it: figures under `value`, a matrix as printed under `counts`."""
    first = ("id", "topic", "status", "short", "citation", "doi", "quantity")
    given = entry.model_dump(mode="json", exclude_defaults=True)
    row = {key: getattr(entry, key) for key in first}
    if isinstance(entry, Matrix):
        row["counts"] = {name: dict(cells) for name, cells in entry.as_printed.items()}
        row |= {key: getattr(entry, key) for key in ("cells", "counted", "row_n")}
        row["row_units"] = dict(entry.row_units)
        left_out = {"table", "columns"}
    else:
        assert isinstance(entry, Quantity)
        several = isinstance(entry.value, tuple)
        row["value"] = {f.name: f.value for f in entry.figures} if several else entry.value
        row["figures"] = [f.model_dump(mode="json", exclude_defaults=True) for f in entry.figures]
        left_out = {"value"} | ({"unit", "n", "n_of"} if several else set())
    return row | {key: value for key, value in given.items() if key not in row and key not in left_out}
