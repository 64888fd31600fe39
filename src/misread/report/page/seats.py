"""The seat plan: the room from above, what the camera has in its picture, and how well it sees each seat."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from misread.deployment import Deployment
from misread.deployment.model.camera import Geometry
from misread.deployment.seats import groups_of, stated_geometry, views_of
from misread.deployment.seats.loss import curves
from misread.deployment.seats.plan import Plan, plan_of
from misread.deployment.seats.project import Array, aimed, pinhole
from misread.language import gettext as _
from misread.language import mark, ngettext
from misread.report.words import amount, half_up, listing
from misread.report.words.lookup import clean
from misread.report.words.sources import Evidence, Library

WELL = 0.75
"""Seen well: at least this share of the looks tells something of the face. Where to draw the line is a choice."""
EDGE = 0.75
"""Metres around the room in the picture, for the board's name and the numbers of the rows."""
LETTERS = "ABCDE"
READING = mark(
    "The room from above, to scale; pupils face the board. The ring is the share of looks that tell something "
    "of the face; three quarters of it is called well, which is a choice. Seats of one letter are one view: in "
    "the findings, a pupil draws a view anew each school year."
)
"""How to read the drawing."""
NOTE = mark(
    "Where a seat is seen badly, faces are lost (the label is “none”), or what is written depends less on the "
    "face: with dilution 0.3, three labels of ten are drawn as if nobody knew which face it was. How much that "
    "is, was measured on rendered heads of nobody, with a simple detector and five public networks: the lowest "
    "grade of evidence. A better detector loses fewer faces, a real classroom more."
)
"""What being seen badly means, and what is known of it."""

Table = tuple[str, tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]
"""Caption, head, and rows: name and cells."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat in the picture, in centimetres from the room's corner.

    Attributes
    ----------
    x, y : float
        Its middle.
    letter : str
        Of its view.
    kind : str
        ``"well"``, ``"badly"`` or ``"not"``.
    dash : str
        Lengths of the ring's filled part and of its rest: the share of looks that tell something of the face.
    """

    x: float
    y: float
    letter: str
    kind: str
    dash: str


@dataclass(frozen=True, slots=True)
class Key:
    """A view in the legend: its letter, its name, and what becomes of ten looks."""

    letter: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """The section of the report.

    Attributes
    ----------
    sentence, average, reading, note : str
        The answer; what is lost over all seats; how to read the drawing; what being seen badly means.
    box : str
        The drawing's `viewBox`.
    least : int
        Pixels that the drawing needs to be legible; more than a phone has where rows are long.
    width, depth, board : float
        Of the room, and of the board's width, in centimetres.
    radius, ring : float
        Of a seat in the drawing, and the length of its ring, in centimetres.
    rows : tuple of (int, float)
        Number and place of each row.
    seats : tuple of Seat
        Every seat.
    picture : str
        What is in the camera's picture at the height of the eyes: the points of a polygon.
    camera : str
        How the camera's mark is moved and turned.
    keys : tuple of Key
        The views.
    said : str
        The drawing in words.
    views, table : Table
        The views and the seats as tables.
    assumptions : tuple of str
        Assumed.
    evidence : tuple of Evidence
        Figures that it rests on.
    """

    sentence: str
    average: str
    reading: str
    note: str
    box: str
    least: int
    width: float
    depth: float
    board: float
    radius: float
    ring: float
    rows: tuple[tuple[int, float], ...]
    seats: tuple[Seat, ...]
    picture: str
    camera: str
    keys: tuple[Key, ...]
    said: str
    views: Table
    table: Table
    assumptions: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def tell(deployment: Deployment, library: Library) -> SeatPlan | None:
    """The section about the seats; None where the deployment has no `[camera.geometry]`."""
    geometry = deployment.camera.geometry
    if geometry is None:
        return None
    plan, room = plan_of(geometry), geometry.room
    groups = groups_of(stated_geometry(deployment) or geometry)
    letter = np.empty(len(plan.lost), dtype="<U1")
    for sign, (_name, seats) in zip(LETTERS, groups, strict=False):
        letter[seats] = sign
    radius = 100 * _radius(geometry)
    ring = 2 * math.pi * radius
    return SeatPlan(
        sentence=sentence(plan),
        average=_average(plan),
        reading=_(READING),
        note=_(NOTE),
        box=f"{-EDGE * 100:g} {-EDGE * 100:g} {(room.width + EDGE + 0.1) * 100:g} {(room.depth + EDGE + 0.1) * 100:g}",
        least=half_up(14 * (room.width + EDGE) / _radius(geometry)),
        width=room.width * 100,
        depth=room.depth * 100,
        board=min(room.width * 60, 400),
        radius=round(radius, 1),
        ring=round(ring, 1),
        rows=tuple(
            (r + 1, round(100 * (geometry.seats.first_row + r * geometry.seats.row_gap), 1))
            for r in range(geometry.seats.rows)
        ),
        seats=tuple(
            Seat(
                x=round(100 * float(plan.eyes[i, 0]), 1),
                y=round(100 * float(plan.eyes[i, 1]), 1),
                letter=str(letter[i]),
                kind=kinds(plan)[i],
                dash=f"{plan.use[i] * ring:.1f} {(1 - plan.use[i]) * ring + 1:.1f}",
            )
            for i in range(len(plan.lost))
        ),
        picture=" ".join(f"{100 * x:.1f},{100 * y:.1f}" for x, y in in_picture(geometry)),
        camera=f"translate({100 * geometry.place.x:g} {100 * geometry.place.y:g}) rotate({-aimed(geometry):.1f})",
        keys=_keys(deployment, letter),
        said=_said(geometry, plan, [(clean(name), len(seats)) for name, seats in groups]),
        views=_views(deployment, plan, letter),
        table=_seats(plan, letter),
        assumptions=_assumptions(),
        evidence=library.look_up(" ".join(sorted(p.source for c in curves().all for p in c.points))),
    )


def _radius(geometry: Geometry) -> float:
    """Metres that a seat's mark takes in the drawing: neighbours never touch, and neither does the wall."""
    seats = geometry.seats
    gaps = [seats.column_gap] if seats.columns > 1 else []
    gaps += [seats.row_gap] if seats.rows > 1 else []
    return min([0.42, *(0.44 * g for g in gaps)])


def kinds(plan: Plan) -> tuple[str, ...]:
    """How well each seat is seen: ``"well"``, ``"badly"`` or ``"not"``."""
    return tuple(
        "not" if unseen else "well" if use >= WELL else "badly"
        for unseen, use in zip(plan.unseen, plan.use, strict=True)
    )


def sentence(plan: Plan) -> str:
    """How many seats are seen well, badly and not at all."""
    found, n = kinds(plan), len(plan.lost)
    if plan.unseen.all():
        return ngettext("The camera does not see the only seat.", "The camera sees none of the %(n)s seats.", n)
    if found.count("well") == n:
        return ngettext("The camera sees the only seat well.", "The camera sees all %(n)s seats well.", n)
    if found.count("badly") == n:
        return ngettext("The camera sees the only seat badly.", "The camera sees all %(n)s seats badly.", n)
    words = (("well", _("%(n)s well")), ("badly", _("%(n)s badly")), ("not", _("%(n)s not at all")))
    told = [said % {"n": found.count(kind)} for kind, said in words if kind in found]
    return _("Of %(n)s seats the camera sees %(how)s.", n=n, how=listing(told, "and"))


def _average(plan: Plan) -> str:
    lost = 100 * float(np.mean(plan.lost))
    return _("Over all seats, %(n)s of 100 looks find no face.", n=amount(lost))


def in_picture(geometry: Geometry) -> Array:
    """What the picture holds of the room at the height of the eyes.

    Returns
    -------
    ndarray, shape (corners, 2)
        x and y of a polygon in metres: the room, cut by the planes through the camera and the picture's four edges.
    """
    camera, room = pinhole(geometry), geometry.room
    corners = np.array([[0.0, 0.0], [room.width, 0.0], [room.width, room.depth], [0.0, room.depth]])
    # |right·p| ≤ w·depth, |down·p| ≤ h·depth; both sides together hold the depth at 0 or more.
    for axis, half in ((camera.right, camera.width), (camera.down, camera.height)):
        for sign in (1.0, -1.0):
            plane = camera.forward * half / (2 * camera.focal) + sign * axis
            drop = (geometry.head.eye_height - camera.at[2]) * plane[2]
            corners = _cut(corners, plane[:2], drop - float(camera.at[:2] @ plane[:2]))
    return corners


def _cut(corners: Array, normal: Array, offset: float) -> Array:
    """The part of a convex polygon where normal·p + offset ≥ 0 (Sutherland and Hodgman 1974, CACM 17, 32–42)."""
    kept: list[Array] = []
    for p, q in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        a, b = float(p @ normal) + offset, float(q @ normal) + offset
        if a >= 0:
            kept.append(p)
        if (a < 0) != (b < 0):
            kept.append(p + (q - p) * (a / (a - b)))
    return np.array(kept).reshape(-1, 2)


def _keys(deployment: Deployment, letter: np.typing.NDArray[np.str_]) -> tuple[Key, ...]:
    found = []
    for sign, view in zip(LETTERS, views_of(deployment), strict=False):
        n = int(np.count_nonzero(letter == sign))
        seats = ngettext("%(n)s seat", "%(n)s seats", n)
        usable = 1 - view.lost
        telling = half_up(100 * usable * (1 - view.dilution))
        looks = _("of 100 looks %(n)s find a face, %(telling)s tell something of it",
                  n=half_up(100 * usable), telling=telling)  # fmt: skip
        found.append(Key(sign, clean(view.name), f"{seats}; {looks if usable > 0 else _('no face is found')}"))
    return tuple(found)


def _said(geometry: Geometry, plan: Plan, groups: list[tuple[str, int]]) -> str:
    """The drawing in words, for who does not see it."""
    room, place, seats = geometry.room, geometry.place, geometry.seats
    rows = ngettext("%(n)s row", "%(n)s rows", seats.rows)
    columns = ngettext("%(n)s seat", "%(n)s seats", seats.columns)
    where = _(
        "A room of %(width)s by %(depth)s metres from above, the board at the top. %(rows)s of %(columns)s. The camera "
        "hangs %(x)s metres from the left wall, %(y)s from the board’s wall and %(height)s high."
    ) % {
        "width": f"{room.width:g}", "depth": f"{room.depth:g}", "rows": rows, "columns": columns,
        "x": f"{place.x:g}", "y": f"{place.y:g}", "height": f"{place.height:g}",
    }  # fmt: skip
    views = listing([f"{name} ({n})" for name, n in groups], "and")
    return f"{where} {sentence(plan)} " + _("From the best seen to the worst: %(views)s.", views=views)


def _views(deployment: Deployment, plan: Plan, letter: np.typing.NDArray[np.str_]) -> Table:
    rows = []
    for sign, view in zip(LETTERS, views_of(deployment), strict=False):
        mine = letter == sign
        rows.append(
            (
                f"{sign} {clean(view.name)}",
                (
                    str(int(mine.sum())),
                    _("%(n)s of 100", n=half_up(100 * view.lost)),
                    "–" if view.lost >= 1 else f"{view.dilution:.2f}",
                    _between(plan.between_eyes[mine], "{:.1f}"),
                    _between(plan.angle[mine], "{:.0f}°"),
                ),
            )
        )
    head = (
        "", _("seats"), _("looks without a face"), _("dilution"), _("pixels between the eyes"),
        _("face turned away by"),
    )  # fmt: skip
    return _("How the seats are seen, view by view"), head, tuple(rows)


def _between(values: Array, form: str) -> str:
    low, high = form.format(float(values.min())), form.format(float(values.max()))
    return low if low == high else _("%(low)s to %(high)s", low=low, high=high)


def _seats(plan: Plan, letter: np.typing.NDArray[np.str_]) -> Table:
    words = {"well": _("seen well"), "badly": _("seen badly"), "not": _("not seen")}
    rows = []
    for i, kind in enumerate(kinds(plan)):
        rows.append(
            (
                _("row %(row)s, seat %(seat)s", row=plan.row[i] + 1, seat=plan.column[i] + 1),
                (
                    str(letter[i]),
                    words[kind],
                    _("yes") if plan.inside[i] else _("no"),
                    f"{plan.face_pixels[i]:.1f}",
                    f"{plan.between_eyes[i]:.1f}",
                    f"{plan.yaw[i]:.0f}°",
                    f"{plan.pitch[i]:.0f}°",
                    _("%(n)s of 100", n=half_up(100 * plan.hidden[i])),
                    f"{plan.lost[i]:.2f}",
                    "–" if plan.unseen[i] else f"{plan.dilution[i]:.2f}",
                ),
            )
        )
    head = (
        "", _("view"), _("in words"), _("in the picture"), _("pixels across the face"), _("pixels between the eyes"),
        _("camera to the right by"), _("camera above by"), _("hidden by a head"), _("lost"), _("dilution"),
    )  # fmt: skip
    return _("Every seat, from the pupils’ left"), head, tuple(rows)


def _assumptions() -> tuple[str, ...]:
    return (
        _("every pupil sits upright, faces the middle of the board and is as tall as the next"),
        _("every seat is taken"),
        _("a face turned up or down is as hard to find as one turned sideways by the same angle"),
        _("too few pixels, a turned face and a head in front each take their share of faces by themselves"),
        _("the lens bends nothing, and the light is good"),
    )
