"""The child that is followed: what the readers had of its face, and what each made of it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from misread.closed.day.model import READERS, Day, Face, Sat
from misread.closed.readers.landmarks import AWAY
from misread.language import gettext as _
from misread.web.draw.sheet import sheet
from misread.web.pages.closed.judged import NO_FACE, Verdict, verdict

MEASURES = {
    "brow height": "how high the brows are",
    "brow distance": "how far apart the brows are",
    "lip corner lift": "how far the lip corners are lifted",
    "mouth opening": "how far the mouth is open",
    "eye opening": "how far the eyes are open",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A reader's word about the face: its score of 100, None for a reader that has none, and what it comes to."""

    reader: str
    word: str
    score: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Measure:
    """A length of the face, in distances between the eyes, and where it lies between the database's ends, 0 to 1."""

    name: str
    value: float
    low: float
    high: float
    at: float


def told(face: Face) -> list[Told]:
    """What each reader says."""
    return [
        Told(reader, word, 100 * score if reader != READERS[0] and word != NO_FACE else None, verdict(face, word))
        for reader, word, score in zip(READERS, face.said, face.scores, strict=True)
    ]


def measured(face: Face, day: Day) -> list[Measure]:
    """What the landmark reader went by, beside the range of the faces that it compares with."""
    if face.landmarks is None:
        return []
    by_measure = zip(*(pose.measures for pose in day.database), strict=True)
    found = []
    for name, value, compared in zip(day.measures, face.landmarks.measures, by_measure, strict=True):
        low, high = min(compared), max(compared)
        found.append(Measure(name, value, low, high, min(1.0, max(0.0, (value - low) / (high - low)))))
    return found


def nearest(face: Face, day: Day) -> list[tuple[int, str, float]]:
    """The faces of the database that it took this one to be like: whose, what they pose, how far away."""
    if face.landmarks is None:
        return []
    at = face.landmarks
    return [(day.database[i].head, day.database[i].pose, far) for i, far in zip(at.nearest, at.distances, strict=True)]


def turned(face: Face) -> str:
    """How far the landmark reader takes the face to be turned away."""
    if face.landmarks is None:
        return ""
    return _(
        "It takes the face to be turned %(turn)s° from the board. From %(away)s° on it writes “away”.",
        turn=f"{abs(face.landmarks.turn):.0f}",
        away=f"{AWAY:g}",
    )


def crop(day: Day, one: Sat, at: int, shown: str) -> Markup:
    """The square that the readers were given, enlarged, with boxes and landmarks over it.

    Parameters
    ----------
    day : Day
    one : Sat
        Has to be in the picture at this look.
    at : int
        The look.
    shown : str
        Where the sheet of this child's squares is, or the sheet itself as data.
    """
    face = one.faces[at]
    assert face.crop is not None
    side, size = face.crop[2], 400.0
    times = size / side
    parts = [_square(day, one, at, shown, size), *_frames(face, times), *_points(face, times)]
    said = _(
        "The %(side)s by %(side)s pixels that the camera has of the face of pupil %(pupil)s", side=side, pupil=one.pupil
    )
    return sheet(said, size, parts, width=size)


def _square(day: Day, one: Sat, at: int, shown: str, size: float) -> str:
    """One cell of the sheet: a row a lesson, a column a look, each as large as the largest of them."""
    here = day.moments[at]
    columns = max(moment.look for moment in day.moments)
    rows = -(-len(day.moments) // columns)
    cell = max(face.crop[2] for face in one.faces if face.crop)
    face = one.faces[at]
    assert face.crop is not None
    row, column = at // columns, here.look - 1
    box = f"{column * cell} {row * cell} {face.crop[2]} {face.crop[2]}"
    return (
        f'<svg width="{size:g}" height="{size:g}" viewBox="{box}" overflow="hidden"><image class="pixels" '
        f'href="{escape(shown)}" width="{cell * columns}" height="{cell * rows}" preserveAspectRatio="none"/></svg>'
    )


def _frames(face: Face, times: float) -> list[str]:
    frames = (("box-edge", face.box), ("box", face.box), ("found-edge", face.found), ("found", face.found))
    return [
        f'<rect class="{kind}" x="{box[0] * times:.1f}" y="{box[1] * times:.1f}" '
        f'width="{box[2] * times:.1f}" height="{box[3] * times:.1f}"/>'
        for kind, box in frames
        if box
    ]


def _points(face: Face, times: float) -> list[str]:
    if face.landmarks is None:
        return []
    return [
        f'<circle class="point" cx="{x * times:.1f}" cy="{y * times:.1f}" r="3.2"/>' for x, y in face.landmarks.points
    ]
