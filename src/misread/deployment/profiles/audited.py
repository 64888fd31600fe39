"""Profiles from an audit: its counts as a matrix, each row worth as many faces as its persons allow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path as File
from typing import TYPE_CHECKING

from misread.deployment.origin import Origin, Path, quoted
from misread.deployment.text.problems import listed
from misread.deployment.text.source import near
from misread.errors import MisreadError, Problem

if TYPE_CHECKING:
    from misread.audit.written.counts import Counts, Row

PREFIX, MARK = "audit:", "#"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Audited:
    """A stratum of an audit, as the evidence catalogue gives a matrix.

    Attributes
    ----------
    rows, columns : tuple of str
        Expressions that were shown, and labels that could be answered.
    counts : mapping
        Expression → label → count.
    row_units : mapping
        Expression → independent faces.
    units_note, short, status : str
        How the units were counted, what was audited, and that it was measured.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Mapping[str, Mapping[str, float]]
    row_units: Mapping[str, float]
    units_note: str
    short: str
    status: str = "measured"

    def read_as(self, words: Collection[str]) -> Audited:
        """The same without `none` where every face got an answer and none of these words is meant by it.

        Parameters
        ----------
        words : collection of str
            Labels of the deployment, and columns that its profile speaks of.
        """
        if NONE in words or any(row.get(NONE) for row in self.counts.values()):
            return self
        return replace(self, columns=tuple(column for column in self.columns if column != NONE))


def is_audit(source: str) -> bool:
    """Whether a profile's `from` names an audit."""
    return source.startswith(PREFIX)


def parts(source: str) -> tuple[str, str]:
    """The file that `audit:PATH#column=level,…` names, and what stands behind the mark."""
    file, _, levels = source.removeprefix(PREFIX).partition(MARK)
    return file, levels


def file_of(origin: Origin, key: Path, source: str) -> File:
    """Where the file of an audit lies that a profile's `from` names."""
    return beside(origin, key) / parts(source)[0]


def beside(origin: Origin, key: Path) -> File:
    """What paths in a key are relative to: the folder of the file that gave it, or where one is if an option did."""
    said_in = origin.place(key).file
    return File() if said_in.startswith("--") else File(said_in).parent


def here(source: str) -> File:
    """Where the file of an audit lies that an option names."""
    return File(parts(source)[0])


def audited(source: str, file: File) -> Audited:
    """The counts of an audit that a profile names.

    Parameters
    ----------
    source : str
        ``audit:PATH``, or ``audit:PATH#column=level,…`` for the faces of one group.
    file : Path
        Where that file is.

    Raises
    ------
    MisreadError
        If the file is no audit, or has no such group.
    """
    from misread.audit.written.load import read_counts

    return group_of(read_counts(file), parts(source)[1], str(file))


def group_of(counts: Counts, levels: str, file: str) -> Audited:
    """The faces of one group of an audit.

    Parameters
    ----------
    counts : Counts
        Of the audit.
    levels : str
        ``column=level,…``; empty for everybody.
    file : str
        What messages call it.

    Raises
    ------
    MisreadError
        If there is no such group, or it has no faces.
    """
    chosen = _chosen(counts, levels, file)
    units = dict(zip(counts.expressions, _rows_of(counts, chosen, file), strict=True))
    columns = counts.labels
    by_row = {word: dict(zip(columns, row.counts, strict=True)) for word, row in units.items() if row.n > 0}
    if not by_row:
        raise MisreadError(
            Problem("It has no faces with a truth, so no profile.", "answers on labelled faces.", file=file)
        )
    return Audited(
        tuple(by_row),
        columns,
        by_row,
        {expression: units[expression].n_eff or 0.0 for expression in by_row},
        _note(counts, [units[expression] for expression in by_row]),
        _short(counts, chosen),
    )


def _chosen(counts: Counts, said: str, file: str) -> dict[str, str]:
    """Column → level, as they stand behind the mark; level names may hold commas and equals signs."""
    known = {column.name: column.levels for column in counts.columns}
    chosen: dict[str, str] = {}
    left = said
    while left:
        column, equals, left = left.partition("=")
        if not equals or column not in known:
            raise _no_group(file, f"{quoted(column)} is no group column of it.", column, known)
        # The longest level that fits goes first: one may begin like another.
        for level in sorted(known[column], key=len, reverse=True):
            if left == level or left.startswith(f"{level},"):
                chosen[column], left = level, left.removeprefix(level).removeprefix(",")
                break
        else:
            word = left.partition(",")[0]
            raise _no_group(file, f"{quoted(word)} is no level of {quoted(column)}.", word, known[column])
    return chosen


def _no_group(file: str, what: str, word: str, known: object) -> MisreadError:
    words = [str(name) for name in known] if isinstance(known, Mapping | tuple) else []
    meant = near(word, words)
    return MisreadError(
        Problem(
            what,
            expected=f"one of {listed(words)}." if words else "nothing behind the path: it has no groups.",
            mend=f"did you mean {quoted(meant)}?" if meant else f"write {PREFIX}PATH{MARK}column=level,column=level.",
            file=file,
        )
    )


def _rows_of(counts: Counts, chosen: Mapping[str, str], file: str) -> tuple[Row, ...]:
    """What the rows of a group are worth: from the margin by its columns."""
    for margin in counts.margins:
        if set(margin.columns) == set(chosen):
            for part in margin.parts:
                if part.levels == chosen and part.left_out:
                    raise _few(file, chosen)
                if part.levels == chosen:
                    return part.rows
            said = ", ".join(f"{column} {level}" for column, level in chosen.items())
            raise MisreadError(
                Problem(f"Nobody in it is {said}.", "a combination that occurs.", "choose fewer columns.", file=file)
            )
    sets = [f"{PREFIX}PATH{MARK}" + ",".join(f"{c}=…" for c in m.columns) for m in counts.margins if m.columns]
    raise MisreadError(
        Problem(
            f"It does not say what the faces by {' and '.join(map(quoted, chosen))} are worth.",
            f"one of {', '.join(sets)}, or {PREFIX}PATH.",
            "choose one of these, or audit the answers with fewer groups.",
            file=file,
        )
    )


def _few(file: str, chosen: Mapping[str, str]) -> MisreadError:
    said = ", ".join(f"{column} {level}" for column, level in chosen.items())
    whom = f"{said} by themselves" if said else "everybody together"
    what = f"It tells nothing of {whom}: they are fewer than five persons, or would tell of so few."
    return MisreadError(Problem(what, "a group of five persons or more.", "choose fewer columns.", file=file))


def _short(counts: Counts, chosen: Mapping[str, str]) -> str:
    source = counts.source
    whom = ", ".join(f"{column} {level}" for column, level in chosen.items())
    return f"an audit of {source.counted:,.12g} {counts.unit} of {source.name}" + (f", of these {whom}" if whom else "")


def _note(counts: Counts, rows: list[Row]) -> str:
    known = [row.persons for row in rows if row.persons is not None]
    if counts.weighted:
        return f"units are what weights leave of {counts.unit}: the square of their sum by the sum of their squares"
    if not known and any((row.n_eff or 0.0) < row.n * (1 - 1e-9) for row in rows):
        return f"units are {counts.unit} divided by the design effect of several on one face; nobody said who is shown"
    if not known:
        return f"nobody said who is shown: {counts.unit} are taken to be independent (assumption)"
    persons = f"{min(known):,} to {max(known):,} persons" if min(known) < max(known) else f"{known[0]:,} persons"
    return f"units are {counts.unit} divided by the design effect of several of one person, {persons} in a row"
