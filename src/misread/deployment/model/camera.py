"""How often the camera looks, how the seats are seen, and the room from which that can be computed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from misread.deployment.model.table import Table
from misread.deployment.model.values import (
    Duration,
    Few,
    Metres,
    Millimetres,
    Opening,
    Pixels,
    Place,
    Says,
    Share,
    Tilt,
    Turn,
    Word,
)


class View(Table):
    """How well the camera sees some of the seats."""

    name: Annotated[Word, Field(description="Name of the seats.")]
    share: Annotated[Share, Field(description="Share of the seats; the views' shares add to 1.")]
    lost: Annotated[Share, Field(description='P(no usable face): the label "none".')] = 0.0
    dilution: Annotated[Share, Field(description="How far a row is drawn to the mean of all rows.")] = 0.0


class Room(Table):
    """The classroom. All lengths are in metres; the board hangs in the middle of the front wall."""

    width: Annotated[Metres, Field(description="From the wall on the left of the pupils to the one on their right.")]
    depth: Annotated[Metres, Field(description="From the wall with the board to the one behind the pupils.")]
    height: Annotated[Metres, Field(description="From the floor to the ceiling.")]
    board_height: Annotated[
        Metres, Field(description="Height of the board's middle, which the faces are turned to.")
    ] = 1.4


class Seats(Table):
    """Rows and columns of seats, in the middle between the side walls."""

    rows: Annotated[Few, Field(description="Rows of seats, one behind the other.")]
    columns: Annotated[Few, Field(description="Seats in a row.")]
    first_row: Annotated[Metres, Field(description="Metres from the board's wall to the eyes of the first row.")] = 2.5
    row_gap: Annotated[Metres, Field(description="Metres from one row to the next.")] = 1.2
    column_gap: Annotated[Metres, Field(description="Metres from one seat to the next in a row.")] = 1.0


class Head(Table):
    """A seated pupil's head; all are alike."""

    eye_height: Annotated[Metres, Field(description="Metres from the floor to the eyes of a seated pupil.")] = 1.1
    width: Annotated[Metres, Field(description="Metres across the head, a ball.")] = 0.14
    between_eyes_mm: Annotated[Millimetres, Field(description="Millimetres from pupil to pupil of the eyes.")] = 55.0


class Mount(Table):
    """Where the camera hangs, and where it looks."""

    x: Annotated[Place, Field(description="Metres from the wall on the left of the pupils.")]
    y: Annotated[Place, Field(description="Metres from the wall with the board.")]
    height: Annotated[Place, Field(description="Metres above the floor.")]
    pitch: Annotated[Tilt, Field(description="Degrees that it looks down.")]
    yaw: Annotated[
        Turn | None,
        Field(
            description="Degrees that it is turned: 0 looks from the board to the back, 90 to the right of the pupils. "
            "Not given: to the middle of the seats."
        ),
        Says("a number of degrees from -180 to 180"),
    ] = None


class Picture(Table):
    """What the camera takes: a pinhole's picture, with square pixels."""

    width: Annotated[Pixels, Field(description="Pixels across.")]
    height: Annotated[Pixels, Field(description="Pixels from top to bottom.")]
    field_of_view: Annotated[Opening, Field(description="Degrees from the left edge of the picture to the right one.")]


class Geometry(Table):
    """A classroom and a camera in it, from which the views of the seats are computed."""

    room: Annotated[Room, Field(description="The classroom."), Says("a table { width, depth, height }")]
    seats: Annotated[Seats, Field(description="The seats."), Says("a table { rows, columns }")]
    place: Annotated[Mount, Field(description="Where it hangs and looks."), Says("a table { x, y, height, pitch }")]
    picture: Annotated[
        Picture, Field(description="The camera's picture."), Says("a table { width, height, field_of_view }")
    ]
    head: Annotated[
        Head, Field(description="The pupils' heads."), Says("a table { eye_height, width, between_eyes_mm }")
    ] = Head()


class Camera(Table):
    """How often the camera looks, and how the seats are seen."""

    observe_every_seconds: Annotated[Duration, Field(description="Seconds from one look to the next.")]
    frames_per_second: Annotated[
        Duration | None, Field(description="Frames a second that the camera films with."),
        Says("a number of frames a second"),
    ] = None  # fmt: skip
    exposure_ms: Annotated[
        Duration | None, Field(description="How long a frame is exposed, in milliseconds."),
        Says("a number of milliseconds"),
    ] = None  # fmt: skip
    views: Annotated[
        tuple[View, ...],
        Field(strict=False, description="How the seats are seen."),
        Says("[[camera.views]] tables"),
    ] = ()
    geometry: Annotated[
        Geometry | None,
        Field(description="The room from which the views are computed; not beside `views`."),
        Says("a table [camera.geometry]"),
    ] = None
