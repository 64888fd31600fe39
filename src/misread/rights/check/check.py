"""All checks of an export: first whose rows it holds, then, of the family's own rows alone, everything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.language import ngettext
from misread.rights.check.dictionary.classify import UNKNOWN
from misread.rights.check.dictionary.entries import CLASSES, fold
from misread.rights.check.findings import contents, kept, labels, regular, stated, when
from misread.rights.check.findings.others import Whose, asks_whose, whose, x12
from misread.rights.check.findings.seen.checks import CHECKS, finding
from misread.rights.check.findings.seen.days import days_of, in_words, typical, undated
from misread.rights.check.findings.seen.look import Look, without_names
from misread.rights.check.findings.seen.parts import Part, parts_of
from misread.rights.check.findings.seen.promised import TOLD
from misread.rights.check.findings.seen.streams import KINDS, MOST_LABELS, classes_of_words
from misread.rights.check.model import Answers, Checked, Export, Finding, Note, Question
from misread.rights.check.words import FIELDS as ABOUT
from misread.rights.check.words import POINTS, classes

if TYPE_CHECKING:
    from misread.rights.case.model import Case
    from misread.rights.check.findings.calendar import Calendar
    from misread.rights.record.model import Record

ORDERS = ("dmy", "mdy")
OF_ROWS: Mapping[str, Callable[[Look], Finding]] = MappingProxyType(
    {
        "X01": contents.x01,
        "X02": contents.x02,
        "X03": labels.x03,
        "X04": labels.x04,
        "X05": labels.x05,
        "X06": when.x06,
        "X07": when.x07,
        "X08": when.x08,
        "X09": kept.x09,
        "X10": kept.x10,
        "X11": when.x11,
        "X13": contents.x13,
        "X14": labels.x14,
        "X15": regular.x15,
        "X16": regular.x16,
        "X17": contents.x17,
        "X18": contents.x18,
        "X19": contents.x19,
        "X20": contents.x20,
        "X21": when.x21,
    }
)
"""Checks that look at the family's own rows. X12 comes before them, and X22 looks at no row at all."""


def check(
    export: Export,
    *,
    record: Record | None = None,
    calendar: Calendar | None = None,
    case: Case | None = None,
    answers: Answers | None = None,
) -> Checked:
    """Check what a school gave back.

    Parameters
    ----------
    export : Export
        What was read.
    record : Record, optional
        What was disclosed; else that of the case.
    calendar : Calendar, optional
        When there was school.
    case : Case, optional
        When the family opted out, or the child left.
    answers : Answers, optional
        What the user said about columns, words, dates, and which child is theirs.

    Returns
    -------
    Checked
        One finding a check, whatever came of it. With rows of several children, and nothing said about which is the
        family's, nothing but X12 is looked at.

    Raises
    ------
    MisreadError
        If an answer names a class, a column, an order or a child that is not there.
    """
    answers = answers or Answers()
    if record is None and case is not None:
        record = case.record
    _refuse_strange(export, answers)
    found = whose(parts_of(export, answers), answers.pupil)
    if found.stop:
        first = x12(found, record)
        return Checked((first.says,), (first, *_not_looked_at()), tuple(asks_whose(found)), (), stop=True)
    notes = tuple(_own_notes(export, found))
    look = Look(replace(export, notes=notes), found.parts, record, calendar, case, answers)
    look, numbered = without_names(look, found.pupils)
    _refuse_nowhere(look)
    findings = {code: of(look) for code, of in OF_ROWS.items()}
    findings["X12"] = x12(found, record, len(look.hidden), len(look.asked), numbered)
    findings["X22"] = stated.x22(look.promise("acc.claim"))
    in_order = [findings[code] for code in CHECKS]
    # What is somebody else's is said before anything else.
    in_order.sort(key=lambda one: not (one.code == "X12" and one.verdict == "contradicts"))
    headline = tuple(_headline(look, found, in_order))
    return Checked(headline, tuple(in_order), tuple(_questions(look)), look.export.notes)


def _own_notes(export: Export, found: Whose) -> Iterator[Note]:
    """Notes on the file; with several children in it not those on other sheets, which may be called after them."""
    own = {part.sheet.name for part in found.parts}
    for note in export.notes:
        if found.pupils <= 1 or not note.sheet or note.sheet in own:
            yield note


def _not_looked_at() -> Iterator[Finding]:
    for code in CHECKS:
        if code != "X12":
            yield finding(code, "cannot tell", _("Not looked at."), next=["answer:--pupil"])


def _refuse_strange(export: Export, answers: Answers) -> None:
    problems = []
    if answers.dates and answers.dates not in ORDERS:
        problems.append(_unknown("--dates", answers.dates, ORDERS))
    for option, said, known in (("--column", answers.columns, CLASSES), ("--word", answers.words, classes_of_words())):
        problems += [_unknown(option, kind, known) for kind in said.values() if kind not in known]
    from misread.rights.check.dictionary.classify import stem_of

    names = {fold(name) for table in export.tables for name in table.columns.column_names}
    names |= {fold(stem_of(name)) for table in export.tables for name in table.columns.column_names}
    for name in answers.columns:
        if fold(name) not in names:
            # Names of columns are not listed: they may be those of other children.
            what = f"No column is called {name!r}."
            problems.append(
                Problem(what, "a name as the export has it.", "look at the first row of the table.", key="--column")
            )
    if problems:
        raise MisreadError(problems)


def _refuse_nowhere(look: Look) -> None:
    """Refuse what was said of a word that is nowhere: whoever wrote it would believe that it was heeded."""
    there: set[str] = set()
    if look.answers.words:
        for part in look.parts:
            for column, cells in zip(part.columns, part.cells, strict=True):
                if column.is_label or column.role == "kind" or cells.size <= MOST_LABELS:
                    there.update(map(fold, cells.words()))
    problems = [
        Problem(
            f"No label and no kind of entry is {word!r}.", "a word as the export has it.", "correct it.", key="--word"
        )
        for word in look.answers.words
        if fold(word) not in there
    ]
    if problems:
        raise MisreadError(problems)


def _unknown(option: str, said: str, known: Sequence[str]) -> Problem:
    from misread.deployment.text.source import near

    meant = near(said, known)
    mend = f"did you mean {meant!r}?" if meant else "take one of these."
    return Problem(f"{option} says {said!r}.", f"one of {', '.join(known)}.", mend, key=option)


def _headline(look: Look, found: Whose, findings: Sequence[Finding]) -> Iterator[str]:
    first = findings[0]
    if first.code == "X12":
        yield first.says
    rows = sum(len(part.rows) for part in look.parts)
    # Where the order of dates is open, those that can be read in one way only are no span.
    days = days_of(look) if not undated(look) else np.zeros(0, dtype=np.int64)
    span = ""
    if days.size:
        start, end = in_words(days.min()), in_words(days.max())
        span = _(" of %(day)s", day=start) if start == end else _(" from %(a)s to %(b)s", a=start, b=end)
    if found.pupils:
        yield ngettext(
            "It holds %(rows)s row about your child%(span)s.",
            "It holds %(rows)s rows about your child%(span)s.",
            rows,
            rows=f"{rows:,}",
            span=span,
        )
    else:
        yield ngettext(
            "It holds %(rows)s row%(span)s.", "It holds %(rows)s rows%(span)s.", rows, rows=f"{rows:,}", span=span
        )
    kinds = sorted({stream.kind for stream in look.streams})
    seconds = typical(look)
    if kinds and seconds:
        yield _(
            "It contains labels (%(kinds)s), usually every %(s)s seconds.", kinds=classes(kinds), s=f"{seconds:,.6g}"
        )
    elif kinds:
        yield _("It contains labels (%(kinds)s).", kinds=classes(kinds))
    by_code = {one.code: one for one in findings}
    told_of = by_code["X01"].saw.get("fields_not_told")
    if isinstance(told_of, list) and told_of:
        yield ngettext(
            "It holds something about one thing that nobody told you of: %(f)s.",
            "It holds something about %(n)s things that nobody told you of: %(f)s.",
            len(told_of),
            f=", ".join(_(ABOUT[str(id)]) for id in told_of),
        )
    against = [f"{_(POINTS[one.code])} ({one.code})" for one in findings if one.verdict == "contradicts"]
    if against:
        yield ngettext(
            "In one point it is not as was said, or does not agree with itself: %(what)s.",
            "In %(n)s points it is not as was said, or does not agree with itself: %(what)s.",
            len(against),
            what=", ".join(against),
        )
    elif look.record is None:
        yield _("No record says what was disclosed, so that there is little to hold it against.")
    elif not any(answer.status in TOLD for answer in look.record.answers.values()):
        yield _("You noted nothing yet that the school told you, so that there is little to hold it against.")
    else:
        open_ = sum(one.verdict == "cannot tell" for one in findings)
        yield _(
            "Nothing in it contradicts what was said, as far as it goes: %(n)s of %(all)s checks cannot tell.",
            n=open_,
            all=len(findings),
        )


def _questions(look: Look) -> Iterator[Question]:
    if undated(look):
        yield Question(
            "dates",
            _("Does the day or the month come first in its dates?"),
            ("dmy", "mdy"),
            "--dates",
            ", ".join(dict.fromkeys(t.columns[0].name for t in look.times if t.asks and t.columns)),
        )
    yield from _columns(look)
    asked: set[str] = set()
    for stream in look.streams:
        for word in stream.words:
            if look.kind_of(word) == UNKNOWN and fold(word) not in asked:
                asked.add(fold(word))
                asks = _(
                    "What kind of word is “%(word)s”, in column “%(column)s”?", word=word, column=stream.columns[0].name
                )
                yield Question(f"word:{word}", asks, classes_of_words(), "--word", stream.columns[0].name, word)
    for part in look.parts:
        yield from _kinds(look, part, asked)


def _columns(look: Look) -> Iterator[Question]:
    numbers = [str(column.position) for column in look.asked if (column.sheet, column.index) in look.hidden]
    if numbers:
        asks = _(
            "Columns %(n)s hold labels, and their names are in no dictionary. Are they names of children? If not: what "
            "are they?",
            n=", ".join(numbers),
        )
        yield Question("columns", asks, CLASSES, "--column")
    seen: set[str] = set()
    for column in look.asked:
        if (column.sheet, column.index) in look.hidden or fold(column.stem) in seen:
            continue
        seen.add(fold(column.stem))
        if column.candidates:
            asks = _(
                "Column “%(name)s” may be %(kinds)s: which?", name=column.stem, kinds=_(" or ").join(column.candidates)
            )
        else:
            asks = _("What does column “%(name)s” hold?", name=column.stem)
        yield Question(f"column:{column.stem}", asks, column.candidates or CLASSES, "--column", column.stem)


def _kinds(look: Look, part: Part, asked: set[str]) -> Iterator[Question]:
    """Kinds of entry that no dictionary knows."""
    for column, word in look.unknown_kinds(part):
        if fold(word) not in asked:
            asked.add(fold(word))
            asks = _("What kind of entry is “%(word)s”, in column “%(column)s”?", word=word, column=column.name)
            yield Question(f"kind:{word}", asks, (*sorted(KINDS), "code"), "--word", column.name, word)
