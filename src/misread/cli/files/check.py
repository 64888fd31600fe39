"""`misread check`: what is wrong, not computed yet, or doubtful in a deployment file."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from misread.cli.support.options import deployment_options
from misread.errors import MisreadError, Problem

if TYPE_CHECKING:
    from misread.deployment import Deployment


@click.command()
@deployment_options
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def check(deployment: str, policies: tuple[str, ...], settings: tuple[str, ...], as_json: bool) -> None:
    """Say what is wrong in a deployment file, what no engine computes yet, and what is doubtful.

    Exit code 2 if something is wrong, else 0. Nothing is run, and nothing is written.
    """
    from misread.deployment import load

    try:
        loaded = load(deployment, policies=policies, settings=settings)
    except MisreadError as error:
        if as_json:
            click.echo(_text({"format": "misread-check/1", "valid": False, "problems": _rows(error.problems)}))
        else:
            count = len(error.problems)
            click.echo(f"{error}\n\nNot valid: {count} problem{'s' if count != 1 else ''}.", err=True)
        sys.exit(2)
    if as_json:
        click.echo(_text(_as_json(loaded)))
    else:
        _show(loaded)


def _show(loaded: Deployment) -> None:
    from misread.deployment import digest, unsupported, warnings
    from misread.errors import printable

    per_lesson, per_year = _looks(loaded)
    name = f"{loaded.origin.name}: " + (f"“{loaded.title}” " if loaded.title else "")
    click.echo(printable(f"{name}is valid."))
    click.echo(f"  looks per lesson  {per_lesson:,}")
    click.echo(f"  looks per year    {per_year:,} at each pupil")
    click.echo(f"  sha256            {digest(loaded)}")
    for heading, problems in (("Not computed yet", unsupported(loaded)), ("Doubtful", warnings(loaded))):
        if problems:
            click.echo(f"\n{heading}:\n" + "\n".join(map(str, problems)))


def _as_json(loaded: Deployment) -> dict[str, Any]:
    from misread.deployment import digest, unsupported, warnings

    per_lesson, per_year = _looks(loaded)
    return {
        "format": "misread-check/1",
        "valid": True,
        "problems": [],
        "deployment": {"name": loaded.origin.name, "title": loaded.title, "sha256": digest(loaded)},
        "looks": {"per_lesson": per_lesson, "per_pupil_year": per_year},
        "not_computed": _rows(unsupported(loaded)),
        "warnings": _rows(warnings(loaded)),
    }


def _looks(loaded: Deployment) -> tuple[int, int]:
    from misread.deployment import looks_per_lesson

    looks = looks_per_lesson(loaded)
    return looks, looks * loaded.calendar.lessons_per_day * loaded.calendar.days_per_year


def _rows(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    keys = ("file", "line", "key", "what", "expected", "mend")
    return [{key: getattr(p, key) for key in keys if getattr(p, key)} for p in problems]


def _text(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False, indent=1)
