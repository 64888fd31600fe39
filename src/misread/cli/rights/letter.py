"""`misread rights letter`: a letter to a school, with what to know before it is sent."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from misread.cli.rights.given import case_of, facts_of_file, record_of
from misread.cli.support.days import closed_days, day, span
from misread.cli.support.papers import private, refuse_taken
from misread.cli.support.paragraphs import Line, paragraphs
from misread.report.words import upper_first

if TYPE_CHECKING:
    from misread.rights import Answer, Circumstances
    from misread.rights.letters.facts import Facts
    from misread.rights.letters.questions import Question
    from misread.rights.letters.template import Template
    from misread.rights.letters.write import Letter
    from misread.rights.record.model import Record

NOTE = "-read-first"
"""What the name of the note has beside that of the letter."""


def _accuracy(text: str) -> float:
    """A share typed as 0.95 or 95%."""
    number, percent, rest = text.strip().partition("%")
    try:
        share = float(number) / (100 if percent else 1)
    except ValueError:
        rest = text
        share = 0.0
    if rest:
        raise click.BadParameter(f"{text!r} is no share: write it as 0.95 or 95%.")
    return share


FILE = click.Path(path_type=Path)


@click.command(short_help="A letter to a school, with what to know before it is sent.")
@click.argument("place")
@click.argument("kind")
@click.option("--language", default="en", show_default=True, help="The language of the letter.")
@click.option("--facts", "facts_file", type=FILE, metavar="FILE", help="What the letter is told: TOML, see --blank.")
@click.option(
    "--case", "case_file", type=FILE, metavar="FILE", help="Take facts and record from a case; --facts adds to it."
)
@click.option("--flag", "flags", multiple=True, metavar="WORD", help="Something the letter can hold as well.")
@click.option("--blank", is_flag=True, help="Print the facts that the letter needs, to be filled in.")
@click.option("--record", "record_file", metavar="RECORD", help="Ask what a disclosure record leaves open.")
@click.option(
    "--most", type=click.IntRange(1, 49), metavar="N", help="At most so many questions from it; 12 if not given."
)
@click.option("--stress", type=FILE, metavar="FILE", help="Ask what decides, from `misread stress … --json`.")
@click.option("--stated", type=_accuracy, metavar="SHARE", help="Ask what a stated accuracy comes to, such as 0.95.")
@click.option(
    "--on", type=day, metavar="DATE", help="The date of the letter; that of the facts, or today's, if not given."
)
@click.option("--received", type=day, metavar="DATE", help="The day of receipt; the letter's date if not given.")
@click.option("--calendar", "code", default="", metavar="CODE", help="Whose holidays count, such as IE or DE-BY.")
@click.option("--closed", multiple=True, metavar="DATE|FILE", help="Days on which the district or school is closed.")
@click.option("--term", "terms", type=span, metavar="FIRST..LAST", multiple=True, help="A term of the school.")
@click.option("--out", type=FILE, metavar="FILE", help="Write the letter, and the note beside it: .md, .docx or .pdf.")
@click.option("--font", "fonts", type=FILE, multiple=True, metavar="FILE", help="A font for letters that ours lack.")
@click.option("--ics", type=FILE, metavar="FILE", help="Write the last day to a calendar file.")
@click.option("--i-have-read-this", "read", is_flag=True, help="You have read what comes before the letter.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
def letter(
    place: str,
    kind: str,
    language: str,
    facts_file: Path | None,
    case_file: Path | None,
    flags: tuple[str, ...],
    blank: bool,
    record_file: str | None,
    most: int | None,
    stress: Path | None,
    stated: float | None,
    on: date | None,
    received: date | None,
    code: str,
    closed: tuple[str, ...],
    terms: tuple[tuple[date, date], ...],
    out: Path | None,
    fonts: tuple[Path, ...],
    ics: Path | None,
    read: bool,
    as_json: bool,
) -> None:
    """Write a letter in PLACE (such as eu, uk or us-il) of a KIND such as access, objection, erasure or records.

    What to read first comes first: a letter can do harm. Then it says what it was told, and writes the letter with a
    note for you: what it rests on, how that is known, what is not sure, by when an answer is due. Nothing is sent, and
    nothing is kept but the files that you name. No legal advice.
    """
    from misread.rights import Circumstances, at
    from misread.rights.letters.template import choose
    from misread.rights.letters.write import write

    template = choose(place, kind, language)
    today = date.today()
    if blank:
        from misread.rights.letters.facts import blank as to_fill

        click.echo(to_fill(template, _told(template, facts_file, case_file, None, on or today)[0]), nl=False)
        return
    _refuse(template, out, fonts, ics, most, record_file, facts_file, case_file)
    facts, record, kept = _told(template, facts_file, case_file, record_file, on or today)
    facts = facts.model_copy(update={"flags": facts.flags | set(flags), "date": on or facts.date})
    law = at(place, facts.date or today)
    given = Circumstances(code or kept.calendar, closed_days(closed) or kept.closed, terms or kept.terms)
    if not as_json:
        paragraphs(_before(template, facts, place))
    _confirm(place, read)
    questions = [*_from_model(stated, stress, language), *_from_record(record, template, place, most, given)]
    made = write(template, facts, law=law, today=today, questions=questions, received=received, given=given)
    files = {} if out is None else {"Letter": out, "Read first": out.with_stem(f"{out.stem}{NOTE}")}
    # Everything is made before anything is written: a letter that no font can set leaves no note behind.
    calendar = None if ics is None else _calendar(template, made.due)
    if out is not None:
        from misread.files import write_whole
        from misread.rights.paper.write import paper_bytes

        papers = (made.paper, made.covering)
        contents = [paper_bytes(paper, out.suffix.lower(), fonts) for paper in papers]
        with private():
            for path, content in zip(files.values(), contents, strict=True):
                write_whole(path, content)
    if ics is not None and calendar is not None:
        from misread.files import write_whole

        with private():
            write_whole(ics, calendar)
        files["Calendar"] = ics
    if as_json:
        import json

        from misread.rights.letters.write import letter_json

        click.echo(json.dumps(letter_json(made, questions), ensure_ascii=False, indent=1))
    else:
        paragraphs(_after(made, files))
        if out is None:
            from misread.rights.paper.markdown import to_markdown

            click.echo(f"\n{to_markdown(made.paper)}")
        if case_file is not None:
            click.echo(f"When you have sent it: {_sent(case_file, template, questions)}")


def _refuse(
    template: Template,
    out: Path | None,
    fonts: tuple[Path, ...],
    ics: Path | None,
    most: int | None,
    record: str | None,
    facts: Path | None,
    case: Path | None,
) -> None:
    """Refuse what could not be done or would change nothing, before anything is asked or computed."""
    from misread.errors import MisreadError, Problem
    from misread.rights.paper.write import refuse_format

    problems = []
    if out is not None:
        refuse_format(out)
    if fonts and (out is None or out.suffix.lower() != ".pdf"):
        problems.append(
            Problem("Fonts are for PDF.", "`--out` with a name that ends with .pdf.", "take it out.", key="--font")
        )
    if most is not None and record is None and case is None:
        problems.append(
            Problem("There is no record to ask from.", "`--record`.", "add it, or take it out.", key="--most")
        )
    if record is not None and template.head.to == "authority":
        what = "What a record leaves open is asked of whoever runs the system; this letter goes to an authority."
        problems.append(Problem(what, "a letter to whoever runs it.", "take it out.", key="--record"))
    if facts is None and case is None:
        mend = (
            f"`misread rights letter {template.head.place} {template.head.kind} --blank > facts.toml`, and fill it in."
        )
        problems.append(Problem("It was told nothing.", "`--facts FILE` or `--case FILE`.", mend, key="--facts"))
    if problems:
        raise MisreadError(problems)
    refuse_taken(out, out and out.with_stem(f"{out.stem}{NOTE}"), ics)


def _told(
    template: Template, facts_file: Path | None, case_file: Path | None, record_name: str | None, on: date
) -> tuple[Facts, Record | None, Circumstances]:
    """The facts, the record to ask from, and what is known already of the days that count."""
    from misread.rights import Circumstances, at
    from misread.rights.case.followup import carried
    from misread.rights.letters.facts import Facts, together

    facts, record, kept = Facts(), None, Circumstances()
    if case_file is not None:
        case = case_of(case_file, template.head.place, on)
        # What was meant for an earlier letter is left out.
        earlier = {"flags": case.facts.flags & set(template.head.flags), "date": None}
        facts = carried(case, case.facts.model_copy(update=earlier), template.head, at(case.place, on), on)
        kept = case.circumstances
        record = case.record if template.head.to == "controller" else None
    if facts_file is not None:
        facts = together(facts, facts_of_file(facts_file))
    return facts, record_of(record_name) if record_name else record, kept


def _sent(case: Path, template: Template, questions: Sequence[Question]) -> str:
    """What to type when a letter was sent."""
    words = ["misread", "rights", "case", "sent", str(case), "--letter", template.id]
    fields = dict.fromkeys(question.field for question in questions if question.field)
    return f"{shlex.join([*words, *(word for field in fields for word in ('--field', field))])} --on DATE"


def _from_model(stated: float | None, stress: Path | None, language: str) -> Iterator[Question]:
    from misread.rights.letters.questions import from_accuracy, from_stress

    if stated is not None:
        from misread.cli.support.progress import progress_bar

        with progress_bar("Counting what the accuracy comes to") as step:
            yield from from_accuracy(stated, language, progress=step)
    if stress is not None:
        yield from from_stress(_json_of(stress), language)


def _json_of(path: Path) -> dict[str, object]:
    import json

    from misread.errors import MisreadError, Problem

    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no JSON"
        what = f"It cannot be read: {reason}."
        expected = "what `misread stress DEPLOYMENT --json` prints."
        raise MisreadError(Problem(what, expected, "name another file.", str(path), "--stress")) from error
    return found if isinstance(found, dict) else {}


def _from_record(
    record: Record | None, template: Template, place: str, most: int | None, given: Circumstances
) -> Iterator[Question]:
    if record is None:
        return
    from misread.rights import at
    from misread.rights.letters.questions import MOST, from_gaps
    from misread.rights.record.gaps import gaps

    today = date.today()
    found = gaps(record, at(place, today), today, given=given)
    yield from from_gaps(found, template.head.kind, template.head.language, most or MOST)


def _confirm(place: str, read: bool) -> None:
    """Where a letter can do much harm, nobody goes on without having read that."""
    from misread.errors import MisreadError, Problem
    from misread.rights.letters.safety import elevated, safety

    if read or not elevated(place):
        return
    if sys.stdin.isatty():
        click.confirm("Have you read this, and do you want the letter?", abort=True)
        return
    notes = " ".join(note.text for note in safety(place) if note.elevated)
    what = f"Read this first: {notes}"
    raise MisreadError(Problem(what, mend="if you want the letter all the same, add --i-have-read-this.", key=place))


def _before(template: Template, facts: Facts, place: str) -> Iterator[Line]:
    """What to read first, and what it was told."""
    from misread.rights.letters.facts import told
    from misread.rights.letters.safety import safety

    yield 0, "Read this before you send a letter", "bold"
    yield from ((2, note.text, "bold" if note.elevated else "") for note in safety(place))
    yield 0, "", ""
    yield 0, "You told it", "bold"
    for _name, what, value in told(facts):
        yield 2, f"{upper_first(what)}: {' / '.join(value.split(chr(10)))}", ""
    for flag in sorted(facts.flags & set(template.head.flags)):
        yield 2, f"As well ({flag}): it {template.head.flags[flag]}", ""
    if left := [flag for flag in template.head.flags if flag not in facts.flags]:
        yield 2, "It could hold as well (--flag):", ""
        yield from ((4, f"{flag}: {template.head.flags[flag]}", "") for flag in left)


def _after(made: Letter, files: dict[str, Path]) -> Iterator[Line]:
    """The note where it is in no file, and where everything was written."""
    from misread.errors import printable

    yield 0, "", ""
    if "Letter" not in files:
        from misread.cli.support.papers import lines

        yield 0, made.covering.title, "bold"
        for block in made.covering.blocks:
            yield from lines(block)
    yield from ((0, f"{what}: {printable(str(path))}", "") for what, path in files.items())


def _calendar(template: Template, due: Answer | None) -> bytes:
    """The last day, and the day from which one may act, as a calendar file."""
    from misread.errors import MisreadError, Problem
    from misread.rights import Event, calendar_file

    if due is None or due.due is None:
        what = "There is no last day to write: the letter has none, or it cannot be counted yet."
        raise MisreadError(Problem(what, mend="take it out, or give what it is counted with (--term).", key="--ics"))
    deadline = due.deadline
    said = " ".join([*(one.said for one in due.counted), *due.unsure, "This is no legal advice."])
    events = [Event(due.due, f"Due: {deadline.what}", f"{template.id}; {deadline.basis}. {said}")]
    if due.act_from:
        events.append(Event(due.act_from, f"Nothing came? You may act: {deadline.what}", deadline.basis))
    return calendar_file(events, datetime.now(UTC)).encode()
