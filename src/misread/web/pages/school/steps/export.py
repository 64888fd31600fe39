"""Their file: what a school gave back, held against what was said. It is read in memory, and forgotten at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.report.words import upper_first
from misread.rights.case.change import export_seen
from misread.rights.case.model import Case
from misread.rights.check.model import Answers, Checked, Choices, Finding, Json, Question
from misread.rights.check.said import VERDICTS, flat
from misread.rights.letters.words import LETTERS, kind_words
from misread.rights.record.fields import FIELDS
from misread.web.pages.school.file import case_of, with_case
from misread.web.pages.school.kept import Given, Kept
from misread.web.pages.school.way import MOST_FILE

if TYPE_CHECKING:
    from misread.rights.check.findings.calendar import Calendar

FOLDED = frozenset({"matches", "cannot tell"})
WORDS = frozenset({*VERDICTS})
ANSWER = "q:"
DAYS = ("came", "opted_out_on", "left_on", "terms", "closed", "hours")
"""Fields of the form with what the checks can use."""


@dataclass(frozen=True)
class Card:
    """One finding, as it is shown."""

    code: str
    asks: str
    says: str
    why: str
    cannot_tell: str
    promised: str
    shown: bool
    letters: tuple[tuple[str, str], ...]
    questions: tuple[tuple[str, str], ...]
    saw: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """Something that only the person can tell."""

    name: str
    asks: str
    options: tuple[str, ...]
    value: str


HERE = ("--column", "--word", "--pupil", "--dates")
"""Options of the command that are fields of the page."""


def absorb(kept: Kept, given: Given) -> Kept:
    """What the form adds: days that the checks need, verdicts that are to be kept, questions for the next letter."""
    asks = {id for id in given.all("pick") if id in FIELDS}
    kept = kept.model_copy(update={"picked": tuple(id for id in FIELDS if id in asks or id in kept.picked)})
    if not kept.place:
        return kept
    case = case_of(kept)
    days = {
        "opted_out_on": given.day("opted_out_on", _("When did you say no?")) or case.opted_out_on,
        "left_on": given.day("left_on", _("When did the child leave the school?")) or case.left_on,
        "terms": given.spans("terms", _("The school’s terms")) or case.terms,
        "closed": given.days("closed", _("Days on which the school was closed")) or case.closed,
    }
    if any(days.values()):
        kept = with_case(kept, case.model_copy(update=days))
    if given.has("keep"):
        kept = with_case(kept, export_seen(case_of(kept), _verdicts(given.one("verdicts")), on=given.today))
    return kept


def told(kept: Kept, given: Given) -> dict[str, Any]:
    """What the template is given."""
    case = case_of(kept) if kept.place else None
    start = {
        "most": MOST_FILE // 2**20,
        "case": bool(kept.place),
        "days": _days(case, given),
        "promised": bool(kept.record),
        "checked": None,
        "questions": (),
        "kept_verdicts": given.has("keep") and not given.refused,
    }
    if given.file is None:
        return start
    try:
        checked = looked_through(kept, given)
    except MisreadError as error:
        return {**start, "problems": tuple(map(_here, error.problems))}
    return {
        **start,
        "name": given.file[0],
        "checked": checked.headline,
        "stop": checked.stop,
        "groups": tuple(_groups(checked.findings)),
        "questions": tuple(_asked(one, given) for one in checked.questions),
        "notes": tuple(note.text for note in checked.notes),
        "verdicts": json.dumps({one.code: one.verdict for one in checked.findings}),
    }


def _here(problem: Problem) -> Problem:
    """A message of the command in words of the page: what was answered here is asked anew, other options need it."""
    if problem.key in HERE:
        again = _("look through the file again, and answer what is asked of it.")
        return replace(problem, key=_("Only you can tell"), mend=again)
    if "--" in problem.mend:
        mend = _("use the command, misread rights check FILE: %(mend)s", mend=problem.mend)
        return replace(problem, key="", mend=mend)
    return problem


def _days(case: Case | None, given: Given) -> dict[str, str]:
    """What the checks can use, as it stands in its fields: as it was typed, or else as the case has it."""
    of_case = {
        "opted_out_on": case.opted_out_on or "",
        "left_on": case.left_on or "",
        "terms": "\n".join(f"{first} to {last}" for first, last in case.terms),
        "closed": ", ".join(map(str, case.closed)),
    } if case else {}  # fmt: skip
    return {name: given.one(name) or str(of_case.get(name, "")) for name in DAYS}


def looked_through(kept: Kept, given: Given) -> Checked:
    """What is found in the file that was given.

    Raises
    ------
    MisreadError
        If it cannot be read, or something that was said about it does not fit.
    """
    from misread.rights.check.check import check
    from misread.rights.check.reading import read_export

    assert given.file is not None
    name, content = given.file
    export = read_export(name, content, Choices())
    return check(
        export,
        record=kept.record,
        calendar=_calendar(kept, given),
        case=case_of(kept) if kept.place else None,
        answers=_answers(given),
    )


def _calendar(kept: Kept, given: Given) -> Calendar | None:
    from misread.rights.check.findings.calendar import Calendar

    terms = given.spans("terms", _("The school’s terms")) or (kept.case.terms if kept.case else ())
    if not terms:
        return None
    closed = given.days("closed", _("Days on which the school was closed")) or (kept.case.closed if kept.case else ())
    try:
        return Calendar(terms=terms, closed=closed, hours=given.one("hours"))
    except ValidationError:
        raise MisreadError(
            Problem(
                _("The terms and hours cannot be read."),
                _("terms in order, and hours such as 08:00-15:30."),
                _("write them anew."),
                key=_("What the checks can use"),
            )
        ) from None


def _answers(given: Given) -> Answers:
    """What was said about the meaning of what was read: fields named q:OPTION:WHAT."""
    of: dict[str, dict[str, str]] = {}
    for name in given.fields:
        if name.startswith(ANSWER) and given.one(name):
            option, _colon, what = name.removeprefix(ANSWER).partition(":")
            of.setdefault(option, {})[what] = given.one(name)
    return Answers(
        dates=of.get("--dates", {}).get("", ""),
        columns=of.get("--column", {}),
        words=of.get("--word", {}),
        pupil=of.get("--pupil", {}).get("", ""),
        on=given.day("came", _("When did it come?")),
    )


def _asked(one: Question, given: Given) -> Asked:
    what = {"--column": one.column, "--word": one.word}.get(one.option, "")
    name = f"{ANSWER}{one.option}:{what}"
    if one.option in ("--column", "--word") and not what:
        # It is about several columns, whose names may be those of children: there is nothing to choose here.
        return Asked("", one.asks, (), "")
    return Asked(name, one.asks, one.options, given.one(name))


def _groups(findings: Sequence[Finding]) -> Iterator[tuple[str, str, bool, tuple[Card, ...]]]:
    for verdict, said in VERDICTS.items():
        cards = tuple(_card(one) for one in findings if one.verdict == verdict)
        if cards:
            yield verdict, upper_first(_(said)), verdict in FOLDED, cards


def _card(one: Finding) -> Card:
    known = [step.partition(":") for step in one.next]
    letters = tuple((what, kind_words(what)) for how, _colon, what in known if how == "letter" and what in LETTERS)
    asks = tuple((what, FIELDS[what].question) for how, _colon, what in known if how == "question" and what in FIELDS)
    return Card(
        code=one.code,
        asks=one.asks,
        says=one.says,
        why=one.why,
        cannot_tell=one.cannot_tell,
        promised=_promised(one.promised or {}),
        shown=(one.promised or {}).get("status") != "unsourced",
        letters=letters,
        questions=asks,
        saw=tuple(flat(one.saw)),
    )


def _promised(said: Mapping[str, Json]) -> str:
    """What was said, and where; nothing where nobody asked."""
    if said.get("status") == "never_asked":
        return ""
    return "; ".join(text for name, text in flat(said) if name not in ("field", "status") and text != "–")


def _verdicts(text: str) -> dict[str, str]:
    """Verdicts that came back from the page: four words, and codes of checks."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    known = isinstance(found, dict) and all(
        isinstance(code, str) and code[:1] == "X" and len(code) == 3 and verdict in WORDS
        for code, verdict in found.items()
    )
    if not known or not found:
        raise MisreadError(Problem(_("There are no verdicts to keep."), mend=_("check a file first.")))
    return dict(found)
