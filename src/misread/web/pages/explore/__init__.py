"""Explore: five plain questions, and what follows from the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from misread.errors import MisreadError, Problem
from misread.study.exact.run import FEWEST
from misread.web.pages.explore import beside, numbers, taken, told
from misread.web.pages.explore.asked import PASTED, Asked, read
from misread.web.pages.explore.own import Pasted, legibly, marked
from misread.web.shipped import titles


def view(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows.

    Parameters
    ----------
    asked : mapping
        Answers, as `misread.web.pages.explore.asked.read` takes them; ``left`` and ``right``, policies side by side;
        ``interval``, for the second step, and ``keep``: what takes longer than an answer may; ``take``: what to draw
        to be taken away; ``moves``, where only that is wanted which answers move.

    Raises
    ------
    MisreadError
        If there is no such deployment or answer, or they do not go together. Mistakes in a deployment that was pasted
        are shown beside its lines instead.
    """
    try:
        return _answered(asked)
    except MisreadError as error:
        if not asked.get("toml", "").strip():
            raise MisreadError(map(legibly, error.problems)) from None
        return {"wrong": marked(asked["toml"], error.problems), "http": 422}


def _answered(asked: Mapping[str, str]) -> dict[str, Any]:
    here = read(asked)
    second = bool(asked.get("interval") or asked.get("keep"))
    if numbers.large(here.deployment) and not here.pasted:
        raise MisreadError(_too_large(here))
    if second:
        found = numbers.drawn_figures(here.deployment, here.rule)
    else:
        ids = numbers.FIRST if numbers.slow(here.deployment) else numbers.ALL
        found = numbers.figures(here.deployment, here.rule, ids)
    if found.find("flag_ppv", here.rule.name) is None:
        raise MisreadError(_ranked(here))
    shown = {
        "wrong": None,
        "pasted": Pasted(here.pasted) if here.pasted else None,
        "presets": tuple(titles().items()),
        "asked": here.answered,
        "asked_query": None if here.pasted else urlencode({**here.query, **({"interval": "1"} if second else {})}),
        "second": second,
        "draws": FEWEST if second else 0,
        **told.everything(here, found, second, parts=not asked.get("moves")),
        "side": beside.side_by_side(here, asked.get("left", ""), asked.get("right", "")),
        "policies": beside.listed(asked.get("left", ""), asked.get("right", "")),
        "form": "ask" if here.pasted else "",
    }
    return shown | {"taken": taken.taken(asked["take"], shown, found)} if asked.get("take") else shown


def _ranked(here: Asked) -> Problem:
    return Problem(
        f"The rule {here.rule.name!r} ranks a class, so that one child’s alerts depend on the others’.",
        "a rule that looks at one child at a time.",
        f"`misread run {here.name} --engine sampled` counts it." if here.name != PASTED else "use `misread run`.",
        key="claims",
    )


def _too_large(here: Asked) -> Problem:
    return Problem(
        "With these changes there are too many kinds of children to answer while you wait.",
        "fewer traits, seats or levels of hiding faces.",
        f"run it in full: {here.command}",
        key="set",
    )
