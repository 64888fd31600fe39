"""Labels as they were written one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from misread.language import gettext as _
from misread.rights.check.dictionary.classify import Column
from misread.rights.check.dictionary.entries import CLASSES, LABELS, dictionary, fold
from misread.rights.check.dictionary.series import Mask, Series
from misread.rights.check.dictionary.shapes import beside, numbers, numeric
from misread.rights.check.dictionary.times import NONE, Ints
from misread.rights.check.findings.seen.moments import MINUTE, Times
from misread.rights.check.findings.seen.parts import Part

MOST_CODES = 40
"""A column of codes has at most so many different ones; one of numbers of rows has more."""
LONGEST = 80
"""Letters of the longest label: what is longer is a text, and is not shown."""
MOST_LABELS = 80
"""A column with more distinct words than this holds no labels: nobody is asked about each."""
SCALES = frozenset({"affect-dimension", "engagement"})
"""Classes of labels that are numbers of themselves."""
KINDS = frozenset({"reading", "alert", "mark", "decision"})
"""What kinds of entry a row may be."""


@dataclass(frozen=True, eq=False)
class Stream:
    """Labels that were written one after the other: a column, or several that stand side by side.

    Attributes
    ----------
    part : Part
        Where it stands.
    columns : tuple of Column
        The column, or those side by side.
    kind : str
        The class of the column.
    words : tuple of str
        Distinct labels; empty for numbers.
    codes : ndarray of int32
        Which label each is; for numbers 0.
    rows : ndarray of int64
        Which row of the part each stands in.
    days, moments : ndarray of int64
        When each was written; `NONE` where that is not known.
    numeric : bool
        Whether they are numbers.
    values : ndarray of float64
        The numbers.
    spoilt : bool
        Whether it has so many distinct words that it cannot be a list of labels.
    """

    part: Part
    columns: tuple[Column, ...]
    kind: str
    words: tuple[str, ...]
    codes: NDArray[np.int32]
    rows: NDArray[np.int64]
    days: Ints
    moments: Ints
    numeric: bool = False
    values: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    spoilt: bool = False

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def coded(self) -> bool:
        """Whether whole numbers stand where words would: codes, and neither a scale nor a yes or no."""
        if not self.numeric or self.kind in SCALES:
            return False
        values = np.unique(self.values[np.isfinite(self.values)])
        return bool(2 < values.size <= MOST_CODES and (values == np.rint(values)).all())

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How often each label occurs."""
        return np.bincount(self.codes, minlength=len(self.words))[: len(self.words)].astype(np.int64)


def streams_of(part: Part, times: Times, said: Mapping[str, str]) -> Iterator[Stream]:
    """The labels of a part: each column of labels, or those side by side as one."""
    readings = _readings(part, said)
    groups: dict[tuple[str, str], list[tuple[Column, Series]]] = {}
    for column, cells in part.of(*LABELS):
        aside = beside(column.name.rsplit(".", 1)[-1]) is not None
        key = column.stem if aside else column.name
        groups.setdefault((column.kind, key), []).append((column, cells))
    for (kind, _key), members in groups.items():
        yield _stream(part, times, kind, members, readings, said)


def _readings(part: Part, said: Mapping[str, str]) -> Mask:
    """Rows that are readings, where a column says what kind of entry each row is; else all."""
    rows = np.ones(len(part.rows), dtype=np.bool_)
    for _column, cells in part.having("kind"):
        kinds = [said.get(fold(word)) or dictionary().kinds.get(fold(word), "") for word in cells.words(MOST_LABELS)]
        kinds += [""] * (cells.size - len(kinds))
        if "reading" in kinds or {"alert", "mark", "decision"} & set(kinds):
            other = np.array([kind in ("alert", "mark", "decision") for kind in kinds], dtype=np.bool_)
            rows &= ~np.append(other, False)[cells.codes]
    return rows


def _stream(
    part: Part,
    times: Times,
    kind: str,
    members: Sequence[tuple[Column, Series]],
    readings: Mask,
    said: Mapping[str, str],
) -> Stream:
    read = [(column, *_labels(cells, readings, said)) for column, cells in members]
    numeric_ = all(numeric(cells.distinct) for _column, cells, _rows in read)
    spoilt = not numeric_ and any(cells.size > MOST_LABELS for _column, cells, _rows in read)
    vocabulary: dict[str, int] = {}
    codes, values = [], []
    for _column, cells, _rows in read:
        if numeric_ or spoilt:
            codes.append(np.zeros(len(cells), dtype=np.int32))
            values.append(numbers(cells.distinct)[cells.codes])
        else:
            places = [vocabulary.setdefault(_shown(word), len(vocabulary)) for word in cells.words()]
            codes.append(cells.mapped(places).astype(np.int32))
    row = np.concatenate([rows for _column, _cells, rows in read])
    moment = np.concatenate([_moments(column, times.moments[rows]) for column, _cells, rows in read])
    # Those side by side are put in order of time; a column of its own stays in the order of the file.
    order = np.lexsort((moment, row)) if len(members) > 1 else slice(None)
    return Stream(
        part=part,
        columns=tuple(column for column, _cells in members),
        kind=kind,
        words=tuple(vocabulary),
        codes=np.concatenate(codes)[order],
        rows=row[order],
        days=times.days[row[order]],
        moments=moment[order],
        numeric=numeric_,
        values=np.concatenate(values)[order] if numeric_ else np.zeros(0),
        spoilt=spoilt,
    )


def _labels(cells: Series, readings: Mask, said: Mapping[str, str]) -> tuple[Series, NDArray[np.int64]]:
    """The labels of a column and their rows: not what other entries hold, nor words that the user called no labels."""
    here = cells.filled & readings
    if excluded := {word for word, kind in said.items() if kind not in LABELS and kind != "nothing"}:
        out = np.array([fold(word) in excluded for word in cells.words()], dtype=np.bool_)
        here &= ~np.append(out, False)[cells.codes]
    return cells.where(here), np.flatnonzero(here)


def _shown(word: str) -> str:
    """A label as it is told; a text is none, and may be about anybody."""
    return word if len(word) <= LONGEST else _("a text of %(n)s letters", n=f"{len(word):,}")


def _moments(column: Column, at: Ints) -> Ints:
    """When the labels of a column were written: at the row's time, or so many minutes later as its name says."""
    later = beside(column.name.rsplit(".", 1)[-1])
    return np.where(at == NONE, NONE, at + round(later[1] * MINUTE)) if later else at


def classes_of_words() -> tuple[str, ...]:
    """What a word may be said to be."""
    return (*CLASSES, "nothing", "reading", "alert", "mark")
