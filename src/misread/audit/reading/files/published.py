"""A published confusion matrix: an entry of the evidence, or a CSV file with a row for each truth, or each cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from misread.audit.reading.ask import Ask
from misread.audit.reading.facts import Counted, Facts
from misread.audit.reading.files.text import bytes_of, written
from misread.audit.reading.files.watched import kind_of, watched
from misread.audit.reading.words import Dictionary, check_levels
from misread.audit.table.matrix import Faces, Said, from_matrix
from misread.audit.table.model import MISSING, NONE, CountTable

if TYPE_CHECKING:
    from misread.evidence import Matrix

LARGEST = 10_000_000
"""Bytes: a matrix is small."""
COUNT = ("count", "counts", "n", "faces", "frequency", "freq")
"""Names of a column of counts."""
INDEPENDENT = "persons are not known: intervals treat faces as independent."
EVERYBODY = frozenset({"all", "overall", "total", "sum", "n"})
"""Names of rows and columns that only add up others."""


def read_counts(
    path: str | Path,
    ask: Ask | None = None,
    *,
    faces_per_row: Faces | None = None,
    renormalise: bool = False,
    transpose: bool = False,
) -> Counted:
    """A published confusion matrix.

    Parameters
    ----------
    path : str or Path
        A CSV file. Either a matrix: groups and truth first, then a column for each label; or a line for each cell:
        groups, truth, answer, count.
    ask : Ask, optional
        Its `groups`, `truth` and `prediction` name columns. Without `truth` the first column that is no group holds
        it; with `prediction`, or a column called "count" or "n" beside two others, there is a line for each cell.
    faces_per_row, renormalise, transpose
        As in `from_matrix`.

    Returns
    -------
    Counted

    Raises
    ------
    MisreadError
        If it cannot be read, or holds no matrix.
    """
    ask = ask or Ask()
    watch = watched(path, ask)
    file = watch.paths[0]
    if len(watch.paths) > 1 or kind_of(file, ask) != "text" or watch.bytes > LARGEST:
        raise ask.wrong("", "It is no small CSV file.", "one matrix as CSV.", file=str(path))
    watch.start()
    # Columns are looked for below, where they may be named by default.
    how = written(file, replace(ask, truth=ask.truth, id=None), packed=False)
    with bytes_of(file, packed=False) as opened:
        try:
            text = opened.read().decode(how.encoding).lstrip("\ufeff")
        except UnicodeError as error:
            raise ask.wrong(
                "encoding",
                f"It cannot be read as {how.encoding}.",
                mend=f"say how it is written with {ask.option('encoding', 'NAME')}.",
                file=str(path),
            ) from error
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=how.delimiter))[how.skip :]
    except csv.Error as error:
        raise ask.wrong("", f"It is no CSV: {error}.", "one matrix as CSV.", file=str(path)) from error
    head = [name.strip() for name in rows[0]] if rows else []
    body = [
        (line, [cell.strip() for cell in row])
        for line, row in enumerate(rows[1:], start=2 + how.skip)
        if any(cell.strip() for cell in row)
    ]
    if not body or len(head) < 2:
        raise ask.wrong(
            "", "It holds no matrix.", "a row for each expression, a column for each label.", file=str(path)
        )
    for line, row in body:
        if len(row) != len(head):
            raise ask.wrong(
                "",
                f"A line has {len(row)} cells, and the first one {len(head)}.",
                "as many cells in each line.",
                file=str(path),
                line=line,
            )
    groups, truth, labels, answer = _columns(head, ask, file.name)
    words = Dictionary(ask)
    levels = [tuple(words.level(row[head.index(g)]) or MISSING for g in groups) for _, row in body]
    for i, column in enumerate(groups):
        check_levels(ask, column, {level[i] for level in levels} - {MISSING}, str(path))
    cells: dict[tuple[tuple[str, ...], str, str], float] = {}
    for (line, row), stratum in zip(body, levels, strict=True):
        e = _word(words, row[head.index(truth)])
        if answer is not None:
            pairs = [(_word(words, row[head.index(answer)]), row[head.index(labels[0])])]
        else:
            pairs = [(_word(words, label), row[head.index(label)]) for label in labels]
        for label, cell in pairs:
            key = (stratum, e, label)
            if key in cells and answer is None and not ask.map_labels and not ask.fold_case:
                raise ask.wrong("", f'row "{e}" stands there twice.', "each row once.", file=str(path), line=line)
            column = label if answer is None else labels[0]
            cells[key] = cells.get(key, 0.0) + _number(cell, column, how.delimiter, ask, str(path), line)
    strata = tuple(dict.fromkeys(stratum for stratum, _, _ in cells))
    expressions = tuple(dict.fromkeys(e for _, e, _ in cells))
    answers = tuple(dict.fromkeys(label for _, _, label in cells))
    values = np.array([[[cells.get((s, e, a), 0.0) for a in answers] for e in expressions] for s in strata])
    table = from_matrix(
        values,
        expressions=expressions,
        labels=answers,
        columns=groups,
        strata=strata if groups else (),
        faces_per_row=faces_per_row,
        renormalise=renormalise,
        transpose=transpose,
        unit="faces" if ask.unit == "rows" else ask.unit,
        said=Said(str(path), ask.option),
    )
    if not watch.digest or watch.changed:
        raise ask.wrong("", "It changed while it was read.", "a file that stays as it is.", file=str(path))
    notes = [INDEPENDENT]
    if faces_per_row is not None:
        notes.append(
            "counts are rates × faces behind each row" + (", rows divided by their sums." if renormalise else ".")
        )
    facts = Facts(
        file.name,
        "matrix",
        watch.digest,
        watch.bytes,
        rows=round(table.total),
        columns=tuple(("groups", g) for g in groups)
        + (("truth", truth),)
        + ((("prediction", answer),) if answer else ()),
        missing_answers=_unanswered(table),
        read_as=how.notes,
        warnings=tuple(notes),
    )
    return Counted(table, None, (), facts)


def of_matrix(matrix: Matrix) -> Counted:
    """The counts of a matrix of the evidence catalogue, or of a file in its format.

    Parameters
    ----------
    matrix : Matrix
        An entry of `misread.evidence`.
    """
    table = from_matrix(matrix)
    notes = INDEPENDENT
    if table.weighted:
        notes = f"rows are worth the independent units that the source states: {matrix.units_note}."
    name = f"{matrix.id}, {matrix.short}"
    return Counted(
        table,
        facts=Facts(name, "matrix", rows=round(table.total), missing_answers=_unanswered(table), warnings=(notes,)),
    )


def _unanswered(table: CountTable) -> tuple[tuple[str, int], ...]:
    """How many answers a matrix says were missing."""
    none = round(float(table.counts[:, :, -1].sum()))
    return ((NONE, none),) if none else ()


def _columns(head: Sequence[str], ask: Ask, where: str) -> tuple[tuple[str, ...], str, tuple[str, ...], str | None]:
    """Groups, truth, columns of cells, and the column of answers where there is a line for each cell."""
    from misread.audit.reading.frames import absent

    for name in ("groups", "truth", "prediction"):
        given = getattr(ask, name)
        for column in (given,) if isinstance(given, str) else given or ():
            if column not in head:
                raise ask.wrong(name, *absent(column, head, ask, name, where), file=where)
    if twice := next((name for name in head if head.count(name) > 1), None):
        raise ask.wrong(
            "", f'{head.count(twice)} columns are called "{twice}".', "one.", "rename them, or add them up.", file=where
        )
    rest = [name for name in head if name not in ask.groups]
    count = next((name for name in rest if name.casefold() in COUNT), None)
    long = ask.prediction is not None or (len(rest) == 3 and count is not None and not ask.truth)
    truth = ask.truth or next((name for name in rest if name not in (ask.prediction, count if long else None)), "")
    if not truth or (long and not ask.prediction and len(set(rest)) < 3):
        raise ask.wrong(
            "counts",
            f"Which column holds the truth is not plain: {', '.join(rest) or 'none is left'}.",
            "groups first, then the truth.",
            f"name it with {ask.option('truth', 'COLUMN')}.",
            file=where,
        )
    if not long:
        labels = tuple(name for name in rest if name != truth)
        if total := [name for name in labels if name.casefold() in EVERYBODY]:
            raise ask.wrong(
                "counts", f'The column "{total[0]}" seems to be a total.', "labels alone.", "leave it out.", file=where
            )
        return ask.groups, truth, labels, None
    answer = ask.prediction or next(name for name in rest if name not in (truth, count))
    left = [name for name in rest if name not in (truth, answer)]
    if count is None and len(left) == 1:
        count = left[0]
    if count is None or len(left) != 1:
        raise ask.wrong(
            "counts",
            f"Which column holds the counts is not plain: {', '.join(left) or 'none is left'}.",
            'groups, truth, answer, and one column called "count".',
            f"name the groups with {ask.option('groups')}.",
            file=where,
        )
    return ask.groups, truth, (count,), answer


def _word(words: Dictionary, text: str) -> str:
    return words.label(text)[0] or NONE


def _number(cell: str, column: str, delimiter: str, ask: Ask, where: str, line: int) -> float:
    text = cell.removesuffix("%").strip()
    if delimiter != ",":
        text = text.replace(",", ".")
    try:
        return float(text or "nan")
    except ValueError as error:
        raise ask.wrong(
            "counts",
            f"{cell[:40]!r} in {column!r} is no number.",
            "counts or rates in all columns behind the truth.",
            f"name columns before the truth as groups: {ask.option('groups', 'COLUMN')}.",
            file=where,
            line=line,
        ) from error
