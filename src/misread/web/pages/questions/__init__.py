"""Questions people ask: seven of them, each answered in three sentences with numbers, and a way on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from misread.deployment import Deployment
from misread.language import gettext as _
from misread.language import mark
from misread.report.words.lookup import isolate
from misread.report.words.sources import Library, carried, grounds, parameters
from misread.study.exact.run import FEWEST
from misread.web.pages.numbers.found import found, quick
from misread.web.pages.questions.answers import answers
from misread.web.pages.questions.parts import Answer, Instead, Way
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
        If there is no such deployment.
    """
    name = asked.get("deployment") or FIRST
    deployment = shipped_one(name)
    shown = {"name": name, "title": deployment.title, "titles": titles()}
    if (instead := elsewhere(name, deployment)) is not None:
        return {**shown, "sure": True, "instead": instead, "answers": ()}
    # Who keeps the page cannot ask for the intervals later.
    sure = asked.get("sure") == "1" or bool(asked.get("keep"))
    findings = found(name, sure=sure)
    parts = grounds(parameters(deployment), Library.load())

    def assumed(answer: Answer) -> tuple[str, ...]:
        ids = [finding.id for finding in answer.findings]
        return tuple(_(SHORT.get(part.title, part.title)) for part in carried(ids, parts)) if ids else ()

    told = answers(name, deployment, findings)
    return {
        **shown,
        "sure": sure,
        "draws": FEWEST if sure else 0,
        "instead": None,
        "answers": tuple((answer, assumed(answer)) for answer in told),
    }


def elsewhere(name: str, deployment: Deployment) -> Instead | None:
    """Where to go on with what the questions are not about; None where they are."""
    numbers = Way(_("Check its numbers, one by one"), href=f"/numbers?deployment={name}")
    if "reader" in deployment.classifier.model_fields_set:
        return Instead(
            _("No camera reads faces here: %(reader)s does. The questions are about cameras.",
              reader=isolate(deployment.classifier.reader)),
            (
                Way(_("What would follow from it"), href=f"/explore?deployment={name}"),
                numbers,
                Way(_("Beside the cameras"), code=f"misread compare {FIRST} {name}"),
            ),
        )  # fmt: skip
    if name not in quick():
        return Instead(
            _("Its numbers take minutes, too long to answer while you read."),
            (
                Way(_("The same questions, of the plain description"), href=f"/questions?deployment={FIRST}"),
                Way(_("See twelve years of one child"), href=f"/map?deployment={name}"),
                Way(_("Compute it in full, on the page of runs"), href=f"/runs?deployment={name}"),
                Way(_("All its numbers"), code=f"misread run {name}"),
            ),
        )
    return None
