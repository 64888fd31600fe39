"""Entries of the catalogue as tables on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table

    from misread.evidence import Entry, Figure, Matrix, Quantity

UNITS = {"1": "share", "": ""}
"""Units whose words differ from their sign."""


def show_list(found: Sequence[Entry]) -> None:
    """A line for each entry, under its topic."""
    from misread.evidence import topics

    if not found:
        click.echo("No entry holds all of that.")
        return
    for topic in topics({entry.id: entry for entry in found}):
        click.echo(f"{topic}\n")
        table = new_table("id", "status", "source", "what")
        for entry in found:
            if entry.topic == topic:
                add_row(table, entry.id, entry.status, entry.short or "none", entry.quantity)
        print_table(table)
        click.echo()
    word = "entry" if len(found) == 1 else "entries"
    click.echo(f"{len(found)} {word}. All about one: misread evidence {found[0].id}")


def show_entry(entry: Entry) -> None:
    """All about one entry."""
    from misread.evidence import MEANING, Matrix, Quantity

    click.echo(f"{entry.id}  {entry.quantity}\n")
    table = new_table()
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
            add_row(table, key, text)
    print_table(table)
    click.echo()
    if isinstance(entry, Matrix):
        show_matrix(entry)
    elif isinstance(entry, Quantity):
        _show_figures(entry)


def show_matrix(entry: Matrix) -> None:
    """A matrix, with the share of each row that is right."""
    cells = entry.counted if entry.cells == "counts" else f"proportions of a row's {entry.counted}"
    click.echo(f"Rows: the true expression. Columns: the label given. Cells: {cells}.\n")
    table = new_table(*("", *entry.columns, "row n", "units", "right"), numbers=True)
    for row, line in entry.as_printed.items():
        right = f"{entry.counts[row][row] / sum(entry.counts[row].values()):.1%}" if row in line else ""
        numbers = (f"{cell:,}" if entry.cells == "counts" else f"{cell:.4f}" for cell in line.values())
        add_row(table, row, *numbers, f"{entry.row_n[row]:,}", short_number(entry.row_units[row]), right)
    print_table(table)
    if entry.printed:
        said = ", ".join(f"{key.replace('_f1', ' F1')} {value:g}" for key, value in entry.printed.items())
        click.echo(f"\nThe source's own figures from it: {said}.")


def short_number(number: float) -> str:
    """A number with at most one decimal."""
    return f"{number:,.1f}".removesuffix(".0")


def _show_figures(entry: Quantity) -> None:
    # Columns that would be empty are left out.
    rows = [_figure(figure, entry) for figure in entry.figures]
    heads = ("which", "value", "unit", "from – to", "n", "status")
    used = [i for i in range(len(heads)) if any(row[i] for row in rows)]
    table = new_table(*(heads[i] for i in used))
    for row in rows:
        add_row(table, *(row[i] for i in used))
    print_table(table)


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


def new_table(*heads: str, numbers: bool = False) -> Table:
    """An empty table; without heads, of two columns: what, and its text."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=bool(heads), header_style="bold")
    for i, head in enumerate(heads):
        table.add_column(head, justify="right" if numbers and i else "left")
    if not heads:
        table.add_column(style="bold", no_wrap=True)
        table.add_column()
    return table


def add_row(table: Table, *cells: str) -> None:
    """Add a row of plain text."""
    from rich.text import Text

    from misread.errors import printable

    # As text: square brackets in a title are no markup.
    table.add_row(*(Text(printable(cell)) for cell in cells))


def print_table(table: Table) -> None:
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
