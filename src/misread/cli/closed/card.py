"""`misread closed card`: what becomes of a reader's answer when only one thing changes."""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import click

from misread.cli.support.progress import HOW

if TYPE_CHECKING:
    from misread.closed.card.model import Card, Changed, Share

LEAST, MOST = 20, 500
DIFFERS = 3
"""Exit code where a sample is not as it was."""
OUTCOMES = {
    "same": "The sample is the same: every picture byte for byte, and every score.",
    "within tolerance": "The sample is not the same, but lies within tolerance.",
    "differs": "The sample differs.",
}
STAR = "*"


@click.command()
@click.option(
    "--heads",
    type=click.IntRange(LEAST, MOST),
    metavar="N",
    help="Make a card of so many heads, 20 at least so that no row rests on fewer pictures (needs the extra closed).",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), help="With --heads: seed of all that is drawn; 1 if not given."
)
@click.option("--out", metavar="FILE", help="With --heads: write the card there.")
@click.option("--check", is_flag=True, help="Take a sample of the shipped card again, and compare (extra closed).")
@click.option(
    "--profile", "reader", metavar="READER", help="Print a reader's profile for a deployment file, of the lowest grade."
)
@click.option("--progress", type=click.Choice(HOW), default="bar", show_default=True, help="How to tell of it.")
@click.option("--json", "as_json", is_flag=True, help="Print the card, or what --check found, as JSON.")
def card(
    heads: int | None, seed: int | None, out: str | None, check: bool, reader: str | None, progress: str, as_json: bool
) -> None:
    """Show what becomes of a reader's answer when only one thing changes: the card.

    Rendered faces: not evidence that a product works or fails on children. Each factor stands beside controls that
    change nothing a reader should mind. Prints the shipped card; --heads makes another, about ten minutes of two cores
    for 20 heads. With --check the exit code is 0 where the sample is the same or within tolerance, and 3 where it
    differs.
    """
    from misread.closed.card import shipped

    _one_thing(heads, seed, out, check, reader, as_json)
    if reader is not None:
        from misread.closed.card.profile import section

        click.echo(section(shipped(), reader), nl=False)
    elif check:
        _check(shipped(), progress, as_json)
    else:
        shown = shipped() if heads is None else _made(heads, 1 if seed is None else seed, out, progress)
        if as_json:
            click.echo(shown.text(), nl=False)
        else:
            _show(shown)


def _one_thing(
    heads: int | None, seed: int | None, out: str | None, check: bool, reader: str | None, as_json: bool
) -> None:
    if sum((heads is not None, check, reader is not None)) > 1:
        raise click.UsageError("--heads, --check and --profile are three things: name one of them.")
    if heads is None and (seed is not None or out is not None):
        raise click.UsageError("--seed and --out go with --heads: they are about a card that is made.")
    if reader is not None and as_json:
        raise click.UsageError("--profile prints TOML: leave --json out.")


def _made(heads: int, seed: int, out: str | None, progress: str) -> Card:
    from misread.cli.support.progress import progress_of
    from misread.closed.card.made.make import made
    from misread.files import try_folder, write_whole

    if out is not None:
        try_folder(Path(out).parent, "--out")
    with progress_of(progress, "Rendering and reading", "heads") as step:
        found = made(heads, seed, step)
    if out is not None:
        write_whole(Path(out), found.text())
    return found


def _check(kept: Card, progress: str, as_json: bool) -> None:
    from misread.cli.support.progress import progress_of
    from misread.closed.card.made.make import ready, versions
    from misread.closed.card.made.sample import TOLERANCE, compared, repeated, since
    from misread.closed.card.made.take import Grid
    from misread.closed.readers.packages.place import kept as cached

    ready(Grid())
    with progress_of(progress, "Taking the sample again", "heads") as step:
        found = compared(kept.sample, repeated(kept.seed, step))
    otherwise = since(kept, versions(), cached())
    if as_json:
        told = {
            "format": "misread-closed-check/1",
            "says": kept.says,
            "outcome": found.outcome,
            "same_bytes": found.same_bytes,
            "of": found.of,
            "furthest_score": found.furthest if isfinite(found.furthest) else None,
            "tolerance": TOLERANCE,
            "differs": list(found.differs),
            "made_otherwise": list(otherwise),
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        click.echo(OUTCOMES[found.outcome])
        where = f"{found.same_bytes} of {found.of} groups of pictures"
        click.echo(f"The same bytes: {where}. The mean scores differ by {found.furthest:.2g} at the most.")
        click.echo(f"Allowed where a machine draws otherwise: {TOLERANCE}.")
        for line in found.differs:
            click.echo(f"Differs: {line}")
        for line in otherwise:
            click.echo(f"Made otherwise: {line}")
        click.echo(kept.says)
    if found.differs:
        click.get_current_context().exit(DIFFERS)


def _show(shown: Card) -> None:
    from rich.text import Text

    from misread.cli.support.terminal import WIDEST, terminal

    console = terminal()
    width = min(console.width, WIDEST)
    for i, line in enumerate((_headline(shown), shown.says, f"Base: {shown.base}", _power(shown))):
        console.print(Text(line, style="bold" if i == 0 else ""), width=width)
    _changes(shown)
    _found(shown)
    _hits(shown)
    _neutral(shown)
    _agreement(shown)
    console.print()
    for note in shown.notes:
        console.print(Text(f"· {note}"), width=width)
    versions = ", ".join(f"{name} {version}" for name, version in shown.made_with.items())
    console.print(Text(f"Made with {versions}. Distances of scores and hashes: --json."), width=width)


def _headline(shown: Card) -> str:
    same = [pair.same for pair in shown.agreement if pair.where == "base"]
    low, high = (_of_100(share.share) for share in (min(same, key=_share), max(same, key=_share)))
    return (
        "Which reader was bought decides much: with each network given a box as we suppose its detector draws one, "
        f"two readers give the same label to {low} to {high} of 100 faces seen from the front, by which two they are."
    )


def _power(shown: Card) -> str:
    sizes = [_of_100(seen.difference) for seen in shown.power.seen]
    return (
        f"What {shown.power.heads} heads and {shown.power.poses} poses can show, computed before: differences of "
        f"{min(sizes)} to {max(sizes)} in 100 to the control, {_of_100(shown.power.power)} times in 100; smaller ones "
        "are missed more often than that."
    )


def _changes(shown: Card) -> None:
    rows: dict[tuple[str, str, bool], list[Changed]] = {}
    for row in shown.changes:
        rows.setdefault((row.factor, row.level, row.control), []).append(row)
    lines = [
        (f"control: {factor}" if control else factor, level, *(_flips(row) for row in found))
        for (factor, level, control), found in rows.items()
    ]
    caption = (
        "Of 100 answers, how many become another label when only this changes (95 % interval; "
        f"{STAR} clearly more than under any control)"
    )
    _table(caption, ("what changes", "to", *shown.readers), lines)


def _flips(row: Changed) -> str:
    star = STAR if row.beyond is not None and row.beyond.low > 0 else ""
    return _cell(row.flips) + star


def _found(shown: Card) -> None:
    rows: dict[tuple[str, str], list[str]] = {}
    for row in shown.found:
        star = STAR if row.missed_beyond is not None and row.missed_beyond.low > 0 else ""
        rows.setdefault((row.factor, row.level), []).append(_cell(row.found) + star)
    _table(
        f"Of 100 faces, how many the detector finds ({STAR} clearly fewer than under any control)",
        ("what changes", "to", "as fer asks it, 50 px at least", "as kindly as can be"),
        [(*what, *cells) for what, cells in rows.items()],
    )


def _hits(shown: Card) -> None:
    base = [row for row in shown.hits if row.factor == "base"]
    _table(
        f"The base condition: of {shown.heads.count} heads, how many are called by each pose's name",
        ("reader", *shown.poses),
        [(row.reader, *map(str, row.by_pose)) for row in base],
    )


def _neutral(shown: Card) -> None:
    called = [row for row in shown.neutral if row.where == "all"]
    _table(
        "What 100 neutral faces are called over this grid of changes: the base and each level once",
        ("reader", *called[0].words),
        [(row.reader, *map(_cell, row.words.values())) for row in called],
    )


def _agreement(shown: Card) -> None:
    same = {(pair.readers, pair.where): pair.same for pair in shown.agreement}
    _table(
        "Of 100 faces, how many two readers give the same label",
        ("readers", "in the base condition", "over this grid of changes"),
        [
            (" and ".join(readers), _cell(share), _cell(same[readers, "all"]))
            for (readers, where), share in same.items()
            if where == "base"
        ],
    )


def _table(caption: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from misread.cli.evidence.tables import add_row, new_table, print_table

    click.echo(f"\n{caption}:\n")
    table = new_table(*heads)
    for row in rows:
        add_row(table, *row)
    print_table(table)


def _cell(share: Share) -> str:
    return f"{_of_100(share.share)} ({_of_100(share.low)}–{_of_100(share.high)})"


def _share(share: Share) -> float:
    return share.share


def _of_100(share: float) -> int:
    return round(100 * share)
