"""What the check finds in exports that were made for it: asked first, then answered as a user who knows would."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from misread.rights.check.check import check
from misread.rights.check.dictionary.classify import stem_of
from misread.rights.check.model import Answers, Checked, Export, Finding
from misread.rights.check.reading import read_export
from misread.rights.check.said import as_json, lines
from tests.rights.check.planted.maker import Made, made

CODE = {"kept too long": "X09", "label renamed": "X04", "neighbour": "X12", "gap": "X06"}
"""Where each fault has to show."""
FOLLOWS = {"label renamed": {"X03"}}
"""What else may show with it: a word of a class that no disclosed label has."""
ROUNDS = 6


@dataclass(frozen=True)
class Outcome:
    """What came of one export.

    Attributes
    ----------
    layout, fault, known
        As it was made.
    asked : int
        Questions that were asked before anything was answered.
    guessed : tuple of str
        Columns and words that were taken for what they are not.
    dropped : tuple of str
        Columns that were neither known nor asked about.
    found : bool
        Whether what was planted was found, or, where nothing had to be, whether every label was counted.
    exact : bool
        Whether days, words and counts are those that were planted.
    false : tuple of str
        Checks that contradict where nothing was planted, once all is answered.
    early : tuple of str
        Those that do so while something is still asked.
    shown : bool
        Whether anything told what the other child is called, or a row of its.
    """

    number: int
    layout: str
    fault: str
    known: bool
    asked: int
    guessed: tuple[str, ...]
    dropped: tuple[str, ...]
    found: bool
    exact: bool
    false: tuple[str, ...]
    early: tuple[str, ...]
    shown: bool


def study(numbers: Iterable[int]) -> Iterator[Outcome]:
    """Make, check and judge."""
    for number in numbers:
        yield outcome(made(number))


def outcome(one: Made) -> Outcome:
    """Check one export, first without an answer, then with all that are asked for."""
    read = read_export(one.name, one.content)
    first = _check(one, read, Answers())
    results, answers = [first], Answers()
    for _round in range(ROUNDS):
        more = answered(one, read, results[-1], answers)
        if more == answers:
            break
        answers = more
        results.append(_check(one, read, answers))
    last = results[-1]
    found, exact = judged(one, last)
    allowed = {CODE.get(one.fault)} | FOLLOWS.get(one.fault, set())
    early = {code for result in results[:-1] for code in contradicted(result)}
    guesses = [name for result in results for name in guessed(one, result)]
    return Outcome(
        one.number,
        one.layout,
        one.fault,
        one.known,
        len(first.questions),
        tuple(dict.fromkeys(guesses)),
        tuple(dropped(first)),
        found,
        exact,
        tuple(sorted(contradicted(last) - allowed)),
        tuple(sorted(early - allowed)),
        any(shown(one, result) for result in results),
    )


def _check(one: Made, read: Export, answers: Answers) -> Checked:
    return check(read, record=one.record, calendar=one.calendar, answers=answers)


def contradicted(result: Checked) -> set[str]:
    """Checks that say so."""
    return {finding.code for finding in result.findings if finding.verdict == "contradicts"}


def answered(one: Made, read: Export, result: Checked, before: Answers) -> Answers:
    """What a user who knows the file answers to all that is asked."""
    columns, words = dict(before.columns), dict(before.words)
    pupil, dates = before.pupil, before.dates
    for question in result.questions:
        if question.option == "--pupil":
            pupil = one.own
        elif question.option == "--dates":
            dates = "mdy" if one.layout == "years" else "dmy"
        elif question.option == "--word":
            words[question.word] = one.words[question.word.casefold()]
        elif question.column and result.stop:
            # It holds several children indeed: nothing is to be said of the column.
            continue
        elif question.column:
            columns[question.column] = truth(one, question.column)
        else:
            # Asked by number, as the names may be those of children: all that are not known yet are named.
            columns |= {name: truth(one, name) for table in read.tables for name in table.columns.column_names}
    return replace(before, columns=columns, words=words, pupil=pupil, dates=dates)


def truth(one: Made, column: str) -> str:
    """What a column is."""
    for name in (column, stem_of(column)):
        if name.casefold() in one.columns:
            return one.columns[name.casefold()]
    raise KeyError(f"{one.number}: {column}")


def guessed(one: Made, result: Checked) -> Iterator[str]:
    """Columns and words that were taken for what they are not."""
    for finding in result.findings:
        for column in _listed(finding, "X01", "columns"):
            name, kind = column.get("name"), column["class"]
            if kind != "unknown" and isinstance(name, str):
                try:
                    true = truth(one, name)
                except KeyError:
                    continue
                if kind != true:
                    yield f"{name}: {kind}"
        for label in _listed(finding, "X03", "labels"):
            true = one.words.get(str(label["label"]).casefold(), "")
            if not one.known and label["class"] not in ("unknown", true):
                yield f"{label['label']}: {label['class']}"


def dropped(result: Checked) -> Iterator[str]:
    """Columns that are filled, not known, and not asked about."""
    asked = {question.column.casefold() for question in result.questions}
    hidden = any(question.option == "--column" and not question.column for question in result.questions)
    for finding in result.findings:
        for column in _listed(finding, "X01", "columns"):
            name = str(column.get("name", ""))
            known = column["class"] != "unknown" or hidden or {name.casefold(), stem_of(name).casefold()} & asked
            if column.get("filled") and not known:
                yield name


def _listed(finding: Finding, code: str, key: str) -> list[Mapping[str, Any]]:
    listed = finding.saw.get(key, []) if finding.code == code else []
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []


def judged(one: Made, last: Checked) -> tuple[bool, bool]:
    """Whether what was planted was found, and whether to the row."""
    by_code = {finding.code: finding for finding in last.findings}
    saw = {code: finding.saw for code, finding in by_code.items()}
    if one.fault in ("none", "columns renamed"):
        whole = saw["X06"].get("rows") == one.labels
        return whole, whole
    if CODE[one.fault] not in contradicted(last):
        return False, False
    if one.fault == "kept too long":
        return True, [kind["rows_older"] for kind in saw["X09"]["kinds"]] == [one.planted]
    if one.fault == "label renamed":
        return True, sorted(label["label"] for label in saw["X04"]["not_disclosed"]) == one.planted
    if one.fault == "gap":
        return True, saw["X06"]["missing"] == one.planted
    # Rows in which a neighbour is named are the family's own. Of a document, the days around the entries count as well.
    others = saw["X12"].get("rows_of_others", 0)
    return True, others >= one.planted if one.layout in ("days", "nested") else others == one.planted


def shown(one: Made, result: Checked) -> bool:
    """Whether what is told tells what the other child is called."""
    told = json.dumps(as_json(result), ensure_ascii=False) + "\n".join(lines(result))
    return one.fault == "neighbour" and one.neighbour in told
