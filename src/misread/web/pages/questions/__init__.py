"""Questions people ask: seven of them, each answered in three sentences with numbers, and a way on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.language import mark
from misread.report.sources import Library, carried, grounds, parameters
from misread.web.pages.numbers.found import found, quick
from misread.web.pages.questions.answers import answers
from misread.web.pages.questions.parts import Answer
from misread.web.shipped import FIRST, shipped_one, titles

SHORT = {
    "What children go through": mark("states"),
    "What their faces show": mark("faces"),
    "How children differ": mark("how children differ"),
    "What is made of a face": mark("reading"),
    "How often, and how well, faces are looked at": mark("looks"),
    "School and timetable": mark("timetable"),
    "What counts as an alert": mark("rules"),
    "What is kept, and used": mark("file"),
}
"""Parts of a deployment in a word."""


def view(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows.

    Parameters
    ----------
    asked : mapping
        What the form holds: `deployment`, its shipped name; `sure`, ``1`` where intervals are wanted, which takes
        seconds.

    Raises
    ------
    MisreadError
        If there is no such deployment, it takes minutes, or no camera reads.
    """
    name = asked.get("deployment") or FIRST
    deployment = shipped_one(name)
    known = tuple(other for other in quick() if "reader" not in shipped_one(other).classifier.model_fields_set)
    if name not in known:
        raise MisreadError(
            Problem(
                f"This page is about cameras whose numbers take a moment; {name} is not one of them.",
                expected=f"one of {', '.join(known)}.",
                mend=f"choose one of these, or type: misread run {name}",
                key="deployment",
            )
        )
    # Who keeps the page cannot ask for the intervals later.
    sure = asked.get("sure") == "1" or bool(asked.get("keep"))
    findings = found(name, sure=sure)
    parts = grounds(parameters(deployment), Library.load())

    def assumed(answer: Answer) -> tuple[str, ...]:
        ids = [finding.id for finding in answer.findings]
        return tuple(_(SHORT.get(part.title, part.title)) for part in carried(ids, parts)) if ids else ()

    told = answers(name, deployment, findings)
    return {
        "name": name,
        "title": deployment.title,
        "deployments": known,
        "titles": titles(),
        "sure": sure,
        "answers": tuple((answer, assumed(answer)) for answer in told),
    }
