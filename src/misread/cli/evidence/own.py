"""`misread evidence check`: a researcher's own file in the catalogue's format."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from misread.errors import MisreadError, Problem, printable

if TYPE_CHECKING:
    from misread.evidence import Entry, Matrix


@click.command()
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def check(file: str, as_json: bool) -> None:
    """Say what is wrong, or doubtful, in a file of your own, and what can be computed from it.

    It has the format of the catalogue. Exit code 2 if something is wrong, else 0. A deployment uses a matrix of
    it as from = "evidence:my-study.toml#X01".
    """
    from misread.evidence import read_study
    from misread.evidence.recount import warnings

    try:
        entries = read_study(file)
    except MisreadError as error:
        if as_json:
            click.echo(_text(False, error.problems, [], []))
        else:
            count = len(error.problems)
            click.echo(f"{error}\n\nNot valid: {count} problem{'s' if count != 1 else ''}.", err=True)
        sys.exit(2)
    doubts = warnings(entries, file)
    if as_json:
        click.echo(_text(True, [], [_plain(entry) for entry in entries.values()], doubts))
    else:
        _show(file, entries, doubts)


def _show(file: str, entries: Mapping[str, Entry], doubts: Sequence[Problem]) -> None:
    from misread.cli.evidence.tables import add_row, new_table, print_table, show_matrix
    from misread.evidence import Matrix

    matrices = [entry for entry in entries.values() if isinstance(entry, Matrix)]
    click.echo(printable(f"{file} is valid: {_count(len(entries), 'entry', 'entries')}, {_count(len(matrices))}."))
    click.echo()
    table = new_table("id", "status", "source", "what")
    for entry in entries.values():
        add_row(table, entry.id, entry.status, entry.short or "none", entry.quantity)
    print_table(table)
    for matrix in matrices:
        found = ", ".join(f"{name.replace('_f1', ' F1')} {value:.3g}" for name, value in _computed(matrix).items())
        click.echo("\n" + printable(f"{matrix.id}  {matrix.quantity}") + f"\n\nComputed from it: {found}.\n")
        show_matrix(matrix)
        click.echo("\n" + printable(f'In a deployment beside it: from = "evidence:{Path(file).name}#{matrix.id}"'))
    if doubts:
        click.echo("\nDoubtful:\n" + "\n".join(map(str, doubts)))


def _count(number: int, one: str = "matrix", many: str = "matrices") -> str:
    return f"{number} {one if number == 1 else many}"


def _computed(matrix: Matrix) -> dict[str, float]:
    from misread.evidence.recount import FIGURES

    found = {name: compute(matrix) for name, compute in FIGURES.items()}
    # Kappa is 0/0 where everything is one thing.
    return {name: value for name, value in found.items() if value == value}


def _plain(entry: Entry) -> dict[str, Any]:
    from misread.evidence import Matrix, plain
    from misread.evidence.recount import recall

    row = plain(entry)
    return row | {"computed": {**_computed(entry), "recall": recall(entry)}} if isinstance(entry, Matrix) else row


def _text(
    valid: bool, problems: Sequence[Problem], entries: Sequence[Mapping[str, Any]], doubts: Sequence[Problem]
) -> str:
    answer = {
        "format": "misread-evidence-check/1",
        "valid": valid,
        "problems": _rows(problems),
        "entries": entries,
        "warnings": _rows(doubts),
    }
    return json.dumps(answer, ensure_ascii=False, indent=1)


def _rows(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    keys = ("file", "line", "key", "what", "expected", "mend")
    return [{key: getattr(p, key) for key in keys if getattr(p, key)} for p in problems]
