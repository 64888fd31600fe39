"""Where the rendered pictures are: those of the day, and the strips of the short movement."""

from __future__ import annotations

from base64 import b64encode

from misread.closed.day import model
from misread.closed.micro.model import strip

ADDRESS, MICRO = "/closed/picture/", "micro/"
"""Where they are; and those of the short movement, within."""


def picture(name: str) -> bytes:
    """A picture as WebP, by what its address ends with.

    Raises
    ------
    KeyError
        If there is none of that name.
    """
    return strip(name.removeprefix(MICRO)) if name.startswith(MICRO) else model.picture(name)


def shown(name: str, inside: bool = False) -> str:
    """The address of a picture; for who keeps or takes it, the picture itself."""
    return f"data:image/webp;base64,{b64encode(picture(name)).decode()}" if inside else ADDRESS + name
