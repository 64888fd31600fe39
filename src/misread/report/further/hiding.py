"""Faces that hide: how much of what they would show is hidden on the last day."""

from __future__ import annotations

import math
from dataclasses import dataclass

from misread.deployment.model import Deployment
from misread.report.further.notes import Row, chance, without
from misread.report.lookup import Figures, quote
from misread.report.pictures import Strip
from misread.report.words import Band, amount, half_up, listing, plural, tally, tally_brackets


@dataclass(frozen=True, slots=True)
class Hiding:
    """The section: a sentence, a strip for each group and all, and what it leaves open."""

    sentence: str
    strips: tuple[Strip, ...]
    open: str
    chance: str
    without: str
    table: tuple[Row, ...]


def tell(figures: Figures, deployment: Deployment) -> Hiding | None:
    """The section about faces that hide; None where children do not, or it was not counted."""
    feedback, finding = deployment.feedback, figures.find("masking_end")
    band = Band.of(finding)
    if feedback is None or finding is None or band is None:
        return None
    rows = [("all children", finding), *((f.group, f) for f in figures.groups("masking_end"))]
    if len({half_up(100 * (f.value or 0.0)) for _, f in rows}) == 1:
        rows = rows[:1]
    shown = [f for _, f in rows]
    return Hiding(
        sentence=_sentence(band, feedback.expression),
        strips=tuple(
            Strip(name, b, "quiet", f"{_of_100(b.value)} hidden", "masking_end")
            for name, f in rows
            if (b := Band.of(f)) is not None
        ),
        open=_open(deployment),
        chance=chance(shown, 100, " of 100"),
        without=without(shown),
        table=tuple(rows),
    )


def _of_100(p: float) -> str:
    return "fewer than 1 of 100" if p > 0 and half_up(100 * p) == 0 else f"{half_up(100 * p)} of 100"


def _sentence(band: Band, expression: str) -> str:
    if band.value == 0:
        return "Nobody’s face hides anything on the last day."
    hidden = f"{tally(band.value, 100)} of 100 times{tally_brackets(band, 100)}"
    return (
        f"On the last day a child shows {quote(expression)} instead of what its face would have shown {hidden}, "
        "because of the flags it got before."
    )


def _open(deployment: Deployment) -> str:
    feedback = deployment.feedback
    assert feedback is not None
    told = [quote(r.name) for r in deployment.rules if r.notify]
    if not told:
        return "No rule tells anybody of its flags, and only flags that are told of make children hide."
    said = [f"Flags that somebody is told of make children hide: those of {listing(told, 'and')}."]
    if feedback.strength > 0 and feedback.max > 0:
        half = math.ceil(math.log(2) / float(feedback.strength))
        said.append(
            f"The deployment takes it that {tally(float(feedback.max), 100)} of 100 faces are hidden in the end, half "
            f"of that after {plural(half, 'flag')}, and that no more than {amount(feedback.saturates_at)} flags count."
        )
    said.append("Nobody finds what a face does not show; how many alerts are right is counted with it.")
    return " ".join(said)
