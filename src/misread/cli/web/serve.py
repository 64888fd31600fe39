"""`misread serve`: the page, on this machine."""

from __future__ import annotations

import click

from misread.language import codes


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="any that is free", help="Which port.")
@click.option("--no-open", is_flag=True, help="Print the address only; open no browser.")
@click.option(
    "--language",
    type=click.Choice(codes()),
    default="en",
    show_default=True,
    help="Of the pages. en-XA and ar-XB are for translators: English made longer, and written from right to left.",
)
def serve(port: int, no_open: bool, language: str) -> None:
    """Show everything in a browser, on this machine and offline.

    The first line printed is the address. It holds a key: only a browser that was given it is answered, and only from
    this machine. Stop with Ctrl-C; nothing is kept.
    """
    from misread.web.server.serve import serve as show

    show(port, opens=not no_open, language=language)
