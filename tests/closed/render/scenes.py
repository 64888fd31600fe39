"""Small scenes for the tests of the renderer."""

from __future__ import annotations

import hashlib
from typing import Any

from misread.closed.heads import expression
from misread.closed.render.light import Care
from misread.closed.render.picture import encoded, room_of
from misread.closed.render.scene import Scene, Sitter
from misread.deployment.model.camera import Geometry, Mount, Picture, Room, Seats

QUICK = Care(along=2, up=1, around=4, map_size=256, around_size=256)


def geometry(rows: int = 2, columns: int = 2, size: tuple[int, int] = (160, 90), **place: float) -> Geometry:
    """A small room with a camera over the board."""
    where: dict[str, Any] = {"x": 3.5, "y": 0.1, "height": 2.2, "pitch": 18} | place
    return Geometry(
        room=Room(width=7, depth=7, height=3),
        seats=Seats(rows=rows, columns=columns),
        place=Mount(**where),
        picture=Picture(width=size[0], height=size[1], field_of_view=55),
    )


def small() -> Scene:
    """Three sitters: one smiles, one looks away."""
    return Scene(
        geometry(),
        (
            Sitter(0, 3, 9.0, expression("happy")),
            Sitter(1, 7, 9.5, turn=(35.0, 0.0, 0.0)),
            Sitter(2, 3, 10.0, gaze=(8.0, 0.0)),
        ),
    )


def digest() -> str:
    """Of the small scene's picture."""
    return hashlib.sha256(encoded(room_of(small(), QUICK, 64).whole()).tobytes()).hexdigest()
