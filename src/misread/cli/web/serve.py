"""`misread serve`: the page, on this machine."""

from __future__ import annotations

import click


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="any that is free", help="Which port.")
@click.option("--no-open", is_flag=True, help="Print the address only; open no browser.")
def serve(port: int, no_open: bool) -> None:
    """Show everything in a browser, on this machine and offline.

    The first line printed is the address. It holds a key: only a browser that was given it is answered, and only from
    this machine. Stop with Ctrl-C; nothing is kept.
    """
    from misread.web.serve import serve as show

    show(port, opens=not no_open)
