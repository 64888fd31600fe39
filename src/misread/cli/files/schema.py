"""`misread schema`: the deployment file's JSON Schema."""

from __future__ import annotations

import json

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of the deployment file, for editors that complete and check TOML.

    Write it beside your file (misread schema > misread.schema.json) and begin the file with the line
    #:schema ./misread.schema.json
    """
    from misread.deployment.text.schema import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=1))
