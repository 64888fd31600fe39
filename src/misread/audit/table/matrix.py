"""A published confusion matrix as a count table: the same door for what others counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, TypeGuard

import numpy as np
from numpy.typing import ArrayLike

from misread.audit.table.build import strata_of
from misread.audit.table.model import NONE, RESERVED, CountTable, Numbers
from misread.errors import MisreadError, Problem

if TYPE_CHECKING:
    from misread.evidence.entries.model import Matrix

ROUNDED = 0.05
"""How far from 1 a row of rates may add to be called rounded."""
NO_FACE = "no_face"
"""What the evidence catalogue calls a face that was not found."""
LARGEST = 2.0**53
"""Whole numbers are exact below it."""

Faces = float | Sequence[float] | Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Said:
    """How messages call what was given.

    Attributes
    ----------
    file : str
        Where the matrix stands.
    option : callable
        Argument, and its value if one is to be shown, as whoever asks calls it.
    """

    file: str = ""
    option: Callable[..., str] = lambda name, value="": f"{name}={value}" if value else str(name)

    def wrong(self, what: str, expected: str = "", mend: str = "", key: str = "counts") -> MisreadError:
        """What is wrong with a matrix, to be raised."""
        return MisreadError(Problem(what, expected, mend, self.file, self.option(key) if key else ""))


def from_matrix(
    counts: Matrix | Mapping[str, Mapping[str, float]] | ArrayLike,
    *,
    expressions: Sequence[str] = (),
    labels: Sequence[str] = (),
    columns: Sequence[str] = (),
    strata: Sequence[Sequence[str]] = (),
    faces_per_row: Faces | None = None,
    renormalise: bool = False,
    transpose: bool = False,
    units: Sequence[float] | Mapping[str, float] | None = None,
    missing: Sequence[str] = (),
    unit: str = "faces",
    said: Said | None = None,
) -> CountTable:
    """The count table of a confusion matrix. Of persons it knows nothing.

    Parameters
    ----------
    counts : Matrix, mapping or array
        A matrix of the evidence catalogue; expression → label → count; or an array of shape (expressions, labels),
        or (strata, expressions, labels).
    expressions, labels : sequence of str
        What rows and columns of an array mean. "none", no answer, is added to the labels where it is absent.
    columns, strata : sequences
        Group columns, and for each stratum its level in each of them.
    faces_per_row : float, sequence or mapping, optional
        How many faces stand behind each row, where rates are given; then counts are fractions as they come. Rows that
        add to 100 are percent.
    renormalise : bool
        Whether rows of rates that add to between 0.95 and 1.05 are divided by their sum.
    transpose : bool
        Whether truth stands in the columns.
    units : sequence or mapping, optional
        Independent units behind each row, such as people, where they are fewer than what is counted: kept as squares of
        weights, so that n²/Σw² is that number.
    missing : sequence of str
        Labels that mean that nothing was answered, and become "none"; "no_face" in the evidence catalogue is one.
    unit : str
        What is counted.
    said : Said, optional
        How messages call the file and the arguments.

    Returns
    -------
    CountTable

    Raises
    ------
    MisreadError
        If these are no counts or rates.
    """
    said = said or Said()
    fractions = faces_per_row is not None
    if not isinstance(counts, Mapping | Sequence | np.ndarray) and _of_evidence(counts):
        expressions, labels, unit = counts.rows, counts.columns, counts.counted
        units, fractions = counts.row_units, counts.cells == "proportions"
        missing, counts = (*missing, NO_FACE), counts.counts
    if isinstance(counts, Mapping):
        expressions = expressions or tuple(counts)
        labels = labels or tuple(dict.fromkeys(label for row in counts.values() for label in row))
        if absent := [e for e in expressions if e not in counts]:
            raise said.wrong(f'There is no row "{absent[0]}".', f"rows {', '.join(expressions)}.")
        values = np.array([[counts[e].get(label, 0) for label in labels] for e in expressions], dtype=np.float64)
    else:
        values = _array(counts, said)
    if transpose:
        values, expressions, labels = np.swapaxes(values, -1, -2), labels, expressions
    if values.ndim == 2:
        values = values[None]
    expressions, labels = tuple(map(str, expressions)), tuple(map(str, labels))
    values, labels = _without_answer(values, labels, missing)
    _check_words(values, expressions, labels, columns, strata, said)
    _check_values(values, expressions, labels, said)
    if faces_per_row is not None:
        values = _from_rates(values, expressions, faces_per_row, renormalise, said)
    elif not fractions and (values != np.floor(values)).any():
        _refuse_fractions(values, expressions, labels, said)
    return _table(values, expressions, labels, columns, strata, _per_row(units, expressions, said), unit)


def _of_evidence(counts: object) -> TypeGuard[Matrix]:
    """Whether it is a matrix of the evidence catalogue."""
    # Takes a moment to load; whoever has such a matrix has loaded it.
    from misread.evidence.entries.model import Matrix

    return isinstance(counts, Matrix)


def _without_answer(
    values: Numbers, labels: tuple[str, ...], missing: Sequence[str]
) -> tuple[Numbers, tuple[str, ...]]:
    """Labels that mean that nothing was answered, put together as the last one."""
    means = [label in (NONE, *missing) for label in labels]
    if not any(means) or len(labels) != values.shape[2]:
        return values, labels
    keep, drop = [i for i, m in enumerate(means) if not m], [i for i, m in enumerate(means) if m]
    none = values[:, :, drop].sum(axis=2, keepdims=True)
    return np.concatenate([values[:, :, keep], none], axis=2), (*(labels[i] for i in keep), NONE)


def _array(counts: object, said: Said) -> Numbers:
    try:
        values = np.asarray(counts, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise said.wrong("It is no table of numbers.", "an array with a row for each expression.") from error
    if values.ndim not in (2, 3):
        raise said.wrong(f"It has {values.ndim} dimensions.", "2 (expressions, labels), or 3 (strata before them).")
    return values


def _check_words(
    values: Numbers,
    expressions: Sequence[str],
    labels: Sequence[str],
    columns: Sequence[str],
    strata: Sequence[Sequence[str]],
    said: Said,
) -> None:
    S, E, L = values.shape
    if (len(expressions), len(labels)) != (E, L):
        raise said.wrong(
            f"It has {E} rows and {L} columns, for {len(expressions)} expressions and {len(labels)} labels.",
            "a name for each row and column.",
            f"if truth stands in the columns, say so: {said.option('transpose', 'True')}."
            if (len(labels), len(expressions)) == (E, L)
            else "",
        )
    if (S != 1 or columns) and (len(strata) != S or any(len(levels) != len(columns) for levels in strata)):
        raise said.wrong(
            f"It has {S} strata, and names for {len(strata)}.", "for each stratum a level of each group.", key="strata"
        )
    for words in (expressions, labels, columns):
        if twice := [w for w in words if list(words).count(w) > 1]:
            raise said.wrong(f'"{twice[0]}" stands there twice.', "each word once.", "put both together.")
    for levels in strata:
        if odd := [level for level in levels if level in RESERVED - {"(missing)"}]:
            raise said.wrong(
                f'A group has the level "{odd[0]}", a word that tables of results use for something else.',
                "levels that exclude each other.",
                "leave the totals out.",
            )
    if NONE in expressions:
        raise said.wrong(
            f'A row is called "{NONE}", which stands for a missing answer here.',
            "true expressions in the rows, and what was answered in the columns.",
            f"if truth stands in the columns, say so: {said.option('transpose', 'True')}.",
        )
    if not set(expressions) & set(labels):
        raise said.wrong(
            f"No label is an expression: {', '.join(labels)} against {', '.join(expressions)}.",
            "the same words for the same expressions.",
            "rename them.",
        )


def _check_values(values: Numbers, expressions: Sequence[str], labels: Sequence[str], said: Said) -> None:
    bad = ~np.isfinite(values) | (values < 0) | (values > LARGEST)
    if bad.any():
        _, e, label = (int(i) for i in np.argwhere(bad)[0])
        shown = "nothing" if np.isnan(values[bad][0]) else f"{values[bad][0]:.15g}"
        raise said.wrong(
            f'row "{expressions[e]}" holds {shown} under "{labels[label]}".',
            "counts: whole numbers from 0 up.",
            "mend that cell; 0 where nothing was counted.",
        )
    if not values.sum():
        raise said.wrong("All cells are 0; there is nothing to audit.", "counts.")
    if values.sum() > LARGEST:
        raise said.wrong(f"Its cells add to {values.sum():.3g}.", "counts of faces.")


def _refuse_fractions(values: Numbers, expressions: Sequence[str], labels: Sequence[str], said: Said) -> NoReturn:
    _, e, label = (int(i) for i in np.argwhere(values != np.floor(values))[0])
    _refuse_transposed(values, said)
    raise said.wrong(
        f'row "{expressions[e]}" holds {values[values != np.floor(values)][0]:g} under "{labels[label]}".',
        "counts: whole numbers from 0 up.",
        f"if these are rates, say how many faces stand behind each row: {said.option('faces_per_row', 'N')}.",
    )


def _refuse_transposed(values: Numbers, said: Said) -> None:
    """Rates whose columns add to 1, or 100, and whose rows do not, stand the other way round."""
    for whole in (1.0, 100.0):
        near = ROUNDED * whole
        across = np.abs(values.sum(axis=2) - whole) <= near
        if (np.abs(values.sum(axis=1) - whole) <= near).all() and not across.all():
            raise said.wrong(
                f"Its columns add to {whole:g}, and its rows do not: does truth stand in the columns?",
                "true expressions in the rows.",
                f"if so, say it: {said.option('transpose', 'True')}.",
            )


def _from_rates(values: Numbers, expressions: Sequence[str], faces: Faces, renormalise: bool, said: Said) -> Numbers:
    """Rates × faces behind each row."""
    n = _per_row(faces, expressions, said)
    assert n is not None
    if not (np.isfinite(n) & (n > 0)).all():
        raise said.wrong("A row has no faces.", "a number above 0 for each row.", key="faces_per_row")
    sums = values.sum(axis=2)
    if (np.abs(sums - 100) <= 100 * ROUNDED).all():
        values, sums = values / 100, sums / 100
    _refuse_transposed(values, said)
    off = np.abs(sums - 1)
    wrong = off > (ROUNDED if renormalise else 1e-9)
    if wrong.any():
        s, e = (int(i) for i in np.argwhere(wrong)[0])
        close = off[s, e] <= ROUNDED
        raise said.wrong(
            f'row "{expressions[e]}" adds to {sums[s, e]:.4g}.',
            "rates that add to 1, or to 100.",
            f"if they are rounded, say so: {said.option('renormalise', 'True')}."
            if close
            else f"if they are counts, leave out {said.option('faces_per_row')}.",
        )
    found: Numbers = values / sums[:, :, None] * n[:, None]
    return found


def _per_row(given: Faces | None, expressions: Sequence[str], said: Said) -> Numbers | None:
    """A number for each row."""
    if given is None:
        return None
    if isinstance(given, Mapping):
        if missing := [e for e in expressions if e not in given]:
            raise said.wrong(f'There is no number for row "{missing[0]}".', "one for each row.", key="faces_per_row")
        return np.array([given[e] for e in expressions], dtype=np.float64)
    found = np.asarray(given, dtype=np.float64)
    if found.ndim and found.shape != (len(expressions),):
        raise said.wrong(f"There are {found.size} numbers for {len(expressions)} rows.", "one, or one for each row.")
    return np.broadcast_to(found, (len(expressions),)).copy()


def _table(
    values: Numbers,
    expressions: tuple[str, ...],
    labels: tuple[str, ...],
    columns: Sequence[str],
    named: Sequence[Sequence[str]],
    units: Numbers | None,
    unit: str,
) -> CountTable:
    counts = values if NONE in labels else np.concatenate([values, np.zeros((*values.shape[:2], 1))], axis=2)
    levels = tuple(tuple(dict.fromkeys(row[i] for row in named)) for i in range(len(columns)))
    codes = np.array([[levels[i].index(level) for i, level in enumerate(row)] for row in named], dtype=np.int64)
    strata, to = strata_of(codes.reshape(len(counts), len(columns)), [len(known) for known in levels])
    together = np.zeros((len(strata), *counts.shape[1:]))
    np.add.at(together, to, counts)
    squares = None
    if units is not None:
        n = counts.sum(axis=2)
        each = np.maximum(np.divide(n, units[None], out=np.ones_like(n), where=units[None] > 0), 1.0)
        if (each > 1 + 1e-12).any():
            squares = np.zeros_like(together)
            np.add.at(squares, to, counts * each[:, :, None])
    return CountTable(
        expressions,
        labels if NONE in labels else (*labels, NONE),
        tuple(columns),
        levels,
        strata,
        together,
        np.zeros((len(strata), counts.shape[2])),
        squares,
        unit=unit,
    )
