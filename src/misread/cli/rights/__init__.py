"""`misread rights`: what applies where you are, and by when somebody has to answer."""

from __future__ import annotations

import click

from misread.cli.rights.deadline import deadline
from misread.cli.rights.schema import schema
from misread.cli.rights.where import where


@click.group()
def rights() -> None:
    """What applies where you are: law as dated data, and deadlines. No legal advice.

    Beside each statement stand its source, its date and how it is known: R (read or measured at its origin), O (its
    wording was seen in a stored copy of an official text), S (seen only in what others wrote), K (from general
    knowledge).
    """


rights.add_command(where)
rights.add_command(deadline)
rights.add_command(schema)
