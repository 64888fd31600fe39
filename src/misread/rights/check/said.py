"""What was found, as lines for a terminal and as JSON: what is shown stands in the JSON, and all of it can be shown."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from misread.language import gettext as _
from misread.language import mark
from misread.rights.check.model import Verdict
from misread.rights.check.words import CLASSES, classes
from misread.rights.record.fields import FIELDS

if TYPE_CHECKING:
    from misread.rights.check.model import Checked, Finding, Json, Note, Question

FORMAT = "misread-export-check/1"
VERDICTS: Mapping[Verdict, str] = MappingProxyType(
    {
        "contradicts": mark("it is not as was said, or the file does not agree with itself"),
        "not mentioned": mark("it is in the file, and nobody said so"),
        "cannot tell": mark("something is missing that would tell"),
        "matches": mark("it is as was said, or the file agrees with itself"),
    }
)
"""The four, in the order in which they are told."""
SAID: Mapping[str, str] = MappingProxyType(
    {
        "disclosed": mark("What was said: %(what)s"),
        "unsourced": mark("In circulation, and nobody has shown it: %(what)s"),
        "contradicted": mark("What was said, beside something that contradicts it: %(what)s"),
    }
)
"""How what a record has is told, by how it stands there."""
TOLD_WHOLE: frozenset[Verdict] = frozenset({"contradicts", "not mentioned"})
MOST = 12
"""Columns, labels, words that are named one by one; `everything` names all."""
FEW = 6
"""Answers that are listed with their question."""


def as_json(checked: Checked) -> dict[str, Any]:
    """All that was found, for a JSON document.

    Parameters
    ----------
    checked : Checked
        What was found.
    """
    return {
        "format": FORMAT,
        "stop": checked.stop,
        "headline": list(checked.headline),
        "findings": [finding.json() for finding in checked.findings],
        "questions": [asdict(question) for question in checked.questions],
        "notes": [asdict(note) for note in checked.notes],
    }


def lines(checked: Checked, everything: bool = False) -> tuple[str, ...]:
    """What was found, a line each; what belongs to a finding is set in under it.

    Parameters
    ----------
    checked : Checked
        What was found.
    everything : bool
        Whether each value that was seen is told, as in the JSON; else what somebody reads first.
    """
    return tuple(_all(checked) if everything else _first(checked))


def _first(checked: Checked) -> Iterator[str]:
    yield from checked.headline
    if not checked.stop:
        yield from _inside(checked)
    for verdict, means in VERDICTS.items():
        found = [one for one in checked.findings if one.verdict == verdict and (one.code == "X12" or not checked.stop)]
        if found:
            yield ""
            yield f"{verdict.upper()}: {_(means)}"
        for finding in found:
            yield from _whole(finding) if verdict in TOLD_WHOLE else _brief(finding)
    yield from _asked(checked.questions)
    if checked.notes:
        yield ""
        yield _("How it was read")
        for note in checked.notes[:MOST]:
            yield f"  {note.text}"
        if (more := len(checked.notes) - MOST) > 0:
            yield "  " + _("and %(n)s more: --all or --json lists them.", n=more)


def _inside(checked: Checked) -> Iterator[str]:
    """What is in the file, in a few lines: columns by what they are, and labels with how often each occurs."""
    seen = {finding.code: finding.saw for finding in checked.findings}
    columns = [one for one in _tables(seen["X01"].get("columns")) if one.get("filled")]
    labels = [f"{one['label']} {_number(one['count'])}" for one in _tables(seen["X03"].get("labels"))]
    if not columns and not labels:
        return
    yield ""
    yield _("WHAT IS IN IT")
    for kind, some in groupby(sorted(columns, key=_class), key=_class):
        names = dict.fromkeys(str(one.get("name") or _("column %(n)s", n=one["column"])) for one in some)
        yield f"  {classes([kind])}: {_listed(list(names))}"
    if labels:
        yield "  " + _("Labels: %(labels)s", labels=_listed(labels))


def _tables(value: Json) -> list[Mapping[str, Json]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []


def _class(column: Mapping[str, Json]) -> str:
    return str(column["class"])


def _number(value: Json) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _listed(names: Sequence[str]) -> str:
    some = ", ".join(names[:MOST])
    more = len(names) - MOST
    return some + (" " + _("and %(n)s more", n=more) if more > 0 else "")


def _brief(finding: Finding) -> Iterator[str]:
    """A finding that nobody has to act on: what it says, and which answer would tell more."""
    options = [what for how, what in _steps(finding) if how == "answer"]
    yield f"  {finding.code}  {finding.says}" + (" → " + ", ".join(options) if options else "")


def _whole(finding: Finding) -> Iterator[str]:
    yield f"  {finding.code}  {finding.asks}"
    yield f"    {finding.says}"
    said = finding.promised or {}
    if said.get("value") is not None:
        where = f" ({said['evidence']})" if said.get("evidence") else ""
        yield "    " + _(SAID.get(str(said["status"]), SAID["disclosed"])) % {"what": _short(said["value"]) + where}
    if rows := list(dict.fromkeys(_rows(finding.saw)))[:MOST]:
        yield "    " + _("See for example: %(rows)s.", rows=", ".join(rows))
    yield "    " + _("Why it matters: %(why)s", why=finding.why)
    yield "    " + _("What it cannot tell: %(what)s", what=finding.cannot_tell)
    ways = {
        "letter": _("You can write a letter: %(what)s"),
        "question": _("You can ask: %(what)s"),
        "answer": _("You can say: %(what)s"),
    }
    for how, way in ways.items():
        whats = [_asks(what) if how == "question" else what for step, what in _steps(finding) if step == how]
        if whats:
            yield "    " + way % {"what": (" " if how == "question" else ", ").join(whats)}


def _asks(field: str) -> str:
    return FIELDS[field].question


def _steps(finding: Finding) -> Iterator[tuple[str, str]]:
    for step in finding.next:
        how, _colon, what = step.partition(":")
        yield how, what


def _rows(seen: Json, place: str = "") -> Iterator[str]:
    """Rows that a finding names, wherever in it they stand, each with its table."""
    if isinstance(seen, Mapping):
        if "sheet" in seen or "table" in seen:
            place = str(seen.get("sheet") or _("table %(n)s", n=seen["table"]))
        for key, value in seen.items():
            if key in ("row", "again_at_row"):
                yield _("row %(n)s of %(table)s", n=value, table=place)
            elif key == "row_sample" and isinstance(value, list | tuple):
                yield from (
                    text for one in value for text in _rows(one if isinstance(one, Mapping) else {"row": one}, place)
                )
            else:
                yield from _rows(value, place)
    elif isinstance(seen, list | tuple):
        for value in seen:
            yield from _rows(value, place)


def _asked(questions: Sequence[Question]) -> Iterator[str]:
    """Questions, with those about words of one column together."""
    if not questions:
        return
    yield ""
    yield _("Questions that only you can answer")
    every: dict[str, None] = {}
    for (option, column, options), some in groupby(questions, key=lambda one: (one.option, one.column, one.options)):
        together = list(some)
        if len(together) > 1 and option == "--word":
            words = _listed([f"“{one.word}”" for one in together])
            yield "  " + _("What kind of word is each of these, in column “%(c)s”: %(w)s?", c=column, w=words)
            answer = _("WORD=CLASS")
        else:
            yield from (f"  {one.asks}" for one in together)
            answer = _answer(together[0])
        if len(options) > FEW:
            every |= dict.fromkeys(options)
        elif options:
            answer += "   (" + ", ".join(options) + ")"
        yield f"    {option} {answer}"
    if every:
        yield "  " + _("A CLASS is one of: %(classes)s.", classes=", ".join(_meant(one) for one in every))


def _meant(kind: str) -> str:
    """A class as it is typed, and what it is where that says more."""
    means = _(CLASSES.get(kind, kind))
    return kind if means == kind else f"{kind} ({means})"


def _answer(question: Question) -> str:
    """What is typed behind the option, as a shell takes it."""
    if question.option == "--word":
        return shlex.quote(question.word) + "=" + _("CLASS")
    if question.option == "--column":
        return (shlex.quote(question.column) if question.column else _("NAME")) + "=" + _("CLASS")
    return "|".join(question.options) if question.options else "…"


def _all(checked: Checked) -> Iterator[str]:
    yield from checked.headline
    yield ""
    for verdict in VERDICTS:
        if codes := [finding.code for finding in checked.findings if finding.verdict == verdict]:
            yield f"{verdict.upper()}  {', '.join(codes)}"
    for finding in checked.findings:
        yield ""
        yield from _finding(finding)
    if checked.questions:
        yield ""
        yield _("Questions that only you can answer:")
        for question in checked.questions:
            yield from _question(question)
    if checked.notes:
        yield ""
        yield _("How it was read:")
        for note in checked.notes:
            yield f"  {note.kind}: {note.text}{_place(note)}"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{finding.code}  {finding.verdict.upper()}  {finding.asks}"
    yield f"  {finding.says}"
    for heading, held in ((_("Seen"), finding.saw), (_("Said"), finding.promised or {})):
        for path, value in flat(held):
            yield f"  {heading}: {path}: {value}"
    if finding.field:
        yield "  " + _("Field of the record: %(field)s", field=finding.field)
    yield "  " + _("Why it matters: %(why)s", why=finding.why)
    yield "  " + _("What it cannot tell: %(what)s", what=finding.cannot_tell)
    if finding.next:
        yield "  " + _("Next: %(next)s", next=", ".join(finding.next))


def flat(held: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """What was seen, a line a value: a list of tables has a line a table.

    Parameters
    ----------
    held : mapping
        Such as `Finding.saw`.
    """
    for key, value in held.items():
        if isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(v, Mapping) for v in value):
            for item in value:
                yield key, _short(item)
        else:
            yield key, _short(value)


def _short(value: Json) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_short(inner)}" for key, inner in value.items()) or "–"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(_short, value)) or "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value is None else str(value)


def _question(question: Question) -> Iterator[str]:
    yield f"  {question.asks}"
    named = f"{question.word or question.column}=" if question.option in ("--word", "--column") else ""
    of = "|".join(question.options) or "…"
    yield "    " + _("Answer: %(option)s", option=f"{question.option} {named}{of}")


def _place(note: Note) -> str:
    where = [note.sheet] if note.sheet else []
    if note.row is not None:
        where.append(_("row %(n)s", n=note.row))
    if note.column is not None:
        where.append(_("column %(n)s", n=note.column))
    if note.count != 1:
        where.append(_("%(n)s in all", n=note.count))
    return f" ({', '.join(where)})" if where else ""
