"""`misread rights`: what applies where you are, what to ask, by when, and what to make of what comes back."""

from __future__ import annotations

import click

from misread.cli.rights.board import annex, brief, policy
from misread.cli.rights.case import case
from misread.cli.rights.check import check
from misread.cli.rights.deadline import deadline
from misread.cli.rights.letter import letter
from misread.cli.rights.record import record
from misread.cli.rights.reply import reply
from misread.cli.rights.where import schema, where


@click.group()
def rights() -> None:
    """What applies where you are, what to ask and by when, and what to make of what comes back. No legal advice.

    Beside each statement of law stand its source, its date and how it is known: R (read or measured at its origin), O
    (its wording was seen in a stored copy of an official text), S (seen only in what others wrote), K (from general
    knowledge). Whatever you type or open stays on this machine.
    """


for command in (where, deadline, record, letter, reply, case, check, policy, annex, brief, schema):
    rights.add_command(command)
