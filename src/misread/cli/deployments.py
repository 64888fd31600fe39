"""`misread deployments`: the shipped deployments, to read and to start from."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import click


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the list, or the one, as JSON.")
def deployments(name: str | None, as_json: bool) -> None:
    """List the shipped deployments, or print one as it is: misread deployments as-described > mine.toml."""
    from misread.deployment import shipped, shipped_text

    if name is not None:
        text = shipped_text(name)
        if as_json:
            whole = {**_row(name, text), "deployment": tomllib.loads(text)}
            click.echo(json.dumps(whole, ensure_ascii=False, indent=1))
        else:
            click.echo(text, nl=False)
        return
    rows = [_row(n, shipped_text(n)) for n in shipped()]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{row['name']}\n  {row['title']}\n  {row['about']}\n")
    click.echo("Run one with `misread run NAME`; print one with `misread deployments NAME`.")


def _row(name: str, text: str) -> dict[str, Any]:
    return {"name": name, "title": tomllib.loads(text).get("title", ""), "about": _first_sentence(text)}


def _first_sentence(text: str) -> str:
    """The first sentence of the first comment, the line that speaks to editors left aside."""
    words: list[str] = []
    for line in text.splitlines():
        if line.startswith("#") and not line.startswith("#:"):
            words.append(line.lstrip("# ").strip())
        elif words:
            break
    comment = " ".join(words)
    # A full stop before a capital ends a sentence; "No. 11" does not.
    found = re.match(r".*?[.!?](?=\s+[A-Z“\"]|\s*$)", comment)
    return found[0] if found else comment
