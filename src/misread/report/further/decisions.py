"""What is decided on the file: how many children would be treated otherwise, and how many by lots."""

from __future__ import annotations

from dataclasses import dataclass

from misread.deployment.model import Decision, Deployment
from misread.findings.table import Finding
from misread.language import gettext as _
from misread.language import mark
from misread.report.drawn.pictures import Hundred, hundred
from misread.report.further.notes import Row, chance, without
from misread.report.words import Band, count, half_up, listing, share_span, tally, tally_brackets, upper_first
from misread.report.words.lookup import Figures, isolate, keys_of, quote

RANKS = {
    "left out": mark("Children who opted out are not ranked."),
    "worst": mark("Children who opted out are chosen last."),
    "best": mark("Children who opted out are chosen first."),
}
"""What becomes of those without a file, by `population.opt_out_rank`, in English."""


@dataclass(frozen=True, slots=True)
class Side:
    """One hundred children, and how many of them are treated otherwise."""

    title: str
    children: Hundred
    figure: str
    interval: str
    said: str


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: name, what is decided by whom and when, the answer, both pictures and the groups."""

    name: str
    what: str
    sentence: str
    sides: tuple[Side, ...]
    groups: str
    table: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """The section. Without a decision that was counted, `sentence` says why."""

    sentence: str
    decided: tuple[Decided, ...]
    open: str
    chance: str
    without: str


def tell(figures: Figures, deployment: Deployment) -> Decisions | None:
    """The section about decisions; None where the deployment has none."""
    if not deployment.decisions:
        return None
    found = [(d, w, lots) for d in deployment.decisions if (w := _row("decision_wrong", d, figures)) is not None
             and (lots := _row("decision_lottery", d, figures)) is not None]  # fmt: skip
    counted = [(d, w, lots) for d, w, lots in found if w.value is not None and lots.value is not None]
    if not counted:
        return Decisions(_not_counted(len(deployment.decisions)), (), "", "", "")
    rows = [f for _d, *both in counted for f in both]
    return Decisions(
        sentence=_sentence(counted),
        decided=tuple(_decided(d, w, lots, figures, deployment) for d, w, lots in counted),
        open=_open(deployment),
        chance=chance([w for _d, w, _lots in counted], 100, _(" of 100")),
        without=without([w for _d, w, _lots in counted]) if rows else "",
    )


def _not_counted(decisions: int) -> str:
    if decisions == 1:
        return _(
            "The deployment takes a decision on the file, and this run did not count whom it would hit: decisions rank "
            "the children of a school, which takes samples."
        )
    return _(
        "The deployment takes decisions on the file, and this run did not count whom it would hit: decisions rank the "
        "children of a school, which takes samples."
    )


def _row(id: str, decision: Decision, figures: Figures) -> Finding | None:
    return next((f for f in figures.rows if f.id == id and f.decision == decision.name and f.group == "all"), None)


def _sentence(counted: list[tuple[Decision, Finding, Finding]]) -> str:
    _d, wrong, lots = max(counted, key=lambda row: row[1].value or 0.0)
    band = Band.of(wrong)
    assert band is not None
    several = len(counted) > 1 and band.value > 0
    said = _(_UP_TO if several else _MAIN, **_both(band, lots))
    poor = sum(_better(w, by_lots) in (_NO_BETTER, _WORSE) for _d, w, by_lots in counted)
    if not poor or len(counted) == 1:
        return said
    return f"{said} {_poor(poor, len(counted))}"


_MAIN = mark(
    "Of 100 children, %(n)s would be treated differently, had the alerts been right; drawing lots would do that to "
    "%(lots)s."
)
_UP_TO = mark(
    "Of 100 children, up to %(n)s would be treated differently by a decision, had the alerts been right; drawing lots "
    "would do that to %(lots)s."
)


def _both(band: Band, lots: Finding) -> dict[str, str]:
    """How many of 100, with what the interval leaves open, and how many by lots."""
    return {"n": tally(band.value, 100) + tally_brackets(band, 100), "lots": tally(lots.value or 0.0, 100)}


def _poor(poor: int, decisions: int) -> str:
    if poor == decisions:
        return _("No decision does better than lots.")
    if poor == 1:
        return _("One of the %(all)s does no better than lots.", all=count(decisions))
    return _("%(n)s of the %(all)s do no better than lots.", n=upper_first(count(poor)), all=count(decisions))


def _decided(d: Decision, wrong: Finding, lots: Finding, figures: Figures, deployment: Deployment) -> Decided:
    band, drawn = Band.of(wrong), Band.of(lots)
    assert band is not None
    assert drawn is not None
    return Decided(
        name=d.name,
        what=_what(d, deployment),
        sentence=_beside(wrong, lots),
        sides=(
            _side(_("on the file"), band, mark("Of 100 children, %(n)s treated differently on the file")),
            _side(_("by lots"), drawn, mark("Of 100 children, %(n)s treated differently by lots")),
        ),
        groups=_groups(d, figures),
        table=((_("treated differently, on the file"), wrong), (_("treated differently, by lots"), lots)),
    )


def _side(title: str, band: Band, said: str) -> Side:
    children = hundred(min(1.0, max(0.0, band.value)), 0.0)
    figure = "< 1" if children.wrong == 0 and band.value > 0 else str(children.wrong)
    return Side(title, children, figure, share_span(band), _(said, n=tally(band.value, 100)))


def _what(d: Decision, deployment: Deployment) -> str:
    named = {
        "who": upper_first(isolate(d.by)) if d.by.strip() else _("Whoever decides"),
        "n": tally(float(d.share), 100),
        "what": quote(d.rule if d.mark is None else d.mark),
        "year": d.after_year,
    }
    said = _(_CHOOSES[d.choose == "fewest", d.mark is not None], **named)
    return f"{said} {_(RANKS[deployment.population.opt_out_rank])}" if deployment.population.opt_out > 0 else said


_CHOOSES = {
    (False, False): mark(
        "%(who)s chooses %(n)s of 100 children: those with the most flags of the rule %(what)s on file, at the end of "
        "school year %(year)s."
    ),
    (True, False): mark(
        "%(who)s chooses %(n)s of 100 children: those with the fewest flags of the rule %(what)s on file, at the end "
        "of school year %(year)s."
    ),
    (False, True): mark(
        "%(who)s chooses %(n)s of 100 children, those with the word %(what)s first, at the end of school year %(year)s."
    ),
    (True, True): mark(
        "%(who)s chooses %(n)s of 100 children, those without the word %(what)s first, at the end of school year "
        "%(year)s."
    ),
}
"""Whether the fewest are chosen, and whether by a word on the file → whom."""


def _beside(wrong: Finding, lots: Finding) -> str:
    band = Band.of(wrong)
    assert band is not None
    said = _(
        "%(n)s of 100 children%(open)s would be treated differently had the alerts been right; drawing lots would do "
        "that to %(lots)s.",
        n=upper_first(tally(band.value, 100)),
        open=tally_brackets(band, 100),
        lots=tally(lots.value or 0.0, 100),
    )
    better = _better(wrong, lots)
    return f"{said} {_(better)}" if better else said


_HARDLY = mark("The file does hardly better than lots.")
_NO_BETTER = mark("The file does no better than lots.")
_WORSE = mark("The file does worse than lots.")


def _better(wrong: Finding, lots: Finding) -> str:
    """How much better than lots the file decides, where that is not much, in English; one within chance is none."""
    mine, theirs = wrong.value or 0.0, lots.value or 0.0
    less, noise = theirs - mine, 2 * (wrong.se or 0.0)
    alike = half_up(100 * mine) == half_up(100 * theirs)
    if less > noise:
        return _HARDLY if alike else ""
    return _WORSE if -less > noise and not alike else _NO_BETTER


def _groups(d: Decision, figures: Figures) -> str:
    rows = [
        (f.value, f.group) for f in figures.rows
        if f.id == "decision_wrong" and f.decision == d.name and f.group != "all" and f.value is not None
        and keys_of(f).keys() <= {"decision", "mark"}
    ]  # fmt: skip
    if len(rows) < 2:
        return ""
    rows.sort(key=lambda row: -row[0])
    if half_up(100 * rows[0][0]) == half_up(100 * rows[-1][0]):
        return _("It is the same in every group.")
    each = [_("%(n)s of %(group)s", n=tally(value, 100), group=quote(group)) for value, group in rows]
    return _("By group, of 100 children each: %(each)s.", each=listing(each, "and"))


def _open(deployment: Deployment) -> str:
    said = _(
        "Treated differently: chosen where right alerts would not have, or passed over where they would. Right alerts "
        "are those of the same rule, on the same days, read by somebody who sees every state without error. Those tied "
        "at the cut share the places by chance, and a tie alone makes decisions differ."
    )
    if not any(t.acts_on == "state" for t in deployment.traits):
        said += " " + _(
            "All children feel alike here, so that no file could tell them apart by how they are; where they differ "
            "for good, as with the policy `temperaments`, these numbers are others."
        )
    if any(d.mark for d in deployment.decisions):
        said += " " + _("A word on the file is had or not, so that many are tied.")
    return f"{said} {_('Whether children should be chosen by such flags at all, no count says.')}"
