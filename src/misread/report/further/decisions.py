"""What is decided on the file: how many children would be treated otherwise, and how many by lots."""

from __future__ import annotations

from dataclasses import dataclass

from misread.deployment.model import Decision, Deployment
from misread.findings.table import Finding
from misread.report.further.notes import Row, chance, without
from misread.report.lookup import Figures, isolate, keys_of, quote
from misread.report.pictures import Hundred, hundred
from misread.report.words import Band, count, half_up, listing, share_span, tally, tally_brackets, upper_first

RANKS = {
    "left out": "Children who opted out are not ranked.",
    "worst": "Children who opted out are chosen last.",
    "best": "Children who opted out are chosen first.",
}
"""What becomes of those without a file, by `population.opt_out_rank`."""


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
        return Decisions(
            f"The deployment takes {'a decision' if len(deployment.decisions) == 1 else 'decisions'} on the file, and "
            "this run did not count whom it would hit: decisions rank the children of a school, which takes samples.",
            (), "", "", "",
        )  # fmt: skip
    rows = [f for _, *both in counted for f in both]
    return Decisions(
        sentence=_sentence(counted),
        decided=tuple(_decided(d, w, lots, figures, deployment) for d, w, lots in counted),
        open=_open(deployment),
        chance=chance([w for _, w, _ in counted], 100, " of 100"),
        without=without([w for _, w, _ in counted]) if rows else "",
    )


def _row(id: str, decision: Decision, figures: Figures) -> Finding | None:
    return next((f for f in figures.rows if f.id == id and f.decision == decision.name and f.group == "all"), None)


def _sentence(counted: list[tuple[Decision, Finding, Finding]]) -> str:
    _, wrong, lots = max(counted, key=lambda row: row[1].value or 0.0)
    band = Band.of(wrong)
    assert band is not None
    up_to, by = ("up to ", " by a decision") if len(counted) > 1 and band.value > 0 else ("", "")
    said = (
        f"Of 100 children, {up_to}{tally(band.value, 100)}{tally_brackets(band, 100)} would be treated differently"
        f"{by}, had the alerts been right; drawing lots would do that to {tally(lots.value or 0.0, 100)}."
    )
    poor = sum(_better(w, by_lots) in ("no better", "worse") for _, w, by_lots in counted)
    if not poor or len(counted) == 1:
        return said
    return f"{said} {_subject(poor, len(counted))} better than lots."


def _subject(poor: int, decisions: int) -> str:
    if poor == decisions:
        return "No decision does"
    return f"{upper_first(count(poor))} of the {count(decisions)} {'does' if poor == 1 else 'do'} no"


def _decided(d: Decision, wrong: Finding, lots: Finding, figures: Figures, deployment: Deployment) -> Decided:
    band, drawn = Band.of(wrong), Band.of(lots)
    assert band is not None
    assert drawn is not None
    return Decided(
        name=d.name,
        what=_what(d, deployment),
        sentence=_beside(wrong, lots),
        sides=(_side("on the file", band), _side("by lots", drawn)),
        groups=_groups(d, figures),
        table=(("treated differently, on the file", wrong), ("treated differently, by lots", lots)),
    )


def _side(title: str, band: Band) -> Side:
    children = hundred(min(1.0, max(0.0, band.value)), 0.0)
    said = f"Of 100 children, {tally(band.value, 100)} treated differently {title}"
    figure = "< 1" if children.wrong == 0 and band.value > 0 else str(children.wrong)
    return Side(title, children, figure, share_span(band), said)


def _what(d: Decision, deployment: Deployment) -> str:
    who = upper_first(isolate(d.by)) if d.by.strip() else "Whoever decides"
    share = float(d.share)
    picks = f"{who} chooses {tally(share, 100)} of 100 children"
    if d.mark is not None:
        whom = "those without" if d.choose == "fewest" else "those with"
        how = f", {whom} the word {quote(d.mark)} first"
    else:
        how = f": those with the {d.choose} flags of the rule {quote(d.rule)} on file"
    when = f", at the end of school year {d.after_year}"
    opted = f" {RANKS[deployment.population.opt_out_rank]}" if deployment.population.opt_out > 0 else ""
    return f"{picks}{how}{when}.{opted}"


def _beside(wrong: Finding, lots: Finding) -> str:
    band = Band.of(wrong)
    assert band is not None
    said = (
        f"{upper_first(tally(band.value, 100))} of 100 children{tally_brackets(band, 100)} would be treated "
        f"differently had the alerts been right; drawing lots would do that to {tally(lots.value or 0.0, 100)}."
    )
    better = _better(wrong, lots)
    return f"{said} The file does {better} than lots." if better else said


def _better(wrong: Finding, lots: Finding) -> str:
    """How much better than lots the file decides, where that is not much; a difference within chance is none."""
    mine, theirs = wrong.value or 0.0, lots.value or 0.0
    less, noise = theirs - mine, 2 * (wrong.se or 0.0)
    alike = half_up(100 * mine) == half_up(100 * theirs)
    if less > noise:
        return "hardly better" if alike else ""
    return "worse" if -less > noise and not alike else "no better"


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
        return "It is the same in every group."
    said = listing([f"{tally(value, 100)} of {quote(group)}" for value, group in rows], "and")
    return f"By group, of 100 children each: {said}."


def _open(deployment: Deployment) -> str:
    said = (
        "Treated differently: chosen where right alerts would not have, or passed over where they would. Right alerts "
        "are those of the same rule, on the same days, read by somebody who sees every state without error. Those tied "
        "at the cut share the places by chance, and a tie alone makes decisions differ."
    )
    if any(d.mark for d in deployment.decisions):
        said += " A word on the file is had or not, so that many are tied."
    return f"{said} Whether children should be chosen by such flags at all, no count says."
