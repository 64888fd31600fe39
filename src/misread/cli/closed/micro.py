"""`misread closed micro`: a movement of a fraction of a second on film, and what readers say of its frames."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from misread.cli.support.progress import HOW

if TYPE_CHECKING:
    from rich.table import Table

    from misread.closed.micro import Film, Micro, View
    from misread.closed.micro.model import Count


@click.command()
@click.option("--make", "folder", metavar="FOLDER", help="Make it anew, into this folder (needs the extra closed).")
@click.option("--progress", type=click.Choice(HOW), default="bar", show_default=True, help="How to tell of it.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
def micro(folder: str | None, progress: str, as_json: bool) -> None:
    """Show one micro-expression on a film of 25 frames a second, and what six readers say of its frames.

    Rendered faces only: not evidence that a product works or fails on children. A face of nobody shows surprise for
    1/25 s to 1/5 s, at a seat in the first row and at one in the last. Which frames hold it, whether a
    reader's word changes on them, and how often it does so by itself. --make renders and reads it all again: about
    two minutes.
    """
    from misread.closed.micro import shipped

    found = shipped() if folder is None else _made(Path(folder), progress)
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False))
        return
    _show(found, folder)


def _made(folder: Path, progress: str) -> Micro:
    from misread.cli.support.progress import progress_of
    from misread.closed.day.film import _sheet
    from misread.closed.micro import Micro
    from misread.closed.micro.make import made
    from misread.closed.micro.model import MICRO
    from misread.files import try_folder, write_folder

    try_folder(folder, "--make")
    with progress_of(progress, "Rendering and reading the frames", "faces") as step:
        files = made(step, _sheet)
    write_folder(folder, files)
    return Micro.model_validate_json(files[MICRO])


def _as_json(found: Micro) -> dict[str, object]:
    from misread.closed.micro.chance import on_a_look

    chances = [{"lasts": lasts, "on_a_look": chance} for lasts, chance in on_a_look(found).items()]
    return found.model_dump() | {"chances": chances}


def _show(found: Micro, folder: str | None) -> None:
    from misread.cli.support.terminal import WIDEST, terminal
    from misread.closed.micro.chance import on_a_look

    console = terminal()
    width = min(console.width, WIDEST)
    chances = on_a_look(found)
    shortest, longest = min(chances), max(chances)
    console.print(f"[bold]{found.says}[/bold]", width=width)
    console.print(
        f"\nOne head, one pose: a face at rest shows {found.pose} for {_seconds(shortest, found)} to "
        f"{_seconds(longest, found)}. A camera that looks every {found.look_every:g} s has it on a look with "
        f"probability {chances[shortest]:.5f} to {chances[longest]:.5f}. That counts any strength above 0; that it is "
        "held on a look, at half its strength or more, is half as likely. On a film of "
        f"{found.per_second} frames a second:\n",
        width=width,
    )
    for view in found.views:
        console.print(_table(found, view))
        console.print()
    console.print(
        "By the movement's length in seconds: on how many of the frames that hold it, at least half as strong as at "
        "its apex, a reader says another word than of the same frame at rest. That tells something only of a reader "
        "whose word seldom changes by itself, from one frame at rest to the next. A face that is not found has no "
        "word, and such frames are not counted there. The last column counts them apart: frames without a face, first "
        "of those at rest, then of those that hold a movement.",
        width=width,
    )
    if any(not film.frames for view in found.views for film in view.films):
        console.print(
            f"\nHere the apex is on a frame. Where it is half a frame off, a movement of {_seconds(shortest, found)} "
            "is on no frame at all.",
            width=width,
        )
    console.print(
        f"\nAssumptions, most of them kind to the camera: a frame is an instant; the whole pose is there at the apex; "
        f"landmarks are located to {found.located:g} pixels, and the camera's noise is {found.grain:g} of 255 steps.",
        width=width,
    )
    console.print(f"\nPictures and data: {folder}" if folder else "\nIts pictures: misread serve.", width=width)


def _table(found: Micro, view: View) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left", title_style="")
    table.title = f"Row {view.row + 1}: {view.between_eyes:g} pixels between the eyes, of {view.width} × {view.height}"
    films = [film for film in view.films if film.phase == 0]
    for head in ("reader", "at rest", "at apex"):
        table.add_column(head, no_wrap=True)
    for head in ("by itself", *(str(Fraction(film.lasts, found.per_second)) for film in films), "no face"):
        table.add_column(head, justify="right", no_wrap=True)
    for number, reader in enumerate(found.readers):
        said = [frame.said[number] for frame in view.rest]
        counts = (view.by_itself(number), *(view.changed(film, number) for film in films))
        lost = f"{_of(view.lost_at_rest(number))} {_of(view.lost(number))}"
        most = max(dict.fromkeys(said), key=said.count)
        table.add_row(reader, most, _at_apex(films[0], number), *map(_of, counts), lost)
    return table


def _at_apex(film: Film, number: int) -> str:
    """A reader's word where the pose is strongest: the same whatever the length, where the apex is on a frame."""
    return film.frames[film.strengths.index(max(film.strengths))].said[number]


def _of(count: Count) -> str:
    return f"{count.n}/{count.of}" if count.of else "–"


def _seconds(lasts: int, found: Micro) -> str:
    return f"{Fraction(lasts, found.per_second)} s"
