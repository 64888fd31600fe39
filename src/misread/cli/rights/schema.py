"""`misread rights schema`: the JSON Schema of a file of law."""

from __future__ import annotations

import json

import click


@click.command(short_help="The JSON Schema of a file of law, for editors.")
def schema() -> None:
    """Print the JSON Schema of a file of law, for editors that complete and check TOML."""
    from misread.rights import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=1))
