"""`misread evidence`: the published figures that the deployments rest on."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table

    from misread.errors import MisreadError
    from misread.evidence import Entry, Figure, Matrix, Quantity

UNITS = {"1": "share", "": ""}
"""Units whose words differ from their sign."""


@click.command()
@click.argument("id", required=False)
@click.option("--topic", help="Only this part of the catalogue, such as gaze.")
@click.option("--search", metavar="WORDS", help="Only entries that hold all of these words.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of entries as JSON.")
def evidence(id: str | None, topic: str | None, search: str | None, as_json: bool) -> None:
    """List the published figures, or show all about one: misread evidence M14.

    Each has a status: verified (the figure itself was seen in the source), computed (counted again from the
    source's data), secondary (seen quoted elsewhere), unverified (from memory), unsourced (no test behind it).
    """
    from misread.evidence import find, plain

    found = [_one(id, topic, search)] if id is not None else find(*_chosen(topic), (search or "").split())
    if as_json:
        click.echo(json.dumps([plain(entry) for entry in found], ensure_ascii=False, indent=1))
    elif id is not None:
        _show(found[0])
    else:
        _list(found)


def _one(id: str, topic: str | None, search: str | None) -> Entry:
    from misread.errors import MisreadError, Problem
    from misread.evidence import catalogue

    if topic is not None or search is not None:
        raise MisreadError(
            Problem(
                "An id names one entry already.",
                "an id alone, or --topic and --search without one.",
                "take the id out, or the options.",
                key="ID",
            )
        )
    known = catalogue()
    if id not in known:
        raise _unknown(id, known, "entry of the evidence catalogue", "ID", "an id such as M14.")
    return known[id]


def _chosen(topic: str | None) -> tuple[Mapping[str, Entry], str | None]:
    from misread.evidence import catalogue, topics

    known = catalogue()
    if topic is not None and topic not in (named := topics(known)):
        raise _unknown(topic, named, "topic of the evidence catalogue", "--topic", f"one of {', '.join(named)}.")
    return known, topic


def _unknown(word: str, known: Iterable[str], kind: str, key: str, expected: str) -> MisreadError:
    from misread.deployment.text.source import near
    from misread.errors import MisreadError, Problem

    meant = near(word, known) or near(word.upper(), known) or near(word.lower(), known)
    mend = f"did you mean `{meant}`?" if meant else "see `misread evidence` for the list."
    return MisreadError(Problem(f"`{word}` is no {kind}.", expected, mend, key=key))


def _list(found: Sequence[Entry]) -> None:
    from misread.evidence import topics

    if not found:
        click.echo("No entry holds all of that.")
        return
    for topic in topics({entry.id: entry for entry in found}):
        click.echo(f"{topic}\n")
        table = _table("id", "status", "source", "what")
        for entry in found:
            if entry.topic == topic:
                _add(table, entry.id, entry.status, entry.short or "none", entry.quantity)
        _print(table)
        click.echo()
    word = "entry" if len(found) == 1 else "entries"
    click.echo(f"{len(found)} {word}. All about one: misread evidence {found[0].id}")


def _show(entry: Entry) -> None:
    from misread.evidence import MEANING, Matrix, Quantity

    click.echo(f"{entry.id}  {entry.quantity}\n")
    table = _table()
    status = f"{entry.status}: {MEANING[entry.status]}"
    doi = f"doi:{entry.doi}" if entry.doi else ""
    units = f"{entry.units:g} {entry.unit_of}" if entry.units is not None else entry.unit_of
    for key, text in (
        ("status", status),
        ("source", " ".join(filter(None, (entry.citation or entry.no_source, doi)))),
        ("where", entry.where),
        ("seen in", entry.seen),
        ("people", entry.population),
        ("shown or done", entry.stimuli),
        ("independent units", ": ".join(filter(None, (units, entry.units_note)))),
        ("topic", entry.topic),
        *(("note", note) for note in entry.notes),
    ):
        if text:
            _add(table, key, text)
    _print(table)
    click.echo()
    if isinstance(entry, Matrix):
        _show_matrix(entry)
    elif isinstance(entry, Quantity):
        _show_figures(entry)


def _show_matrix(entry: Matrix) -> None:
    cells = entry.counted if entry.cells == "counts" else f"proportions of a row's {entry.counted}"
    click.echo(f"Rows: the true expression. Columns: the label given. Cells: {cells}.\n")
    table = _table(*("", *entry.columns, "row n", "units", "right"), numbers=True)
    for row, line in entry.as_printed.items():
        right = f"{entry.counts[row][row] / sum(entry.counts[row].values()):.1%}" if row in line else ""
        numbers = (f"{cell:,}" if entry.cells == "counts" else f"{cell:.4f}" for cell in line.values())
        _add(table, row, *numbers, f"{entry.row_n[row]:,}", _short(entry.row_units[row]), right)
    _print(table)
    if entry.printed:
        said = ", ".join(f"{key.replace('_f1', ' F1')} {value:g}" for key, value in entry.printed.items())
        click.echo(f"\nThe source's own figures from it: {said}.")


def _short(number: float) -> str:
    return f"{number:,.1f}".removesuffix(".0")


def _show_figures(entry: Quantity) -> None:
    # Columns that would be empty are left out.
    rows = [_figure(figure, entry) for figure in entry.figures]
    heads = ("which", "value", "unit", "from – to", "n", "status")
    used = [i for i in range(len(heads)) if any(row[i] for row in rows)]
    table = _table(*(heads[i] for i in used))
    for row in rows:
        _add(table, *(row[i] for i in used))
    _print(table)


def _figure(figure: Figure, entry: Entry) -> tuple[str, ...]:
    ends = [x for x in (figure.low, figure.high) if x is not None]
    n = "" if figure.n is None else f"{figure.n:,} {figure.n_of}".strip()
    return (
        figure.name,
        f"{figure.value:,}" if isinstance(figure.value, int) else str(figure.value),
        UNITS.get(figure.unit, figure.unit),
        " – ".join(map(str, ends)),
        f"{figure.hits:,} of {n}" if figure.hits is not None else n,
        figure.status if figure.status and figure.status != entry.status else "",
    )


def _table(*heads: str, numbers: bool = False) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=bool(heads), header_style="bold")
    for i, head in enumerate(heads):
        table.add_column(head, justify="right" if numbers and i else "left")
    if not heads:
        table.add_column(style="bold", no_wrap=True)
        table.add_column()
    return table


def _add(table: Table, *cells: str) -> None:
    from rich.text import Text

    from misread.errors import printable

    # As text: square brackets in a title are no markup.
    table.add_row(*(Text(printable(cell)) for cell in cells))


def _print(table: Table) -> None:
    """A table that fits the terminal; where the output is piped, or digits would break, a line each, however long."""
    from rich.console import Console

    console = Console(highlight=False)
    if console.is_terminal and not (table.columns and table.columns[-1].justify == "right"):
        console.print(table)
        return
    wide = Console(width=100_000, highlight=False, file=sys.stdout)
    with wide.capture() as captured:
        wide.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().rstrip("\n").split("\n")))
