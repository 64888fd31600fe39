"""`misread deployments`: the shipped deployments and policies, to read and to start from."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import click


@click.command()
@click.argument("name", required=False)
@click.option("--policies", is_flag=True, help="List the shipped policies only.")
@click.option("--json", "as_json", is_flag=True, help="Print the list, or the one, as JSON.")
def deployments(name: str | None, policies: bool, as_json: bool) -> None:
    """List the shipped deployments and policies, or print one as it is.

    A deployment is one to run, or to start from: misread deployments as-described > mine.toml. A policy changes
    some keys of a deployment: misread run as-described --with open-mouth-a25. The list as JSON is that of the
    deployments; with --policies, that of the policies.
    """
    from misread.deployment import shipped, shipped_text

    if name is not None:
        text = shipped_text(name)
        if as_json:
            kind = "deployment" if name in shipped() else "policy"
            _print({**(_row(name) if kind == "deployment" else _policy(name)), kind: tomllib.loads(text)})
        else:
            click.echo(text, nl=False)
    elif as_json:
        _print(_policies() if policies else [_row(n) for n in shipped()])
    else:
        _list(policies_only=policies)


def _list(*, policies_only: bool) -> None:
    from misread.deployment import shipped

    if not policies_only:
        click.echo("DEPLOYMENTS\n")
        for row in map(_row, shipped()):
            click.echo(f"{row['name']}\n  {row['title']}\n  {row['about']}\n")
    topic = None
    for row in _policies():
        if row["topic"] != topic:
            topic = row["topic"]
            click.echo(f"POLICIES: {topic.upper()}\n")
        click.echo(f"{row['name']}\n  {row['about']}\n")
    if not policies_only:
        click.echo("Run a deployment with `misread run NAME`, a policy on it with `misread run NAME --with POLICY`.")
    click.echo("Print one with `misread deployments NAME`.")


def _policies() -> list[dict[str, Any]]:
    from misread.deployment import shipped_policies

    return [_policy(name) for name in shipped_policies()]


def _row(name: str) -> dict[str, Any]:
    from misread.deployment import shipped_text

    text = shipped_text(name)
    return {"name": name, "title": tomllib.loads(text).get("title", ""), "about": _first_sentence(text)}


def _policy(name: str) -> dict[str, Any]:
    from misread.deployment import policies_by_topic, shipped_text

    (topic,) = (topic for topic, names in policies_by_topic().items() if name in names)
    return {"name": name, "topic": topic, "about": _first_sentence(shipped_text(name))}


def _print(what: Any) -> None:
    click.echo(json.dumps(what, ensure_ascii=False, indent=1))


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
