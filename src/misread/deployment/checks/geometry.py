"""Checks of the room, the seats and the camera: what could not be built, and what would see nobody."""

from __future__ import annotations

from collections.abc import Iterator

from misread.deployment.model import Deployment
from misread.deployment.model.camera import Geometry
from misread.deployment.origin import Path
from misread.deployment.seats import views_of
from misread.errors import Problem

HOME: Path = ("camera", "geometry")
COUNTED: tuple[Path, ...] = ((*HOME, "seats", "rows"), (*HOME, "seats", "columns"))


def one_of_two(d: Deployment) -> Iterator[Problem]:
    """Views are written or computed, not both."""
    if d.camera.geometry is not None and d.camera.views:
        yield d.origin.problem(
            HOME,
            "The views of the seats are written, and would be computed as well.",
            "`[[camera.views]]` or `[camera.geometry]`.",
            "take one of them out.",
        )


def room(d: Deployment) -> Iterator[Problem]:
    """The camera hangs in the room, and the seats fit into it."""
    geometry = d.camera.geometry
    if geometry is not None:
        yield from _camera(d, geometry)
        yield from _seats(d, geometry)
        yield from _heads(d, geometry)
    for stated in d.ranges:
        if stated.path in COUNTED:
            yield d.origin.problem(
                stated.path,
                "The number of seats has a range.",
                "one whole number: a view is a share of the seats.",
                "write the number, and a policy for every other one.",
            )


def _camera(d: Deployment, g: Geometry) -> Iterator[Problem]:
    walls = (
        ("x", g.place.x, g.room.width, "the room is {:g} metres wide"),
        ("y", g.place.y, g.room.depth, "the room is {:g} metres deep"),
        ("height", g.place.height, g.room.height, "the ceiling is at {:g} metres"),
    )
    for key, at, end, words in walls:
        if not 0 < at < end:
            where = "inside a wall, the floor or the ceiling" if at in (0, end) else "outside the room"
            yield d.origin.problem(
                (*HOME, "place", key),
                f"The camera would be {where}: it is at {at:g} metres, and {words.format(end)}.",
                f"a number above 0 and below {end:g}.",
                "move the camera into the room, or mend the room.",
            )


def _seats(d: Deployment, g: Geometry) -> Iterator[Problem]:
    seats, half = g.seats, g.head.width / 2
    last = seats.first_row + (seats.rows - 1) * seats.row_gap
    across = (seats.columns - 1) * seats.column_gap
    if last + half > g.room.depth:
        yield d.origin.problem(
            (*HOME, "seats", "rows"),
            f"The seats do not fit: the heads of the last row are {last:.4g} metres from the board's wall.",
            f"at most {g.room.depth - half:.4g} metres, half a head less than the depth of the room.",
            "take rows out, or move them closer together.",
        )
    if seats.first_row < half:
        yield d.origin.problem(
            (*HOME, "seats", "first_row"),
            f"The first row does not fit: its heads are {seats.first_row:g} metres from the board's wall.",
            f"at least {half:g} metres, half a head.",
            "move it back.",
        )
    if across + g.head.width > g.room.width:
        yield d.origin.problem(
            (*HOME, "seats", "columns"),
            f"The seats do not fit: a row is {across + g.head.width:.4g} metres long, heads included.",
            f"at most {g.room.width:g} metres, the width of the room.",
            "take columns out, or move them closer together.",
        )
    for key, gap, number in (("row_gap", seats.row_gap, seats.rows), ("column_gap", seats.column_gap, seats.columns)):
        if number > 1 and gap < g.head.width:
            yield d.origin.problem(
                (*HOME, "seats", key),
                f"Heads of {g.head.width:g} metres would be inside each other.",
                f"at least {g.head.width:g} metres from seat to seat.",
                "move the seats apart.",
            )


def _heads(d: Deployment, g: Geometry) -> Iterator[Problem]:
    if g.head.eye_height + g.head.width / 2 > g.room.height:
        yield d.origin.problem(
            (*HOME, "head", "eye_height"),
            "The heads are in the ceiling.",
            f"at most {g.room.height - g.head.width / 2:.4g} metres.",
            "write the height of the eyes of a seated pupil, in metres.",
        )
    if g.room.board_height > g.room.height:
        yield d.origin.problem(
            (*HOME, "room", "board_height"),
            "The middle of the board is above the ceiling.",
            f"at most {g.room.height:g} metres.",
            "write it in metres.",
        )
    if g.head.between_eyes_mm >= 1000 * g.head.width:
        yield d.origin.problem(
            (*HOME, "head", "between_eyes_mm"),
            "The eyes are further apart than the head is wide.",
            f"less than {1000 * g.head.width:g} millimetres.",
            "write millimetres.",
        )


def seen(d: Deployment) -> Iterator[Problem]:
    """Somebody is seen, the camera is nobody, and what is lost has its label."""
    geometry = d.camera.geometry
    if geometry is None or any(room(d)):
        return
    import numpy as np

    from misread.deployment.seats.plan import plan_of

    plan = plan_of(geometry)
    near = np.linalg.norm(plan.eyes - (geometry.place.x, geometry.place.y, geometry.place.height), axis=1)
    if near.min() <= geometry.head.width / 2:
        row, column = (int(index[near.argmin()]) + 1 for index in (plan.row, plan.column))
        yield d.origin.problem(
            (*HOME, "place"),
            f"The camera would be inside the head of the pupil in row {row}, seat {column}.",
            f"at least {geometry.head.width / 2:g} metres from every head's middle.",
            "move it.",
        )
    elif plan.unseen.all():
        what, mend = _why_nobody(geometry)
        yield d.origin.problem(
            (*HOME, "place"), f"The camera sees nobody: {what}.", "at least one face that can be found.", mend
        )
    elif "none" not in d.classifier.labels and any(v.lost > 0 for v in views_of(d)):
        yield d.origin.problem(
            HOME,
            'Faces are lost on some seats, and lost faces need the label "none".',
            '"none" in `classifier.labels`.',
            "add it there.",
        )


def _why_nobody(geometry: Geometry) -> tuple[str, str]:
    """What keeps every face from being found, and what would change it."""
    from misread.deployment.seats.plan import plan_of

    plan = plan_of(geometry)
    if not plan.inside.any():
        return "no face is in the picture", "turn it (`yaw`, `pitch`), or widen `picture.field_of_view`."
    angle = plan.angle[plan.inside].min()
    if angle >= 60:
        return (
            f"every face in the picture is turned away from it, by at least {angle:.0f} degrees",
            "hang it where the faces look, near the board.",
        )
    pixels = plan.face_pixels[plan.inside].max()
    if pixels <= 20:
        return (
            f"a face in the picture is at most {pixels:.1f} pixels wide",
            "give the picture more pixels, or narrow `picture.field_of_view`.",
        )
    return "no face is near, turned to it and free at once", "move it, or give the picture more pixels."
