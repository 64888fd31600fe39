"""The closed classroom: rendered faces of nobody, what six readers call them, and what a school's rules do then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from misread.closed import card, micro
from misread.closed.day import model
from misread.closed.day.model import FILM, READERS, Day, Sat, faces_name, room_name
from misread.language import gettext as _
from misread.web.pages.classroom.words import clock
from misread.web.pages.closed import rest, room, seat, sent, words
from misread.web.pages.closed.asked import ALL, NEWEST, Asked, checked
from misread.web.pages.closed.measured import card as plots
from misread.web.pages.closed.measured import micro as frames
from misread.web.pages.closed.pictures import MICRO, picture, shown
from misread.web.shipped import shipped_one


def view(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows.

    Parameters
    ----------
    asked : mapping
        `at` (which look of the day, from 0), `pupil` who is followed, `reader` whose words are shown (or `all`),
        `messages` (`newest` or `all`).

    Raises
    ------
    MisreadError
        If the day that is shipped has no such look, pupil or reader.
    """
    day = model.shipped()
    now = checked(asked, day)
    rules = {rule.name: rule for rule in shipped_one(day.made.deployment).rules}
    boxes = room.boxes(day, now)
    followed = next(one for one in day.pupils if one.pupil == now.pupil)
    inside = bool(asked.get("keep"))
    return {
        "asked": now,
        "headline": words.headline(day, now.at),
        "rested": words.at_rest(day, now.at, rules.values()),
        "agreement": words.agreement(day),
        "last": len(day.moments) - 1,
        "bells": [i for i, moment in enumerate(day.moments) if moment.look == 1],
        "time": clock(day.moments[now.at].minute),
        "said": words.moment(day, now.at, now.reader),
        "choices": [(one, _("all six") if one == ALL else words.called(one)) for one in (ALL, *READERS)],
        "picture": shown(room_name(now.at), inside),
        "overlay": room.overlay(day, now, boxes, shown(room_name(now.at))),
        "glass": _glass(day, now),
        **room.drawn(day, now),
        "seat": _seat(day, now, followed, inside),
        **_sent(day, now, rules),
        "strip": _strip(day, now, followed),
        "at_rest": _rest(day),
        "film": _film(),
        "card": _card(),
        "micro": _micro(inside),
        "made": day.made,
        "kept_alone": inside,
        **_taken(asked.get("take", ""), day, now, followed, boxes),
    }


def _named(id: str, drawn: Markup) -> Markup:
    """A picture with the name by which it is taken away."""
    return Markup(str(drawn).replace("<svg ", f'<svg id="{id}" ', 1))


def _glass(day: Day, now: Asked) -> str:
    made = day.made
    same = {"deployment": made.deployment, "seed": made.seed, "school": made.school, "class": made.klass}
    return "/classroom?" + urlencode({**same, "day": made.day, "at": now.at, "pupil": now.pupil})


def _seat(day: Day, now: Asked, one: Sat, inside: bool) -> dict[str, Any]:
    face = one.faces[now.at]
    return {
        "pupil": one.pupil,
        "row": one.row + 1,
        "pixels": one.between_eyes,
        "state": face.state,
        "shows": words.shows(face.expression),
        "seen": face.crop is not None,
        "outside": "" if face.crop else words.outside(one),
        "crop": _named("seat-picture", seat.crop(day, one, now.at, shown(faces_name(one.pupil), inside)))
        if face.crop
        else "",
        "told": [(one, words.called(one.reader), _(words.JUDGED[one.verdict])) for one in seat.told(face)],
        "found": face.found is not None,
        "measures": [(one, _(seat.MEASURES.get(one.name, one.name))) for one in seat.measured(face, day)],
        "nearest": seat.nearest(face, day),
        "turned": seat.turned(face),
    }


def _sent(day: Day, now: Asked, rules: Mapping[str, Any]) -> dict[str, Any]:
    found = sent.messages(day, now, rules)
    return {
        "messages": found if now.messages == ALL else found[: sent.FIRST],
        "luck": sent.luck(day),
        "more": len(found) - sent.FIRST if now.messages == NEWEST else 0,
        "totals": [(words.called(reader), *counts) for reader, *counts in sent.totals(day, now)],
    }


def _strip(day: Day, now: Asked, one: Sat) -> dict[str, Any]:
    return {
        "drawn": _named("strip", sent.strip(day, one, now.at)),
        "said": sent.strip_said(one),
        "key": sent.key(),
        "rows": sent.listed(day, one),
    }


def _rest(day: Day) -> dict[str, Any]:
    found = rest.at_rest(day)
    return {
        "sentence": rest.sentence(found),
        "drawn": _named("rest", rest.bars(found)),
        "rows": found,
        "words": model.WORDS,
    }


def _card() -> dict[str, Any]:
    told = plots.told(card.shipped())
    for part in ("changes", "found", "neutral"):
        told[part]["drawn"] = _named(f"card-{part}", told[part]["drawn"])
    return told


def _micro(inside: bool) -> dict[str, Any]:
    told = frames.told(micro.shipped(), lambda name: shown(MICRO + name, inside))
    for view in (*told["views"], *told["others"]):
        view["drawn"] = _named(f"micro-{view['name']}", view["drawn"])
    return told


def _film() -> tuple[str, str]:
    """Where the day's film is, and its size in MB."""
    return shown(FILM), f"{len(picture(FILM)) / 1e6:.1f}"


def _taken(id: str, day: Day, now: Asked, one: Sat, boxes: list[room.Boxed]) -> dict[str, Any]:
    """What is taken away holds its pictures itself."""
    if id == "room-picture":
        return {"taken": room.taken(day, now, boxes, shown(room_name(now.at), inside=True))}
    if id == "seat-picture" and one.faces[now.at].crop:
        return {"taken": seat.crop(day, one, now.at, shown(faces_name(one.pupil), inside=True))}
    if id.startswith("micro-"):
        told = _micro(inside=True)
        drawn = {f"micro-{view['name']}": view["drawn"] for view in (*told["views"], *told["others"])}
        return {"taken": drawn[id]} if id in drawn else {}
    return {}
