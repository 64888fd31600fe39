"""`misread rights check`: what a school gave back, beside what it said."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from misread.cli.rights.given import record_of
from misread.cli.support.days import day
from misread.cli.support.paragraphs import Line, paragraphs

if TYPE_CHECKING:
    from misread.rights.case.model import Case
    from misread.rights.check.model import Checked

STOPPED = 2
"""The exit code where the command has to ask before it can go on, as after any other mistake in what it was given."""


def _pairs(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """What was typed as NAME=CLASS; a name may hold the sign too, a class never does."""
    found: dict[str, str] = {}
    for one in given:
        name, sign, kind = one.rpartition("=")
        if not sign or not name or not kind:
            raise click.BadParameter(f"write it as NAME=CLASS, not {one!r}.", context, parameter)
        found[name] = kind
    return found


@click.command(short_help="What a school gave back, beside what it said.")
@click.argument("export", type=click.Path(path_type=Path))
@click.option("--record", "record_name", metavar="RECORD", help="What was told: a record's file, or 967-schools.")
@click.option(
    "--calendar",
    "calendar_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="When there was school: TOML with terms, school hours and closed days.",
)
@click.option(
    "--case",
    "case_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The family's case: when it opted out, and its record.",
)
@click.option("--on", "on", type=day, metavar="DATE", help="The day the export came; else its last day counts.")
@click.option("--pupil", default="", metavar="ID", help="What the export calls your child, where it holds others.")
@click.option("--dates", default="", metavar="dmy|mdy", help="Whether the day or the month stands first.")
@click.option("--column", "columns", multiple=True, callback=_pairs, metavar="NAME=CLASS", help="What a column is.")
@click.option("--word", "words", multiple=True, callback=_pairs, metavar="LABEL=CLASS", help="What a label is.")
@click.option("--encoding", default="", metavar="NAME", help="How its text is written, such as cp1252.")
@click.option("--delimiter", default="", metavar="SIGN", help="What stands between the cells of a CSV file.")
@click.option(
    "--header",
    type=click.IntRange(min=0),
    metavar="ROW",
    help="The row that holds the names of the columns; 0 for none.",
)
@click.option("--all", "everything", is_flag=True, help="Print every value that was seen.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def check(
    export: Path,
    record_name: str | None,
    calendar_file: Path | None,
    case_file: Path | None,
    on: date | None,
    pupil: str,
    dates: str,
    columns: dict[str, str],
    words: dict[str, str],
    encoding: str,
    delimiter: str,
    header: int | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Check what a school gave back: EXPORT is a CSV, JSON or XLSX file, or a ZIP of those.

    It is read on this machine, nothing of it is written anywhere, and nothing leaves. It is told what the school
    stored; nothing is said of the child, and no rule is run on what was stored.

    Where another child's rows are in it, that comes first, and nothing else is looked at until --pupil says which are
    yours. Whatever only you can tell is asked, never guessed.
    """
    from misread.cli.support.progress import progress_bar
    from misread.rights.check.check import check as checked_of
    from misread.rights.check.findings.calendar import read_calendar
    from misread.rights.check.model import Answers, Choices
    from misread.rights.check.reading import read_export

    # What is small comes first: a mistake there is told before a large file is read.
    record = record_of(record_name) if record_name else None
    calendar = read_calendar(str(calendar_file), _content(calendar_file, "--calendar")) if calendar_file else None
    case = _case(case_file) if case_file else None
    with progress_bar("Reading") as step:
        # Nothing here keeps hold of the file, which may be as large as all that is read from it.
        read = read_export(export.name, _content(export, ""), Choices(encoding, delimiter, header), step)
    answers = Answers(dates=dates, columns=columns, words=words, pupil=pupil, on=on)
    checked = checked_of(read, record=record, calendar=calendar, case=case, answers=answers)
    _tell(checked, as_json, everything)
    if checked.stop:
        click.get_current_context().exit(STOPPED)


def _case(path: Path) -> Case:
    from misread.rights.case.model import read_case

    return read_case(path)


def _content(path: Path, option: str) -> bytes:
    """All of a file; one that is far too large is not even read."""
    from misread.errors import MisreadError, Problem
    from misread.rights.check.reading.limits import MOST_BYTES, megabytes, too_large

    try:
        with path.open("rb") as file:
            # What is no file, such as a pipe, has no size: what is read of it is bounded below.
            if os.fstat(file.fileno()).st_size > MOST_BYTES:
                raise too_large(str(path), "It is too large.", f"at most {megabytes(MOST_BYTES)}.")
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise MisreadError(
            Problem(
                f"It cannot be read: {error.strerror or error}.",
                "a file.",
                "correct the name; of a folder, give one file or a ZIP of several.",
                str(path),
                option,
            )
        ) from error


def _tell(checked: Checked, as_json: bool, everything: bool) -> None:
    from misread.rights.check.said import as_json as json_of
    from misread.rights.check.said import lines

    if as_json:
        import json

        click.echo(json.dumps(json_of(checked), ensure_ascii=False, indent=1))
    else:
        paragraphs(_set(lines(checked, everything)))


def _set(lines: Iterable[str]) -> Iterator[Line]:
    """Lines as paragraphs, set in as far as they are; what stands at the edge is what one reads first."""
    for line in lines:
        text = line.lstrip(" ")
        indent = len(line) - len(text)
        yield indent, text, "" if indent else "bold"
