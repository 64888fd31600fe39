"""Faces that hide: how much of what they would show is hidden on the last day."""

from __future__ import annotations

import math
from dataclasses import dataclass

from misread.deployment.model import Deployment
from misread.language import gettext as _
from misread.language import ngettext
from misread.report.drawn.pictures import Strip
from misread.report.further.notes import Row, chance, without
from misread.report.words import Band, amount, half_up, listing, tally, tally_brackets
from misread.report.words.lookup import Figures, quote


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
    rows = [(_("all children"), finding), *((f.group, f) for f in figures.groups("masking_end"))]
    if len({half_up(100 * (f.value or 0.0)) for _name, f in rows}) == 1:
        rows = rows[:1]
    shown = [f for _name, f in rows]
    return Hiding(
        sentence=_sentence(band, feedback.expression),
        strips=tuple(
            Strip(name, b, "quiet", _("%(n)s hidden", n=_of_100(b.value)), "masking_end")
            for name, f in rows
            if (b := Band.of(f)) is not None
        ),
        open=_open(deployment),
        chance=chance(shown, 100, _(" of 100")),
        without=without(shown),
        table=tuple(rows),
    )


def _of_100(p: float) -> str:
    n = half_up(100 * p)
    return _("fewer than 1 of 100") if p > 0 and n == 0 else _("%(n)s of 100", n=n)


def _sentence(band: Band, expression: str) -> str:
    if band.value == 0:
        return _("Nobody’s face hides anything on the last day.")
    return _(
        "On the last day a child shows %(expression)s instead of what its face would have shown %(n)s of 100 "
        "times%(open)s, because of the flags it got before.",
        expression=quote(expression),
        n=tally(band.value, 100),
        open=tally_brackets(band, 100),
    )


def _open(deployment: Deployment) -> str:
    feedback = deployment.feedback
    assert feedback is not None
    told = [quote(r.name) for r in deployment.rules if r.notify]
    if not told:
        return _("No rule tells anybody of its flags, and only flags that are told of make children hide.")
    said = [_("Flags that somebody is told of make children hide: those of %(rules)s.", rules=listing(told, "and"))]
    if feedback.strength > 0 and feedback.max > 0:
        half = math.ceil(math.log(2) / float(feedback.strength))
        said.append(
            _(
                "The deployment takes it that %(n)s of 100 faces are hidden in the end, half of that after %(half)s, "
                "and that no more than %(most)s flags count.",
                n=tally(float(feedback.max), 100),
                half=ngettext("%(many)s flag", "%(many)s flags", half, many=f"{half:,}"),
                most=amount(feedback.saturates_at),
            )
        )
    said.append(_("Nobody finds what a face does not show; how many alerts are right is counted with it."))
    return " ".join(said)
