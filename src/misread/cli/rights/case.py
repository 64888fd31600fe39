"""`misread rights case`: what was sent, what came back, and what to do by when; one file that the person names."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from misread.cli.rights.given import facts_of_file, letter_of, record_of, refuse_elsewhere
from misread.cli.support.days import closed_days, day, span
from misread.cli.support.papers import private, refuse_taken
from misread.cli.support.paragraphs import Line, paragraphs

if TYPE_CHECKING:
    from misread.rights import Law
    from misread.rights.case.dates import Dates
    from misread.rights.case.model import Case
    from misread.rights.case.steps import Step
    from misread.rights.letters.facts import Facts

FILE = click.argument("file", type=click.Path(path_type=Path))
JSON = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
ON = click.option("--on", type=day, metavar="DATE", help="The day; today if not given.")
OPTED = click.option("--opted-out", type=day, metavar="DATE", help="The day from which you opted out.")
LEFT = click.option("--left", type=day, metavar="DATE", help="The day on which the child left the school.")
BLANK, NOTICE = (0, "", ""), (0, "This is no legal advice.", "")
PATH = click.Path(path_type=Path)
FACTS = click.option("--facts", type=PATH, metavar="FILE", help="What letters say of you: a TOML file.")
RECORD = click.option("--record", metavar="RECORD", help="The disclosure record, which the case then holds.")


@click.group(short_help="What was sent, what came back, what to do by when.")
def case() -> None:
    """What was sent, what came back, and what to do by when.

    A case is one JSON file that you name. Nothing else is kept, and nothing leaves this machine. The file says at its
    top what it is; only you can read it. No legal advice.
    """


@case.command(short_help="Begin a case.")
@FILE
@click.option("--place", required=True, help="Where the school is, such as eu, uk or us-il.")
@FACTS
@RECORD
@click.option("--calendar", "code", default="", metavar="CODE", help="Whose holidays count, such as IE or DE-BY.")
@click.option("--closed", multiple=True, metavar="DATE|FILE", help="Days on which the district or school is closed.")
@click.option("--term", "terms", type=span, metavar="FIRST..LAST", multiple=True, help="A term of the school.")
@OPTED
@LEFT
@ON
@JSON
def new(
    file: Path,
    place: str,
    facts: Path | None,
    record: str | None,
    code: str,
    closed: tuple[str, ...],
    terms: tuple[tuple[date, date], ...],
    opted_out: date | None,
    left: date | None,
    on: date | None,
    as_json: bool,
) -> None:
    """Begin a case in FILE, which must not be there yet."""
    from misread.rights import Circumstances
    from misread.rights.case.change import begun

    refuse_taken(file)
    told = facts_of_file(facts) if facts else None
    made = begun(
        place,
        told,
        on=on or date.today(),
        record=record_of(record) if record else None,
        given=Circumstances(code, closed_days(closed), terms),
        opted_out_on=opted_out,
        left_on=left,
    )
    keep(file, made)
    _done(file, made, as_json, told)


@case.command(short_help="Note what became known later.")
@FILE
@click.option("--received", type=day, metavar="DATE", help="When a letter was received.")
@click.option("--letter", "number", type=int, metavar="N", help="Which letter that was; the last if not given.")
@FACTS
@RECORD
@OPTED
@LEFT
@ON
@JSON
def note(
    file: Path,
    received: date | None,
    number: int | None,
    facts: Path | None,
    record: str | None,
    opted_out: date | None,
    left: date | None,
    on: date | None,
    as_json: bool,
) -> None:
    """Note in FILE what became known later: when a letter was received, an opt-out, other facts, a record."""
    from misread.errors import MisreadError, Problem
    from misread.rights.case.change import noted

    there = read(file)
    told = facts_of_file(facts) if facts else None
    if received is not None:
        number = number or len(there.letters)
        there.letter(number)
    made = noted(
        there,
        on=on or date.today(),
        received=(number, received) if number is not None and received is not None else None,
        facts=told,
        record=record_of(record) if record else None,
        opted_out_on=opted_out,
        left_on=left,
    )
    if made == there:
        what = "Nothing was given to be noted."
        raise MisreadError(Problem(what, "one of --received, --opted-out, --left, --facts, --record.", "give one."))
    keep(file, made)
    _done(file, made, as_json, told)


@case.command(short_help="Note that a letter was sent.")
@FILE
@click.option("--letter", required=True, metavar="ID", help="Which letter, such as access.eu.en.")
@click.option("--on", "on", type=day, metavar="DATE", required=True, help="When it was sent.")
@click.option("--received", type=day, metavar="DATE", help="When it was received; ask for word of it.")
@click.option("--kind", metavar="KIND", help="What it asked for, where it is a letter of your own.")
@click.option("--field", "fields", multiple=True, metavar="ID", help="A field of the record that it asked for.")
@click.option("--all-fields", is_flag=True, help="It asked for all fields that such a letter can ask for.")
@click.option("--follows", type=int, metavar="N", help="The number of the reply that it follows up.")
@JSON
def sent(
    file: Path,
    letter: str,
    on: date,
    received: date | None,
    kind: str | None,
    fields: tuple[str, ...],
    all_fields: bool,
    follows: int | None,
    as_json: bool,
) -> None:
    """Note in FILE that a letter was sent, and by when an answer is due."""
    from misread.errors import printable
    from misread.rights import at
    from misread.rights.case.change import sent as sent_
    from misread.rights.record.fields import FIELDS

    there = read(file)
    today = max(on, date.today())
    kind, deadline, of = letter_of(letter, kind, there.place)
    refuse_elsewhere(there, of, today, str(file))
    asked = [id for id, field in FIELDS.items() if kind in field.routes] if all_fields else list(fields)
    made = sent_(
        there,
        letter,
        kind,
        on=on,
        law=at(there.place, today),
        received=received,
        deadline=deadline,
        fields=asked,
        follows=follows,
    )
    keep(file, made)
    _next(made, at(made.place, today), date.today(), as_json, file, f"Case: {printable(str(file))}")


@case.command(short_help="Take back what was noted last, by mistake.")
@FILE
@click.option("--why", required=True, metavar="TEXT", help="What the mistake was.")
@ON
@JSON
def undo(file: Path, why: str, on: date | None, as_json: bool) -> None:
    """Take back the letter or the reply that was noted last in FILE, by mistake; the log keeps it."""
    from misread.rights.case.change import taken_back

    made = taken_back(read(file), on=on or date.today(), why=why)
    keep(file, made)
    if not as_json:
        click.echo(made.log[-1].what)
    _done(file, made, as_json, None)


@case.command(short_help="Tell what is in a case.")
@FILE
@ON
@JSON
def show(file: Path, on: date | None, as_json: bool) -> None:
    """Tell what is in FILE: letters with their dates, replies, what the record says."""
    from misread.rights import at

    there, today = read(file), on or date.today()
    law = at(there.place, today)
    if as_json:
        give({"format": "misread-rights-case/1", "case": _data(there), **told(there, law, today)})
    else:
        paragraphs(_story(there, law, today, file))


@case.command("next")
@FILE
@click.option("--ics", type=click.Path(path_type=Path), metavar="FILE", help="Write the days to a calendar file.")
@ON
@JSON
def next_(file: Path, ics: Path | None, on: date | None, as_json: bool) -> None:
    """Tell what to do next, and by when."""
    from misread.errors import printable
    from misread.files import write_whole
    from misread.rights import at
    from misread.rights.case.steps import calendar

    refuse_taken(ics)
    there, today = read(file), on or date.today()
    law = at(there.place, today)
    if ics is not None:
        with private():
            write_whole(ics, calendar(there, law, today, datetime.now(UTC)).encode())
    _next(there, law, today, as_json, file, f"Calendar: {printable(str(ics))}" if ics else "")


def read(file: Path) -> Case:
    """A case from its file."""
    from misread.rights.case.model import read_case

    return read_case(file)


def keep(file: Path, made: Case) -> None:
    """Write a case so that only its owner can read it."""
    from misread.files import write_whole
    from misread.rights.case.model import case_text

    with private():
        write_whole(file, case_text(made))


def told(there: Case, law: Law, today: date) -> dict[str, Any]:
    """Dates, steps and what a complaint would say, as JSON tells them."""
    from dataclasses import asdict

    from misread.rights.case.dates import dates
    from misread.rights.case.followup import events
    from misread.rights.case.steps import next_steps

    found = [{**asdict(one), "letter": one.letter.number, "kind": one.letter.kind} for one in dates(there, law, today)]
    steps = [asdict(step) for step in next_steps(there, law, today)]
    return {"on": today, "dates": found, "steps": steps, "complaint": list(events(there, law, today))}


def stepped(steps: tuple[Step, ...], place: str, today: date, file: Path) -> Iterator[Line]:
    """Steps on a terminal: what is to be done, and the command for it; one's own last days in a band of their own."""
    from misread.rights.places.entries.words import day as words

    for own, title in ((False, "What to do"), (True, "Your own last days, by the earliest reading")):
        band = [step for step in steps if step.own == own]
        if band:
            yield from ((0, "", ""), (0, title, "bold"))
        for step in band:
            when = "Now" if step.date <= today and not own else words(step.date)
            yield 2, f"{when}: {step.say}", ""
            if typed := _typed(step, place, file):
                yield 4, typed, "bold"
            if step.why:
                yield 4, step.why, "dim"


def _typed(step: Step, place: str, file: Path) -> str:
    """The command that does a step; empty where none does."""
    if step.letter:
        return shlex.join(["misread", "rights", "letter", step.place or place, step.letter, "--case", str(file)])
    reply = ["misread", "rights", "reply", str(file)]
    if step.reply:
        return shlex.join([*reply, "--noted", str(step.reply), "--out", "follow-up.docx"])
    if step.reminds:
        return shlex.join([*reply, "--module", "silence", "--to", str(step.reminds), "--out", "reminder.docx"])
    return ""


def _next(there: Case, law: Law, today: date, as_json: bool, file: Path, written: str) -> None:
    from misread.rights.case.dates import dates
    from misread.rights.case.steps import next_steps

    if as_json:
        give({"format": "misread-rights-next/1", **told(there, law, today)})
        return
    paragraphs(line for found in dates(there, law, today) for line in (*_dated(found), BLANK))
    paragraphs((*stepped(next_steps(there, law, today), there.place, today, file), BLANK, NOTICE))
    if written:
        click.echo(written)


def _dated(found: Dates) -> Iterator[Line]:
    """The three dates of a letter, and how they were counted."""
    from misread.rights.places.entries.words import day as words

    letter = found.letter
    yield 0, f"Letter {letter.number}, {letter.letter}: {found.state}.", "bold"
    yield 2, f"Asked on {words(found.asked_on)}.", ""
    if found.expected_by and found.act_from:
        yield 2, f"Expected by {words(found.expected_by)}.", ""
        yield 2, f"You may act from {words(found.act_from)}.", ""
    else:
        yield 2, "Expected by: no law gives a number of days that can be counted here.", ""
    yield from ((4, text, "dim") for text in found.counted)
    yield from ((4, f"Mind: {text}", "dim") for text in found.unsure)


def _story(there: Case, law: Law, today: date, file: Path) -> Iterator[Line]:
    from misread.rights.case.dates import dates
    from misread.rights.case.modules import modules
    from misread.rights.case.steps import next_steps
    from misread.rights.places.entries.words import day as words
    from misread.rights.record.model import STATUSES

    yield 0, there.about, "dim"
    yield from ((0, "", ""), (0, f"A case in {law.place.name}", "bold"))
    for what, on in (("Opted out from", there.opted_out_on), ("Left the school on", there.left_on)):
        if on:
            yield 2, f"{what} {words(on)}.", ""
    for found in dates(there, law, today):
        yield 0, "", ""
        yield from _dated(found)
        for reply in there.replies:
            if reply.to != found.letter.number:
                continue
            end = " It answered the letter." if reply.settled else ""
            yield 2, f"Reply {reply.number}, {words(reply.on)}.{end}", ""
            for said in reply.said:
                quote = f" “{said.quote}”" if said.quote else ""
                yield 4, f"{modules()[said.module].says}{quote}", ""
    if there.record is not None:
        counts = Counter(answer.status for answer in there.record.answers.values())
        counted = "; ".join(f"{means}: {counts[id]}" for id, means in STATUSES.items() if counts[id]) or "nothing yet"
        yield from ((0, "", ""), (0, f"Record: {counted}.", ""))
    for seen in there.exports:
        verdicts = ", ".join(f"{code} {verdict}" for code, verdict in sorted(seen.verdicts.items()))
        yield 0, f"An export was checked on {words(seen.on)}: {verdicts}.", ""
    yield from stepped(next_steps(there, law, today), there.place, today, file)
    yield from (BLANK, NOTICE)


def _data(there: Case) -> Any:
    import json

    from misread.rights.case.model import case_text

    return json.loads(case_text(there))


def _done(file: Path, made: Case, as_json: bool, told: Facts | None) -> None:
    from misread.errors import printable
    from misread.rights.case.model import told_of_court

    left_out = told_of_court(told) if told else ()
    notes = [f"Left out, since it speaks of an order of a court: {name}." for name in left_out]
    if as_json:
        give({"format": "misread-rights-case/1", "file": str(file), "case": _data(made), "notes": notes})
        return
    for text in notes:
        click.echo(text)
    click.echo(f"Case: {printable(str(file))}. It is private: only you can read it.")


def give(answer: dict[str, Any]) -> None:
    """Print an answer as JSON."""
    import json

    click.echo(json.dumps(answer, ensure_ascii=False, indent=1, default=str))
