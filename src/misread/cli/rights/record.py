"""`misread rights record`: what was told about a system, by whom, on what evidence; and what was not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from misread.cli.rights.given import as_visible, of_the_system, record_of
from misread.cli.support.days import day, span
from misread.cli.support.papers import give_paper, refuse_taken
from misread.cli.support.paragraphs import Line, paragraphs

if TYPE_CHECKING:
    from pydantic import ValidationError

    from misread.rights.record.model import Evidence, Record

FILE = click.argument("file", type=click.Path(path_type=Path))
RECORD = click.argument("name", metavar="RECORD")
JSON = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
OUT = click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it as a paper: .md, .docx or .pdf."
)
ON = click.option("--on", type=day, metavar="DATE", help="The day; today if not given.")


@click.group(short_help="What was told about a system, and what was not.")
def record() -> None:
    """What was told about a system that reads pupils, by whom, on what evidence; and what was not told.

    A record is one JSON file on your own disk; it may be written by hand as TOML. RECORD is such a file, a case that
    holds one, or the name of a worked record: 967-schools.
    """


@record.command(short_help="Begin a record.")
@FILE
@click.option("--title", required=True, help="What the record is about.")
@click.option("--about", default="", help="A sentence or two that stand first when it is told.")
@click.option("--place", default="", help="Whose law is looked at, such as uk; leave it out where none is recorded.")
@click.option("--school-kind", default="unknown", help="public, private, church, university or unknown.")
@click.option(
    "--role", default="other", help="Who keeps it: parent, pupil, educator, board, dpo, researcher, reporter."
)
@click.option("--language", default="en", help="The language of the record, such as en.")
@ON
@JSON
def new(file: Path, title: str, place: str, role: str, on: date | None, as_json: bool, **head: str) -> None:
    """Begin a record in FILE: every field is in it, and none was asked yet."""
    from pydantic import ValidationError

    from misread.errors import MisreadError, Problem
    from misread.rights import at
    from misread.rights.record.model import Record

    refuse_taken(file)
    if file.suffix.lower() == ".toml":
        what = "A record that commands change is kept as JSON."
        raise MisreadError(Problem(what, "a name that ends with .json.", "name it so.", str(file)))
    begun = on or date.today()
    if place:
        at(place, begun)
    try:
        made = Record(title=title, place=place, created_by_role=role, begun=begun, **head)  # type: ignore[arg-type]
    except ValidationError as error:
        raise _typed(error) from error
    _write(file, made, as_json)


@record.command("set", short_help="Write down what was answered, asked or refused.")
@FILE
@click.argument("field")
@click.option(
    "--status", required=True, help="disclosed, partly, contradicted, refused, no_answer, pending, unsourced …"
)
@click.option("--value", metavar="TEXT", help="What is answered.")
@click.option("--value-json", metavar="JSON", help='The same as a list or a table, such as ["happy", "bored"].')
@click.option("--as-of", type=day, metavar="DATE", help="The day of which it speaks.")
@click.option("--said-by", metavar="WHO", help="Who said it, such as school or vendor.")
@click.option("--evidence", type=click.Path(path_type=Path), metavar="FILE", help="What shows it; its digest is kept.")
@click.option("--kind", help="What kind of evidence it is: notice, contract, reply, export, press …")
@click.option("--evidence-title", metavar="TEXT", help="What the evidence is; else the name of its file.")
@click.option("--quote", metavar="TEXT", help="What the evidence says, word for word.")
@click.option("--retrieved", type=day, metavar="DATE", help="When the evidence was seen.")
@click.option("--letter", metavar="TEXT", help="In which letter it was asked for, such as access.eu.en.")
@click.option("--asked-on", type=day, metavar="DATE", help="When; the day of the change if not given.")
@click.option("--due", type=day, metavar="DATE", help="By when an answer is due.")
@click.option("--note", metavar="TEXT", help="A sentence of your own.")
@click.option("--why", metavar="TEXT", help="Why it is changed.")
@ON
@JSON
def set_(file: Path, field: str, status: str, on: date | None, as_json: bool, **typed: Any) -> None:
    """Write down in FILE what is known about FIELD, such as ret.labels.

    What is not given stays, and evidence adds up: where two pieces do not go together, put the second in with
    --status contradicted. What stood there before is kept in the history of the record.
    """
    from pydantic import ValidationError

    from misread.rights.record.change import asked, entered

    there, on = _read(file), on or date.today()
    why = typed["why"] or f"set to {status}"
    try:
        parts = dict(_parts(typed, on))
        if status == "pending":
            letters = parts.pop("asked", ()) or _refuse(
                "What is pending was asked for.", "in which letter.", "--letter"
            )
            if parts:
                there = entered(there, field, there.answer(field).status, on=on, why=why, **parts)
            for letter in letters:
                there = asked(there, [field], letter.letter, letter.on, letter.due, why=typed["why"] or "")
        else:
            there = entered(there, field, status, on=on, why=why, **parts)  # type: ignore[arg-type]
    except ValidationError as error:
        raise _typed(error) from error
    _write(file, there, as_json, field)


@record.command(short_help="Put what the school or the vendor says beside an answer.")
@FILE
@click.argument("field")
@click.option("--by", required=True, metavar="WHO", help="Who disputes it, such as school or vendor.")
@click.option("--says", required=True, metavar="TEXT", help="What they say, word for word.")
@ON
@JSON
def dispute(file: Path, field: str, by: str, says: str, on: date | None, as_json: bool) -> None:
    """Put what a school or a vendor says of an answer beside it, in their words."""
    from pydantic import ValidationError

    from misread.rights.record.change import disputed
    from misread.rights.record.model import Dispute

    there = _read(file)
    try:
        there = disputed(there, field, Dispute(by=by, on=on or date.today(), says=says))
    except ValidationError as error:
        raise _typed(error) from error
    _write(file, there, as_json, field)


@record.command(short_help="Take back what was put in by mistake.")
@FILE
@click.argument("field")
@click.option("--why", required=True, metavar="TEXT", help="What the mistake was.")
@ON
@JSON
def undo(file: Path, field: str, why: str, on: date | None, as_json: bool) -> None:
    """Take back the last change of FIELD, which was put in by mistake; the history keeps it."""
    from misread.rights.record.change import taken_back

    _write(file, taken_back(_read(file), field, on=on or date.today(), why=why), as_json, field)


@record.command(short_help="Tell a record as a story.")
@RECORD
@click.option("--card", is_flag=True, help="Only the fields that can be read in a minute.")
@OUT
@JSON
def show(name: str, card: bool, out: Path | None, as_json: bool) -> None:
    """Tell a record from top to bottom: what is said, by whom, and what nobody was asked."""
    from misread.rights.record.change import overdue
    from misread.rights.record.store import record_text
    from misread.rights.record.told.story import story

    there = record_of(name)
    paper = story(overdue(there, date.today()), "card" if card else "full")
    with as_visible(there):
        give_paper(paper, out, as_json, lambda: record_text(there).rstrip("\n"))


@record.command(short_help="What was not told, and what makes it owed.")
@RECORD
@click.option("--place", default="", help="Whose law is looked at; that of the record if not given.")
@click.option("--emotion", is_flag=True, help="The system infers emotions.")
@click.option("--pupils", is_flag=True, help="It is about pupils.")
@click.option("--identifies", is_flag=True, help="It tells who somebody is.")
@click.option("--calendar", "code", default="", metavar="CODE", help="Whose holidays count, such as IE or DE-BY.")
@click.option("--term", "terms", type=span, metavar="FIRST..LAST", multiple=True, help="A term of the school.")
@ON
@OUT
@JSON
def gaps(
    name: str,
    place: str,
    emotion: bool,
    pupils: bool,
    identifies: bool,
    code: str,
    terms: tuple[tuple[date, date], ...],
    on: date | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """What was not told: owed by law, owed to whoever asks, promised, good practice.

    Counts, and no grade: that something was not told does not say that anybody did wrong. What was not said of the
    system becomes a condition.
    """
    import json

    from misread.rights import Circumstances, at
    from misread.rights.record.gaps import gaps as found_in
    from misread.rights.record.gaps import gaps_json
    from misread.rights.record.told.gaps import gaps_paper

    there, today = record_of(name), on or date.today()
    said = of_the_system(emotion=emotion, pupils=pupils, identifies=identifies)
    law = at(place or there.place, today) if place or there.place else None
    found = found_in(there, law, today, said, given=Circumstances(code, terms=terms))
    with as_visible(there):
        give_paper(
            gaps_paper(found, there), out, as_json, lambda: json.dumps(gaps_json(found), ensure_ascii=False, indent=1)
        )


@record.command(short_help="The same answers in the order of another catalogue.")
@RECORD
@click.argument("view", metavar="VIEW")
@OUT
@JSON
def view(name: str, view: str, out: Path | None, as_json: bool) -> None:
    """The same answers in the order of another catalogue. VIEW is atrs, gdpr, ai-act, card or us."""
    import json
    from dataclasses import asdict

    from misread.rights.record.fields import MAPS
    from misread.rights.record.views import view as rows
    from misread.rights.record.views import view_paper

    there = record_of(name)
    paper = view_paper(there, view)

    def answer() -> str:
        to = next(to for known, to in MAPS.items() if known == view)
        found = [asdict(row) for row in rows(there, view)]
        told = {"format": "misread-record-view/1", "view": view, **to.model_dump(), "rows": found}
        return json.dumps(told, ensure_ascii=False, indent=1)

    with as_visible(there):
        give_paper(paper, out, as_json, answer)


@record.command(short_help="All fields of a record.")
@JSON
def fields(as_json: bool) -> None:
    """All fields of a record: the question, what form its value has, and where else the same is asked."""
    import json

    from misread.rights.record.fields import FIELDS, GROUPS, MAPS

    if as_json:
        told = {
            "format": "misread-record-fields/1",
            "maps": {name: to.model_dump() for name, to in MAPS.items()},
            "fields": [field.model_dump() for field in FIELDS.values()],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return

    def lines() -> Iterator[Line]:
        for group, title in GROUPS.items():
            yield from ((0, "", ""), (0, title, "bold"))
            for field in FIELDS.values():
                if field.group == group:
                    yield 2, f"{field.id}: {field.question} ({field.hint})", ""

    paragraphs(list(lines())[1:])


@record.command(short_help="The JSON Schema of a record.")
def schema() -> None:
    """Print the JSON Schema of a record, for editors and other programs."""
    import json

    from misread.rights.record.store import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=1))


def _read(file: Path) -> Record:
    """A record that is to be written again, in the form that it has."""
    from misread.errors import MisreadError, Problem
    from misread.rights.case.model import is_case
    from misread.rights.record.store import read_record

    if file.suffix.lower() == ".toml":
        what = "It was written by hand, as TOML, and only JSON keeps the history of what is changed."
        mend = f"`misread rights record show {file} --json > {file.with_suffix('.json')}`, and change that."
        raise MisreadError(Problem(what, "a record as JSON.", mend, str(file)))
    if is_case(file):
        what = "It is a case, and its record is changed by letters and replies."
        mend = f"`misread rights record show {file} --json > record.json`; change that; `misread rights case note`."
        raise MisreadError(Problem(what, "a record.", mend, str(file)))
    return read_record(file)


def _parts(typed: Mapping[str, Any], on: date) -> Iterator[tuple[str, Any]]:
    """The parts of an answer that were typed."""
    from misread.rights.record.model import Asked

    if typed["value"] is not None and typed["value_json"] is not None:
        _refuse("A value is given twice.", "one of --value and --value-json.", "--value-json")
    if typed["value"] is not None or typed["value_json"] is not None:
        yield "value", typed["value"] if typed["value_json"] is None else _value(typed["value_json"])
    yield from ((name, typed[name]) for name in ("as_of", "said_by", "note") if typed[name] is not None)
    if evidence := _evidence(typed):
        yield "evidence", (evidence,)
    if typed["letter"] is not None:
        asked = Asked(letter=typed["letter"], on=typed["asked_on"] or on, due=typed["due"])
        if asked.due is not None and asked.due < asked.on:
            _refuse(f"An answer is due before it was asked for, on {asked.on}.", "a later day.", "--due")
        yield "asked", (asked,)
    elif typed["due"] or typed["asked_on"]:
        _refuse("A day is given, and no letter.", "in which letter it was asked.", "--letter")


def _evidence(typed: Mapping[str, Any]) -> Evidence | None:
    from misread.rights.record.model import EVIDENCE, Evidence

    names = ("evidence", "kind", "evidence_title", "quote", "retrieved")
    if all(typed[name] is None for name in names):
        return None
    file: Path | None = typed["evidence"]
    title = typed["evidence_title"] or (file.name if file else "")
    if not typed["kind"]:
        _refuse("Evidence is given, and not of what kind.", f"one of {', '.join(EVIDENCE)}.", "--kind")
    if not title:
        _refuse("Evidence is given, and not what it is.", "a title, or a file.", "--evidence-title")
    return Evidence(
        kind=typed["kind"],
        title=title,
        retrieved=typed["retrieved"],
        sha256=_digest(file) if file else "",
        quote=typed["quote"] or "",
    )


def _digest(file: Path) -> str:
    """The digest of a file, which is read and not copied."""
    import hashlib

    from misread.errors import MisreadError, Problem

    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        what = f"It cannot be read: {error.strerror or error}."
        raise MisreadError(Problem(what, "the file that shows it.", "name it.", str(file), "--evidence")) from error


def _value(text: str) -> Any:
    import json

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _refuse("It is no JSON.", 'JSON such as ["happy", "bored"].', "--value-json")


def _refuse(what: str, expected: str, key: str) -> Any:
    from misread.errors import MisreadError, Problem

    raise MisreadError(Problem(what, expected, f"say it with {key}.", "misread rights record", key))


def _typed(error: ValidationError) -> Exception:
    """What is wrong in what was typed."""
    from misread.deployment.text.source import Document
    from misread.rights.record.store import refused

    return refused(error, Document("misread rights record", {}, {}))


def _write(file: Path, there: Record, as_json: bool, field: str = "") -> None:
    """Write a record, and say what stands in it now."""
    from misread.errors import printable
    from misread.files import write_whole
    from misread.rights.record.fields import FIELDS
    from misread.rights.record.store import record_text
    from misread.rights.record.told.words import told

    with as_visible(there):
        write_whole(file, record_text(there))
    if as_json:
        click.echo(there.answer(field).model_dump_json(exclude_defaults=True) if field else record_text(there).rstrip())
        return
    lines = [(2, text, "") for text in told(there.answer(field))] if field else []
    paragraphs([(0, FIELDS[field].question if field else there.title, "bold"), *lines])
    click.echo(f"Record: {printable(str(file))}")
