"""X12, which comes before all others: whose rows these are. Rows of other children are counted, and never shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.language import ngettext
from misread.rights.check.dictionary.entries import CLASSES, dictionary, fold
from misread.rights.check.dictionary.series import Mask
from misread.rights.check.findings.seen.checks import MOST_ROWS, finding
from misread.rights.check.findings.seen.parts import Part
from misread.rights.check.findings.seen.promised import Promise, promise
from misread.rights.check.model import Question

if TYPE_CHECKING:
    from misread.rights.check.dictionary.classify import Column
    from misread.rights.check.model import Finding, Json
    from misread.rights.record.model import Record


@dataclass(frozen=True, eq=False)
class Whose:
    """Whose rows an export holds.

    Attributes
    ----------
    parts : tuple of Part
        The family's own rows; nothing where it is not known which those are.
    pupils : int
        The most different children that any column tells apart; 0 where no column says whose a row is.
    stop : bool
        Whether there are several, and it was not said which is the family's.
    others : int
        Rows of other children that were left out.
    unassigned : int
        Rows left out because nothing says whose they are.
    columns : tuple of (str, int, str)
        The columns that say whose a row is: sheet, number, name.
    sample : tuple of int
        Numbers of rows of others, so that the school can find them.
    tables : int
        Tables left out whole.
    apart : tuple of str
        Names of columns that tell several apart, other than those by which the family's child was found.
    ways : int
        How many ways there are to say whose a row is that nothing ties to one another.
    feet : int
        Rows at the end of a table with nothing in them but a word about whose they are: a name, a sum, a remark.
    """

    parts: tuple[Part, ...]
    pupils: int
    stop: bool = False
    others: int = 0
    unassigned: int = 0
    columns: tuple[dict[str, Json], ...] = ()
    sample: tuple[dict[str, Json], ...] = ()
    tables: int = 0
    apart: tuple[str, ...] = ()
    ways: int = 1
    feet: int = 0


FOOT = 3
"""So many rows at the end of a table may be remarks."""


def whose(parts: Sequence[Part], pupil: str) -> Whose:
    """Find the family's own rows.

    Parameters
    ----------
    parts : sequence of Part
        All sheets, whole.
    pupil : str
        What the export calls the family's child; empty if it was not said.

    Raises
    ------
    MisreadError
        If no row is of a child that is called so.
    """
    ids: dict[str, set[str]] = {}
    names: dict[str, dict[str, None]] = {}
    tables: list[set[str]] = []
    columns: list[dict[str, Json]] = []
    feet = 0
    for number, part in enumerate(parts, 1):
        foot = _foot(part)
        feet += int(foot.sum())
        tables.append(set())
        for column, cells in part.having("pupil"):
            said = cells.where(~foot) if foot.any() else cells
            stem = fold(column.stem)
            # Only whether there are several matters, and a column of a million texts is no list of pupils.
            ids.setdefault(stem, set()).update(map(_same, said.words()))
            names.setdefault(stem, {})[_called(column, number)] = None
            tables[-1].add(stem)
            columns.append({"table": number, "column": column.position, "name": _called(column, number)})
    pupils = max(map(len, ids.values()), default=0)
    stems = {stem for stem, known in ids.items() if _same(pupil) in known} if pupil else set()
    if pupil and not stems:
        raise MisreadError(_not_there(pupils))
    apart = tuple(name for stem, known in ids.items() if len(known) > 1 and stem not in stems for name in names[stem])
    if pupils > 1 and not pupil:
        return Whose((), pupils, stop=True, columns=tuple(columns), apart=apart)
    if pupils > 1:
        own = _own(parts, _same(pupil), stems, max(len(ids[stem]) for stem in stems), columns)
        return replace(own, apart=apart)
    return Whose(tuple(parts), pupils, columns=tuple(columns), ways=_ways(tables, ids), feet=feet)


def _called(column: Column, table: int) -> str:
    """A column by the last part of its name, if that is a whole name of the dictionary; else it may hold a child's."""
    if fold(column.stem) in dictionary().names:
        return column.stem
    return _("column %(n)s of table %(table)s", n=column.position, table=table)


def _foot(part: Part) -> Mask:
    """Rows at the end of a table that hold nothing but a word about whose they are."""
    n, only = len(part.rows), np.zeros(len(part.rows), dtype=np.bool_)
    last = slice(max(0, n - FOOT - 1), n)
    named = [cells.filled[last] for _column, cells in part.having("pupil")]
    if named:
        held = np.sum([cells.filled[last] for cells in part.cells], axis=0)
        alone = np.any(named, axis=0) & (held == 1)
        # Where none holds more, it is a list of children.
        only[last] = alone & (n > FOOT) & ~alone.all()
    return only


def _ways(tables: Sequence[set[str]], ids: Mapping[str, set[str]]) -> int:
    """In how many ways it is said whose rows are, where neither a name of a column nor what stands there ties them."""
    groups: list[set[str]] = []
    for stems in tables:
        told = {f"column {stem}" for stem in stems} | {f"child {one}" for stem in stems for one in ids[stem]}
        tied = [group for group in groups if group & told]
        groups = [group for group in groups if not group & told] + ([told.union(*tied)] if told else [])
    return max(1, len(groups))


def _not_there(pupils: int) -> Problem:
    if not pupils:
        return Problem(
            "No column of the export says whose a row is.",
            "a column with names or numbers of pupils.",
            "leave --pupil out, or say with --column NAME=identity which column it is.",
            key="--pupil",
        )
    # What the others are called is not told.
    return Problem(
        "No row of the export is of a child that is called so.",
        "a name or a number as the export writes it.",
        "look it up in the letter that came with the export, or in the school's own papers about your child.",
        key="--pupil",
    )


def _same(word: str) -> str:
    """What a child is called, as it is compared: a program may have written a number as 17.0."""
    return re.sub(r"^(\d+)\.0+$", r"\1", " ".join(word.casefold().split()))


def _own(parts: Sequence[Part], pupil: str, stems: set[str], pupils: int, columns: Sequence[dict[str, Json]]) -> Whose:
    kept, others, unassigned, tables = [], 0, 0, 0
    sample: list[dict[str, Json]] = []
    for number, part in enumerate(parts, 1):
        own, known = _rows(part, pupil, stems)
        others += int((known & ~own).sum())
        unassigned += int((~known).sum())
        for index in np.flatnonzero(known & ~own)[: max(0, MOST_ROWS - len(sample))]:
            sample.append({"table": number, "row": part.sheet.row(int(index))})
        if own.any():
            kept.append(part.where(own))
        else:
            tables += 1
    return Whose(tuple(kept), pupils, False, others, unassigned, tuple(columns), tuple(sample), tables)


def _rows(part: Part, pupil: str, stems: set[str]) -> tuple[Mask, Mask]:
    """Rows of the child, and rows of which it is known whose they are.

    A column that never has what the child is called, such as one of names where its number was given, tells neither.
    """
    own, other = (np.zeros(len(part.rows), dtype=np.bool_) for _ in range(2))
    for column, cells in part.having("pupil"):
        if fold(column.stem) not in stems:
            continue
        same = np.array([_same(word) == pupil for word in cells.words()], dtype=np.bool_)
        here = np.append(same, False)[cells.codes]
        own |= here
        other |= cells.filled & ~here
    # What is said to be of two children, such as a list inside what holds both, is not the family's alone.
    return own & ~other, own | other


def x12(
    found: Whose, record: Record | None, names_hidden: int = 0, unknown: int = 0, tables_at_once: int = 0
) -> Finding:
    """Is anybody else in the file?

    Parameters
    ----------
    found : Whose
        Whose rows there are.
    record : Record, optional
        What was said.
    names_hidden : int
        Columns whose names may be those of children.
    unknown : int
        Columns of which nobody knows yet what they hold.
    tables_at_once : int
        Tables that have labels at the same moments as others.
    """
    said = promise(record, "output.level")
    if found.stop:
        return _stopped(found, said)
    near, staff = _people(found.parts, "other-child"), _people(found.parts, "staff")
    saw: dict[str, Json] = {"children": found.pupils, "columns": list(found.columns)}
    if found.others or found.unassigned or found.tables:
        saw |= {"rows_of_others": found.others, "rows_of_nobody": found.unassigned, "tables_left_out": found.tables}
        saw["row_sample"] = list(found.sample)
    if near:
        saw["columns_about_other_children"] = near
    if staff:
        saw["columns_about_staff"] = staff
    if names_hidden:
        saw["columns_with_names_not_shown"] = names_hidden
    say = []
    if found.others:
        say.append(
            ngettext(
                "The file holds %(n)s row of other children.",
                "The file holds %(n)s rows of other children.",
                found.others,
            )
        )
        say.append(_("They were counted and are not shown. All else here is about your child's rows alone."))
    if found.unassigned:
        say.append(_("Left out because nothing says whose they are: rows: %(n)s.", n=found.unassigned))
    if near:
        say.append(
            _("Columns that name other children beside yours: %(n)s. What stands there is not shown.", n=len(near))
        )
    if found.others or near:
        return finding("X12", "contradicts", " ".join(say), saw, said, ["letter:complaint", "question:output.level"])
    if staff:
        say.append(_("Columns about members of staff: %(n)s. What stands there is not shown.", n=len(staff)))
    if names_hidden:
        say.append(
            _(
                "%(n)s columns hold labels and have names that are in no dictionary. They may be names of children, "
                "and are not shown.",
                n=names_hidden,
            )
        )
    if tables_at_once:
        saw["tables_at_once"] = tables_at_once
        say.append(
            _(
                "%(n)s tables with the same columns have labels at the same moments. They may be about different "
                "children, and are called by number.",
                n=tables_at_once,
            )
        )
    if found.pupils:
        say.insert(0, _("All rows that say whose they are belong to one child."))
    else:
        say.append(
            _("No column says whose a row is, so that nothing here can tell whether all of them are your child's.")
        )
    if found.apart:
        saw["columns_that_tell_apart"] = list(found.apart)
        say.append(
            _("Other columns tell several apart, which may be children: %(names)s.", names=", ".join(found.apart))
        )
    if found.ways > 1:
        saw["ways_to_say_whose"] = found.ways
        say.append(_("Tables say whose their rows are in different ways, and nothing says that all mean one child."))
    if found.feet:
        saw["rows_with_a_name_alone"] = found.feet
        say.append(_("Rows at the end with nothing in them but a name or a remark: %(n)s.", n=found.feet))
    doubtful = names_hidden or found.apart or found.ways > 1 or found.feet or found.unassigned
    if not found.pupils or doubtful:
        return finding("X12", "cannot tell", " ".join(say), saw, said, ["question:output.level"])
    if unknown:
        saw["columns_unknown"] = unknown
        say.append(_("Columns that may name others, as long as nobody says what they hold: %(n)s.", n=unknown))
        return finding("X12", "cannot tell", " ".join(say), saw, said, ["answer:--column"])
    return finding("X12", "matches", " ".join(say), saw, said)


def _stopped(found: Whose, said: Promise) -> Finding:
    saw: dict[str, Json] = {"children": found.pupils, "columns": list(found.columns)}
    says = _(
        "Stop. Going by “%(names)s”, the file holds rows of %(n)s children. Do not pass it on, and do not look at "
        "the others' rows. Nothing else was looked at; say which child is yours, and only its rows are.",
        n=found.pupils,
        names="”, “".join(found.apart),
    )
    # A name may be that of a school, and a number that of a track.
    says += " " + _("If such a column says something else, say what.")
    return finding("X12", "contradicts", says, saw, said, ["letter:complaint", "answer:--pupil"])


def asks_whose(found: Whose) -> Iterator[Question]:
    """Which child is the family's, or what the columns say that seem to hold several.

    What the file calls the others is not told, nor a name of a column that may be a child's.
    """
    yield Question(
        id="pupil",
        asks=_("What does the file call your child? Take the name or the number from the school's papers."),
        option="--pupil",
    )
    others = tuple(one for one in CLASSES if one not in ("identity", "other-person"))
    for name in found.apart:
        if fold(name) in dictionary().names:
            asks = _(
                "Or does “%(name)s” not say whose a row is, but the number of a track, or a school? Then: what is it?",
                name=name,
            )
            yield Question(f"column:{name}", asks, others, "--column", name)


def _people(parts: Sequence[Part], role: str) -> list[Json]:
    return [
        {
            "sheet": column.sheet,
            "column": column.position,
            "name": column.name,
            "filled": int(cells.filled.sum()),
            "different": cells.size,
        }
        for part in parts
        for column, cells in part.having(role)
    ]
