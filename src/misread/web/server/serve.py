"""The server: on this machine only, at a port that is free, for as long as it is left running."""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
import webbrowser
from contextlib import suppress

import uvicorn

from misread.errors import MisreadError, Problem
from misread.language import speak
from misread.web.server.app import create_app
from misread.web.server.guard import Keys

LOOPBACK = "127.0.0.1"


def serve(port: int = 0, *, opens: bool = True, language: str = "en") -> None:
    """Show the page until it is interrupted.

    The first line that is printed is the address, with the key that the browser needs once.

    Parameters
    ----------
    port : int
        Which port; 0 for any that is free.
    opens : bool
        Whether to open the address in a browser.
    language : str
        In which language the pages are: a code of `misread.language.codes`.

    Raises
    ------
    MisreadError
        If the port is taken, or may not be used.
    """
    speak(language)
    listening = _listening(port)
    own = listening.getsockname()[1]
    keys = Keys()
    address = f"http://{LOOPBACK}:{own}/?token={keys.token}"
    print(address, flush=True)
    print("Only this machine can open it. Stop it with Ctrl-C.", flush=True)
    app = create_app(keys, frozenset({f"{LOOPBACK}:{own}", f"localhost:{own}"}), places=os.cpu_count() or 1)
    config = uvicorn.Config(
        app, access_log=False, log_level="warning", server_header=False, timeout_keep_alive=30, lifespan="on"
    )
    if opens:
        # The socket listens already: what the browser asks waits until the server takes it.
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
    print("Stopped. Nothing was kept.")


def _listening(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((LOOPBACK, port))
    except OSError as error:
        made.close()
        what = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise MisreadError(
            Problem(f"Port {port} {what}.", "a free port.", "leave --port out, or name another.", file="--port")
        ) from None
    made.listen(128)
    return made
