"""The part of audit.json that a profile is made of: counts, and what a row of them is worth.

The descriptions go into the JSON Schema.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

FORMAT = "misread-audit/1"
"""Of audit.json: another number means that an older version cannot read it."""
CLOSE = 1e-9
"""How far sums of weights may be from each other, relative to them; whole numbers add up exactly."""

Number = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Figure = Annotated[float, Field(allow_inf_nan=False)]


class Table(BaseModel):
    """One object of the file: nothing unknown, nothing changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Table):
    """What was read, and what was missing in it.

    Attributes
    ----------
    name, kind : str
        The file's name without its folders, or what kind of table it was; how it was read.
    sha256 : str or None
        Digest of the file's bytes; None where it was no file.
    bytes : int or None
        The file's size.
    rows : int
        Rows read.
    counted : float
        What the counts add to: rows, votes, or their weights.
    columns : dict of str to tuple of str
        What was asked for → the columns that it named.
    missing_truth : int
        Rows without truth: counted, and in no rate.
    missing_answers : dict of str to int
        How an answer was missing → in how many rows; they are counted as `none`.
    alone : int
        Rows that name no person, each taken as a person of its own.
    left_out : dict of str to int
        Why rows stand in no count → how many.
    read_as : tuple of str
        How a file was read where that was found out.
    """

    name: Annotated[str, Field(description="The file's name, or what kind of table it was.")]
    kind: Annotated[str, Field(description="How it was read.")] = ""
    sha256: Annotated[str | None, Field(description="Digest of the file's bytes.")] = None
    bytes: Annotated[int | None, Field(ge=0, description="The file's size.")] = None
    rows: Annotated[int, Field(ge=0, description="Rows read.")]
    counted: Annotated[Number, Field(description="What the counts add to: rows, votes, or their weights.")]
    columns: Annotated[
        dict[str, tuple[str, ...]], Field(description="What was asked for, and the columns that it named.")
    ] = {}
    missing_truth: Annotated[int, Field(ge=0, description="Rows without truth: counted, and in no rate.")] = 0
    missing_answers: Annotated[
        dict[str, int], Field(description="How an answer was missing, and in how many rows; counted as `none`.")
    ] = {}
    alone: Annotated[int, Field(ge=0, description="Rows that name no person, each a person of its own.")] = 0
    left_out: Annotated[dict[str, int], Field(description="Why rows stand in no count, and how many.")] = {}
    read_as: Annotated[tuple[str, ...], Field(description="How the file was read, where that was found out.")] = ()


class Column(Table):
    """A group column and its levels."""

    name: Annotated[str, Field(description="The group column.")]
    levels: Annotated[tuple[str, ...], Field(description="Its levels; `(missing)` is last where it occurs.")]


class Stratum(Table):
    """One combination of levels that occurs, and its counts."""

    levels: Annotated[dict[str, str], Field(description="Group column → level.")]
    counts: Annotated[
        tuple[tuple[Number, ...], ...], Field(description="Expressions × labels, in the order of these lists.")
    ]
    squares: Annotated[
        tuple[tuple[Number, ...], ...] | None, Field(description="Sums of squared weights, where rows have weights.")
    ] = None
    untold: Annotated[tuple[Number, ...], Field(description="Rows without truth, by label.")]


class Row(Table):
    """What one row of counts is worth.

    Attributes
    ----------
    n : float
        Faces (rows) that show the expression.
    persons : int or None
        Of how many persons; None where nobody said who is shown.
    n_eff : float or None
        Independent faces they are worth; None where there are none.
    xx, xn : tuple of float or None
        Per label Σx² and Σx·n over persons, x answers of n faces of one person. None under five persons, where they
        would tell of single ones.
    nn : float or None
        Σn² over persons, on the same terms.
    """

    n: Annotated[Number, Field(description="Faces that show the expression.")]
    persons: Annotated[int | None, Field(ge=0, description="Persons they are of.")] = None
    n_eff: Annotated[Number | None, Field(description="Independent faces they are worth.")] = None
    xx: Annotated[tuple[Number, ...] | None, Field(description="Per label, the sum of x² over persons.")] = None
    xn: Annotated[tuple[Number, ...] | None, Field(description="Per label, the sum of x·n over persons.")] = None
    nn: Annotated[Number | None, Field(description="Sum of n² over persons.")] = None


class Part(Table):
    """One stratum of a margin: what its rows are worth, in the order of the expressions."""

    levels: Annotated[dict[str, str], Field(description="Group column → level.")]
    persons: Annotated[int | None, Field(ge=0, description="Persons in it.")] = None
    rows: tuple[Row, ...]


class Margin(Table):
    """The table by some of its columns. Counts of it are sums over strata; what depends on persons is not."""

    columns: Annotated[tuple[str, ...], Field(description="Group columns, crossed; none means everybody.")]
    parts: tuple[Part, ...]


class LabelEffect(Table):
    """How much of being answered one label falsely belongs to the person.

    Attributes
    ----------
    label : str
        The label.
    icc, icc_low, icc_high : float or None
        Intra-class correlation, and its interval.
    sd, sd_low, sd_high : float or None
        Spread of the trait between persons on the log scale, as a deployment's `[[traits]]` has it.
        `sd_high` None beside an `sd`: no upper bound can be told.
    persons : int
        With two faces or more whose truth is another word.
    faces, hits : float
        Such faces of theirs, and those of them answered so.
    note : str
        Why it could not be told, where it could not.
    """

    label: str
    icc: Figure | None = None
    icc_low: Figure | None = None
    icc_high: Figure | None = None
    sd: Number | None = None
    sd_low: Number | None = None
    sd_high: Number | None = None
    persons: Annotated[int, Field(ge=0)] = 0
    faces: Number = 0.0
    hits: Number = 0.0
    note: str = ""


class PersonEffect(Table):
    """The person effect, label by label."""

    labels: tuple[LabelEffect, ...]
    persons: Annotated[int, Field(ge=0)]
    within: Annotated[tuple[str, ...], Field(description="Group columns whose differences are not the person's.")] = ()
    level: Annotated[float, Field(gt=0, lt=1, description="Of the intervals.")] = 0.95


class Counts(BaseModel):
    """Counts of an audit, and what a deployment needs beside them.

    Attributes
    ----------
    format, version : str
        Of the file, and of the misread that wrote it.
    source : Source
        What was read.
    unit : str
        What is counted: "rows", "votes", "photographs" …
    expressions, labels : tuple of str
        True words, and answered words; `none` (no answer) is the last label.
    columns : tuple of Column
        Group columns.
    persons : int or None
        Persons in all; None where nobody said who is shown.
    strata : tuple of Stratum
        Combinations of levels that occur.
    margins : tuple of Margin
        What rows are worth: for everybody, by each column, by pairs, and by all columns.
    effect : PersonEffect or None
        How much of false answers belongs to the person; None where persons are not known.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    format: Annotated[Literal["misread-audit/1"], Field(description="Of this file.")]
    version: Annotated[str, Field(description="Of the misread that wrote it.")]
    source: Source
    unit: Annotated[str, Field(description="What is counted.")] = "rows"
    expressions: Annotated[tuple[str, ...], Field(description="True words: the rows.")]
    labels: Annotated[tuple[str, ...], Field(description="Answered words; `none` is no answer.")]
    columns: tuple[Column, ...] = ()
    persons: Annotated[int | None, Field(ge=0, description="Persons in all, where known.")] = None
    strata: tuple[Stratum, ...]
    margins: tuple[Margin, ...]
    effect: PersonEffect | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> Counts:
        for wrong in self._wrong():
            raise ValueError(wrong)
        return self

    def _wrong(self) -> Iterator[str]:
        """What does not go together."""
        names = [column.name for column in self.columns]
        for words, what in ((self.expressions, "expressions"), (self.labels, "labels"), (names, "columns")):
            if len(set(words)) < len(words):
                yield f"one of the {what} is there twice"
        shape = (len(self.expressions), len(self.labels))
        for stratum in self.strata:
            if set(stratum.levels) != set(names):
                yield f"a stratum has levels of {', '.join(stratum.levels) or 'no column'}"
            for counts in (stratum.counts, stratum.squares or stratum.counts):
                if len(counts) != shape[0] or any(len(row) != shape[1] for row in counts):
                    yield f"a stratum has counts that are not {shape[0]} expressions by {shape[1]} labels"
            if len(stratum.untold) != shape[1]:
                yield f"a stratum has {len(stratum.untold)} numbers in `untold`, not {shape[1]}"
        counted = math.fsum(
            count for stratum in self.strata for row in (*stratum.counts, stratum.untold) for count in row
        )
        if not _same(counted, self.source.counted):
            yield f"the counts add to {counted:.15g}, and {self.source.counted:.15g} are said to be there"
        for margin in self.margins:
            yield from self._wrong_in(margin)

    def _wrong_in(self, margin: Margin) -> Iterator[str]:
        by = ", ".join(margin.columns) or "everybody"
        weighted = any(stratum.squares is not None for stratum in self.strata)
        totals: dict[tuple[str, ...], list[float]] = {}
        for stratum in self.strata:
            try:
                key = tuple(stratum.levels[column] for column in margin.columns)
            except KeyError as error:
                yield f"a margin is by {error}, which is no column"
                return
            sums = totals.setdefault(key, [0.0] * len(self.expressions))
            for i, row in enumerate(stratum.counts):
                sums[i] += math.fsum(row)
        for part in margin.parts:
            there = totals.pop(tuple(part.levels.get(column, "") for column in margin.columns), None)
            if there is None or len(part.rows) != len(self.expressions):
                yield f"the margin by {by} has a part that the strata do not have"
                return
            for expression, face, total in zip(self.expressions, part.rows, there, strict=True):
                if not _same(face.n, total):
                    yield f"the margin by {by} has {face.n:.15g} faces of {expression!r}, the strata have {total:.15g}"
                # Rows with weights below 1 may be worth more than their weights add to.
                if not weighted and face.n_eff is not None and face.n_eff > face.n * (1 + CLOSE):
                    yield f"the margin by {by} makes {face.n_eff:.15g} independent faces of {face.n:.15g}"
        if totals:
            yield f"the margin by {by} lacks a part that the strata have"


def _same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=CLOSE, abs_tol=CLOSE)
