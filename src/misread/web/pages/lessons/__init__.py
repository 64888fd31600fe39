"""Lessons to teach with the glass classroom: plans, worksheets, answers, and an exercise that measures the class."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from misread.deployment import load
from misread.language import gettext as _
from misread.language import ngettext
from misread.report.file.messages import either
from misread.study.exact.run import measured
from misread.web.pages.classroom import words
from misread.web.pages.classroom.asked import one_of, whole
from misread.web.pages.classroom.day import ClassDay, class_day, seen
from misread.web.pages.lessons.agreement import Agreement, agreement, favourites
from misread.web.pages.lessons.cards import Card, brows, cards, messages, table
from misread.web.pages.lessons.compared import compared
from misread.web.pages.lessons.picture import faces
from misread.web.pages.lessons.plans import LESSONS, spoken

DEPLOYMENT = "as-described"
DAY = 24
SHOWS = ("plans", "sheet", "answers", "exercise")
MOST_VOTES = 99
TASTE = 4
"""Faces that stand beside a plan."""


def view(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows.

    Parameters
    ----------
    asked : mapping
        `show`, one of `SHOWS`; `lesson`, for whom; `minutes`, how long; `class` and `seed`, whose day the worksheets
        are about; of the exercise, ``A-bored`` and so on, how many chose that word for that face.

    Raises
    ------
    MisreadError
        If there is no such lesson or class, or a vote is no number of people.
    """
    show = one_of(asked, "show", SHOWS, "plans")
    lesson = one_of(asked, "lesson", tuple(LESSONS), "younger")
    minutes = int(one_of(asked, "minutes", ("20", "45"), "20"))
    population = seen(DEPLOYMENT, "", 1).deployment.population
    klass = whole(asked, "class", 1, 1, population.pupils_per_school // population.class_size)
    seed = whole(asked, "seed", 1, 0, 2**32 - 1)
    day = class_day(DEPLOYMENT, "", seed, 1, klass, DAY)
    dealt = cards(day, seed, 1)
    held: dict[str, str | int] = {"lesson": lesson, "minutes": minutes, "class": klass, "seed": seed}
    return {
        "show": show,
        "lesson": lesson,
        "minutes": minutes,
        "klass": klass,
        "seed": seed,
        "plan": spoken(LESSONS[lesson]),
        "steps": spoken(LESSONS[lesson]).steps[minutes],
        "lessons": [
            (name, spoken(one), [(m, _address(held, lesson=name, minutes=m)) for m in one.steps])
            for name, one in LESSONS.items()
        ],
        "ways": {name: _address(held, show=name) for name in SHOWS},
        "another": _address(
            held, show=show, **{"class": klass % (population.pupils_per_school // population.class_size) + 1}
        ),
        "leads": _leads(held, seed, klass, dealt),
        "command": f"misread trace {DEPLOYMENT} --school 1 --class {klass} --day {DAY} --seed {seed}",
        "states": day.deployment.pupil.states,
        "cards": dealt,
        "taste": TASTE,
        "takes": _takes(day, dealt),
        **_taken(asked.get("take", ""), show, dealt),
        **_answers(day),
        **_exercise(asked, day, dealt),
    }


def _taken(take: str, show: str, shown: tuple[Card, ...]) -> dict[str, Any]:
    """The faces as one picture; beside a plan four of them."""
    if take != "faces-picture":
        return {}
    return {"taken": faces(shown[:TASTE] if show == "plans" else shown, answers=show == "answers")}


def _address(held: Mapping[str, str | int], **changed: str | int) -> str:
    return "/lessons?" + urlencode({**held, **changed})


def _leads(held: Mapping[str, str | int], seed: int, klass: int, dealt: tuple[Card, ...]) -> dict[str, tuple[str, str]]:
    """The pages that a step needs: how each is called, and where it is."""
    child = {"deployment": DEPLOYMENT, "seed": seed, "school": 1, **({"pupil": dealt[0].pupil} if dealt else {})}
    room = urlencode({"deployment": DEPLOYMENT, "seed": seed, "class": klass, "day": DAY})
    return {
        "room": (_("This class in the glass classroom"), f"/classroom?{room}"),
        "exercise": (_("The exercise: play the classifier"), _address(held, show="exercise")),
        "answers": (_("The answers, with what the table comes to"), _address(held, show="answers")),
        "map": (_("The long map of one child of this class"), f"/map?{urlencode(child)}"),
        "questions": (_("The questions page"), f"/questions?{urlencode({'deployment': DEPLOYMENT})}"),
    }


def _takes(day: ClassDay, dealt: tuple[Card, ...]) -> dict[str, str]:
    """What a label stands for by its rule, for the first face that is counted as right: it need not be the word."""
    first = next((card for card in dealt if card.judged == "right"), None)
    if first is None:
        return {}
    rule = next(r for r in day.deployment.rules if first.label in r.labels and first.state in r.claims)
    return {first.letter: either(rule.claims)}


def _answers(day: ClassDay) -> dict[str, Any]:
    """What the worksheets ask, and what is so."""
    shown, (lowered, fine), counted = messages(day), brows(day), table(day)
    rule = day.deployment.rules[0]
    return {
        "messages": [
            {
                "time": words.clock(day.moments[sent.at].minute),
                "to": words.whom(sent),
                "text": words.text(sent),
                "right": sent.right,
                "why": words.why(sent),
            }
            for sent in shown
        ],
        "wrong_of_shown": sum(not sent.right for sent in shown),
        "sent": len(day.messages),
        "wrong": sum(not sent.right for sent in day.messages),
        "of_ten": f"{10 * _wrong(rule.name):.0f}",
        "rule": rule.name,
        "claims": either(rule.claims),
        "labels": either([f"“{label}”" for label in rule.labels]),
        "table": counted,
        "compared": compared(counted),
        "lowered": lowered,
        "fine": fine,
    }


def _exercise(asked: Mapping[str, str], day: ClassDay, dealt: tuple[Card, ...]) -> dict[str, Any]:
    """The votes, and what they come to."""
    states = day.deployment.pupil.states
    votes = [[whole(asked, f"{card.letter}-{state}", 0, 0, MOST_VOTES) for state in states] for card in dealt]
    found = agreement(votes)
    best = [favourites(face) for face in votes]
    hit = sum(len(one) == 1 and states[one[0]] == card.state for one, card in zip(best, dealt, strict=True))
    voted = sum(map(any, votes))
    return {
        "votes": votes,
        "agreed": found,
        "said": _said(found) if found else "",
        "met": ngettext(
            "You voted on %(faces)s face. Your favourite word was what the child felt for %(hit)s of %(faces)s.",
            "Your favourite word was what the child felt for %(hit)s of the %(faces)s faces that you voted on.",
            voted,
            hit=hit,
            faces=voted,
        ),
        "favourites": [" / ".join(states[j] for j in one) for one in best],
    }


def _said(found: Agreement) -> str:
    return _(
        "Of 100 pairs of you, %(pairs)s wrote the same word for a face. By lot it would be %(chance)s.",
        pairs=f"{100 * found.pairs:.0f}",
        chance=f"{100 * found.chance:.0f}",
    )


@lru_cache(maxsize=4)
def _wrong(rule: str) -> float:
    """Share of a rule's flags that are wrong, over all schools and days: the exact engine's."""
    right = measured(load(DEPLOYMENT), draws=0).findings.one("flag_ppv", rule=rule).value
    assert right is not None, "the shipped deployment flags"
    return 1 - right
