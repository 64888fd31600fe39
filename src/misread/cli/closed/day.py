"""`misread closed day`: a class of nobody through one school day, read by six readers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from misread.cli.support.progress import HOW

if TYPE_CHECKING:
    from misread.closed.day import Day


NOTES = (
    "Not judged: a message can be judged only where every word that it counts was said of a pose that is a valid "
    "stimulus: a face at rest, a smile, surprise. No rule that tells somebody counts the word for such a pose, so that "
    "where a message can be judged its words misname the face; if what it claims is so all the same, that is luck.",
    "Readers agree on little partly for how they are run: the landmark reader alone has a word for looking away; fer "
    "and facex alone can find no face, with the detector of their packages, at a setting kinder than theirs, run round "
    "each known face; the other networks are given the rendered face's box as theirs would draw it (an assumption).",
)


@click.command()
@click.option(
    "--make", "folder", metavar="FOLDER", help="Make the day anew, into this folder (needs the extra closed)."
)
@click.option("--looks", type=click.IntRange(min=1), help="With --make: only the first so many looks.")
@click.option("--progress", type=click.Choice(HOW), default="bar", show_default=True, help="How to tell of it.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole day as JSON.")
def day(folder: str | None, looks: int | None, progress: str, as_json: bool) -> None:
    """Show what six readers made of a rendered class of nobody through one school day.

    Rendered faces only: not evidence that a product works or fails on children. States and expressions come from the
    trace of as-described-full, the room from the policy camera-over-the-board. --make renders and reads it all again:
    about half an hour on two cores.
    """
    from misread.closed.day import shipped

    if looks is not None and folder is None:
        raise click.UsageError("--looks goes with --make: it says how much of the day is made.")
    made = shipped() if folder is None else _made(Path(folder), looks, progress)
    if as_json:
        click.echo(json.dumps(made.model_dump(), ensure_ascii=False))
        return
    _show(made, folder)


def _made(folder: Path, looks: int | None, progress: str) -> Day:
    from misread.cli.support.progress import progress_of
    from misread.closed.day import Day
    from misread.closed.day.make import cast_of, made
    from misread.closed.day.model import DAY
    from misread.files import try_folder, write_folder

    try_folder(folder, "--make")
    with progress_of(progress, "Rendering and reading the class", "looks") as step:
        files = made(cast_of(), step, looks)
    write_folder(folder, files)
    return Day.model_validate_json(files[DAY])


def _show(made: Day, folder: str | None) -> None:
    from misread.cli.support.terminal import WIDEST, terminal
    from misread.closed.day.counts import agreed, seen

    console = terminal()
    width = min(console.width, WIDEST)
    faces = seen(made)
    console.print(f"[bold]{made.says}[/bold]", width=width)
    console.print(
        f"\nA class of {len(made.pupils)}, looked at {len(made.moments)} times in one school day: {len(faces):,} "
        f"faces. All {len(made.readers)} readers say the same of {agreed(faces):,} of them.\n",
        width=width,
    )
    _table(made)
    for note in NOTES:
        console.print(f"\n{note}", width=width)
    console.print(
        f"\nPictures and data: {folder}" if folder else "\nTo look at it: misread serve, “The closed classroom”.",
        width=width,
    )


def _table(made: Day) -> None:
    from rich.table import Table

    from misread.cli.support.terminal import terminal
    from misread.closed.day.counts import by_reader

    rest = sum(by_reader(made)[0].at_rest.values())
    words = ("neutral", "sad", "angry", "fear")
    table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left", title_style="")
    table.title = f"What {rest:,} faces at rest were called, and the messages that were sent:"
    table.add_column("reader", no_wrap=True)
    for head in (*words, "other", "no face", "messages", "not judged"):
        table.add_column(head, justify="right", no_wrap=True)
    for one in by_reader(made):
        other = sum(n for word, n in one.at_rest.items() if word not in (*words, "none"))
        cells = [*(one.at_rest[word] for word in words), other, one.at_rest["none"], one.messages, one.unjudged]
        table.add_row(one.reader, *(f"{cell:,}" for cell in cells))
    terminal().print(table)
