"""One page for parents, to print: what the numbers say, what to ask, what can be asked for, where to go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from misread.findings.table import Finding
from misread.language import gettext as _
from misread.language import mark
from misread.report.drawn.pictures import RIGHT, WRONG
from misread.report.words.sources import Library, carried, grounds, parameters
from misread.study.exact.run import FEWEST
from misread.web.pages.numbers.found import found
from misread.web.pages.questions.parts import Ten, Told, hundred, of, ten
from misread.web.shipped import shipped_one

DESCRIBED, CLAIMED = "as-described", "vendor-claim"
"""The cameras as the press report describes them, and the same if what is claimed were true."""

ASKS = (
    (mark("What reads my child’s face, and who made it?"),
     mark("Ask for the name, the maker, the rooms, and since when.")),
    (mark("Which words does it write down, and how often?"),
     mark("Ask for the whole list of words. “Head down” can be the old “bored” by a new name.")),
    (mark("Of ten alerts, how many were right, and who counted?"),
     mark("“95 % accurate” does not answer that. Ask on which children it was tried, in which rooms.")),
    (mark("Who sees it, and what happens then?"),
     mark("Ask about teachers, other parents, firms, other offices, and about each use later on.")),
    (mark("How long is it kept, and how do we say no?"),
     mark("Ask for the day on which it is erased, and for what changes for a child who does not take part.")),
)  # fmt: skip
"""Five questions, each with what to listen for."""

THINGS = (
    mark("a copy of all that is held about your child, words and scores included"),
    mark("that it stops for your child, or that what is held is erased"),
    mark("the school’s contract, its test results and its rules for keeping"),
    mark("the study of risks that the school made before it began"),
    mark("an answer in writing, and a person who looks again"),
)
"""What can be asked for, somewhere."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: its sentence, its picture, and the finding that it is."""

    said: str
    row: Ten
    deployment: str
    finding: Finding


def view(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows; nothing can be asked of it.

    Parameters
    ----------
    asked : mapping
        Not looked at: it is the same for everybody.
    """
    del asked
    told = Told(found(DESCRIBED, sure=True), shipped_one(DESCRIBED).rules[0].name)
    week = told.band("p_false_flag_by_week_1")
    named = Library.load()
    assumed = [
        part.title
        for part in carried(
            [finding.id for finding in told.used] + ["flag_ppv"], grounds(parameters(shipped_one(DESCRIBED)), named)
        )
    ]
    return {
        "figures": (
            _alerts(DESCRIBED, mark("Of ten alerts that such cameras send, %(n)s are right.")),
            _alerts(CLAIMED, mark("If the claim “95 %% accurate” were true, %(n)s of ten would be.")),
        ),
        "week": hundred(week),
        "week_of": told.used[0],
        "asks": tuple((_(question), _(listen)) for question, listen in ASKS),
        "things": tuple(map(_, THINGS)),
        "assumed": tuple(f"{said[:1].lower()}{said[1:]}" for said in map(_, assumed)),
        "deployment": DESCRIBED,
        "draws": FEWEST,
    }


def _alerts(name: str, sentence: str) -> Figure:
    told = Told(found(name, sure=True), shipped_one(name).rules[0].name)
    right = told.band("flag_ppv")
    row = ten(right.value, RIGHT, _("ten alerts: solid ones are right, hatched ones wrong"), WRONG)
    return Figure(_(sentence, n=of(right, 10)), row, name, told.used[0])
