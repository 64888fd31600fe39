"""One pass over a table: from a dataframe or a file to counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from misread.audit.reading import votes
from misread.audit.reading.ask import BINS, Ask
from misread.audit.reading.doubts import refused, said, twice
from misread.audit.reading.facts import Counted, Facts
from misread.audit.reading.frames import Grouped, Source, band, check_columns, group, number, score_bin, source_of
from misread.audit.reading.words import EMPTY, Dictionary, check_levels, ordered
from misread.audit.table.build import Binned, Lines, build
from misread.audit.table.model import MISSING, NONE, CountTable

Ints = NDArray[np.int64]


def count(source: object, ask: Ask) -> Counted:
    """Count a table of a model's answers, or of raters' votes.

    Parameters
    ----------
    source : dataframe, str or Path
        A dataframe of pandas, Polars (eager or lazy), PyArrow, DuckDB (a relation) or Dask; or the path of a file:
        Parquet (also a folder of parts, or a pattern such as ``parts/*.parquet``), CSV, JSON lines, Arrow or Feather.
    ask : Ask
        Which column means what.

    Returns
    -------
    Counted
        Counts per stratum, and what was noticed on the way. No row stays.

    Raises
    ------
    MisreadError
        If the table cannot be read, or what is asked of it makes no sense.
    """
    ask.check()
    if isinstance(source, str | Path):
        # DuckDB takes a moment to load, and is needed for files alone.
        from misread.audit.reading.files import opened

        with opened(source, ask) as file:
            counted = _count(file.source, ask)
            file.check_unchanged()
            facts = replace(
                counted.facts, digest=file.digest, bytes=file.bytes, read_as=file.read_as + counted.facts.read_as
            )
            return replace(counted, facts=facts)

    return _count(source_of(source, ask), ask)


def _count(source: Source, ask: Ask) -> Counted:
    check_columns(source, ask)
    if source.rows == 0:
        refused.refuse_empty(source, ask)
    left_out: tuple[tuple[str, int], ...] = ()
    if ask.id is not None:
        source, left_out = twice.settled(source, ask)
    each_own = refused.check_head(source, ask)
    pass_over = Pass(source, replace(ask, person=None) if each_own else ask)
    return pass_over.counted(left_out, ask if each_own else None)


@dataclass(frozen=True)
class _Coded:
    """Lines in codes, and what their codes number."""

    lines: Lines
    levels: tuple[tuple[str, ...], ...]


class Pass:
    """What is read of one table; words are numbered once, the same in every table that comes of it."""

    def __init__(self, source: Source, ask: Ask) -> None:
        self.source = source
        self.ask = ask
        self.words = Dictionary(ask)

    def counted(self, left_out: tuple[tuple[str, int], ...], own: Ask | None) -> Counted:
        """All tables, and the facts; `own` is what was asked where every row turned out to have its own person."""
        ask = self.ask
        if ask.prediction is None:
            return votes.counted(self, left_out)
        read = self._main()
        truth, answer = self.labels(read, "truth"), self.labels(read, "answer")
        expressions = ordered(w for w in truth.words if w is not None)
        labels = (*ordered((w for w in answer.words if w is not None), expressions), NONE)
        refused.check_truth(self.source, ask, read, truth)
        refused.check_labels(self.source, ask, expressions, labels[:-1], read)
        coded = self.lines(read, truth, expressions, answer, labels)
        refused.check_strata(self.source, ask, coded.levels, coded.lines, len(expressions) * len(labels))
        binned = None if ask.score is None else self._binned(read)
        table = build(
            coded.lines,
            expressions=expressions,
            labels=labels,
            columns=ask.groups,
            levels=coded.levels,
            binned=binned,
            bins=BINS,
            unit=ask.unit,
        )
        if ask.weights is not None and not table.counts.any():
            raise ask.wrong(
                "weights",
                f'"{ask.weights}" is 0 in every row that has a truth.',
                "numbers above 0.",
                "give rows a weight, or leave the weights out.",
                file=self.source.name,
            )
        rows = int(read.rows.sum())
        missing = missing_answers(answer, read.kept((coded.lines.truth >= 0) & (coded.lines.count > 0)))
        table, warned = said.about_people(table, own or ask, rows, every=own is not None)
        if table.people is None:
            # Where every row has its own person, rows are independent in all tables alike.
            self.ask = replace(ask, person=None)
        voted = votes.table_of(self) if ask.votes else None
        paired = tuple((column, self._paired(column, answer.words)) for column in ask.paired)
        facts = Facts(
            self.source.name,
            self.source.kind,
            rows=rows + sum(n for why, n in left_out),
            columns=tuple((own or ask).roles()),
            missing_truth=int(read.rows[(coded.lines.truth < 0) & (coded.lines.count > 0)].sum()),
            missing_answers=missing,
            persons=None if table.people is None else table.people.k,
            alone=0 if table.people is None else table.people.alone,
            left_out=(*left_out, *said.weightless(coded.lines)),
        )
        warnings = (
            *said.about_missing(facts),
            *said.about_answers(table, facts),
            *warned,
            *said.about_scores(read, coded.lines, binned, ask),
            *said.about_words(self.words, ask, ((ask.truth, truth), (ask.prediction, answer))),
        )
        return Counted(table, voted, paired, replace(facts, warnings=warnings))

    def _main(self) -> Grouped:
        """Lines by groups, truth and answer; where they are asked for, by person and bin of score as well."""
        ask = self.ask
        keys = self.group_keys() | {"truth": nw.col(ask.truth or ""), "answer": nw.col(ask.prediction or "")}
        inputs = {} if ask.weights is None else {"weight": number(ask.weights, ask)}
        if ask.person is not None:
            keys["person"] = nw.col(ask.person)
        if ask.score is not None:
            inputs["score"] = number(ask.score, ask) / ask.score_scale
            keys["bin"] = score_bin(inputs["score"])
        read = group(self.source, ask, keys, inputs)
        if len(read.rows) == 0:
            refused.refuse_empty(self.source, ask)
        if ask.score is not None:
            refused.check_scores(self.source, ask, read)
        refused.check_weights(self.source, ask, read)
        return read

    def group_keys(self) -> dict[str, nw.Expr]:
        """Group columns as keys: as they are, or as the number of their band."""
        return {
            f"g{i}": band(column, self.ask) if column in self.ask.bands else nw.col(column)
            for i, column in enumerate(self.ask.groups)
        }

    def labels(self, read: Grouped, key: str) -> Read:
        """Truth or answers as words."""
        found = [self.words.label(value) for value in read.values[key]]
        return Read(read.codes[key], [w for w, _ in found], [how for _, how in found])

    def lines(
        self, read: Grouped, truth: Read, expressions: Sequence[str], answer: Read, labels: Sequence[str]
    ) -> _Coded:
        """Lines of a group-by in codes."""
        levels, group = self.levels(read)
        weight = read.sums.get("weight")
        person = self.persons(read) if "person" in read.values else None
        answers = answer.in_order(labels)
        lines = Lines(
            group,
            truth.in_order(expressions),
            np.where(answers < 0, len(labels) - 1, answers),
            read.rows,
            weight,
            None if weight is None else read.sums["weight_2"],
            person,
        )
        return _Coded(lines, levels)

    def persons(self, read: Grouped) -> Ints:
        """The number of each line's person; −1 where a row names nobody: null, NaN, or a word that means it."""
        named = [value if self.words.level(value) is not None else None for value in read.values["person"]]
        return numbered(named, read.codes["person"], {v: i for i, v in enumerate(named) if v is not None})

    def levels(self, read: Grouped) -> tuple[tuple[tuple[str, ...], ...], Ints]:
        """Levels of each group column in order, and the number of each line's."""
        ask, levels, codes = self.ask, [], []
        for i, column in enumerate(ask.groups):
            values = read.values[f"g{i}"]
            if column in ask.bands:
                names = ask.band_names(column)
                refused.check_bands(self.source, ask, column, values)
                words = [None if value is None else names[int(value)] for value in values]
                order = tuple(name for name in names if name in words)
            else:
                words = [self.words.level(value) for value in values]
                order = ordered(w for w in words if w is not None)
                check_levels(ask, column, order, self.source.name)
                refused.check_levels_number(self.source, ask, column, order)
            at = numbered(words, read.codes[f"g{i}"], {w: j for j, w in enumerate(order)})
            if (at < 0).any():
                at, order = np.where(at < 0, len(order), at), (*order, MISSING)
            levels.append(order)
            codes.append(at)
        rows = len(read.rows)
        return tuple(levels), np.stack(codes, axis=1) if codes else np.zeros((rows, 0), dtype=np.int64)

    def _binned(self, read: Grouped) -> Binned:
        values = [-1 if value is None else int(value) for value in read.values["bin"]]
        bins = np.array([*values, -1], dtype=np.int64)[read.codes["bin"]]
        return Binned(bins, read.sums["score_1"], read.sums["score_2"])

    def _paired(self, column: str, answers: Sequence[str | None]) -> CountTable:
        """Answer × answer to the same face under another condition; no answer is an answer here."""
        ask = self.ask
        keys = self.group_keys() | {"truth": nw.col(ask.prediction or ""), "answer": nw.col(column)}
        if ask.person is not None:
            keys |= {"person": nw.col(ask.person), "shown": nw.col(ask.truth or "")}
        read = group(self.source, ask, keys, {} if ask.weights is None else {"weight": number(ask.weights, ask)})
        if ask.person is not None:
            # Beside the table, where they are in no rate, faces without truth would tell of the few that they may show.
            read = read.kept(self.labels(read, "shown").there)
        first, other = self.labels(read, "truth"), self.labels(read, "answer")
        refused.check_paired(self.source, ask, column, other, [w for w in answers if w is not None])
        first, other = first.used(), other.used()
        first = replace(first, words=[w or NONE for w in first.words])
        order = (*ordered({w for w in first.words if w} - {NONE}), NONE)
        labels = (*ordered({w for w in other.words if w}, order), NONE)
        coded = self.lines(read, first, order, other, labels)
        lines = replace(coded.lines, truth=np.where(coded.lines.truth < 0, len(order) - 1, coded.lines.truth))
        used = NONE in [w for w, n in zip(order, np.bincount(lines.truth, minlength=len(order)), strict=True) if n]
        return build(
            lines,
            expressions=order if used else order[:-1],
            labels=labels,
            columns=ask.groups,
            levels=coded.levels,
            unit=ask.unit,
        )


@dataclass(frozen=True)
class Read:
    """A column of labels as words: for each different value its word, or None and how it is missing."""

    codes: Ints
    words: list[str | None]
    how: list[str]

    def used(self) -> Read:
        """The same without words that no line has."""
        lines = np.bincount(self.codes[self.codes >= 0], minlength=len(self.words))
        return replace(self, words=[w if n else None for w, n in zip(self.words, lines, strict=True)])

    @property
    def there(self) -> NDArray[np.bool_]:
        """Lines in which it is not missing."""
        return np.array([*(w is not None for w in self.words), False])[self.codes]

    def in_order(self, order: Sequence[str]) -> Ints:
        """The place of each line's word in an order; −1 where it is missing."""
        return numbered(self.words, self.codes, {w: i for i, w in enumerate(order)})

    def rows_of(self, rows: Ints) -> Ints:
        """Rows of each different value; the last one is null."""
        return np.bincount(np.where(self.codes < 0, len(self.words), self.codes), rows, len(self.words) + 1).astype(
            np.int64
        )


def numbered(words: Sequence[str | None], codes: Ints, order: dict[str, int]) -> Ints:
    """The number of each line's word; −1 where it is missing."""
    look = [-1 if w is None else order[w] for w in words]
    return np.array([*look, -1], dtype=np.int64)[codes]


def missing_answers(answer: Read, read: Grouped) -> tuple[tuple[str, int], ...]:
    """How answers are missing, and in how many of these rows."""
    rows = replace(answer, codes=read.codes["answer"]).rows_of(read.rows)
    found: dict[str, int] = {EMPTY: int(rows[-1])}
    for w, how, n in zip(answer.words, answer.how, rows[:-1], strict=True):
        if w is None:
            found[how] = found.get(how, 0) + int(n)
    return tuple((how, n) for how, n in sorted(found.items()) if n)
