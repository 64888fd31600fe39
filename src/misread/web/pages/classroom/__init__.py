"""The glass classroom: what each child of a made-up class feels, and what is written down, moment by moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from misread.deployment import Deployment, load, shipped
from misread.engine.sampled.replay import Look
from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.web.draw.face import Mood, child_of, mood_of
from misread.web.pages.classroom import file as squares
from misread.web.pages.classroom import words
from misread.web.pages.classroom.asked import Asked, one_of, whole
from misread.web.pages.classroom.day import ClassDay, Held, Pupil, Seen, Sent, class_day, file_days, only, seen
from misread.web.pages.classroom.picture import scene

DEPLOYMENT = "as-described"
WITH_KINDS = "as-described-full"
"""The shipped deployment that tells kinds of lessons apart."""
COLUMNS = 6
OPENS_AT = 5
"""The page opens at this look, counted from 0, of the second lesson: a rule has had time to fire."""
SIDE = 4
"""Messages that stand beside the room; all of them stand below."""
CODES = {"quiet": "q", "right": "r", "wrong": "w", "unseen": "u"}


@dataclass(frozen=True, slots=True)
class Seat:
    """A child at its desk: as it is now, and for the script what it is all day.

    Attributes
    ----------
    number : int
        Of the pupil.
    drawn : tuple of Markup
        Dress, head, glasses.
    mood : int
        Which of the page's moods; −1 for a child that is left alone.
    state, label, judged : str
        Now.
    link : str
        Follows this child.
    followed : bool
        Whether it is followed now.
    moods, labels, codes : str
        All day: places among the page's moods and labels, and what each label comes to, a letter each.
    """

    number: int
    drawn: tuple[Markup, Markup, Markup]
    mood: int
    state: str
    label: str
    judged: str
    link: str
    followed: bool
    moods: str
    labels: str
    codes: str


def view(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows.

    Parameters
    ----------
    asked : mapping
        `deployment` (a shipped one), `kind` of all lessons, `seed`, `school`, `class`, `day` over all years, `at`
        (which look of the day, from 0), `pupil` who is followed, `span` of its file; `was`, the
        deployment that was shown before.

    Raises
    ------
    MisreadError
        If there is no such deployment, kind, school, class, day, look or pupil.
    """
    name = one_of(asked, "deployment", tuple(_shipped()), DEPLOYMENT)
    if asked.get("was", name) != name:
        # The other system may have fewer classes and days: its first class is shown.
        asked = {key: value for key, value in asked.items() if key in {"deployment", "seed"}}
    _title, kinds = _shipped()[name]
    kind = one_of(asked, "kind", ("", *kinds), "") if kinds else ""
    here = seen(name, kind, whole(asked, "seed", 1, 0, 2**32 - 1))
    population = here.deployment.population
    school = whole(asked, "school", 1, 1, population.schools)
    klass = whole(asked, "class", 1, 1, -(-population.pupils_per_school // population.class_size))
    day = _day(asked, here)
    seed = whole(asked, "seed", 1, 0, 2**32 - 1)
    shown = class_day(name, kind, seed, school, klass, day)
    last = max(len(shown.moments) - 1, 0)
    at = whole(asked, "at", min(last, last // here.deployment.calendar.lessons_per_day + 1 + OPENS_AT), 0, last)
    members = here.members(klass)
    pupil = whole(asked, "pupil", _most_flagged(shown), members[0], members[-1])
    span = one_of(asked, "span", tuple(squares.SPANS), "weeks")
    now = Asked(name, kind, seed, school, klass, day, at, pupil, span)
    room = _room(shown, now)
    return {
        "asked": now,
        "titles": {one: title for one, (title, _kinds) in _shipped().items()},
        "kinds": [(one, now.link(kind=one)) for one in ("", *kinds)] if kinds else [],
        "with_kinds": WITH_KINDS,
        "classes": -(-population.pupils_per_school // population.class_size),
        "days": here.deployment.calendar.days_per_year * population.school_years,
        "headline": words.headline(shown),
        "weekday": words.weekday(shown.today),
        "year": shown.year,
        "today": shown.today,
        "size": len(shown.pupils),
        "last": last,
        "command": _command(now, here),
        "averages": _averages(name, here.deployment),
        "counted": [words.counted_right(rule) for rule in here.deployment.rules],
        **room,
        **(_taken(shown, now, room["rows"]) if asked.get("take") == "scene-picture" else {}),
        **_told(shown, now),
        "file": _followed(shown, now, here, (pupil,))[0],
        "others": _followed(shown, now, here, tuple(members)) if asked.get("keep") else [],
    }


@cache
def _shipped() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Shipped deployments: title, and kinds of lessons."""
    loaded = {name: load(name) for name in shipped()}
    return {name: (one.title, tuple(s.name for s in one.situations)) for name, one in loaded.items()}


def _averages(name: str, deployment: Deployment) -> list[tuple[str, str]]:
    """Of each rule whose flags somebody is told of, where its average stands."""
    told = [rule.name for rule in deployment.rules if rule.notify]
    return [(rule, urlencode({"deployment": name, "finding": "flag_ppv", "rule": rule})) for rule in told]


def child_seed(seed: int, school: int, pupil: int) -> int:
    """Which drawn child stands for a pupil: the same wherever it is drawn."""
    return pupil + 100_000 * school + 100_000_000 * seed


def _room(day: ClassDay, now: Asked) -> dict[str, Any]:
    """The children in their rows, the last row first, and all faces that they show in the day."""
    shown = Counter((look.state, look.expression) for pupil in day.pupils for look in pupil.looks)
    moods, labels = list(shown), list(day.deployment.classifier.labels)
    seats = [_seat(day, pupil, now, moods, labels) for pupil in day.pupils]
    return {
        "rows": [seats[i : i + COLUMNS] for i in range(0, len(seats), COLUMNS)][::-1],
        "labels": labels,
        "moods": [(state, _safe(mood_of(state, face))) for state, face in moods],
        "rest": _safe(mood_of("", "neutral")),
        "bells": [i for i, look in enumerate(day.moments) if look.look == 1],
        "moments": [
            {
                "time": words.clock(look.minute),
                "lesson": look.lesson,
                "kind": look.situation,
                "said": words.moment(day, i),
                "sent": words.so_far(day, i),
            }
            for i, look in enumerate(day.moments)
        ],
    }


def _taken(day: ClassDay, now: Asked, rows: list[list[Seat]]) -> dict[str, Any]:
    """The class as one picture."""
    shown = Counter((look.state, look.expression) for pupil in day.pupils for look in pupil.looks)
    return {"taken": scene(rows, list(shown), words.moment(day, now.at) if day.moments else "")}


def _seat(day: ClassDay, pupil: Pupil, now: Asked, moods: list[tuple[str, str]], labels: list[str]) -> Seat:
    child = child_of(child_seed(now.seed, now.school, pupil.number))
    look: Look | None = pupil.looks[now.at] if pupil.looks else None
    places = {mood: i for i, mood in enumerate(moods)}
    return Seat(
        number=pupil.number,
        drawn=(Markup(child.dress), Markup(child.head), Markup(child.glasses)),
        mood=places[look.state, look.expression] if look else -1,
        state=look.state if look else "",
        label=look.label if look else "",
        judged=day.judged(look) if look else "alone",
        link=now.link(pupil=pupil.number),
        followed=pupil.number == now.pupil,
        moods=" ".join(str(places[one.state, one.expression]) for one in pupil.looks),
        labels=" ".join(str(labels.index(one.label)) for one in pupil.looks),
        codes="".join(CODES[day.judged(one)] for one in pupil.looks),
    )


def _told(day: ClassDay, now: Asked) -> dict[str, Any]:
    """The day's messages, the newest first."""
    messages = [_message(sent, day) for sent in reversed(day.messages)]
    newest = [i for i, one in enumerate(messages) if one["at"] <= now.at][:SIDE]
    return {"messages": messages, "newest": newest, "side": SIDE}


def _message(sent: Sent, day: ClassDay) -> dict[str, Any]:
    return {
        "at": sent.at,
        "time": words.clock(day.moments[sent.at].minute),
        "to": words.whom(sent),
        "pupil": sent.pupil.number,
        "text": words.text(sent),
        "right": sent.right,
        "why": words.why(sent),
    }


def _followed(day: ClassDay, now: Asked, here: Seen, pupils: tuple[int, ...]) -> list[dict[str, Any]]:
    """Each child's file: its squares, and what it holds as the day goes on."""
    last, span = here.deployment.calendar.days_per_year, now.span
    who = (now.deployment, now.kind, now.seed, now.school, pupils)
    this_year = file_days(*who, day.year, day.year, day.today)
    all_years = file_days(*who, 1, here.deployment.population.school_years, last) if span == "years" else {}
    return [
        _file(day, replace(now, pupil=one.number), last, this_year[one.number][0], all_years.get(one.number, ()))
        for one in day.pupils
        if one.number in this_year
    ]


def _file(
    day: ClassDay, now: Asked, last: int, this_year: tuple[Held, ...], all_years: tuple[tuple[Held, ...], ...]
) -> dict[str, Any]:
    pupil = next(one for one in day.pupils if one.number == now.pupil)
    *before, _today = this_year
    flags = [sent for sent in day.flags if sent.pupil is pupil]
    ats = [0, *dict.fromkeys(sent.at for sent in flags)]
    grown = [(at, _held([sent for sent in flags if sent.at <= at])) for at in dict.fromkeys(ats)]
    so_far = next(held for at, held in reversed(grown) if at <= now.at)
    days = [*before, so_far]
    drawn = {
        "day": lambda: squares.a_day(day, pupil, now.at),
        "weeks": lambda: squares.weeks(days, day.today, last),
        "year": lambda: squares.a_year(days, day.today, last),
        "years": lambda: squares.all_years(all_years, last),
    }[now.span]()
    return {
        "pupil": now.pupil,
        "drawn": drawn,
        "said": words.file_sentence(before, day.deployment, so_far),
        "grown": [
            (at, words.file_sentence(before, day.deployment, held), held.right, held.wrong) for at, held in grown
        ],
        "spans": [(span, _(said), now.link(span=span)) for span, said in squares.SPANS.items()],
        "group": pupil.facts.group,
        "seat": pupil.facts.views[day.year - 1] if pupil.facts.views else "",
        "map": "/map?" + urlencode({k: getattr(now, k) for k in ("deployment", "seed", "school", "pupil")}),
    }


def _held(flags: list[Sent]) -> Held:
    right = sum(sent.right for sent in flags)
    return Held(right, len(flags) - right, tuple(sent.rule.name for sent in flags))


def _safe(mood: Mood) -> tuple[Markup, float, float]:
    return Markup(mood.features), mood.turn, mood.tilt


def _most_flagged(day: ClassDay) -> int:
    """Whose file is shown first: who was wrongly flagged most often today."""
    wrong = Counter(sent.pupil.number for sent in day.flags if not sent.right)
    return max((pupil.number for pupil in day.pupils), key=lambda number: (wrong[number], -number))


def _command(now: Asked, here: Seen) -> str:
    settings = "".join(f" --set '{setting}'" for setting in only(here.deployment, now.kind))
    where = f"--school {now.school} --class {now.klass} --day {now.day} --seed {now.seed}"
    return f"misread trace {now.deployment}{settings} {where}"


def _day(asked: Mapping[str, str], here: Seen) -> int:
    """A school day over all years; where there are very many looks, one that is early in its year."""
    calendar = here.deployment.calendar
    day = whole(
        asked,
        "day",
        min(24, -(-here.days_reached // 2)),
        1,
        calendar.days_per_year * here.deployment.population.school_years,
    )
    today, reached = (day - 1) % calendar.days_per_year + 1, here.days_reached
    if today > reached:
        raise MisreadError(
            Problem(
                f"Day {day:,} is day {today} of its school year, and {here.looks_a_day:,} looks at each child a day "
                "make that too long to compute while you wait.",
                expected=f"one of the first {reached} days of a school year.",
                mend=f"try day {day - today + reached:,}.",
                key="day",
            )
        )
    return day
