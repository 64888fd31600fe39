"""What the picture of each stage shows of a child: drawings, and the words that stand in them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from misread.deployment import load
from misread.deployment.model.camera import Geometry
from misread.deployment.model.flags import KOfLast, parse_flag
from misread.deployment.seats import groups_of, stated_geometry, views_of
from misread.deployment.seats.plan import plan_of
from misread.language import gettext as _
from misread.report.file.entries import Entry, Kind
from misread.report.file.messages import addressed, fate
from misread.report.file.stages import kinds_of_lesson
from misread.report.words import amount, half_up
from misread.web.draw import stages_parts as parts
from misread.web.draw.face import EXPRESSIONS
from misread.web.draw.stages_room import Child, room, seat_picture
from misread.web.pages.stages.child import ROOM, Followed
from misread.web.shipped import FIRST

ROWS = 12
"""Looks of a lesson that are shown at most, the last ones: one every 30 seconds makes 80."""
DATABASE = 19
"""What the faces of the database look like: somebody else, always the same."""
SHOWN = 300
"""Flags of a mark that are drawn at most."""


def picture(stage: str, walk: Followed) -> dict[str, Any]:
    """What a stage's picture is made of.

    Parameters
    ----------
    stage : str
        Its id.
    walk : Followed
        The child's; for the later stages with all school years.

    Returns
    -------
    dict
        What the template of that picture is given.
    """
    return _PICTURES[stage](walk)


def looks_of(walk: Followed) -> int:
    """The number that says what the child looks like: school and pupil, so that it stays the same on every page."""
    return walk.facts.school * 100_000 + walk.facts.pupil + walk.file.seed * 7919


def _child(walk: Followed) -> Child:
    truth = walk.look[1]
    return Child(looks_of(walk), truth.state, truth.expression)


def seat_of(walk: Followed) -> tuple[Geometry, int, bool]:
    """Room, seat, and whether the room is one of this deployment's own; a seat of the child's view, by its number."""
    own = walk.deployment.camera.geometry
    geometry = own or example()
    plan = plan_of(geometry)
    seats = list(range(len(plan.lost)))
    if own is not None and walk.facts.views:
        groups = dict(groups_of(stated_geometry(walk.deployment) or own))
        seats = [int(i) for i in groups[walk.facts.views[walk.look[0].year - 1]]]
    # A view is called by the rows where most of its seats are: a child is drawn in one of those.
    rows = Counter(int(plan.row[i]) for i in seats)
    seats = [i for i in seats if 2 * rows[int(plan.row[i])] >= max(rows.values())]
    return geometry, seats[(walk.facts.pupil * 7 + walk.look[0].year) % len(seats)], own is not None


@lru_cache(maxsize=1)
def example() -> Geometry:
    """A room for deployments that have none."""
    geometry = load(FIRST, policies=[ROOM]).camera.geometry
    assert geometry is not None
    return geometry


def _camera(walk: Followed) -> dict[str, Any]:
    geometry, seat, own = seat_of(walk)
    return {
        "svg": room(geometry, seat, _child(walk), parts.Named("room", _("The class in the camera’s picture"))),
        "own": own,
        "inside": bool(plan_of(geometry).inside[seat]),
        "width": geometry.picture.width,
        "height": geometry.picture.height,
    }


def _view(walk: Followed) -> dict[str, Any]:
    geometry, seat, own = seat_of(walk)
    plan = plan_of(geometry)
    drawn = seat_picture(geometry, seat, _child(walk))
    views = {v.name: v.lost for v in views_of(walk.deployment)}
    lost = views[walk.facts.views[walk.look[0].year - 1]] if walk.facts.views else 0.0
    return {
        "own": own,
        "row": int(plan.row[seat]) + 1,
        "column": int(plan.column[seat]) + 1,
        "address": drawn and drawn[0],
        "pixels": drawn and drawn[1],
        "eyes": amount(float(plan.between_eyes[seat])),
        "angle": half_up(float(plan.angle[seat])),
        "hidden": half_up(100 * float(plan.hidden[seat])),
        "dots": parts.hundred(100 * (1 - lost), "told"),
        # What is found and what is lost are said side by side: a hundred together, with the same digits.
        "found": f"{100 - Decimal(amount(100 * lost))}",
    }


def _expression(walk: Followed) -> dict[str, Any]:
    truth, who = walk.look[1], looks_of(walk)
    return {
        "feels": parts.portrait(who, truth.state, "neutral"),
        "shows": parts.portrait(who, "", truth.expression, landmarks=True),
        "state": truth.state,
        "expression": truth.expression,
    }


def _comparison(walk: Followed) -> dict[str, Any]:
    entry, truth = walk.look
    _profile, row = walk.row()
    most = max(row.values())
    ranked = sorted(row.items(), key=lambda pair: -pair[1])
    return {
        "face": parts.portrait(looks_of(walk), "", truth.expression, landmarks=True),
        "expression": truth.expression,
        "rows": [
            {
                "label": label,
                "of_100": amount(100 * p),
                "face": parts.portrait(DATABASE, "", label) if label in EXPRESSIONS else "",
                "bar": parts.bar(p / most, chosen=label == entry.word),
                "chosen": label == entry.word,
            }
            for label, p in ranked
            if p > 0
        ],
    }


def _label(walk: Followed) -> dict[str, Any]:
    look = walk.look[0]
    at = next(i for i, (e, _) in enumerate(walk.lesson) if e == look) + 1
    shown = walk.lesson[max(0, at - ROWS) : max(at, ROWS)]
    return {
        "date": f"{look.at:%Y-%m-%d}",
        "before": max(0, at - ROWS),
        "rows": [{"at": _clock(walk, e), "word": e.word, "state": t.state, "this": e == look} for e, t in shown],
    }


def _clock(walk: Followed, entry: Entry) -> str:
    """The time of a look, with seconds where looks fall between minutes."""
    whole = not walk.deployment.camera.observe_every_seconds % 60
    return f"{entry.at:{'%H:%M' if whole else '%H:%M:%S'}}"


def _rule(walk: Followed) -> dict[str, Any]:
    rule = walk.rule
    if rule is None:
        return {"looks": (), "before": 0, "rule": ""}
    flag, who = parse_flag(rule.flag), looks_of(walk)
    window = walk.lesson[-flag.n :] if isinstance(flag, KOfLast) else walk.lesson
    filled, looks = 0, []
    for e, t in window:
        hit = e.word in rule.labels
        filled += hit
        looks.append(
            {
                "at": _clock(walk, e),
                "face": parts.portrait(who, t.state, "neutral"),
                "state": t.state,
                "so": t.state in rule.claims,
                "word": e.word,
                "hit": hit,
                "filled": filled,
            }
        )
    return {
        "looks": looks[-ROWS:],
        "before": max(0, len(looks) - ROWS),
        "rule": rule.name,
        "needs": flag.k if isinstance(flag, KOfLast) else None,
    }


def _flag(walk: Followed) -> dict[str, Any]:
    if walk.flag is None or walk.rule is None:
        return {"message": ""}
    entry, truth = walk.flag
    return {
        "at": f"{entry.at:%H:%M}",
        "date": f"{entry.at:%Y-%m-%d}",
        "told": entry.told and addressed(entry.told),
        "message": entry.message,
        "rule": walk.rule.name,
        "right": bool(truth.right),
        "state": truth.state,
        "face": parts.portrait(looks_of(walk), truth.state, "neutral"),
    }


def _file(walk: Followed) -> dict[str, Any]:
    days: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for e, t in walk.of(Kind.FLAG):
        days[e.year][e.day][bool(t.right)] += 1
    length = walk.file.days_per_year
    years: list[dict[str, Any]] = []
    for y in range(walk.file.first, walk.file.last + 1):
        strokes = [parts.Stroke(day, *counts) for day, counts in sorted(days[y].items())]
        years.append(
            {
                "year": y,
                "svg": parts.year(strokes, length),
                "wrong": sum(s.wrong for s in strokes),
                "right": sum(s.right for s in strokes),
            }
        )
    return {"years": years}


def _mark(walk: Followed) -> dict[str, Any]:
    given = [(e, t) for e, t in walk.of(Kind.MARK)]
    marks = {m.name: m for m in walk.deployment.file.marks}
    found = []
    for i, (e, t) in enumerate(given, 1):
        said = _("The flags that earned “%(mark)s”. Hatched: wrong. Solid: right.", mark=e.word)
        mark = marks[e.word]
        before = [u for f, u in walk.of(Kind.FLAG) if f.word == mark.rule and f.at <= e.at]
        if mark.within == "year":
            before = [u for f, u in walk.of(Kind.FLAG) if f.word == mark.rule and f.year == e.year and f.at <= e.at]
        rights = [bool(u.right) for u in before[-mark.flags :]]
        found.append(
            {
                "name": e.word,
                "date": f"{e.at:%Y-%m-%d}",
                "squares": parts.squares(rights[-SHOWN:], parts.Named(f"earned-{i}", said)),
                "wrong": rights.count(False),
                "right": rights.count(True),
                "earned": bool(t.right),
                "rule": mark.rule,
            }
        )
    return {"marks": found}


def _map(walk: Followed) -> dict[str, Any]:
    rows = kinds_of_lesson(walk) if walk.rule else []
    return {
        "rows": [
            {
                "name": name,
                "flags": amount(flagged),
                "so": amount(so),
                "flags_bar": parts.bar(flagged / 100, chosen=True),
                "so_bar": parts.bar(so / 100, chosen=False),
            }
            for name, flagged, so in rows
            if flagged is not None and so is not None
        ],
        "rule": walk.rule.name if walk.rule else "",
    }


def _decision(walk: Followed) -> dict[str, Any]:
    by = {d.name: d for d in walk.deployment.decisions}
    who, rows = looks_of(walk), []
    for e, t in walk.of(Kind.DECISION):
        wrong = t.wrong or 0.0
        rows.append(
            {
                "name": e.word,
                "by": by[e.word].by,
                "year": e.year,
                "file": fate(e.chance),
                "file_face": parts.picked(who, e.chance or 0.0),
                "perfect": fate(t.chosen),
                "perfect_face": parts.picked(who, t.chosen or 0.0),
                "same": None if 0 < wrong < 1 else not wrong,
                "wrong": amount(100 * wrong),
            }
        )
    return {"rows": rows}


def _hiding(walk: Followed) -> dict[str, Any]:
    feedback = walk.deployment.feedback
    if feedback is None:
        return {"face": parts.portrait(looks_of(walk), "anxious", "neutral"), "hides": None}
    share = walk.masking()[1]
    said = _("%(n)s of 100 looks meet a face that hides behind “%(e)s”.", n=half_up(100 * share), e=feedback.expression)
    return {
        "face": parts.hidden_face(looks_of(walk), share),
        "hides": half_up(100 * share),
        "expression": feedback.expression,
        "dots": parts.hundred(100 * share, "told", parts.Named("hidden", said)),
    }


_PICTURES: Mapping[str, Callable[[Followed], dict[str, Any]]] = {
    "camera": _camera,
    "view": _view,
    "expression": _expression,
    "comparison": _comparison,
    "label": _label,
    "rule": _rule,
    "flag": _flag,
    "file": _file,
    "mark": _mark,
    "map": _map,
    "decision": _decision,
    "hiding": _hiding,
}
