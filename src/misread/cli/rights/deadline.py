"""`misread rights deadline`: by when somebody has to answer, and how that was counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from misread.cli.support.days import closed_days, day, span
from misread.cli.support.papers import refuse_taken
from misread.cli.support.paragraphs import Line, paragraphs
from misread.report.words import upper_first

if TYPE_CHECKING:
    from misread.rights import Answer, Circumstances, Deadline, Event, Owed

Dated = tuple["Owed", "Answer"]
"""A deadline as it is known, and what it comes to."""


@click.command(short_help="By when somebody has to answer, and how that was counted.")
@click.argument("place")
@click.argument("kind")
@click.option(
    "--from",
    "start",
    type=day,
    metavar="DATE",
    required=True,
    help="The day it is counted from, such as that of receipt.",
)
@click.option("--calendar", "code", default="", metavar="CODE", help="Whose holidays count, such as IE or DE-BY.")
@click.option("--closed", multiple=True, metavar="DATE|FILE", help="Days on which the district or school is closed.")
@click.option("--term", "terms", type=span, metavar="FIRST..LAST", multiple=True, help="A term of the school.")
@click.option(
    "--pause", "pauses", type=span, metavar="FIRST..LAST", multiple=True, help="A time in which it stood still."
)
@click.option("--extended", is_flag=True, help="The other side has taken the extension that the law allows.")
@click.option("--ics", type=click.Path(path_type=Path), metavar="FILE", help="Write the days to a calendar file.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def deadline(
    place: str,
    kind: str,
    start: date,
    code: str,
    closed: tuple[str, ...],
    terms: tuple[tuple[date, date], ...],
    pauses: tuple[tuple[date, date], ...],
    extended: bool,
    ics: Path | None,
    as_json: bool,
) -> None:
    """By when somebody has to answer: PLACE such as uk, KIND such as access, or foia.other, or an id.

    Where texts differ, each date is printed. For the other side's deadlines the latest counts, for your own the
    earliest.
    """
    from misread.rights import Circumstances, at, calendar_file, count

    refuse_taken(ics)
    given = Circumstances(code, closed_days(closed), terms, pauses, extended)
    today = date.today()
    found = [(known, count(known.entry, start, given)) for known in at(place, max(start, today)).deadline(kind)]
    _refuse_idle(given, [known.entry for known, _answer in found])
    if ics is not None:
        from misread.files import write_whole

        events = [event for known, answer in found for event in _events(known, answer)]
        write_whole(ics, calendar_file(events, datetime.now(UTC)).encode())
    if as_json:
        import json

        rows = [_row(known, answer, today) for known, answer in found]
        click.echo(json.dumps({"format": "misread-rights-deadline/1", "deadlines": rows}, ensure_ascii=False, indent=1))
    else:
        paragraphs(_lines(found, today))
        if ics is not None:
            from misread.errors import printable

            click.echo(f"Calendar: {printable(str(ics))}")


def _refuse_idle(given: Circumstances, deadlines: Sequence[Deadline]) -> None:
    """Refuse an option that changes nothing: whoever typed it would believe that it did."""
    from dataclasses import fields

    from misread.errors import MisreadError, Problem
    from misread.rights import matters

    names = ", ".join(deadline.id for deadline in deadlines)
    typed = {"terms": "--term", "pauses": "--pause"}
    idle = [
        typed.get(field.name, f"--{field.name}")
        for field in fields(given)
        if getattr(given, field.name) and not any(field.name in matters(deadline) for deadline in deadlines)
    ]
    if idle:
        raise MisreadError(
            [
                Problem(f"It makes no difference to {names}.", "only what can move it.", "take it out.", key=key)
                for key in idle
            ]
        )


def _row(known: Owed, answer: Answer, today: date) -> dict[str, Any]:
    deadline = answer.deadline
    return {
        "id": deadline.id,
        "what": deadline.what,
        "basis": deadline.basis,
        "owner": deadline.owner,
        "from": str(answer.start),
        "due": str(answer.due) if answer.due else None,
        "act_from": str(answer.act_from) if answer.act_from else None,
        "counted": [{"due": str(one.due), "said": one.said, "reading": one.reading} for one in answer.counted],
        "courtesy": answer.courtesy and {"due": str(answer.courtesy.due), "said": answer.courtesy.said},
        "unsure": [*answer.unsure, *known.caveats(today)],
        "mark": known.mark,
        "confidence": deadline.confidence,
        "sources": [source.title for source in known.sources],
    }


def _lines(found: Sequence[Dated], today: date) -> Iterator[Line]:
    for known, answer in found:
        for i, text in enumerate(_texts(known, answer, today)):
            yield (2, text, "") if i else (0, text, "bold")
        yield 0, "", ""
    yield 0, "This is no legal advice.", ""


def _texts(known: Owed, answer: Answer, today: date) -> list[str]:
    """What is said of a deadline, the day first."""
    from misread.rights.places.deadlines.lengths import parse
    from misread.rights.places.entries.words import day as words

    deadline = answer.deadline
    what = upper_first(deadline.what)
    head = f"{what}: by {words(answer.due)}." if answer.due else f"{what}: the law names no number of days."
    texts = [head, f"{deadline.id}: {deadline.basis}. Counted from {deadline.starts}, {words(answer.start)}."]
    texts += [f"{one.said} Reading: {one.reading}." if one.reading else one.said for one in answer.counted]
    if answer.courtesy:
        texts.append(f"No law sets this date, but {answer.courtesy.reading} names it: {answer.courtesy.said}")
    if answer.act_from:
        texts.append(f"You may act from {words(answer.act_from)} on.")
    if deadline.extend:
        texts.append(f"It may be extended by {parse(deadline.extend.by)}, which needs: {deadline.extend.needs}.")
    texts += [f"Mind: {text}" for text in (*answer.unsure, *known.caveats(today))]
    texts += [deadline.note] if deadline.note else []
    sources = "; ".join(source.title for source in known.sources) or "none was read"
    return [*texts, f"Source: {sources} ({known.mark}, confidence {deadline.confidence})."]


def _events(known: Owed, answer: Answer) -> list[Event]:
    from misread.rights import Event

    deadline = answer.deadline
    notice = "This is no legal advice."
    said = " ".join([*(one.said for one in answer.counted), *answer.unsure, *known.caveats(answer.start), notice])
    events = [Event(answer.due, f"Due: {deadline.what}", f"{deadline.basis}. {said}")] if answer.due else []
    if answer.act_from:
        events.append(Event(answer.act_from, f"Nothing came? You may act: {deadline.what}", deadline.basis))
    return events
