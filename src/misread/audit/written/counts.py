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


class Row(Table):
    """The faces that show one expression, and what they are worth.

    Attributes
    ----------
    n : float
        Faces (rows) that show the expression.
    counts : tuple of float
        How many of them were answered each label.
    squares : tuple of float or None
        Sums of squared weights, where rows have weights.
    persons : int or None
        Of how many persons; None where nobody said who is shown.
    n_eff : float or None
        Independent faces they are worth; None where there are none.
    left_out : bool
        Whether nothing is told of them, since they are of one to four persons, or would tell of such. They count as no
        faces then.
    """

    n: Annotated[Number, Field(description="Faces that show the expression.")]
    counts: Annotated[tuple[Number, ...], Field(description="Of them, by label.")]
    squares: Annotated[tuple[Number, ...] | None, Field(description="Sums of squared weights, by label.")] = None
    persons: Annotated[int | None, Field(ge=0, description="Persons they are of.")] = None
    n_eff: Annotated[Number | None, Field(description="Independent faces they are worth.")] = None
    left_out: Annotated[
        bool, Field(description="Nothing is told of them: they are of few persons, or would tell of such.")
    ] = False


class Part(Table):
    """One stratum of a margin: its counts, in the order of the expressions."""

    levels: Annotated[dict[str, str], Field(description="Group column → level.")]
    persons: Annotated[int | None, Field(ge=0, description="Persons in it.")] = None
    rows: tuple[Row, ...]
    untold: Annotated[
        tuple[Number, ...] | None,
        Field(description="Rows without truth, by label; null where persons are known, since theirs are not."),
    ] = None

    @property
    def left_out(self) -> bool:
        """Whether nothing is told of it."""
        return bool(self.rows) and all(row.left_out for row in self.rows)


class Margin(Table):
    """The table by some of its columns."""

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
        Such faces of everybody, and those of them answered so.
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
    margins : tuple of Margin
        Counts of everybody, by each column, by pairs, and by all columns: each stratum that occurs.
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
    margins: tuple[Margin, ...]
    effect: PersonEffect | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> Counts:
        for wrong in self._wrong():
            raise ValueError(wrong)
        return self

    @property
    def weighted(self) -> bool:
        """Whether rows have weights."""
        return any(row.squares is not None for part in self.everybody.parts for row in part.rows)

    @property
    def everybody(self) -> Margin:
        """The margin by no column."""
        return next(margin for margin in self.margins if not margin.columns)

    def _wrong(self) -> Iterator[str]:
        """What does not go together."""
        known = {column.name: column.levels for column in self.columns}
        names = [column.name for column in self.columns]
        for words, what in ((self.expressions, "expressions"), (self.labels, "labels"), (names, "columns")):
            if len(set(words)) < len(words):
                yield f"one of the {what} is there twice"
        if [len(margin.parts) for margin in self.margins if not margin.columns] != [1]:
            yield "it has no counts of everybody, or several"
            return
        for margin in self.margins:
            for column in margin.columns:
                if column not in known:
                    yield f"a margin is by {column!r}, which is no column"
                    return
            for part in margin.parts:
                if list(part.levels) != list(margin.columns) or any(v not in known[c] for c, v in part.levels.items()):
                    yield f"the margin by {_by(margin)} has a part of {part.levels or 'no level'}"
                yield from self._wrong_in(part, _by(margin))
        whole = self.everybody.parts[0]
        counted = math.fsum((*(row.n for row in whole.rows), *(whole.untold or ())))
        told = whole.untold is not None and not any(row.left_out for row in whole.rows)
        if (told and not _same(counted, self.source.counted)) or counted > self.source.counted * (1 + CLOSE):
            yield f"the counts add to {counted:.15g}, and {self.source.counted:.15g} are said to be there"
        for margin in self.margins:
            yield from self._wrong_among(margin, whole)

    def _wrong_in(self, part: Part, by: str) -> Iterator[str]:
        E, L = len(self.expressions), len(self.labels)
        if len(part.rows) != E or any(
            len(some) != L for row in part.rows for some in (row.counts, row.squares or row.counts)
        ):
            yield f"the margin by {by} has counts that are not {E} expressions by {L} labels"
            return
        if part.untold is not None and len(part.untold) != L:
            yield f"the margin by {by} has {len(part.untold)} numbers in `untold`, not {L}"
        for expression, row in zip(self.expressions, part.rows, strict=True):
            if not _same(math.fsum(row.counts), row.n):
                yield f"the margin by {by} has {row.n:.15g} faces of {expression!r}, and counts {sum(row.counts):.15g}"
            # Rows with weights below 1 may be worth more than their weights add to.
            if row.squares is None and row.n_eff is not None and row.n_eff > row.n * (1 + CLOSE):
                yield f"the margin by {by} makes {row.n_eff:.15g} independent faces of {row.n:.15g}"

    def _wrong_among(self, margin: Margin, whole: Part) -> Iterator[str]:
        """Its parts are together everybody, where none is left out."""
        for e, expression in enumerate(self.expressions):
            rows = [part.rows[e] for part in margin.parts]
            total, of = math.fsum(row.n for row in rows), whole.rows[e].n
            if (total > of * (1 + CLOSE)) or (not any(row.left_out for row in rows) and not _same(total, of)):
                yield f"the margin by {_by(margin)} has {total:.15g} faces of {expression!r}, everybody {of:.15g}"


def _by(margin: Margin) -> str:
    return ", ".join(margin.columns) or "everybody"


def _same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=CLOSE, abs_tol=CLOSE)
