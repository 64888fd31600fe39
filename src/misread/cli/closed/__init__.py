"""`misread closed`: the closed classroom, on rendered faces of nobody."""

from __future__ import annotations

import click

from misread.cli.closed.card import card
from misread.cli.closed.day import day
from misread.cli.closed.micro import micro
from misread.cli.closed.prepare import prepare


@click.group()
def closed() -> None:
    """The closed classroom: real readers at work on rendered faces of children who do not exist.

    Rendered faces only: the networks read no picture that misread did not render. Not evidence that a product works or
    fails on children. What ships is printed by day, card and micro; prepare fetches what it takes to make it anew.
    """


for _command in (day, card, micro, prepare):
    closed.add_command(_command)
